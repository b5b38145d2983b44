#include "unit.h"

#include "err.h"
#include "outbound.h"

int test_outbound(void);

static const char *run_of(char *to, size_t n)
{
    memset(to, 'x', n);
    to[n] = '\0';
    return to;
}

static struct outbound with_choices(size_t n)
{
    static const char *const id[] = {"a=0", "a=1", "a=2", "a=3", "a=4", "a=5", "a=6", "a=7", "a=8", "a=9"};
    static const char *const title[] = {"nul",  "een", "twee",  "drie", "vier",
                                        "vijf", "zes", "zeven", "acht", "negen"};
    struct outbound o = {.text = "Vraag?", .list_title = "Kies", .choice_n = n};

    for (size_t i = 0; i < n; i++) o.choice[i] = (struct choice){.id = id[i], .title = title[i]};
    return o;
}

static void assert_refused(const struct outbound *o, const char *channel, const char *why)
{
    struct err e = {0};

    assert_int_equal(outbound_fit(o, limits_for(channel), &e), -1);
    if (strstr(e.text, why) == NULL) fail_msg("'%s' does not say '%s'", e.text, why);
    assert_int_equal(outbound_fit(o, limits_for(channel), NULL), -1);
}

static void assert_fits(const struct outbound *o, const char *channel)
{
    struct err e = {0};

    if (outbound_fit(o, limits_for(channel), &e) != 0) fail_msg("%s", e.text);
}

static void knows_the_limits_of_both_channels(void **state)
{
    size_t n = 0;
    const struct limits *all = limits_all(&n);

    (void)state;
    assert_int_equal(n, 2);
    assert_ptr_equal(limits_for("whatsapp"), &all[0]);
    assert_ptr_equal(limits_for("telegram"), &all[1]);
    assert_null(limits_for("pigeon"));
}

static void takes_the_shape_that_the_choices_need(void **state)
{
    const struct limits *whatsapp = limits_for("whatsapp"), *telegram = limits_for("telegram");
    struct outbound o = with_choices(0);

    (void)state;
    assert_int_equal(outbound_shape(&o, whatsapp), SHAPE_TEXT);
    o.link.url = "https://example.nl";
    assert_int_equal(outbound_shape(&o, whatsapp), SHAPE_LINK);
    o = with_choices(3);
    assert_int_equal(outbound_shape(&o, whatsapp), SHAPE_BUTTONS);
    o = with_choices(4);
    assert_int_equal(outbound_shape(&o, whatsapp), SHAPE_LIST);
    assert_int_equal(outbound_shape(&o, telegram), SHAPE_BUTTONS);
}

static void counts_what_is_written_out(void **state)
{
    const struct limits *whatsapp = limits_for("whatsapp"), *telegram = limits_for("telegram");
    struct outbound o = with_choices(0);

    (void)state;
    o.text = "caf\xC3\xA9";
    assert_int_equal(outbound_body_points(&o, whatsapp), 4);
    o.link = (struct link){.lead = "Hier", .title = "Open", .url = "https://a.nl"};
    assert_int_equal(outbound_body_points(&o, whatsapp), 4); /* the link is a button */
    o = with_choices(1);
    o.link = (struct link){.lead = "Hier", .title = "Open", .url = "https://a.nl"};
    assert_int_equal(outbound_body_points(&o, whatsapp), strlen("Vraag?\n\nHier: https://a.nl"));
    o.footer = "voet"; /* Telegram has no place for it beside buttons, nor for notes */
    o.choice[0].note = "noot";
    assert_int_equal(outbound_body_points(&o, whatsapp), strlen("Vraag?\n\nHier: https://a.nl"));
    assert_int_equal(outbound_body_points(&o, telegram),
                     strlen("Vraag?\n\n* : noot\n\nHier: https://a.nl\n\n_voet_") +
                         strlen(o.choice[0].title));
}

/* What fits the proof must fit the wire: each of these alone is one character too long. */
static void says_when_what_is_written_out_makes_a_text_too_long(void **state)
{
    char text[4097];
    struct outbound o = with_choices(2);

    (void)state;
    o.text = run_of(text, 4096 - strlen("\n\n_voet_"));
    o.footer = "voet";
    assert_fits(&o, "telegram");
    o.footer = "voeten";
    assert_refused(&o, "telegram", "text of 4098 characters, telegram allows 4096 here");
    o = with_choices(2);
    o.text = run_of(text, 4096 - strlen("\n\n* : noot") - strlen(o.choice[1].title));
    o.choice[1].note = "noot";
    assert_fits(&o, "telegram");
    o.choice[1].note = "noten";
    assert_refused(&o, "telegram", "text of 4097 characters, telegram allows 4096 here");
}

static void fits_what_fits_exactly(void **state)
{
    char text[1025], title[21], footer[61], note[73], row[25], id[201];
    struct outbound o = with_choices(3);

    (void)state;
    o.text = run_of(text, 1024);
    o.footer = run_of(footer, 60);
    o.choice[1].title = run_of(title, 20);
    assert_fits(&o, "whatsapp");
    o = with_choices(10);
    o.choice[2].title = run_of(row, 24);
    o.choice[2].note = run_of(note, 72);
    o.choice[3].id = run_of(id, 200);
    assert_fits(&o, "whatsapp");
    o = with_choices(10);
    assert_fits(&o, "telegram");
}

static void says_which_limit_a_text_breaks(void **state)
{
    char text[4098], footer[62];
    struct outbound o = with_choices(3);

    (void)state;
    o.text = run_of(text, 1025);
    assert_refused(&o, "whatsapp", "text of 1025 characters, whatsapp allows 1024");
    assert_fits(&o, "telegram");
    o.choice_n = 0;
    assert_fits(&o, "whatsapp"); /* text alone may be longer */
    o.text = run_of(text, 4097);
    assert_refused(&o, "whatsapp", "4097");
    assert_refused(&o, "telegram", "4097");
    o = with_choices(4);
    o.text = text;
    assert_refused(&o, "whatsapp", "4097");
    o.text = "";
    assert_refused(&o, "whatsapp", "empty text");
    o.text = " \t\r\n";
    assert_refused(&o, "telegram", "empty text");
    o.text = "Vraag?";
    o.footer = run_of(footer, 61);
    assert_refused(&o, "whatsapp", "footer 'xxx");
    assert_refused(&o, "whatsapp", "has 61 characters, whatsapp allows 60");
    assert_fits(&o, "telegram");
}

static void says_which_limit_a_choice_breaks(void **state)
{
    char title[66], row[26], note[74], id[202];
    struct outbound o = with_choices(3);

    (void)state;
    o.choice[1].title = run_of(title, 21);
    assert_refused(&o, "whatsapp", "button title 'xxx");
    assert_refused(&o, "whatsapp", "has 21 characters, whatsapp allows 20");
    o.choice[1].title = run_of(title, 65);
    assert_refused(&o, "telegram", "65");
    o = with_choices(4);
    o.choice[1].title = run_of(row, 25);
    assert_refused(&o, "whatsapp", "list row");
    o.choice[1].title = "een";
    o.choice[1].note = run_of(note, 73);
    assert_refused(&o, "whatsapp", "list note");
    assert_fits(&o, "telegram"); /* has no notes */
    o.choice[1].note = NULL;
    o.choice[1].id = run_of(id, 201);
    assert_refused(&o, "whatsapp", "has 201 bytes, whatsapp allows 200");
    assert_refused(&o, "telegram", "telegram allows 64");
    o.choice[1].id = "a=1";
    o.choice[1].title = "";
    assert_refused(&o, "whatsapp", "choice 'a=1' is empty");
    o.choice[1].title = NULL;
    assert_refused(&o, "whatsapp", "choice 'a=1' is empty");
    o.choice[1].title = " \n"; /* platforms trim it away */
    assert_refused(&o, "whatsapp", "choice 'a=1' is empty");
    o.choice[1].title = "een";
    o.choice[1].id = "";
    assert_refused(&o, "whatsapp", "list row 2: a choice without an id");
    o.choice[1].id = NULL;
    assert_refused(&o, "telegram", "button title 2: a choice without an id");
}

static void says_which_limit_a_list_breaks(void **state)
{
    struct limits short_lists = *limits_for("whatsapp");
    struct outbound o = with_choices(5);
    struct err e = {0};
    char title[22];

    (void)state;
    short_lists.list_rows = 4;
    assert_int_equal(outbound_fit(&o, &short_lists, &e), -1);
    assert_string_equal(e.text, "5 choices, whatsapp allows 4");
    o.list_title = NULL;
    assert_refused(&o, "whatsapp", "without a label");
    o.list_title = "";
    assert_refused(&o, "whatsapp", "without a label");
    o.list_title = run_of(title, 21);
    assert_refused(&o, "whatsapp", "list button");
    o.choice_n = 3; /* buttons need no label */
    assert_fits(&o, "whatsapp");
}

static void says_when_a_link_button_is_too_long(void **state)
{
    char title[22];
    struct outbound o = with_choices(0);

    (void)state;
    o.link = (struct link){.lead = "Hier", .title = run_of(title, 21), .url = "https://a.nl"};
    assert_refused(&o, "whatsapp", "link button");
    o.link.title = run_of(title, 20);
    assert_fits(&o, "whatsapp");
}

/* On a button it has a title, written out beneath the text a lead. */
static void says_when_nothing_tells_what_a_link_is(void **state)
{
    struct outbound o = with_choices(0);

    (void)state;
    o.link = (struct link){.lead = "Hier", .url = "https://a.nl"};
    assert_refused(&o, "whatsapp", "a link without a title");
    o.link = (struct link){.title = "Open", .url = "https://a.nl"};
    assert_fits(&o, "whatsapp");
    o = with_choices(2);
    o.link = (struct link){.title = "Open", .url = "https://a.nl"};
    assert_refused(&o, "telegram", "a link without a lead");
    o.link.lead = "Hier";
    assert_fits(&o, "telegram");
}

static void finds_titles_that_read_the_same_once_cut(void **state)
{
    struct outbound o = with_choices(3);

    (void)state;
    o.choice[0].title = "Heel erg belangrijk voor mij";
    o.choice[2].title = "Heel erg belangrijk voor ons";
    assert_refused(&o, "whatsapp",
                   "button title 'Heel erg belangrijk voor mij' has 28 characters, whatsapp allows 20");
    o.choice[0].title = "ja";
    o.choice[2].title = "ja";
    assert_refused(&o, "whatsapp", "duplicate label: choices 'a=0' and 'a=2' both read 'ja'");
    assert_refused(&o, "telegram", "duplicate label");
    o.choice[2].title = "nee";
    o.choice[2].id = "a=0";
    assert_refused(&o, "whatsapp", "choice id 'a=0' stands twice");
}

/* A platform without a limit on titles: nothing is cut, so nothing is the same but the same. */
static void compares_whole_titles_where_none_is_cut(void **state)
{
    const struct limits endless = {
        .channel = "endless", .text = 100, .body = 100, .buttons = 10, .choice_id = 64};
    struct outbound o = with_choices(3);
    struct err e = {0};

    (void)state;
    assert_int_equal(outbound_fit(&o, &endless, &e), 0);
    o.choice[2].title = o.choice[0].title;
    assert_int_equal(outbound_fit(&o, &endless, &e), -1);
    assert_non_null(strstr(e.text, "both read 'nul'"));
}

int test_outbound(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_limits_of_both_channels),
        cmocka_unit_test(takes_the_shape_that_the_choices_need),
        cmocka_unit_test(counts_what_is_written_out),
        cmocka_unit_test(says_when_what_is_written_out_makes_a_text_too_long),
        cmocka_unit_test(fits_what_fits_exactly),
        cmocka_unit_test(says_which_limit_a_text_breaks),
        cmocka_unit_test(says_which_limit_a_choice_breaks),
        cmocka_unit_test(says_which_limit_a_list_breaks),
        cmocka_unit_test(says_when_a_link_button_is_too_long),
        cmocka_unit_test(says_when_nothing_tells_what_a_link_is),
        cmocka_unit_test(finds_titles_that_read_the_same_once_cut),
        cmocka_unit_test(compares_whole_titles_where_none_is_cut),
    };
    return UNIT_RUN(tests);
}

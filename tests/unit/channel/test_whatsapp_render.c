#include "unit.h"

#include <jansson.h>

#include "buf.h"
#include "channel.h"
#include "err.h"
#include "outbound.h"
#include "utf8.h"
#include "whatsapp.h"

int test_whatsapp_render(void);

#define EURO     "\xE2\x82\xAC"
#define ELLIPSIS "\xE2\x80\xA6"

/* A string of `n` times `piece`; lives until the test program ends its test. */
static char *times(const char *piece, size_t n)
{
    struct buf b = {0};
    buf_adds(&b, "");
    for (size_t i = 0; i < n; i++) buf_adds(&b, piece);
    assert_false(b.failed);
    return b.data;
}

static void renders(const struct outbound *o, const char *want)
{
    struct buf out = {0};
    struct err e = {{0}};
    int rc = whatsapp.render(o, &out, &e);
    if (want == NULL) {
        assert_int_equal(rc, -1);
        assert_string_not_equal(e.text, "");
        assert_int_equal(out.len, 0);
    } else {
        assert_string_equal(e.text, "");
        assert_int_equal(rc, 0);
        assert_string_equal(buf_text(&out), want);
    }
    buf_free(&out);
}

/* The rendered message as a tree, where only a part matters. */
static json_t *tree_of(const struct outbound *o)
{
    struct buf out = {0};
    struct err e = {{0}};
    assert_int_equal(whatsapp.render(o, &out, &e), 0);
    json_t *tree = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(tree);
    buf_free(&out);
    return tree;
}

static const char *title_of(json_t *tree, size_t i)
{
    json_t *action = json_object_get(json_object_get(tree, "interactive"), "action");
    json_t *button = json_array_get(json_object_get(action, "buttons"), i);
    json_t *section = json_array_get(json_object_get(action, "sections"), 0);
    json_t *row = json_array_get(json_object_get(section, "rows"), i);
    json_t *holder = button != NULL ? json_object_get(button, "reply") : row;
    return json_string_value(json_object_get(holder, "title"));
}

static const char *body_of(json_t *tree)
{
    return json_string_value(
        json_object_get(json_object_get(json_object_get(tree, "interactive"), "body"), "text"));
}

/* ---- shapes ---- */

static void text_alone_is_a_text_message(void **state)
{
    (void)state;
    renders(
        &(struct outbound){.text = "Hoi *Ana*,\n\"wat\" wil je?"},
        "{\"type\":\"text\",\"text\":{\"body\":\"Hoi *Ana*,\\n\\\"wat\\\" wil je?\",\"preview_url\":false}}");
}

static void a_footer_of_text_alone_is_its_last_paragraph(void **state)
{
    (void)state;
    renders(&(struct outbound){.text = "Hoi", .footer = "Ik ben een bot"},
            "{\"type\":\"text\",\"text\":{\"body\":\"Hoi\\n\\n_Ik ben een bot_\",\"preview_url\":false}}");
}

static void up_to_three_choices_are_buttons(void **state)
{
    (void)state;
    renders(
        &(struct outbound){.text = "Klopt dit?",
                           .footer = "Studio",
                           .choice_n = 2,
                           .choice = {{"ok:1", "Ja", "note"}, {"no:1", "Nee", NULL}}},
        "{\"type\":\"interactive\",\"interactive\":{\"type\":\"button\",\"body\":{\"text\":\"Klopt dit?\"},"
        "\"footer\":{\"text\":\"Studio\"},\"action\":{\"buttons\":["
        "{\"type\":\"reply\",\"reply\":{\"id\":\"ok:1\",\"title\":\"Ja\"}},"
        "{\"type\":\"reply\",\"reply\":{\"id\":\"no:1\",\"title\":\"Nee\"}}]}}}");
}

static void more_choices_are_a_list_of_one_section(void **state)
{
    (void)state;
    renders(
        &(struct outbound){
            .text = "Hoeveel?",
            .list_title = "Kies",
            .choice_n = 4,
            .choice = {{"a", "1", "alleen ik"}, {"b", "2", ""}, {"c", "3", NULL}, {"d", "4", NULL}}},
        "{\"type\":\"interactive\",\"interactive\":{\"type\":\"list\",\"body\":{\"text\":\"Hoeveel?\"},"
        "\"action\":{\"button\":\"Kies\",\"sections\":[{\"rows\":["
        "{\"id\":\"a\",\"title\":\"1\",\"description\":\"alleen ik\"},"
        "{\"id\":\"b\",\"title\":\"2\"},{\"id\":\"c\",\"title\":\"3\"},{\"id\":\"d\",\"title\":\"4\"}]}]}}}");
}

static void a_link_without_choices_is_a_button_to_it(void **state)
{
    (void)state;
    renders(&(struct outbound){.text = "Plan een gesprek",
                               .link = {"Dat kan hier", "Open agenda", "https://ex.am/b?x=1&y"}},
            "{\"type\":\"interactive\",\"interactive\":{\"type\":\"cta_url\",\"body\":{\"text\":\"Plan een "
            "gesprek\"},"
            "\"action\":{\"name\":\"cta_url\",\"parameters\":{\"display_text\":\"Open agenda\","
            "\"url\":\"https://ex.am/b?x=1&y\"}}}}");
}

static void a_link_beside_choices_is_written_out_as_counted(void **state)
{
    struct outbound o = {.text = "Klaar",
                         .link = {"Lees meer", "Open", "https://ex.am/"},
                         .choice_n = 1,
                         .choice = {{"a", "Ja", NULL}}};
    (void)state;
    json_t *tree = tree_of(&o);
    assert_string_equal(body_of(tree), "Klaar\n\nLees meer: https://ex.am/");
    assert_int_equal(utf8_count(body_of(tree)), outbound_body_points(&o, limits_for("whatsapp")));
    json_decref(tree);
}

/* ---- limits ---- */

static void a_body_is_never_cut_but_refused_over_its_limit(void **state)
{
    char *longest = times(EURO, 4096), *longer = times(EURO, 4097);
    char *fits = times(EURO, 1024), *over = times(EURO, 1025);
    struct outbound o = {.text = longest};
    (void)state;
    json_decref(tree_of(&o));
    o.text = longer;
    renders(&o, NULL);
    o = (struct outbound){.text = fits, .choice_n = 1, .choice = {{"a", "Ja", NULL}}};
    json_decref(tree_of(&o));
    o.text = over;
    renders(&o, NULL);
    o = (struct outbound){.text = over, .link = {"l", "t", "https://ex.am"}};
    renders(&o, NULL);
    o = (struct outbound){.text = longest,
                          .list_title = "Kies",
                          .choice_n = 4,
                          .choice = {{"a", "1", NULL}, {"b", "2", NULL}, {"c", "3", NULL}, {"d", "4", NULL}}};
    json_decref(tree_of(&o));
    o.text = longer;
    renders(&o, NULL);
    free(longest);
    free(longer);
    free(fits);
    free(over);
}

static void what_is_added_beneath_counts_for_the_body(void **state)
{
    char *text = times("x", 1024 - 4 - 4 - 10);
    struct outbound o = {
        .text = text, .link = {"lead", "t", "https://ex"}, .choice_n = 1, .choice = {{"a", "Ja", NULL}}};
    (void)state;
    json_decref(tree_of(&o));
    o.link.lead = "leads";
    renders(&o, NULL);
    free(text);
    text = times("x", 4096 - 4 - 6);
    o = (struct outbound){.text = text, .footer = "footer"};
    json_decref(tree_of(&o));
    o.footer = "footers";
    renders(&o, NULL);
    free(text);
}

static void labels_are_cut_between_characters(void **state)
{
    /* 20 points fit; of 21 the last two give way to the ellipsis */
    char *fits = times(EURO, 20), *over = times(EURO, 21), *cut = times(EURO, 19);
    struct outbound o = {.text = "t", .choice_n = 2, .choice = {{"a", fits, NULL}, {"b", over, NULL}}};
    (void)state;
    json_t *tree = tree_of(&o);
    assert_string_equal(title_of(tree, 0), fits);
    assert_memory_equal(title_of(tree, 1), cut, 57);
    assert_string_equal(title_of(tree, 1) + 57, ELLIPSIS);
    assert_int_equal(utf8_count(title_of(tree, 1)), 20);
    json_decref(tree);
    free(fits);
    free(over);
    free(cut);
}

static void a_cut_does_not_part_an_emoji_from_its_skin(void **state)
{
    struct outbound o = {.text = "t",
                         .choice_n = 1,
                         .choice = {{"a",
                                     "123456789012345678\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"
                                     "ok",
                                     NULL}}};
    (void)state;
    json_t *tree = tree_of(&o);
    assert_string_equal(title_of(tree, 0), "123456789012345678" ELLIPSIS);
    json_decref(tree);
}

static void a_cut_leaves_no_blank_before_the_ellipsis(void **state)
{
    struct outbound o = {.text = "t", .choice_n = 1, .choice = {{"a", "achttien letters   en meer", NULL}}};
    (void)state;
    json_t *tree = tree_of(&o);
    assert_string_equal(title_of(tree, 0), "achttien letters" ELLIPSIS);
    json_decref(tree);
}

static void every_label_has_its_own_limit(void **state)
{
    char *x = times("x", 100);
    struct outbound o = {.text = "t",
                         .footer = x,
                         .list_title = x,
                         .choice_n = 4,
                         .choice = {{"a", x, x}, {"b", "2", NULL}, {"c", "3", NULL}, {"d", "4", NULL}}};
    json_t *tree = tree_of(&o), *interactive = json_object_get(tree, "interactive");
    json_t *action = json_object_get(interactive, "action");
    json_t *rows = json_object_get(json_array_get(json_object_get(action, "sections"), 0), "rows");
    (void)state;
    assert_int_equal(
        utf8_count(json_string_value(json_object_get(json_object_get(interactive, "footer"), "text"))), 60);
    assert_int_equal(utf8_count(json_string_value(json_object_get(action, "button"))), 20);
    assert_int_equal(utf8_count(title_of(tree, 0)), 24);
    assert_int_equal(utf8_count(json_string_value(json_object_get(json_array_get(rows, 0), "description"))),
                     72);
    json_decref(tree);

    o = (struct outbound){.text = "t", .link = {"l", x, "https://ex.am"}};
    tree = tree_of(&o);
    action = json_object_get(json_object_get(tree, "interactive"), "action");
    assert_int_equal(
        utf8_count(json_string_value(json_object_get(json_object_get(action, "parameters"), "display_text"))),
        20);
    json_decref(tree);
    free(x);
}

static void labels_cut_to_the_same_stay_distinct(void **state)
{
    struct outbound o = {.text = "t",
                         .choice_n = 3,
                         .choice = {{"a", "Een heel lang antwoord, eerste", NULL},
                                    {"b", "Een heel lang antwoord, tweede", NULL},
                                    {"c", "Een heel lang antwoord, derde", NULL}}};
    (void)state;
    json_t *tree = tree_of(&o);
    assert_string_equal(title_of(tree, 0), "Een heel lang antwo" ELLIPSIS);
    assert_string_equal(title_of(tree, 1), "Een heel lang antw 2");
    assert_string_equal(title_of(tree, 2), "Een heel lang antw 3");
    json_decref(tree);
}

static void ten_equal_rows_stay_distinct_and_within_their_limit(void **state)
{
    static const char *const ids[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    char *x = times(EURO, 30);
    struct outbound o = {.text = "t", .list_title = "Kies", .choice_n = 10};
    (void)state;
    for (size_t i = 0; i < 10; i++) o.choice[i] = (struct choice){ids[i], x, NULL};
    json_t *tree = tree_of(&o);
    for (size_t i = 0; i < 10; i++) {
        assert_true(utf8_count(title_of(tree, i)) <= 24);
        for (size_t j = 0; j < i; j++) assert_string_not_equal(title_of(tree, i), title_of(tree, j));
    }
    json_decref(tree);
    free(x);
}

static void short_titles_that_are_the_same_are_numbered(void **state)
{
    struct outbound o = {.text = "t", .choice_n = 2, .choice = {{"a", "Ja", NULL}, {"b", "Ja", NULL}}};
    (void)state;
    json_t *tree = tree_of(&o);
    assert_string_equal(title_of(tree, 0), "Ja");
    assert_string_equal(title_of(tree, 1), "Ja 2");
    json_decref(tree);
}

static void ids_are_whole_or_refused(void **state)
{
    char *id256 = times("i", 256), *id257 = times("i", 257), *id200 = times("i", 200),
         *id201 = times("i", 201);
    struct outbound o = {.text = "t", .choice_n = 1, .choice = {{id256, "Ja", NULL}}};
    (void)state;
    json_decref(tree_of(&o));
    o.choice[0].id = id257;
    renders(&o, NULL);
    o = (struct outbound){
        .text = "t",
        .list_title = "Kies",
        .choice_n = 4,
        .choice = {{id200, "1", NULL}, {"b", "2", NULL}, {"c", "3", NULL}, {"d", "4", NULL}}};
    json_decref(tree_of(&o));
    o.choice[0].id = id201;
    renders(&o, NULL);
    free(id256);
    free(id257);
    free(id200);
    free(id201);
}

static void what_cutting_cannot_mend_is_refused(void **state)
{
    struct outbound o = {.text = ""};
    (void)state;
    renders(&o, NULL);
    o = (struct outbound){.text = NULL};
    renders(&o, NULL);
    o = (struct outbound){.text = " \n"};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .choice_n = 1, .choice = {{"a", "  ", NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .choice_n = 1, .choice = {{"a", "", NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .choice_n = 1, .choice = {{"", "Ja", NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .choice_n = 1, .choice = {{NULL, NULL, NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .choice_n = 2, .choice = {{"a", "Ja", NULL}, {"a", "Nee", NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .link = {NULL, NULL, "https://ex.am"}};
    renders(&o, NULL);
    o = (struct outbound){
        .text = "t", .link = {NULL, "t", "https://ex.am"}, .choice_n = 1, .choice = {{"a", "Ja", NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t",
                          .choice_n = 4, /* a list without a label to open it */
                          .choice = {{"a", "1", NULL}, {"b", "2", NULL}, {"c", "3", NULL}, {"d", "4", NULL}}};
    renders(&o, NULL);
    o = (struct outbound){.text = "t", .list_title = "Kies", .choice_n = 11};
    renders(&o, NULL);
}

static void bytes_that_are_not_utf8_do_not_spoil_the_json(void **state)
{
    (void)state;
    renders(&(struct outbound){.text = "a\xFF\xC3"},
            "{\"type\":\"text\",\"text\":{\"body\":\"a\xEF\xBF\xBD\xEF\xBF\xBD\",\"preview_url\":false}}");
}

int test_whatsapp_render(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_alone_is_a_text_message),
        cmocka_unit_test(a_footer_of_text_alone_is_its_last_paragraph),
        cmocka_unit_test(up_to_three_choices_are_buttons),
        cmocka_unit_test(more_choices_are_a_list_of_one_section),
        cmocka_unit_test(a_link_without_choices_is_a_button_to_it),
        cmocka_unit_test(a_link_beside_choices_is_written_out_as_counted),
        cmocka_unit_test(a_body_is_never_cut_but_refused_over_its_limit),
        cmocka_unit_test(what_is_added_beneath_counts_for_the_body),
        cmocka_unit_test(labels_are_cut_between_characters),
        cmocka_unit_test(a_cut_does_not_part_an_emoji_from_its_skin),
        cmocka_unit_test(a_cut_leaves_no_blank_before_the_ellipsis),
        cmocka_unit_test(every_label_has_its_own_limit),
        cmocka_unit_test(labels_cut_to_the_same_stay_distinct),
        cmocka_unit_test(ten_equal_rows_stay_distinct_and_within_their_limit),
        cmocka_unit_test(short_titles_that_are_the_same_are_numbered),
        cmocka_unit_test(ids_are_whole_or_refused),
        cmocka_unit_test(what_cutting_cannot_mend_is_refused),
        cmocka_unit_test(bytes_that_are_not_utf8_do_not_spoil_the_json),
    };
    return UNIT_RUN(tests);
}

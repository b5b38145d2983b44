#include "unit.h"

#include <jansson.h>

#include "buf.h"
#include "channel.h"
#include "err.h"
#include "outbound.h"
#include "telegram.h"
#include "utf8.h"

int test_telegram_render(void);

#define EURO     "\xE2\x82\xAC"
#define ELLIPSIS "\xE2\x80\xA6"
#define BULLET   "\xE2\x80\xA2"
#define HTML     "\"parse_mode\":\"HTML\",\"link_preview_options\":{\"is_disabled\":true}"

static char *times(const char *piece, size_t n)
{
    struct buf b = {0};
    buf_adds(&b, "");
    for (size_t i = 0; i < n; i++) buf_adds(&b, piece);
    assert_false(b.failed);
    return b.data;
}

/* NULL: it must be refused, and nothing of it stay. */
static void renders(const struct outbound *o, const char *want)
{
    struct buf out = {0};
    struct err e = {{0}};
    int rc = telegram.render(o, &out, &e);
    if (want == NULL) {
        assert_int_equal(rc, -1);
        assert_memory_equal(e.text, "telegram: ", 10);
        assert_int_equal(out.len, 0);
    } else {
        assert_string_equal(e.text, "");
        assert_int_equal(rc, 0);
        assert_string_equal(buf_text(&out), want);
    }
    buf_free(&out);
}

static json_t *tree_of(const struct outbound *o)
{
    struct buf out = {0};
    struct err e = {{0}};
    assert_int_equal(telegram.render(o, &out, &e), 0);
    json_t *tree = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(tree);
    buf_free(&out);
    return tree;
}

static void text_is(const struct outbound *o, const char *want)
{
    json_t *tree = tree_of(o);
    assert_string_equal(json_string_value(json_object_get(tree, "text")), want);
    json_decref(tree);
}

static void marks(const char *text, const char *want)
{
    text_is(&(struct outbound){.text = text}, want);
}

static const char *title_of(const json_t *tree, size_t i)
{
    json_t *rows = json_object_get(json_object_get(tree, "reply_markup"), "inline_keyboard");
    return json_string_value(json_object_get(json_array_get(json_array_get(rows, i), 0), "text"));
}

/* ---- shapes ---- */

static void text_alone_has_no_keyboard(void **state)
{
    (void)state;
    renders(&(struct outbound){.text = "Hoi *Ana*,\n\"wat\" wil je?"},
            "{\"text\":\"Hoi <b>Ana</b>,\\n\\\"wat\\\" wil je?\"," HTML "}");
}

static void each_choice_is_a_row_of_its_own(void **state)
{
    (void)state;
    renders(
        &(struct outbound){
            .text = "Klopt dit?",
            .list_title = "Kies",
            .choice_n = 4,
            .choice = {{"a", "Ja & nee", NULL}, {"b", "2", ""}, {"c", "3", NULL}, {"d", "4", NULL}}},
        "{\"text\":\"Klopt dit?\"," HTML ",\"reply_markup\":{\"inline_keyboard\":["
        "[{\"text\":\"Ja & nee\",\"callback_data\":\"a\"}],[{\"text\":\"2\",\"callback_data\":\"b\"}],"
        "[{\"text\":\"3\",\"callback_data\":\"c\"}],[{\"text\":\"4\",\"callback_data\":\"d\"}]]}}");
}

static void a_link_without_choices_is_a_button(void **state)
{
    (void)state;
    renders(&(struct outbound){.text = "Kijk", .link = {"Lees meer", "Naar de site", "https://ex.am/?a=1&b"}},
            "{\"text\":\"Kijk\"," HTML ",\"reply_markup\":{\"inline_keyboard\":["
            "[{\"text\":\"Naar de site\",\"url\":\"https://ex.am/?a=1&b\"}]]}}");
}

static void a_link_beside_choices_stands_in_the_text(void **state)
{
    (void)state;
    text_is(&(struct outbound){.text = "Kijk",
                               .link = {"Lees meer", NULL, "https://ex.am/?a=*1*&b"},
                               .choice_n = 1,
                               .choice = {{"a", "Ja", NULL}}},
            "Kijk\n\nLees meer: https://ex.am/?a=*1*&amp;b");
}

static void notes_are_listed_under_the_text(void **state)
{
    (void)state;
    text_is(
        &(struct outbound){.text = "Hoeveel?",
                           .footer = "Bot",
                           .link = {"Meer", NULL, "https://ex.am"},
                           .choice_n = 3,
                           .choice = {{"a", "1 < 2", "alleen & ik"}, {"b", "2", NULL}, {"c", "3", "meer"}}},
        "Hoeveel?\n\n" BULLET " 1 &lt; 2: alleen &amp; ik\n" BULLET
        " 3: meer\n\nMeer: https://ex.am\n\n<i>Bot</i>");
}

static void the_footer_is_the_last_paragraph(void **state)
{
    (void)state;
    text_is(&(struct outbound){.text = "Hoi", .footer = "Ik <ben> een *bot*"},
            "Hoi\n\n<i>Ik &lt;ben&gt; een *bot*</i>");
    text_is(&(struct outbound){.text = "Hoi", .footer = ""}, "Hoi");
    text_is(&(struct outbound){.text = "Hoi", .footer = "Bot", .choice_n = 1, .choice = {{"a", "Ja", NULL}}},
            "Hoi\n\n<i>Bot</i>");
}

/* ---- marks ---- */

static void words_between_asterisks_are_bold(void **state)
{
    (void)state;
    marks("*a*", "<b>a</b>");
    marks("*Twee woorden* en (*een*), *nog*.", "<b>Twee woorden</b> en (<b>een</b>), <b>nog</b>.");
    marks("*a* *b*", "<b>a</b> <b>b</b>");
    marks("*a & b*", "<b>a &amp; b</b>");
    marks("*3*4*", "<b>3*4</b>");
    marks(EURO "*5*" EURO, EURO "<b>5</b>" EURO);
}

static void other_asterisks_stay(void **state)
{
    static const char *const texts[] = {"*",      "**",          "2 * 3 * 4",   "3*4*5",   "a*b*",
                                        "*b*a",   "*een",        "een*",        "*een\n*", "* een*",
                                        "*een *", "\xC3\xA9*b*", "*b*\xC3\xA9", "***"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) marks(texts[i], texts[i]);
}

static void markup_of_others_is_only_text(void **state)
{
    (void)state;
    marks("<b>1 & 2</b> &amp; > _x_ `y`", "&lt;b&gt;1 &amp; 2&lt;/b&gt; &amp;amp; &gt; _x_ `y`");
}

/* ---- limits ---- */

static void tags_and_escapes_do_not_count(void **state)
{
    char *most = times(EURO, 4092), *more = times("&", 4097);
    struct buf text = {0};
    (void)state;
    buf_addf(&text, "*%s*&<>a", most); /* 4096 without the marks */
    json_decref(tree_of(&(struct outbound){.text = buf_text(&text)}));
    buf_adds(&text, "b");
    renders(&(struct outbound){.text = buf_text(&text)}, NULL);
    renders(&(struct outbound){.text = more}, NULL);
    json_decref(tree_of(&(struct outbound){.text = more + 1}));
    buf_free(&text);
    free(most);
    free(more);
}

static void what_stands_beneath_counts(void **state)
{
    char *most = times("a", 4090);
    (void)state;
    json_decref(tree_of(&(struct outbound){.text = most, .footer = "1234"}));
    renders(&(struct outbound){.text = most, .footer = "12345"}, NULL);
    renders(&(struct outbound){.text = most, .footer = "12345", .choice_n = 1, .choice = {{"a", "Ja", NULL}}},
            NULL);
    renders(&(struct outbound){.text = most, .choice_n = 1, .choice = {{"a", "Ja", "nee"}}}, NULL);
    free(most);
}

static void long_titles_are_cut_and_stay_distinct(void **state)
{
    char *title = times(EURO, 65), *cut = times(EURO, 63), *second = times(EURO, 62);
    struct buf want = {0};
    (void)state;
    json_t *tree = tree_of(
        &(struct outbound){.text = "Kies",
                           .choice_n = 3,
                           .choice = {{"a", title, NULL}, {"b", title, NULL}, {"c", title + 3, NULL}}});
    buf_addf(&want, "%s" ELLIPSIS, cut);
    assert_string_equal(title_of(tree, 0), buf_text(&want));
    buf_clear(&want);
    buf_addf(&want, "%s 2", second);
    assert_string_equal(title_of(tree, 1), buf_text(&want));
    assert_string_equal(title_of(tree, 2), title + 3);
    json_decref(tree);
    tree = tree_of(&(struct outbound){.text = "Kijk", .link = {NULL, title, "https://ex.am"}});
    assert_int_equal(utf8_count(title_of(tree, 0)), 64);
    json_decref(tree);
    buf_free(&want);
    free(title);
    free(cut);
    free(second);
}

static void callback_data_has_64_bytes_at_most(void **state)
{
    char *id = times("i", 65), *wide = times(EURO, 22); /* 66 bytes */
    (void)state;
    renders(&(struct outbound){.text = "Kies", .choice_n = 1, .choice = {{id, "Ja", NULL}}}, NULL);
    renders(&(struct outbound){.text = "Kies", .choice_n = 1, .choice = {{wide, "Ja", NULL}}}, NULL);
    json_decref(tree_of(&(struct outbound){.text = "Kies", .choice_n = 1, .choice = {{id + 1, "Ja", NULL}}}));
    free(id);
    free(wide);
}

static void what_is_missing_or_twice_is_refused(void **state)
{
    (void)state;
    renders(&(struct outbound){.text = ""}, NULL);
    renders(&(struct outbound){.text = " \n"}, NULL);
    renders(&(struct outbound){.text = "Kies", .choice_n = 1, .choice = {{"a", "  ", NULL}}}, NULL);
    renders(&(struct outbound){.text = "Kies", .choice_n = 1, .choice = {{"", "Ja", NULL}}}, NULL);
    renders(&(struct outbound){.text = "Kies", .choice_n = 1, .choice = {{"a", "", NULL}}}, NULL);
    renders(&(struct outbound){.text = "Kies", .choice_n = 2, .choice = {{"a", "1", NULL}, {"a", "2", NULL}}},
            NULL);
    renders(&(struct outbound){.text = "Kijk", .link = {"Meer", NULL, "https://ex.am"}}, NULL);
    renders(&(struct outbound){.text = "Kijk",
                               .link = {NULL, "Site", "https://ex.am"},
                               .choice_n = 1,
                               .choice = {{"a", "Ja", NULL}}},
            NULL);
}

int test_telegram_render(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_alone_has_no_keyboard),
        cmocka_unit_test(each_choice_is_a_row_of_its_own),
        cmocka_unit_test(a_link_without_choices_is_a_button),
        cmocka_unit_test(a_link_beside_choices_stands_in_the_text),
        cmocka_unit_test(notes_are_listed_under_the_text),
        cmocka_unit_test(the_footer_is_the_last_paragraph),
        cmocka_unit_test(words_between_asterisks_are_bold),
        cmocka_unit_test(other_asterisks_stay),
        cmocka_unit_test(markup_of_others_is_only_text),
        cmocka_unit_test(tags_and_escapes_do_not_count),
        cmocka_unit_test(what_stands_beneath_counts),
        cmocka_unit_test(long_titles_are_cut_and_stay_distinct),
        cmocka_unit_test(callback_data_has_64_bytes_at_most),
        cmocka_unit_test(what_is_missing_or_twice_is_refused),
    };
    return UNIT_RUN(tests);
}

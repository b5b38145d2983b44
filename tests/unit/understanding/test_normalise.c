#include "buf.h"
#include "understanding.h"
#include "unit.h"
#include "utf8.h"

int test_normalise(void);

static void same(const char *text, const char *expected)
{
    struct buf b = {0};

    text_normalise(text, &b);
    assert_string_equal(buf_text(&b), expected);
    buf_free(&b);
}

static void folds_case_and_drops_marks(void **state)
{
    (void)state;
    same("K\xC3\xA1\xC3\xA1N T\xC3\x93"
         "CH",
         "kaan toch");
    same("STRA\xC3\x9F"
         "E",
         "strasse");
    same("e\xCC\x81\xC3\xA9n", "een"); /* composed and decomposed alike */
    same("\xC4\xB0"
         "JS",
         "ijs"); /* capital I with dot            */
}

static void makes_compatibility_forms_plain(void **state)
{
    (void)state;
    same("\xC4\xB3s", "ijs");                   /* the ij ligature */
    same("\xEF\xBC\xAD\xEF\xBD\x81il", "mail"); /* full width    */
    same("3\xEF\xB8\x8F\xE2\x83\xA3", "3");     /* the keycap emoji */
    same("\xE2\x91\xA1", "2");                  /* circled        */
}

static void makes_one_space_of_all_that_parts_words(void **state)
{
    (void)state;
    same("  e-mail,\tagenda...\n(en) taken!? ", "e mail agenda en taken");
    same("?!", "");
    same("", "");
    same("10/20", "10 20");
}

static void keeps_words_with_an_apostrophe_whole(void **state)
{
    (void)state;
    same("zo'n", "zon");
    same("zo\xE2\x80\x99n agenda\xE2\x80\x98s", "zon agendas");
    same("'t", "t");
}

static void keeps_a_thumb_whatever_its_skin(void **state)
{
    (void)state;
    same("\xF0\x9F\x91\x8D", "\xF0\x9F\x91\x8D");
    same("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", "\xF0\x9F\x91\x8D");
    same("ja\xF0\x9F\x91\x8D\xF0\x9F\x91\x8D\xF0\x9F\x91\x8D!", "ja \xF0\x9F\x91\x8D");
    same("\xF0\x9F\x91\x8Dja", "\xF0\x9F\x91\x8D ja");
    same("\xF0\x9F\x91\x8D\xF0\x9F\x91\x8E", "\xF0\x9F\x91\x8D \xF0\x9F\x91\x8E");
    same("\xE2\x9C\x94\xEF\xB8\x8F", "\xE2\x9C\x94"); /* with a variation selector */
}

static void drops_emoji_that_say_nothing(void **state)
{
    (void)state;
    same("weinig \xF0\x9F\x98\x85", "weinig");
    same("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", ""); /* a woman, a joiner, a computer */
}

static void survives_bytes_that_are_no_text(void **state)
{
    (void)state;
    same("ja\xFF\xFE\xC3", "ja");
    same("\xED\xA0\x80nee", "nee");
    for (int first = 1; first < 256; first++)
        for (int second = 0; second < 256; second++) {
            const char text[] = {(char)first, (char)second, 'x', '\0'};
            struct buf b = {0};
            text_normalise(text, &b);
            assert_false(b.failed);
            assert_true(utf8_valid(buf_text(&b), b.len));
            buf_free(&b);
        }
}

static void says_the_same_of_what_it_said(void **state)
{
    static const char *const texts[] = {"\xE2\x91\xA1 x \xEF\xB7\xBA", "Stra\xC3\x9F\xF0\x9F\x91\x8D",
                                        "a'b-c"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct buf once = {0};
        text_normalise(texts[i], &once);
        same(buf_text(&once), buf_text(&once));
        buf_free(&once);
    }
}

static void appends_and_reads_no_further_than_a_message_goes(void **state)
{
    struct buf b = {0};
    char *text = malloc(2 * UNDERSTANDING_TEXT_MAX + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', 2 * UNDERSTANDING_TEXT_MAX);
    text[2 * UNDERSTANDING_TEXT_MAX] = '\0';
    buf_adds(&b, "x");
    text_normalise(text, &b);
    assert_int_equal(b.len, UNDERSTANDING_TEXT_MAX + 1);
    buf_free(&b);
    free(text);
}

int test_normalise(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_case_and_drops_marks),
        cmocka_unit_test(makes_compatibility_forms_plain),
        cmocka_unit_test(makes_one_space_of_all_that_parts_words),
        cmocka_unit_test(keeps_words_with_an_apostrophe_whole),
        cmocka_unit_test(keeps_a_thumb_whatever_its_skin),
        cmocka_unit_test(drops_emoji_that_say_nothing),
        cmocka_unit_test(survives_bytes_that_are_no_text),
        cmocka_unit_test(says_the_same_of_what_it_said),
        cmocka_unit_test(appends_and_reads_no_further_than_a_message_goes),
    };
    return UNIT_RUN(tests);
}

#include "slip.h"

#include <string.h>

#include "unit.h"

int test_slip(void);

static struct span span(const char *s)
{
    return (struct span){s, strlen(s)};
}

static struct alikes dutch(void)
{
    struct alikes a = {0};

    assert_int_equal(alikes_add(&a, span("ij"), span("y")), 0);
    assert_int_equal(alikes_add(&a, span("c"), span("k")), 0);
    return a;
}

static void has_key(const struct alikes *a, const char *word, const char *expected)
{
    char key[LEXICON_WORD_MAX + 1];

    assert_int_equal(slip_key(a, span(word), key), strlen(expected));
    assert_string_equal(key, expected);
}

static void key_makes_letters_alike_one_and_doubles_single(void **state)
{
    const struct alikes a = dutch();

    (void)state;
    has_key(&a, "dagelijks", "dagelyks");
    has_key(&a, "dagelyks", "dagelyks");
    has_key(&a, "accountant", "akountant");
    has_key(&a, "heeeel", "hel");
    has_key(&a, "", "");
}

static void key_of_a_word_without_end_is_bounded(void **state)
{
    const struct alikes a = {0};
    char word[4 * LEXICON_WORD_MAX], key[LEXICON_WORD_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof word; i++) word[i] = (char)('a' + i % 26);
    assert_int_equal(slip_key(&a, (struct span){word, sizeof word}, key), LEXICON_WORD_MAX);
}

static void pairs_that_grow_or_do_not_fit_are_refused(void **state)
{
    struct alikes a = {0};

    (void)state;
    assert_int_equal(alikes_add(&a, span("f"), span("ph")), -1);
    assert_int_equal(alikes_add(&a, span("muchtoolong"), span("x")), -1);
    assert_int_equal(alikes_add(&a, span(""), span("")), -1);
    for (int i = 0; i < ALIKES_MAX; i++) assert_int_equal(alikes_add(&a, span("x"), span("k")), 0);
    assert_int_equal(alikes_add(&a, span("x"), span("k")), -1);
}

static void slips_of_a_thumb_are_likely(void **state)
{
    static const char *const pairs[][2] = {
        {"agenda", "agenda"},     /* the same                      */
        {"agenda", "agend"},      /* dropped                       */
        {"agenda", "agendsa"},    /* one more                      */
        {"agenda", "agneda"},     /* swapped                       */
        {"agenda", "agemda"},     /* m beside n                    */
        {"agenda", "agebda"},     /* b beside n                    */
        {"agenda", "avenda"},     /* v below g                     */
        {"agenda", "agenfa"},     /* f beside d                    */
        {"standard", "standerd"}, /* vowels are easily mistaken    */
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!slip_likely(span(pairs[i][0]), span(pairs[i][1]))) fail_msg("%s: %s", pairs[i][0], pairs[i][1]);
}

static void other_words_are_no_slips(void **state)
{
    static const char *const pairs[][2] = {
        {"bakker", "wakker"}, /* the first letter, far apart on the keys */
        {"maken", "raken"},   {"agenda", "legenda"}, {"vragen", "dragen"},
        {"mensen", "wensen"}, {"agenda", "gend"},    {"groei", "bloei"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (slip_likely(span(pairs[i][0]), span(pairs[i][1]))) fail_msg("%s: %s", pairs[i][0], pairs[i][1]);
}

static void leaves_one_letter_out(void **state)
{
    char out[LEXICON_WORD_MAX + 1];

    (void)state;
    struct span s = slip_without(span("mail"), 0, out);
    assert_int_equal(s.n, 3);
    assert_memory_equal(s.at, "ail", 3);
    s = slip_without(span("mail"), 3, out);
    assert_memory_equal(s.at, "mai", 3);
}

int test_slip(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_makes_letters_alike_one_and_doubles_single),
        cmocka_unit_test(key_of_a_word_without_end_is_bounded),
        cmocka_unit_test(pairs_that_grow_or_do_not_fit_are_refused),
        cmocka_unit_test(slips_of_a_thumb_are_likely),
        cmocka_unit_test(other_words_are_no_slips),
        cmocka_unit_test(leaves_one_letter_out),
    };
    return UNIT_RUN(tests);
}

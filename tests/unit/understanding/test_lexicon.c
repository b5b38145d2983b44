#include "lexicon.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

int test_lexicon(void);

static struct span span(const char *s)
{
    return (struct span){s, strlen(s)};
}

static void count(struct lexicon *l, const char *word, int times)
{
    while (times-- > 0) assert_int_equal(lexicon_count(l, span(word)), 0);
}

static int setup(void **state)
{
    struct lexicon *l = lexicon_new();

    if (l == NULL) return -1;
    count(l, "agenda", 5);
    count(l, "belangrijk", 9);
    count(l, "schilder", 2);
    count(l, "bedrijf", 3);
    count(l, "bloemen", 1);
    count(l, "winkel", 4);
    count(l, "mail", 20);
    count(l, "seldom", 1);
    if (lexicon_alike(l, span("ij"), span("y")) != 0 || lexicon_number(l, span("vieren"), 4) != 0 ||
        lexicon_mark(l, span("niet"), WORD_NEGATES) != 0 || lexicon_mark(l, span("niet"), WORD_JOINS) != 0 ||
        lexicon_short(l, span("kheb"), span("ik heb")) != 0)
        return -1;
    *state = l;
    return lexicon_ready(l);
}

static int teardown(void **state)
{
    lexicon_free(*state);
    return 0;
}

static void meant(const struct lexicon *l, const char *typed, const char *expected)
{
    const struct entry *e = lexicon_meant(l, span(typed));

    if (expected == NULL) {
        assert_null(e);
        return;
    }
    if (e == NULL) fail_msg("%s: nothing meant", typed);
    assert_int_equal(e->word.n, strlen(expected));
    assert_memory_equal(e->word.at, expected, e->word.n);
}

static void knows_what_it_was_told(void **state)
{
    const struct entry *e = lexicon_find(*state, span("agenda"));

    assert_non_null(e);
    assert_int_equal(e->count, 5);
    assert_int_equal(e->number, -1);
    assert_int_equal(lexicon_find(*state, span("vieren"))->number, 4);
    assert_int_equal(lexicon_find(*state, span("niet"))->marks, WORD_NEGATES | WORD_JOINS);
    assert_int_equal(lexicon_find(*state, span("kheb"))->meaning.n, strlen("ik heb"));
    assert_null(lexicon_find(*state, span("agend")));
}

static void finds_the_word_that_was_meant(void **state)
{
    meant(*state, "agneda", "agenda");
    meant(*state, "agend", "agenda");
    meant(*state, "belangryk", "belangrijk");
    meant(*state, "blangrijk", "belangrijk");
    meant(*state, "belaangrijk", "belangrijk");
}

static void leaves_short_and_distant_words_alone(void **state)
{
    meant(*state, "mai", NULL);
    meant(*state, "agaxendya", NULL);
    meant(*state, "paars", NULL);
    meant(*state, "", NULL);
    meant(*state, "selsom", NULL); /* seen once: it may be a slip itself */
}

static void of_two_words_the_frequent_one_was_meant(void **state)
{
    struct lexicon *l = lexicon_new();

    (void)state;
    assert_non_null(l);
    count(l, "winter", 3);
    count(l, "winner", 7);
    assert_int_equal(lexicon_ready(l), 0);
    meant(l, "winer", "winner");
    lexicon_free(l);
}

static void takes_a_compound_apart(void **state)
{
    struct span parts[2];

    assert_true(lexicon_parts(*state, span("schildersbedrijf"), parts));
    assert_memory_equal(parts[0].at, "schilder", parts[0].n);
    assert_memory_equal(parts[1].at, "bedrijf", parts[1].n);
    assert_true(lexicon_parts(*state, span("bloemenwinkel"), parts));
    assert_false(lexicon_parts(*state, span("winkel"), parts));
    assert_false(lexicon_parts(*state, span("winkelxyzw"), parts));
}

static void holds_thousands_of_words(void **state)
{
    struct lexicon *l = lexicon_new();
    char word[32];

    (void)state;
    assert_non_null(l);
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(word, sizeof word, "word%dend", i);
        count(l, word, 1 + i % 3);
    }
    assert_int_equal(lexicon_ready(l), 0);
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(word, sizeof word, "word%dend", i);
        const struct entry *e = lexicon_find(l, span(word));
        assert_non_null(e);
        assert_int_equal(e->count, 1 + i % 3);
    }
    assert_true(lexicon_bytes(l) > 5000);
    lexicon_free(l);
}

int test_lexicon(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(knows_what_it_was_told, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_the_word_that_was_meant, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_short_and_distant_words_alone, setup, teardown),
        cmocka_unit_test(of_two_words_the_frequent_one_was_meant),
        cmocka_unit_test_setup_teardown(takes_a_compound_apart, setup, teardown),
        cmocka_unit_test(holds_thousands_of_words),
    };
    return UNIT_RUN(tests);
}

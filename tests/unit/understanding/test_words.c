#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "unit.h"

int test_words(void);

struct fixture {
    struct lexicon *l;
    struct words w;
};

static struct span span(const char *s)
{
    return (struct span){s, strlen(s)};
}

static int setup(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (x == NULL || (x->l = lexicon_new()) == NULL) return -1;
    for (int i = 0; i < 3; i++)
        if (lexicon_count(x->l, span("agenda")) != 0 || lexicon_count(x->l, span("alleen")) != 0) return -1;
    for (int i = 0; i < 30; i++)
        if (lexicon_count(x->l, span("nodig")) != 0) return -1;
    for (int i = 0; i < 2; i++)
        if (lexicon_count(x->l, span("nodgi")) != 0) return -1; /* a slip, in two phrases */
    if (lexicon_group(x->l, span("schilder"), 3) != 0 || lexicon_count(x->l, span("kunst")) != 0) return -1;
    if (lexicon_mark(x->l, span("niet"), WORD_NEGATES) != 0 ||
        lexicon_mark(x->l, span("vroeger"), WORD_PAST) != 0 ||
        lexicon_mark(x->l, span("maar"), WORD_CONTRASTS) != 0 ||
        lexicon_mark(x->l, span("weinig"), WORD_LIMITS) != 0 ||
        lexicon_mark(x->l, span("en"), WORD_JOINS) != 0 || lexicon_number(x->l, span("vier"), 4) != 0 ||
        lexicon_short(x->l, span("kheb"), span("ik heb")) != 0 ||
        lexicon_short(x->l, span("2fa"), span("tweestaps")) != 0)
        return -1;
    *state = x;
    return lexicon_ready(x->l);
}

static int teardown(void **state)
{
    struct fixture *x = *state;

    words_free(&x->w);
    lexicon_free(x->l);
    free(x);
    return 0;
}

/* The words as they were meant, "|" between clauses, "?" after one that asks. */
static void reads(struct fixture *x, const char *text, const char *expected)
{
    struct buf out = {0};

    words_read(&x->w, x->l, text);
    for (size_t c = 0; c < x->w.clause_n; c++) {
        const struct clause *clause = &x->w.clause[c];
        if (c > 0) buf_adds(&out, " | ");
        for (size_t i = clause->first; i < clause->first + clause->n; i++) {
            if (i > clause->first) buf_addc(&out, ' ');
            buf_add(&out, x->w.word[i].at.at, x->w.word[i].at.n);
            assert_int_equal(x->w.word[i].clause, c);
        }
        if (clause->asked) buf_addc(&out, '?');
    }
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void clauses_end_at_marks_and_begin_at_joints(void **state)
{
    reads(*state, "Ja, graag. Wat kost dat?", "ja | graag | wat kost dat?");
    reads(*state, "alleen maar niet altijd", "alleen | maar niet altijd");
    reads(*state, "ik en zij", "ik | en zij");
    reads(*state, "ja, en nu?", "ja | en nu?");
    reads(*state, "???", ""); /* nothing that could be asked */
    reads(*state, "...  ", "");
}

static void short_forms_and_slips_become_what_was_meant(void **state)
{
    reads(*state, "Kheb agneda", "ik heb agenda");
    reads(*state, "2fa", "tweestaps");
    reads(*state, "geheel onbekend", "geheel onbekend");
}

static void numbers_are_told_from_letters(void **state)
{
    struct fixture *x = *state;

    reads(x, "met 3man of vier", "met 3 man of vier");
    assert_int_equal(x->w.word[1].number, 3);
    assert_int_equal(x->w.word[2].number, -1);
    assert_int_equal(x->w.word[4].number, 4);
    reads(x, "06123456789", "06123456789");
    assert_int_equal(x->w.word[0].number, 100000); /* no amount of anything */
}

static void marks_reach_their_clause(void **state)
{
    struct fixture *x = *state;

    words_read(&x->w, x->l, "vroeger alleen, nu niet maar straks wel");
    assert_int_equal(x->w.clause_n, 3);
    assert_int_equal(x->w.clause[0].marks, WORD_PAST);
    assert_int_equal(x->w.clause[1].marks, WORD_NEGATES);
    assert_int_equal(x->w.clause[2].marks, WORD_CONTRASTS);
    assert_true(x->w.clause[1].stopped);
    assert_false(x->w.clause[2].stopped);
}

static void knows_how_often_a_word_was_seen(void **state)
{
    struct fixture *x = *state;

    words_read(&x->w, x->l, "agenda agneda kubus");
    assert_int_equal(x->w.word[0].seen, 3);
    assert_int_equal(x->w.word[1].seen, 3);
    assert_int_equal(x->w.word[2].seen, 0);
}

static void a_text_without_end_is_read_as_far_as_there_is_room(void **state)
{
    struct fixture *x = *state;
    char text[16 * 1024];

    for (size_t i = 0; i < sizeof text; i++) text[i] = i % 2 == 0 ? 'a' : '.';
    text[sizeof text - 1] = '\0';
    words_read(&x->w, x->l, text);
    assert_int_equal(x->w.n, WORDS_MAX);
    assert_true(x->w.clause_n <= WORDS_MAX);
    memset(text, 'x', sizeof text - 1);
    words_read(&x->w, x->l, text);
    assert_int_equal(x->w.n, 1);
    assert_int_equal(x->w.word[0].at.n, LEXICON_WORD_MAX);
}

static void a_contrast_before_a_limit_says_only(void **state)
{
    struct fixture *x = *state;

    reads(x, "ik mail maar weinig", "ik mail maar weinig");
    reads(x, "ik mail maar vier keer", "ik mail maar vier keer");
    reads(x, "ik mail. maar weinig", "ik mail | maar weinig");
    reads(x, "ik mail maar jij", "ik mail | maar jij");
    reads(x, "maar weinig", "maar weinig");
}

static void a_slip_in_a_phrase_is_no_word(void **state)
{
    reads(*state, "nodgi", "nodig");
}

static void a_compound_is_of_the_group_of_its_end(void **state)
{
    struct fixture *x = *state;

    words_read(&x->w, x->l, "schilder kunstschilder schilderkunst schidler");
    assert_int_equal(x->w.n, 4);
    assert_int_equal(x->w.word[0].groups, 1U << 3);
    assert_int_equal(x->w.word[1].groups, 1U << 3);
    assert_int_equal(x->w.word[2].groups, 0);
    assert_int_equal(x->w.word[3].groups, 1U << 3);
}

int test_words(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(clauses_end_at_marks_and_begin_at_joints, setup, teardown),
        cmocka_unit_test_setup_teardown(short_forms_and_slips_become_what_was_meant, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_are_told_from_letters, setup, teardown),
        cmocka_unit_test_setup_teardown(marks_reach_their_clause, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_how_often_a_word_was_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_without_end_is_read_as_far_as_there_is_room, setup, teardown),
        cmocka_unit_test_setup_teardown(a_contrast_before_a_limit_says_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_slip_in_a_phrase_is_no_word, setup, teardown),
        cmocka_unit_test_setup_teardown(a_compound_is_of_the_group_of_its_end, setup, teardown),
    };
    return UNIT_RUN(tests);
}

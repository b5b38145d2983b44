/* The advice of every combination against the points as the product states them, written down
 * here a second time and read from no file. */
#include "advice.h"
#include "content.h"
#include "flow.h"
#include "unit.h"

int test_points(void);

enum { QUESTIONS = 6, CHOICES = 5, UNSURE = 3, SKIPPED = 4 };

static const struct {
    const char *id;
    struct {
        const char *id;
        int points;
    } answer[UNSURE]; /* rest NULL */
} table[QUESTIONS] = {
    {"usage", {{"light", 0}, {"daily", 1}, {"heavy", 2}}},
    {"calendar", {{"yes", 3}, {"some", 1}, {"no", 0}}},
    {"team", {{"alone", 0}, {"several", 2}}},
    {"security", {{"basic", 0}, {"important", 1}, {"critical", 3}}},
    {"sector", {{"strict", 4}, {"none", 0}}},
    {"growth", {{"yes", 1}, {"no", 0}}},
};

enum { SECURITY = 3, CRITICAL = 2, SECTOR = 4, STRICT = 0 };

struct expected {
    const char *outcome, *lean;
    bool caution;
};

/* product.md, "Advice, one of three, by the sum of the points". */
static struct expected by_the_book(const int choice[static QUESTIONS])
{
    int sum = 0, unsure = 0, by_themselves = 0;

    for (int q = 0; q < QUESTIONS; q++) {
        if (choice[q] >= UNSURE)
            unsure++;
        else
            sum += table[q].answer[choice[q]].points;
    }
    if (choice[SECURITY] == CRITICAL) by_themselves += 3;
    if (choice[SECTOR] == STRICT) by_themselves += 4;
    if (sum >= 4) return (struct expected){"microsoft365", NULL, unsure >= 4 && sum > by_themselves};
    if (unsure >= 4 || sum >= 2) return (struct expected){"talk", sum >= 2 ? "microsoft365" : NULL, false};
    return (struct expected){"imap", NULL, false};
}

static void compare(const struct flow *f, const int choice[static QUESTIONS])
{
    const struct expected want = by_the_book(choice);
    struct answers a = {0};
    struct advice got;

    for (int q = 0; q < QUESTIONS; q++) {
        int question = flow_question_find(f, table[q].id);
        bool given = choice[q] < UNSURE;
        answers_give(&a, question,
                     given                 ? ANSWER_GIVEN
                     : choice[q] == UNSURE ? ANSWER_UNSURE
                                           : ANSWER_SKIPPED,
                     given ? flow_answer_find(f, question, table[q].answer[choice[q]].id) : 0,
                     (unsigned)q + 1);
    }
    assert_int_equal(advice_compute(f, &a, &got), 0);
    assert_string_equal(f->outcome[got.outcome].id, want.outcome);
    assert_int_equal(got.caution, want.caution);
    if (want.lean == NULL)
        assert_int_equal(got.lean, -1);
    else
        assert_string_equal(f->outcome[got.lean].id, want.lean);
}

static struct content *shipped(void)
{
    const struct content_files files = {"flows/mailkeuze.json", "flows/business.json", "locales", "nl",
                                        .retain_text_days = 30};
    struct faults *faults = faults_new();
    struct content *c = NULL;

    assert_non_null(faults);
    if (content_load(&files, &c, faults) != 0) print_message("%s\n", faults_line(faults, 0));
    faults_free(faults);
    assert_non_null(c);
    return c;
}

static void gives_the_advice_of_the_product_for_every_combination(void **state)
{
    struct content *c = shipped();
    int choice[QUESTIONS] = {0}, compared = 0, q = 0;

    (void)state;
    while (q < QUESTIONS) {
        bool exists = true;
        for (int i = 0; i < QUESTIONS; i++)
            exists = exists && (choice[i] >= UNSURE || table[i].answer[choice[i]].id != NULL);
        if (exists) {
            compare(content_script(c)->flow, choice);
            compared++;
        }
        for (q = 0; q < QUESTIONS && ++choice[q] == CHOICES; q++) choice[q] = 0; /* an odometer */
    }
    assert_int_equal(compared, 5 * 5 * 4 * 5 * 4 * 4);
    content_free(c);
}

static void asks_the_questions_of_the_product_in_their_order(void **state)
{
    struct content *c = shipped();
    const struct flow *f = content_script(c)->flow;

    (void)state;
    assert_int_equal(f->question_n, QUESTIONS);
    assert_string_equal(f->state[f->begin].id, table[0].id);
    for (int q = 0; q < QUESTIONS; q++) {
        assert_string_equal(f->question[q].id, table[q].id);
        size_t n = 0;
        for (; n < UNSURE && table[q].answer[n].id != NULL; n++) {
            assert_string_equal(f->question[q].answer[n].id, table[q].answer[n].id);
            assert_int_equal(f->question[q].answer[n].points, table[q].answer[n].points);
        }
        assert_int_equal(f->question[q].answer_n, n);
    }
    content_free(c);
}

int test_points(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_advice_of_the_product_for_every_combination),
        cmocka_unit_test(asks_the_questions_of_the_product_in_their_order),
    };
    return UNIT_RUN(tests);
}

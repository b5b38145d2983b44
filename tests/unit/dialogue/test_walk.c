#include "fixture.h"

int test_walk(void);

static struct walk walk(struct fixture *x, const char *ids)
{
    const struct answers a = answers_of(x, ids);
    struct walk w;

    assert_int_equal(dialogue_walk(&x->flow, &a, x->flow.begin, &w), 0);
    return w;
}

static const char *at(const struct fixture *x, const struct walk *w)
{
    return x->flow.state[w->state].id;
}

static void waits_at_the_first_question_without_an_answer(void **state)
{
    struct fixture *x = *state;
    struct walk w = walk(x, "");

    assert_string_equal(at(x, &w), "usage");
    assert_int_equal(w.asked, 0);
    assert_int_equal(w.left, 6);

    w = walk(x, "usage=light calendar=unsure team=skipped");
    assert_string_equal(at(x, &w), "security");
    assert_int_equal(w.asked, 3);
    assert_int_equal(w.left, 3);
    assert_true(w.passed[CALENDAR]);
    assert_false(w.passed[SECURITY]);
}

static void does_not_count_answers_that_lie_ahead(void **state)
{
    struct fixture *x = *state;
    struct walk w = walk(x, "calendar=yes growth=no");

    assert_string_equal(at(x, &w), "usage");
    assert_int_equal(w.asked, 0);
    assert_int_equal(w.left, 4);
}

static void arrives_when_all_is_answered(void **state)
{
    struct fixture *x = *state;
    struct walk w = walk(x, "usage=light calendar=no team=alone security=basic sector=none growth=unsure");

    assert_string_equal(at(x, &w), "advice");
    assert_int_equal(w.asked, 6);
    assert_int_equal(w.left, 0);
}

static void a_branch_takes_the_case_that_fits(void **state)
{
    struct fixture *x = *state;
    struct walk w = walk(x, "size=small");

    assert_string_equal(at(x, &w), "plain");
    assert_int_equal(w.say_n, 0);
    w = walk(x, "size=large");
    assert_string_equal(at(x, &w), "extra");
    w = walk(x, "size=unsure");
    assert_string_equal(at(x, &w), "extra");
    w = walk(x, "size=skipped");
    assert_string_equal(at(x, &w), "extra");
}

static void a_branch_on_what_was_not_answered_goes_on_otherwise(void **state)
{
    struct fixture *x = *state;
    const struct answers none = {0};
    struct walk w;

    assert_int_equal(dialogue_walk(&x->flow, &none, flow_state_find(&x->flow, "which"), &w), 0);
    assert_string_equal(at(x, &w), "plain");
}

static void collects_what_is_said_on_the_way(void **state)
{
    struct fixture *x = *state;
    struct walk w = walk(x, "size=large");

    assert_int_equal(w.say_n, 1);
    assert_int_equal(w.say[0], x->flow.state[flow_state_find(&x->flow, "large_hint")].text);
    w = walk(x, "size=small plain=yes");
    assert_string_equal(at(x, &w), "advice");
    assert_int_equal(w.say_n, 1);
    assert_int_equal(w.say[0], x->flow.state[flow_state_find(&x->flow, "plain_hint")].text);
}

static void what_was_said_before_an_answered_question_is_not_said_again(void **state)
{
    struct fixture *x = *state;
    struct walk w = walk(x, "size=large extra=no");

    assert_string_equal(at(x, &w), "advice");
    assert_int_equal(w.say_n, 0);
}

static void counts_the_shortest_road_that_is_left(void **state)
{
    struct fixture *x = *state;

    /* From size both roads take one more question; past "extra" an answer lies ahead. */
    assert_int_equal(walk(x, "").left, 2);
    assert_int_equal(walk(x, "extra=no").left, 2);
    assert_int_equal(walk(x, "size=large").left, 1);
}

static void says_on_the_way_count_for_nothing(void **state)
{
    struct fixture *x = *state;
    int hint = flow_state_find(&x->flow, "plain_hint");

    for (int q = EXTRA; q <= PLAIN; q++)
        for (size_t i = 0; i < 2; i++) x->flow.question[q].answer[i].to = hint;
    assert_int_equal(walk(x, "").left, 2);
}

/* The branch before "plain" sends it back: nothing on that road waits. */
static void refuses_to_go_round(void **state)
{
    struct fixture *x = *state;
    int size = flow_state_find(&x->flow, "size");
    struct answers a = answers_of(x, "size=small plain=no");
    struct walk w;

    x->flow.question[PLAIN].answer[1].to = size;
    assert_int_equal(dialogue_walk(&x->flow, &a, x->flow.begin, &w), -1);
}

static void a_road_without_an_advice_has_nothing_left(void **state)
{
    struct fixture *x = *state;
    const struct answers none = {0};
    struct walk w;

    assert_int_equal(dialogue_walk(&x->flow, &none, x->flow.welcome, &w), 0);
    assert_string_equal(at(x, &w), "welcome");
    assert_int_equal(w.left, 0);
}

static void keeps_as_many_says_as_there_is_room_for(void **state)
{
    struct fixture *x = *state;
    struct flow *f = &x->flow;
    const struct answers none = {0};
    struct walk w;
    int first = (int)f->state_n;

    for (int i = 0; i <= DIALOGUE_SAYS_MAX; i++) {
        f->state[f->state_n] =
            (struct flow_state){.id = "s", .kind = STATE_SAY, .text = i, .to = first + i + 1};
        f->state_n++;
    }
    f->state[f->state_n - 1].to = flow_state_find(f, "advice");
    assert_int_equal(dialogue_walk(f, &none, first, &w), 0);
    assert_string_equal(at(x, &w), "advice");
    assert_int_equal(w.say_n, DIALOGUE_SAYS_MAX);
}

#define SHIPPED(test)   cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
#define BRANCHING(test) cmocka_unit_test_setup_teardown(test, fixture_setup_branching, fixture_teardown)

int test_walk(void)
{
    const struct CMUnitTest tests[] = {
        SHIPPED(waits_at_the_first_question_without_an_answer),
        SHIPPED(does_not_count_answers_that_lie_ahead),
        SHIPPED(arrives_when_all_is_answered),
        BRANCHING(a_branch_takes_the_case_that_fits),
        BRANCHING(a_branch_on_what_was_not_answered_goes_on_otherwise),
        BRANCHING(collects_what_is_said_on_the_way),
        BRANCHING(what_was_said_before_an_answered_question_is_not_said_again),
        BRANCHING(counts_the_shortest_road_that_is_left),
        BRANCHING(says_on_the_way_count_for_nothing),
        BRANCHING(refuses_to_go_round),
        BRANCHING(a_road_without_an_advice_has_nothing_left),
        BRANCHING(keeps_as_many_says_as_there_is_room_for),
    };
    return UNIT_RUN(tests);
}

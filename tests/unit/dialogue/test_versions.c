#include "fixture.h"

int test_versions(void);

/* A flow whose questions are those of the fixture, but without `gone`: as if a later version had
 * taken it out. The conversation of the fixture is moved to it, as the store would. */
static void drop_question(struct fixture *x, int gone)
{
    struct flow *f = &x->flow;
    struct buf text = {0};
    struct err e = {0};
    int past = f->question[gone].unsure_to;

    conversation_write(&x->c, f, &text);
    for (size_t q = 0; q < f->question_n; q++) {
        struct flow_question *question = &f->question[q];
        if (question->unsure_to == f->question[gone].state) {
            question->unsure_to = past;
            for (size_t i = 0; i < question->answer_n; i++) question->answer[i].to = past;
        }
    }
    f->question_n--;
    for (size_t q = (size_t)gone; q < f->question_n; q++) {
        f->question[q] = f->question[q + 1];
        f->state[f->question[q].state].question = (int)q;
    }
    f->version++;
    assert_int_equal(conversation_read(&x->c, f, buf_text(&text), &e), 0);
    buf_free(&text);
}

static void an_open_question_that_is_gone_gives_way_to_the_next(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no");
    drop_question(x, TEAM);
    typed(x, "topic:pop");
    assert_said(x, "topic.pop progress security.ask"); /* in full: they never saw it */
    assert_has(x, "n=3 total=5");
    assert_answers(x, "usage=light calendar=no");
}

static void an_answer_that_is_gone_is_forgotten(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no team=several");
    drop_question(x, TEAM);
    typed(x, "do:greeting");
    assert_answers(x, "usage=light calendar=no");
    assert_open(x, "security");
}

static void the_last_question_gone_leads_to_the_advice(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none");
    drop_question(x, GROWTH);
    typed(x, "do:greeting");
    assert_open(x, "after");
    assert_has(x, "[imap.title]"); /* they never had it */
}

/* The other way round: after the advice a version comes that asks more. */
static void a_question_that_was_added_is_asked_before_there_is_an_advice(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no");
    answers_drop(&x->c.answers, SECTOR);
    typed(x, "do:greeting");
    assert_said(x, "remaining_one sector.ask");
    assert_open(x, "sector");
    tapped(x, "sector=none");
    assert_has(x, "[imap.title]");
}

static void who_was_stopped_wakes_at_what_is_left(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no do:stop");
    drop_question(x, TEAM);
    typed(x, "do:greeting");
    assert_open(x, "security");
    assert_said(x, "resume_other progress security.ask");
}

static void who_was_stopped_at_what_is_gone_wakes_after_their_one_answer(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light do:stop");
    drop_question(x, CALENDAR);
    typed(x, "do:greeting");
    assert_open(x, "team");
}

/* It is asked to the end, but counts no questions: there is no road through it. */
static void an_open_question_that_no_road_leads_to_counts_nothing(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin size=large");
    x->flow.state[flow_state_find(&x->flow, "which")].case_n = 0;
    typed(x, "topic:pop");
    assert_said(x, "topic.pop extra.again");
    tapped(x, "extra=no");
    assert_open(x, "plain");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_versions(void)
{
    const struct CMUnitTest tests[] = {
        WITH(an_open_question_that_is_gone_gives_way_to_the_next),
        WITH(an_answer_that_is_gone_is_forgotten),
        WITH(the_last_question_gone_leads_to_the_advice),
        WITH(a_question_that_was_added_is_asked_before_there_is_an_advice),
        WITH(who_was_stopped_wakes_at_what_is_left),
        WITH(who_was_stopped_at_what_is_gone_wakes_after_their_one_answer),
        cmocka_unit_test_setup_teardown(an_open_question_that_no_road_leads_to_counts_nothing,
                                        fixture_setup_branching, fixture_teardown),
    };
    return UNIT_RUN(tests);
}

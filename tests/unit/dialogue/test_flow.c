#include "fixture.h"

int test_flow(void);

static void finds_everything_by_its_id(void **state)
{
    struct fixture *x = *state;
    const struct flow *f = &x->flow;

    for (size_t i = 0; i < f->state_n; i++) assert_int_equal(flow_state_find(f, f->state[i].id), i);
    for (size_t i = 0; i < f->question_n; i++) assert_int_equal(flow_question_find(f, f->question[i].id), i);
    for (size_t i = 0; i < f->outcome_n; i++) assert_int_equal(flow_outcome_find(f, f->outcome[i].id), i);
    for (size_t i = 0; i < f->topic_n; i++) assert_int_equal(flow_topic_find(f, f->topic[i].id), i);
    for (size_t i = 0; i < f->command_n; i++) assert_int_equal(flow_command_find(f, f->command[i].id), i);
    for (int q = 0; q < (int)f->question_n; q++)
        for (size_t i = 0; i < f->question[q].answer_n; i++)
            assert_int_equal(flow_answer_find(f, q, f->question[q].answer[i].id), i);
}

static void finds_nothing_by_another_id(void **state)
{
    struct fixture *x = *state;
    const struct flow *f = &x->flow;

    assert_int_equal(flow_state_find(f, "usag"), -1);
    assert_int_equal(flow_question_find(f, "advice"), -1);
    assert_int_equal(flow_answer_find(f, USAGE, "yes"), -1);
    assert_int_equal(flow_outcome_find(f, ""), -1);
    assert_int_equal(flow_topic_find(f, "popp"), -1);
    assert_int_equal(flow_command_find(f, "Begin"), -1);
}

static void names_kinds_and_verbs(void **state)
{
    (void)state;
    assert_string_equal(state_kind_name(STATE_ASK), "ask");
    assert_string_equal(state_kind_name(STATE_MENU), "menu");
    assert_string_equal(verb_name(VERB_BEGIN), "begin");
    assert_string_equal(verb_name(VERB_ERASE), "erase");
    assert_string_equal(verb_name(VERB_PART), "part");
}

int test_flow(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_everything_by_its_id, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(finds_nothing_by_another_id, fixture_setup, fixture_teardown),
        cmocka_unit_test(names_kinds_and_verbs),
    };
    return UNIT_RUN(tests);
}

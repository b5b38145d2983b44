#include "fixture.h"

int test_tap(void);

static void assert_tap(const struct fixture *x, const char *id, enum tap_kind kind, int question, int index)
{
    struct tap tap = dialogue_tap(&x->flow, id);

    assert_int_equal(tap.kind, kind);
    if (kind == TAP_UNKNOWN) return;
    if (question >= 0) assert_int_equal(tap.question, question);
    if (index >= 0) assert_int_equal(tap.index, index);
}

static void reads_every_id_it_can_have_given(void **state)
{
    struct fixture *x = *state;

    assert_tap(x, "usage=light", TAP_ANSWER, USAGE, 0);
    assert_tap(x, "growth=no", TAP_ANSWER, GROWTH, 1);
    assert_tap(x, "team=unsure", TAP_UNSURE, TEAM, -1);
    assert_tap(x, "topic:imap", TAP_TOPIC, -1, flow_topic_find(&x->flow, "imap"));
    assert_tap(x, "do:human", TAP_COMMAND, -1, flow_command_find(&x->flow, "human"));
    assert_tap(x, "go:topics", TAP_STATE, -1, flow_state_find(&x->flow, "topics"));
    assert_tap(x, "ask:sector", TAP_ASK, SECTOR, -1);
}

static void knows_no_other_id(void **state)
{
    static const char *const ids[] = {
        "",           "=",           "usage",   "usage=",
        "usage=yes",  "usag=light",  "=light",  "usage=light=",
        "topic:",     "topic:usage", "do:",     "do:imap",
        "go:nowhere", "ask:advice",  "ask:",    "Usage=light",
        "doe:human",  "usag=unsure", "=unsure", "a_question_longer_than_any_id_may_be=light"};
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) assert_tap(x, ids[i], TAP_UNKNOWN, -1, -1);
}

static void reads_the_longest_id_there_may_be(void **state)
{
    struct fixture *x = *state;
    char id[FLOW_ID_MAX + 8], longest[FLOW_ID_MAX + 1];

    memset(longest, 'q', FLOW_ID_MAX);
    longest[FLOW_ID_MAX] = '\0';
    x->flow.question[TEAM].id = longest;
    (void)snprintf(id, sizeof id, "%s=alone", longest);
    assert_tap(x, id, TAP_ANSWER, TEAM, 0);
    (void)snprintf(id, sizeof id, "q%s=alone", longest);
    assert_tap(x, id, TAP_UNKNOWN, -1, -1);
}

/* A button may open a menu, and never jump into the middle of the questions. */
static void goes_to_menus_alone(void **state)
{
    struct fixture *x = *state;

    assert_tap(x, "go:welcome", TAP_STATE, -1, -1);
    assert_tap(x, "go:usage", TAP_UNKNOWN, -1, -1);
    assert_tap(x, "go:advice", TAP_UNKNOWN, -1, -1);
}

int test_tap(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_id_it_can_have_given, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(knows_no_other_id, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(reads_the_longest_id_there_may_be, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(goes_to_menus_alone, fixture_setup, fixture_teardown),
    };
    return UNIT_RUN(tests);
}

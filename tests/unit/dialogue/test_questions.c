#include "fixture.h"

int test_questions(void);

static void a_tap_gets_the_next_question_and_no_echo(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    tapped(x, "usage=daily");
    assert_said(x, "progress calendar.ask");
    assert_has(x, "[progress n=2 total=6]\n[calendar.ask]");
    assert_choices(x, "calendar=yes calendar=some calendar=no");
    tapped(x, "calendar=no");
    assert_said(x, "progress team.ask");
    assert_has(x, "n=3 total=6");
    assert_choices(x, "team=alone team=several team=unsure");
    assert_string_equal(x->out->choice[2].title, "unsure_label");
    assert_string_equal(x->out->choice[0].title, "team.alone");
    assert_null(x->out->choice[0].note);
    assert_string_equal(x->out->list_title, "list_title");
}

static void what_is_typed_is_said_back(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "usage=heavy");
    assert_said(x, "noted_one progress calendar.ask");
    assert_has(x, "count=1 list=usage.heavy");
}

static void one_message_may_answer_several_questions(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "usage=heavy team=several sector=none");
    assert_said(x, "noted_other remaining_other calendar.ask");
    assert_has(
        x, "count=3 list=usage.noun (usage.heavy), team.noun (team.several) and sector.noun (sector.none)");
    assert_has(x, "[remaining_other count=3]");
    tapped(x, "calendar=yes");
    assert_said(x, "remaining_other security.ask");
    assert_has(x, "[remaining_other count=2]");
    tapped(x, "security=basic");
    assert_said(x, "progress growth.ask"); /* no answers lie ahead any more */
    assert_has(x, "n=6 total=6");
}

static void the_last_one_left_is_one(void **state)
{
    struct fixture *x = *state;

    typed(x, "growth=no calendar=no team=alone security=basic sector=none");
    assert_said(x, "intro noted_other remaining_one usage.ask unsure_hint");
}

static void an_answer_to_a_later_question_leaves_the_open_one_open(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "sector=strict");
    assert_said(x, "noted_other remaining_other usage.again");
    assert_open(x, "usage");
    assert_answers(x, "sector=strict");
}

static void of_two_answers_to_a_question_the_surer_counts(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "usage=light usage=heavy");
    assert_has(x, "count=1 list=usage.light");
    assert_answers(x, "usage=light");
}

static void answer_and_topic_in_one_message_get_both(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "usage=heavy topic:pop");
    assert_said(x, "noted_one topic.pop progress calendar.ask");
    assert_int_equal(x->fx.n, 1);
    typed(x, "topic:imap calendar=no");
    assert_said(x, "noted_one topic.imap progress team.ask");
}

static void a_greeting_beside_an_answer_does_not_shorten_the_next_question(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "usage=heavy do:greeting");
    assert_said(x, "noted_one progress calendar.ask");
    typed(x, "calendar=no do:thanks");
    assert_said(x, "noted_one command.thanks progress team.ask");
}

static void thanks_or_goodbye_with_the_last_answer_get_the_advice(void **state)
{
    static const char *const last[] = {"growth=no do:thanks", "growth=no do:bye"};
    struct fixture *x = *state;

    for (size_t i = 0; i < 2; i++) {
        tapped_all(x, "do:restart usage=light calendar=no team=alone security=basic sector=none");
        typed(x, last[i]);
        assert_open(x, "after");
        assert_has(x, "[imap.title]");
        assert_choices(x, "do:human topic:difference do:change");
    }
}

static void unsure_is_an_answer(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "usage=unsure");
    assert_said(x, "noted_one progress calendar.ask");
    assert_has(x, "list=unsure_label");
    tapped(x, "calendar=no");
    tapped(x, "team=unsure");
    assert_said(x, "progress security.ask");
    assert_answers(x, "usage=unsure calendar=no team=unsure");
}

static void a_question_may_be_skipped(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "do:skip");
    assert_said(x, "progress calendar.ask");
    assert_answers(x, "usage=skipped");
    typed(x, "do:skip do:thanks");
    assert_open(x, "team");
}

static void nothing_open_is_nothing_to_skip(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    typed(x, "do:skip");
    assert_said(x, "nothing_to_skip");
    assert_choices(x, "do:begin go:topics do:human");
    assert_answers(x, "");
    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no");
    typed(x, "do:skip");
    assert_said(x, "nothing_to_skip");
    assert_choices(x, "do:human topic:difference do:change");
}

static void going_on_asks_the_open_question_shorter(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    typed(x, "do:begin");
    assert_said(x, "progress calendar.again");
    assert_open(x, "calendar");
}

static void the_unsure_hint_stands_under_the_first_question_alone(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    assert_has(x, "[unsure_hint]");
    typed(x, "topic:pop");
    assert_hasnt(x, "[unsure_hint]");
    tapped(x, "usage=light");
    assert_hasnt(x, "[unsure_hint]");
}

/* ---- another flow: branches and says ---- */

static void a_say_comes_before_the_question_it_leads_to(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    assert_has(x, "n=1 total=2");
    tapped(x, "size=large");
    assert_said(x, "large_hint.text progress extra.ask");
    typed(x, "topic:pop");
    assert_said(x, "topic.pop progress extra.again");
    tapped(x, "ask:size"); /* the say belongs to the road, not to the question asked again */
    assert_said(x, "reopened size.ask");
    tapped(x, "size=small");
    assert_said(x, "progress plain.ask");
}

static void a_say_at_the_begin_is_said_at_every_begin(void **state)
{
    struct fixture *x = *state;
    int hint = flow_state_find(&x->flow, "large_hint");

    x->flow.state[hint].to = x->flow.question[SIZE].state;
    x->flow.begin = hint;
    tapped(x, "do:begin");
    assert_said(x, "intro large_hint.text progress size.ask unsure_hint");
    tapped(x, "do:restart");
    assert_said(x, "restarted large_hint.text progress size.ask unsure_hint");
    typed(x, "do:begin");
    assert_said(x, "progress size.again");
}

/* The open question lies on a road that is no longer taken. */
static void a_changed_answer_may_lead_another_way(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin size=large");
    tapped(x, "size=small");
    assert_said(x, "changed progress plain.ask");
    typed(x, "size=large");
    assert_said(x, "changed large_hint.text progress extra.ask");
}

static void a_say_comes_before_the_advice_it_leads_to(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin size=small plain=yes");
    assert_open(x, "after");
    assert_non_null(strstr(said_keys(x), "plain_hint.text imap.title imap.text"));
    typed(x, "do:language_en");
    assert_non_null(strstr(said_keys(x), "E.plain_hint.text E.imap.title"));
}

static void an_answer_the_road_no_longer_passes_weighs_nothing(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin size=large extra=yes"); /* 1 + 3 */
    assert_has(x, "[microsoft365.title]");
    tapped(x, "size=small");
    tapped(x, "plain=no");
    assert_has(x, "[imap.title]");
    assert_hasnt(x, "extra.yes");
    typed(x, "do:human");
    assert_non_null(strstr(x->out->link.url, "imap.name"));
}

static void a_flow_that_goes_round_is_refused_and_nothing_changes(void **state)
{
    struct fixture *x = *state;
    const struct message m = {.kind = MESSAGE_TAP, .id = "1", .choice = "size=small"};
    const struct event ev = {.now_ms = x->now_ms, .message = &m};
    struct err e = {0};
    struct conversation before;

    tapped(x, "do:begin");
    before = x->c;
    for (size_t i = 0; i < 2; i++) x->flow.question[SIZE].answer[i].to = x->flow.question[SIZE].state;
    assert_int_equal(dialogue_step(&x->script, &x->c, &ev, &x->fx, &e), -1);
    assert_non_null(strstr(e.text, "no way on"));
    assert_int_equal(x->fx.n, 0);
    assert_memory_equal(&before, &x->c, sizeof before);

    /* Nor can the human be offered where nobody knows what was advised. */
    conversation_begin(&x->c, "nl");
    answers_give(&x->c.answers, SIZE, ANSWER_GIVEN, 0, 1);
    x->c.introduced = true;
    x->c.misses = 1;
    const struct message words = {.kind = MESSAGE_TEXT, .id = "2"};
    const struct event unclear = {.now_ms = x->now_ms, .message = &words};
    assert_int_equal(dialogue_step(&x->script, &x->c, &unclear, &x->fx, &e), -1);
}

#define WITH(test)      cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
#define BRANCHING(test) cmocka_unit_test_setup_teardown(test, fixture_setup_branching, fixture_teardown)

int test_questions(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_tap_gets_the_next_question_and_no_echo),
        WITH(what_is_typed_is_said_back),
        WITH(one_message_may_answer_several_questions),
        WITH(the_last_one_left_is_one),
        WITH(an_answer_to_a_later_question_leaves_the_open_one_open),
        WITH(of_two_answers_to_a_question_the_surer_counts),
        WITH(answer_and_topic_in_one_message_get_both),
        WITH(a_greeting_beside_an_answer_does_not_shorten_the_next_question),
        WITH(thanks_or_goodbye_with_the_last_answer_get_the_advice),
        WITH(unsure_is_an_answer),
        WITH(a_question_may_be_skipped),
        WITH(nothing_open_is_nothing_to_skip),
        WITH(going_on_asks_the_open_question_shorter),
        WITH(the_unsure_hint_stands_under_the_first_question_alone),
        BRANCHING(a_say_comes_before_the_question_it_leads_to),
        BRANCHING(a_say_at_the_begin_is_said_at_every_begin),
        BRANCHING(a_changed_answer_may_lead_another_way),
        BRANCHING(a_say_comes_before_the_advice_it_leads_to),
        BRANCHING(an_answer_the_road_no_longer_passes_weighs_nothing),
        BRANCHING(a_flow_that_goes_round_is_refused_and_nothing_changes),
    };
    return UNIT_RUN(tests);
}

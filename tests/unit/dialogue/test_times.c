#include "fixture.h"

int test_times(void);

static const char all[] = "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no";

/* ---- back after a day ---- */

static void after_a_day_a_greeting_or_nothing_clear_says_where_we_were(void **state)
{
    static const char *const words[] = {"do:greeting", ""};
    struct fixture *x = *state;

    for (size_t i = 0; i < 2; i++) {
        tapped_all(x, "do:restart usage=light");
        x->now_ms += DAY_MS;
        typed(x, words[i]);
        assert_said(x, "resume_other progress calendar.again");
        assert_has(x, "count=5");
        assert_int_equal(x->c.misses, 0);
    }
}

static void with_one_question_to_go_it_is_one(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none");
    x->now_ms += DAY_MS;
    typed(x, "do:greeting");
    assert_said(x, "resume_one progress growth.again");
}

static void an_answer_asked_again_is_one_to_go(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    tapped(x, "ask:sector");
    x->now_ms += DAY_MS;
    typed(x, "do:greeting");
    assert_said(x, "resume_one sector.again");
}

static void after_a_day_the_advice_is_remembered(void **state)
{
    static const char *const words[] = {"do:greeting", ""};
    struct fixture *x = *state;

    tapped_all(x, all);
    for (size_t i = 0; i < 2; i++) {
        x->now_ms += DAY_MS;
        typed(x, words[i]);
        assert_said(x, "resume_after");
        assert_has(x, "outcome=imap.name");
        assert_choices(x, "do:human topic:difference do:change");
    }
}

static void after_a_day_an_answer_counts_after_the_greeting(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    x->now_ms += DAY_MS;
    typed(x, "calendar=no");
    assert_said(x, "resume_other noted_one progress team.ask");
}

static void after_a_day_a_tap_needs_no_greeting(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    x->now_ms += DAY_MS;
    tapped(x, "calendar=no");
    assert_said(x, "progress team.ask");
}

static void after_a_day_an_edit_needs_no_greeting(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=light");
    x->now_ms += DAY_MS;
    edited(x, x->id, "usage=heavy");
    assert_said(x, "changed progress calendar.again");
}

static void after_an_evening_nobody_needs_a_greeting(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    x->now_ms += 12 * HOUR_MS;
    typed(x, "do:greeting");
    assert_said(x, "progress calendar.again");
}

static void after_a_day_at_the_start_the_welcome_will_do(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    x->now_ms += DAY_MS;
    typed(x, "do:greeting");
    assert_said(x, "welcome.text");
    x->now_ms += DAY_MS;
    typed(x, "");
    assert_said(x, "unclear_open");
}

/* ---- the chat opened ---- */

static void opening_the_chat_shows_what_is_open(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    turned(x, MESSAGE_OPEN);
    assert_said(x, "progress calendar.again");
    x->now_ms += DAY_MS;
    turned(x, MESSAGE_OPEN);
    assert_said(x, "resume_other progress calendar.again");
    tapped_all(x, "calendar=no team=alone security=basic sector=none growth=no");
    turned(x, MESSAGE_OPEN);
    assert_said(x, "resume_after"); /* not all of the advice again */
}

/* ---- late ---- */

static void a_late_message_gets_an_apology_and_the_question_in_full(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    assert_false(x->fx.effect[0].say.backlog);
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "topic:pop");
    assert_said(x, "late topic.pop progress calendar.ask");
    assert_true(x->fx.effect[0].say.backlog);
    assert_true(x->c.late_ms != 0);
}

static void a_quarter_of_an_hour_is_not_late(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    x->sent_ms = x->now_ms - 15 * MINUTE_MS;
    typed(x, "usage=light");
    assert_said(x, "noted_one progress calendar.ask");
    x->sent_ms = x->now_ms + DAY_MS; /* a clock that is wrong is not ours to judge */
    typed(x, "calendar=no");
    assert_said(x, "noted_one progress team.ask");
}

static void the_rest_of_a_backlog_is_silent_unless_the_question_changed(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "");
    assert_said(x, "late unclear progress calendar.ask");
    x->now_ms += MINUTE_MS;
    typed(x, "topic:pop");
    assert_said(x, "");
    assert_int_equal(x->fx.n, 0);
    typed(x, "");
    assert_said(x, "");
    assert_int_equal(x->c.misses, 1); /* nobody was told of the second */
    typed(x, "calendar=no");
    assert_said(x, "noted_one progress team.ask"); /* apologised already */
    assert_true(x->fx.effect[0].say.backlog);
}

static void a_reply_that_may_replace_the_apology_repeats_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "calendar=no");
    assert_said(x, "late noted_one progress team.ask");
    typed(x, "team=alone"); /* a second later: the first reply still waits */
    assert_said(x, "late noted_one progress security.ask");
    x->now_ms += EFFECT_BACKLOG_WAIT_MS;
    typed(x, "security=basic");
    assert_said(x, "noted_one progress sector.ask");
}

/* Of the replies to a backlog only the last leaves: it must hold the introduction. */
static void first_contact_in_a_backlog_is_introduced_by_the_reply_that_leaves(void **state)
{
    struct fixture *x = *state;

    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "do:greeting");
    assert_said(x, "intro late welcome.text");
    typed(x, "do:begin");
    assert_said(x, "intro late progress usage.ask unsure_hint");
    assert_non_null(x->out->footer);
    x->sent_ms = 0;
    typed(x, "usage=light");
    assert_said(x, "noted_one progress calendar.ask");
    assert_null(x->out->footer);
    assert_true(x->c.introduced);
}

static void first_contact_late_is_introduced_once(void **state)
{
    struct fixture *x = *state;

    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "do:greeting");
    x->now_ms += MINUTE_MS;
    typed(x, "do:begin");
    assert_said(x, "progress usage.ask unsure_hint");
    assert_null(x->out->footer);
}

static void a_second_outage_gets_its_own_apology(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "usage=light");
    assert_said(x, "late noted_one progress calendar.ask");
    x->now_ms += 11 * MINUTE_MS;
    typed(x, "topic:pop");
    assert_said(x, "late topic.pop progress calendar.ask");
}

static void an_advice_that_changed_is_told_in_a_backlog_too(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "topic:pop");
    assert_said(x, "late topic.pop"); /* and not the whole advice again */
    x->now_ms += MINUTE_MS;
    tapped(x, "sector=strict");
    assert_has(x, "[microsoft365.title]");
    x->now_ms += MINUTE_MS;
    tapped(x, "sector=strict");
    assert_said(x, "");
}

static void erasing_in_a_backlog_is_always_answered(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "topic:pop");
    x->now_ms += MINUTE_MS;
    typed(x, "do:delete_data");
    assert_said(x, "erased");
    assert_told(x, "erased");
    assert_int_equal(x->fx.n, 3);
}

static void stopping_late_is_answered_and_offers_nothing(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "do:stop");
    assert_said(x, "late stopped");
    assert_choices(x, "");
}

static void other_words_stay_other_words_when_late(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "");
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "");
    assert_said(x, "late unclear_again progress usage.other");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_times(void)
{
    const struct CMUnitTest tests[] = {
        WITH(after_a_day_a_greeting_or_nothing_clear_says_where_we_were),
        WITH(with_one_question_to_go_it_is_one),
        WITH(an_answer_asked_again_is_one_to_go),
        WITH(after_a_day_the_advice_is_remembered),
        WITH(after_a_day_an_answer_counts_after_the_greeting),
        WITH(after_a_day_a_tap_needs_no_greeting),
        WITH(after_a_day_an_edit_needs_no_greeting),
        WITH(after_an_evening_nobody_needs_a_greeting),
        WITH(after_a_day_at_the_start_the_welcome_will_do),
        WITH(opening_the_chat_shows_what_is_open),
        WITH(a_late_message_gets_an_apology_and_the_question_in_full),
        WITH(a_quarter_of_an_hour_is_not_late),
        WITH(the_rest_of_a_backlog_is_silent_unless_the_question_changed),
        WITH(a_reply_that_may_replace_the_apology_repeats_it),
        WITH(first_contact_in_a_backlog_is_introduced_by_the_reply_that_leaves),
        WITH(first_contact_late_is_introduced_once),
        WITH(a_second_outage_gets_its_own_apology),
        WITH(an_advice_that_changed_is_told_in_a_backlog_too),
        WITH(erasing_in_a_backlog_is_always_answered),
        WITH(stopping_late_is_answered_and_offers_nothing),
        WITH(other_words_stay_other_words_when_late),
    };
    return UNIT_RUN(tests);
}

/* Who has the chat: asking for the human, waiting, her silence and the way back. */
#include "fixture.h"

int test_holder(void);

/* The office hours of the fixture: Monday, Tuesday, Thursday, 9 to 17. */
#define MONDAY_EVENING_MS (MONDAY_MS + 9 * HOUR_MS)
#define TUESDAY_NINE_MS   (MONDAY_MS + 23 * HOUR_MS)

static int setup(void **state)
{
    (void)fixture_setup(state);
    struct fixture *x = *state;
    x->script.desk = true;
    x->name = "Sanne";
    return 0;
}

/* On WhatsApp, at the second question, in the evening, waiting for her. */
static void wait_in_the_evening(struct fixture *x)
{
    x->window_ms = DAY_MS;
    tapped_all(x, "do:begin usage=daily");
    x->now_ms = MONDAY_EVENING_MS;
    typed(x, "do:human");
    assert_holder(x, "waiting");
}

/* ---- asked for ---- */

static void who_asks_hears_when_and_can_go_on_meanwhile(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    x->now_ms = MONDAY_EVENING_MS;
    typed(x, "do:human");
    assert_said(x, "handed rather_call");
    assert_has(x, "moment=[moment_tomorrow n=9.00]");
    assert_choices(x, "do:begin do:stop");
    assert_null(x->out->link.url); /* she reads it here: no second way that forks the talk */
    assert_told(x, "asked");
    assert_holder(x, "waiting");
    tapped(x, "do:begin");
    assert_said(x, "progress calendar.again");
    assert_told(x, "wrote");
}

static void what_is_sent_with_the_asking_reaches_her(void **state)
{
    struct fixture *x = *state;

    sent_media(x, MEDIA_IMAGE, "do:human");
    assert_told(x, "asked wrote");
}

static void while_she_is_there_no_moment_is_named(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:human");
    assert_said(x, "intro_named handed_now rather_call");
}

static void who_asks_again_is_told_again_and_the_promise_stays(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    int64_t since = x->c.holder_ms, promise = x->c.times.promise_ms;
    x->now_ms += HOUR_MS;
    typed(x, "do:human");
    assert_said(x, "still_waiting rather_call");
    assert_told(x, "wrote");
    assert_int_equal(x->c.holder_ms, since);
    assert_int_equal(x->c.times.promise_ms, promise);
    x->now_ms = TUESDAY_NINE_MS;
    typed(x, "do:human");
    assert_said(x, "still_waiting_now rather_call");
}

/* Without a desk nobody is told here, yet the person waits: the operator can see it. */
static void without_a_desk_the_link_and_a_wait_that_ends_by_itself(void **state)
{
    struct fixture *x = *state;

    x->script.desk = false;
    x->now_ms = MONDAY_EVENING_MS;
    typed(x, "do:human");
    assert_said(x, "intro_named command.human");
    assert_non_null(x->out->link.url);
    assert_holder(x, "waiting");
    clock_until(x, TUESDAY_NINE_MS + DAY_MS - SECOND_MS);
    assert_holder(x, "waiting");
    clock_until(x, TUESDAY_NINE_MS + DAY_MS);
    assert_holder(x, "bot");
    assert_null(x->out);
}

/* ---- while she is waited for ---- */

static void what_is_written_while_waiting_reaches_her_and_the_bot_goes_on(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    typed(x, "calendar=yes");
    assert_said(x, "noted_one progress team.ask");
    assert_told(x, "wrote");
    turned(x, MESSAGE_REACTION);
    assert_told(x, "");
}

static void what_the_bot_cannot_make_out_is_passed_on_once(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    typed(x, "");
    assert_said(x, "passed_on progress calendar.again");
    assert_told(x, "wrote");
    typed(x, "");
    assert_null(x->out);
    assert_told(x, "wrote");
    sent_media(x, MEDIA_IMAGE, "");
    assert_null(x->out); /* the third in a row of what is hers to read */
    assert_told(x, "wrote");
    typed(x, "calendar=no");
    assert_said(x, "noted_one progress team.ask");
    sent_media(x, MEDIA_IMAGE, "");
    assert_said(x, "media_passed_on progress team.again");
}

static void a_withdrawn_or_changed_message_is_told_as_well(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    typed(x, "");
    edited(x, x->id, "");
    assert_null(x->out);
    assert_told(x, "wrote");
    turned(x, MESSAGE_REVOKE);
    assert_told(x, "wrote");
}

static void the_person_can_let_her_off(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    typed(x, "do:bot");
    assert_said(x, "bot_again progress calendar.again");
    assert_told(x, "wrote resumed");
    assert_holder(x, "bot");
    assert_int_equal(conversation_wake_ms(&x->c), 0);
}

/* ---- she has it ---- */

static void while_she_has_the_chat_the_bot_is_silent(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_TAKEN);
    assert_told(x, "taken");
    assert_null(x->out);
    assert_holder(x, "human");
    typed(x, "calendar=yes");
    assert_null(x->out);
    assert_told(x, "wrote");
    tapped(x, "usage=heavy");
    assert_null(x->out);
    assert_answers(x, "usage=daily"); /* said to her, not to the bot */
    sent_media(x, MEDIA_VOICE, "");
    assert_null(x->out);
    typed(x, "do:stop");
    assert_null(x->out);
    assert_told(x, "wrote");
    turned(x, MESSAGE_REACTION);
    assert_told(x, "");
}

static void her_own_words_take_it_over_too_and_she_is_told_once(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin");
    happened(x, EVENT_SPOKE);
    assert_told(x, "taken");
    happened(x, EVENT_SPOKE);
    assert_told(x, "");
    assert_holder(x, "human");
    typed(x, "usage=daily");
    assert_null(x->out);
}

static void only_words_that_surely_mean_it_bring_the_bot_back(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_TAKEN);
    typed(x, "~do:bot");
    assert_null(x->out);
    typed(x, "usage=daily do:bot");
    assert_null(x->out);
    typed(x, "do:bot");
    assert_said(x, "bot_again progress calendar.again");
    assert_told(x, "wrote resumed");
    assert_holder(x, "bot");
    happened(x, EVENT_TAKEN);
    tapped(x, "do:bot");
    assert_holder(x, "bot");
}

/* A right is not hers to grant; but a sentence about some data is no command. */
static void erasing_works_while_she_has_it_where_it_is_meant(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_TAKEN);
    typed(x, "~do:delete_data");
    assert_null(x->out);
    typed(x, "do:delete_data");
    assert_said(x, "erased");
    assert_told(x, "wrote erased");
    assert_int_equal(x->fx.effect[2].kind, EFFECT_ERASE);
    assert_holder(x, "bot");
}

/* ---- back ---- */

static void she_gives_it_back_and_the_bot_goes_on_where_it_was(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_SPOKE);
    happened(x, EVENT_GIVEN_BACK);
    assert_said(x, "bot_back progress calendar.again");
    assert_told(x, "given_back");
    assert_holder(x, "bot");
    happened(x, EVENT_GIVEN_BACK); /* pressed twice */
    assert_null(x->out);
}

static void given_back_by_who_never_took_it_says_nothing(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_GIVEN_BACK);
    assert_null(x->out);
    assert_told(x, "given_back");
    assert_holder(x, "bot");
    assert_int_equal(conversation_wake_ms(&x->c), 0);
}

static void given_back_outside_the_window_is_said_with_the_next_reply(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_SPOKE);
    x->now_ms += 25 * HOUR_MS;
    x->c.times.back_ms = 0;
    happened(x, EVENT_GIVEN_BACK);
    assert_null(x->out);
    typed(x, "calendar=yes");
    assert_said(x, "bot_back resume_other noted_one progress team.ask");
    typed(x, "team=alone");
    assert_hasnt(x, "bot_back");
}

/* Her last word Monday at 19:00; twelve hours on it is 7 in the morning, and nobody is woken. */
static void long_silence_gives_back_in_daytime_with_one_line_to_who_waits(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_SPOKE);
    typed(x, "");
    clock_until(x, TUESDAY_NINE_MS - HOUR_MS - SECOND_MS);
    assert_holder(x, "human");
    clock_until(x, TUESDAY_NINE_MS - HOUR_MS + SECOND_MS);
    assert_holder(x, "bot");
    assert_said(x, "bot_back progress calendar.again");
    assert_told(x, "back");
}

static void long_silence_after_her_own_last_word_costs_no_message(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_SPOKE);
    clock_until(x, TUESDAY_NINE_MS);
    assert_holder(x, "bot");
    assert_null(x->out);
    assert_told(x, "back");
    typed(x, "calendar=yes");
    assert_said(x, "bot_back noted_one progress team.ask");
}

/* Thanks and goodbye wait for no answer: nobody is called on in the morning for them. */
static void who_says_thanks_last_is_left_in_peace(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_SPOKE);
    typed(x, "do:thanks");
    assert_told(x, "wrote");
    typed(x, "do:bye");
    assert_int_equal(x->c.times.warn_ms, 0);
    clock_until(x, TUESDAY_NINE_MS);
    assert_holder(x, "bot");
    assert_null(x->out);
    /* But a question before it still waits. */
    happened(x, EVENT_SPOKE);
    typed(x, "");
    typed(x, "do:thanks");
    assert_true(x->c.unanswered);
}

static void each_word_of_hers_begins_the_silence_anew(void **state)
{
    struct fixture *x = *state;

    happened(x, EVENT_SPOKE);
    x->now_ms += 10 * HOUR_MS;
    happened(x, EVENT_SPOKE);
    x->now_ms = MONDAY_MS + 13 * HOUR_MS;
    assert_true(conversation_wake_ms(&x->c) > x->now_ms);
}

/* ---- promises ---- */

/* Named: Tuesday at 9; two hours of grace; she is reminded after one. */
static void a_promise_that_passes_is_told_once_after_she_was_reminded(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    clock_until(x, TUESDAY_NINE_MS + HOUR_MS - SECOND_MS);
    assert_holder(x, "waiting");
    clock_until(x, TUESDAY_NINE_MS + HOUR_MS);
    assert_told(x, "remind");
    assert_null(x->out);
    clock_until(x, TUESDAY_NINE_MS + 2 * HOUR_MS);
    assert_told(x, "overdue:told");
    assert_said(x, "overdue");
    assert_has(x, "phone=06 44908448 email=info@example.nl");
    assert_holder(x, "waiting");
    x->out = NULL;
    clock_until(x, TUESDAY_NINE_MS + 9 * DAY_MS);
    assert_null(x->out);
}

static void a_promise_she_kept_is_no_more(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_SPOKE);
    x->c.times.back_ms = 0;
    assert_int_equal(conversation_wake_ms(&x->c), 0);
}

/* Asked on Thursday at 17:01, she is there on Monday: by then nothing may be sent. */
static void a_promise_that_passes_outside_the_window_is_told_with_the_next_reply(void **state)
{
    struct fixture *x = *state;

    x->window_ms = DAY_MS;
    tapped_all(x, "do:begin");
    x->now_ms = MONDAY_MS + 3 * DAY_MS + 7 * HOUR_MS + MINUTE_MS;
    typed(x, "do:human");
    assert_has(x, "moment=[moment_day n=9.00 list=day_monday]");
    clock_until(x, MONDAY_MS + 7 * DAY_MS + HOUR_MS + MINUTE_MS);
    assert_null(x->out);
    assert_told(x, "overdue");
    assert_holder(x, "waiting");
    typed(x, "usage=daily");
    assert_said(x, "overdue resume_other noted_one progress calendar.ask");
    typed(x, "calendar=no");
    assert_hasnt(x, "overdue");
}

/* What the bot cannot make out is passed on in silence, but not over what it still has to tell. */
static void what_is_owed_is_told_whatever_the_person_writes(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    typed(x, "");
    sent_media(x, MEDIA_IMAGE, "");
    assert_null(x->out);
    x->c.overdue = true;
    sent_media(x, MEDIA_IMAGE, ""); /* of the same album */
    assert_null(x->out);
    assert_true(x->c.overdue);
    typed(x, "");
    assert_said(x, "overdue passed_on progress calendar.again");
    assert_false(x->c.overdue);
    typed(x, "");
    assert_null(x->out);
}

static void who_asked_for_silence_is_not_written_to(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    tapped(x, "do:stop");
    assert_said(x, "stopped");
    clock_until(x, TUESDAY_NINE_MS + 2 * HOUR_MS);
    assert_null(x->out);
    assert_told(x, "overdue");
}

/* ---- the window ---- */

static void she_is_warned_two_hours_before_the_window_shuts(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_TAKEN);
    typed(x, "");
    int64_t wrote = x->c.last_ms;
    x->c.times.back_ms = 0;
    clock_until(x, wrote + 22 * HOUR_MS - SECOND_MS);
    assert_holder(x, "human");
    clock_until(x, wrote + 22 * HOUR_MS);
    assert_told(x, "shutting");
    assert_int_equal(x->fx.effect[0].tell.at_ms, wrote + DAY_MS);
    assert_int_equal(conversation_wake_ms(&x->c), 0);
}

static void who_was_answered_needs_no_warning_and_no_window_none(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    assert_true(x->c.times.warn_ms > 0);
    happened(x, EVENT_SPOKE);
    assert_int_equal(x->c.times.warn_ms, 0);
    x->window_ms = 0;
    typed(x, "");
    assert_int_equal(x->c.times.warn_ms, 0);
}

/* ---- later, gone ---- */

static void later_reminds_in_an_hour_or_when_she_is_there_again(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:human");
    happened(x, EVENT_LATER);
    assert_told(x, "later");
    assert_int_equal(x->c.times.remind_ms, x->now_ms - SECOND_MS + HOUR_MS);
    x->now_ms = MONDAY_EVENING_MS;
    happened(x, EVENT_LATER);
    assert_int_equal(x->fx.effect[0].tell.at_ms, TUESDAY_NINE_MS);
    assert_holder(x, "waiting");
    x->c.holder = HOLDER_BOT;
    happened(x, EVENT_LATER);
    assert_told(x, "");
}

static void who_is_gone_is_silent_until_they_write(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_GONE);
    assert_told(x, "gone");
    assert_null(x->out);
    assert_holder(x, "bot");
    assert_open(x, "stopped");
    assert_int_equal(conversation_wake_ms(&x->c), 0);
    happened(x, EVENT_GONE);
    assert_told(x, "");
    typed(x, "calendar=yes");
    assert_open(x, "team");
}

/* One line, in place of an answer: where they stood they stand. */
static void who_writes_too_fast_is_told_and_stays_where_they_were(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    const struct conversation before = x->c;
    happened(x, EVENT_TOO_FAST);
    assert_said(x, "too_fast");
    assert_choices(x, "");
    happened(x, EVENT_ENOUGH);
    assert_said(x, "enough");
    assert_memory_equal(&x->c, &before, sizeof before);
}

static void not_in_her_chat_nor_to_who_asked_for_silence(void **state)
{
    struct fixture *x = *state;

    wait_in_the_evening(x);
    happened(x, EVENT_TOO_FAST);
    assert_said(x, "too_fast");
    happened(x, EVENT_TAKEN);
    happened(x, EVENT_TOO_FAST);
    assert_null(x->out);
    happened(x, EVENT_GIVEN_BACK);
    typed(x, "do:stop");
    happened(x, EVENT_ENOUGH);
    assert_null(x->out);
}

/* An album is answered once also where its first picture says something. */
static void an_album_is_answered_once(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    sent_media(x, MEDIA_IMAGE, "usage=daily");
    assert_said(x, "noted_one progress calendar.ask");
    sent_media(x, MEDIA_IMAGE, "");
    assert_null(x->out);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int test_holder(void)
{
    const struct CMUnitTest tests[] = {
        WITH(who_asks_hears_when_and_can_go_on_meanwhile),
        WITH(what_is_sent_with_the_asking_reaches_her),
        WITH(while_she_is_there_no_moment_is_named),
        WITH(who_asks_again_is_told_again_and_the_promise_stays),
        WITH(without_a_desk_the_link_and_a_wait_that_ends_by_itself),
        WITH(what_is_written_while_waiting_reaches_her_and_the_bot_goes_on),
        WITH(what_the_bot_cannot_make_out_is_passed_on_once),
        WITH(a_withdrawn_or_changed_message_is_told_as_well),
        WITH(the_person_can_let_her_off),
        WITH(while_she_has_the_chat_the_bot_is_silent),
        WITH(her_own_words_take_it_over_too_and_she_is_told_once),
        WITH(only_words_that_surely_mean_it_bring_the_bot_back),
        WITH(erasing_works_while_she_has_it_where_it_is_meant),
        WITH(she_gives_it_back_and_the_bot_goes_on_where_it_was),
        WITH(given_back_by_who_never_took_it_says_nothing),
        WITH(given_back_outside_the_window_is_said_with_the_next_reply),
        WITH(long_silence_gives_back_in_daytime_with_one_line_to_who_waits),
        WITH(long_silence_after_her_own_last_word_costs_no_message),
        WITH(who_says_thanks_last_is_left_in_peace),
        WITH(each_word_of_hers_begins_the_silence_anew),
        WITH(a_promise_that_passes_is_told_once_after_she_was_reminded),
        WITH(a_promise_she_kept_is_no_more),
        WITH(a_promise_that_passes_outside_the_window_is_told_with_the_next_reply),
        WITH(what_is_owed_is_told_whatever_the_person_writes),
        WITH(who_asked_for_silence_is_not_written_to),
        WITH(she_is_warned_two_hours_before_the_window_shuts),
        WITH(who_was_answered_needs_no_warning_and_no_window_none),
        WITH(later_reminds_in_an_hour_or_when_she_is_there_again),
        WITH(who_is_gone_is_silent_until_they_write),
        WITH(who_writes_too_fast_is_told_and_stays_where_they_were),
        WITH(not_in_her_chat_nor_to_who_asked_for_silence),
        WITH(an_album_is_answered_once),
    };
    return UNIT_RUN(tests);
}

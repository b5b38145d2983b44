#include "fixture.h"

int test_leaving(void);

static const char all[] = "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no";

/* ---- stop ---- */

static void stop_says_so_and_is_silent(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    typed(x, "do:stop");
    assert_said(x, "stopped");
    assert_choices(x, "");
    assert_open(x, "stopped");
    static const enum message_kind quiet[] = {MESSAGE_REACTION, MESSAGE_REVOKE, MESSAGE_OPEN};
    for (size_t i = 0; i < 3; i++) {
        turned(x, quiet[i]);
        assert_said(x, "");
        assert_open(x, "stopped");
    }
}

static void stop_twice_is_said_once(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    typed(x, "do:stop");
    typed(x, "do:stop");
    assert_said(x, "");
    assert_int_equal(x->fx.n, 0);
    assert_open(x, "stopped");
    typed(x, "do:greeting");
    assert_open(x, "calendar");
}

static void a_next_message_wakes_with_the_context(void **state)
{
    static const char *const words[] = {"do:greeting", "", "do:begin"};
    struct fixture *x = *state;

    for (size_t i = 0; i < 3; i++) {
        tapped_all(x, "do:restart usage=light do:stop");
        typed(x, words[i]);
        assert_said(x, "resume_other progress calendar.again");
        assert_has(x, "[resume_other name= count=5]");
        assert_open(x, "calendar");
        assert_int_equal(x->c.misses, 0);
    }
}

static void stopped_at_the_first_question_one_wakes_at_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin do:stop");
    typed(x, "do:greeting");
    assert_said(x, "resume_other progress usage.again");
    tapped_all(x, "usage=light calendar=no ask:usage do:stop"); /* and at one that is asked again */
    typed(x, "do:greeting");
    assert_said(x, "resume_other usage.again");
}

static void goodbye_with_an_answer_is_goodbye(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=light do:bye");
    assert_said(x, "noted_one command.bye");
    assert_choices(x, "");
    assert_open(x, "calendar");
}

static void an_answer_wakes_and_counts(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light do:stop");
    typed(x, "calendar=no");
    assert_said(x, "resume_other noted_one progress team.ask");
    tapped(x, "do:stop");
    tapped(x, "team=alone"); /* a tap needs no greeting */
    assert_said(x, "progress security.ask");
}

static void a_photo_wakes_as_well(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light do:stop");
    sent_media(x, MEDIA_IMAGE, "");
    assert_said(x, "resume_other media_image progress calendar.again");
}

static void stopped_after_the_advice_one_wakes_after_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "do:stop");
    typed(x, "");
    assert_said(x, "resume_after");
    assert_open(x, "after");
    assert_choices(x, "do:human topic:difference do:change");
}

static void stopped_at_the_start_one_wakes_there(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:stop");
    assert_said(x, "intro stopped");
    assert_non_null(x->out->footer);
    typed(x, "do:greeting");
    assert_said(x, "welcome.text");
    assert_open(x, "start");
}

static void stopped_with_the_last_answer_one_wakes_after_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none");
    typed(x, "growth=no do:stop");
    assert_said(x, "noted_one stopped");
    assert_choices(x, "");
    typed(x, "do:greeting");
    assert_said(x, "resume_after");
}

/* ---- erase ---- */

static void erasing_comes_before_its_receipt(void **state)
{
    struct fixture *x = *state;
    struct conversation begun;

    tapped_all(x, all);
    typed(x, "do:delete_data");
    assert_told(x, "erased"); /* while there is still somebody to be told about */
    assert_int_equal(x->fx.n, 3);
    assert_int_equal(x->fx.effect[0].kind, EFFECT_TELL);
    assert_int_equal(x->fx.effect[1].kind, EFFECT_ERASE);
    assert_int_equal(x->fx.effect[2].kind, EFFECT_SAY);
    assert_said(x, "erased");
    assert_choices(x, "");
    assert_null(x->out->footer);
    conversation_begin(&begun, "nl");
    assert_memory_equal(&begun, &x->c, sizeof begun);
}

static void who_erases_first_of_all_gets_the_receipt_alone(void **state)
{
    struct fixture *x = *state;

    x->sent_ms = x->now_ms - HOUR_MS; /* late, too */
    typed(x, "usage=light do:delete_data");
    assert_said(x, "erased");
    assert_choices(x, "");
    assert_null(x->out->footer);
    assert_int_equal(x->fx.effect[1].kind, EFFECT_ERASE);
    struct conversation begun;
    conversation_begin(&begun, "nl");
    assert_memory_equal(&begun, &x->c, sizeof begun);
}

static void the_receipt_is_in_the_language_spoken(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:language_en");
    typed(x, "do:delete_data");
    assert_said(x, "E.erased");
}

static void after_erasing_one_is_new(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "do:delete_data");
    typed(x, "do:greeting");
    assert_said(x, "intro welcome.text");
    assert_non_null(x->out->footer);
    typed(x, "do:delete_data");
    tapped(x, "team=several"); /* the buttons are still on their phone */
    assert_said(x, "intro changed remaining_other usage.ask unsure_hint");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_leaving(void)
{
    const struct CMUnitTest tests[] = {
        WITH(stop_says_so_and_is_silent),
        WITH(stop_twice_is_said_once),
        WITH(a_next_message_wakes_with_the_context),
        WITH(stopped_at_the_first_question_one_wakes_at_it),
        WITH(goodbye_with_an_answer_is_goodbye),
        WITH(an_answer_wakes_and_counts),
        WITH(a_photo_wakes_as_well),
        WITH(stopped_after_the_advice_one_wakes_after_it),
        WITH(stopped_at_the_start_one_wakes_there),
        WITH(stopped_with_the_last_answer_one_wakes_after_it),
        WITH(erasing_comes_before_its_receipt),
        WITH(who_erases_first_of_all_gets_the_receipt_alone),
        WITH(the_receipt_is_in_the_language_spoken),
        WITH(after_erasing_one_is_new),
    };
    return UNIT_RUN(tests);
}

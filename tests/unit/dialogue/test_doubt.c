/* What was not understood for certain: acted on and said, or asked about. */
#include "fixture.h"

int test_doubt(void);

/* ---- fairly sure ---- */

static void what_is_likely_is_taken_said_and_corrected_in_one_tap(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "~usage=daily");
    assert_said(x, "noted_likely progress calendar.ask");
    assert_choices(x, "calendar=yes calendar=some calendar=no ask:usage");
    assert_string_equal(x->out->choice[3].title, "[correct_label]");
    assert_answers(x, "usage=daily");
    tapped(x, "ask:usage");
    assert_open(x, "usage");
    tapped(x, "usage=heavy");
    assert_answers(x, "usage=heavy");
    assert_open(x, "calendar");
}

static void what_is_sure_needs_no_way_back(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=daily");
    assert_said(x, "noted_one progress calendar.ask");
    assert_choices(x, "calendar=yes calendar=some calendar=no");
}

static void what_forgets_is_asked_about_first(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    tapped(x, "usage=daily");
    typed(x, "~do:delete_data");
    assert_said(x, "guess_one");
    assert_choices(x, "do:delete_data ask:calendar");
    assert_answers(x, "usage=daily");
    typed(x, "~do:restart"); /* on no button of this flow, so it cannot be asked about */
    assert_said(x, "unclear progress calendar.again");
    assert_answers(x, "usage=daily");
    typed(x, "do:restart");
    assert_answers(x, "");
}

/* ---- unsure ---- */

static void two_guesses_are_offered_to_tap(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "?usage=daily ?topic:pop");
    assert_said(x, "guess_two");
    assert_choices(x, "usage=daily topic:pop ask:usage");
    assert_string_equal(x->out->choice[2].title, "[other_label]");
    assert_answers(x, "");
    assert_open(x, "usage");
    tapped(x, "usage=daily");
    assert_answers(x, "usage=daily");
}

static void one_guess_is_offered_alone_and_not_knowing_as_well(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "?usage=unsure");
    assert_said(x, "guess_one");
    assert_choices(x, "usage=unsure ask:usage");
    tapped(x, "ask:usage"); /* none of these */
    assert_choices(x, "usage=light usage=daily usage=heavy");
}

static void after_guesses_come_other_words_and_the_human(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "?usage=daily");
    typed(x, "?usage=daily");
    assert_said(x, "unclear_again progress usage.other");
    assert_int_equal(x->c.misses, 2);
}

static void without_a_question_the_rest_is_the_start(void **state)
{
    struct fixture *x = *state;

    tapped(x, "topic:pop");
    typed(x, "?topic:imap");
    assert_said(x, "guess_one");
    assert_non_null(strstr(choice_ids(x), "topic:imap go:"));
}

/* ---- a change that was not asked for ---- */

static void a_guess_that_changes_an_answer_leaves_it_until_it_is_said(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    tapped(x, "usage=daily");
    typed(x, "?usage=heavy");
    assert_said(x, "change_doubt");
    assert_choices(x, "usage=heavy usage=daily ask:usage");
    assert_answers(x, "usage=daily");
    tapped(x, "usage=heavy");
    assert_answers(x, "usage=heavy");
}

static void a_guess_that_says_what_holds_already_is_no_change(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    tapped(x, "usage=daily");
    typed(x, "?usage=daily");
    assert_said(x, "guess_one");
}

int test_doubt(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
        TEST(what_is_likely_is_taken_said_and_corrected_in_one_tap),
        TEST(what_is_sure_needs_no_way_back),
        TEST(what_forgets_is_asked_about_first),
        TEST(two_guesses_are_offered_to_tap),
        TEST(one_guess_is_offered_alone_and_not_knowing_as_well),
        TEST(after_guesses_come_other_words_and_the_human),
        TEST(without_a_question_the_rest_is_the_start),
        TEST(a_guess_that_changes_an_answer_leaves_it_until_it_is_said),
        TEST(a_guess_that_says_what_holds_already_is_no_change),
#undef TEST
    };
    return UNIT_RUN(tests);
}

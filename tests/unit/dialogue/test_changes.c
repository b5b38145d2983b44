#include "fixture.h"

int test_changes(void);

static const char all[] = "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no";

/* ---- back ---- */

static void back_asks_the_last_answer_again_and_a_second_back_the_one_before(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=some");
    typed(x, "do:back");
    assert_said(x, "reopened calendar.ask");
    assert_has(x, "answer=calendar.some");
    assert_open(x, "calendar");
    typed(x, "do:back");
    assert_said(x, "reopened usage.ask");
    assert_has(x, "answer=usage.daily");
    typed(x, "do:back");
    assert_said(x, "nothing_back usage.again");
    assert_answers(x, "usage=daily calendar=some"); /* until there is a new one */
    tapped(x, "usage=heavy");
    assert_said(x, "progress team.ask");
    assert_answers(x, "usage=heavy calendar=some");
}

static void back_at_the_start_has_nowhere_to_go(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    typed(x, "do:back");
    assert_said(x, "nothing_back");
    assert_choices(x, "do:begin go:topics do:human");
    assert_open(x, "start");
}

static void back_after_the_advice_asks_the_last_question_again(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "do:back");
    assert_said(x, "reopened growth.ask");
    assert_has(x, "answer=growth.no");
    assert_open(x, "growth");
}

static void back_says_what_was_skipped_or_unsure(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin do:skip calendar=unsure");
    typed(x, "do:back");
    assert_has(x, "[reopened answer=unsure_label]");
    typed(x, "do:back");
    assert_has(x, "[reopened answer=skipped_label]");
}

/* ---- the list, and one of it ---- */

static void change_lists_the_answers(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily do:skip team=unsure");
    typed(x, "do:change");
    assert_said(x, "change_pick");
    assert_choices(x, "ask:usage ask:calendar ask:team");
    assert_string_equal(x->out->choice[0].title, "usage.noun");
    assert_string_equal(x->out->choice[0].note, "[change_row answer=usage.daily]");
    assert_string_equal(x->out->choice[1].note, "[change_row answer=skipped_label]");
    assert_string_equal(x->out->choice[2].note, "[change_row answer=unsure_label]");
    assert_open(x, "security");
}

/* WhatsApp: ten rows. */
static void of_more_answers_than_a_list_can_hold_the_first_are_listed(void **state)
{
    struct fixture *x = *state;
    static const char *const more[] = {"g", "h", "i", "j", "k", "l"};

    for (size_t i = 0; i < 6; i++) {
        x->flow.question[6 + i] = x->flow.question[GROWTH];
        x->flow.question[6 + i].id = more[i];
        answers_give(&x->c.answers, 6 + (int)i, ANSWER_UNSURE, 0, 1);
    }
    x->flow.question_n = FLOW_QUESTIONS_MAX;
    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no");
    typed(x, "do:change");
    assert_choices(
        x, "ask:usage ask:calendar ask:team ask:security ask:sector ask:growth ask:g ask:h ask:i ask:j");
}

static void without_answers_there_is_nothing_to_change(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    typed(x, "do:change");
    assert_said(x, "change_none progress usage.again");
}

static void a_changed_answer_gives_the_advice_anew_and_asks_nothing_else(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    assert_has(x, "[imap.title]");
    tapped(x, "ask:sector");
    assert_said(x, "reopened sector.ask");
    assert_has(x, "answer=sector.none");
    assert_choices(x, "sector=strict sector=none sector=unsure");
    assert_open(x, "sector");
    tapped(x, "sector=strict");
    assert_open(x, "after");
    assert_has(x, "[microsoft365.title]");
    assert_hasnt(x, "changed");
    assert_answers(x, "usage=light calendar=no team=alone security=basic sector=strict growth=no");
}

static void a_changed_answer_on_the_way_leads_back_to_the_open_question(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=some ask:usage");
    assert_open(x, "usage");
    typed(x, "usage=heavy");
    assert_said(x, "noted_one progress team.ask");
    assert_answers(x, "usage=heavy calendar=some");
}

/* Skipping it, or going on, is thinking better of the change. */
static void an_answer_asked_again_stays_when_it_is_passed_over(void **state)
{
    static const char *const words[] = {"do:skip", "do:begin"};
    struct fixture *x = *state;

    for (size_t i = 0; i < 2; i++) {
        tapped_all(x, "do:restart usage=daily calendar=some ask:usage");
        typed(x, words[i]);
        assert_said(x, "progress team.ask");
        assert_answers(x, "usage=daily calendar=some");
    }
}

static void a_topic_at_an_answer_asked_again_counts_no_questions(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=some ask:usage");
    typed(x, "topic:pop");
    assert_said(x, "topic.pop usage.again");
}

static void an_answer_asked_again_stays_open_while_others_are_given(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=some ask:usage");
    typed(x, "team=alone");
    assert_said(x, "noted_other usage.again");
    tapped(x, "team=several");
    assert_said(x, "changed usage.again");
    tapped(x, "usage=heavy");
    assert_said(x, "progress security.ask");
    assert_answers(x, "usage=heavy calendar=some team=several");
}

/* ---- old buttons, corrections ---- */

static void an_old_button_changes_its_answer_and_the_open_question_stays(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=some");
    tapped(x, "usage=heavy");
    assert_said(x, "changed progress team.again");
    assert_has(x, "answer=usage.heavy question=usage.noun");
    assert_open(x, "team");
    assert_answers(x, "usage=heavy calendar=some");
}

static void an_old_button_after_the_advice_gives_it_anew(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    tapped(x, "sector=strict");
    assert_open(x, "after");
    assert_has(x, "[changed answer=sector.strict question=sector.noun]\n\n[microsoft365.title]");
}

static void the_same_button_twice_counts_once(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    struct conversation before = x->c;
    tapped(x, "usage=daily");
    assert_said(x, "progress calendar.again");
    assert_memory_equal(&before.answers, &x->c.answers, sizeof before.answers);
}

static void the_last_button_twice_does_not_repeat_the_advice(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    tapped(x, "growth=no");
    assert_said(x, "resume_after");
    assert_has(x, "outcome=imap.name");
    assert_open(x, "after");
}

static void a_correction_in_words_is_said_and_the_open_question_stays(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=yes");
    typed(x, "calendar=some");
    assert_said(x, "changed progress team.again");
    assert_answers(x, "usage=daily calendar=some");
    typed(x, "calendar=some"); /* nothing new, but they said it */
    assert_said(x, "noted_other progress team.again");
}

static void a_button_no_longer_known_says_so(void **state)
{
    struct fixture *x = *state;
    const struct message bare = {.kind = MESSAGE_TAP};

    tapped_all(x, "do:begin usage=daily");
    tapped(x, "printer=laser");
    assert_said(x, "old_button progress calendar.again");
    stepped(x, &bare, NULL);
    assert_said(x, "old_button progress calendar.again");
    assert_open(x, "calendar");
}

/* ---- restart ---- */

static void restart_forgets_the_answers(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "do:restart");
    assert_said(x, "restarted progress usage.ask unsure_hint");
    assert_has(x, "n=1 total=6");
    assert_answers(x, "");
    assert_int_equal(x->c.order, 0);
}

static void a_button_of_before_a_restart_counts_and_is_said(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=some do:restart");
    tapped(x, "calendar=yes");
    assert_said(x, "changed remaining_other usage.again");
    assert_answers(x, "calendar=yes");
    assert_open(x, "usage");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_changes(void)
{
    const struct CMUnitTest tests[] = {
        WITH(back_asks_the_last_answer_again_and_a_second_back_the_one_before),
        WITH(back_at_the_start_has_nowhere_to_go),
        WITH(back_after_the_advice_asks_the_last_question_again),
        WITH(back_says_what_was_skipped_or_unsure),
        WITH(change_lists_the_answers),
        WITH(of_more_answers_than_a_list_can_hold_the_first_are_listed),
        WITH(without_answers_there_is_nothing_to_change),
        WITH(a_changed_answer_gives_the_advice_anew_and_asks_nothing_else),
        WITH(a_changed_answer_on_the_way_leads_back_to_the_open_question),
        WITH(an_answer_asked_again_stays_when_it_is_passed_over),
        WITH(a_topic_at_an_answer_asked_again_counts_no_questions),
        WITH(an_answer_asked_again_stays_open_while_others_are_given),
        WITH(an_old_button_changes_its_answer_and_the_open_question_stays),
        WITH(an_old_button_after_the_advice_gives_it_anew),
        WITH(the_same_button_twice_counts_once),
        WITH(the_last_button_twice_does_not_repeat_the_advice),
        WITH(a_correction_in_words_is_said_and_the_open_question_stays),
        WITH(a_button_no_longer_known_says_so),
        WITH(restart_forgets_the_answers),
        WITH(a_button_of_before_a_restart_counts_and_is_said),
    };
    return UNIT_RUN(tests);
}

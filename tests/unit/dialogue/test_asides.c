#include "fixture.h"

int test_asides(void);

static const char all[] = "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no";

/* ---- topics ---- */

static void a_topic_at_a_question_is_answered_and_the_question_asked_shorter(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "topic:pop");
    assert_said(x, "topic.pop progress calendar.again");
    assert_choices(x, "calendar=yes calendar=some calendar=no");
    tapped(x, "topic:imap");
    assert_said(x, "topic.imap progress calendar.again");
    assert_open(x, "calendar");
}

static void a_topic_at_the_start_offers_to_begin(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    typed(x, "topic:difference");
    assert_said(x, "topic.difference");
    assert_choices(x, "do:begin go:topics do:human");
    assert_open(x, "start");
}

static void a_topic_after_the_advice_does_not_offer_itself(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    tapped(x, "topic:difference");
    assert_said(x, "topic.difference");
    assert_choices(x, "do:human do:change");
    tapped(x, "topic:pop");
    assert_choices(x, "do:human topic:difference do:change");
    assert_open(x, "after");
}

static void of_two_topics_the_surer_is_answered(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "topic:imap topic:pop");
    assert_said(x, "topic.imap progress usage.again");
}

static void the_facts_of_the_business_may_stand_in_any_text(void **state)
{
    static const struct piece words[] = {
        {.param = PARAM_BUSINESS}, {.literal = "|"}, {.param = PARAM_HUMAN},  {.literal = "|"},
        {.param = PARAM_PHONE},    {.literal = "|"}, {.param = PARAM_EMAIL},  {.literal = "|"},
        {.param = PARAM_SITE},     {.literal = "|"}, {.param = PARAM_SOCIAL}, {.literal = "|"},
        {.param = PARAM_HOURS},    {.literal = "|"}, {.param = PARAM_DAYS},   {.param = PARAM_N_OF}};
    struct fixture *x = *state;

    x->nl_text[x->flow.topic[flow_topic_find(&x->flow, "pop")].text].other = words;
    typed(x, "topic:pop");
    assert_has(x, "Get to the Point|Elisah|06 44908448|info@example.nl|example.nl|social.example|"
                  "[hours_block n=9.00 total=17.00 list=day_monday, day_tuesday and day_thursday]|30");
}

/* ---- menus ---- */

static void a_menu_shows_its_choices_but_the_language_that_is_spoken(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "do:menu");
    assert_said(x, "menu.text");
    assert_choices(x, "do:begin do:change go:topics do:human do:language_en do:stop");
    assert_open(x, "calendar");
    typed(x, "do:language_en");
    typed(x, "do:menu");
    assert_choices(x, "do:begin do:change go:topics do:human do:language_nl do:stop");
    assert_string_equal(x->out->choice[4].title, "E.do:language_nl");
}

static void a_menu_beside_an_answer_is_all_that_is_offered(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=daily do:menu");
    assert_said(x, "noted_one menu.text");
    assert_choices(x, "do:begin do:change go:topics do:human do:language_en do:stop");
    typed(x, "do:begin");
    assert_said(x, "progress calendar.again");
}

static void a_button_leads_to_a_menu(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    tapped(x, "go:topics");
    assert_said(x, "topics.text");
    assert_choices(x, "topic:difference topic:imap topic:pop topic:price");
}

/* ---- languages ---- */

static void another_language_asks_the_open_question_in_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "do:language_en");
    assert_said(x, "E.language_set E.progress E.calendar.ask");
    assert_string_equal(x->out->choice[0].title, "E.calendar.yes");
    assert_null(x->out->footer);
    tapped(x, "calendar=no");
    assert_said(x, "E.progress E.team.ask");
    typed(x, "do:language_nl");
    assert_said(x, "language_set progress team.ask");
    assert_string_equal(x->c.locale, "nl");
}

static void another_language_after_the_advice_tells_it_in_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "do:language_en");
    assert_non_null(strstr(said_keys(x), "E.language_set E.imap.title E.imap.text"));
    assert_hasnt(x, "[imap.title]");
}

/* The business's hours are words too. */
static void the_moment_she_reads_is_told_in_the_new_language(void **state)
{
    struct fixture *x = *state;

    static const struct piece words[] = {{.param = PARAM_MOMENT}, {.param = PARAM_N_OF}};

    x->en_text[x->flow.state[x->flow.welcome].text].other = words;
    typed(x, "do:language_en");
    assert_has(x, "[E.moment_now]"); /* in this very message */
    typed(x, "do:human");
    assert_has(x, "[E.command.human moment=[E.moment_now]");
}

static void an_answer_beside_the_language_counts(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=daily do:language_en");
    assert_said(x, "E.language_set E.progress E.calendar.ask");
    assert_answers(x, "usage=daily");
}

static void a_language_nobody_has_texts_for_falls_back_to_the_first(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "do:language_fy");
    assert_said(x, "language_set progress usage.ask unsure_hint");
    (void)snprintf(x->c.locale, sizeof x->c.locale, "xx");
    assert_ptr_equal(dialogue_locale(&x->script, &x->c), &x->nl);
}

/* ---- help, thanks, goodbye ---- */

static void help_and_thanks_at_a_question_come_with_the_question(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "do:help");
    assert_said(x, "command.help progress calendar.again");
    typed(x, "do:thanks");
    assert_said(x, "command.thanks progress calendar.again");
}

static void help_and_thanks_elsewhere(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    typed(x, "do:thanks");
    assert_said(x, "command.thanks");
    assert_choices(x, "do:begin go:topics do:human");
    tapped_all(x, all);
    typed(x, "do:thanks");
    assert_said(x, "command.thanks");
    assert_choices(x, ""); /* all was said: no more buttons */
    typed(x, "do:help");
    assert_said(x, "command.help");
}

static void after_goodbye_comes_nothing(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "do:bye");
    assert_said(x, "command.bye");
    assert_choices(x, "");
    assert_null(x->out->list_title);
    assert_open(x, "calendar");
}

static void a_greeting_brings_back_what_is_open(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "do:greeting");
    assert_said(x, "progress calendar.again");
    tapped_all(x, "calendar=no team=alone security=basic sector=none growth=no");
    typed(x, "do:greeting");
    assert_said(x, "resume_after");
    assert_has(x, "outcome=imap.name");
    assert_choices(x, "do:human topic:difference do:change");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_asides(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_topic_at_a_question_is_answered_and_the_question_asked_shorter),
        WITH(a_topic_at_the_start_offers_to_begin),
        WITH(a_topic_after_the_advice_does_not_offer_itself),
        WITH(of_two_topics_the_surer_is_answered),
        WITH(the_facts_of_the_business_may_stand_in_any_text),
        WITH(a_menu_shows_its_choices_but_the_language_that_is_spoken),
        WITH(a_menu_beside_an_answer_is_all_that_is_offered),
        WITH(a_button_leads_to_a_menu),
        WITH(another_language_asks_the_open_question_in_it),
        WITH(another_language_after_the_advice_tells_it_in_it),
        WITH(the_moment_she_reads_is_told_in_the_new_language),
        WITH(an_answer_beside_the_language_counts),
        WITH(a_language_nobody_has_texts_for_falls_back_to_the_first),
        WITH(help_and_thanks_at_a_question_come_with_the_question),
        WITH(help_and_thanks_elsewhere),
        WITH(after_goodbye_comes_nothing),
        WITH(a_greeting_brings_back_what_is_open),
    };
    return UNIT_RUN(tests);
}

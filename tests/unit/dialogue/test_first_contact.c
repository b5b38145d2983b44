#include "fixture.h"

int test_first_contact(void);

static void a_greeting_gets_the_introduction_and_the_welcome(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    assert_said(x, "intro welcome.text");
    assert_has(x, "business=Get to the Point");
    assert_choices(x, "do:begin go:topics do:human");
    assert_non_null(strstr(x->out->footer, "days=30"));
    assert_int_equal(x->fx.n, 1);
    assert_open(x, "start");
}

static void a_known_name_is_in_the_greeting(void **state)
{
    struct fixture *x = *state;

    x->name = "Sanne";
    typed(x, "do:greeting");
    assert_said(x, "intro_named welcome.text");
    assert_has(x, "name=Sanne");
}

static void asking_for_advice_gets_the_first_question_at_once(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:begin");
    assert_said(x, "intro progress usage.ask unsure_hint");
    assert_has(x, "n=1 total=6");
    assert_choices(x, "usage=light usage=daily usage=heavy");
    assert_non_null(x->out->footer);
    assert_open(x, "usage");
}

static void words_that_nobody_can_read_get_a_welcome(void **state)
{
    struct fixture *x = *state;

    typed(x, "");
    assert_said(x, "intro welcome.text");
}

static void opening_the_chat_gets_a_welcome(void **state)
{
    struct fixture *x = *state;

    turned(x, MESSAGE_OPEN);
    assert_said(x, "intro welcome.text");
    assert_non_null(x->out->footer);
}

static void a_topic_comes_after_the_introduction(void **state)
{
    struct fixture *x = *state;

    typed(x, "topic:pop");
    assert_said(x, "intro topic.pop");
    assert_choices(x, "do:begin go:topics do:human");
}

static void a_photo_is_introduced_to_as_well(void **state)
{
    struct fixture *x = *state;

    sent_media(x, MEDIA_IMAGE, "");
    assert_said(x, "intro media_image");
    assert_non_null(x->out->footer);
}

static void answers_in_the_first_message_count(void **state)
{
    struct fixture *x = *state;

    typed(x, "team=several calendar=yes do:begin");
    assert_said(x, "intro noted_other remaining_other usage.ask unsure_hint");
    assert_has(x, "count=2 list=team.noun (team.several) and calendar.noun (calendar.yes)");
    assert_has(x, "[remaining_other count=4]");
    assert_open(x, "usage");
}

static void an_old_button_counts_after_the_introduction(void **state)
{
    struct fixture *x = *state;

    tapped(x, "team=several");
    assert_said(x, "intro changed remaining_other usage.ask unsure_hint");
    assert_has(x, "answer=team.several question=team.noun");
    assert_answers(x, "team=several");
}

static void the_introduction_comes_once(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    typed(x, "do:greeting");
    assert_said(x, "welcome.text");
    assert_null(x->out->footer);
}

static void english_as_the_first_word_is_spoken_from_the_start(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:language_en");
    assert_said(x, "E.intro E.language_set E.welcome.text");
    assert_hasnt(x, "[intro ");
    assert_non_null(strstr(x->out->footer, "E.privacy"));
    assert_string_equal(x->c.locale, "en");
}

static void starting_over_at_the_start_is_just_a_start(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:restart");
    assert_said(x, "intro progress usage.ask unsure_hint");
}

static void a_straight_conversation_takes_seven_messages(void **state)
{
    struct fixture *x = *state;
    int said = 0;
    static const char *const taps[] = {"do:begin",       "usage=daily", "calendar=yes", "team=several",
                                       "security=basic", "sector=none", "growth=no"};

    for (size_t i = 0; i < sizeof taps / sizeof *taps; i++) {
        tapped(x, taps[i]);
        said += (int)x->fx.n;
    }
    assert_open(x, "after");
    assert_int_equal(said, 7);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_first_contact(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_greeting_gets_the_introduction_and_the_welcome),
        WITH(a_known_name_is_in_the_greeting),
        WITH(asking_for_advice_gets_the_first_question_at_once),
        WITH(words_that_nobody_can_read_get_a_welcome),
        WITH(opening_the_chat_gets_a_welcome),
        WITH(a_topic_comes_after_the_introduction),
        WITH(a_photo_is_introduced_to_as_well),
        WITH(answers_in_the_first_message_count),
        WITH(an_old_button_counts_after_the_introduction),
        WITH(the_introduction_comes_once),
        WITH(english_as_the_first_word_is_spoken_from_the_start),
        WITH(starting_over_at_the_start_is_just_a_start),
        WITH(a_straight_conversation_takes_seven_messages),
    };
    return UNIT_RUN(tests);
}

#include "fixture.h"

int test_human(void);

static const char all[] = "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no";

static void asked_for_at_a_question_come_the_link_and_a_way_on(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily");
    typed(x, "do:human");
    assert_said(x, "command.human");
    assert_has(x, "moment=[moment_now]");
    assert_choices(x, "do:begin do:stop");
    assert_string_equal(x->out->choice[0].title, "go_on");
    assert_string_equal(x->out->choice[1].title, "stop_here");
    assert_string_equal(x->out->link.url, "https://wa.me/31644908448?text=%5Bsummary_open%5D");
    assert_string_equal(x->out->link.lead, "[link_lead]");
    assert_string_equal(x->out->link.title, "link_title");
    assert_open(x, "calendar");
    tapped(x, "do:begin");
    assert_said(x, "progress calendar.again");
}

static void asked_for_beside_an_answer_the_answer_counts(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=daily do:human");
    assert_said(x, "noted_one command.human");
    assert_choices(x, "do:begin do:stop");
    assert_open(x, "calendar");
}

static void asked_for_at_the_start_the_rest_is_offered(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:human");
    assert_said(x, "intro command.human");
    assert_choices(x, "do:begin go:topics");
    assert_non_null(x->out->link.url);
}

static void asked_for_after_the_advice_the_link_tells_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "do:human");
    assert_choices(x, "topic:difference do:change");
    /* The two heaviest reasons. */
    assert_string_equal(x->out->link.url,
                        "https://wa.me/31644908448?text="
                        "%5Bsummary%20list%3Dsector.noun%20and%20calendar.noun%20outcome%3Dimap.name%5D");
}

static void an_advice_without_reasons_is_told_bare(void **state)
{
    struct fixture *x = *state;

    tapped_all(
        x, "do:begin usage=unsure calendar=unsure team=unsure security=unsure sector=unsure growth=unsure");
    assert_string_equal(x->out->link.url,
                        "https://wa.me/31644908448?text=%5Bsummary_bare%20outcome%3Dtalk.name%5D");
}

static void an_offer_holds_no_language_that_is_spoken_already(void **state)
{
    struct fixture *x = *state;
    struct flow_state *welcome = &x->flow.state[x->flow.welcome];

    welcome->option[welcome->option_n++] = (struct flow_option){
        .kind = OPTION_COMMAND, .index = flow_command_find(&x->flow, "language_nl"), .label = TEXT_GO_ON};
    typed(x, "do:human");
    assert_choices(x, "do:begin go:topics");
}

/* Her own number is the bot's: a link would lead back here. */
static void the_same_number_gets_phone_and_mail_instead(void **state)
{
    struct fixture *x = *state;

    x->our_number = "31644908448";
    typed(x, "do:human");
    assert_said(x, "intro command.human reach_plain");
    assert_has(x, "phone=06 44908448 email=info@example.nl");
    assert_null(x->out->link.url);
    x->our_number = "31600000000";
    typed(x, "do:human");
    assert_said(x, "command.human");
    assert_non_null(x->out->link.url);
}

static void without_a_chat_number_come_phone_and_mail(void **state)
{
    struct fixture *x = *state;

    x->business.whatsapp = NULL;
    typed(x, "do:human");
    assert_said(x, "intro command.human reach_plain");
    assert_null(x->out->link.url);
}

static void the_summary_is_percent_encoded(void **state)
{
    struct fixture *x = *state;
    static const struct piece words[] = {{.literal = "Az09-._~ &=+?#%\xC3\xA9\n"}, {.param = PARAM_N_OF}};

    x->nl_text[TEXT_SUMMARY_OPEN].other = words;
    typed(x, "do:human");
    assert_string_equal(x->out->link.url,
                        "https://wa.me/31644908448?text=Az09-._~%20%26%3D%2B%3F%23%25%C3%A9%0A");
}

static void the_moment_is_the_next_that_she_is_there(void **state)
{
    struct fixture *x = *state;

    x->now_ms = MONDAY_MS + 9 * HOUR_MS; /* Monday evening */
    typed(x, "do:human");
    assert_has(x, "moment=[moment_tomorrow n=9.00]");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_human(void)
{
    const struct CMUnitTest tests[] = {
        WITH(asked_for_at_a_question_come_the_link_and_a_way_on),
        WITH(asked_for_beside_an_answer_the_answer_counts),
        WITH(asked_for_at_the_start_the_rest_is_offered),
        WITH(asked_for_after_the_advice_the_link_tells_it),
        WITH(an_advice_without_reasons_is_told_bare),
        WITH(an_offer_holds_no_language_that_is_spoken_already),
        WITH(the_same_number_gets_phone_and_mail_instead),
        WITH(without_a_chat_number_come_phone_and_mail),
        WITH(the_summary_is_percent_encoded),
        WITH(the_moment_is_the_next_that_she_is_there),
    };
    return UNIT_RUN(tests);
}

#include "fixture.h"

int test_advice_reply(void);

/* Answers all, the first of them with the question; what is said then is the advice. */
static void advised(struct fixture *x, const char *ids)
{
    tapped(x, "do:restart");
    for (char id[64]; *ids != '\0'; ids += strspn(ids, " ")) {
        size_t n = strcspn(ids, " ");
        (void)snprintf(id, sizeof id, "%.*s", (int)n, ids);
        tapped(x, strstr(id, "=skipped") != NULL ? "do:skip" : id);
        ids += n;
    }
    assert_open(x, "after");
}

static void says_what_and_why_and_what_would_turn_it(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=daily calendar=yes team=alone security=basic sector=none growth=no");
    assert_string_equal(
        x->out->text, "[microsoft365.title]\n\n"
                      "[microsoft365.text]\n\n"
                      "[advice_reasons]\n"
                      "- [calendar.yes.reason]\n"
                      "- [usage.daily.reason]\n\n"
                      "[advice_against list=sector.noun (sector.none) and security.noun (security.basic)]\n\n"
                      "[talk.turn if=calendar.some.if]\n\n"
                      "[advice_nuance] [advice_free]");
    assert_choices(x, "do:human topic:difference do:change");
    assert_string_equal(x->out->choice[0].title, "do:human");
    assert_non_null(
        strstr(x->out->link.url, "calendar.noun%20and%20usage.noun%20outcome%3Dmicrosoft365.name"));
}

static void enough_reasons_leave_no_room_for_what_pleads_against(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=heavy calendar=yes team=several security=important sector=none growth=no");
    assert_said(x,
                "microsoft365.title microsoft365.text advice_reasons calendar.yes.reason usage.heavy.reason "
                "team.several.reason security.important.reason advice_steady advice_nuance advice_free");
}

static void two_turns_stand_in_one_block(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=light calendar=yes team=alone security=basic sector=none growth=no");
    assert_has(x, "[imap.turn if=calendar.some.if] [microsoft365.turn if=");
    assert_has(x, "[talk.text] [advice_lean outcome=microsoft365.name]");
    assert_hasnt(x, "advice_steady");
}

static void a_talk_that_leans_to_neither_says_so(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=daily calendar=unsure team=unsure security=unsure sector=unsure growth=no");
    assert_has(x, "[talk.text] [advice_no_lean]");
    assert_hasnt(x, "advice_lean");
}

static void a_talk_may_lean_to_the_first_outcome(void **state)
{
    struct fixture *x = *state;

    x->flow.outcome[TALK].lean_to = IMAP;
    x->flow.outcome[TALK].lean_points = (struct range){0, 1};
    advised(x, "usage=daily calendar=unsure team=unsure security=unsure sector=unsure growth=no");
    assert_has(x, "[talk.text] [advice_lean outcome=imap.name]");
    advised(x, "usage=heavy calendar=unsure team=unsure security=unsure sector=unsure growth=no");
    assert_has(x, "[talk.text] [advice_no_lean]");
}

static void an_outcome_that_never_leans_says_nothing_of_it(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=light calendar=no team=alone security=basic sector=none growth=no");
    assert_hasnt(x, "lean");
}

static void lists_what_was_unsure_and_what_was_skipped(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=light calendar=no team=unsure security=skipped sector=unsure growth=no");
    assert_has(x, "[advice_unsure_other count=2 list=team.noun and sector.noun]");
    assert_has(x, "[advice_skipped_one count=1 list=security.noun]");
    assert_hasnt(x, "advice_caution");
    /* What is not known might turn it: it would be untrue to call it steady. */
    assert_hasnt(x, "advice_steady");
}

static void much_unsure_with_points_elsewhere_says_talk_first(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=daily calendar=yes team=unsure security=skipped sector=unsure growth=unsure");
    assert_has(x, "[microsoft365.title]");
    assert_has(x, "[advice_caution_other count=4]");
    advised(x, "usage=light calendar=unsure team=unsure security=skipped sector=strict growth=unsure");
    assert_has(x, "[microsoft365.title]");
    assert_hasnt(x, "advice_caution"); /* the sector decides by itself */
}

static void nothing_known_gives_no_reasons_and_calls_nothing_steady(void **state)
{
    struct fixture *x = *state;

    advised(x, "usage=skipped calendar=skipped team=skipped security=skipped sector=skipped growth=skipped");
    assert_said(x, "talk.title talk.text advice_no_lean advice_skipped_other advice_nuance advice_free");
}

static void without_a_chat_link_phone_and_mail_end_it(void **state)
{
    struct fixture *x = *state;

    x->our_number = "31644908448";
    advised(x, "usage=light calendar=no team=alone security=basic sector=none growth=no");
    assert_non_null(strstr(said_keys(x), "advice_free reach_plain"));
    assert_null(x->out->link.url);
}

/* ---- what does not fit in one message ---- */

static void lengthen(struct fixture *x, int text)
{
    char *words = arena_alloc(x->arena, 801);
    struct piece *p = arena_calloc(x->arena, 2 * sizeof *p);

    assert_non_null(words);
    assert_non_null(p);
    memset(words, 'x', 800);
    words[0] = '[';
    words[799] = ']';
    words[800] = '\0';
    p[0] = (struct piece){.literal = words, .param = PARAM_N_OF};
    p[1] = (struct piece){.param = PARAM_N_OF};
    x->nl_text[text].other = p;
}

static const char but_one[] = "do:begin usage=light calendar=no team=alone security=basic sector=none";

static void an_answer_and_a_topic_get_the_advice_in_one_message_while_it_fits(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, but_one);
    typed(x, "growth=no topic:pop");
    assert_int_equal(x->fx.n, 1);
    assert_non_null(strstr(said_keys(x), "noted_one topic.pop imap.title"));
    assert_choices(x, "do:human topic:difference do:change");
}

static void a_long_topic_goes_before_the_advice_in_a_message_of_its_own(void **state)
{
    struct fixture *x = *state;
    const struct outbound *first;

    lengthen(x, x->flow.topic[flow_topic_find(&x->flow, "pop")].text);
    tapped_all(x, but_one);
    typed(x, "growth=no topic:pop");
    assert_int_equal(x->fx.n, 2);
    first = &x->fx.effect[0].say.out;
    assert_int_equal(first->choice_n, 0);
    assert_null(first->link.url);
    assert_non_null(strstr(first->text, "[noted_one count=1 list=growth.no]\n\n[xxx"));
    assert_int_equal(strncmp(x->out->text, "[imap.title]", 12), 0);
    assert_choices(x, "do:human topic:difference do:change");
    assert_non_null(x->out->link.url);
}

static void the_footer_stays_with_the_introduction(void **state)
{
    struct fixture *x = *state;

    lengthen(x, TEXT_INTRO);
    x->sent_ms = x->now_ms - HOUR_MS;
    typed(x, "usage=light calendar=no team=alone security=basic sector=none growth=no topic:pop");
    assert_int_equal(x->fx.n, 2);
    assert_non_null(x->fx.effect[0].say.out.footer);
    assert_null(x->out->footer);
    assert_false(x->fx.effect[0].say.backlog); /* a later reply replaces the advice, not this */
    assert_true(x->fx.effect[1].say.backlog);
}

/* Nothing to part: too long a text is for check to refuse. */
static void what_is_one_thought_stays_one_message(void **state)
{
    struct fixture *x = *state;

    lengthen(x, TEXT_ADVICE_NUANCE);
    lengthen(x, TEXT_ADVICE_FREE);
    tapped_all(x, but_one);
    tapped(x, "growth=no");
    assert_int_equal(x->fx.n, 1);
    lengthen(x, x->flow.command[flow_command_find(&x->flow, "human")].text);
    lengthen(x, TEXT_CHANGED);
    typed(x, "sector=strict do:human");
    assert_int_equal(x->fx.n, 2);
    assert_int_equal(x->fx.effect[0].kind, EFFECT_TELL);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_advice_reply(void)
{
    const struct CMUnitTest tests[] = {
        WITH(says_what_and_why_and_what_would_turn_it),
        WITH(enough_reasons_leave_no_room_for_what_pleads_against),
        WITH(two_turns_stand_in_one_block),
        WITH(a_talk_that_leans_to_neither_says_so),
        WITH(a_talk_may_lean_to_the_first_outcome),
        WITH(an_outcome_that_never_leans_says_nothing_of_it),
        WITH(lists_what_was_unsure_and_what_was_skipped),
        WITH(much_unsure_with_points_elsewhere_says_talk_first),
        WITH(nothing_known_gives_no_reasons_and_calls_nothing_steady),
        WITH(without_a_chat_link_phone_and_mail_end_it),
        WITH(an_answer_and_a_topic_get_the_advice_in_one_message_while_it_fits),
        WITH(a_long_topic_goes_before_the_advice_in_a_message_of_its_own),
        WITH(the_footer_stays_with_the_introduction),
        WITH(what_is_one_thought_stays_one_message),
    };
    return UNIT_RUN(tests);
}

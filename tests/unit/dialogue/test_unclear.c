#include "fixture.h"

int test_unclear(void);

static const char all[] = "do:begin usage=light calendar=no team=alone security=basic sector=none growth=no";

/* ---- words ---- */

static void no_sentence_comes_twice_in_a_row(void **state)
{
    static const char *const said[] = {"unclear progress usage.again", "unclear_again progress usage.other",
                                       "unclear_more progress usage.again",
                                       "unclear_again progress usage.other",
                                       "unclear_more progress usage.again"};
    struct fixture *x = *state;

    tapped(x, "do:begin");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        typed(x, "");
        assert_said(x, said[i]);
        assert_open(x, "usage");
    }
}

static void the_second_shows_other_words_and_the_human(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "");
    assert_choices(x, "usage=light usage=daily usage=heavy");
    for (int i = 0; i < 3; i++) {
        typed(x, "");
        assert_choices(x, "usage=light usage=daily usage=heavy usage=unsure do:human");
        assert_string_equal(x->out->choice[1].note, "usage.daily.other");
        assert_string_equal(x->out->choice[4].title, "talk_label");
    }
}

static void words_that_are_understood_begin_the_count_anew(void **state)
{
    static const char *const understood[] = {"topic:pop", "do:help", "usage=light", "calendar=no do:back"};
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof understood / sizeof *understood; i++) {
        tapped(x, "do:restart");
        typed(x, "");
        typed(x, "");
        typed(x, understood[i]);
        assert_int_equal(x->c.misses, 0);
        typed(x, "");
        assert_non_null(strstr(said_keys(x), "unclear "));
    }
}

static void a_tap_begins_the_count_anew(void **state)
{
    static const char *const taps[] = {"printer=laser", "ask:usage", "go:topics", "topic:pop"};
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=light");
    for (size_t i = 0; i < sizeof taps / sizeof *taps; i++) {
        typed(x, "");
        tapped(x, taps[i]);
        assert_int_equal(x->c.misses, 0);
    }
}

static void without_words_at_all_it_is_unclear_as_well(void **state)
{
    struct fixture *x = *state;
    const struct message m = {.kind = MESSAGE_TEXT};

    tapped(x, "do:begin");
    stepped(x, &m, NULL);
    assert_said(x, "unclear progress usage.again");
}

static void at_the_start_two_sentences_take_turns_and_the_second_has_the_human(void **state)
{
    struct fixture *x = *state;

    typed(x, "do:greeting");
    for (int i = 0; i < 2; i++) {
        typed(x, "");
        assert_said(x, "unclear_open");
        assert_null(x->out->link.url);
        assert_choices(x, "do:begin go:topics do:human");
        typed(x, "");
        assert_said(x, "unclear_open_again");
        assert_non_null(strstr(x->out->link.url, "summary_open"));
        assert_choices(x, "do:begin go:topics do:human");
    }
}

static void after_the_advice_the_link_tells_it(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, all);
    typed(x, "");
    assert_said(x, "unclear_open");
    assert_choices(x, "do:human topic:difference do:change");
    typed(x, "");
    assert_said(x, "unclear_open_again");
    assert_non_null(strstr(x->out->link.url, "imap.name"));
    assert_open(x, "after");
}

/* ---- what is no text ---- */

static void every_kind_has_a_line_of_its_own_and_the_question_stays(void **state)
{
    struct fixture *x = *state;
    char want[64];

    tapped(x, "do:begin");
    for (int k = 0; k < MEDIA_N; k++) {
        sent_media(x, (enum media_kind)k, "");
        (void)snprintf(want, sizeof want, "media_%s progress usage.again",
                       media_kind_name((enum media_kind)k));
        assert_said(x, want);
        assert_open(x, "usage");
        typed(x, "topic:pop");
    }
}

static void an_album_gets_one_line(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    sent_media(x, MEDIA_IMAGE, "");
    assert_non_null(x->out);
    x->now_ms -= SECOND_MS; /* in the same moment */
    for (int i = 0; i < 3; i++) {
        sent_media(x, MEDIA_IMAGE, "");
        assert_said(x, "");
        assert_int_equal(x->fx.n, 0);
        x->now_ms += 3 * MINUTE_MS;
    }
    x->now_ms += 2 * MINUTE_MS;
    sent_media(x, MEDIA_VOICE, "");
    assert_said(x, "media_voice progress usage.again");
}

static void after_words_or_a_tap_the_line_comes_again(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    sent_media(x, MEDIA_IMAGE, "");
    typed(x, "");
    sent_media(x, MEDIA_IMAGE, "");
    assert_said(x, "media_image progress usage.again");
    tapped(x, "usage=light");
    sent_media(x, MEDIA_IMAGE, "");
    assert_said(x, "media_image progress calendar.again");
}

static void a_clock_set_back_does_not_silence_it(void **state)
{
    struct fixture *x = *state;

    sent_media(x, MEDIA_IMAGE, "");
    x->now_ms -= DAY_MS;
    sent_media(x, MEDIA_IMAGE, "");
    assert_said(x, "media_image");
}

static void a_caption_that_is_not_understood_does_not(void **state)
{
    struct fixture *x = *state;
    const struct message m = {.kind = MESSAGE_MEDIA, .media = MEDIA_IMAGE, .text = "?"};
    const struct meaning unclear = {0};

    tapped(x, "do:begin");
    stepped(x, &m, &unclear);
    assert_said(x, "media_image progress usage.again");
    stepped(x, &m, &unclear);
    assert_said(x, "");
    assert_int_equal(x->c.misses, 0);
}

static void a_caption_that_is_understood_counts_as_words(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    sent_media(x, MEDIA_IMAGE, "usage=light");
    assert_said(x, "noted_one progress calendar.ask");
    edited(x, x->id, "usage=heavy");
    assert_said(x, "changed progress calendar.again");
}

/* ---- reactions, withdrawals, edits ---- */

static void a_reaction_or_a_withdrawal_changes_nothing(void **state)
{
    static const enum message_kind quiet[] = {MESSAGE_REACTION, MESSAGE_REVOKE};
    struct fixture *x = *state;

    for (size_t i = 0; i < 2; i++) {
        turned(x, quiet[i]);
        assert_int_equal(x->c.last_ms, 0);
        assert_false(x->c.introduced);
        assert_int_equal(x->fx.n, 0);
    }
    tapped(x, "do:begin");
    for (size_t i = 0; i < 2; i++) {
        struct conversation before = x->c;
        x->now_ms += 2 * DAY_MS;
        turned(x, quiet[i]);
        assert_said(x, "");
        assert_memory_equal(&before, &x->c, sizeof before);
    }
}

static void an_edit_of_the_last_message_changes_its_answer(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=daily");
    edited(x, x->id, "usage=heavy");
    assert_said(x, "changed progress calendar.again");
    assert_answers(x, "usage=heavy");
    assert_open(x, "calendar");
}

static void an_edit_of_what_was_unclear_answers_the_open_question(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "");
    edited(x, x->id, "usage=heavy");
    assert_said(x, "noted_one progress calendar.ask");
}

static void an_edit_is_read_against_the_question_it_answered(void **state)
{
    struct fixture *x = *state;
    struct message m = {.kind = MESSAGE_EDIT};

    tapped(x, "do:begin");
    typed(x, "usage=daily");
    m.about = x->id;
    assert_int_equal(dialogue_question(&x->c, &m), USAGE);
    m.about = "another";
    assert_int_equal(dialogue_question(&x->c, &m), -1);
    m.about = NULL;
    assert_int_equal(dialogue_question(&x->c, &m), -1);
    m.kind = MESSAGE_TEXT;
    assert_int_equal(dialogue_question(&x->c, &m), CALENDAR);
}

static void assert_silent_edit(struct fixture *x, const char *id, const char *labels)
{
    struct conversation before = x->c;

    edited(x, id, labels);
    assert_said(x, "");
    assert_int_equal(x->fx.n, 0);
    assert_memory_equal(&before, &x->c, sizeof before);
}

static void other_edits_are_silent(void **state)
{
    struct fixture *x = *state;
    const struct message bare = {.kind = MESSAGE_EDIT, .text = "?"};
    char first[24], last[24];

    tapped(x, "do:begin");
    typed(x, "usage=daily");
    (void)snprintf(first, sizeof first, "%s", x->id);
    typed(x, "calendar=yes team=unsure");
    (void)snprintf(last, sizeof last, "%s", x->id);
    assert_silent_edit(x, first, "usage=heavy");             /* not the last  */
    assert_silent_edit(x, last, "calendar=yes team=unsure"); /* nothing new   */
    assert_silent_edit(x, last, "");                         /* not understood */
    stepped(x, &bare, NULL);                                 /* of nothing    */
    assert_said(x, "");
    edited(x, last, "calendar=yes team=several"); /* the second is new */
    assert_said(x, "changed noted_other progress security.again");
}

static void an_edit_into_a_question_of_theirs_is_answered(void **state)
{
    struct fixture *x = *state;

    tapped(x, "do:begin");
    typed(x, "usage=daily");
    edited(x, x->id, "topic:pop");
    assert_said(x, "topic.pop progress calendar.again");
    /* The third topic is not the third question, whatever stands there. */
    typed(x, "team=unsure");
    edited(x, x->id, "topic:exchange");
    assert_said(x, "topic.exchange remaining_other calendar.again");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_unclear(void)
{
    const struct CMUnitTest tests[] = {
        WITH(no_sentence_comes_twice_in_a_row),
        WITH(the_second_shows_other_words_and_the_human),
        WITH(words_that_are_understood_begin_the_count_anew),
        WITH(a_tap_begins_the_count_anew),
        WITH(without_words_at_all_it_is_unclear_as_well),
        WITH(at_the_start_two_sentences_take_turns_and_the_second_has_the_human),
        WITH(after_the_advice_the_link_tells_it),
        WITH(every_kind_has_a_line_of_its_own_and_the_question_stays),
        WITH(an_album_gets_one_line),
        WITH(after_words_or_a_tap_the_line_comes_again),
        WITH(a_clock_set_back_does_not_silence_it),
        WITH(a_caption_that_is_not_understood_does_not),
        WITH(a_caption_that_is_understood_counts_as_words),
        WITH(a_reaction_or_a_withdrawal_changes_nothing),
        WITH(an_edit_of_the_last_message_changes_its_answer),
        WITH(an_edit_of_what_was_unclear_answers_the_open_question),
        WITH(an_edit_is_read_against_the_question_it_answered),
        WITH(other_edits_are_silent),
        WITH(an_edit_into_a_question_of_theirs_is_answered),
    };
    return UNIT_RUN(tests);
}

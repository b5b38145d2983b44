/* Who writes too fast, or got too much: the two tallies as arithmetic. */
#include "flood.h"
#include "unit.h"

int test_flood(void);

#define NOW  INT64_C(1795428360000)
#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)

enum { STRAIGHT_N = 8 }; /* messages of a conversation that goes straight to the advice */

/* One message to the bot, sent as it comes; what is answered has been said. */
static enum flood_verdict writes(struct flood *f, int64_t now_ms)
{
    return flood_step(f, now_ms, now_ms, FLOOD_EAR_BOT);
}

static void is_answered(struct flood *f, int64_t now_ms)
{
    f->said_ms = (f->said_ms > now_ms ? f->said_ms : now_ms) + FLOOD_SAID_MS;
}

static void three_conversations_in_one_breath_are_none(void **state)
{
    struct flood f = {0};
    (void)state;
    for (int i = 0; i < 3 * STRAIGHT_N; i++) {
        assert_int_equal(writes(&f, NOW), FLOOD_PASS);
        is_answered(&f, NOW);
    }
}

/* Eight short lines in a row, six taps in ten seconds, a moment to read; and all of it three times. */
static void who_is_quick_and_means_it_is_none(void **state)
{
    struct flood f = {0};
    int64_t at = NOW;
    (void)state;
    for (int round = 0; round < 3; round++, at += 10000) {
        for (int line = 0; line < 8; line++) assert_int_equal(writes(&f, at += 900), FLOOD_PASS);
        is_answered(&f, at);
        at += 10000;
        for (int tap = 0; tap < 6; tap++) {
            assert_int_equal(writes(&f, at += 1600), FLOOD_PASS);
            is_answered(&f, at);
        }
    }
}

static void a_pace_that_whatsapp_answers_for_ever_is_none(void **state)
{
    struct flood f = {0};
    (void)state;
    for (int i = 0; i < 1000; i++) assert_int_equal(writes(&f, NOW + (int64_t)i * 6000), FLOOD_PASS);
}

static void first_slow_then_told_once_then_silent(void **state)
{
    struct flood f = {0};
    int pass = 0, slow = 0, told = 0, silent = 0;
    (void)state;
    for (int i = 0; i < 300; i++) {
        enum flood_verdict v = writes(&f, NOW + (int64_t)i * 10);
        pass += v == FLOOD_PASS;
        slow += v == FLOOD_SLOW;
        told += v == FLOOD_TELL;
        silent += v == FLOOD_SILENT;
        assert_true(v >= FLOOD_PASS && (told == 0 || v >= FLOOD_TELL));
    }
    assert_int_equal(pass, FLOOD_SLOW_N);
    assert_int_equal(slow, FLOOD_TELL_N - FLOOD_SLOW_N);
    assert_int_equal(told, 1);
    assert_int_equal(silent, 300 - FLOOD_TELL_N - 1);
    assert_int_equal(f.stage, FLOOD_FAST);
}

static struct flood flooded(int64_t now_ms)
{
    struct flood f = {0};

    for (int i = 0; i <= FLOOD_TELL_N; i++) (void)writes(&f, now_ms);
    return f;
}

static void calm_is_when_it_said_it_would_be(void **state)
{
    struct flood f = flooded(NOW), early = f;
    const int64_t calm = flood_calm_ms(&f);
    (void)state;
    assert_true(calm - NOW >= 2 * 60000 && calm - NOW <= 3 * 60000);
    assert_int_equal(writes(&early, calm - 1), FLOOD_SILENT);
    assert_int_equal(writes(&f, calm), FLOOD_PASS);
    assert_int_equal(f.stage, FLOOD_CALM);
}

static void who_goes_on_stays_unheard_and_a_long_flood_is_forgotten_as_fast(void **state)
{
    struct flood f = flooded(NOW);
    int64_t at = NOW;
    (void)state;
    for (int i = 0; i < 100000; i++) assert_int_equal(writes(&f, at += 100), FLOOD_SILENT);
    assert_true(flood_calm_ms(&f) - at < 5 * 60000);
}

static void what_was_held_up_was_not_written_at_once(void **state)
{
    struct flood f = {0};
    (void)state;
    for (int i = 0; i < 80; i++)
        assert_int_equal(flood_step(&f, NOW - DAY + i * 15 * 60000, NOW, FLOOD_EAR_BOT), FLOOD_PASS);
    /* Nor is one of yesterday that comes after those of today. */
    assert_int_equal(writes(&f, NOW), FLOOD_PASS);
    assert_int_equal(flood_step(&f, NOW - DAY, NOW, FLOOD_EAR_BOT), FLOOD_PASS);
}

static void a_clock_that_is_set_back_silences_nobody(void **state)
{
    struct flood f = {0};
    (void)state;
    assert_int_equal(writes(&f, NOW), FLOOD_PASS);
    for (int i = 0; i < 20; i++) is_answered(&f, NOW);
    assert_int_equal(writes(&f, NOW - DAY), FLOOD_PASS);
    f = flooded(NOW);
    assert_int_equal(writes(&f, NOW - HOUR), FLOOD_PASS);
}

static void enough_is_said_in_a_day(void **state)
{
    struct flood f = {0};
    int said = 0;
    int64_t at = NOW;
    (void)state;
    for (; said < 1000 && writes(&f, at) == FLOOD_PASS; at += 10000, said++) is_answered(&f, at);
    assert_int_equal(f.stage, FLOOD_SPENT);
    assert_true(said >= FLOOD_SAID_N && said <= FLOOD_SAID_N + 2);
    assert_int_equal(writes(&f, at + 10 * HOUR), FLOOD_SILENT);
    assert_int_equal(writes(&f, at + 12 * HOUR), FLOOD_PASS); /* half of it is there again */
}

/* Whoever hammers on, and however, the most that is said in any 24 hours is known. */
static void no_pace_costs_more_than_twice_the_limit_in_any_day(void **state)
{
    static const int64_t paces[] = {50, 1000, 3000, 6000, 20000, 60000, 600000, 1000000};
    static int64_t said[4096];
    (void)state;
    for (size_t p = 0; p < sizeof paces / sizeof *paces; p++) {
        struct flood f = {0};
        size_t n = 0, from = 0, most = 0;
        for (int64_t at = NOW; at < NOW + 3 * DAY; at += paces[p]) {
            if (writes(&f, at) == FLOOD_SILENT) continue;
            is_answered(&f, at);
            assert_true(n < sizeof said / sizeof *said);
            said[n++] = at;
            while (said[from] <= at - DAY) from++;
            if (n - from > most) most = n - from;
        }
        if (most > 2 * FLOOD_SAID_N) fail_msg("every %lld ms: %zu in a day", (long long)paces[p], most);
        assert_true(most > 0);
    }
}

/* While the human has the chat nothing is said, so nothing can be too much: but her desk is spared. */
static void what_the_human_hears_is_limited_later_and_without_a_line(void **state)
{
    struct flood f = {.said_ms = NOW + DAY, .stage = FLOOD_SPENT};
    (void)state;
    for (int i = 0; i < FLOOD_DESK_N; i++) {
        assert_int_equal(flood_step(&f, NOW, NOW, FLOOD_EAR_HUMAN), FLOOD_PASS);
        assert_false(flood_is_full(&f, NOW));
    }
    assert_int_equal(flood_step(&f, NOW, NOW, FLOOD_EAR_HUMAN), FLOOD_TELL);
    assert_true(flood_is_full(&f, NOW));
    assert_int_equal(flood_step(&f, NOW, NOW, FLOOD_EAR_HUMAN), FLOOD_SILENT);
    assert_int_equal(flood_step(&f, flood_calm_ms(&f), flood_calm_ms(&f), FLOOD_EAR_HUMAN), FLOOD_PASS);
}

static void what_nobody_answers_begins_no_silence(void **state)
{
    struct flood f = {0};
    (void)state;
    for (int i = 0; i < 200; i++)
        assert_int_equal(flood_step(&f, NOW, NOW, FLOOD_EAR_NOBODY),
                         i < FLOOD_TELL_N ? FLOOD_PASS : FLOOD_SILENT);
    assert_int_equal(f.stage, FLOOD_CALM);
}

static void a_stage_is_known_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < FLOOD_STAGE_N; i++)
        assert_int_equal(flood_stage_from(flood_stage_name((enum flood_stage)i)), i);
    assert_int_equal(flood_stage_from(""), FLOOD_CALM);
}

int test_flood(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_conversations_in_one_breath_are_none),
        cmocka_unit_test(who_is_quick_and_means_it_is_none),
        cmocka_unit_test(a_pace_that_whatsapp_answers_for_ever_is_none),
        cmocka_unit_test(first_slow_then_told_once_then_silent),
        cmocka_unit_test(calm_is_when_it_said_it_would_be),
        cmocka_unit_test(who_goes_on_stays_unheard_and_a_long_flood_is_forgotten_as_fast),
        cmocka_unit_test(what_was_held_up_was_not_written_at_once),
        cmocka_unit_test(a_clock_that_is_set_back_silences_nobody),
        cmocka_unit_test(enough_is_said_in_a_day),
        cmocka_unit_test(no_pace_costs_more_than_twice_the_limit_in_any_day),
        cmocka_unit_test(what_the_human_hears_is_limited_later_and_without_a_line),
        cmocka_unit_test(what_nobody_answers_begins_no_silence),
        cmocka_unit_test(a_stage_is_known_by_its_name)};

    return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}

#include "unit.h"

#include "channel.h"
#include "ruling.h"

int test_ruling(void);

static const int64_t NOW = INT64_C(1795000000000);

static struct ruling rule(struct account *a, enum verdict_kind kind, unsigned attempt, int64_t now_ms)
{
    const struct verdict v = {.kind = kind, .code = 1, .detail = "x"};
    return ruling_of(a, &v, false, attempt, now_ms);
}

static void each_verdict_moves_the_row(void **state)
{
    static const struct {
        enum verdict_kind kind;
        bool certain;
        enum outbox_state state;
        int64_t wait_ms;
    } cases[] = {
        {SEND_OK, false, OUTBOX_SENT, -1},          {SEND_LATER, false, OUTBOX_DUE, 1000},
        {SEND_PACE, false, OUTBOX_DUE, 1000},       {SEND_SLOW, false, OUTBOX_DUE, 5000},
        {SEND_HALT, false, OUTBOX_DUE, 60000},      {SEND_NEVER, false, OUTBOX_DEAD, -1},
        {SEND_CHAT_CLOSED, false, OUTBOX_DEAD, -1}, {SEND_UNKNOWN, false, OUTBOX_UNSURE, 20000},
        {SEND_UNKNOWN, true, OUTBOX_DUE, 1000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct account a = {0};
        const struct verdict v = {.kind = cases[i].kind};
        struct ruling r = ruling_of(&a, &v, cases[i].certain, 1, NOW);
        assert_int_equal(r.state, cases[i].state);
        if (cases[i].wait_ms >= 0) assert_int_equal(r.next_try_ms - NOW, cases[i].wait_ms);
    }
}

static void waits_grow_and_end_somewhere(void **state)
{
    (void)state;
    assert_int_equal(ruling_backoff_ms(1, 0), 1000);
    assert_int_equal(ruling_backoff_ms(2, 0), 2000);
    assert_int_equal(ruling_backoff_ms(3, 0), 4000);
    assert_int_equal(ruling_backoff_ms(10, 0), 512 * 1000);
    assert_int_equal(ruling_backoff_ms(4000000000u, 0), 512 * 1000);
    assert_int_equal(ruling_pace_ms(1), 1000); /* Meta: 4^X seconds, X from 0 */
    assert_int_equal(ruling_pace_ms(2), 4000);
    assert_int_equal(ruling_pace_ms(3), 16000);
    assert_int_equal(ruling_pace_ms(4000000000u), 4096 * 1000);
    assert_int_equal(ruling_silence_ms(1), 20 * 1000);
    assert_int_equal(ruling_silence_ms(2), 40 * 1000);
    assert_int_equal(ruling_silence_ms(4000000000u), 20 * 512 * 1000);
}

static void the_platform_knows_better_how_long(void **state)
{
    (void)state;
    assert_int_equal(ruling_backoff_ms(1, 7000), 7000);
    assert_int_equal(ruling_backoff_ms(5, 7000), 16000);
    struct account a = {0};
    const struct verdict told = {.kind = SEND_PACE, .retry_after_ms = 7000};
    assert_int_equal(ruling_of(&a, &told, false, 1, NOW).next_try_ms - NOW, 7000);
    assert_int_equal(ruling_of(&a, &told, false, 3, NOW).next_try_ms - NOW, 16000);
}

static void a_throttled_account_waits_but_never_for_ever(void **state)
{
    struct account a = {0};
    const struct verdict tomorrow = {.kind = SEND_SLOW, .retry_after_ms = INT64_C(24) * 3600 * 1000};
    (void)state;
    (void)rule(&a, SEND_SLOW, 1, NOW);
    assert_int_equal(account_free_at(&a, NOW) - NOW, 5000);
    (void)rule(&a, SEND_SLOW, 4, NOW + 100);
    assert_int_equal(account_free_at(&a, NOW) - NOW, 8100);
    (void)rule(&a, SEND_SLOW, 1, NOW + 200); /* a shorter pause does not end a longer one */
    assert_int_equal(account_free_at(&a, NOW) - NOW, 8100);
    (void)ruling_of(&a, &tomorrow, false, 1, NOW);
    assert_int_equal(account_free_at(&a, NOW) - NOW, 15 * 60 * 1000);
}

static void a_chat_that_gets_too_much_does_not_pause_the_account(void **state)
{
    struct account a = {0};
    (void)state;
    (void)rule(&a, SEND_PACE, 5, NOW);
    (void)rule(&a, SEND_LATER, 5, NOW);
    (void)rule(&a, SEND_UNKNOWN, 5, NOW);
    assert_true(account_free_at(&a, NOW) <= NOW);
    assert_false(a.halted);
}

static void only_a_send_that_went_ends_a_halt(void **state)
{
    static const enum verdict_kind no_proof[] = {SEND_LATER, SEND_PACE,        SEND_SLOW,   SEND_HALT,
                                                 SEND_NEVER, SEND_CHAT_CLOSED, SEND_UNKNOWN};
    struct account a = {0};
    int64_t now = NOW;
    (void)state;
    (void)rule(&a, SEND_HALT, 1, now);
    assert_true(a.halted);
    for (size_t i = 0; i < sizeof no_proof / sizeof *no_proof; i++) {
        now = a.free_at_ms;
        (void)rule(&a, no_proof[i], 1, now);
        assert_true(a.halted);
        assert_int_equal(account_free_at(&a, now) - now, 60 * 1000);
    }
    now = a.free_at_ms;
    (void)rule(&a, SEND_OK, 1, now);
    assert_false(a.halted);
    assert_true(account_free_at(&a, now) <= now);
}

static void a_clock_that_goes_back_frees_the_account(void **state)
{
    struct account a = {0};
    (void)state;
    (void)rule(&a, SEND_HALT, 1, NOW);
    const int64_t back = NOW - INT64_C(3600) * 1000;
    assert_true(account_free_at(&a, back) <= back);
    (void)rule(&a, SEND_SLOW, 1, back);
    assert_int_equal(account_free_at(&a, back) - back, 60 * 1000); /* still halted: as long as that */
}

int test_ruling(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verdict_moves_the_row),
        cmocka_unit_test(waits_grow_and_end_somewhere),
        cmocka_unit_test(the_platform_knows_better_how_long),
        cmocka_unit_test(a_throttled_account_waits_but_never_for_ever),
        cmocka_unit_test(a_chat_that_gets_too_much_does_not_pause_the_account),
        cmocka_unit_test(only_a_send_that_went_ends_a_halt),
        cmocka_unit_test(a_clock_that_goes_back_frees_the_account),
    };
    return UNIT_RUN(tests);
}

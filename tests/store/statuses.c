#include "contract.h"

/* How a status with this tracker and id fares: 1 moved, 0 not. */
static int status(struct fixture *f, const char *tracker, const char *platform_id, enum outbox_state to)
{
    begin(f);
    int rc = store_outbox_status(f->s, "whatsapp", tracker, platform_id, to, to == OUTBOX_DEAD ? 131026 : 0,
                                 to != OUTBOX_DEAD, f->now, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    commit(f);
    return rc;
}

static void assert_only(struct fixture *f, enum outbox_state state)
{
    struct store_counts c = counts(f);
    for (int i = 0; i < OUTBOX_N; i++) {
        if (c.outbox[i] != (i == (int)state))
            fail_msg("%lld rows are %s", (long long)c.outbox[i], outbox_state_name((enum outbox_state)i));
    }
}

/* One reply that is being sent. */
static struct outbox_row *under_way(struct fixture *f)
{
    (void)add_reply(f, resolve(f, person("31612345678", NULL)), "hello");
    struct outbox_row *row = claim(f, 1);
    assert_non_null(row);
    return row;
}

static void statuses_only_move_a_row_forward(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");
    assert_only(f, OUTBOX_SENT);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_SENT), 0);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_DELIVERED), 1);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_SENT), 0);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_DELIVERED), 0);
    assert_only(f, OUTBOX_DELIVERED);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_READ), 1);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_DELIVERED), 0);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_DEAD), 0);
    assert_only(f, OUTBOX_READ);
}

static void read_may_come_without_delivered(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_READ), 1);
    assert_only(f, OUTBOX_READ);
}

static void a_failure_is_final_but_not_after_reading(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(status(f, row->tracker, NULL, OUTBOX_DELIVERED), 1);
    assert_int_equal(status(f, row->tracker, NULL, OUTBOX_DEAD), 1);
    assert_int_equal(status(f, row->tracker, NULL, OUTBOX_READ), 0);
    assert_only(f, OUTBOX_DEAD);
}

static void a_status_finds_its_row_by_platform_id(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(status(f, NULL, "wamid.B1", OUTBOX_DELIVERED), 1);
    assert_int_equal(status(f, "somebody-else's", "wamid.B1", OUTBOX_READ), 1);
    assert_only(f, OUTBOX_READ);
}

static void a_status_of_nothing_of_ours_moves_nothing(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    char tracker[64];
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");

    (void)snprintf(tracker, sizeof tracker, "%s9", row->tracker);
    assert_int_equal(status(f, tracker, NULL, OUTBOX_READ), 0);
    (void)snprintf(tracker, sizeof tracker, "%s ", row->tracker);
    assert_int_equal(status(f, tracker, NULL, OUTBOX_READ), 0);
    (void)snprintf(tracker, sizeof tracker, "%.*s99999999999999999999", (int)strcspn(row->tracker, "-") + 1,
                   row->tracker);
    assert_int_equal(status(f, tracker, NULL, OUTBOX_READ), 0);
    (void)snprintf(tracker, sizeof tracker, "%s", row->tracker);
    tracker[0] = tracker[0] == '0' ? '1' : '0'; /* another database's */
    assert_int_equal(status(f, tracker, NULL, OUTBOX_READ), 0);
    assert_int_equal(status(f, NULL, "wamid.B2", OUTBOX_READ), 0);
    assert_int_equal(status(f, "", NULL, OUTBOX_READ), 0);
    assert_int_equal(
        store_outbox_status(f->s, "telegram", row->tracker, "wamid.B1", OUTBOX_READ, 0, false, f->now, &f->e),
        -1); /* and outside a transaction it is told */
    begin(f);
    assert_int_equal(
        store_outbox_status(f->s, "telegram", row->tracker, "wamid.B1", OUTBOX_READ, 0, false, f->now, &f->e),
        0);
    commit(f);
    assert_only(f, OUTBOX_SENT);
}

static void a_status_settles_a_lost_answer(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    settle_later(f, row->id, OUTBOX_UNSURE, f->now + 5000);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_SENT), 1);
    assert_only(f, OUTBOX_SENT);
    f->now += 5000;
    assert_null(claim(f, 10));
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 1);
}

static void a_status_that_overtakes_the_answer_stands(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    assert_int_equal(status(f, row->tracker, NULL, OUTBOX_DELIVERED), 1);
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");
    assert_only(f, OUTBOX_DELIVERED);
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 1);
    settle_later(f, row->id, OUTBOX_DUE, f->now);
    assert_only(f, OUTBOX_DELIVERED);
    assert_null(claim(f, 10));
}

static void a_status_settles_a_row_that_was_to_be_tried_again(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    settle_later(f, row->id, OUTBOX_DUE, f->now + 1000);
    assert_int_equal(status(f, row->tracker, "wamid.B1", OUTBOX_DELIVERED), 1);
    f->now += 1000;
    assert_null(claim(f, 10));
}

static void a_failed_status_lets_the_next_reply_go(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    int64_t second = add_reply(f, row->contact, "2");
    settle_later(f, row->id, OUTBOX_UNSURE, f->now + 5000);
    assert_int_equal(status(f, row->tracker, NULL, OUTBOX_DEAD), 1);
    assert_int_equal(claim(f, 10)->id, second);
}

static void our_own_sends_are_known_by_their_platform_id(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *row = under_way(f);
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 0);
    settle(f, row->id, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 1);
    assert_int_equal(store_outbox_is_ours(f->s, "telegram", "wamid.B1", &f->e), 0);
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", NULL, &f->e), 0);
}

static void settling_what_is_not_there_is_no_error(void **state)
{
    struct fixture *f = *state;
    settle(f, 4711, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 0);
}

int contract_statuses(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(statuses_only_move_a_row_forward),
        CONTRACT(read_may_come_without_delivered),
        CONTRACT(a_failure_is_final_but_not_after_reading),
        CONTRACT(a_status_finds_its_row_by_platform_id),
        CONTRACT(a_status_of_nothing_of_ours_moves_nothing),
        CONTRACT(a_status_settles_a_lost_answer),
        CONTRACT(a_status_that_overtakes_the_answer_stands),
        CONTRACT(a_status_settles_a_row_that_was_to_be_tried_again),
        CONTRACT(a_failed_status_lets_the_next_reply_go),
        CONTRACT(our_own_sends_are_known_by_their_platform_id),
        CONTRACT(settling_what_is_not_there_is_no_error),
    };
    return CONTRACT_RUN("statuses", tests, b);
}

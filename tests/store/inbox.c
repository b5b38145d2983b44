#include "contract.h"

static void a_message_received_twice_is_taken_once(void **state)
{
    struct fixture *f = *state;
    int64_t row = take_message(f, "wamid.A1", "{}");
    assert_int_not_equal(row, 0);
    assert_int_equal(take_message(f, "wamid.A1", "{}"), 0);
    assert_int_not_equal(take_message(f, "wamid.A2", NULL), 0);
    assert_int_equal(counts(f).inbox[INBOX_TAKEN], 2);
}

static void a_message_received_twice_in_one_transaction_is_taken_once(void **state)
{
    struct fixture *f = *state;
    int64_t row;
    begin(f);
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.A1", "{}", f->now, &row, &f->e), 1);
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.A1", "{}", f->now, &row, &f->e), 0);
    commit(f);
}

static void two_channels_may_use_the_same_id(void **state)
{
    struct fixture *f = *state;
    int64_t row;
    (void)take_message(f, "77", "{}");
    begin(f);
    assert_int_equal(store_inbox_add(f->s, "telegram", "77", "{}", f->now, &row, &f->e), 1);
    commit(f);
}

static void how_a_turn_ended_is_counted(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    close_message(f, take_message(f, "wamid.A1", "{}"), ana, INBOX_DONE);
    close_message(f, take_message(f, "wamid.A2", "{}"), 0, INBOX_SKIPPED);
    begin(f);
    int64_t row;
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.A3", "{}", f->now, &row, &f->e), 1);
    MUST(f, store_inbox_close(f->s, row, ana, INBOX_FAILED, "the flow has no such state", &f->e));
    commit(f);
    struct store_counts c = counts(f);
    assert_int_equal(c.inbox[INBOX_TAKEN], 0);
    assert_int_equal(c.inbox[INBOX_DONE], 1);
    assert_int_equal(c.inbox[INBOX_SKIPPED], 1);
    assert_int_equal(c.inbox[INBOX_FAILED], 1);
}

static void every_state_has_its_own_name(void **state)
{
    (void)state;
    for (int i = 0; i < INBOX_N; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(inbox_state_name((enum inbox_state)i),
                                    inbox_state_name((enum inbox_state)j));
    for (int i = 0; i < OUTBOX_N; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(outbox_state_name((enum outbox_state)i),
                                    outbox_state_name((enum outbox_state)j));
}

int contract_inbox(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_message_received_twice_is_taken_once),
        CONTRACT(a_message_received_twice_in_one_transaction_is_taken_once),
        CONTRACT(two_channels_may_use_the_same_id),
        CONTRACT(how_a_turn_ended_is_counted),
        CONTRACT(every_state_has_its_own_name),
    };
    return CONTRACT_RUN("inbox", tests, b);
}

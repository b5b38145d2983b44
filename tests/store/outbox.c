#include "contract.h"

static int64_t next_at(struct fixture *f)
{
    int64_t at = 0;
    MUST(f, store_outbox_next(f->s, &at, &f->e));
    return at;
}

static void a_reply_is_claimed_with_all_it_needs(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    begin(f);
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, f->now - 700, &f->e));
    commit(f);
    int64_t id = add_reply(f, ana, "{\"type\":\"text\"}");
    f->now += 10;
    struct outbox_row *row = claim(f, 10);
    assert_non_null(row);
    assert_null(row->next);
    assert_int_equal(row->id, id);
    assert_int_equal(row->contact, ana);
    assert_string_equal(row->content, "{\"type\":\"text\"}");
    assert_int_equal(row->attempt, 1);
    assert_int_equal(row->created_ms, f->now - 10);
    assert_int_equal(row->wrote_ms, f->now - 710);
    assert_string_equal(row->to.phone, "31612345678");
    assert_true(strlen(row->tracker) > 8);
    assert_null(claim(f, 10));
}

static void a_contact_has_one_reply_under_way_and_in_order(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t first = add_reply(f, ana, "1"), second = add_reply(f, ana, "2"), other = add_reply(f, bo, "3");

    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, first);
    assert_int_equal(row->next->id, other);
    assert_null(row->next->next);
    assert_null(claim(f, 10));
    settle(f, first, OUTBOX_SENT, "wamid.B1");
    row = claim(f, 10);
    assert_int_equal(row->id, second);
    assert_null(row->next);
}

static void a_reply_that_must_wait_holds_up_its_own_contact_only(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t first = add_reply(f, ana, "1");
    (void)add_reply(f, ana, "2");
    assert_int_equal(claim(f, 1)->id, first);
    settle_later(f, first, OUTBOX_DUE, f->now + 4000);
    int64_t other = add_reply(f, bo, "3");

    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, other);
    assert_null(row->next);
    assert_int_equal(next_at(f), f->now + 4000);
    f->now += 4000;
    row = claim(f, 10);
    assert_int_equal(row->id, first);
    assert_int_equal(row->attempt, 2);
}

static void no_more_are_claimed_than_asked_and_the_oldest_first(void **state)
{
    struct fixture *f = *state;
    int64_t rows[5];
    char phone[16];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(phone, sizeof phone, "3161234567%d", i);
        rows[i] = add_reply(f, resolve(f, person(phone, NULL)), "hello");
        f->now++;
    }
    struct outbox_row *row = claim(f, 2);
    assert_int_equal(row->id, rows[0]);
    assert_int_equal(row->next->id, rows[1]);
    assert_null(row->next->next);
    row = claim(f, 10);
    for (int i = 2; i < 5; i++, row = row->next) assert_int_equal(row->id, rows[i]);
    assert_null(row);
    assert_null(claim(f, 10));
}

static void an_account_is_claimed_for_by_name(void **state)
{
    struct fixture *f = *state;
    struct outbox_row *rows;
    int64_t id = add_reply(f, resolve(f, person("31612345678", NULL)), "hello");
    begin(f);
    MUST(f, store_outbox_claim(f->s, "other", f->now, 10, f->a, &rows, &f->e));
    assert_null(rows);
    MUST(f, store_outbox_claim(f->s, ACCOUNT, f->now, 10, f->a, &rows, &f->e));
    commit(f);
    assert_int_equal(rows->id, id);
}

static int64_t replies_waiting(struct fixture *f)
{
    int64_t n = -1;
    MUST(f, store_outbox_waiting(f->s, &n, &f->e));
    return n;
}

static void what_waits_is_counted_and_what_is_under_way_or_done_is_not(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    assert_int_equal(replies_waiting(f), 0);
    int64_t first = add_reply(f, ana, "1"), other = add_reply(f, bo, "2");
    (void)add_reply(f, ana, "3");
    assert_int_equal(replies_waiting(f), 3);
    (void)claim(f, 10);
    assert_int_equal(replies_waiting(f), 1);
    settle_later(f, other, OUTBOX_UNSURE, f->now + 4000);
    assert_int_equal(replies_waiting(f), 2);
    settle(f, first, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(replies_waiting(f), 2);
}

static void a_reply_for_later_waits_for_its_time(void **state)
{
    struct fixture *f = *state;
    const struct outbox_new row = {.contact = resolve(f, person("31612345678", NULL)),
                                   .channel = "whatsapp",
                                   .account = ACCOUNT,
                                   .content = "reminder",
                                   .now_ms = f->now,
                                   .not_before_ms = f->now + 60000};
    int64_t id;
    assert_int_equal(next_at(f), INT64_MAX);
    begin(f);
    MUST(f, store_outbox_add(f->s, &row, &id, &f->e));
    commit(f);
    assert_int_equal(next_at(f), f->now + 60000);
    f->now += 59999;
    assert_null(claim(f, 10));
    f->now += 1;
    assert_int_equal(claim(f, 10)->id, id);
}

static void what_waits_behind_a_send_under_way_wakes_nobody(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t first = add_reply(f, ana, "1");
    (void)add_reply(f, ana, "2");
    assert_int_equal(next_at(f), f->now);
    (void)claim(f, 10);
    assert_int_equal(next_at(f), INT64_MAX);
    settle(f, first, OUTBOX_DEAD, NULL);
    assert_int_equal(next_at(f), f->now);
}

static void a_lost_answer_is_tried_again_after_its_time(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t first = add_reply(f, ana, "1");
    (void)add_reply(f, ana, "2");
    const char *tracker = claim(f, 1)->tracker;
    settle_later(f, first, OUTBOX_UNSURE, f->now + 5000);
    assert_null(claim(f, 10));
    assert_int_equal(next_at(f), f->now + 5000);
    f->now += 5000;
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, first);
    assert_null(row->next);
    assert_int_equal(row->attempt, 2);
    assert_string_equal(row->tracker, tracker);
}

static void what_a_dead_process_was_sending_is_unsure(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t under_way = add_reply(f, ana, "1");
    (void)claim(f, 10);
    int64_t due = add_reply(f, bo, "2");
    begin(f);
    MUST(f, store_outbox_recover(f->s, f->now + 9000, &f->e));
    commit(f);
    assert_int_equal(counts(f).outbox[OUTBOX_UNSURE], 1);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, due);
    assert_null(row->next);
    f->now += 9000;
    assert_int_equal(claim(f, 10)->id, under_way);
}

/* Its status may have been refused while nobody was there to take it. */
static void what_was_unsure_before_waits_anew(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    const int64_t soon = f->now + 2000, late = f->now + 60000;
    int64_t first = add_reply(f, ana, "1"), second = add_reply(f, bo, "2");
    (void)claim(f, 10);
    const struct outbox_result over = {.state = OUTBOX_UNSURE, .next_try_ms = soon, .now_ms = f->now},
                               longer = {.state = OUTBOX_UNSURE, .next_try_ms = late, .now_ms = f->now};
    begin(f);
    MUST(f, store_outbox_settle(f->s, first, &over, &f->e));
    MUST(f, store_outbox_settle(f->s, second, &longer, &f->e));
    f->now += 5000;
    MUST(f, store_outbox_recover(f->s, f->now + 9000, &f->e));
    commit(f);
    assert_null(claim(f, 10));
    f->now += 9000;
    assert_int_equal(claim(f, 10)->id, first);
    assert_null(claim(f, 10));
    f->now = late;
    assert_int_equal(claim(f, 10)->id, second);
}

static int64_t add_replaceable(struct fixture *f, int64_t contact)
{
    const struct outbox_new row = {.contact = contact,
                                   .channel = "whatsapp",
                                   .account = ACCOUNT,
                                   .content = "hello",
                                   .now_ms = f->now,
                                   .replaces_waiting = true};
    int64_t id = 0;
    begin(f);
    MUST(f, store_outbox_add(f->s, &row, &id, &f->e));
    commit(f);
    return id;
}

static void a_newer_reply_takes_the_place_of_one_that_waits(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t plain = add_reply(f, ana, "stays");
    (void)add_replaceable(f, ana);
    (void)add_replaceable(f, ana);
    int64_t last = add_replaceable(f, ana);
    int64_t others = add_replaceable(f, bo);
    assert_int_equal(counts(f).outbox[OUTBOX_WITHDRAWN], 2);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, plain);
    assert_int_equal(row->next->id, others);
    settle(f, plain, OUTBOX_SENT, NULL);
    assert_int_equal(claim(f, 10)->id, last);
}

static void what_is_under_way_is_not_withdrawn(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t first = add_replaceable(f, ana);
    assert_int_equal(claim(f, 1)->id, first);
    int64_t second = add_replaceable(f, ana);
    assert_int_equal(counts(f).outbox[OUTBOX_WITHDRAWN], 0);
    settle(f, first, OUTBOX_SENT, NULL);
    assert_int_equal(claim(f, 1)->id, second);
}

static void a_dead_reply_lets_the_next_one_go(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t first = add_reply(f, ana, "1"), second = add_reply(f, ana, "2");
    (void)claim(f, 10);
    settle(f, first, OUTBOX_DEAD, NULL);
    assert_int_equal(claim(f, 10)->id, second);
    assert_int_equal(counts(f).outbox[OUTBOX_DEAD], 1);
}

static void a_reply_to_nobody_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct outbox_new row = {
        .contact = 4711, .channel = "whatsapp", .account = ACCOUNT, .content = "hello", .now_ms = f->now};
    int64_t id;
    begin(f);
    assert_int_equal(store_outbox_add(f->s, &row, &id, &f->e), -1);
    assert_non_null(strstr(f->e.text, "while storing a reply"));
    store_rollback(f->s);
}

static void trackers_differ_between_rows(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)add_reply(f, ana, "1");
    (void)add_reply(f, bo, "2");
    struct outbox_row *row = claim(f, 10);
    assert_string_not_equal(row->tracker, row->next->tracker);
}

int contract_outbox(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_reply_is_claimed_with_all_it_needs),
        CONTRACT(a_contact_has_one_reply_under_way_and_in_order),
        CONTRACT(a_reply_that_must_wait_holds_up_its_own_contact_only),
        CONTRACT(no_more_are_claimed_than_asked_and_the_oldest_first),
        CONTRACT(an_account_is_claimed_for_by_name),
        CONTRACT(what_waits_is_counted_and_what_is_under_way_or_done_is_not),
        CONTRACT(a_reply_for_later_waits_for_its_time),
        CONTRACT(what_waits_behind_a_send_under_way_wakes_nobody),
        CONTRACT(a_lost_answer_is_tried_again_after_its_time),
        CONTRACT(what_a_dead_process_was_sending_is_unsure),
        CONTRACT(what_was_unsure_before_waits_anew),
        CONTRACT(a_newer_reply_takes_the_place_of_one_that_waits),
        CONTRACT(what_is_under_way_is_not_withdrawn),
        CONTRACT(a_dead_reply_lets_the_next_one_go),
        CONTRACT(a_reply_to_nobody_is_refused),
        CONTRACT(trackers_differ_between_rows),
    };
    return CONTRACT_RUN("outbox", tests, b);
}

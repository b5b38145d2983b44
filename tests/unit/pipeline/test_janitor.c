#include "unit.h"

#include "clock.h"
#include "err.h"
#include "janitor.h"
#include "kept.h"
#include "rig.h"
#include "store.h"

int test_janitor(void);

static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;
static const int64_t VISIT_MS = INT64_C(600) * 1000;

/* A message that came then. */
static void take(struct rig *r, int n, int64_t when_ms)
{
    char id[32];
    int64_t row;
    struct err e = {0};

    (void)snprintf(id, sizeof id, "wamid.%d", n);
    assert_int_equal(store_inbox_add(r->store, "whatsapp", id, "{}", when_ms, &row, &e), 1);
    assert_int_equal(store_inbox_close(r->store, row, 0, INBOX_DONE, NULL, &e), 0);
}

/* What there would still be for it to do. */
static struct janitor_report left(struct rig *r, int64_t now_ms)
{
    const struct retention all = {.now_ms = now_ms,
                                  .text_before_ms = now_ms - 30 * DAY_MS,
                                  .answers_before_ms = now_ms - 365 * DAY_MS,
                                  .seen_before_ms = now_ms - 8 * DAY_MS,
                                  .limit = 100000};
    struct janitor_report report = {0};
    struct err e = {0};

    rig_begin(r);
    assert_int_equal(store_janitor(r->store, &all, &report, &e), 0);
    store_rollback(r->store);
    return report;
}

static void open_with(struct rig *r, struct janitor *j, int old, int fresh)
{
    rig_open(r, "sqlite::memory:", 1, NULL);
    janitor_init(j, &r->config);
    rig_begin(r);
    for (int i = 0; i < old; i++) take(r, i, RIG_NOW - 31 * DAY_MS);
    for (int i = 0; i < fresh; i++) take(r, old + i, RIG_NOW - 29 * DAY_MS);
    rig_commit(r);
}

static void a_visit_is_bounded_and_the_rest_comes_soon(void **state)
{
    struct rig r;
    struct janitor j;
    int visits = 0;
    (void)state;
    open_with(&r, &j, 450, 7);
    int64_t now = RIG_NOW;
    do {
        janitor_visit(&j, r.store, now);
        visits++;
        if (visits == 1) assert_int_equal(left(&r, now).texts, 250);
        assert_true(j.next_ms > now);
        now = j.next_ms;
    } while (now - RIG_NOW < 10 * 1000 && visits < 100);
    assert_true(visits >= 3);
    assert_int_equal(left(&r, RIG_NOW).texts, 0);
    assert_int_equal(left(&r, RIG_NOW).keys, 0);
    assert_int_equal(left(&r, RIG_NOW + 2 * DAY_MS).texts, 7); /* these were too young */
    assert_true(j.next_ms - RIG_NOW >= VISIT_MS);
    rig_close(&r);
}

static void it_comes_again_in_its_time_alone(void **state)
{
    struct rig r;
    struct janitor j;
    (void)state;
    open_with(&r, &j, 0, 0);
    janitor_visit(&j, r.store, RIG_NOW);
    assert_int_equal(j.next_ms - RIG_NOW, VISIT_MS);
    rig_begin(&r);
    take(&r, 1, RIG_NOW - 31 * DAY_MS);
    rig_commit(&r);
    janitor_visit(&j, r.store, RIG_NOW + VISIT_MS - 1);
    assert_int_equal(left(&r, RIG_NOW).texts, 1);
    janitor_visit(&j, r.store, RIG_NOW + VISIT_MS);
    assert_int_equal(left(&r, RIG_NOW).texts, 0);
    rig_close(&r);
}

static void a_clock_that_goes_back_does_not_keep_it_away(void **state)
{
    struct rig r;
    struct janitor j;
    (void)state;
    open_with(&r, &j, 0, 0);
    janitor_visit(&j, r.store, RIG_NOW + 400 * DAY_MS);
    rig_begin(&r);
    take(&r, 1, RIG_NOW - 31 * DAY_MS);
    rig_commit(&r);
    janitor_visit(&j, r.store, RIG_NOW);
    assert_int_equal(left(&r, RIG_NOW).texts, 0);
    rig_close(&r);
}

static void contacts_go_when_their_answers_are_too_old(void **state)
{
    struct rig r;
    struct janitor j;
    struct store_counts c;
    struct err e = {0};
    (void)state;
    open_with(&r, &j, 0, 0);
    rig_contact(&r, "31612345678", NULL, RIG_NOW - 366 * DAY_MS);
    rig_contact(&r, "31687654321", NULL, RIG_NOW - 364 * DAY_MS);
    janitor_visit(&j, r.store, RIG_NOW);
    assert_int_equal(store_count(r.store, &c, &e), 0);
    assert_int_equal(c.contacts, 1);
    rig_close(&r);
}

/* A redelivery comes up to seven days later. */
static void ids_are_known_longer_than_the_platform_redelivers(void **state)
{
    struct rig r;
    struct janitor j;
    struct err e = {0};
    int64_t row;
    (void)state;
    rig_open(&r, "sqlite::memory:", 1, (const char *[]){"RETAIN_TEXT_DAYS=1", NULL});
    janitor_init(&j, &r.config);
    rig_begin(&r);
    take(&r, 1, RIG_NOW - 7 * DAY_MS - DAY_MS / 2);
    take(&r, 2, RIG_NOW - 8 * DAY_MS - 1);
    rig_commit(&r);
    for (int i = 0; i < 3; i++) janitor_visit(&j, r.store, RIG_NOW + i * VISIT_MS);
    rig_begin(&r);
    assert_int_equal(store_inbox_add(r.store, "whatsapp", "wamid.1", NULL, RIG_NOW, &row, &e), 0);
    assert_int_equal(store_inbox_add(r.store, "whatsapp", "wamid.2", NULL, RIG_NOW, &row, &e), 1);
    store_rollback(r.store);
    rig_close(&r);
}

/* What is left to do of an erasure is done between its visits. */
static void what_an_erasure_left_is_done_between_visits(void **state)
{
    struct rig r;
    struct janitor j;
    struct err e = {0};
    (void)state;
    open_with(&r, &j, 0, 0);
    janitor_visit(&j, r.store, RIG_NOW);
    int64_t ana = rig_contact(&r, "31612345678", NULL, RIG_NOW),
            bo = rig_contact(&r, "31687654321", NULL, RIG_NOW);
    for (int i = 0; i < 2; i++) {
        rig_begin(&r);
        assert_int_equal(store_contact_erase(r.store, i == 0 ? ana : bo, RIG_NOW, &e), 0);
        rig_commit(&r);
    }
    /* The second rewrite waits for twenty times what the first took: some milliseconds of a clock that goes on. */
    for (int64_t until = clock_mono_ms() + 60 * 1000; store_contact_gone(r.store, bo, &e) == 0;) {
        assert_true(clock_mono_ms() < until);
        janitor_visit(&j, r.store, RIG_NOW);
    }
    assert_int_equal(j.next_ms - RIG_NOW, VISIT_MS);
    rig_close(&r);
}

int test_janitor(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_is_bounded_and_the_rest_comes_soon),
        cmocka_unit_test(it_comes_again_in_its_time_alone),
        cmocka_unit_test(a_clock_that_goes_back_does_not_keep_it_away),
        cmocka_unit_test(contacts_go_when_their_answers_are_too_old),
        cmocka_unit_test(ids_are_known_longer_than_the_platform_redelivers),
        cmocka_unit_test(what_an_erasure_left_is_done_between_visits),
    };
    return UNIT_RUN(tests);
}

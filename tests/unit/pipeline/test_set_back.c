/* A clock that is set back while people wait by it. */
#include "unit.h"

#include "err.h"
#include "rig.h"
#include "set_back.h"
#include "store.h"

int test_set_back(void);

enum { SECOND = 1000 };
#define DAY (INT64_C(24) * 3600 * SECOND)

static int begin(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    rig_open(r, "sqlite::memory:", 1, NULL);
    *state = r;
    return 0;
}

static int end(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static void it_is_seen_beside_the_clock_that_is_not_set(void **state)
{
    struct set_back b = {0};
    (void)state;

    assert_int_equal(set_back_ms(&b, RIG_NOW, 500), 0); /* the first look */
    set_back_looked(&b, RIG_NOW, 500);
    assert_int_equal(set_back_ms(&b, RIG_NOW + SECOND, 500 + SECOND), 0);
    assert_int_equal(set_back_ms(&b, RIG_NOW + SECOND - DAY, 500 + SECOND), DAY);
    assert_int_equal(set_back_ms(&b, RIG_NOW - SECOND, 500), 0);       /* a correction */
    assert_int_equal(set_back_ms(&b, RIG_NOW + DAY, 500 + SECOND), 0); /* forward: all is due soon enough */
}

/* A reply put off by a minute, and one that is kept until the person writes. */
static void two_rows(struct rig *r)
{
    const struct outbox_result later = {.state = OUTBOX_DUE, .next_try_ms = RIG_NOW + 60 * SECOND},
                               kept = {.state = OUTBOX_DUE, .next_try_ms = OUTBOX_KEPT_MS};
    const struct outbox_result *results[] = {&later, &kept};
    static const char *const phones[] = {"31612345678", "31687654321"};
    struct outbox_row *rows;
    struct err e = {0};

    for (size_t i = 0; i < 2; i++) {
        int64_t id = rig_row(r, rig_contact(r, phones[i], NULL, RIG_NOW), RIG_ACCOUNT, "x", RIG_NOW);
        rig_begin(r);
        assert_int_equal(store_outbox_claim(r->store, RIG_ACCOUNT, RIG_NOW, 9, r->arena, &rows, &e), 0);
        assert_int_equal(store_outbox_settle(r->store, id, results[i], &e), 0);
        rig_commit(r);
    }
}

static void what_waits_follows_and_what_is_kept_does_not(void **state)
{
    struct rig *r = *state;
    struct err e = {0};

    two_rows(r);
    assert_int_equal(rig_next(r), RIG_NOW + 60 * SECOND);
    assert_int_equal(set_back_follow(r->store, DAY, RIG_NOW - DAY, &e), 0);
    assert_int_equal(rig_next(r), RIG_NOW + 60 * SECOND - DAY);
    assert_int_equal(set_back_follow(r->store, DAY, RIG_NOW - DAY, &e), 0); /* never before now */
    assert_int_equal(rig_next(r), RIG_NOW - DAY);
    assert_int_equal(rig_outbox(r, "due"), 2);
}

static void at_the_start_only_what_nothing_could_have_meant_is_due(void **state)
{
    struct rig *r = *state;
    struct err e = {0};

    two_rows(r);
    rig_begin(r);
    assert_int_equal(set_back_at_start(r->store, RIG_NOW, &e), 0);
    rig_commit(r);
    assert_int_equal(rig_next(r), RIG_NOW + 60 * SECOND);
    rig_begin(r);
    assert_int_equal(set_back_at_start(r->store, RIG_NOW - DAY, &e), 0);
    rig_commit(r);
    assert_int_equal(rig_next(r), RIG_NOW - DAY);
}

int test_set_back(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_seen_beside_the_clock_that_is_not_set),
        WITH_RIG(what_waits_follows_and_what_is_kept_does_not),
        WITH_RIG(at_the_start_only_what_nothing_could_have_meant_is_due),
    };
#undef WITH_RIG
    return UNIT_RUN(tests);
}

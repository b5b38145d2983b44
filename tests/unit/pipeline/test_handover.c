#include "unit.h"

#include <pthread.h>
#include <sched.h>

#include "handover.h"
#include "http_server.h"
#include "rig.h"

int test_handover(void);

static struct http_request *numbered(uint64_t id)
{
    struct http_request *r = hook_request("{}", 2);
    r->id = id;
    return r;
}

static void put(struct handover *h, struct http_request *r, bool wakes)
{
    bool wake = false;

    assert_true(handover_put(h, r, &wake));
    assert_int_equal(wake, wakes);
}

/* Takes up to `max`: ids from `first` up, in order. The number taken. */
static size_t expect_taken(struct handover *h, size_t max, uint64_t first)
{
    struct http_request *r = handover_take(h, max);
    size_t n = 0;

    while (r != NULL) {
        struct http_request *next = r->next;
        assert_int_equal(r->id, first + n++);
        http_request_free(r);
        r = next;
    }
    return n;
}

static void requests_come_out_in_the_order_they_went_in(void **state)
{
    struct handover *h = handover_new();
    (void)state;
    assert_null(handover_take(h, 10));
    for (uint64_t id = 1; id <= 5; id++) put(h, numbered(id), id == 1);
    assert_int_equal(expect_taken(h, 2, 1), 2);
    put(h, numbered(6), false);
    assert_int_equal(expect_taken(h, 100, 3), 4);
    assert_null(handover_take(h, 10));
    handover_free(h);
}

static void the_desk_is_woken_only_for_the_first(void **state)
{
    struct handover *h = handover_new();
    (void)state;
    put(h, numbered(1), true);
    put(h, numbered(2), false);
    assert_int_equal(expect_taken(h, 1, 1), 1);
    put(h, numbered(3), false); /* the desk knows that there is more */
    assert_int_equal(expect_taken(h, 9, 2), 2);
    put(h, numbered(4), true);
    handover_free(h);
}

static void no_more_bytes_wait_than_the_limit(void **state)
{
    struct handover *h = handover_new();
    struct http_request *large = numbered(2), *one = numbered(3);
    bool wake;
    (void)state;
    struct http_request *first = numbered(1);
    first->body_n = HANDOVER_BYTES_MAX - 1000;
    put(h, first, true);
    large->body_n = 1001;
    assert_false(handover_put(h, large, &wake)); /* and stays ours */
    large->body_n = 1000;
    put(h, large, false);
    one->body_n = 1;
    assert_false(handover_put(h, one, &wake));
    assert_int_equal(expect_taken(h, 1, 1), 1); /* what is taken makes room */
    put(h, one, false);
    handover_free(h);
}

static void a_closed_one_takes_nothing_and_still_gives(void **state)
{
    struct handover *h = handover_new();
    struct http_request *late = numbered(2);
    bool wake;
    (void)state;
    put(h, numbered(1), true);
    handover_close(h);
    assert_false(handover_put(h, late, &wake));
    http_request_free(late);
    assert_int_equal(expect_taken(h, 9, 1), 1);
    handover_free(h);
    handover_free(NULL);
}

enum { CROSSING = 20000 };

static void *put_many(void *user)
{
    struct handover *h = user;
    bool wake;

    for (uint64_t id = 1; id <= CROSSING; id++)
        if (!handover_put(h, numbered(id), &wake)) return h;
    return NULL;
}

static void one_thread_puts_while_another_takes(void **state)
{
    struct handover *h = handover_new();
    pthread_t door;
    uint64_t taken = 0;
    void *failed = NULL;
    (void)state;
    assert_int_equal(pthread_create(&door, NULL, put_many, h), 0);
    while (taken < CROSSING) {
        size_t n = expect_taken(h, 64, taken + 1);
        taken += n;
        if (n == 0) (void)sched_yield();
    }
    assert_int_equal(pthread_join(door, &failed), 0);
    assert_null(failed);
    assert_null(handover_take(h, 1));
    handover_free(h);
}

int test_handover(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_come_out_in_the_order_they_went_in),
        cmocka_unit_test(the_desk_is_woken_only_for_the_first),
        cmocka_unit_test(no_more_bytes_wait_than_the_limit),
        cmocka_unit_test(a_closed_one_takes_nothing_and_still_gives),
        cmocka_unit_test(one_thread_puts_while_another_takes),
    };
    return UNIT_RUN(tests);
}

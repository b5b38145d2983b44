/* Errors, buffers and arenas: what every other room stands on. */
#include "unit.h"

#include <errno.h>

#include "arena.h"
#include "buf.h"
#include "err.h"

int test_text(void);

static void gathers_place_on_the_way_up(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(err_set(&e, "unknown target '%s'", "securty"), -1);
    assert_int_equal(err_wrap(&e, "state '%s'", "team"), -1);
    assert_int_equal(err_wrap(&e, "%s", "flows/x.json"), -1);
    assert_string_equal(e.text, "flows/x.json: state 'team': unknown target 'securty'");
    assert_int_equal(err_set(NULL, "nobody asked"), -1);
    assert_int_equal(err_wrap(NULL, "nobody asked"), -1);
}

static void cuts_errors_that_are_too_long(void **state)
{
    char name[ERR_TEXT_MAX * 2];
    struct err e = {0};
    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    (void)err_set(&e, "end");
    (void)err_wrap(&e, "%s", name);
    assert_int_equal(strlen(e.text), ERR_TEXT_MAX - 1);
    (void)err_set(&e, "%s", name);
    (void)err_wrap(&e, "place");
    assert_int_equal(strlen(e.text), ERR_TEXT_MAX - 1);
    assert_memory_equal(e.text, "place: xxx", 10);
}

static void tells_the_systems_words(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(err_errno(&e, "data/x.db", ENOENT), -1);
    assert_string_equal(e.text, "data/x.db: No such file or directory");
}

static void grows_and_ends_with_nul(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_string_equal(buf_text(&b), "");
    for (int i = 0; i < 1000; i++) buf_addf(&b, "%d,", i);
    buf_addc(&b, '!');
    assert_false(b.failed);
    assert_int_equal(strlen(b.data), b.len);
    assert_int_equal(b.len, 3891);
    buf_clear(&b);
    assert_string_equal(buf_text(&b), "");
    buf_add(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_int_equal(b.data[3], '\0');
    buf_free(&b);
    assert_null(b.data);
}

static void formats_any_length_where_it_fits_and_where_not(void **state)
{
    char want[300];
    (void)state;
    for (int n = 0; n < 280; n++) {
        struct buf b = {0};
        struct arena *a = arena_new(137); /* no multiple of any alignment */
        (void)snprintf(want, sizeof want, "%*d|", n, 7);
        buf_adds(&b, "12345");
        buf_addf(&b, "%*d|", n, 7);
        assert_string_equal(buf_text(&b) + 5, want);
        assert_int_equal(b.len, strlen(want) + 5);
        (void)arena_alloc(a, 3);
        const char *first = arena_printf(a, "%*d|", n, 7);
        assert_string_equal(arena_strdup(a, "next"), "next");
        assert_string_equal(first, want);
        buf_free(&b);
        arena_free(a);
    }
}

static void remembers_that_memory_ran_out(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_adds(&b, "kept");
    buf_add(&b, NULL, SIZE_MAX / 2);
    assert_true(b.failed);
    buf_adds(&b, "dropped");
    assert_string_equal(buf_text(&b), "kept");
    buf_clear(&b);
    assert_false(b.failed);
    buf_free(&b);
}

static void arena_serves_beyond_its_first_block(void **state)
{
    struct arena *a = arena_new(64);
    (void)state;
    assert_non_null(a);
    char *first = arena_strdup(a, "first");
    char *big = arena_calloc(a, 1000);
    char *said = arena_printf(a, "%s-%d", "x", 7);
    assert_string_equal(first, "first");
    assert_string_equal(said, "x-7");
    for (int i = 0; i < 1000; i++) assert_int_equal(big[i], 0);
    for (size_t n = 1; n < 40; n++) assert_int_equal((uintptr_t)arena_alloc(a, n) % sizeof(void *), 0);
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    arena_reset(a);
    assert_ptr_equal(arena_strdup(a, "again"), first);
    arena_free(a);
    arena_free(NULL);
}

int test_text(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gathers_place_on_the_way_up),
        cmocka_unit_test(cuts_errors_that_are_too_long),
        cmocka_unit_test(formats_any_length_where_it_fits_and_where_not),
        cmocka_unit_test(tells_the_systems_words),
        cmocka_unit_test(grows_and_ends_with_nul),
        cmocka_unit_test(remembers_that_memory_ran_out),
        cmocka_unit_test(arena_serves_beyond_its_first_block),
    };
    return UNIT_RUN(tests);
}

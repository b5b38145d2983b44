#include "unit.h"

#include "buf.h"
#include "utf8.h"

int test_utf8(void);

static void counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(""), 0);
    assert_int_equal(utf8_count("caf\xC3\xA9"), 4);
    assert_int_equal(utf8_count("\xF0\x9F\x98\x85!"), 2);
}

static void cuts_between_characters(void **state)
{
    (void)state;
    assert_int_equal(utf8_cut("caf\xC3\xA9s", 4), 5);
    assert_int_equal(utf8_cut("caf\xC3\xA9s", 3), 3);
    assert_int_equal(utf8_cut("abc", 9), 3);
}

static void keeps_marks_with_their_character(void **state)
{
    (void)state;
    /* e + combining acute: cutting after one point must not leave the bare e. */
    assert_int_equal(utf8_cut("xe\xCC\x81z", 2), 1);
    /* thumbs up + skin tone */
    assert_int_equal(utf8_cut("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", 1), 0);
}

static void refuses_what_rfc3629_forbids(void **state)
{
    (void)state;
    assert_true(utf8_valid("\xEF\xBF\xBD", 3));
    assert_false(utf8_valid("\xC0\x80", 2));         /* overlong      */
    assert_false(utf8_valid("\xED\xA0\x80", 3));     /* surrogate     */
    assert_false(utf8_valid("\xF5\x80\x80\x80", 4)); /* beyond 10FFFF */
    assert_false(utf8_valid("\xE2\x82", 2));         /* cut short     */
}

static void cleans_without_losing_the_rest(void **state)
{
    struct buf b = {0};
    (void)state;
    utf8_clean("a\x01\xFF\n\xC3\xA9", 6, &b);
    assert_string_equal(buf_text(&b), "a\xEF\xBF\xBD\n\xC3\xA9");
    buf_free(&b);
}

static void puts_what_it_reads(void **state)
{
    static const uint32_t points[] = {'a', 0x7FF, 0x20AC, 0x1F605};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        char bytes[4];
        uint32_t back;
        size_t n = utf8_put(points[i], bytes);
        assert_int_equal(n, i + 1);
        assert_int_equal(utf8_next(bytes, bytes + n, &back), n);
        assert_int_equal(back, points[i]);
    }
}

int test_utf8(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_code_points),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(keeps_marks_with_their_character),
        cmocka_unit_test(refuses_what_rfc3629_forbids),
        cmocka_unit_test(cleans_without_losing_the_rest),
        cmocka_unit_test(puts_what_it_reads),
    };
    return UNIT_RUN(tests);
}

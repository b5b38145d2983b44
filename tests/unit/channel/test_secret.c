#include "unit.h"

#include "secret.h"

int test_secret(void);

static void hmac_gives_the_known_answers(void **state)
{
    char hex[65], key[132];
    (void)state;
    /* RFC 4231, test cases 2 and 6 */
    secret_hmac_hex("Jefe", "what do ya want for nothing?", 28, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, 131);
    key[131] = '\0';
    secret_hmac_hex(key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, hex);
    assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void hmac_takes_bytes_beyond_a_nul(void **state)
{
    char one[65], other[65];
    (void)state;
    secret_hmac_hex("k", "a\0b", 3, one);
    secret_hmac_hex("k", "a\0c", 3, other);
    assert_string_not_equal(one, other);
}

static void equal_compares_whole_strings(void **state)
{
    (void)state;
    assert_true(secret_equal("", ""));
    assert_true(secret_equal("token", "token"));
    assert_false(secret_equal("token", "tokeN"));
    assert_false(secret_equal("token", "token2"));
    assert_false(secret_equal("token", ""));
    assert_false(secret_equal("", "token"));
    assert_false(secret_equal("token", "Token"));
    assert_false(secret_equal("token", "tokentoken"));
}

static void equal_tells_apart_what_differs_in_one_byte_anywhere(void **state)
{
    enum { LONG = 256 };
    char a[LONG + 1], b[LONG + 1];
    (void)state;
    memset(a, 'x', LONG);
    a[LONG] = '\0';
    memcpy(b, a, sizeof b);
    assert_true(secret_equal(a, b));
    for (size_t i = 0; i < LONG; i++) {
        b[i] = 'y';
        assert_false(secret_equal(a, b));
        b[i] = 'x';
        a[i] = '\0'; /* shorter by all that follows */
        assert_false(secret_equal(a, b));
        assert_false(secret_equal(b, a));
        a[i] = 'x';
    }
}

static void a_tag_is_short_and_depends_on_key_and_value(void **state)
{
    char a[SECRET_TAG_MAX], again[SECRET_TAG_MAX], key[SECRET_TAG_MAX], value[SECRET_TAG_MAX];
    (void)state;
    secret_tag("one", "31612345678", a);
    secret_tag("one", "31612345678", again);
    secret_tag("two", "31612345678", key);
    secret_tag("one", "31612345679", value);
    assert_int_equal(strlen(a), 16);
    assert_string_equal(a, again);
    assert_string_not_equal(a, key);
    assert_string_not_equal(a, value);
}

int test_secret(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_gives_the_known_answers),
        cmocka_unit_test(hmac_takes_bytes_beyond_a_nul),
        cmocka_unit_test(equal_compares_whole_strings),
        cmocka_unit_test(equal_tells_apart_what_differs_in_one_byte_anywhere),
        cmocka_unit_test(a_tag_is_short_and_depends_on_key_and_value),
    };
    return UNIT_RUN(tests);
}

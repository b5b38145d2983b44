#include "unit.h"

#include "http_head.h"
#include "http_request.h"

int test_request(void);

static bool query(const char *text, const char *name, char *out, size_t size)
{
    struct http_head h = {.path = {"/", 1}, .query = {text, strlen(text)}};
    struct http_request *r = http_request_new(&h, 0);

    assert_non_null(r);
    bool found = http_request_query(r, name, out, size);
    http_request_free(r);
    return found;
}

static void assert_query(const char *text, const char *name, const char *value)
{
    char out[64];

    if (!query(text, name, out, sizeof out)) fail_msg("%s: no %s", text, name);
    assert_string_equal(out, value);
}

static void finds_an_argument_by_its_whole_name(void **state)
{
    char out[64];
    (void)state;
    assert_query("hub.mode=subscribe&hub.challenge=42", "hub.challenge", "42");
    assert_query("x=&y=1", "x", "");
    assert_query("x&y=1", "x", "");
    assert_query("xy=2&x=1", "x", "1");
    assert_query("x=1&x=2", "x", "1");
    assert_query("x=a=b", "x", "a=b");
    assert_false(query("xy=1", "x", out, sizeof out));
    assert_false(query("", "x", out, sizeof out));
    assert_false(query("y=x", "x", out, sizeof out));
}

static void decodes_percent_and_plus(void **state)
{
    (void)state;
    assert_query("x=a%20b+c%2B%26%3d", "x", "a b c+&=");
    assert_query("x=%C3%A9", "x", "\xC3\xA9");
}

static void refuses_broken_encodings(void **state)
{
    static const char *const bad[] = {"x=%", "x=%4", "x=a%4g", "x=%g4", "x=%&y", "x=%4&1", "x=a%00b"};
    char out[64];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (query(bad[i], "x", out, sizeof out)) fail_msg("accepted: %s", bad[i]);
}

static void refuses_what_does_not_fit(void **state)
{
    char out[4];
    (void)state;
    assert_true(query("x=abc", "x", out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(query("x=abcd", "x", out, sizeof out));
    assert_true(query("x=%61%62%63", "x", out, sizeof out));
    assert_false(query("x=", "x", out, 0));
}

static void keeps_copies_of_its_own(void **state)
{
    char text[] = "/path?query";
    struct http_head h = {.method = HTTP_POST,
                          .path = {text, 5},
                          .query = {text + 6, 5},
                          .header = {{0}, {text + 7, 4}},
                          .body_n = 2};
    struct http_request *r = http_request_new(&h, 7);
    (void)state;
    assert_non_null(r);
    memset(text, 'x', sizeof text);
    assert_string_equal(r->path, "/path");
    assert_string_equal(r->query, "query");
    assert_null(r->header[0]);
    assert_string_equal(r->header[1], "uery");
    assert_int_equal(r->body_n, 2);
    assert_int_equal(r->body[2], '\0');
    assert_int_equal(r->taken_ms, 7);
    http_request_free(r);
    http_request_free(NULL);
}

int test_request(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_an_argument_by_its_whole_name),
        cmocka_unit_test(decodes_percent_and_plus),
        cmocka_unit_test(refuses_broken_encodings),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(keeps_copies_of_its_own),
    };
    return UNIT_RUN(tests);
}

#include "unit.h"

#include "http_head.h"

int test_head(void);

static int parse(const char *text, struct http_head *out)
{
    static const char *const headers[] = {"x-sig", "x-secret", NULL};
    size_t n = strlen(text);

    assert_int_equal(http_head_end(text, n, 0), n);
    return http_head_parse(text, n, headers, out);
}

static void assert_span(struct http_span s, const char *text)
{
    assert_int_equal(s.n, strlen(text));
    assert_memory_equal(s.at, text, s.n);
}

static void reads_the_parts_of_a_request(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("POST /a/b?c=d&e HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nX-SIG:  s=1 \r\n"
                           "x-secret:t\r\nx-sig: later\r\n\r\n",
                           &h),
                     0);
    assert_int_equal(h.method, HTTP_POST);
    assert_span(h.path, "/a/b");
    assert_span(h.query, "c=d&e");
    assert_span(h.header[0], "s=1"); /* of two the first */
    assert_span(h.header[1], "t");
    assert_int_equal(h.body_n, 12);
    assert_false(h.close);
}

static void leaves_absent_what_is_absent(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("GET / HTTP/1.1\r\n\r\n", &h), 0);
    assert_null(h.query.at);
    assert_null(h.header[0].at);
    assert_null(h.header[1].at);
    assert_int_equal(h.body_n, 0);
}

static void finds_the_end_when_it_comes_in_pieces(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\nA: b\r\n\r\nrest";
    (void)state;
    for (size_t n = 0; n < 24; n++) assert_int_equal(http_head_end(text, n, n == 0 ? 0 : n - 1), 0);
    assert_int_equal(http_head_end(text, 24, 23), 24);
    assert_int_equal(http_head_end(text, sizeof text - 1, 0), 24);
}

static void knows_methods_by_their_exact_word(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("HEAD / HTTP/1.1\r\n\r\n", &h), 0);
    assert_int_equal(h.method, HTTP_HEAD);
    assert_int_equal(parse("get / HTTP/1.1\r\n\r\n", &h), 0);
    assert_int_equal(h.method, HTTP_OTHER);
    assert_int_equal(parse("BREW / HTTP/1.1\r\n\r\n", &h), 0);
    assert_int_equal(h.method, HTTP_OTHER);
}

static void accepts_an_absolute_target(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("GET http://host:8080/x?y HTTP/1.1\r\n\r\n", &h), 0);
    assert_span(h.path, "/x");
    assert_span(h.query, "y");
}

static void closes_when_asked_and_for_http_1_0(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("GET / HTTP/1.0\r\n\r\n", &h), 0);
    assert_true(h.close);
    assert_int_equal(parse("GET / HTTP/1.1\r\nConnection: Keep-Alive , CLOSE\r\n\r\n", &h), 0);
    assert_true(h.close);
    assert_int_equal(parse("GET / HTTP/1.1\r\nConnection: closed\r\n\r\n", &h), 0);
    assert_false(h.close);
}

static void hears_who_waits_before_the_body(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n", &h), 0);
    assert_true(h.wants_go);
}

static void refuses_what_is_no_request(void **state)
{
    static const char *const bad[] = {
        "\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET /\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        "GET x HTTP/1.1\r\n\r\n",
        "GET http://host HTTP/1.1\r\n\r\n",
        "GET /a#b HTTP/1.1\r\n\r\n",
        "GET /\x7f HTTP/1.1\r\n\r\n",
        "GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n",
        "GET / HTTX/1.1\r\n\r\n",
        "GET / HTTP/1.x\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: no name\r\n\r\n",
        "GET / HTTP/1.1\r\nSpace : x\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\nB: c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rB: c\r\n\r\n",
    };
    struct http_head h;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parse(bad[i], &h) != 400) fail_msg("accepted: %s", bad[i]);
}

static void refuses_a_nul_in_the_head(void **state)
{
    static const char in_value[] = "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n";
    static const char in_target[] = "GET /\0 HTTP/1.1\r\n\r\n";
    struct http_head h;
    (void)state;
    assert_int_equal(http_head_parse(in_value, sizeof in_value - 1, NULL, &h), 400);
    assert_int_equal(http_head_parse(in_target, sizeof in_target - 1, NULL, &h), 400);
}

static void refuses_lengths_that_can_be_read_two_ways(void **state)
{
    static const char *const bad[] = {
        "", "-1", "+1", "1 2", "1,1", "0x10", "1\r\nContent-Length: 1", "1\r\nTransfer-Encoding: chunked"};
    char text[160];
    struct http_head h;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "POST / HTTP/1.1\r\nContent-Length: %s\r\n\r\n", bad[i]);
        if (parse(text, &h) != 400) fail_msg("accepted: %s", bad[i]);
    }
}

static void caps_the_length(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("POST / HTTP/1.1\r\nContent-Length: 4194304\r\n\r\n", &h), 0);
    assert_int_equal(h.body_n, HTTP_BODY_MAX);
    assert_int_equal(parse("POST / HTTP/1.1\r\nContent-Length: 4194305\r\n\r\n", &h), 413);
    assert_int_equal(parse("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999999\r\n\r\n", &h), 413);
}

static void wants_a_length_of_chunked_bodies(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", &h), 411);
}

static void refuses_other_versions(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("PRI * HTTP/2.0\r\n\r\n", &h), 400);
    assert_int_equal(parse("GET / HTTP/2.0\r\n\r\n", &h), 505);
    assert_int_equal(parse("GET / HTTP/0.9\r\n\r\n", &h), 505);
}

static void knows_early_what_can_become_no_head(void **state)
{
    static const char fine[] = "GET / HTTP/1.1\r\nA:\tb \xc3\xa9\r\nB: c\r\n\r";
    (void)state;
    for (size_t n = 1; n < sizeof fine; n++) {
        assert_int_equal(http_head_look(fine, n, 0), 0);
        assert_int_equal(http_head_look(fine, n, n - 1), 0);
    }
    assert_int_equal(http_head_look("GET / HTT", 9, 0), 0);
    assert_int_equal(http_head_look("\x16\x03", 2, 0), 400);
    assert_int_equal(http_head_look("GET /\r", 7 - 1, 0), 0); /* its other half may come */
    assert_int_equal(http_head_look("GET /\r\n", 7, 6), 400);
    assert_int_equal(http_head_look("GET /\n", 6, 5), 400);
    assert_int_equal(http_head_look("GET /\rx", 7, 6), 400);
    assert_int_equal(http_head_look("GET / HTTP/2.0\r\nA", 17, 0), 505);
    assert_int_equal(http_head_look("GET / HTTP/1.1\r\nA: \x7f", 20, 19), 400);
}

static void refuses_two_hosts(void **state)
{
    struct http_head h;
    (void)state;
    assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", &h), 400);
}

int test_head(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_parts_of_a_request),
        cmocka_unit_test(leaves_absent_what_is_absent),
        cmocka_unit_test(finds_the_end_when_it_comes_in_pieces),
        cmocka_unit_test(knows_methods_by_their_exact_word),
        cmocka_unit_test(accepts_an_absolute_target),
        cmocka_unit_test(closes_when_asked_and_for_http_1_0),
        cmocka_unit_test(hears_who_waits_before_the_body),
        cmocka_unit_test(refuses_what_is_no_request),
        cmocka_unit_test(refuses_a_nul_in_the_head),
        cmocka_unit_test(refuses_lengths_that_can_be_read_two_ways),
        cmocka_unit_test(caps_the_length),
        cmocka_unit_test(wants_a_length_of_chunked_bodies),
        cmocka_unit_test(refuses_other_versions),
        cmocka_unit_test(knows_early_what_can_become_no_head),
        cmocka_unit_test(refuses_two_hosts),
    };
    return UNIT_RUN(tests);
}

#include "unit.h"

#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "fixture.h"

int test_server(void);

static void assert_reply(struct wire *w, const char *body)
{
    struct reply r;

    assert_true(wire_reply(w, false, &r));
    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, body);
    reply_free(&r);
}

static void serves_one_request_after_another(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    for (int i = 0; i < 3; i++) {
        wire_says(&w, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
        assert_reply(&w, "POST /a  - abc");
        wire_says(&w, "GET /b?c=%20d HTTP/1.1\r\nX-Hub-Signature-256: sha256=1f\r\n\r\n");
        assert_reply(&w, "GET /b c=%20d sha256=1f ");
    }
    wire_close(&w);
    fixture_stop(&f);
}

static void answers_pipelined_requests_in_their_order(void **state)
{
    enum { REQUESTS = 300 };
    struct fixture f;
    struct wire w;
    char text[128];
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    for (int i = 0; i < REQUESTS; i++) {
        snprintf(text, sizeof text, "POST /%d HTTP/1.1\r\nContent-Length: 4\r\n\r\n%04d", i, i);
        wire_says(&w, text);
    }
    for (int i = 0; i < REQUESTS; i++) {
        snprintf(text, sizeof text, "POST /%d  - %04d", i, i);
        assert_reply(&w, text);
    }
    wire_close(&w);
    fixture_stop(&f);
}

static void hands_over_one_request_of_a_connection_at_a_time(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, true, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
    struct http_request *first = fixture_take(&f);
    assert_null(f.first);
    fixture_echo(&f, first);
    assert_reply(&w, "GET /1  - ");
    fixture_echo(&f, fixture_take(&f));
    assert_reply(&w, "POST /2  - x");
    wire_close(&w);
    fixture_stop(&f);
}

static void reads_a_request_that_comes_byte_by_byte(void **state)
{
    static const char text[] = "\r\nPOST /slow HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";
    struct fixture f;
    struct wire w;
    const int yes = 1;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    setsockopt(w.fd, 6 /* TCP */, 1 /* NODELAY */, &yes, sizeof yes);
    for (size_t i = 0; i < sizeof text - 1; i++) wire_send(&w, text + i, 1);
    assert_reply(&w, "POST /slow  - hello");
    wire_close(&w);
    fixture_stop(&f);
}

static void keeps_nuls_in_a_body(void **state)
{
    static const char text[] = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na\0b\0c";
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_send(&w, text, sizeof text - 1);
    assert_true(wire_reply(&w, false, &r));
    assert_int_equal(r.body_n, 15);
    assert_memory_equal(r.body, "POST /  - a\0b\0c", 15);
    reply_free(&r);
    wire_close(&w);
    fixture_stop(&f);
}

static void takes_and_gives_a_body_of_exactly_the_limit(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    char *body = malloc(HTTP_BODY_MAX);
    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < HTTP_BODY_MAX; i++) body[i] = (char)('a' + i % 23);
    fixture_start(&f, true, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "POST / HTTP/1.1\r\nContent-Length: 4194304\r\n\r\n");
    wire_send(&w, body, HTTP_BODY_MAX);
    struct http_request *q = fixture_take(&f);
    assert_int_equal(q->body_n, HTTP_BODY_MAX);
    assert_memory_equal(q->body, body, HTTP_BODY_MAX);
    fixture_echo(&f, q);
    assert_true(wire_reply(&w, false, &r));
    assert_int_equal(r.body_n, HTTP_BODY_MAX + 10);
    assert_memory_equal(r.body + 10, body, HTTP_BODY_MAX);
    reply_free(&r);
    wire_says(&w, "GET /after HTTP/1.1\r\n\r\n");
    fixture_echo(&f, fixture_take(&f));
    assert_reply(&w, "GET /after  - ");
    wire_close(&w);
    free(body);
    fixture_stop(&f);
}

static void answers_head_without_a_body(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "HEAD /x HTTP/1.1\r\n\r\nGET /y HTTP/1.1\r\n\r\n");
    assert_true(wire_reply(&w, true, &r));
    assert_int_equal(r.status, 200);
    assert_int_equal(r.body_n, strlen("HEAD /x  - "));
    reply_free(&r);
    assert_reply(&w, "GET /y  - ");
    wire_close(&w);
    fixture_stop(&f);
}

static void hands_over_methods_it_does_not_know(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "DELETE /x HTTP/1.1\r\n\r\nBREW /y HTTP/1.1\r\nContent-Length: 1\r\n\r\nz");
    assert_reply(&w, "OTHER /x  - ");
    assert_reply(&w, "OTHER /y  - z");
    wire_close(&w);
    fixture_stop(&f);
}

static void takes_no_length_for_no_body(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "POST /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    assert_reply(&w, "POST /a  - ");
    assert_reply(&w, "POST /b  - ");
    wire_close(&w);
    fixture_stop(&f);
}

static void hangs_up_when_asked(void **state)
{
    static const char *const asks[] = {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
                                       "GET / HTTP/1.0\r\n\r\n"};
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 30);
    for (size_t i = 0; i < 2; i++) {
        struct wire w;
        struct reply r;
        wire_open(&w, http_server_port(f.server));
        wire_says(&w, asks[i]);
        assert_true(wire_reply(&w, false, &r));
        assert_int_equal(r.status, 200);
        assert_non_null(strstr(r.head, "\r\nconnection: close\r\n"));
        reply_free(&r);
        assert_true(wire_until_end(&w));
        wire_close(&w);
    }
    fixture_stop(&f);
}

static void says_nothing_of_itself(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET / HTTP/1.1\r\n\r\n");
    assert_true(wire_reply(&w, false, &r));
    assert_null(strcasestr(r.head, "server:"));
    reply_free(&r);
    wire_close(&w);
    fixture_stop(&f);
}

static void asks_for_a_body_that_is_held_back(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_true(wire_reply(&w, true, &r));
    assert_int_equal(r.status, 100);
    reply_free(&r);
    wire_says(&w, "ok");
    assert_reply(&w, "POST /  - ok");
    wire_close(&w);
    fixture_stop(&f);
}

static void answers_a_client_that_will_send_no_more(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, true, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET / HTTP/1.1\r\n\r\n");
    assert_int_equal(shutdown(w.fd, SHUT_WR), 0);
    fixture_echo(&f, fixture_take(&f));
    assert_reply(&w, "GET /  - ");
    (void)wire_until_end(&w);
    wire_close(&w);
    fixture_stop(&f);
}

/* A connection that was accepted, which may take the server a moment to have room for. */
static void open_served(struct wire *w, int port)
{
    for (int tries = 0; tries < 10000; tries++) {
        struct reply r;
        wire_open(w, port);
        if (wire_tries(w, "GET / HTTP/1.1\r\n\r\n", 18) && wire_reply(w, false, &r)) {
            assert_int_equal(r.status, 200);
            reply_free(&r);
            return;
        }
        wire_close(w);
    }
    fail_msg("never accepted");
}

static void drops_the_answers_of_clients_that_left(void **state)
{
    enum { SLOTS = 20, LEAVERS = 16 };
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    struct fixture f;
    struct wire w[SLOTS];
    (void)state;
    fixture_start(&f, false, SLOTS, 30);
    for (int i = 0; i < LEAVERS; i++) {
        struct wire leaver;
        wire_open(&leaver, http_server_port(f.server));
        wire_says(&leaver, "GET /hold HTTP/1.1\r\n\r\n");
        struct http_request *r = fixture_take(&f);
        if (i % 2 == 0) setsockopt(leaver.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        wire_close(&leaver);
        fixture_echo(&f, r);
    }
    /* Every slot is there again. */
    for (int i = 0; i < SLOTS; i++) open_served(&w[i], http_server_port(f.server));
    for (int i = 0; i < SLOTS; i++) wire_close(&w[i]);
    fixture_stop(&f);
}

static void an_answer_reaches_its_own_turn_alone(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, true, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET /1 HTTP/1.1\r\n\r\n");
    struct http_request *first = fixture_take(&f);
    http_server_answer(f.server, first->id, 200, "application/json", "{}", 2);
    assert_true(wire_reply(&w, false, &r));
    assert_non_null(strstr(r.head, "\r\ncontent-type: application/json\r\n"));
    reply_free(&r);
    wire_says(&w, "GET /2 HTTP/1.1\r\n\r\n");
    struct http_request *second = fixture_take(&f);
    http_server_answer(f.server, first->id, 500, NULL, "late", 4);
    fixture_echo(&f, second);
    assert_reply(&w, "GET /2  - ");
    http_request_free(first);
    wire_close(&w);
    fixture_stop(&f);
}

static void answers_many_with_one_call(void **state)
{
    enum { CLIENTS = 300 };
    struct fixture f;
    struct wire *w = calloc(CLIENTS, sizeof *w);
    uint64_t ids[CLIENTS + 2];
    (void)state;
    assert_non_null(w);
    fixture_start(&f, true, CLIENTS, 30);
    for (int i = 0; i < CLIENTS; i++) {
        wire_open(&w[i], http_server_port(f.server));
        wire_says(&w[i], "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
    }
    for (int i = 0; i < CLIENTS; i++) {
        struct http_request *r = fixture_take(&f);
        ids[i] = r->id;
        for (int k = 0; k < i; k++) assert_true(ids[k] != ids[i]);
        http_request_free(r);
    }
    ids[CLIENTS] = ids[0];            /* answered by then */
    ids[CLIENTS + 1] = 0xFFFFFFFFFFF; /* never was        */
    http_server_answer_many(f.server, ids, CLIENTS + 2, 503);
    for (int i = 0; i < CLIENTS; i++) {
        struct reply r;
        assert_true(wire_reply(&w[i], false, &r));
        assert_int_equal(r.status, 503);
        assert_int_equal(r.body_n, 0);
        reply_free(&r);
        wire_close(&w[i]);
    }
    free(w);
    fixture_stop(&f);
}

/* ---- Starting ------------------------------------------------------------------------------ */

static void unused(void *user, struct http_server *s, struct http_request *r)
{
    (void)user, (void)s;
    http_request_free(r);
}

static int start_at(const char *address, int port, struct http_server **out, struct err *e)
{
    const struct http_server_config config = {
        .address = address, .port = port, .connections_max = 4, .request_timeout_s = 5, .handler = unused};

    return http_server_new(&config, out, e);
}

static void names_the_address_it_cannot_have(void **state)
{
    struct http_server *first, *second;
    struct err e;
    char place[64];
    (void)state;
    assert_int_equal(start_at("127.0.0.1", 0, &first, &e), 0);
    snprintf(place, sizeof place, "127.0.0.1:%d: ", http_server_port(first));
    assert_int_equal(start_at("127.0.0.1", http_server_port(first), &second, &e), -1);
    assert_null(second);
    assert_non_null(strstr(e.text, place));
    assert_non_null(strstr(e.text, "in use"));
    http_server_free(first);
    assert_int_equal(start_at("192.0.2.1", 8080, &second, &e), -1); /* RFC 5737: nobody's */
    assert_non_null(strstr(e.text, "192.0.2.1:8080: "));
    assert_int_equal(start_at("not an address", 8080, &second, &e), -1);
    assert_non_null(strstr(e.text, "not an address:8080: "));
    assert_int_equal(start_at("127.0.0.1", 65536, &second, &e), -1);
}

static void refuses_limits_that_make_no_sense(void **state)
{
    struct http_server_config config = {
        .address = "127.0.0.1", .connections_max = 0, .request_timeout_s = 5, .handler = unused};
    struct http_server *s;
    struct err e;
    (void)state;
    assert_int_equal(http_server_new(&config, &s, &e), -1);
    config.connections_max = 100000;
    assert_int_equal(http_server_new(&config, &s, &e), -1);
    config.connections_max = 4;
    config.request_timeout_s = 0;
    assert_int_equal(http_server_new(&config, &s, &e), -1);
    config.request_timeout_s = 5;
    config.headers = (const char *const[]){"x-a", "x-b", "x-c", NULL};
    assert_int_equal(http_server_new(&config, &s, &e), -1);
}

static void listens_on_ipv6(void **state)
{
    struct http_server *s;
    struct err e;
    (void)state;
    if (access("/proc/net/if_inet6", R_OK) != 0) skip();
    if (start_at("::1", 0, &s, &e) != 0) {
        if (strstr(e.text, "assign") != NULL) skip(); /* no loopback of that kind here */
        fail_msg("%s", e.text);
    }
    assert_true(http_server_port(s) > 0);
    http_server_free(s);
}

int test_server(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_one_request_after_another),
        cmocka_unit_test(answers_pipelined_requests_in_their_order),
        cmocka_unit_test(hands_over_one_request_of_a_connection_at_a_time),
        cmocka_unit_test(reads_a_request_that_comes_byte_by_byte),
        cmocka_unit_test(keeps_nuls_in_a_body),
        cmocka_unit_test(takes_and_gives_a_body_of_exactly_the_limit),
        cmocka_unit_test(answers_head_without_a_body),
        cmocka_unit_test(hands_over_methods_it_does_not_know),
        cmocka_unit_test(takes_no_length_for_no_body),
        cmocka_unit_test(hangs_up_when_asked),
        cmocka_unit_test(says_nothing_of_itself),
        cmocka_unit_test(asks_for_a_body_that_is_held_back),
        cmocka_unit_test(answers_a_client_that_will_send_no_more),
        cmocka_unit_test(drops_the_answers_of_clients_that_left),
        cmocka_unit_test(an_answer_reaches_its_own_turn_alone),
        cmocka_unit_test(answers_many_with_one_call),
        cmocka_unit_test(names_the_address_it_cannot_have),
        cmocka_unit_test(refuses_limits_that_make_no_sense),
        cmocka_unit_test(listens_on_ipv6),
    };
    return UNIT_RUN(tests);
}

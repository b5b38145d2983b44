#include "unit.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture.h"
#include "log.h"

int test_hostile(void);

/* The server is there and well. */
static void assert_well(const struct fixture *f)
{
    assert_int_equal(wire_ask(http_server_port(f->server), "GET / HTTP/1.1\r\n\r\n"), 200);
}

/* What is said gets that status, and then the connection ends. */
static void assert_refused(const struct fixture *f, const char *text, size_t n, int status)
{
    struct wire w;
    struct reply r;

    wire_open(&w, http_server_port(f->server));
    (void)wire_tries(&w, text, n);
    assert_true(wire_reply(&w, false, &r));
    assert_int_equal(r.status, status);
    assert_non_null(strstr(r.head, "\r\nconnection: close\r\n"));
    reply_free(&r);
    assert_true(wire_until_end(&w));
    wire_close(&w);
}

static void refuses_a_body_above_the_limit_before_it_comes(void **state)
{
    static const char text[] = "POST / HTTP/1.1\r\nContent-Length: 4194305\r\n\r\n";
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 30);
    assert_refused(&f, text, sizeof text - 1, 413);
    assert_well(&f);
    fixture_stop(&f);
}

static void its_refusal_is_not_lost_when_the_body_comes_all_the_same(void **state)
{
    enum { SENT = 3 * 1024 * 1024 };
    static const char head[] = "POST / HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n";
    struct fixture f;
    char *text = calloc(1, SENT);
    (void)state;
    assert_non_null(text);
    memcpy(text, head, sizeof head - 1);
    fixture_start(&f, false, 8, 30);
    assert_refused(&f, text, SENT, 413);
    assert_well(&f);
    free(text);
    fixture_stop(&f);
}

static void gives_up_on_one_who_never_stops_sending(void **state)
{
    struct fixture f;
    struct wire w;
    char *text = calloc(1, HTTP_BODY_MAX);
    int sent = 0;
    (void)state;
    assert_non_null(text);
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n");
    while (sent < 100 && wire_tries(&w, text, HTTP_BODY_MAX)) sent++;
    assert_true(sent < 100);
    wire_close(&w);
    assert_well(&f);
    free(text);
    fixture_stop(&f);
}

static void refuses_a_head_above_the_limit(void **state)
{
    enum { SENT = 64 * 1024 };
    struct fixture f;
    char *text = malloc(SENT);
    (void)state;
    assert_non_null(text);
    memset(text, 'x', SENT);
    memcpy(text, "GET / HTTP/1.1\r\nA: ", 19);
    fixture_start(&f, false, 8, 30);
    assert_refused(&f, text, SENT, 431); /* it does not even end */
    memcpy(text + SENT - 4, "\r\n\r\n", 4);
    assert_refused(&f, text, SENT, 431);
    memcpy(text + 17 * 1024, "\r\n\r\n", 4);
    assert_refused(&f, text, 17 * 1024 + 4, 431);
    assert_well(&f);
    free(text);
    fixture_stop(&f);
}

static void refuses_what_it_cannot_read(void **state)
{
    static const struct {
        const char *text;
        int status;
    } faults[] = {
        {"GARBAGE\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nA : b\r\n\r\n", 400},
        {"CONNECT example.com:443 HTTP/1.1\r\n\r\n", 400},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"GET / HTTP/3.0\r\n\r\n", 505},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 411},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
    };
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 30);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        assert_refused(&f, faults[i].text, strlen(faults[i].text), faults[i].status);
    assert_well(&f);
    fixture_stop(&f);
}

static void ignores_invitations_to_other_protocols(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
                  "AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    assert_true(wire_reply(&w, false, &r));
    assert_int_equal(r.status, 200);
    reply_free(&r);
    wire_close(&w);
    fixture_stop(&f);
}

/* Sends `text` a byte every now and then until the server hangs up. */
static void drip_until_end(struct fixture *f, const char *start, const char *drop)
{
    struct wire w;
    bool over = false;

    wire_open(&w, http_server_port(f->server));
    wire_says(&w, start);
    for (int i = 0; i < 1000 && !over; i++) {
        struct pollfd ended = {.fd = w.fd, .events = POLLIN};
        over = poll(&ended, 1, 50) != 0 || !wire_tries(&w, drop, 1);
    }
    assert_true(over);
    (void)wire_until_end(&w);
    wire_close(&w);
}

static void cuts_off_a_head_that_drips(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 1);
    drip_until_end(&f, "GET / HTTP/1.1\r\nA: ", "x");
    assert_well(&f);
    fixture_stop(&f);
}

static void cuts_off_a_body_that_drips(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 1);
    drip_until_end(&f, "POST / HTTP/1.1\r\nContent-Length: 9000\r\n\r\n", "x");
    assert_well(&f);
    fixture_stop(&f);
}

static void cuts_off_who_says_nothing(void **state)
{
    struct fixture f;
    struct wire fresh, used;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 1);
    wire_open(&fresh, http_server_port(f.server));
    wire_open(&used, http_server_port(f.server));
    wire_says(&used, "GET / HTTP/1.1\r\n\r\n");
    assert_true(wire_reply(&used, false, &r));
    reply_free(&r);
    (void)wire_until_end(&fresh);
    (void)wire_until_end(&used);
    wire_close(&fresh);
    wire_close(&used);
    fixture_stop(&f);
}

/* The clock of a request does not run while the answer is ours to give. */
static void waits_longer_for_an_answer_than_for_a_request(void **state)
{
    struct fixture f;
    struct wire asker, idler;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 1);
    wire_open(&asker, http_server_port(f.server));
    wire_says(&asker, "GET /hold HTTP/1.1\r\n\r\n");
    struct http_request *q = fixture_take(&f);
    wire_open(&idler, http_server_port(f.server));
    (void)wire_until_end(&idler); /* came later, and was cut off for its silence */
    fixture_echo(&f, q);
    assert_true(wire_reply(&asker, false, &r));
    assert_int_equal(r.status, 200);
    reply_free(&r);
    wire_close(&asker);
    wire_close(&idler);
    fixture_stop(&f);
}

static void holds_only_so_many_large_bodies_at_once(void **state)
{
    enum { LARGE = 8 };
    static const char text[] = "POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n";
    struct fixture f;
    struct wire w[LARGE];
    char *rest = calloc(1, 65537);
    (void)state;
    assert_non_null(rest);
    fixture_start(&f, false, 64, 30);
    for (int i = 0; i < LARGE; i++) {
        struct reply r;
        wire_open(&w[i], http_server_port(f.server));
        wire_says(&w[i], "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n");
        assert_true(wire_reply(&w[i], true, &r)); /* it has its place */
        assert_int_equal(r.status, 100);
        reply_free(&r);
    }
    assert_refused(&f, text, sizeof text - 1, 503);
    assert_int_equal(wire_ask(http_server_port(f.server), "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"),
                     200);
    for (int i = 0; i < LARGE; i++) { /* one finishes, the others leave: all places come back */
        struct reply r;
        if (i == 0) {
            wire_send(&w[i], rest, 65537);
            assert_true(wire_reply(&w[i], false, &r));
            reply_free(&r);
        }
        wire_close(&w[i]);
    }
    for (int i = 0; i < LARGE; i++) {
        struct reply r = {0};
        for (int tries = 0; tries < 10000 && r.status != 100; tries++) {
            wire_open(&w[i], http_server_port(f.server));
            wire_says(&w[i], "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n");
            assert_true(wire_reply(&w[i], true, &r));
            reply_free(&r);
            if (r.status != 100) wire_close(&w[i]);
        }
        assert_int_equal(r.status, 100);
    }
    for (int i = 0; i < LARGE; i++) wire_close(&w[i]);
    free(rest);
    fixture_stop(&f);
}

static void survives_noise(void **state)
{
    enum { ROUNDS = 200, BYTES = 700 };
    static const char *const words[] = {"GET ",
                                        "POST ",
                                        "/",
                                        " HTTP/1.1",
                                        "\r\n",
                                        "\r\n\r\n",
                                        "\n",
                                        ":",
                                        "Content-Length: ",
                                        "7",
                                        "Connection: close",
                                        "Expect: 100-continue",
                                        "\0",
                                        " ",
                                        "?",
                                        "%",
                                        "Transfer-Encoding: chunked",
                                        "X"};
    uint32_t seed = 12345;
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 32, 30);
    for (int i = 0; i < ROUNDS; i++) {
        char text[BYTES];
        size_t n = 0;
        struct wire w;
        while (n + 32 < sizeof text) {
            seed = seed * 1664525u + 1013904223u; /* Numerical Recipes' generator */
            const char *word = words[(seed >> 16) % (sizeof words / sizeof *words)];
            size_t word_n = *word == '\0' ? 1 : strlen(word);
            memcpy(text + n, word, word_n);
            n += word_n;
        }
        wire_open(&w, http_server_port(f.server));
        (void)wire_tries(&w, text, n);
        (void)shutdown(w.fd, SHUT_WR);
        (void)wire_until_end(&w);
        wire_close(&w);
    }
    assert_well(&f);
    fixture_stop(&f);
}

static void recovers_from_a_lack_of_descriptors(void **state)
{
    struct fixture f;
    struct wire w;
    struct rlimit usual, few;
    char line[256] = "";
    int log_pipe[2];
    (void)state;
    assert_int_equal(pipe(log_pipe), 0);
    FILE *log_in = fdopen(log_pipe[0], "r"), *log_out = fdopen(log_pipe[1], "w");
    log_open(log_out, LOG_WARN, LOG_LOGFMT);
    fixture_start(&f, false, 8, 30);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    few = usual;
    int next = dup(STDIN_FILENO);
    close(next);
    few.rlim_cur = (rlim_t)next + 1; /* for the client's socket; then none is left to accept with */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    wire_open(&w, http_server_port(f.server));
    while (strstr(line, "accept=failed") == NULL && fgets(line, sizeof line, log_in) != NULL) continue;
    assert_non_null(strstr(line, "accept=failed"));
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_well(&f);
    wire_close(&w);
    fixture_stop(&f);
    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    fclose(log_in);
    fclose(log_out);
}

int test_hostile(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_body_above_the_limit_before_it_comes),
        cmocka_unit_test(its_refusal_is_not_lost_when_the_body_comes_all_the_same),
        cmocka_unit_test(gives_up_on_one_who_never_stops_sending),
        cmocka_unit_test(refuses_a_head_above_the_limit),
        cmocka_unit_test(refuses_what_it_cannot_read),
        cmocka_unit_test(ignores_invitations_to_other_protocols),
        cmocka_unit_test(cuts_off_a_head_that_drips),
        cmocka_unit_test(cuts_off_a_body_that_drips),
        cmocka_unit_test(cuts_off_who_says_nothing),
        cmocka_unit_test(waits_longer_for_an_answer_than_for_a_request),
        cmocka_unit_test(holds_only_so_many_large_bodies_at_once),
        cmocka_unit_test(survives_noise),
        cmocka_unit_test(recovers_from_a_lack_of_descriptors),
    };
    return UNIT_RUN(tests);
}

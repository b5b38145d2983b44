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

#define FAULT(text, status)                                                                                  \
    {                                                                                                        \
        text, sizeof(text) - 1, status                                                                       \
    }

static void refuses_what_it_cannot_read(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        int status;
    } faults[] = {
        FAULT("GARBAGE\r\n\r\n", 400),
        FAULT("GET / HTTP/1.1\r\nA : b\r\n\r\n", 400),
        FAULT("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        FAULT("GET / HTTP/1.1\r\nA: b\r\n\tfolded\r\n\r\n", 400),
        FAULT("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        FAULT("GET /\0/healthz HTTP/1.1\r\n\r\n", 400),
        FAULT("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 400),
        FAULT("CONNECT example.com:443 HTTP/1.1\r\n\r\n", 400),
        FAULT("G\x80T / HTTP/1.1\r\n\r\n", 400),
        FAULT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        FAULT("GET / HTTP/3.0\r\n\r\n", 505),
        FAULT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 411),
        FAULT("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n", 411),
        FAULT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", 400),
        FAULT("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: xchunked\r\n\r\nabc", 400),
        FAULT("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding : chunked\r\n\r\nabc", 400),
        FAULT("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        FAULT("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
        FAULT("POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\nabc", 400),
        FAULT("POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc", 400),
    };
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 30);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        assert_refused(&f, faults[i].text, faults[i].n, faults[i].status);
    assert_well(&f);
    fixture_stop(&f);
}

/* None of these ever gets to the empty line that ends a head. */
static void refuses_at_once_what_can_become_no_head(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        int status;
    } faults[] = {
        FAULT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400), /* TLS: a ClientHello */
        FAULT("GET /\r\n", 400),                                    /* HTTP/0.9 */
        FAULT("HELO mail.example\r\n", 400),
        FAULT("GET / HTTP/2.0\r\nA: b", 505),
        FAULT("GET / HTTP/1.1\n\n", 400),
        FAULT("GET / HTTP/1.1\r\nA: b\n", 400),
        FAULT("GET / HTTP/1.1\rA", 400),
        FAULT("GET / HTTP/1.1\r\nA: \0", 400),
    };
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 30);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        assert_refused(&f, faults[i].text, faults[i].n, faults[i].status);
    assert_well(&f);
    fixture_stop(&f);
}

static void refuses_ten_thousand_headers(void **state)
{
    enum { HEADERS = 10000, HEADER = 4 };
    static const char line[] = "GET / HTTP/1.1\r\n";
    struct fixture f;
    char *text = malloc(sizeof line + HEADERS * HEADER + 2);
    size_t n = sizeof line - 1;
    (void)state;
    assert_non_null(text);
    memcpy(text, line, n);
    for (int i = 0; i < HEADERS; i++, n += HEADER) memcpy(text + n, "a:\r\n", HEADER);
    memcpy(text + n, "\r\n", 2);
    fixture_start(&f, false, 8, 30);
    assert_refused(&f, text, n + 2, 431);
    assert_well(&f);
    free(text);
    fixture_stop(&f);
}

static void takes_what_follows_a_body_for_the_next_request(void **state)
{
    static const char text[] = "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcdef\r\n\r\n";
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, text);
    assert_true(wire_reply(&w, false, &r));
    assert_string_equal(r.body, "POST /a  - abc");
    reply_free(&r);
    assert_true(wire_reply(&w, false, &r)); /* "def" is none */
    assert_int_equal(r.status, 400);
    reply_free(&r);
    assert_true(wire_until_end(&w));
    wire_close(&w);
    fixture_stop(&f);
}

static void does_not_decode_a_path(void **state)
{
    static const char *const paths[] = {"/%2e%2e/x", "/%00", "/%", "/%zz", "//webhook/whatsapp", "/..;/x"};
    struct fixture f;
    (void)state;
    fixture_start(&f, false, 8, 30);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char text[64];
        struct wire w;
        struct reply r;
        wire_open(&w, http_server_port(f.server));
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n\r\n", paths[i]);
        wire_says(&w, text);
        assert_true(wire_reply(&w, false, &r));
        snprintf(text, sizeof text, "GET %s  - ", paths[i]);
        assert_string_equal(r.body, text);
        reply_free(&r);
        wire_close(&w);
    }
    fixture_stop(&f);
}

/* Neither who it is nor of which version, to whom it refuses either. */
static void says_nothing_of_itself_when_it_refuses(void **state)
{
    struct fixture f;
    struct wire w;
    struct reply r;
    (void)state;
    fixture_start(&f, false, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GARBAGE\r\n\r\n");
    assert_true(wire_reply(&w, false, &r));
    assert_string_equal(r.head, "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
                                "content-length: 0\r\nconnection: close\r\n\r\n");
    reply_free(&r);
    wire_close(&w);
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
        cmocka_unit_test(refuses_at_once_what_can_become_no_head),
        cmocka_unit_test(refuses_ten_thousand_headers),
        cmocka_unit_test(takes_what_follows_a_body_for_the_next_request),
        cmocka_unit_test(does_not_decode_a_path),
        cmocka_unit_test(says_nothing_of_itself_when_it_refuses),
        cmocka_unit_test(ignores_invitations_to_other_protocols),
        cmocka_unit_test(cuts_off_a_head_that_drips),
        cmocka_unit_test(cuts_off_a_body_that_drips),
        cmocka_unit_test(cuts_off_who_says_nothing),
        cmocka_unit_test(waits_longer_for_an_answer_than_for_a_request),
        cmocka_unit_test(survives_noise),
        cmocka_unit_test(recovers_from_a_lack_of_descriptors),
    };
    return UNIT_RUN(tests);
}

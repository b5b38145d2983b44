#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "clock.h"
#include "err.h"
#include "fixture.h"
#include "http_call.h"
#include "http_client.h"

int test_client(void);

enum { PATIENCE_MS = 30 * 1000 };

/* ---- A peer that misbehaves as told ------------------------------------------------------------ */

enum manner {
    ANSWERS,          /* says `words` to every request                                     */
    CLOSES,           /* reads a request whole, then hangs up                              */
    CLOSES_ON_SECOND, /* answers a connection's first request, hangs up on its second      */
    RESETS_ON_SECOND, /* the same, hard                                                    */
    IS_SILENT         /* reads and never answers                                           */
};

struct peer {
    enum manner manner;
    const char *words;
    size_t words_n;
    int fd, port;
    pthread_t thread;
    _Atomic int connections, requests;
    char last[4096]; /* the last request's head and body, for after peer_stop() */
};

static size_t body_length(const char *head)
{
    const char *length = strcasestr(head, "\r\ncontent-length:");

    return length == NULL ? 0 : (size_t)strtoul(length + 17, NULL, 10);
}

/* Reads one request whole; false when the client has hung up. */
static bool peer_reads(struct peer *p, int fd)
{
    size_t n = 0;

    for (;;) {
        ssize_t more = recv(fd, p->last + n, sizeof p->last - 1 - n, 0);
        if (more <= 0) return false;
        n += (size_t)more;
        p->last[n] = '\0';
        const char *end = strstr(p->last, "\r\n\r\n");
        if (end != NULL && n >= (size_t)(end + 4 - p->last) + body_length(p->last)) return true;
    }
}

static void peer_serves(struct peer *p, int fd)
{
    const struct linger hard = {.l_onoff = 1, .l_linger = 0};

    for (int nth = 1; peer_reads(p, fd); nth++) {
        atomic_fetch_add(&p->requests, 1);
        if (p->manner == IS_SILENT) continue;
        if (p->manner == RESETS_ON_SECOND && nth == 2)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        if (p->manner == CLOSES || (p->manner != ANSWERS && nth == 2)) break;
        (void)send(fd, p->words, p->words_n, MSG_NOSIGNAL);
    }
    close(fd);
}

/* One connection after another is enough here. */
static void *peer_run(void *user)
{
    struct peer *p = user;

    for (int fd; (fd = accept(p->fd, NULL, NULL)) >= 0;) {
        atomic_fetch_add(&p->connections, 1);
        peer_serves(p, fd);
    }
    return NULL;
}

static void peer_start_bytes(struct peer *p, enum manner manner, const char *words, size_t words_n)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof at;

    memset(p, 0, sizeof *p);
    p->manner = manner;
    p->words = words;
    p->words_n = words_n;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(p->fd >= 0);
    assert_int_equal(bind(p->fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p->fd, 16), 0);
    assert_int_equal(getsockname(p->fd, (struct sockaddr *)&at, &n), 0);
    p->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&p->thread, NULL, peer_run, p), 0);
}

static void peer_start(struct peer *p, enum manner manner, const char *words)
{
    peer_start_bytes(p, manner, words, words == NULL ? 0 : strlen(words));
}

/* After the client is gone, so that the peer is not in the middle of a connection. */
static void peer_stop(struct peer *p)
{
    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->fd);
}

/* ---- What became of a call ----------------------------------------------------------------------- */

struct outcome {
    int times, status, certain;
    char body[256], type[HTTP_TYPE_MAX + 1];
    size_t body_n;
    int64_t retry_after_ms;
    bool trouble, cut, typed;
};

static void note(void *user, uint64_t tag, const struct http_answer *answer)
{
    struct outcome *o = (struct outcome *)user + tag;

    o->times++;
    o->status = answer->status;
    o->certain = answer->certain;
    o->body_n = answer->body_n;
    o->retry_after_ms = answer->retry_after_ms;
    o->trouble = answer->trouble != NULL && answer->trouble[0] != '\0';
    o->cut = answer->cut;
    o->typed = answer->content_type != NULL;
    snprintf(o->type, sizeof o->type, "%s", o->typed ? answer->content_type : "");
    assert_int_equal(answer->body[answer->body_n], '\0');
    size_t n = answer->body_n < sizeof o->body ? answer->body_n : sizeof o->body - 1;
    memcpy(o->body, answer->body, n);
    o->body[n] = '\0';
}

static void send_to(struct http_client *c, const char *url, const char *body, int timeout_ms,
                    struct outcome *all, uint64_t tag)
{
    const struct http_call call = {.url = url,
                                   .bearer = "token",
                                   .body = body,
                                   .body_n = body == NULL ? 0 : strlen(body),
                                   .timeout_ms = timeout_ms,
                                   .done = note,
                                   .user = all,
                                   .tag = tag};
    struct err e;

    if (http_client_send(c, &call, &e) != 0) fail_msg("%s", e.text);
}

static void poll_until_done(struct http_client *c)
{
    int64_t until = clock_mono_ms() + PATIENCE_MS;

    while (http_client_open(c) > 0 && clock_mono_ms() < until) http_client_poll(c, 1000);
    assert_int_equal(http_client_open(c), 0);
}

static struct outcome call_once(struct http_client *c, int port, const char *path, const char *body)
{
    struct outcome o = {0};
    char url[128];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
    send_to(c, url, body, PATIENCE_MS, &o, 0);
    poll_until_done(c);
    assert_int_equal(o.times, 1);
    return o;
}

static struct http_client *client_new(void)
{
    struct http_client *c;
    struct err e;

    if (http_client_new(8, &c, &e) != 0) fail_msg("%s", e.text);
    return c;
}

/* ---- Tests --------------------------------------------------------------------------------------- */

static void posts_and_gets(void **state)
{
    struct fixture f;
    struct http_client *c = client_new();
    (void)state;
    fixture_start(&f, false, 8, 30);
    struct outcome o = call_once(c, http_server_port(f.server), "/p?q", "{\"a\":1}");
    assert_int_equal(o.status, 200);
    assert_string_equal(o.body, "POST /p q - {\"a\":1}");
    assert_false(o.trouble);
    o = call_once(c, http_server_port(f.server), "/g", NULL);
    assert_string_equal(o.body, "GET /g  - ");
    o = call_once(c, http_server_port(f.server), "/e", "");
    assert_string_equal(o.body, "POST /e  - ");
    http_client_free(c);
    fixture_stop(&f);
}

static void sends_the_headers_it_should_and_no_others(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    (void)state;
    peer_start(&p, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    (void)call_once(c, p.port, "/x", "{}");
    http_client_free(c);
    peer_stop(&p);
    assert_non_null(strstr(p.last, "POST /x HTTP/1.1\r\n"));
    assert_non_null(strstr(p.last, "\r\nAuthorization: Bearer token\r\n"));
    assert_non_null(strstr(p.last, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(p.last, "\r\nUser-Agent: Mailwijzer/"));
    assert_non_null(strstr(p.last, "\r\n\r\n{}"));
    assert_null(strcasestr(p.last, "\r\nExpect:"));
}

static void forgets_one_calls_bearer_before_the_next(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o = {0};
    char url[64];
    (void)state;
    peer_start(&p, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    (void)call_once(c, p.port, "/x", "{}");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/y", p.port);
    const struct http_call call = {.url = url, .timeout_ms = PATIENCE_MS, .done = note, .user = &o};
    assert_int_equal(http_client_send(c, &call, NULL), 0);
    poll_until_done(c);
    http_client_free(c);
    peer_stop(&p);
    assert_non_null(strstr(p.last, "GET /y HTTP/1.1\r\n"));
    assert_null(strcasestr(p.last, "\r\nAuthorization:"));
}

static void posts_any_bytes_as_what_they_are(void **state)
{
    static const char bytes[] = "--b\r\n\r\n\0\xff\0--b--";
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o = {0};
    char url[64];
    (void)state;
    peer_start(&p, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/y", p.port);
    (void)call_once(c, p.port, "/x", "{}"); /* its type must not stay */
    const struct http_call call = {.url = url,
                                   .bearer = "token",
                                   .body = bytes,
                                   .body_n = sizeof bytes - 1,
                                   .content_type = "multipart/form-data; boundary=b",
                                   .timeout_ms = PATIENCE_MS,
                                   .done = note,
                                   .user = &o};
    assert_int_equal(http_client_send(c, &call, NULL), 0);
    poll_until_done(c);
    http_client_free(c);
    peer_stop(&p);
    assert_int_equal(o.status, 200);
    assert_non_null(strstr(p.last, "\r\nContent-Type: multipart/form-data; boundary=b\r\n"));
    assert_null(strstr(p.last, "application/json"));
    const char *end = strstr(p.last, "\r\n\r\n");
    assert_non_null(end);
    assert_int_equal(body_length(p.last), sizeof bytes - 1);
    assert_memory_equal(end + 4, bytes, sizeof bytes - 1);
}

static void forgets_one_calls_type_before_the_next(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o = {0};
    char url[64];
    (void)state;
    peer_start(&p, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/y", p.port);
    const struct http_call call = {.url = url,
                                   .bearer = "token",
                                   .body = "x",
                                   .body_n = 1,
                                   .content_type = "text/plain",
                                   .timeout_ms = PATIENCE_MS,
                                   .done = note,
                                   .user = &o};
    assert_int_equal(http_client_send(c, &call, NULL), 0);
    poll_until_done(c);
    (void)call_once(c, p.port, "/x", "{}");
    http_client_free(c);
    peer_stop(&p);
    assert_non_null(strstr(p.last, "\r\nContent-Type: application/json\r\n"));
}

static void reuses_its_connection(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    (void)state;
    peer_start(&p, ANSWERS, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    for (int i = 0; i < 10; i++) assert_int_equal(call_once(c, p.port, "/", "{}").status, 200);
    assert_int_equal(p.connections, 1);
    assert_int_equal(p.requests, 10);
    http_client_free(c);
    peer_stop(&p);
}

static void hears_how_long_to_wait(void **state)
{
    static const struct {
        const char *words;
        int64_t least, most;
    } said[] = {
        {"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 7000, 7000},
        {"HTTP/1.1 503 Later\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n",
         6 * 3600 * 1000, 6 * 3600 * 1000},
        {"HTTP/1.1 429 Slow\r\nRetry-After: 999999999999999999\r\nContent-Length: 0\r\n\r\n", 6 * 3600 * 1000,
         6 * 3600 * 1000},
        {"HTTP/1.1 429 Slow\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", 0, 0},
        {"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct peer p;
        struct http_client *c = client_new();
        peer_start(&p, ANSWERS, said[i].words);
        struct outcome o = call_once(c, p.port, "/", "{}");
        assert_true(o.status == 429 || o.status == 503);
        assert_in_range(o.retry_after_ms, said[i].least, said[i].most);
        http_client_free(c);
        peer_stop(&p);
    }
}

static void follows_no_redirect(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    (void)state;
    peer_start(&p, ANSWERS, "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(call_once(c, p.port, "/", "{}").status, 302);
    assert_int_equal(p.requests, 1);
    http_client_free(c);
    peer_stop(&p);
}

static void cuts_an_answer_that_is_too_large(void **state)
{
    enum { BODY = 3 * HTTP_ANSWER_MAX };
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 196608\r\n\r\n";
    struct peer p;
    struct http_client *c = client_new();
    char *words = malloc(sizeof head + BODY);
    (void)state;
    assert_non_null(words);
    memcpy(words, head, sizeof head - 1);
    memset(words + sizeof head - 1, 'y', BODY);
    words[sizeof head - 1 + BODY] = '\0';
    peer_start(&p, ANSWERS, words);
    struct outcome o = call_once(c, p.port, "/", "{}");
    assert_int_equal(o.status, 200);
    assert_int_equal(o.body_n, HTTP_ANSWER_MAX);
    assert_true(o.cut);
    http_client_free(c);
    peer_stop(&p);
    free(words);
}

/* The answer of `n` bytes, when at most `max` were asked for. */
static struct outcome fetch(const char *words, size_t words_n, size_t max)
{
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o = {0};
    char url[64];

    peer_start_bytes(&p, ANSWERS, words, words_n);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", p.port);
    const struct http_call call = {.url = url,
                                   .bearer = "token",
                                   .answer_max = max,
                                   .timeout_ms = PATIENCE_MS,
                                   .done = note,
                                   .user = &o};
    assert_int_equal(http_client_send(c, &call, NULL), 0);
    poll_until_done(c);
    http_client_free(c);
    peer_stop(&p);
    assert_int_equal(o.times, 1);
    assert_int_equal(o.status, 200);
    return o;
}

static void tells_the_whole_of_an_answer_from_a_part(void **state)
{
    static const char words[] = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n\0PNG\0\0\xff\n";
    const char *bytes = words + sizeof words - 1 - 8;
    (void)state;
    for (size_t max = 7; max <= 9; max++) {
        struct outcome o = fetch(words, sizeof words - 1, max);
        assert_int_equal(o.body_n, max < 8 ? max : 8);
        assert_int_equal(o.cut, max < 8);
        assert_memory_equal(o.body, bytes, o.body_n);
    }
}

static void tells_what_an_answer_is(void **state)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    char words[512];
    (void)state;
    int n = snprintf(words, sizeof words, "%sContent-Type: audio/ogg; codecs=opus\r\n\r\n", head);
    assert_string_equal(fetch(words, (size_t)n, 0).type, "audio/ogg; codecs=opus");
    n = snprintf(words, sizeof words, "%s\r\n", head);
    assert_false(fetch(words, (size_t)n, 0).typed);
    n = snprintf(words, sizeof words, "%sContent-Type: a/%0126d\r\n\r\n", head, 0);
    assert_false(fetch(words, (size_t)n, 0).typed);
}

/* A photo must not stay in memory until its handle serves the next send. */
static void lets_go_of_what_is_large(void **state)
{
    static const char large[2 * HTTP_ANSWER_MAX] = "x";
    const struct http_call what = {
        .url = "http://127.0.0.1:1/", .body = large, .body_n = sizeof large, .timeout_ms = 1, .done = note};
    struct call *call = call_new();
    (void)state;
    assert_non_null(call);
    assert_int_equal(call_fill(call, &what, NULL), 0);
    buf_add(&call->answer, large, sizeof large);
    call_rest(call);
    assert_true(call->answer.cap <= HTTP_ANSWER_MAX);
    assert_int_equal(call_fill(call, &what, NULL), 0); /* and serves again */
    buf_add(&call->answer, "{}", 2);
    call_rest(call);
    assert_int_not_equal(call->answer.cap, 0);
    call_free(call);
}

static void takes_a_broken_off_answer_for_none(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    (void)state;
    peer_start(&p, CLOSES_ON_SECOND, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    struct outcome o = {0};
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", p.port);
    send_to(c, url, "{}", 300, &o, 0); /* the other half never comes */
    poll_until_done(c);
    assert_int_equal(o.times, 1);
    assert_int_equal(o.status, 0);
    assert_int_equal(o.certain, 0);
    http_client_free(c);
    peer_stop(&p);
}

static void is_certain_when_nobody_listens(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o = {0};
    (void)state;
    peer_start(&p, ANSWERS, "");
    peer_stop(&p); /* its port is free now */
    o = call_once(c, p.port, "/", "{}");
    assert_int_equal(o.status, 0);
    assert_int_equal(o.certain, 1);
    assert_true(o.trouble);
    assert_int_equal(o.body_n, 0);
    http_client_free(c);
}

static void is_certain_when_there_is_no_such_place(void **state)
{
    static const char *const urls[] = {"ftp://127.0.0.1/", "file:///etc/passwd", "nonsense://x", "http://",
                                       "http://[::bad/"};
    struct http_client *c = client_new();
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct outcome o = {0};
        send_to(c, urls[i], "{}", PATIENCE_MS, &o, 0);
        poll_until_done(c);
        assert_int_equal(o.times, 1);
        assert_int_equal(o.status, 0);
        assert_int_equal(o.certain, 1);
        assert_true(o.trouble);
    }
    http_client_free(c);
}

static void is_in_doubt_when_no_answer_comes_in_time(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o = {0};
    char url[64];
    (void)state;
    peer_start(&p, IS_SILENT, NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", p.port);
    send_to(c, url, "{}", 300, &o, 0);
    poll_until_done(c);
    assert_int_equal(o.times, 1);
    assert_int_equal(o.status, 0);
    assert_int_equal(o.certain, 0);
    assert_true(o.trouble);
    http_client_free(c);
    peer_stop(&p);
    assert_int_equal(p.requests, 1);
}

static void is_in_doubt_when_the_connection_ends_without_an_answer(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    (void)state;
    peer_start(&p, CLOSES, NULL);
    struct outcome o = call_once(c, p.port, "/", "{}");
    assert_int_equal(o.status, 0);
    assert_int_equal(o.certain, 0);
    http_client_free(c);
    peer_stop(&p);
    assert_int_equal(p.requests, 1);
}

/* The one that matters most: libcurl by itself would send the message again. */
static void never_sends_a_message_twice(void **state)
{
    static const enum manner manners[] = {CLOSES_ON_SECOND, RESETS_ON_SECOND};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct peer p;
        struct http_client *c = client_new();
        peer_start(&p, manners[i], "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assert_int_equal(call_once(c, p.port, "/", "{\"n\":1}").status, 200);
        struct outcome o = call_once(c, p.port, "/", "{\"n\":2}");
        assert_int_equal(o.status, 0);
        assert_int_equal(o.certain, 0);
        assert_true(o.trouble);
        http_client_free(c);
        peer_stop(&p);
        assert_int_equal(p.requests, 2);
    }
}

static void asks_again_where_nothing_can_double(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    (void)state;
    peer_start(&p, CLOSES_ON_SECOND, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert_int_equal(call_once(c, p.port, "/", NULL).status, 200);
    assert_int_equal(call_once(c, p.port, "/", NULL).status, 200);
    http_client_free(c);
    peer_stop(&p);
    assert_int_equal(p.requests, 3);
}

static void refuses_a_bearer_that_holds_a_header(void **state)
{
    struct http_client *c = client_new();
    struct outcome o = {0};
    struct err e;
    const struct http_call call = {
        .url = "http://127.0.0.1:1/", .bearer = "a\r\nX: y", .timeout_ms = 1000, .done = note, .user = &o};
    (void)state;
    assert_int_equal(http_client_send(c, &call, &e), -1);
    assert_int_equal(http_client_open(c), 0);
    assert_null(strstr(e.text, "X: y"));
    http_client_free(c);
}

static void refuses_a_type_that_holds_a_header(void **state)
{
    struct http_client *c = client_new();
    struct outcome o = {0};
    const struct http_call call = {.url = "http://127.0.0.1:1/",
                                   .body = "",
                                   .content_type = "a/b\r\nX: y",
                                   .timeout_ms = 1000,
                                   .done = note,
                                   .user = &o};
    (void)state;
    assert_int_equal(http_client_send(c, &call, NULL), -1);
    assert_int_equal(http_client_open(c), 0);
    http_client_free(c);
}

static void does_two_hundred_calls_at_once(void **state)
{
    enum { CALLS = 200 };
    struct fixture f;
    struct http_client *c = client_new();
    struct outcome *all = calloc(CALLS, sizeof *all);
    char url[64], body[32], expected[64];
    (void)state;
    assert_non_null(all);
    /* Room for the connections of the first round that the server has not seen close yet. */
    fixture_start(&f, false, 3 * CALLS, 30);
    for (int round = 1; round <= 2; round++) { /* the second on handles used before */
        for (uint64_t i = 0; i < CALLS; i++) {
            snprintf(url, sizeof url, "http://127.0.0.1:%d/%d", http_server_port(f.server), (int)i);
            snprintf(body, sizeof body, "{\"n\":%d}", (int)i);
            send_to(c, url, body, PATIENCE_MS, all, i);
        }
        assert_int_equal(http_client_open(c), CALLS);
        poll_until_done(c);
        for (int i = 0; i < CALLS; i++) {
            snprintf(expected, sizeof expected, "POST /%d  - {\"n\":%d}", i, i);
            assert_int_equal(all[i].times, round);
            assert_int_equal(all[i].status, 200);
            assert_string_equal(all[i].body, expected);
        }
    }
    free(all);
    http_client_free(c);
    fixture_stop(&f);
}

struct chain {
    struct http_client *client;
    const char *url;
    int left;
};

static void send_next(void *user, uint64_t tag, const struct http_answer *answer)
{
    struct chain *chain = user;
    const struct http_call call = {.url = chain->url,
                                   .body = "{}",
                                   .body_n = 2,
                                   .timeout_ms = PATIENCE_MS,
                                   .done = send_next,
                                   .user = chain,
                                   .tag = tag + 1};

    assert_int_equal(answer->status, 200);
    if (--chain->left > 0) assert_int_equal(http_client_send(chain->client, &call, NULL), 0);
}

static void lets_an_answer_send_the_next(void **state)
{
    struct fixture f;
    char url[64];
    (void)state;
    fixture_start(&f, false, 8, 30);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", http_server_port(f.server));
    struct chain chain = {client_new(), url, 20};
    const struct http_call call = {.url = url, .timeout_ms = PATIENCE_MS, .done = send_next, .user = &chain};
    assert_int_equal(http_client_send(chain.client, &call, NULL), 0);
    poll_until_done(chain.client);
    assert_int_equal(chain.left, 0);
    http_client_free(chain.client);
    fixture_stop(&f);
}

static void *wake(void *user)
{
    http_client_wake(user);
    return NULL;
}

static void wakes_from_another_thread(void **state)
{
    struct http_client *c = client_new();
    pthread_t thread;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, wake, c), 0);
    int64_t before = clock_mono_ms();
    http_client_poll(c, PATIENCE_MS);
    assert_true(clock_mono_ms() - before < PATIENCE_MS);
    pthread_join(thread, NULL);
    http_client_free(c);
}

static void leaves_open_calls_without_a_word(void **state)
{
    struct peer p;
    struct http_client *c = client_new();
    struct outcome o[2] = {{0}};
    char url[64];
    (void)state;
    peer_start(&p, IS_SILENT, NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", p.port);
    send_to(c, url, "{}", PATIENCE_MS, o, 0);
    for (int i = 0; i < 10000 && atomic_load(&p.requests) == 0; i++) http_client_poll(c, 1);
    send_to(c, url, "{}", PATIENCE_MS, o, 1);
    http_client_free(c);
    http_client_free(NULL);
    peer_stop(&p);
    assert_int_equal(o[0].times + o[1].times, 0);
}

int test_client(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_and_gets),
        cmocka_unit_test(sends_the_headers_it_should_and_no_others),
        cmocka_unit_test(forgets_one_calls_bearer_before_the_next),
        cmocka_unit_test(posts_any_bytes_as_what_they_are),
        cmocka_unit_test(forgets_one_calls_type_before_the_next),
        cmocka_unit_test(reuses_its_connection),
        cmocka_unit_test(hears_how_long_to_wait),
        cmocka_unit_test(follows_no_redirect),
        cmocka_unit_test(cuts_an_answer_that_is_too_large),
        cmocka_unit_test(tells_the_whole_of_an_answer_from_a_part),
        cmocka_unit_test(tells_what_an_answer_is),
        cmocka_unit_test(lets_go_of_what_is_large),
        cmocka_unit_test(takes_a_broken_off_answer_for_none),
        cmocka_unit_test(is_certain_when_nobody_listens),
        cmocka_unit_test(is_certain_when_there_is_no_such_place),
        cmocka_unit_test(is_in_doubt_when_no_answer_comes_in_time),
        cmocka_unit_test(is_in_doubt_when_the_connection_ends_without_an_answer),
        cmocka_unit_test(never_sends_a_message_twice),
        cmocka_unit_test(asks_again_where_nothing_can_double),
        cmocka_unit_test(refuses_a_bearer_that_holds_a_header),
        cmocka_unit_test(refuses_a_type_that_holds_a_header),
        cmocka_unit_test(does_two_hundred_calls_at_once),
        cmocka_unit_test(lets_an_answer_send_the_next),
        cmocka_unit_test(wakes_from_another_thread),
        cmocka_unit_test(leaves_open_calls_without_a_word),
    };
    return UNIT_RUN(tests);
}

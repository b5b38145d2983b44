/* More clients than there is room for. */
#include "unit.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "fixture.h"
#include "log.h"

int test_crowd(void);

static const char large_head[] =
    "POST /hold HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4194304\r\n\r\n";
enum { LARGE_AT_ONCE = 8 };

static void assert_served(struct wire *w)
{
    struct reply r;

    wire_says(w, "GET / HTTP/1.1\r\n\r\n");
    assert_true(wire_reply(w, false, &r));
    assert_int_equal(r.status, 200);
    reply_free(&r);
}

static void open_served(struct wire *w, const struct fixture *f)
{
    wire_open(w, http_server_port(f->server));
    assert_served(w);
}

/* The server has ended it: nothing more is said there. */
static void assert_ended(struct wire *w)
{
    (void)wire_until_end(w);
    wire_close(w);
}

static void the_one_that_idles_longest_makes_room(void **state)
{
    struct fixture f;
    struct wire w[4];
    (void)state;
    fixture_start(&f, false, 3, 30);
    for (int i = 0; i < 3; i++) open_served(&w[i], &f);
    assert_served(&w[0]); /* so that the second is the idlest now */
    open_served(&w[3], &f);
    assert_ended(&w[1]);
    assert_served(&w[0]);
    assert_served(&w[2]);
    assert_served(&w[3]);
    wire_close(&w[0]);
    wire_close(&w[2]);
    wire_close(&w[3]);
    fixture_stop(&f);
}

static void drops_keep_nobody_their_place(void **state)
{
    struct fixture f;
    struct wire dripper, idler, other;
    (void)state;
    fixture_start(&f, false, 2, 30);
    open_served(&dripper, &f);
    open_served(&idler, &f);
    wire_says(&dripper, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
    for (int i = 0; i < 5; i++) {
        assert_served(&idler); /* what was dripped has come by then */
        wire_says(&dripper, "x");
    }
    open_served(&other, &f);
    assert_ended(&dripper);
    assert_served(&idler);
    wire_close(&idler);
    wire_close(&other);
    fixture_stop(&f);
}

static void who_waits_for_an_answer_is_closed_for_nobody(void **state)
{
    struct fixture f;
    struct wire w[2], third;
    (void)state;
    fixture_start(&f, true, 2, 30);
    struct http_request *asked[2];
    for (int i = 0; i < 2; i++) {
        wire_open(&w[i], http_server_port(f.server));
        wire_says(&w[i], "GET / HTTP/1.1\r\n\r\n");
        asked[i] = fixture_take(&f);
    }
    wire_open(&third, http_server_port(f.server));
    assert_ended(&third);
    for (int i = 0; i < 2; i++) {
        struct reply r;
        fixture_echo(&f, asked[i]);
        assert_true(wire_reply(&w[i], false, &r));
        assert_int_equal(r.status, 200);
        reply_free(&r);
        wire_close(&w[i]);
    }
    fixture_stop(&f);
}

static void serves_each_of_many_who_come_and_stay(void **state)
{
    enum { SLOTS = 16, CLIENTS = 400 };
    struct fixture f;
    struct wire *w = calloc(CLIENTS, sizeof *w);
    (void)state;
    assert_non_null(w);
    fixture_start(&f, false, SLOTS, 30);
    for (int i = 0; i < CLIENTS; i++) open_served(&w[i], &f);
    for (int i = 0; i < CLIENTS - SLOTS; i++) assert_ended(&w[i]);
    for (int i = CLIENTS - SLOTS; i < CLIENTS; i++) {
        assert_served(&w[i]);
        wire_close(&w[i]);
    }
    free(w);
    fixture_stop(&f);
}

/* Far more at once than slots, spare ones included. */
static void serves_one_who_comes_behind_a_rush(void **state)
{
    enum { SLOTS = 4, CLIENTS = 300 };
    struct fixture f;
    struct wire *w = calloc(CLIENTS, sizeof *w), last;
    (void)state;
    assert_non_null(w);
    fixture_start(&f, false, SLOTS, 30);
    for (int i = 0; i < CLIENTS; i++) wire_open(&w[i], http_server_port(f.server));
    open_served(&last, &f);
    for (int i = 0; i < CLIENTS - SLOTS; i++) assert_ended(&w[i]);
    for (int i = CLIENTS - SLOTS; i < CLIENTS; i++) wire_close(&w[i]);
    assert_served(&last);
    wire_close(&last);
    free(w);
    fixture_stop(&f);
}

/* ---- Slow readers -------------------------------------------------------------------------- */

/* Asks for an answer far larger than sockets hold, and reads none of it. */
static void open_slow_reader(struct wire *w, struct fixture *f, char *body)
{
    static const int little = 64 * 1024; /* loopback would take megabytes */
    char first;

    wire_open(w, http_server_port(f->server));
    setsockopt(w->fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    wire_says(w, "POST /hold HTTP/1.1\r\nContent-Length: 4194304\r\n\r\n");
    wire_send(w, body, HTTP_BODY_MAX);
    fixture_echo(f, fixture_take(f));
    assert_int_equal(recv(w->fd, &first, 1, MSG_PEEK), 1); /* the answer has begun */
}

static void who_does_not_read_makes_room(void **state)
{
    struct fixture f;
    struct wire slow, other;
    struct reply r;
    char *body = calloc(1, HTTP_BODY_MAX);
    (void)state;
    assert_non_null(body);
    fixture_start(&f, false, 1, 30);
    open_slow_reader(&slow, &f, body);
    open_served(&other, &f);
    assert_false(wire_reply(&slow, false, &r)); /* cut off amid its answer */
    wire_close(&slow);
    wire_close(&other);
    free(body);
    fixture_stop(&f);
}

static void who_does_not_read_is_cut_off_in_time(void **state)
{
    struct fixture f;
    struct wire slow, later;
    struct reply r;
    char *body = calloc(1, HTTP_BODY_MAX);
    (void)state;
    assert_non_null(body);
    fixture_start(&f, false, 8, 1);
    open_slow_reader(&slow, &f, body);
    wire_open(&later, http_server_port(f.server));
    assert_ended(&later); /* came later, and its time is over */
    assert_false(wire_reply(&slow, false, &r));
    wire_close(&slow);
    free(body);
    fixture_stop(&f);
}

/* ---- Bodies -------------------------------------------------------------------------------- */

/* Announces the largest body there is, and is told to send it. */
static void announce(struct wire *w, const struct fixture *f)
{
    struct reply r;

    wire_open(w, http_server_port(f->server));
    wire_says(w, large_head);
    assert_true(wire_reply(w, true, &r));
    assert_int_equal(r.status, 100);
    reply_free(&r);
}

static void the_body_that_comes_in_longest_makes_room(void **state)
{
    struct fixture f;
    struct wire w[LARGE_AT_ONCE + 1], small, idler;
    (void)state;
    fixture_start(&f, false, 64, 30);
    open_served(&idler, &f); /* holds nothing that would help */
    for (int i = 0; i < LARGE_AT_ONCE; i++) announce(&w[i], &f);
    /* All the memory there is for bodies has been given away, and yet: */
    open_served(&small, &f);
    wire_says(&small, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    struct reply r;
    assert_true(wire_reply(&small, false, &r));
    assert_int_equal(r.status, 200);
    reply_free(&r);
    assert_ended(&w[0]);
    announce(&w[0], &f);
    announce(&w[LARGE_AT_ONCE], &f);
    assert_ended(&w[1]);
    assert_served(&idler);
    wire_close(&idler);
    wire_close(&small);
    wire_close(&w[0]);
    for (int i = 2; i <= LARGE_AT_ONCE; i++) wire_close(&w[i]);
    fixture_stop(&f);
}

static void bodies_that_wait_for_their_answer_make_none(void **state)
{
    struct fixture f;
    struct wire w[LARGE_AT_ONCE], late;
    struct http_request *asked[LARGE_AT_ONCE];
    struct reply r;
    char *body = calloc(1, HTTP_BODY_MAX);
    (void)state;
    assert_non_null(body);
    fixture_start(&f, false, 64, 30);
    for (int i = 0; i < LARGE_AT_ONCE; i++) {
        announce(&w[i], &f);
        wire_send(&w[i], body, HTTP_BODY_MAX);
        asked[i] = fixture_take(&f);
    }
    assert_int_equal(wire_ask(http_server_port(f.server), "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"),
                     503);
    assert_int_equal(wire_ask(http_server_port(f.server), "GET / HTTP/1.1\r\n\r\n"), 200);
    for (int i = 0; i < LARGE_AT_ONCE; i++) {
        http_server_answer(f.server, asked[i]->id, 200, NULL, "", 0);
        http_request_free(asked[i]);
        assert_true(wire_reply(&w[i], false, &r));
        assert_int_equal(r.status, 200);
        reply_free(&r);
        wire_close(&w[i]);
    }
    announce(&late, &f); /* the memory is there again */
    wire_close(&late);
    free(body);
    fixture_stop(&f);
}

static void the_memory_of_those_who_leave_comes_back(void **state)
{
    struct fixture f;
    struct wire w[LARGE_AT_ONCE], witness;
    (void)state;
    fixture_start(&f, false, 64, 30);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < LARGE_AT_ONCE; i++) announce(&w[i], &f);
        for (int i = 0; i < LARGE_AT_ONCE; i++) wire_close(&w[i]);
        open_served(&witness, &f); /* they came before, and so did their leaving */
        wire_close(&witness);
    }
    for (int i = 0; i < LARGE_AT_ONCE; i++) announce(&w[i], &f);
    for (int i = 0; i < LARGE_AT_ONCE; i++) { /* not one had to make room */
        char byte;
        assert_int_equal(recv(w[i].fd, &byte, 1, MSG_DONTWAIT), -1);
        wire_close(&w[i]);
    }
    fixture_stop(&f);
}

/* ---- Descriptors --------------------------------------------------------------------------- */

static void nod(void *user, struct http_server *s, struct http_request *r)
{
    (void)user;
    http_server_answer(s, r->id, 200, NULL, "", 0);
    http_request_free(r);
}

/* In a process of its own, for a limit once lowered stays: a server of 1024 connections under these
 * limits. What became of it is written to `out`; then it serves, till the process is ended. */
static void start_under(rlim_t soft, rlim_t hard, FILE *out)
{
    const struct http_server_config config = {
        .address = "127.0.0.1", .connections_max = 1024, .request_timeout_s = 3600, .handler = nod};
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    struct http_server *s;
    struct err e = {{0}};

    log_open(out, LOG_WARN, LOG_LOGFMT);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    int rc = http_server_new(&config, &s, &e);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    fprintf(out, "rc=%d limit=%d port=%d error=%s\n", rc, (int)limit.rlim_cur,
            rc == 0 ? http_server_port(s) : 0, e.text);
    log_open(stderr, LOG_ERROR, LOG_LOGFMT); /* `out` is over, the log is not */
    fclose(out);
    if (rc == 0) http_server_run(s);
}

/* Its process, and what it said, which ends with "port=%d" of the server, 0 for none. */
static pid_t try_under(rlim_t soft, rlim_t hard, char said[static 1024], int *port)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no server behind */
        start_under(soft, hard, fdopen(ends[1], "w"));
        _exit(0);
    }
    assert_true(child > 0);
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    said[fread(said, 1, 1023, from)] = '\0';
    fclose(from);
    const char *at = strstr(said, "port=");
    if (at == NULL) fail_msg("said: %s", said);
    *port = (int)strtol(at + 5, NULL, 10);
    return child;
}

static void end_process(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void asks_the_system_for_the_descriptors_it_needs(void **state)
{
    char said[1024];
    int limit = 0, port;
    (void)state;
    end_process(try_under(64, 4096, said, &port));
    const char *rc = strstr(said, "rc=0 limit=");
    if (rc == NULL) fail_msg("said: %s", said);
    assert_int_equal(sscanf(rc, "rc=0 limit=%d", &limit), 1);
    assert_true(limit >= 1024 + 192);
    assert_null(strstr(said, "open_files"));
}

static void is_smaller_and_says_so_where_it_gets_fewer(void **state)
{
    enum { FILES = 400, BELOW = FILES - 192 }; /* the rest of the program needs its share */
    struct wire w[BELOW];
    char said[1024];
    int port;
    (void)state;
    pid_t child = try_under(64, FILES, said, &port);
    assert_non_null(strstr(said, "level=warn at=http open_files=400 expected="));
    assert_non_null(strstr(said, "rc=0 limit=400"));
    for (int i = 0; i < BELOW; i++) {
        wire_open(&w[i], port);
        assert_served(&w[i]);
    }
    assert_ended(&w[0]);
    for (int i = 1; i < BELOW; i++) wire_close(&w[i]);
    end_process(child);
}

static void does_not_start_where_it_gets_none(void **state)
{
    char said[1024];
    int port;
    (void)state;
    end_process(try_under(64, 100, said, &port));
    assert_non_null(strstr(said, "rc=-1"));
    assert_non_null(strstr(said, "at most 100 open files (ulimit -n): expected "));
}

int test_crowd(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_one_that_idles_longest_makes_room),
        cmocka_unit_test(drops_keep_nobody_their_place),
        cmocka_unit_test(who_waits_for_an_answer_is_closed_for_nobody),
        cmocka_unit_test(serves_each_of_many_who_come_and_stay),
        cmocka_unit_test(serves_one_who_comes_behind_a_rush),
        cmocka_unit_test(who_does_not_read_makes_room),
        cmocka_unit_test(who_does_not_read_is_cut_off_in_time),
        cmocka_unit_test(the_body_that_comes_in_longest_makes_room),
        cmocka_unit_test(bodies_that_wait_for_their_answer_make_none),
        cmocka_unit_test(the_memory_of_those_who_leave_comes_back),
        cmocka_unit_test(asks_the_system_for_the_descriptors_it_needs),
        cmocka_unit_test(is_smaller_and_says_so_where_it_gets_fewer),
        cmocka_unit_test(does_not_start_where_it_gets_none),
    };
    return UNIT_RUN(tests);
}

/* The operator's listener: whom it tells. */
#include "unit.h"

#include <pthread.h>

#include "admin.h"
#include "ask.h"
#include "err.h"
#include "handover.h"
#include "metrics.h"
#include "operator.h"

int test_admin(void);

struct listener {
    struct metrics metrics;
    struct admin admin;
    struct http_server *server;
    pthread_t thread;
    int port;
};

static void *run(void *user)
{
    http_server_run(user);
    return NULL;
}

static int begin(void **state)
{
    struct listener *l = calloc(1, sizeof *l);
    struct err e = {0};

    assert_non_null(l);
    *state = l;
    l->admin = (struct admin){.metrics = &l->metrics, .handover = handover_new(), .name = "desk.example"};
    assert_non_null(l->admin.handover);
    handover_close(l->admin.handover); /* no desk takes what is asked of it */
    const struct http_server_config config = {.address = "127.0.0.1",
                                              .headers = operator_headers,
                                              .connections_max = 4,
                                              .request_timeout_s = 60,
                                              .handler = admin_handle,
                                              .user = &l->admin};
    if (http_server_new(&config, &l->server, &e) != 0) fail_msg("%s", e.text);
    l->port = http_server_port(l->server);
    return pthread_create(&l->thread, NULL, run, l->server);
}

static int end(void **state)
{
    struct listener *l = *state;

    http_server_stop(l->server, 0);
    (void)pthread_join(l->thread, NULL);
    http_server_free(l->server);
    handover_free(l->admin.handover);
    free(l);
    return 0;
}

static int ask_as(const struct listener *l, const char *target, const char *host)
{
    char header[512];

    (void)snprintf(header, sizeof header, "Host: %s\r\n", host);
    return ask(l->port, "GET", target, header, NULL, 0).status;
}

static void tells_who_asks_by_address_or_localhost(void **state)
{
    static const char *const ours[] = {"127.0.0.1",   "127.0.0.1:9090", "10.1.2.3:9090", "localhost",
                                       "LOCALHOST:1", "[::1]:9090",     "[2001:db8::1]", "desk.example:9090"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (ask_as(*state, "/metrics", ours[i]) != 200) fail_msg("refused: %s", ours[i]);
}

static void tells_nothing_to_who_was_led_here_by_a_name(void **state)
{
    char longest[300];
    memset(longest, '1', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const char *const others[] = {"rebound.example",
                                  "rebound.example:9090",
                                  "127.0.0.1.rebound.example",
                                  "localhost.rebound.example",
                                  "localhos",
                                  "localhost.",
                                  "desk.example.rebound.example",
                                  "",
                                  ":9090",
                                  "[::1",
                                  "[]",
                                  "[rebound.example]",
                                  "::1",
                                  "127.0.0",
                                  longest};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (ask_as(*state, "/metrics", others[i]) != 403) fail_msg("told: %s", others[i]);
        if (ask_as(*state, "/report", others[i]) != 403) fail_msg("told: %s", others[i]);
    }
}

static void asks_the_desk_for_the_report(void **state)
{
    const struct listener *l = *state;

    assert_int_equal(ask_as(l, "/report", "127.0.0.1"), 503); /* which is not there */
    assert_int_equal(ask(l->port, "POST", "/report", "Host: localhost\r\n", "x", 1).status, 405);
}

static void knows_what_this_machine_alone_reaches(void **state)
{
    static const char *const mine[] = {"127.0.0.1", "127.8.9.10", "::1", "localhost"};
    static const char *const open[] = {"0.0.0.0",      "::",      "10.0.0.1", "128.0.0.1",
                                       "desk.example", "fe80::1", ""};
    (void)state;
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) assert_true(admin_is_private(mine[i]));
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) assert_false(admin_is_private(open[i]));
}

int test_admin(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_who_asks_by_address_or_localhost, begin, end),
        cmocka_unit_test_setup_teardown(tells_nothing_to_who_was_led_here_by_a_name, begin, end),
        cmocka_unit_test_setup_teardown(asks_the_desk_for_the_report, begin, end),
        cmocka_unit_test(knows_what_this_machine_alone_reaches),
    };
    return UNIT_RUN(tests);
}

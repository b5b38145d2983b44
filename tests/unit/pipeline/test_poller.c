#include "poller.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "err.h"
#include "graph.h"
#include "http_client.h"
#include "rig.h"
#include "unit.h"

int test_poller(void);

#define TOKEN "700900:rig-telegram-token-0123456789abcdef"

enum { FAR_MS = 3600 * 1000 };

struct works {
    struct rig rig;
    struct graph graph;
    struct http_client *client;
    struct poller *poller;
};

static int begin(void **state)
{
    struct works *w = calloc(1, sizeof *w);
    struct err e = {0};
    char base[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, base, NULL};

    if (w == NULL) return -1;
    graph_start(&w->graph, false);
    (void)snprintf(base, sizeof base, "TELEGRAM_API_BASE=http://127.0.0.1:%d", w->graph.port);
    rig_open(&w->rig, "sqlite::memory:", w->graph.port, more);
    if (http_client_new(2, &w->client, &e) != 0) return -1;
    w->poller = poller_new(&w->rig.platform[PLATFORM_TELEGRAM], w->client);
    *state = w;
    return w->poller == NULL;
}

static int end(void **state)
{
    struct works *w = *state;

    http_client_free(w->client);
    poller_free(w->poller);
    rig_close(&w->rig);
    graph_free(&w->graph);
    free(w);
    return 0;
}

/* Beats until call `i` is there, and answers it. */
static void answered(struct works *w, size_t i, int status, const char *body)
{
    (void)poller_beat(w->poller, clock_now_ms() + FAR_MS);
    graph_wait(&w->graph, w->client, i + 1);
    graph_answer(&w->graph, i, status, body);
    for (int k = 0; k < 60000 && http_client_open(w->client) > 0; k++) http_client_poll(w->client, 1);
    assert_int_equal(http_client_open(w->client), 0);
}

static const char *waiting(struct works *w)
{
    size_t n;

    return poller_body(w->poller, &n);
}

static void what_came_is_confirmed_once_it_is_on_disk(void **state)
{
    struct works *w = *state;

    answered(w, 0, 200, "{\"ok\":true,\"result\":[{\"update_id\":81},{\"update_id\":82}]}");
    assert_non_null(strstr(graph_path(&w->graph, 0), "/bot" TOKEN "/getUpdates"));
    assert_null(strstr(graph_body(&w->graph, 0), "offset"));
    assert_non_null(waiting(w));
    assert_true(poller_beat(w->poller, clock_now_ms() + FAR_MS) == INT64_MAX); /* not taken in yet */
    assert_int_equal(http_client_open(w->client), 0);
    poller_done(w->poller);
    assert_null(waiting(w));
    answered(w, 1, 200, "{\"ok\":true,\"result\":[]}");
    assert_non_null(strstr(graph_body(&w->graph, 1), "\"offset\":83"));
    assert_null(waiting(w));
}

static void an_empty_answer_without_waiting_is_not_asked_for_at_once(void **state)
{
    struct works *w = *state;
    int64_t now = clock_now_ms();

    answered(w, 0, 200, "{\"ok\":true,\"result\":[]}");
    int64_t next = poller_beat(w->poller, now);
    assert_true(next > now && next < now + FAR_MS);
    assert_int_equal(http_client_open(w->client), 0);
}

static void trouble_makes_it_rest_and_go_on(void **state)
{
    struct works *w = *state;
    int64_t now = clock_now_ms();

    answered(w, 0, 502, "");
    assert_true(poller_beat(w->poller, now) > now);
    assert_int_equal(http_client_open(w->client), 0);
    answered(w, 1, 200, "{\"ok\":true,\"result\":[{\"update_id\":7}]}");
    assert_non_null(waiting(w));
}

static void a_refused_token_is_tried_now_and_then(void **state)
{
    static const int refusals[] = {401, 404, 409};
    struct works *w = *state;

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        int64_t now = clock_now_ms();
        answered(w, i, refusals[i], "{\"ok\":false}");
        assert_true(poller_beat(w->poller, now) >= now + 50 * 1000);
    }
}

static void without_a_token_it_asks_nothing(void **state)
{
    struct works *w = *state;
    struct poller *off = poller_new(&w->rig.platform[PLATFORM_TELEGRAM], w->client);

    poller_free(off);
    w->rig.platform[PLATFORM_TELEGRAM].on = false;
    off = poller_new(&w->rig.platform[PLATFORM_TELEGRAM], w->client);
    assert_true(poller_beat(off, clock_now_ms()) == INT64_MAX);
    assert_int_equal(http_client_open(w->client), 0);
    poller_free(off);
}

static void it_asks_nothing_where_updates_are_posted_to_us(void **state)
{
    struct works *w = *state;

    w->rig.config.telegram_webhook = true;
    assert_true(poller_beat(w->poller, clock_now_ms()) == INT64_MAX);
    assert_int_equal(http_client_open(w->client), 0);
    w->rig.config.telegram_webhook = false;
    assert_true(poller_beat(w->poller, clock_now_ms()) == INT64_MAX); /* a call is open */
    assert_int_equal(http_client_open(w->client), 1);
}

int test_poller(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_came_is_confirmed_once_it_is_on_disk, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_answer_without_waiting_is_not_asked_for_at_once, begin, end),
        cmocka_unit_test_setup_teardown(trouble_makes_it_rest_and_go_on, begin, end),
        cmocka_unit_test_setup_teardown(a_refused_token_is_tried_now_and_then, begin, end),
        cmocka_unit_test_setup_teardown(without_a_token_it_asks_nothing, begin, end),
        cmocka_unit_test_setup_teardown(it_asks_nothing_where_updates_are_posted_to_us, begin, end),
    };
    return UNIT_RUN(tests);
}

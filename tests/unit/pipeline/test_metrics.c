#include "metrics.h"

#include <pthread.h>

#include "ask.h"
#include "buf.h"
#include "err.h"
#include "http_server.h"
#include "unit.h"

int test_metrics(void);

static void fill(struct metrics *m)
{
    *m = (struct metrics){.started_ms = INT64_C(1795428360042)};
    atomic_store(&m->messages[PLATFORM_WHATSAPP], 12);
    atomic_store(&m->messages[PLATFORM_TELEGRAM], 3);
    atomic_store(&m->sent[PLATFORM_WHATSAPP], 11);
    atomic_store(&m->dead[PLATFORM_TELEGRAM], 1);
    atomic_store(&m->duplicates, 2);
    atomic_store(&m->statuses, 33);
    atomic_store(&m->failed, 4);
    atomic_store(&m->floods, 8);
    atomic_store(&m->flooded, 90);
    atomic_store(&m->rounds, UINT64_MAX);
    atomic_store(&m->store_trouble, 5);
    atomic_store(&m->outbox_waiting, 6);
    atomic_store(&m->waiting, 7);
}

static void every_number_is_written_under_its_name(void **state)
{
    static const char *const lines[] = {
        "# TYPE mailwijzer_messages_total counter\nmailwijzer_messages_total{channel=\"whatsapp\"} 12\n"
        "mailwijzer_messages_total{channel=\"telegram\"} 3\n",
        "# TYPE mailwijzer_replies_total counter\n"
        "mailwijzer_replies_total{channel=\"whatsapp\",state=\"sent\"} 11\n"
        "mailwijzer_replies_total{channel=\"whatsapp\",state=\"dead\"} 0\n"
        "mailwijzer_replies_total{channel=\"telegram\",state=\"sent\"} 0\n"
        "mailwijzer_replies_total{channel=\"telegram\",state=\"dead\"} 1\n",
        "# TYPE mailwijzer_duplicates_total counter\nmailwijzer_duplicates_total 2\n",
        "# TYPE mailwijzer_statuses_total counter\nmailwijzer_statuses_total 33\n",
        "# TYPE mailwijzer_failed_turns_total counter\nmailwijzer_failed_turns_total 4\n",
        "# TYPE mailwijzer_flood_begun_total counter\nmailwijzer_flood_begun_total 8\n",
        "# TYPE mailwijzer_flood_messages_total counter\nmailwijzer_flood_messages_total 90\n",
        "# TYPE mailwijzer_rounds_total counter\nmailwijzer_rounds_total 18446744073709551615\n",
        "# TYPE mailwijzer_store_trouble_total counter\nmailwijzer_store_trouble_total 5\n",
        "# TYPE mailwijzer_outbox_waiting gauge\nmailwijzer_outbox_waiting 6\n",
        "# TYPE mailwijzer_waiting gauge\nmailwijzer_waiting 7\n",
        "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1795428360.042\n",
        "# TYPE mailwijzer_build_info gauge\nmailwijzer_build_info{version=\"" MAILWIJZER_VERSION "\"} 1\n"};
    struct metrics m;
    struct buf out = {0};
    (void)state;

    fill(&m);
    metrics_write(&m, &out);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strstr(buf_text(&out), lines[i]) == NULL)
            fail_msg("expected:\n%sin:\n%s", lines[i], buf_text(&out));
    buf_free(&out);
}

/* Of each family one HELP and one TYPE, then its samples: what a scraper insists on. */
static void a_scraper_can_read_each_line(void **state)
{
    struct metrics m;
    struct buf out = {0};
    char family[64] = "";
    (void)state;

    fill(&m);
    metrics_write(&m, &out);
    for (char *line = out.data, *end; line < out.data + out.len; line = end + 1) {
        end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        if (strncmp(line, "# HELP ", 7) == 0) {
            int n = (int)strcspn(line + 7, " ");
            (void)snprintf(family, sizeof family, "%.*s", n, line + 7);
            assert_true(line[7 + n] == ' ' && line[8 + n] != '\0');
        } else if (strncmp(line, "# TYPE ", 7) == 0) {
            assert_memory_equal(line + 7, family, strlen(family));
        } else {
            assert_memory_equal(line, family, strlen(family));
            assert_non_null(strchr("{ ", line[strlen(family)]));
            assert_true(strrchr(line, ' ')[1] >= '0' && strrchr(line, ' ')[1] <= '9');
        }
    }
    buf_free(&out);
}

static void *run(void *user)
{
    http_server_run(user);
    return NULL;
}

static void they_are_served_to_who_gets_them_and_nothing_else_is(void **state)
{
    struct metrics m;
    const struct http_server_config config = {.address = "127.0.0.1",
                                              .connections_max = 4,
                                              .request_timeout_s = 60,
                                              .handler = metrics_handle,
                                              .user = &m};
    struct http_server *server;
    struct err e = {0};
    pthread_t thread;
    (void)state;

    fill(&m);
    if (http_server_new(&config, &server, &e) != 0) fail_msg("%s", e.text);
    assert_int_equal(pthread_create(&thread, NULL, run, server), 0);
    int port = http_server_port(server);
    struct asked a = ask(port, "GET", "/metrics", NULL, NULL, 0);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "mailwijzer_messages_total{channel=\"whatsapp\"} 12\n"));
    assert_int_equal(ask(port, "HEAD", "/metrics", NULL, NULL, 0).status, 200);
    assert_int_equal(ask(port, "POST", "/metrics", NULL, "x", 1).status, 405);
    assert_int_equal(ask_get(port, "/"), 404);
    assert_int_equal(ask_get(port, "/webhook/whatsapp"), 404);
    assert_int_equal(ask_get(port, "/metrics/"), 404);
    http_server_stop(server, 0);
    (void)pthread_join(thread, NULL);
    http_server_free(server);
}

int test_metrics(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_written_under_its_name),
        cmocka_unit_test(a_scraper_can_read_each_line),
        cmocka_unit_test(they_are_served_to_who_gets_them_and_nothing_else_is),
    };
    return UNIT_RUN(tests);
}

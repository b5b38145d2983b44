#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ask.h"
#include "clock.h"
#include "content.h"
#include "err.h"
#include "graph.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "intake.h"
#include "metrics.h"
#include "rig.h"
#include "road.h"
#include "ruling.h"
#include "store.h"

int test_road(void);

#define ANA "31612345678"
#define BEN "31687654321"

#define TOKEN "700900:rig-telegram-token-0123456789abcdef"

/* Everything the program runs, and a platform. */
struct works {
    char directory[64];
    struct rig rig; /* config, store and content are the road's while it runs */
    struct graph graph;
    struct handover *handover;
    struct http_client *client;
    struct http_server *door;
    struct desk_health health;
    struct metrics metrics;
    struct intake intake;
    struct road_parts parts;
    struct road_orders orders;
    pthread_t door_thread, desk_thread;
    bool running, full;
    struct rlimit before; /* of file sizes, while the disk is full */
    atomic_bool returned;
    int rc, port;
    struct err e;
};

static void *run_door(void *user)
{
    struct works *w = user;

    http_server_run(w->door);
    return NULL;
}

static void *run_desk(void *user)
{
    struct works *w = user;

    w->rc = road_run(&w->parts, &w->orders, &w->e);
    atomic_store(&w->returned, true);
    return NULL;
}

/* `more` may hold `base`, which is where Telegram's API is then. */
static void works_open_at(struct works *w, bool graph_answers, char *base, size_t size,
                          const char *const *more)
{
    char url[128];

    rig_directory(w->directory);
    (void)snprintf(url, sizeof url, "sqlite:%s/db", w->directory);
    graph_start(&w->graph, graph_answers);
    (void)snprintf(base, size, "TELEGRAM_API_BASE=http://127.0.0.1:%d", w->graph.port);
    rig_open(&w->rig, url, w->graph.port, more);
    rig_content(&w->rig);
}

static void works_open(struct works *w, bool graph_answers, const char *const *more)
{
    char base[64];

    works_open_at(w, graph_answers, base, sizeof base, more);
}

static void works_start(struct works *w)
{
    struct err e = {0};

    w->handover = handover_new();
    assert_non_null(w->handover);
    if (http_client_new(8, &w->client, &e) != 0) fail_msg("%s", e.text);
    w->intake = (struct intake){
        .config = &w->rig.config, .handover = w->handover, .wake = w->client, .health = &w->health};
    const struct http_server_config config = {.address = "127.0.0.1",
                                              .headers = intake_headers,
                                              .connections_max = 512,
                                              .request_timeout_s = 60,
                                              .handler = intake_handle,
                                              .user = &w->intake};
    if (http_server_new(&config, &w->door, &e) != 0) fail_msg("%s", e.text);
    w->port = http_server_port(w->door);
    w->parts = (struct road_parts){.config = &w->rig.config,
                                   .door = w->door,
                                   .handover = w->handover,
                                   .client = w->client,
                                   .store = w->rig.store,
                                   .health = &w->health,
                                   .metrics = &w->metrics,
                                   .content = w->rig.content};
    w->rig.content = NULL; /* the road's now */
    assert_int_equal(pthread_create(&w->door_thread, NULL, run_door, w), 0);
    assert_int_equal(pthread_create(&w->desk_thread, NULL, run_desk, w), 0);
    w->running = true;
}

static void works_stop(struct works *w)
{
    atomic_store(&w->orders.stop, 1);
    http_client_wake(w->client);
    assert_int_equal(pthread_join(w->desk_thread, NULL), 0);
    if (w->rc != 0) fail_msg("%s", w->e.text);
    http_server_stop(w->door, 1000);
    assert_int_equal(pthread_join(w->door_thread, NULL), 0);
    w->running = false;
}

static void empty_disk(struct works *w)
{
    w->full = false;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &w->before), 0);
}

static int begin(void **state)
{
    *state = calloc(1, sizeof(struct works));
    return *state == NULL;
}

static int end(void **state)
{
    struct works *w = *state;

    if (w->full) empty_disk(w);
    if (w->running) works_stop(w);
    http_server_free(w->door);
    http_client_free(w->client);
    handover_free(w->handover);
    rig_close(&w->rig);
    graph_free(&w->graph);
    rig_remove(w->directory);
    free(w);
    return 0;
}

static void text_body(struct buf *body, const char *phone, const char *id, const char *text)
{
    struct buf items = {0};

    hook_text(&items, phone, id, text, clock_now_ms());
    hook_body(body, RIG_ACCOUNT, &items, NULL);
    buf_free(&items);
}

static int says_begin(struct works *w, const char *phone, const char *id, const char *text)
{
    struct buf body = {0};

    text_body(&body, phone, id, text);
    int connection = ask_webhook_begin(w->port, body.data, body.len);
    buf_free(&body);
    return connection;
}

static int says(struct works *w, const char *phone, const char *id, const char *text)
{
    return ask_end(says_begin(w, phone, id, text)).status;
}

static void wait_ready(struct works *w, int status)
{
    for (int i = 0; i < 60000; i++) {
        if (ask_get(w->port, "/readyz") == status) return;
        (void)usleep(500);
    }
    fail_msg("readyz never answered %d", status);
}

/* ---- there and back ---- */

static void a_webhook_is_answered_and_its_reply_leaves(void **state)
{
    struct works *w = *state;
    struct buf body = {0}, statuses = {0};
    works_open(w, true, NULL);
    works_start(w);
    wait_ready(w, 200);
    assert_int_equal(says(w, ANA, "wamid.1", "ik wil advies"), 200);
    graph_wait(&w->graph, NULL, 1);
    assert_non_null(strstr(graph_body(&w->graph, 0), "usage=light"));
    assert_int_equal(says(w, ANA, "wamid.1", "ik wil advies"), 200); /* again: nothing */
    assert_int_equal(says(w, BEN, "wamid.2", "hoi"), 200);
    graph_wait(&w->graph, NULL, 2);
    hook_status(&statuses, "wamid.OUT0", "delivered", NULL, 0);
    hook_body(&body, RIG_ACCOUNT, NULL, &statuses);
    assert_int_equal(ask_webhook(w->port, body.data, body.len).status, 200);
    assert_int_equal(ask_webhook(w->port, "[]", 2).status, 400);
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 2);
    assert_int_equal(rig_inbox(&w->rig, "done"), 2);
    assert_int_equal(rig_outbox(&w->rig, "delivered"), 1);
    assert_int_equal(rig_outbox(&w->rig, "sent"), 1);
    buf_free(&body);
    buf_free(&statuses);
}

/* Of both platforms in any round: each body is read as its own platform's. */
static int posts_update(struct works *w, int update, const char *text)
{
    char body[512];

    int n = snprintf(body, sizeof body,
                     "{\"update_id\":%d,\"message\":{\"message_id\":%d,\"date\":%lld,\"text\":\"%s\","
                     "\"from\":{\"id\":5500001111,\"is_bot\":false,\"first_name\":\"Ana\"},"
                     "\"chat\":{\"id\":5500001111,\"type\":\"private\"}}}",
                     update, update, (long long)(clock_now_ms() / 1000), text);
    return ask(w->port, "POST", "/webhook/telegram", "X-Telegram-Bot-Api-Secret-Token: rig-secret\r\n", body,
               (size_t)n)
        .status;
}

static size_t calls_of(struct works *w, const char *path)
{
    size_t n = 0;

    for (size_t i = 0; i < graph_seen(&w->graph); i++) n += strcmp(graph_path(&w->graph, i), path) == 0;
    return n;
}

static void an_update_that_is_posted_is_answered_once(void **state)
{
    char base[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, "TELEGRAM_MODE=webhook",
                                "TELEGRAM_WEBHOOK_SECRET=rig-secret", base, NULL};
    struct works *w = *state;
    works_open_at(w, true, base, sizeof base, more);
    works_start(w);
    wait_ready(w, 200);
    assert_int_equal(posts_update(w, 81, "hoi"), 200);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    assert_int_equal(posts_update(w, 81, "hoi"), 200); /* again: nothing */
    graph_wait(&w->graph, NULL, 2 + 2);
    works_stop(w);
    assert_int_equal(calls_of(w, "/bot" TOKEN "/sendMessage"), 1);
    assert_int_equal(calls_of(w, "/bot" TOKEN "/setMyCommands"), 2); /* in each language, once */
    assert_int_equal(graph_seen(&w->graph), 2 + 2);                  /* and nobody asked for updates */
    assert_int_equal(rig_inbox(&w->rig, "done"), 2);
}

static void many_at_once_are_all_answered(void **state)
{
    enum { MANY = 400 }; /* more than go in one transaction */
    struct works *w = *state;
    int connections[MANY];
    char phone[16], id[16];
    works_open(w, true, NULL);
    works_start(w);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(phone, sizeof phone, "31600000%03d", i);
        (void)snprintf(id, sizeof id, "wamid.%d", i);
        connections[i] = says_begin(w, phone, id, "hoi");
    }
    for (int i = 0; i < MANY; i++) assert_int_equal(ask_end(connections[i]).status, 200);
    graph_wait(&w->graph, NULL, MANY);
    works_stop(w);
    assert_int_equal(rig_inbox(&w->rig, "done"), MANY);
    assert_int_equal(rig_outbox(&w->rig, "sent"), MANY);
    assert_int_equal(graph_seen(&w->graph), MANY);
}

static void receipts_leave_when_wanted(void **state)
{
    static const char *const more[] = {"WHATSAPP_READ_RECEIPT=typing", NULL};
    struct works *w = *state;
    works_open(w, true, more);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 2);
    assert_non_null(strstr(graph_body(&w->graph, graph_find(&w->graph, "typing_indicator")), "\"wamid.1\""));
}

/* A text that comes before there is anybody to read it. */
static void what_is_typed_while_it_trains_is_answered_then(void **state)
{
    struct works *w = *state;
    struct err e = {0};
    works_open(w, true, NULL);
    assert_int_equal(content_train(w->rig.content, &e), 0);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "ik wil advies, ik mail de hele dag"), 200);
    graph_wait(&w->graph, NULL, 1);
    assert_non_null(strstr(graph_body(&w->graph, 0), "calendar=yes"));
    works_stop(w);
    assert_int_equal(rig_inbox(&w->rig, "done"), 1);
}

/* ---- thoughts ---- */

/* Two messages in one webhook. */
static void says_both(struct works *w, const char *phone, const char *first, const char *second)
{
    struct buf items = {0}, body = {0};

    hook_text(&items, phone, "wamid.1", first, clock_now_ms());
    hook_text(&items, phone, "wamid.2", second, clock_now_ms());
    hook_body(&body, RIG_ACCOUNT, &items, NULL);
    assert_int_equal(ask_webhook(w->port, body.data, body.len).status, 200);
    buf_free(&items);
    buf_free(&body);
}

static void the_desk_wakes_for_a_thought_that_is_due(void **state)
{
    static const char *const more[] = {"BURST_WAIT_MS=100", NULL};
    struct works *w = *state;
    works_open(w, true, more);
    works_start(w);
    says_both(w, ANA, "hoi", "ik wil advies");
    graph_wait(&w->graph, NULL, 1); /* nobody wakes it */
    assert_non_null(strstr(graph_body(&w->graph, 0), "usage=light"));
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 1);
    assert_int_equal(rig_inbox(&w->rig, "done"), 2);
}

static void what_waits_is_answered_before_it_stops(void **state)
{
    static const char *const more[] = {"BURST_WAIT_MS=10000", NULL};
    struct works *w = *state;
    works_open(w, true, more);
    works_start(w);
    says_both(w, ANA, "hoi", "ik wil advies");
    assert_int_equal(graph_seen(&w->graph), 0);
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 1);
    assert_int_equal(rig_outbox(&w->rig, "sent"), 1);
    assert_int_equal(rig_inbox(&w->rig, "done"), 2);
}

/* A text that was held, and promised its 200, by a process that is no more. */
static void hold(struct works *w, int64_t due_ms)
{
    struct held_new row = {.channel = "whatsapp",
                           .account = RIG_ACCOUNT,
                           .due_ms = due_ms,
                           .sent_ms = clock_now_ms(),
                           .platform_id = "wamid.1",
                           .text = "ik wil advies"};
    struct err e = {0};

    row.contact = rig_contact(&w->rig, ANA, NULL, row.sent_ms);
    rig_begin(&w->rig);
    assert_int_equal(store_inbox_add(w->rig.store, "whatsapp", "wamid.1", "{}", row.sent_ms, &row.inbox, &e),
                     1);
    assert_int_equal(store_held_add(w->rig.store, &row, &e), 0);
    rig_commit(&w->rig);
}

static void what_a_dead_process_held_is_answered_when_it_is_due(void **state)
{
    static const char *const more[] = {"BURST_WAIT_MS=100", NULL};
    struct works *w = *state;
    works_open(w, true, more);
    hold(w, clock_now_ms() + 100);
    works_start(w);
    graph_wait(&w->graph, NULL, 1);
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 1);
    assert_int_equal(rig_inbox(&w->rig, "done"), 1);
    assert_int_equal(rig_inbox(&w->rig, "taken"), 0);
}

/* ---- trouble ---- */

/* From here on no file of this process grows: what a full disk does. */
static void fill_disk(struct works *w)
{
    struct rlimit none;

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &w->before), 0);
    none = w->before;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    w->full = true;
}

static void a_full_disk_answers_503_and_when_there_is_room_again_nothing_is_lost(void **state)
{
    enum { MANY = 20 };
    struct works *w = *state;
    int connections[MANY];
    char id[16];
    works_open(w, false, NULL);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 1);

    fill_disk(w);
    graph_accept(&w->graph, 0, "wamid.X"); /* this verdict cannot be stored now */
    wait_ready(w, 503);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(id, sizeof id, "wamid.f%d", i);
        connections[i] = says_begin(w, BEN, id, "hoi");
    }
    for (int i = 0; i < MANY; i++) assert_int_equal(ask_end(connections[i]).status, 503);
    empty_disk(w);

    wait_ready(w, 200);                                     /* by itself: nobody sends anything */
    assert_int_equal(says(w, BEN, "wamid.f0", "hoi"), 200); /* the platform comes again */
    graph_wait(&w->graph, NULL, 2);
    graph_accept(&w->graph, 1, "wamid.Y");
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 2);
    assert_int_equal(rig_inbox(&w->rig, "done"), 2);
    assert_int_equal(rig_outbox(&w->rig, "sent"), 2);
}

static void updates_are_posted_again_after_trouble_with_the_store(void **state)
{
    char base[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, "TELEGRAM_MODE=webhook",
                                "TELEGRAM_WEBHOOK_SECRET=rig-secret", base, NULL};
    struct works *w = *state;
    works_open_at(w, true, base, sizeof base, more);
    works_start(w);
    wait_ready(w, 200);
    fill_disk(w);
    assert_int_equal(posts_update(w, 81, "hoi"), 503);
    empty_disk(w);
    wait_ready(w, 200);
    assert_int_equal(posts_update(w, 81, "hoi"), 200);
    graph_wait(&w->graph, NULL, 2 + 1);
    works_stop(w);
    assert_int_equal(calls_of(w, "/bot" TOKEN "/sendMessage"), 1);
    assert_int_equal(rig_inbox(&w->rig, "done"), 1);
}

static void wait_for(_Atomic int64_t *is, int64_t n)
{
    for (int i = 0; i < 60000 && atomic_load(is) != n; i++) (void)usleep(500);
    assert_int_equal(atomic_load(is), n);
}

static void what_it_did_is_published(void **state)
{
    char base[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, "TELEGRAM_MODE=webhook",
                                "TELEGRAM_WEBHOOK_SECRET=rig-secret", base, NULL};
    struct works *w = *state;
    struct metrics *m = &w->metrics;
    struct buf body = {0}, statuses = {0};

    works_open_at(w, false, base, sizeof base, more);
    works_start(w);
    wait_ready(w, 200);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    assert_int_equal(says(w, ANA, "wamid.2", "stop"), 200);
    assert_int_equal(posts_update(w, 81, "hoi"), 200);
    graph_wait(&w->graph, NULL, 2 + 2);
    wait_for(&m->outbox_waiting, 1); /* her second, behind the first */
    graph_accept(&w->graph, graph_find(&w->graph, "\"to\":\"+" ANA), "wamid.X");
    graph_wait(&w->graph, NULL, 2 + 3);
    wait_for(&m->outbox_waiting, 0);
    graph_refuse(&w->graph, 2 + 3 - 1, 400, 131009);
    hook_status(&statuses, "wamid.X", "delivered", NULL, 0);
    hook_body(&body, RIG_ACCOUNT, NULL, &statuses);
    assert_int_equal(ask_webhook(w->port, body.data, body.len).status, 200);
    assert_int_equal(atomic_load(&m->store_trouble), 0);
    fill_disk(w);
    assert_int_equal(says(w, BEN, "wamid.3", "hoi"), 503);
    empty_disk(w);
    wait_ready(w, 200);
    graph_answer(&w->graph, graph_find(&w->graph, "chat_id"), 200,
                 "{\"ok\":true,\"result\":{\"message_id\":9,\"chat\":{\"id\":5500001111}}}");
    works_stop(w);
    assert_int_equal(atomic_load(&m->messages[PLATFORM_WHATSAPP]), 2);
    assert_int_equal(atomic_load(&m->messages[PLATFORM_TELEGRAM]), 1);
    assert_int_equal(atomic_load(&m->duplicates), 1);
    assert_int_equal(atomic_load(&m->statuses), 1);
    assert_int_equal(atomic_load(&m->failed), 0);
    assert_int_equal(atomic_load(&m->sent[PLATFORM_WHATSAPP]), 1);
    assert_int_equal(atomic_load(&m->dead[PLATFORM_WHATSAPP]), 1);
    assert_int_equal(atomic_load(&m->sent[PLATFORM_TELEGRAM]), 1);
    assert_int_equal(atomic_load(&m->dead[PLATFORM_TELEGRAM]), 0);
    assert_true(atomic_load(&m->store_trouble) >= 1);
    assert_true(atomic_load(&m->rounds) > atomic_load(&m->store_trouble));
    buf_free(&body);
    buf_free(&statuses);
}

/* A balancer that hears 503 sends nothing more: the desk finds out without being asked. */
static void readiness_comes_back_without_a_request(void **state)
{
    struct works *w = *state;

    works_open(w, false, NULL);
    works_start(w);
    wait_ready(w, 200);
    fill_disk(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 503);
    empty_disk(w);
    wait_ready(w, 200);
    assert_int_equal(graph_seen(&w->graph), 0);
}

static void trouble_with_the_store_does_not_keep_it_from_stopping(void **state)
{
    struct works *w = *state;
    works_open(w, false, NULL);
    works_start(w);
    wait_ready(w, 200);
    fill_disk(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 503);
    works_stop(w);
    empty_disk(w);
    assert_int_equal(rig_inbox(&w->rig, "done"), 0);
}

/* ---- stopping, starting ---- */

static void what_is_in_flight_lands_before_it_stops(void **state)
{
    struct works *w = *state;
    works_open(w, false, NULL);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 1);
    atomic_store(&w->orders.stop, 1);
    http_client_wake(w->client);
    wait_ready(w, 503); /* it has seen the order */
    assert_int_equal(says(w, BEN, "wamid.2", "hoi"), 503);
    assert_false(atomic_load(&w->returned));
    graph_accept(&w->graph, 0, "wamid.X");
    works_stop(w);
    assert_int_equal(rig_outbox(&w->rig, "sent"), 1);
    assert_int_equal(rig_inbox(&w->rig, "done"), 1);
}

static void rows_of_a_dead_process_wait_for_their_statuses(void **state)
{
    struct works *w = *state;
    struct outbox_row *rows = NULL;
    struct err e = {0};
    works_open(w, true, NULL);
    const int64_t start = clock_now_ms();
    rig_row(&w->rig, rig_contact(&w->rig, ANA, NULL, start), RIG_ACCOUNT, "lost", start);
    rig_begin(&w->rig);
    assert_int_equal(store_outbox_claim(w->rig.store, NULL, start, 1, w->rig.arena, &rows, &e), 0);
    assert_non_null(rows);
    rig_commit(&w->rig); /* and here it died */
    works_start(w);
    assert_int_equal(says(w, BEN, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 1);
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 1);
    assert_null(strstr(graph_body(&w->graph, 0), "lost"));
    assert_int_equal(rig_outbox(&w->rig, "unsure"), 1);
    assert_true(rig_next(&w->rig) - start >= RULING_SILENCE_MS);
}

static void rows_that_were_due_leave_at_once(void **state)
{
    struct works *w = *state;
    works_open(w, true, NULL);
    const int64_t start = clock_now_ms();
    rig_row(&w->rig, rig_contact(&w->rig, ANA, NULL, start), RIG_ACCOUNT, "waited", start);
    works_start(w);
    graph_wait(&w->graph, NULL, 1);
    assert_non_null(strstr(graph_body(&w->graph, 0), "waited"));
}

/* ---- reading flows and texts anew ---- */

static void order_reload(struct works *w)
{
    atomic_store(&w->orders.reload, 1);
    http_client_wake(w->client);
    for (int i = 0; i < 60000 && atomic_load(&w->orders.reload) != 0; i++) (void)usleep(500);
    assert_int_equal(atomic_load(&w->orders.reload), 0);
}

/* What a stranger is greeted with. */
static void expect_greeting(struct works *w, const char *phone, const char *words)
{
    char id[32];
    size_t n = graph_seen(&w->graph);

    (void)snprintf(id, sizeof id, "wamid.%s", phone);
    assert_int_equal(says(w, phone, id, "hoi"), 200);
    graph_wait(&w->graph, NULL, n + 1);
    if (strstr(graph_body(&w->graph, n), words) == NULL) fail_msg("%s", graph_body(&w->graph, n));
}

static void a_reload_takes_good_texts_and_leaves_bad_ones(void **state)
{
    struct works *w = *state;
    char directory[64], locales[96], endless[5000];
    const char *const more[] = {locales, NULL};
    static const char name[] = "{{business}}";

    memset(endless, 'x', sizeof endless - 1);
    memcpy(endless, name, sizeof name - 1);
    endless[sizeof endless - 1] = '\0';
    rig_directory(directory);
    rig_locales(directory, "intro", "De eerste woorden van {{business}}.");
    (void)snprintf(locales, sizeof locales, "LOCALES=%s", directory);
    works_open(w, true, more);
    works_start(w);
    expect_greeting(w, "31600000001", "De eerste woorden");

    rig_locales(directory, "intro", NULL); /* a text is missing: it does not load */
    order_reload(w);
    expect_greeting(w, "31600000002", "De eerste woorden");

    rig_locales(directory, "intro", endless); /* longer than a message: it loads, and fails the proof */
    order_reload(w);
    expect_greeting(w, "31600000003", "De eerste woorden");

    rig_locales(directory, "intro", "Andere woorden van {{business}}.");
    order_reload(w);
    expect_greeting(w, "31600000004", "Andere woorden");
    rig_remove(directory);
}

/* ---- sleeping ---- */

/* The desk must rest when it can do nothing. Rounds are seen by their beat: one that waits out
 * its time leaves a gap of that time, one that is woken or spins leaves none. */
static void expect_rest(struct works *w, int64_t gap_ms)
{
    int64_t last = 0;

    for (int i = 0; i < 60000 && last == 0; i++) {
        last = atomic_load(&w->health.beat_ms); /* 0: it has not begun */
        (void)usleep(500);
    }
    for (int rounds = 0; rounds < 200;) {
        (void)usleep(200);
        int64_t beat = atomic_load(&w->health.beat_ms);
        if (beat - last >= gap_ms) return;
        if (beat == last) continue;
        last = beat;
        rounds++;
    }
    fail_msg("the desk does not rest");
}

static void it_rests_when_nothing_is_to_do(void **state)
{
    struct works *w = *state;
    works_open(w, true, NULL);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 1);
    expect_rest(w, 700);
}

static void it_rests_while_a_person_is_written_to(void **state)
{
    struct works *w = *state;
    works_open(w, false, NULL);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    assert_int_equal(says(w, ANA, "wamid.2", "ik wil advies"), 200);
    graph_wait(&w->graph, NULL, 1);
    expect_rest(w, 700);
    assert_int_equal(graph_seen(&w->graph), 1);
    graph_accept(&w->graph, 0, "wamid.X");
    graph_wait(&w->graph, NULL, 2);
    graph_accept(&w->graph, 1, "wamid.Y");
}

static void it_rests_while_a_text_waits(void **state)
{
    static const char *const more[] = {"BURST_WAIT_MS=10000", NULL};
    struct works *w = *state;
    works_open(w, true, more);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    expect_rest(w, 700);
}

static void it_rests_while_the_account_is_halted(void **state)
{
    struct works *w = *state;
    works_open(w, false, NULL);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 1);
    graph_refuse(&w->graph, 0, 401, 190);
    assert_int_equal(says(w, BEN, "wamid.2", "hoi"), 200);
    expect_rest(w, 700);
}

static void it_rests_when_what_is_due_is_not_its_to_send(void **state)
{
    struct works *w = *state;
    works_open(w, true, NULL);
    const int64_t start = clock_now_ms();
    rig_row(&w->rig, rig_contact(&w->rig, ANA, NULL, start), "555", "of a former number", start);
    works_start(w);
    expect_rest(w, 700);
    assert_int_equal(says(w, BEN, "wamid.1", "hoi"), 200); /* and it works beside it */
    graph_wait(&w->graph, NULL, 1);
    works_stop(w);
    assert_int_equal(graph_seen(&w->graph), 1);
    assert_int_equal(rig_outbox(&w->rig, "due"), 1);
}

static void it_rests_while_the_channel_is_off(void **state)
{
    static const char *const off[] = {"WHATSAPP_VERIFY_TOKEN=", "WHATSAPP_APP_SECRET=",
                                      "WHATSAPP_ACCESS_TOKEN=", "WHATSAPP_PHONE_NUMBER_ID=", NULL};
    struct works *w = *state;
    works_open(w, true, NULL);
    const int64_t start = clock_now_ms();
    rig_row(&w->rig, rig_contact(&w->rig, ANA, NULL, start), RIG_ACCOUNT, "hallo", start);
    config_free(&w->rig.config);
    assert_int_equal(config_read(&w->rig.config, (char *const *)off, NULL, stderr), 0);
    assert_false(w->rig.config.whatsapp);
    works_start(w);
    wait_ready(w, 200);
    expect_rest(w, 700);
}

static void it_rests_between_tries_while_the_store_is_in_trouble(void **state)
{
    struct works *w = *state;
    works_open(w, false, NULL);
    works_start(w);
    assert_int_equal(says(w, ANA, "wamid.1", "hoi"), 200);
    graph_wait(&w->graph, NULL, 1);
    fill_disk(w);
    graph_accept(&w->graph, 0, "wamid.X");
    wait_ready(w, 503);
    expect_rest(w, 150);
    empty_disk(w);
    wait_ready(w, 200);
}

int test_road(void)
{
#define WITH_WORKS(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_WORKS(a_webhook_is_answered_and_its_reply_leaves),
        WITH_WORKS(an_update_that_is_posted_is_answered_once),
        WITH_WORKS(updates_are_posted_again_after_trouble_with_the_store),
        WITH_WORKS(many_at_once_are_all_answered),
        WITH_WORKS(receipts_leave_when_wanted),
        WITH_WORKS(what_is_typed_while_it_trains_is_answered_then),
        WITH_WORKS(the_desk_wakes_for_a_thought_that_is_due),
        WITH_WORKS(what_waits_is_answered_before_it_stops),
        WITH_WORKS(what_a_dead_process_held_is_answered_when_it_is_due),
        WITH_WORKS(a_full_disk_answers_503_and_when_there_is_room_again_nothing_is_lost),
        WITH_WORKS(what_it_did_is_published),
        WITH_WORKS(readiness_comes_back_without_a_request),
        WITH_WORKS(trouble_with_the_store_does_not_keep_it_from_stopping),
        WITH_WORKS(what_is_in_flight_lands_before_it_stops),
        WITH_WORKS(rows_of_a_dead_process_wait_for_their_statuses),
        WITH_WORKS(rows_that_were_due_leave_at_once),
        WITH_WORKS(a_reload_takes_good_texts_and_leaves_bad_ones),
        WITH_WORKS(it_rests_when_nothing_is_to_do),
        WITH_WORKS(it_rests_while_a_person_is_written_to),
        WITH_WORKS(it_rests_while_a_text_waits),
        WITH_WORKS(it_rests_while_the_account_is_halted),
        WITH_WORKS(it_rests_when_what_is_due_is_not_its_to_send),
        WITH_WORKS(it_rests_while_the_channel_is_off),
        WITH_WORKS(it_rests_between_tries_while_the_store_is_in_trouble),
    };
#undef WITH_WORKS
    return UNIT_RUN(tests);
}

#include "road.h"

#include <string.h>

#include "arena.h"
#include "clock.h"
#include "config.h"
#include "content.h"
#include "err.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "intake.h"
#include "janitor.h"
#include "log.h"
#include "sender.h"
#include "store.h"
#include "turn.h"

enum {
    ARENA_BYTES = 64 * 1024,
    BATCH_MAX = 256,          /* requests in one transaction: a commit must not grow old      */
    BEAT_MS = 1000,           /* the longest a round waits                                    */
    RETRY_MS = 200,           /* after store trouble                                          */
    STOP_GRACE_MS = 10 * 1000 /* what is in flight may still land                             */
};

/* Rows left in sending by a process that died: statuses of what did leave come within this. */
static const int64_t RECOVER_MS = 20 * 1000;

struct road {
    const struct road_parts *p;
    struct content *content;
    struct arena *arena;
    struct sender *sender;
    struct janitor janitor;
    int64_t next_due_ms; /* when the outbox has something to do */
    uint64_t answered[BATCH_MAX];
};

/* ---- one round ---- */

struct round {
    struct http_request *requests; /* in the transaction */
    int status[BATCH_MAX];
    size_t n;
    struct turns turns;
};

static int run_requests(struct road *road, struct round *round, struct err *e)
{
    size_t i = 0;

    for (const struct http_request *r = round->requests; r != NULL; r = r->next, i++)
        if (turns_run(&round->turns, r, &round->status[i], e) != 0) return -1;
    round->n = i;
    (void)road;
    return 0;
}

/* Everything of the round in one transaction. -1: nothing of it is on disk. */
static int transact(struct road *road, struct round *round, struct err *e)
{
    struct store *store = road->p->store;
    int64_t now = round->turns.now_ms;

    if (store_begin(store, e) != 0) return -1;
    if (sender_store(road->sender, store, now, e) == 0 && run_requests(road, round, e) == 0 &&
        sender_claim(road->sender, store, now, e) == 0 && store_outbox_next(store, &road->next_due_ms, e) == 0) {
        if (store_commit(store, e) == 0) {
            sender_committed(road->sender, now);
            return 0;
        }
    } else {
        store_rollback(store);
    }
    sender_rolled_back(road->sender);
    return -1;
}

static void open_round(struct road *road, struct round *round, struct http_request *requests)
{
    arena_reset(road->arena);
    *round = (struct round){.requests = requests,
                            .turns = {.config = road->p->config,
                                      .content = road->content,
                                      .store = road->p->store,
                                      .arena = road->arena,
                                      .now_ms = clock_now_ms()}};
}

static void answer_all(struct road *road, struct round *round, int trouble)
{
    static const int statuses[] = {200, 400, 503};

    for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++) {
        size_t n = 0, i = 0;
        for (const struct http_request *r = round->requests; r != NULL; r = r->next, i++)
            if ((trouble ? 503 : round->status[i]) == statuses[k]) road->answered[n++] = r->id;
        if (n > 0) http_server_answer_many(road->p->door, road->answered, n, statuses[k]);
    }
}

static void free_requests(struct http_request *r)
{
    while (r != NULL) {
        struct http_request *next = r->next;
        http_request_free(r);
        r = next;
    }
}

static bool finish(struct road *road, struct round *round, const struct err *e, int rc)
{
    if (rc != 0) log_error("store", "error=\"%s\" effect=\"answered 503, nothing kept\"", e->text);
    atomic_store(&road->p->health->store_ok, rc == 0);
    answer_all(road, round, rc != 0);
    if (rc == 0 && round->n > 0) {
        sender_courtesy(road->sender, round->turns.courtesies);
        log_debug("round", "requests=%zu messages=%zu duplicates=%zu statuses=%zu failed=%zu", round->n,
                  round->turns.messages, round->turns.duplicates, round->turns.statuses, round->turns.failed);
    }
    free_requests(round->requests);
    return rc == 0;
}

/* A request that spoils its neighbours' transaction is found by taking each alone. */
static bool one_by_one(struct road *road, struct http_request *requests)
{
    bool any = false;

    while (requests != NULL) {
        struct http_request *r = requests;
        struct round round;
        struct err e = {0};
        requests = r->next;
        r->next = NULL;
        open_round(road, &round, r);
        any = finish(road, &round, &e, transact(road, &round, &e)) || any;
    }
    return any;
}

/* True when the store is well. */
static bool go_round(struct road *road, struct http_request *requests)
{
    struct round round;
    struct err e = {0};

    open_round(road, &round, requests);
    int rc = transact(road, &round, &e);
    if (rc != 0 && requests != NULL && requests->next != NULL) {
        log_warn("store", "error=\"%s\" effect=\"each request alone\"", e.text);
        return one_by_one(road, requests);
    }
    return finish(road, &round, &e, rc);
}

/* ---- the loop ---- */

static void reload(struct road *road)
{
    const struct config *c = road->p->config;
    const struct content_files files = {.flow = c->flow,
                                        .business = c->business,
                                        .locales = c->locales,
                                        .locale = c->locale,
                                        .retain_text_days = c->retain_text_days};
    struct faults *faults = faults_new();
    struct content *fresh = NULL;
    struct content_proof proof;

    if (faults == NULL) return;
    if (content_load(&files, &fresh, faults) == 0 && content_check(fresh, faults, &proof) == 0) {
        content_free(road->content);
        road->content = fresh;
        log_info("reload", "flow=%s version=%d", content_script(fresh)->flow->id, content_script(fresh)->flow->version);
    } else {
        content_free(fresh);
        for (size_t i = 0; i < faults_count(faults); i++) log_error("reload", "fault=\"%s\"", faults_line(faults, i));
        log_error("reload", "effect=\"the old flow stays\" faults=%zu", faults_count(faults));
    }
    faults_free(faults);
}

static int wait_ms(const struct road *road, bool well)
{
    int64_t now = clock_now_ms();
    int64_t due = road->next_due_ms;

    if (!well) return RETRY_MS;
    if (due < sender_free_at(road->sender)) due = sender_free_at(road->sender);
    if (due <= now) return sender_flights(road->sender) >= SENDER_FLIGHTS_MAX ? BEAT_MS : 0;
    return due - now < BEAT_MS ? (int)(due - now) : BEAT_MS;
}

/* Is there anything that needs a transaction? */
static bool work_waits(const struct road *road, const struct http_request *requests)
{
    int64_t now = clock_now_ms();

    return requests != NULL || sender_has_verdicts(road->sender) ||
           (road->next_due_ms <= now && sender_free_at(road->sender) <= now &&
            sender_flights(road->sender) < SENDER_FLIGHTS_MAX);
}

static void loop(struct road *road, struct road_orders *orders)
{
    bool well = true;
    int64_t stop_by = 0;

    for (;;) {
        atomic_store(&road->p->health->beat_ms, clock_mono_ms());
        if (atomic_exchange(&orders->reload, 0) != 0) reload(road);
        if (atomic_load(&orders->stop) != 0 && stop_by == 0) {
            log_info("stop", "flights=%zu", sender_flights(road->sender));
            handover_close(road->p->handover);
            stop_by = clock_mono_ms() + STOP_GRACE_MS;
        }
        struct http_request *requests = handover_take(road->p->handover, BATCH_MAX);
        if (work_waits(road, requests))
            well = go_round(road, requests);
        else if (stop_by != 0 && sender_flights(road->sender) == 0)
            break;
        if (stop_by != 0 && clock_mono_ms() >= stop_by) break;
        if (well && stop_by == 0) janitor_visit(&road->janitor, road->p->store, clock_now_ms());
        http_client_poll(road->p->client, wait_ms(road, well));
    }
}

static int recover(struct road *road, struct err *e)
{
    struct store *store = road->p->store;

    if (store_begin(store, e) != 0) return -1;
    if (store_outbox_recover(store, clock_now_ms() + RECOVER_MS, e) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, e);
}

int road_run(const struct road_parts *parts, struct road_orders *orders, struct err *e)
{
    struct road road = {.p = parts, .content = parts->content};
    int rc = -1;

    janitor_init(&road.janitor, parts->config);
    road.arena = arena_new(ARENA_BYTES);
    road.sender = sender_new(parts->config, parts->client);
    if (road.arena == NULL || road.sender == NULL) {
        (void)err_set(e, "desk: out of memory");
        goto out;
    }
    if (recover(&road, e) != 0) goto out;
    atomic_store(&parts->health->store_ok, 1);
    loop(&road, orders);
    rc = 0;
out:
    sender_free(road.sender);
    arena_free(road.arena);
    content_free(road.content);
    return rc;
}

#include "road.h"

#include "arena.h"
#include "clock.h"
#include "config.h"
#include "content.h"
#include "desk.h"
#include "err.h"
#include "fault_point.h"
#include "forgotten.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "intake.h"
#include "janitor.h"
#include "log.h"
#include "menu.h"
#include "metrics.h"
#include "operator.h"
#include "platform.h"
#include "poller.h"
#include "ruling.h"
#include "sender.h"
#include "senders.h"
#include "set_back.h"
#include "store.h"
#include "thought.h"
#include "timer.h"
#include "turn.h"

enum {
    ARENA_BYTES = 64 * 1024,
    BATCH_MAX = 256,            /* requests in one transaction: a commit must not grow old      */
    ALONE_FAILURES_MAX = 8,     /* so many in a row are the store's fault, not the requests'    */
    BEAT_MS = 1000,             /* the longest a round waits                                    */
    RETRY_MS = 200,             /* after store trouble                                          */
    TROUBLE_LOG_MS = 10 * 1000, /* lasting trouble is told this often                          */
    STOP_GRACE_MS = 10 * 1000   /* what is in flight may still land                             */
};

struct road {
    const struct road_parts *p;
    struct content *content;
    struct arena *arena;
    struct platform platform[PLATFORM_N];
    struct senders senders;
    struct poller *poller;
    struct menu menu;
    struct desk *desk; /* NULL: there is none */
    struct janitor janitor;
    struct forgotten forgotten;
    int64_t next_due_ms;     /* when the outbox has something to do          */
    int64_t next_poll_ms;    /* when what comes not by itself is asked for   */
    int64_t next_thought_ms; /* when one that waits for its rest is due      */
    int64_t next_timer_ms;   /* when a conversation's clock has something to do */
    int64_t next_desk_ms;    /* when the desk may be written to              */
    struct set_back clocks;
    int64_t trouble_told_ms; /* clock_mono_ms(); 0: the store is well        */
    int64_t stop_by_ms;      /* clock_mono_ms(); 0: not told to stop         */
    int64_t next_count_ms;   /* what waits in the outbox is counted          */
    bool uncounted;          /* it changed since                             */
    bool trained;            /* told that it is                              */
    bool well;               /* the last transaction was committed           */
    uint64_t answered[BATCH_MAX];
};

/* ---- one round ---- */

struct round {
    struct http_request *requests; /* in the transaction */
    int status[BATCH_MAX];
    size_t n;
    struct turns turns;
    size_t messages[PLATFORM_N]; /* of turns.messages */
};

static int run_body(struct road *road, struct round *round, int platform, const char *body, size_t n,
                    int *status, struct err *e)
{
    size_t before = round->turns.messages;

    int rc = turns_run(&round->turns, &road->platform[platform], body, n, status, e);
    round->messages[platform] += round->turns.messages - before;
    return rc;
}

static int run_requests(struct road *road, struct round *round, struct err *e)
{
    size_t n;
    int status;
    const char *polled = poller_body(road->poller, &n);

    for (const struct http_request *r = round->requests; r != NULL; r = r->next, round->n++)
        if (run_body(road, round, r->kind, r->body, r->body_n, &round->status[round->n], e) != 0) return -1;
    return polled == NULL ? 0 : run_body(road, round, PLATFORM_TELEGRAM, polled, n, &status, e);
}

static int run_desk(struct road *road, struct turns *t, struct err *e)
{
    road->next_desk_ms = INT64_MAX;
    if (road->desk == NULL) return 0;
    desk_set_flat(road->desk, sender_flat(road->senders.of[PLATFORM_DESK]));
    return desk_run(t, &road->next_desk_ms, e);
}

static void tell_trained(struct road *road)
{
    if (road->trained || !content_trained(road->content)) return;
    road->trained = true;
    log_info("trained", "flow=%s", content_script(road->content)->flow->id);
}

/* The work of a round, up to its commit. */
static int fill(struct road *road, struct round *round, struct err *e)
{
    struct store *store = road->p->store;
    int64_t now = round->turns.now_ms;

    if (senders_store(&road->senders, store, now, e) != 0 ||
        senders_tell_gone(&road->senders, &round->turns, e) != 0)
        return -1;
    if (run_requests(road, round, e) != 0) return -1;
    /* After the requests: one of them may bring the rest. Before we stop all run, for nobody knows
     * how long we will be away. */
    if (thoughts_run(&round->turns, road->stop_by_ms != 0, &road->next_thought_ms, e) != 0) return -1;
    if (timers_run(&round->turns, &road->next_timer_ms, e) != 0 || run_desk(road, &round->turns, e) != 0)
        return -1;
    int claimed = senders_claim(&road->senders, store, now, e);
    if (claimed < 0 || store_outbox_next(store, &road->next_due_ms, e) != 0) return -1;
    /* On a full disk a transaction that writes nothing commits all the same, and tells nothing. */
    if (!road->well && store_note_set(store, "tried_after_trouble", "1", e) != 0) return -1;
    FAULT_POINT("round-filled");
    tell_trained(road);
    /* What is due and cannot be claimed is not ours to send: another account's, another channel's.
     * A look now and then is enough. */
    if (claimed == 0 && road->next_due_ms <= now && senders_ready_at(&road->senders, now) <= now)
        road->next_due_ms = now + BEAT_MS;
    return 0;
}

/* Everything of the round in one transaction. -1: nothing of it is on disk. */
static int transact(struct road *road, struct round *round, struct err *e)
{
    struct store *store = road->p->store;

    if (store_begin(store, e) != 0) return -1;
    FAULT_POINT("round-begun");
    if (fill(road, round, e) != 0) {
        store_rollback(store);
    } else if (store_commit(store, e) == 0) {
        FAULT_POINT("round-committed");
        poller_done(road->poller);
        senders_committed(&road->senders, round->turns.courtesies, round->turns.now_ms);
        return 0;
    }
    senders_rolled_back(&road->senders);
    return -1;
}

static struct turns fresh_turns(struct road *road)
{
    arena_reset(road->arena);
    return (struct turns){.config = road->p->config,
                          .platforms = road->platform,
                          .content = road->content,
                          .store = road->p->store,
                          .arena = road->arena,
                          .desk = road->desk,
                          .forgotten = &road->forgotten,
                          .now_ms = clock_now_ms()};
}

static void open_round(struct road *road, struct round *round, struct http_request *requests)
{
    *round = (struct round){.requests = requests, .turns = fresh_turns(road)};
}

static void answer_all(struct road *road, const struct http_request *requests, const int *status)
{
    static const int statuses[] = {200, 400, 503};

    for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++) {
        size_t n = 0, i = 0;
        for (const struct http_request *r = requests; r != NULL; r = r->next, i++)
            if ((status == NULL ? 503 : status[i]) == statuses[k]) road->answered[n++] = r->id;
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

/* Up to BATCH_MAX of them. */
static void turn_away(struct road *road, struct http_request *requests)
{
    answer_all(road, requests, NULL);
    free_requests(requests);
}

/* Trouble can last for hours and come with every request: it is told when it begins, now and
 * then, and when it is over. */
static void tell(struct road *road, int rc, const struct err *e)
{
    int64_t now = clock_mono_ms();

    if (rc == 0 && road->trouble_told_ms != 0) {
        log_info("store", "trouble=over");
        road->trouble_told_ms = 0;
    } else if (rc != 0 && (road->trouble_told_ms == 0 || now - road->trouble_told_ms >= TROUBLE_LOG_MS)) {
        log_error("store", "error=\"%s\" effect=\"answered 503, nothing kept\"", e->text);
        road->trouble_told_ms = now;
    }
}

/* Only what is on disk counts. */
static void publish(struct road *road, const struct round *round, int rc)
{
    struct metrics *m = road->p->metrics;

    atomic_fetch_add(&m->rounds, 1);
    if (rc != 0) {
        atomic_fetch_add(&m->store_trouble, 1);
        return;
    }
    for (size_t i = 0; i < PLATFORM_N; i++) {
        const struct sender_tally tally = sender_tally(road->senders.of[i]);
        atomic_fetch_add(&m->messages[i], round->messages[i]);
        atomic_store(&m->sent[i], tally.sent);
        atomic_store(&m->dead[i], tally.dead);
    }
    atomic_fetch_add(&m->duplicates, round->turns.duplicates);
    atomic_fetch_add(&m->statuses, round->turns.statuses);
    atomic_fetch_add(&m->failed, round->turns.failed);
    atomic_fetch_add(&m->floods, round->turns.floods);
    atomic_fetch_add(&m->flooded, round->turns.flooded);
    road->uncounted = true;
}

static int finish(struct road *road, struct round *round, const struct err *e, int rc)
{
    tell(road, rc, e);
    publish(road, round, rc);
    road->well = rc == 0;
    atomic_store(&road->p->health->store_ok, rc == 0);
    answer_all(road, round->requests, rc == 0 ? round->status : NULL);
    FAULT_POINT("round-answered");
    free_requests(round->requests);
    if (rc == 0 && round->n > 0)
        log_debug("round", "requests=%zu messages=%zu duplicates=%zu statuses=%zu failed=%zu", round->n,
                  round->turns.messages, round->turns.duplicates, round->turns.statuses, round->turns.failed);
    return rc;
}

/* A request that spoils its neighbours' transaction is found by taking each alone. */
static void one_by_one(struct road *road, struct http_request *requests)
{
    int failures = 0;

    while (requests != NULL && failures < ALONE_FAILURES_MAX) {
        struct http_request *r = requests;
        struct round round;
        struct err e = {0};
        requests = r->next;
        r->next = NULL;
        open_round(road, &round, r);
        failures = finish(road, &round, &e, transact(road, &round, &e)) == 0 ? 0 : failures + 1;
    }
    turn_away(road, requests);
}

static void go_round(struct road *road, struct http_request *requests)
{
    struct round round;
    struct err e = {0};

    open_round(road, &round, requests);
    int rc = transact(road, &round, &e);
    if (rc != 0 && requests != NULL && requests->next != NULL) {
        if (road->trouble_told_ms == 0)
            log_warn("store", "error=\"%s\" effect=\"each request alone\"", e.text);
        one_by_one(road, requests);
    } else {
        (void)finish(road, &round, &e, rc);
    }
}

/* ---- the loop ---- */

static void reload(struct road *road)
{
    const struct config *c = road->p->config;
    const struct content_files files = {.flow = c->flow,
                                        .business = c->business,
                                        .locales = c->locales,
                                        .locale = c->locale,
                                        .retain_text_days = c->retain_text_days,
                                        .desk = c->telegram_desk_chat != NULL,
                                        .human_ms = c->human_ms};
    struct faults *faults = faults_new();
    struct content *fresh = NULL;
    struct content_proof proof;

    if (faults == NULL) return;
    struct err e = {0};
    int rc = content_load(&files, &fresh, faults);
    if (rc == 0 && (rc = content_train(fresh, &e)) != 0) log_error("reload", "fault=\"%s\"", e.text);
    if (rc == 0) rc = content_check(fresh, faults, &proof);
    if (rc == 0) {
        content_free(road->content);
        road->content = fresh;
        road->trained = false;
        log_info("reload", "flow=%s version=%d", content_script(fresh)->flow->id,
                 content_script(fresh)->flow->version);
    } else {
        content_free(fresh);
        for (size_t i = 0; i < faults_count(faults); i++)
            log_error("reload", "fault=\"%s\"", faults_line(faults, i));
        log_error("reload", "effect=\"the old flow stays\" faults=%zu", faults_count(faults));
    }
    faults_free(faults);
}

/* When the sender has something to do, as far as the clock decides it. */
static int64_t send_at(const struct road *road, int64_t now_ms)
{
    int64_t ready = senders_ready_at(&road->senders, now_ms);
    return ready > road->next_due_ms ? ready : road->next_due_ms;
}

static int64_t thought_at(const struct road *road)
{
    return road->stop_by_ms != 0 && road->next_thought_ms != INT64_MAX ? 0 : road->next_thought_ms;
}

/* What the operator asks needs no round: each is answered, and taken out of the list. */
static void answer_operator(struct road *road, struct http_request **list)
{
    while (*list != NULL) {
        struct http_request *r = *list;
        if (!operator_asks(r)) {
            list = &r->next;
            continue;
        }
        struct turns turns = fresh_turns(road);
        *list = r->next;
        if (operator_answer(&turns, road->p->admin, r)) road->next_desk_ms = 0;
    }
}

/* Is there anything that needs a transaction? While the store is in trouble an empty one finds
 * out when that is over: nobody may come to try while we tell them that we are not ready. */
static bool work_waits(const struct road *road, const struct http_request *requests)
{
    int64_t now = clock_now_ms();
    size_t n;

    if (road->next_timer_ms <= now || road->next_desk_ms <= now) return true;
    return requests != NULL || !road->well || senders_have_verdicts(&road->senders) ||
           poller_body(road->poller, &n) != NULL || send_at(road, now) <= now || thought_at(road) <= now;
}

static int wait_ms(const struct road *road, bool more)
{
    int64_t now = clock_now_ms();
    int64_t at = send_at(road, now);

    if (!road->well) return RETRY_MS;
    if (more || senders_have_verdicts(&road->senders)) return 0;
    if (road->stop_by_ms == 0 && road->next_poll_ms < at) at = road->next_poll_ms;
    if (thought_at(road) < at) at = thought_at(road);
    if (road->next_timer_ms < at) at = road->next_timer_ms;
    if (road->next_desk_ms < at) at = road->next_desk_ms;
    if (road->stop_by_ms == 0 && road->janitor.next_ms < at) at = road->janitor.next_ms;
    if (at <= now) return 0;
    return at - now < BEAT_MS ? (int)(at - now) : BEAT_MS;
}

/* At most once a beat, and then after the last change too: each beat comes by here. */
static void count_waiting(struct road *road, int64_t now_ms)
{
    struct err e = {0};
    int64_t replies, people;

    if (!road->uncounted || !road->well || now_ms < road->next_count_ms) return;
    if (store_outbox_waiting(road->p->store, &replies, &e) != 0 ||
        store_waiting_count(road->p->store, &people, &e) != 0)
        return; /* the next round tells of trouble */
    atomic_store(&road->p->metrics->outbox_waiting, replies);
    atomic_store(&road->p->metrics->waiting, people);
    road->uncounted = false;
    road->next_count_ms = now_ms + BEAT_MS;
}

/* Whatever is remembered of a clock that was set back is looked at anew. */
static void mind_the_clock(struct road *road)
{
    int64_t wall = clock_now_ms(), mono = clock_mono_ms(), by = set_back_ms(&road->clocks, wall, mono);
    struct err e = {0};

    if (by > 0 && set_back_follow(road->p->store, by, wall, &e) != 0)
        return; /* the next round tells of trouble */
    set_back_looked(&road->clocks, wall, mono);
    if (by == 0) return;
    road->next_due_ms = road->next_thought_ms = road->next_timer_ms = road->next_desk_ms = 0;
    road->next_poll_ms = road->next_count_ms = 0;
    poller_set_back(road->poller);
}

static void begin_stop(struct road *road)
{
    log_info("stop", "flights=%zu", senders_flights(&road->senders));
    atomic_store(&road->p->health->stopping, 1);
    handover_close(road->p->handover);
    road->stop_by_ms = clock_mono_ms() + STOP_GRACE_MS;
    FAULT_POINT("stop-begun");
}

/* What is in flight has landed and is stored, what is due has run and left; or there is no time for it. */
static bool may_leave(const struct road *road)
{
    int64_t now = clock_now_ms();

    if (clock_mono_ms() >= road->stop_by_ms) return true;
    if (senders_flights(&road->senders) > 0 || senders_have_verdicts(&road->senders)) return false;
    return !road->well || (send_at(road, now) > now && thought_at(road) > now);
}

static size_t count(const struct http_request *r)
{
    size_t n = 0;

    for (; r != NULL; r = r->next) n++;
    return n;
}

static void loop(struct road *road, struct road_orders *orders)
{
    struct handover *handover = road->p->handover;

    for (;;) {
        atomic_store(&road->p->health->beat_ms, clock_mono_ms());
        mind_the_clock(road);
        if (atomic_exchange(&orders->reload, 0) != 0) reload(road);
        if (atomic_load(&orders->stop) != 0 && road->stop_by_ms == 0) begin_stop(road);
        struct http_request *requests = handover_take(handover, BATCH_MAX);
        bool more = count(requests) == BATCH_MAX; /* nobody wakes us for the rest */
        answer_operator(road, &requests);
        if (work_waits(road, requests)) go_round(road, requests);
        if (road->stop_by_ms != 0 && !more && may_leave(road)) break;
        count_waiting(road, clock_now_ms());
        if (road->well && road->stop_by_ms == 0)
            janitor_visit(&road->janitor, road->p->store, clock_now_ms());
        if (road->stop_by_ms == 0) road->next_poll_ms = poller_beat(road->poller, clock_now_ms());
        http_client_poll(road->p->client, wait_ms(road, more));
    }
}

/* Rows left in sending by a process that died: statuses of what did leave come within the silence. */
static int recover(struct road *road, struct err *e)
{
    struct store *store = road->p->store;

    if (store_begin(store, e) != 0) return -1;
    if (store_outbox_recover(store, clock_now_ms() + RULING_SILENCE_MS, e) != 0 ||
        set_back_at_start(store, clock_now_ms(), e) != 0) {
        store_rollback(store);
        return -1;
    }
    FAULT_POINT("recovered");
    return store_commit(store, e);
}

static int set_platforms(struct road *road)
{
    platforms_set(road->platform, road->p->config);
    bool all = senders_open(&road->senders, road->platform, road->p->client) == 0;
    if (road->platform[PLATFORM_DESK].on) all &= (road->desk = desk_new(road->p->config)) != NULL;
    road->poller = poller_new(&road->platform[PLATFORM_TELEGRAM], road->p->client);
    return all && road->poller != NULL ? 0 : -1;
}

int road_run(const struct road_parts *parts, struct road_orders *orders, struct err *e)
{
    struct road road = {.p = parts, .content = parts->content, .well = true};
    int rc = -1;

    janitor_init(&road.janitor, parts->config);
    road.arena = arena_new(ARENA_BYTES);
    if (road.arena == NULL || set_platforms(&road) != 0) {
        (void)err_set(e, "desk: out of memory");
        goto out;
    }
    if (recover(&road, e) != 0) goto out;
    atomic_store(&parts->health->store_ok, 1);
    menu_offer(&road.menu, &road.platform[PLATFORM_TELEGRAM], content_script(road.content), parts->client);
    loop(&road, orders);
    rc = 0;
out:
    senders_close(&road.senders);
    poller_free(road.poller);
    desk_free(road.desk);
    arena_free(road.arena);
    content_free(road.content);
    return rc;
}

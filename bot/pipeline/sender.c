#include "sender.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "err.h"
#include "errand.h"
#include "fault_point.h"
#include "http_client.h"
#include "log.h"
#include "platform.h"
#include "ruling.h"
#include "store.h"
#include "telegram_desk.h"

enum {
    ARENA_BYTES = 32 * 1024,
    SEND_TIMEOUT_MS = 15 * 1000,
    FILE_TIMEOUT_MS = 180 * 1000, /* 20 MB over a line of a megabit a second                */
    COURTESIES_MAX = 32,          /* receipts under way at once: they must not crowd out replies */
    GONE_MAX = SENDER_FLIGHTS_MAX
};

struct flight {
    struct flight *next;
    struct sender *sender;
    int64_t row;
    struct whom to;
    struct whom about; /* of a desk's row; its account is the flight's, like those of `to` */
    bool human;        /* the human wrote it                                               */
    unsigned attempt;
    struct buf body;        /* addressed, ready to post                 */
    struct errand *errand;  /* instead of the body. Or NULL             */
    struct verdict verdict; /* once landed; its strings are the flight's */
    char *platform_id, *detail;
    bool certain, judged;
    struct ruling ruling; /* once judged */
};

struct sender {
    const struct platform *platform;
    struct http_client *client;
    struct arena *arena;
    struct buf url;
    struct account account;
    struct flight *claimed; /* marked in the open transaction, not sent yet */
    struct flight *air;     /* sent, not answered yet                       */
    struct flight *landed;  /* answered, not stored yet                     */
    struct flight *stored;  /* stored in the open transaction               */
    size_t flying, courtesies;
    size_t buried; /* in the open transaction, without a flight */
    struct sender_tally tally;
    struct whom gone[GONE_MAX]; /* their accounts are the platform's */
    size_t gone_n;
    bool flat;
};

struct sender *sender_new(const struct platform *platform, struct http_client *client)
{
    struct sender *s = calloc(1, sizeof *s);

    if (s == NULL) return NULL;
    s->platform = platform;
    s->client = client;
    s->arena = arena_new(ARENA_BYTES);
    if (platform->on && platform->url != NULL) platform->url(platform, &s->url);
    /* A person's own chat has no topics. */
    s->flat = platform->on && platform->account[0] != '-';
    if (s->arena == NULL || s->url.failed) {
        sender_free(s);
        return NULL;
    }
    return s;
}

static void flight_free(struct flight *f)
{
    buf_free(&f->body);
    errand_free(f->errand);
    free((char *)f->about.account);
    free(f->platform_id);
    free(f->detail);
    free(f);
}

static void flights_free(struct flight **list)
{
    while (*list != NULL) {
        struct flight *next = (*list)->next;
        flight_free(*list);
        *list = next;
    }
}

void sender_free(struct sender *s)
{
    if (s == NULL) return;
    flights_free(&s->claimed);
    flights_free(&s->air);
    flights_free(&s->landed);
    flights_free(&s->stored);
    arena_free(s->arena);
    buf_free(&s->url);
    free(s);
}

bool sender_has_verdicts(const struct sender *s)
{
    return s->landed != NULL;
}

size_t sender_flights(const struct sender *s)
{
    return s->flying;
}

/* How many more may fly. A halted account is asked by one send at a time. */
static size_t room(const struct sender *s)
{
    size_t max = s->account.halted ? 1 : SENDER_FLIGHTS_MAX;

    if (!s->platform->on || s->flying >= max) return 0;
    return max - s->flying;
}

int64_t sender_ready_at(const struct sender *s, int64_t now_ms)
{
    return room(s) == 0 ? INT64_MAX : account_free_at(&s->account, now_ms);
}

/* ---- answers ---- */

static void land(struct flight *f, const struct verdict *v, bool certain)
{
    struct flight **end = &f->sender->landed;

    f->verdict = *v;
    f->certain = certain;
    /* Without memory a send that went has no id; its status will name it by our tracker. */
    f->verdict.message_id = f->platform_id = v->message_id == NULL ? NULL : strdup(v->message_id);
    f->verdict.detail = f->detail = v->detail == NULL ? NULL : strdup(v->detail);
    while (*end != NULL) end = &(*end)->next;
    f->next = NULL;
    *end = f;
    FAULT_POINT("answer-landed");
}

static void leave_air(const struct flight *f)
{
    struct flight **p = &f->sender->air;

    while (*p != f) p = &(*p)->next;
    *p = f->next;
    f->sender->flying--;
}

static int fly(struct sender *s, struct flight *f, struct err *e);

/* A call that could not be made: memory comes back, but an errand that no call can be made of does not. */
static struct verdict grounded(const struct flight *f, const struct err *e)
{
    bool hopeless = f->errand != NULL && f->attempt >= ERRAND_FILE_TRIES_MAX;

    return (struct verdict){.kind = hopeless ? SEND_NEVER : SEND_LATER, .detail = e->text};
}

static void on_answer(void *user, uint64_t tag, const struct http_answer *a)
{
    struct flight *f = user;
    struct sender *s = f->sender;
    struct err e = {0};
    struct verdict v;

    (void)tag;
    FAULT_POINT("answer-came");
    arena_reset(s->arena);
    if (f->errand == NULL) {
        v = s->platform->channel->verdict(a->status, a->body, a->body_n, s->arena);
    } else if (errand_answered(f->errand, a, s->arena, &v)) {
        if (fly(s, f, &e) == 0) return; /* still in the air */
        v = grounded(f, &e);
    }
    leave_air(f);
    if (v.retry_after_ms < a->retry_after_ms) v.retry_after_ms = a->retry_after_ms;
    if (a->status == 0) v.detail = a->trouble;
    log_debug("sender", "outbox=%lld try=%u verdict=%s ms=%lld", (long long)f->row, f->attempt,
              verdict_kind_name(v.kind), (long long)a->took_ms);
    land(f, &v, a->status == 0 && a->certain != 0);
}

static void log_verdict(int64_t row, unsigned attempt, const struct verdict *v)
{
    if (v->kind == SEND_OK) return;
    log_warn("sender", "outbox=%lld try=%u verdict=%s code=%d detail=\"%s\"", (long long)row, attempt,
             verdict_kind_name(v->kind), v->code, v->detail != NULL ? v->detail : "");
}

/* ---- the desk's round ---- */

/* A topic that was just made bears a name: when nothing was stored about it, for its person was erased
 * meanwhile, it goes again. */
static int drop_stray(struct sender *s, const struct flight *f, struct store *store, int64_t now_ms,
                      struct err *e)
{
    const struct desk_content c = {.erase = errand_made(f->errand)};
    struct buf content = {0};
    struct whom whom;
    int64_t id;

    arena_reset(s->arena);
    int rc = store_topic_whom(store, s->platform->account, c.erase, s->arena, &whom, e);
    if (rc != 0) return rc < 0 ? -1 : 0;
    telegram_desk_write(&c, &content);
    const struct outbox_new row = {.contact = f->to.contact,
                                   .channel = s->platform->channel->name,
                                   .account = s->platform->account,
                                   .content = content.data,
                                   .now_ms = now_ms};
    rc = content.failed ? err_set(e, "sender: out of memory") : store_outbox_add(store, &row, &id, e);
    buf_free(&content);
    return rc;
}

/* What was learnt of a desk's topics on the way. */
static int store_topics(struct sender *s, const struct flight *f, struct store *store, int64_t now_ms,
                        struct err *e)
{
    const char *made = errand_made(f->errand), *lost = errand_lost(f->errand), *desk = s->platform->account;

    if (errand_no_forum(f->errand) && !s->flat) {
        log_warn("desk", "topics=no effect=\"one row of messages: is it a forum, may the bot make topics?\"");
        s->flat = true;
    }
    if (made != NULL && (store_topic_set(store, f->about.contact, f->about.account, desk, made, e) != 0 ||
                         drop_stray(s, f, store, now_ms, e) != 0))
        return -1;
    FAULT_POINT("topic-stored");
    return lost == NULL ? 0 : store_topic_drop(store, desk, lost, e);
}

/* A person who cannot be written to, where no window opens again by itself: they left. */
static void note_gone(struct sender *s, const struct flight *f)
{
    if (f->verdict.kind != SEND_CHAT_CLOSED || s->platform->window_ms > 0) return;
    if (s->platform == &s->platform->all[PLATFORM_DESK]) return; /* hers, which halts */
    if (s->gone_n < GONE_MAX) s->gone[s->gone_n++] = f->to;
}

/* What the human wrote waits for the person to write again; what the bot had to say is stale by then. */
static bool is_kept(const struct sender *s, bool human, enum verdict_kind kind)
{
    return human && kind == SEND_CHAT_CLOSED && s->platform->window_ms > 0;
}

static int store_verdict(struct sender *s, struct flight *f, struct store *store, int64_t now_ms,
                         struct err *e)
{
    if (f->errand != NULL && errand_made(f->errand) != NULL) {
        f->ruling = (struct ruling){OUTBOX_DUE, now_ms};
    } else if (!f->judged) {
        f->ruling = ruling_of(&s->account, &f->verdict, f->certain, f->attempt, now_ms);
        f->judged = true;
        if (is_kept(s, f->human, f->verdict.kind)) f->ruling = (struct ruling){OUTBOX_DUE, OUTBOX_KEPT_MS};
        log_verdict(f->row, f->attempt, &f->verdict);
    }
    note_gone(s, f);
    if (f->errand != NULL && store_topics(s, f, store, now_ms, e) != 0) return -1;
    const struct outbox_result result = {.state = f->ruling.state,
                                         .next_try_ms = f->ruling.next_try_ms,
                                         .platform_id = f->platform_id,
                                         .code = f->verdict.code,
                                         .detail = f->detail,
                                         .now_ms = now_ms};
    return store_outbox_settle(store, f->row, &result, e);
}

const struct whom *sender_gone(const struct sender *s, size_t *n)
{
    *n = s->gone_n;
    return s->gone;
}

bool sender_flat(const struct sender *s)
{
    return s->flat;
}

int sender_store(struct sender *s, struct store *store, int64_t now_ms, struct err *e)
{
    s->gone_n = 0;
    while (s->landed != NULL) {
        struct flight *f = s->landed;
        if (store_verdict(s, f, store, now_ms, e) != 0) return -1;
        FAULT_POINT("verdict-stored");
        s->landed = f->next;
        f->next = s->stored;
        s->stored = f;
    }
    return 0;
}

/* It will not fly: dead, or kept. */
static int ground(struct sender *s, struct store *store, const struct outbox_row *row,
                  const struct verdict *v, int64_t now_ms, struct err *e)
{
    bool kept = is_kept(s, row->human, v->kind);
    const struct outbox_result result = {.state = kept ? OUTBOX_DUE : OUTBOX_DEAD,
                                         .next_try_ms = OUTBOX_KEPT_MS,
                                         .code = v->code,
                                         .detail = v->detail,
                                         .now_ms = now_ms};

    log_verdict(row->id, row->attempt, v);
    s->buried += !kept;
    return store_outbox_settle(store, row->id, &result, e);
}

/* It was under way, or its answer was lost, when the human took the chat over: it is not sent again. */
static int withdraw(struct store *store, const struct outbox_row *row, int64_t now_ms, struct err *e)
{
    const struct outbox_result result = {.state = OUTBOX_WITHDRAWN, .now_ms = now_ms};

    log_debug("sender", "outbox=%lld withdrawn=yes", (long long)row->id);
    return store_outbox_settle(store, row->id, &result, e);
}

/* load(s, f, row, why): what the flight carries. 0; 1 when it can never leave, for `why`; -1 for lack of memory. */
static int load(struct sender *s, struct flight *f, const struct outbox_row *row, struct err *why)
{
    const struct platform *p = s->platform;
    bool hopeless;

    f->to = (struct whom){.contact = row->contact, .account = p->account};
    f->human = row->human;
    if (!errand_wanted(p, row->content)) {
        if (p->channel->address(row->content, &row->to, row->tracker, &f->body, why) == 0) return 0;
        return f->body.failed ? -1 : 1;
    }
    f->about.contact = row->about.contact;
    if (row->about.account != NULL && (f->about.account = strdup(row->about.account)) == NULL)
        return err_set(why, "out of memory");
    f->errand = errand_new(p->all, row, s->flat, &hopeless, why);
    return f->errand != NULL ? 0 : hopeless ? 1 : -1;
}

/* One claimed row: a flight, or dead when we can tell without asking the platform. */
static int claim_row(struct sender *s, struct store *store, const struct outbox_row *row, int64_t now_ms,
                     struct flight ***end, struct err *e)
{
    struct verdict hopeless = {.kind = SEND_NEVER};
    struct err why = {0};

    if (row->hushed) return withdraw(store, row, now_ms, e);
    if (s->platform->window_ms > 0 && now_ms - row->wrote_ms > s->platform->window_ms) {
        hopeless = (struct verdict){.kind = SEND_CHAT_CLOSED, .detail = "the 24 hour window is shut"};
        return ground(s, store, row, &hopeless, now_ms, e);
    }
    struct flight *f = calloc(1, sizeof *f);
    if (f == NULL) return err_set(e, "sender: out of memory");
    int rc = load(s, f, row, &why);
    if (rc == 0) {
        f->sender = s;
        f->row = row->id;
        f->attempt = row->attempt;
        **end = f;
        *end = &f->next;
        return 0;
    }
    hopeless.detail = why.text;
    if (rc < 0)
        (void)err_set(e, "sender: %s", why.text);
    else
        rc = ground(s, store, row, &hopeless, now_ms, e);
    flight_free(f);
    return rc;
}

int sender_claim(struct sender *s, struct store *store, int64_t now_ms, struct err *e)
{
    struct outbox_row *rows = NULL;
    int moved = 0;

    if (sender_ready_at(s, now_ms) > now_ms) return 0;
    arena_reset(s->arena);
    if (store_outbox_claim(store, s->platform->account, now_ms, room(s), s->arena, &rows, e) != 0) return -1;
    struct flight **end = &s->claimed;
    FAULT_POINT("replies-claimed");
    for (const struct outbox_row *row = rows; row != NULL; row = row->next, moved++)
        if (claim_row(s, store, row, now_ms, &end, e) != 0) return -1;
    return moved;
}

static struct http_call call_of(const struct sender *s, const struct buf *url, const struct buf *body)
{
    return (struct http_call){.url = buf_text(url),
                              .bearer = s->platform->bearer,
                              .body = body->data,
                              .body_n = body->len,
                              .timeout_ms = SEND_TIMEOUT_MS};
}

/* One call of a flight under way. */
static int fly(struct sender *s, struct flight *f, struct err *e)
{
    struct errand_call made = {.bearer = NULL};
    struct http_call call = call_of(s, &s->url, &f->body);

    if (f->errand != NULL) {
        if (errand_next(f->errand, &made, e) != 0) return -1;
        call = call_of(s, &made.url, &made.body);
        call.bearer = made.bearer;
        call.answer_max = made.answer_max;
        if (made.large) call.timeout_ms = FILE_TIMEOUT_MS;
        call.content_type = *made.type != '\0' ? made.type : NULL;
        if (made.body.len == 0) call.body = NULL; /* GET */
    }
    call.done = on_answer;
    call.user = f;
    call.tag = (uint64_t)f->row;
    int rc = http_client_send(s->client, &call, e);
    errand_call_free(&made);
    return rc;
}

static void start(struct sender *s, struct flight *f)
{
    struct err e = {0};

    if (fly(s, f, &e) == 0) {
        f->next = s->air;
        s->air = f;
        s->flying++;
        FAULT_POINT("send-begun");
        buf_free(&f->body); /* the client has its own */
    } else {
        const struct verdict v = grounded(f, &e);
        land(f, &v, true);
    }
}

static void count(struct sender *s)
{
    for (const struct flight *f = s->stored; f != NULL; f = f->next) {
        s->tally.sent += f->ruling.state == OUTBOX_SENT;
        s->tally.dead += f->ruling.state == OUTBOX_DEAD;
    }
    s->tally.dead += s->buried;
    s->buried = 0;
}

struct sender_tally sender_tally(const struct sender *s)
{
    return s->tally;
}

void sender_committed(struct sender *s)
{
    count(s);
    flights_free(&s->stored);
    while (s->claimed != NULL) {
        FAULT_POINT("claim-committed");
        struct flight *f = s->claimed;
        s->claimed = f->next;
        start(s, f);
    }
}

void sender_rolled_back(struct sender *s)
{
    flights_free(&s->claimed);
    s->buried = 0;
    while (s->stored != NULL) {
        struct flight *f = s->stored;
        s->stored = f->next;
        f->next = s->landed;
        s->landed = f;
    }
}

/* ---- courtesies ---- */

static void on_courtesy(void *user, uint64_t tag, const struct http_answer *a)
{
    struct sender *s = user;

    (void)tag;
    s->courtesies--;
    if (a->status != 200) log_debug("courtesy", "status=%d", a->status);
}

static void send_courtesy(struct sender *s, const struct buf *url, const struct buf *body)
{
    struct http_call call = call_of(s, url, body);
    struct err e = {0};

    call.done = on_courtesy;
    call.user = s;
    if (url->failed || body->failed || http_client_send(s->client, &call, &e) != 0)
        log_debug("courtesy", "error=\"%s\"", url->failed || body->failed ? "out of memory" : e.text);
    else
        s->courtesies++;
}

void sender_courtesy(struct sender *s, const struct courtesy *list, int64_t now_ms)
{
    if (account_free_at(&s->account, now_ms) > now_ms || s->account.halted) return;
    for (; list != NULL; list = list->next) {
        bool more = list->platform == s->platform;
        for (int k = 0; more && s->courtesies < COURTESIES_MAX; k++) {
            struct buf url = {0}, body = {0};
            more = s->platform->courtesy(s->platform, list, k, &url, &body);
            if (more) send_courtesy(s, &url, &body);
            buf_free(&url);
            buf_free(&body);
        }
    }
}

#include "sender.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "clock.h"
#include "config.h"
#include "err.h"
#include "http_client.h"
#include "log.h"
#include "store.h"
#include "turn.h"
#include "whatsapp.h"

/* Free text may leave until 24 hours after the person last wrote (WhatsApp error 131047); a
 * minute less for clocks that differ. */
static const int64_t WINDOW_MS = INT64_C(24) * 3600 * 1000 - 60 * 1000;

/* An answer that was lost: statuses come within seconds; only this long a silence resends. */
static const int64_t SILENCE_MS = 20 * 1000;

enum {
    ARENA_BYTES = 32 * 1024,
    SEND_TIMEOUT_MS = 15 * 1000,
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_DOUBLINGS_MAX = 9,    /* 1 s to 8.5 min                                        */
    PACE_EXPONENT_MAX = 6,        /* 4^6 s: more than an hour                              */
    SLOW_MS = 5 * 1000,           /* an account that is throttled rests at least this long */
    HALT_MS = 60 * 1000           /* a refused token is tried again this often             */
};

struct flight {
    struct flight *next;
    struct sender *sender;
    int64_t row;
    unsigned attempt;
    char *body; /* addressed, ready to post */
    size_t body_n;
    struct outbox_result result;
    char *platform_id, *detail;
};

struct sender {
    const struct config *config;
    struct http_client *client;
    struct arena *arena;
    struct buf url;
    struct flight *claimed; /* marked in the open transaction, not sent yet */
    struct flight *air;     /* sent, not answered yet                       */
    struct flight *landed;  /* answered, not stored yet                     */
    struct flight *stored;  /* stored in the open transaction               */
    size_t flying;
    int64_t free_at_ms;
    bool halted;
};

struct sender *sender_new(const struct config *config, struct http_client *client)
{
    struct sender *s = calloc(1, sizeof *s);

    if (s == NULL) return NULL;
    s->config = config;
    s->client = client;
    s->arena = arena_new(ARENA_BYTES);
    if (config->whatsapp)
        whatsapp_messages_url(config->whatsapp_api_base, config->whatsapp_api_version,
                              config->whatsapp_phone_number_id, &s->url);
    if (s->arena == NULL || s->url.failed) {
        sender_free(s);
        return NULL;
    }
    return s;
}

static void flight_free(struct flight *f)
{
    if (f == NULL) return;
    free(f->body);
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

int64_t sender_free_at(const struct sender *s)
{
    return s->free_at_ms;
}

int64_t sender_backoff_ms(unsigned attempt, int64_t retry_after_ms)
{
    unsigned doublings = attempt == 0 ? 0 : attempt - 1;
    int64_t wait = (int64_t)BACKOFF_FIRST_MS << (doublings < BACKOFF_DOUBLINGS_MAX ? doublings : BACKOFF_DOUBLINGS_MAX);

    return wait < retry_after_ms ? retry_after_ms : wait; /* the platform knows better */
}

/* Meta: after error 131056 try again in 4^X seconds, X from 0. */
int64_t sender_pace_ms(unsigned attempt)
{
    unsigned x = attempt == 0 ? 0 : attempt - 1;
    return INT64_C(1000) << (2 * (x < PACE_EXPONENT_MAX ? x : PACE_EXPONENT_MAX));
}

/* ---- verdicts ---- */

static void settle(struct flight *f, enum outbox_state state, int64_t next_try_ms)
{
    f->result.state = state;
    f->result.next_try_ms = next_try_ms;
}

static void halt(struct sender *s, const struct verdict *v, int64_t now_ms)
{
    if (!s->halted)
        log_error("sender", "verdict=halt code=%d detail=\"%s\" effect=\"nothing is sent until this is mended\"",
                  v->code, v->detail != NULL ? v->detail : "");
    s->halted = true;
    s->free_at_ms = now_ms + HALT_MS;
}

static void slow(struct sender *s, const struct flight *f, const struct verdict *v, int64_t now_ms)
{
    int64_t wait = sender_backoff_ms(f->attempt, v->retry_after_ms);

    if (wait < SLOW_MS) wait = SLOW_MS;
    if (s->free_at_ms < now_ms + wait) s->free_at_ms = now_ms + wait;
}

static void judge(struct sender *s, struct flight *f, const struct verdict *v, bool certain, int64_t now_ms)
{
    f->result.code = v->code;
    f->result.now_ms = now_ms;
    switch (v->kind) {
    case SEND_OK:
        if (s->halted) log_info("sender", "halted=no");
        s->halted = false;
        f->platform_id = v->message_id == NULL ? NULL : strdup(v->message_id);
        settle(f, OUTBOX_SENT, 0);
        break;
    case SEND_LATER: settle(f, OUTBOX_DUE, now_ms + sender_backoff_ms(f->attempt, v->retry_after_ms)); break;
    case SEND_PACE: settle(f, OUTBOX_DUE, now_ms + sender_pace_ms(f->attempt)); break;
    case SEND_SLOW:
        slow(s, f, v, now_ms);
        settle(f, OUTBOX_DUE, s->free_at_ms);
        break;
    case SEND_HALT:
        halt(s, v, now_ms);
        settle(f, OUTBOX_DUE, s->free_at_ms);
        break;
    case SEND_NEVER:
    case SEND_CHAT_CLOSED: settle(f, OUTBOX_DEAD, 0); break;
    case SEND_UNKNOWN:
    case SEND_N:
        if (certain)
            settle(f, OUTBOX_DUE, now_ms + sender_backoff_ms(f->attempt, 0));
        else
            settle(f, OUTBOX_UNSURE, now_ms + SILENCE_MS);
        break;
    }
    f->detail = v->detail == NULL ? NULL : strdup(v->detail);
    if (v->kind != SEND_OK)
        log_warn("sender", "outbox=%lld try=%u verdict=%s code=%d detail=\"%s\"", (long long)f->row, f->attempt,
                 verdict_kind_name(v->kind), v->code, v->detail != NULL ? v->detail : "");
}

static void land(struct flight *f)
{
    struct flight **end = &f->sender->landed;

    while (*end != NULL) end = &(*end)->next;
    f->next = NULL;
    *end = f;
}

static void leave_air(const struct flight *f)
{
    struct flight **p = &f->sender->air;

    while (*p != f) p = &(*p)->next;
    *p = f->next;
    f->sender->flying--;
}

static void on_answer(void *user, uint64_t tag, const struct http_answer *a)
{
    struct flight *f = user;
    struct sender *s = f->sender;

    (void)tag;
    leave_air(f);
    arena_reset(s->arena);
    struct verdict v = whatsapp.verdict(a->status, a->body, a->body_n, s->arena);
    if (v.retry_after_ms < a->retry_after_ms) v.retry_after_ms = a->retry_after_ms;
    if (a->status == 0 && v.detail == NULL) v.detail = a->trouble;
    judge(s, f, &v, a->certain != 0, clock_now_ms());
    log_debug("sender", "outbox=%lld try=%u verdict=%s ms=%lld", (long long)f->row, f->attempt,
              verdict_kind_name(v.kind), (long long)a->took_ms);
    land(f);
}

/* ---- the desk's round ---- */

int sender_store(struct sender *s, struct store *store, int64_t now_ms, struct err *e)
{
    (void)now_ms;
    while (s->landed != NULL) {
        struct flight *f = s->landed;
        f->result.platform_id = f->platform_id;
        f->result.detail = f->detail;
        if (store_outbox_settle(store, f->row, &f->result, e) != 0) return -1;
        s->landed = f->next;
        f->next = s->stored;
        s->stored = f;
    }
    return 0;
}

static struct flight *flight_new(struct sender *s, const struct outbox_row *row)
{
    struct flight *f = calloc(1, sizeof *f);

    if (f == NULL) return NULL;
    f->sender = s;
    f->row = row->id;
    f->attempt = row->attempt;
    return f;
}

/* What can be said of a row without asking the platform. */
static void prepare(struct sender *s, struct flight *f, const struct outbox_row *row, int64_t now_ms)
{
    struct buf body = {0};
    struct err e = {0};

    f->result = (struct outbox_result){.state = OUTBOX_SENDING, .now_ms = now_ms};
    if (now_ms - row->wrote_ms > WINDOW_MS) {
        const struct verdict shut = {.kind = SEND_CHAT_CLOSED, .detail = "the 24 hour window is shut"};
        judge(s, f, &shut, true, now_ms);
    } else if (whatsapp.address(row->content, &row->to, row->tracker, &body, &e) != 0) {
        const struct verdict nobody = {.kind = SEND_NEVER, .detail = e.text};
        judge(s, f, &nobody, true, now_ms);
    }
    f->body = body.data;
    f->body_n = body.len;
}

int sender_claim(struct sender *s, struct store *store, int64_t now_ms, struct err *e)
{
    struct outbox_row *rows = NULL;
    size_t room = SENDER_FLIGHTS_MAX - s->flying;

    if (!s->config->whatsapp || room == 0 || s->free_at_ms > now_ms) return 0;
    if (s->halted) room = 1; /* one row finds out whether the trouble is over */
    arena_reset(s->arena);
    if (store_outbox_claim(store, s->config->whatsapp_phone_number_id, now_ms, room, s->arena, &rows, e) != 0)
        return -1;
    struct flight **end = &s->claimed;
    for (const struct outbox_row *row = rows; row != NULL; row = row->next) {
        *end = flight_new(s, row);
        if (*end == NULL) return err_set(e, "sender: out of memory");
        prepare(s, *end, row, now_ms);
        end = &(*end)->next;
    }
    return 0;
}

static void start(struct sender *s, struct flight *f, int64_t now_ms)
{
    struct err e = {0};
    const struct http_call call = {.url = buf_text(&s->url),
                                   .bearer = s->config->whatsapp_access_token,
                                   .body = f->body,
                                   .body_n = f->body_n,
                                   .timeout_ms = SEND_TIMEOUT_MS,
                                   .done = on_answer,
                                   .user = f,
                                   .tag = (uint64_t)f->row};

    if (f->result.state == OUTBOX_SENDING) {
        if (http_client_send(s->client, &call, &e) == 0) {
            f->next = s->air;
            s->air = f;
            s->flying++;
            return;
        }
        const struct verdict later = {.kind = SEND_LATER, .detail = e.text};
        judge(s, f, &later, true, now_ms);
    }
    land(f);
}

void sender_committed(struct sender *s, int64_t now_ms)
{
    flights_free(&s->stored);
    while (s->claimed != NULL) {
        struct flight *f = s->claimed;
        s->claimed = f->next;
        start(s, f, now_ms);
    }
}

void sender_rolled_back(struct sender *s)
{
    flights_free(&s->claimed);
    while (s->stored != NULL) {
        struct flight *f = s->stored;
        s->stored = f->next;
        land(f);
    }
}

/* ---- read receipts ---- */

static void on_courtesy(void *user, uint64_t tag, const struct http_answer *a)
{
    (void)user;
    (void)tag;
    if (a->status != 200) log_debug("receipt", "status=%d", a->status);
}

void sender_courtesy(struct sender *s, const struct courtesy *list)
{
    for (; list != NULL; list = list->next) {
        struct buf body = {0};
        struct err e = {0};
        whatsapp_read_receipt(list->message_id, s->config->whatsapp_receipt == RECEIPT_TYPING, &body);
        const struct http_call call = {.url = buf_text(&s->url),
                                       .bearer = s->config->whatsapp_access_token,
                                       .body = body.data,
                                       .body_n = body.len,
                                       .timeout_ms = SEND_TIMEOUT_MS,
                                       .done = on_courtesy};
        if (!body.failed && s->free_at_ms <= clock_now_ms() && http_client_send(s->client, &call, &e) != 0)
            log_debug("receipt", "error=\"%s\"", e.text);
        buf_free(&body);
    }
}

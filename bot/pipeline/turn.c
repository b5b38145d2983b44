#include "turn.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "err.h"
#include "http_server.h"
#include "log.h"
#include "secret.h"
#include "store.h"
#include "text.h"
#include "whatsapp.h"

/* A reply to a backlog waits this long for the rest of it: one reply to all. */
enum { BACKLOG_WAIT_MS = 3000 };
_Static_assert((int)BACKLOG_WAIT_MS <= (int)EFFECT_BACKLOG_WAIT_MS,
               "the dialogue counts on this reply being gone by then");

/* How an item of a webhook ends. */
enum ending {
    ENDED,  /* done, or not ours to do                                     */
    FAILED, /* this item alone: kept in the inbox with its reason          */
    TROUBLE /* the store: nothing of the whole request can be promised     */
};

struct item {
    const struct inbound *in;
    int64_t inbox, contact;
};

/* A chat is named by a keyed hash: support can follow it, nobody reads a number. */
static void tell(const struct turns *t, const struct item *x, enum conversation_state from,
                 enum conversation_state to, size_t effects)
{
    char number[32], tag[SECRET_TAG_MAX];

    if (!log_wants(LOG_DEBUG)) return;
    (void)snprintf(number, sizeof number, "%lld", (long long)x->contact);
    secret_tag(t->config->whatsapp_app_secret, number, tag);
    log_debug("turn", "inbox=%lld chat=%s kind=%s from=%s to=%s effects=%zu", (long long)x->inbox, tag,
              message_kind_name(x->in->message.kind), conversation_state_name(from),
              conversation_state_name(to), effects);
}

/* ---- one message ---- */

static enum ending load(struct turns *t, const struct item *x, struct conversation *c, struct err *e)
{
    const struct script *s = content_script(t->content);
    struct buf text = {0};
    int found = store_conversation_load(t->store, x->contact, x->in->who.account, &text, e);

    conversation_begin(c, s->locales[0]->code);
    if (found > 0 && conversation_read(c, s->flow, buf_text(&text), e) != 0) {
        /* The person must not be lost over it: they start anew, the operator knows. */
        log_error("turn", "inbox=%lld error=\"%s\"", (long long)x->inbox, e->text);
        conversation_begin(c, s->locales[0]->code);
    }
    buf_free(&text);
    return found < 0 ? TROUBLE : ENDED;
}

static enum ending save(struct turns *t, const struct item *x, const struct conversation *c, struct err *e)
{
    struct buf text = {0};

    conversation_write(c, content_script(t->content)->flow, &text);
    int rc = text.failed ? err_set(e, "out of memory")
                         : store_conversation_save(t->store, x->contact, x->in->who.account, text.data,
                                                   text.len, t->now_ms, e);
    buf_free(&text);
    return rc == 0 ? ENDED : TROUBLE;
}

static enum ending say(struct turns *t, const struct item *x, const struct effect *effect, struct err *e)
{
    struct buf content = {0};
    int64_t id;
    enum ending end = FAILED;

    if (whatsapp.render(&effect->say.out, &content, e) == 0) {
        const struct outbox_new row = {.contact = x->contact,
                                       .channel = x->in->who.channel,
                                       .account = x->in->who.account,
                                       .content = content.data,
                                       .now_ms = t->now_ms,
                                       .not_before_ms = effect->say.backlog ? t->now_ms + BACKLOG_WAIT_MS : 0,
                                       .replaces_waiting = effect->say.backlog};
        end = store_outbox_add(t->store, &row, &id, e) == 0 ? ENDED : TROUBLE;
    }
    buf_free(&content);
    return end;
}

static enum ending obey(struct turns *t, const struct item *x, const struct effects *fx, bool *erased,
                        struct err *e)
{
    enum ending end = ENDED;

    for (size_t i = 0; end == ENDED && i < fx->n; i++) {
        switch (fx->effect[i].kind) {
        case EFFECT_ERASE:
            *erased = true;
            end = store_contact_erase(t->store, x->contact, t->now_ms, e) == 0 ? ENDED : TROUBLE;
            break;
        case EFFECT_SAY: end = say(t, x, &fx->effect[i], e); break;
        case EFFECT_N: break;
        }
    }
    return end;
}

static void remember_courtesy(struct turns *t, const struct inbound *in)
{
    if (t->config->whatsapp_receipt == RECEIPT_OFF) return;
    struct courtesy *c = arena_alloc(t->arena, sizeof *c);
    if (c == NULL) return;
    *c = (struct courtesy){.next = t->courtesies, .message_id = in->message.id};
    t->courtesies = c;
}

static enum ending converse(struct turns *t, struct item *x, struct err *e)
{
    struct conversation c;
    struct effects fx = {.arena = t->arena};
    bool erased = false;

    enum ending end = load(t, x, &c, e);
    if (end != ENDED) return end;
    enum conversation_state before = c.state;
    if (content_step(t->content, &c, &x->in->message, t->now_ms, &fx, e) != 0) return FAILED;
    end = obey(t, x, &fx, &erased, e);
    if (end == ENDED && !erased) end = save(t, x, &c, e);
    if (end == ENDED) {
        tell(t, x, before, c.state, fx.n);
        if (fx.n > 0) remember_courtesy(t, x->in);
    }
    return end;
}

static enum ending run_message(struct turns *t, struct item *x, struct err *e)
{
    if (store_contact_resolve(t->store, &x->in->who, t->now_ms, &x->contact, e) != 0) return TROUBLE;
    if (x->in->kind == INBOUND_IDENTITY) return ENDED;
    /* The window runs from the platform's own moment, but never from the future. */
    int64_t wrote = x->in->message.sent_ms;
    if (wrote <= 0 || wrote > t->now_ms) wrote = t->now_ms;
    if (store_contact_wrote(t->store, x->contact, x->in->who.account, wrote, e) != 0) return TROUBLE;
    return converse(t, x, e);
}

/* ---- any item ---- */

/* An item with a turn of its own: taken once, its turn undone as a whole when it fails. */
static enum ending take(struct turns *t, const struct inbound *in, struct err *e)
{
    struct item x = {.in = in};
    enum inbox_state state = in->kind == INBOUND_BROKEN ? INBOX_FAILED : INBOX_DONE;
    const char *reason = in->kind == INBOUND_BROKEN ? in->reason : NULL;
    char failure[ERR_TEXT_MAX];

    int fresh = store_inbox_add(t->store, whatsapp.name, in->id, in->raw, t->now_ms, &x.inbox, e);
    if (fresh < 0) return TROUBLE;
    if (fresh == 0) {
        t->duplicates++;
        return ENDED;
    }
    t->messages++;
    if (in->kind != INBOUND_BROKEN) {
        if (store_mark(t->store, e) != 0) return TROUBLE;
        enum ending end = run_message(t, &x, e);
        if (end == TROUBLE) return TROUBLE;
        if ((end == FAILED ? store_undo(t->store, e) : store_keep(t->store, e)) != 0) return TROUBLE;
        if (end == FAILED) {
            (void)snprintf(failure, sizeof failure, "%s", e->text);
            state = INBOX_FAILED;
            reason = failure;
            x.contact = 0; /* it may have been made in the turn that was undone */
        }
    }
    if (state == INBOX_FAILED) {
        t->failed++;
        log_error("turn", "inbox=%lld type=%s error=\"%s\"", (long long)x.inbox,
                  in->type != NULL ? in->type : "?", reason != NULL ? reason : "?");
    }
    return store_inbox_close(t->store, x.inbox, x.contact, state, reason, e) == 0 ? ENDED : TROUBLE;
}

static enum ending note_status(struct turns *t, const struct inbound *in, struct err *e)
{
    static const enum outbox_state state[] = {[STATUS_SENT] = OUTBOX_SENT,
                                              [STATUS_DELIVERED] = OUTBOX_DELIVERED,
                                              [STATUS_READ] = OUTBOX_READ,
                                              [STATUS_PLAYED] = OUTBOX_READ,
                                              [STATUS_FAILED] = OUTBOX_DEAD};
    _Static_assert(sizeof state / sizeof *state == STATUS_N, "place each");
    const struct status *s = &in->status;

    t->statuses++;
    if (s->kind == STATUS_FAILED) log_warn("status", "status=failed code=%d", s->error_code);
    return store_outbox_status(t->store, whatsapp.name, s->tracker, s->message_id, state[s->kind],
                               s->error_code, s->billable, t->now_ms, e) < 0
               ? TROUBLE
               : ENDED;
}

static enum ending run_item(struct turns *t, const struct inbound *in, struct err *e)
{
    switch (in->kind) {
    case INBOUND_MESSAGE:
    case INBOUND_IDENTITY:
    case INBOUND_BROKEN: return take(t, in, e);
    case INBOUND_STATUS: return note_status(t, in, e);
    case INBOUND_NOTICE:
        log_warn("notice", "type=%s reason=\"%s\"", in->type, in->reason != NULL ? in->reason : "");
        return ENDED;
    default:
        log_info("skipped", "kind=%s type=%s reason=\"%s\"", inbound_kind_name(in->kind),
                 in->type != NULL ? in->type : "?", in->reason != NULL ? in->reason : "");
        return ENDED;
    }
}

int turns_run(struct turns *t, const struct http_request *r, int *status, struct err *e)
{
    struct inbound *items = NULL;

    *status = 200;
    if (whatsapp.parse(r->body, r->body_n, t->config->whatsapp_phone_number_id, t->arena, &items, e) != 0) {
        log_warn("webhook", "channel=whatsapp refused=body bytes=%zu error=\"%s\"", r->body_n, e->text);
        *status = 400;
        return 0;
    }
    for (const struct inbound *in = items; in != NULL; in = in->next)
        if (run_item(t, in, e) == TROUBLE) return -1;
    return 0;
}

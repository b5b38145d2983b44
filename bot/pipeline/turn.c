#include "turn.h"

#include "channel.h"
#include "config.h"
#include "converse.h"
#include "desk.h"
#include "dialogue.h"
#include "fault_point.h"
#include "log.h"
#include "patience.h"
#include "platform.h"
#include "thought.h"

/* ---- a message ---- */

static int meet(struct turns *t, struct item *x, struct err *e)
{
    if (store_contact_resolve(t->store, &x->in->who, t->now_ms, &x->contact, e) != 0) return -1;
    FAULT_POINT("contact-known");
    if (x->in->kind == INBOUND_IDENTITY) return 0;
    /* The window runs from the platform's own moment, but never from the future. */
    int64_t wrote = x->in->message.sent_ms;
    if (wrote <= 0 || wrote > t->now_ms) wrote = t->now_ms;
    if (patience_weigh(t, x, wrote, e) != 0) return -1;
    if (platform_of(t->platforms, x->in->who.channel)->window_ms == 0) return 0;
    /* The window is open again: what the human wrote while it was shut goes first. */
    return store_outbox_release(t->store, x->contact, x->in->who.account, t->now_ms, e);
}

/* The thought has an ending of its own, so the item's mark gives way to the thought's and is set
 * anew. It may have erased its sender: who wrote this is then new to us. */
static int run_thought_before(struct turns *t, struct item *x, struct err *e)
{
    if (store_keep(t->store, e) != 0) return -1;
    if (thought_run(t, x->contact, x->in->who.account, e) != 0) return -1;
    if (store_mark(t->store, e) != 0) return -1;
    return meet(t, x, e);
}

static enum ending run_message(struct turns *t, struct item *x, struct err *e)
{
    enum gathering g;

    if (meet(t, x, e) != 0) return TURN_TROUBLE;
    if (x->in->kind == INBOUND_IDENTITY) return TURN_ENDED;
    /* What waits came in time, and is answered before the silence. */
    if (x->flood == FLOOD_TELL && x->held.texts > 0 && run_thought_before(t, x, e) != 0) return TURN_TROUBLE;
    if (x->flood == FLOOD_TELL || x->flood == FLOOD_SILENT) return patience_run(t, x, e);
    while ((g = thought_gather(t, x, e)) == GATHER_AFTER)
        if (run_thought_before(t, x, e) != 0) return TURN_TROUBLE;
    if (g == GATHER_TROUBLE) return TURN_TROUBLE;
    return g == GATHER_INTO ? TURN_ENDED : item_converse(t, x, e);
}

/* Blocked: nothing more is said until they write again. */
static enum ending run_gone(struct turns *t, struct item *x, struct err *e)
{
    if (store_contact_resolve(t->store, &x->in->who, t->now_ms, &x->contact, e) != 0) return TURN_TROUBLE;
    return turns_gone(t, x->contact, x->in->who.account, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
}

int turns_gone(struct turns *t, int64_t contact, const char *account, struct err *e)
{
    const struct platform *p = platform_at(t->platforms, account);
    const struct event ev = {.kind = EVENT_GONE};
    bool answered;

    if (p == NULL) return 0;
    const struct chat chat = {.contact = contact, .channel = p->channel->name, .account = account};
    return chat_event(t, &chat, &ev, &answered, e) == TURN_ENDED ? 0 : -1;
}

/* ---- any item ---- */

/* An item with a turn of its own: taken once, its turn undone as a whole when it fails. */
static enum ending take(struct turns *t, const struct platform *p, const struct inbound *in,
                        enum ending (*run)(struct turns *t, struct item *x, struct err *e), struct err *e)
{
    struct item x = {.in = in, .state = in->kind == INBOUND_BROKEN ? INBOX_FAILED : INBOX_DONE};
    const char *reason = in->kind == INBOUND_BROKEN ? in->reason : NULL;
    char failure[ERR_TEXT_MAX];

    int fresh = store_inbox_add(t->store, p->channel->name, in->id, in->raw, t->now_ms, &x.inbox, e);
    if (fresh < 0) return TURN_TROUBLE;
    if (fresh == 0) {
        t->duplicates++;
        return TURN_ENDED;
    }
    FAULT_POINT("message-taken");
    t->messages++;
    if (in->kind != INBOUND_BROKEN) {
        enum ending end = item_try(t, &x, run, failure, e);
        if (end == TURN_TROUBLE) return TURN_TROUBLE;
        if (end == TURN_FAILED) {
            reason = failure;
            x.contact = 0; /* it may have been made in the turn that was undone */
        } else {
            reason = x.reason;
        }
    }
    return item_close(t, &x, reason, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
}

static enum ending note_status(struct turns *t, const struct platform *p, const struct inbound *in,
                               struct err *e)
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
    return store_outbox_status(t->store, p->channel->name, s->tracker, s->message_id, state[s->kind],
                               s->error_code, s->billable, t->now_ms, e) < 0
               ? TURN_TROUBLE
               : TURN_ENDED;
}

/* A group's id is nobody's, and whoever sets up the desk needs it. */
static enum ending skip(const struct inbound *in)
{
    if (in->kind == INBOUND_GROUP) {
        log_info("skipped", "kind=group chat=%s reason=\"not the desk\"", in->chat != NULL ? in->chat : "?");
        return TURN_ENDED;
    }
    log_info("skipped", "kind=%s type=%s reason=\"%s\"", inbound_kind_name(in->kind),
             in->type != NULL ? in->type : "?", in->reason != NULL ? in->reason : "");
    return TURN_ENDED;
}

static enum ending run_item(struct turns *t, const struct platform *p, const struct inbound *in,
                            struct err *e)
{
    bool desk = desk_is_at(t->desk, in);

    switch (in->kind) {
    case INBOUND_MESSAGE:
    case INBOUND_IDENTITY:
    case INBOUND_BROKEN: return take(t, p, in, desk ? desk_item : run_message, e);
    case INBOUND_GROUP: return desk ? take(t, p, in, desk_item, e) : skip(in);
    case INBOUND_ECHO: return take(t, p, in, desk_echo, e);
    case INBOUND_GONE: return take(t, p, in, run_gone, e);
    case INBOUND_STATUS: return note_status(t, p, in, e);
    case INBOUND_NOTICE:
        log_warn("notice", "type=%s reason=\"%s\"", in->type, in->reason != NULL ? in->reason : "");
        return TURN_ENDED;
    default: return skip(in);
    }
}

int turns_run(struct turns *t, const struct platform *p, const char *body, size_t n, int *status,
              struct err *e)
{
    struct inbound *items = NULL;

    *status = 200;
    if (p->channel->parse(body, n, p->account, t->arena, &items, e) != 0) {
        log_warn("webhook", "channel=%s refused=body bytes=%zu error=\"%s\"", p->channel->name, n, e->text);
        *status = 400;
        return 0;
    }
    for (const struct inbound *in = items; in != NULL; in = in->next)
        if (run_item(t, p, in, e) == TURN_TROUBLE) return -1;
    return 0;
}

#include "converse.h"

#include <stdio.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "desk.h"
#include "fault_point.h"
#include "log.h"
#include "patience.h"
#include "platform.h"
#include "secret.h"
#include "text.h"
#include "turn.h"

/* A reply to a backlog waits this long for the rest of it: one reply to all. To who writes fast likewise;
 * who can go on like that for ever (FLOOD_WROTE_MS) is answered each time. */
enum { BACKLOG_WAIT_MS = 3000, SLOW_WAIT_MS = 5000 };
_Static_assert((int)SLOW_WAIT_MS < (int)FLOOD_WROTE_MS, "an answer leaves before the next one replaces it");
_Static_assert((int)BACKLOG_WAIT_MS <= (int)EFFECT_BACKLOG_WAIT_MS,
               "the dialogue counts on this reply being gone by then");

void chat_tag(const struct config *config, int64_t contact, char tag[static CHAT_TAG_MAX])
{
    char number[32];

    (void)snprintf(number, sizeof number, "%lld", (long long)contact);
    secret_tag(config->log_key, number, tag);
}
_Static_assert((int)CHAT_TAG_MAX >= (int)SECRET_TAG_MAX, "a tag fits");

static void tell(const struct turns *t, const struct chat *chat, const struct event *ev,
                 const struct conversation *from, const struct conversation *to, size_t effects)
{
    char tag[CHAT_TAG_MAX];
    bool moved = from->holder != to->holder;

    if (!log_wants(moved ? LOG_INFO : LOG_DEBUG)) return;
    chat_tag(t->config, chat->contact, tag);
    if (moved)
        log_info("holder", "chat=%s from=%s to=%s", tag, holder_name(from->holder), holder_name(to->holder));
    log_debug("turn", "inbox=%lld chat=%s kind=%s from=%s to=%s effects=%zu", (long long)chat->inbox, tag,
              ev->kind == EVENT_MESSAGE ? message_kind_name(ev->message->kind) : "event",
              conversation_state_name(from->state), conversation_state_name(to->state), effects);
}

enum ending chat_load(struct turns *t, const struct chat *chat, struct conversation *c, struct err *e)
{
    const struct script *s = content_script(t->content);
    struct buf text = {0};
    int found = store_conversation_load(t->store, chat->contact, chat->account, &text, e);

    conversation_begin(c, s->locales[0]->code);
    if (found > 0 && conversation_read(c, s->flow, buf_text(&text), e) != 0) {
        /* The person must not be lost over it: they start anew, the operator knows. */
        log_error("turn", "inbox=%lld error=\"%s\"", (long long)chat->inbox, e->text);
        conversation_begin(c, s->locales[0]->code);
    }
    buf_free(&text);
    return found < 0 ? TURN_TROUBLE : TURN_ENDED;
}

static enum ending save(struct turns *t, const struct chat *chat, const struct event *ev,
                        const struct conversation *c, int said, struct err *e)
{
    const struct message *m = ev->kind == EVENT_MESSAGE ? ev->message : NULL;
    struct buf text = {0};
    int rc;

    conversation_write(c, content_script(t->content)->flow, &text);
    const struct conversation_row row = {.text = text.data,
                                         .n = text.len,
                                         .now_ms = t->now_ms,
                                         .holder = holder_name(c->holder),
                                         .holder_ms = c->holder_ms,
                                         .wake_ms = conversation_wake_ms(c),
                                         .name = m != NULL ? m->name : NULL,
                                         .words = m != NULL && m->kind == MESSAGE_TEXT ? m->text : NULL,
                                         .said_ms = (int64_t)said * FLOOD_SAID_MS};
    rc = text.failed ? err_set(e, "out of memory")
                     : store_conversation_save(t->store, chat->contact, chat->account, &row, e);
    buf_free(&text);
    return rc == 0 ? TURN_ENDED : TURN_TROUBLE;
}

/* ---- obeying ---- */

static int add(struct turns *t, const struct chat *chat, struct outbox_new *row, struct err *e)
{
    int64_t id;

    row->contact = chat->contact;
    row->channel = chat->channel;
    row->account = chat->account;
    row->now_ms = t->now_ms;
    return store_outbox_add(t->store, row, &id, e);
}

int chat_said(struct turns *t, const struct chat *chat, const char *content, bool human, struct err *e)
{
    struct outbox_new row = {.content = content, .human = human};

    return add(t, chat, &row, e);
}

/* What comes of a step. */
struct outcome {
    const struct effects *fx;
    const struct conversation *before, *c; /* as it was, and is now */
    int said;
    bool erased;
};

/* What must be heard once is not replaced by what follows: that somebody else has the chat now, that it is
 * over, the receipt of an erasure; nor the rest of the same answer. */
static bool may_be_replaced(const struct chat *chat, const struct outcome *o)
{
    return chat->slow && o->said == 0 && !o->erased && o->before->holder == o->c->holder &&
           o->c->state != CONVERSATION_STOPPED;
}

static enum ending say(struct turns *t, const struct chat *chat, const struct effect *effect,
                       struct outcome *o, struct err *e)
{
    struct buf content = {0};
    enum ending end = TURN_FAILED;

    if (platform_of(t->platforms, chat->channel)->channel->render(&effect->say.out, &content, e) == 0) {
        bool slow = may_be_replaced(chat, o);
        int64_t wait = effect->say.backlog ? BACKLOG_WAIT_MS : slow ? SLOW_WAIT_MS : 0;
        struct outbox_new row = {.content = content.data,
                                 .not_before_ms = wait > 0 ? t->now_ms + wait : 0,
                                 .replaces_waiting = effect->say.backlog || slow};
        end = add(t, chat, &row, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
        FAULT_POINT("reply-stored");
    }
    buf_free(&content);
    o->said++;
    return end;
}

static enum ending erase(struct turns *t, const struct chat *chat, struct err *e)
{
    if (patience_remember(t, chat, e) != 0) return TURN_TROUBLE;
    return store_contact_erase(t->store, chat->contact, t->now_ms, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
}

static enum ending obey(struct turns *t, const struct chat *chat, const struct event *ev, struct outcome *o,
                        struct err *e)
{
    enum ending end = TURN_ENDED;

    for (size_t i = 0; end == TURN_ENDED && i < o->fx->n; i++) {
        const struct effect *effect = &o->fx->effect[i];
        switch (effect->kind) {
        case EFFECT_ERASE:
            o->erased = true;
            end = erase(t, chat, e);
            break;
        case EFFECT_SAY: end = say(t, chat, effect, o, e); break;
        case EFFECT_TELL:
            if (t->desk == NULL) break;
            end = desk_tell(t, chat, o->c, effect, ev->message, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
            break;
        case EFFECT_N: break;
        }
    }
    return end;
}

/* While a human has the chat the bot says nothing, also not what waited to leave. */
static enum ending hush(struct turns *t, const struct chat *chat, const struct conversation *before,
                        const struct conversation *after, struct err *e)
{
    if (before->holder == after->holder || after->holder != HOLDER_HUMAN) return TURN_ENDED;
    return store_outbox_hush(t->store, chat->contact, chat->account, t->now_ms, e) == 0 ? TURN_ENDED
                                                                                        : TURN_TROUBLE;
}

enum ending chat_event(struct turns *t, const struct chat *chat, const struct event *ev, bool *answered,
                       struct err *e)
{
    struct conversation before, c;
    struct effects fx = {.arena = t->arena};
    struct event whole = *ev;

    *answered = false;
    enum ending end = chat_load(t, chat, &before, e);
    if (end != TURN_ENDED) return end;
    c = before;
    whole.now_ms = t->now_ms;
    whole.window_ms = platform_of(t->platforms, chat->channel)->window_ms;
    if (content_event(t->content, &c, &whole, &fx, e) != 0) return TURN_FAILED;
    struct outcome o = {.fx = &fx, .before = &before, .c = &c};
    FAULT_POINT("dialogue-stepped");
    end = obey(t, chat, &whole, &o, e);
    if (end == TURN_ENDED && !o.erased) end = save(t, chat, &whole, &c, o.said, e);
    FAULT_POINT("conversation-saved");
    if (end == TURN_ENDED) end = hush(t, chat, &before, &c, e);
    if (end == TURN_ENDED) tell(t, chat, &whole, &before, &c, fx.n);
    *answered = o.said > 0;
    return end;
}

/* ---- an item ---- */

void item_courtesy(struct turns *t, const struct inbound *in, bool answered)
{
    const struct platform *p = platform_of(t->platforms, in->who.channel);

    /* A press waits for its answer even when nothing is said. */
    if (!p->courteous || (!answered && in->message.kind != MESSAGE_TAP)) return;
    struct courtesy *c = arena_alloc(t->arena, sizeof *c);
    if (c == NULL) return;
    *c = (struct courtesy){.next = t->courtesies,
                           .platform = p,
                           .message_id = in->message.id,
                           .about = in->message.kind == MESSAGE_TAP ? in->message.about : NULL,
                           .answered = answered};
    t->courtesies = c;
}

enum ending item_converse(struct turns *t, struct item *x, struct err *e)
{
    const struct chat chat = {.contact = x->contact,
                              .channel = x->in->who.channel,
                              .account = x->in->who.account,
                              .inbox = x->inbox,
                              .slow = x->flood == FLOOD_SLOW};
    const struct event ev = {.kind = EVENT_MESSAGE, .message = &x->in->message};
    bool answered;

    enum ending end = chat_event(t, &chat, &ev, &answered, e);
    if (end == TURN_ENDED) item_courtesy(t, x->in, answered);
    return end;
}

/* ---- how it ends ---- */

enum ending item_try(struct turns *t, struct item *x,
                     enum ending (*run)(struct turns *t, struct item *x, struct err *e),
                     char failure[static ERR_TEXT_MAX], struct err *e)
{
    if (store_mark(t->store, e) != 0) return TURN_TROUBLE;
    enum ending end = run(t, x, e);
    if (end == TURN_TROUBLE) return TURN_TROUBLE;
    if (end == TURN_FAILED) {
        (void)snprintf(failure, ERR_TEXT_MAX, "%s", e->text);
        x->state = INBOX_FAILED;
    }
    return (end == TURN_FAILED ? store_undo(t->store, e) : store_keep(t->store, e)) == 0 ? end : TURN_TROUBLE;
}

int item_close(struct turns *t, const struct item *x, const char *reason, struct err *e)
{
    if (x->state == INBOX_FAILED) {
        t->failed++;
        log_error("turn", "inbox=%lld type=%s error=\"%s\"", (long long)x->inbox,
                  x->in->type != NULL ? x->in->type : "?", reason != NULL ? reason : "?");
    }
    FAULT_POINT("turn-over");
    return store_inbox_close(t->store, x->inbox, x->contact, x->state, reason, e);
}

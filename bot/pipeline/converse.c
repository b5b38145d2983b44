#include "converse.h"

#include <stdio.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "log.h"
#include "platform.h"
#include "secret.h"
#include "text.h"
#include "turn.h"

/* A reply to a backlog waits this long for the rest of it: one reply to all. */
enum { BACKLOG_WAIT_MS = 3000 };
_Static_assert((int)BACKLOG_WAIT_MS <= (int)EFFECT_BACKLOG_WAIT_MS,
               "the dialogue counts on this reply being gone by then");

/* A chat is named by a keyed hash: support can follow it, nobody reads a number. */
static void tell(const struct turns *t, const struct item *x, enum conversation_state from,
                 enum conversation_state to, size_t effects)
{
    char number[32], tag[SECRET_TAG_MAX];

    if (!log_wants(LOG_DEBUG)) return;
    (void)snprintf(number, sizeof number, "%lld", (long long)x->contact);
    secret_tag(t->config->log_key, number, tag);
    log_debug("turn", "inbox=%lld chat=%s kind=%s from=%s to=%s effects=%zu", (long long)x->inbox, tag,
              message_kind_name(x->in->message.kind), conversation_state_name(from),
              conversation_state_name(to), effects);
}

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
    return found < 0 ? TURN_TROUBLE : TURN_ENDED;
}

static enum ending save(struct turns *t, const struct item *x, const struct conversation *c, struct err *e)
{
    struct buf text = {0};

    conversation_write(c, content_script(t->content)->flow, &text);
    const struct conversation_row row = {.text = text.data, .n = text.len, .now_ms = t->now_ms};
    int rc = text.failed ? err_set(e, "out of memory")
                         : store_conversation_save(t->store, x->contact, x->in->who.account, &row, e);
    buf_free(&text);
    return rc == 0 ? TURN_ENDED : TURN_TROUBLE;
}

static enum ending say(struct turns *t, const struct item *x, const struct effect *effect, struct err *e)
{
    struct buf content = {0};
    int64_t id;
    enum ending end = TURN_FAILED;

    if (platform_of(t->platforms, x->in->who.channel)->channel->render(&effect->say.out, &content, e) == 0) {
        const struct outbox_new row = {.contact = x->contact,
                                       .channel = x->in->who.channel,
                                       .account = x->in->who.account,
                                       .content = content.data,
                                       .now_ms = t->now_ms,
                                       .not_before_ms = effect->say.backlog ? t->now_ms + BACKLOG_WAIT_MS : 0,
                                       .replaces_waiting = effect->say.backlog};
        end = store_outbox_add(t->store, &row, &id, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
    }
    buf_free(&content);
    return end;
}

static enum ending obey(struct turns *t, const struct item *x, const struct effects *fx, bool *erased,
                        struct err *e)
{
    enum ending end = TURN_ENDED;

    for (size_t i = 0; end == TURN_ENDED && i < fx->n; i++) {
        switch (fx->effect[i].kind) {
        case EFFECT_ERASE:
            *erased = true;
            end = store_contact_erase(t->store, x->contact, t->now_ms, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
            break;
        case EFFECT_SAY: end = say(t, x, &fx->effect[i], e); break;
        case EFFECT_TELL:
        case EFFECT_N: break;
        }
    }
    return end;
}

static void remember_courtesy(struct turns *t, const struct inbound *in, bool answered)
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
    struct conversation c;
    struct effects fx = {.arena = t->arena};
    bool erased = false;

    enum ending end = load(t, x, &c, e);
    if (end != TURN_ENDED) return end;
    enum conversation_state before = c.state;
    if (content_step(t->content, &c, &x->in->message, t->now_ms, &fx, e) != 0) return TURN_FAILED;
    end = obey(t, x, &fx, &erased, e);
    if (end == TURN_ENDED && !erased) end = save(t, x, &c, e);
    if (end == TURN_ENDED) {
        tell(t, x, before, c.state, fx.n);
        remember_courtesy(t, x->in, fx.n > 0);
    }
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
    return store_inbox_close(t->store, x->inbox, x->contact, x->state, reason, e);
}

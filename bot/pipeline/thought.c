#include "thought.h"

#include <string.h>

#include "arena.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "converse.h"
#include "fault_point.h"
#include "patience.h"
#include "platform.h"
#include "turn.h"

enum {
    WAITS_MAX = 3,        /* who keeps typing is answered after so many times the wait          */
    SLOW_WAIT_MS = 10000, /* of who writes fast                                          */
    STOP_MS = WAITS_MAX * SLOW_WAIT_MS, /* what is due later than this waits for more than its rest */
    TEXTS_MAX = 20,   /* more is no thought, and every text puts all before it off          */
    BYTES_MAX = 4096, /* one message as long as WhatsApp lets a person type                 */
    RUN_MAX = 256,    /* in one transaction: a commit must not grow old                     */
    TRAINING_BEAT_MS = 50,
    LATE_MS = 15 * 60000 /* what is older was held up: the dialogue answers it as a backlog   */
};

/* Room for its words beside what waits. What is edited counts twice, which harms nothing. */
static bool fits(const struct held_sum *held, const struct message *m)
{
    if (held->texts == 0) return true;
    return held->texts < TEXTS_MAX && held->bytes + held->texts + strlen(m->text) <= BYTES_MAX;
}

/* Just after the start the desk would wait for the training, and everybody with it: the text does. */
static int wait_ms(const struct turns *t)
{
    if (content_trained(t->content) || t->config->burst_wait_ms > TRAINING_BEAT_MS)
        return t->config->burst_wait_ms;
    return TRAINING_BEAT_MS;
}

static bool may_wait(const struct turns *t, const struct message *m)
{
    if (m->kind != MESSAGE_TEXT || m->text == NULL || wait_ms(t) == 0) return false;
    return m->sent_ms <= 0 || t->now_ms - m->sent_ms <= LATE_MS;
}

/* Who has begun a thought sees that somebody is there: not while the human has the chat. */
static void show_typing(struct turns *t, const struct inbound *in)
{
    const struct platform *p = platform_of(t->platforms, in->who.channel);
    struct courtesy *c = p->shows_typing ? arena_alloc(t->arena, sizeof *c) : NULL;

    if (c == NULL) return;
    *c = (struct courtesy){.next = t->courtesies, .platform = p, .message_id = in->message.id, .waits = true};
    t->courtesies = c;
}

/* What began in this very round is answered in it: "typing" could come after the reply and stay. */
static void show_no_typing(struct turns *t, const char *message_id)
{
    struct courtesy **c = &t->courtesies;

    while (*c != NULL && !((*c)->waits && strcmp((*c)->message_id, message_id) == 0)) c = &(*c)->next;
    if (*c != NULL) *c = (*c)->next;
}

static enum gathering hold(struct turns *t, struct item *x, struct err *e)
{
    const struct message *m = &x->in->message;
    const struct held_sum *held = &x->held;
    const int64_t wait = x->flood == FLOOD_SLOW ? SLOW_WAIT_MS : wait_ms(t);
    const int64_t last = held->since_ms + WAITS_MAX * wait;
    const int64_t due = t->now_ms + wait;
    const struct held_new row = {.contact = x->contact,
                                 .channel = x->in->who.channel,
                                 .account = x->in->who.account,
                                 .inbox = x->inbox,
                                 .now_ms = t->now_ms,
                                 .due_ms = held->texts > 0 && last < due ? last : due,
                                 .sent_ms = m->sent_ms,
                                 .platform_id = m->id,
                                 .text = m->text,
                                 .our_number = m->our_number,
                                 .name = m->name};

    x->state = INBOX_TAKEN;
    if (store_held_add(t->store, &row, e) != 0) return GATHER_TROUBLE;
    FAULT_POINT("text-held");
    if (held->texts == 0 && !held->for_human) show_typing(t, x->in);
    return GATHER_INTO;
}

static enum gathering withdraw(struct turns *t, const struct item *x, struct err *e)
{
    struct item gone = {.in = x->in, .contact = x->contact, .state = INBOX_SKIPPED};

    int rc =
        store_held_withdraw(t->store, x->contact, x->in->who.account, x->in->message.about, &gone.inbox, e);
    if (rc == 0) return GATHER_APART;
    if (rc < 0 || item_close(t, &gone, "withdrawn by its sender", e) != 0) return GATHER_TROUBLE;
    return GATHER_INTO;
}

static enum gathering edit(struct turns *t, const struct item *x, struct err *e)
{
    const struct message *m = &x->in->message;

    int rc = store_held_edit(t->store, x->contact, x->in->who.account, m->about, m->text, e);
    return rc < 0 ? GATHER_TROUBLE : rc == 0 ? GATHER_AFTER : GATHER_INTO;
}

enum gathering thought_gather(struct turns *t, struct item *x, struct err *e)
{
    const struct message *m = &x->in->message;
    const struct held_sum *held = &x->held;

    if (m->kind == MESSAGE_REACTION) return GATHER_APART; /* gets no answer, so it ends nothing */
    if (may_wait(t, m)) return fits(held, m) ? hold(t, x, e) : GATHER_AFTER;
    if (held->texts == 0) return GATHER_APART;
    if (m->kind == MESSAGE_REVOKE) return withdraw(t, x, e);
    return m->kind == MESSAGE_EDIT && m->text != NULL && fits(held, m) ? edit(t, x, e) : GATHER_AFTER;
}

/* As one message: all the words, for the rest the last of them. A tap waits alone, and only until a flood
 * is over; what joins it all the same finds the words on its button. */
static int join(const struct held_text *texts, const char *account, struct arena *a, struct inbound *in)
{
    const struct held_text *last = texts;
    const char *words = texts->text;
    bool tap = texts->choice != NULL && texts->next == NULL;

    while (words != NULL && last->next != NULL) {
        last = last->next;
        words = *words == '\0' ? last->text : arena_printf(a, "%s\n%s", words, last->text);
    }
    *in = (struct inbound){.kind = INBOUND_MESSAGE,
                           .id = last->platform_id,
                           .who = {.channel = last->channel, .account = account},
                           .message = {.kind = tap ? MESSAGE_TAP : MESSAGE_TEXT,
                                       .choice = tap ? texts->choice : NULL,
                                       .sent_ms = last->sent_ms,
                                       .id = last->platform_id,
                                       .text = words,
                                       .our_number = last->our_number,
                                       .name = last->name},
                           .type = tap ? "tap" : "text"};
    return words == NULL ? -1 : 0;
}

/* What waited for a flood to be over may be nothing that can be answered, and stands in for more. */
static enum ending answer(struct turns *t, struct item *x, struct err *e)
{
    if (patience_over(t, x, e) != 0) return TURN_TROUBLE;
    return *x->in->message.text == '\0' ? TURN_ENDED : item_converse(t, x, e);
}

/* A turn for these texts, as one message; all of them end with it. */
static int run_texts(struct turns *t, int64_t contact, const char *account, const struct held_text *texts,
                     struct err *e)
{
    struct item x = {.contact = contact, .state = INBOX_DONE};
    char failure[ERR_TEXT_MAX];
    struct inbound in;

    show_no_typing(t, texts->platform_id);
    if (join(texts, account, t->arena, &in) != 0) return err_set(e, "a thought: out of memory");
    x.in = &in;
    x.inbox = texts->inbox;
    for (const struct held_text *held = texts; held != NULL; held = held->next) x.missed += held->missed;
    enum ending end = item_try(t, &x, answer, failure, e);
    if (end == TURN_TROUBLE) return -1;
    for (; texts != NULL; texts = texts->next) {
        x.inbox = texts->inbox;
        if (item_close(t, &x, end == TURN_FAILED ? failure : NULL, e) != 0) return -1;
    }
    return 0;
}

int thought_run(struct turns *t, int64_t contact, const char *account, struct err *e)
{
    struct held_sum held;
    struct held_text *texts;

    /* Outside the mark: a thought whose turn fails is not tried again. */
    if (store_held_sum(t->store, contact, account, &held, e) != 0) return -1;
    if (store_held_take(t->store, contact, account, t->arena, &texts, e) != 0) return -1;
    if (texts == NULL) return 0;
    FAULT_POINT("thought-taken");
    if (!held.for_human) return run_texts(t, contact, account, texts, e);
    /* What is written to her is no thought for the bot: among it may be the way back, which is known by
     * itself alone. */
    while (texts != NULL) {
        struct held_text *one = texts;
        texts = one->next;
        one->next = NULL;
        if (run_texts(t, contact, account, one, e) != 0) return -1;
    }
    return 0;
}

int thoughts_run(struct turns *t, bool all, int64_t *next_ms, struct err *e)
{
    struct held_next next;

    if (!all && !content_trained(t->content)) {
        *next_ms = t->now_ms + TRAINING_BEAT_MS;
        return 0;
    }
    for (int i = 0; i < RUN_MAX; i++) {
        int rc = store_held_next(t->store, t->arena, &next, e);
        if (rc < 0) return -1;
        *next_ms = rc == 0 ? INT64_MAX : next.due_ms;
        if (rc == 0) return 0;
        if (next.due_ms > t->now_ms + (all ? STOP_MS : 0)) {
            if (all) *next_ms = INT64_MAX; /* the next process finds it */
            return 0;
        }
        if (thought_run(t, next.contact, next.account, e) != 0) return -1;
    }
    *next_ms = t->now_ms;
    return 0;
}

#include "patience.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "desk_self.h"
#include "forgotten.h"
#include "kept.h"
#include "log.h"
#include "text.h"
#include "turn.h"

enum {
    DESK_WAIT_MS = 60 * 1000, /* while it lasts the human reads the last message this often     */
    REQUEST_BYTES_MAX = 200   /* who asks for her, or for an end, in a flood is brief about it  */
};

static struct chat chat_of(const struct item *x)
{
    return (struct chat){.contact = x->contact,
                         .channel = x->in->who.channel,
                         .account = x->in->who.account,
                         .inbox = x->inbox};
}

/* ---- counting ---- */

static void tell(struct turns *t, const struct item *x, enum flood_stage from, enum flood_stage to)
{
    char tag[CHAT_TAG_MAX];

    if (from == to) return;
    chat_tag(t->config, x->contact, tag);
    if (from != FLOOD_CALM) log_info("flood", "chat=%s over=%s", tag, flood_stage_name(from));
    if (to == FLOOD_CALM) return;
    log_warn("flood", "chat=%s begins=%s", tag, flood_stage_name(to));
    t->floods++;
}

static enum flood_ear ear_of(const struct item *x)
{
    if (x->held.for_human) return FLOOD_EAR_HUMAN;
    return x->in->message.kind == MESSAGE_REACTION ? FLOOD_EAR_NOBODY : FLOOD_EAR_BOT;
}

static struct flood flood_of(const struct pace *p)
{
    return (struct flood){
        .wrote_ms = p->wrote_tally_ms, .said_ms = p->said_tally_ms, .stage = flood_stage_from(p->flood)};
}

static void weigh(struct turns *t, struct item *x, int64_t wrote_ms)
{
    const bool fresh = *x->held.pace.flood == '\0';

    x->pace = flood_of(&x->held.pace);
    if (fresh && t->forgotten != NULL)
        (void)forgotten_find(t->forgotten, t->config->log_key, &x->in->who, t->now_ms, &x->pace);
    const enum flood_stage before = x->pace.stage;
    x->flood = flood_step(&x->pace, wrote_ms, t->now_ms, ear_of(x));
    if (!t->config->flood_limit) {
        x->flood = FLOOD_PASS;
        x->pace.stage = FLOOD_CALM;
    }
    tell(t, x, before, x->pace.stage);
}

int patience_weigh(struct turns *t, struct item *x, int64_t wrote_ms, struct err *e)
{
    const char *account = x->in->who.account;
    struct pace pace;

    if (store_held_sum(t->store, x->contact, account, &x->held, e) != 0) return -1;
    if (x->weighed == x->contact) return store_contact_wrote(t->store, x->contact, account, wrote_ms, e);
    x->weighed = x->contact;
    weigh(t, x, wrote_ms);
    pace = (struct pace){.wrote_tally_ms = x->pace.wrote_ms, .said_tally_ms = x->pace.said_ms};
    (void)snprintf(pace.flood, sizeof pace.flood, "%s", flood_stage_name(x->pace.stage));
    return store_contact_paced(t->store, x->contact, account, wrote_ms, &pace, e);
}

/* ---- erasing ---- */

/* The receipt counts, too. */
static void remember(struct turns *t, const struct identity *who, struct flood pace)
{
    if (pace.said_ms < t->now_ms) pace.said_ms = t->now_ms;
    if (pace.said_ms - t->now_ms < (int64_t)FLOOD_SAID_N * FLOOD_SAID_MS) pace.said_ms += FLOOD_SAID_MS;
    forgotten_put(t->forgotten, t->config->log_key, who, &pace, t->now_ms);
}

int patience_remember(struct turns *t, const struct chat *chat, struct err *e)
{
    struct person_row person;
    struct held_sum sum;

    if (t->forgotten == NULL) return 0;
    if (store_person(t->store, chat->contact, chat->account, chat->channel, t->arena, &person, e) != 0 ||
        store_held_sum(t->store, chat->contact, chat->account, &sum, e) != 0)
        return -1;
    remember(t, &person.who, flood_of(&sum.pace));
    return 0;
}

/* ---- what is heard all the same ---- */

/* A command that is tapped, or typed beyond doubt; VERB_N: none. */
static enum verb asked_for(const struct turns *t, const struct message *m)
{
    const struct flow *f = content_script(t->content)->flow;
    struct meaning words = {0};

    if (m->kind == MESSAGE_TAP && m->choice != NULL) {
        struct tap tap = dialogue_tap(f, m->choice);
        return tap.kind == TAP_COMMAND ? f->command[tap.index].verb : VERB_N;
    }
    if (m->kind != MESSAGE_TEXT || m->text == NULL || strlen(m->text) > REQUEST_BYTES_MAX) return VERB_N;
    const struct understanding *u = content_understanding(t->content, NULL);
    if (u == NULL) return VERB_N;
    understanding_read(u, -1, m->text, &words);
    const struct label *l = &words.label[0];
    return words.n == 1 && l->kind == LABEL_COMMAND && !l->likely ? f->command[l->index].verb : VERB_N;
}

/* Each counts once: who waits for her already, or was let go, is where they want to be. */
static bool changes(enum verb verb, const struct conversation *c)
{
    if (verb == VERB_REACH) return c->holder == HOLDER_BOT;
    if (verb == VERB_STOP) return c->holder != HOLDER_HUMAN && c->state != CONVERSATION_STOPPED;
    return verb == VERB_ERASE && c->last_ms != 0; /* there is something to erase */
}

/* 1 with the verb, 0, -1. */
static int hears(struct turns *t, const struct item *x, enum verb *verb, struct err *e)
{
    const struct chat chat = chat_of(x);
    struct conversation c;

    *verb = asked_for(t, &x->in->message);
    if (*verb != VERB_REACH && *verb != VERB_STOP && *verb != VERB_ERASE) return 0;
    if (chat_load(t, &chat, &c, e) != TURN_ENDED) return -1;
    return changes(*verb, &c);
}

/* ---- the silence ---- */

static enum ending say_why(struct turns *t, const struct item *x, struct err *e)
{
    const struct event ev = {.kind = x->pace.stage == FLOOD_SPENT ? EVENT_ENOUGH : EVENT_TOO_FAST};
    const struct chat chat = chat_of(x);
    bool answered;

    return chat_event(t, &chat, &ev, &answered, e);
}

/* The last one waits: for the calm, or while the human has the chat for the next time that she is shown
 * anything. What cannot wait (a photo) leaves what waits as it is. */
static enum ending keep_last(struct turns *t, const struct item *x, struct err *e)
{
    const struct message *m = &x->in->message;
    const int64_t since = x->held.texts > 0 ? x->held.since_ms : t->now_ms;
    const bool tap = m->kind == MESSAGE_TAP && m->choice != NULL;
    struct held_new row = {.contact = x->contact,
                           .channel = x->in->who.channel,
                           .account = x->in->who.account,
                           .inbox = x->inbox,
                           .now_ms = t->now_ms,
                           .due_ms = x->held.for_human ? since + DESK_WAIT_MS : flood_calm_ms(&x->pace),
                           .sent_ms = m->sent_ms,
                           .platform_id = m->id,
                           .our_number = m->our_number,
                           .name = m->name};

    if (m->kind == MESSAGE_TEXT) row.text = m->text;
    if (tap) {
        row.choice = m->choice;
        row.text = m->text != NULL && *m->text != '\0' ? m->text : m->choice;
    }
    return store_held_replace(t->store, &row, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
}

/* Other words for the one that waits, or none. */
static enum ending change_last(struct turns *t, const struct item *x, struct err *e)
{
    const struct message *m = &x->in->message;
    const char *words = m->kind == MESSAGE_EDIT && m->text != NULL ? m->text : "";

    if (m->about == NULL) return TURN_ENDED;
    return store_held_edit(t->store, x->contact, x->in->who.account, m->about, words, e) < 0 ? TURN_TROUBLE
                                                                                             : TURN_ENDED;
}

/* The bot has said enough, but the human has not read this. */
static enum ending pass_on(struct turns *t, const struct item *x, struct err *e)
{
    static const struct effect wrote = {.kind = EFFECT_TELL, .tell = {.news = NEWS_WROTE}};
    const struct chat chat = chat_of(x);
    struct conversation c;

    if (t->desk == NULL || !x->held.waits || flood_is_full(&x->pace, t->now_ms)) return TURN_ENDED;
    if (chat_load(t, &chat, &c, e) != TURN_ENDED) return TURN_TROUBLE;
    return desk_tell(t, &chat, &c, &wrote, &x->in->message, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
}

static enum ending hush(struct turns *t, struct item *x, struct err *e)
{
    x->state = INBOX_SKIPPED;
    x->reason = flood_stage_name(x->pace.stage);
    t->flooded++;
    item_courtesy(t, x->in, false);
    if (store_inbox_strip(t->store, x->inbox, e) != 0) return TURN_TROUBLE;
    switch (x->in->message.kind) {
    case MESSAGE_REACTION:
    case MESSAGE_OPEN: return TURN_ENDED;
    case MESSAGE_EDIT:
    case MESSAGE_REVOKE: return change_last(t, x, e);
    default: return x->pace.stage == FLOOD_SPENT ? pass_on(t, x, e) : keep_last(t, x, e);
    }
}

/* Who was erased just now and asks for it again: nothing stays of the asking, and nothing is said. */
static enum ending vanish(struct turns *t, struct item *x, struct err *e)
{
    const struct chat chat = chat_of(x);

    x->state = INBOX_SKIPPED;
    t->flooded++;
    if (patience_remember(t, &chat, e) != 0) return TURN_TROUBLE;
    return store_contact_erase_quietly(t->store, x->contact, t->now_ms, e) == 0 ? TURN_ENDED : TURN_TROUBLE;
}

enum ending patience_run(struct turns *t, struct item *x, struct err *e)
{
    enum ending end = TURN_ENDED;
    struct held_text *before;
    enum verb verb;

    int heard = hears(t, x, &verb, e);
    if (heard < 0) return TURN_TROUBLE;
    if (heard == 0 && verb == VERB_ERASE) return vanish(t, x, e);
    if (heard == 0) {
        if (x->flood == FLOOD_TELL) end = say_why(t, x, e);
        return end == TURN_ENDED ? hush(t, x, e) : end;
    }
    /* Who asks for silence is not answered later what they wrote before. */
    if (verb == VERB_STOP &&
        store_held_take(t->store, x->contact, x->in->who.account, t->arena, &before, e) != 0)
        return TURN_TROUBLE;
    end = item_converse(t, x, e);
    return end == TURN_ENDED && x->flood == FLOOD_TELL && verb == VERB_REACH ? say_why(t, x, e) : end;
}

/* ---- afterwards ---- */

int patience_over(struct turns *t, const struct item *x, struct err *e)
{
    const struct chat chat = chat_of(x);
    struct conversation c;
    char missed[24];

    if (x->missed == 0 || t->desk == NULL) return 0;
    if (chat_load(t, &chat, &c, e) != TURN_ENDED) return -1;
    if (c.holder == HOLDER_BOT) return 0;
    (void)snprintf(missed, sizeof missed, "%zu", x->missed);
    return desk_note(t, &chat, TEXT_DESK_MISSED, 0, missed, e);
}

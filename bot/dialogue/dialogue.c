/* dialogue.c -- one event in, effects out. What is read here is decided by the flow's data;
 * step.h names the parts of a turn. */
#include "dialogue.h"

#include <string.h>

#include "err.h"
#include "step.h"

/* After a night's sleep a question needs its context again. */
static const int64_t AWAY_MS = INT64_C(20) * 3600 * 1000;

/* A message older than this when it reaches us was held up: by the platform or by our outage. */
static const int64_t LATE_MS = INT64_C(15) * 60 * 1000;

/* Late ones that follow an apology within this time belong to the same backlog. */
static const int64_t BACKLOG_MS = INT64_C(10) * 60 * 1000;

/* An album is several messages: within this time one line about it is enough. */
static const int64_t ALBUM_MS = INT64_C(10) * 60 * 1000;

int dialogue_question(const struct conversation *c, const struct message *m)
{
    if (m->kind == MESSAGE_EDIT) return step_edits_last(c, m) ? c->text_question : -1;
    return c->question;
}

const struct locale *dialogue_locale(const struct script *s, const struct conversation *c)
{
    for (size_t i = 0; i < s->locale_n; i++)
        if (strcmp(s->locales[i]->code, c->locale) == 0) return s->locales[i];
    return s->locales[0];
}

/* Was `then` (0: never) less than `span` ago? A clock set back says no. */
static bool within(int64_t now, int64_t then, int64_t span)
{
    return then != 0 && now >= then && now - then < span;
}

static bool understood(const struct event *ev)
{
    return ev->meaning != NULL && ev->meaning->n > 0;
}

/* ---- what needs no reply ---- */

/* Nothing was said to us: nothing is answered and nothing changes. */
static bool idle(const struct step *t)
{
    switch (t->ev->message->kind) {
    case MESSAGE_REACTION:
    case MESSAGE_REVOKE: return true;
    case MESSAGE_EDIT: return step_edit_idle(t);
    case MESSAGE_OPEN: return t->c->state == CONVERSATION_STOPPED; /* nothing was written yet */
    default: return false;
    }
}

static bool answers_differ(const struct answers *a, const struct answers *b)
{
    for (size_t q = 0; q < FLOW_QUESTIONS_MAX; q++)
        if (a->of[q].kind != b->of[q].kind || a->of[q].index != b->of[q].index) return true;
    return false;
}

/* Nothing is said after all: what was owed still is. */
static void owe_again(struct step *t, const struct conversation *before)
{
    if (t->c->holder != before->holder) return;
    t->c->overdue = before->overdue;
    t->c->returned = before->returned;
}

/* Old messages that come in after an outage: the first gets an apology, the others a reply only
 * where they changed what is open or advised; and of several replies only the last leaves. */
static bool hushed(struct step *t, const struct conversation *before)
{
    if (within(t->ev->now_ms, before->late_ms, BACKLOG_MS) && before->state == t->c->state &&
        before->question == t->c->question && !answers_differ(&before->answers, &t->c->answers) &&
        before->holder == t->c->holder && !t->erase) {
        t->c->misses = before->misses; /* nobody was told */
        return true;
    }
    if (t->closing == CLOSE_AGAIN && t->c->state == CONVERSATION_ASKING) t->closing = CLOSE_QUESTION;
    return false;
}

/* ---- what comes first in a reply ---- */

/* First contact: who is talking, before anything else. The privacy line is the footer. */
void step_introduce(struct step *t)
{
    if (t->c->introduced) return;
    reply_block(&t->r, t->ev->message->name != NULL ? TEXT_INTRO_NAMED : TEXT_INTRO, NULL);
    t->r.out.footer = reply_text(&t->r, TEXT_PRIVACY, NULL);
}

static int say_resume(struct step *t)
{
    struct params p = reply_params(&t->r);
    const struct message *m = t->ev->message;
    struct walk w;

    if (!t->away || m->kind == MESSAGE_TAP || m->kind == MESSAGE_EDIT) return 0;
    if (t->c->state != CONVERSATION_ASKING) return 0;
    if (dialogue_walk(t->f, &t->c->answers, t->f->begin, &w) != 0) return -1;
    p.count = w.left > 0 ? w.left : 1;
    reply_block(&t->r, TEXT_RESUME, &p);
    return 0;
}

/* The introduction and the apology for lateness, each once. While the reply that carries them may
 * still be replaced by this one, it was not told yet: then this one carries them. A person with an
 * apology behind them but not yet marked as introduced was introduced in that reply. */
static int say_first(struct step *t, const struct conversation *before, bool late)
{
    int64_t now = t->ev->now_ms;
    bool replaces = late && within(now, before->late_ms, EFFECT_BACKLOG_WAIT_MS);

    t->c->introduced = before->introduced || (before->late_ms != 0 && !replaces);
    step_introduce(t);
    if (late && (replaces || !within(now, before->late_ms, BACKLOG_MS))) {
        reply_block(&t->r, TEXT_LATE, NULL);
        t->c->late_ms = now;
    }
    step_say_back(t);
    return say_resume(t);
}

/* ---- the turn ---- */

static int on_media(struct step *t)
{
    static const int text[] = {[MEDIA_VOICE] = TEXT_MEDIA_VOICE,       [MEDIA_AUDIO] = TEXT_MEDIA_AUDIO,
                               [MEDIA_IMAGE] = TEXT_MEDIA_IMAGE,       [MEDIA_VIDEO] = TEXT_MEDIA_VIDEO,
                               [MEDIA_DOCUMENT] = TEXT_MEDIA_DOCUMENT, [MEDIA_STICKER] = TEXT_MEDIA_STICKER,
                               [MEDIA_LOCATION] = TEXT_MEDIA_LOCATION, [MEDIA_CONTACT] = TEXT_MEDIA_CONTACT,
                               [MEDIA_ORDER] = TEXT_MEDIA_ORDER,       [MEDIA_OTHER] = TEXT_MEDIA_OTHER};
    _Static_assert(sizeof text / sizeof *text == MEDIA_N, "a line for each");

    t->silent = !understood(t->ev) && within(t->ev->now_ms, t->c->media_ms, ALBUM_MS);
    if (t->silent) return 0;
    t->c->media_ms = t->ev->now_ms;
    if (understood(t->ev)) return step_words(t); /* its caption says enough */
    if (step_pass_on(t, TEXT_MEDIA_PASSED_ON)) return 0;
    reply_block(&t->r, text[t->ev->message->media], NULL);
    t->closing = CLOSE_AGAIN;
    return 0;
}

static int dispatch(struct step *t)
{
    switch (t->ev->message->kind) {
    case MESSAGE_TEXT: return step_words(t);
    case MESSAGE_TAP: return step_tap(t);
    case MESSAGE_MEDIA: return on_media(t);
    case MESSAGE_EDIT: return step_edit(t);
    default: return step_greet(t); /* opened the chat */
    }
}

/* The bot is silent, and the human hears it. */
static int listen_in(struct step *t)
{
    if (t->ev->message->kind != MESSAGE_REACTION) t->c->last_ms = t->ev->now_ms;
    step_overhear(t);
    return 0;
}

static int on_message(struct step *t, const struct conversation *before)
{
    const struct message *m = t->ev->message;
    bool late = m->sent_ms > 0 && t->ev->now_ms - m->sent_ms > LATE_MS;

    if (step_is_for_human(t)) return listen_in(t);
    if (idle(t)) {
        if (m->kind == MESSAGE_EDIT || m->kind == MESSAGE_REVOKE) step_overhear(t);
        return 0;
    }
    if (step_wake(t) != 0 || step_settle(t) != 0) return -1;
    t->away = t->woken || (t->c->last_ms != 0 && t->ev->now_ms - t->c->last_ms > AWAY_MS);
    t->c->last_ms = t->ev->now_ms;
    if (m->kind != MESSAGE_MEDIA) t->c->media_ms = 0;
    step_overhear(t);

    if (say_first(t, before, late) != 0 || dispatch(t) != 0) return -1;
    if (t->silent || (late && hushed(t, before))) {
        owe_again(t, before);
        return 0;
    }
    if (t->erase) t->fx->effect[t->fx->n++] = (struct effect){.kind = EFFECT_ERASE};
    size_t said = t->r.body.len;
    if (step_close(t) != 0) return -1;
    t->c->introduced = !t->erase && (t->c->introduced || !late);
    return reply_emit(&t->r, t->fx, said, late);
}

/* The clock, or the human at her desk. */
static int on_other(struct step *t)
{
    step_hold(t);
    if (t->silent) return 0;
    size_t said = t->r.body.len;
    if (step_settle(t) != 0 || step_close(t) != 0) return -1;
    return reply_emit(&t->r, t->fx, said, false);
}

int dialogue_step(const struct script *s, struct conversation *c, const struct event *ev, struct effects *fx,
                  struct err *e)
{
    static const struct message nothing = {.id = ""};
    struct conversation after = *c;
    struct event whole = *ev;
    struct step t = {.s = s, .f = s->flow, .c = &after, .ev = &whole, .fx = fx, .topic = -1, .doubted = -1};

    fx->n = 0;
    if (ev->kind != EVENT_MESSAGE) whole.message = &nothing;
    reply_open(&t.r, s, &after, &whole, fx->arena);
    int rc = ev->kind == EVENT_MESSAGE ? on_message(&t, c) : on_other(&t);
    if (rc != 0 || t.r.failed) {
        rc =
            err_set(e, t.r.failed ? "dialogue: out of memory" : "dialogue: the flow has no way on from here");
        fx->n = 0;
    } else {
        *c = after;
    }
    reply_close(&t.r);
    return rc;
}

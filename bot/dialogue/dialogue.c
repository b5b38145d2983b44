/* dialogue.c -- one event in, effects out. What is read here is decided by the flow's data;
 * verbs.c holds what commands do, closing.c how a message ends. */
#include "dialogue.h"

#include <string.h>

#include "err.h"
#include "step.h"

/* After a night's sleep a question needs its context again. */
static const int64_t AWAY_MS = INT64_C(20) * 3600 * 1000;

/* A message older than this when it reaches us was held up: by the platform or by our outage. */
static const int64_t LATE_MS = INT64_C(15) * 60 * 1000;

/* Late ones that follow the first within this time belong to the same backlog. */
static const int64_t BACKLOG_MS = INT64_C(10) * 60 * 1000;

/* An album is several messages: within this time one line about it is enough. */
static const int64_t ALBUM_MS = INT64_C(10) * 60 * 1000;

/* FNV-1a, 64 bits: recognises the message typed last without keeping its id. */
static uint64_t hash(const char *s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (; *s != '\0'; s++) h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return h;
}

static bool edits_last(const struct conversation *c, const struct message *m)
{
    return m->about != NULL && c->text_hash == hash(m->about);
}

int dialogue_question(const struct conversation *c, const struct message *m)
{
    if (m->kind == MESSAGE_EDIT) return edits_last(c, m) ? c->text_question : -1;
    return c->question;
}

const struct locale *dialogue_locale(const struct script *s, const struct conversation *c)
{
    for (size_t i = 0; i < s->locale_n; i++)
        if (strcmp(s->locales[i]->code, c->locale) == 0) return s->locales[i];
    return s->locales[0];
}

bool step_has_begun(const struct step *t)
{
    return t->c->question >= 0 || t->c->state == CONVERSATION_AFTER || answers_last(&t->c->answers, t->f) >= 0;
}

/* ---- where we stand ---- */

void step_open(struct step *t, int question)
{
    t->asked_new = t->c->question != question;
    t->c->question = question;
    conversation_move(t->c, CONVERSATION_ASKING);
}

int step_walk(struct step *t)
{
    struct walk *w = &t->walk;

    if (dialogue_walk(t->f, &t->c->answers, t->f->begin, w) != 0) return -1;
    const struct flow_state *s = &t->f->state[w->state];
    if (s->kind == STATE_ASK) {
        step_open(t, s->question);
    } else {
        t->c->question = -1;
        conversation_move(t->c, s->kind == STATE_ADVISE ? CONVERSATION_AFTER : CONVERSATION_START);
    }
    return 0;
}

/* A stopped person writes again: back to where we were. */
static void wake(struct step *t)
{
    struct walk w;

    if (t->c->state != CONVERSATION_STOPPED) return;
    bool advised = answers_last(&t->c->answers, t->f) >= 0 && t->c->question < 0 &&
                   dialogue_walk(t->f, &t->c->answers, t->f->begin, &w) == 0 &&
                   t->f->state[w.state].kind == STATE_ADVISE;
    conversation_move(t->c, t->c->question >= 0 ? CONVERSATION_ASKING
                            : advised           ? CONVERSATION_AFTER
                                                : CONVERSATION_START);
}

/* ---- answers ---- */

static bool same_answer(const struct answer *a, enum answer_kind kind, int index)
{
    return a->kind == kind && (kind != ANSWER_GIVEN || a->index == index);
}

static void say_changed(struct step *t, int question)
{
    struct params p = reply_params(&t->r);

    p.value[PARAM_QUESTION] = reply_text(&t->r, t->f->question[question].noun, NULL);
    p.value[PARAM_ANSWER] = reply_answer(&t->r, &t->c->answers, question);
    reply_block(&t->r, TEXT_CHANGED, &p);
}

/* What is typed is said back, and so is any change of an answer that is not the open question's;
 * what is tapped at the open question needs no echo. */
static void give(struct step *t, int question, enum answer_kind kind, int index, bool typed)
{
    const struct answer before = t->c->answers.of[question];
    bool open = t->c->question == question;
    bool changed = before.kind != ANSWER_NONE && !same_answer(&before, kind, index);

    answers_give(&t->c->answers, question, kind, index, ++t->c->order);
    t->c->misses = 0;
    if (changed && !open)
        say_changed(t, question);
    else if (typed)
        t->noted[t->noted_n++] = question;
    else if (!open && before.kind == ANSWER_NONE)
        say_changed(t, question); /* a button of before a restart */
}

static void say_noted(struct step *t)
{
    const char *label[MEANING_LABELS_MAX];
    struct params p = reply_params(&t->r);

    if (t->noted_n == 0) return;
    for (size_t i = 0; i < t->noted_n; i++)
        label[i] = reply_answer(&t->r, &t->c->answers, t->noted[i]);
    p.count = (int)t->noted_n;
    p.value[PARAM_LIST] = reply_join(&t->r, label, t->noted_n);
    reply_block(&t->r, TEXT_NOTED, &p);
}

/* The open question stays open as long as it has no (new) answer; else on to the next. */
static int after_answers(struct step *t, int open, bool answered_open)
{
    say_noted(t);
    if (open >= 0 && !answered_open) {
        t->closing = CLOSE_AGAIN;
        return 0;
    }
    t->closing = CLOSE_QUESTION;
    return step_walk(t);
}

static int answer_tapped(struct step *t, int question, enum answer_kind kind, int index)
{
    int open = t->c->question;
    bool again = open != question && same_answer(&t->c->answers.of[question], kind, index);

    if (again && open >= 0) { /* the same button twice: the first one counted */
        t->closing = CLOSE_AGAIN;
        return 0;
    }
    give(t, question, kind, index, false);
    return after_answers(t, open, open == question);
}

/* ---- words ---- */

static int say_topic(struct step *t, int topic)
{
    t->c->misses = 0;
    t->topic = topic;
    reply_block(&t->r, t->f->topic[topic].text, NULL);
    t->closing = CLOSE_AGAIN;
    return 0;
}

static int misunderstood(struct step *t)
{
    static const int asking[] = {TEXT_UNCLEAR, TEXT_UNCLEAR_AGAIN, TEXT_UNCLEAR_MORE};
    static const int open[] = {TEXT_UNCLEAR_OPEN, TEXT_UNCLEAR_OPEN_AGAIN};
    int misses = ++t->c->misses;

    if (t->c->state == CONVERSATION_ASKING) {
        /* From the third on the two last take turns, so that no sentence comes twice in a row. */
        reply_block(&t->r, asking[misses == 1 ? 0 : misses % 2 == 0 ? 1 : 2], NULL);
        t->closing = misses == 1 ? CLOSE_AGAIN : CLOSE_OTHER;
        return 0;
    }
    reply_block(&t->r, open[misses % 2 == 1 ? 0 : 1], NULL);
    if (misses % 2 == 0) reply_link(&t->r, NULL);
    t->closing = CLOSE_AGAIN;
    return 0;
}

/* Nothing to act on: at first contact a welcome, after a day a word of where we were. */
static int say_unclear(struct step *t)
{
    if (!t->c->introduced && t->c->state == CONVERSATION_START) {
        t->closing = CLOSE_QUESTION;
        return 0;
    }
    if (t->away && t->c->state != CONVERSATION_START) {
        t->closing = CLOSE_AGAIN;
        return 0;
    }
    return misunderstood(t);
}

static int do_labels(struct step *t, const struct meaning *m)
{
    const struct label *other = NULL;
    int open = t->c->question;
    bool answered = false, answered_open = false;

    for (size_t i = 0; i < m->n; i++) {
        const struct label *l = &m->label[i];
        if (l->kind == LABEL_ANSWER || l->kind == LABEL_UNSURE) {
            give(t, l->question, l->kind == LABEL_ANSWER ? ANSWER_GIVEN : ANSWER_UNSURE, l->index, true);
            answered = true;
            answered_open = answered_open || l->question == open;
        } else if (other == NULL) {
            other = l;
        }
    }
    if (answered && after_answers(t, open, answered_open) != 0) return -1;
    if (other == NULL) return 0;
    if (other->kind == LABEL_TOPIC) {
        enum closing closing = t->closing;
        if (say_topic(t, other->index) != 0) return -1;
        if (!answered) return 0;
        t->closing = closing; /* the next question in full, once */
        /* An advice fills a message of its own: the one reason for two. */
        return t->c->state == CONVERSATION_AFTER ? reply_emit(&t->r, t->fx, false) : 0;
    }
    return step_command(t, other->index);
}

static bool understood(const struct event *ev)
{
    return ev->meaning != NULL && ev->meaning->n > 0;
}

static int on_text(struct step *t)
{
    t->c->text_hash = hash(t->ev->message->id);
    t->c->text_question = t->c->question;
    return understood(t->ev) ? do_labels(t, t->ev->meaning) : say_unclear(t);
}

/* An edit of the message typed last counts as said now, against the question it answered. Other
 * edits, and edits that change nothing or that we do not understand, need no reply. */
static int on_edit(struct step *t)
{
    const struct meaning *m = t->ev->meaning;

    t->silent = !edits_last(t->c, t->ev->message) || !understood(t->ev);
    for (size_t i = 0; !t->silent && i < m->n; i++) {
        const struct label *l = &m->label[i];
        enum answer_kind kind = l->kind == LABEL_ANSWER ? ANSWER_GIVEN : ANSWER_UNSURE;
        bool answer = l->kind == LABEL_ANSWER || l->kind == LABEL_UNSURE;
        if (!answer || !same_answer(&t->c->answers.of[l->question], kind, l->index)) break;
        t->silent = i + 1 == m->n;
    }
    return t->silent ? 0 : do_labels(t, m);
}

/* ---- taps, media ---- */

static int on_tap(struct step *t)
{
    struct tap tap = dialogue_tap(t->f, t->ev->message->choice == NULL ? "" : t->ev->message->choice);

    t->c->misses = 0;
    switch (tap.kind) {
    case TAP_ANSWER: return answer_tapped(t, tap.question, ANSWER_GIVEN, tap.index);
    case TAP_UNSURE: return answer_tapped(t, tap.question, ANSWER_UNSURE, 0);
    case TAP_TOPIC: return say_topic(t, tap.index);
    case TAP_COMMAND: return step_command(t, tap.index);
    case TAP_STATE: return step_menu(t, tap.index);
    case TAP_ASK: return step_ask(t, tap.question);
    case TAP_UNKNOWN: break;
    }
    reply_block(&t->r, TEXT_OLD_BUTTON, NULL);
    t->closing = CLOSE_AGAIN;
    return 0;
}

static int on_media(struct step *t)
{
    static const int text[] = {
        [MEDIA_VOICE] = TEXT_MEDIA_VOICE,       [MEDIA_AUDIO] = TEXT_MEDIA_AUDIO,
        [MEDIA_IMAGE] = TEXT_MEDIA_IMAGE,       [MEDIA_VIDEO] = TEXT_MEDIA_VIDEO,
        [MEDIA_DOCUMENT] = TEXT_MEDIA_DOCUMENT, [MEDIA_STICKER] = TEXT_MEDIA_STICKER,
        [MEDIA_LOCATION] = TEXT_MEDIA_LOCATION, [MEDIA_CONTACT] = TEXT_MEDIA_CONTACT,
        [MEDIA_ORDER] = TEXT_MEDIA_ORDER,       [MEDIA_OTHER] = TEXT_MEDIA_OTHER};
    _Static_assert(sizeof text / sizeof *text == MEDIA_N, "a line for each");

    if (understood(t->ev)) return on_text(t); /* its caption says enough */
    t->silent = t->c->media_ms != 0 && t->ev->now_ms - t->c->media_ms < ALBUM_MS;
    if (t->silent) return 0;
    t->c->media_ms = t->ev->now_ms;
    reply_block(&t->r, text[t->ev->message->media], NULL);
    t->closing = CLOSE_AGAIN;
    return 0;
}

/* ---- the turn ---- */

static int dispatch(struct step *t)
{
    switch (t->ev->message->kind) {
    case MESSAGE_TEXT: return on_text(t);
    case MESSAGE_TAP: return on_tap(t);
    case MESSAGE_MEDIA: return on_media(t);
    case MESSAGE_EDIT: return on_edit(t);
    case MESSAGE_OPEN: t->closing = CLOSE_QUESTION; return 0;
    default: t->silent = true; return 0;
    }
}

/* First contact: who is talking, before anything else. The privacy line is the footer. */
void step_introduce(struct step *t)
{
    if (t->c->introduced) return;
    reply_block(&t->r, t->ev->message->name != NULL ? TEXT_INTRO_NAMED : TEXT_INTRO, NULL);
    t->r.out.footer = reply_text(&t->r, TEXT_PRIVACY, NULL);
}

static void say_resume(struct step *t)
{
    struct params p = reply_params(&t->r);
    struct walk w;

    if (t->c->state == CONVERSATION_ASKING &&
        dialogue_walk(t->f, &t->c->answers, t->f->begin, &w) == 0) {
        p.count = w.left > 0 ? w.left : 1;
        reply_block(&t->r, TEXT_RESUME, &p);
    }
}

static bool greets_back(const struct step *t)
{
    const struct message *m = t->ev->message;

    return t->away && m->kind != MESSAGE_TAP && m->kind != MESSAGE_EDIT;
}

/* Old messages that come in after an outage: the first gets an apology, the others a reply only
 * where they changed what is open; and of several replies only the last leaves. */
static bool hush_backlog(struct step *t, const struct conversation *before)
{
    bool again = before->late_ms != 0 && t->ev->now_ms - before->late_ms < BACKLOG_MS;

    t->c->late_ms = t->ev->now_ms;
    if (again && before->state == t->c->state && before->question == t->c->question && !t->erase) return true;
    if (t->closing == CLOSE_AGAIN && t->c->state == CONVERSATION_ASKING) t->closing = CLOSE_QUESTION;
    return false;
}

static int turn(struct step *t, const struct conversation *before, struct effects *fx)
{
    const struct message *m = t->ev->message;
    bool late = m->sent_ms > 0 && t->ev->now_ms - m->sent_ms > LATE_MS;
    bool quiet = m->kind == MESSAGE_REACTION || m->kind == MESSAGE_REVOKE;

    if (quiet) return 0;
    wake(t);
    if (t->c->state == CONVERSATION_ASKING && t->c->question < 0 && step_walk(t) != 0) return -1;
    t->away = t->c->last_ms != 0 && t->ev->now_ms - t->c->last_ms > AWAY_MS;
    t->c->last_ms = t->ev->now_ms;
    if (m->kind != MESSAGE_MEDIA || understood(t->ev)) t->c->media_ms = 0;

    step_introduce(t);
    if (late) reply_block(&t->r, TEXT_LATE, NULL);
    if (greets_back(t)) say_resume(t);
    if (dispatch(t) != 0) return -1;
    if (t->silent || (late && hush_backlog(t, before))) return 0;
    if (t->erase) fx->effect[fx->n++] = (struct effect){.kind = EFFECT_ERASE};
    if (step_close(t) != 0) return -1;
    t->c->introduced = !t->erase;
    return reply_emit(&t->r, fx, late);
}

int dialogue_step(const struct script *s, struct conversation *c, const struct event *ev, struct effects *fx,
                  struct err *e)
{
    struct conversation after = *c;
    struct step t = {.s = s, .f = s->flow, .c = &after, .ev = ev, .fx = fx, .topic = -1};

    fx->n = 0;
    reply_open(&t.r, s, &after, ev, fx->arena);
    int rc = turn(&t, c, fx);
    if (rc != 0 || t.r.failed) {
        rc = err_set(e, t.r.failed || t.r.body.failed ? "dialogue: out of memory"
                                                      : "dialogue: the flow has no way on from here");
        fx->n = 0;
    } else {
        *c = after;
    }
    reply_close(&t.r);
    return rc;
}

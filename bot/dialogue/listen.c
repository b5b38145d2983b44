/* listen.c -- what a person says, typed or tapped: answers, questions of their own, or nothing we
 * can make sense of. */
#include <string.h>

#include "hash.h"
#include "step.h"

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

    conversation_answer(t->c, question, kind, index);
    t->c->misses = 0;
    if (changed && !open)
        say_changed(t, question);
    else if (typed)
        t->noted[t->noted_n++] = question;
    else if (!open)
        say_changed(t, question); /* a button of before a restart */
}

/* The answer to what was asked is known by its label; any other says what it is about. */
static void say_noted(struct step *t)
{
    const char *label[MEANING_LABELS_MAX];
    struct params p = reply_params(&t->r);

    if (t->noted_n == 0) return;
    bool alone = t->noted_n == 1 && t->noted[0] == t->c->question;
    for (size_t i = 0; i < t->noted_n; i++)
        label[i] = alone ? reply_answer(&t->r, &t->c->answers, t->noted[i])
                         : reply_subject(&t->r, &t->c->answers, t->noted[i]);
    /* The plural names what each is about, also of one. */
    p.count = alone ? 1 : t->noted_n > 1 ? (int)t->noted_n : 2;
    p.value[PARAM_LIST] = reply_join(&t->r, label, t->noted_n);
    reply_block(&t->r, alone && t->doubted >= 0 ? TEXT_NOTED_LIKELY : TEXT_NOTED, &p);
}

/* On to the first question without an answer: the open one still, unless it has one now or a
 * changed answer leads another way. One that is asked again stays open until it is answered. */
static int after_answers(struct step *t, bool answered_open)
{
    say_noted(t);
    t->closing = CLOSE_AGAIN;
    return step_reopened(t) && !answered_open ? 0 : step_walk(t);
}

static int answer_tapped(struct step *t, int question, enum answer_kind kind, int index)
{
    bool open = t->c->question == question;

    if (!open && same_answer(&t->c->answers.of[question], kind, index)) {
        t->closing = CLOSE_AGAIN; /* the same button twice: the first one counted */
        return 0;
    }
    give(t, question, kind, index, false);
    return after_answers(t, open);
}

/* ---- words ---- */

static void say_topic(struct step *t, int topic)
{
    t->c->misses = 0;
    t->topic = topic;
    reply_block(&t->r, t->f->topic[topic].text, NULL);
    t->closing = CLOSE_AGAIN;
}

static int misunderstood(struct step *t)
{
    static const struct meaning nothing = {0};
    const struct meaning *m = t->ev->meaning != NULL ? t->ev->meaning : &nothing;
    static const int asking[] = {TEXT_UNCLEAR, TEXT_UNCLEAR_AGAIN, TEXT_UNCLEAR_MORE};
    static const int open[] = {TEXT_UNCLEAR_OPEN, TEXT_UNCLEAR_OPEN_AGAIN};

    if (step_pass_on(t, TEXT_PASSED_ON)) return 0;
    int misses = ++t->c->misses;
    t->closing = CLOSE_AGAIN;
    /* Every other time: after asking which of two was meant come other words, and the human. */
    if (misses % 2 == 1 && step_doubt(t, m->guess, m->guess_n)) return 0;
    if (t->c->state == CONVERSATION_ASKING) {
        /* From the third on the two last take turns, so that no sentence comes twice in a row. */
        reply_block(&t->r, asking[misses == 1 ? 0 : misses % 2 == 0 ? 1 : 2], NULL);
        if (misses > 1) t->closing = CLOSE_OTHER;
        return 0;
    }
    reply_block(&t->r, open[misses % 2 == 1 ? 0 : 1], NULL);
    return misses % 2 == 0 ? reply_reach(&t->r) : 0;
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

/* The answers among the labels, of each question one: the first label is the most certain. */
static int give_labels(struct step *t, const struct meaning *m)
{
    bool seen[FLOW_QUESTIONS_MAX] = {false}, any = false;
    int open = t->c->question;

    for (size_t i = 0; i < m->n; i++) {
        const struct label *l = &m->label[i];
        if ((l->kind != LABEL_ANSWER && l->kind != LABEL_UNSURE) || seen[l->question]) continue;
        seen[l->question] = true;
        if (l->likely) t->doubted = l->question;
        give(t, l->question, l->kind == LABEL_ANSWER ? ANSWER_GIVEN : ANSWER_UNSURE, l->index, true);
        if (l->likely) answers_doubt(&t->c->answers, l->question);
        any = true;
    }
    return any ? after_answers(t, open >= 0 && seen[open]) : 0;
}

/* What cannot be taken back is done for who surely meant it. */
static bool forgets(const struct flow *f, int command)
{
    return f->command[command].verb == VERB_ERASE || f->command[command].verb == VERB_RESTART;
}

static int do_labels(struct step *t, const struct meaning *m)
{
    const struct label *other = NULL;

    if (give_labels(t, m) != 0) return -1;
    for (size_t i = m->n; i-- > 0;)
        if (m->label[i].kind == LABEL_TOPIC || m->label[i].kind == LABEL_COMMAND) other = &m->label[i];
    if (other == NULL) return 0;
    if (other->kind == LABEL_COMMAND && other->likely && forgets(t->f, other->index))
        return step_doubt(t, other, 1) ? 0 : misunderstood(t);
    if (other->kind == LABEL_COMMAND) return step_command(t, other->index);
    say_topic(t, other->index);
    return 0;
}

int step_words(struct step *t)
{
    const struct message *m = t->ev->message;

    t->c->text_hash = hash_bytes(m->id, strlen(m->id));
    t->c->text_question = t->c->question;
    return t->ev->meaning != NULL && t->ev->meaning->n > 0 ? do_labels(t, t->ev->meaning) : say_unclear(t);
}

/* ---- edits ---- */

bool step_edits_last(const struct conversation *c, const struct message *m)
{
    return m->about != NULL && c->text_hash == hash_bytes(m->about, strlen(m->about));
}

bool step_edit_idle(const struct step *t)
{
    const struct meaning *m = t->ev->meaning;

    if (!step_edits_last(t->c, t->ev->message) || m == NULL) return true;
    for (size_t i = 0; i < m->n; i++) {
        const struct label *l = &m->label[i];
        enum answer_kind kind = l->kind == LABEL_ANSWER ? ANSWER_GIVEN : ANSWER_UNSURE;
        if (l->kind != LABEL_ANSWER && l->kind != LABEL_UNSURE) return false;
        if (!same_answer(&t->c->answers.of[l->question], kind, l->index)) return false;
    }
    return true;
}

int step_edit(struct step *t)
{
    return do_labels(t, t->ev->meaning);
}

/* ---- taps ---- */

int step_tap(struct step *t)
{
    struct tap tap = dialogue_tap(t->f, t->ev->message->choice == NULL ? "" : t->ev->message->choice);

    t->c->misses = 0;
    switch (tap.kind) {
    case TAP_ANSWER: return answer_tapped(t, tap.question, ANSWER_GIVEN, tap.index);
    case TAP_UNSURE: return answer_tapped(t, tap.question, ANSWER_UNSURE, 0);
    case TAP_TOPIC: say_topic(t, tap.index); return 0;
    case TAP_COMMAND: return step_command(t, tap.index);
    case TAP_STATE: return step_menu(t, tap.index);
    case TAP_ASK: return step_ask(t, tap.question);
    case TAP_UNKNOWN: break;
    }
    reply_block(&t->r, TEXT_OLD_BUTTON, NULL);
    t->closing = CLOSE_AGAIN;
    return 0;
}

/* standing.c -- where the person stands in the flow: what is open, and how they got back to it. */
#include "step.h"

void step_open(struct step *t, int question)
{
    t->fresh = t->fresh || t->c->question != question;
    t->c->question = question;
    conversation_move(t->c, CONVERSATION_ASKING);
}

bool step_reopened(const struct step *t)
{
    return t->c->state == CONVERSATION_ASKING && t->c->answers.of[t->c->question].kind != ANSWER_NONE;
}

int step_walk(struct step *t)
{
    struct walk w;

    if (dialogue_walk(t->f, &t->c->answers, t->f->begin, &w) != 0) return -1;
    const struct flow_state *s = &t->f->state[w.state];
    if (s->kind == STATE_ASK) {
        step_open(t, s->question);
        return 0;
    }
    t->fresh = true;
    t->c->question = -1;
    conversation_move(t->c, s->kind == STATE_ADVISE ? CONVERSATION_AFTER : CONVERSATION_START);
    return 0;
}

int step_wake(struct step *t)
{
    if (t->c->state != CONVERSATION_STOPPED) return 0;
    t->woken = true;
    conversation_move(t->c, t->c->question >= 0 ? CONVERSATION_ASKING : CONVERSATION_START);
    if (t->c->question >= 0 || answers_last(&t->c->answers, t->f) < 0) return 0;
    if (step_walk(t) != 0) return -1;
    t->fresh = t->c->state == CONVERSATION_ASKING; /* an advice was given before the stop */
    return 0;
}

int step_settle(struct step *t)
{
    struct walk w;

    if (t->c->state == CONVERSATION_ASKING) return t->c->question >= 0 ? 0 : step_walk(t);
    if (t->c->state != CONVERSATION_AFTER) return 0;
    if (dialogue_walk(t->f, &t->c->answers, t->f->begin, &w) != 0) return -1;
    return t->f->state[w.state].kind == STATE_ADVISE ? 0 : step_walk(t);
}

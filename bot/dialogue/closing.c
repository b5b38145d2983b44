/* closing.c -- how a turn's message ends: the open question, the advice, or what can be done next. */
#include <stdio.h>

#include "advice.h"
#include "step.h"

/* "Vraag 2 van 6"; where answers lie ahead already, "Nog 3 vragen". Nothing while an answer is
 * being changed: there is no road to be on. */
static void say_progress(struct step *t, const struct walk *w)
{
    struct params p = reply_params(&t->r);
    char n[16], total[16];
    int given = 0;

    for (size_t q = 0; q < t->f->question_n; q++) given += t->c->answers.of[q].kind != ANSWER_NONE;
    p.count = w->left;
    (void)snprintf(n, sizeof n, "%d", w->asked + 1);
    (void)snprintf(total, sizeof total, "%d", w->asked + w->left);
    p.value[PARAM_N] = n;
    p.value[PARAM_TOTAL] = total;
    reply_block(&t->r, given == w->asked ? TEXT_PROGRESS : TEXT_REMAINING, &p);
    buf_addc(&t->r.body, '\n');
}

static int close_with_question(struct step *t)
{
    const struct flow_question *q = &t->f->question[t->c->question];
    bool other = t->closing == CLOSE_OTHER;
    bool full = t->closing == CLOSE_QUESTION || (t->fresh && !other);
    /* From one misunderstanding to the next the question's own words change as well. */
    int text = full ? q->ask : other && t->c->misses % 2 == 0 ? q->other : q->again;
    struct walk w;

    if (dialogue_walk(t->f, &t->c->answers, t->f->begin, &w) != 0) return -1;
    bool on_road = !step_reopened(t) && w.state == q->state;
    for (size_t i = 0; t->fresh && on_road && i < w.say_n; i++) reply_block(&t->r, w.say[i], NULL);
    if (on_road) {
        say_progress(t, &w);
        reply_line(&t->r, text, NULL);
    } else {
        reply_block(&t->r, text, NULL);
    }
    if (on_road && w.asked == 0 && full && !q->offer_unsure) reply_block(&t->r, TEXT_UNSURE_HINT, NULL);
    reply_answers(&t->r, t->c->question, other, t->doubted == t->c->question ? -1 : t->doubted);
    return 0;
}

static int close_with_advice(struct step *t)
{
    struct advice adv;
    struct walk w;

    if (reply_advised(&t->r, &w, &adv) <= 0) return -1;
    const struct flow_state *s = &t->f->state[w.state];
    if (t->closing == CLOSE_QUESTION || t->fresh) {
        for (size_t i = 0; i < w.say_n; i++) reply_block(&t->r, w.say[i], NULL);
        reply_advice(&t->r, &adv);
    } else if (t->r.body.len == 0) {
        struct params p = reply_params(&t->r);
        p.value[PARAM_OUTCOME] = reply_text(&t->r, t->f->outcome[adv.outcome].name, NULL);
        reply_block(&t->r, TEXT_RESUME_AFTER, &p);
    }
    reply_options(&t->r, s, t->topic);
    return 0;
}

static void close_with_welcome(struct step *t)
{
    const struct flow_state *s = &t->f->state[t->f->welcome];

    if (t->closing == CLOSE_QUESTION || t->r.body.len == 0) reply_block(&t->r, s->text, NULL);
    reply_options(&t->r, s, t->topic);
}

int step_close(struct step *t)
{
    /* Who says thanks or goodbye with the last answer gets the advice all the same. */
    if (t->closing == CLOSE_NOTHING && t->fresh && t->c->state == CONVERSATION_AFTER)
        t->closing = CLOSE_QUESTION;
    if (t->closing == CLOSE_NOTHING || t->closing == CLOSE_READY) return 0;
    switch (t->c->state) {
    case CONVERSATION_ASKING: return close_with_question(t);
    case CONVERSATION_AFTER: return close_with_advice(t);
    default: close_with_welcome(t); return 0;
    }
}

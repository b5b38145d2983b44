/* walk.c -- where a set of answers leads in the flow. */
#include <limits.h>
#include <string.h>

#include "dialogue.h"

enum { FAR = FLOW_QUESTIONS_MAX + FLOW_STATES_MAX };

static int case_target(const struct flow_state *s, const struct answers *a)
{
    for (size_t i = 0; i < s->case_n; i++) {
        const struct answer *given = &a->of[s->cases[i].question];
        if (given->kind == ANSWER_NONE) continue;
        unsigned bit = 1u << (given->kind == ANSWER_GIVEN ? given->index : FLOW_ANSWERS_MAX);
        if (s->cases[i].answers & bit) return s->cases[i].to;
    }
    return s->to;
}

static int answer_target(const struct flow_question *q, const struct answer *a)
{
    return a->kind == ANSWER_GIVEN ? q->answer[a->index].to : q->unsure_to;
}

/* The fewest questions from each state to an advice, itself included: relaxed until nothing
 * changes, which a flow of a few dozen states does in a few rounds. */
static void shortest(const struct flow *f, const struct answers *a, int dist[static FLOW_STATES_MAX])
{
    bool changed = true;

    for (size_t i = 0; i < f->state_n; i++) dist[i] = f->state[i].kind == STATE_ADVISE ? 0 : FAR;
    for (size_t round = 0; changed && round <= f->state_n; round++) {
        changed = false;
        for (size_t i = f->state_n; i-- > 0;) {
            const struct flow_state *s = &f->state[i];
            int best = FAR;
            if (s->kind == STATE_ASK) {
                const struct flow_question *q = &f->question[s->question];
                const struct answer *given = &a->of[s->question];
                if (given->kind != ANSWER_NONE) {
                    best = dist[answer_target(q, given)];
                } else {
                    for (size_t k = 0; k < q->answer_n; k++)
                        if (dist[q->answer[k].to] + 1 < best) best = dist[q->answer[k].to] + 1;
                }
            } else if (s->kind == STATE_SAY) {
                best = dist[s->to];
            } else if (s->kind == STATE_BRANCH) {
                best = dist[case_target(s, a)];
            }
            if (best < dist[i]) {
                dist[i] = best;
                changed = true;
            }
        }
    }
}

static void walk_say(struct walk *w, int text)
{
    if (w->say_n < DIALOGUE_SAYS_MAX) w->say[w->say_n++] = text;
}

_Static_assert((int)DIALOGUE_STEPS_MAX > (int)FLOW_STATES_MAX, "a road that ends is never cut short");

int dialogue_walk(const struct flow *f, const struct answers *a, int from, struct walk *out)
{
    int dist[FLOW_STATES_MAX];
    int at = from;

    *out = (struct walk){.state = -1};
    for (int steps = 0; steps < DIALOGUE_STEPS_MAX; steps++) {
        const struct flow_state *s = &f->state[at];
        if (s->kind == STATE_ASK && a->of[s->question].kind != ANSWER_NONE) {
            out->asked++;
            out->passed[s->question] = true;
            out->say_n = 0; /* what was said before this question was said then */
            at = answer_target(&f->question[s->question], &a->of[s->question]);
        } else if (s->kind == STATE_SAY) {
            walk_say(out, s->text);
            at = s->to;
        } else if (s->kind == STATE_BRANCH) {
            at = case_target(s, a);
        } else {
            shortest(f, a, dist);
            out->state = at;
            out->left = dist[at] >= FAR ? 0 : dist[at];
            return 0;
        }
    }
    return -1; /* round in a circle */
}

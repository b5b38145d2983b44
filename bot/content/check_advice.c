/* check_advice.c -- every combination of answers has one advice, and a stronger need never a
 * lighter one. */
#include "advice.h"

#include <stdio.h>
#include <string.h>

#include "dialogue.h"
#include "faults.h"
#include "flow.h"
#include "parts.h"

enum { STEP_TEXT = FLOW_ID_MAX * 2 + 2 };

struct combinations {
    const struct flow *f;
    struct faults *faults;
    bool roads; /* do answers decide which questions come? */
    struct answers answers;
    bool met[FLOW_OUTCOMES_MAX];
    size_t n; /* steps of the path */
    const char *step[FLOW_QUESTIONS_MAX + 1];
    char text[FLOW_QUESTIONS_MAX + 1][STEP_TEXT];
};

/* ---- how many ---- */

/* Conversations from a state to its advices, an upper bound where a branch decides; each question
 * counts its answers, "unsure" and "skip". No further than one beyond the maximum. */
static size_t count_from(const struct flow *f, int state, size_t memo[static FLOW_STATES_MAX])
{
    int to[ROADS_MAX];
    size_t roads = flow_roads(f, state, to), n = 0;

    if (roads == 0) return 1;
    if (memo[state] > 0) return memo[state];
    for (size_t i = 0; i < roads; i++) n += count_from(f, to[i], memo);
    if (f->state[state].kind == STATE_ASK)
        n += count_from(f, f->question[f->state[state].question].unsure_to, memo);
    memo[state] = n > COMBINATIONS_MAX ? COMBINATIONS_MAX + 1 : n;
    return memo[state];
}

static bool answers_lead(const struct flow *f)
{
    for (size_t i = 0; i < f->state_n; i++)
        if (f->state[i].kind == STATE_BRANCH) return true;
    for (size_t q = 0; q < f->question_n; q++)
        for (size_t a = 0; a < f->question[q].answer_n; a++)
            if (f->question[q].answer[a].to != f->question[q].unsure_to) return true;
    return false;
}

/* ---- each of them ---- */

/* With its walk, since another answer can lead past other questions: those weigh nothing then; and
 * where it asks for more the two do not compare. */
static int outcome_with(const struct combinations *c, struct answers *a)
{
    struct walk w;

    if (c->roads) {
        if (dialogue_walk(c->f, a, c->f->begin, &w) != 0 || c->f->state[w.state].kind != STATE_ADVISE)
            return -1;
        for (int q = 0; q < (int)c->f->question_n; q++)
            if (!w.passed[q]) answers_drop(a, q);
    }
    const struct tally t = advice_tally(c->f, a);
    return advice_outcome(c->f, &t);
}

static void check_stronger(struct combinations *c, int outcome)
{
    for (int q = 0; q < (int)c->f->question_n; q++) {
        const struct flow_question *question = &c->f->question[q];
        const struct answer given = c->answers.of[q];
        if (given.kind != ANSWER_GIVEN) continue;
        for (int i = 0; i < (int)question->answer_n; i++) {
            struct answers other;
            if (question->answer[i].points <= question->answer[given.index].points) continue;
            other = c->answers;
            other.of[q].index = i;
            int to = outcome_with(c, &other);
            if (to < 0 || to >= outcome) continue;
            faults_shown(
                c->faults, c->step, c->n,
                "%s: state '%s': a stronger need, a lighter advice: from '%s' to '%s' moves '%s' to '%s'",
                c->f->source, question->id, question->answer[given.index].id, question->answer[i].id,
                c->f->outcome[outcome].id, c->f->outcome[to].id);
        }
    }
}

static int second_outcome(const struct flow *f, const struct tally *t, int first)
{
    struct flow one = *f; /* with the first outcome's rules gone, the next is found */

    one.outcome[first].rule_n = 0;
    return advice_outcome(&one, t);
}

static void check_combination(struct combinations *c)
{
    const struct tally t = advice_tally(c->f, &c->answers);
    int n = advice_outcomes(c->f, &t), outcome = advice_outcome(c->f, &t);

    if (outcome >= 0) c->met[outcome] = true;
    if (n == 0)
        faults_shown(c->faults, c->step, c->n, "%s: combination without advice: %d points, %d unsure",
                     c->f->source, t.points, t.unsure);
    else if (n > 1)
        faults_shown(c->faults, c->step, c->n,
                     "%s: combination with two advices, '%s' and '%s': %d points, %d unsure", c->f->source,
                     c->f->outcome[outcome].id, c->f->outcome[second_outcome(c->f, &t, outcome)].id, t.points,
                     t.unsure);
    if (outcome >= 0) check_stronger(c, outcome);
}

static void explore(struct combinations *c);

static void give(struct combinations *c, int question, enum answer_kind kind, int index)
{
    const struct flow_question *q = &c->f->question[question];

    (void)snprintf(c->text[c->n], STEP_TEXT, "%s=%s", q->id,
                   kind == ANSWER_GIVEN ? q->answer[index].id : "unsure");
    c->step[c->n] = c->text[c->n];
    c->n++;
    c->answers.of[question] = (struct answer){.kind = kind, .index = index};
    explore(c);
    c->answers.of[question] = (struct answer){.kind = ANSWER_NONE};
    c->n--;
}

static void explore(struct combinations *c)
{
    struct walk w;

    if (dialogue_walk(c->f, &c->answers, c->f->begin, &w) != 0) {
        faults_shown(c->faults, c->step, c->n, "%s: the questions do not end", c->f->source);
        return;
    }
    const struct flow_state *s = &c->f->state[w.state];
    if (s->kind != STATE_ASK) {
        check_combination(c);
        return;
    }
    for (int i = 0; i < (int)c->f->question[s->question].answer_n; i++) give(c, s->question, ANSWER_GIVEN, i);
    give(c, s->question, ANSWER_UNSURE, 0);
}

void check_advice(const struct flow *f, struct faults *faults)
{
    struct combinations c = {.f = f, .faults = faults, .roads = answers_lead(f)};
    size_t memo[FLOW_STATES_MAX] = {0};

    if (count_from(f, f->begin, memo) > COMBINATIONS_MAX) {
        faults_add(faults, "%s: too many combinations to prove, at most %d", f->source,
                   (int)COMBINATIONS_MAX);
        return;
    }
    c.step[c.n++] = flow_begin_id(f);
    explore(&c);
    for (size_t i = 0; i < f->outcome_n; i++)
        if (!c.met[i])
            faults_warn(faults, "%s: outcome '%s': no combination gives it", f->source, f->outcome[i].id);
}

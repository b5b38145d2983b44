/* check_graph.c -- the flow as roads between states: all reached, none without end. */
#include <stdio.h>
#include <string.h>

#include "dialogue.h"
#include "faults.h"
#include "flow.h"
#include "parts.h"

struct graph {
    const struct flow *f;
    struct faults *faults;
    int from[FLOW_STATES_MAX]; /* the state before, on the shortest road; -1: a start or unreached */
    int road[FLOW_STATES_MAX]; /* which of its roads                                               */
    bool reached[FLOW_STATES_MAX];
    enum { NEW, OPEN, DONE } mark[FLOW_STATES_MAX]; /* of the search for circles */
    int stack[FLOW_STATES_MAX];                     /* the OPEN ones, in order                   */
    size_t depth;
};

size_t flow_roads(const struct flow *f, int state, int out[static ROADS_MAX])
{
    const struct flow_state *s = &f->state[state];
    size_t n = 0;

    if (s->kind == STATE_ASK) {
        const struct flow_question *q = &f->question[s->question];
        for (size_t i = 0; i < q->answer_n; i++) out[n++] = q->answer[i].to;
        out[n++] = q->unsure_to;
    } else if (s->kind == STATE_SAY) {
        out[n++] = s->to;
    } else if (s->kind == STATE_BRANCH) {
        for (size_t i = 0; i < s->case_n; i++) out[n++] = s->cases[i].to;
        out[n++] = s->to;
    }
    return n;
}

const char *flow_begin_id(const struct flow *f)
{
    for (size_t i = 0; i < f->command_n; i++)
        if (f->command[i].verb == VERB_BEGIN) return f->command[i].id;
    return "begin";
}

/* ---- the shortest conversation to a state ---- */

struct route {
    size_t n;
    const char *step[FLOW_STATES_MAX + 2];
    char text[FLOW_STATES_MAX + 2][FLOW_ID_MAX * 2 + 2];
};

static void route_answer(struct route *r, const struct flow *f, int state, int road)
{
    const struct flow_state *s = &f->state[state];

    if (s->kind != STATE_ASK) return;
    const struct flow_question *q = &f->question[s->question];
    const char *answer = (size_t)road < q->answer_n ? q->answer[road].id : "unsure";
    (void)snprintf(r->text[r->n], sizeof r->text[r->n], "%s=%s", q->id, answer);
    r->step[r->n] = r->text[r->n];
    r->n++;
}

/* From the start of the questions, then along `road` out of `state` (-1: no further). */
static void route_to(struct route *r, const struct graph *g, int state, int road)
{
    int back[FLOW_STATES_MAX];
    size_t n = 0;

    for (int at = state; at >= 0 && n < FLOW_STATES_MAX; at = g->from[at]) back[n++] = at;
    r->n = 0;
    r->step[r->n++] = flow_begin_id(g->f);
    for (; n > 1; n--) route_answer(r, g->f, back[n - 1], g->road[back[n - 2]]);
    if (road >= 0) route_answer(r, g->f, state, road);
}

/* Breadth first, so that every road found is the shortest. */
static void spread(struct graph *g, int start, bool options)
{
    int queue[FLOW_STATES_MAX], to[ROADS_MAX];
    size_t head = 0, tail = 0;

    if (g->reached[start]) return;
    g->reached[start] = true;
    g->from[start] = -1;
    queue[tail++] = start;
    while (head < tail) {
        int at = queue[head++];
        const struct flow_state *s = &g->f->state[at];
        size_t n = flow_roads(g->f, at, to);
        for (size_t i = 0; options && i < s->option_n; i++)
            if (s->option[i].kind == OPTION_STATE) to[n++] = s->option[i].index;
        for (size_t i = 0; i < n; i++) {
            if (g->reached[to[i]]) continue;
            g->reached[to[i]] = true;
            g->from[to[i]] = at;
            g->road[to[i]] = (int)i;
            queue[tail++] = to[i];
        }
    }
}

/* ---- what can be wrong ---- */

/* Only an advice ends the questions: a menu there would leave a person without. */
static void check_ends(struct graph *g, int state)
{
    const struct flow_state *s = &g->f->state[state];
    int to[ROADS_MAX];
    size_t n = flow_roads(g->f, state, to);

    for (size_t i = 0; i < n; i++) {
        struct route r;
        if (g->f->state[to[i]].kind != STATE_MENU) continue;
        route_to(&r, g, state, (int)i);
        faults_shown(g->faults, r.step, r.n,
                     "%s: state '%s': dead end: leads to menu '%s', which gives no advice", g->f->source,
                     s->id, g->f->state[to[i]].id);
    }
}

static void tell_circle(struct graph *g, int again)
{
    char names[FLOW_STATES_MAX * (FLOW_ID_MAX + 4)];
    size_t first = 0, len = 0;
    int question = -1;
    struct route r;

    while (g->stack[first] != again) first++;
    for (size_t i = first; i < g->depth; i++) {
        const struct flow_state *s = &g->f->state[g->stack[i]];
        if (s->kind == STATE_ASK && question < 0) question = g->stack[i];
        len += (size_t)snprintf(names + len, sizeof names - len, "%s -> ", s->id);
    }
    route_to(&r, g, again, -1);
    if (question >= 0)
        faults_shown(g->faults, r.step, r.n,
                     "%s: state '%s': circle: the question comes back on the same path: %s%s", g->f->source,
                     g->f->state[question].id, names, g->f->state[again].id);
    else
        faults_shown(g->faults, r.step, r.n, "%s: state '%s': loop without a question: %s%s", g->f->source,
                     g->f->state[again].id, names, g->f->state[again].id);
}

static void find_circles(struct graph *g, int state)
{
    int to[ROADS_MAX];
    size_t n = flow_roads(g->f, state, to);

    g->mark[state] = OPEN;
    g->stack[g->depth++] = state;
    for (size_t i = 0; i < n; i++) {
        if (g->mark[to[i]] == OPEN)
            tell_circle(g, to[i]);
        else if (g->mark[to[i]] == NEW)
            find_circles(g, to[i]);
    }
    g->depth--;
    g->mark[state] = DONE;
}

/* The most texts in a row that can precede what this state does. Only where no circle is. */
static int says_from(const struct flow *f, int state, int memo[static FLOW_STATES_MAX])
{
    const struct flow_state *s = &f->state[state];
    int to[ROADS_MAX], most = 0;

    if (s->kind != STATE_SAY && s->kind != STATE_BRANCH) return 0;
    if (memo[state] >= 0) return memo[state];
    size_t n = flow_roads(f, state, to);
    for (size_t i = 0; i < n; i++) {
        int k = says_from(f, to[i], memo);
        if (k > most) most = k;
    }
    memo[state] = most + (s->kind == STATE_SAY);
    return memo[state];
}

static void check_says(struct graph *g)
{
    int memo[FLOW_STATES_MAX];

    for (size_t i = 0; i < g->f->state_n; i++) memo[i] = -1;
    for (int i = 0; i < (int)g->f->state_n; i++) {
        if (g->f->state[i].kind != STATE_SAY || says_from(g->f, i, memo) != DIALOGUE_SAYS_MAX + 1) continue;
        faults_add(g->faults, "%s: state '%s': more than %d texts in a row without a question", g->f->source,
                   g->f->state[i].id, (int)DIALOGUE_SAYS_MAX);
    }
}

/* Everywhere a customer can get: the welcome, what commands show, what buttons lead to. */
static void spread_options(struct graph *g)
{
    const struct flow *f = g->f;

    spread(g, f->welcome, true);
    for (size_t i = 0; i < f->command_n; i++)
        if (f->command[i].verb == VERB_SHOW) spread(g, f->command[i].state, true);
    for (size_t i = 0; i < f->state_n; i++)
        for (size_t k = 0; g->reached[i] && k < f->state[i].option_n; k++)
            if (f->state[i].option[k].kind == OPTION_STATE) spread(g, f->state[i].option[k].index, true);
}

void check_graph(const struct flow *f, struct faults *faults)
{
    struct graph g = {.f = f, .faults = faults};

    for (size_t i = 0; i < f->state_n; i++) g.from[i] = -1;
    spread(&g, f->begin, false);
    for (int i = 0; i < (int)f->state_n; i++)
        if (g.reached[i]) check_ends(&g, i);
    spread_options(&g);
    for (size_t i = 0; i < f->state_n; i++)
        if (!g.reached[i]) faults_add(faults, "%s: state '%s': cannot be reached", f->source, f->state[i].id);

    size_t before = faults_errors(faults);
    find_circles(&g, f->begin);
    for (int i = 0; i < (int)f->state_n; i++)
        if (g.mark[i] == NEW) find_circles(&g, i); /* also among what is not reached */
    if (faults_errors(faults) == before) check_says(&g);
}

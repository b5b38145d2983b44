#include "advice.h"

#include <string.h>

#include "conversation.h"

static int points_of(const struct flow *f, const struct answers *a, int question)
{
    const struct answer *given = &a->of[question];
    return given->kind == ANSWER_GIVEN ? f->question[question].answer[given->index].points : 0;
}

struct tally advice_tally(const struct flow *f, const struct answers *a)
{
    struct tally t = {0};

    for (int q = 0; q < (int)f->question_n; q++) {
        const struct answer *given = &a->of[q];
        if (given->kind == ANSWER_UNSURE || given->kind == ANSWER_SKIPPED) t.unsure++;
        if (given->kind != ANSWER_GIVEN) continue;
        const struct flow_answer *answer = &f->question[q].answer[given->index];
        t.points += answer->points;
        if (!answer->decisive) t.other_points += answer->points;
    }
    return t;
}

static bool in_range(int n, const struct range *r)
{
    return n >= r->from && n <= r->to;
}

static bool any_rule(const struct flow_rule *rule, size_t n, const struct tally *t)
{
    for (size_t i = 0; i < n; i++)
        if (in_range(t->points, &rule[i].points) && in_range(t->unsure, &rule[i].unsure) &&
            in_range(t->other_points, &rule[i].other_points))
            return true;
    return false;
}

int advice_outcome(const struct flow *f, const struct tally *t)
{
    for (int i = 0; i < (int)f->outcome_n; i++)
        if (any_rule(f->outcome[i].rule, f->outcome[i].rule_n, t)) return i;
    return -1;
}

int advice_outcomes(const struct flow *f, const struct tally *t)
{
    int n = 0;

    for (size_t i = 0; i < f->outcome_n; i++) n += any_rule(f->outcome[i].rule, f->outcome[i].rule_n, t);
    return n;
}

/* The most a question can plead for the top of the ladder. */
static int points_max(const struct flow_question *q)
{
    int max = 0;

    for (size_t i = 0; i < q->answer_n; i++)
        if (q->answer[i].points > max) max = q->answer[i].points;
    return max;
}

/* Given answers on one side, heaviest first: with points (they plead for the top), weighed by
 * them; without (they plead for the bottom), weighed by what the question could have added. */
static size_t side(const struct flow *f, const struct answers *a, bool with_points,
                   int out[static FLOW_QUESTIONS_MAX])
{
    int weight[FLOW_QUESTIONS_MAX];
    size_t n = 0;

    for (int q = 0; q < (int)f->question_n; q++) {
        if (a->of[q].kind != ANSWER_GIVEN) continue;
        int points = points_of(f, a, q);
        if ((points > 0) != with_points) continue;
        int w = with_points ? points : points_max(&f->question[q]);
        size_t at = n++;
        for (; at > 0 && weight[at - 1] < w; at--) {
            weight[at] = weight[at - 1];
            out[at] = out[at - 1];
        }
        weight[at] = w;
        out[at] = q;
    }
    return n;
}

static size_t take(int *to, size_t have, size_t max, const int *from, size_t n)
{
    for (size_t i = 0; i < n && have < max; i++) to[have++] = from[i];
    return have;
}

static void find_reasons(const struct flow *f, const struct answers *a, struct advice *out)
{
    int strong[FLOW_QUESTIONS_MAX], weak[FLOW_QUESTIONS_MAX];
    size_t strong_n = side(f, a, true, strong);
    size_t weak_n = side(f, a, false, weak);
    bool top = out->outcome == (int)f->outcome_n - 1;
    bool bottom = out->outcome == 0;

    if (!top && !bottom) { /* in between: what pulls each way */
        out->reason_n = take(out->reason, 0, ADVICE_REASONS_MAX / 2, strong, strong_n);
        out->reason_n = take(out->reason, out->reason_n, ADVICE_REASONS_MAX, weak, weak_n);
        return;
    }
    const int *pro = top ? strong : weak, *con = top ? weak : strong;
    size_t pro_n = top ? strong_n : weak_n, con_n = top ? weak_n : strong_n;
    out->reason_n = take(out->reason, 0, ADVICE_REASONS_MAX, pro, pro_n);
    size_t room = ADVICE_REASONS_MAX - out->reason_n;
    out->against_n = take(out->against, 0, room < ADVICE_AGAINST_MAX ? room : ADVICE_AGAINST_MAX, con, con_n);
}

/* Of all other answers to `q` the one nearest in points that gives another outcome. */
static bool nearest_turn(const struct flow *f, const struct answers *a, const struct tally *now, int outcome,
                         int q, struct turn_of *out)
{
    const struct flow_question *question = &f->question[q];
    const struct flow_answer *given = &question->answer[a->of[q].index];
    int best = 0;

    for (int i = 0; i < (int)question->answer_n; i++) {
        const struct flow_answer *other = &question->answer[i];
        struct tally t = *now;
        t.points += other->points - given->points;
        t.other_points += (other->decisive ? 0 : other->points) - (given->decisive ? 0 : given->points);
        int to = advice_outcome(f, &t);
        int distance =
            other->points > given->points ? other->points - given->points : given->points - other->points;
        if (i == a->of[q].index || to < 0 || to == outcome || (best != 0 && distance >= best)) continue;
        best = distance == 0 ? 1 : distance;
        *out = (struct turn_of){.question = q, .answer = i, .outcome = to};
    }
    return best != 0;
}

/* At most one turn for each other outcome, of the answers that weighed most if they have one. */
static void find_turns(const struct flow *f, const struct answers *a, const struct tally *t,
                       struct advice *out)
{
    enum { ORDER_MAX = ADVICE_REASONS_MAX + ADVICE_AGAINST_MAX + FLOW_QUESTIONS_MAX };
    int order[ORDER_MAX];
    size_t n = take(order, 0, ORDER_MAX, out->reason, out->reason_n);

    n = take(order, n, ORDER_MAX, out->against, out->against_n);
    for (int q = 0; q < (int)f->question_n; q++)
        if (a->of[q].kind == ANSWER_GIVEN) order[n++] = q;

    for (size_t i = 0; i < n && out->turn_n < ADVICE_TURNS_MAX; i++) {
        struct turn_of turn;
        bool told = false;
        if (!nearest_turn(f, a, t, out->outcome, order[i], &turn)) continue;
        for (size_t k = 0; k < out->turn_n; k++) told = told || out->turn[k].outcome == turn.outcome;
        if (!told) out->turn[out->turn_n++] = turn;
    }
}

/* Would an answer to a question left unsure or skipped turn it? */
static bool gap_turns(const struct flow *f, const struct tally *now, int outcome, int q)
{
    for (size_t i = 0; i < f->question[q].answer_n; i++) {
        const struct flow_answer *answer = &f->question[q].answer[i];
        struct tally t = {.points = now->points + answer->points,
                          .other_points = now->other_points + (answer->decisive ? 0 : answer->points),
                          .unsure = now->unsure - 1};
        if (advice_outcome(f, &t) != outcome) return true;
    }
    return false;
}

static bool is_steady(const struct flow *f, const struct tally *t, const struct advice *adv)
{
    bool steady = adv->turn_n == 0;

    for (size_t i = 0; i < adv->unsure_n; i++)
        steady = steady && !gap_turns(f, t, adv->outcome, adv->unsure[i]);
    for (size_t i = 0; i < adv->skipped_n; i++)
        steady = steady && !gap_turns(f, t, adv->outcome, adv->skipped[i]);
    return steady;
}

int advice_compute(const struct flow *f, const struct answers *a, struct advice *out)
{
    struct tally t = advice_tally(f, a);

    memset(out, 0, sizeof *out);
    out->outcome = advice_outcome(f, &t);
    out->lean = -1;
    if (out->outcome < 0) return -1;
    const struct flow_outcome *outcome = &f->outcome[out->outcome];
    if (outcome->lean_to >= 0 && in_range(t.points, &outcome->lean_points)) out->lean = outcome->lean_to;
    out->caution = any_rule(f->caution, f->caution_n, &t);
    for (int q = 0; q < (int)f->question_n; q++) {
        if (a->of[q].kind == ANSWER_UNSURE) out->unsure[out->unsure_n++] = q;
        if (a->of[q].kind == ANSWER_SKIPPED) out->skipped[out->skipped_n++] = q;
    }
    find_reasons(f, a, out);
    find_turns(f, a, &t, out);
    out->steady = is_steady(f, &t, out);
    return 0;
}

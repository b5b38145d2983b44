/* advice.h -- from answers to an outcome, its reasons and what would turn it. Arithmetic alone. */
#ifndef ADVICE_H
#define ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "flow.h"

struct answers;

struct tally {
    int points;       /* the sum                                   */
    int other_points; /* of it, from answers that are not decisive */
    int unsure;       /* unsure or skipped                         */
};

struct tally advice_tally(const struct flow *f, const struct answers *a);

/* advice_outcome(f, t): the outcome whose rule holds; -1 when none does. When several do, the
 * first: check refuses such a flow. */
int advice_outcome(const struct flow *f, const struct tally *t);
int advice_outcomes(const struct flow *f, const struct tally *t); /* how many hold */

/* Two to four reasons: more is a lecture, fewer no explanation. */
enum { ADVICE_REASONS_MAX = 4, ADVICE_AGAINST_MAX = 2, ADVICE_TURNS_MAX = 2 };

struct turn_of {
    int question, answer; /* had this been the answer … */
    int outcome;          /* … this were the advice     */
};

struct advice {
    int outcome;
    int lean;     /* outcome it leans to; -1                             */
    bool caution; /* much was unsure: talk first                         */
    size_t reason_n;
    int reason[ADVICE_REASONS_MAX]; /* questions whose answers weighed most, heaviest first */
    size_t against_n;
    int against[ADVICE_AGAINST_MAX]; /* questions whose answers plead the other way          */
    size_t turn_n;
    struct turn_of turn[ADVICE_TURNS_MAX];
    bool steady; /* no other answer, and none that is missing, would turn it
                                         by itself */
    size_t unsure_n, skipped_n;
    int unsure[FLOW_QUESTIONS_MAX], skipped[FLOW_QUESTIONS_MAX];
};

/* advice_compute(f, a, out): everything the message about an advice is made of. Turns are found
 * by flipping each given answer to each other one. -1 when no outcome fits. */
int advice_compute(const struct flow *f, const struct answers *a, struct advice *out);

#endif

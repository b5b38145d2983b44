/* tally.h -- how often a reading was right, and where it was not. */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stddef.h>

enum { TALLY_BANDS = 6, TALLY_PAIRS_MAX = 2048, TALLY_GROUPS_MAX = 16, TALLY_NAME_MAX = 32 };

struct share {
    size_t n, right;
};

struct tally {
    struct share all;
    size_t wrong_answers;            /* an answer was read where another label was right           */
    struct share band[TALLY_BANDS];  /* by score: below 0.5, 0.5 to 0.6, … 0.9 to 1                */
    struct share sure, likely, none; /* none: read as unclear                                      */
    size_t group_n, pair_n;
    struct {
        char name[TALLY_NAME_MAX];
        struct share share;
    } group[TALLY_GROUPS_MAX];
    struct {
        char expect[TALLY_NAME_MAX], got[TALLY_NAME_MAX];
        size_t n;
    } pair[TALLY_PAIRS_MAX];
};

/* One line of a set: at `question` ("start": none), `expect` was right, `got` was read. */
struct outcome {
    const char *question, *expect, *got;
    double score;
    bool likely;
};

void tally_add(struct tally *t, const struct outcome *o);
void tally_print(const char *title, struct tally *t, size_t pairs); /* and the `pairs` commonest confusions */

#endif

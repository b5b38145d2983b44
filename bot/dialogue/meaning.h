/* meaning.h -- what a text means to the dialogue: labels to act on, or guesses to ask about. */
#ifndef MEANING_H
#define MEANING_H

#include <stdbool.h>
#include <stddef.h>

/* A message can hold a few answers and a question of its own; more is a story. */
enum { MEANING_LABELS_MAX = 8 };

/* Two likely readings can be offered as buttons; a third would be guessing. */
enum { MEANING_GUESSES_MAX = 2 };

enum label_kind { LABEL_ANSWER, LABEL_UNSURE, LABEL_TOPIC, LABEL_COMMAND };

struct label {
    enum label_kind kind;
    int question; /* ANSWER, UNSURE: of the flow                                              */
    int index;    /* answer, topic or command                                                 */
    double score; /* 0 to 1: how often a reading with this score is right                     */
    bool likely;  /* fairly sure: acted on, and said with a way to correct it                 */
};

/* Sure, fairly sure: labels, the open question's answer first, then the most certain. Unsure: no
 * label, but guesses, the likeliest first. Neither: nothing to make of it. */
struct meaning {
    size_t n;
    struct label label[MEANING_LABELS_MAX];
    size_t guess_n; /* 0 where there is a label */
    struct label guess[MEANING_GUESSES_MAX];
};

#endif

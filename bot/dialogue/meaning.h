/* meaning.h -- what a text means to the dialogue: labels, most certain first. */
#ifndef MEANING_H
#define MEANING_H

#include <stddef.h>

/* A message can hold a few answers and a question of its own; more is a story. */
enum { MEANING_LABELS_MAX = 8 };

enum label_kind { LABEL_ANSWER, LABEL_UNSURE, LABEL_TOPIC, LABEL_COMMAND };

struct label {
    enum label_kind kind;
    int question; /* ANSWER, UNSURE: of the flow        */
    int index;    /* answer, topic or command           */
    double score; /* 0 to 1                             */
};

/* No label: unclear. */
struct meaning {
    size_t n;
    struct label label[MEANING_LABELS_MAX];
};

#endif

/* inside.h -- what an understanding is made of. Room-internal. */
#ifndef INSIDE_H
#define INSIDE_H

#include "columns.h"
#include "lexicon.h"
#include "model.h"
#include "phrasebook.h"

struct arena;
struct flow;

/* A phrase to train on, until understanding_ready(). */
struct lesson {
    struct lesson *next;
    const char *text;
    int at;
    unsigned column;
};

struct understanding {
    const struct flow *flow;
    struct columns columns;
    struct lexicon *lexicon;
    struct phrasebook *book;
    struct model *model;
    const char *group[LEXICON_GROUPS_MAX]; /* names, of the lessons' arena */
    int group_n;
    struct arena *lessons_arena;
    struct lesson *lessons, **last;
};

#endif

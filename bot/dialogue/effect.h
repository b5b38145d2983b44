/* effect.h -- what a turn wants done. Data: the shell obeys, disk first. */
#ifndef EFFECT_H
#define EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outbound.h"

struct arena;

/* One inbound gets one outbound unless there is a strong reason; an erasure adds one effect. */
enum { EFFECTS_MAX = 4 };

/* A reply to a backlog waits no longer than this for the next one to replace it. */
enum { EFFECT_BACKLOG_WAIT_MS = 5000 };

enum effect_kind {
    EFFECT_SAY,   /* send this                                                        */
    EFFECT_ERASE, /* erase everything about the person; comes before the receipt      */
    EFFECT_N
};

struct effect {
    enum effect_kind kind;
    struct {
        struct outbound out;
        bool backlog; /* answers old messages that came late: of several only the last need leave,
                         and it may wait a moment for the others */
    } say;
};

struct effects {
    struct arena *arena; /* the caller's; strings of effects live here */
    size_t n;
    struct effect effect[EFFECTS_MAX];
};

#endif

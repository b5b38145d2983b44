/* effect.h -- what a turn wants done. Data: the shell obeys, disk first. */
#ifndef EFFECT_H
#define EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outbound.h"

struct arena;

/* One inbound gets one outbound unless there is a strong reason, two at most; the desk hears what was
 * written and what became of it; an erasure adds one effect. */
enum { EFFECTS_MAX = 6 };

/* A reply to a backlog waits no longer than this for the next one to replace it. */
enum { EFFECT_BACKLOG_WAIT_MS = 5000 };

enum effect_kind {
    EFFECT_SAY,   /* send this                                                        */
    EFFECT_ERASE, /* erase everything about the person; comes before the receipt      */
    EFFECT_TELL,  /* tell the human at her desk; without a desk nothing               */
    EFFECT_N
};

/* What she is told. */
enum news {
    NEWS_ASKED,      /* the person asks for her: the whole dossier                       */
    NEWS_WROTE,      /* what the person wrote or sent, while she was asked for or has the chat */
    NEWS_REMIND,     /* they still wait                                                  */
    NEWS_LATER,      /* she will be reminded at `at_ms`                                  */
    NEWS_OVERDUE,    /* the named moment is long past; the person `told`: knows it       */
    NEWS_SHUTTING,   /* the platform's window shuts at `at_ms`, and they wait            */
    NEWS_TAKEN,      /* she has the chat                                                 */
    NEWS_GIVEN_BACK, /* the bot has it again, as she said                                */
    NEWS_BACK,       /* the bot has it again: she was silent for long                    */
    NEWS_RESUMED,    /* the person went on with the bot                                  */
    NEWS_GONE,       /* the person cannot be written to any more                         */
    NEWS_ERASED,     /* the person had everything erased                                 */
    NEWS_N
};

struct effect {
    enum effect_kind kind;
    struct {
        struct outbound out;
        bool backlog; /* answers old messages that came late: of several only the last need leave,
                         and it may wait a moment for the others */
    } say;
    struct {
        enum news news;
        bool told;
        int64_t at_ms;
    } tell;
};

struct effects {
    struct arena *arena; /* the caller's; strings of effects live here */
    size_t n;
    struct effect effect[EFFECTS_MAX];
};

#endif

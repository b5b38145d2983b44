/* flood.h -- how fast a person writes and how much was said to them: from when on they wait longer, are
 * told once, and hear nothing until it is calm.
 *
 * Two tallies in each chat, both leaky buckets that are one moment each: that at which they have drained.
 * What is written drains at the pace at which WhatsApp lets one person be answered; what is said drains over
 * a day, for each reply may cost money. Pure: no clock, no disk. */
#ifndef FLOOD_H
#define FLOOD_H

#include <stdbool.h>
#include <stdint.h>

/* WhatsApp takes a message every 6 s to the same person, and lends 45 (error 131056, "pair rate limit").
 * What it takes for ever is never a flood of words: it drains as fast as it comes. */
enum {
    FLOOD_WROTE_MS = 6000, /* a message drains in this time                                          */
    FLOOD_SLOW_N = 30,     /* more than these: answered together. A straight conversation is 8, and
                            * three of them in one breath are no flood                               */
    FLOOD_TELL_N = 40,     /* more than these: told, then silence. With what was still to be answered
                            * and the line itself this stays within the 45                           */
    FLOOD_CALM_N = 20,     /* no more than these: calm again, two minutes or more after the last one  */
    FLOOD_DESK_N = 60      /* said to the human, at once: more would drown her desk. An album goes through */
};

/* So many replies, the flood's own lines included, and as many again in the course of each day. Twice as
 * many is thus the most in any 24 hours, and the most in one hour is little more than this. A conversation
 * with every answer changed once is about 20. Two bots that answer each other end here. */
enum {
    FLOOD_SAID_N = 100,
    FLOOD_SAID_MS = 24 * 3600 * 1000 / FLOOD_SAID_N, /* a reply drains in this time                  */
    FLOOD_AGAIN_N = FLOOD_SAID_N / 2                 /* no more than these: the bot answers again    */
};

enum flood_stage {
    FLOOD_CALM,
    FLOOD_FAST,  /* too many messages at once; told, and silent until it is calm     */
    FLOOD_SPENT, /* enough was said for a day; told, and silent until half drained   */
    FLOOD_STAGE_N
};
const char *flood_stage_name(enum flood_stage stage); /* "calm", "fast", "spent"; as stored */
enum flood_stage flood_stage_from(const char *name);  /* CALM for any other name            */

struct flood {
    int64_t wrote_ms, said_ms; /* when each tally has drained; 0: long ago */
    enum flood_stage stage;
};

/* Who hears what is written. */
enum flood_ear {
    FLOOD_EAR_BOT,
    FLOOD_EAR_HUMAN, /* she has the chat: the bot says nothing, so only her desk is spared      */
    FLOOD_EAR_NOBODY /* nobody answers it (a reaction): counted, and never what begins a silence */
};

enum flood_verdict {
    FLOOD_PASS,  /* as ever                                                         */
    FLOOD_SLOW,  /* answered together with what follows                             */
    FLOOD_TELL,  /* the silence begins; `stage` says why                            */
    FLOOD_SILENT /* nothing is said to it                                           */
};

/* flood_step(f, sent, now, ear): one more message, sent then by the platform's clock: what was held up, and
 * comes all at once, was not written at once. */
enum flood_verdict flood_step(struct flood *f, int64_t sent_ms, int64_t now_ms, enum flood_ear ear);

bool flood_is_full(const struct flood *f, int64_t now_ms); /* of so many the human's desk is spared, too */
int64_t flood_calm_ms(const struct flood *f);              /* when it is calm, if nothing more is written */

#endif

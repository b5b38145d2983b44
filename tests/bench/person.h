/* person.h -- someone who writes to the bot and taps what it offers, until the advice and again. */
#ifndef BENCH_PERSON_H
#define BENCH_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* Longer ids and titles than WhatsApp allows for buttons (256 bytes, 20 characters) are no
 * buttons of ours; the title is kept as escaped JSON. */
enum { PERSON_CHOICE_MAX = 257, PERSON_TITLE_MAX = 256, PERSON_ID_MAX = 128 };

struct person {
    int64_t number;
    unsigned said; /* messages of this person so far               */
    bool waits_answer, waits_reply;
    int64_t at_ns;                  /* when the message that is under way was due   */
    char choice[PERSON_CHOICE_MAX]; /* what they will tap; empty: they type        */
    char title[PERSON_TITLE_MAX], about[PERSON_ID_MAX];
    bool list;
};

/* person_new(p, number): nothing said yet. */
void person_new(struct person *p, int64_t number);

/* person_say(p, id, out): the next message of the conversation, as a signed request. */
void person_say(struct person *p, uint64_t id, struct buf *out);

/* person_hear(p, reply, reply_id, random): a reply as it was sent to the Graph API. Of the answers
 * it offers one is picked; `random` is the state of the generator, so that each run is the same. */
void person_hear(struct person *p, const char *reply, const char *reply_id, uint64_t *random);

#endif

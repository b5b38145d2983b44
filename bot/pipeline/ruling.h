/* ruling.h -- what an answer of the platform means for the row that was sent and for the whole
 * account: which state, when again, who waits. No store, no socket, no clock. */
#ifndef RULING_H
#define RULING_H

#include <stdbool.h>
#include <stdint.h>

#include "store.h"

struct verdict;

/* An answer that was lost: statuses come within seconds; only this long a silence sends again. */
enum { RULING_SILENCE_MS = 20 * 1000 };

/* What is known of the account we send as. */
struct account {
    int64_t free_at_ms; /* nothing is sent before                                        */
    bool halted;        /* token, payment, restriction: one send at a time finds out     */
};

struct ruling {
    enum outbox_state state;
    int64_t next_try_ms; /* of DUE and UNSURE */
};

/* ruling_of(a, v, certain, attempt, now): `certain`: the request surely never reached them.
 * `attempt` counts from 1. Moves the account and logs its moves. */
struct ruling ruling_of(struct account *a, const struct verdict *v, bool certain, unsigned attempt,
                        int64_t now_ms);

/* account_free_at(a, now): when it may send again; not after `now`: at once. */
int64_t account_free_at(const struct account *a, int64_t now_ms);

/* How long a row rests: after passing trouble, in its own chat's pair limit, after a lost answer. */
int64_t ruling_backoff_ms(unsigned attempt, int64_t retry_after_ms);
int64_t ruling_pace_ms(unsigned attempt);
int64_t ruling_silence_ms(unsigned attempt);

#endif

/* set_back.h -- a computer's clock that is set back while people wait by it.
 *
 * What waits is due at a moment of the wall clock, which is what a restart needs. Somebody, or a time server,
 * may set that clock back by a day: whoever waits for a second would then wait for a day and a second. */
#ifndef SET_BACK_H
#define SET_BACK_H

#include <stdint.h>

struct err;
struct store;

/* Nothing that waits is due later than this: an answer lost for the tenth time (ruling.c) is 2.8 hours. */
#define SET_BACK_LONGEST_MS (INT64_C(3) * 60 * 60 * 1000)

/* The two clocks, as they were looked at last; all 0 before the first look. */
struct set_back {
    int64_t wall_ms, mono_ms;
};

/* set_back_ms(b, wall, mono): by how much the wall clock was set back since the last look; 0: not, or by so
 * little that it is a correction. */
int64_t set_back_ms(const struct set_back *b, int64_t wall_ms, int64_t mono_ms);
void set_back_looked(struct set_back *b, int64_t wall_ms, int64_t mono_ms);

/* set_back_follow(store, by, now, e): all that waits, by so much earlier. In a transaction of its own. */
int set_back_follow(struct store *store, int64_t by_ms, int64_t now_ms, struct err *e);

/* set_back_at_start(store, now, e): what is due later than anything may be was meant by a clock that has been set
 * back since: it is due now. In the caller's transaction. */
int set_back_at_start(struct store *store, int64_t now_ms, struct err *e);

#endif

/* thought.h -- several short messages are one thought: typed text waits a moment for the rest of
 * it, and all of it is answered as one message, its parts on lines of their own. It waits in the
 * store, so that a process that dies in between leaves it to the next. */
#ifndef THOUGHT_H
#define THOUGHT_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct item;
struct turns;

/* thought_gather(t, x, e): what an item is to the thought that its contact has begun, or begins
 * with it. Within the item's mark. */
enum gathering {
    GATHER_APART,  /* nothing: it has a turn of its own, now                        */
    GATHER_INTO,   /* it waits, or has changed what waits; nothing more is to be done */
    GATHER_AFTER,  /* it ends the thought, which must run before it                 */
    GATHER_TROUBLE /* the store                                                     */
};
enum gathering thought_gather(struct turns *t, struct item *x, struct err *e);

/* thought_run(t, contact, account, e): what waits is one turn now; none waits: nothing. In the
 * transaction, outside a mark. -1: the store. */
int thought_run(struct turns *t, int64_t contact, const char *account, struct err *e);

/* thoughts_run(t, all, next, e): those that are due, or all but what waits for a flood to be over; `*next`
 * is when to come again, INT64_MAX when none waits. In the transaction, outside a mark. -1: the store. */
int thoughts_run(struct turns *t, bool all, int64_t *next_ms, struct err *e);

#endif

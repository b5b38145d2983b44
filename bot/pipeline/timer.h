/* timer.h -- what the clock must do: promises, reminders, the end of a silence. Each conversation says when
 * (conversation_wake_ms), the store keeps it, so that no restart forgets any. */
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

struct err;
struct turns;

/* timers_run(t, next, e): those that are due; `*next` is when to come again, INT64_MAX when none waits.
 * In the transaction, outside a mark. -1: the store. */
int timers_run(struct turns *t, int64_t *next_ms, struct err *e);

#endif

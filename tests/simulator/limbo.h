/* limbo.h -- requests of the bot whose answer does not come yet, or never comes.
 *
 * Each is on the wire already; that entry is finished when the wait is over. */
#ifndef LIMBO_H
#define LIMBO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;
struct limbo;
struct phone;

/* How a wait ends: with an answer, or with the connection reset (`text` NULL). */
struct limbo_end {
    int64_t wire_n;
    int64_t began_ms; /* clock_mono_ms() when the request came */
    int status;
    bool bad;
    const char *text; /* copied, and so is the note */
    const char *note;
};

struct limbo *limbo_new(struct phone *p); /* NULL when out of memory */
void limbo_free(struct limbo *l);         /* after the server's end   */

/* limbo_put(l, x, end): x waits from now on; its number. Out of memory: it ends at once, 0. `hangs`: what
 * limbo_release() ends. */
int64_t limbo_put(struct limbo *l, struct exchange *x, const struct limbo_end *end, bool hangs);

/* limbo_over(limbo, id, what): the wait is over. Unknown numbers are fine: over already, or the client left.
 * Has the form that an agenda wants; `what` means nothing. */
void limbo_over(void *limbo, int64_t id, int what);

size_t limbo_release(struct limbo *l); /* every hanging one ends now; how many */

void limbo_gone(struct limbo *l, const struct exchange *x); /* its client left */

/* limbo_finish(p, x, end): ends x at once, as a wait would end. */
void limbo_finish(struct phone *p, struct exchange *x, const struct limbo_end *end);

#endif

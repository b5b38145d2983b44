/* handover.h -- requests on their way from the door to the desk: the one queue between threads. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <stdbool.h>
#include <stddef.h>

struct handover;
struct http_request;

/* Bodies that wait may hold this much in all; beyond it the platform is asked to come again. */
enum { HANDOVER_BYTES_MAX = 64 * 1024 * 1024 };

/* NULL when out of memory. */
struct handover *handover_new(void);
void handover_free(struct handover *h); /* frees what still waits; NULL is fine */

/* handover_put(h, r, wake): takes `r`. False, and `r` stays the caller's, when too much waits or
 * the queue was closed. `*wake` is set when the desk must be woken: it was empty. */
bool handover_put(struct handover *h, struct http_request *r, bool *wake);

/* handover_take(h, max): up to `max` requests in the order they came, linked by `next`; NULL
 * when none waits. */
struct http_request *handover_take(struct handover *h, size_t max);

void handover_close(struct handover *h); /* nothing is taken in any more */

#endif

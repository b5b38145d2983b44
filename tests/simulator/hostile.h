/* hostile.h -- what customers' messages meet on their way to the mailbag: they wait, come twice, come together,
 * come in another order.
 *
 * Order within one person is kept but where a fault is about order: whoever writes again while something of
 * theirs waits, waits behind it. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <jansson.h>
#include <stddef.h>

struct hostile;
struct message;
struct phone;

struct hostile *hostile_new(struct phone *p, size_t keep); /* NULL when out of memory */
void hostile_free(struct hostile *h);

/* hostile_message(h, m, take_body): the webhook of m, a customer's, leaves now or later. */
void hostile_message(struct hostile *h, struct message *m, json_t *take_body);

/* hostile_redeliver(h): every customer's message of the past week once more, the same bytes; how many
 * webhooks. */
size_t hostile_redeliver(struct hostile *h);

size_t hostile_waiting(const struct hostile *h); /* not in the mailbag yet */

#endif

/* parcel.h -- a file that the human sent at her desk, on its way to a person: found and fetched at Telegram,
 * given to WhatsApp, and said in a message. To a person on Telegram it is copied, in one call.
 *
 * The same steps as an errand's (errand.h), which carries it. What cannot be had or given makes the row die,
 * and she is told, as of any words of hers that do not arrive. */
#ifndef PARCEL_H
#define PARCEL_H

#include <stdbool.h>

struct arena;
struct err;
struct errand_call;
struct http_answer;
struct outbox_row;
struct parcel;
struct platform;
struct verdict;

/* parcel_new(platforms, row, hopeless, e): NULL when it cannot be read (*hopeless), or memory ran out. */
struct parcel *parcel_new(const struct platform *platforms, const struct outbox_row *row, bool *hopeless,
                          struct err *e);
void parcel_free(struct parcel *p); /* NULL is fine */

int parcel_next(struct parcel *p, struct errand_call *c, struct err *e);
bool parcel_answered(struct parcel *p, const struct http_answer *a, struct arena *arena, struct verdict *v);

#endif

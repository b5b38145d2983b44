/* desk.h -- the human's side: what she is told, and what she writes. Her desk is a chat on Telegram.
 *
 * What she is told waits in the store as lines, for a group takes 20 messages a minute: lines about one
 * person that wait together are one message. What she writes goes to the person through the outbox,
 * like everything. */
#ifndef DESK_H
#define DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "converse.h"

struct config;
struct conversation;
struct desk;
struct effect;
struct err;
struct inbound;
struct message;
struct turns;

/* NULL when out of memory. The config is borrowed; it names a desk. */
struct desk *desk_new(const struct config *config);
void desk_free(struct desk *d); /* NULL is fine */

/* desk_is_at(d, in): was it written at the desk? `d` may be NULL. */
bool desk_is_at(const struct desk *d, const struct inbound *in);

/* desk_set_flat(d, flat): the desk has no topics. */
void desk_set_flat(struct desk *d, bool flat);

/* desk_tell(t, chat, c, effect, m, e): a piece of news for her; `m`: of NEWS_WROTE. 0, or -1. */
int desk_tell(struct turns *t, const struct chat *chat, const struct conversation *c,
              const struct effect *effect, const struct message *m, struct err *e);

/* desk_erased(t, contact, e): that person is about to be gone from the store: her copy goes too where we can reach
 * it, and of the rest she is told. With t->desk set. */
int desk_erased(struct turns *t, int64_t contact, struct err *e);

/* desk_item(t, x, e): something she wrote or pressed at the desk. Within the item's mark. */
enum ending desk_item(struct turns *t, struct item *x, struct err *e);

/* desk_echo(t, x, e): something she wrote to a person from the platform's own app. */
enum ending desk_echo(struct turns *t, struct item *x, struct err *e);

/* desk_run(t, next, e): lines that may leave do, as one row of the outbox; what she wrote and did not
 * arrive is told; in the morning, who waits. `*next`: when to come again. In the transaction, outside
 * a mark; with t->desk set. -1: the store. */
int desk_run(struct turns *t, int64_t *next_ms, struct err *e);

#endif

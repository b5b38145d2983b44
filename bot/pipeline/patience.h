/* patience.h -- with who writes too fast (flood.h): counted as each message comes; told once; in the silence the
 * last message is kept and the others are not. Room-internal.
 *
 * A flood leaves no texts behind but that last one: of each other message stays that it is known. When it
 * is calm the last one is answered, if the bot has answers left for that day. */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdint.h>

#include "converse.h"

/* patience_weigh(t, x, wrote, e): an item's message is counted with its sender, who wrote it then; what is
 * held of them is looked up and their last word kept, in passing. Once for each contact. -1: the store. */
int patience_weigh(struct turns *t, struct item *x, int64_t wrote_ms, struct err *e);

/* patience_run(t, x, e): the turn of a message at which the silence begins or which falls in it. Within the
 * item's mark. */
enum ending patience_run(struct turns *t, struct item *x, struct err *e);

/* patience_remember(t, chat, e): to be called before they are erased: how fast they wrote is remembered, not
 * stored (forgotten.h). -1: the store. */
int patience_remember(struct turns *t, const struct chat *chat, struct err *e);

/* patience_over(t, x, e): what waited for the calm has its turn now; the human reads how much she did
 * not see. -1: the store. */
int patience_over(struct turns *t, const struct item *x, struct err *e);

#endif

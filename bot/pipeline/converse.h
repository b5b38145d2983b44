/* converse.h -- one item of a person: put to the dialogue, and how it ends. Room-internal: turn.c
 * takes items, thought.c puts several together. */
#ifndef CONVERSE_H
#define CONVERSE_H

#include "err.h"
#include "store.h"

struct inbound;
struct turns;

enum ending {
    TURN_ENDED,  /* done, or not ours to do                                     */
    TURN_FAILED, /* this item alone: kept in the inbox with its reason          */
    TURN_TROUBLE /* the store: nothing of the whole request can be promised     */
};

struct item {
    const struct inbound *in;
    int64_t inbox, contact;
    enum inbox_state state; /* for its inbox row */
};

/* item_try(t, x, run, failure, e): `run` within a mark. When it fails all of it is undone, `failure`
 * says why, and the item's state is FAILED. */
enum ending item_try(struct turns *t, struct item *x,
                     enum ending (*run)(struct turns *t, struct item *x, struct err *e),
                     char failure[static ERR_TEXT_MAX], struct err *e);

/* item_converse(t, x, e): the conversation loaded, stepped, obeyed and saved. */
enum ending item_converse(struct turns *t, struct item *x, struct err *e);

/* item_close(t, x, reason, e): its state to its inbox row; a failure is told in the log as well. */
int item_close(struct turns *t, const struct item *x, const char *reason, struct err *e);

#endif

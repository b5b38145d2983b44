/* converse.h -- one event of a chat: put to the dialogue, and how it ends. Room-internal: turn.c takes
 * items, thought.c puts several together, clock.c and desk.c have events that are no message. */
#ifndef CONVERSE_H
#define CONVERSE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "flood.h"
#include "store.h"

struct config;
struct conversation;
struct event;
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
    enum inbox_state state; /* for its inbox row     */
    const char *reason;     /* of that state, or NULL */

    /* Of a message, once it is weighed (patience.h). */
    struct held_sum held; /* what waits before it, and how its chat fared */
    struct flood pace;    /* how it fares now                             */
    enum flood_verdict flood;
    int64_t weighed; /* whose tally it was counted in; 0: nobody's   */

    size_t missed; /* of a thought: what it stands in for besides what it says */
};

/* A person on one of our accounts. */
struct chat {
    int64_t contact;
    const char *channel, *account;
    int64_t inbox; /* whose turn it is, for the log; 0: nobody's                        */
    bool slow;     /* writes fast: an answer waits a moment, and the next one replaces it */
};

/* chat_load(t, chat, c, e): where they stand; as begun who never wrote. ENDED or TROUBLE. */
enum ending chat_load(struct turns *t, const struct chat *chat, struct conversation *c, struct err *e);

/* chat_event(t, chat, ev, answered, e): the conversation loaded, stepped, obeyed and saved. The window is
 * the platform's: `ev->window_ms` need not be set. `*answered`: something is said. */
enum ending chat_event(struct turns *t, const struct chat *chat, const struct event *ev, bool *answered,
                       struct err *e);

/* chat_said(t, chat, content, human, e): `content` is due to leave. */
int chat_said(struct turns *t, const struct chat *chat, const char *content, bool human, struct err *e);

/* chat_tag(config, contact, tag): what a chat is named by in the log and in reports: a keyed hash. Support
 * can follow it, nobody reads a number. */
enum { CHAT_TAG_MAX = 20 };
void chat_tag(const struct config *config, int64_t contact, char tag[static CHAT_TAG_MAX]);

/* item_try(t, x, run, failure, e): `run` within a mark. When it fails all of it is undone, `failure`
 * says why, and the item's state is FAILED. */
enum ending item_try(struct turns *t, struct item *x,
                     enum ending (*run)(struct turns *t, struct item *x, struct err *e),
                     char failure[static ERR_TEXT_MAX], struct err *e);

/* item_converse(t, x, e): the item's message is an event of its chat. */
enum ending item_converse(struct turns *t, struct item *x, struct err *e);

/* item_courtesy(t, in, answered): what is due to the platform beside a reply, once this is on disk. */
void item_courtesy(struct turns *t, const struct inbound *in, bool answered);

/* item_close(t, x, reason, e): its state to its inbox row; a failure is told in the log as well. */
int item_close(struct turns *t, const struct item *x, const char *reason, struct err *e);

#endif

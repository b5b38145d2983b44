/* turn.h -- what one inbound causes, inside the caller's transaction: dedupe, contact,
 * conversation, dialogue, outbox. Nothing here commits, sends or answers. */
#ifndef TURN_H
#define TURN_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct config;
struct content;
struct err;
struct http_request;
struct store;

/* What is to be done beside the store once it is on disk: a read receipt is a courtesy and is
 * neither kept nor repeated. */
struct courtesy {
    struct courtesy *next;
    const char *message_id;
};

struct turns {
    const struct config *config;
    const struct content *content;
    struct store *store;
    struct arena *arena; /* of this round                                    */
    int64_t now_ms;
    struct courtesy *courtesies;                   /* gathered; in the arena                          */
    size_t messages, duplicates, statuses, failed; /* counted, for the log          */
};

/* turns_run(t, r, status, e): everything in one webhook body. `*status` is the answer it
 * deserves: 200, or 400 for a body that is no JSON of the platform's. -1: the store is in
 * trouble, nothing of this request may stay. */
int turns_run(struct turns *t, const struct http_request *r, int *status, struct err *e);

#endif

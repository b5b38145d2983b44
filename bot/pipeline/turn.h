/* turn.h -- what one inbound causes, inside the caller's transaction: dedupe, contact,
 * conversation, dialogue, outbox. Nothing here commits, sends or answers. */
#ifndef TURN_H
#define TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct config;
struct content;
struct err;
struct courtesy;
struct desk;
struct forgotten;
struct platform;
struct store;

struct turns {
    const struct config *config;
    const struct platform *platforms; /* all of them                                     */
    const struct content *content;
    struct store *store;
    struct arena *arena; /* of this round                                    */
    int64_t now_ms;
    struct desk *desk;                             /* the human's; NULL: she has none                  */
    struct forgotten *forgotten;                   /* the desk's memory; NULL: it has none            */
    struct courtesy *courtesies;                   /* gathered; in the arena                          */
    size_t messages, duplicates, statuses, failed; /* counted, for the log          */
    size_t floods, flooded;                        /* begun; messages that got no answer in one       */
};

/* turns_run(t, p, body, n, status, e): everything in one body of that platform, a webhook's or one
 * that was fetched. `*status` is the answer it
 * deserves: 200, or 400 for a body that is no JSON of the platform's. -1: the store is in
 * trouble, nothing of this request may stay. */
int turns_run(struct turns *t, const struct platform *p, const char *body, size_t n, int *status,
              struct err *e);

/* turns_gone(t, contact, account, e): that person can be written to no more. -1: the store. */
int turns_gone(struct turns *t, int64_t contact, const char *account, struct err *e);

#endif

/* store_self.h -- what a store is inside; for the modules of this room. */
#ifndef STORE_SELF_H
#define STORE_SELF_H

#include "database.h"
#include "siphash.h"

enum { STORE_INSTANCE_HEX = 16 }; /* 64 random bits, so that no two databases meet */

struct store {
    struct database *database;
    char instance[STORE_INSTANCE_HEX + 1];     /* before each tracker: "INSTANCE-ROW" */
    unsigned char seen_key[SIPHASH_KEY_BYTES]; /* of inbox.seen                       */

    /* What deleting left to do once it is committed (database.h). */
    bool log_due, rewrite_due;
    int64_t rewrite_from_mono_ms; /* a due rewrite waits until then                    */
    int64_t rewritten_ms;         /* the janitor's last, by its caller's clock; 0 none */
    bool dropped;                 /* the janitor dropped something since               */
    bool erased;                  /* somebody was, since it was opened (inbox.c)       */
};

/* store_hash(s, space, text): keyed, and in each space with a key of its own: what was hashed cannot be read, nor
 * compared with what another database holds. In inbox.c. */
int64_t store_hash(const struct store *s, const char *space, const char *text);

/* identity_load(s, contact, out, a, e): the names they have on out->channel, the newest of each kind. 1,
 * 0 none, -1. In outbox.c. */
struct identity;
int identity_load(struct store *s, int64_t contact, struct identity *out, struct arena *a, struct err *e);

/* whom_read(q, a, out, e): the first row of a query for contact and account. 1, 0 none, -1. In outbox.c. */
struct whom;
int whom_read(struct query *q, struct arena *a, struct whom *out, struct err *e);

#endif

/* sender.h -- outbox rows to the platform and back: one in flight per contact, verdicts kept
 * until they are on disk, pauses of a chat or of the whole account (ruling.h).
 *
 * The desk's round: sender_store() and sender_claim() inside the transaction, then
 * sender_committed() or sender_rolled_back(). A row is marked as being sent before a byte of it
 * leaves. Time is an argument: nothing here reads a clock. */
#ifndef SENDER_H
#define SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct courtesy;
struct err;
struct http_client;
struct platform;
struct sender;
struct store;
struct whom;

/* Requests in flight at once: enough for a thousand messages a second at 50 ms an answer. */
enum { SENDER_FLIGHTS_MAX = 64 };

/* Of one platform. NULL when out of memory. The platform and the client are borrowed. */
struct sender *sender_new(const struct platform *platform, struct http_client *client);
void sender_free(struct sender *s); /* the client must not be polled after it; NULL is fine */

/* sender_store(s, store, now, e): writes the verdicts that came in since; a topic that was made for
 * somebody erased meanwhile is put out to be deleted. -1: none of them is taken for written. */
int sender_store(struct sender *s, struct store *store, int64_t now_ms, struct err *e);

/* sender_gone(s, n): who can be written to no more, by the verdicts of the last sender_store(). */
const struct whom *sender_gone(const struct sender *s, size_t *n);

/* sender_flat(s): its chat, a desk, turned out to have no topics. */
bool sender_flat(const struct sender *s);

/* sender_claim(s, store, now, e): marks as many due rows as may fly now; who cannot be written
 * to at all dies here, without a request. The number of rows that moved, or -1. */
int sender_claim(struct sender *s, struct store *store, int64_t now_ms, struct err *e);

/* sender_committed(s): what was stored is forgotten, what was claimed is sent.
 * sender_rolled_back(s): what was stored is kept for the next round, what was claimed is
 * forgotten. */
void sender_committed(struct sender *s);
void sender_rolled_back(struct sender *s);

/* sender_courtesy(s, list, now): those of its platform; sent once, whatever comes of them; left out
 * when the account rests or too many are under way. */
void sender_courtesy(struct sender *s, const struct courtesy *list, int64_t now_ms);

/* sender_tally(s): what became of replies since the start, as far as it is on disk: taken by the
 * platform, or given up here. What a status says later is not in it. */
struct sender_tally {
    uint64_t sent, dead;
};
struct sender_tally sender_tally(const struct sender *s);

bool sender_has_verdicts(const struct sender *s);
size_t sender_flights(const struct sender *s);

/* sender_ready_at(s, now): when it may claim again: `now` or earlier, the end of a pause, or
 * INT64_MAX: not before an answer comes in. */
int64_t sender_ready_at(const struct sender *s, int64_t now_ms);

#endif

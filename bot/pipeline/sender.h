/* sender.h -- outbox rows to the platform and back: one in flight per contact, verdicts kept
 * until they are on disk, pauses of a chat or of the whole account.
 *
 * The desk's round: sender_store() and sender_claim() inside the transaction, sender_start()
 * after its commit. A row is marked as being sent before a byte of it leaves. */
#ifndef SENDER_H
#define SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;
struct courtesy;
struct err;
struct http_client;
struct sender;
struct store;

/* Requests in flight at once: enough for a thousand messages a second at 50 ms an answer. */
enum { SENDER_FLIGHTS_MAX = 64 };

/* NULL when out of memory. The config and the client are borrowed. */
struct sender *sender_new(const struct config *config, struct http_client *client);
void sender_free(struct sender *s); /* the client must not be polled after it; NULL is fine */

/* sender_store(s, store, now, e): writes the verdicts that came in since. -1: none of them is
 * taken for written; they are kept for the next round. */
int sender_store(struct sender *s, struct store *store, int64_t now_ms, struct err *e);

/* sender_claim(s, store, now, e): marks as many due rows as may fly now. -1: none. */
int sender_claim(struct sender *s, struct store *store, int64_t now_ms, struct err *e);

/* sender_committed(s): what was stored is forgotten, what was claimed is sent.
 * sender_rolled_back(s): what was stored is kept, what was claimed is forgotten. */
void sender_committed(struct sender *s, int64_t now_ms);
void sender_rolled_back(struct sender *s);

/* sender_courtesy(s, list): read receipts; sent once, whatever comes of them. */
void sender_courtesy(struct sender *s, const struct courtesy *list);

bool sender_has_verdicts(const struct sender *s);
size_t sender_flights(const struct sender *s);

/* sender_free_at(s): when the account may send again; 0: now. */
int64_t sender_free_at(const struct sender *s);

/* sender_next_try(kind of trouble): when a row may go again, from its attempt, counting from 1,
 * and what the platform asked for. */
int64_t sender_backoff_ms(unsigned attempt, int64_t retry_after_ms);
int64_t sender_pace_ms(unsigned attempt);

#endif

/* senders.h -- the senders (sender.h) of all platforms, as the desk's round knows them. */
#ifndef SENDERS_H
#define SENDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform.h"

struct courtesy;
struct err;
struct http_client;
struct sender;
struct store;
struct turns;

struct senders {
    struct sender *of[PLATFORM_N];
};

/* senders_open(s, platforms, client): -1 when out of memory; senders_close() either way. */
int senders_open(struct senders *s, const struct platform platforms[PLATFORM_N], struct http_client *client);
void senders_close(struct senders *s);

/* In the transaction, in this order. senders_tell_gone(): who cannot be written to any more is told to the
 * dialogue: nothing is said until they write. senders_claim(): the number of rows that moved, or -1. */
int senders_store(struct senders *s, struct store *store, int64_t now_ms, struct err *e);
int senders_tell_gone(struct senders *s, struct turns *t, struct err *e);
int senders_claim(struct senders *s, struct store *store, int64_t now_ms, struct err *e);

/* After it; `list`: the courtesies of the round. */
void senders_committed(struct senders *s, const struct courtesy *list, int64_t now_ms);
void senders_rolled_back(struct senders *s);

bool senders_have_verdicts(const struct senders *s);
size_t senders_flights(const struct senders *s);

/* senders_ready_at(s, now): when the first of them may claim again (sender_ready_at). */
int64_t senders_ready_at(const struct senders *s, int64_t now_ms);

#endif

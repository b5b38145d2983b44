/* report.h -- who waits for the human, for the operator: chats by keyed hash, nothing personal. */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

struct arena;
struct buf;
struct config;
struct err;
struct store;

/* report_write(store, config, a, out, e): "waiting=2 human=1", then a line for each chat that the bot has
 * not alone, longest first: "holder=waiting since=2026-11-24T09:06:00Z channel=whatsapp chat=4f2a…". The
 * hash is the one of the log. -1: the store, or no memory. */
int report_write(struct store *store, const struct config *config, struct arena *a, struct buf *out,
                 struct err *e);

#endif

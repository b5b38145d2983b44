/* webhook.h -- Meta's webhooks: what they say, how they are written, how they are signed. */
#ifndef WEBHOOK_H
#define WEBHOOK_H

#include "world.h"

#include <jansson.h>
#include <stddef.h>

struct buf;
struct options;

/* The account that owns the number. Invented. */
#define ACCOUNT_ID "900100"

/* "sha256=" and 64 hex digits. */
enum { SIGNATURE_MAX = 72 };

/* webhook_message(...): the whole body with one message of a customer. New references, NULL when
 * out of memory. */
json_t *webhook_message(const struct world *w, const struct options *o, const struct message *m);
/* webhook_status(...): that a message of the bot was sent, delivered, read, or failed. */
json_t *webhook_status(const struct world *w, const struct options *o, const struct message *m,
                       enum ticks what);
/* webhook_undeliverable(...): failed with 131026, for somebody this world does not know. */
json_t *webhook_undeliverable(const struct world *w, const struct options *o, const char *wamid,
                              const char *phone, const char *user_id, const char *tracker);
/* webhook_echo(...): the owner typed `m` in the Business app. */
json_t *webhook_echo(const struct world *w, const struct options *o, const struct message *m);
/* webhook_system(...): a change of identity; `system` is the object of that name (taken). */
json_t *webhook_system(const struct world *w, const struct options *o, const char *from, json_t *take_system);
/* webhook_wrap(o, field, value): any `value` (taken) in the outer shape. */
json_t *webhook_wrap(const struct options *o, const char *field, json_t *take_value);

/* webhook_value(o): the common part of a `value`. webhook_contact(c): an entry of contacts[].
 * webhook_message_json(m): an entry of messages[]. */
json_t *webhook_value(const struct options *o);
json_t *webhook_contact(const struct customer *c);
json_t *webhook_message_json(const struct message *m);

/* webhook_write(body, out): as Meta writes JSON: non-ASCII as \uXXXX in lower-case hex, '/' as \/. */
void webhook_write(const json_t *body, struct buf *out);

/* webhook_sign(secret, bytes, n, out): the value of X-Hub-Signature-256. */
void webhook_sign(const char *secret, const char *bytes, size_t n, char out[static SIGNATURE_MAX]);

#endif

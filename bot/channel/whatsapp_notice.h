/* whatsapp_notice.h -- news about the account, in one line for the operator. */
#ifndef WHATSAPP_NOTICE_H
#define WHATSAPP_NOTICE_H

#include <stdint.h>

#include <jansson.h>

struct batch;
struct inbound;

/* Both: `when` is the entry's time or 0. The same may happen again and be told in the same words;
 * the time parts the two. */

/* notice_read(b, field, when, value, in): a change of a field that holds no messages. NOTICE for
 * those the operator should see, else SKIPPED. Names field and event, never a person. */
void notice_read(struct batch *b, const char *field, int64_t when, const json_t *value, struct inbound *in);

/* notice_error(b, field, when, error, in): an item of value.errors that goes with no message. */
void notice_error(struct batch *b, const char *field, int64_t when, const json_t *error, struct inbound *in);

#endif

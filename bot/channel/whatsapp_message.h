/* whatsapp_message.h -- one message of any type into our words. */
#ifndef WHATSAPP_MESSAGE_H
#define WHATSAPP_MESSAGE_H

#include <stdint.h>

#include <jansson.h>

struct batch;
struct inbound;

/* message_read(b, message, in): fills in->message from its type on; id, names and number are
 * the caller's. NULL, or why the message is broken. Sets INBOUND_SKIPPED with a reason for what
 * asks for no answer. */
const char *message_read(struct batch *b, const json_t *message, struct inbound *in);

/* message_sent_ms(message): its timestamp; 0 when it has none that can be read. */
int64_t message_sent_ms(const json_t *message);

#endif

/* whatsapp.h -- WhatsApp Business Platform, Cloud API (Graph API v25.0 and v26.0). */
#ifndef WHATSAPP_H
#define WHATSAPP_H

#include <stdbool.h>

struct buf;
struct err;
struct channel;

extern const struct channel whatsapp;

/* The header that carries the signature of a POST: "sha256=" and 64 hex digits, HMAC-SHA256 of
 * the raw body under the app secret (Meta: "Validating payloads"). */
#define WHATSAPP_SIGNATURE_HEADER "x-hub-signature-256"

/* whatsapp_handshake(mode, token, challenge, expected): the GET check when the callback is
 * configured. True when mode is "subscribe", the token is ours (constant time) and there is a
 * challenge to echo. Any argument but `expected` may be NULL. */
bool whatsapp_handshake(const char *mode, const char *token, const char *challenge, const char *expected);

/* whatsapp_read_receipt(message_id, typing, out): the body that marks a message as read and,
 * in the same call, shows that we are typing (25 s or until the reply). */
void whatsapp_read_receipt(const char *message_id, bool typing, struct buf *out);

/* whatsapp_messages_url(base, version, account, out): where sends are posted. */
void whatsapp_messages_url(const char *base, const char *version, const char *account, struct buf *out);

/* whatsapp_says(content, text): is `text` what a content of ours says? An echo carries the words alone. */
bool whatsapp_says(const char *content, const char *text);

#endif

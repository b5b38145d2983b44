/* telegram_parts.h -- the pieces the Telegram translator is made of; only telegram*.c include it. */
#ifndef TELEGRAM_PARTS_H
#define TELEGRAM_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "channel.h"

struct batch;

/* ---- telegram_parse.c, telegram_render.c, telegram_verdict.c: see struct channel ---- */

int telegram_parse(const char *body, size_t n, const char *account, struct arena *a, struct inbound **out,
                   struct err *e);
int telegram_render(const struct outbound *o, struct buf *out, struct err *e);
struct verdict telegram_verdict(int http_status, const char *body, size_t n, struct arena *a);

/* ---- telegram_message.c: one update of each kind into our words ---- */

/* Each fills in->message from the update's part, or sets in->reason for what asks for no answer.
 * NULL, or why the update is broken. Who wrote it and where is the caller's. */
const char *telegram_read_message(struct batch *b, const json_t *part, struct inbound *in);
const char *telegram_read_edit(struct batch *b, const json_t *part, struct inbound *in);
const char *telegram_read_press(struct batch *b, const json_t *part, struct inbound *in);
const char *telegram_read_membership(struct batch *b, const json_t *part, struct inbound *in);

/* telegram_id(object, key, out): a whole number in `object`. False when it has none. */
bool telegram_id(const json_t *object, const char *key, int64_t *out);

/* telegram_message_id(b, message): "CHAT/MESSAGE_ID" of a message as the platform shows it, or NULL. */
const char *telegram_message_id(struct batch *b, const json_t *message);

/* ---- telegram.c: ids and addresses in requests ---- */

/* telegram_put_id(id, out): as a number. What is none goes as a string, so that the body is JSON whatever
 * was given: the platform then says what is wrong. */
void telegram_put_id(const char *id, struct buf *out);

/* telegram_thread(id): a topic as requests name it, NULL for none. General has id 1, but a request that
 * says so is refused: "message thread not found". */
const char *telegram_thread(const char *id);

/* telegram_put_base(base, out): a server's address as requests begin, without a '/' at its end. */
void telegram_put_base(const char *base, struct buf *out);

/* ---- telegram_html.c: our texts in parse_mode HTML ---- */

/* A text under way and its length as Telegram counts it: code points, without tags. */
struct html {
    struct buf *out;
    size_t points;
};

void html_plain(struct html *h, const char *s);  /* as it stands                   */
void html_marked(struct html *h, const char *s); /* with its *bold* words in bold  */
void html_tag(struct html *h, const char *tag);  /* a tag of ours: counts for none */

/* html_points(s): the length of a text in HTML as Telegram counts it; an entity is one. */
size_t html_points(const char *s);

#endif

/* whatsapp_parts.h -- the pieces the WhatsApp translator is made of; only whatsapp*.c include it. */
#ifndef WHATSAPP_PARTS_H
#define WHATSAPP_PARTS_H

#include "channel.h"

/* ---- whatsapp_identity.c: how names look ---- */

/* PHONE_DIGITS_MAX: ITU-T E.164. The least is no rule, only what no real number goes below. */
enum { PHONE_DIGITS_MIN = 7, PHONE_DIGITS_MAX = 15 };

/* whatsapp_is_phone(s): digits alone, as many as a full number has. */
bool whatsapp_is_phone(const char *s);

/* whatsapp_is_user_id(s): a business-scoped user id, also in its parent form:
 * ^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$ (Meta: "Business-scoped user IDs"). */
bool whatsapp_is_user_id(const char *s);

/* ---- whatsapp_media.c ---- */

/* whatsapp_is_media_id(s): fit to stand in a path: 1 to MEDIA_ID_MAX of [A-Za-z0-9._-], the first no
 * dot. Meta's are digits, and not promised to stay so. */
bool whatsapp_is_media_id(const char *s);

/* ---- whatsapp.c ---- */

/* whatsapp_put_node(base, version, node, out): where Meta has a thing with an id. */
void whatsapp_put_node(const char *base, const char *version, const char *node, struct buf *out);

/* ---- whatsapp_parse.c, whatsapp_render.c, whatsapp_verdict.c: see struct channel ---- */

int whatsapp_parse(const char *body, size_t n, const char *account, struct arena *a, struct inbound **out,
                   struct err *e);
int whatsapp_render(const struct outbound *o, struct buf *out, struct err *e);
struct verdict whatsapp_verdict(int http_status, const char *body, size_t n, struct arena *a);

/* ---- whatsapp_verdict.c: Meta's error codes ---- */

struct whatsapp_error {
    int from, to; /* the codes this row speaks of */
    enum verdict_kind kind;
    const char *words; /* ours: Meta's own may quote a phone number */
};

/* whatsapp_error_find(code): NULL for a code the table does not list. */
const struct whatsapp_error *whatsapp_error_find(int code);

/* whatsapp_errors(n): the table, `*n` rows in the order of their codes. */
const struct whatsapp_error *whatsapp_errors(size_t *n);

#endif

#include "whatsapp.h"

#include <ctype.h>
#include <string.h>

#include "buf.h"
#include "channel.h"
#include "err.h"
#include "secret.h"
#include "utf8.h"
#include "whatsapp_parts.h"
#include "wire.h"

/* biz_opaque_callback_data, in characters (fact of the platform: longer refuses the send). */
enum { TRACKER_MAX = 512 };

/* "sha256=" and 64 hex digits. */
enum { SIGNATURE_PREFIX = 7, SIGNATURE_DIGITS = 64 };

static bool whatsapp_authentic(const char *body, size_t n, const char *header, const char *secret)
{
    char ours[SIGNATURE_DIGITS + 1], theirs[SIGNATURE_DIGITS + 1];

    /* With an empty secret anybody could sign. */
    if (header == NULL || secret == NULL || *secret == '\0') return false;
    if (strlen(header) != SIGNATURE_PREFIX + SIGNATURE_DIGITS) return false;
    if (memcmp(header, "sha256=", SIGNATURE_PREFIX) != 0) return false;
    for (size_t i = 0; i < SIGNATURE_DIGITS; i++) {
        unsigned char c = (unsigned char)header[SIGNATURE_PREFIX + i];
        if (!isxdigit(c)) return false;
        theirs[i] = (char)tolower(c);
    }
    theirs[SIGNATURE_DIGITS] = '\0';
    secret_hmac_hex(secret, body == NULL ? "" : body, n, ours);
    return secret_equal(ours, theirs);
}

bool whatsapp_handshake(const char *mode, const char *token, const char *challenge, const char *expected)
{
    if (mode == NULL || token == NULL || challenge == NULL) return false;
    if (expected == NULL || *expected == '\0' || *challenge == '\0') return false;
    return strcmp(mode, "subscribe") == 0 && secret_equal(token, expected);
}

void whatsapp_read_receipt(const char *message_id, bool typing, struct buf *out)
{
    buf_adds(out, "{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":");
    wire_put(out, message_id);
    if (typing) buf_adds(out, ",\"typing_indicator\":{\"type\":\"text\"}");
    buf_addc(out, '}');
}

void whatsapp_put_node(const char *base, const char *version, const char *node, struct buf *out)
{
    size_t n = strlen(base);

    while (n > 0 && base[n - 1] == '/') n--;
    buf_add(out, base, n);
    buf_addf(out, "/%s/%s", version, node);
}

void whatsapp_messages_url(const char *base, const char *version, const char *account, struct buf *out)
{
    whatsapp_put_node(base, version, account, out);
    buf_adds(out, "/messages");
}

/* A phone goes in `to`, a BSUID in `recipient`: one in `to` is answered 200 and dropped. With
 * both known Meta advises the phone. The '+' keeps Meta from prefixing our own country code. */
static int put_addressee(const struct identity *to, struct buf *out, struct err *e)
{
    const char *id = to->user_id != NULL && whatsapp_is_user_id(to->user_id) ? to->user_id : to->parent_id;

    if (to->phone != NULL && whatsapp_is_phone(to->phone)) {
        buf_addf(out, ",\"to\":\"+%s\"", to->phone);
        return 0;
    }
    if (id == NULL || !whatsapp_is_user_id(id))
        return err_set(e, "whatsapp: no addressee: expected a phone number or a business-scoped user id");
    buf_adds(out, ",\"recipient\":");
    wire_put(out, id);
    return 0;
}

static int whatsapp_address(const char *content, const struct identity *to, const char *tracker,
                            struct buf *out, struct err *e)
{
    if (content[0] != '{' || content[1] != '"')
        return err_set(e, "whatsapp: content to send is no JSON object with members");
    if (tracker != NULL && utf8_count(tracker) > TRACKER_MAX)
        return err_set(e, "whatsapp: tracker of %zu characters, at most %d", utf8_count(tracker),
                       TRACKER_MAX);
    buf_adds(out, "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\"");
    if (put_addressee(to, out, e) != 0) return -1;
    if (tracker != NULL) {
        buf_adds(out, ",\"biz_opaque_callback_data\":");
        wire_put(out, tracker);
    }
    buf_addc(out, ',');
    buf_adds(out, content + 1);
    return out->failed ? err_set(e, "whatsapp: out of memory for a request") : 0;
}

bool whatsapp_says(const char *content, const char *text)
{
    json_t *tree = wire_load(content, strlen(content), NULL);
    const char *plain = wire_string(wire_object(tree, "text"), "body");
    const char *body = wire_string(wire_object(wire_object(tree, "interactive"), "body"), "text");
    const char *said = plain != NULL ? plain : body;
    bool same = said != NULL && strcmp(said, text) == 0;

    json_decref(tree);
    return same;
}

const struct channel whatsapp = {
    .name = "whatsapp",
    .authentic = whatsapp_authentic,
    .parse = whatsapp_parse,
    .render = whatsapp_render,
    .address = whatsapp_address,
    .verdict = whatsapp_verdict,
};

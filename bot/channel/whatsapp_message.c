#include "whatsapp_message.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "channel.h"
#include "whatsapp_parts.h"
#include "wire.h"

/* Seconds stay below this until the year 33658; courier has met milliseconds. */
#define MILLISECONDS_FROM INT64_C(1000000000000)
enum { TIMESTAMP_DIGITS_MAX = 15 };

int64_t message_sent_ms(const json_t *message)
{
    const json_t *stamp = json_object_get(message, "timestamp");
    const char *s = json_string_value(stamp);
    int64_t t = json_is_integer(stamp) ? (int64_t)json_integer_value(stamp) : 0;

    if (s != NULL) {
        size_t n = strspn(s, "0123456789");
        if (s[n] == '\0' && n > 0 && n <= TIMESTAMP_DIGITS_MAX) t = strtoll(s, NULL, 10);
    }
    if (t < 0 || t >= MILLISECONDS_FROM * 1000) return 0;
    return t >= MILLISECONDS_FROM ? t : t * 1000;
}

/* Every read_ gets the message and what stands under the key of its type (`part`, maybe NULL or
 * not even an object), and gives NULL or why the message is broken. */

static const char *read_text(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    const char *body = wire_string(part, "body");

    (void)m;
    if (body == NULL) return "text without body";
    in->message.kind = MESSAGE_TEXT;
    in->message.text = batch_text(b, body, TEXT_POINTS_MAX);
    return NULL;
}

static const char *read_tap(struct batch *b, const char *choice, const char *title, struct inbound *in)
{
    if (choice == NULL) return "a tap without the id of what was tapped";
    in->message.kind = MESSAGE_TAP;
    in->message.choice = batch_text(b, choice, CHOICE_POINTS_MAX);
    in->message.text = batch_text(b, title, TEXT_POINTS_MAX);
    return NULL;
}

static const char *read_other(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    (void)b, (void)m, (void)part;
    in->message.kind = MESSAGE_MEDIA;
    in->message.media = MEDIA_OTHER;
    return NULL;
}

static const char *read_interactive(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    const char *type = wire_string(part, "type");

    /* Met without its object, and 131000 in value.errors: the person waits all the same. */
    if (part == NULL || json_is_null(part)) return read_other(b, m, part, in);
    if (type == NULL) return "an interactive reply without type";
    if (strcmp(type, "button_reply") == 0 || strcmp(type, "list_reply") == 0) {
        const json_t *reply = wire_object(part, type);
        return read_tap(b, wire_string(reply, "id"), wire_string(reply, "title"), in);
    }
    if (strcmp(type, "call_permission_reply") == 0) { /* we never ask for it */
        in->reason = "a reply about calls, which are not served";
        return NULL;
    }
    return read_other(b, m, part, in); /* nfm_reply, a form of another app, or newer than we are */
}

/* A template's quick reply. Its payload is the title unless one was given when sending. */
static const char *read_button(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    const char *payload = wire_string(part, "payload"), *text = wire_string(part, "text");

    (void)m;
    return read_tap(b, payload != NULL ? payload : text, text, in);
}

static const char *read_reaction(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    (void)m;
    in->message.about = batch_id(b, wire_string(part, "message_id"));
    if (in->message.about == NULL) return "a reaction to no message";
    in->message.kind = MESSAGE_REACTION;
    in->message.text = batch_line(b, wire_string(part, "emoji"), NAME_POINTS_MAX);
    return NULL;
}

static const char *read_edit(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    const json_t *after = wire_object(part, "message");
    const char *type = wire_string(after, "type");

    (void)m;
    in->message.about = batch_id(b, wire_string(part, "original_message_id"));
    if (in->message.about == NULL) return "an edit of no message";
    if (type == NULL) return "an edit without the message it makes";
    const json_t *words = wire_object(after, type);
    in->message.kind = MESSAGE_EDIT;
    in->message.text =
        batch_text(b, wire_string(words, strcmp(type, "text") == 0 ? "body" : "caption"), TEXT_POINTS_MAX);
    return NULL;
}

static const char *read_revoke(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    (void)m;
    in->message.about = batch_id(b, wire_string(part, "original_message_id"));
    if (in->message.about == NULL) return "a withdrawal of no message";
    in->message.kind = MESSAGE_REVOKE;
    return NULL;
}

static const char *read_open(struct batch *b, const json_t *m, const json_t *part, struct inbound *in)
{
    (void)b, (void)m, (void)part;
    in->message.kind = MESSAGE_OPEN;
    return NULL;
}

/* ---- media: a spoiled file must not cost the person an answer, so nothing here is ever broken ---- */

static void read_file(struct batch *b, const json_t *part, struct message *m)
{
    const char *id = wire_string(part, "id");

    if (id != NULL && whatsapp_is_media_id(id)) m->media_id = batch_keep(b, id);
    m->mime = batch_mime(b, wire_string(part, "mime_type"));
    m->file_name = batch_file_name(b, wire_string(part, "filename"));
}

static const struct {
    const char *type;
    enum media_kind media;
    bool file;
    const char *words; /* key of what the person wrote with it. Or NULL */
} medias[] = {
    {"audio", MEDIA_AUDIO, true, "caption"},  {"image", MEDIA_IMAGE, true, "caption"},
    {"video", MEDIA_VIDEO, true, "caption"},  {"document", MEDIA_DOCUMENT, true, "caption"},
    {"sticker", MEDIA_STICKER, true, NULL},   {"location", MEDIA_LOCATION, false, NULL},
    {"contacts", MEDIA_CONTACT, false, NULL}, {"order", MEDIA_ORDER, false, "text"},
};

static bool read_media(struct batch *b, const char *type, const json_t *part, struct inbound *in)
{
    for (size_t i = 0; i < sizeof medias / sizeof *medias; i++) {
        if (strcmp(type, medias[i].type) != 0) continue;
        in->message.kind = MESSAGE_MEDIA;
        in->message.media = medias[i].media;
        if (medias[i].media == MEDIA_AUDIO && wire_true(part, "voice")) in->message.media = MEDIA_VOICE;
        if (medias[i].words != NULL)
            in->message.text = batch_text(b, wire_string(part, medias[i].words), TEXT_POINTS_MAX);
        if (medias[i].file) read_file(b, part, &in->message);
        return true;
    }
    return false;
}

static const struct {
    const char *type;
    const char *(*read)(struct batch *, const json_t *, const json_t *, struct inbound *);
} readers[] = {
    {"text", read_text},
    {"interactive", read_interactive},
    {"button", read_button},
    {"reaction", read_reaction},
    {"edit", read_edit},
    {"revoke", read_revoke},
    {"request_welcome", read_open},
};

const char *message_read(struct batch *b, const json_t *message, struct inbound *in)
{
    const char *type = wire_string(message, "type");
    const json_t *part = json_object_get(message, type);

    /* A reply quotes by id; what was forwarded has a context without one. */
    in->message.about = batch_id(b, wire_string(wire_object(message, "context"), "id"));
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (strcmp(type, readers[i].type) == 0) return readers[i].read(b, message, part, in);
    if (read_media(b, type, part, in)) return NULL;
    /* "unsupported", "unknown", and every type to come: somebody waits for an answer. */
    return read_other(b, message, part, in);
}

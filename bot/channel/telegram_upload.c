#include "telegram_upload.h"

#include <string.h>

#include "buf.h"
#include "err.h"
#include "form.h"
#include "mime.h"
#include "telegram_parts.h"

/* ---- which way a file goes ---- */

/* Where the name of a codec stands in an OGG's first page: behind its header of 28 bytes (RFC 3533 6,
 * RFC 7845 5.1). */
static bool is_opus(const char *bytes, size_t n)
{
    return n >= 36 && memcmp(bytes, "OggS", 4) == 0 && memcmp(bytes + 28, "OpusHead", 8) == 0;
}

/* A WebP that moves has an extended header with this flag (WebP container, "Extended file format");
 * Telegram has other formats for that. */
static bool is_still(const char *bytes, size_t n)
{
    enum { MOVES = 0x02 };

    if (n < 21 || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WEBP", 4) != 0) return false;
    return memcmp(bytes + 12, "VP8X", 4) != 0 || ((unsigned char)bytes[20] & MOVES) == 0;
}

static bool is_small(const char *bytes, size_t n)
{
    (void)bytes;
    return n <= TELEGRAM_PHOTO_MAX;
}

struct way {
    enum media_kind kind;
    const char *mime;
    bool (*fits)(const char *bytes, size_t n); /* NULL: whatever the bytes are */
    const char *method, *field;
};

static const struct way ways[] = {
    {MEDIA_IMAGE, "image/jpeg", is_small, "sendPhoto", "photo"},
    {MEDIA_IMAGE, "image/png", is_small, "sendPhoto", "photo"},
    {MEDIA_IMAGE, "image/webp", is_small, "sendPhoto", "photo"},
    {MEDIA_VOICE, "audio/ogg", is_opus, "sendVoice", "voice"},
    {MEDIA_VOICE, "audio/mpeg", NULL, "sendAudio", "audio"},
    {MEDIA_VOICE, "audio/mp4", NULL, "sendAudio", "audio"},
    {MEDIA_AUDIO, "audio/ogg", is_opus, "sendVoice", "voice"},
    {MEDIA_AUDIO, "audio/mpeg", NULL, "sendAudio", "audio"},
    {MEDIA_AUDIO, "audio/mp4", NULL, "sendAudio", "audio"},
    {MEDIA_VIDEO, "video/mp4", NULL, "sendVideo", "video"},
    {MEDIA_STICKER, "image/webp", is_still, "sendSticker", "sticker"},
};

static const struct way as_document = {MEDIA_DOCUMENT, NULL, NULL, "sendDocument", "document"};

static const struct way *way_of(const struct telegram_upload *u)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct way *w = &ways[i];
        if (w->kind == u->kind && mime_same(u->mime, w->mime) && (w->fits == NULL || w->fits(u->bytes, u->n)))
            return w;
    }
    return &as_document;
}

/* ---- the form ---- */

static void reply_to(const char *message_id, struct buf *json)
{
    if (message_id == NULL) return;
    buf_adds(json, "{\"message_id\":");
    telegram_put_id(message_id, json);
    buf_adds(json, ",\"allow_sending_without_reply\":true}");
}

static const char *caption_of(const struct telegram_upload *u, const struct way *way)
{
    bool none = u->caption == NULL || *u->caption == '\0' || strcmp(way->field, "sticker") == 0;

    return none ? NULL : u->caption;
}

static int put_form(const struct telegram_upload *u, const struct way *way, struct buf *type,
                    struct buf *body, struct err *e)
{
    const char *caption = caption_of(u, way);
    struct buf reply = {0};
    int rc;

    reply_to(u->reply_to, &reply);
    const struct form_field fields[] = {{"chat_id", u->chat_id},
                                        {"message_thread_id", telegram_thread(u->thread_id)},
                                        {"reply_parameters", reply.len > 0 ? buf_text(&reply) : NULL},
                                        {"caption", caption},
                                        {"parse_mode", caption == NULL ? NULL : "HTML"}};
    const struct form form = {.fields = fields,
                              .field_n = sizeof fields / sizeof *fields,
                              .file_field = way->field,
                              .kind = u->kind,
                              .file_name = u->file_name,
                              .mime = u->mime,
                              .bytes = u->bytes,
                              .n = u->n};
    rc = reply.failed ? err_set(e, "out of memory") : form_render(&form, type, body, e);
    buf_free(&reply);
    return rc;
}

int telegram_upload_render(const struct telegram_upload *u, const char **method, struct buf *type,
                           struct buf *body, struct err *e)
{
    const struct way *way = way_of(u);

    *method = way->method;
    if (u->n == 0) return err_set(e, "telegram: an empty file");
    if (u->n > TELEGRAM_UPLOAD_MAX)
        return err_set(e, "telegram: a file of %zu bytes, at most %d", u->n, TELEGRAM_UPLOAD_MAX);
    const char *caption = caption_of(u, way);
    size_t points = caption == NULL ? 0 : html_points(caption);
    if (points > TELEGRAM_CAPTION_MAX)
        return err_set(e, "telegram: a caption of %zu characters, at most %d", points, TELEGRAM_CAPTION_MAX);
    return put_form(u, way, type, body, e) == 0 ? 0 : err_wrap(e, "telegram");
}

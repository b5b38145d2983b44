/* Built here and not by libcurl: its curl_mime hangs on a handle, and handles are http/'s, which knows
 * bytes only; a translator gives bytes, and they can be tested as such. */
#include "telegram_upload.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "err.h"
#include "secret.h"
#include "telegram_parts.h"

enum { BOUNDARY_CHARS = 32, BOUNDARY_TRIES = 8 };

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

/* The same kind of file, whatever parameters follow it: "audio/ogg; codecs=opus". */
static bool same_mime(const char *theirs, const char *ours)
{
    size_t n = strcspn(theirs, "; ");

    return n == strlen(ours) && strncasecmp(theirs, ours, n) == 0;
}

static const struct way *way_of(const struct telegram_upload *u)
{
    for (size_t i = 0; u->mime != NULL && i < sizeof ways / sizeof *ways; i++) {
        const struct way *w = &ways[i];
        if (w->kind == u->kind && same_mime(u->mime, w->mime) && (w->fits == NULL || w->fits(u->bytes, u->n)))
            return w;
    }
    return &as_document;
}

/* ---- what it is called ---- */

/* By the name people's programs know what to do with it. */
static const struct {
    const char *mime, *extension;
} extensions[] = {
    {"image/jpeg", ".jpg"},      {"image/png", ".png"},  {"image/webp", ".webp"}, {"audio/ogg", ".ogg"},
    {"audio/mpeg", ".mp3"},      {"audio/mp4", ".m4a"},  {"audio/aac", ".aac"},   {"audio/amr", ".amr"},
    {"video/mp4", ".mp4"},       {"video/3gpp", ".3gp"}, {"text/plain", ".txt"},  {"text/vcard", ".vcf"},
    {"application/pdf", ".pdf"},
};

static const char *extension_of(const char *mime)
{
    for (size_t i = 0; mime != NULL && i < sizeof extensions / sizeof *extensions; i++)
        if (same_mime(mime, extensions[i].mime)) return extensions[i].extension;
    return "";
}

/* Telegram's server undoes percent-encoding in names; older ones take a ';' for the end of a quoted name,
 * and what follows for another (td/net/HttpReader.cpp): "x; name=chat_id" would say where it goes. */
static void put_name(struct buf *out, const char *s)
{
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < ' ' || c == 0x7F || strchr("\"\\;%", c) != NULL)
            buf_addf(out, "%%%02X", c);
        else
            buf_addc(out, *s);
    }
}

static bool is_header_value(const char *s)
{
    for (; *s != '\0'; s++)
        if (*s < ' ' || *s > '~') return false;
    return true;
}

/* ---- the form ---- */

struct form {
    const char *boundary;
    struct buf *out;
};

static void put_field(const struct form *f, const char *name, const char *value)
{
    if (value == NULL) return;
    buf_addf(f->out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n", f->boundary, name);
    buf_adds(f->out, value);
    buf_adds(f->out, "\r\n");
}

static void put_reply(const struct form *f, const char *message_id)
{
    struct buf json = {0};

    if (message_id == NULL) return;
    buf_adds(&json, "{\"message_id\":");
    telegram_put_id(message_id, &json);
    buf_adds(&json, ",\"allow_sending_without_reply\":true}");
    if (json.failed) f->out->failed = true;
    put_field(f, "reply_parameters", buf_text(&json));
    buf_free(&json);
}

static void put_file(const struct form *f, const struct telegram_upload *u, const struct way *way)
{
    bool typed = u->mime != NULL && is_header_value(u->mime);

    buf_addf(f->out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"", f->boundary,
             way->field);
    if (u->file_name != NULL && *u->file_name != '\0')
        put_name(f->out, u->file_name);
    else
        buf_addf(f->out, "%s%s", media_kind_name(u->kind), extension_of(u->mime));
    buf_addf(f->out, "\"\r\nContent-Type: %s\r\n\r\n", typed ? u->mime : "application/octet-stream");
    buf_add(f->out, u->bytes, u->n);
    buf_addf(f->out, "\r\n--%s--\r\n", f->boundary);
}

static const char *caption_of(const struct telegram_upload *u, const struct way *way)
{
    bool none = u->caption == NULL || *u->caption == '\0' || strcmp(way->field, "sticker") == 0;

    return none ? NULL : u->caption;
}

static void put_form(const struct form *f, const struct telegram_upload *u, const struct way *way)
{
    const char *caption = caption_of(u, way);

    put_field(f, "chat_id", u->chat_id);
    put_field(f, "message_thread_id", telegram_thread(u->thread_id));
    put_reply(f, u->reply_to);
    put_field(f, "caption", caption);
    put_field(f, "parse_mode", caption == NULL ? NULL : "HTML");
    put_file(f, u, way);
}

/* Everything of the form but the file is in the boundary's hash, so that nothing in it can hold the
 * boundary; the file is looked through. Who made one to hold the first few would lose their own file. */
static int boundary_find(const struct telegram_upload *u, char out[static 65], struct err *e)
{
    const char *const parts[] = {u->chat_id, u->thread_id, u->reply_to, u->caption, u->file_name, u->mime};
    struct buf all = {0};
    int rc = -1;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] != NULL) buf_adds(&all, parts[i]);
    for (int i = 0; rc != 0 && !all.failed && i < BOUNDARY_TRIES; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "boundary %d", i);
        secret_hmac_hex(key, buf_text(&all), all.len, out);
        out[BOUNDARY_CHARS] = '\0';
        if (out[0] != '\0' && memmem(u->bytes, u->n, out, BOUNDARY_CHARS) == NULL) rc = 0;
    }
    buf_free(&all);
    return rc == 0 ? 0 : err_set(e, "telegram: no boundary for a file of %zu bytes", u->n);
}

int telegram_upload_render(const struct telegram_upload *u, const char **method, struct buf *type,
                           struct buf *body, struct err *e)
{
    const struct way *way = way_of(u);
    char boundary[65];

    *method = way->method;
    if (u->n == 0) return err_set(e, "telegram: an empty file");
    if (u->n > TELEGRAM_UPLOAD_MAX)
        return err_set(e, "telegram: a file of %zu bytes, at most %d", u->n, TELEGRAM_UPLOAD_MAX);
    const char *caption = caption_of(u, way);
    size_t points = caption == NULL ? 0 : html_points(caption);
    if (points > TELEGRAM_CAPTION_MAX)
        return err_set(e, "telegram: a caption of %zu characters, at most %d", points, TELEGRAM_CAPTION_MAX);
    if (boundary_find(u, boundary, e) != 0) return -1;
    buf_addf(type, "multipart/form-data; boundary=%s", boundary);
    put_form(&(struct form){boundary, body}, u, way);
    return type->failed || body->failed ? err_set(e, "telegram: out of memory for a file of %zu bytes", u->n)
                                        : 0;
}

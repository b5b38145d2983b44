#include "whatsapp_upload.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "form.h"
#include "mime.h"
#include "utf8.h"
#include "whatsapp_parts.h"
#include "wire.h"

/* An ending of a name that is longer is none. */
enum { ENDING_POINTS_MAX = 16 };

/* ---- what a file is ---- */

/* Other names by which apps call what Meta takes under one alone, and any text as a plain one: Meta
 * refuses what is not on its list by its name. */
static const char *known_as(const char *mime)
{
    static const struct {
        const char *theirs, *ours;
    } names[] = {{"image/jpg", "image/jpeg"},
                 {"audio/mp3", "audio/mpeg"},
                 {"audio/m4a", "audio/mp4"},
                 {"audio/x-m4a", "audio/mp4"},
                 {"audio/opus", "audio/ogg; codecs=opus"}};

    if (mime == NULL || !mime_is(mime)) return "application/octet-stream";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mime_same(mime, names[i].theirs)) return names[i].ours;
    return strncasecmp(mime, "text/", 5) == 0 ? "text/plain" : mime;
}

/* OGG holds other sound as well, which Meta does not take. Telegram's voice notes are Opus. */
static bool is_opus(const char *mime)
{
    return strcasestr(mime, "opus") != NULL;
}

static const struct way {
    enum media_kind kind, as;
    const char *mime;
    bool (*fits)(const char *mime); /* or NULL */
    size_t max;
} ways[] = {
    {MEDIA_IMAGE, MEDIA_IMAGE, "image/jpeg", NULL, WHATSAPP_IMAGE_MAX},
    {MEDIA_IMAGE, MEDIA_IMAGE, "image/png", NULL, WHATSAPP_IMAGE_MAX},
    {MEDIA_VOICE, MEDIA_VOICE, "audio/ogg", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_VOICE, MEDIA_AUDIO, "audio/mpeg", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_VOICE, MEDIA_AUDIO, "audio/mp4", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_AUDIO, MEDIA_AUDIO, "audio/aac", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_AUDIO, MEDIA_AUDIO, "audio/amr", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_AUDIO, MEDIA_AUDIO, "audio/mpeg", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_AUDIO, MEDIA_AUDIO, "audio/mp4", NULL, WHATSAPP_AUDIO_MAX},
    {MEDIA_AUDIO, MEDIA_AUDIO, "audio/ogg", is_opus, WHATSAPP_AUDIO_MAX},
    {MEDIA_VIDEO, MEDIA_VIDEO, "video/mp4", NULL, WHATSAPP_VIDEO_MAX},
    {MEDIA_VIDEO, MEDIA_VIDEO, "video/3gpp", NULL, WHATSAPP_VIDEO_MAX},
    {MEDIA_STICKER, MEDIA_STICKER, "image/webp", NULL, WHATSAPP_STICKER_MAX},
};

enum media_kind whatsapp_kind_of(enum media_kind kind, const char *mime, size_t n)
{
    const char *known = known_as(mime);

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct way *w = &ways[i];
        if (w->kind == kind && mime_same(known, w->mime) && (w->fits == NULL || w->fits(known)))
            return n <= w->max ? w->as : MEDIA_DOCUMENT;
    }
    return MEDIA_DOCUMENT;
}

/* ---- to Meta ---- */

void whatsapp_upload_url(const char *base, const char *version, const char *account, struct buf *out)
{
    whatsapp_put_node(base, version, account, out);
    buf_adds(out, "/media");
}

int whatsapp_upload_render(const struct whatsapp_upload *u, struct buf *type, struct buf *body, struct err *e)
{
    const char *mime = known_as(u->mime);
    const struct form_field fields[] = {{"messaging_product", "whatsapp"}, {"type", mime}};
    const struct form form = {.fields = fields,
                              .field_n = sizeof fields / sizeof *fields,
                              .file_field = "file",
                              .kind = u->kind,
                              .file_name = u->file_name,
                              .mime = mime,
                              .bytes = u->bytes,
                              .n = u->n};

    if (u->n == 0) return err_set(e, "whatsapp: an empty file");
    if (u->n > WHATSAPP_DOCUMENT_MAX)
        return err_set(e, "whatsapp: a file of %zu bytes, at most %d", u->n, WHATSAPP_DOCUMENT_MAX);
    return form_render(&form, type, body, e) == 0 ? 0 : err_wrap(e, "whatsapp");
}

int whatsapp_uploaded(const char *body, size_t n, struct arena *a, const char **id, struct err *e)
{
    json_t *tree = wire_load(body, n, e);
    const char *told = wire_string(tree, "id");
    int rc = -1;

    *id = NULL;
    if (tree == NULL)
        (void)err_wrap(e, "whatsapp upload");
    else if (told == NULL || !whatsapp_is_media_id(told))
        (void)err_set(e, "whatsapp upload: an answer without an id");
    else if ((*id = arena_strdup(a, told)) == NULL)
        (void)err_set(e, "whatsapp upload: out of memory");
    else
        rc = 0;
    json_decref(tree);
    return rc;
}

/* ---- to the person ---- */

static const struct shape {
    enum media_kind kind;
    bool caption, voice;
    const char *type;
} shapes[] = {
    {MEDIA_IMAGE, true, false, "image"},      {MEDIA_VIDEO, true, false, "video"},
    {MEDIA_AUDIO, false, false, "audio"},     {MEDIA_VOICE, false, true, "audio"},
    {MEDIA_STICKER, false, false, "sticker"},
};

static const struct shape as_document = {MEDIA_DOCUMENT, true, false, "document"};

static const struct shape *shape_of(enum media_kind kind)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].kind == kind) return &shapes[i];
    return &as_document;
}

bool whatsapp_captioned(enum media_kind kind)
{
    return shape_of(kind)->caption;
}

static void put_member(struct buf *out, const char *name, const struct buf *value)
{
    buf_addf(out, ",\"%s\":", name);
    wire_put(out, buf_text(value));
    if (value->failed) out->failed = true;
}

/* Cut before its ending, by which people's programs know what to do with the file. */
static void put_name(struct buf *out, const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t ending = dot == NULL ? 0 : utf8_count(dot);
    struct buf cut = {0};

    if (utf8_count(name) <= WHATSAPP_FILE_NAME_MAX) {
        buf_adds(&cut, name);
    } else {
        if (ending > ENDING_POINTS_MAX) ending = 0;
        buf_add(&cut, name, utf8_cut(name, WHATSAPP_FILE_NAME_MAX - ending));
        if (ending > 0) buf_adds(&cut, dot);
    }
    put_member(out, "filename", &cut);
    buf_free(&cut);
}

static void put_caption(struct buf *out, const char *caption)
{
    struct buf cut = {0};

    buf_add(&cut, caption, utf8_cut(caption, WHATSAPP_CAPTION_MAX));
    put_member(out, "caption", &cut);
    buf_free(&cut);
}

void whatsapp_file_content(enum media_kind kind, const char *media_id, const char *caption,
                           const char *file_name, struct buf *out)
{
    const struct shape *s = shape_of(kind);

    buf_addf(out, "{\"type\":\"%s\",\"%s\":{\"id\":", s->type, s->type);
    wire_put(out, media_id);
    /* Meta refuses an empty one. */
    if (s->caption && caption != NULL && *caption != '\0') put_caption(out, caption);
    if (s == &as_document && file_name != NULL && *file_name != '\0') put_name(out, file_name);
    if (s->voice) buf_adds(out, ",\"voice\":true");
    buf_adds(out, "}}");
}

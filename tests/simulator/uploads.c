#include "uploads.h"

#include "buf.h"
#include "multipart.h"
#include "phone.h"
#include "refusal.h"
#include "server.h"
#include "utf8.h"
#include "world.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* As many as a long test needs, and no more memory than a tester has to spare: the oldest go. */
enum { UPLOADS_MAX = 256, UPLOADS_BYTES_MAX = 256 * 1024 * 1024 };
/* An id has sixteen digits; those of customers' files begin with another (media.c). */
enum { UPLOAD_ID_DIGITS = 16, PARTS_MAX = 8 };

struct uploads {
    struct upload list[UPLOADS_MAX]; /* by n, the oldest first */
    size_t count, bytes;
    int64_t last;
};

/* What Meta takes, in the order in which its refusal lists them. */
static const struct {
    const char *mime, *type; /* type NULL: as a document alone */
} kinds[] = {
    {"audio/aac", "audio"},
    {"audio/mp4", "audio"},
    {"audio/mpeg", "audio"},
    {"audio/amr", "audio"},
    {"audio/ogg", "audio"},
    {"audio/opus", "audio"},
    {"application/vnd.ms-powerpoint", NULL},
    {"application/msword", NULL},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", NULL},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", NULL},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", NULL},
    {"application/pdf", NULL},
    {"text/plain", NULL},
    {"application/vnd.ms-excel", NULL},
    {"image/jpeg", "image"},
    {"image/png", "image"},
    {"image/webp", "sticker"},
    {"video/mp4", "video"},
    {"video/3gpp", "video"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Cloud API, "Supported media types", in bytes; MB and KB as the smaller of what they can mean. */
static const struct {
    const char *type;
    size_t max;
} sizes[] = {
    {"image", 5000000},      {"audio", 16000000}, {"video", 16000000},
    {"document", 100000000}, {"sticker", 100000},
};
enum { STICKER_MOVING_MAX = 500000 };

struct uploads *uploads_new(void)
{
    return calloc(1, sizeof(struct uploads));
}

static void drop_oldest(struct uploads *u)
{
    struct upload *x = &u->list[0];
    u->bytes -= x->size;
    free(x->file_name);
    free(x->bytes);
    memmove(x, x + 1, --u->count * sizeof *x);
}

void uploads_free(struct uploads *u)
{
    if (u == NULL) return;
    while (u->count > 0) drop_oldest(u);
    free(u);
}

/* ---- taking one ---- */

/* The same kind, whatever parameters follow. */
static bool same_mime(const char *a, const char *b)
{
    size_t n = strcspn(a, "; "), m = strcspn(b, "; ");
    return n == m && strncasecmp(a, b, n) == 0;
}

static const char *listed(const char *mime)
{
    for (size_t i = 0; i < KINDS; i++)
        if (same_mime(mime, kinds[i].mime)) return kinds[i].mime;
    return NULL;
}

static int check_mime(const char *mime, struct refusal *r)
{
    struct buf all = {0};
    if (listed(mime) != NULL) return 0;
    for (size_t i = 0; i < KINDS; i++) buf_addf(&all, "%s%s", i > 0 ? ", " : "", kinds[i].mime);
    refuse(r, 100,
           "Param file must be a file with one of the following types: %s. Received file of type '%.60s'.",
           buf_text(&all), mime);
    buf_free(&all);
    return -1;
}

struct form {
    const struct part *product, *type, *file;
};

static int sort_parts(const struct part *parts, int n, struct form *f, struct refusal *r)
{
    for (int i = 0; i < n; i++) {
        const char *name = parts[i].name;
        const struct part **to = strcmp(name, "messaging_product") == 0 ? &f->product
                                 : strcmp(name, "type") == 0            ? &f->type
                                 : strcmp(name, "file") == 0            ? &f->file
                                                                        : NULL;
        if (to == NULL) return refuse(r, 100, "Unexpected key \"%.60s\" on param \"media\".", name);
        if (*to != NULL) return refuse(r, 100, "Param %s was given twice.", name);
        *to = &parts[i];
    }
    return 0;
}

static bool is_word(const struct part *p, const char *word)
{
    return p->n == strlen(word) && memcmp(p->bytes, word, p->n) == 0;
}

static int check_form(const struct form *f, struct refusal *r)
{
    char type[160];
    if (f->product == NULL) return refuse(r, 100, "The parameter messaging_product is required.");
    if (!is_word(f->product, "whatsapp"))
        return refuse(r, 100, "Param messaging_product must be one of {WHATSAPP}.");
    if (f->file == NULL || !f->file->is_file) return refuse(r, 100, "The parameter file is required.");
    if (f->type == NULL || f->type->n == 0) return refuse(r, 100, "The parameter type is required.");
    if (check_mime(f->file->type[0] == '\0' ? "application/octet-stream" : f->file->type, r) != 0) return -1;
    snprintf(type, sizeof type, "%.*s", (int)(f->type->n < sizeof type ? f->type->n : sizeof type),
             f->type->bytes);
    if (!same_mime(type, f->file->type))
        return refuse(r, 131053, "type is '%.60s', but the file is '%.60s'", type, f->file->type);
    if (f->file->n == 0) return refuse(r, 131053, "the file is empty");
    return 0;
}

/* NULL when out of memory. */
static const struct upload *keep(struct phone *p, const struct part *file)
{
    struct uploads *u = p->uploads;
    while (u->count == UPLOADS_MAX || (u->count > 0 && u->bytes + file->n > UPLOADS_BYTES_MAX))
        drop_oldest(u);
    struct buf name = {0};
    utf8_clean(file->file_name, strlen(file->file_name), &name);
    struct upload x = {.n = u->last + 1,
                       .at_ms = world_now_ms(p->world),
                       .mime = listed(file->type),
                       .file_name = strdup(buf_text(&name)),
                       .bytes = malloc(file->n),
                       .size = file->n};
    buf_free(&name);
    if (x.file_name == NULL || x.bytes == NULL) {
        free(x.file_name);
        free(x.bytes);
        return NULL;
    }
    memcpy(x.bytes, file->bytes, file->n);
    u->last = x.n;
    u->bytes += x.size;
    u->list[u->count] = x;
    return &u->list[u->count++];
}

json_t *uploads_take(struct phone *p, const struct exchange *x, char *note, size_t size, struct refusal *r)
{
    struct part parts[PARTS_MAX];
    struct form form = {NULL, NULL, NULL};
    char id[UPLOAD_ID_DIGITS + 8];
    int n = multipart_read(x->content_type, x->body, x->body_n, parts, PARTS_MAX);
    if (n < 0) {
        refuse(r, 100, "The request body is not a whole multipart/form-data.");
        return NULL;
    }
    if (sort_parts(parts, n, &form, r) != 0 || check_form(&form, r) != 0) return NULL;
    const struct upload *kept = keep(p, form.file);
    if (kept == NULL) {
        refuse(r, 131000, "out of memory");
        return NULL;
    }
    snprintf(note, size, "%.60s, %zu bytes, %.200s", kept->mime, kept->size, kept->file_name);
    snprintf(id, sizeof id, "9%015lld", (long long)kept->n);
    return json_pack("{s:s}", "id", id);
}

/* ---- naming it ---- */

const struct upload *uploads_find(const struct phone *p, const char *id)
{
    const struct uploads *u = p->uploads;
    if (id[0] != '9' || strlen(id) != UPLOAD_ID_DIGITS || strspn(id, "0123456789") != UPLOAD_ID_DIGITS)
        return NULL;
    int64_t n = strtoll(id + 1, NULL, 10);
    for (size_t i = 0; i < u->count; i++)
        if (u->list[i].n == n)
            return world_now_ms(p->world) - u->list[i].at_ms < UPLOAD_ID_MS ? &u->list[i] : NULL;
    return NULL;
}

/* The object that may name a file: the message's own, or the one above buttons. */
static const json_t *media_of(const json_t *body, const char **type)
{
    const json_t *own = json_object_get(body, *type);
    const json_t *header = json_object_get(own, "header");
    if (header == NULL) return own;
    *type = json_string_value(json_object_get(header, "type"));
    return *type == NULL ? NULL : json_object_get(header, *type);
}

static bool goes_as(const struct upload *u, const char *type)
{
    if (strcmp(type, "document") == 0) return true;
    for (size_t i = 0; i < KINDS; i++)
        if (u->mime == kinds[i].mime) return kinds[i].type != NULL && strcmp(kinds[i].type, type) == 0;
    return false;
}

/* A WebP that moves says so in its extended header (WebP container, "Extended file format"). */
static bool moves(const struct upload *u)
{
    return u->size > 20 && memcmp(u->bytes + 12, "VP8X", 4) == 0 && (u->bytes[20] & 0x02) != 0;
}

static size_t most(const struct upload *u, const char *type)
{
    if (strcmp(type, "sticker") == 0 && moves(u)) return STICKER_MOVING_MAX;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (strcmp(sizes[i].type, type) == 0) return sizes[i].max;
    return 0;
}

int uploads_check(const struct phone *p, const json_t *body, const char *type, struct refusal *r)
{
    const json_t *media = media_of(body, &type);
    const char *id = json_string_value(json_object_get(media, "id"));
    if (id == NULL) return 0;
    const struct upload *u = uploads_find(p, id);
    if (u == NULL)
        return refuse(r, 100, "Param %s['id'] is not a valid whatsapp business account media attachment ID",
                      type);
    if (!goes_as(u, type)) return refuse(r, 131053, "a file of type '%.60s' is no %s", u->mime, type);
    if (u->size > most(u, type))
        return refuse(r, 131053, "%s of %zu bytes, at most %zu", type, u->size, most(u, type));
    if (json_is_true(json_object_get(media, "voice")) && strcmp(u->mime, "audio/ogg") != 0)
        return refuse(r, 131053, "a voice note is OGG with Opus, not '%.60s'", u->mime);
    return 0;
}

void uploads_show(const struct phone *p, json_t *content, const char *type)
{
    const char *id = json_string_value(json_object_get(media_of(content, &type), "id"));
    const struct upload *u = id == NULL ? NULL : uploads_find(p, id);
    if (u == NULL) return;
    json_object_set_new(content, "uploaded",
                        json_pack("{s:s, s:s, s:I}", "name", u->file_name, "mime_type", u->mime, "size",
                                  (json_int_t)u->size));
}

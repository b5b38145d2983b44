#include "whatsapp_media.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "message.h"
#include "mime.h"
#include "whatsapp_parts.h"
#include "wire.h"

/* Meta's have some 250 bytes and no stated end. */
enum { URL_MAX = 4096 };

/* Digits of a size that a double and an int64_t hold alike. */
enum { SIZE_DIGITS_MAX = 15 };

bool whatsapp_is_media_id(const char *s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    size_t n = strspn(s, letters);

    /* ".." would be a step up in a path. */
    return n > 0 && n <= MEDIA_ID_MAX && s[n] == '\0' && s[0] != '.';
}

int whatsapp_media_url(const char *base, const char *version, const char *media_id, struct buf *out,
                       struct err *e)
{
    if (!whatsapp_is_media_id(media_id)) return err_set(e, "whatsapp: a media id that is none");
    whatsapp_put_node(base, version, media_id, out);
    return out->failed ? err_set(e, "whatsapp: out of memory for an address") : 0;
}

/* Printable ASCII, as RFC 3986 has it, and behind the scheme something that can be a host. */
static bool is_url(const char *s)
{
    size_t scheme = strncasecmp(s, "https://", 8) == 0 ? 8 : strncasecmp(s, "http://", 7) == 0 ? 7 : 0;
    size_t n = 0;

    for (; s[n] != '\0'; n++)
        if (s[n] <= ' ' || s[n] > '~' || n >= URL_MAX) return false;
    return scheme > 0 && strchr("/?#:@", s[scheme]) == NULL; /* finds the end as well */
}

/* Meta's reference shows a number in quotes, its answers have one without. */
static int64_t size_of(const json_t *size)
{
    const char *s = json_string_value(size);
    int64_t bytes = json_is_integer(size) ? (int64_t)json_integer_value(size) : 0;

    if (s != NULL) {
        size_t n = strspn(s, "0123456789");
        if (s[n] == '\0' && n > 0 && n <= SIZE_DIGITS_MAX) bytes = strtoll(s, NULL, 10);
    }
    return bytes > 0 ? bytes : 0;
}

int whatsapp_media_found(const char *body, size_t n, struct arena *a, struct whatsapp_media *out,
                         struct err *e)
{
    json_t *tree = wire_load(body, n, e);
    const char *url = wire_string(tree, "url"), *mime = wire_string(tree, "mime_type");
    int rc = -1;

    *out = (struct whatsapp_media){0};
    if (tree == NULL) {
        (void)err_wrap(e, "whatsapp media");
    } else if (url == NULL || !is_url(url)) {
        (void)err_set(e, "whatsapp media: an answer without an address to call");
    } else {
        bool typed = mime != NULL && mime_is(mime);
        out->url = arena_strdup(a, url);
        out->mime = typed ? arena_strdup(a, mime) : NULL;
        out->size = size_of(json_object_get(tree, "file_size"));
        bool whole = out->url != NULL && (!typed || out->mime != NULL);
        rc = whole ? 0 : err_set(e, "whatsapp media: out of memory");
    }
    json_decref(tree);
    return rc;
}

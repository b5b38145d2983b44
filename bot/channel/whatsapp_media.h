/* whatsapp_media.h -- the file of a message: Meta sends an id, tells for it an address, and gives the
 * bytes there (Cloud API reference, "Media").
 *
 * Both are a GET with the access token as bearer. An id lives 7 days, an address 5 minutes: when it
 * answers 404, another is to be asked for. */
#ifndef WHATSAPP_MEDIA_H
#define WHATSAPP_MEDIA_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct err;

/* whatsapp_media_url(base, version, media_id, out, e): where the address is asked for. -1, and `out` as
 * it was, for an id that is not made as message.h says: it becomes part of a path. */
int whatsapp_media_url(const char *base, const char *version, const char *media_id, struct buf *out,
                       struct err *e);

struct whatsapp_media {
    const char *url;  /* http or https; never NULL                      */
    const char *mime; /* as in struct message. Or NULL                  */
    int64_t size;     /* bytes; 0: not told                             */
};

/* whatsapp_media_found(body, n, a, out, e): what Meta's answer to that GET tells. The strings live in
 * `a`. -1 when it tells no address that can be called. The error quotes nothing of the answer. */
int whatsapp_media_found(const char *body, size_t n, struct arena *a, struct whatsapp_media *out,
                         struct err *e);

#endif

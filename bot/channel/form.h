/* form.h -- a form as browsers fill it in (RFC 7578), with a file as its last field: how platforms take
 * bytes that they cannot fetch themselves.
 *
 * Built here and not by libcurl: its curl_mime hangs on a handle, and handles are http/'s, which knows
 * bytes only; a translator gives bytes, and they can be tested as such. */
#ifndef FORM_H
#define FORM_H

#include <stddef.h>

#include "message.h"

struct buf;
struct err;

struct form_field {
    const char *name, *value; /* value NULL: the field is left out */
};

struct form {
    const struct form_field *fields;
    size_t field_n;
    const char *file_field; /* by which name the platform takes the file                      */
    enum media_kind kind;   /* after which a file without a name is called: "voice.ogg"       */
    const char *file_name;  /* or NULL                                                        */
    const char *mime;       /* NULL, or unfit for a header: application/octet-stream          */
    const char *bytes;
    size_t n;
};

/* form_render(f, type, body, e): appends the Content-Type and the body of a request. Neither a value nor
 * the file nor its name, which may come from outside, can end its field. The names of fields are ours. -1
 * when that cannot be promised, and nothing was appended, or when memory ran out. */
int form_render(const struct form *f, struct buf *type, struct buf *body, struct err *e);

#endif

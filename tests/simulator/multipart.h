/* multipart.h -- a form as programs post it (RFC 7578), taken apart strictly. */
#ifndef MULTIPART_H
#define MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

/* One field. The bytes are the body's. */
struct part {
    char name[64];
    char file_name[1024]; /* as it went, percent-encoding and all */
    char type[160];       /* Content-Type; "": none               */
    bool is_file;         /* it has a filename                    */
    const char *bytes;
    size_t n;
};

/* multipart_read(content_type, body, n, out, max): how many parts, at most `max`; -1 when this is no form, or
 * not a whole one. */
int multipart_read(const char *content_type, const char *body, size_t n, struct part *out, size_t max);

#endif

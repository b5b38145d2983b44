/* batch.h -- webhooks made by hand: many messages in one, the same once more, any bytes at all. */
#ifndef BATCH_H
#define BATCH_H

#include "webhook.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct phone;

struct batch_bytes {
    char *data; /* the caller's */
    size_t n;
    char signature[SIGNATURE_MAX]; /* "": none is sent */
    int64_t first_message;         /* what it brings, numbered on from here */
    size_t messages_n;
};

/* batch_make(p, arguments, out, e): "count" messages of "customers" people (made when missing) in one
 * webhook; or with "repeat" the last one again, byte for byte. */
int batch_make(struct phone *p, const json_t *arguments, struct batch_bytes *out, struct err *e);

/* batch_raw(p, arguments, out, e): "raw" bytes, or a whole "body", or a "value" for a "field"; "signature"
 * good, bad or none. */
int batch_raw(const struct phone *p, const json_t *arguments, struct batch_bytes *out, struct err *e);

#endif

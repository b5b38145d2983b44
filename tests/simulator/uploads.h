/* uploads.h -- the files that the bot gives Meta, by form, and then names in its messages. */
#ifndef UPLOADS_H
#define UPLOADS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;
struct phone;
struct refusal;
struct uploads;

/* Meta: an id of an upload is good for thirty days. */
#define UPLOAD_ID_MS (INT64_C(30) * 24 * 60 * 60 * 1000)

struct upload {
    int64_t n, at_ms; /* 1, 2, 3 …; by the tester's clock */
    const char *mime; /* without parameters; lives for ever  */
    char *file_name;
    char *bytes;
    size_t size;
};

struct uploads *uploads_new(void);
void uploads_free(struct uploads *u);

/* uploads_take(p, x, note, size, r): the answer to POST /{PNID}/media, {"id":…}, a new reference, with `note`
 * for whoever looks at the wire; NULL with `r`. */
json_t *uploads_take(struct phone *p, const struct exchange *x, char *note, size_t size, struct refusal *r);

/* uploads_find(p, id): NULL when it was never given, or is too old. Holds until the next uploads_take(). */
const struct upload *uploads_find(const struct phone *p, const char *id);

/* uploads_check(p, body, type, r): may the file that this send names by id, if any, go as what it is said to
 * be? 0, or -1 with `r`. uploads_show(p, content, type): adds to a bubble's content what it is. */
int uploads_check(const struct phone *p, const json_t *body, const char *type, struct refusal *r);
void uploads_show(const struct phone *p, json_t *content, const char *type);

#endif

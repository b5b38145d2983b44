/* media.h -- files, and how Meta gives them: by id an address, at the address the bytes. Those of customers
 * are small ones of our own, in web/, one for every type; those of the bot are what it gave (uploads.h). */
#ifndef MEDIA_H
#define MEDIA_H

#include <jansson.h>
#include <stdbool.h>

struct exchange;
struct phone;

/* Meta: an id of a webhook is good for seven days, an address for five minutes. */
#define MEDIA_ID_MS  (INT64_C(7) * 24 * 60 * 60 * 1000)
#define MEDIA_URL_MS (INT64_C(5) * 60 * 1000)

/* media_new(p, type): the object that the next message of this type brings: id, mime_type, sha256. A new
 * reference. `type` is audio, image, video, document or sticker. */
json_t *media_new(const struct phone *p, const char *type);

/* media_find(p, id): what Graph tells of an id, with an address on this phone; a new reference. NULL: it
 * is none of ours, or too old. */
json_t *media_find(const struct phone *p, const char *id);

bool media_is(const char *path);
void media_answer(struct phone *p, struct exchange *x);

#endif

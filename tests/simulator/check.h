/* check.h -- is this send what Meta takes? Shape and limits only; no world, no state.
 *
 * Limits are Meta's (Cloud API reference, "Messages"), counted in code points. Every function
 * returns 0, or -1 with `r` filled. `where` names the object in refusals: "interactive['body']". */
#ifndef CHECK_H
#define CHECK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct refusal;

/* check_send(body, r): the type and everything of that type; not the recipient. */
int check_send(const json_t *body, struct refusal *r);
int check_interactive(const json_t *interactive, struct refusal *r);

/* check_keys(object, where, allowed, r): an object without other keys than the NULL-ended list. */
int check_keys(const json_t *object, const char *where, const char *const *allowed, struct refusal *r);

/* check_text(object, where, key, max, must, r): a string of 1 to `max` code points, or absent if it
 * may be. */
int check_text(const json_t *object, const char *where, const char *key, size_t max, bool must,
               struct refusal *r);

/* check_link(object, where, key, r): a string that starts with http:// or https://. */
int check_link(const json_t *object, const char *where, const char *key, struct refusal *r);

/* check_media(object, where, type, r): `type` image, video, audio, document or sticker. Whether an id is
 * known, uploads_check() tells. */
int check_media(const json_t *object, const char *where, const char *type, struct refusal *r);

#endif

/* wire.h -- JSON as platforms send it, and as we write it. */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct buf;
struct err;

/* ---- in ---- */

/* wire_load(body, n, e): the body as a tree, owned by the caller; NULL when it is no JSON. What
 * one careless item can do to a whole batch is mended first (wire_mend). The error holds a
 * position and nothing of the content. */
json_t *wire_load(const char *body, size_t n, struct err *e);

/* wire_mend(body, n, out): appends the body with everything replaced that is JSON to its writer
 * but not to a strict reader: lone surrogates, NULs and bytes that are not UTF-8 become U+FFFD,
 * raw control characters in strings a space, numbers too big for any type 0. */
void wire_mend(const char *body, size_t n, struct buf *out);

/* Members of an object; `object` may be NULL or of any type. */
const char *wire_string(const json_t *object, const char *key); /* NULL unless a string        */
json_t *wire_object(const json_t *object, const char *key);     /* borrowed; NULL unless one   */
json_t *wire_array(const json_t *object, const char *key);      /* borrowed; NULL unless one   */
bool wire_true(const json_t *object, const char *key);
bool wire_int(const json_t *object, const char *key, int *out); /* false unless it fits an int */

/* wire_dump(tree, out): appends the tree as compact JSON. */
void wire_dump(const json_t *tree, struct buf *out);

/* ---- out ---- */

/* wire_escape(out, s): appends `s` as the inside of a JSON string; bytes that are not UTF-8
 * become U+FFFD (RFC 8259). wire_put adds the quotes. */
void wire_escape(struct buf *out, const char *s);
void wire_put(struct buf *out, const char *s);

#endif

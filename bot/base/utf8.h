/* utf8.h -- counting and cutting text as people see it: code points, never half a character.
 *
 * Platforms state their limits in characters; Meta counts code points. Invalid bytes count as
 * one point each and are what utf8_clean replaces (RFC 3629). */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* utf8_next(s, end, out): decodes one code point; returns its bytes (1 to 4). An invalid byte
 * gives U+FFFD and 1. `s` must be before `end`. */
size_t utf8_next(const char *s, const char *end, uint32_t *out);

/* utf8_put(point, out): encodes; returns the bytes written, 1 to 4. */
size_t utf8_put(uint32_t point, char out[static 4]);

bool utf8_valid(const char *s, size_t n);
size_t utf8_count(const char *s); /* code points in a string */

/* utf8_cut(s, max): the bytes of the longest prefix of at most `max` code points. The cut does
 * not part a character from the marks, joiners or variation selectors that follow it. */
size_t utf8_cut(const char *s, size_t max);

/* utf8_clean(s, n, out): appends `s` with every invalid byte as U+FFFD and control characters
 * other than newline and tab left out. */
void utf8_clean(const char *s, size_t n, struct buf *out);

#endif

#include "utf8.h"

#include <string.h>

#include "buf.h"

enum { REPLACEMENT = 0xFFFD, ZERO_WIDTH_JOINER = 0x200D };

size_t utf8_next(const char *s, const char *end, uint32_t *out)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t left = (size_t)(end - s);
    uint32_t point, least;
    size_t n;

    *out = REPLACEMENT;
    if (p[0] < 0x80) {
        *out = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
        point = p[0] & 0x1FU;
        least = 0x80;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        point = p[0] & 0x0FU;
        least = 0x800;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        point = p[0] & 0x07U;
        least = 0x10000;
    } else {
        return 1;
    }
    if (left < n) return 1;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) return 1;
        point = point << 6 | (p[i] & 0x3FU);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return 1;
    *out = point;
    return n;
}

size_t utf8_put(uint32_t point, char out[static 4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xE0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

static bool is_one(const char *s, size_t n, uint32_t point)
{
    return point != REPLACEMENT || (n == 3 && memcmp(s, "\xEF\xBF\xBD", 3) == 0);
}

bool utf8_valid(const char *s, size_t n)
{
    const char *end = s + n;
    uint32_t point;

    while (s < end) {
        size_t step = utf8_next(s, end, &point);
        if (!is_one(s, step, point)) return false;
        s += step;
    }
    return true;
}

size_t utf8_count(const char *s)
{
    const char *end = s + strlen(s);
    uint32_t point;
    size_t count = 0;

    /* Most of what is counted is ASCII, and all of a flow is counted before it starts. */
    for (; s < end; count++) s += (unsigned char)*s < 0x80 ? 1 : utf8_next(s, end, &point);
    return count;
}

/* Points that belong to the character before them. Not the whole of Unicode's grapheme rules:
 * the marks and emoji glue that occur in chats. */
static bool clings(uint32_t point)
{
    return (point >= 0x0300 && point <= 0x036F) || (point >= 0xFE00 && point <= 0xFE0F) ||
           (point >= 0x1F3FB && point <= 0x1F3FF) || point == ZERO_WIDTH_JOINER || point == 0x20E3;
}

size_t utf8_cut(const char *s, size_t max)
{
    const size_t n = strlen(s);
    const char *end = s + n;
    const char *p = s;
    size_t safe = 0; /* bytes up to the last place where a cut is allowed */
    uint32_t point, before = 0;

    if (n <= max) return n; /* a point has a byte at least */
    for (size_t count = 0; p < end; count++) {
        size_t step = utf8_next(p, end, &point);
        if (!clings(point) && before != ZERO_WIDTH_JOINER) safe = (size_t)(p - s);
        if (count == max) return safe;
        before = point;
        p += step;
    }
    return (size_t)(p - s);
}

void utf8_clean(const char *s, size_t n, struct buf *out)
{
    const char *end = s + n;
    uint32_t point;

    while (s < end) {
        char bytes[4];
        size_t step = utf8_next(s, end, &point);
        s += step;
        if ((point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0)) continue;
        buf_add(out, bytes, utf8_put(point, bytes));
    }
}

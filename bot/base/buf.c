#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 256 };

static bool room_for(struct buf *b, size_t n)
{
    if (b->failed) return false;
    if (n < b->cap - b->len) return true; /* one byte stays for the NUL */
    if (n > SIZE_MAX / 4 || b->len > SIZE_MAX / 4) {
        b->failed = true;
        return false;
    }
    size_t cap = b->cap == 0 ? BUF_FIRST : b->cap;
    while (cap <= b->len + n) cap *= 2;
    char *data = realloc(b->data, cap);
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (!room_for(b, n)) return;
    if (n > 0) memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    size_t left = b->cap - b->len;

    if (b->failed) return;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(b->data == NULL ? NULL : b->data + b->len, left, fmt, ap);
    va_end(ap);
    /* Most pieces fit where they are written; the others are written again with room. */
    if (n >= 0 && (size_t)n >= left && room_for(b, (size_t)n))
        (void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    va_end(again);
    if (n >= 0 && !b->failed) b->len += (size_t)n;
    if (b->data != NULL) b->data[b->len] = '\0';
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data != NULL) b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

const char *buf_text(const struct buf *b)
{
    return b->data == NULL ? "" : b->data;
}

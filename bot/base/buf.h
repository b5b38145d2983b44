/* buf.h -- bytes that grow. `data` is always NUL-terminated once anything was added.
 *
 * A failed allocation is remembered in `failed` and makes further additions do nothing, so
 * that a writer of many pieces asks once, at the end. */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data; /* NULL while empty */
    size_t len, cap;
    bool failed;
};

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *b); /* empty, memory kept; forgets a failure */
void buf_free(struct buf *b);  /* empty, memory gone                    */

/* buf_text(b): the bytes as a string, "" while empty. Valid until the next change. */
const char *buf_text(const struct buf *b);

#endif

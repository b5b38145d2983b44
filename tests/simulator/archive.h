/* archive.h -- the webhooks with customers' messages of the past week, byte for byte, for sending them again. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

struct archive;
struct customer;
struct mailbag_letter;

/* Meta tries again for seven days at most; older ones never come back. */
#define ARCHIVE_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

struct archive *archive_new(size_t keep); /* the last `keep` of them; NULL when out of memory */
void archive_free(struct archive *a);

/* archive_add(a, now, letter): its number, 1, 2, 3 …, or 0 when out of memory. Bytes, messages and customer
 * are kept. */
int64_t archive_add(struct archive *a, int64_t now_ms, const struct mailbag_letter *letter);

/* archive_letter(a, number, now, out): 0 with the letter, borrowed until the next archive_add(); -1: unknown, or
 * older than a week. */
int archive_letter(const struct archive *a, int64_t number, int64_t now_ms, struct mailbag_letter *out);

int64_t archive_first(const struct archive *a); /* the oldest number still there */
int64_t archive_last(const struct archive *a);  /* 0: none yet                   */

#endif

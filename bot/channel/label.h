/* label.h -- what stands on a button or row: cut to a platform's limit, and still told apart. */
#ifndef LABEL_H
#define LABEL_H

#include <stddef.h>

struct outbound;

/* 72 code points, the longest label of any platform, of four bytes. */
enum { LABEL_BYTES = 72 * 4 + 1 };

/* label_fit(s, max, out): `s` in at most `max` code points, with an ellipsis where it is cut. */
void label_fit(const char *s, size_t max, char out[static LABEL_BYTES]);

/* labels_fit(o, max, labels): the labels of all choices: cut where they are too long, and told
 * apart by a number where that made two the same (WhatsApp refuses a message with equal titles). */
void labels_fit(const struct outbound *o, size_t max, char (*labels)[LABEL_BYTES]);

#endif

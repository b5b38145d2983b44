/* forgotten.h -- how fast somebody wrote who then had everything erased: else whoever does so again and
 * again is new each time, and gets a receipt each time. In memory alone, by keyed hash, for as long as it
 * counts: nothing of it is ever on disk. */
#ifndef FORGOTTEN_H
#define FORGOTTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flood.h"

struct identity;

/* Two each, of a phone number and of a user id; more erasures than that in a day are no flood of one. */
enum { FORGOTTEN_N = 128, FORGOTTEN_TAG_MAX = 20 };

struct forgotten {
    struct {
        char tag[FORGOTTEN_TAG_MAX];
        int64_t until_ms;
        struct flood pace;
    } row[FORGOTTEN_N];
    size_t at; /* the oldest, which gives way */
};

/* forgotten_put(f, key, who, pace, now): `key` is what names are hashed with. */
void forgotten_put(struct forgotten *f, const char *key, const struct identity *who, const struct flood *pace,
                   int64_t now_ms);

/* forgotten_find(f, key, who, now, pace): by any of the names that were put. */
bool forgotten_find(const struct forgotten *f, const char *key, const struct identity *who, int64_t now_ms,
                    struct flood *pace);

#endif

/* features.h -- what the model sees of some words: words and pairs of words, with what negates
 * them, and the letters they are made of. Room-internal. */
#ifndef FEATURES_H
#define FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lexicon;
struct words;

struct feature {
    uint32_t key; /* a hash: two things that share one are one to the model */
    float value;
};

/* Enough for the longest message; one that holds more is read as far as that. */
enum { FEATURES_MAX = 16384 };

struct features {
    size_t n;
    struct feature at[FEATURES_MAX]; /* of length 1 together (Euclid), so that long texts do not shout */
};

/* features_read(f, l, w, first, n, lesson): of the `n` words from `first`. A word that occurs in a
 * lesson and nowhere else is as strange there as one that occurs nowhere is in a message. */
void features_read(struct features *f, const struct lexicon *l, const struct words *w, size_t first, size_t n,
                   bool lesson);

#endif

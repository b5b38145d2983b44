/* slip.h -- when is one spelling a slip of another? Room-internal.
 *
 * Words are compared by their key: letters that are typed for one another made one, doubles
 * single ("dagelyks" and "dagelijks" have the same). */
#ifndef SLIP_H
#define SLIP_H

#include <stdbool.h>
#include <stddef.h>

#include "lexicon.h"

enum { ALIKES_MAX = 24, ALIKE_LETTERS_MAX = 7 };

struct alikes {
    size_t n;
    struct {
        char letters[ALIKE_LETTERS_MAX + 1], instead[ALIKE_LETTERS_MAX + 1];
    } pair[ALIKES_MAX];
};

/* alikes_add(a, letters, instead): -1 when there is no room, or a pair is too long or grows. */
int alikes_add(struct alikes *a, struct span letters, struct span instead);

/* slip_key(a, word, key): the key's length; at most LEXICON_WORD_MAX of `word` count. */
size_t slip_key(const struct alikes *a, struct span word, char key[static LEXICON_WORD_MAX + 1]);

/* slip_without(key, i, out): the key without its letter i, in `out`. */
struct span slip_without(struct span key, size_t i, char out[static LEXICON_WORD_MAX + 1]);

/* slip_likely(meant, typed): are the keys the same, or one slip of a thumb apart: a letter
 * dropped, doubled or added, two swapped, or the key beside it hit (QWERTY)? */
bool slip_likely(struct span meant, struct span typed);

#endif

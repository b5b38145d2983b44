#include "slip.h"

#include <string.h>

int alikes_add(struct alikes *a, struct span letters, struct span instead)
{
    if (a->n == ALIKES_MAX || letters.n > ALIKE_LETTERS_MAX || instead.n > letters.n || letters.n == 0)
        return -1;
    memcpy(a->pair[a->n].letters, letters.at, letters.n);
    memcpy(a->pair[a->n].instead, instead.at, instead.n);
    a->n++;
    return 0;
}

static bool starts(const char *s, size_t n, const char *with)
{
    size_t k = strlen(with);

    return k <= n && memcmp(s, with, k) == 0;
}

size_t slip_key(const struct alikes *a, struct span word, char key[static LEXICON_WORD_MAX + 1])
{
    size_t out = 0, n = word.n < LEXICON_WORD_MAX ? word.n : LEXICON_WORD_MAX;

    for (size_t i = 0; i < n;) {
        const char *put = word.at + i;
        size_t put_n = 1, took = 1;
        for (size_t k = 0; k < a->n; k++) {
            if (!starts(word.at + i, n - i, a->pair[k].letters)) continue;
            took = strlen(a->pair[k].letters);
            put = a->pair[k].instead;
            put_n = strlen(put);
            break;
        }
        for (size_t k = 0; k < put_n; k++)
            if (out == 0 || key[out - 1] != put[k]) key[out++] = put[k];
        i += took;
    }
    key[out] = '\0';
    return out;
}

struct span slip_without(struct span key, size_t i, char out[static LEXICON_WORD_MAX + 1])
{
    memcpy(out, key.at, i);
    memcpy(out + i, key.at + i + 1, key.n - i - 1);
    return (struct span){out, key.n - 1};
}

/* Keys that a thumb may hit for one another. */
static bool beside(char a, char b)
{
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
    int row[2] = {-1, -1}, column[2] = {0, 0};
    const char pair[2] = {a, b};

    for (int k = 0; k < 2; k++)
        for (int r = 0; r < 3; r++) {
            const char *at = pair[k] == '\0' ? NULL : strchr(rows[r], pair[k]);
            if (at == NULL) continue;
            row[k] = r;
            column[k] = (int)(at - rows[r]);
        }
    if (row[0] < 0 || row[1] < 0) return false;
    if (row[0] == row[1]) return column[0] - column[1] == 1 || column[1] - column[0] == 1;
    int lower = row[0] > row[1] ? 0 : 1, upper = 1 - lower;
    if (row[lower] - row[upper] != 1) return false;
    /* Each row stands half a key to the right of the one above. */
    return column[upper] == column[lower] || column[upper] == column[lower] + 1;
}

static bool vowel(char c)
{
    return c != '\0' && strchr("aeiouy", c) != NULL;
}

bool slip_likely(struct span meant, struct span typed)
{
    size_t a = 0, z = 0, least = meant.n < typed.n ? meant.n : typed.n;

    while (a < least && meant.at[a] == typed.at[a]) a++;
    while (z < least - a && meant.at[meant.n - 1 - z] == typed.at[typed.n - 1 - z]) z++;
    size_t in_meant = meant.n - a - z, in_typed = typed.n - a - z;
    if (in_meant == 0 && in_typed == 0) return true;
    if (in_meant + in_typed == 1) return a > 0; /* the first letter is what people get right */
    if (in_meant == 1 && in_typed == 1) {
        char m = meant.at[a], t = typed.at[a];
        return beside(m, t) || (a > 0 && vowel(m) && vowel(t));
    }
    return in_meant == 2 && in_typed == 2 && meant.at[a] == typed.at[a + 1] && meant.at[a + 1] == typed.at[a];
}

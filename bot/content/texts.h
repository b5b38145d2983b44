/* texts.h -- which texts there are, and a locale's file made into them. Room-internal. */
#ifndef TEXTS_H
#define TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

struct arena;
struct faults;
struct locale;

/* Engine texts, and the most a flow can name: states (text, label), questions (four), answers
 * (four each), topics and commands (two each), outcomes (four). */
enum { TEXTS_MAX = TEXT_N + 48 * 2 + 12 * 4 + 12 * 8 * 4 + 40 * 2 + 32 * 2 + 5 * 4 };

struct text_slot {
    const char *key;
    const char *place; /* who speaks it: "flows/x.json: state 'usage'" */
    unsigned may, must;
    bool plural;
};

struct texts {
    struct arena *arena;
    size_t n;
    struct text_slot slot[TEXTS_MAX];
};

/* texts_new(a): with the engine's own texts. NULL when out of memory. */
struct texts *texts_new(struct arena *a);

/* texts_id(t, place, may, must, fmt, ...): the id of the text of this key, named now if it was
 * not before. -1 when out of memory. */
int texts_id(struct texts *t, const char *place, unsigned may, unsigned must, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* texts_load(t, path, code, source, whole, faults): a locale with every text of `t`. `source` is the
 * default locale, NULL for itself. Unless `whole`, `t` lacks texts of a broken flow, and keys
 * without use are no news. Faults are listed; NULL when the file cannot be read at all. */
struct locale *texts_load(const struct texts *t, const char *path, const char *code,
                          const struct locale *source, bool whole, struct faults *faults);

#endif

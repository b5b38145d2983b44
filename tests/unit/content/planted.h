/* planted.h -- a small sound content in a directory of its own, and a way to spoil it.
 *
 * Made here rather than copied from what is shipped, so that an editor's change of a text there
 * breaks no test of the proof. */
#ifndef PLANTED_H
#define PLANTED_H

#include "content.h"

enum planted_file { FLOW, BUSINESS, NL, EN, NL_PHRASES, EN_PHRASES, PLANTED_FILES };

struct planted {
    const char *name; /* the behaviour, as the test is called                     */
    enum planted_file file;
    const char *from; /* what stands in the sound file, once; NULL: `to` is all of it */
    const char *to;
    const char *line; /* must be in one of the lines; NULL: no line at all       */
    size_t n;         /* lines that are no warnings; 0: any number               */
};

/* planted_run(group, rows, n): each row a test of its own: the fault is found by loading or, when
 * that goes well, by the proof. Returns how many failed. */
int planted_run(const char *group, const struct planted *rows, size_t n);

/* planted_load(row, faults, out): what loading and proving says of the sound content, spoiled by
 * `rows` (0 for sound). `out` NULL: freed again. */
int planted_load(const struct planted *row, size_t n, struct faults *faults, struct content **out);

#endif

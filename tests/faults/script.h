/* script.h -- a day in the life of a store, in steps of one transaction each, the same every time. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "unit.h"

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "store.h"

struct script {
    char dir[64], path[128], wal[160], url[160];
    struct store *s;
    struct arena *a;
    struct err e;
};

void script_open(struct script *x); /* an empty store in a directory of its own */
void script_close(struct script *x);

enum { SCRIPT_STEPS = 12 };
const char *script_step_name(int step);

/* script_step(x, step): 0, or -1 with x->e filled and nothing of the step done. */
int script_step(struct script *x, int step);

/* script_dump(s, out): every row of every table, but for what is drawn by lot. */
void script_dump(struct store *s, struct buf *out);

/* script_sound(s): SQLite finds nothing wrong with the file. */
void script_sound(struct store *s);

#endif

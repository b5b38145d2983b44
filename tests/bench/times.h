/* times.h -- many measured times, and what may be said of them. */
#ifndef BENCH_TIMES_H
#define BENCH_TIMES_H

#include <stddef.h>
#include <stdint.h>

int64_t times_now_ns(void); /* monotonic */

struct times {
    int64_t *ns;
    size_t n, cap; /* beyond `cap` nothing is kept */
};

/* times_open(t, cap): 0, or -1 when out of memory. */
int times_open(struct times *t, size_t cap);
void times_close(struct times *t);
void times_add(struct times *t, int64_t ns);

/* times_ms(t, part): the time within which this part (0 to 1) of all lie, by the nearest rank:
 * one of those measured, never something between two. 0 when nothing was. Sorts them. */
double times_ms(struct times *t, double part);

#endif

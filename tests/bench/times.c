#include "times.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

int64_t times_now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int times_open(struct times *t, size_t cap)
{
    *t = (struct times){.ns = malloc(cap * sizeof *t->ns), .cap = cap};
    return t->ns == NULL ? -1 : 0;
}

void times_close(struct times *t)
{
    free(t->ns);
    *t = (struct times){0};
}

void times_add(struct times *t, int64_t ns)
{
    if (t->n < t->cap) t->ns[t->n++] = ns;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

double times_ms(struct times *t, double part)
{
    if (t->n == 0) return 0;
    qsort(t->ns, t->n, sizeof *t->ns, by_length);
    size_t rank = (size_t)ceil(part * (double)t->n);
    if (rank > 0) rank--;
    return (double)t->ns[rank < t->n ? rank : t->n - 1] / 1e6;
}

#include "agenda.h"

#include <stdbool.h>
#include <stdlib.h>

struct entry {
    int64_t due_ms;
    uint64_t order;
    void (*run)(void *, int64_t, int);
    void *self;
    int64_t n;
    int what;
};

/* A binary heap: a load test has thousands of statuses in the air. */
struct agenda {
    struct entry *heap;
    size_t n, cap;
    uint64_t order;
};

struct agenda *agenda_new(void)
{
    return calloc(1, sizeof(struct agenda));
}

void agenda_free(struct agenda *a)
{
    if (a == NULL) return;
    free(a->heap);
    free(a);
}

static bool earlier(const struct entry *x, const struct entry *y)
{
    return x->due_ms != y->due_ms ? x->due_ms < y->due_ms : x->order < y->order;
}

static void swap(struct agenda *a, size_t i, size_t j)
{
    struct entry held = a->heap[i];
    a->heap[i] = a->heap[j];
    a->heap[j] = held;
}

static void sink(struct agenda *a, size_t i)
{
    for (;;) {
        size_t least = i, left = 2 * i + 1, right = left + 1;
        if (left < a->n && earlier(&a->heap[left], &a->heap[least])) least = left;
        if (right < a->n && earlier(&a->heap[right], &a->heap[least])) least = right;
        if (least == i) return;
        swap(a, i, least);
        i = least;
    }
}

int agenda_add(struct agenda *a, int64_t due_ms, void (*run)(void *, int64_t, int), void *self, int64_t n,
               int what)
{
    if (a->n == a->cap) {
        size_t cap = a->cap == 0 ? 64 : 2 * a->cap;
        struct entry *grown = realloc(a->heap, cap * sizeof *grown);
        if (grown == NULL) return -1;
        a->heap = grown;
        a->cap = cap;
    }
    size_t i = a->n++;
    a->heap[i] = (struct entry){due_ms, a->order++, run, self, n, what};
    for (; i > 0 && earlier(&a->heap[i], &a->heap[(i - 1) / 2]); i = (i - 1) / 2) swap(a, i, (i - 1) / 2);
    return 0;
}

void agenda_run(struct agenda *a, int64_t now_ms)
{
    uint64_t horizon = a->order;
    while (a->n > 0 && a->heap[0].due_ms <= now_ms && a->heap[0].order < horizon) {
        struct entry next = a->heap[0];
        a->heap[0] = a->heap[--a->n];
        sink(a, 0);
        next.run(next.self, next.n, next.what);
    }
}

int64_t agenda_next_ms(const struct agenda *a)
{
    return a->n == 0 ? INT64_MAX : a->heap[0].due_ms;
}

#include "arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *first, *last;
    size_t step;
};

static struct block *block_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct block)) return NULL;
    struct block *b = malloc(sizeof *b + size);
    if (b == NULL) return NULL;
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(size_t first)
{
    struct arena *a = malloc(sizeof *a);
    if (a == NULL) return NULL;
    a->step = first;
    a->first = a->last = block_new(first);
    if (a->first == NULL) {
        free(a);
        return NULL;
    }
    return a;
}

static void blocks_free(struct block *b)
{
    while (b != NULL) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_free(struct arena *a)
{
    if (a == NULL) return;
    blocks_free(a->first);
    free(a);
}

void arena_reset(struct arena *a)
{
    blocks_free(a->first->next);
    a->first->next = NULL;
    a->first->used = 0;
    a->last = a->first;
}

void *arena_alloc(struct arena *a, size_t n)
{
    const size_t unit = alignof(max_align_t);
    struct block *b = a->last;

    if (n > SIZE_MAX - unit) return NULL;
    n = (n + unit - 1) / unit * unit;
    if (n > b->size - b->used) {
        b = block_new(n > a->step ? n : a->step);
        if (b == NULL) return NULL;
        a->last->next = b;
        a->last = b;
    }
    void *p = b->bytes + b->used;
    b->used += n;
    return p;
}

void *arena_calloc(struct arena *a, size_t n)
{
    void *p = arena_alloc(a, n);
    if (p != NULL) memset(p, 0, n);
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (copy == NULL) return NULL;
    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    struct block *b = a->last;
    char *s = (char *)b->bytes + b->used;
    va_list ap, again;

    /* Written where it will stay when it fits what is left of the block. */
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(s, b->size - b->used, fmt, ap);
    va_end(ap);
    bool whole = n >= 0 && (size_t)n < b->size - b->used;
    char *stays = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (stays != NULL && !whole)
        (void)vsnprintf(stays, (size_t)n + 1, fmt, again);
    else if (stays != NULL && stays != s)
        memcpy(stays, s, (size_t)n + 1); /* it fitted, but not its alignment */
    va_end(again);
    return stays;
}

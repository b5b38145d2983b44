/* fuzz.h -- what every target shares: a promise that must hold, and input cut into pieces. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Where a target has one, called before the first input: what takes long is no input's fault. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A promise that is broken names itself: libFuzzer shows where, this shows which. */
#define must(so)                                                                                             \
    do {                                                                                                     \
        if (!(so)) {                                                                                         \
            (void)fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #so);                           \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static inline void must_be_text(const char *s, size_t max)
{
    if (s == NULL) return;
    must(utf8_valid(s, strlen(s)));
    must(utf8_count(s) <= max);
}

static inline void must_be_one(const char *a, const char *b)
{
    must((a == NULL) == (b == NULL));
    must(a == NULL || strcmp(a, b) == 0);
}

/* The input, as it is used up. */
struct input {
    const uint8_t *p, *end;
};

static inline uint8_t input_byte(struct input *in)
{
    return in->p < in->end ? *in->p++ : 0;
}

/* The bytes up to a zero, as a string of their own. */
static inline char *input_string(struct input *in, struct arena *a)
{
    const uint8_t *zero = in->p < in->end ? memchr(in->p, 0, (size_t)(in->end - in->p)) : NULL;
    size_t n = zero != NULL ? (size_t)(zero - in->p) : (size_t)(in->end - in->p);
    char *s = arena_strndup(a, n == 0 ? "" : (const char *)in->p, n);

    must(s != NULL);
    in->p = zero != NULL ? zero + 1 : in->end;
    return s;
}

/* The same as text that a platform's translator lets through. */
static inline char *input_text(struct input *in, struct arena *a, size_t max)
{
    const char *raw = input_string(in, a);
    struct buf clean = {0};

    utf8_clean(raw, strlen(raw), &clean);
    char *s = arena_strndup(a, buf_text(&clean), utf8_cut(buf_text(&clean), max));
    buf_free(&clean);
    must(s != NULL);
    return s;
}

#endif

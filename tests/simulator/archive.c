#include "archive.h"

#include "mailbag.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    int64_t at_ms;
    const struct customer *customer;
    char *bytes;
    size_t n;
    int64_t *messages;
    size_t messages_n;
};

/* A ring: number n sits at n modulo the size. */
struct archive {
    struct kept *ring;
    int64_t size, last;
};

struct archive *archive_new(size_t keep)
{
    struct archive *a = calloc(1, sizeof *a);
    if (a == NULL) return NULL;
    a->size = (int64_t)keep;
    a->ring = calloc(keep, sizeof *a->ring);
    if (a->ring != NULL) return a;
    free(a);
    return NULL;
}

static void kept_clear(struct kept *k)
{
    free(k->bytes);
    free(k->messages);
    *k = (struct kept){0};
}

void archive_free(struct archive *a)
{
    if (a == NULL) return;
    for (int64_t i = 0; i < a->size; i++) kept_clear(&a->ring[i]);
    free(a->ring);
    free(a);
}

int64_t archive_add(struct archive *a, int64_t now_ms, const struct mailbag_letter *letter)
{
    char *bytes = malloc(letter->n + 1);
    int64_t *messages = malloc((letter->messages_n + 1) * sizeof *messages);
    if (bytes == NULL || messages == NULL) {
        free(bytes);
        free(messages);
        return 0;
    }
    memcpy(bytes, letter->bytes, letter->n);
    for (size_t i = 0; i < letter->messages_n; i++) messages[i] = letter->messages[i];
    struct kept *k = &a->ring[++a->last % a->size];
    kept_clear(k);
    *k = (struct kept){now_ms, letter->customer, bytes, letter->n, messages, letter->messages_n};
    return a->last;
}

int archive_letter(const struct archive *a, int64_t number, int64_t now_ms, struct mailbag_letter *out)
{
    if (number < archive_first(a) || number > a->last) return -1;
    const struct kept *k = &a->ring[number % a->size];
    if (now_ms - k->at_ms > ARCHIVE_MS) return -1;
    *out = (struct mailbag_letter){.customer = k->customer,
                                   .bytes = k->bytes,
                                   .n = k->n,
                                   .messages = k->messages,
                                   .messages_n = k->messages_n};
    return 0;
}

int64_t archive_first(const struct archive *a)
{
    return a->last > a->size ? a->last - a->size + 1 : 1;
}

int64_t archive_last(const struct archive *a)
{
    return a->last;
}

#include "http_answers.h"

#include <stdlib.h>
#include <string.h>

void answers_init(struct answers *box)
{
    (void)pthread_mutex_init(&box->lock, NULL);
    box->first = NULL;
    box->end = &box->first;
}

void answers_free(struct answers *box)
{
    for (struct answer *a = answers_take(box), *next; a != NULL; a = next) {
        next = a->next;
        free(a);
    }
    (void)pthread_mutex_destroy(&box->lock);
}

struct answer *answer_new(const uint64_t *ids, size_t ids_n, int status, const char *type, const char *body,
                          size_t body_n)
{
    size_t ids_bytes = ids_n * sizeof *ids, type_n = type == NULL ? 0 : strlen(type) + 1;
    struct answer *a = malloc(sizeof *a + ids_bytes + type_n + body_n + 1);

    if (a == NULL) return NULL;
    char *texts = (char *)(a->ids + ids_n);
    *a = (struct answer){.status = status, .body_n = body_n, .ids_n = ids_n};
    memcpy(a->ids, ids, ids_bytes);
    if (type != NULL) a->type = memcpy(texts, type, type_n);
    a->body = texts + type_n;
    if (body_n > 0) memcpy(texts + type_n, body, body_n);
    return a;
}

bool answers_put(struct answers *box, struct answer *a)
{
    (void)pthread_mutex_lock(&box->lock);
    bool was_empty = box->first == NULL;
    *box->end = a;
    box->end = &a->next;
    (void)pthread_mutex_unlock(&box->lock);
    return was_empty;
}

struct answer *answers_take(struct answers *box)
{
    (void)pthread_mutex_lock(&box->lock);
    struct answer *all = box->first;
    box->first = NULL;
    box->end = &box->first;
    (void)pthread_mutex_unlock(&box->lock);
    return all;
}

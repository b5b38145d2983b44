#include "handover.h"

#include <pthread.h>
#include <stdlib.h>

#include "http_server.h"

struct handover {
    pthread_mutex_t lock;
    struct http_request *first, **end;
    size_t bytes;
    bool closed;
};

struct handover *handover_new(void)
{
    struct handover *h = calloc(1, sizeof *h);

    if (h == NULL) return NULL;
    if (pthread_mutex_init(&h->lock, NULL) != 0) {
        free(h);
        return NULL;
    }
    h->end = &h->first;
    return h;
}

void handover_free(struct handover *h)
{
    if (h == NULL) return;
    while (h->first != NULL) {
        struct http_request *r = h->first;
        h->first = r->next;
        http_request_free(r);
    }
    (void)pthread_mutex_destroy(&h->lock);
    free(h);
}

bool handover_put(struct handover *h, struct http_request *r, bool *wake)
{
    (void)pthread_mutex_lock(&h->lock);
    bool fits = !h->closed && r->body_n <= HANDOVER_BYTES_MAX - h->bytes;
    if (fits) {
        *wake = h->first == NULL;
        r->next = NULL;
        *h->end = r;
        h->end = &r->next;
        h->bytes += r->body_n;
    }
    (void)pthread_mutex_unlock(&h->lock);
    return fits;
}

struct http_request *handover_take(struct handover *h, size_t max)
{
    (void)pthread_mutex_lock(&h->lock);
    struct http_request *taken = NULL;
    struct http_request **p = &h->first;
    for (size_t n = 0; n < max && *p != NULL; n++) {
        h->bytes -= (*p)->body_n;
        p = &(*p)->next;
    }
    if (p != &h->first) {
        struct http_request *rest = *p;
        *p = NULL;
        taken = h->first;
        h->first = rest;
        if (rest == NULL) h->end = &h->first;
    }
    (void)pthread_mutex_unlock(&h->lock);
    return taken;
}

void handover_close(struct handover *h)
{
    (void)pthread_mutex_lock(&h->lock);
    h->closed = true;
    (void)pthread_mutex_unlock(&h->lock);
}

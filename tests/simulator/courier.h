/* courier.h -- carries HTTP calls to the bot, on a thread of its own, many at a time. */
#ifndef COURIER_H
#define COURIER_H

#include "buf.h"

#include <stddef.h>
#include <stdint.h>

struct courier;
struct err;

/* One call. The courier borrows everything from courier_send() until `done` runs. */
struct errand {
    struct errand *next; /* the courier's */
    const char *url;
    const char *body; /* NULL: a GET */
    size_t body_n;
    const char *signature; /* NULL, or the value of X-Hub-Signature-256 */

    int status; /* 0: no answer */
    int64_t us;
    char why[256]; /* when there was no answer */
    struct buf answer;

    void (*done)(void *self, struct errand *x); /* on the thread of courier_collect() */
    void *self;
};

/* courier_new(wake, self, e): `wake` runs on the courier's thread when something is done. */
struct courier *courier_new(void (*wake)(void *self), void *self, struct err *e);
/* Waits for the thread; what is under way is dropped without `done`. NULL is fine. */
void courier_free(struct courier *c);

void courier_send(struct courier *c, struct errand *x);
void courier_collect(struct courier *c); /* runs `done` for everything that came back */

#endif

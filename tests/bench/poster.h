/* poster.h -- webhooks on their way to the bot: a few connections, and a row for what finds none free. */
#ifndef BENCH_POSTER_H
#define BENCH_POSTER_H

#include <stdbool.h>

#include "buf.h"

struct poster;
struct wire;

struct post {
    struct post *next;
    void *about;      /* the caller's       */
    struct buf bytes; /* a whole request */
};

/* poster_new(epoll, port): its connections are watched by `epoll`, each with its wire. NULL when
 * out of memory. */
struct poster *poster_new(int epoll, int port);
void poster_free(struct poster *p); /* NULL is fine */

/* An empty post, to be filled and added; NULL when out of memory. */
struct post *poster_blank(struct poster *p, void *about);
void poster_add(struct poster *p, struct post *post);

/* poster_go(p): posts what can be posted. */
void poster_go(struct poster *p);

/* poster_event(p, w, status): something happened on a connection of ours. The post that was
 * answered, until the next call; NULL for none; `*status` is -1 when the bot does not speak HTTP.
 * What was under way when a connection ended is posted again, as Meta would. */
struct post *poster_event(struct poster *p, struct wire *w, int *status);

bool poster_is_idle(const struct poster *p);
long poster_repeated(const struct poster *p); /* posted again */

#endif

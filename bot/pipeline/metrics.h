/* metrics.h -- how the desk fares, in numbers, for whoever watches over it. Of nobody in particular.
 *
 * The desk alone writes, between its rounds; any thread may read. All count from the start. */
#ifndef METRICS_H
#define METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "platform.h"

struct buf;
struct http_request;
struct http_server;

struct metrics {
    int64_t started_ms; /* set before anybody reads */

    _Atomic uint64_t messages[PLATFORM_N];               /* taken in, the spoiled included          */
    _Atomic uint64_t sent[PLATFORM_N], dead[PLATFORM_N]; /* replies (sender_tally)    */
    _Atomic uint64_t duplicates, statuses;
    _Atomic uint64_t failed;                /* turns that were undone                 */
    _Atomic uint64_t floods, flooded;       /* begun; messages that got no answer in one */
    _Atomic uint64_t rounds, store_trouble; /* of all rounds, those that kept nothing */

    _Atomic int64_t outbox_waiting; /* replies that wait, a second ago at most        */
    _Atomic int64_t waiting;        /* customers who wait for the human               */
};

/* metrics_write(m, out): in the Prometheus text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). */
void metrics_write(struct metrics *m, struct buf *out);

/* A handler for http_server.h: GET /metrics and nothing else; `user` is a struct metrics. Takes `r`. */
void metrics_handle(void *user, struct http_server *s, struct http_request *r);

#endif

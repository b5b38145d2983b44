/* graph_send.h -- messages of the bot and its read receipts: to whom, whether now, and what becomes of them. */
#ifndef GRAPH_SEND_H
#define GRAPH_SEND_H

#include "graph_fault.h"
#include "refusal.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct exchange;
struct phone;

/* What becomes of one request. */
struct verdict {
    json_t *answer; /* when accepted */
    struct refusal refusal;
    const char *customer; /* id, or NULL */
    char summary[64], note[1640];
    bool bad;
    bool file;            /* the body is one: not for reading            */
    struct graph_met met; /* what goes wrong with it on purpose      */
};

/* graph_messages(p, x, v): POST /{PNID}/messages. 0 with `v->answer` unless `v->fault` took it away; -1 with
 * `v->refusal`. */
int graph_messages(struct phone *p, const struct exchange *x, struct verdict *v);

#endif

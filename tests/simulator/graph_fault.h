/* graph_fault.h -- faults of Graph as the bot sees them: a refusal, a reset, silence. */
#ifndef GRAPH_FAULT_H
#define GRAPH_FAULT_H

#include "faults.h"

#include <stdbool.h>

struct exchange;
struct limbo_end;
struct message;
struct phone;
struct refusal;

/* What one request meets. */
struct graph_met {
    enum fault fault;
    bool until_release;                 /* a hang                                             */
    const struct message *status_first; /* its status `sent` goes before the answer; or NULL  */
};

/* graph_fault_refuse(kind, r): -1 with `r` when Meta answers this fault with a no; 0: it does not. */
int graph_fault_refuse(enum fault kind, struct refusal *r);

/* graph_fault_refrain(kind): nothing is done for the bot, and nothing is answered. */
bool graph_fault_refrain(enum fault kind);

/* graph_fault_end(p, x, met, end): ends x as `end` says, or as the fault wants it. */
void graph_fault_end(struct phone *p, struct exchange *x, const struct graph_met *met,
                     const struct limbo_end *end);

#endif

/* load.h -- Meta as the bot sees it, in one loop: posts webhooks, and takes the replies as the
 * Graph API does.
 *
 * Closed loop: so many people, each of whom writes again as soon as both the webhook's 200 and
 * the reply are there. Open loop: messages at a fixed pace, whatever becomes of the earlier ones;
 * times count from the moment a message was due (no coordinated omission). */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "times.h"

struct bot;
struct err;
struct load;

struct load_plan {
    int people;    /* talking at once                                                   */
    long turns;    /* messages in all                                                   */
    int rate;      /* messages a second; 0: a closed loop                               */
    bool statuses; /* sent, delivered and read come back for each reply                 */
    int limit_s;   /* after which the rest is given up                                  */
};

struct load_result {
    long turns;    /* that have both, 200 and reply                                     */
    long statuses; /* answered with 200                                                 */
    long refused;  /* webhooks answered with anything but 200                           */
    long repeated; /* webhooks posted anew because their connection ended               */
    long strange;  /* replies nobody waited for                                         */
    long missed;   /* of an open loop: messages not sent, since everybody waited        */
    bool gave_up;
    int64_t took_ns; /* from the first message to the last turn's end                     */
    struct times to_answer, to_reply;
};

int load_new(struct load **out, struct err *e);
void load_free(struct load *l); /* NULL is fine */
int load_graph_port(const struct load *l);

/* load_run(l, bot, plan, result, e): -1 when it could not be done at all. The result is closed by
 * the caller, also after -1. Once for each load. */
int load_run(struct load *l, struct bot *bot, const struct load_plan *plan, struct load_result *result,
             struct err *e);
void load_result_close(struct load_result *r);

#endif

/* janitor.h -- what is kept too long goes: a little at a time, between the desk's rounds. */
#ifndef JANITOR_H
#define JANITOR_H

#include <stdint.h>

struct config;
struct store;

struct janitor {
    int64_t text_ms, answers_ms; /* how long each may stay          */
    int64_t next_ms;             /* when to come again; 0: at once  */
};

void janitor_init(struct janitor *j, const struct config *config);

/* janitor_visit(j, store, now): what an erasure had to leave is finished; else it does nothing until it is time,
 * then one bounded transaction. */
void janitor_visit(struct janitor *j, struct store *store, int64_t now_ms);

#endif

/* wire.h -- everything that went over the wire, both ways, as it went, for people to look at. */
#ifndef WIRE_H
#define WIRE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct errand;
struct wire;

/* What an entry starts with. Strings are copied, bodies up to a cap. */
struct wire_start {
    bool webhook; /* to the bot; else a request of the bot to Graph                  */
    const char *method, *target;
    const char *customer;  /* whom it concerns, or NULL                                       */
    const char *summary;   /* a few words: "text", "status read"                              */
    const char *signature; /* or NULL                                                        */
    const char *fault;     /* what it met on purpose, or NULL; a constant                     */
    unsigned attempt;      /* 1 the first time                                                */
    const char *body;
    size_t body_n;
};

/* How it ended. status 0: no answer, and `note` says why. */
struct wire_end {
    int status;
    int64_t us;       /* how long it took, microseconds                                      */
    bool bad;         /* people should look at this: refused, dropped, failed                */
    const char *note; /* or NULL                                                             */
    const char *answer;
    size_t answer_n;
};

/* wire_new(seq, entries): `seq` is the world's change counter; entries take their numbers from it. The last
 * `entries` are remembered. */
struct wire *wire_new(int64_t *seq, size_t entries);
void wire_free(struct wire *w);

/* wire_begin(...): the entry's number, 1, 2, 3 … */
int64_t wire_begin(struct wire *w, int64_t at_ms, const struct wire_start *start);
void wire_finish(struct wire *w, int64_t n, const struct wire_end *end);
/* wire_answered(...): finished with what the bot said to an errand (courier.h). */
void wire_answered(struct wire *w, int64_t n, const struct errand *x, bool bad, const char *note);

/* wire_json_since(w, seq, max): entries changed after `seq`, without bodies, oldest first, the
 * newest `max`. wire_json_one(w, n): one with bodies, NULL when forgotten. New references. */
json_t *wire_json_since(const struct wire *w, int64_t seq, size_t max);
json_t *wire_json_one(const struct wire *w, int64_t n);
int64_t wire_last(const struct wire *w);

#endif

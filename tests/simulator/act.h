/* act.h -- what a tester can do, by page or by control API: one verb with JSON arguments. */
#ifndef ACT_H
#define ACT_H

#include <jansson.h>

struct phone;

/* How an answer goes back: give(self, status, take_body) runs exactly once per act(), at once or later.
 * The status is HTTP's: 200, 400 with {"error"}, 404 for a verb that is unknown. */
struct reply {
    void (*give)(void *self, int status, json_t *take_body);
    void *self;
};

void act(struct phone *p, const char *verb, const json_t *arguments, struct reply reply);

#endif

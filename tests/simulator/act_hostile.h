/* act_hostile.h -- how a tester makes the phone hostile. Each returns 0 with `out` set to the answer (a new
 * reference), or -1 with `e` for people. */
#ifndef ACT_HOSTILE_H
#define ACT_HOSTILE_H

#include <jansson.h>

struct err;
struct phone;

int act_faults(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_redeliver(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_token(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_release(struct phone *p, const json_t *arguments, json_t **out, struct err *e);

#endif

/* graph.h -- Meta's Graph API as far as a bot needs it: judged strictly, answered as Meta answers. */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>

struct exchange;
struct phone;
struct refusal;

/* graph_is(path): does this path ask Graph? They begin with /v and a digit. */
bool graph_is(const char *path);

/* graph_answer(p, x): answers x, and puts the request on the wire. */
void graph_answer(struct phone *p, struct exchange *x);

/* graph_token(p, authorization, r): 0, or -1 with `r` filled when the header does not bring the token. */
int graph_token(const struct phone *p, const char *authorization, struct refusal *r);

#endif

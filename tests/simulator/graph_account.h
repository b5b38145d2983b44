/* graph_account.h -- what Graph tells about the account and its number (GET). */
#ifndef GRAPH_ACCOUNT_H
#define GRAPH_ACCOUNT_H

#include <jansson.h>

struct phone;
struct refusal;

/* graph_account(p, node, edge, query, r): the answer, a new reference; NULL with `r` filled. `edge` is
 * "" when the path ends at the node. */
json_t *graph_account(const struct phone *p, const char *node, const char *edge, const char *query,
                      struct refusal *r);

#endif

/* view.h -- the world as JSON, for the page and for tests. New references, NULL when out of memory. */
#ifndef VIEW_H
#define VIEW_H

#include <jansson.h>
#include <stdint.h>

struct customer;
struct message;
struct phone;
struct world;

json_t *view_customer(const struct world *w, const struct customer *c);
json_t *view_message(const struct message *m);

/* view_bot(p): url, state, why, waiting (webhooks not yet answered with 200). */
json_t *view_bot(const struct phone *p);

/* view_changes(p, since): everything whose change number is above `since`; 0: everything there is. */
json_t *view_changes(const struct phone *p, int64_t since);

#endif

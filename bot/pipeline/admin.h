/* admin.h -- what the operator's own listener answers: GET /metrics at once, GET /report by the desk, for
 * the store is the desk's: nothing personal in either. POST /person (person.h), by the desk too, is.
 *
 * It asks nobody who they are: whoever reaches it is told. What a page in somebody's browser reaches
 * by a name of its own that leads here (DNS rebinding) it does not tell. */
#ifndef ADMIN_H
#define ADMIN_H

#include "http_server.h"

struct handover;
struct http_client;
struct metrics;

struct admin {
    struct metrics *metrics;
    struct handover *handover;
    struct http_client *wake; /* of the desk; only woken */
    const char *name;         /* by which it may be asked, beside addresses and localhost; NULL: none */
};

/* admin_is_private(address): is what listens there (as in http_server_config) reached from this
 * machine alone? */
bool admin_is_private(const char *address);

/* A handler for http_server.h, which keeps operator_headers; `user` is a struct admin. Takes `r`. */
void admin_handle(void *user, struct http_server *s, struct http_request *r);

#endif

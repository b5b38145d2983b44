/* admin.h -- what the operator's own listener answers: GET /metrics at once, GET /report by the desk, for
 * the store is the desk's. Nothing personal in either.
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

/* What http_server.h must keep for us. */
extern const char *const admin_headers[HTTP_HEADERS_MAX + 1];

/* admin_is_private(address): is what listens there (as in http_server_config) reached from this
 * machine alone? */
bool admin_is_private(const char *address);

/* A handler for http_server.h; `user` is a struct admin. Takes `r`. */
void admin_handle(void *user, struct http_server *s, struct http_request *r);

#endif

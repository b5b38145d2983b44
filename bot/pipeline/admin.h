/* admin.h -- what the operator's own listener answers: GET /metrics at once, GET /report by the desk, for
 * the store is the desk's. Nothing personal in either. */
#ifndef ADMIN_H
#define ADMIN_H

struct handover;
struct http_client;
struct http_request;
struct http_server;
struct metrics;

struct admin {
    struct metrics *metrics;
    struct handover *handover;
    struct http_client *wake; /* of the desk; only woken */
};

/* A handler for http_server.h; `user` is a struct admin. Takes `r`. */
void admin_handle(void *user, struct http_server *s, struct http_request *r);

#endif

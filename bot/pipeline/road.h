/* road.h -- the desk's loop: everything that waits, one transaction, one commit, then answers
 * and sends. It alone owns the store. */
#ifndef ROAD_H
#define ROAD_H

#include <stdatomic.h>

struct config;
struct content;
struct desk_health;
struct err;
struct handover;
struct http_client;
struct http_server;
struct metrics;
struct road;
struct store;

struct road_parts {
    const struct config *config;
    struct http_server *door;  /* answered through; started and stopped by the caller */
    struct http_server *admin; /* likewise; NULL: off                                 */
    struct handover *handover;
    struct http_client *client;
    struct store *store;
    struct desk_health *health;
    struct metrics *metrics;
    struct content *content; /* taken: freed when replaced, and at the end           */
};

/* Signals for the loop; each followed by http_client_wake(). */
struct road_orders {
    _Atomic int stop;   /* take nothing more in, finish what is in flight, return */
    _Atomic int reload; /* flows, locales, business anew                          */
};

/* road_run(parts, orders): until told to stop. Rows that a dead process left are settled first. */
int road_run(const struct road_parts *parts, struct road_orders *orders, struct err *e);

#endif

/* intake.h -- the door's manners: which path is whose, who may come in, what is refused.
 *
 * Runs on the door's thread. It checks signatures over the raw bytes and hands what is authentic
 * to the desk; it never touches the store. */
#ifndef INTAKE_H
#define INTAKE_H

#include <stdatomic.h>
#include <stdint.h>

struct config;
struct handover;
struct http_client;
struct http_request;
struct http_server;

/* What the desk tells the door about itself. */
struct desk_health {
    _Atomic int64_t beat_ms; /* clock_mono_ms() of its last round                   */
    _Atomic int store_ok;    /* did the last transaction commit?                    */
    _Atomic int stopping;    /* it takes nothing more in                            */
};

struct intake {
    const struct config *config;
    struct handover *handover;
    struct http_client *wake; /* of the desk; only woken                           */
    struct desk_health *health;
};

/* A handler for http_server.h; `user` is a struct intake. Takes `r`. */
void intake_handle(void *user, struct http_server *s, struct http_request *r);

#endif

/* intake.h -- the door's manners: which path is whose, who may come in, what is refused.
 *
 * Runs on the door's thread. It checks signatures over the raw bytes and hands what is authentic
 * to the desk; it never touches the store. */
#ifndef INTAKE_H
#define INTAKE_H

#include <stdatomic.h>
#include <stdint.h>

#include "http_server.h"

struct config;
struct handover;
struct http_client;

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

/* The headers by which platforms prove themselves: what http_server.h must keep for us. */
extern const char *const intake_headers[HTTP_HEADERS_MAX + 1];

/* A handler for http_server.h; `user` is a struct intake. Takes `r`; when it is handed over, its
 * `kind` is the platform_id whose it is. */
void intake_handle(void *user, struct http_server *s, struct http_request *r);

#endif

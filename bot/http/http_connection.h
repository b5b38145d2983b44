/* http_connection.h -- one client: its bytes become requests, its answers bytes. Of this room
 * alone; all of it on the server's thread.
 *
 * What returns int says -1 when the connection has to be ended at once: from a callback of
 * libwebsockets by returning -1, from elsewhere by connection_kill(). */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "http_crowd.h"
#include "http_server.h"

struct lws;

enum connection_state {
    CONNECTION_FREE,    /* nobody */
    CONNECTION_IDLE,    /* between requests */
    CONNECTION_HEAD,    /* part of a head is here */
    CONNECTION_BODY,    /* the head is here, part of the body */
    CONNECTION_ASKED,   /* handed over, not answered yet */
    CONNECTION_SENDING, /* answered, the client takes its time */
    CONNECTION_CLOSING, /* all said; what still comes is dropped till it hangs up */
    CONNECTION_LEAVING, /* ended by us; holds nothing but its socket, and that for a moment */
    CONNECTION_N
};

/* What the connections of one server share. */
struct door {
    const struct http_server_config *config;
    struct http_server *server;
    struct buf out;      /* an answer while it is put together */
    uint64_t turns;      /* ids given so far */
    size_t here;         /* connections, those LEAVING apart */
    size_t busy;         /* of these the ASKED and SENDING */
    size_t bodies_bytes; /* of all bodies that come in or whose request waits for its answer */
    struct crowd crowd;  /* of these all but the ASKED, which nobody may close */
    int64_t crowded_ms;  /* when it was last said that one had to make room; 0: never */
    bool stopping;       /* answers are the last of their connection */
};

/* An id is the turn, then the slot: found without searching, never the same twice. */
enum { SLOT_BITS = 16, SLOTS_MAX = 1 << SLOT_BITS };

struct connection {
    struct door *door;
    struct lws *wsi;
    uint16_t slot;
    enum connection_state state;
    uint64_t id;                  /* of the turn, while ASKED */
    struct buf in;                /* came in, not understood yet */
    size_t searched;              /* of `in`, for the end of the head */
    struct http_request *request; /* while BODY */
    size_t body_filled;
    size_t body_held;     /* of the turn: its part of the door's bodies_bytes */
    size_t dropped;       /* bytes, while CLOSING */
    bool head_only, last; /* of the turn: HEAD; then close */
    bool wants_go;        /* while BODY: the client waits for "100 Continue" */
    struct crowd_place place;
};

void connection_open(struct connection *c, struct lws *wsi);
void connection_free(struct connection *c); /* its socket is gone */

int connection_receive(struct connection *c, const char *bytes, size_t n);
int connection_answer(struct connection *c, int status, const char *type, const char *body, size_t n);
int connection_writable(struct connection *c);

void connection_kill(struct connection *c); /* soon, from anywhere on the server's thread */

/* connection_yield(door): the one that has gone longest without a whole request is ended, for
 * another's sake. False when all of them wait for our answer. */
bool connection_yield(struct door *door);

#endif

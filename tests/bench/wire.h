/* wire.h -- a keep-alive connection: bytes in, bytes out, whole HTTP/1.1 messages told apart.
 *
 * Only what the two sides at hand use: Content-Length, no chunks. */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum wire_kind {
    WIRE_LISTENER, /* the Graph API's door                  */
    WIRE_GRAPH,    /* the bot posts here                    */
    WIRE_WEBHOOK,  /* we post to the bot                    */
    WIRE_CLOCK,    /* the timer of an open loop             */
    WIRE_LOG       /* the bot's stderr; not ours to close   */
};

struct wire {
    enum wire_kind kind;
    int fd;             /* -1: closed */
    struct buf in, out; /* received and not taken; to be sent from `sent` */
    size_t sent;
    struct post *post; /* WEBHOOK: what waits for its answer */
    struct wire *next; /* WEBHOOK: in the list of idle ones  */
};

/* wire_receive(w): takes what is there. False when the other side has gone. */
bool wire_receive(struct wire *w);

/* wire_send(w): sends what it can. False when the other side has gone. */
bool wire_send(struct wire *w);

void wire_hurry(struct wire *w); /* TCP_NODELAY */
void wire_close(struct wire *w); /* its buffers stay, empty, for the next connection */
void wire_free(struct wire *w);

/* A whole message at the start of `in`. */
struct wire_message {
    const char *head, *body; /* body: NUL-terminated while the message is read */
    size_t body_n, whole_n;
    int status; /* of an answer; 0 for a request */
};

/* wire_peek(w, out): 1 with a message, 0 not whole yet, -1 not HTTP as we know it. */
int wire_peek(const struct wire *w, struct wire_message *out);
void wire_drop(struct wire *w, size_t n); /* the first `n` bytes of `in` were read */

/* json_text(json, key, from, out, size): the string under `"key":`, raw as it stands, at or after
 * `from`; returns where it ends, NULL when there is none or it does not fit. A key within a
 * string cannot be taken for one: its quotes are escaped there. */
const char *json_text(const char *from, const char *key, char *out, size_t size);

#endif

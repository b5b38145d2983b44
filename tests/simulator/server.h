/* server.h -- HTTP and WebSocket on one port, one thread, one loop; timers and file descriptors too.
 *
 * Knows bytes only. Every request is handed over whole and answered once, then or later. */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct server;
struct socket; /* a WebSocket */

/* A request that waits for its answer. The strings live until then. */
struct exchange {
    const char *method, *path, *query; /* query without '?', "" when there is none          */
    const char *authorization;         /* "" when there is none                             */
    const char *content_type;          /* the same                                          */
    const char *body;
    size_t body_n;
    void *waiter; /* whoever answers later keeps its own pointer here                       */
};

/* All run on the loop's thread. `self` is the caller's. */
struct server_calls {
    void *self;
    void (*request)(void *self, struct exchange *x);
    void (*gone)(void *self, struct exchange *x); /* the client left unanswered; x is over   */
    void (*woken)(void *self);                    /* after server_wake()                     */
    void (*timer)(void *self);                    /* after server_timer()                    */
    void (*socket_open)(void *self, struct socket *s);
    void (*socket_text)(void *self, struct socket *s, const char *text, size_t n);
    void (*socket_ready)(void *self, struct socket *s); /* may send one text now             */
    void (*socket_gone)(void *self, struct socket *s);
};

/* server_new(address, port, calls, e): listening on return. NULL with `e`. */
struct server *server_new(const char *address, int port, const struct server_calls *calls, struct err *e);
void server_free(struct server *s);
int server_port(const struct server *s);

void server_run(struct server *s);  /* until server_stop() */
void server_stop(struct server *s); /* on the loop's thread */
void server_wake(struct server *s); /* any thread           */

/* server_timer(s, ms): `timer` runs once, `ms` from now; replaces the timer before. < 0: none. */
void server_timer(struct server *s, int64_t ms);

/* server_watch(s, fd, ready, self, e): ready(self) when there is something to read, and when the other
 * side closed it. Takes fd. */
int server_watch(struct server *s, int fd, void (*ready)(void *self), void *self, struct err *e);

/* server_answer(x, ...): copies the body; x is over after this call. */
void server_answer(struct exchange *x, int status, const char *type, const char *body, size_t n);

/* server_reset(x): no answer: the connection is reset (RST, not an orderly end); x is over after this call. */
void server_reset(struct exchange *x);

void socket_want(struct socket *s);                             /* socket_ready soon                     */
void socket_send(struct socket *s, const char *text, size_t n); /* once per socket_ready      */
void socket_data_set(struct socket *s, void *data);
void *socket_data(const struct socket *s);

#endif

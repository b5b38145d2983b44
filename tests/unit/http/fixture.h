/* fixture.h -- a server on its own thread, and a client that speaks bytes. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_server.h"

/* ---- The server ------------------------------------------------------------------------------ */

struct fixture {
    struct http_server *server;
    pthread_t thread;
    bool holds; /* requests wait for fixture_take(), else only those for "/hold" do;
                   the others are echoed at once */
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct http_request *first, **end;
};

/* A server on 127.0.0.1 with that many connections and that time limit. */
void fixture_start(struct fixture *f, bool holds, int connections_max, int timeout_s);
void fixture_start_with(struct fixture *f, bool holds, const struct http_server_config *config);

/* The next request, waited for; the caller answers and frees it. */
struct http_request *fixture_take(struct fixture *f);

/* Echoes `r` as its answer, from the calling thread, and frees it:
 * "METHOD path query signature|- body". */
void fixture_echo(struct fixture *f, struct http_request *r);

void fixture_wait(struct fixture *f); /* until the run has returned */
void fixture_free(struct fixture *f);
void fixture_stop(struct fixture *f); /* stop at once, wait, free   */

/* ---- The client ------------------------------------------------------------------------------ */

struct wire {
    int fd;
    char *bytes; /* received, not taken yet */
    size_t n, cap;
    bool reset;
};

struct reply {
    int status;
    char head[2048];
    char *body;
    size_t body_n;
};

void wire_open(struct wire *w, int port);
void wire_close(struct wire *w);
void wire_send(struct wire *w, const char *bytes, size_t n);
void wire_says(struct wire *w, const char *text);
/* Like wire_send(), but the other side may have hung up meanwhile: false. */
bool wire_tries(struct wire *w, const char *bytes, size_t n);

/* The next reply, waited for; false when the connection ended before one. `head_only`: of a HEAD
 * request. */
bool wire_reply(struct wire *w, bool head_only, struct reply *out);
void reply_free(struct reply *r);

/* Waits until the other side hangs up; what it still says is dropped. False when it did so with a
 * reset, which can cost a client what was said before. */
bool wire_until_end(struct wire *w);

/* One request on a fresh connection: its status; 0 when there was none. */
int wire_ask(int port, const char *request);

#endif

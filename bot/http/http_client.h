/* http_client.h -- the sender's arms: many requests at once, one thread, no waiting (libcurl
 * multi). Used by the thread that owns it; only http_client_wake() may come from elsewhere. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct http_client;

/* An answer larger than this is cut, unless more is asked for: to a send platforms answer in a few
 * hundred bytes. */
enum { HTTP_ANSWER_MAX = 64 * 1024 };

/* What a body is, by its Content-Type: a longer one than this is taken for none. */
enum { HTTP_TYPE_MAX = 127 };

struct http_answer {
    int status;       /* HTTP status; 0: no answer                                    */
    int certain;      /* status 0 only: 1 = the request surely never reached them
                               (no connection, no name, no TLS); 0 = it may have            */
    const char *body; /* any bytes, and a NUL behind them; valid during the callback  */
    size_t body_n;
    bool cut;                 /* there was more than `answer_max`, or than memory: not the whole      */
    const char *content_type; /* as they call it, on one line; valid during the callback. Or NULL     */
    int64_t retry_after_ms;   /* of a Retry-After header, else 0                              */
    int64_t took_ms;
    const char *trouble; /* status 0: curl's words; else NULL                            */
};

struct http_call {
    const char *url;    /* http or https, no other scheme; no redirects are followed    */
    const char *bearer; /* Authorization: Bearer …, or NULL                             */
    const char *body;   /* NULL: GET, which may be repeated when a connection dies; else
                               POST, sent at most once; any bytes                          */
    size_t body_n;
    const char *content_type; /* of the body; NULL: application/json                       */
    size_t answer_max;        /* a larger answer is cut; 0: HTTP_ANSWER_MAX                    */
    int timeout_ms;           /* for the whole call                                           */
    void (*done)(void *user, uint64_t tag, const struct http_answer *answer);
    void *user;
    uint64_t tag; /* handed back                                                  */
};

/* http_client_new(connections_max, out, e): keeps up to that many connections open for reuse. */
int http_client_new(int connections_max, struct http_client **out, struct err *e);

/* http_client_free(c): calls still open end without their callback. NULL is fine. */
void http_client_free(struct http_client *c);

/* http_client_send(c, call, e): starts the call; everything in `call` is copied. `done` is
 * called exactly once, from http_client_poll(). -1 when it could not even start. */
int http_client_send(struct http_client *c, const struct http_call *call, struct err *e);

/* http_client_poll(c, wait_ms): moves all calls on, waits at most `wait_ms` for something to
 * happen, calls `done` for the finished ones. */
void http_client_poll(struct http_client *c, int wait_ms);

void http_client_wake(struct http_client *c); /* any thread: a poll that waits returns */

size_t http_client_open(const struct http_client *c); /* calls not done yet */

#endif

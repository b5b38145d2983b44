/* http_server.h -- the door: takes requests, caps them, hands them over whole, answers later.
 *
 * Runs on the thread that calls http_server_run(). Everything else may be called from any
 * thread where said so. Bytes only: no meaning, no secrets. (libwebsockets 4.1 to 4.3)
 *
 * HTTP/1.1 with a Content-Length; one request of a connection is out at a time, pipelined ones
 * wait. What is no such request never reaches the handler: 400, 411 (chunked), 413, 431, 503 (bodies
 * that wait for an answer fill the memory set aside for them), 505, and the connection is closed.
 *
 * When there are too many connections, or too many bodies come in at once, the ones that have gone
 * longest without a whole request are closed; never one whose request waits for its answer. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct http_server;

/* Meta's batches reach 3 MB; 4 MiB leaves room and bounds what one sender can make us hold. */
enum { HTTP_BODY_MAX = 4 * 1024 * 1024 };

/* Of a request, beside what framing needs, only what a platform proves itself by is kept. */
enum { HTTP_HEADERS_MAX = 2 };

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

/* A request, whole. Freed with http_request_free() by whoever answered it. */
struct http_request {
    struct http_request *next; /* for whoever queues them                                 */
    int kind;                  /* likewise: what it is to them; 0 at first                */
    uint64_t id;               /* names the connection's turn; never reused               */
    enum http_method method;
    char *path;                     /* without query, as sent (%41 stays %41); starts with '/' */
    char *query;                    /* raw, without '?'; "" when there is none                 */
    char *header[HTTP_HEADERS_MAX]; /* values of those named at start, in that order; NULL: absent */
    char *body;                     /* NUL-terminated beyond `body_n`; never NULL              */
    size_t body_n;
    int64_t taken_ms; /* clock_mono_ms() when the headers were read              */
};

void http_request_free(struct http_request *r); /* NULL is fine */

/* http_request_query(r, name, out): the decoded value of a query argument (application/
 * x-www-form-urlencoded) into `out`, at most `size` bytes with the NUL. False when absent, too
 * long or badly encoded. Repeated: the first. */
bool http_request_query(const struct http_request *r, const char *name, char *out, size_t size);

struct http_server_config {
    const char *address;           /* to bind: "127.0.0.1", "0.0.0.0", "::1"                */
    int port;                      /* 0: the system chooses                                  */
    const char *certificate, *key; /* PEM files for TLS; NULL: plain HTTP                   */
    const char *const *headers;    /* to be kept: lower case, without colon, NULL at the end, at
                                     most HTTP_HEADERS_MAX; NULL: none                      */
    int connections_max;           /* open connections at most; for one more another is closed.
                                     Fewer, and the log says so, when the system allows fewer
                                     open files                                             */
    int request_timeout_s;         /* a request that is not whole by then is cut off, and a
                                     connection that is idle for as long                    */

    /* A whole request came in (on the server's thread). The handler owns `r`. It may answer at
     * once or keep `r` and have another thread answer by its id. */
    void (*handler)(void *user, struct http_server *s, struct http_request *r);
    void *user;
};

/* http_server_new(config, out, e): bound and listening on return. -1 with `e`: address in use,
 * not ours, certificate unreadable. The config's strings are copied. */
int http_server_new(const struct http_server_config *config, struct http_server **out, struct err *e);
void http_server_free(struct http_server *s); /* after run returned; NULL is fine */

int http_server_port(const struct http_server *s); /* the bound port */

/* http_server_run(s): serves until http_server_stop(). */
void http_server_run(struct http_server *s);

/* http_server_stop(s): any thread, or a signal handler's thread: no new connections, answers in
 * flight are finished, then run returns (at the latest after `grace_ms`). */
void http_server_stop(struct http_server *s, int64_t grace_ms);

/* http_server_answer(s, id, status, type, body, n): any thread. Copies the body. An id whose
 * client is gone is fine. `type` is a content type or NULL for text/plain. */
void http_server_answer(struct http_server *s, uint64_t id, int status, const char *type, const char *body,
                        size_t n);

/* http_server_answer_many(s, ids, n, status): the same short answer to many, one wake-up. */
void http_server_answer_many(struct http_server *s, const uint64_t *ids, size_t n, int status);

#endif

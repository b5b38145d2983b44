/* graph.h -- a Graph API that does what a test tells it. */
#ifndef GRAPH_H
#define GRAPH_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct http_client;
struct http_request;
struct http_server;

enum { GRAPH_REQUESTS_MAX = 1024 };

struct graph {
    struct http_server *server;
    pthread_t thread;
    int port;
    bool answers; /* each at once with 200 and an id; else when graph_answer() says so */

    pthread_mutex_t lock;
    struct http_request *seen[GRAPH_REQUESTS_MAX]; /* the bearer stands in `header[0]`*/
    size_t n;
};

void graph_start(struct graph *g, bool answers);
/* graph_hang_up(g): at once, whoever waits for an answer is cut off. What was seen stays. */
void graph_hang_up(struct graph *g);
void graph_free(struct graph *g);

/* graph_seen(g): how many requests came; graph_wait(g, client, n): waits until n did, polling
 * the client meanwhile (NULL: somebody else does). */
size_t graph_seen(struct graph *g);
void graph_wait(struct graph *g, struct http_client *client, size_t n);

const char *graph_body(struct graph *g, size_t i); /* of request i, counting from 0 */
const char *graph_path(struct graph *g, size_t i);
const char *graph_bearer(struct graph *g, size_t i);

/* graph_find(g, part): the first request whose body holds `part`; fails the test when none does. */
size_t graph_find(struct graph *g, const char *part);

void graph_answer(struct graph *g, size_t i, int status, const char *body);
void graph_accept(struct graph *g, size_t i, const char *id);       /* 200 with this message id   */
void graph_refuse(struct graph *g, size_t i, int status, int code); /* an error of Meta's     */

#endif

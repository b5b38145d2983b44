#include "graph.h"

#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "err.h"
#include "http_client.h"
#include "http_server.h"
#include "unit.h"

/* A test that waits longer than this hangs; no test takes a fraction of it. */
enum { PATIENCE_MS = 60 * 1000 };

static void accept_as(struct graph *g, const struct http_request *r, const char *id)
{
    struct buf out = {0};

    buf_addf(&out, "{\"messaging_product\":\"whatsapp\",\"contacts\":[],\"messages\":[{\"id\":\"%s\"}]}", id);
    http_server_answer(g->server, r->id, 200, "application/json", out.data, out.len);
    buf_free(&out);
}

static void handle(void *user, struct http_server *s, struct http_request *r)
{
    struct graph *g = user;
    char id[32];

    (void)s;
    (void)pthread_mutex_lock(&g->lock);
    size_t i = g->n;
    if (i < GRAPH_REQUESTS_MAX) g->seen[g->n++] = r;
    (void)pthread_mutex_unlock(&g->lock);
    (void)snprintf(id, sizeof id, "wamid.OUT%zu", i);
    if (g->answers) accept_as(g, r, id);
    if (i >= GRAPH_REQUESTS_MAX) http_request_free(r);
}

static void *run(void *user)
{
    struct graph *g = user;

    http_server_run(g->server);
    return NULL;
}

void graph_start(struct graph *g, bool answers)
{
    static const char *const headers[] = {"authorization", NULL};
    struct err e = {0};

    *g = (struct graph){.answers = answers};
    const struct http_server_config config = {.address = "127.0.0.1",
                                              .headers = headers,
                                              .connections_max = 256,
                                              .request_timeout_s = 60,
                                              .handler = handle,
                                              .user = g};
    assert_int_equal(pthread_mutex_init(&g->lock, NULL), 0);
    if (http_server_new(&config, &g->server, &e) != 0) fail_msg("%s", e.text);
    g->port = http_server_port(g->server);
    assert_int_equal(pthread_create(&g->thread, NULL, run, g), 0);
}

void graph_hang_up(struct graph *g)
{
    if (g->server == NULL) return;
    http_server_stop(g->server, 0);
    (void)pthread_join(g->thread, NULL);
    http_server_free(g->server);
    g->server = NULL;
}

void graph_free(struct graph *g)
{
    graph_hang_up(g);
    for (size_t i = 0; i < g->n; i++) http_request_free(g->seen[i]);
    (void)pthread_mutex_destroy(&g->lock);
}

size_t graph_seen(struct graph *g)
{
    (void)pthread_mutex_lock(&g->lock);
    size_t n = g->n;
    (void)pthread_mutex_unlock(&g->lock);
    return n;
}

void graph_wait(struct graph *g, struct http_client *client, size_t n)
{
    const int64_t until = clock_mono_ms() + PATIENCE_MS;

    while (graph_seen(g) < n) {
        if (client != NULL)
            http_client_poll(client, 1);
        else
            (void)usleep(500);
        if (clock_mono_ms() > until) fail_msg("%zu requests came, waited for %zu", graph_seen(g), n);
    }
}

static const struct http_request *request(struct graph *g, size_t i)
{
    (void)pthread_mutex_lock(&g->lock);
    const struct http_request *r = i < g->n ? g->seen[i] : NULL;
    (void)pthread_mutex_unlock(&g->lock);
    if (r == NULL) fail_msg("no request %zu", i);
    return r;
}

const char *graph_body(struct graph *g, size_t i)
{
    return request(g, i)->body;
}

const char *graph_path(struct graph *g, size_t i)
{
    return request(g, i)->path;
}

const char *graph_bearer(struct graph *g, size_t i)
{
    const char *header = request(g, i)->header[0];
    return header != NULL ? header : "";
}

size_t graph_find(struct graph *g, const char *part)
{
    size_t n = graph_seen(g);

    for (size_t i = 0; i < n; i++)
        if (strstr(graph_body(g, i), part) != NULL) return i;
    fail_msg("no request holds '%s'", part);
    return n;
}

void graph_answer(struct graph *g, size_t i, int status, const char *body)
{
    http_server_answer(g->server, request(g, i)->id, status, "application/json", body, strlen(body));
}

void graph_accept(struct graph *g, size_t i, const char *id)
{
    accept_as(g, request(g, i), id);
}

void graph_refuse(struct graph *g, size_t i, int status, int code)
{
    char body[128];

    (void)snprintf(body, sizeof body,
                   "{\"error\":{\"message\":\"refused\",\"type\":\"OAuthException\",\"code\":%d}}", code);
    graph_answer(g, i, status, body);
}

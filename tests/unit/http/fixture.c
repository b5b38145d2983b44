#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "unit.h"

/* A test that waits longer than this hangs; no test takes a fraction of it. */
enum { PATIENCE_S = 30 };

static const char *const method_word[] = {
    [HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST", [HTTP_OTHER] = "OTHER"};

void fixture_echo(struct fixture *f, struct http_request *r)
{
    size_t n = strlen(r->path) + strlen(r->query) + r->body_n + 64;
    const char *signature = r->header[0] == NULL ? "-" : r->header[0];

    n += strlen(signature);
    char *text = malloc(n);
    assert_non_null(text);
    int head = snprintf(text, n, "%s %s %s %s ", method_word[r->method], r->path, r->query, signature);
    memcpy(text + head, r->body, r->body_n);
    http_server_answer(f->server, r->id, 200, NULL, text, (size_t)head + r->body_n);
    free(text);
    http_request_free(r);
}

static void handle(void *user, struct http_server *s, struct http_request *r)
{
    struct fixture *f = user;

    (void)s;
    if (!f->holds && strcmp(r->path, "/hold") != 0) {
        fixture_echo(f, r);
        return;
    }
    pthread_mutex_lock(&f->lock);
    *f->end = r;
    f->end = &r->next;
    pthread_cond_signal(&f->came);
    pthread_mutex_unlock(&f->lock);
}

static void *run(void *user)
{
    struct fixture *f = user;

    http_server_run(f->server);
    return NULL;
}

void fixture_start_with(struct fixture *f, bool holds, const struct http_server_config *config)
{
    struct http_server_config mine = *config;
    struct err e = {{0}};

    memset(f, 0, sizeof *f);
    f->holds = holds;
    f->end = &f->first;
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->came, NULL);
    mine.handler = handle;
    mine.user = f;
    if (http_server_new(&mine, &f->server, &e) != 0) fail_msg("%s", e.text);
    assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);
}

void fixture_start(struct fixture *f, bool holds, int connections_max, int timeout_s)
{
    static const char *const headers[] = {"x-hub-signature-256", NULL};
    const struct http_server_config config = {
        .address = "127.0.0.1",
        .headers = headers,
        .connections_max = connections_max,
        .request_timeout_s = timeout_s,
    };

    fixture_start_with(f, holds, &config);
}

struct http_request *fixture_take(struct fixture *f)
{
    struct timespec until;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&f->lock);
    while (f->first == NULL && rc == 0) rc = pthread_cond_timedwait(&f->came, &f->lock, &until);
    struct http_request *r = f->first;
    if (r != NULL) {
        f->first = r->next;
        if (f->first == NULL) f->end = &f->first;
    }
    pthread_mutex_unlock(&f->lock);
    assert_non_null(r);
    r->next = NULL;
    return r;
}

void fixture_wait(struct fixture *f)
{
    pthread_join(f->thread, NULL);
}

void fixture_free(struct fixture *f)
{
    http_server_free(f->server);
    while (f->first != NULL) {
        struct http_request *r = f->first;
        f->first = r->next;
        http_request_free(r);
    }
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->came);
}

void fixture_stop(struct fixture *f)
{
    http_server_stop(f->server, 0);
    fixture_wait(f);
    fixture_free(f);
}

void wire_open(struct wire *w, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const struct timeval patience = {.tv_sec = PATIENCE_S};

    memset(w, 0, sizeof *w);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    w->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(w->fd >= 0);
    setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(w->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(w->fd, (const struct sockaddr *)&to, sizeof to), 0);
}

void wire_close(struct wire *w)
{
    close(w->fd);
    free(w->bytes);
    memset(w, 0, sizeof *w);
}

bool wire_tries(struct wire *w, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(w->fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

void wire_send(struct wire *w, const char *bytes, size_t n)
{
    assert_true(wire_tries(w, bytes, n));
}

void wire_says(struct wire *w, const char *text)
{
    wire_send(w, text, strlen(text));
}

/* More bytes; 0 at the end, be it a close or, then `reset`, a reset. */
static size_t wire_read(struct wire *w)
{
    if (w->cap - w->n < 4096) {
        w->cap = w->cap * 2 + 8192;
        w->bytes = realloc(w->bytes, w->cap);
        assert_non_null(w->bytes);
    }
    ssize_t n = recv(w->fd, w->bytes + w->n, w->cap - w->n, 0);
    if (n < 0 && errno == ECONNRESET) {
        w->reset = true;
        return 0;
    }
    if (n < 0) fail_msg("nothing came: %d", errno);
    w->n += (size_t)n;
    return (size_t)n;
}

bool wire_reply(struct wire *w, bool head_only, struct reply *out)
{
    const char *end = NULL;

    memset(out, 0, sizeof *out);
    while (w->n == 0 || (end = memmem(w->bytes, w->n, "\r\n\r\n", 4)) == NULL)
        if (wire_read(w) == 0) return false;
    size_t head_n = (size_t)(end - w->bytes) + 4;
    assert_true(head_n < sizeof out->head);
    memcpy(out->head, w->bytes, head_n);
    assert_int_equal(sscanf(out->head, "HTTP/1.1 %d ", &out->status), 1);
    const char *length = strstr(out->head, "\r\ncontent-length: ");
    if (length != NULL) out->body_n = (size_t)strtoul(length + 18, NULL, 10);
    size_t body_n = head_only ? 0 : out->body_n;
    while (w->n < head_n + body_n)
        if (wire_read(w) == 0) return false;
    out->body = calloc(1, body_n + 1);
    assert_non_null(out->body);
    memcpy(out->body, w->bytes + head_n, body_n);
    w->n -= head_n + body_n;
    memmove(w->bytes, w->bytes + head_n + body_n, w->n);
    return true;
}

void reply_free(struct reply *r)
{
    free(r->body);
    r->body = NULL;
}

bool wire_until_end(struct wire *w)
{
    while (wire_read(w) > 0) w->n = 0;
    return !w->reset;
}

int wire_ask(int port, const char *request)
{
    struct wire w;
    struct reply r;

    wire_open(&w, port);
    (void)wire_tries(&w, request, strlen(request));
    int status = wire_reply(&w, false, &r) ? r.status : 0;
    reply_free(&r);
    wire_close(&w);
    return status;
}

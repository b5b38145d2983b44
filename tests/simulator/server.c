#include "server.h"

#include "buf.h"
#include "err.h"
#include "loopback.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Who asks for messages may wait a minute for one (control.c); libwebsockets gives up after five seconds. */
enum { ANSWER_WITHIN_S = 75 };
/* The bot gives files of 20 MB at most; nobody sends us more. */
enum { BODY_MAX = 24 * 1024 * 1024, HEADERS_MAX = 16 * 1024 };

struct server {
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct server_calls calls;
    lws_sorted_usec_list_t timer;
    bool stop;
};

/* The public part comes first, so that an exchange is found back from it. */
struct held {
    struct exchange x;
    struct server *server;
    struct lws *wsi;
    char *method, *path, *query, *authorization, *content_type;
    struct buf body, answer; /* the answer starts after LWS_PRE spare bytes */
    int status;
    char type[160];
    bool handed, answered, reset;
};

struct socket {
    struct lws *wsi;
    struct buf incoming;
    void *data;
};

struct watch {
    void (*ready)(void *);
    void *self;
};

/* What libwebsockets keeps per connection. */
struct connection {
    struct held *held;
    struct socket *socket;
};

static char *header(struct lws *wsi, enum lws_token_indexes token)
{
    int n = lws_hdr_total_length(wsi, token);
    char *value = calloc(1, (size_t)(n > 0 ? n : 0) + 1);
    if (value != NULL && n > 0) lws_hdr_copy(wsi, value, n + 1, token);
    return value;
}

/* The arguments come apart; together again they are what was asked. */
static char *query(struct lws *wsi)
{
    struct buf all = {0};
    char part[1024];
    for (int i = 0; lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++) {
        if (i > 0) buf_addc(&all, '&');
        buf_adds(&all, part);
    }
    char *text = strdup(buf_text(&all));
    buf_free(&all);
    return text;
}

static void held_free(struct held *h)
{
    if (h == NULL) return;
    free(h->method);
    free(h->path);
    free(h->query);
    free(h->authorization);
    free(h->content_type);
    buf_free(&h->body);
    buf_free(&h->answer);
    free(h);
}

static bool foreign(struct lws *wsi)
{
    char *host = header(wsi, WSI_TOKEN_HOST), *origin = header(wsi, WSI_TOKEN_ORIGIN);
    bool bad = host == NULL || origin == NULL || loopback_foreign(host, origin);
    free(host);
    free(origin);
    return bad;
}

static struct held *held_new(struct server *s, struct lws *wsi)
{
    static const char *const methods[] = {
        [LWSHUMETH_GET] = "GET",         [LWSHUMETH_POST] = "POST",   [LWSHUMETH_OPTIONS] = "OPTIONS",
        [LWSHUMETH_PUT] = "PUT",         [LWSHUMETH_PATCH] = "PATCH", [LWSHUMETH_DELETE] = "DELETE",
        [LWSHUMETH_CONNECT] = "CONNECT", [LWSHUMETH_HEAD] = "HEAD"};
    char *uri = NULL;
    int uri_n = 0, method = lws_http_get_uri_and_method(wsi, &uri, &uri_n);
    if (method < 0 || (size_t)method >= sizeof methods / sizeof *methods) return NULL;
    struct held *h = calloc(1, sizeof *h);
    if (h == NULL) return NULL;
    h->server = s;
    h->wsi = wsi;
    h->method = strdup(methods[method]);
    h->path = strndup(uri, (size_t)uri_n);
    h->query = query(wsi);
    h->authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
    h->content_type = header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE);
    if (h->method != NULL && h->path != NULL && h->query != NULL && h->authorization != NULL &&
        h->content_type != NULL)
        return h;
    held_free(h);
    return NULL;
}

static void hand_over(struct held *h)
{
    if (h->handed) return;
    h->handed = true;
    h->x.method = h->method;
    h->x.path = h->path;
    h->x.query = h->query;
    h->x.authorization = h->authorization;
    h->x.content_type = h->content_type;
    h->x.body = buf_text(&h->body);
    h->x.body_n = h->body.len;
    h->server->calls.request(h->server->calls.self, &h->x);
}

static int begin(struct server *s, struct connection *c, struct lws *wsi)
{
    held_free(c->held);
    if ((c->held = held_new(s, wsi)) == NULL) return -1;
    char *length = header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    long long n = length == NULL ? 0 : strtoll(length, NULL, 10);
    free(length);
    if (foreign(wsi)) {
        c->held->handed = true;
        server_answer(&c->held->x, 403, "text/plain", "another site\n", 13);
    } else if (n > BODY_MAX) {
        return -1;
    } else if (n == 0) {
        hand_over(c->held);
    }
    return 0;
}

static int write_answer(struct connection *c, struct lws *wsi)
{
    struct held *h = c->held;
    if (h == NULL || !h->answered) return 0;
    if (h->reset) return -1;
    unsigned char head[LWS_PRE + 2048], *start = head + LWS_PRE, *p = start, *end = head + sizeof head - 1;
    size_t n = h->answer.len - LWS_PRE;
    if (lws_add_http_common_headers(wsi, (unsigned)h->status, h->type, n, &p, end) != 0 ||
        lws_add_http_header_by_name(wsi, (const unsigned char *)"cache-control:",
                                    (const unsigned char *)"no-store", 8, &p, end) != 0 ||
        lws_finalize_write_http_header(wsi, start, &p, end) != 0)
        return -1;
    unsigned char *body = (unsigned char *)h->answer.data + LWS_PRE;
    if (lws_write(wsi, body, n, LWS_WRITE_HTTP_FINAL) != (int)n) return -1;
    held_free(h);
    c->held = NULL;
    return lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

static void connection_end(struct server *s, struct connection *c)
{
    if (c->held == NULL) return;
    if (c->held->handed && !c->held->answered) s->calls.gone(s->calls.self, &c->held->x);
    held_free(c->held);
    c->held = NULL;
}

static struct server *server_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static int on_http(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n)
{
    struct connection *c = user;
    struct server *s = server_of(wsi);
    switch ((int)why) {
    case LWS_CALLBACK_HTTP: return begin(s, c, wsi);
    case LWS_CALLBACK_HTTP_BODY:
        if (c->held == NULL || c->held->body.len + n > BODY_MAX) return -1;
        buf_add(&c->held->body, in, n);
        return c->held->body.failed ? -1 : 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        if (c->held != NULL) hand_over(c->held);
        return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE: return write_answer(c, wsi);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (c != NULL) connection_end(s, c);
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        if (s != NULL) s->calls.woken(s->calls.self);
        return 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return -1; /* a WebSocket that speaks nothing */
    default: return 0;
    }
}

static void take_text(struct server *s, struct socket *socket, struct lws *wsi, const void *in, size_t n)
{
    if (socket->incoming.len + n > BODY_MAX) return;
    buf_add(&socket->incoming, in, n);
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) != 0) return;
    s->calls.socket_text(s->calls.self, socket, buf_text(&socket->incoming), socket->incoming.len);
    buf_clear(&socket->incoming);
}

static int on_socket(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n)
{
    struct connection *c = user;
    struct server *s = server_of(wsi);
    switch ((int)why) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return foreign(wsi) ? -1 : 0;
    case LWS_CALLBACK_ESTABLISHED:
        if ((c->socket = calloc(1, sizeof *c->socket)) == NULL) return -1;
        c->socket->wsi = wsi;
        s->calls.socket_open(s->calls.self, c->socket);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (c->socket != NULL) take_text(s, c->socket, wsi, in, n);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (c->socket != NULL) s->calls.socket_ready(s->calls.self, c->socket);
        return 0;
    case LWS_CALLBACK_CLOSED:
        if (c->socket == NULL) return 0;
        s->calls.socket_gone(s->calls.self, c->socket);
        buf_free(&c->socket->incoming);
        free(c->socket);
        c->socket = NULL;
        return 0;
    default: return 0;
    }
}

static int on_watch(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n)
{
    (void)user, (void)in, (void)n;
    struct watch *watch = lws_get_opaque_user_data(wsi);
    if (watch == NULL) return 0;
    if (why == LWS_CALLBACK_RAW_RX_FILE || why == LWS_CALLBACK_RAW_CLOSE_FILE) watch->ready(watch->self);
    if (why == LWS_CALLBACK_RAW_CLOSE_FILE) {
        lws_set_opaque_user_data(wsi, NULL);
        free(watch);
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    {"http", on_http, sizeof(struct connection), 0, 0, NULL, 0},
    {"phone", on_socket, sizeof(struct connection), 16 * 1024, 0, NULL, 0},
    {"watch", on_watch, 0, 0, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0}};

struct server *server_new(const char *address, int port, const struct server_calls *calls, struct err *e)
{
    struct server *s = calloc(1, sizeof *s);
    if (s == NULL) {
        err_set(e, "out of memory");
        return NULL;
    }
    s->calls = *calls;
    lws_set_log_level(0, NULL);
    struct lws_context_creation_info info = {0};
    info.port = port;
    info.iface = address;
    info.protocols = protocols;
    info.user = s;
    info.max_http_header_data = HEADERS_MAX;
    info.keepalive_timeout = 300;
    info.timeout_secs = ANSWER_WITHIN_S;
    /* Sends no script, style or picture from elsewhere to the browser, and says so. */
    info.options =
        LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE;
    if ((s->context = lws_create_context(&info)) == NULL ||
        (s->vhost = lws_create_vhost(s->context, &info)) == NULL) {
        err_set(e, "cannot listen on %s:%d", address, port);
        server_free(s);
        return NULL;
    }
    return s;
}

void server_free(struct server *s)
{
    if (s == NULL) return;
    if (s->context != NULL) lws_context_destroy(s->context);
    free(s);
}

int server_port(const struct server *s)
{
    return lws_get_vhost_listen_port(s->vhost);
}

void server_run(struct server *s)
{
    while (!s->stop && lws_service(s->context, 0) >= 0) continue;
}

void server_stop(struct server *s)
{
    s->stop = true;
    lws_cancel_service(s->context);
}

void server_wake(struct server *s)
{
    lws_cancel_service(s->context);
}

static void on_timer(lws_sorted_usec_list_t *timer)
{
    struct server *s = lws_container_of(timer, struct server, timer);
    s->calls.timer(s->calls.self);
}

void server_timer(struct server *s, int64_t ms)
{
    lws_usec_t us = ms < 0 ? (lws_usec_t)LWS_SET_TIMER_USEC_CANCEL : ms == 0 ? 1 : ms * 1000;
    lws_sul_schedule(s->context, 0, &s->timer, on_timer, us);
}

int server_watch(struct server *s, int fd, void (*ready)(void *), void *self, struct err *e)
{
    struct watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        close(fd);
        return err_set(e, "out of memory");
    }
    *watch = (struct watch){ready, self};
    lws_adopt_desc_t what = {.vh = s->vhost,
                             .type = LWS_ADOPT_RAW_FILE_DESC,
                             .fd = {.filefd = fd},
                             .vh_prot_name = "watch",
                             .opaque = watch};
    if (lws_adopt_descriptor_vhost_via_info(&what) != NULL) return 0;
    free(watch);
    return err_set(e, "cannot watch a file descriptor");
}

void server_answer(struct exchange *x, int status, const char *type, const char *body, size_t n)
{
    struct held *h = (struct held *)(void *)x;
    static const char spare[LWS_PRE] = "";
    h->answered = true;
    h->status = status;
    snprintf(h->type, sizeof h->type, "%s", type);
    buf_add(&h->answer, spare, sizeof spare);
    buf_add(&h->answer, body, n);
    lws_set_timeout(h->wsi, NO_PENDING_TIMEOUT, 0);
    lws_callback_on_writable(h->wsi);
}

/* Closing a socket that may not linger sends a reset. The library shuts down in order first unless a
 * timeout closes; and not within the call that brought the request. */
void server_reset(struct exchange *x)
{
    struct held *h = (struct held *)(void *)x;
    const struct linger none = {.l_onoff = 1, .l_linger = 0};
    h->answered = h->reset = true;
    setsockopt(lws_get_socket_fd(h->wsi), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    lws_set_timeout(h->wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_ASYNC);
}

void socket_want(struct socket *s)
{
    lws_callback_on_writable(s->wsi);
}

void socket_send(struct socket *s, const char *text, size_t n)
{
    unsigned char *framed = malloc(LWS_PRE + n);
    if (framed == NULL) return;
    memcpy(framed + LWS_PRE, text, n);
    lws_write(s->wsi, framed + LWS_PRE, n, LWS_WRITE_TEXT);
    free(framed);
}

void socket_data_set(struct socket *s, void *data)
{
    s->data = data;
}

void *socket_data(const struct socket *s)
{
    return s->data;
}

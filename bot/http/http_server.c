#include "http_server.h"

#include <errno.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "err.h"
#include "http_answers.h"
#include "http_connection.h"
#include "http_descriptors.h"
#include "http_listener.h"
#include "log.h"

enum {
    READ_BYTES = 16 * 1024, /* one recv; a usual webhook fits with room, a batch needs few */
    FDS_BESIDE = 8,         /* what lws polls besides connections: listener, its own pipe  */
    ACCEPTS_MAX = 64,       /* in one go, so that those already here are served in between */
    SPARE = ACCEPTS_MAX,    /* slots for those that make room: they are gone a round later  */
    ACCEPT_RETRY_US = 100 * 1000
};

struct http_server {
    struct http_server_config config; /* with strings of our own */
    char *headers[HTTP_HEADERS_MAX + 1];
    struct door door;
    struct connection *connections; /* slots_n of them                               */
    size_t slots_n;                 /* connections_max and the SPARE                 */
    uint16_t *free_slots;
    size_t free_n;
    struct lws_protocols protocols[2];
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws *listener;
    int listen_fd, port;
    int64_t leave_ms; /* once stopping: when to return at the latest */
    lws_sorted_usec_list_t accept_again, grace_over;
    struct answers answers; /* from any thread */

    pthread_mutex_t lock; /* guards what follows */
    int64_t grace_until_ms;
    bool stop;
};

/* ---- Connections come and go -------------------------------------------------------------- */

static struct connection *slot_take(struct http_server *s)
{
    return s->free_n == 0 ? NULL : &s->connections[s->free_slots[--s->free_n]];
}

static void slot_give(struct http_server *s, const struct connection *c)
{
    s->free_slots[s->free_n++] = c->slot;
}

/* At connections_max another makes room. When each of them waits for an answer the newcomer is
 * told at once by a closed connection, rather than left in the kernel's queue behind others. */
static void connection_adopt(struct http_server *s, int fd)
{
    static const int yes = 1;
    bool room = s->door.here < (size_t)s->config.connections_max || connection_yield(&s->door);
    struct connection *c = room ? slot_take(s) : NULL;

    if (c == NULL) {
        (void)close(fd);
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct lws *wsi = lws_adopt_descriptor_vhost(s->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL,
                                                 (lws_sock_file_fd_type){.sockfd = fd}, NULL, NULL);
    if (wsi == NULL) { /* lws has closed the socket */
        slot_give(s, c);
        return;
    }
    connection_open(c, wsi);
    lws_set_opaque_user_data(wsi, c);
}

static void accept_again(lws_sorted_usec_list_t *sul)
{
    struct http_server *s = lws_container_of(sul, struct http_server, accept_again);

    if (s->listener != NULL) (void)lws_rx_flow_control(s->listener, 1);
}

/* The listener would stay readable and the loop spin. It rests. */
static void accept_rest(struct http_server *s)
{
    (void)lws_rx_flow_control(s->listener, 0);
    lws_sul_schedule(s->context, 0, &s->accept_again, accept_again, ACCEPT_RETRY_US);
}

static void accept_all(struct http_server *s)
{
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            connection_adopt(s, fd);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_warn("http", "accept=failed errno=%d", errno);
            accept_rest(s);
        }
        return; /* nobody waits, or he left again */
    }
}

/* ---- Answers from any thread ------------------------------------------------------------- */

static void answer_put(struct http_server *s, const uint64_t *ids, size_t ids_n, int status, const char *type,
                       const char *body, size_t n)
{
    struct answer *a = answer_new(ids, ids_n, status, type, body, n);

    if (a == NULL) {
        /* The clients are cut off when their time is over, and come back. */
        log_error("http", "answer=lost turns=%zu status=%d why=memory", ids_n, status);
        return;
    }
    if (answers_put(&s->answers, a)) lws_cancel_service(s->context);
}

void http_server_answer(struct http_server *s, uint64_t id, int status, const char *type, const char *body,
                        size_t n)
{
    answer_put(s, &id, 1, status, type, body, n);
}

void http_server_answer_many(struct http_server *s, const uint64_t *ids, size_t n, int status)
{
    if (n > 0) answer_put(s, ids, n, status, NULL, "", 0);
}

static void answer_deliver(struct http_server *s, const struct answer *a)
{
    for (size_t i = 0; i < a->ids_n; i++) {
        size_t slot = a->ids[i] & (SLOTS_MAX - 1);
        if (slot >= s->slots_n) continue;
        struct connection *c = &s->connections[slot];
        if (c->state != CONNECTION_ASKED || c->id != a->ids[i]) continue; /* the client is gone */
        if (connection_answer(c, a->status, a->type, a->body, a->body_n) != 0) connection_kill(c);
    }
}

static void answers_deliver(struct http_server *s)
{
    for (struct answer *a = answers_take(&s->answers), *next; a != NULL; a = next) {
        next = a->next;
        answer_deliver(s, a);
        free(a);
    }
}

/* ---- Stopping ------------------------------------------------------------------------------ */

static void grace_over(lws_sorted_usec_list_t *sul)
{
    (void)sul; /* that lws_service() returned is all we wanted */
}

/* The listener goes, and whoever has asked nothing; who waits for an answer stays for it. */
static void stop_begin(struct http_server *s)
{
    s->door.stopping = true;
    lws_set_timeout(s->listener, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
    s->listener = NULL;
    for (size_t i = 0; i < s->slots_n; i++) {
        struct connection *c = &s->connections[i];
        bool waits = c->state == CONNECTION_ASKED || c->state == CONNECTION_SENDING;
        bool gone = c->state == CONNECTION_FREE || c->state == CONNECTION_LEAVING;
        if (!gone && !waits) connection_kill(c);
    }
}

static void stop_look(struct http_server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    bool stop = s->stop;
    s->leave_ms = s->grace_until_ms;
    (void)pthread_mutex_unlock(&s->lock);
    if (!stop) return;
    if (!s->door.stopping) stop_begin(s);
    int64_t left_ms = s->leave_ms - clock_mono_ms();
    lws_sul_schedule(s->context, 0, &s->grace_over, grace_over, (left_ms > 0 ? left_ms : 1) * 1000);
}

void http_server_stop(struct http_server *s, int64_t grace_ms)
{
    (void)pthread_mutex_lock(&s->lock);
    s->stop = true;
    s->grace_until_ms = clock_mono_ms() + grace_ms;
    (void)pthread_mutex_unlock(&s->lock);
    lws_cancel_service(s->context);
}

static bool stopped(const struct http_server *s)
{
    return s->door.stopping && (s->door.busy == 0 || clock_mono_ms() >= s->leave_ms);
}

void http_server_run(struct http_server *s)
{
    while (!stopped(s)) {
        if (lws_service(s->context, 0) >= 0) continue;
        log_error("http", "loop=ended");
        break;
    }
}

/* ---- What libwebsockets tells ---------------------------------------------------------------- */

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
    struct http_server *s;
    struct connection *c;

    (void)user;
    switch (reason) {
    case LWS_CALLBACK_RAW_RX:
        c = lws_get_opaque_user_data(wsi);
        return c == NULL ? -1 : connection_receive(c, in, n);
    case LWS_CALLBACK_RAW_WRITEABLE:
        c = lws_get_opaque_user_data(wsi);
        return c == NULL ? 0 : connection_writable(c);
    case LWS_CALLBACK_RAW_RX_FILE: /* the listener: someone waits */
        accept_all(lws_context_user(lws_get_context(wsi)));
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED: /* lws_cancel_service() was called */
        s = lws_context_user(lws_get_context(wsi));
        answers_deliver(s);
        stop_look(s);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        c = lws_get_opaque_user_data(wsi);
        if (c == NULL) return 0; /* the listener, or one that was never adopted */
        connection_free(c);
        slot_give(lws_context_user(lws_get_context(wsi)), c);
        return 0;
    default: return 0;
    }
}

static void lws_says(int level, const char *line)
{
    (void)level;
    log_warn("http", "lws=\"%s\"", line);
}

/* ---- Coming and going ------------------------------------------------------------------------ */

static int headers_keep(struct http_server *s, const char *const *headers, struct err *e)
{
    for (size_t i = 0; headers != NULL && headers[i] != NULL; i++) {
        if (i >= HTTP_HEADERS_MAX) return err_set(e, "headers to keep: at most %d", (int)HTTP_HEADERS_MAX);
        s->headers[i] = strdup(headers[i]);
        if (s->headers[i] == NULL) return err_set(e, "out of memory");
    }
    s->config.headers = (const char *const *)s->headers;
    return 0;
}

static int config_keep(struct http_server *s, const struct http_server_config *config, struct err *e)
{
    if (config->connections_max < 1 || config->connections_max > SLOTS_MAX - SPARE)
        return err_set(e, "connections_max %d: expected 1 to %d", config->connections_max, SLOTS_MAX - SPARE);
    if (config->request_timeout_s < 1)
        return err_set(e, "request_timeout_s %d: expected 1 or more", config->request_timeout_s);
    s->config = *config;
    s->config.address = s->config.certificate = s->config.key = NULL; /* needed to start only */
    return headers_keep(s, config->headers, e);
}

/* A system that allows few descriptors gets a smaller door rather than one that fails when full. */
static int descriptors_keep(struct http_server *s, struct err *e)
{
    int beside = SPARE + FDS_BESIDE;
    int n = http_descriptors_want(s->config.connections_max + beside, e);

    if (n < 0) return -1;
    if (n <= beside) return err_set(e, "room for %d more open files (ulimit -n): expected %d", n, beside + 1);
    s->config.connections_max = n - beside;
    return 0;
}

static int slots_new(struct http_server *s, struct err *e)
{
    size_t n = (size_t)s->config.connections_max + SPARE;

    s->slots_n = n;
    s->connections = calloc(n, sizeof *s->connections);
    s->free_slots = calloc(n, sizeof *s->free_slots);
    if (s->connections == NULL || s->free_slots == NULL) return err_set(e, "out of memory");
    for (size_t i = n; i-- > 0;) {
        s->connections[i].door = &s->door;
        s->connections[i].slot = (uint16_t)i;
        slot_give(s, &s->connections[i]);
    }
    return 0;
}

static int readable(const char *what, const char *path, struct err *e)
{
    if (access(path, R_OK) == 0) return 0;
    (void)err_errno(e, path, errno);
    return err_wrap(e, "%s", what);
}

/* The socket loop. TLS speaks http/1.1 alone. */
static int context_new(struct http_server *s, const struct http_server_config *config, struct err *e)
{
    struct lws_context_creation_info info = {0};
    bool tls = config->certificate != NULL;

    if (tls && config->key == NULL)
        return err_set(e, "certificate %s: its key is missing", config->certificate);
    if (tls && readable("certificate", config->certificate, e) != 0) return -1;
    if (tls && readable("key", config->key, e) != 0) return -1;
    s->protocols[0] = (struct lws_protocols){.name = "door", .callback = on_event};
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER; /* the listening socket is ours */
    info.protocols = s->protocols;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | (tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0);
    info.user = s;
    info.pt_serv_buf_size = READ_BYTES;
    info.timeout_secs = (unsigned)config->request_timeout_s; /* of a TLS handshake */
    /* Otherwise lws makes tables for as many descriptors as the system would allow. */
    info.fd_limit_per_thread = (unsigned)s->slots_n + FDS_BESIDE;
    info.ssl_cert_filepath = config->certificate;
    info.ssl_private_key_filepath = config->key;
    info.alpn = "http/1.1";
    lws_set_log_level(LLL_ERR, lws_says);
    s->context = lws_create_context(&info);
    if (s->context == NULL) return err_set(e, "libwebsockets would not start");
    s->vhost = lws_create_vhost(s->context, &info);
    if (s->vhost != NULL) return 0;
    if (!tls) return err_set(e, "libwebsockets would not start");
    return err_set(e, "certificate %s, key %s: expected a PEM certificate and its own key",
                   config->certificate, config->key);
}

static int listener_new(struct http_server *s, const struct http_server_config *config, struct err *e)
{
    s->listen_fd = http_listener_open(config->address, config->port, &s->port, e);
    if (s->listen_fd < 0) return -1;
    s->listener = lws_adopt_descriptor_vhost(s->vhost, LWS_ADOPT_RAW_FILE_DESC,
                                             (lws_sock_file_fd_type){.filefd = s->listen_fd}, "door", NULL);
    if (s->listener != NULL) return 0;
    (void)close(s->listen_fd);
    return err_set(e, "%s:%d: libwebsockets would not watch it", config->address, config->port);
}

int http_server_new(const struct http_server_config *config, struct http_server **out, struct err *e)
{
    struct http_server *s = calloc(1, sizeof *s);

    *out = NULL;
    if (s == NULL) return err_set(e, "out of memory");
    (void)pthread_mutex_init(&s->lock, NULL);
    answers_init(&s->answers);
    s->door.config = &s->config;
    s->door.server = s;
    if (config_keep(s, config, e) != 0 || descriptors_keep(s, e) != 0 || slots_new(s, e) != 0 ||
        context_new(s, config, e) != 0 || listener_new(s, config, e) != 0) {
        http_server_free(s);
        return -1;
    }
    *out = s;
    return 0;
}

void http_server_free(struct http_server *s)
{
    if (s == NULL) return;
    if (s->context != NULL) {
        lws_sul_cancel(&s->accept_again);
        lws_sul_cancel(&s->grace_over);
        lws_context_destroy(s->context); /* tells of every connection that goes with it */
    }
    answers_free(&s->answers);
    buf_free(&s->door.out);
    free(s->connections);
    free(s->free_slots);
    for (size_t i = 0; i < HTTP_HEADERS_MAX; i++) free(s->headers[i]);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

int http_server_port(const struct http_server *s)
{
    return s->port;
}

/* fuzz_http -- any bytes as what a client sends: the reading of requests and the collecting of
 * bodies, with libwebsockets' sockets played by this file.
 *
 * However the bytes are cut into pieces, and however slowly answers leave, the same requests must
 * come out, and be refused or not. Seeds: tests/fuzz/corpus/http/. */
#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "http_connection.h"
#include "http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { READ_MAX = 16 * 1024 }; /* what the server reads at once */

/* What came of a client's bytes. */
struct story {
    size_t requests;
    uint64_t hash; /* of them all */
    bool refused;
};

/* The socket. One client at a time, so that one will do. */
static struct {
    struct story story;
    struct http_request *asked;
    uint32_t chance; /* of pieces and slowness; 0: neither */
    bool slow;       /* the last answer is not all gone */
} stage;

static void must(bool so)
{
    if (!so) abort();
}

/* Numerical Recipes' generator. */
static uint32_t chance(uint32_t below)
{
    stage.chance = stage.chance * 1664525u + 1013904223u;
    return (stage.chance >> 8) % below;
}

/* ---- libwebsockets, as far as a connection asks of it ------------------------------------------ */

void lws_set_timeout(struct lws *wsi, enum pending_timeout reason, int secs)
{
    (void)wsi, (void)reason, (void)secs;
}

int lws_rx_flow_control(struct lws *wsi, int enable)
{
    (void)wsi, (void)enable;
    return 0;
}

lws_sockfd_type lws_get_socket_fd(struct lws *wsi)
{
    static int pair[2] = {-1, -1};

    (void)wsi;
    if (pair[0] < 0) must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    return pair[0];
}

int lws_is_ssl(struct lws *wsi)
{
    (void)wsi;
    return 0;
}

int lws_partial_buffered(struct lws *wsi)
{
    (void)wsi;
    return stage.slow;
}

int lws_write(struct lws *wsi, unsigned char *buf, size_t len, enum lws_write_protocol protocol)
{
    static const char version[] = "HTTP/1.1 ";

    (void)wsi, (void)protocol;
    must(len > 16 && memcmp(buf, version, sizeof version - 1) == 0);
    must(memmem(buf, len, "\r\n\r\n", 4) != NULL);
    stage.story.refused = stage.story.refused || buf[sizeof version - 1] >= '4';
    stage.slow = stage.chance != 0 && buf[sizeof version - 1] != '1' && chance(3) == 0;
    return (int)len;
}

/* ---- The client -------------------------------------------------------------------------------- */

static void hash(const void *bytes, size_t n)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < n; i++) stage.story.hash = (stage.story.hash ^ at[i]) * UINT64_C(1099511628211);
    stage.story.hash = (stage.story.hash ^ 256) * UINT64_C(1099511628211); /* an end no byte is */
}

static void on_request(void *user, struct http_server *s, struct http_request *r)
{
    (void)user, (void)s;
    must(!stage.story.refused && stage.asked == NULL);
    must(r->path[0] == '/' && strpbrk(r->path, " \r\n?#") == NULL);
    must(strpbrk(r->query, " \r\n#") == NULL);
    must(r->body_n <= HTTP_BODY_MAX && r->body[r->body_n] == '\0');
    hash(&r->method, sizeof r->method);
    hash(r->path, strlen(r->path));
    hash(r->query, strlen(r->query));
    for (size_t i = 0; i < HTTP_HEADERS_MAX; i++) {
        if (r->header[i] == NULL) continue;
        must(strpbrk(r->header[i], "\r\n") == NULL);
        hash(r->header[i], strlen(r->header[i]));
    }
    hash(r->body, r->body_n);
    stage.story.requests++;
    stage.asked = r;
}

static int answer(struct connection *c)
{
    must(c->id == stage.asked->id);
    http_request_free(stage.asked);
    stage.asked = NULL;
    return connection_answer(c, 200, NULL, "ok", 2);
}

/* As the loop does: nothing is read while a request is out or an answer leaves. */
static int settle(struct connection *c)
{
    int rc = 0;

    while (rc == 0 && (c->state == CONNECTION_ASKED || c->state == CONNECTION_SENDING)) {
        if (c->state == CONNECTION_ASKED) {
            rc = answer(c);
        } else {
            stage.slow = false;
            rc = connection_writable(c);
        }
    }
    return rc;
}

static struct story tell(const char *bytes, size_t n, uint32_t seed)
{
    static const char *const headers[] = {"x-hub-signature-256", "host", NULL};
    const struct http_server_config config = {
        .headers = headers, .request_timeout_s = 10, .handler = on_request};
    struct door door = {.config = &config};
    struct connection c = {.door = &door};
    int rc = 0;

    memset(&stage, 0, sizeof stage);
    stage.chance = seed;
    connection_open(&c, (struct lws *)&stage);
    for (size_t at = 0; at < n && rc == 0;) {
        size_t piece = seed == 0 ? READ_MAX : 1 + chance(chance(2) == 0 ? 4 : READ_MAX);
        if (piece > n - at) piece = n - at;
        rc = connection_receive(&c, bytes + at, piece);
        if (rc == 0) rc = settle(&c);
        at += piece;
    }
    must(stage.asked == NULL);
    if (chance(2) == 0) connection_kill(&c);
    connection_free(&c);
    must(door.bodies_bytes == 0 && door.here == 0 && door.busy == 0 && door.crowd.first == NULL);
    buf_free(&door.out);
    return stage.story;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *bytes = (const char *)data;
    uint32_t seed = 2166136261u;

    for (size_t i = 0; i < n; i++) seed = (seed ^ data[i]) * 16777619u;
    struct story whole = tell(bytes, n, 0), pieces = tell(bytes, n, seed | 1);
    must(whole.requests == pieces.requests && whole.hash == pieces.hash);
    must(whole.refused == pieces.refused);
    return 0;
}

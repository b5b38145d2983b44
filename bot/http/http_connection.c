#include "http_connection.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "fault_point.h"
#include "http_head.h"
#include "http_request.h"
#include "log.h"

enum {
    /* A handler that forgets one answer must not cost us the connection for ever. No platform
     * waits this long (Meta: 20 s). */
    ANSWER_WAIT_S = 120,
    /* After the last answer we read on for a moment: closing over unread bytes makes the kernel
     * send a reset, which can overtake the answer (RFC 9112 9.6). */
    LINGER_S = 5,
    LINGER_BYTES_MAX = HTTP_BODY_MAX,
    /* All bodies together, counted as announced: what strangers can make us hold. A thousand
     * usual webhooks of 2 KiB, and seven of the largest batches beside them. */
    BODIES_BYTES_MAX = 8 * HTTP_BODY_MAX,
    /* A crowd is told of once in this time, or it would fill the log as well. */
    CROWD_TOLD_MS = 60 * 1000,
    /* What an idle connection may keep for its next request. */
    IN_KEPT_MAX = 4096,
    OUT_KEPT_MAX = 16 * 1024,
    ANSWER_HEAD_MAX = 512
};

/* What a state means for the socket, and which clock starts with it (CLOCK_ON: none, the one that
 * runs goes on). */
static const struct {
    const char *name;
    bool reads, here, busy, yields;
    enum { CLOCK_ON, CLOCK_REQUEST, CLOCK_ANSWER, CLOCK_LINGER } clock;
} state_table[] = {
    [CONNECTION_FREE] = {"free", true, false, false, false, CLOCK_ON}, /* as lws starts a connection */
    [CONNECTION_IDLE] = {"idle", true, true, false, true, CLOCK_REQUEST},
    [CONNECTION_HEAD] = {"head", true, true, false, true, CLOCK_REQUEST},
    [CONNECTION_BODY] = {"body", true, true, false, true, CLOCK_ON}, /* the request's clock runs on */
    [CONNECTION_ASKED] = {"asked", false, true, true, false, CLOCK_ANSWER},
    [CONNECTION_SENDING] = {"sending", false, true, true, true, CLOCK_REQUEST},
    [CONNECTION_CLOSING] = {"closing", true, true, false, true, CLOCK_LINGER},
    [CONNECTION_LEAVING] = {"leaving", true, false, false, false, CLOCK_ON},
};
_Static_assert(sizeof state_table / sizeof *state_table == CONNECTION_N, "describe each");

static void connection_count(struct door *door, enum connection_state from, enum connection_state to)
{
    door->here += state_table[to].here;
    door->here -= state_table[from].here;
    door->busy += state_table[to].busy;
    door->busy -= state_table[from].busy;
}

static void connection_move(struct connection *c, enum connection_state to)
{
    enum connection_state from = c->state;
    int limit_s = 0;

    log_debug("http", "connection=%u %s -> %s", (unsigned)c->slot, state_table[from].name,
              state_table[to].name);
    connection_count(c->door, from, to);
    if (state_table[from].yields && !state_table[to].yields) crowd_leave(&c->door->crowd, c);
    if (!state_table[from].yields && state_table[to].yields) crowd_join(&c->door->crowd, c);
    c->state = to;
    if (to == CONNECTION_FREE || to == CONNECTION_LEAVING) return;
    if (state_table[from].reads != state_table[to].reads)
        (void)lws_rx_flow_control(c->wsi, state_table[to].reads);
    switch (state_table[to].clock) {
    case CLOCK_ON: return;
    case CLOCK_REQUEST: limit_s = c->door->config->request_timeout_s; break;
    case CLOCK_ANSWER: limit_s = ANSWER_WAIT_S; break;
    case CLOCK_LINGER: limit_s = LINGER_S; break;
    }
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, limit_s);
}

/* The turn holds no body any more. */
static void body_let_go(struct connection *c)
{
    c->door->bodies_bytes -= c->body_held;
    c->body_held = 0;
}

static void turn_let_go(struct connection *c)
{
    http_request_free(c->request);
    c->request = NULL;
    body_let_go(c);
}

void connection_open(struct connection *c, struct lws *wsi)
{
    struct door *door = c->door;
    uint16_t slot = c->slot;

    *c = (struct connection){.door = door, .slot = slot, .wsi = wsi};
    connection_move(c, CONNECTION_IDLE);
}

void connection_free(struct connection *c)
{
    turn_let_go(c);
    buf_free(&c->in);
    c->wsi = NULL;
    c->id = 0;
    connection_move(c, CONNECTION_FREE);
}

void connection_kill(struct connection *c)
{
    turn_let_go(c);
    buf_free(&c->in);
    c->id = 0;
    connection_move(c, CONNECTION_LEAVING);
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/* ---- Making room ------------------------------------------------------------------------ */

static void yield(struct connection *c, const char *what)
{
    struct door *door = c->door;
    int64_t now_ms = clock_mono_ms();

    log_debug("http", "connection=%u yields=%s", (unsigned)c->slot, what);
    if (door->crowded_ms == 0 || now_ms - door->crowded_ms >= CROWD_TOLD_MS) {
        door->crowded_ms = now_ms;
        log_warn("http", "crowded=%s connections=%zu bodies_bytes=%zu closed=idlest", what, door->here,
                 door->bodies_bytes);
    }
    connection_kill(c);
}

bool connection_yield(struct door *door)
{
    if (door->crowd.first == NULL) return false;
    yield(door->crowd.first, "connections");
    return true;
}

/* Room for `n` more bytes of bodies, at the cost of those that have been coming in longest. */
static bool bodies_make_room(struct door *door, size_t n)
{
    for (struct connection *c = door->crowd.first, *next; c != NULL; c = next) {
        if (door->bodies_bytes + n <= BODIES_BYTES_MAX) return true;
        next = c->place.after;
        if (c->state == CONNECTION_BODY && c->body_held > 0) yield(c, "bodies");
    }
    return door->bodies_bytes + n <= BODIES_BYTES_MAX;
}

static void in_consume(struct connection *c, size_t n)
{
    c->in.len -= n;
    c->searched = 0;
    if (c->in.len > 0)
        memmove(c->in.data, c->in.data + n, c->in.len + 1);
    else if (c->in.cap > IN_KEPT_MAX)
        buf_free(&c->in);
    else
        buf_clear(&c->in);
}

/* ---- Out -------------------------------------------------------------------------------- */

static const char *status_words(int status)
{
    static const struct {
        int status;
        const char *words;
    } known[] = {
        {200, "OK"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status) return known[i].words;
    return "Status"; /* clients ignore the words (RFC 9112 4) */
}

/* Puts `out`, which starts with the headroom lws asks for, on the socket. What the socket does not
 * take lws keeps and sends on; then it calls connection_writable(). */
static void out_begin(struct buf *out)
{
    static const char headroom[LWS_PRE] = {0};

    buf_clear(out);
    buf_add(out, headroom, sizeof headroom);
}

static int out_send(struct connection *c, struct buf *out)
{
    if (out->failed) return -1;
    int n = lws_write(c->wsi, (unsigned char *)out->data + LWS_PRE, out->len - LWS_PRE, LWS_WRITE_RAW);
    FAULT_POINT("answer-written");
    if (out->cap > OUT_KEPT_MAX) buf_free(out);
    return n < 0 ? -1 : 0;
}

/* Nothing more to say: our half is shut, the client's end waited for. TLS has no halves: there the
 * client hangs up for having read "connection: close", or the clock does. */
static int close_begin(struct connection *c)
{
    connection_move(c, CONNECTION_CLOSING);
    in_consume(c, c->in.len);
    if (lws_is_ssl(c->wsi)) return 0;
    return shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
}

static int request_advance(struct connection *c);

/* The whole answer is with the kernel. */
static int answer_gone(struct connection *c)
{
    if (c->last || c->door->stopping) return close_begin(c);
    connection_move(c, CONNECTION_IDLE);
    return request_advance(c);
}

/* Head and body leave in one write: one system call, one packet. */
static int send_answer(struct connection *c, int status, const char *type, const char *body, size_t n)
{
    struct buf *out = &c->door->out;
    char head[ANSWER_HEAD_MAX];

    int head_n =
        snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: %zu\r\n%s\r\n",
                 status, status_words(status), type == NULL ? "text/plain; charset=utf-8" : type, n,
                 c->last || c->door->stopping ? "connection: close\r\n" : "");
    if (head_n < 0 || (size_t)head_n >= sizeof head) return -1;
    out_begin(out);
    buf_add(out, head, (size_t)head_n);
    if (!c->head_only) buf_add(out, body, n);
    if (out_send(c, out) != 0) return -1;
    if (!lws_partial_buffered(c->wsi)) return answer_gone(c);
    connection_move(c, CONNECTION_SENDING);
    return 0;
}

int connection_answer(struct connection *c, int status, const char *type, const char *body, size_t n)
{
    c->id = 0;
    body_let_go(c);
    return send_answer(c, status, type, body, n);
}

int connection_writable(struct connection *c)
{
    if (c->state != CONNECTION_SENDING || lws_partial_buffered(c->wsi)) return 0;
    return answer_gone(c);
}

/* The server's own answer to what never became a request. */
static int refuse(struct connection *c, int status)
{
    log_debug("http", "connection=%u refused=%d", (unsigned)c->slot, status);
    turn_let_go(c);
    c->last = true;
    in_consume(c, c->in.len);
    return send_answer(c, status, NULL, "", 0);
}

/* ---- In --------------------------------------------------------------------------------- */

/* The head is whole: room for the request, and for its body. */
static int request_begin(struct connection *c, size_t head_n)
{
    struct http_head head;

    int status = http_head_parse(c->in.data, head_n, c->door->config->headers, &head);
    if (status == 0 && !bodies_make_room(c->door, head.body_n)) status = 503;
    if (status == 0 && (c->request = http_request_new(&head, clock_mono_ms())) == NULL) status = 503;
    if (status != 0) return refuse(c, status);
    c->body_held = head.body_n;
    c->door->bodies_bytes += head.body_n;
    c->last = head.close;
    c->head_only = head.method == HTTP_HEAD;
    c->wants_go = head.wants_go;
    c->body_filled = 0;
    in_consume(c, head_n);
    connection_move(c, CONNECTION_BODY);
    return 0;
}

/* The bytes of these that belong to the body. */
static size_t body_fill(struct connection *c, const char *bytes, size_t n)
{
    size_t lacking = c->request->body_n - c->body_filled;
    size_t taken = n < lacking ? n : lacking;

    if (taken > 0) memcpy(c->request->body + c->body_filled, bytes, taken);
    c->body_filled += taken;
    return taken;
}

/* Someone waits for our word before sending the body (RFC 9110 10.1.1; curl does above 1 MB). */
static int body_welcome(struct connection *c)
{
    struct buf *out = &c->door->out;

    c->wants_go = false;
    out_begin(out);
    buf_adds(out, "HTTP/1.1 100 Continue\r\n\r\n");
    return out_send(c, out);
}

static void request_hand_over(struct connection *c)
{
    struct http_request *r = c->request;
    const struct http_server_config *config = c->door->config;

    c->request = NULL;
    c->id = r->id = ++c->door->turns << SLOT_BITS | c->slot;
    connection_move(c, CONNECTION_ASKED);
    config->handler(config->user, c->door->server, r);
}

/* The head is not whole yet; what can no more become one is not waited for. */
static int head_wait(struct connection *c, size_t searched)
{
    int status = http_head_look(c->in.data, c->in.len, searched);

    return status == 0 ? 0 : refuse(c, status);
}

/* Moves on as far as the bytes in `in` allow, at most to the next request handed over. */
static int request_advance(struct connection *c)
{
    if (c->state == CONNECTION_IDLE) {
        /* Empty lines before a request are dropped (RFC 9112 2.2). */
        size_t empty = strspn(buf_text(&c->in), "\r\n");
        if (empty > 0) in_consume(c, empty);
        if (c->in.len == 0) return 0;
        connection_move(c, CONNECTION_HEAD);
    }
    if (c->state == CONNECTION_HEAD) {
        size_t searched = c->searched;
        size_t head_n = http_head_end(c->in.data, c->in.len, searched);
        c->searched = c->in.len;
        if (head_n == 0 && c->in.len <= HTTP_HEAD_MAX) return head_wait(c, searched);
        if (head_n == 0 || head_n > HTTP_HEAD_MAX) return refuse(c, 431);
        if (request_begin(c, head_n) != 0) return -1;
    }
    if (c->state != CONNECTION_BODY) return 0; /* it was refused */
    size_t taken = body_fill(c, buf_text(&c->in), c->in.len);
    if (taken > 0) in_consume(c, taken);
    if (c->body_filled < c->request->body_n) return c->wants_go ? body_welcome(c) : 0;
    request_hand_over(c);
    return 0;
}

int connection_receive(struct connection *c, const char *bytes, size_t n)
{
    size_t taken = 0;

    if (c->state == CONNECTION_LEAVING) return -1;
    if (c->state == CONNECTION_CLOSING) {
        c->dropped += n;
        return c->dropped > LINGER_BYTES_MAX ? -1 : 0;
    }
    if (c->state == CONNECTION_BODY) taken = body_fill(c, bytes, n);
    if (n > taken) buf_add(&c->in, bytes + taken, n - taken);
    if (c->in.failed) return -1;
    return request_advance(c);
}

#include "poster.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "wire.h"

enum { CONNECTIONS = 64 }; /* what finds none free waits, and its time runs */

struct poster {
    int epoll, port;
    struct wire wire[CONNECTIONS];
    struct wire *idle; /* open, and nothing under way; the one used last first, so that few stay in use */
    struct post *queue, **queue_end, *spare;
    size_t in_flight;
    long repeated;
};

struct post *poster_blank(struct poster *p, void *about)
{
    struct post *post = p->spare;

    if (post != NULL)
        p->spare = post->next;
    else if ((post = calloc(1, sizeof *post)) == NULL)
        return NULL;
    post->about = about;
    buf_clear(&post->bytes);
    return post;
}

void poster_add(struct poster *p, struct post *post)
{
    post->next = NULL;
    *p->queue_end = post;
    p->queue_end = &post->next;
}

static bool connect_to_bot(struct poster *p, struct wire *w)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)p->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = w};

    w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (w->fd < 0) return false;
    wire_hurry(w);
    if (connect(w->fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
        epoll_ctl(p->epoll, EPOLL_CTL_ADD, w->fd, &ev) == 0)
        return true;
    wire_close(w);
    return false;
}

static struct wire *wire_take(struct poster *p)
{
    struct wire *w = p->idle;

    if (w != NULL) {
        p->idle = w->next;
        return w;
    }
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (p->wire[i].fd < 0) return connect_to_bot(p, &p->wire[i]) ? &p->wire[i] : NULL;
    return NULL;
}

static void wire_lost(struct poster *p, struct wire *w)
{
    struct wire **at = &p->idle;

    wire_close(w);
    if (w->post != NULL) {
        p->repeated++;
        p->in_flight--;
        poster_add(p, w->post);
        w->post = NULL;
        return;
    }
    while (*at != NULL && *at != w) at = &(*at)->next;
    if (*at == w) *at = w->next;
}

void poster_go(struct poster *p)
{
    while (p->queue != NULL) {
        struct wire *w = wire_take(p);
        if (w == NULL) return;
        w->post = p->queue;
        p->queue = w->post->next;
        if (p->queue == NULL) p->queue_end = &p->queue;
        p->in_flight++;
        buf_add(&w->out, w->post->bytes.data, w->post->bytes.len);
        if (wire_send(w)) continue;
        wire_lost(p, w);
        return; /* the bot hangs up: not at once again */
    }
}

struct post *poster_event(struct poster *p, struct wire *w, int *status)
{
    struct wire_message m;
    struct post *answered = NULL;
    bool open = wire_receive(w) && wire_send(w);
    int whole = wire_peek(w, &m);

    *status = whole < 0 ? -1 : 0;
    if (whole > 0 && w->post != NULL) {
        *status = m.status;
        wire_drop(w, m.whole_n);
        answered = w->post;
        answered->next = p->spare;
        p->spare = answered;
        p->in_flight--;
        w->post = NULL;
        w->next = p->idle;
        p->idle = w;
    }
    if (!open) wire_lost(p, w);
    return answered;
}

bool poster_is_idle(const struct poster *p)
{
    return p->in_flight == 0 && p->queue == NULL;
}

long poster_repeated(const struct poster *p)
{
    return p->repeated;
}

struct poster *poster_new(int epoll, int port)
{
    struct poster *p = calloc(1, sizeof *p);

    if (p == NULL) return NULL;
    p->epoll = epoll;
    p->port = port;
    p->queue_end = &p->queue;
    for (size_t i = 0; i < CONNECTIONS; i++) p->wire[i] = (struct wire){.kind = WIRE_WEBHOOK, .fd = -1};
    return p;
}

static void posts_free(struct post *post)
{
    while (post != NULL) {
        struct post *next = post->next;
        buf_free(&post->bytes);
        free(post);
        post = next;
    }
}

void poster_free(struct poster *p)
{
    if (p == NULL) return;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (p->wire[i].post != NULL) p->wire[i].post->next = NULL;
        posts_free(p->wire[i].post);
        wire_free(&p->wire[i]);
    }
    posts_free(p->queue);
    posts_free(p->spare);
    free(p);
}

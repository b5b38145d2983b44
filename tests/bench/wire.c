#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 16 * 1024 };

bool wire_receive(struct wire *w)
{
    char bytes[READ_BYTES];
    ssize_t n;

    do {
        n = recv(w->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n > 0) buf_add(&w->in, bytes, (size_t)n);
    } while (n == (ssize_t)sizeof bytes || (n < 0 && errno == EINTR));
    return (n > 0 || (n < 0 && errno == EAGAIN)) && !w->in.failed;
}

bool wire_send(struct wire *w)
{
    while (w->sent < w->out.len) {
        ssize_t n = send(w->fd, w->out.data + w->sent, w->out.len - w->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN;
        w->sent += (size_t)n;
    }
    buf_clear(&w->out);
    w->sent = 0;
    return true;
}

void wire_hurry(struct wire *w)
{
    static const int yes = 1;

    (void)setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

void wire_close(struct wire *w)
{
    if (w->fd >= 0) (void)close(w->fd);
    w->fd = -1;
    buf_clear(&w->in);
    buf_clear(&w->out);
    w->sent = 0;
}

void wire_free(struct wire *w)
{
    if (w->kind != WIRE_LOG) wire_close(w);
    buf_free(&w->in);
    buf_free(&w->out);
}

static bool is_answer(const char *head)
{
    return strncmp(head, "HTTP/1.1 ", 9) == 0;
}

int wire_peek(const struct wire *w, struct wire_message *out)
{
    static const char length[] = "\r\ncontent-length:";
    const char *head = buf_text(&w->in);
    const char *end = strstr(head, "\r\n\r\n");

    if (end == NULL) return 0;
    const char *at = strcasestr(head, length);
    if (at == NULL || at > end) return -1;
    size_t body_n = (size_t)strtoul(at + sizeof length - 1, NULL, 10);
    size_t head_n = (size_t)(end - head) + 4;
    if (w->in.len < head_n + body_n) return 0;
    *out = (struct wire_message){
        .head = head, .body = head + head_n, .body_n = body_n, .whole_n = head_n + body_n};
    if (is_answer(head)) out->status = (int)strtol(head + 9, NULL, 10);
    return 1;
}

void wire_drop(struct wire *w, size_t n)
{
    if (n >= w->in.len) {
        buf_clear(&w->in);
        return;
    }
    memmove(w->in.data, w->in.data + n, w->in.len - n + 1);
    w->in.len -= n;
}

const char *json_text(const char *from, const char *key, char *out, size_t size)
{
    char quoted[48];

    (void)snprintf(quoted, sizeof quoted, "\"%s\":\"", key);
    const char *at = strstr(from, quoted);
    if (at == NULL) return NULL;
    at += strlen(quoted);
    size_t n = 0;
    while (at[n] != '"' && at[n] != '\0') n += at[n] == '\\' && at[n + 1] != '\0' ? 2 : 1;
    if (n >= size) return NULL;
    memcpy(out, at, n);
    out[n] = '\0';
    return at + n;
}

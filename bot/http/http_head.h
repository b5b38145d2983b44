/* http_head.h -- the head of a request: bytes in, facts out (RFC 9110, RFC 9112). Pure; of this
 * room alone.
 *
 * libwebsockets carries sockets, TLS and timers for us, yet its own HTTP role is not used: in
 * 4.1.6 (Debian 12) two POSTs in one packet send lws_http_action() into an endless loop, its
 * parser decodes queries before anyone can check them, and it meets unknown methods and long
 * heads by hanging up without a status. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "http_server.h"

/* nginx allows 32 KiB in pieces of 8; Meta sends about 1. What proxies add fits twice over. */
enum { HTTP_HEAD_MAX = 16 * 1024 };

struct http_span {
    const char *at; /* NULL: absent. Within the bytes that were parsed */
    size_t n;
};

struct http_head {
    enum http_method method;
    struct http_span path, query;
    struct http_span header[HTTP_HEADERS_MAX]; /* of those asked for, in their order */
    size_t body_n; /* Content-Length, at most HTTP_BODY_MAX; 0 when absent (RFC 9112 6.3) */
    bool close;    /* no further request on this connection */
    bool wants_go; /* "Expect: 100-continue": the body comes after we say so */
};

/* http_head_end(bytes, n, from): the length of the head that starts at `bytes`, its empty line
 * included; 0 when it is not all there. The first `from` bytes were searched before. */
size_t http_head_end(const char *bytes, size_t n, size_t from);

/* http_head_look(bytes, n, from): of a head that has no end yet, can it still become one? 0, or the
 * status to refuse it with at once: TLS, bare line feeds and HTTP/0.9 are not waited for. The first
 * `from` bytes were looked at before. */
int http_head_look(const char *bytes, size_t n, size_t from);

/* http_head_parse(bytes, n, headers, out): a whole head, with the values of `headers` (as in
 * http_server_config; of one that stands there twice the first). 0, or the status to refuse it
 * with: 400, 411 (chunked: we want a length), 413, 505. */
int http_head_parse(const char *bytes, size_t n, const char *const *headers, struct http_head *out);

#endif

#include "http_request.h"

#include <stdlib.h>
#include <string.h>

#include "http_head.h"
#include "http_server.h"

/* Copies a span to `to`, ends it, and returns where the next one goes. */
static char *put(char *to, struct http_span s, char **field)
{
    if (s.n > 0) memcpy(to, s.at, s.n);
    to[s.n] = '\0';
    *field = to;
    return to + s.n + 1;
}

/* One block for the request and all its texts: one allocation, one free. */
struct http_request *http_request_new(const struct http_head *head, int64_t now_ms)
{
    size_t texts = head->path.n + head->query.n + head->body_n + 3;
    for (size_t i = 0; i < HTTP_HEADERS_MAX; i++) texts += head->header[i].n + 1;
    struct http_request *r = malloc(sizeof *r + texts);

    if (r == NULL) return NULL;
    *r = (struct http_request){.method = head->method, .body_n = head->body_n, .taken_ms = now_ms};
    char *to = (char *)(r + 1);
    to = put(to, head->path, &r->path);
    to = put(to, head->query, &r->query);
    for (size_t i = 0; i < HTTP_HEADERS_MAX; i++)
        if (head->header[i].at != NULL) to = put(to, head->header[i], &r->header[i]);
    r->body = to;
    r->body[r->body_n] = '\0';
    return r;
}

void http_request_free(struct http_request *r)
{
    free(r);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Decodes `n` bytes of a query into `out` (WHATWG URL 5.1: plus is a space). False when too long,
 * when a percent sign lacks its two digits, or for a NUL, which no C string can hold. */
static bool decode(const char *s, size_t n, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        char c = s[i] == '+' ? ' ' : s[i];
        if (c == '%') {
            int high = i + 2 < n ? hex(s[i + 1]) : -1, low = i + 2 < n ? hex(s[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0' || used + 1 >= size) return false;
        out[used++] = c;
    }
    if (used >= size) return false;
    out[used] = '\0';
    return true;
}

bool http_request_query(const struct http_request *r, const char *name, char *out, size_t size)
{
    size_t name_n = strlen(name);

    for (const char *at = r->query; *at != '\0';) {
        size_t n = strcspn(at, "&");
        if (n >= name_n && memcmp(at, name, name_n) == 0) {
            if (n == name_n) return decode("", 0, out, size);
            if (at[name_n] == '=') return decode(at + name_n + 1, n - name_n - 1, out, size);
        }
        at += n + (at[n] == '&');
    }
    return false;
}

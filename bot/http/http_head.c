#include "http_head.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* What take_...() below return: go on, or the status that ends it. */
enum { FINE = 0, BAD = 400, LENGTH_WANTED = 411, TOO_LARGE = 413, OTHER_VERSION = 505 };

struct header {
    struct http_span name, value;
};

/* What the headers say before they are weighed against each other. */
struct framing {
    bool has_length, has_coding, has_host;
};

size_t http_head_end(const char *bytes, size_t n, size_t from)
{
    static const char empty_line[4] = {'\r', '\n', '\r', '\n'};

    /* Three bytes of it may have come before. */
    size_t at = from < 3 ? 0 : from - 3;
    if (at >= n) return 0;
    const char *end = memmem(bytes + at, n - at, empty_line, sizeof empty_line);
    return end == NULL ? 0 : (size_t)(end - bytes) + sizeof empty_line;
}

static bool span_is(struct http_span s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.at, word, s.n) == 0;
}

/* RFC 9110 5.6.2: what a method and a header's name are made of. */
static bool is_token(struct http_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) continue;
        if (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL) return false;
    }
    return s.n > 0;
}

/* The next line without its CRLF; `at` moves past it. The last line of a head is empty. */
static struct http_span take_line(const char **at, const char *end)
{
    struct http_span line = {*at, 0};
    const char *cr = memmem(*at, (size_t)(end - *at), "\r\n", 2);

    line.n = (size_t)((cr == NULL ? end : cr) - *at);
    *at = cr == NULL ? end : cr + 2;
    return line;
}

/* The word up to the next space; `line` becomes what follows that space. */
static struct http_span take_word(struct http_span *line)
{
    const char *space = memchr(line->at, ' ', line->n);
    struct http_span word = {line->at, space == NULL ? line->n : (size_t)(space - line->at)};
    size_t used = word.n + (space != NULL);

    line->at += used;
    line->n -= used;
    return word;
}

static int take_method(struct http_span word, struct http_head *out)
{
    static const struct {
        const char *word;
        enum http_method method;
    } methods[] = {{"GET", HTTP_GET}, {"HEAD", HTTP_HEAD}, {"POST", HTTP_POST}};

    if (!is_token(word)) return BAD;
    out->method = HTTP_OTHER;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (word.n == strlen(methods[i].word) && memcmp(word.at, methods[i].word, word.n) == 0)
            out->method = methods[i].method;
    return FINE;
}

/* "/path?query", or "http://host/path?query" as RFC 9112 3.2.2 has servers accept. */
static int take_target(struct http_span word, struct http_head *out)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.at[i] <= ' ' || word.at[i] >= 0x7f || word.at[i] == '#') return BAD;
    if (word.n > 0 && word.at[0] != '/') {
        const char *host = memmem(word.at, word.n, "://", 3);
        if (host == NULL) return BAD;
        host += 3;
        const char *path = memchr(host, '/', (size_t)(word.at + word.n - host));
        if (path == NULL) return BAD;
        word.n -= (size_t)(path - word.at);
        word.at = path;
    }
    if (word.n == 0) return BAD;
    const char *mark = memchr(word.at, '?', word.n);
    out->path = (struct http_span){word.at, mark == NULL ? word.n : (size_t)(mark - word.at)};
    if (mark != NULL) out->query = (struct http_span){mark + 1, word.n - out->path.n - 1};
    return FINE;
}

/* HTTP/1.0 is served, one request a connection. */
static int take_version(struct http_span word, struct http_head *out)
{
    if (word.n != 8 || memcmp(word.at, "HTTP/", 5) != 0 || word.at[6] != '.') return BAD;
    if (word.at[5] < '0' || word.at[5] > '9' || word.at[7] < '0' || word.at[7] > '9') return BAD;
    if (word.at[5] != '1') return OTHER_VERSION;
    out->close = word.at[7] == '0';
    return FINE;
}

static int take_request_line(struct http_span line, struct http_head *out)
{
    int refused = take_method(take_word(&line), out);

    if (refused == FINE) refused = take_target(take_word(&line), out);
    if (refused == FINE) refused = take_version(line, out);
    return refused;
}

/* RFC 9112 5: no space before the colon, no folded lines, no control characters: each of them
 * has made two servers read one request differently. */
static int split_header(struct http_span line, struct header *out)
{
    const char *colon = memchr(line.at, ':', line.n);

    if (colon == NULL) return BAD;
    out->name = (struct http_span){line.at, (size_t)(colon - line.at)};
    if (!is_token(out->name)) return BAD;
    struct http_span v = {colon + 1, line.n - out->name.n - 1};
    while (v.n > 0 && (v.at[0] == ' ' || v.at[0] == '\t')) v.at++, v.n--;
    while (v.n > 0 && (v.at[v.n - 1] == ' ' || v.at[v.n - 1] == '\t')) v.n--;
    for (size_t i = 0; i < v.n; i++)
        if (((unsigned char)v.at[i] < ' ' && v.at[i] != '\t') || v.at[i] == 0x7f) return BAD;
    out->value = v;
    return FINE;
}

static int take_length(struct http_span v, struct http_head *out)
{
    uint64_t n = 0;

    if (v.n == 0) return BAD;
    for (size_t i = 0; i < v.n; i++) {
        if (v.at[i] < '0' || v.at[i] > '9') return BAD;
        if (n <= HTTP_BODY_MAX) n = n * 10 + (uint64_t)(v.at[i] - '0');
    }
    if (n > HTTP_BODY_MAX) return TOO_LARGE;
    out->body_n = (size_t)n;
    return FINE;
}

/* "close", alone or in a list. "keep-alive" is what we do anyway. */
static void take_connection(struct http_span v, struct http_head *out)
{
    const char *end = v.at + v.n;

    while (v.at < end) {
        size_t skip = 0, n = 0;
        while (v.at + skip < end && strchr(", \t", v.at[skip]) != NULL) skip++;
        v.at += skip;
        while (v.at + n < end && strchr(", \t", v.at[n]) == NULL) n++;
        if (span_is((struct http_span){v.at, n}, "close")) out->close = true;
        v.at += n;
    }
}

/* Whether it is one of those asked for. */
static void take_asked(const struct header *h, const char *const *headers, struct http_head *out)
{
    for (size_t i = 0; headers != NULL && headers[i] != NULL; i++)
        if (out->header[i].at == NULL && span_is(h->name, headers[i])) out->header[i] = h->value;
}

static int take_header(const struct header *h, const char *const *headers, struct framing *f,
                       struct http_head *out)
{
    if (span_is(h->name, "content-length")) {
        /* Two lengths are two readings of where the next request starts. */
        if (f->has_length) return BAD;
        f->has_length = true;
        return take_length(h->value, out);
    }
    if (span_is(h->name, "host")) {
        /* Two hosts are two readings of whose request it is (RFC 9112 3.2). */
        if (f->has_host) return BAD;
        f->has_host = true;
    }
    if (span_is(h->name, "transfer-encoding"))
        f->has_coding = true;
    else if (span_is(h->name, "connection"))
        take_connection(h->value, out);
    else if (span_is(h->name, "expect"))
        out->wants_go = span_is(h->value, "100-continue");
    else
        take_asked(h, headers, out);
    return FINE;
}

/* Of `n` bytes, those from `from` on: control characters, and line ends that are only half of one.
 * A CR at the very end may yet get its other half. */
static bool is_spoiled(const char *bytes, size_t n, size_t from)
{
    for (size_t i = from; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool after_cr = i > 0 && bytes[i - 1] == '\r';
        if (after_cr != (c == '\n') || c == 0x7f) return true;
        if (c < ' ' && c != '\t' && c != '\r' && c != '\n') return true;
    }
    return false;
}

int http_head_look(const char *bytes, size_t n, size_t from)
{
    const char *end = memmem(bytes, n, "\r\n", 2);
    struct http_head unused = {0};

    if (is_spoiled(bytes, n, from)) return BAD;
    /* The first line is looked at once, when its end comes. */
    if (end == NULL || (size_t)(end - bytes) + 2 <= from) return FINE;
    return take_request_line((struct http_span){bytes, (size_t)(end - bytes)}, &unused);
}

int http_head_parse(const char *bytes, size_t n, const char *const *headers, struct http_head *out)
{
    const char *at = bytes, *end = bytes + n;
    struct framing f = {0};
    struct header h;

    *out = (struct http_head){0};
    int refused = take_request_line(take_line(&at, end), out);
    while (refused == FINE && at < end) {
        struct http_span line = take_line(&at, end);
        if (line.n == 0) break;
        refused = split_header(line, &h);
        if (refused == FINE) refused = take_header(&h, headers, &f, out);
    }
    if (refused == FINE && f.has_coding) refused = f.has_length ? BAD : LENGTH_WANTED;
    return refused;
}

#include "multipart.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* RFC 2046 5.1.1: a boundary has at most 70 characters. */
enum { BOUNDARY_MAX = 70, HEADER_MAX = 2048 };

/* Where the value of a parameter stands, without its quotes, and how long it is; NULL: there is none. */
static const char *parameter(const char *header, const char *name, size_t *n)
{
    size_t len = strlen(name);
    for (const char *s = strchr(header, ';'); s != NULL; s = strchr(s, ';')) {
        s += 1 + strspn(s + 1, " ");
        if (strncasecmp(s, name, len) != 0 || s[len] != '=') continue;
        s += len + 1;
        bool quoted = *s == '"';
        s += quoted;
        *n = strcspn(s, quoted ? "\"" : "; ");
        return quoted && s[*n] != '"' ? NULL : s;
    }
    return NULL;
}

static bool take(const char *header, const char *name, char *out, size_t size)
{
    size_t n = 0;
    const char *value = parameter(header, name, &n);
    if (value == NULL || n >= size) return false;
    memcpy(out, value, n);
    out[n] = '\0';
    return true;
}

static int read_header(const char *line, struct part *p)
{
    static const char disposition[] = "Content-Disposition:", type[] = "Content-Type:";
    if (strncasecmp(line, type, sizeof type - 1) == 0) {
        const char *value = line + sizeof type - 1;
        int n = snprintf(p->type, sizeof p->type, "%s", value + strspn(value, " "));
        return n < (int)sizeof p->type ? 0 : -1;
    }
    if (strncasecmp(line, disposition, sizeof disposition - 1) != 0) return 0;
    p->is_file = take(line, "filename", p->file_name, sizeof p->file_name);
    return take(line, "name", p->name, sizeof p->name) ? 0 : -1;
}

/* The lines before the empty one; where the bytes begin, or NULL. */
static const char *read_headers(const char *s, const char *end, struct part *p)
{
    char line[HEADER_MAX];
    for (;;) {
        const char *stop = memmem(s, (size_t)(end - s), "\r\n", 2);
        if (stop == NULL || stop - s >= HEADER_MAX) return NULL;
        if (stop == s) return p->name[0] == '\0' ? NULL : s + 2;
        memcpy(line, s, (size_t)(stop - s));
        line[stop - s] = '\0';
        if (read_header(line, p) != 0) return NULL;
        s = stop + 2;
    }
}

int multipart_read(const char *content_type, const char *body, size_t n, struct part *out, size_t max)
{
    char mark[BOUNDARY_MAX + 5] = "\r\n--";
    const char *s = body, *end = body + n;
    size_t count = 0;
    if (strncasecmp(content_type, "multipart/form-data;", 20) != 0) return -1;
    if (!take(content_type, "boundary", mark + 4, BOUNDARY_MAX + 1) || mark[4] == '\0') return -1;
    size_t len = strlen(mark);
    /* The first one has no line before it. */
    if (n < len || memcmp(s, mark + 2, len - 2) != 0) return -1;
    s += len - 2;
    while (end - s >= 2 && memcmp(s, "\r\n", 2) == 0) {
        if (count == max) return -1;
        struct part *p = &out[count++];
        *p = (struct part){.is_file = false};
        if ((p->bytes = read_headers(s + 2, end, p)) == NULL) return -1;
        const char *stop = memmem(p->bytes, (size_t)(end - p->bytes), mark, len);
        if (stop == NULL) return -1;
        p->n = (size_t)(stop - p->bytes);
        s = stop + len;
    }
    return end - s >= 2 && memcmp(s, "--", 2) == 0 ? (int)count : -1;
}

#include "faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "content.h"

/* Nobody reads more; a flow with as many is broken in one place that shows in all. */
enum { FAULTS_MAX = 1000, FAULTS_FIRST = 16 };

static const char warning[] = "warning: ";
static const char no_memory[] = "out of memory while listing faults";
static const char too_many[] = "more faults than can be listed";

struct fault {
    char *line;
    size_t text_len; /* of the line: the fault without its conversation */
    size_t steps;    /* of that conversation                            */
    size_t size;     /* of what is too long; else 0                     */
};

struct faults {
    struct fault *fault;
    size_t n, cap, warnings;
    const char *last; /* why the list is not whole. NULL: it is */
};

struct faults *faults_new(void)
{
    return calloc(1, sizeof(struct faults));
}

void faults_free(struct faults *f)
{
    if (f == NULL) return;
    for (size_t i = 0; i < f->n; i++) free(f->fault[i].line);
    free(f->fault);
    free(f);
}

size_t faults_count(const struct faults *f)
{
    return f->n + (f->last != NULL);
}

size_t faults_warnings(const struct faults *f)
{
    return f->warnings;
}

size_t faults_errors(const struct faults *f)
{
    return faults_count(f) - f->warnings;
}

const char *faults_line(const struct faults *f, size_t i)
{
    return i < f->n ? f->fault[i].line : f->last;
}

bool faults_has(const struct faults *f, const char *part)
{
    for (size_t i = 0; i < faults_count(f); i++)
        if (strstr(faults_line(f, i), part) != NULL) return true;
    return false;
}

static struct fault *find(struct faults *f, const char *text, size_t len)
{
    for (size_t i = 0; i < f->n; i++) {
        struct fault *have = &f->fault[i];
        if (have->text_len == len && memcmp(have->line, text, len) == 0) return have;
    }
    return NULL;
}

static struct fault *room(struct faults *f)
{
    if (f->n == FAULTS_MAX) {
        f->last = too_many;
        return NULL;
    }
    if (f->n == f->cap) {
        size_t cap = f->cap == 0 ? FAULTS_FIRST : f->cap * 2;
        struct fault *more = realloc(f->fault, cap * sizeof *more);
        if (more == NULL) {
            f->last = no_memory;
            return NULL;
        }
        f->fault = more;
        f->cap = cap;
    }
    return &f->fault[f->n];
}

static void path_add(struct buf *line, const struct fault *now, const char *const *steps)
{
    if (now->steps == 0) return;
    buf_adds(line, " (");
    if (now->size > 0) buf_addf(line, "%zu characters; longest: ", now->size);
    if (now->size == 0) buf_adds(line, "shortest: ");
    for (size_t i = 0; i < now->steps; i++) buf_addf(line, "%s%s", i == 0 ? "" : ", ", steps[i]);
    buf_addc(line, ')');
}

static bool tells_more(const struct fault *now, const struct fault *have)
{
    return now->size != have->size ? now->size > have->size : now->steps < have->steps;
}

/* The line is kept as the buf made it: its memory becomes the fault's. */
static void add(struct faults *f, struct buf *line, struct fault now, const char *const *steps)
{
    struct fault *have = line->failed ? NULL : find(f, buf_text(line), line->len);

    now.text_len = line->len;
    if (have != NULL && !tells_more(&now, have)) goto out;
    path_add(line, &now, steps);
    if (line->failed) {
        f->last = no_memory;
        goto out;
    }
    if (have != NULL) {
        free(have->line);
    } else {
        have = room(f);
        if (have == NULL) goto out;
        f->n++;
        f->warnings += strncmp(line->data, warning, sizeof warning - 1) == 0;
    }
    now.line = line->data;
    *have = now;
    *line = (struct buf){0};
out:
    buf_free(line);
}

/* What is quoted from a file may end lines and command terminals: a fault is one line of text. */
static void tame(char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7F) *s = ' ';
}

static void __attribute__((format(printf, 2, 0))) line_write(struct buf *line, const char *fmt, va_list ap)
{
    va_list again;

    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *text = n < 0 ? NULL : malloc((size_t)n + 1);
    if (text == NULL) {
        line->failed = true;
        return;
    }
    (void)vsnprintf(text, (size_t)n + 1, fmt, ap);
    tame(text);
    buf_adds(line, text);
    free(text);
}

void faults_add(struct faults *f, const char *fmt, ...)
{
    struct buf line = {0};
    va_list ap;

    va_start(ap, fmt);
    line_write(&line, fmt, ap);
    va_end(ap);
    add(f, &line, (struct fault){0}, NULL);
}

void faults_warn(struct faults *f, const char *fmt, ...)
{
    struct buf line = {0};
    va_list ap;

    buf_adds(&line, warning);
    va_start(ap, fmt);
    line_write(&line, fmt, ap);
    va_end(ap);
    add(f, &line, (struct fault){0}, NULL);
}

void faults_shown(struct faults *f, const char *const *steps, size_t n, const char *fmt, ...)
{
    struct buf line = {0};
    va_list ap;

    va_start(ap, fmt);
    line_write(&line, fmt, ap);
    va_end(ap);
    add(f, &line, (struct fault){.steps = n}, steps);
}

void faults_longest(struct faults *f, const char *const *steps, size_t n, size_t size, const char *fmt, ...)
{
    struct buf line = {0};
    va_list ap;

    va_start(ap, fmt);
    line_write(&line, fmt, ap);
    va_end(ap);
    add(f, &line, (struct fault){.steps = n, .size = size}, steps);
}

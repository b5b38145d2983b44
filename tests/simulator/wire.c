#include "wire.h"

#include "buf.h"
#include "courier.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* A batch of 3 MB is shown by its beginning. */
enum { WIRE_BODY_MAX = 64 * 1024 };

struct entry {
    int64_t n, seq, at_ms, us;
    bool webhook, bad, done;
    unsigned attempt;
    int status;
    char *method, *target, *customer, *summary, *signature, *note;
    const char *fault;
    struct buf body, answer; /* valid UTF-8 */
    size_t body_n;           /* as it went, before the cap */
};

/* A ring: entry n sits at n modulo the size. */
struct wire {
    struct entry *ring;
    int64_t size, last;
    int64_t *seq;
};

struct wire *wire_new(int64_t *seq, size_t entries)
{
    struct wire *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->seq = seq;
    w->size = (int64_t)entries;
    w->ring = calloc(entries, sizeof *w->ring);
    if (w->ring != NULL) return w;
    free(w);
    return NULL;
}

static void entry_clear(struct entry *x)
{
    free(x->method);
    free(x->target);
    free(x->customer);
    free(x->summary);
    free(x->signature);
    free(x->note);
    buf_free(&x->body);
    buf_free(&x->answer);
    *x = (struct entry){0};
}

void wire_free(struct wire *w)
{
    if (w == NULL) return;
    for (int64_t i = 0; i < w->size; i++) entry_clear(&w->ring[i]);
    free(w->ring);
    free(w);
}

static char *copy(const char *s)
{
    return s == NULL ? NULL : strdup(s);
}

static void keep(struct buf *to, const char *bytes, size_t n)
{
    if (bytes == NULL) return;
    if (n <= WIRE_BODY_MAX && utf8_valid(bytes, n))
        buf_add(to, bytes, n);
    else
        utf8_clean(bytes, n < WIRE_BODY_MAX ? n : WIRE_BODY_MAX, to);
}

int64_t wire_begin(struct wire *w, int64_t at_ms, const struct wire_start *start)
{
    int64_t n = ++w->last;
    struct entry *x = &w->ring[n % w->size];
    entry_clear(x);
    *x = (struct entry){.n = n,
                        .seq = ++*w->seq,
                        .at_ms = at_ms,
                        .webhook = start->webhook,
                        .attempt = start->attempt,
                        .method = copy(start->method),
                        .target = copy(start->target),
                        .customer = copy(start->customer),
                        .summary = copy(start->summary),
                        .signature = copy(start->signature),
                        .fault = start->fault,
                        .body_n = start->body_n};
    keep(&x->body, start->body, start->body_n);
    return n;
}

static struct entry *find(const struct wire *w, int64_t n)
{
    if (n <= 0) return NULL;
    struct entry *x = &w->ring[n % w->size];
    return x->n == n ? x : NULL;
}

void wire_finish(struct wire *w, int64_t n, const struct wire_end *end)
{
    struct entry *x = find(w, n);
    if (x == NULL) return;
    x->done = true;
    x->status = end->status;
    x->us = end->us;
    x->bad = end->bad;
    x->note = copy(end->note);
    keep(&x->answer, end->answer, end->answer_n);
    x->seq = ++*w->seq;
}

void wire_answered(struct wire *w, int64_t n, const struct errand *x, bool bad, const char *note)
{
    const struct wire_end end = {.status = x->status,
                                 .us = x->us,
                                 .bad = bad,
                                 .note = note,
                                 .answer = buf_text(&x->answer),
                                 .answer_n = x->answer.len};
    wire_finish(w, n, &end);
}

static json_t *entry_json(const struct entry *x, bool whole)
{
    json_t *j = json_pack(
        "{s:I, s:I, s:s, s:s?, s:s?, s:s?, s:s?, s:i, s:b, s:b, s:i, s:f, s:s?}", "n", (json_int_t)x->n, "at",
        (json_int_t)x->at_ms, "kind", x->webhook ? "webhook" : "request", "method", x->method, "target",
        x->target, "customer", x->customer, "summary", x->summary, "attempt", (int)x->attempt, "done",
        (int)x->done, "bad", (int)x->bad, "status", x->status, "ms", (double)x->us / 1000.0, "note", x->note);
    if (j != NULL && x->fault != NULL) json_object_set_new(j, "fault", json_string(x->fault));
    if (j == NULL || !whole) return j;
    json_object_set_new(j, "body", json_stringn(buf_text(&x->body), x->body.len));
    json_object_set_new(j, "answer", json_stringn(buf_text(&x->answer), x->answer.len));
    json_object_set_new(j, "bytes", json_integer((json_int_t)x->body_n));
    if (x->signature != NULL) json_object_set_new(j, "signature", json_string(x->signature));
    return j;
}

json_t *wire_json_since(const struct wire *w, int64_t seq, size_t max)
{
    json_t *list = json_array();
    int64_t first = w->last - ((int64_t)max < w->size ? (int64_t)max : w->size) + 1;
    for (int64_t n = first > 1 ? first : 1; n <= w->last; n++) {
        const struct entry *x = find(w, n);
        if (x != NULL && x->seq > seq) json_array_append_new(list, entry_json(x, false));
    }
    return list;
}

json_t *wire_json_one(const struct wire *w, int64_t n)
{
    const struct entry *x = find(w, n);
    return x == NULL ? NULL : entry_json(x, true);
}

int64_t wire_last(const struct wire *w)
{
    return w->last;
}

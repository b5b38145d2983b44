#include "limbo.h"

#include "clock.h"
#include "phone.h"
#include "server.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

struct waiting {
    struct waiting *next;
    struct exchange *x;
    int64_t id;
    bool hangs;
    struct limbo_end end;
    char *text, *note; /* what `end` points to */
};

struct limbo {
    struct phone *phone;
    struct waiting *first;
    int64_t ids;
};

struct limbo *limbo_new(struct phone *p)
{
    struct limbo *l = calloc(1, sizeof *l);
    if (l != NULL) l->phone = p;
    return l;
}

static void waiting_free(struct waiting *w)
{
    free(w->text);
    free(w->note);
    free(w);
}

void limbo_free(struct limbo *l)
{
    while (l != NULL && l->first != NULL) {
        struct waiting *next = l->first->next;
        waiting_free(l->first);
        l->first = next;
    }
    free(l);
}

static void on_wire(struct phone *p, const struct limbo_end *end, int status, const char *note)
{
    const struct wire_end wire = {.status = status,
                                  .us = (clock_mono_ms() - end->began_ms) * 1000,
                                  .bad = end->bad,
                                  .note = note,
                                  .answer = end->text,
                                  .answer_n = end->text == NULL ? 0 : strlen(end->text)};
    wire_finish(p->wire, end->wire_n, &wire);
}

void limbo_finish(struct phone *p, struct exchange *x, const struct limbo_end *end)
{
    on_wire(p, end, end->text == NULL ? 0 : end->status, end->note);
    phone_changed(p);
    if (end->text == NULL)
        server_reset(x);
    else
        server_answer(x, end->status, "application/json", end->text, strlen(end->text));
}

int64_t limbo_put(struct limbo *l, struct exchange *x, const struct limbo_end *end, bool hangs)
{
    struct waiting *w = calloc(1, sizeof *w);
    if (w == NULL) {
        limbo_finish(l->phone, x, end);
        return 0;
    }
    w->x = x;
    w->id = ++l->ids;
    w->hangs = hangs;
    w->end = *end;
    if (end->text != NULL) w->end.text = w->text = strdup(end->text);
    if (end->note != NULL) w->end.note = w->note = strdup(end->note);
    w->next = l->first;
    l->first = w;
    return w->id;
}

static struct waiting **find(struct limbo *l, int64_t id, const struct exchange *x)
{
    struct waiting **at = &l->first;
    while (*at != NULL && (*at)->id != id && (*at)->x != x) at = &(*at)->next;
    return at;
}

static struct waiting *take_out(struct waiting **at)
{
    struct waiting *w = *at;
    if (w != NULL) *at = w->next;
    return w;
}

void limbo_over(void *limbo, int64_t id, int what)
{
    struct limbo *l = limbo;
    (void)what;
    struct waiting *w = take_out(find(l, id, NULL));
    if (w == NULL) return;
    limbo_finish(l->phone, w->x, &w->end);
    waiting_free(w);
}

size_t limbo_release(struct limbo *l)
{
    size_t n = 0;
    for (struct waiting *w = l->first, *next; w != NULL; w = next) {
        next = w->next;
        if (!w->hangs) continue;
        limbo_over(l, w->id, 0);
        n++;
    }
    return n;
}

void limbo_gone(struct limbo *l, const struct exchange *x)
{
    struct waiting *w = take_out(find(l, 0, x));
    if (w == NULL) return;
    on_wire(l->phone, &w->end, 0, "de bot hing op");
    waiting_free(w);
}

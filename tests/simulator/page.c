#include "page.h"

#include "act.h"
#include "buf.h"
#include "phone.h"
#include "server.h"
#include "view.h"
#include "web_file.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* Something to be said to one page. */
struct note {
    struct note *next;
    char *text;
};

struct screen {
    struct screen *next;
    struct page *page;
    struct socket *socket; /* NULL: closed, kept for what is still to be answered */
    unsigned owed;         /* answers under way */
    int64_t seq;           /* what the page knows */
    const struct customer *open;
    struct note *first, **last;
};

struct page {
    struct phone *phone;
    struct screen *screens;
};

struct page *page_new(struct phone *p)
{
    struct page *g = calloc(1, sizeof *g);
    if (g != NULL) g->phone = p;
    return g;
}

static void screen_free(struct screen *s)
{
    for (struct screen **at = &s->page->screens; *at != NULL; at = &(*at)->next)
        if (*at == s) {
            *at = s->next;
            break;
        }
    while (s->first != NULL) {
        struct note *next = s->first->next;
        free(s->first->text);
        free(s->first);
        s->first = next;
    }
    free(s);
}

void page_free(struct page *g)
{
    while (g != NULL && g->screens != NULL) screen_free(g->screens);
    free(g);
}

void page_answer(struct page *g, struct exchange *x)
{
    (void)g;
    const char *path = strcmp(x->path, "/") == 0 ? "/index.html" : x->path;
    for (const struct web_file *f = web_files; f->path != NULL; f++)
        if (strcmp(f->path, path + 1) == 0 && strcmp(x->method, "GET") == 0) {
            server_answer(x, 200, f->type, (const char *)f->bytes, f->n);
            return;
        }
    server_answer(x, 404, "text/plain", "not here\n", 9);
}

void page_open(struct page *g, struct socket *s)
{
    struct screen *screen = calloc(1, sizeof *screen);
    if (screen == NULL) return;
    screen->page = g;
    screen->socket = s;
    screen->last = &screen->first;
    screen->next = g->screens;
    g->screens = screen;
    socket_data_set(s, screen);
    socket_want(s);
}

void page_gone(struct page *g, struct socket *s)
{
    (void)g;
    struct screen *screen = socket_data(s);
    if (screen == NULL) return;
    screen->socket = NULL;
    if (screen->owed == 0) screen_free(screen);
}

struct owed {
    struct screen *screen;
    json_int_t re;
};

static void answered(void *self, int status, json_t *take_body)
{
    struct owed *o = self;
    struct screen *s = o->screen;
    struct note *note = calloc(1, sizeof *note);
    json_t *text = json_pack("{s:I, s:i, s:o}", "re", o->re, "status", status, "body", take_body);
    s->owed--;
    if (note != NULL && text != NULL && s->socket != NULL) {
        note->text = json_dumps(text, JSON_COMPACT);
        *s->last = note;
        s->last = &note->next;
        socket_want(s->socket);
    } else {
        free(note);
    }
    json_decref(text);
    free(o);
    if (s->socket == NULL && s->owed == 0) screen_free(s);
}

static void take(struct page *g, struct screen *s, const json_t *said)
{
    const char *verb = json_string_value(json_object_get(said, "do"));
    if (verb == NULL) return;
    if (strcmp(verb, "open") == 0) {
        struct customer *c =
            world_customer(g->phone->world, json_string_value(json_object_get(said, "customer")));
        s->open = c;
        if (c != NULL) phone_customer_reads(g->phone, c);
        return;
    }
    struct owed *o = malloc(sizeof *o);
    if (o == NULL) return;
    *o = (struct owed){s, json_integer_value(json_object_get(said, "re"))};
    s->owed++;
    act(g->phone, verb, json_object_get(said, "with"), (struct reply){answered, o});
}

void page_text(struct page *g, struct socket *socket, const char *text, size_t n)
{
    struct screen *s = socket_data(socket);
    json_t *said = json_loadb(text, n, 0, NULL);
    if (s != NULL && json_is_object(said)) take(g, s, said);
    json_decref(said);
}

void page_ready(struct page *g, struct socket *socket)
{
    struct screen *s = socket_data(socket);
    if (s == NULL) return;
    if (s->first != NULL) {
        struct note *note = s->first;
        s->first = note->next;
        if (s->first == NULL) s->last = &s->first;
        if (note->text != NULL) socket_send(socket, note->text, strlen(note->text));
        free(note->text);
        free(note);
        socket_want(socket);
        return;
    }
    if (s->seq == g->phone->world->seq && s->seq != 0) return;
    json_t *changes = json_pack("{s:o}", "changes", view_changes(g->phone, s->seq));
    char *text = json_dumps(changes, JSON_COMPACT | JSON_REAL_PRECISION(9));
    if (text != NULL) socket_send(socket, text, strlen(text));
    s->seq = g->phone->world->seq;
    free(text);
    json_decref(changes);
}

void page_look(struct page *g)
{
    for (struct screen *s = g->screens; s != NULL; s = s->next)
        if (s->socket != NULL) socket_want(s->socket);
}

bool page_is_read(const struct page *g, const struct customer *c)
{
    bool any = false;
    for (const struct screen *s = g->screens; s != NULL; s = s->next) {
        if (s->socket == NULL) continue;
        if (s->open == c) return true;
        any = true;
    }
    return !any;
}

#include "control.h"

#include "act.h"
#include "agenda.h"
#include "clock.h"
#include "faults.h"
#include "phone.h"
#include "server.h"
#include "view.h"
#include "wire.h"
#include "world.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any test should wait for one message. */
enum { WAIT_MAX_MS = 60000 };

/* One HTTP client whose answer is not there yet: it waits for a message, or for a verb to end. */
struct waiter {
    struct waiter *next;
    struct control *control;
    struct exchange *x; /* NULL: the client left */
    bool polls;
    int64_t id, after;
    char customer[64], from[16];
};

struct control {
    struct phone *phone;
    struct waiter *waiters;
    int64_t ids;
};

struct control *control_new(struct phone *p)
{
    struct control *c = calloc(1, sizeof *c);
    if (c != NULL) c->phone = p;
    return c;
}

void control_free(struct control *c)
{
    while (c != NULL && c->waiters != NULL) {
        struct waiter *next = c->waiters->next;
        free(c->waiters);
        c->waiters = next;
    }
    free(c);
}

bool control_is(const char *path)
{
    return strncmp(path, "/control/", 9) == 0;
}

static void answer(struct exchange *x, int status, json_t *take_body)
{
    char *text = take_body == NULL ? NULL : json_dumps(take_body, JSON_COMPACT | JSON_REAL_PRECISION(9));
    if (text == NULL)
        server_answer(x, 500, "text/plain", "out of memory\n", 14);
    else
        server_answer(x, status, "application/json; charset=utf-8", text, strlen(text));
    free(text);
    json_decref(take_body);
}

static struct waiter *waiter_new(struct control *c, struct exchange *x)
{
    struct waiter *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->control = c;
    w->x = x;
    w->id = ++c->ids;
    w->next = c->waiters;
    c->waiters = w;
    x->waiter = w;
    return w;
}

static void waiter_free(struct waiter *w)
{
    for (struct waiter **at = &w->control->waiters; *at != NULL; at = &(*at)->next)
        if (*at == w) {
            *at = w->next;
            break;
        }
    free(w);
}

void control_gone(struct control *c, struct exchange *x)
{
    (void)c;
    struct waiter *w = x->waiter;
    if (w == NULL) return;
    w->x = NULL;
    if (w->polls) waiter_free(w); /* a verb's waiter is freed when the verb ends */
}

/* "name=value" among arguments; letters, digits and a few signs need no decoding here. */
static bool argument(const struct exchange *x, const char *name, char *out, size_t size)
{
    size_t name_n = strlen(name);
    for (const char *s = x->query; *s != '\0'; s += strcspn(s, "&"), s += *s == '&') {
        if (strncmp(s, name, name_n) != 0 || s[name_n] != '=') continue;
        size_t n = strcspn(s + name_n + 1, "&");
        if (n >= size) return false;
        memcpy(out, s + name_n + 1, n);
        out[n] = '\0';
        return true;
    }
    return false;
}

static int64_t number(const struct exchange *x, const char *name, int64_t otherwise)
{
    char text[24];
    return argument(x, name, text, sizeof text) ? strtoll(text, NULL, 10) : otherwise;
}

static const char *side(const struct message *m)
{
    return m->echo ? "owner" : m->from_bot ? "bot" : "customer";
}

static json_t *messages_after(const struct waiter *w)
{
    const struct world *world = w->control->phone->world;
    json_t *list = json_array();
    for (int64_t n = w->after + 1 > world->first_n ? w->after + 1 : world->first_n; n <= world_last_n(world);
         n++) {
        const struct message *m = world_message(world, n);
        if (w->customer[0] != '\0' && strcmp(m->customer->id, w->customer) != 0) continue;
        if (w->from[0] != '\0' && strcmp(side(m), w->from) != 0) continue;
        json_array_append_new(list, view_message(m));
    }
    return list;
}

static void poll_end(struct waiter *w, json_t *take_list)
{
    const struct world *world = w->control->phone->world;
    answer(w->x, 200,
           json_pack("{s:o, s:I, s:I}", "messages", take_list, "last", (json_int_t)world_last_n(world), "now",
                     (json_int_t)world_now_ms(world)));
    waiter_free(w);
}

/* Answers when there is something; true when it did. */
static bool poll_look(struct waiter *w)
{
    json_t *list = messages_after(w);
    if (json_array_size(list) == 0) {
        json_decref(list);
        return false;
    }
    poll_end(w, list);
    return true;
}

static void poll_late(void *self, int64_t id, int what)
{
    struct control *c = self;
    (void)what;
    for (struct waiter *w = c->waiters; w != NULL; w = w->next)
        if (w->id == id) {
            poll_end(w, json_array());
            return;
        }
}

void control_look(struct control *c)
{
    for (struct waiter *w = c->waiters, *next; w != NULL; w = next) {
        next = w->next;
        if (w->polls) poll_look(w);
    }
}

static void get_messages(struct control *c, struct exchange *x)
{
    struct waiter *w = waiter_new(c, x);
    if (w == NULL) {
        answer(x, 500, NULL);
        return;
    }
    w->polls = true;
    w->after = number(x, "after", 0);
    argument(x, "customer", w->customer, sizeof w->customer);
    argument(x, "from", w->from, sizeof w->from);
    int64_t wait = number(x, "wait_ms", 0);
    if (wait > WAIT_MAX_MS) wait = WAIT_MAX_MS;
    if (poll_look(w)) return;
    if (wait <= 0 || agenda_add(c->phone->real, clock_mono_ms() + wait, poll_late, c, w->id, 0) != 0)
        poll_end(w, json_array());
    else
        server_timer(c->phone->server, 0); /* the timer learns of the deadline */
}

static void get_state(struct control *c, struct exchange *x)
{
    answer(x, 200, view_changes(c->phone, 0));
}

static void get_wire(struct control *c, struct exchange *x)
{
    int64_t one = number(x, "n", 0), after = number(x, "after", 0);
    json_t *found = one > 0 ? wire_json_one(c->phone->wire, one) : NULL;
    if (one > 0) {
        answer(x, found == NULL ? 404 : 200,
               found == NULL ? json_pack("{s:s}", "error", "forgotten") : found);
        return;
    }
    json_t *list = json_array();
    for (int64_t n = after + 1; n <= wire_last(c->phone->wire); n++) {
        json_t *entry = wire_json_one(c->phone->wire, n);
        if (entry != NULL) json_array_append_new(list, entry);
    }
    answer(x, 200, json_pack("{s:o, s:I}", "wire", list, "last", (json_int_t)wire_last(c->phone->wire)));
}

static void get_faults(struct control *c, struct exchange *x)
{
    answer(x, 200, faults_json(c->phone->faults));
}

static void verb_ended(void *self, int status, json_t *take_body)
{
    struct waiter *w = self;
    if (w->x != NULL)
        answer(w->x, status, take_body);
    else
        json_decref(take_body);
    waiter_free(w);
}

static void post_verb(struct control *c, struct exchange *x, const char *verb)
{
    json_error_t why;
    json_t *arguments = x->body_n == 0 ? json_object() : json_loadb(x->body, x->body_n, 0, &why);
    struct waiter *w = json_is_object(arguments) ? waiter_new(c, x) : NULL;
    if (w != NULL)
        act(c->phone, verb, arguments, (struct reply){verb_ended, w});
    else
        answer(x, 400, json_pack("{s:s}", "error", "the body must be a JSON object"));
    json_decref(arguments);
}

void control_answer(struct control *c, struct exchange *x)
{
    static const struct {
        const char *what;
        void (*get)(struct control *, struct exchange *);
    } views[] = {
        {"state", get_state}, {"messages", get_messages}, {"wire", get_wire}, {"faults", get_faults}};
    const char *what = x->path + 9;
    if (strcmp(x->method, "POST") == 0) {
        post_verb(c, x, what);
        return;
    }
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        if (strcmp(views[i].what, what) == 0 && strcmp(x->method, "GET") == 0) {
            views[i].get(c, x);
            return;
        }
    answer(x, 404, json_pack("{s:s}", "error", "GET state, messages, wire or faults; POST a verb"));
}

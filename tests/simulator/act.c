#include "act.h"

#include "act_hostile.h"
#include "act_identity.h"
#include "act_says.h"
#include "batch.h"
#include "err.h"
#include "mailbag.h"
#include "phone.h"
#include "view.h"
#include "webhook.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

static json_t *problem(const char *text)
{
    return json_pack("{s:s}", "error", text);
}

/* The clock goes on, or what waits for its next try does not wait for the clock; or both. */
static int do_advance(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    const json_t *ms = json_object_get(arguments, "ms"), *retry = json_object_get(arguments, "retry");
    if (retry != NULL && !json_is_boolean(retry)) return err_set(e, "retry: expected true or false");
    if (ms == NULL && !json_is_true(retry)) return err_set(e, "expected ms, retry or both");
    /* Forward only, and not so far that adding times overflows: a century. */
    if (ms != NULL && (!json_is_integer(ms) || json_integer_value(ms) < 0 ||
                       json_integer_value(ms) > INT64_C(3155760000000)))
        return err_set(e, "ms: expected milliseconds, 0 or more");
    p->world->advance_ms += json_integer_value(ms);
    for (size_t i = 0; i < p->world->customers_n; i++) world_customer_touch(p->world, p->world->customers[i]);
    size_t retried = json_is_true(retry) ? mailbag_retry(p->mailbag) : 0;
    *out = json_pack("{s:I, s:I, s:I}", "now", (json_int_t)world_now_ms(p->world), "advanced",
                     (json_int_t)p->world->advance_ms, "retried", (json_int_t)retried);
    return 0;
}

static int put_one(struct phone *p, const json_t *one, json_t *list, struct err *e)
{
    struct customer *c = NULL;
    if (world_customer_put(p->world, one, &c, e) != 0) return -1;
    if (!c->offline) phone_customer_online(p, c);
    json_array_append_new(list, view_customer(p->world, c));
    return 0;
}

static int do_customers(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    const json_t *many = json_object_get(arguments, "customers"), *one;
    json_t *list = json_array();
    int rc = 0;
    size_t i;
    if (many == NULL) rc = put_one(p, arguments, list, e);
    json_array_foreach(many, i, one)
    {
        if (rc == 0) rc = put_one(p, one, list, e);
    }
    if (rc == 0)
        *out = json_pack("{s:o}", "customers", list);
    else
        json_decref(list);
    return rc;
}

static int do_read(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct customer *c = act_customer(p, arguments, e);
    if (c == NULL) return -1;
    phone_customer_reads(p, c);
    *out = view_customer(p->world, c);
    return 0;
}

/* The owner answers from the WhatsApp Business app on her own phone. Opens no window. */
static int do_echo(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct customer *c = act_customer(p, arguments, e);
    const char *text = json_string_value(json_object_get(arguments, "text"));
    if (c == NULL) return -1;
    if (text == NULL || *text == '\0') return err_set(e, "text: expected something to say");
    struct message *m =
        world_message_add(p->world, c, true, "text", json_pack("{s:{s:s}}", "text", "body", text));
    if (m == NULL) return err_set(e, "out of memory");
    m->echo = true;
    m->ticks = TICKS_READ;
    mailbag_put(p->mailbag, c, webhook_echo(p->world, p->options, m), m->n, "echo van de eigenaar");
    *out = view_message(m);
    return 0;
}

/* An answer that comes when the bot has answered. */
struct later {
    struct reply reply;
};

static struct later *later_new(struct reply reply)
{
    struct later *l = malloc(sizeof *l);
    if (l != NULL) l->reply = reply;
    return l;
}

static void checked(void *self, int ok, const char *why)
{
    struct later *l = self;
    l->reply.give(l->reply.self, 200, json_pack("{s:b, s:s}", "ok", ok, "why", why));
    free(l);
}

static void do_bot(struct phone *p, const json_t *arguments, struct reply reply)
{
    const char *url = json_string_value(json_object_get(arguments, "url"));
    struct later *l = later_new(reply);
    if (l != NULL && url != NULL && mailbag_bot(p->mailbag, url, checked, l) == 0) return;
    free(l);
    reply.give(reply.self, 400,
               problem("url: expected http://127.0.0.1:PORT of a bot on this machine, one check at a time"));
}

static void delivered(void *self, int status, int64_t us, const char *why, const char *answer)
{
    struct later *l = self;
    json_t *body = json_pack("{s:i, s:f, s:s}", "status", status, "ms", (double)us / 1000.0, "why", why);
    json_t *text = json_string(answer); /* NULL when it is not UTF-8 */
    json_object_set_new(body, "answer", text == NULL ? json_null() : text);
    l->reply.give(l->reply.self, 200, body);
    free(l);
}

static void do_bytes(struct phone *p, struct batch_bytes *bytes, const char *summary, struct reply reply)
{
    struct later *l = later_new(reply);
    const struct mailbag_once once = {.bytes = bytes->data,
                                      .n = bytes->n,
                                      .signature = bytes->signature[0] != '\0' ? bytes->signature : NULL,
                                      .summary = summary,
                                      .first_message = bytes->first_message,
                                      .messages_n = bytes->messages_n,
                                      .done = delivered,
                                      .self = l};
    if (l != NULL && mailbag_once(p->mailbag, &once) == 0) {
        phone_changed(p);
    } else {
        free(l);
        reply.give(reply.self, 400, problem("there is no bot yet (POST /control/bot)"));
    }
    free(bytes->data);
}

static void do_batch(struct phone *p, const json_t *arguments, struct reply reply)
{
    struct err e = {""};
    struct batch_bytes bytes = {0};
    if (batch_make(p, arguments, &bytes, &e) != 0)
        reply.give(reply.self, 400, problem(e.text));
    else
        do_bytes(p, &bytes, "batch", reply);
}

static void do_webhook(struct phone *p, const json_t *arguments, struct reply reply)
{
    struct err e = {""};
    struct batch_bytes bytes = {0};
    if (batch_raw(p, arguments, &bytes, &e) != 0)
        reply.give(reply.self, 400, problem(e.text));
    else
        do_bytes(p, &bytes, "met de hand", reply);
}

static const struct {
    const char *verb;
    int (*now)(struct phone *, const json_t *, json_t **, struct err *);
    void (*later)(struct phone *, const json_t *, struct reply);
} verbs[] = {
    {"send", act_send, NULL},       {"tap", act_tap, NULL},
    {"react", act_react, NULL},     {"edit", act_edit, NULL},
    {"revoke", act_revoke, NULL},   {"read", do_read, NULL},
    {"echo", do_echo, NULL},        {"identity", act_identity, NULL},
    {"advance", do_advance, NULL},  {"customers", do_customers, NULL},
    {"bot", NULL, do_bot},          {"batch", NULL, do_batch},
    {"webhook", NULL, do_webhook},  {"faults", act_faults, NULL},
    {"release", act_release, NULL}, {"redeliver", act_redeliver, NULL},
    {"token", act_token, NULL},
};

void act(struct phone *p, const char *verb, const json_t *arguments, struct reply reply)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].verb, verb) != 0) continue;
        if (verbs[i].later != NULL) {
            verbs[i].later(p, arguments, reply);
            return;
        }
        struct err e = {""};
        json_t *out = NULL;
        int rc = verbs[i].now(p, arguments, &out, &e);
        reply.give(reply.self, rc == 0 ? 200 : 400, rc == 0 ? out : problem(e.text));
        phone_changed(p);
        return;
    }
    reply.give(reply.self, 404, problem("no such verb"));
}

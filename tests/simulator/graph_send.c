#include "graph_send.h"

#include "check.h"
#include "faults.h"
#include "graph_fault.h"
#include "mailbag.h"
#include "options.h"
#include "phone.h"
#include "server.h"
#include "uploads.h"
#include "webhook.h"
#include "world.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Meta: typing shows for 25 s or until the reply. */
enum { TYPING_MS = 25000 };

/* The account's only approved template; its body has one placeholder. */
#define TEMPLATE_NAME     "antwoord_klaar"
#define TEMPLATE_LANGUAGE "nl"
#define TEMPLATE_TEXT     "Hoi %s, er ligt een antwoord voor je klaar. Stuur een berichtje, dan gaan we verder."

/* Whom a send is for. */
struct recipient {
    struct customer *customer; /* NULL: nobody we know */
    const char *input;
    char phone[32];      /* digits, or "" */
    const char *user_id; /* or NULL */
    bool vanishes;       /* a BSUID in `to`: taken, and never seen again */
};

/* Digits with the signs that people write between them. */
static bool phone_digits(const char *to, char out[static 32])
{
    size_t n = 0;
    for (const char *s = to; *s != '\0'; s++) {
        if (isdigit((unsigned char)*s)) {
            if (n == 31) return false;
            out[n++] = *s;
        } else if (strchr(" -().", *s) == NULL && !(*s == '+' && s == to)) {
            return false;
        }
    }
    out[n] = '\0';
    return n >= 7 && n <= 15; /* E.164 */
}

static int find_by_to(const struct phone *p, const char *to, struct recipient *out, struct refusal *r)
{
    out->input = to;
    if (world_is_user_id(to)) {
        out->vanishes = true;
        return 0;
    }
    if (!phone_digits(to, out->phone)) return refuse(r, 131009, "to '%.40s' is not a phone number", to);
    if (strcmp(out->phone, p->options->number) == 0)
        return refuse(r, 131021, "The recipient phone number is the sender's own");
    out->customer = world_customer_by_phone(p->world, out->phone);
    return 0;
}

static int find_recipient(const struct phone *p, const json_t *body, struct recipient *out, struct refusal *r)
{
    *out = (struct recipient){0};
    const json_t *kind = json_object_get(body, "recipient_type");
    if (kind != NULL && strcmp(json_is_string(kind) ? json_string_value(kind) : "", "individual") != 0)
        return refuse(r, 100, "Param recipient_type must be one of {INDIVIDUAL} - got \"%.40s\".",
                      json_is_string(kind) ? json_string_value(kind) : "?");
    const json_t *to = json_object_get(body, "to"), *recipient = json_object_get(body, "recipient");
    if (to == NULL && recipient == NULL) return refuse(r, 100, "The parameter to is required.");
    if ((to != NULL && !json_is_string(to)) || (recipient != NULL && !json_is_string(recipient)))
        return refuse(r, 100, "Param to and param recipient must be strings.");
    if (to != NULL) return find_by_to(p, json_string_value(to), out, r); /* given both, `to` wins */
    out->input = out->user_id = json_string_value(recipient);
    if (!world_is_user_id(out->user_id))
        return refuse(r, 131009, "recipient '%.40s' is not a business-scoped user id", out->input);
    out->customer = world_customer_by_user_id(p->world, out->user_id);
    return 0;
}

/* One known template with one text parameter. */
static int check_template(const json_t *template, char *text, size_t size, struct refusal *r)
{
    const char *name = json_string_value(json_object_get(template, "name"));
    const char *code = json_string_value(json_object_get(json_object_get(template, "language"), "code"));
    if (strcmp(name, TEMPLATE_NAME) != 0 || strcmp(code, TEMPLATE_LANGUAGE) != 0)
        return refuse(r, 132001, "template name (%.60s) does not exist in %.16s", name, code);
    const json_t *components = json_object_get(template, "components"), *one = NULL;
    const json_t *parameters = json_object_get(json_array_get(components, 0), "parameters");
    if (json_array_size(components) == 1 && json_array_size(parameters) == 1)
        one = json_array_get(parameters, 0);
    if (one == NULL)
        return refuse(r, 132000,
                      "body: number of localizable_params (%zu) does not match the expected number of "
                      "params (1)",
                      json_array_size(parameters));
    const char *value = json_string_value(json_object_get(one, "text"));
    if (value == NULL || *value == '\0' || strpbrk(value, "\n\t") != NULL)
        return refuse(r, 132012, "body: the parameter must be a text without new lines or tabs");
    snprintf(text, size, TEMPLATE_TEXT, value);
    return 0;
}

static json_t *accepted(const struct recipient *to, const char *wamid, bool template)
{
    json_t *message = json_pack("{s:s}", "id", wamid);
    if (template) json_object_set_new(message, "message_status", json_string("accepted"));
    json_t *contact = json_pack("{s:s}", "input", to->input);
    if (to->user_id != NULL)
        json_object_set_new(contact, "user_id", json_string(to->user_id));
    else
        json_object_set_new(contact, "wa_id", json_string(to->phone[0] != '\0' ? to->phone : to->input));
    return json_pack("{s:s, s:[o], s:[o]}", "messaging_product", "whatsapp", "contacts", contact, "messages",
                     message);
}

/* Accepted for nobody: an id is given, and nothing or a failure follows. */
static void accept_nobody(struct phone *p, const struct recipient *to, const json_t *body, struct verdict *v)
{
    char wamid[WAMID_MAX];
    world_wamid(p->world, INT64_MAX - ++p->world->seq, wamid);
    v->answer = accepted(to, wamid, false);
    v->bad = true;
    if (to->vanishes) {
        snprintf(
            v->note, sizeof v->note,
            "BSUID in `to`: aangenomen, maar komt NOOIT aan en krijgt geen status. Gebruik `recipient`.");
        return;
    }
    snprintf(v->note, sizeof v->note, "onbekende ontvanger: status failed 131026 volgt");
    const char *tracker = json_string_value(json_object_get(body, "biz_opaque_callback_data"));
    mailbag_put(p->mailbag, NULL,
                webhook_undeliverable(p->world, p->options, wamid, to->user_id == NULL ? to->phone : NULL,
                                      to->user_id, tracker),
                0, "status failed");
}

/* A reaction is no bubble of its own: it sits on the one it is about. */
static int react(struct phone *p, const struct customer *c, const json_t *reaction, struct refusal *r)
{
    const char *id = json_string_value(json_object_get(reaction, "message_id"));
    const char *emoji = json_string_value(json_object_get(reaction, "emoji"));
    struct message *m = world_message_by_id(p->world, id);
    if (m == NULL || m->customer != c || m->from_bot)
        return refuse(r, 131009, "reaction['message_id'] is no message of this customer");
    free(m->emoji);
    m->emoji = *emoji == '\0' ? NULL : strdup(emoji);
    world_message_touch(p->world, m);
    return 0;
}

/* What one may say to this customer now. */
static int check_moment(struct phone *p, struct customer *c, bool template, bool *late, struct refusal *r)
{
    *late = false;
    if (!template && !world_window_open(p->world, c)) {
        if (!p->options->closed_window_late)
            return refuse(r, 131047,
                          "Message failed to send because more than 24 hours have passed since the "
                          "customer last replied to this number.");
        *late = true;
    }
    if (!world_pair_take(p->world, c, p->options->pair_step_ms, p->options->pair_burst))
        return refuse(r, 131056,
                      "Message failed to send because there were too many messages sent from this phone "
                      "number to the same phone number in a short period of time.");
    return 0;
}

/* `text`: what a template says, or NULL. `error`: the code it will fail with, 0: none. */
static struct message *add_bubble(struct phone *p, struct customer *c, const char *type, const json_t *body,
                                  const char *text, int error)
{
    json_t *content = json_pack("{s:O}", type, json_object_get(body, type));
    if (text != NULL) json_object_set_new(content, "shown", json_string(text));
    uploads_show(p, content, type);
    struct message *m = phone_bot_says(p, c, type, content, error);
    if (m == NULL) return NULL;
    const char *tracker = json_string_value(json_object_get(body, "biz_opaque_callback_data"));
    const char *quoted = json_string_value(json_object_get(json_object_get(body, "context"), "message_id"));
    if (tracker != NULL) m->tracker = strdup(tracker);
    if (quoted != NULL) m->reply_to = strdup(quoted);
    return m;
}

/* The fault that this send meets, when it is one that keeps it from being accepted: -1. One that comes after
 * is left in `v`. */
static int meet(struct phone *p, const struct customer *c, struct verdict *v)
{
    enum fault kind = faults_draw(p->faults, STREAM_SENDS, c->id, &v->met.until_release);
    v->met.fault = kind;
    if (kind == FAULT_NONE || kind == FAULT_RESET_AFTER || kind == FAULT_FAIL_LATER) return 0;
    faults_count(p->faults, kind);
    graph_fault_refuse(kind, &v->refusal);
    return -1;
}

static int send_message(struct phone *p, const json_t *body, struct verdict *v)
{
    struct refusal *r = &v->refusal;
    struct recipient to;
    const char *type = json_string_value(json_object_get(body, "type"));
    if (type == NULL) type = "text";
    const char *kind = json_string_value(json_object_get(json_object_get(body, "interactive"), "type"));
    snprintf(v->summary, sizeof v->summary, "%.20s%s%.30s", type, kind == NULL ? "" : " ",
             kind == NULL ? "" : kind);
    int found = find_recipient(p, body, &to, r);
    if (to.customer != NULL) v->customer = to.customer->id;
    if (found != 0 || check_send(body, r) != 0 || uploads_check(p, body, type, r) != 0) return -1;
    bool template = strcmp(type, "template") == 0, late = false;
    char shown[2048];
    if (template && check_template(json_object_get(body, "template"), shown, sizeof shown, r) != 0) return -1;
    if (to.customer == NULL) {
        accept_nobody(p, &to, body, v);
        return 0;
    }
    if (meet(p, to.customer, v) != 0) return graph_fault_refrain(v->met.fault) ? 0 : -1;
    if (check_moment(p, to.customer, template, &late, r) != 0 ||
        (strcmp(type, "reaction") == 0 && react(p, to.customer, json_object_get(body, type), r) != 0)) {
        v->met.fault = FAULT_NONE; /* it was for a message that is accepted */
        return -1;
    }
    struct message *m = add_bubble(p, to.customer, type, body, template ? shown : NULL,
                                   to.customer->blocked               ? 131026
                                   : late                             ? 131047
                                   : v->met.fault == FAULT_FAIL_LATER ? 131000
                                                                      : 0);
    if (m == NULL) return refuse(r, 131000, "out of memory");
    phone_met(p, m, v->met.fault);
    /* Meta shows a number for thirty days to a business that wrote to it. */
    if (to.phone[0] != '\0') to.customer->hidden = false;
    if (m->how == FAULT_BEFORE_ANSWER) v->met.status_first = m;
    v->answer = accepted(&to, m->id, template);
    const json_t *quote = json_object_get(body, "context");
    if (quote != NULL && (m->reply_to == NULL || world_message_by_id(p->world, m->reply_to) == NULL))
        snprintf(v->note, sizeof v->note, "context.message_id is hier onbekend: getoond zonder citaat");
    return 0;
}

/* Read receipt, with or without typing: {"status":"read","message_id":…,"typing_indicator":{"type":"text"}}. */
static int mark(struct phone *p, const json_t *body, struct verdict *v)
{
    static const char *const allowed[] = {"messaging_product", "status", "message_id", "typing_indicator",
                                          NULL};
    static const char *const typing_keys[] = {"type", NULL};
    struct refusal *r = &v->refusal;
    const json_t *typing = json_object_get(body, "typing_indicator");
    const char *status = json_string_value(json_object_get(body, "status"));
    snprintf(v->summary, sizeof v->summary, typing != NULL ? "gelezen, typt" : "gelezen");
    if (check_keys(body, "messages", allowed, r) != 0) return -1;
    if (status == NULL || strcmp(status, "read") != 0)
        return refuse(r, 100, "Param status must be one of {READ}.");
    if (check_text(body, "messages", "message_id", 512, true, r) != 0) return -1;
    if (typing != NULL && check_keys(typing, "typing_indicator", typing_keys, r) != 0) return -1;
    const char *kind = json_string_value(json_object_get(typing, "type"));
    if (typing != NULL && (kind == NULL || strcmp(kind, "text") != 0))
        return refuse(r, 131009, "typing_indicator['type'] must be text");
    struct message *m = world_message_by_id(p->world, json_string_value(json_object_get(body, "message_id")));
    if (m == NULL || m->from_bot) return refuse(r, 131009, "message_id is no message that a customer sent");
    v->customer = m->customer->id;
    for (int64_t n = m->n; n >= p->world->first_n; n--) {
        struct message *older = world_message(p->world, n);
        if (older->customer != m->customer || older->from_bot) continue;
        if (older->ticks == TICKS_READ) break; /* and so is everything before it */
        older->ticks = TICKS_READ;
        world_message_touch(p->world, older);
    }
    if (typing != NULL) m->customer->typing_until_ms = world_now_ms(p->world) + TYPING_MS;
    world_customer_touch(p->world, m->customer);
    v->answer = json_pack("{s:b}", "success", 1);
    return 0;
}

int graph_messages(struct phone *p, const struct exchange *x, struct verdict *v)
{
    struct refusal *r = &v->refusal;
    json_error_t why;
    json_t *body = json_loadb(x->body, x->body_n, JSON_REJECT_DUPLICATES, &why);
    int rc = -1;
    if (!json_is_object(body)) {
        refuse(r, 100, "The request body is not a valid JSON object: %.100s",
               body == NULL ? why.text : "wrong type");
        goto out;
    }
    const char *product = json_string_value(json_object_get(body, "messaging_product"));
    if (product == NULL)
        refuse(r, 100, "The parameter messaging_product is required.");
    else if (strcmp(product, "whatsapp") != 0)
        refuse(r, 100, "Param messaging_product must be one of {WHATSAPP}.");
    else
        rc = json_object_get(body, "status") != NULL ? mark(p, body, v) : send_message(p, body, v);
out:
    json_decref(body);
    return rc;
}

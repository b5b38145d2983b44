#include "view.h"

#include "faults.h"
#include "hostile.h"
#include "mailbag.h"
#include "options.h"
#include "phone.h"
#include "wire.h"
#include "world.h"

/* What a page gets of the past when it opens. */
enum { VIEW_MESSAGES = 2000, VIEW_WIRE = 300 };

json_t *view_customer(const struct world *w, const struct customer *c)
{
    int64_t until = c->last_inbound_ms == 0 ? 0 : c->last_inbound_ms + WINDOW_MS;
    return json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:b, s:b, s:b, s:I, s:b, s:I}", "id", c->id, "name",
                     c->name, "username", c->username, "phone", c->phone, "user_id", c->user_id, "hidden",
                     (int)c->hidden, "blocked", (int)c->blocked, "offline", (int)c->offline, "window_until",
                     (json_int_t)until, "window_open", (int)world_window_open(w, c), "typing_until",
                     (json_int_t)c->typing_until_ms);
}

json_t *view_message(const struct message *m)
{
    json_t *j = json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:O, s:s, s:s?, s:s?, s:s?, s:b, s:b}", "n",
                          (json_int_t)m->n, "id", m->id, "customer", m->customer->id, "from",
                          m->echo       ? "owner"
                          : m->from_bot ? "bot"
                                        : "customer",
                          "type", m->type, "at", (json_int_t)m->at_ms, "body", m->body, "status",
                          ticks_name[m->ticks], "reply_to", m->reply_to, "reaction", m->emoji, "tracker",
                          m->tracker, "edited", (int)m->edited, "revoked", (int)m->revoked);
    if (j == NULL) return NULL;
    if (m->error != 0) json_object_set_new(j, "error", json_integer(m->error));
    json_object_set_new(j, "arrived_ms", json_integer(m->arrived_ms));
    if (!m->from_bot || m->echo) {
        json_object_set_new(j, "taken", json_boolean(m->taken_ms >= 0));
        json_object_set_new(j, "taken_ms", m->taken_ms < 0 ? json_null() : json_integer(m->taken_ms));
    }
    if (m->reordered) json_object_set_new(j, "reordered", json_true());
    if (m->faults != 0) json_object_set_new(j, "faults", fault_record(m->faults));
    return j;
}

json_t *view_bot(const struct phone *p)
{
    return json_pack("{s:s, s:s, s:s, s:I}", "url", mailbag_bot_url(p->mailbag), "state",
                     bot_state_name[mailbag_bot_state(p->mailbag)], "why", mailbag_bot_why(p->mailbag),
                     "waiting", (json_int_t)(mailbag_waiting(p->mailbag) + hostile_waiting(p->hostile)));
}

json_t *view_changes(const struct phone *p, int64_t since)
{
    const struct world *w = p->world;
    json_t *customers = json_array(), *messages = json_array();
    for (size_t i = 0; i < w->customers_n; i++)
        if (w->customers[i]->seq > since) json_array_append_new(customers, view_customer(w, w->customers[i]));
    int64_t n = world_last_n(w) - VIEW_MESSAGES + 1;
    for (n = n > w->first_n ? n : w->first_n; n <= world_last_n(w); n++) {
        const struct message *m = world_message(w, n);
        if (m->seq > since) json_array_append_new(messages, view_message(m));
    }
    return json_pack("{s:I, s:I, s:I, s:{s:s, s:s, s:s}, s:o, s:o, s:o, s:o}", "seq", (json_int_t)w->seq,
                     "now", (json_int_t)world_now_ms(w), "advanced", (json_int_t)w->advance_ms, "business",
                     "name", p->options->name, "number", p->options->number, "phone_number_id",
                     p->options->phone_number_id, "bot", view_bot(p), "customers", customers, "messages",
                     messages, "wire", wire_json_since(p->wire, since, VIEW_WIRE));
}

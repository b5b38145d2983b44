#include "webhook.h"

#include "buf.h"
#include "options.h"
#include "world.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *seconds(int64_t ms)
{
    return json_sprintf("%lld", (long long)(ms / 1000));
}

json_t *webhook_wrap(const struct options *o, const char *field, json_t *take_value)
{
    (void)o;
    return json_pack("{s:s, s:[{s:s, s:[{s:s, s:o}]}]}", "object", "whatsapp_business_account", "entry", "id",
                     ACCOUNT_ID, "changes", "field", field, "value", take_value);
}

json_t *webhook_value(const struct options *o)
{
    return json_pack("{s:s, s:{s:s, s:s}}", "messaging_product", "whatsapp", "metadata",
                     "display_phone_number", o->number, "phone_number_id", o->phone_number_id);
}

json_t *webhook_contact(const struct customer *c)
{
    json_t *contact = json_pack("{s:{s:s}}", "profile", "name", c->name);
    if (c->username != NULL)
        json_object_set_new(json_object_get(contact, "profile"), "username", json_string(c->username));
    if (world_seen_phone(c) != NULL) json_object_set_new(contact, "wa_id", json_string(world_seen_phone(c)));
    if (c->user_id != NULL) json_object_set_new(contact, "user_id", json_string(c->user_id));
    return contact;
}

/* A phone that may not be shown is left out, not blanked and not replaced. */
static void set_sender(json_t *message, const struct customer *c)
{
    if (world_seen_phone(c) != NULL) json_object_set_new(message, "from", json_string(world_seen_phone(c)));
    if (c->user_id != NULL) json_object_set_new(message, "from_user_id", json_string(c->user_id));
}

json_t *webhook_message_json(const struct message *m)
{
    json_t *message = json_object();
    set_sender(message, m->customer);
    json_object_set_new(message, "id", json_string(m->id));
    json_object_set_new(message, "timestamp", seconds(m->at_ms));
    json_object_set_new(message, "type", json_string(m->type));
    json_object_update(message, m->body);
    return message;
}

json_t *webhook_message(const struct world *w, const struct options *o, const struct message *m)
{
    (void)w;
    json_t *value = webhook_value(o);
    json_object_set_new(value, "contacts", json_pack("[o]", webhook_contact(m->customer)));
    json_t *message = webhook_message_json(m);
    /* A reply quotes: {from,id} of what it answers. */
    if (m->reply_to != NULL)
        json_object_set_new(message, "context",
                            json_pack("{s:s, s:s}", "from", o->number, "id", m->reply_to));
    json_object_set_new(value, "messages", json_pack("[o]", message));
    return webhook_wrap(o, "messages", value);
}

static json_t *delivery_error(int code, const char *title, const char *details)
{
    return json_pack("[{s:i, s:s, s:s, s:{s:s}, s:s}]", "code", code, "title", title, "message", title,
                     "error_data", "details", details, "href",
                     "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/");
}

static json_t *failure(int code)
{
    if (code == 131047)
        return delivery_error(code, "Re-engagement message",
                              "Message failed to send because more than 24 hours have passed since the "
                              "customer last replied to this number.");
    if (code == 131000)
        return delivery_error(code, "Something went wrong",
                              "Message failed to send due to an unknown error.");
    return delivery_error(code, "Message undeliverable", "Message Undeliverable.");
}

/* Meta: pricing comes with sent and with one of delivered and read. */
static json_t *pricing(const struct message *m)
{
    bool template = strcmp(m->type, "template") == 0;
    return json_pack("{s:b, s:s, s:s, s:s}", "billable", 1, "pricing_model", "PMP", "type", "regular",
                     "category", template ? "utility" : "service");
}

static json_t *wrap_status(const struct options *o, const struct customer *c, json_t *status)
{
    json_t *value = webhook_value(o);
    if (c != NULL) json_object_set_new(value, "contacts", json_pack("[o]", webhook_contact(c)));
    json_object_set_new(value, "statuses", json_pack("[o]", status));
    return webhook_wrap(o, "messages", value);
}

json_t *webhook_status(const struct world *w, const struct options *o, const struct message *m,
                       enum ticks what)
{
    const struct customer *c = m->customer;
    bool failed = what == TICKS_FAILED;
    json_t *status = json_pack("{s:s, s:s, s:o}", "id", m->id, "status", ticks_name[what], "timestamp",
                               seconds(world_now_ms(w)));
    if (world_seen_phone(c) != NULL)
        json_object_set_new(status, "recipient_id", json_string(world_seen_phone(c)));
    /* Always there, except with failed sends to a phone. */
    if (c->user_id != NULL && !(failed && c->phone != NULL))
        json_object_set_new(status, "recipient_user_id", json_string(c->user_id));
    if (m->tracker != NULL) json_object_set_new(status, "biz_opaque_callback_data", json_string(m->tracker));
    if (what == TICKS_SENT || what == TICKS_DELIVERED) json_object_set_new(status, "pricing", pricing(m));
    if (failed) json_object_set_new(status, "errors", failure(m->error));
    return wrap_status(o, failed ? NULL : c, status);
}

json_t *webhook_undeliverable(const struct world *w, const struct options *o, const char *wamid,
                              const char *phone, const char *user_id, const char *tracker)
{
    json_t *status = json_pack("{s:s, s:s, s:o, s:o}", "id", wamid, "status", "failed", "timestamp",
                               seconds(world_now_ms(w)), "errors", failure(131026));
    if (phone != NULL) json_object_set_new(status, "recipient_id", json_string(phone));
    if (user_id != NULL) json_object_set_new(status, "recipient_user_id", json_string(user_id));
    if (tracker != NULL) json_object_set_new(status, "biz_opaque_callback_data", json_string(tracker));
    return wrap_status(o, NULL, status);
}

json_t *webhook_echo(const struct world *w, const struct options *o, const struct message *m)
{
    (void)w;
    const struct customer *c = m->customer;
    json_t *echo = json_pack("{s:s, s:s, s:o, s:s}", "from", o->number, "id", m->id, "timestamp",
                             seconds(m->at_ms), "type", m->type);
    if (world_seen_phone(c) != NULL) json_object_set_new(echo, "to", json_string(world_seen_phone(c)));
    if (c->user_id != NULL) json_object_set_new(echo, "to_user_id", json_string(c->user_id));
    json_object_update(echo, m->body);
    json_t *value = webhook_value(o);
    json_object_set_new(value, "contacts", json_pack("[o]", webhook_contact(c)));
    json_object_set_new(value, "message_echoes", json_pack("[o]", echo));
    return webhook_wrap(o, "smb_message_echoes", value);
}

json_t *webhook_system(const struct world *w, const struct options *o, const char *from, json_t *take_system)
{
    char id[WAMID_MAX];
    /* Takes no number of a bubble: counted down from the top, so that it never meets one. */
    world_wamid(w, INT64_MAX - w->seq, id);
    json_t *message = json_pack("{s:s, s:o, s:s, s:o}", "id", id, "timestamp", seconds(world_now_ms(w)),
                                "type", "system", "system", take_system);
    if (from != NULL) json_object_set_new(message, "from", json_string(from));
    json_t *value = webhook_value(o);
    json_object_set_new(value, "messages", json_pack("[o]", message));
    return webhook_wrap(o, "messages", value);
}

/* jansson escapes as we need but for the case of the hex digits. */
static void lower_hex(char *s, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (s[i] != '\\') continue;
        i++;
        if (s[i] != 'u') continue;
        for (size_t j = i + 1; j <= i + 4 && j < n; j++) s[j] = (char)tolower((unsigned char)s[j]);
    }
}

void webhook_write(const json_t *body, struct buf *out)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH);
    if (text == NULL) {
        out->failed = true;
        return;
    }
    size_t n = strlen(text);
    lower_hex(text, n);
    buf_add(out, text, n);
    free(text);
}

void webhook_sign(const char *secret, const char *bytes, size_t n, char out[static SIGNATURE_MAX])
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_n = 0;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)bytes, n, mac, &mac_n);
    memcpy(out, "sha256=", 8);
    for (unsigned i = 0; i < mac_n; i++) snprintf(out + 7 + 2 * i, 3, "%02x", mac[i]);
}

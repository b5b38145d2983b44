#include "batch.h"

#include "buf.h"
#include "err.h"
#include "options.h"
#include "phone.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* Meta: up to 1,000 updates in one POST. */
enum { BATCH_MAX = 1000, BATCH_PEOPLE_MAX = 1000 };

/* Person i of a load: made when missing. */
static struct customer *person(struct phone *p, int i, struct err *e)
{
    char id[24];
    snprintf(id, sizeof id, "batch-%d", i);
    struct customer *c = world_customer(p->world, id);
    if (c != NULL) return c;
    json_t *made = json_object();
    json_object_set_new(made, "id", json_string(id));
    json_object_set_new(made, "name", json_sprintf("Klant %d", i));
    json_object_set_new(made, "phone", json_sprintf("3161%07d", i));
    json_object_set_new(made, "user_id", json_sprintf("NL.77%07d", i));
    if (world_customer_put(p->world, made, &c, e) != 0) c = NULL;
    json_decref(made);
    return c;
}

static int fill(struct phone *p, const json_t *arguments, json_t *value, struct err *e)
{
    const json_t *texts = json_object_get(arguments, "texts"),
                 *people = json_object_get(arguments, "customers");
    int count = (int)json_integer_value(json_object_get(arguments, "count"));
    int n = people == NULL ? 20 : (int)json_integer_value(people);
    if (count < 1 || count > BATCH_MAX) return err_set(e, "count: expected 1 to %d", BATCH_MAX);
    if (n < 1 || n > BATCH_PEOPLE_MAX) return err_set(e, "customers: expected 1 to %d", BATCH_PEOPLE_MAX);
    json_t *contacts = json_object_get(value, "contacts"), *messages = json_object_get(value, "messages");
    for (int i = 0; i < count; i++) {
        struct customer *c = person(p, i % n, e);
        if (c == NULL) return -1;
        if (i < n) json_array_append_new(contacts, webhook_contact(c));
        const char *text = json_string_value(
            json_array_get(texts, (size_t)i % (json_array_size(texts) + !json_array_size(texts))));
        json_t *body = json_pack("{s:{s:s}}", "text", "body", text == NULL ? "hoi" : text);
        struct message *m = world_message_add(p->world, c, false, "text", body);
        if (m == NULL) return err_set(e, "out of memory");
        c->last_inbound_ms = m->at_ms;
        json_array_append_new(messages, webhook_message_json(m));
    }
    return 0;
}

static int write_signed(const struct phone *p, const json_t *body, struct batch_bytes *out, struct err *e)
{
    struct buf bytes = {0};
    webhook_write(body, &bytes);
    if (bytes.failed || bytes.data == NULL) {
        buf_free(&bytes);
        return err_set(e, "out of memory");
    }
    webhook_sign(p->options->app_secret, bytes.data, bytes.len, out->signature);
    out->data = bytes.data;
    out->n = bytes.len;
    return 0;
}

int batch_make(struct phone *p, const json_t *arguments, struct batch_bytes *out, struct err *e)
{
    if (json_is_true(json_object_get(arguments, "repeat"))) {
        if (p->batch == NULL) return err_set(e, "repeat: there was no batch yet");
        out->first_message = p->batch_first;
        out->messages_n = p->batch_n;
        return write_signed(p, p->batch, out, e);
    }
    json_t *value = webhook_value(p->options);
    json_object_set_new(value, "contacts", json_array());
    json_object_set_new(value, "messages", json_array());
    if (fill(p, arguments, value, e) != 0) {
        json_decref(value);
        return -1;
    }
    json_decref(p->batch);
    p->batch_n = out->messages_n = json_array_size(json_object_get(value, "messages"));
    p->batch_first = out->first_message = world_last_n(p->world) + 1 - (int64_t)p->batch_n;
    p->batch = webhook_wrap(p->options, "messages", value);
    return write_signed(p, p->batch, out, e);
}

int batch_raw(const struct phone *p, const json_t *arguments, struct batch_bytes *out, struct err *e)
{
    const json_t *raw = json_object_get(arguments, "raw"), *body = json_object_get(arguments, "body");
    json_t *value = json_object_get(arguments, "value");
    const char *field = json_string_value(json_object_get(arguments, "field"));
    const char *how = json_string_value(json_object_get(arguments, "signature"));
    int rc = 0;
    if (json_is_string(raw)) {
        out->n = json_string_length(raw);
        out->data = malloc(out->n + 1);
        if (out->data == NULL) return err_set(e, "out of memory");
        memcpy(out->data, json_string_value(raw), out->n + 1);
        webhook_sign(p->options->app_secret, out->data, out->n, out->signature);
    } else if (body != NULL) {
        rc = write_signed(p, body, out, e);
    } else if (value != NULL) {
        json_t *whole = webhook_wrap(p->options, field == NULL ? "messages" : field, json_incref(value));
        rc = write_signed(p, whole, out, e);
        json_decref(whole);
    } else {
        return err_set(e, "expected raw, body or value");
    }
    if (rc == 0 && how != NULL && strcmp(how, "none") == 0) out->signature[0] = '\0';
    if (rc == 0 && how != NULL && strcmp(how, "bad") == 0)
        out->signature[7] = out->signature[7] == '0' ? '1' : '0';
    return rc;
}

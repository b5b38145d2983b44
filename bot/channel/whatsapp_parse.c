/* A webhook body: entry[] x changes[] x (messages[] | message_echoes[] | statuses[] | errors[]).
 * Every item is read for itself, so that a spoiled one costs only itself. */
#include "whatsapp_parts.h"

#include <string.h>

#include "arena.h"
#include "batch.h"
#include "err.h"
#include "whatsapp.h"
#include "whatsapp_identity.h"
#include "whatsapp_message.h"
#include "whatsapp_notice.h"
#include "wire.h"

static const char other_account[] = "for another phone number id";

/* One change: what its items share. */
struct change {
    const char *field;
    const char *account; /* the phone_number_id it is for. Or NULL */
    const char *our_number;
    int64_t time; /* of the entry, where it has one */
    struct contacts contacts;
    bool alone; /* one item of its kind */
    bool echo;  /* the items were written by the owner */
};

static bool is_ours(const struct batch *b, const struct change *c)
{
    return c->account != NULL && strcmp(c->account, b->account) == 0;
}

/* The digits of a number written in any way. */
static const char *digits_of(struct batch *b, const char *s)
{
    char digits[PHONE_DIGITS_MAX + 1];
    size_t n = 0;

    for (; s != NULL && *s != '\0'; s++) {
        if (*s < '0' || *s > '9') continue;
        if (n == PHONE_DIGITS_MAX) return NULL;
        digits[n++] = *s;
    }
    digits[n] = '\0';
    return whatsapp_is_phone(digits) ? batch_keep(b, digits) : NULL;
}

/* ---- messages and echoes ---- */

static bool in_group(const json_t *m)
{
    const json_t *group = json_object_get(m, "group_id");

    return group != NULL && !json_is_null(group);
}

/* What keeps a message from being read at all; true when something does. */
static bool turned_away(struct batch *b, const struct change *c, const json_t *m, struct inbound *in)
{
    bool event = strcmp(in->type, "system") == 0;
    const char *broken = NULL, *skipped = NULL;

    if (c->account != NULL && !is_ours(b, c))
        skipped = other_account;
    else if (!json_is_object(m))
        broken = "a message that is no object";
    else if (in_group(m))
        skipped = "in a group chat";
    else if (wire_string(m, "type") == NULL)
        broken = "a message without type";
    else if ((in->id = batch_id(b, wire_string(m, "id"))) == NULL)
        broken = "a message without id";
    else if (c->account == NULL && !event) /* a person's id is the portfolio's, not a number's */
        broken = "a message for no phone number id";
    else if (c->echo && (event || strcmp(in->type, "edit") == 0 || strcmp(in->type, "revoke") == 0))
        skipped = "an echo that is no message";
    else
        return false;
    if (broken != NULL)
        batch_break(b, in, m, broken);
    else
        batch_skip(b, in, m, skipped);
    return true;
}

static void read_message(struct batch *b, const struct change *c, const json_t *m)
{
    const struct identity_keys *keys = c->echo ? &identity_of_echo : &identity_of_message;
    struct inbound *in = batch_add(b, wire_string(m, "type"));

    if (in == NULL || turned_away(b, c, m, in)) return;
    if (strcmp(in->type, "system") == 0) {
        identity_change(b, m, in);
        return;
    }
    if (!identity_read(b, &c->contacts, m, keys, c->alone, &in->who)) {
        batch_break(b, in, m, "a message that names nobody");
        return;
    }
    const char *broken = message_read(b, m, in);
    if (broken != NULL) {
        batch_break(b, in, m, broken);
        return;
    }
    if (in->reason != NULL) {
        batch_skip(b, in, m, in->reason);
        return;
    }
    in->kind = c->echo ? INBOUND_ECHO : INBOUND_MESSAGE;
    in->message.id = in->id;
    in->message.sent_ms = message_sent_ms(m);
    in->message.name = in->who.name;
    in->message.our_number = c->our_number;
    if (!c->echo) in->raw = batch_raw(b, m);
}

/* ---- statuses ---- */

static bool status_from(const char *name, enum status_kind *out)
{
    for (int i = 0; name != NULL && i < STATUS_N; i++) {
        if (strcmp(name, status_kind_name((enum status_kind)i)) != 0) continue;
        *out = (enum status_kind)i;
        return true;
    }
    return false;
}

static void fill_status(struct batch *b, const json_t *s, struct inbound *in)
{
    const json_t *pricing = wire_object(s, "pricing");

    in->kind = INBOUND_STATUS;
    in->status.tracker = batch_text(b, wire_string(s, "biz_opaque_callback_data"), ID_BYTES_MAX);
    in->status.billable = wire_true(pricing, "billable");
    in->status.category = batch_word(b, wire_string(pricing, "category"));
    if (in->status.kind == STATUS_FAILED)
        (void)wire_int(json_array_get(wire_array(s, "errors"), 0), "code", &in->status.error_code);
}

static void read_status(struct batch *b, const struct change *c, const json_t *s)
{
    const char *name = wire_string(s, "status"), *group = wire_string(s, "recipient_type");
    struct inbound *in = batch_add(b, name);

    if (in == NULL) return;
    const char *id = batch_id(b, wire_string(s, "id"));
    if (c->account != NULL && !is_ours(b, c))
        batch_skip(b, in, s, other_account);
    else if (id == NULL || name == NULL)
        batch_break(b, in, s, "a status without id or name");
    else if (c->account == NULL)
        batch_break(b, in, s, "a status for no phone number id");
    else if (group != NULL && strcmp(group, "group") == 0)
        batch_skip(b, in, s, "in a group chat");
    else if (!status_from(name, &in->status.kind))
        batch_skip(b, in, s, "a status of a kind that is not known");
    else
        fill_status(b, s, in);
    if (id == NULL || in->kind == INBOUND_BROKEN) return;
    /* The same send is told of several times: each tale is an item of its own. */
    in->id = arena_printf(b->arena, "%s/%s", id, in->type);
    if (in->id == NULL) b->failed = true;
    if (in->kind != INBOUND_STATUS) return;
    in->status.message_id = id;
    (void)identity_read(b, &c->contacts, s, &identity_of_status, c->alone, &in->who);
}

/* ---- changes ---- */

typedef void read_item(struct batch *b, const struct change *c, const json_t *item);

/* The items under one key. True when there was anything. */
static bool read_all(struct batch *b, struct change *c, const json_t *value, const char *key, read_item *read)
{
    const json_t *items = json_object_get(value, key), *item;
    size_t i;

    if (items == NULL || json_is_null(items)) return false;
    if (!json_is_array(items)) {
        struct inbound *in = batch_add(b, key);
        if (in != NULL) batch_break(b, in, value, "items that are no list");
        return true;
    }
    c->alone = json_array_size(items) == 1;
    json_array_foreach(items, i, item)
    {
        if (b->failed) return true;
        read(b, c, item);
    }
    return json_array_size(items) > 0;
}

static void read_update(struct batch *b, const struct change *c, const json_t *item)
{
    struct inbound *in = batch_add(b, c->field);

    if (in == NULL) return;
    if (c->account != NULL && !is_ours(b, c))
        batch_skip(b, in, item, other_account);
    else
        identity_update(b, item, in);
}

static void read_error(struct batch *b, const struct change *c, const json_t *error)
{
    struct inbound *in = batch_add(b, "errors");

    if (in == NULL) return;
    if (c->account != NULL && !is_ours(b, c))
        batch_skip(b, in, error, other_account);
    else
        notice_error(b, c->field, c->time, error, in);
}

/* The fields that hold lists of items. */
static void read_lists(struct batch *b, struct change *c, const json_t *value)
{
    bool any = read_all(b, c, value, "messages", read_message);

    c->echo = true;
    any = read_all(b, c, value, "message_echoes", read_message) || any;
    c->echo = false;
    any = read_all(b, c, value, "statuses", read_status) || any;
    /* Errors beside a message speak of that message. */
    if (!any) any = read_all(b, c, value, "errors", read_error);
    if (any) return;
    struct inbound *in = batch_add(b, c->field);
    if (in != NULL) batch_skip(b, in, value, "nothing in it");
}

/* The fields that are one item as a whole. */
static void read_whole(struct batch *b, const struct change *c, const json_t *value)
{
    struct inbound *in = batch_add(b, c->field);

    if (in == NULL) return;
    if (c->account != NULL && !is_ours(b, c))
        batch_skip(b, in, value, other_account);
    else
        notice_read(b, c->field, c->time, value, in);
}

static void read_value(struct batch *b, struct change *c, const json_t *value)
{
    const json_t *metadata = wire_object(value, "metadata");

    c->account = wire_string(metadata, "phone_number_id");
    c->our_number = digits_of(b, wire_string(metadata, "display_phone_number"));
    if (contacts_open(&c->contacts, value) != 0)
        b->failed = true;
    else if (strcmp(c->field, "messages") == 0 || strcmp(c->field, "smb_message_echoes") == 0)
        read_lists(b, c, value);
    else if (strcmp(c->field, "user_id_update") != 0)
        read_whole(b, c, value);
    else if (!read_all(b, c, value, "user_id_update", read_update))
        read_update(b, c, value);
    contacts_close(&c->contacts);
}

static void read_change(struct batch *b, const json_t *entry, const json_t *change)
{
    struct change c = {.field = wire_string(change, "field"),
                       .time = (int64_t)json_integer_value(json_object_get(entry, "time"))};
    const json_t *value = wire_object(change, "value");

    if (c.field != NULL && value != NULL) {
        read_value(b, &c, value);
        return;
    }
    struct inbound *in = batch_add(b, c.field);
    if (in != NULL) batch_break(b, in, change, "a change without field or value");
}

static void read_entry(struct batch *b, const json_t *entry)
{
    const json_t *changes = wire_array(entry, "changes"), *change;
    size_t i;

    if (changes == NULL) {
        struct inbound *in = batch_add(b, "entry");
        if (in != NULL) batch_break(b, in, entry, "an entry without changes");
        return;
    }
    json_array_foreach(changes, i, change)
    {
        if (b->failed) return;
        read_change(b, entry, change);
    }
}

static int read_body(struct batch *b, const json_t *tree, struct err *e)
{
    const char *object = wire_string(tree, "object");
    const json_t *entries = wire_array(tree, "entry"), *entry;
    size_t i;

    if (object == NULL || strcmp(object, "whatsapp_business_account") != 0 || entries == NULL)
        return err_set(e, "whatsapp: a body that is no webhook of a WhatsApp business account");
    json_array_foreach(entries, i, entry)
    {
        if (b->failed) break;
        read_entry(b, entry);
    }
    if (!b->failed) return 0;
    if (b->count >= BATCH_ITEMS_MAX)
        return err_set(e, "whatsapp: a body of more than %d items, Meta sends at most 1000", BATCH_ITEMS_MAX);
    return err_set(e, "whatsapp: out of memory for a body of %zu items", b->count);
}

int whatsapp_parse(const char *body, size_t n, const char *account, struct arena *a, struct inbound **out,
                   struct err *e)
{
    struct batch b = {.arena = a, .channel = whatsapp.name};
    int rc = -1;

    *out = NULL;
    b.tail = &b.first;
    json_t *tree = wire_load(body, n, e);
    if (tree == NULL) {
        (void)err_wrap(e, "whatsapp");
        goto out;
    }
    b.account = batch_keep(&b, account);
    rc = read_body(&b, tree, e);
    if (rc == 0) *out = b.first;
out:
    buf_free(&b.scratch);
    json_decref(tree);
    return rc;
}

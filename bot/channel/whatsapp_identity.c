#include "whatsapp_identity.h"

#include <string.h>

#include "batch.h"
#include "channel.h"
#include "whatsapp_parts.h"
#include "wire.h"

/* "NL.ENT." and the tail, with room for the NUL. */
enum { USER_ID_TAIL_MAX = 128, NAME_BYTES = 7 + USER_ID_TAIL_MAX + 1 };

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char alphanumerics[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const struct identity_keys identity_of_message = {"from", "from_user_id", "from_parent_user_id"};
const struct identity_keys identity_of_echo = {"to", "to_user_id", "to_parent_user_id"};
const struct identity_keys identity_of_status = {"recipient_id", "recipient_user_id",
                                                 "recipient_parent_user_id"};

bool whatsapp_is_phone(const char *s)
{
    size_t n = strspn(s, "0123456789");

    return s[n] == '\0' && n >= PHONE_DIGITS_MIN && n <= PHONE_DIGITS_MAX;
}

bool whatsapp_is_user_id(const char *s)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): two capitals come before it */
    if (strspn(s, capitals) != 2 || s[2] != '.') return false;
    s += 3;
    if (strncmp(s, "ENT.", 4) == 0) s += 4;
    size_t n = strspn(s, alphanumerics);
    return s[n] == '\0' && n >= 1 && n <= USER_ID_TAIL_MAX;
}

int contacts_open(struct contacts *c, const json_t *value)
{
    json_t *all = wire_array(value, "contacts"), *contact;
    size_t i;

    *c = (struct contacts){0};
    if (all == NULL) return 0;
    if (json_array_size(all) == 1) c->only = json_array_get(all, 0);
    c->by_name = json_object();
    if (c->by_name == NULL) return -1;
    json_array_foreach(all, i, contact)
    {
        const char *names[] = {wire_string(contact, "wa_id"), wire_string(contact, "user_id")};
        for (size_t k = 0; k < 2; k++)
            if (names[k] != NULL && json_object_set_nocheck(c->by_name, names[k], contact) != 0) return -1;
    }
    return 0;
}

void contacts_close(struct contacts *c)
{
    json_decref(c->by_name);
    *c = (struct contacts){0};
}

static void add_phone(struct batch *b, const char *s, const char **out)
{
    if (s == NULL || *out != NULL) return;
    if (*s == '+') s++;
    if (whatsapp_is_phone(s)) *out = batch_keep(b, s);
}

static void add_user_id(struct batch *b, const char *s, const char **out)
{
    if (s != NULL && *out == NULL && whatsapp_is_user_id(s)) *out = batch_keep(b, s);
}

static bool differ(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) != 0;
}

/* The contact that goes with an item. One that stands alone beside an only item is taken even
 * when the two share no name, as long as they do not name different people. */
static const json_t *contact_of(const struct contacts *c, const struct identity *who, bool alone)
{
    const json_t *found = NULL;

    if (who->phone != NULL) found = json_object_get(c->by_name, who->phone);
    if (found == NULL && who->user_id != NULL) found = json_object_get(c->by_name, who->user_id);
    if (found != NULL || !alone || c->only == NULL) return found;
    if (differ(who->phone, wire_string(c->only, "wa_id"))) return NULL;
    if (differ(who->user_id, wire_string(c->only, "user_id"))) return NULL;
    return c->only;
}

bool identity_read(struct batch *b, const struct contacts *c, const json_t *item,
                   const struct identity_keys *keys, bool alone, struct identity *who)
{
    add_phone(b, wire_string(item, keys->phone), &who->phone);
    add_user_id(b, wire_string(item, keys->user_id), &who->user_id);
    add_user_id(b, wire_string(item, keys->phone), &who->user_id); /* seen by courier */
    add_user_id(b, wire_string(item, keys->parent_id), &who->parent_id);

    const json_t *contact = contact_of(c, who, alone);
    add_phone(b, wire_string(contact, "wa_id"), &who->phone);
    add_user_id(b, wire_string(contact, "user_id"), &who->user_id);
    add_user_id(b, wire_string(contact, "parent_user_id"), &who->parent_id);
    const json_t *profile = wire_object(contact, "profile");
    who->username = batch_line(b, wire_string(profile, "username"), NAME_POINTS_MAX);
    who->name = batch_line(b, wire_string(profile, "name"), NAME_POINTS_MAX);
    return who->phone != NULL || who->user_id != NULL || who->parent_id != NULL;
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool copy_name(const char *s, size_t n, char out[static NAME_BYTES])
{
    if (n >= NAME_BYTES) return false;
    memcpy(out, s, n);
    out[n] = '\0';
    return true;
}

/* The last place of `needle` in `s`, or NULL. */
static const char *find_last(const char *s, const char *needle)
{
    const char *found = NULL;

    for (const char *p = strstr(s, needle); p != NULL; p = strstr(p + 1, needle)) found = p;
    return found;
}

/* "User Ana changed from NL.55512 to NL.888": the spring payloads say only here from what. Read
 * from the end, for a person may call herself "x changed from NL.1 to NL.2"; and what it ends in
 * must be the new name the event gives, if it gives one. */
static void read_body(struct batch *b, const char *body, struct identity *who)
{
    static const char from_words[] = " changed from ", to_words[] = " to ";
    char before[NAME_BYTES], after[NAME_BYTES];

    const char *from = body == NULL ? NULL : find_last(body, from_words);
    if (from == NULL) return;
    from += sizeof from_words - 1;
    const char *to = strstr(from, to_words);
    if (to == NULL) return;
    const char *end = to + sizeof to_words - 1;
    size_t end_n = strlen(end);
    if (end_n > 0 && end[end_n - 1] == '.') end_n--;
    if (!copy_name(from, (size_t)(to - from), before) || !copy_name(end, end_n, after)) return;

    add_user_id(b, after, &who->user_id);
    add_phone(b, after, &who->phone);
    if (!same(after, who->user_id) && !same(after, who->phone)) return;
    add_user_id(b, before, &who->previous_user_id);
    add_phone(b, before, &who->previous_phone);
}

/* Decides the kind once the names are read. */
static void settle(struct batch *b, const json_t *item, struct inbound *in)
{
    struct identity *who = &in->who;

    if (who->previous_phone == NULL && who->previous_user_id == NULL) {
        batch_break(b, in, item, "a change of identity that does not say whose");
        return;
    }
    who->changed = true;
    in->kind = INBOUND_IDENTITY;
}

void identity_change(struct batch *b, const json_t *message, struct inbound *in)
{
    const json_t *event = wire_object(message, "system");
    const char *type = wire_string(event, "type");

    if (type == NULL) {
        batch_break(b, in, message, "a system message without type");
        return;
    }
    if (strcmp(type, "user_changed_number") != 0 && strcmp(type, "user_changed_user_id") != 0) {
        batch_skip(b, in, message, "a system message of a kind that is not served");
        return;
    }
    in->type = strcmp(type, "user_changed_number") == 0 ? "user_changed_number" : "user_changed_user_id";
    in->id = batch_id(b, wire_string(message, "id"));
    add_phone(b, wire_string(message, "from"), &in->who.previous_phone);
    add_user_id(b, wire_string(event, "previous_user_id"), &in->who.previous_user_id);
    add_phone(b, wire_string(event, "wa_id"), &in->who.phone);
    add_user_id(b, wire_string(event, "user_id"), &in->who.user_id);
    add_user_id(b, wire_string(event, "parent_user_id"), &in->who.parent_id);
    if (in->who.previous_user_id == NULL) read_body(b, wire_string(event, "body"), &in->who);
    settle(b, message, in);
}

void identity_update(struct batch *b, const json_t *item, struct inbound *in)
{
    const json_t *user_id = wire_object(item, "user_id");

    in->id = batch_id(b, wire_string(item, "id"));
    if (in->id == NULL) in->id = batch_hash(b, batch_raw(b, item));
    add_user_id(b, wire_string(user_id, "previous"), &in->who.previous_user_id);
    add_user_id(b, wire_string(user_id, "current"), &in->who.user_id);
    add_user_id(b, wire_string(wire_object(item, "parent_user_id"), "current"), &in->who.parent_id);
    add_phone(b, wire_string(item, "wa_id"), &in->who.phone);
    settle(b, item, in);
}

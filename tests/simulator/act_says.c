#include "act_says.h"

#include "err.h"
#include "mailbag.h"
#include "media.h"
#include "phone.h"
#include "view.h"
#include "webhook.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* WhatsApp: a message can be changed for 15 minutes and taken back for two days. */
#define EDIT_MS   (INT64_C(15) * 60 * 1000)
#define REVOKE_MS (INT64_C(2) * 24 * 60 * 60 * 1000)
/* What a person can type in one message. */
enum { TYPED_MAX_BYTES = 65536 * 4 };

static const char *word(const json_t *arguments, const char *key, const char *otherwise)
{
    const char *s = json_string_value(json_object_get(arguments, key));
    return s == NULL ? otherwise : s;
}

struct customer *act_customer(const struct phone *p, const json_t *arguments, struct err *e)
{
    const char *id = word(arguments, "customer", "");
    struct customer *c = world_customer(p->world, id);
    if (c == NULL) err_set(e, "customer '%.40s' is unknown", id);
    return c;
}

struct message *act_message(const struct phone *p, const json_t *arguments, struct err *e)
{
    const json_t *which = json_object_get(arguments, "message");
    struct message *m = json_is_integer(which)  ? world_message(p->world, json_integer_value(which))
                        : json_is_string(which) ? world_message_by_id(p->world, json_string_value(which))
                                                : NULL;
    if (m == NULL) err_set(e, "message: expected the number or the id of a message that is known");
    return m;
}

static json_t *says_text(struct phone *p, const json_t *a, struct err *e)
{
    (void)p;
    const char *text = word(a, "text", "");
    if (*text == '\0' || strlen(text) > TYPED_MAX_BYTES) {
        err_set(e, "text: expected something to say");
        return NULL;
    }
    return json_pack("{s:{s:s}}", "text", "body", text);
}

static json_t *says_voice(struct phone *p, const json_t *a, struct err *e)
{
    (void)a, (void)e;
    json_t *audio = media_new(p, "audio");
    json_object_set_new(audio, "voice", json_true());
    return json_pack("{s:o}", "audio", audio);
}

static json_t *with_caption(json_t *media_object, const char *type, const json_t *a)
{
    const char *caption = word(a, "caption", NULL);
    if (caption != NULL) json_object_set_new(media_object, "caption", json_string(caption));
    return json_pack("{s:o}", type, media_object);
}

static json_t *says_photo(struct phone *p, const json_t *a, struct err *e)
{
    (void)e;
    return with_caption(media_new(p, "image"), "image", a);
}

static json_t *says_video(struct phone *p, const json_t *a, struct err *e)
{
    (void)e;
    return with_caption(media_new(p, "video"), "video", a);
}

static json_t *says_document(struct phone *p, const json_t *a, struct err *e)
{
    (void)e;
    json_t *file = media_new(p, "document");
    json_object_set_new(file, "filename", json_string(word(a, "filename", "offerte.pdf")));
    return with_caption(file, "document", a);
}

static json_t *says_sticker(struct phone *p, const json_t *a, struct err *e)
{
    (void)a, (void)e;
    json_t *sticker = media_new(p, "sticker");
    json_object_set_new(sticker, "animated", json_false());
    return json_pack("{s:o}", "sticker", sticker);
}

static json_t *says_location(struct phone *p, const json_t *a, struct err *e)
{
    (void)p, (void)e;
    const json_t *latitude = json_object_get(a, "latitude"), *longitude = json_object_get(a, "longitude");
    return json_pack("{s:{s:f, s:f, s:s, s:s}}", "location", "latitude",
                     latitude == NULL ? 51.9225 : json_number_value(latitude), "longitude",
                     longitude == NULL ? 4.4792 : json_number_value(longitude), "name",
                     word(a, "name", "De zaak"), "address", word(a, "address", "Coolsingel 40, Rotterdam"));
}

static json_t *says_contact(struct phone *p, const json_t *a, struct err *e)
{
    (void)p, (void)e;
    const char *name = word(a, "name", "Joris de Boekhouder"), *phone = word(a, "phone", "+31 6 10101010");
    return json_pack("{s:[{s:{s:s, s:s}, s:[{s:s, s:s}], s:s}]}", "contacts", "name", "formatted_name", name,
                     "first_name", name, "phones", "phone", phone, "type", "CELL", "origin",
                     word(a, "origin", "other"));
}

static json_t *says_unsupported(struct phone *p, const json_t *a, struct err *e)
{
    (void)p, (void)e;
    return json_pack("{s:[{s:i, s:s, s:s, s:{s:s}}], s:{s:s}}", "errors", "code", 131051, "title",
                     "Message type unknown", "message", "Message type unknown", "error_data", "details",
                     "Message type is currently not supported.", "unsupported", "type",
                     word(a, "kind", "poll_creation"));
}

/* What the page calls it, and what the webhook does. */
static const struct {
    const char *word, *type;
    json_t *(*says)(struct phone *, const json_t *, struct err *);
} kinds[] = {
    {"text", "text", says_text},
    {"voice", "audio", says_voice},
    {"photo", "image", says_photo},
    {"video", "video", says_video},
    {"document", "document", says_document},
    {"sticker", "sticker", says_sticker},
    {"location", "location", says_location},
    {"contact", "contacts", says_contact},
    {"unsupported", "unsupported", says_unsupported},
};

static int finish(struct phone *p, struct customer *c, const char *type, json_t *take_body,
                  const char *reply_to, json_t **out, struct err *e)
{
    const struct message *m = phone_customer_says(p, c, type, take_body, reply_to, e);
    if (m == NULL) return -1;
    *out = view_message(m);
    return 0;
}

int act_send(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct customer *c = act_customer(p, arguments, e);
    const char *kind = word(arguments, "type", "text"), *reply_to = NULL;
    if (c == NULL) return -1;
    if (json_object_get(arguments, "message") != NULL) { /* an answer to it */
        const struct message *quoted = act_message(p, arguments, e);
        if (quoted == NULL) return -1;
        reply_to = quoted->id;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].word, kind) != 0) continue;
        json_t *body = kinds[i].says(p, arguments, e);
        return body == NULL ? -1 : finish(p, c, kinds[i].type, body, reply_to, out, e);
    }
    return err_set(
        e,
        "type '%.40s': expected text, voice, photo, video, document, sticker, location, contact or "
        "unsupported",
        kind);
}

static bool is_choice(const json_t *choice, const char *id, const char *title)
{
    const char *its_id = word(choice, "id", ""), *its_title = word(choice, "title", "");
    return (id != NULL && strcmp(id, its_id) == 0) || (title != NULL && strcmp(title, its_title) == 0);
}

/* The reply that tapping makes, or NULL when this message has no such button or row. */
static json_t *tapped(const struct message *m, const char *id, const char *title)
{
    const json_t *action = json_object_get(json_object_get(m->body, "interactive"), "action"), *one;
    size_t i, j;
    json_array_foreach(json_object_get(action, "buttons"), i, one)
    {
        json_t *reply = json_object_get(one, "reply");
        if (is_choice(reply, id, title))
            return json_pack("{s:{s:s, s:O}}", "interactive", "type", "button_reply", "button_reply", reply);
    }
    const json_t *section;
    json_array_foreach(json_object_get(action, "sections"), i, section)
    {
        json_array_foreach(json_object_get(section, "rows"), j, one)
        {
            if (is_choice(one, id, title))
                return json_pack("{s:{s:s, s:O}}", "interactive", "type", "list_reply", "list_reply", one);
        }
    }
    return NULL;
}

int act_tap(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct customer *c = act_customer(p, arguments, e);
    const char *id = word(arguments, "id", NULL), *title = word(arguments, "title", NULL);
    const struct message *only = NULL;
    if (c == NULL) return -1;
    if (json_object_get(arguments, "message") != NULL && (only = act_message(p, arguments, e)) == NULL)
        return -1;
    for (int64_t n = world_last_n(p->world); n >= p->world->first_n; n--) {
        const struct message *m = world_message(p->world, n);
        if (m->customer != c || !m->from_bot || (only != NULL && m != only)) continue;
        json_t *body = tapped(m, id, title);
        if (body == NULL) continue;
        char from[WAMID_MAX]; /* adding a bubble may move the others */
        memcpy(from, m->id, sizeof from);
        return finish(p, c, "interactive", body, from, out, e);
    }
    return err_set(e, "no message of the bot has a button or row '%.200s'",
                   id != NULL      ? id
                   : title != NULL ? title
                                   : "");
}

int act_react(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct customer *c = act_customer(p, arguments, e);
    struct message *m = c == NULL ? NULL : act_message(p, arguments, e);
    if (m == NULL) return -1;
    if (m->customer != c || !m->from_bot)
        return err_set(e, "a reaction is for a message of the bot in this chat");
    const char *emoji = word(arguments, "emoji", "");
    free(m->emoji);
    m->emoji = *emoji == '\0' ? NULL : strdup(emoji);
    world_message_touch(p->world, m);
    return finish(p, c, "reaction",
                  json_pack("{s:{s:s, s:s}}", "reaction", "message_id", m->id, "emoji", emoji), NULL, out, e);
}

static struct message *own(struct phone *p, const json_t *arguments, int64_t within_ms, struct err *e)
{
    const struct customer *c = act_customer(p, arguments, e);
    struct message *m = c == NULL ? NULL : act_message(p, arguments, e);
    if (m == NULL) return NULL;
    if (m->customer == c && !m->from_bot && !m->revoked && world_now_ms(p->world) - m->at_ms <= within_ms)
        return m;
    err_set(e, "only an own message, and only for a while (edit: 15 minutes, revoke: 2 days)");
    return NULL;
}

int act_edit(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct message *m = own(p, arguments, EDIT_MS, e);
    if (m == NULL) return -1;
    if (strcmp(m->type, "text") != 0) return err_set(e, "only a text can be edited");
    json_t *text = says_text(p, arguments, e);
    if (text == NULL) return -1;
    json_object_update(m->body, text);
    json_decref(text);
    m->edited = true;
    world_message_touch(p->world, m);
    json_t *message = json_pack("{s:s, s:O}", "type", "text", "text", json_object_get(m->body, "text"));
    if (m->reply_to != NULL) json_object_set_new(message, "context", json_pack("{s:s}", "id", m->reply_to));
    json_t *body = json_pack("{s:{s:s, s:o}}", "edit", "original_message_id", m->id, "message", message);
    return finish(p, m->customer, "edit", body, NULL, out, e);
}

int act_revoke(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct message *m = own(p, arguments, REVOKE_MS, e);
    if (m == NULL) return -1;
    m->revoked = true;
    world_message_touch(p->world, m);
    json_t *body = json_pack("{s:{s:s}}", "revoke", "original_message_id", m->id);
    return finish(p, m->customer, "revoke", body, NULL, out, e);
}

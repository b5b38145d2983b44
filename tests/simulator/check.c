#include "check.h"

#include "refusal.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

enum {
    TEXT_MAX = 4096,
    CAPTION_MAX = 1024,
    LINK_MAX = 2000,
    FILE_NAME_MAX = 240,
    MEDIA_ID_MAX = 512,
    NAME_MAX_POINTS = 1024,
    TRACKER_MAX = 512,
    CONTACTS_MAX = 5, /* OpenAPI */
    EMOJI_MAX_POINTS = 16
};

int check_keys(const json_t *object, const char *where, const char *const *allowed, struct refusal *r)
{
    if (!json_is_object(object)) return refuse(r, 100, "Param %s must be a JSON object.", where);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        while (allowed[i] != NULL && strcmp(allowed[i], key) != 0) i++;
        if (allowed[i] == NULL)
            return refuse(r, 100, "Unexpected key \"%.60s\" on param \"%s\".", key, where);
    }
    return 0;
}

int check_text(const json_t *object, const char *where, const char *key, size_t max, bool must,
               struct refusal *r)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL && !must) return 0;
    if (value == NULL) return refuse(r, 131008, "%s['%s'] is required", where, key);
    if (!json_is_string(value)) return refuse(r, 100, "Param %s['%s'] must be a string.", where, key);
    size_t points = utf8_count(json_string_value(value));
    if (points < 1 || points > max)
        return refuse(r, 131009, "%s['%s'] length invalid. Min length: 1, Max length: %zu (got %zu)", where,
                      key, max, points);
    return 0;
}

int check_link(const json_t *object, const char *where, const char *key, struct refusal *r)
{
    if (check_text(object, where, key, LINK_MAX, true, r) != 0) return -1;
    const char *link = json_string_value(json_object_get(object, key));
    if (strncasecmp(link, "http://", 7) == 0 && link[7] != '\0') return 0;
    if (strncasecmp(link, "https://", 8) == 0 && link[8] != '\0') return 0;
    return refuse(r, 131009, "%s['%s'] must be a URL that starts with http:// or https://", where, key);
}

static int check_flag(const json_t *object, const char *where, const char *key, struct refusal *r)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_boolean(value)) return 0;
    return refuse(r, 100, "Param %s['%s'] must be a boolean.", where, key);
}

int check_media(const json_t *object, const char *where, const char *type, struct refusal *r)
{
    static const char *const plain[] = {"id", "link", "caption", NULL};
    static const char *const document[] = {"id", "link", "caption", "filename", NULL};
    static const char *const audio[] = {"id", "link", "voice", NULL};
    static const char *const sticker[] = {"id", "link", NULL};
    const char *const *allowed = strcmp(type, "document") == 0  ? document
                                 : strcmp(type, "audio") == 0   ? audio
                                 : strcmp(type, "sticker") == 0 ? sticker
                                                                : plain;
    if (check_keys(object, where, allowed, r) != 0) return -1;
    if (check_text(object, where, "caption", CAPTION_MAX, false, r) != 0) return -1;
    if (check_text(object, where, "filename", FILE_NAME_MAX, false, r) != 0) return -1;
    if (check_flag(object, where, "voice", r) != 0) return -1;
    const json_t *id = json_object_get(object, "id");
    if (id != NULL && json_object_get(object, "link") != NULL)
        return refuse(r, 131009, "%s: give either id or link, not both", where);
    if (id != NULL) return check_text(object, where, "id", MEDIA_ID_MAX, true, r);
    return check_link(object, where, "link", r);
}

static int text(const json_t *object, struct refusal *r)
{
    static const char *const allowed[] = {"body", "preview_url", NULL};
    if (check_keys(object, "text", allowed, r) != 0) return -1;
    const json_t *body = json_object_get(object, "body");
    if (!json_is_string(body)) return refuse(r, 100, "The parameter text['body'] is required.");
    size_t points = utf8_count(json_string_value(body));
    if (points > TEXT_MAX)
        return refuse(r, 100, "Param text['body'] must be at most %d characters long.", TEXT_MAX);
    if (strspn(json_string_value(body), " \t\r\n") == strlen(json_string_value(body)))
        return refuse(r, 100, "Param text['body'] must not be empty.");
    return check_flag(object, "text", "preview_url", r);
}

static int reaction(const json_t *object, struct refusal *r)
{
    static const char *const allowed[] = {"message_id", "emoji", NULL};
    if (check_keys(object, "reaction", allowed, r) != 0) return -1;
    if (check_text(object, "reaction", "message_id", 512, true, r) != 0) return -1;
    const json_t *emoji = json_object_get(object, "emoji");
    if (!json_is_string(emoji)) return refuse(r, 131008, "reaction['emoji'] is required");
    /* Empty takes the reaction away. No emoji is all ASCII: even the keycap of "1" has more. */
    const char *s = json_string_value(emoji);
    size_t points = utf8_count(s);
    if (points > EMOJI_MAX_POINTS || (points > 0 && points == strlen(s)))
        return refuse(r, 131009, "reaction['emoji'] is not one emoji");
    return 0;
}

static int location(const json_t *object, struct refusal *r)
{
    static const char *const allowed[] = {"latitude", "longitude", "name", "address", NULL};
    if (check_keys(object, "location", allowed, r) != 0) return -1;
    for (size_t i = 0; i < 2; i++) {
        const json_t *value = json_object_get(object, allowed[i]);
        if (value == NULL) return refuse(r, 131008, "location['%s'] is required", allowed[i]);
        double most = i == 0 ? 90 : 180, is = json_number_value(value);
        if (!json_is_number(value) || is > most || is < -most)
            return refuse(r, 131009, "location['%s'] must be a number from -%g to %g", allowed[i], most,
                          most);
    }
    return 0;
}

static int contact(const json_t *one, struct refusal *r)
{
    static const char *const allowed[] = {"addresses", "birthday", "emails", "name",
                                          "org",       "phones",   "urls",   NULL};
    static const char *const names[] = {"formatted_name", "first_name", "last_name", "middle_name",
                                        "suffix",         "prefix",     NULL};
    static const char *const phones[] = {"phone", "type", "wa_id", NULL};
    if (check_keys(one, "contacts[]", allowed, r) != 0) return -1;
    const json_t *name = json_object_get(one, "name"), *list = json_object_get(one, "phones");
    if (name == NULL) return refuse(r, 131008, "contacts[]['name'] is required");
    if (check_keys(name, "contacts[]['name']", names, r) != 0) return -1;
    if (check_text(name, "contacts[]['name']", "formatted_name", NAME_MAX_POINTS, true, r) != 0) return -1;
    /* Meta: besides formatted_name at least one other part of the name. */
    if (json_object_size(name) < 2)
        return refuse(r, 131009, "contacts[]['name'] needs first_name, last_name or another part");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (check_keys(json_array_get(list, i), "contacts[]['phones'][]", phones, r) != 0) return -1;
    return 0;
}

static int contacts(const json_t *list, struct refusal *r)
{
    size_t n = json_array_size(list);
    if (n == 0) return refuse(r, 131008, "contacts must be an array of at least one contact");
    if (n > CONTACTS_MAX) return refuse(r, 131009, "contacts: at most %d in one message", CONTACTS_MAX);
    for (size_t i = 0; i < n; i++)
        if (contact(json_array_get(list, i), r) != 0) return -1;
    return 0;
}

static int image(const json_t *object, struct refusal *r)
{
    return check_media(object, "image", "image", r);
}

static int video(const json_t *object, struct refusal *r)
{
    return check_media(object, "video", "video", r);
}

static int audio(const json_t *object, struct refusal *r)
{
    return check_media(object, "audio", "audio", r);
}

static int document(const json_t *object, struct refusal *r)
{
    return check_media(object, "document", "document", r);
}

static int sticker(const json_t *object, struct refusal *r)
{
    return check_media(object, "sticker", "sticker", r);
}

/* The template itself is looked up in graph.c, where the account's templates are. */
static int template(const json_t *object, struct refusal *r)
{
    static const char *const allowed[] = {"name", "language", "components", NULL};
    if (check_keys(object, "template", allowed, r) != 0) return -1;
    if (check_text(object, "template", "name", 512, true, r) != 0) return -1;
    const json_t *language = json_object_get(object, "language");
    if (language == NULL) return refuse(r, 131008, "template['language'] is required");
    return check_text(language, "template['language']", "code", 16, true, r);
}

static const struct {
    const char *type;
    int (*check)(const json_t *, struct refusal *);
} types[] = {
    {"text", text},         {"interactive", check_interactive},
    {"image", image},       {"video", video},
    {"audio", audio},       {"document", document},
    {"sticker", sticker},   {"contacts", contacts},
    {"reaction", reaction}, {"location", location},
    {"template", template},
};
enum { TYPES = sizeof types / sizeof *types };

static int check_top(const json_t *body, const char *type, struct refusal *r)
{
    const char *allowed[] = {"messaging_product", "recipient_type",           "to", "recipient", "type",
                             "context",           "biz_opaque_callback_data", type, NULL};
    if (check_keys(body, "messages", allowed, r) != 0) return -1;
    const json_t *tracker = json_object_get(body, "biz_opaque_callback_data");
    if (tracker != NULL && !json_is_string(tracker))
        return refuse(r, 100, "Param biz_opaque_callback_data must be a string.");
    if (tracker != NULL && utf8_count(json_string_value(tracker)) > TRACKER_MAX)
        return refuse(r, 100, "Param biz_opaque_callback_data must be at most %d characters long.",
                      TRACKER_MAX);
    const json_t *context = json_object_get(body, "context");
    static const char *const context_keys[] = {"message_id", NULL};
    if (context == NULL) return 0;
    if (check_keys(context, "context", context_keys, r) != 0) return -1;
    return check_text(context, "context", "message_id", 512, true, r);
}

int check_send(const json_t *body, struct refusal *r)
{
    const json_t *given = json_object_get(body, "type");
    if (given != NULL && !json_is_string(given)) return refuse(r, 100, "Param type must be a string.");
    const char *type = given == NULL ? "text" : json_string_value(given); /* Meta's default */
    size_t i = 0;
    while (i < TYPES && strcmp(types[i].type, type) != 0) i++;
    if (i == TYPES)
        return refuse(r, 100,
                      "Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, "
                      "LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO} - got \"%.40s\".",
                      type);
    if (check_top(body, types[i].type, r) != 0) return -1;
    const json_t *content = json_object_get(body, types[i].type);
    if (content == NULL) return refuse(r, 100, "The parameter %s is required.", types[i].type);
    return types[i].check(content, r);
}

#include "check.h"
#include "refusal.h"
#include "utf8.h"

#include <string.h>

enum {
    BODY_MAX = 1024, /* with buttons, a link, a location or a contact request */
    LIST_BODY_MAX = 4096,
    HEADER_MAX = 60,
    FOOTER_MAX = 60,
    BUTTONS_MAX = 3,
    BUTTON_TITLE_MAX = 20,
    BUTTON_ID_MAX = 256,
    SECTIONS_MAX = 10,
    ROWS_MAX = 10, /* of all sections together */
    SECTION_TITLE_MAX = 24,
    ROW_TITLE_MAX = 24,
    ROW_DESCRIPTION_MAX = 72,
    ROW_ID_MAX = 200
};

static bool same(const json_t *object, const char *key, const char *word)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL && strcmp(value, word) == 0;
}

static int check_body(const json_t *interactive, size_t max, struct refusal *r)
{
    static const char *const allowed[] = {"text", NULL};
    const json_t *body = json_object_get(interactive, "body"),
                 *footer = json_object_get(interactive, "footer");
    if (body == NULL) return refuse(r, 131008, "interactive['body'] is required");
    if (check_keys(body, "interactive['body']", allowed, r) != 0) return -1;
    if (check_text(body, "interactive['body']", "text", max, true, r) != 0) return -1;
    if (footer == NULL) return 0;
    if (check_keys(footer, "interactive['footer']", allowed, r) != 0) return -1;
    return check_text(footer, "interactive['footer']", "text", FOOTER_MAX, true, r);
}

static int check_header(const json_t *interactive, bool text_only, struct refusal *r)
{
    const json_t *header = json_object_get(interactive, "header");
    if (header == NULL) return 0;
    const char *type = json_string_value(json_object_get(header, "type"));
    if (type == NULL) return refuse(r, 131008, "interactive['header']['type'] is required");
    const char *allowed[] = {"type", type, NULL};
    if (check_keys(header, "interactive['header']", allowed, r) != 0) return -1;
    if (strcmp(type, "text") == 0)
        return check_text(header, "interactive['header']", "text", HEADER_MAX, true, r);
    bool media = strcmp(type, "image") == 0 || strcmp(type, "video") == 0 || strcmp(type, "document") == 0;
    if (text_only || !media)
        return refuse(r, 131009, "interactive['header']['type'] '%.20s' is not allowed here", type);
    const json_t *file = json_object_get(header, type);
    if (file == NULL) return refuse(r, 131008, "interactive['header']['%s'] is required", type);
    return check_media(file, "interactive['header']", type, r);
}

/* Ids and titles must differ within one message. `i` is compared with what came before it. */
static int check_unique(const json_t *const *seen, size_t n, const json_t *one, const char *key,
                        const char *where, struct refusal *r)
{
    const json_t *value = json_object_get(one, key);
    for (size_t i = 0; i < n; i++)
        if (json_equal(json_object_get(seen[i], key), value))
            return refuse(r, 131009, "Duplicated %s in %s: '%.60s'", key, where, json_string_value(value));
    return 0;
}

static int check_buttons(const json_t *interactive, struct refusal *r)
{
    static const char *const action_keys[] = {"buttons", NULL},
                             *const button_keys[] = {"type", "reply", NULL},
                             *const reply_keys[] = {"id", "title", NULL};
    const char *where = "interactive['action']['buttons'][]['reply']";
    const json_t *action = json_object_get(interactive, "action"),
                 *buttons = json_object_get(action, "buttons");
    if (check_keys(action, "interactive['action']", action_keys, r) != 0) return -1;
    size_t n = json_array_size(buttons);
    if (n < 1 || n > BUTTONS_MAX)
        return refuse(r, 131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: %d",
                      BUTTONS_MAX);
    const json_t *seen[BUTTONS_MAX];
    for (size_t i = 0; i < n; i++) {
        const json_t *button = json_array_get(buttons, i), *reply = json_object_get(button, "reply");
        if (check_keys(button, "interactive['action']['buttons'][]", button_keys, r) != 0) return -1;
        if (!same(button, "type", "reply"))
            return refuse(r, 131009, "interactive['action']['buttons'][]['type'] must be reply");
        if (reply == NULL) return refuse(r, 131008, "%s is required", where);
        if (check_keys(reply, where, reply_keys, r) != 0) return -1;
        if (check_text(reply, where, "id", BUTTON_ID_MAX, true, r) != 0) return -1;
        if (check_text(reply, where, "title", BUTTON_TITLE_MAX, true, r) != 0) return -1;
        const char *id = json_string_value(json_object_get(reply, "id"));
        if (id[0] == ' ' || id[strlen(id) - 1] == ' ')
            return refuse(r, 131009, "%s['id'] must not begin or end with a space", where);
        if (check_unique(seen, i, reply, "id", "buttons", r) != 0) return -1;
        if (check_unique(seen, i, reply, "title", "buttons", r) != 0) return -1;
        seen[i] = reply;
    }
    return 0;
}

static int check_row(const json_t *row, const json_t **seen, size_t *seen_n, struct refusal *r)
{
    static const char *const allowed[] = {"id", "title", "description", NULL};
    const char *where = "interactive['action']['sections'][]['rows'][]";
    if (*seen_n == ROWS_MAX)
        return refuse(r, 131009, "Total row count exceed max allowed count: %d", ROWS_MAX);
    if (check_keys(row, where, allowed, r) != 0) return -1;
    if (check_text(row, where, "id", ROW_ID_MAX, true, r) != 0) return -1;
    if (check_text(row, where, "title", ROW_TITLE_MAX, true, r) != 0) return -1;
    if (check_text(row, where, "description", ROW_DESCRIPTION_MAX, false, r) != 0) return -1;
    if (check_unique(seen, *seen_n, row, "id", "rows", r) != 0) return -1;
    seen[(*seen_n)++] = row;
    return 0;
}

static int check_list(const json_t *interactive, struct refusal *r)
{
    static const char *const action_keys[] = {"button", "sections", NULL}, *const section_keys[] = {
                                                                               "title", "rows", NULL};
    const char *where = "interactive['action']['sections'][]";
    const json_t *action = json_object_get(interactive, "action"),
                 *sections = json_object_get(action, "sections");
    if (check_keys(action, "interactive['action']", action_keys, r) != 0) return -1;
    if (check_text(action, "interactive['action']", "button", BUTTON_TITLE_MAX, true, r) != 0) return -1;
    size_t n = json_array_size(sections), seen_n = 0;
    if (n < 1 || n > SECTIONS_MAX)
        return refuse(r, 131009, "Invalid sections count. Min allowed sections: 1, Max allowed sections: %d",
                      SECTIONS_MAX);
    const json_t *seen[ROWS_MAX];
    for (size_t i = 0; i < n; i++) {
        const json_t *section = json_array_get(sections, i), *rows = json_object_get(section, "rows");
        if (check_keys(section, where, section_keys, r) != 0) return -1;
        if (check_text(section, where, "title", SECTION_TITLE_MAX, n > 1, r) != 0) return -1;
        if (json_array_size(rows) == 0)
            return refuse(r, 131009, "%s['rows'] must have at least one row", where);
        for (size_t j = 0; j < json_array_size(rows); j++)
            if (check_row(json_array_get(rows, j), seen, &seen_n, r) != 0) return -1;
    }
    return 0;
}

static int check_cta_url(const json_t *interactive, struct refusal *r)
{
    static const char *const action_keys[] = {"name", "parameters", NULL};
    static const char *const keys[] = {"display_text", "url", NULL};
    const char *where = "interactive['action']['parameters']";
    const json_t *action = json_object_get(interactive, "action"),
                 *parameters = json_object_get(action, "parameters");
    if (check_keys(action, "interactive['action']", action_keys, r) != 0) return -1;
    if (!same(action, "name", "cta_url"))
        return refuse(r, 131009, "interactive['action']['name'] must be cta_url");
    if (parameters == NULL) return refuse(r, 131008, "%s is required", where);
    if (check_keys(parameters, where, keys, r) != 0) return -1;
    if (check_text(parameters, where, "display_text", BUTTON_TITLE_MAX, true, r) != 0) return -1;
    return check_link(parameters, where, "url", r);
}

static int check_named(const json_t *interactive, const char *name, struct refusal *r)
{
    static const char *const allowed[] = {"name", NULL};
    const json_t *action = json_object_get(interactive, "action");
    if (json_object_get(interactive, "header") != NULL)
        return refuse(r, 100, "Unexpected key \"header\" on param \"interactive\".");
    if (check_keys(action, "interactive['action']", allowed, r) != 0) return -1;
    if (same(action, "name", name)) return 0;
    return refuse(r, 131009, "interactive['action']['name'] must be %s", name);
}

static int check_location_request(const json_t *interactive, struct refusal *r)
{
    return check_named(interactive, "send_location", r);
}

static int check_contact_request(const json_t *interactive, struct refusal *r)
{
    return check_named(interactive, "request_contact_info", r);
}

static const struct {
    const char *type;
    size_t body_max;
    bool text_header_only;
    int (*action)(const json_t *, struct refusal *);
} kinds[] = {
    {"button", BODY_MAX, false, check_buttons},
    {"list", LIST_BODY_MAX, true, check_list},
    {"cta_url", BODY_MAX, false, check_cta_url},
    {"location_request_message", BODY_MAX, true, check_location_request},
    {"request_contact_info", BODY_MAX, true, check_contact_request},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

int check_interactive(const json_t *interactive, struct refusal *r)
{
    static const char *const allowed[] = {"type", "header", "body", "footer", "action", NULL};
    if (check_keys(interactive, "interactive", allowed, r) != 0) return -1;
    const char *type = json_string_value(json_object_get(interactive, "type"));
    if (type == NULL) return refuse(r, 131008, "interactive['type'] is required");
    size_t i = 0;
    while (i < KINDS && strcmp(kinds[i].type, type) != 0) i++;
    if (i == KINDS) return refuse(r, 131009, "interactive['type'] '%.40s' is unknown", type);
    if (check_header(interactive, kinds[i].text_header_only, r) != 0) return -1;
    if (check_body(interactive, kinds[i].body_max, r) != 0) return -1;
    if (json_object_get(interactive, "action") == NULL)
        return refuse(r, 131008, "interactive['action'] is required");
    return kinds[i].action(interactive, r);
}

#include "act_identity.h"

#include "act_says.h"
#include "err.h"
#include "mailbag.h"
#include "phone.h"
#include "view.h"
#include "webhook.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* Who somebody was. */
struct former {
    char *phone, *user_id; /* what the business could see; NULL: nothing */
};

static int former_of(const struct customer *c, struct former *out)
{
    const char *phone = world_seen_phone(c);
    *out = (struct former){.phone = phone == NULL ? NULL : strdup(phone),
                           .user_id = c->user_id == NULL ? NULL : strdup(c->user_id)};
    return (phone != NULL && out->phone == NULL) || (c->user_id != NULL && out->user_id == NULL) ? -1 : 0;
}

static bool flag(const json_t *arguments, const char *key, bool otherwise)
{
    const json_t *value = json_object_get(arguments, key);
    return value == NULL ? otherwise : json_is_true(value);
}

static int check(const json_t *arguments, struct err *e)
{
    static const char *const changes[] = {"phone", "user_id", "username", "hidden"};
    static const char *const flags[] = {"hidden", "silent", "previous"};
    bool any = false;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        any = any || json_object_get(arguments, changes[i]) != NULL;
    if (!any) return err_set(e, "expected phone, user_id, username or hidden");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const json_t *value = json_object_get(arguments, flags[i]);
        if (value != NULL && !json_is_boolean(value))
            return err_set(e, "%s: expected true or false", flags[i]);
    }
    return 0;
}

static int change(struct phone *p, const struct customer *c, const json_t *arguments, struct err *e)
{
    json_t *changed = json_pack("{s:s}", "id", c->id);
    static const char *const keys[] = {"phone", "user_id", "username", "hidden"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(arguments, keys[i]);
        if (value != NULL) json_object_set(changed, keys[i], value);
    }
    int rc = world_customer_put(p->world, changed, NULL, e);
    json_decref(changed);
    return rc;
}

/* A number that may be seen: user_changed_number, from the old one; else user_changed_user_id. Without
 * "previous" the former id stands in the text alone, as in spring 2026. */
static void tell(struct phone *p, const struct customer *c, const struct former *former, bool new_phone,
                 bool previous)
{
    const char *phone = new_phone ? world_seen_phone(c) : NULL;
    const char *was = phone != NULL ? former->phone : former->user_id,
               *is = phone != NULL ? phone : c->user_id;
    json_t *s = json_pack("{s:s, s:o}", "type",
                          phone != NULL ? "user_changed_number" : "user_changed_user_id", "body",
                          json_sprintf("User %s changed from %s to %s", c->name, was == NULL ? "?" : was,
                                       is == NULL ? "?" : is));
    if (phone != NULL) json_object_set_new(s, "wa_id", json_string(phone));
    if (c->user_id != NULL) json_object_set_new(s, "user_id", json_string(c->user_id));
    bool other = former->user_id != NULL && c->user_id != NULL && strcmp(former->user_id, c->user_id) != 0;
    if (other && previous) json_object_set_new(s, "previous_user_id", json_string(former->user_id));
    mailbag_put(p->mailbag, c, webhook_system(p->world, p->options, phone != NULL ? former->phone : NULL, s),
                0, "system");
}

int act_identity(struct phone *p, const json_t *arguments, json_t **out, struct err *e)
{
    struct customer *c = act_customer(p, arguments, e);
    if (c == NULL || check(arguments, e) != 0) return -1;
    bool new_phone = json_is_string(json_object_get(arguments, "phone"));
    bool told = new_phone || json_is_string(json_object_get(arguments, "user_id"));
    struct former former;
    int rc = former_of(c, &former) != 0 ? err_set(e, "out of memory") : change(p, c, arguments, e);
    if (rc == 0) {
        if (told && !flag(arguments, "silent", false))
            tell(p, c, &former, new_phone, flag(arguments, "previous", true));
        *out = view_customer(p->world, c);
    }
    free(former.phone);
    free(former.user_id);
    return rc;
}

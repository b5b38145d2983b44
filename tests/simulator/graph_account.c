#include "graph_account.h"

#include "mailbag.h"
#include "options.h"
#include "phone.h"
#include "refusal.h"
#include "webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *number_all(const struct phone *p)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s}, s:{s:s}, s:b, s:s,"
                     " s:{s:s, s:[{s:s, s:s, s:s}]}}",
                     "id", p->options->phone_number_id, "display_phone_number", p->options->number,
                     "verified_name", "Oefentelefoon", "name_status", "APPROVED", "code_verification_status",
                     "VERIFIED", "quality_rating", "GREEN", "platform_type", "CLOUD_API", "throughput",
                     "level", "STANDARD", "webhook_configuration", "application", mailbag_bot_url(p->mailbag),
                     "is_on_biz_app", 0, "whatsapp_business_manager_messaging_limit", "TIER_250",
                     "health_status", "can_send_message", "AVAILABLE", "entities", "entity_type",
                     "PHONE_NUMBER", "id", p->options->phone_number_id, "can_send_message", "AVAILABLE");
}

/* "fields=a,b": an unknown one fails the whole call, as with Meta. */
static json_t *number_fields(const struct phone *p, const char *query, struct refusal *r)
{
    json_t *all = number_all(p), *some = json_object();
    const char *fields = strstr(query, "fields=");
    fields = fields == NULL ? "id,display_phone_number,verified_name,quality_rating" : fields + 7;
    json_object_set(some, "id", json_object_get(all, "id"));
    while (*fields != '\0' && *fields != '&' && some != NULL) {
        char name[64];
        size_t n = strcspn(fields, ",&");
        snprintf(name, sizeof name, "%.*s", (int)(n < 63 ? n : 63), fields);
        json_t *value = json_object_get(all, name);
        if (value == NULL) {
            refuse(r, 100,
                   "Tried accessing nonexisting field (%s) on node type (WhatsAppBusinessPhoneNumber)", name);
            json_decref(some);
            some = NULL;
            break;
        }
        json_object_set(some, name, value);
        fields += n + (fields[n] == ',');
    }
    json_decref(all);
    return some;
}

static json_t *unknown(const char *node, struct refusal *r)
{
    refuse(r, 100, "%s", "");
    r->subcode = 33;
    r->type = "GraphMethodException";
    snprintf(
        r->message, sizeof r->message,
        "Unsupported get request. Object with ID '%.40s' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        node);
    return NULL;
}

json_t *graph_account(const struct phone *p, const char *node, const char *edge, const char *query,
                      struct refusal *r)
{
    if (strcmp(node, p->options->phone_number_id) == 0 && *edge == '\0') return number_fields(p, query, r);
    if (strcmp(node, ACCOUNT_ID) == 0 && strcmp(edge, "phone_numbers") == 0)
        return json_pack("{s:[o]}", "data", number_fields(p, "", r));
    if (strcmp(node, ACCOUNT_ID) == 0 && strcmp(edge, "subscribed_apps") == 0)
        return json_pack("{s:[{s:{s:s, s:s}}]}", "data", "whatsapp_business_api_data", "id", "10101", "name",
                         "Oefenapp");
    if (strcmp(node, "debug_token") == 0 && *edge == '\0')
        return json_pack("{s:{s:s, s:b, s:i, s:[s,s]}}", "data", "app_id", "10101", "is_valid", 1,
                         "expires_at", 0, "scopes", "whatsapp_business_messaging",
                         "whatsapp_business_management");
    return unknown(node, r);
}

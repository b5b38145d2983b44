#include "refusal.h"

#include <openssl/rand.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Meta, "Error codes" of the Cloud API: code, HTTP status, title. */
static const struct {
    int code, status;
    const char *title;
} known[] = {
    {0, 401, "Authentication error"},
    {100, 400, NULL}, /* the message carries the details themselves */
    {190, 401, NULL},
    {2500, 400, NULL},
    {2635, 400, NULL},
    {131000, 500, "Something went wrong"},
    {131008, 400, "Required parameter is missing"},
    {131009, 400, "Parameter value is not valid"},
    {131021, 400, "Recipient cannot be sender"},
    {131047, 400, "Re-engagement message"},
    {131053, 400, "Media upload error"},
    {131056, 429, "(Business Account, Consumer Account) pair rate limit hit"},
    {132000, 400, "Number of parameters does not match the expected number of params"},
    {132001, 404, "Template name does not exist in the translation"},
    {132012, 400, "Parameter format does not match format in the created template"},
};

int refuse(struct refusal *r, int code, const char *details, ...)
{
    const char *title = NULL;
    *r = (struct refusal){.status = 400, .code = code, .type = "OAuthException"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].code != code) continue;
        r->status = known[i].status;
        title = known[i].title;
    }
    va_list ap;
    va_start(ap, details);
    vsnprintf(r->details, sizeof r->details, details, ap);
    va_end(ap);
    if (title != NULL) {
        snprintf(r->message, sizeof r->message, "(#%d) %s", code, title);
    } else if (code == 190) {
        snprintf(r->message, sizeof r->message, "%s", r->details);
        r->details[0] = '\0';
    } else {
        snprintf(r->message, sizeof r->message, "(#%d) %s", code, r->details);
    }
    return -1;
}

json_t *refusal_json(const struct refusal *r)
{
    unsigned char raw[8] = {0};
    char trace[20] = "A";
    if (RAND_bytes(raw, sizeof raw) == 1)
        for (size_t i = 0; i < sizeof raw; i++) snprintf(trace + 1 + 2 * i, 3, "%02x", raw[i]);
    json_t *error = json_pack("{s:s, s:s, s:i}", "message", r->message, "type", r->type, "code", r->code);
    if (r->transient) json_object_set_new(error, "is_transient", json_true());
    if (r->subcode != 0) json_object_set_new(error, "error_subcode", json_integer(r->subcode));
    if (r->details[0] != '\0')
        json_object_set_new(error, "error_data",
                            json_pack("{s:s, s:s}", "messaging_product", "whatsapp", "details", r->details));
    json_object_set_new(error, "fbtrace_id", json_string(trace));
    return json_pack("{s:o}", "error", error);
}

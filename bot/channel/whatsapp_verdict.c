#include "whatsapp_parts.h"

#include "arena.h"
#include "wire.h"

/* Meta, "Error codes", and what courier and pywa make of them. Branch on the code: the HTTP
 * status beside it varies by source. Where the whole account is concerned the queue halts, so
 * that no reply is lost for a token or a bill; where one message or template is, that dies. */
static const struct whatsapp_error errors[] = {
    {0, 0, SEND_HALT, "token invalid"},
    {1, 1, SEND_LATER, "unknown trouble at the platform"},
    {2, 2, SEND_LATER, "service down"},
    {3, 3, SEND_HALT, "app lacks a capability"},
    {4, 4, SEND_SLOW, "call limit of the app"},
    {10, 10, SEND_HALT, "permission missing"},
    {33, 33, SEND_HALT, "unknown phone number id"},
    {100, 100, SEND_NEVER, "bad or unsupported parameter"},
    {190, 190, SEND_HALT, "token expired or withdrawn"},
    {200, 299, SEND_HALT, "permission missing"},
    {368, 368, SEND_HALT, "account restricted for policy"},
    {80007, 80007, SEND_SLOW, "call limit of the account"},
    {130429, 130429, SEND_SLOW, "throughput reached"},
    {130472, 130472, SEND_NEVER, "person is in a marketing experiment"},
    {130497, 130497, SEND_CHAT_CLOSED, "country of the person is restricted"},
    {131000, 131000, SEND_LATER, "unknown trouble at the platform"},
    {131005, 131005, SEND_HALT, "access denied"},
    {131008, 131008, SEND_NEVER, "required value missing"},
    {131009, 131009, SEND_NEVER, "value invalid"},
    {131016, 131016, SEND_LATER, "service unavailable"},
    {131021, 131021, SEND_NEVER, "sender and recipient are the same"},
    {131026, 131026, SEND_CHAT_CLOSED, "person cannot be reached on WhatsApp"},
    {131030, 131030, SEND_NEVER, "person is not on the list of the test number"},
    {131031, 131031, SEND_HALT, "account locked"},
    {131037, 131037, SEND_HALT, "display name not approved"},
    {131042, 131042, SEND_HALT, "payment problem"},
    {131045, 131045, SEND_HALT, "certificate of the number is wrong: register it"},
    {131047, 131047, SEND_CHAT_CLOSED, "24-hour window is closed"},
    {131048, 131048, SEND_SLOW, "spam limit of the number"},
    {131049, 131049, SEND_NEVER, "marketing message withheld"},
    {131050, 131050, SEND_NEVER, "person stopped marketing messages"},
    {131051, 131051, SEND_NEVER, "type of message not supported"},
    {131052, 131052, SEND_NEVER, "media of the person cannot be fetched"},
    {131053, 131053, SEND_LATER, "media bad or link unreachable"},
    {131056, 131056, SEND_PACE, "pair limit: too much to this person"},
    {131057, 131057, SEND_LATER, "maintenance of the account"},
    {131060, 131060, SEND_NEVER, "message unavailable"},
    {131062, 131062, SEND_NEVER, "needs a phone number, a user id will not do"},
    {131063, 131063, SEND_NEVER, "marketing messages are switched off"},
    {131064, 131064, SEND_NEVER, "limit of template classification"},
    {132000, 132000, SEND_NEVER, "template: number of parameters"},
    {132001, 132001, SEND_NEVER, "template missing or not approved"},
    {132005, 132005, SEND_NEVER, "template: text too long"},
    {132007, 132007, SEND_NEVER, "template against policy"},
    {132008, 132008, SEND_NEVER, "template: value of a parameter"},
    {132012, 132012, SEND_NEVER, "template: format of a parameter"},
    {132015, 132015, SEND_NEVER, "template paused"},
    {132016, 132016, SEND_NEVER, "template disabled"},
    {132068, 132068, SEND_NEVER, "flow blocked"},
    {132069, 132069, SEND_LATER, "flow throttled"},
    {133004, 133004, SEND_LATER, "server unavailable"},
    {133005, 133006, SEND_HALT, "PIN of the number: verify it again"},
    {133008, 133009, SEND_HALT, "PIN of the number: guessed too often"},
    {133010, 133010, SEND_HALT, "number not registered"},
    {133016, 133016, SEND_SLOW, "number registered too often: wait days"},
    {135000, 135000, SEND_NEVER, "unspecified fault in the message"},
    {137000, 137000, SEND_NEVER, "identity key of the person differs"},
    {138000, 139999, SEND_NEVER, "calling or flow fault"},
    {147000, 147999, SEND_NEVER, "username fault"},
    {2388000, 2388999, SEND_NEVER, "template creation or number migration"},
};

/* Without a code of Meta's something in between answered, or a code is new. */
static const struct whatsapp_error http_answers[] = {
    {300, 399, SEND_HALT, "redirected: is the base address right?"},
    {401, 401, SEND_HALT, "token refused"},
    {403, 403, SEND_HALT, "access refused"},
    {404, 404, SEND_HALT, "nothing there: are base address, version and number id right?"},
    {408, 408, SEND_LATER, "request timed out"},
    {429, 429, SEND_SLOW, "too many requests"},
    {400, 499, SEND_NEVER, "request refused"},
    /* The gateway passed it on and heard nothing back: it may have gone. */
    {504, 504, SEND_UNKNOWN, "gateway timed out"},
    {500, 599, SEND_LATER, "server trouble"},
};

enum { CODE_PARAMETER = 100, SUBCODE_UNKNOWN_OBJECT = 33 };

static const struct whatsapp_error *find(const struct whatsapp_error *table, size_t n, int code)
{
    for (size_t i = 0; i < n; i++)
        if (code >= table[i].from && code <= table[i].to) return &table[i];
    return NULL;
}

const struct whatsapp_error *whatsapp_error_find(int code)
{
    return find(errors, sizeof errors / sizeof *errors, code);
}

const struct whatsapp_error *whatsapp_errors(size_t *n)
{
    *n = sizeof errors / sizeof *errors;
    return errors;
}

static struct verdict of_row(const struct whatsapp_error *row, int code)
{
    return (struct verdict){.kind = row->kind, .code = code, .detail = row->words};
}

static struct verdict of_http(int http_status)
{
    const struct whatsapp_error *row =
        find(http_answers, sizeof http_answers / sizeof *http_answers, http_status);

    if (row != NULL) return of_row(row, http_status);
    return (struct verdict){.kind = SEND_UNKNOWN, .code = http_status, .detail = "no answer to go by"};
}

static struct verdict of_error(const json_t *error, int code, int http_status)
{
    const struct whatsapp_error *row = whatsapp_error_find(code);
    struct verdict v;
    int subcode = 0;

    if (code == CODE_PARAMETER && wire_int(error, "error_subcode", &subcode) &&
        subcode == SUBCODE_UNKNOWN_OBJECT)
        row = whatsapp_error_find(SUBCODE_UNKNOWN_OBJECT);
    if (row != NULL) {
        v = of_row(row, code);
    } else {
        v = of_http(http_status);
        v.code = code;
        v.detail = "code of no list";
        /* An error never arrived as a message, whatever HTTP said. */
        if (v.kind == SEND_UNKNOWN && http_status < 500) v.kind = SEND_NEVER;
    }
    return v;
}

static struct verdict of_success(const json_t *tree, int http_status, struct arena *a)
{
    const char *id = wire_string(json_array_get(wire_array(tree, "messages"), 0), "id");
    struct verdict v = {.kind = SEND_UNKNOWN, .code = http_status, .detail = "accepted without an id"};

    if (id == NULL || *id == '\0') return v;
    v.message_id = arena_strdup(a, id);
    if (v.message_id == NULL) return v; /* its status will tell us */
    v.kind = SEND_OK;
    v.detail = NULL;
    return v;
}

struct verdict whatsapp_verdict(int http_status, const char *body, size_t n, struct arena *a)
{
    struct verdict v = of_http(http_status);
    int code;

    if (http_status == 0 || body == NULL || n == 0) return v;
    json_t *tree = wire_load(body, n, NULL);
    const json_t *error = wire_object(tree, "error");
    if (error != NULL && wire_int(error, "code", &code))
        v = of_error(error, code, http_status);
    else if (http_status >= 200 && http_status <= 299)
        v = of_success(tree, http_status, a);
    if (v.kind == SEND_NEVER && wire_true(error, "is_transient")) v.kind = SEND_LATER;
    json_decref(tree);
    return v;
}

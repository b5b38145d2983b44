#include "whatsapp_notice.h"

#include <string.h>

#include "arena.h"
#include "batch.h"
#include "channel.h"
#include "whatsapp_parts.h"
#include "wire.h"

static const char *const noticed[] = {
    "account_update",
    "account_alerts",
    "account_review_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "business_capability_update",
    "message_template_status_update",
    "security",
    /* Meta's Business Agent has taken conversations over: `messages` falls silent. */
    "standby",
    "messaging_handovers",
};

/* Where the fields above say what happened. Only single words are taken over. */
static const struct {
    const char *object; /* NULL: in the value itself */
    const char *key;
} events[] = {
    {NULL, "event"},
    {NULL, "decision"},
    {NULL, "alert_type"},
    {NULL, "alert_severity"},
    {NULL, "alert_status"},
    {"alert_info", "alert_type"},
    {"alert_info", "alert_severity"},
    {"alert_info", "alert_status"},
    {"disconnection_info", "reason"},
    {"ban_info", "waba_ban_state"},
    {"violation_info", "violation_type"},
    {NULL, "current_limit"},
    {NULL, "reason"},
};

static bool is_noticed(const char *field)
{
    for (size_t i = 0; i < sizeof noticed / sizeof *noticed; i++)
        if (strcmp(field, noticed[i]) == 0) return true;
    return false;
}

/* "account_update event=PARTNER_REMOVED reason=PRIMARY_INACTIVITY" */
static const char *describe(struct batch *b, const char *field, const json_t *value)
{
    const char *line = arena_strdup(b->arena, field);

    for (size_t i = 0; i < sizeof events / sizeof *events && line != NULL; i++) {
        const json_t *object = events[i].object == NULL ? value : wire_object(value, events[i].object);
        const char *word = batch_word(b, wire_string(object, events[i].key));
        if (word != NULL) line = arena_printf(b->arena, "%s %s=%s", line, events[i].key, word);
    }
    if (line == NULL) b->failed = true;
    return line;
}

static const char *hash_at(struct batch *b, const char *field, int64_t when, const json_t *item)
{
    const char *raw = batch_raw(b, item);
    const char *text = raw == NULL ? NULL : arena_printf(b->arena, "%lld %s %s", (long long)when, field, raw);

    if (text == NULL) b->failed = true;
    return batch_hash(b, text);
}

void notice_read(struct batch *b, const char *field, int64_t when, const json_t *value, struct inbound *in)
{
    if (!is_noticed(field)) {
        batch_skip(b, in, value, "a field that is not served");
        return;
    }
    in->kind = INBOUND_NOTICE;
    in->reason = describe(b, field, value);
    in->id = hash_at(b, field, when, value);
}

void notice_error(struct batch *b, const char *field, int64_t when, const json_t *error, struct inbound *in)
{
    int code = 0;

    if (!wire_int(error, "code", &code)) {
        batch_break(b, in, error, "an error without code");
        return;
    }
    const struct whatsapp_error *row = whatsapp_error_find(code);
    in->kind = INBOUND_NOTICE;
    in->reason = arena_printf(b->arena, "%s: error %d, %s", field, code,
                              row == NULL ? "a code of no list" : row->words);
    in->id = hash_at(b, field, when, error);
    if (in->reason == NULL) b->failed = true;
}

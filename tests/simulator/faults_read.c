#include "err.h"
#include "faults_inside.h"

#include <stdlib.h>
#include <string.h>

/* Without word from the tester. */
enum { SEED_USUAL = 1, HANG_USUAL_MS = 3000, LATE_USUAL_MS = 1500 };
/* A hang that outlasts any patience, and a status that comes when nobody remembers. */
#define HANG_MAX_MS (INT64_C(10) * 60 * 1000)
#define LATE_MAX_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

static int take_number(const json_t *value, const char *name, int64_t least, int64_t most, int64_t *out,
                       struct err *e)
{
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
        return err_set(e, "%s: expected a whole number, %lld to %lld", name, (long long)least,
                       (long long)most);
    *out = json_integer_value(value);
    return 0;
}

static int unknown_kind(const char *where, const char *key, enum fault_stream stream, struct err *e)
{
    char known[160] = "";
    size_t n = 0;
    for (int i = FAULT_NONE + 1; i < FAULTS_N; i++)
        if (fault_kinds[i].stream == stream && n < sizeof known)
            n += (size_t)snprintf(known + n, sizeof known - n, " %s", fault_kinds[i].name);
    return err_set(e, "%s.%.40s: unknown; expected one of%s", where, key, known);
}

static int take_percents(const json_t *value, enum fault_stream stream, struct fault_plan *out, struct err *e)
{
    const char *key, *name = fault_stream_name[stream];
    json_t *percent;
    double sum = 0;
    if (!json_is_object(value)) return err_set(e, "%s: expected an object of percentages", name);
    json_object_foreach((json_t *)value, key, percent)
    {
        enum fault kind = fault_find(stream, key);
        if (kind == FAULT_NONE) return unknown_kind(name, key, stream, e);
        double n = json_number_value(percent);
        if (!json_is_number(percent) || n < 0 || n > 100)
            return err_set(e, "%s.%s: expected a percentage, 0 to 100", name, key);
        out->percent[kind] = n;
        sum += n;
    }
    /* An event meets one fault at most, so they share the hundred. */
    if (sum > 100) return err_set(e, "%s: expected percentages of 100 together at most", name);
    return 0;
}

/* The kind that an entry of "next" names, under "send", "status" or "webhook". */
static int take_kind(const json_t *entry, const char *where, struct scripted *out, struct err *e)
{
    int named = 0;
    for (int i = 0; i < STREAMS; i++) {
        const json_t *value = json_object_get(entry, fault_script_key[i]);
        if (value == NULL) continue;
        const char *word = json_is_string(value) ? json_string_value(value) : "";
        out->kind = fault_find((enum fault_stream)i, word);
        if (out->kind == FAULT_NONE)
            return err_set(e, "%s.%s '%.40s': expected a kind of %s", where, fault_script_key[i], word,
                           fault_stream_name[i]);
        named++;
    }
    return named == 1 ? 0 : err_set(e, "%s: expected one of send, status and webhook", where);
}

static int take_member(const char *where, const char *key, const json_t *value, struct scripted *out,
                       struct err *e)
{
    for (int i = 0; i < STREAMS; i++)
        if (strcmp(key, fault_script_key[i]) == 0) return 0; /* take_kind() saw it */
    if (strcmp(key, "customer") == 0) {
        if (!json_is_string(value) || json_string_length(value) == 0 ||
            json_string_length(value) >= sizeof out->customer)
            return err_set(e, "%s.customer: expected the id of a customer", where);
        memcpy(out->customer, json_string_value(value), json_string_length(value) + 1);
    } else if (strcmp(key, "times") == 0) {
        int64_t times = 0;
        char name[80];
        snprintf(name, sizeof name, "%s.times", where);
        if (take_number(value, name, 1, TIMES_MAX, &times, e) != 0) return -1;
        out->times = (int)times;
    } else if (strcmp(key, "media") == 0) {
        if (!json_is_boolean(value)) return err_set(e, "%s.media: expected true or false", where);
        out->media = json_is_true(value);
    } else if (strcmp(key, "until") == 0) {
        const char *word = json_is_string(value) ? json_string_value(value) : "";
        if (strcmp(word, "release") != 0) return err_set(e, "%s.until: expected release", where);
        out->until_release = true;
    } else {
        return err_set(e, "%s.%.40s: unknown; expected send, status, webhook, customer, times, until, media",
                       where, key);
    }
    return 0;
}

static int take_entry(const json_t *entry, size_t i, struct scripted *out, struct err *e)
{
    char where[32];
    const char *key;
    json_t *value;
    snprintf(where, sizeof where, "next[%zu]", i);
    *out = (struct scripted){.times = 1};
    if (!json_is_object(entry)) return err_set(e, "%s: expected an object", where);
    if (take_kind(entry, where, out, e) != 0) return -1;
    json_object_foreach((json_t *)entry, key, value)
    {
        if (take_member(where, key, value, out, e) != 0) return -1;
    }
    if (out->until_release && out->kind != FAULT_HANG)
        return err_set(e, "%s.until: expected only with a hang", where);
    if (!out->media) return 0;
    if (fault_kinds[out->kind].stream != STREAM_SENDS || out->kind == FAULT_FAIL_LATER)
        return err_set(e, "%s.media: expected with a kind of sends other than fail_later", where);
    if (out->customer[0] != '\0')
        return err_set(e, "%s.customer: expected none with media, which is nobody's", where);
    return 0;
}

static int take_next(const json_t *list, struct fault_plan *out, struct err *e)
{
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n > SCRIPT_MAX)
        return err_set(e, "next: expected a list of %d at most", SCRIPT_MAX);
    out->next = calloc(n + 1, sizeof *out->next);
    if (out->next == NULL) return err_set(e, "out of memory");
    out->next_n = n;
    for (size_t i = 0; i < n; i++)
        if (take_entry(json_array_get(list, i), i, &out->next[i], e) != 0) return -1;
    return 0;
}

static int take(const char *key, const json_t *value, struct fault_plan *out, struct err *e)
{
    for (int i = 0; i < STREAMS; i++)
        if (strcmp(key, fault_stream_name[i]) == 0) return take_percents(value, (enum fault_stream)i, out, e);
    if (strcmp(key, "next") == 0) return take_next(value, out, e);
    if (strcmp(key, "hang_ms") == 0) return take_number(value, key, 0, HANG_MAX_MS, &out->hang_ms, e);
    if (strcmp(key, "late_ms") == 0) return take_number(value, key, 0, LATE_MAX_MS, &out->late_ms, e);
    if (strcmp(key, "seed") == 0) {
        int64_t seed = 0;
        if (take_number(value, key, 0, INT64_MAX, &seed, e) != 0) return -1;
        out->seed = (uint64_t)seed;
        return 0;
    }
    return err_set(e, "%.40s: unknown; expected seed, sends, statuses, webhooks, hang_ms, late_ms or next",
                   key);
}

int fault_plan_read(const json_t *json, struct fault_plan *out, struct err *e)
{
    const char *key;
    json_t *value;
    *out = (struct fault_plan){.seed = SEED_USUAL, .hang_ms = HANG_USUAL_MS, .late_ms = LATE_USUAL_MS};
    if (!json_is_object(json)) return err_set(e, "faults: expected a JSON object");
    json_object_foreach((json_t *)json, key, value)
    {
        if (take(key, value, out, e) == 0) continue;
        free(out->next);
        out->next = NULL;
        return -1;
    }
    return 0;
}

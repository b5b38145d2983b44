#include "faults.h"

#include "err.h"
#include "faults_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fault_stream_name[STREAMS] = {
    [STREAM_SENDS] = "sends", [STREAM_STATUSES] = "statuses", [STREAM_WEBHOOKS] = "webhooks"};
const char *const fault_script_key[STREAMS] = {
    [STREAM_SENDS] = "send", [STREAM_STATUSES] = "status", [STREAM_WEBHOOKS] = "webhook"};

const struct fault_kind fault_kinds[FAULTS_N] = {
    [FAULT_NONE] = {STREAMS, "", ""},
    [FAULT_500] = {STREAM_SENDS, "500", "500"},
    [FAULT_429] = {STREAM_SENDS, "429", "429"},
    [FAULT_130429] = {STREAM_SENDS, "130429", "130429"},
    [FAULT_131056] = {STREAM_SENDS, "131056", "131056"},
    [FAULT_131000] = {STREAM_SENDS, "131000", "131000"},
    [FAULT_RESET_BEFORE] = {STREAM_SENDS, "reset_before", "reset_before"},
    [FAULT_HANG] = {STREAM_SENDS, "hang", "hang"},
    [FAULT_RESET_AFTER] = {STREAM_SENDS, "reset_after", "reset_after"},
    [FAULT_FAIL_LATER] = {STREAM_SENDS, "fail_later", "fail_later"},
    [FAULT_BEFORE_ANSWER] = {STREAM_STATUSES, "before_answer", "before_answer_status"},
    [FAULT_REORDERED] = {STREAM_STATUSES, "reordered", "reordered_status"},
    [FAULT_READ_ONLY] = {STREAM_STATUSES, "read_only", "read_only_status"},
    [FAULT_LATE] = {STREAM_STATUSES, "late", "late_status"},
    [FAULT_LOST] = {STREAM_STATUSES, "lost", "lost_status"},
    [FAULT_DUPLICATE] = {STREAM_WEBHOOKS, "duplicate", "duplicate"},
    [FAULT_DUPLICATE_LATE] = {STREAM_WEBHOOKS, "duplicate_late", "duplicate_late"},
    [FAULT_BATCH] = {STREAM_WEBHOOKS, "batch", "batch"},
    [FAULT_DELAY] = {STREAM_WEBHOOKS, "delay", "delay"},
    [FAULT_REORDER] = {STREAM_WEBHOOKS, "reorder", "reorder"},
};

struct faults {
    struct fault_plan plan;
    uint64_t state[STREAMS];
    int64_t done[FAULTS_N];
    json_t *set; /* as it was given */
};

struct faults *faults_new(void)
{
    struct faults *f = calloc(1, sizeof *f);
    json_t *nothing = json_object();
    if (f != NULL && nothing != NULL && faults_set(f, nothing, NULL) != 0) {
        faults_free(f);
        f = NULL;
    }
    json_decref(nothing);
    return f;
}

void faults_free(struct faults *f)
{
    if (f == NULL) return;
    free(f->plan.next);
    json_decref(f->set);
    free(f);
}

/* splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). */
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Streams of one seed must not run side by side: each starts at a number drawn for it. */
static void begin(struct faults *f)
{
    uint64_t state = f->plan.seed;
    for (int i = 0; i < STREAMS; i++) f->state[i] = next_number(&state);
}

int faults_set(struct faults *f, const json_t *json, struct err *e)
{
    struct fault_plan plan;
    if (fault_plan_read(json, &plan, e) != 0) return -1;
    json_t *copy = json_deep_copy(json);
    if (copy == NULL) {
        free(plan.next);
        return err_set(e, "out of memory");
    }
    free(f->plan.next);
    json_decref(f->set);
    f->plan = plan;
    f->set = copy;
    begin(f);
    return 0;
}

int faults_read(struct faults *f, const char *text, struct err *e)
{
    json_error_t why;
    json_t *json = *text == '@' ? json_load_file(text + 1, JSON_REJECT_DUPLICATES, &why)
                                : json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL) return err_set(e, "%.80s: expected a JSON object: %s", text, why.text);
    int rc = faults_set(f, json, e);
    json_decref(json);
    return rc;
}

enum fault fault_find(enum fault_stream stream, const char *name)
{
    for (int i = FAULT_NONE + 1; i < FAULTS_N; i++)
        if (fault_kinds[i].stream == stream && strcmp(fault_kinds[i].name, name) == 0) return (enum fault)i;
    return FAULT_NONE;
}

/* The first scripted fault for this event, used up by one. */
static enum fault scripted(struct faults *f, enum fault_stream stream, const char *customer, bool media,
                           bool *until_release)
{
    for (size_t i = 0; i < f->plan.next_n; i++) {
        struct scripted *s = &f->plan.next[i];
        if (s->times == 0 || fault_kinds[s->kind].stream != stream || s->media != media) continue;
        if (s->customer[0] != '\0' && strcmp(s->customer, customer) != 0) continue;
        s->times--;
        if (until_release != NULL) *until_release = s->until_release;
        return s->kind;
    }
    return FAULT_NONE;
}

enum fault faults_draw(struct faults *f, enum fault_stream stream, const char *customer, bool *until_release)
{
    if (until_release != NULL) *until_release = false;
    /* 53 bits: every value a double can hold in [0, 1) evenly. */
    double drawn = (double)(next_number(&f->state[stream]) >> 11) * 0x1p-53 * 100.0;
    enum fault kind = scripted(f, stream, customer, false, until_release);
    if (kind != FAULT_NONE) return kind;
    for (int i = FAULT_NONE + 1; i < FAULTS_N; i++) {
        if (fault_kinds[i].stream != stream) continue;
        if (drawn < f->plan.percent[i]) return (enum fault)i;
        drawn -= f->plan.percent[i];
    }
    return FAULT_NONE;
}

enum fault faults_draw_media(struct faults *f, bool *until_release)
{
    *until_release = false;
    return scripted(f, STREAM_SENDS, "", true, until_release);
}

void faults_count(struct faults *f, enum fault kind)
{
    f->done[kind]++;
}

int64_t faults_hang_ms(const struct faults *f)
{
    return f->plan.hang_ms;
}

int64_t faults_late_ms(const struct faults *f)
{
    return f->plan.late_ms;
}

static json_t *still_to_come(const struct faults *f)
{
    json_t *list = json_array();
    const json_t *given = json_object_get(f->set, "next");
    for (size_t i = 0; i < f->plan.next_n; i++) {
        if (f->plan.next[i].times == 0) continue;
        json_t *one = json_copy(json_array_get(given, i));
        json_object_set_new(one, "times", json_integer(f->plan.next[i].times));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *faults_json(const struct faults *f)
{
    json_t *set = json_copy(f->set), *done = json_object();
    if (json_object_get(set, "next") != NULL) json_object_set_new(set, "next", still_to_come(f));
    for (int i = FAULT_NONE + 1; i < FAULTS_N; i++) {
        char name[40];
        snprintf(name, sizeof name, "%s.%s", fault_stream_name[fault_kinds[i].stream], fault_kinds[i].name);
        if (f->done[i] > 0) json_object_set_new(done, name, json_integer(f->done[i]));
    }
    return json_pack("{s:o, s:o}", "set", set, "done", done);
}

json_t *fault_record(uint32_t bits)
{
    json_t *list = json_array();
    for (int i = FAULT_NONE + 1; i < FAULTS_N; i++)
        if ((bits & 1u << i) != 0) json_array_append_new(list, json_string(fault_kinds[i].record));
    return list;
}

_Static_assert(FAULTS_N <= 32, "a set of faults is 32 bits");

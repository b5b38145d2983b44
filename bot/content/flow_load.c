#include <limits.h>
#include <string.h>

#include "arena.h"
#include "faults.h"
#include "flow_in.h"
#include "parts.h"

/* Points of all questions together stay below it; so do the numbers in a rule. */
enum { RANGE_MAX = FLOW_POINTS_MAX * FLOW_QUESTIONS_MAX };

int flow_in_target(struct flow_in *fi, const char *where, json_t *o, const char *key, enum json_need need)
{
    const char *id = json_in_string(&fi->in, where, o, key, need);

    if (id == NULL) return -1;
    int state = flow_state_find(fi->flow, id);
    if (state < 0) faults_add(fi->in.faults, "%s: target '%s' does not exist", where, id);
    return state;
}

struct range flow_in_range(struct flow_in *fi, const char *where, json_t *o, const char *key)
{
    const struct range any = {0, INT_MAX};
    json_t *v = json_in_get(&fi->in, where, o, key, JSON_ARRAY, JSON_MAY);

    if (v == NULL) return any;
    json_t *from = json_array_get(v, 0), *to = json_array_get(v, 1);
    if (json_array_size(v) == 2 && json_is_integer(from) && json_is_integer(to) &&
        json_integer_value(from) >= 0 && json_integer_value(from) <= json_integer_value(to) &&
        json_integer_value(to) <= RANGE_MAX)
        return (struct range){(int)json_integer_value(from), (int)json_integer_value(to)};
    faults_add(fi->in.faults, "%s: '%s': malformed range, expected [from, to] with 0 <= from <= to <= %d",
               where, key, (int)RANGE_MAX);
    return any;
}

static int entry(struct flow_in *fi, json_t *root, const char *key, enum state_kind want)
{
    int state = flow_in_target(fi, fi->in.file, root, key, JSON_MUST);

    if (state < 0) return -1;
    const struct flow_state *s = &fi->flow->state[state];
    /* Questions may begin with a word or a choice of road; a menu stands by itself. */
    bool fits = want == STATE_MENU ? s->kind == STATE_MENU : s->kind != STATE_MENU && s->kind != STATE_ADVISE;
    if (!fits)
        faults_add(fi->in.faults, "%s: '%s': state '%s' is of kind %s, expected %s", fi->in.file, key, s->id,
                   state_kind_name(s->kind), want == STATE_MENU ? "menu" : "ask, say or branch");
    return state;
}

/* Without it nobody could start: the welcome's button and the words for it lead there. */
static void need_begin(struct flow_in *fi)
{
    for (size_t i = 0; i < fi->flow->command_n; i++)
        if (fi->flow->command[i].verb == VERB_BEGIN) return;
    faults_add(fi->in.faults, "%s: no command with \"do\": \"begin\"", fi->in.file);
}

static void read_flow(struct flow_in *fi, json_t *root)
{
    static const char *const keys[] = {"$schema", "id",       "version", "welcome", "begin",
                                       "states",  "outcomes", "caution", "topics",  "commands"};
    struct flow *f = fi->flow;
    const char *file = fi->in.file;
    json_t *states = json_in_get(&fi->in, file, root, "states", JSON_OBJECT, JSON_MUST);
    json_t *outcomes = json_in_get(&fi->in, file, root, "outcomes", JSON_ARRAY, JSON_MUST);
    json_t *caution = json_in_get(&fi->in, file, root, "caution", JSON_ARRAY, JSON_MAY);
    json_t *topics = json_in_get(&fi->in, file, root, "topics", JSON_ARRAY, JSON_MAY);
    json_t *commands = json_in_get(&fi->in, file, root, "commands", JSON_OBJECT, JSON_MUST);

    json_in_keys(&fi->in, file, root, keys, sizeof keys / sizeof *keys);
    f->id = json_in_string(&fi->in, file, root, "id", JSON_MUST);
    if (f->id != NULL) (void)json_in_id(&fi->in, file, f->id);
    f->version = json_in_int(&fi->in, file, root, "version", JSON_MUST, 1, INT_MAX, 1);

    if (states != NULL) flow_in_state_ids(fi, states);
    if (outcomes != NULL) flow_in_outcome_ids(fi, outcomes);
    if (topics != NULL) flow_in_topics(fi, topics);
    if (commands != NULL) flow_in_command_ids(fi, commands);

    if (states != NULL) flow_in_states(fi, states);
    if (outcomes != NULL) flow_in_outcomes(fi, outcomes);
    if (caution != NULL) flow_in_caution(fi, caution);
    if (commands != NULL) {
        flow_in_commands(fi, commands);
        need_begin(fi);
    }
    if (states == NULL) return;
    f->welcome = entry(fi, root, "welcome", STATE_MENU);
    f->begin = entry(fi, root, "begin", STATE_ASK);
}

struct flow *flow_load(const char *path, struct texts *texts, struct faults *faults)
{
    struct flow_in fi = {.in = {.file = path, .arena = texts->arena, .faults = faults}, .texts = texts};
    json_t *root = json_in_file(path, faults);

    fi.flow = arena_calloc(texts->arena, sizeof *fi.flow);
    if (fi.flow == NULL) {
        json_in_no_memory(&fi.in);
    } else {
        fi.flow->source = path;
        if (root != NULL) read_flow(&fi, root);
    }
    json_decref(root);
    return fi.flow;
}

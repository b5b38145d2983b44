#include <limits.h>
#include <string.h>

#include "faults.h"
#include "flow_in.h"

/* ---- outcomes ---- */

static const char *outcome_place(struct flow_in *fi, size_t i)
{
    return json_in_place(&fi->in, "%s: outcome %zu", fi->in.file, i + 1);
}

void flow_in_outcome_ids(struct flow_in *fi, json_t *outcomes)
{
    struct flow *f = fi->flow;
    size_t n = json_array_size(outcomes);

    if (n == 0) faults_add(fi->in.faults, "%s: no outcomes", fi->in.file);
    if (n > FLOW_OUTCOMES_MAX)
        faults_add(fi->in.faults, "%s: %zu outcomes, at most %d", fi->in.file, n, (int)FLOW_OUTCOMES_MAX);
    for (size_t i = 0; i < n && i < FLOW_OUTCOMES_MAX; i++) {
        struct flow_outcome *o = &f->outcome[f->outcome_n];
        const char *where = outcome_place(fi, i);
        json_t *v = json_array_get(outcomes, i);
        *o = (struct flow_outcome){.id = "", .lean_to = -1};
        if (json_in_is(&fi->in, where, "value", v, JSON_OBJECT)) {
            const char *id = json_in_string(&fi->in, where, v, "id", JSON_MUST);
            if (id != NULL && json_in_id(&fi->in, where, id)) {
                if (flow_outcome_find(f, id) >= 0)
                    faults_add(fi->in.faults, "%s: outcome '%s' stands twice", fi->in.file, id);
                o->id = id;
            }
        }
        f->outcome_n++;
    }
}

static size_t read_rules(struct flow_in *fi, const char *where, json_t *list,
                         struct flow_rule rule[static FLOW_RULES_MAX])
{
    static const char *const keys[] = {"points", "unsure", "other_points"};
    size_t n = json_array_size(list), read = 0;

    if (n > FLOW_RULES_MAX)
        faults_add(fi->in.faults, "%s: %zu rules, at most %d", where, n, (int)FLOW_RULES_MAX);
    for (size_t i = 0; i < n && i < FLOW_RULES_MAX; i++) {
        const char *place = json_in_place(&fi->in, "%s: rule %zu", where, i + 1);
        json_t *v = json_array_get(list, i);
        if (!json_in_is(&fi->in, place, "value", v, JSON_OBJECT)) continue;
        json_in_keys(&fi->in, place, v, keys, sizeof keys / sizeof *keys);
        rule[read++] = (struct flow_rule){.points = flow_in_range(fi, place, v, "points"),
                                          .unsure = flow_in_range(fi, place, v, "unsure"),
                                          .other_points = flow_in_range(fi, place, v, "other_points")};
    }
    return read;
}

static void read_lean(struct flow_in *fi, struct flow_outcome *o, const char *where, json_t *lean)
{
    static const char *const keys[] = {"to", "points"};
    const char *to = json_in_string(&fi->in, where, lean, "to", JSON_MUST);

    json_in_keys(&fi->in, where, lean, keys, sizeof keys / sizeof *keys);
    o->lean_points = flow_in_range(fi, where, lean, "points");
    if (to == NULL) return;
    o->lean_to = flow_outcome_find(fi->flow, to);
    if (o->lean_to < 0) faults_add(fi->in.faults, "%s: outcome '%s' does not exist", where, to);
    if (strcmp(to, o->id) == 0) faults_add(fi->in.faults, "%s: leans to itself", where);
}

static void read_outcome(struct flow_in *fi, struct flow_outcome *o, const char *where, json_t *v)
{
    static const char *const keys[] = {"id", "when", "lean"};
    json_t *when = json_in_get(&fi->in, where, v, "when", JSON_ARRAY, JSON_MUST);
    json_t *lean = json_in_get(&fi->in, where, v, "lean", JSON_OBJECT, JSON_MAY);

    json_in_keys(&fi->in, where, v, keys, sizeof keys / sizeof *keys);
    if (when != NULL && json_array_size(when) == 0)
        faults_add(fi->in.faults, "%s: 'when' has no rule", where);
    o->rule_n = read_rules(fi, where, when, o->rule);
    if (lean != NULL) read_lean(fi, o, json_in_place(&fi->in, "%s: lean", where), lean);
    o->title = flow_in_text(fi, where, 0, "outcome.%s.title", o->id);
    o->text = flow_in_text(fi, where, 0, "outcome.%s.text", o->id);
    o->name = flow_in_text(fi, where, 0, "outcome.%s.name", o->id);
    o->turn = texts_id(fi->texts, where, PARAM_BIT(PARAM_IF), PARAM_BIT(PARAM_IF), "outcome.%s.turn", o->id);
}

void flow_in_outcomes(struct flow_in *fi, json_t *outcomes)
{
    for (size_t i = 0; i < fi->flow->outcome_n; i++) {
        struct flow_outcome *o = &fi->flow->outcome[i];
        json_t *v = json_array_get(outcomes, i);
        if (*o->id == '\0' || !json_is_object(v)) continue; /* told in the first pass */
        read_outcome(fi, o, json_in_place(&fi->in, "%s: outcome '%s'", fi->in.file, o->id), v);
    }
}

void flow_in_caution(struct flow_in *fi, json_t *caution)
{
    const char *where = json_in_place(&fi->in, "%s: caution", fi->in.file);

    fi->flow->caution_n = read_rules(fi, where, caution, fi->flow->caution);
}

/* ---- topics ---- */

void flow_in_topics(struct flow_in *fi, json_t *topics)
{
    struct flow *f = fi->flow;
    size_t n = json_array_size(topics);

    if (n > FLOW_TOPICS_MAX)
        faults_add(fi->in.faults, "%s: %zu topics, at most %d", fi->in.file, n, (int)FLOW_TOPICS_MAX);
    for (size_t i = 0; i < n && f->topic_n < FLOW_TOPICS_MAX; i++) {
        json_t *v = json_array_get(topics, i);
        if (!json_in_is(&fi->in, fi->in.file, "a topic", v, JSON_STRING)) continue;
        const char *id = json_in_copy(&fi->in, json_string_value(v));
        const char *where = json_in_place(&fi->in, "%s: topic '%s'", fi->in.file, id);
        if (!json_in_id(&fi->in, where, id)) continue;
        if (flow_topic_find(f, id) >= 0) {
            faults_add(fi->in.faults, "%s: stands twice", where);
            continue;
        }
        f->topic[f->topic_n++] =
            (struct flow_topic){.id = id,
                                .text = flow_in_text(fi, where, PARAM_BIT(PARAM_MOMENT), "topic.%s.text", id),
                                .label = flow_in_text(fi, where, 0, "topic.%s.label", id)};
    }
}

/* ---- commands ---- */

static bool verb_from(const char *name, enum verb *out)
{
    for (int v = 0; v < VERB_N; v++) {
        if (strcmp(name, verb_name((enum verb)v)) != 0) continue;
        *out = (enum verb)v;
        return true;
    }
    return false;
}

void flow_in_command_ids(struct flow_in *fi, json_t *commands)
{
    struct flow *f = fi->flow;
    const char *id;
    json_t *v;

    if (json_object_size(commands) > FLOW_COMMANDS_MAX)
        faults_add(fi->in.faults, "%s: %zu commands, at most %d", fi->in.file, json_object_size(commands),
                   (int)FLOW_COMMANDS_MAX);
    json_object_foreach(commands, id, v)
    {
        const char *where = json_in_place(&fi->in, "%s: command '%s'", fi->in.file, id);
        struct flow_command c = {.id = json_in_copy(&fi->in, id), .verb = VERB_SAY, .state = -1, .text = -1};
        if (!json_in_id(&fi->in, where, id) || !json_in_is(&fi->in, where, "value", v, JSON_OBJECT)) continue;
        const char *verb = json_in_string(&fi->in, where, v, "do", JSON_MUST);
        if (verb == NULL) continue;
        if (!verb_from(verb, &c.verb)) {
            faults_add(fi->in.faults, "%s: unknown verb '%s'", where, verb);
            continue;
        }
        if (f->command_n < FLOW_COMMANDS_MAX) f->command[f->command_n++] = c;
    }
}

static void read_command(struct flow_in *fi, struct flow_command *c, json_t *v, const char *where)
{
    const char *keys[] = {"do", c->verb == VERB_SHOW ? "state" : c->verb == VERB_LANGUAGE ? "locale" : NULL};

    json_in_keys(&fi->in, where, v, keys, sizeof keys / sizeof *keys);
    switch (c->verb) {
    case VERB_SHOW:
        c->state = flow_in_target(fi, where, v, "state", JSON_MUST);
        if (c->state >= 0 && fi->flow->state[c->state].kind != STATE_MENU)
            faults_add(fi->in.faults, "%s: state '%s' is no menu", where, fi->flow->state[c->state].id);
        break;
    case VERB_LANGUAGE: c->locale = json_in_string(&fi->in, where, v, "locale", JSON_MUST); break;
    case VERB_REACH:
        c->text = flow_in_text(fi, where, PARAM_BIT(PARAM_MOMENT), "command.%s.text", c->id);
        break;
    case VERB_SAY:
    case VERB_THANK:
    case VERB_PART: c->text = flow_in_text(fi, where, 0, "command.%s.text", c->id); break;
    default: break;
    }
}

void flow_in_commands(struct flow_in *fi, json_t *commands)
{
    for (size_t i = 0; i < fi->flow->command_n; i++) {
        struct flow_command *c = &fi->flow->command[i];
        json_t *v = json_object_get(commands, c->id);
        if (v != NULL) read_command(fi, c, v, json_in_place(&fi->in, "%s: command '%s'", fi->in.file, c->id));
    }
}

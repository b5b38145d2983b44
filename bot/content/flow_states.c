#include <string.h>

#include "faults.h"
#include "flow_in.h"

static const char *state_place(struct flow_in *fi, const char *id)
{
    return json_in_place(&fi->in, "%s: state '%s'", fi->in.file, id);
}

/* ---- first pass: ids ---- */

static bool kind_from(const char *name, enum state_kind *out)
{
    for (int k = 0; k < STATE_KIND_N; k++) {
        if (strcmp(name, state_kind_name((enum state_kind)k)) != 0) continue;
        *out = (enum state_kind)k;
        return true;
    }
    return false;
}

static void answer_ids(struct flow_in *fi, struct flow_question *q, const char *where, json_t *state)
{
    json_t *answers = json_in_get(&fi->in, where, state, "answers", JSON_ARRAY, JSON_MUST);
    size_t n = json_array_size(answers);

    if (answers != NULL && n == 0) faults_add(fi->in.faults, "%s: a question without answers", where);
    if (n > FLOW_ANSWERS_MAX)
        faults_add(fi->in.faults, "%s: %zu answers, at most %d", where, n, (int)FLOW_ANSWERS_MAX);
    for (size_t i = 0; i < n && i < FLOW_ANSWERS_MAX; i++) {
        struct flow_answer *a = &q->answer[q->answer_n++];
        const char *place = json_in_place(&fi->in, "%s: answer %zu", where, i + 1);
        json_t *v = json_array_get(answers, i);
        a->id = "";
        if (!json_in_is(&fi->in, where, "'answers'", v, JSON_OBJECT)) continue;
        const char *id = json_in_string(&fi->in, place, v, "id", JSON_MUST);
        if (id == NULL || !json_in_id(&fi->in, place, id)) continue;
        if (strcmp(id, "unsure") == 0)
            faults_add(fi->in.faults, "%s: answer id 'unsure' is what every question has already", where);
        for (size_t k = 0; k < i; k++)
            if (strcmp(q->answer[k].id, id) == 0)
                faults_add(fi->in.faults, "%s: answer '%s' stands twice", where, id);
        a->id = id;
    }
}

/* Words with a place of their own in keys of texts or phrases. */
static bool reserved(const char *id)
{
    static const char *const words[] = {"topic", "command", "outcome", "any", "filler", "ordinals"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], id) == 0) return true;
    return false;
}

static void state_id(struct flow_in *fi, const char *id, json_t *v)
{
    struct flow *f = fi->flow;
    const char *where = state_place(fi, id);
    enum state_kind kind;

    (void)json_in_id(&fi->in, where, id);
    if (reserved(id)) faults_add(fi->in.faults, "%s: '%s' is a word of the texts, not an id", where, id);
    if (!json_in_is(&fi->in, where, "value", v, JSON_OBJECT)) return;
    const char *name = json_in_string(&fi->in, where, v, "kind", JSON_MUST);
    if (name == NULL) return;
    if (!kind_from(name, &kind)) {
        faults_add(fi->in.faults, "%s: unknown kind '%s', expected ask, say, branch, advise or menu", where,
                   name);
        return;
    }
    struct flow_state *s = &f->state[f->state_n++];
    *s = (struct flow_state){
        .id = json_in_copy(&fi->in, id), .kind = kind, .question = -1, .text = -1, .label = -1, .to = -1};
    if (kind != STATE_ASK || f->question_n == FLOW_QUESTIONS_MAX) return;
    s->question = (int)f->question_n;
    struct flow_question *q = &f->question[f->question_n++];
    *q = (struct flow_question){.id = s->id, .state = (int)f->state_n - 1, .unsure_to = -1};
    answer_ids(fi, q, where, v);
}

void flow_in_state_ids(struct flow_in *fi, json_t *states)
{
    const char *id;
    json_t *v;
    size_t asks = 0;

    if (json_object_size(states) > FLOW_STATES_MAX)
        faults_add(fi->in.faults, "%s: %zu states, at most %d", fi->in.file, json_object_size(states),
                   (int)FLOW_STATES_MAX);
    json_object_foreach(states, id, v)
    {
        const char *kind = json_string_value(json_object_get(v, "kind"));
        asks += kind != NULL && strcmp(kind, "ask") == 0;
        if (fi->flow->state_n < FLOW_STATES_MAX) state_id(fi, id, v);
    }
    if (asks > FLOW_QUESTIONS_MAX)
        faults_add(fi->in.faults, "%s: %zu questions, at most %d", fi->in.file, asks,
                   (int)FLOW_QUESTIONS_MAX);
}

/* ---- second pass: one reader for each kind ---- */

static void read_answer(struct flow_in *fi, struct flow_question *q, size_t i, const char *state, json_t *v,
                        int to)
{
    static const char *const keys[] = {"id", "points", "decisive", "to"};
    struct flow_answer *a = &q->answer[i];
    const char *where = json_in_place(&fi->in, "%s: answer '%s'", state, a->id);

    if (!json_is_object(v)) return; /* told in the first pass */
    json_in_keys(&fi->in, where, v, keys, sizeof keys / sizeof *keys);
    a->points = json_in_int(&fi->in, where, v, "points", JSON_MUST, 0, FLOW_POINTS_MAX, 0);
    a->decisive = json_in_bool(&fi->in, where, v, "decisive", false);
    a->to = json_object_get(v, "to") != NULL ? flow_in_target(fi, where, v, "to", JSON_MUST) : to;
    if (json_object_get(v, "to") == NULL && to == -1)
        faults_add(fi->in.faults, "%s: dead end: no 'to' here, and none of the state", where);
    a->label = flow_in_text(fi, where, 0, "%s.%s.label", q->id, a->id);
    a->reason = flow_in_text(fi, where, 0, "%s.%s.reason", q->id, a->id);
    a->when = flow_in_text(fi, where, 0, "%s.%s.if", q->id, a->id);
    a->other = flow_in_text(fi, where, 0, "%s.%s.other", q->id, a->id);
}

enum { TARGET_BROKEN = -2 }; /* named, but no state: told once, not again for each answer */

static void read_ask(struct flow_in *fi, struct flow_state *s, json_t *v, const char *where)
{
    json_t *answers = json_object_get(v, "answers");

    if (s->question < 0) return; /* one too many: told in the first pass */
    struct flow_question *q = &fi->flow->question[s->question];
    bool has_to = json_object_get(v, "to") != NULL;
    int to = flow_in_target(fi, where, v, "to", JSON_MAY);
    if (has_to && to < 0) to = TARGET_BROKEN;
    q->offer_unsure = json_in_bool(&fi->in, where, v, "offer_unsure", false);
    q->unsure_to =
        json_object_get(v, "unsure_to") != NULL ? flow_in_target(fi, where, v, "unsure_to", JSON_MUST) : to;
    if (json_object_get(v, "unsure_to") == NULL && to == -1)
        faults_add(fi->in.faults, "%s: dead end: unsure leads nowhere, 'to' or 'unsure_to' missing", where);
    for (size_t i = 0; i < q->answer_n; i++) read_answer(fi, q, i, where, json_array_get(answers, i), to);
    q->ask = flow_in_text(fi, where, 0, "%s.ask", q->id);
    q->again = flow_in_text(fi, where, 0, "%s.again", q->id);
    q->other = flow_in_text(fi, where, 0, "%s.other", q->id);
    q->noun = flow_in_text(fi, where, 0, "%s.noun", q->id);
}

static void read_say(struct flow_in *fi, struct flow_state *s, json_t *v, const char *where)
{
    s->to = flow_in_target(fi, where, v, "to", JSON_MUST);
    s->text = flow_in_text(fi, where, 0, "%s.text", s->id);
}

static unsigned case_answers(struct flow_in *fi, const char *where, int question, json_t *list)
{
    const struct flow_question *q = &fi->flow->question[question];
    unsigned bits = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *v = json_array_get(list, i);
        if (!json_in_is(&fi->in, where, "an answer", v, JSON_STRING)) continue;
        const char *id = json_string_value(v);
        int answer = flow_answer_find(fi->flow, question, id);
        if (strcmp(id, "unsure") == 0)
            bits |= 1u << FLOW_ANSWERS_MAX;
        else if (answer >= 0)
            bits |= 1u << answer;
        else
            faults_add(fi->in.faults, "%s: question '%s' has no answer '%s'", where, q->id, id);
    }
    if (json_array_size(list) == 0) faults_add(fi->in.faults, "%s: 'when' names no answer", where);
    return bits;
}

static void read_case(struct flow_in *fi, struct flow_case *c, json_t *v, const char *where)
{
    static const char *const keys[] = {"when", "to"};

    *c = (struct flow_case){.to = -1};
    if (!json_in_is(&fi->in, where, "case", v, JSON_OBJECT)) return;
    json_in_keys(&fi->in, where, v, keys, sizeof keys / sizeof *keys);
    c->to = flow_in_target(fi, where, v, "to", JSON_MUST);
    json_t *when = json_in_get(&fi->in, where, v, "when", JSON_OBJECT, JSON_MUST);
    if (when == NULL) return;
    if (json_object_size(when) != 1) {
        faults_add(fi->in.faults, "%s: 'when' names %zu questions, expected one", where,
                   json_object_size(when));
        return;
    }
    const char *id = json_object_iter_key(json_object_iter(when));
    int question = flow_question_find(fi->flow, id);
    if (question < 0) {
        faults_add(fi->in.faults, "%s: question '%s' does not exist", where, id);
        return;
    }
    c->question = question;
    json_t *list = json_in_get(&fi->in, where, when, id, JSON_ARRAY, JSON_MUST);
    if (list != NULL) c->answers = case_answers(fi, where, question, list);
}

static void read_branch(struct flow_in *fi, struct flow_state *s, json_t *v, const char *where)
{
    json_t *cases = json_in_get(&fi->in, where, v, "cases", JSON_ARRAY, JSON_MUST);

    s->to = flow_in_target(fi, where, v, "else", JSON_MUST);
    if (json_array_size(cases) > FLOW_CASES_MAX)
        faults_add(fi->in.faults, "%s: %zu cases, at most %d", where, json_array_size(cases),
                   (int)FLOW_CASES_MAX);
    for (size_t i = 0; i < json_array_size(cases) && i < FLOW_CASES_MAX; i++)
        read_case(fi, &s->cases[s->case_n++], json_array_get(cases, i),
                  json_in_place(&fi->in, "%s: case %zu", where, i + 1));
}

/* "do:human", "topic:pop", "go:topics". */
static void read_option(struct flow_in *fi, struct flow_state *s, const char *id, const char *where)
{
    struct flow *f = fi->flow;
    const char *name = strchr(id, ':');
    int index = -1, label = -1;
    enum option_kind kind = OPTION_COMMAND;

    name = name == NULL ? "" : name + 1;
    if (strncmp(id, "do:", 3) == 0) {
        index = flow_command_find(f, name);
        label = index < 0 ? -1 : flow_in_text(fi, where, 0, "command.%s.label", name);
    } else if (strncmp(id, "topic:", 6) == 0) {
        kind = OPTION_TOPIC;
        index = flow_topic_find(f, name);
        label = index < 0 ? -1 : flow_in_text(fi, where, 0, "topic.%s.label", name);
    } else if (strncmp(id, "go:", 3) == 0) {
        kind = OPTION_STATE;
        index = flow_state_find(f, name);
        label = index < 0 ? -1 : flow_in_text(fi, where, 0, "%s.label", name);
        if (index >= 0 && f->state[index].kind != STATE_MENU)
            faults_add(fi->in.faults, "%s: option '%s': state '%s' is no menu", where, id, name);
        if (index >= 0) f->state[index].label = label;
    } else {
        faults_add(fi->in.faults, "%s: option '%s': expected do:, topic: or go: and an id", where, id);
        return;
    }
    if (index < 0) {
        faults_add(fi->in.faults, "%s: option '%s': %s '%s' does not exist", where, id,
                   kind == OPTION_COMMAND ? "command"
                   : kind == OPTION_TOPIC ? "topic"
                                          : "state",
                   name);
        return;
    }
    for (size_t i = 0; i < s->option_n; i++)
        if (s->option[i].kind == kind && s->option[i].index == index)
            faults_add(fi->in.faults, "%s: option '%s' stands twice", where, id);
    s->option[s->option_n++] = (struct flow_option){.kind = kind, .index = index, .label = label};
}

static void read_options(struct flow_in *fi, struct flow_state *s, json_t *v, const char *where)
{
    json_t *list =
        json_in_get(&fi->in, where, v, "options", JSON_ARRAY, s->kind == STATE_MENU ? JSON_MUST : JSON_MAY);
    size_t n = json_array_size(list);

    if (n > FLOW_OPTIONS_MAX)
        faults_add(fi->in.faults, "%s: %zu options, at most %d", where, n, (int)FLOW_OPTIONS_MAX);
    if (list != NULL && n == 0 && s->kind == STATE_MENU)
        faults_add(fi->in.faults, "%s: dead end: a menu without options", where);
    for (size_t i = 0; i < n && i < FLOW_OPTIONS_MAX; i++)
        if (json_in_is(&fi->in, where, "'options'", json_array_get(list, i), JSON_STRING))
            read_option(fi, s, json_string_value(json_array_get(list, i)), where);
    if (s->kind == STATE_MENU) s->text = flow_in_text(fi, where, 0, "%s.text", s->id);
}

enum { KIND_KEYS_MAX = 5 };

static const struct {
    const char *keys[KIND_KEYS_MAX]; /* the rest NULL */
    void (*read)(struct flow_in *fi, struct flow_state *s, json_t *v, const char *where);
} kinds[] = {
    [STATE_ASK] = {{"kind", "to", "answers", "offer_unsure", "unsure_to"}, read_ask},
    [STATE_SAY] = {{"kind", "to"}, read_say},
    [STATE_BRANCH] = {{"kind", "cases", "else"}, read_branch},
    [STATE_ADVISE] = {{"kind", "options"}, read_options},
    [STATE_MENU] = {{"kind", "options"}, read_options},
};
_Static_assert(sizeof kinds / sizeof *kinds == STATE_KIND_N, "read each");

void flow_in_states(struct flow_in *fi, json_t *states)
{
    for (size_t i = 0; i < fi->flow->state_n; i++) {
        struct flow_state *s = &fi->flow->state[i];
        json_t *v = json_object_get(states, s->id);
        const char *where = state_place(fi, s->id);
        if (v == NULL) continue; /* its id could not be kept: told */
        json_in_keys(&fi->in, where, v, kinds[s->kind].keys, KIND_KEYS_MAX);
        kinds[s->kind].read(fi, s, v, where);
    }
}

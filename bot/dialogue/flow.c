#include "flow.h"

#include <string.h>

static const char *const kinds[] = {[STATE_ASK] = "ask",
                                    [STATE_SAY] = "say",
                                    [STATE_BRANCH] = "branch",
                                    [STATE_ADVISE] = "advise",
                                    [STATE_MENU] = "menu"};
_Static_assert(sizeof kinds / sizeof *kinds == STATE_KIND_N, "name each");

static const char *const verbs[] = {
    [VERB_BEGIN] = "begin", [VERB_RESTART] = "restart", [VERB_BACK] = "back",    [VERB_CHANGE] = "change",
    [VERB_SKIP] = "skip",   [VERB_STOP] = "stop",       [VERB_ERASE] = "erase",  [VERB_LANGUAGE] = "language",
    [VERB_SHOW] = "show",   [VERB_SAY] = "say",         [VERB_REACH] = "reach",  [VERB_GREET] = "greet",
    [VERB_PART] = "part",   [VERB_THANK] = "thank",     [VERB_RESUME] = "resume"};
_Static_assert(sizeof verbs / sizeof *verbs == VERB_N, "name each");

const char *state_kind_name(enum state_kind kind)
{
    return kinds[kind];
}

const char *verb_name(enum verb v)
{
    return verbs[v];
}

/* Every list of a flow has its id as first member; `size` is the distance between two. */
static int find(const void *first, size_t size, size_t n, size_t id_at, const char *id)
{
    for (size_t i = 0; i < n; i++) {
        const char *const *have = (const char *const *)(const void *)((const char *)first + i * size + id_at);
        if (strcmp(*have, id) == 0) return (int)i;
    }
    return -1;
}

#define FIND(list, n, type, id) find(list, sizeof *(list), n, offsetof(struct type, id), id)

int flow_state_find(const struct flow *f, const char *id)
{
    return FIND(f->state, f->state_n, flow_state, id);
}

int flow_question_find(const struct flow *f, const char *id)
{
    return FIND(f->question, f->question_n, flow_question, id);
}

int flow_answer_find(const struct flow *f, int question, const char *id)
{
    const struct flow_question *q = &f->question[question];
    return FIND(q->answer, q->answer_n, flow_answer, id);
}

int flow_outcome_find(const struct flow *f, const char *id)
{
    return FIND(f->outcome, f->outcome_n, flow_outcome, id);
}

int flow_topic_find(const struct flow *f, const char *id)
{
    return FIND(f->topic, f->topic_n, flow_topic, id);
}

int flow_command_find(const struct flow *f, const char *id)
{
    return FIND(f->command, f->command_n, flow_command, id);
}

int flow_command_label(const struct flow *f, int command)
{
    for (size_t i = 0; i < f->state_n; i++)
        for (size_t k = 0; k < f->state[i].option_n; k++) {
            const struct flow_option *o = &f->state[i].option[k];
            if (o->kind == OPTION_COMMAND && o->index == command) return o->label;
        }
    return -1;
}

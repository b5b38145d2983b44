/* tap.c -- what the id of a button says, also one of a message of months ago. */
#include <string.h>

#include "dialogue.h"

static const struct {
    const char *prefix;
    enum tap_kind kind;
    int (*find)(const struct flow *f, const char *id);
} prefixes[] = {
    {"topic:", TAP_TOPIC, flow_topic_find},
    {"do:", TAP_COMMAND, flow_command_find},
    {"go:", TAP_STATE, flow_state_find},
    {"ask:", TAP_ASK, flow_question_find},
};

static struct tap tap_answer(const struct flow *f, const char *id, const char *equals)
{
    char question[FLOW_ID_MAX + 1];
    size_t n = (size_t)(equals - id);

    if (n >= sizeof question) return (struct tap){.kind = TAP_UNKNOWN};
    memcpy(question, id, n);
    question[n] = '\0';
    int q = flow_question_find(f, question);
    if (q < 0) return (struct tap){.kind = TAP_UNKNOWN};
    if (strcmp(equals + 1, "unsure") == 0) return (struct tap){.kind = TAP_UNSURE, .question = q};
    int index = flow_answer_find(f, q, equals + 1);
    return (struct tap){.kind = index < 0 ? TAP_UNKNOWN : TAP_ANSWER, .question = q, .index = index};
}

struct tap dialogue_tap(const struct flow *f, const char *id)
{
    const char *equals = strchr(id, '=');

    if (equals != NULL) return tap_answer(f, id, equals);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i].prefix);
        if (strncmp(id, prefixes[i].prefix, n) != 0) continue;
        int index = prefixes[i].find(f, id + n);
        bool menu = prefixes[i].kind != TAP_STATE || (index >= 0 && f->state[index].kind == STATE_MENU);
        if (index < 0 || !menu) break;
        return (struct tap){.kind = prefixes[i].kind, .question = index, .index = index};
    }
    return (struct tap){.kind = TAP_UNKNOWN};
}

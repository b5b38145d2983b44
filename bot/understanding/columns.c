#include "columns.h"

#include <string.h>

_Static_assert(FLOW_QUESTIONS_MAX *(FLOW_ANSWERS_MAX + 1) + 3 + FLOW_TOPICS_MAX + FLOW_COMMANDS_MAX <=
                   MODEL_COLUMNS_MAX,
               "room for the largest flow");

static void open_range(unsigned char *open, size_t first, size_t n)
{
    memset(open + first, 1, n);
}

/* While the human has the chat all that is said is for her: only words that are surely meant for the bot
 * may end that. */
bool columns_by_heart(const struct flow *f, size_t command)
{
    return f->command[command].verb == VERB_RESUME;
}

static void shut(struct columns *c, size_t column)
{
    c->open_any[column] = c->open_start[column] = 0;
    for (size_t q = 0; q < FLOW_QUESTIONS_MAX; q++) c->open_at[q][column] = 0;
}

void columns_of(const struct flow *f, struct columns *out)
{
    *out = (struct columns){0};
    for (size_t q = 0; q < f->question_n; q++) {
        out->answer[q] = out->n;
        out->n += f->question[q].answer_n;
    }
    out->unsure = out->n++;
    out->unclear = out->n++;
    out->topic = out->n;
    out->command = out->topic + f->topic_n;
    out->about = out->command + f->command_n;
    out->n = out->about + f->question_n + 1;
    open_range(out->open_any, 0, out->about);
    open_range(out->open_start, out->unclear, out->about - out->unclear);
    open_range(out->open_about, out->about, f->question_n + 1);
    for (size_t q = 0; q < f->question_n; q++) {
        open_range(out->open_at[q], out->unsure, out->about - out->unsure);
        open_range(out->open_at[q], out->answer[q], f->question[q].answer_n);
    }
    for (size_t i = 0; i < f->command_n; i++)
        if (columns_by_heart(f, i)) shut(out, out->command + i);
}

size_t columns_from(const struct columns *c, const struct label *l)
{
    switch (l->kind) {
    case LABEL_ANSWER: return c->answer[l->question] + (size_t)l->index;
    case LABEL_TOPIC: return c->topic + (size_t)l->index;
    case LABEL_COMMAND: return c->command + (size_t)l->index;
    case LABEL_UNSURE: break;
    }
    return c->unsure;
}

bool columns_label(const struct columns *c, const struct flow *f, size_t column, int question,
                   struct label *out)
{
    *out = (struct label){.question = -1};
    if (column >= c->command) {
        out->kind = LABEL_COMMAND;
        out->index = (int)(column - c->command);
    } else if (column >= c->topic) {
        out->kind = LABEL_TOPIC;
        out->index = (int)(column - c->topic);
    } else if (column == c->unsure) {
        out->kind = LABEL_UNSURE;
        out->question = question;
    } else if (column < c->unsure) {
        out->kind = LABEL_ANSWER;
        for (size_t q = 0; q < f->question_n && column >= c->answer[q]; q++) {
            out->question = (int)q;
            out->index = (int)(column - c->answer[q]);
        }
    }
    return column != c->unclear;
}

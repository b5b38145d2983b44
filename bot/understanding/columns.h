/* columns.h -- which output of the model stands for which label. Room-internal. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "flow.h"
#include "meaning.h"
#include "model.h"

/* Two groups: what the text means, and which question it is about (the last of that group: none).
 * "ja" means yes at several questions and is about none. */
struct columns {
    size_t n;
    size_t unsure, unclear, topic, command, about;
    size_t answer[FLOW_QUESTIONS_MAX];                            /* the first of each question */
    unsigned char open_any[MODEL_COLUMNS_MAX];                    /* every label                  */
    unsigned char open_start[MODEL_COLUMNS_MAX];                  /* those of no question         */
    unsigned char open_at[FLOW_QUESTIONS_MAX][MODEL_COLUMNS_MAX]; /* those, and the question's    */
    unsigned char open_about[MODEL_COLUMNS_MAX];
};

void columns_of(const struct flow *f, struct columns *out);

bool columns_by_heart(const struct flow *f, size_t command); /* the model does not weigh it */

/* columns_from(c, l): the label's column. */
size_t columns_from(const struct columns *c, const struct label *l);

/* columns_label(c, f, column, question, out): the label of a column while `question` is open. False
 * for "unclear", which is none. */
bool columns_label(const struct columns *c, const struct flow *f, size_t column, int question,
                   struct label *out);

#endif

/* flow_in.h -- a flow file being read: shared by the modules that do it. Room-internal.
 *
 * Two passes: first every id gets its index, so that the second can point forward. */
#ifndef FLOW_IN_H
#define FLOW_IN_H

#include "flow.h"
#include "json_in.h"
#include "texts.h"

struct flow_in {
    struct json_in in;
    struct flow *flow;
    struct texts *texts;
};

/* flow_in_text(fi, where, extra, fmt, ...): the id of the flow's own text of this key; it may use
 * `extra` beside what every text may. */
#define flow_in_text(fi, where, extra, ...) texts_id((fi)->texts, where, extra, 0, __VA_ARGS__)

/* flow_in_target(fi, where, o, key, need): the state that `key` names; -1 when absent or (listed)
 * unknown. */
int flow_in_target(struct flow_in *fi, const char *where, json_t *o, const char *key, enum json_need need);

/* flow_in_range(fi, where, o, key): [from, to], or any number when absent. */
struct range flow_in_range(struct flow_in *fi, const char *where, json_t *o, const char *key);

/* States: first pass, second pass. */
void flow_in_state_ids(struct flow_in *fi, json_t *states);
void flow_in_states(struct flow_in *fi, json_t *states);

/* What is decided and offered: outcomes, cautions, topics, commands; likewise. */
void flow_in_outcome_ids(struct flow_in *fi, json_t *outcomes);
void flow_in_outcomes(struct flow_in *fi, json_t *outcomes);
void flow_in_caution(struct flow_in *fi, json_t *caution);
void flow_in_topics(struct flow_in *fi, json_t *topics);
void flow_in_command_ids(struct flow_in *fi, json_t *commands);
void flow_in_commands(struct flow_in *fi, json_t *commands);

#endif

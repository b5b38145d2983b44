/* reply.h -- one turn's answer in the making: blocks of text, then choices. Room-internal.
 *
 * Whatever a turn has to say goes into one message: what was understood, an answer to a
 * question, the open question. Blocks are parted by an empty line. */
#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>

#include "buf.h"
#include "dialogue.h"
#include "outbound.h"
#include "text.h"

struct advice;

struct reply {
    const struct script *s;
    const struct flow *f;
    const struct locale *l;
    const struct conversation *c; /* as it will be                                */
    const struct event *ev;
    struct arena *arena;
    struct buf body;
    struct outbound out;
    struct params base; /* the business's, filled once                  */
    bool failed;        /* memory ran out                               */
};

void reply_open(struct reply *r, const struct script *s, const struct conversation *c, const struct event *ev,
                struct arena *a);
void reply_close(struct reply *r); /* frees what is not in the arena */

/* reply_localise(r): r->l changed: the business's values anew, in its words. */
void reply_localise(struct reply *r);

/* reply_params(r): the business's own values, to add a text's own to. */
struct params reply_params(struct reply *r);

void reply_block(struct reply *r, int text, const struct params *p); /* p NULL: the base */
void reply_line(struct reply *r, int text, const struct params *p);  /* in the same block */

/* reply_text(r, text, p): filled in, in the arena; "" when memory ran out. */
const char *reply_text(struct reply *r, int text, const struct params *p);

/* reply_join(r, items, n): "a, b en c", in the arena. */
const char *reply_join(struct reply *r, const char *const *items, size_t n);

/* reply_answer(r, a, q): an answer's label: "Elke dag", "Weet ik niet", "Overgeslagen". */
const char *reply_answer(struct reply *r, const struct answers *a, int question);

/* reply_subject(r, a, q): what it is about, with the answer: "de agenda (Niet nodig)". */
const char *reply_subject(struct reply *r, const struct answers *a, int question);

void reply_choice(struct reply *r, const char *id, const char *title, const char *note);
void reply_options(struct reply *r, const struct flow_state *s, int but_topic); /* its buttons */
/* `doubted`: a question whose answer can be corrected here as well; -1 none. */
void reply_answers(struct reply *r, int question, bool in_other_words, int doubted);

/* reply_advised(r, w, adv): where the answers lead. 1: to the advice in `adv`, in which answers
 * to questions that the road no longer passes weigh nothing. 0: not yet. -1: the flow cannot go on. */
int reply_advised(const struct reply *r, struct walk *w, struct advice *adv);

/* reply_link(r, adv): the way to the human: a chat link with a summary, else phone and mail
 * as a block. `adv` NULL: no advice yet. */
void reply_link(struct reply *r, const struct advice *adv);

/* reply_reach(r): the link, with the advice when there is one. -1 when the flow cannot go on. */
int reply_reach(struct reply *r);

/* reply_human(r, link): the link where it is wanted and, for who is in the middle of the questions, the choice to go on
 * or to stop; else what the welcome offers but this. -1 when the flow cannot go on. */
int reply_human(struct reply *r, bool link);

void reply_advice(struct reply *r, const struct advice *adv); /* all its blocks and the link */

/* reply_emit(r, fx, said, backlog): the message becomes an effect; two where its first `said`
 * bytes leave no room for the rest on some channel. -1 when memory ran out. */
int reply_emit(struct reply *r, struct effects *fx, size_t said, bool backlog);

#endif

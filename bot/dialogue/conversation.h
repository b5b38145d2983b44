/* conversation.h -- where one person stands. A value: copied, saved, compared. */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow.h"

struct buf;
struct err;

enum conversation_state {
    CONVERSATION_START,   /* no question open, nothing advised           */
    CONVERSATION_ASKING,  /* `question` is open                          */
    CONVERSATION_AFTER,   /* the advice was given                        */
    CONVERSATION_STOPPED, /* silent until the person writes again        */
    CONVERSATION_N
};
const char *conversation_state_name(enum conversation_state s);

/* Who answers. */
enum holder {
    HOLDER_BOT,
    HOLDER_WAITING, /* the human was asked for; the bot still answers           */
    HOLDER_HUMAN,   /* she has the chat: the bot is silent                      */
    HOLDER_N
};
const char *holder_name(enum holder h); /* "bot", "waiting", "human" */

/* What the clock must do while the human was asked for or has the chat; each a moment, 0: nothing. */
struct hold_times {
    int64_t remind_ms;  /* WAITING: she is reminded                                           */
    int64_t promise_ms; /* WAITING: the moment that was named is long past: the person is told */
    int64_t warn_ms;    /* the platform's window is about to shut on an unanswered person     */
    int64_t back_ms;    /* HUMAN: so long silent that the bot is back; WAITING without a desk: it ends */
};

enum answer_kind { ANSWER_NONE, ANSWER_GIVEN, ANSWER_UNSURE, ANSWER_SKIPPED, ANSWER_N };

struct answer {
    enum answer_kind kind;
    int index;      /* GIVEN: of the question's answers               */
    unsigned order; /* when it was given, counting up; 0: not         */
    bool doubtful;  /* understood as fairly sure, and never confirmed  */
};

/* What the flow asks, without its wording: enough to compute an advice. */
struct answers {
    struct answer of[FLOW_QUESTIONS_MAX]; /* by question */
};

struct conversation {
    enum conversation_state state;
    int question; /* ASKING, and STOPPED since: the open one; else -1          */
    struct answers answers;
    unsigned order;     /* of the answer given last                                  */
    char locale[8];     /* code                                                      */
    int64_t last_ms;    /* when the person was last heard; 0: never                  */
    int misses;         /* misunderstandings in a row                                */
    bool introduced;    /* told who we are and what is kept                          */
    int64_t media_ms;   /* when we last said what we cannot read; 0: not since words */
    int64_t late_ms;    /* when we last apologised for lateness                      */
    uint64_t text_hash; /* of the id of the message typed last, for edits            */
    int text_question;  /* the question that was open then; -1                       */

    enum holder holder;
    int64_t holder_ms; /* since when                                                */
    struct hold_times times;
    bool unanswered; /* the person wrote, and she has not since: not while the bot has the chat */
    bool overdue;    /* the named moment passed, and could not be told yet           */
    bool returned;   /* the bot is back, and has not said so yet                     */
};

/* conversation_begin(c, locale): a person never heard before. */
void conversation_begin(struct conversation *c, const char *locale);

/* conversation_move(c, to): the one door between states; logs the move. */
void conversation_move(struct conversation *c, enum conversation_state to);

/* conversation_hold(c, to, now): the one door between holders; logs the move. All that the clock had
 * to do goes with the holder before. */
void conversation_hold(struct conversation *c, enum holder to, int64_t now_ms);

/* conversation_wake_ms(c): the first moment at which the clock has something to do; 0: none. */
int64_t conversation_wake_ms(const struct conversation *c);

/* conversation_write(c, f, out): as one line of text, names instead of numbers:
 * "v1 flow=mailkeuze/1 state=asking question=team answers=usage:light/1,calendar:yes/2 … sum=…". */
void conversation_write(const struct conversation *c, const struct flow *f, struct buf *out);

/* conversation_read(c, f, text, e): the reverse. A conversation of another version of the flow is
 * moved by this rule: answers whose question and answer still exist are kept, others are
 * forgotten, and a question that is gone is no longer open (dialogue_step then opens the first
 * that lacks an answer). -1 for text that is none of ours, or not as it was written: cut short,
 * a byte changed; `c` is then as begun. */
int conversation_read(struct conversation *c, const struct flow *f, const char *text, struct err *e);

/* conversation_answer(c, question, kind, index): given now, as the last. */
void conversation_answer(struct conversation *c, int question, enum answer_kind kind, int index);

/* The sets of answers: counting and looking up. */
void answers_give(struct answers *a, int question, enum answer_kind kind, int index, unsigned order);
void answers_doubt(struct answers *a, int question); /* what was just given there is doubtful */
void answers_drop(struct answers *a, int question);
int answers_last(const struct answers *a, const struct flow *f); /* question answered last; -1 */

/* answers_before(a, f, question): the question answered last before that one (-1: of all). -1 when
 * there is none. */
int answers_before(const struct answers *a, const struct flow *f, int question);

#endif

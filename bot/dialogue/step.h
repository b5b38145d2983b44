/* step.h -- one turn's work in hand. Room-internal: dialogue.c takes the event, listen.c reads
 * words and taps, doubt.c asks what was meant, standing.c knows where the person stands, verbs.c
 * acts, holder.c hands over to the human and back, closing.c ends. */
#ifndef STEP_H
#define STEP_H

#include <stdbool.h>

#include "reply.h"

/* How a turn's message ends. */
enum closing {
    CLOSE_NOTHING,  /* no choices: the person is let go                             */
    CLOSE_QUESTION, /* the open question in full; the advice; the welcome           */
    CLOSE_AGAIN,    /* the open question, shorter; else only the choices that fit   */
    CLOSE_OTHER,    /* the open question with its choices in other words and the human */
    CLOSE_READY     /* choices are there already                                    */
};

struct step {
    const struct script *s;
    const struct flow *f;
    struct conversation *c; /* a copy; becomes the conversation when all went well */
    const struct event *ev;
    struct effects *fx;
    struct reply r;
    enum closing closing;
    bool silent; /* nothing to say                                       */
    bool erase;
    bool woken;                    /* was stopped until now                                */
    bool away;                     /* the person comes back: after a day, or woken         */
    bool fresh;                    /* the open question, or the advice, was reached this turn */
    int topic;                     /* answered this turn; -1                               */
    int noted[MEANING_LABELS_MAX]; /* questions answered by typing                  */
    size_t noted_n;
    int doubted; /* of them, understood as fairly sure: can be corrected in one tap; -1 */
};

/* step_introduce(t): at first contact, who is talking and what is kept. */
void step_introduce(struct step *t);

/* ---- standing.c ---- */

/* step_walk(t): opens the first question that lacks an answer, or arrives at the advice. */
int step_walk(struct step *t);

/* step_open(t, question): this question is open, answered before or not. */
void step_open(struct step *t, int question);

bool step_reopened(const struct step *t); /* is the open question one that has an answer? */

/* step_wake(t): a stopped person is back where they were. */
int step_wake(struct step *t);

/* step_settle(t): the conversation may come from another version of the flow: what it holds open
 * exists, and an advice is given only where the questions have led to one. */
int step_settle(struct step *t);

/* ---- listen.c ---- */

/* step_edits_last(c, m): is `m` an edit of the message typed last? */
bool step_edits_last(const struct conversation *c, const struct message *m);

/* step_edit_idle(t): an edit that changes nothing, or that we do not understand. */
bool step_edit_idle(const struct step *t);

int step_words(struct step *t); /* typed, or a caption */
int step_edit(struct step *t);
int step_tap(struct step *t);

/* ---- verbs.c ---- */

/* step_command(t, command): what a command of the flow does. */
int step_command(struct step *t, int command);
int step_greet(struct step *t);
int step_ask(struct step *t, int question); /* "ask:q": change this answer */
int step_menu(struct step *t, int state);   /* "go:s"                      */

/* ---- holder.c ---- */

void step_tell(struct step *t, enum news news, bool told, int64_t at_ms); /* effect.h */

/* step_reach(t, text): the human is asked for; `text` is what is said where she has no desk. */
int step_reach(struct step *t, int text);

/* step_resume(t): the person goes on with the bot. */
void step_resume(struct step *t);

/* step_overhear(t): what a message of the person is to the human who is waited for or has the chat. */
void step_overhear(struct step *t);

bool step_is_for_human(const struct step *t); /* she has the chat, and this is said to her */

/* step_say_back(t): what could not be told while nothing could be said. */
void step_say_back(struct step *t);

/* step_pass_on(t, text): words, or media, that the bot makes nothing of, while the human is waited for.
 * False: she is not. */
bool step_pass_on(struct step *t, int text);

void step_hold(struct step *t); /* an event that is no message */

/* ---- doubt.c ---- */

/* step_doubt(t, guess, n): asks which of `guess` was meant, the likeliest first, and leaves all
 * as it is until then. False, with nothing said, when none of them can stand on a button. */
bool step_doubt(struct step *t, const struct label *guess, size_t n);

/* ---- closing.c ---- */

/* step_close(t): the end of the message, by t->closing. */
int step_close(struct step *t);

#endif

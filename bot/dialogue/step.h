/* step.h -- one turn's work in hand. Room-internal: dialogue.c reads, verbs.c acts, closing.c ends. */
#ifndef STEP_H
#define STEP_H

#include <stdbool.h>

#include "reply.h"

/* How a turn's message ends. */
enum closing {
    CLOSE_NOTHING,  /* no choices: the person is let go                             */
    CLOSE_QUESTION, /* the open question in full; the advice; the welcome           */
    CLOSE_AGAIN,    /* the open question, shorter; else only the choices that fit   */
    CLOSE_OTHER,    /* the open question in other words, as a list, with the human  */
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
    bool silent;            /* nothing to say                                       */
    bool erase;
    bool away;              /* the person comes back after a day                    */
    bool asked_new;         /* the open question is asked for the first time        */
    int topic;              /* answered this turn; -1                               */
    int noted[MEANING_LABELS_MAX]; /* questions answered by typing                  */
    size_t noted_n;
    struct walk walk;       /* of the last step_walk()                              */
};

/* step_introduce(t): at first contact, who is talking and what is kept. */
void step_introduce(struct step *t);

/* step_walk(t): opens the first question that lacks an answer, or gives the advice. */
int step_walk(struct step *t);

/* step_open(t, question): this question is open, answered before or not. */
void step_open(struct step *t, int question);

/* step_command(t, command): what a command of the flow does. */
int step_command(struct step *t, int command);
int step_ask(struct step *t, int question);   /* "ask:q": change this answer */
int step_menu(struct step *t, int state);     /* "go:s"                      */

/* step_close(t): the end of the message, by t->closing. */
int step_close(struct step *t);

bool step_has_begun(const struct step *t); /* is there any answer or open question? */

#endif

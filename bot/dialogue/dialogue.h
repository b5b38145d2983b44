/* dialogue.h -- the conversation itself: event in, effects out.
 *
 * No clock, disk, socket or JSON: the same arguments give the same effects. Time is in the
 * event. What a text means is found before (understanding/) and handed in. */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "conversation.h"
#include "effect.h"
#include "meaning.h"
#include "message.h"

struct business;
struct err;
struct locale;

/* All that is fixed while the program runs. */
struct script {
    const struct flow *flow;
    const struct locale *const *locales; /* the first is the default */
    size_t locale_n;
    const struct business *business;
    int retain_text_days; /* told in the privacy line */
    bool desk;            /* what a person writes to the human reaches her desk at once        */
    int64_t human_ms;     /* so long after her last word the bot has the chat again            */
};

enum event_kind {
    EVENT_MESSAGE,    /* the person wrote, tapped, sent …                                      */
    EVENT_CLOCK,      /* conversation_wake_ms() has come                                       */
    EVENT_TAKEN,      /* the human takes the chat over                                         */
    EVENT_SPOKE,      /* she wrote to the person, which takes it over as well                  */
    EVENT_LATER,      /* she has seen it, and wants to be reminded                             */
    EVENT_GIVEN_BACK, /* she gives the chat back to the bot                                    */
    EVENT_GONE,       /* the person cannot be written to any more: blocked us, left            */
    EVENT_TOO_FAST,   /* the person writes faster than can be answered: told once, then silence */
    EVENT_ENOUGH,     /* so much was said that day that it ends there                           */
    EVENT_N
};

struct event {
    enum event_kind kind;
    int64_t now_ms;
    const struct message *message; /* of MESSAGE; else NULL                              */
    const struct meaning *meaning; /* of TEXT, EDIT and captions; NULL or empty: unclear */
    int64_t window_ms; /* so long after the person wrote may the platform be written to; 0: ever */
};

/* dialogue_question(f, c, m): the question against which the words of `m` are to be read: the
 * open one, for an edit the one that was open when the message was typed; -1 none. */
int dialogue_question(const struct conversation *c, const struct message *m);

/* dialogue_step(s, c, ev, fx, e): moves the conversation on and fills the effects. -1 only when
 * memory ran out or the flow cannot go on (which check rules out); then `c` is unchanged. */
int dialogue_step(const struct script *s, struct conversation *c, const struct event *ev, struct effects *fx,
                  struct err *e);

/* dialogue_locale(s, c): the words this person is spoken to in. */
const struct locale *dialogue_locale(const struct script *s, const struct conversation *c);

/* dialogue_walk(f, a, from, out): follows the flow from `from` through what is answered; `*out`
 * is the state that waits (ask, advise or menu). Says (texts of say states) passed on the way are put in `says`,
 * `*say_n` of at most DIALOGUE_SAYS_MAX. -1 when it goes round in a circle or too far. */
enum { DIALOGUE_STEPS_MAX = 64, DIALOGUE_SAYS_MAX = 4 };
struct walk {
    int state;
    size_t say_n;
    int say[DIALOGUE_SAYS_MAX];
    int asked;                       /* questions passed that are answered                                */
    int left;                        /* questions still to come, this one included, by the shortest road  */
    bool passed[FLOW_QUESTIONS_MAX]; /* which are answered on the road              */
};
int dialogue_walk(const struct flow *f, const struct answers *a, int from, struct walk *out);

/* Ids of choices, as they stand in buttons for ever: "usage=light", "usage=unsure",
 * "topic:pop", "do:human", "go:topics", "ask:usage". */
enum tap_kind { TAP_ANSWER, TAP_UNSURE, TAP_TOPIC, TAP_COMMAND, TAP_STATE, TAP_ASK, TAP_UNKNOWN };
struct tap {
    enum tap_kind kind;
    int question, index;
};
struct tap dialogue_tap(const struct flow *f, const char *id);

#endif

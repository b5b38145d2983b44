/* check_talk.h -- a conversation being tried: shared by the modules of the proof. Room-internal.
 *
 * check_talk.c goes straight from the first question to every advice, check_detours.c does at a
 * place on the way all else that a person can do there, check_reply.c measures what is said. */
#ifndef CHECK_TALK_H
#define CHECK_TALK_H

#include "dialogue.h"
#include "err.h"
#include "flow.h"
#include "parts.h"

/* Begin, each question, a detour of a few steps. */
enum { TALK_STEPS_MAX = FLOW_QUESTIONS_MAX + 8 };

struct talk {
    const struct content *c;
    const struct flow *f;
    const struct locale *locale; /* in which this one starts */
    struct faults *faults;
    struct content_proof *proof;
    struct arena *names; /* ids of choices, for as long as the proof takes */
    struct effects fx;   /* of the last step                               */
    int64_t now_ms;
    size_t n;
    const char *step[TALK_STEPS_MAX]; /* the conversation so far, to show */
    const char *aside;                /* the detour being tried; NULL: on the straight road */
    bool lets_go;                     /* a goodbye may leave a question without buttons     */
    bool may_hush;                    /* no reply may be the right one                      */
    bool failed;                      /* out of memory, or too much: the proof ends here    */
    const char *tap[FLOW_QUESTIONS_MAX][FLOW_ANSWERS_MAX + 1]; /* "usage=light"; last: unsure */
    const char *begin, *skip;                                  /* "do:begin"; NULL: no command for it */
};

/* talk_tap(t, choice), talk_text(t): a message of this person: a button, words nobody can read. */
struct message talk_tap(const char *choice);
struct message talk_text(void);

/* talk_say(t, c, m, meaning): one turn, its reply measured in every way. `meaning` NULL: as
 * read. False when the dialogue could not go on. */
bool talk_say(struct talk *t, struct conversation *c, const struct message *m, const struct meaning *meaning);

/* talk_event(t, c, ev): one event, what is said to it measured likewise; the time is set here. */
bool talk_event(struct talk *t, struct conversation *c, const struct event *ev);

/* The same as a further step of the conversation to show; undone by talk_back. */
bool talk_step(struct talk *t, struct conversation *c, const struct message *m, const char *name);
void talk_back(struct talk *t);

/* talk_name(t, fmt, ...): a string for as long as the proof takes. */
const char *talk_name(struct talk *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* talk_place(t, c, out): where to look: "locales/nl.json: state 'usage'", with the detour that was
 * made there. Returns `out`. */
const char *talk_place(const struct talk *t, const struct conversation *c, char out[static ERR_TEXT_MAX]);

/* check_reply(t, c): the effects of the last step, after which the conversation stands as `c`. */
void check_reply(struct talk *t, const struct conversation *c);

/* All that can be done from here but going on. */
void check_detours(struct talk *t, const struct conversation *c);

/* First contact by typing a lot at once. */
void check_outpouring(struct talk *t, const struct conversation *c);

/* The open question answered by typing, with a question of one's own
 * in the same message. */
void check_asides(struct talk *t, const struct conversation *c);

#endif

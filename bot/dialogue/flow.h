/* flow.h -- a dialogue as data: states, questions, points, outcomes. Read-only once built.
 *
 * Indexes instead of pointers: a flow is one value that can be compared, copied and proved.
 * Names: a *question* is a state that asks; an *answer* one of its choices. */
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>
#include <stddef.h>

/* A questionnaire longer than this is no chat, and the proof must stay finite. */
enum {
    FLOW_QUESTIONS_MAX = 12,
    FLOW_ANSWERS_MAX = 8,
    FLOW_STATES_MAX = 48,
    FLOW_OPTIONS_MAX = 10, /* WhatsApp: ten rows in a list */
    FLOW_CASES_MAX = 8,
    FLOW_OUTCOMES_MAX = 5,
    FLOW_RULES_MAX = 6,
    FLOW_TOPICS_MAX = 40,
    FLOW_COMMANDS_MAX = 32,
    FLOW_POINTS_MAX = 99,
    FLOW_ID_MAX = 24 /* bytes; "question=answer" must fit Telegram's 64 */
};

enum state_kind { STATE_ASK, STATE_SAY, STATE_BRANCH, STATE_ADVISE, STATE_MENU, STATE_KIND_N };
const char *state_kind_name(enum state_kind kind); /* "ask", "say", … */

struct flow_answer {
    const char *id;
    int points;                     /* how much it pleads for the last outcome of the ladder        */
    bool decisive;                  /* weighs by itself: not counted in `other_points`              */
    int to;                         /* state                                                        */
    int label, reason, when, other; /* texts: button; why; "if it were so"; in other words */
};

struct flow_question {
    const char *id;
    int state;
    size_t answer_n;
    struct flow_answer answer[FLOW_ANSWERS_MAX];
    bool offer_unsure;           /* a button for it; typing it is always possible */
    int unsure_to;               /* state after unsure or skipped                 */
    int ask, again, other, noun; /* texts: in full; shorter; in other words; what it is about */
};

/* What a button does that is no answer. */
enum option_kind { OPTION_COMMAND, OPTION_TOPIC, OPTION_STATE };

struct flow_option {
    enum option_kind kind;
    int index;
    int label; /* text */
};

struct flow_case {
    int question;
    unsigned answers; /* bit per answer; bit FLOW_ANSWERS_MAX: unsure or skipped */
    int to;
};

struct flow_state {
    const char *id;
    enum state_kind kind;
    int question;  /* ASK                                     */
    int text;      /* SAY, MENU                               */
    int label;     /* MENU: on a button that leads here. -1: no button does */
    int to;        /* SAY; BRANCH: when no case fits          */
    size_t case_n; /* BRANCH                                  */
    struct flow_case cases[FLOW_CASES_MAX];
    size_t option_n; /* MENU, ADVISE                            */
    struct flow_option option[FLOW_OPTIONS_MAX];
};

struct range {
    int from, to; /* both included */
};

/* All three must hold. */
struct flow_rule {
    struct range points;       /* the sum                                       */
    struct range unsure;       /* how many unsure or skipped                    */
    struct range other_points; /* the sum without the decisive answers' points  */
};

struct flow_outcome {
    const char *id;
    size_t rule_n;
    struct flow_rule rule[FLOW_RULES_MAX]; /* any of them                           */
    int lean_to;                           /* outcome it can lean to; -1            */
    struct range lean_points;              /* when it does                          */
    int title, text, name, turn;           /* texts; turn: "{{if}}, dan was …"      */
};

enum verb {
    VERB_BEGIN,
    VERB_RESTART,
    VERB_BACK,
    VERB_CHANGE,
    VERB_SKIP,
    VERB_STOP,
    VERB_ERASE,
    VERB_LANGUAGE,
    VERB_SHOW,
    VERB_SAY,
    VERB_REACH,
    VERB_GREET,
    VERB_PART,   /* a text and nothing after it: who says goodbye is let go */
    VERB_THANK,  /* a text, likewise: who thanks asks nothing                */
    VERB_RESUME, /* from the human back to the bot                          */
    VERB_N
};
const char *verb_name(enum verb v); /* "begin", "restart", … */

struct flow_command {
    const char *id;
    enum verb verb;
    int state;          /* SHOW                                    */
    const char *locale; /* LANGUAGE: a locale's code               */
    int text;           /* SAY, PART, THANK, REACH, LANGUAGE (nothing else to say: -1) */
};

struct flow_topic {
    const char *id;
    int text, label;
};

struct flow {
    const char *id;
    int version;
    const char *source; /* the file, for messages */
    int welcome;        /* state shown while nothing is open */
    int begin;          /* state where the questions start   */
    size_t state_n, question_n, outcome_n, caution_n, topic_n, command_n;
    struct flow_state state[FLOW_STATES_MAX];
    struct flow_question question[FLOW_QUESTIONS_MAX];
    struct flow_outcome outcome[FLOW_OUTCOMES_MAX]; /* the ladder, from little to much */
    struct flow_rule caution[FLOW_RULES_MAX];
    struct flow_topic topic[FLOW_TOPICS_MAX];
    struct flow_command command[FLOW_COMMANDS_MAX];
};

/* Lookups by id: the index, or -1. */
int flow_state_find(const struct flow *f, const char *id);
int flow_question_find(const struct flow *f, const char *id);
int flow_answer_find(const struct flow *f, int question, const char *id);
int flow_outcome_find(const struct flow *f, const char *id);
int flow_topic_find(const struct flow *f, const char *id);
int flow_command_find(const struct flow *f, const char *id);

/* flow_command_label(f, command): the text of a button that gives it; -1 when none does. */
int flow_command_label(const struct flow *f, int command);

#endif

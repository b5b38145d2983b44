/* text.h -- the words of one locale, compiled: pieces of text with places to fill in.
 *
 * In the file a text is "Hoi {{name}}" (i18next placeholders) or a pair key_one / key_other
 * chosen by {{count}}. Here it is a row of pieces; filling in cannot fail but for memory. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* What a text may ask for, between {{ }} by these names in lower case. */
enum param {
    PARAM_NAME,     /* the customer's, as the platform shows it                    */
    PARAM_BUSINESS, /* "Get to the Point"                                          */
    PARAM_HUMAN,    /* who helps further: "Elisah"                                 */
    PARAM_PHONE,
    PARAM_EMAIL,
    PARAM_SITE,
    PARAM_SOCIAL,   /* the other places to find the business, as one line          */
    PARAM_HOURS,    /* "maandag, dinsdag en donderdag van 9.00 tot 17.00 uur"      */
    PARAM_MOMENT,   /* the next moment she reads: "dinsdag vanaf 9.00 uur"         */
    PARAM_DAYS,     /* how long raw text is kept                                   */
    PARAM_N,        /* the number of the open question                             */
    PARAM_TOTAL,    /* of how many                                                 */
    PARAM_COUNT,    /* a number that also chooses _one or _other                   */
    PARAM_ANSWER,   /* an answer's label                                           */
    PARAM_QUESTION, /* what a question is about: "je agenda"                       */
    PARAM_LIST,     /* several of either, joined by commas and "en"                */
    PARAM_IF,       /* a counterfactual clause: "Hoefde je agenda niet ..."        */
    PARAM_OUTCOME,  /* "IMAP"                                                      */
    PARAM_OTHER,    /* the second of two answers, topics or commands               */
    PARAM_N_OF
};

const char *param_name(enum param p);

/* param_from(name, n, out): the param of a name of `n` bytes. False when there is none. */
bool param_from(const char *name, size_t n, enum param *out);

struct piece {
    const char *literal; /* NULL: a param */
    enum param param;
};

struct text {
    const struct piece *other; /* ends with a piece of literal NULL and param PARAM_N_OF   */
    const struct piece *one;   /* for a count of one; NULL: the same                        */
};

/* Texts the dialogue itself speaks, whatever the flow; text_key[] has their names and what
 * each must and may be filled with. A flow's own texts are numbered from TEXT_N on. */
enum text_id {
    TEXT_INTRO, /* who is talking, before anything else at first contact    */
    TEXT_INTRO_NAMED,
    TEXT_PRIVACY,       /* a footer, at most 60 characters                          */
    TEXT_PROGRESS,      /* *Vraag 2 van 6*                                          */
    TEXT_REMAINING,     /* *Nog 3 vragen*                                           */
    TEXT_UNSURE_LABEL,  /* a button: Weet ik niet                                   */
    TEXT_UNSURE_HINT,   /* under the first question only: typing "weet ik niet"     */
    TEXT_LIST_TITLE,    /* opens a list of choices                                  */
    TEXT_NOTED,         /* typed answers as understood: {{list}}                    */
    TEXT_NOTED_LIKELY,  /* one typed answer, fairly sure: {{list}}                  */
    TEXT_CORRECT_LABEL, /* a button: that is not what I meant                      */
    TEXT_GUESS_ONE,     /* did you mean {{answer}}?                                 */
    TEXT_GUESS_TWO,     /* did you mean {{answer}} or {{other}}?                    */
    TEXT_OTHER_LABEL,   /* a button: something else                                 */
    TEXT_CHANGE_DOUBT,  /* is {{question}} now {{answer}}?                          */
    TEXT_ERASE_LABEL,   /* a button: erase my data                                  */
    TEXT_CHANGED,       /* an earlier answer is now: {{question}}, {{answer}}       */
    TEXT_REOPENED,      /* an answer asked again: {{answer}} stands now             */
    TEXT_NOTHING_BACK,  /* back, where there is nothing to go back to               */
    TEXT_NOTHING_TO_SKIP,
    TEXT_RESTARTED,
    TEXT_CHANGE_PICK,   /* which answer do you want to change?                      */
    TEXT_CHANGE_NONE,   /* no answer to change yet                                  */
    TEXT_CHANGE_ROW,    /* a row's note: {{answer}}                                 */
    TEXT_SKIPPED_LABEL, /* Overgeslagen                                             */
    TEXT_RESUME,        /* back after a day, a question open: {{n}}, {{total}}      */
    TEXT_RESUME_AFTER,  /* back after a day, advice given: {{outcome}}              */
    TEXT_LATE,          /* old messages came late: one apology                      */
    TEXT_STOPPED,       /* the last line before silence                             */
    TEXT_ERASED,        /* the receipt                                              */
    TEXT_LANGUAGE_SET,
    TEXT_UNCLEAR,       /* first misunderstanding at a question                     */
    TEXT_UNCLEAR_AGAIN, /* second: options in other words, and the human            */
    TEXT_UNCLEAR_MORE,  /* any further, other words than the one before             */
    TEXT_UNCLEAR_OPEN,  /* not understood while no question is open                 */
    TEXT_UNCLEAR_OPEN_AGAIN,
    TEXT_OLD_BUTTON, /* a button this flow no longer knows                       */
    TEXT_MEDIA_VOICE,
    TEXT_MEDIA_AUDIO,
    TEXT_MEDIA_IMAGE,
    TEXT_MEDIA_VIDEO,
    TEXT_MEDIA_DOCUMENT,
    TEXT_MEDIA_STICKER,
    TEXT_MEDIA_LOCATION,
    TEXT_MEDIA_CONTACT,
    TEXT_MEDIA_ORDER,
    TEXT_MEDIA_OTHER,
    TEXT_ADVICE_REASONS, /* the line above the reasons                               */
    TEXT_ADVICE_AGAINST, /* {{list}}: what pleads the other way                      */
    TEXT_ADVICE_LEAN,    /* which way a "talk" leans: {{outcome}}                    */
    TEXT_ADVICE_NO_LEAN,
    TEXT_ADVICE_UNSURE,  /* {{count}} answers unsure: {{list}}                       */
    TEXT_ADVICE_SKIPPED, /* {{count}} skipped: {{list}}                              */
    TEXT_ADVICE_CAUTION, /* much was unsure: talk first                              */
    TEXT_ADVICE_STEADY,  /* no single answer would turn it                           */
    TEXT_ADVICE_NUANCE,  /* spam depends on the platform, no guarantee               */
    TEXT_ADVICE_FREE,    /* the choice is never final                                */
    TEXT_LINK_LEAD,      /* Elisah denkt graag met je mee                            */
    TEXT_LINK_TITLE,     /* on a button                                              */
    TEXT_REACH_PLAIN,    /* phone, mail and site, where no chat link can be given    */
    TEXT_GO_ON,          /* a button: go on meanwhile                                */
    TEXT_STOP_HERE,      /* a button                                                 */
    TEXT_SUMMARY,        /* prefilled in the link: {{outcome}}, {{list}}             */
    TEXT_TALK_LABEL,     /* a button: talk to the human                              */
    TEXT_SUMMARY_BARE,   /* prefilled when no answer weighed: {{outcome}}            */
    TEXT_SUMMARY_OPEN,   /* prefilled before there is an advice                      */
    TEXT_AND,            /* " en ", the last joint of a list                         */
    TEXT_HOURS_BLOCK,    /* {{list}} (days) van {{n}} tot {{total}} uur              */
    TEXT_MOMENT_TODAY,   /* vandaag vanaf {{n}} uur                                  */
    TEXT_MOMENT_TOMORROW,
    TEXT_MOMENT_DAY,     /* {{list}} (a weekday) vanaf {{n}} uur                     */
    TEXT_MOMENT_DATE,    /* further away: {{list}} (weekday) {{count}} {{question}} (month), {{n}} */
    TEXT_MOMENT_NOW,     /* she is there now                                         */
    TEXT_MOMENT_UNKNOWN, /* no moment within the horizon                             */
    TEXT_DAY_MONDAY,
    TEXT_DAY_TUESDAY,
    TEXT_DAY_WEDNESDAY,
    TEXT_DAY_THURSDAY,
    TEXT_DAY_FRIDAY,
    TEXT_DAY_SATURDAY,
    TEXT_DAY_SUNDAY,
    TEXT_MONTH_1,
    TEXT_MONTH_2,
    TEXT_MONTH_3,
    TEXT_MONTH_4,
    TEXT_MONTH_5,
    TEXT_MONTH_6,
    TEXT_MONTH_7,
    TEXT_MONTH_8,
    TEXT_MONTH_9,
    TEXT_MONTH_10,
    TEXT_MONTH_11,
    TEXT_MONTH_12,
    TEXT_HANDED,            /* asked for the human, who has a desk: {{moment}}          */
    TEXT_HANDED_NOW,        /* the same while she is there                              */
    TEXT_STILL_WAITING,     /* asked again                                             */
    TEXT_STILL_WAITING_NOW, /* the same while she is there                            */
    TEXT_RATHER_CALL,       /* the phone, beneath either                               */
    TEXT_PASSED_ON,         /* words not understood, passed on to her                  */
    TEXT_MEDIA_PASSED_ON,   /* what the bot cannot read, passed on                     */
    TEXT_OVERDUE,           /* she has not answered yet: phone and mail                */
    TEXT_BOT_AGAIN,         /* the person went back to the bot                         */
    TEXT_BOT_BACK,          /* the human gave back, or was silent for long             */
    TEXT_TOO_FAST,          /* the line before silence, to who writes too fast         */
    TEXT_ENOUGH,            /* the same, to whom much was said that day                */

    /* What she reads at her desk. */
    TEXT_DESK_ASKED,      /* {{name}} asks for you                                   */
    TEXT_DESK_SOMEBODY,   /* instead of a name                                       */
    TEXT_DESK_VIA,        /* {{other}}: the channel                                  */
    TEXT_DESK_VIA_NUMBER, /* {{other}}, {{n}}: and the phone number                  */
    TEXT_DESK_ANSWERS,    /* above the answers                                       */
    TEXT_DESK_ANSWER,     /* {{question}}: {{answer}}                                */
    TEXT_DESK_DOUBTFUL,   /* the same, not understood for certain                    */
    TEXT_DESK_NO_ANSWERS,
    TEXT_DESK_ADVICE,     /* {{outcome}}                                             */
    TEXT_DESK_LEAN,       /* {{outcome}}                                             */
    TEXT_DESK_LEFT,       /* {{count}} questions to go                               */
    TEXT_DESK_WORDS,      /* {{answer}}: the last words                              */
    TEXT_DESK_PROMISED,   /* {{moment}}: what the person was told                    */
    TEXT_DESK_WINDOW,     /* {{moment}}: until when she can write                    */
    TEXT_DESK_WROTE_EDIT, /* {{answer}}                                              */
    TEXT_DESK_WROTE_TAP,  /* {{answer}}                                              */
    TEXT_DESK_WITHDRAWN,
    TEXT_DESK_MEDIA,  /* {{answer}}: "een foto"                                  */
    TEXT_DESK_REMIND, /* {{name}}                                                */
    TEXT_DESK_LATER,  /* {{moment}}                                              */
    TEXT_DESK_OVERDUE,
    TEXT_DESK_OVERDUE_SILENT, /* the person could not be told                          */
    TEXT_DESK_SHUTTING,       /* {{moment}}                                              */
    TEXT_DESK_TAKEN,
    TEXT_DESK_GIVEN_BACK,
    TEXT_DESK_BACK,
    TEXT_DESK_RESUMED,
    TEXT_DESK_GONE,
    TEXT_DESK_ERASED,
    TEXT_DESK_ECHO,          /* {{answer}}: she wrote from the platform's own app       */
    TEXT_DESK_KEPT,          /* too late: kept until the person writes                  */
    TEXT_DESK_KEPT_NUMBER,   /* {{n}}: call                                             */
    TEXT_DESK_KEPT_TEMPLATE, /* {{answer}}: a template's name                          */
    TEXT_DESK_UNDELIVERED,   /* {{answer}}: what she wrote did not arrive               */
    TEXT_DESK_WHOM,          /* written to nobody: quote a message                      */
    TEXT_DESK_NO_MEDIA,      /* what she sent cannot be passed on                       */
    TEXT_DESK_NO_EDIT,       /* an edit is not passed on                                */
    TEXT_DESK_LOST_MEDIA,    /* the file could not be fetched                           */
    TEXT_DESK_MISSED,        /* {{answer}} messages came too fast to be shown           */
    TEXT_DESK_DIGEST,        /* {{count}} wait                                          */
    TEXT_DESK_DIGEST_LINE,   /* {{name}}, {{moment}}: since when                        */
    TEXT_DESK_TAKE_LABEL,    /* buttons                                                 */
    TEXT_DESK_LATER_LABEL,
    TEXT_DESK_BACK_LABEL,
    TEXT_THING_VOICE, /* "een spraakbericht", in the order of enum media_kind   */
    TEXT_THING_AUDIO,
    TEXT_THING_IMAGE,
    TEXT_THING_VIDEO,
    TEXT_THING_DOCUMENT,
    TEXT_THING_STICKER,
    TEXT_THING_LOCATION,
    TEXT_THING_CONTACT,
    TEXT_THING_ORDER,
    TEXT_THING_OTHER,
    TEXT_TIME_TODAY, /* {{n}}: vandaag 16.45 uur                                    */
    TEXT_TIME_TOMORROW,
    TEXT_TIME_DAY,  /* {{list}} (a weekday) {{n}}                                  */
    TEXT_TIME_DATE, /* {{list}} (weekday) {{count}} {{question}} (month), {{n}}    */
    TEXT_N
};

/* Bit sets of params, for what a text needs. */
#define PARAM_BIT(p) (1u << (p))

struct text_spec {
    const char *key;
    unsigned may;  /* params that have a value when this text is spoken */
    unsigned must; /* params without which the text makes no sense      */
    bool plural;   /* comes as _one and _other                          */
};
extern const struct text_spec text_spec[TEXT_N];

/* Params that every text may use: the business's own. */
#define PARAM_ALWAYS                                                                                         \
    (PARAM_BIT(PARAM_BUSINESS) | PARAM_BIT(PARAM_HUMAN) | PARAM_BIT(PARAM_PHONE) | PARAM_BIT(PARAM_EMAIL) |  \
     PARAM_BIT(PARAM_SITE) | PARAM_BIT(PARAM_SOCIAL) | PARAM_BIT(PARAM_HOURS) | PARAM_BIT(PARAM_DAYS))

/* Values to fill in; an absent one is NULL and is written as nothing. */
struct params {
    const char *value[PARAM_N_OF];
    int count;
};

struct locale {
    const char *code;        /* "nl"                                     */
    const struct text *text; /* by text id                               */
    const char *source;      /* the file, for messages                   */
};

/* text_asks(l, id, p): does the text have a place for this param? */
bool text_asks(const struct locale *l, int id, enum param p);

/* text_write(l, id, p, out): the text with its places filled in. */
void text_write(const struct locale *l, int id, const struct params *p, struct buf *out);

#endif

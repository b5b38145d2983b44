/* check_detours.c -- all that a person can do at one place of a conversation but going on. */
#include <string.h>

#include "check_talk.h"
#include "message.h"
#include "utf8.h"

static const int64_t DAY_AND_MORE_MS = INT64_C(25) * 3600 * 1000;
static const int64_t HOUR_MS = INT64_C(3600) * 1000;

/* One, two, three misunderstandings, and one more for the words that take turns. */
enum { MISSES = 4 };

static void aside(struct talk *t, const char *name)
{
    t->aside = name;
    t->proof->paths++;
}

/* `kind` stands in the fault, and of all of a kind the worst is shown; `name` in its conversation. */
static void try_message(struct talk *t, const struct conversation *c, const struct message *m,
                        const char *name, const char *kind)
{
    struct conversation next = *c;

    aside(t, kind);
    (void)talk_step(t, &next, m, name);
    talk_back(t);
    t->aside = NULL;
}

static void try_tap(struct talk *t, const struct conversation *c, const char *id, const char *kind)
{
    const struct message m = talk_tap(id);

    try_message(t, c, &m, id, kind);
}

/* After a goodbye or a stop the person writes again; after an erasure they are new. */
static void try_command(struct talk *t, const struct conversation *c, const struct flow_command *cmd)
{
    struct conversation next = *c;
    const char *id = talk_name(t, "do:%s", cmd->id);
    const struct message m = talk_tap(id), words = talk_text();

    aside(t, cmd->id);
    t->lets_go = cmd->verb == VERB_PART || cmd->verb == VERB_STOP || cmd->verb == VERB_ERASE;
    bool gone = t->lets_go;
    bool on = talk_step(t, &next, &m, cmd->id);
    t->lets_go = false;
    if (on && gone) {
        (void)talk_step(t, &next, &words, "unclear text");
        talk_back(t);
    }
    talk_back(t);
    t->aside = NULL;
}

/* An answer asked again, and then answered in each way. */
static void try_ask(struct talk *t, const struct conversation *c, int question)
{
    struct conversation open = *c;
    const char *id = talk_name(t, "ask:%s", t->f->question[question].id);
    const struct message m = talk_tap(id);

    aside(t, id);
    if (talk_step(t, &open, &m, id)) {
        for (size_t a = 0; a < t->f->question[question].answer_n; a++) {
            struct conversation next = open;
            const struct message tap = talk_tap(t->tap[question][a]);
            (void)talk_step(t, &next, &tap, t->tap[question][a]);
            talk_back(t);
        }
    }
    talk_back(t);
    t->aside = NULL;
}

static void try_taps(struct talk *t, const struct conversation *c)
{
    const struct flow *f = t->f;

    for (size_t i = 0; i < f->topic_n; i++)
        try_tap(t, c, talk_name(t, "topic:%s", f->topic[i].id), "a topic");
    for (size_t i = 0; i < f->command_n; i++) try_command(t, c, &f->command[i]);
    for (size_t i = 0; i < f->state_n; i++)
        if (f->state[i].kind == STATE_MENU) {
            const char *id = talk_name(t, "go:%s", f->state[i].id);
            try_tap(t, c, id, id);
        }
    for (int q = 0; q < (int)f->question_n; q++) {
        try_ask(t, c, q);
        if (q == c->question && c->state == CONVERSATION_ASKING) continue; /* that is going on */
        for (size_t a = 0; a < f->question[q].answer_n; a++)
            try_tap(t, c, t->tap[q][a], "an answer elsewhere");
        try_tap(t, c, t->tap[q][FLOW_ANSWERS_MAX], "an answer elsewhere");
    }
    try_tap(t, c, "of:another=flow", "an old button");
}

static void try_unclear(struct talk *t, const struct conversation *c)
{
    static const char *const name[MISSES] = {"unclear text", "unclear again", "unclear more",
                                             "unclear still"};
    const struct message m = talk_text();
    struct conversation next = *c;
    int said = 0;

    aside(t, name[0]);
    while (said < MISSES) {
        t->aside = name[said];
        if (!talk_step(t, &next, &m, name[said++])) break;
    }
    for (; said > 0; said--) talk_back(t);
    t->aside = NULL;
}

static void try_media(struct talk *t, const struct conversation *c)
{
    for (int k = 0; k < MEDIA_N; k++) {
        struct message m = talk_text();
        m.kind = MESSAGE_MEDIA;
        m.media = (enum media_kind)k;
        m.text = NULL;
        t->may_hush = c->media_ms != 0;
        try_message(t, c, &m, media_kind_name((enum media_kind)k), media_kind_name((enum media_kind)k));
        t->may_hush = false;
    }
}

/* The one line, which leaves the question as it is. */
static void try_flood(struct talk *t, const struct conversation *c, enum event_kind kind, const char *name)
{
    const struct event ev = {.kind = kind};
    struct conversation next = *c;

    aside(t, name);
    t->step[t->n++] = name;
    t->lets_go = true;
    (void)talk_event(t, &next, &ev);
    t->lets_go = false;
    talk_back(t);
    t->aside = NULL;
}

/* The next day, and after an outage. */
static void try_times(struct talk *t, const struct conversation *c)
{
    const int64_t now = t->now_ms;
    struct message words = talk_text(), open = talk_text();

    open.kind = MESSAGE_OPEN;
    open.text = NULL;
    try_message(t, c, &open, "opened the chat", "opened the chat");
    t->now_ms = now + DAY_AND_MORE_MS;
    try_message(t, c, &open, "opened the chat a day later", "opened the chat a day later");
    try_message(t, c, &words, "unclear text a day later", "unclear text a day later");
    words.sent_ms = now;
    try_message(t, c, &words, "unclear text that came a day late", "unclear text that came a day late");
    t->now_ms = now;
    words.sent_ms = now - HOUR_MS;
    try_message(t, c, &words, "unclear text that came late", "unclear text that came late");
    for (size_t i = 0; i < t->f->topic_n; i++) {
        struct message tap = talk_tap(talk_name(t, "topic:%s", t->f->topic[i].id));
        tap.sent_ms = now - HOUR_MS;
        try_message(t, c, &tap, talk_name(t, "topic:%s that came late", t->f->topic[i].id),
                    "a topic that came late");
    }
}

/* ---- typed answers ---- */

static struct label longest_answer(const struct talk *t, int question)
{
    const struct flow_question *q = &t->f->question[question];
    struct label l = {.kind = LABEL_ANSWER, .question = question, .score = 1.0};
    size_t most = 0;

    for (int a = 0; a < (int)q->answer_n; a++) {
        const struct piece *p = t->locale->text[q->answer[a].label].other;
        size_t n = 0;
        for (; p->literal != NULL || p->param != PARAM_N_OF; p++)
            n += p->literal == NULL ? 0 : utf8_count(p->literal);
        if (n <= most) continue;
        most = n;
        l.index = a;
    }
    return l;
}

static void say_meaning(struct talk *t, const struct conversation *c, const struct meaning *m,
                        const char *name, const char *kind)
{
    struct conversation next = *c;
    const struct message words = talk_text();

    aside(t, kind);
    t->step[t->n++] = name;
    (void)talk_say(t, &next, &words, m);
    talk_back(t);
    t->aside = NULL;
}

/* The answers in `m` alone, and with each topic in the same message. */
static void say_with_topics(struct talk *t, const struct conversation *c, struct meaning *m, const char *what)
{
    const char *with = talk_name(t, "%s with a topic", what);

    if (m->n > 0) say_meaning(t, c, m, what, what);
    if (m->n == MEANING_LABELS_MAX) m->n--; /* no more than so many are read in one message */
    m->n++;
    for (size_t i = 0; i < t->f->topic_n; i++) {
        m->label[m->n - 1] =
            (struct label){.kind = LABEL_TOPIC, .question = -1, .index = (int)i, .score = 1.0};
        say_meaning(t, c, m, talk_name(t, "%s with topic:%s", what, t->f->topic[i].id), with);
    }
}

static struct label topic_after(const struct flow *f, size_t i)
{
    return (struct label){.kind = LABEL_TOPIC, .question = -1, .index = (int)((i + 1) % f->topic_n)};
}

/* One guess after the other beside the longest answer: what cannot stand on a button is not offered. */
static void try_guesses(struct talk *t, const struct conversation *c)
{
    struct meaning m = {.guess_n = MEANING_GUESSES_MAX};
    const struct label unsure = {.kind = LABEL_UNSURE, .question = c->question};
    const bool asking = c->state == CONVERSATION_ASKING;

    if (asking) m.guess[0] = longest_answer(t, c->question);
    m.guess[1] = unsure;
    if (asking) say_meaning(t, c, &m, "two guesses", "two guesses");
    for (size_t i = 0; i < t->f->topic_n; i++) {
        if (!asking) m.guess[0] = topic_after(t->f, i);
        m.guess_n = asking || t->f->topic_n > 1 ? 2 : 1;
        m.guess[1] = (struct label){.kind = LABEL_TOPIC, .question = -1, .index = (int)i};
        say_meaning(t, c, &m, talk_name(t, "two guesses, one topic:%s", t->f->topic[i].id), "two guesses");
    }
    m.guess_n = 2;
    for (size_t i = 0; i < t->f->command_n; i++) {
        m.guess[1] = (struct label){.kind = LABEL_COMMAND, .question = -1, .index = (int)i};
        say_meaning(t, c, &m, talk_name(t, "two guesses, one do:%s", t->f->command[i].id), "two guesses");
    }
    m.guess_n = 1;
    for (int q = 0; q < (int)t->f->question_n; q++) {
        m.guess[0] = longest_answer(t, q);
        say_meaning(t, c, &m, talk_name(t, "a guess at %s", t->f->question[q].id), "a guess");
    }
}

void check_asides(struct talk *t, const struct conversation *c)
{
    struct meaning m = {.n = 1};

    if (c->state != CONVERSATION_ASKING) return;
    m.label[0] = longest_answer(t, c->question);
    say_meaning(t, c, &m, "typed answer", "typed answer");
    m.label[0].likely = true; /* the longer of the two replies */
    say_with_topics(t, c, &m, "typed answer, fairly sure");
}

void check_outpouring(struct talk *t, const struct conversation *c)
{
    struct meaning m = {0};

    for (int q = 0; q + 1 < (int)t->f->question_n && m.n < MEANING_LABELS_MAX; q++)
        m.label[m.n++] = longest_answer(t, q);
    say_with_topics(t, c, &m, "all but one answer typed");
}

void check_detours(struct talk *t, const struct conversation *c)
{
    try_taps(t, c);
    try_unclear(t, c);
    try_media(t, c);
    try_times(t, c);
    try_guesses(t, c);
    try_flood(t, c, EVENT_TOO_FAST, "too many messages");
    try_flood(t, c, EVENT_ENOUGH, "too many replies");
    check_asides(t, c);
}

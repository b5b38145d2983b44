#include "check_talk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "arena.h"
#include "buf.h"
#include "business.h"
#include "err.h"
#include "faults.h"
#include "utf8.h"

/* A turn's strings: a reply of a few thousand bytes and its parts. */
enum { TURN_BYTES = 64 * 1024, NAMES_BYTES = 16 * 1024 };

/* WhatsApp profile names hold 25 characters; W is the widest. */
static const char longest_name[] = "WWWWWWWWWWWWWWWWWWWWWWWWW";

/* The questions, an opening and an advice: what a straight conversation may cost. */
enum { MESSAGES_BESIDE_QUESTIONS = 2 };

/* ---- saying ---- */

struct message talk_tap(const char *choice)
{
    return (struct message){
        .kind = MESSAGE_TAP, .id = "check", .choice = choice, .text = choice, .name = longest_name};
}

struct message talk_text(void)
{
    return (struct message){.kind = MESSAGE_TEXT, .id = "check", .text = "?", .name = longest_name};
}

const char *talk_name(struct talk *t, const char *fmt, ...)
{
    char text[FLOW_ID_MAX * 4];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    const char *name = arena_strdup(t->names, text);
    if (name == NULL) t->failed = true;
    return name == NULL ? "" : name;
}

bool talk_say(struct talk *t, struct conversation *c, const struct message *m, const struct meaning *meaning)
{
    /* Nobody reads words here: training may be going on meanwhile. */
    static const struct meaning nothing = {0};
    const struct event ev = {.message = m, .meaning = meaning != NULL ? meaning : &nothing};

    return talk_event(t, c, &ev);
}

bool talk_event(struct talk *t, struct conversation *c, const struct event *ev)
{
    struct event now = *ev;
    char where[ERR_TEXT_MAX];
    struct err e = {0};

    if (t->failed) return false;
    now.now_ms = t->now_ms;
    arena_reset(t->fx.arena);
    if (dialogue_step(&t->c->script, c, &now, &t->fx, &e) != 0) {
        faults_shown(t->faults, t->step, t->n, "%s: %s", talk_place(t, c, where), e.text);
        return false;
    }
    check_reply(t, c);
    return true;
}

bool talk_step(struct talk *t, struct conversation *c, const struct message *m, const char *name)
{
    if (t->n == TALK_STEPS_MAX) {
        t->failed = true;
        return false;
    }
    t->step[t->n++] = name;
    return talk_say(t, c, m, NULL);
}

void talk_back(struct talk *t)
{
    t->n--;
}

/* ---- the straight road ---- */

struct road {
    struct talk t;
    bool tried[FLOW_QUESTIONS_MAX];         /* detours at this question     */
    bool tried_after[FLOW_OUTCOMES_MAX][4]; /* after this advice, by lean and caution */
    size_t ends;
    struct {
        size_t points;
        struct conversation before; /* the last question still open */
        const char *last;           /* its answer                   */
        size_t n;
        const char *step[TALK_STEPS_MAX];
    } longest; /* advice of all               */
};

static void note_longest(struct road *r, const struct conversation *before, const char *last)
{
    const char *text = r->t.fx.n == 0 ? "" : r->t.fx.effect[0].say.out.text;

    if (strlen(text) <= r->longest.points) return;
    size_t points = utf8_count(text);
    if (points <= r->longest.points) return;
    r->longest.points = points;
    r->longest.before = *before;
    r->longest.last = last;
    r->longest.n = r->t.n;
    memcpy(r->longest.step, r->t.step, sizeof r->longest.step);
}

static void arrive(struct road *r, const struct conversation *c)
{
    struct talk *t = &r->t;
    char where[ERR_TEXT_MAX];
    struct advice adv;

    r->ends++;
    t->proof->paths++;
    if (t->n > t->f->question_n + MESSAGES_BESIDE_QUESTIONS)
        faults_shown(t->faults, t->step, t->n, "%s: advice after %zu messages, at most %zu",
                     talk_place(t, c, where), t->n, t->f->question_n + MESSAGES_BESIDE_QUESTIONS);
    if (advice_compute(t->f, &c->answers, &adv) != 0) return;
    bool *tried = &r->tried_after[adv.outcome][(adv.lean >= 0) * 2 + adv.caution];
    if (!*tried) check_detours(t, c);
    *tried = true;
    /* check_advice counted the combinations: more ends than that is a dialogue that goes round. */
    if (r->ends > COMBINATIONS_MAX) t->failed = true;
}

static void go_on(struct road *r, const struct conversation *c);

static void answer(struct road *r, const struct conversation *c, const char *choice, const char *name)
{
    struct conversation next = *c;
    const struct message m = talk_tap(choice);

    if (talk_step(&r->t, &next, &m, name)) {
        if (next.state == CONVERSATION_AFTER) note_longest(r, c, choice);
        go_on(r, &next);
    }
    talk_back(&r->t);
}

static void go_on(struct road *r, const struct conversation *c)
{
    struct talk *t = &r->t;
    char where[ERR_TEXT_MAX];

    if (t->failed) return;
    if (c->state == CONVERSATION_AFTER) {
        arrive(r, c);
        return;
    }
    if (c->state != CONVERSATION_ASKING || t->n > t->f->question_n + MESSAGES_BESIDE_QUESTIONS) {
        faults_shown(t->faults, t->step, t->n, "%s: no advice after %zu messages", talk_place(t, c, where),
                     t->n);
        return;
    }
    if (!r->tried[c->question]) {
        r->tried[c->question] = true;
        check_detours(t, c);
    }
    const struct flow_question *q = &t->f->question[c->question];
    for (size_t i = 0; i < q->answer_n; i++) answer(r, c, t->tap[c->question][i], t->tap[c->question][i]);
    answer(r, c, t->tap[c->question][FLOW_ANSWERS_MAX], t->tap[c->question][FLOW_ANSWERS_MAX]);
    if (t->skip != NULL) answer(r, c, t->skip, t->skip + sizeof "do:" - 1);
}

/* The longest advice again, where the chat link gives way to phone and mail, and typed. */
static void stretch_longest(struct road *r)
{
    struct talk *t = &r->t;
    struct conversation c = r->longest.before;
    struct message m = talk_tap(r->longest.last);

    if (r->longest.points == 0 || t->failed) return;
    memcpy(t->step, r->longest.step, sizeof t->step);
    t->n = r->longest.n;
    m.our_number = t->c->business->whatsapp;
    (void)talk_say(t, &c, &m, NULL);
    t->n--;
    check_asides(t, &r->longest.before);
    t->n = 0;
}

/* ---- every locale ---- */

/* A moment for which the words for "when is she there" are longest. The proof has no clock: it tries
 * every six hours of a year with each weekday, holiday and way of saying it ("morgen", "dinsdag",
 * a date), and of the year's days off. */
static int64_t longest_moment(const struct talk *t)
{
    const int64_t first = INT64_C(1767225600000), step = INT64_C(6) * 3600 * 1000; /* 1 Jan 2026 */
    const int quarters = 366 * 4;
    struct buf words = {0};
    int64_t best = first;
    size_t most = 0;

    for (int i = 0; i < quarters; i++) {
        buf_clear(&words);
        hours_write_moment(&t->c->business->hours, first + i * step, t->locale, &words);
        size_t n = utf8_count(buf_text(&words));
        if (n > most) {
            most = n;
            best = first + i * step;
        }
    }
    buf_free(&words);
    return best;
}

static void name_choices(struct talk *t)
{
    for (size_t q = 0; q < t->f->question_n; q++) {
        const struct flow_question *question = &t->f->question[q];
        for (size_t a = 0; a < question->answer_n; a++)
            t->tap[q][a] = talk_name(t, "%s=%s", question->id, question->answer[a].id);
        t->tap[q][FLOW_ANSWERS_MAX] = talk_name(t, "%s=unsure", question->id);
    }
    for (size_t i = 0; i < t->f->command_n; i++) {
        const struct flow_command *c = &t->f->command[i];
        if (c->verb == VERB_BEGIN && t->begin == NULL) t->begin = talk_name(t, "do:%s", c->id);
        if (c->verb == VERB_SKIP && t->skip == NULL) t->skip = talk_name(t, "do:%s", c->id);
    }
}

static void talk_locale(struct road *r)
{
    struct talk *t = &r->t;
    struct conversation fresh, c;
    struct message m = talk_tap(t->begin);

    conversation_begin(&fresh, t->locale->code);
    t->now_ms = longest_moment(t);
    check_detours(t, &fresh);
    check_outpouring(t, &fresh);
    c = fresh;
    m.name = NULL;
    (void)talk_step(t, &c, &m, flow_begin_id(t->f));
    talk_back(t);
    c = fresh;
    m = talk_tap(t->begin);
    if (talk_step(t, &c, &m, flow_begin_id(t->f))) go_on(r, &c);
    talk_back(t);
    stretch_longest(r);
}

void check_talk(const struct content *c, struct faults *faults, struct content_proof *proof)
{
    struct arena *names = arena_new(NAMES_BYTES), *turn = arena_new(TURN_BYTES);
    struct talk t = {
        .c = c, .f = c->flow, .faults = faults, .proof = proof, .names = names, .fx.arena = turn};

    if (names != NULL && turn != NULL) name_choices(&t);
    if (names == NULL || turn == NULL || t.failed) {
        faults_add(faults, "out of memory for the proof");
        goto out;
    }
    for (size_t i = 0; i < c->locale_n && !t.failed; i++) {
        struct road r = {.t = t};
        r.t.locale = c->locale[i];
        talk_locale(&r);
        proof->combinations = r.ends;
        t.failed = r.t.failed;
    }
    if (t.failed) faults_add(faults, "%s: the conversation does not end, or memory ran out", c->flow->source);
out:
    arena_free(turn);
    arena_free(names);
}

int content_check(const struct content *c, struct faults *faults, struct content_proof *proof)
{
    size_t before = faults_errors(faults);

    *proof = (struct content_proof){.states = c->flow->state_n};
    check_talk(c, faults, proof);
    return faults_errors(faults) == before ? 0 : -1;
}

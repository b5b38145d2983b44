#include "check_talk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "arena.h"
#include "buf.h"
#include "business.h"
#include "check_fit.h"
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
    return (struct message){.kind = MESSAGE_TAP, .id = "check", .choice = choice, .text = choice, .name = longest_name};
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

/* Where to look: "locales/nl.json: state 'usage'", with the detour that was made there. */
static const char *place(struct talk *t, const struct conversation *c, char out[static ERR_TEXT_MAX])
{
    const char *file = dialogue_locale(&t->c->script, c)->source;
    const char *aside = t->aside == NULL ? "" : t->aside;
    const char *after = t->aside == NULL ? "" : " after ";
    struct advice adv;

    if (c->state == CONVERSATION_ASKING)
        (void)snprintf(out, ERR_TEXT_MAX, "%s: state '%s'%s%s", file, t->f->question[c->question].id, after, aside);
    else if (c->state == CONVERSATION_AFTER && advice_compute(t->f, &c->answers, &adv) == 0)
        (void)snprintf(out, ERR_TEXT_MAX, "%s: outcome '%s'%s%s", file, t->f->outcome[adv.outcome].id, after, aside);
    else
        (void)snprintf(out, ERR_TEXT_MAX, "%s: state '%s'%s%s", file, t->f->state[t->f->welcome].id, after, aside);
    return out;
}

/* ---- one reply, measured ---- */

/* The key of the text that is a choice's title, or its note. */
static void choice_key(const struct talk *t, const char *id, bool note, char out[static ERR_TEXT_MAX])
{
    const struct tap tap = dialogue_tap(t->f, id);

    switch (tap.kind) {
    case TAP_ANSWER:
        (void)snprintf(out, ERR_TEXT_MAX, "'%s.%s.%s'", t->f->question[tap.question].id,
                       t->f->question[tap.question].answer[tap.index].id, note ? "other" : "label");
        break;
    case TAP_TOPIC: (void)snprintf(out, ERR_TEXT_MAX, "'topic.%s.label'", t->f->topic[tap.index].id); break;
    case TAP_STATE: (void)snprintf(out, ERR_TEXT_MAX, "'%s.label'", t->f->state[tap.index].id); break;
    case TAP_UNSURE: (void)snprintf(out, ERR_TEXT_MAX, "'%s'", text_spec[TEXT_UNSURE_LABEL].key); break;
    case TAP_ASK:
        (void)snprintf(out, ERR_TEXT_MAX, "'%s.noun'", t->f->question[tap.question].id);
        if (note) (void)snprintf(out, ERR_TEXT_MAX, "'%s'", text_spec[TEXT_CHANGE_ROW].key);
        break;
    default: (void)snprintf(out, ERR_TEXT_MAX, "button '%s'", id); break;
    }
}

static void tell_fit(struct talk *t, const struct conversation *c, const struct outbound *o,
                     const struct limits *l, const struct fit_fault *fault)
{
    const char *file = dialogue_locale(&t->c->script, c)->source;
    char where[ERR_TEXT_MAX];

    switch (fault->part) {
    case FIT_TEXT:
        if (*o->text == '\0') break;
        faults_longest(t->faults, t->step, t->n, outbound_body_points(o, outbound_shape(o, l)),
                       "%s: text longer than %s allows here", place(t, c, where), l->channel);
        return;
    case FIT_TITLE:
    case FIT_NOTE:
        choice_key(t, fault->choice, fault->part == FIT_NOTE, where);
        faults_shown(t->faults, t->step, t->n, "%s: %s: %s", file, where, fault->why.text);
        return;
    case FIT_FOOTER:
    case FIT_LIST_TITLE:
    case FIT_LINK_TITLE:
        faults_shown(t->faults, t->step, t->n, "%s: '%s': %s", file,
                     text_spec[fault->part == FIT_FOOTER       ? TEXT_PRIVACY
                               : fault->part == FIT_LIST_TITLE ? TEXT_LIST_TITLE
                                                               : TEXT_LINK_TITLE].key,
                     fault->why.text);
        return;
    case FIT_WHOLE: break;
    }
    faults_shown(t->faults, t->step, t->n, "%s: %s", place(t, c, where), fault->why.text);
}

/* Bytes are never fewer than code points and quicker to count. */
static size_t bytes_at_most(const struct outbound *o)
{
    return strlen(o->text) + (o->link.url == NULL ? 0 : 4 + strlen(o->link.lead) + strlen(o->link.url));
}

static void check_limits(struct talk *t, const struct conversation *c, const struct outbound *o)
{
    size_t n;
    const struct limits *l = limits_all(&n);
    struct fit_fault fault[FIT_FAULTS_MAX];
    struct err e;

    if (bytes_at_most(o) > t->proof->longest_body) {
        size_t points = outbound_body_points(o, SHAPE_TEXT);
        if (points > t->proof->longest_body) t->proof->longest_body = points;
    }
    for (; n > 0; n--, l++) {
        if (outbound_fit(o, l, &e) == 0) continue;
        size_t faults = check_fit(o, l, fault);
        for (size_t i = 0; i < faults; i++) tell_fit(t, c, o, l, &fault[i]);
    }
}

static bool leads_on(const struct talk *t, const char *id)
{
    const struct tap tap = dialogue_tap(t->f, id);
    enum verb verb = tap.kind == TAP_COMMAND ? t->f->command[tap.index].verb : VERB_N;

    return tap.kind == TAP_TOPIC || tap.kind == TAP_STATE || tap.kind == TAP_ASK || verb == VERB_BEGIN;
}

/* While a question is open its answers are at hand, all of them, or a way back to it. */
static void check_answerable(struct talk *t, const struct conversation *c, const struct outbound *o)
{
    char where[ERR_TEXT_MAX];
    bool other_way = false;
    size_t offered = 0;

    if (c->state != CONVERSATION_ASKING || t->lets_go) return;
    const struct flow_question *q = &t->f->question[c->question];
    for (size_t i = 0; i < o->choice_n; i++) {
        for (size_t a = 0; a < q->answer_n; a++)
            offered += strcmp(o->choice[i].id, t->tap[c->question][a]) == 0;
        other_way = other_way || leads_on(t, o->choice[i].id);
    }
    if (offered == q->answer_n || (offered == 0 && other_way)) return;
    faults_shown(t->faults, t->step, t->n, "%s: %zu of %zu answers offered while the question is open",
                 place(t, c, where), offered, q->answer_n);
}

/* Reads the numbers of "Vraag 2 van 6" back out of `s`. */
static bool progress_at(const struct piece *p, const char *s, unsigned long *n, unsigned long *total)
{
    for (; p->literal != NULL || p->param != PARAM_N_OF; p++) {
        size_t len = p->literal == NULL ? strspn(s, "0123456789") : strlen(p->literal);
        if (p->literal != NULL ? strncmp(s, p->literal, len) != 0 : len == 0) return false;
        if (p->literal == NULL && p->param == PARAM_N) *n = strtoul(s, NULL, 10);
        if (p->literal == NULL && p->param == PARAM_TOTAL) *total = strtoul(s, NULL, 10);
        s += len;
    }
    return true;
}

static void check_progress(struct talk *t, const struct conversation *c, const struct outbound *o)
{
    const struct piece *p = dialogue_locale(&t->c->script, c)->text[TEXT_PROGRESS].other;
    char where[ERR_TEXT_MAX];

    if (p->literal == NULL) return; /* a text that starts with the number cannot be found again */
    for (const char *s = o->text; (s = strstr(s, p->literal)) != NULL; s++) {
        unsigned long n = 0, total = 0;
        if (!progress_at(p, s, &n, &total)) continue;
        if (n < 1 || n > total || total > t->f->question_n)
            faults_shown(t->faults, t->step, t->n, "%s: counts question %lu of %lu", place(t, c, where), n, total);
    }
}

static void check_reply(struct talk *t, const struct conversation *c)
{
    char where[ERR_TEXT_MAX];
    size_t said = 0;

    for (size_t i = 0; i < t->fx.n; i++) {
        const struct outbound *o = &t->fx.effect[i].say.out;
        if (t->fx.effect[i].kind != EFFECT_SAY) continue;
        said++;
        t->proof->messages++;
        check_limits(t, c, o);
        check_answerable(t, c, o);
        check_progress(t, c, o);
    }
    /* An advice fills a message of its own: the one reason for two. */
    size_t most = t->may_split && c->state == CONVERSATION_AFTER ? 2 : 1;
    if (said > most || (said == 0 && !t->may_hush))
        faults_shown(t->faults, t->step, t->n, "%s: %zu replies to one message, expected one", place(t, c, where), said);
}

bool talk_say(struct talk *t, struct conversation *c, const struct message *m, const struct meaning *meaning)
{
    const struct event ev = {.now_ms = t->now_ms, .message = m, .meaning = meaning};
    char where[ERR_TEXT_MAX];
    struct err e = {0};

    if (t->failed) return false;
    arena_reset(t->fx.arena);
    int rc = meaning != NULL ? dialogue_step(&t->c->script, c, &ev, &t->fx, &e)
                             : content_step(t->c, c, m, t->now_ms, &t->fx, &e);
    if (rc != 0) {
        faults_shown(t->faults, t->step, t->n, "%s: %s", place(t, c, where), e.text);
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
        struct conversation before;         /* the last question still open */
        const char *last;                   /* its answer                   */
        size_t n;
        const char *step[TALK_STEPS_MAX];
    } longest;                              /* advice of all               */
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
        faults_shown(t->faults, t->step, t->n, "%s: advice after %zu messages, at most %zu", place(t, c, where), t->n,
                     t->f->question_n + MESSAGES_BESIDE_QUESTIONS);
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
        faults_shown(t->faults, t->step, t->n, "%s: no advice after %zu messages", place(t, c, where), t->n);
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

/* A moment within a year when the words for "when is she there" are longest: quarter days of a
 * year of which no two have the same weekday and holidays side by side all the time. */
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
    struct talk t = {.c = c, .f = c->flow, .faults = faults, .proof = proof, .names = names, .fx.arena = turn};

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

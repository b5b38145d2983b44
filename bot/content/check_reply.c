/* check_reply.c -- one reply, measured: every channel's limits, the way on, the numbers it counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "arena.h"
#include "check_fit.h"
#include "check_talk.h"
#include "err.h"
#include "faults.h"

const char *talk_place(const struct talk *t, const struct conversation *c, char out[static ERR_TEXT_MAX])
{
    const char *file = dialogue_locale(&t->c->script, c)->source;
    const char *aside = t->aside == NULL ? "" : t->aside;
    const char *after = t->aside == NULL ? "" : " after ";
    struct advice adv;

    if (c->state == CONVERSATION_ASKING)
        (void)snprintf(out, ERR_TEXT_MAX, "%s: state '%s'%s%s", file, t->f->question[c->question].id, after,
                       aside);
    else if (c->state == CONVERSATION_AFTER && advice_compute(t->f, &c->answers, &adv) == 0)
        (void)snprintf(out, ERR_TEXT_MAX, "%s: outcome '%s'%s%s", file, t->f->outcome[adv.outcome].id, after,
                       aside);
    else
        (void)snprintf(out, ERR_TEXT_MAX, "%s: state '%s'%s%s", file, t->f->state[t->f->welcome].id, after,
                       aside);
    return out;
}

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
        faults_longest(t->faults, t->step, t->n, outbound_body_points(o, l),
                       "%s: text longer than %s allows here", talk_place(t, c, where), l->channel);
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
                                                               : TEXT_LINK_TITLE]
                         .key,
                     fault->why.text);
        return;
    case FIT_WHOLE: break;
    }
    faults_shown(t->faults, t->step, t->n, "%s: %s", talk_place(t, c, where), fault->why.text);
}

static void check_limits(struct talk *t, const struct conversation *c, const struct outbound *o)
{
    size_t n;
    const struct limits *l = limits_all(&n);
    struct fit_fault fault[FIT_FAULTS_MAX];
    struct err e;

    for (; n > 0; n--, l++) {
        size_t points = outbound_body_points(o, l);
        if (points > t->proof->longest_body) t->proof->longest_body = points;
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
    bool other_way = false, all_again = false;
    size_t offered = 0;

    if (c->state != CONVERSATION_ASKING || t->lets_go) return;
    const struct flow_question *q = &t->f->question[c->question];
    for (size_t i = 0; i < o->choice_n; i++) {
        for (size_t a = 0; a < q->answer_n; a++)
            offered += strcmp(o->choice[i].id, t->tap[c->question][a]) == 0;
        const struct tap tap = dialogue_tap(t->f, o->choice[i].id);
        other_way = other_way || leads_on(t, o->choice[i].id);
        all_again = all_again || (tap.kind == TAP_ASK && tap.question == c->question);
    }
    if (offered == q->answer_n || all_again || (offered == 0 && other_way)) return;
    faults_shown(t->faults, t->step, t->n, "%s: %zu of %zu answers offered while the question is open",
                 talk_place(t, c, where), offered, q->answer_n);
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
            faults_shown(t->faults, t->step, t->n, "%s: counts question %lu of %lu", talk_place(t, c, where),
                         n, total);
    }
}

static void measure(struct talk *t, const struct conversation *c, const struct outbound *o)
{
    t->proof->messages++;
    check_limits(t, c, o);
    check_progress(t, c, o);
}

/* The one message that two would have been. NULL when memory ran out. */
static const struct outbound *joined(struct talk *t, const struct outbound *a, const struct outbound *b)
{
    struct outbound *o = arena_alloc(t->fx.arena, sizeof *o);
    const char *text = arena_printf(t->fx.arena, "%s\n\n%s", a->text, b->text);

    if (o == NULL || text == NULL) {
        t->failed = true;
        return NULL;
    }
    *o = *b;
    o->text = text;
    if (o->footer == NULL) o->footer = a->footer;
    return o;
}

static bool fits_everywhere(const struct outbound *o)
{
    size_t n;
    const struct limits *l = limits_all(&n);

    for (; n > 0; n--, l++)
        if (outbound_fit(o, l, NULL) != 0) return false;
    return true;
}

/* A second message costs a second time: only where one could not hold an answer to the person's
 * own question and what comes next. On the straight road nobody asked anything, and one must do. */
static void check_two(struct talk *t, const struct conversation *c, const struct outbound *a,
                      const struct outbound *b)
{
    const struct outbound *one = joined(t, a, b);
    char where[ERR_TEXT_MAX];

    if (one == NULL) return;
    if (a->choice_n > 0 || fits_everywhere(one))
        faults_shown(t->faults, t->step, t->n, "%s: 2 replies to one message, expected one",
                     talk_place(t, c, where));
    if (t->aside == NULL) {
        measure(t, c, one);
        return;
    }
    measure(t, c, a);
    measure(t, c, b);
}

void check_reply(struct talk *t, const struct conversation *c)
{
    const struct outbound *said[EFFECTS_MAX];
    char where[ERR_TEXT_MAX];
    size_t n = 0;

    for (size_t i = 0; i < t->fx.n; i++)
        if (t->fx.effect[i].kind == EFFECT_SAY) said[n++] = &t->fx.effect[i].say.out;
    if (n == 1) measure(t, c, said[0]);
    if (n == 2) check_two(t, c, said[0], said[1]);
    if (n > 0) check_answerable(t, c, said[n - 1]);
    if (n > 2 || (n == 0 && !t->may_hush))
        faults_shown(t->faults, t->step, t->n, "%s: %zu replies to one message, expected one",
                     talk_place(t, c, where), n);
}

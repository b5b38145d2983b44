/* advice_reply.c -- an advice in words: what, why, what would turn it, what stays open. */
#include "advice.h"
#include "reply.h"

int reply_advised(const struct reply *r, struct walk *w, struct advice *adv)
{
    struct answers passed = r->c->answers;

    if (dialogue_walk(r->f, &r->c->answers, r->f->begin, w) != 0) return -1;
    if (r->f->state[w->state].kind != STATE_ADVISE) return 0;
    for (int q = 0; q < (int)r->f->question_n; q++)
        if (!w->passed[q]) answers_drop(&passed, q);
    return advice_compute(r->f, &passed, adv) == 0 ? 1 : -1;
}

static const char *nouns(struct reply *r, const int *questions, size_t n)
{
    const char *item[FLOW_QUESTIONS_MAX];

    for (size_t i = 0; i < n; i++) item[i] = reply_text(r, r->f->question[questions[i]].noun, NULL);
    return reply_join(r, item, n);
}

static void say_reasons(struct reply *r, const struct advice *adv)
{
    if (adv->reason_n > 0) reply_block(r, TEXT_ADVICE_REASONS, NULL);
    for (size_t i = 0; i < adv->reason_n; i++) {
        int q = adv->reason[i];
        buf_adds(&r->body, "\n- ");
        reply_line(r, r->f->question[q].answer[r->c->answers.of[q].index].reason, NULL);
    }
}

/* "Daar staat tegenover: je agenda (Nee) en je team (Alleen)." */
static void say_against(struct reply *r, const struct advice *adv)
{
    struct params p = reply_params(r);
    const char *item[ADVICE_AGAINST_MAX];

    if (adv->against_n == 0) return;
    for (size_t i = 0; i < adv->against_n; i++) item[i] = reply_subject(r, &r->c->answers, adv->against[i]);
    p.value[PARAM_LIST] = reply_join(r, item, adv->against_n);
    reply_block(r, TEXT_ADVICE_AGAINST, &p);
}

static void say_turns(struct reply *r, const struct advice *adv)
{
    if (adv->steady) reply_block(r, TEXT_ADVICE_STEADY, NULL);
    for (size_t i = 0; i < adv->turn_n; i++) {
        const struct turn_of *t = &adv->turn[i];
        struct params p = reply_params(r);
        p.value[PARAM_IF] = reply_text(r, r->f->question[t->question].answer[t->answer].when, NULL);
        if (i == 0)
            reply_block(r, r->f->outcome[t->outcome].turn, &p);
        else {
            buf_addc(&r->body, ' ');
            reply_line(r, r->f->outcome[t->outcome].turn, &p);
        }
    }
}

static void say_open_ends(struct reply *r, const struct advice *adv)
{
    struct params p = reply_params(r);

    if (adv->unsure_n > 0) {
        p.count = (int)adv->unsure_n;
        p.value[PARAM_LIST] = nouns(r, adv->unsure, adv->unsure_n);
        reply_block(r, TEXT_ADVICE_UNSURE, &p);
    }
    if (adv->skipped_n > 0) {
        p.count = (int)adv->skipped_n;
        p.value[PARAM_LIST] = nouns(r, adv->skipped, adv->skipped_n);
        reply_block(r, TEXT_ADVICE_SKIPPED, &p);
    }
    if (adv->caution) {
        p.count = (int)(adv->unsure_n + adv->skipped_n);
        reply_block(r, TEXT_ADVICE_CAUTION, &p);
    }
}

void reply_advice(struct reply *r, const struct advice *adv)
{
    const struct flow_outcome *outcome = &r->f->outcome[adv->outcome];
    struct params p = reply_params(r);

    reply_block(r, outcome->title, NULL);
    reply_block(r, outcome->text, NULL);
    if (adv->lean >= 0) {
        p.value[PARAM_OUTCOME] = reply_text(r, r->f->outcome[adv->lean].name, NULL);
        buf_addc(&r->body, ' ');
        reply_line(r, TEXT_ADVICE_LEAN, &p);
    } else if (outcome->lean_to >= 0) {
        buf_addc(&r->body, ' ');
        reply_line(r, TEXT_ADVICE_NO_LEAN, NULL);
    }
    say_reasons(r, adv);
    say_against(r, adv);
    say_turns(r, adv);
    say_open_ends(r, adv);
    reply_block(r, TEXT_ADVICE_NUANCE, NULL);
    buf_addc(&r->body, ' ');
    reply_line(r, TEXT_ADVICE_FREE, NULL);
    reply_link(r, adv);
}

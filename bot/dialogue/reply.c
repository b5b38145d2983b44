#include "reply.h"

#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "arena.h"
#include "business.h"

static const char *own(struct reply *r, const struct buf *b)
{
    char *copy = b->failed ? NULL : arena_strdup(r->arena, buf_text(b));
    if (copy == NULL) r->failed = true;
    return copy == NULL ? "" : copy;
}

void reply_localise(struct reply *r)
{
    const struct business *b = r->s->business;
    struct buf words = {0};
    const char **v = r->base.value;

    v[PARAM_BUSINESS] = b->name;
    v[PARAM_HUMAN] = b->human;
    v[PARAM_PHONE] = b->phone;
    v[PARAM_EMAIL] = b->email;
    v[PARAM_SITE] = b->site;
    v[PARAM_SOCIAL] = b->social;
    v[PARAM_NAME] = r->ev->message->name;
    v[PARAM_HOURS] = v[PARAM_MOMENT] = NULL; /* in this locale's words, when a text asks for them */
    buf_addf(&words, "%d", r->s->retain_text_days);
    v[PARAM_DAYS] = own(r, &words);
    buf_free(&words);
}

void reply_open(struct reply *r, const struct script *s, const struct conversation *c, const struct event *ev,
                struct arena *a)
{
    *r = (struct reply){.s = s, .f = s->flow, .c = c, .ev = ev, .arena = a};
    r->l = dialogue_locale(s, c);
    reply_localise(r);
}

void reply_close(struct reply *r)
{
    buf_free(&r->body);
}

struct params reply_params(struct reply *r)
{
    return r->base;
}

/* The opening hours take longer to put into words than all else, and few texts have them. */
static void fill_hours(struct reply *r)
{
    const struct hours *h = &r->s->business->hours;
    struct buf words = {0};

    if (r->base.value[PARAM_HOURS] != NULL) return;
    hours_write(h, r->l, &words);
    r->base.value[PARAM_HOURS] = own(r, &words);
    buf_clear(&words);
    hours_write_moment(h, r->ev->now_ms, r->l, &words);
    r->base.value[PARAM_MOMENT] = own(r, &words);
    buf_free(&words);
}

static void fill_in(struct reply *r, int text, const struct params *p, struct buf *out)
{
    struct params with_hours;

    if (!text_asks(r->l, text, PARAM_HOURS) && !text_asks(r->l, text, PARAM_MOMENT)) {
        text_write(r->l, text, p != NULL ? p : &r->base, out);
        return;
    }
    fill_hours(r);
    with_hours = p != NULL ? *p : r->base;
    with_hours.value[PARAM_HOURS] = r->base.value[PARAM_HOURS];
    if (p == NULL || p->value[PARAM_MOMENT] == NULL) /* else another moment is meant */
        with_hours.value[PARAM_MOMENT] = r->base.value[PARAM_MOMENT];
    text_write(r->l, text, &with_hours, out);
}

void reply_line(struct reply *r, int text, const struct params *p)
{
    fill_in(r, text, p, &r->body);
}

void reply_block(struct reply *r, int text, const struct params *p)
{
    if (r->body.len > 0) buf_adds(&r->body, "\n\n");
    reply_line(r, text, p);
}

const char *reply_text(struct reply *r, int text, const struct params *p)
{
    struct buf words = {0};

    fill_in(r, text, p, &words);
    const char *s = own(r, &words);
    buf_free(&words);
    return s;
}

const char *reply_join(struct reply *r, const char *const *items, size_t n)
{
    struct buf words = {0};

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && i == n - 1)
            fill_in(r, TEXT_AND, NULL, &words);
        else if (i > 0)
            buf_adds(&words, ", ");
        buf_adds(&words, items[i]);
    }
    const char *s = own(r, &words);
    buf_free(&words);
    return s;
}

const char *reply_answer(struct reply *r, const struct answers *a, int question)
{
    const struct answer *given = &a->of[question];

    switch (given->kind) {
    case ANSWER_GIVEN: return reply_text(r, r->f->question[question].answer[given->index].label, NULL);
    case ANSWER_SKIPPED: return reply_text(r, TEXT_SKIPPED_LABEL, NULL);
    default: return reply_text(r, TEXT_UNSURE_LABEL, NULL);
    }
}

const char *reply_subject(struct reply *r, const struct answers *a, int question)
{
    const char *s = arena_printf(r->arena, "%s (%s)", reply_text(r, r->f->question[question].noun, NULL),
                                 reply_answer(r, a, question));

    if (s == NULL) r->failed = true;
    return s == NULL ? "" : s;
}

/* ---- choices ---- */

void reply_choice(struct reply *r, const char *id, const char *title, const char *note)
{
    if (id == NULL || title == NULL) r->failed = true;
    if (r->failed || r->out.choice_n == OUTBOUND_CHOICES_MAX) return;
    r->out.choice[r->out.choice_n++] = (struct choice){.id = id, .title = title, .note = note};
}

static bool option_fits(const struct reply *r, const struct flow_option *o, int but_topic)
{
    if (o->kind == OPTION_TOPIC) return o->index != but_topic;
    if (o->kind != OPTION_COMMAND) return true;
    const struct flow_command *c = &r->f->command[o->index];
    /* The language that is spoken already is no choice. */
    return c->verb != VERB_LANGUAGE || strcmp(c->locale, r->l->code) != 0;
}

static void option_choice(struct reply *r, const struct flow_option *o)
{
    static const char *const prefix[] = {
        [OPTION_COMMAND] = "do", [OPTION_TOPIC] = "topic", [OPTION_STATE] = "go"};
    const char *id = o->kind == OPTION_TOPIC     ? r->f->topic[o->index].id
                     : o->kind == OPTION_COMMAND ? r->f->command[o->index].id
                                                 : r->f->state[o->index].id;

    reply_choice(r, arena_printf(r->arena, "%s:%s", prefix[o->kind], id), reply_text(r, o->label, NULL),
                 NULL);
}

void reply_options(struct reply *r, const struct flow_state *s, int but_topic)
{
    for (size_t i = 0; i < s->option_n; i++)
        if (option_fits(r, &s->option[i], but_topic)) option_choice(r, &s->option[i]);
}

static void choice_for(struct reply *r, enum verb verb, int title)
{
    for (size_t i = 0; i < r->f->command_n; i++) {
        if (r->f->command[i].verb != verb) continue;
        reply_choice(r, arena_printf(r->arena, "do:%s", r->f->command[i].id), reply_text(r, title, NULL),
                     NULL);
        return;
    }
}

void reply_answers(struct reply *r, int question, bool in_other_words, int doubted)
{
    const struct flow_question *q = &r->f->question[question];

    for (size_t i = 0; i < q->answer_n; i++)
        reply_choice(r, arena_printf(r->arena, "%s=%s", q->id, q->answer[i].id),
                     reply_text(r, q->answer[i].label, NULL),
                     in_other_words ? reply_text(r, q->answer[i].other, NULL) : NULL);
    /* Three buttons are all that one message has: "weet ik niet" can be typed, the way back must show. */
    if ((q->offer_unsure && doubted < 0) || in_other_words)
        reply_choice(r, arena_printf(r->arena, "%s=unsure", q->id), reply_text(r, TEXT_UNSURE_LABEL, NULL),
                     NULL);
    if (doubted >= 0)
        reply_choice(r, arena_printf(r->arena, "ask:%s", r->f->question[doubted].id),
                     reply_text(r, TEXT_CORRECT_LABEL, NULL), NULL);
    if (in_other_words) choice_for(r, VERB_REACH, TEXT_TALK_LABEL);
}

/* ---- the way to the human ---- */

/* RFC 3986: unreserved characters stay as they are. */
static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void percent(const char *s, struct buf *out)
{
    static const char hex[] = "0123456789ABCDEF";

    while (*s != '\0') {
        size_t n = 0;
        while (unreserved(s[n])) n++;
        buf_add(out, s, n);
        s += n;
        if (*s == '\0') break;
        const unsigned char c = (unsigned char)*s++;
        buf_add(out, (const char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
    }
}

/* A summary names two subjects at most: the link must stay short. */
enum { SUMMARY_SUBJECTS_MAX = 2 };

static const char *summary(struct reply *r, const struct advice *adv)
{
    struct params p = r->base;
    const char *subject[SUMMARY_SUBJECTS_MAX] = {NULL};
    size_t n = 0;

    if (adv == NULL) return reply_text(r, TEXT_SUMMARY_OPEN, NULL);
    for (; n < SUMMARY_SUBJECTS_MAX && n < adv->reason_n; n++)
        subject[n] = reply_text(r, r->f->question[adv->reason[n]].noun, NULL);
    p.value[PARAM_OUTCOME] = reply_text(r, r->f->outcome[adv->outcome].name, NULL);
    p.value[PARAM_LIST] = reply_join(r, subject, n);
    return reply_text(r, n > 0 ? TEXT_SUMMARY : TEXT_SUMMARY_BARE, &p);
}

void reply_link(struct reply *r, const struct advice *adv)
{
    const char *to = r->s->business->whatsapp;
    const char *ours = r->ev->message->our_number;
    struct buf url = {0};

    if (to == NULL || (ours != NULL && strcmp(to, ours) == 0)) {
        reply_block(r, TEXT_REACH_PLAIN, NULL);
        return;
    }
    buf_addf(&url, "https://wa.me/%s?text=", to);
    percent(summary(r, adv), &url);
    r->out.link = (struct link){.lead = reply_text(r, TEXT_LINK_LEAD, NULL),
                                .title = reply_text(r, TEXT_LINK_TITLE, NULL),
                                .url = own(r, &url)};
    buf_free(&url);
}

int reply_reach(struct reply *r)
{
    struct advice adv;
    struct walk w;
    int advised = reply_advised(r, &w, &adv);

    if (advised < 0) return -1;
    reply_link(r, advised > 0 ? &adv : NULL);
    return 0;
}

int reply_human(struct reply *r, bool link)
{
    const struct conversation *c = r->c;
    struct walk w;

    if ((link && reply_reach(r) != 0) || dialogue_walk(r->f, &c->answers, r->f->begin, &w) != 0) return -1;
    if (c->state == CONVERSATION_ASKING) {
        choice_for(r, VERB_BEGIN, TEXT_GO_ON);
        choice_for(r, VERB_STOP, TEXT_STOP_HERE);
        return 0;
    }
    const struct flow_state *offer = &r->f->state[c->state == CONVERSATION_AFTER ? w.state : r->f->welcome];
    for (size_t i = 0; i < offer->option_n; i++) {
        const struct flow_option *o = &offer->option[i];
        if (o->kind == OPTION_COMMAND && r->f->command[o->index].verb == VERB_REACH) continue;
        if (option_fits(r, o, -1)) option_choice(r, o);
    }
    return 0;
}

static bool fits(const struct outbound *o)
{
    size_t n;
    const struct limits *l = limits_all(&n);

    for (; n > 0; n--, l++)
        if (outbound_fit(o, l, NULL) != 0) return false;
    return true;
}

static int emit(struct reply *r, struct effects *fx, const struct outbound *o, bool backlog)
{
    if (r->failed || fx->n == EFFECTS_MAX) return -1;
    fx->effect[fx->n++] = (struct effect){.kind = EFFECT_SAY, .say = {.out = *o, .backlog = backlog}};
    return 0;
}

int reply_emit(struct reply *r, struct effects *fx, size_t said, bool backlog)
{
    const char *text = own(r, &r->body);
    struct outbound *o = &r->out;

    o->text = text;
    if (o->choice_n > 0) o->list_title = reply_text(r, TEXT_LIST_TITLE, NULL);
    if (said > 0 && said < r->body.len && !r->failed && !fits(o)) {
        /* An answer to a long question of theirs, and an advice: the one reason for two messages. */
        struct outbound first = {.text = arena_strndup(r->arena, text, said), .footer = o->footer};
        if (first.text == NULL) r->failed = true;
        if (emit(r, fx, &first, false) != 0) return -1;
        o->text = text + said + strspn(text + said, "\n");
        o->footer = NULL;
    }
    return emit(r, fx, o, backlog);
}

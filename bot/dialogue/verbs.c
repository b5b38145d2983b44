/* verbs.c -- what commands do, by the verb the flow gives them. */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "step.h"

/* Asks an answered question again: what stands now is said with it, and stays until there is a new
 * answer. */
static void reopen(struct step *t, int question)
{
    struct params p = reply_params(&t->r);

    p.value[PARAM_ANSWER] = reply_answer(&t->r, &t->c->answers, question);
    if (t->c->answers.of[question].kind != ANSWER_NONE) reply_block(&t->r, TEXT_REOPENED, &p);
    step_open(t, question);
    t->closing = CLOSE_QUESTION;
}

static int do_begin(struct step *t, const struct flow_command *cmd)
{
    (void)cmd;
    if (t->c->state == CONVERSATION_ASKING && !step_reopened(t)) {
        t->closing = CLOSE_AGAIN;
        return 0;
    }
    /* "Ja" to an advice is no wish to read it again. */
    bool again = t->c->state == CONVERSATION_AFTER && t->ev->message->kind == MESSAGE_TEXT;
    t->closing = again ? CLOSE_AGAIN : CLOSE_QUESTION;
    return step_walk(t); /* an answer asked again stays as it was */
}

static int do_restart(struct step *t, const struct flow_command *cmd)
{
    (void)cmd;
    if (t->c->state != CONVERSATION_START) reply_block(&t->r, TEXT_RESTARTED, NULL);
    memset(&t->c->answers, 0, sizeof t->c->answers);
    t->c->question = -1;
    t->closing = CLOSE_QUESTION;
    return step_walk(t);
}

static int do_back(struct step *t, const struct flow_command *cmd)
{
    /* From an answer that is asked again to the one given before it. */
    int last = answers_before(&t->c->answers, t->f, step_reopened(t) ? t->c->question : -1);

    (void)cmd;
    if (last < 0) {
        reply_block(&t->r, TEXT_NOTHING_BACK, NULL);
        t->closing = CLOSE_AGAIN;
        return 0;
    }
    reopen(t, last);
    return 0;
}

static int do_change(struct step *t, const struct flow_command *cmd)
{
    struct params p = reply_params(&t->r);

    (void)cmd;
    for (int q = 0; q < (int)t->f->question_n; q++) {
        if (t->c->answers.of[q].kind == ANSWER_NONE) continue;
        p.value[PARAM_ANSWER] = reply_answer(&t->r, &t->c->answers, q);
        reply_choice(&t->r, arena_printf(t->r.arena, "ask:%s", t->f->question[q].id),
                     reply_text(&t->r, t->f->question[q].noun, NULL), reply_text(&t->r, TEXT_CHANGE_ROW, &p));
    }
    t->closing = t->r.out.choice_n > 0 ? CLOSE_READY : CLOSE_AGAIN;
    reply_block(&t->r, t->r.out.choice_n > 0 ? TEXT_CHANGE_PICK : TEXT_CHANGE_NONE, NULL);
    return 0;
}

static int do_skip(struct step *t, const struct flow_command *cmd)
{
    (void)cmd;
    if (t->c->state != CONVERSATION_ASKING) {
        reply_block(&t->r, TEXT_NOTHING_TO_SKIP, NULL);
        t->closing = CLOSE_AGAIN;
        return 0;
    }
    if (!step_reopened(t)) /* an answer asked again stays as it was */
        conversation_answer(t->c, t->c->question, ANSWER_SKIPPED, 0);
    t->closing = CLOSE_QUESTION;
    return step_walk(t);
}

static int do_stop(struct step *t, const struct flow_command *cmd)
{
    (void)cmd;
    conversation_move(t->c, CONVERSATION_STOPPED);
    t->silent = t->woken; /* stopped already: silence is what was asked for */
    reply_block(&t->r, TEXT_STOPPED, NULL);
    t->closing = CLOSE_NOTHING;
    return 0;
}

static int do_erase(struct step *t, const struct flow_command *cmd)
{
    char locale[sizeof t->c->locale];

    (void)cmd;
    /* The desk knows whether she was ever told anything. */
    step_tell(t, NEWS_ERASED, false, 0);
    memcpy(locale, t->c->locale, sizeof locale);
    conversation_begin(t->c, locale);
    buf_clear(&t->r.body); /* the receipt and nothing else: nobody is introduced to someone gone */
    reply_block(&t->r, TEXT_ERASED, NULL);
    t->r.out.footer = NULL;
    t->erase = true;
    t->closing = CLOSE_NOTHING;
    return 0;
}

static int do_language(struct step *t, const struct flow_command *cmd)
{
    (void)snprintf(t->c->locale, sizeof t->c->locale, "%s", cmd->locale);
    t->r.l = dialogue_locale(t->s, t->c);
    reply_localise(&t->r);
    buf_clear(&t->r.body); /* what was said so far was said in the other language */
    step_introduce(t);
    reply_block(&t->r, TEXT_LANGUAGE_SET, NULL);
    t->closing = CLOSE_QUESTION;
    return 0;
}

static int do_show(struct step *t, const struct flow_command *cmd)
{
    return step_menu(t, cmd->state);
}

static int do_say(struct step *t, const struct flow_command *cmd)
{
    reply_block(&t->r, cmd->text, NULL);
    t->closing = t->c->state == CONVERSATION_AFTER ? CLOSE_NOTHING : CLOSE_AGAIN;
    return 0;
}

static int do_part(struct step *t, const struct flow_command *cmd)
{
    reply_block(&t->r, cmd->text, NULL);
    t->closing = CLOSE_NOTHING;
    return 0;
}

static int do_reach(struct step *t, const struct flow_command *cmd)
{
    return step_reach(t, cmd->text);
}

static int do_resume(struct step *t, const struct flow_command *cmd)
{
    (void)cmd;
    step_resume(t);
    return step_greet(t);
}

int step_greet(struct step *t)
{
    t->closing = t->c->state == CONVERSATION_START ? CLOSE_QUESTION : CLOSE_AGAIN;
    return 0;
}

static int do_greet(struct step *t, const struct flow_command *cmd)
{
    (void)cmd;
    return step_greet(t);
}

static int (*const verbs[])(struct step *t, const struct flow_command *cmd) = {
    [VERB_BEGIN] = do_begin,   [VERB_RESTART] = do_restart,   [VERB_BACK] = do_back,
    [VERB_CHANGE] = do_change, [VERB_SKIP] = do_skip,         [VERB_STOP] = do_stop,
    [VERB_ERASE] = do_erase,   [VERB_LANGUAGE] = do_language, [VERB_SHOW] = do_show,
    [VERB_SAY] = do_say,       [VERB_REACH] = do_reach,       [VERB_GREET] = do_greet,
    [VERB_PART] = do_part,     [VERB_THANK] = do_say,         [VERB_RESUME] = do_resume};
_Static_assert(sizeof verbs / sizeof *verbs == VERB_N, "do each");

int step_command(struct step *t, int command)
{
    const struct flow_command *cmd = &t->f->command[command];

    t->c->misses = 0;
    return verbs[cmd->verb](t, cmd);
}

int step_ask(struct step *t, int question)
{
    reopen(t, question);
    return 0;
}

int step_menu(struct step *t, int state)
{
    const struct flow_state *s = &t->f->state[state];

    reply_block(&t->r, s->text, NULL);
    reply_options(&t->r, s, -1);
    t->closing = CLOSE_READY;
    return 0;
}

/* doubt.c -- what was not understood for certain is asked about, with the likeliest to tap. */
#include "arena.h"
#include "step.h"

/* The text that a command has on a button somewhere; -1: none, so it cannot be offered. */
static int command_title(const struct flow *f, int command)
{
    static const struct {
        enum verb verb;
        int text;
    } own[] = {{VERB_REACH, TEXT_TALK_LABEL},
               {VERB_ERASE, TEXT_ERASE_LABEL},
               {VERB_STOP, TEXT_STOP_HERE},
               {VERB_BEGIN, TEXT_GO_ON}};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].verb == f->command[command].verb) return own[i].text;
    return flow_command_label(f, command);
}

static int title_of(const struct flow *f, const struct label *l)
{
    switch (l->kind) {
    case LABEL_ANSWER: return f->question[l->question].answer[l->index].label;
    case LABEL_TOPIC: return f->topic[l->index].label;
    case LABEL_COMMAND: return command_title(f, l->index);
    case LABEL_UNSURE: break;
    }
    return TEXT_UNSURE_LABEL;
}

static const char *id_of(struct step *t, const struct label *l)
{
    const struct flow *f = t->f;
    struct arena *a = t->r.arena;

    switch (l->kind) {
    case LABEL_ANSWER:
        return arena_printf(a, "%s=%s", f->question[l->question].id,
                            f->question[l->question].answer[l->index].id);
    case LABEL_TOPIC: return arena_printf(a, "topic:%s", f->topic[l->index].id);
    case LABEL_COMMAND: return arena_printf(a, "do:%s", f->command[l->index].id);
    case LABEL_UNSURE: break;
    }
    return arena_printf(a, "%s=unsure", f->question[l->question].id);
}

static const char *ask_id(struct step *t, int question)
{
    return arena_printf(t->r.arena, "ask:%s", t->f->question[question].id);
}

/* None of these: back to all choices. */
static void offer_other(struct step *t)
{
    const char *id = t->c->state == CONVERSATION_ASKING
                         ? ask_id(t, t->c->question)
                         : arena_printf(t->r.arena, "go:%s", t->f->state[t->f->welcome].id);

    reply_choice(&t->r, id, reply_text(&t->r, TEXT_OTHER_LABEL, NULL), NULL);
}

/* An answer given before that may be another now: it stays until that is said. */
static void offer_change(struct step *t, const struct label *l)
{
    const struct answer *now = &t->c->answers.of[l->question];
    struct params p = reply_params(&t->r);

    p.value[PARAM_QUESTION] = reply_text(&t->r, t->f->question[l->question].noun, NULL);
    p.value[PARAM_ANSWER] = reply_text(&t->r, title_of(t->f, l), NULL);
    reply_block(&t->r, TEXT_CHANGE_DOUBT, &p);
    reply_choice(&t->r, id_of(t, l), p.value[PARAM_ANSWER], NULL);
    if (now->kind == ANSWER_GIVEN) {
        const struct label old = {.kind = LABEL_ANSWER, .question = l->question, .index = now->index};
        reply_choice(&t->r, id_of(t, &old), reply_answer(&t->r, &t->c->answers, l->question), NULL);
    }
    reply_choice(&t->r, ask_id(t, l->question), reply_text(&t->r, TEXT_OTHER_LABEL, NULL), NULL);
}

static bool changes(const struct step *t, const struct label *l)
{
    if ((l->kind != LABEL_ANSWER && l->kind != LABEL_UNSURE) || l->question == t->c->question) return false;
    const struct answer *now = &t->c->answers.of[l->question];
    return now->kind != ANSWER_NONE &&
           !(now->kind == ANSWER_GIVEN && l->kind == LABEL_ANSWER && now->index == l->index);
}

bool step_doubt(struct step *t, const struct label *guess, size_t n)
{
    struct params p = reply_params(&t->r);
    size_t offered = 0;

    if (n > 0 && changes(t, &guess[0])) {
        offer_change(t, &guess[0]);
        t->closing = CLOSE_READY;
        return true;
    }
    for (size_t i = 0; i < n && offered < MEANING_GUESSES_MAX; i++) {
        int title = title_of(t->f, &guess[i]);
        if (title < 0 || changes(t, &guess[i])) continue;
        const char *words = reply_text(&t->r, title, NULL);
        p.value[offered++ == 0 ? PARAM_ANSWER : PARAM_OTHER] = words;
        reply_choice(&t->r, id_of(t, &guess[i]), words, NULL);
    }
    if (offered == 0) return false;
    reply_block(&t->r, offered == 1 ? TEXT_GUESS_ONE : TEXT_GUESS_TWO, &p);
    offer_other(t);
    t->closing = CLOSE_READY;
    return true;
}

/* phrases_load.c -- what a locale understands.
 *
 * locales/<code>.phrases.json: {"filler": [phrase …], "ordinals": {"1": [phrase …] …},
 * "any": {label: [phrase …] …}, "<question>": {label: [phrase …] …} …}. The titles of the
 * buttons are phrases as well: who types what a button says means that button. */
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "business.h"
#include "err.h"
#include "faults.h"
#include "flow.h"
#include "json_in.h"
#include "parts.h"

struct learning {
    struct content *c;
    struct understanding *u;
    const struct locale *locale;
    struct json_in in;
};

/* ---- titles ---- */

static void learn_title(struct learning *l, const char *question, const char *label, int text)
{
    const struct business *b = l->c->business;
    struct params p = {.value = {[PARAM_BUSINESS] = b->name,
                                 [PARAM_HUMAN] = b->human,
                                 [PARAM_PHONE] = b->phone,
                                 [PARAM_EMAIL] = b->email,
                                 [PARAM_SITE] = b->site,
                                 [PARAM_SOCIAL] = b->social}};
    struct buf title = {0};
    struct err e = {0};

    if (text < 0) return;
    text_write(l->locale, text, &p, &title);
    /* A text that is missing was told when the locale was read. */
    if (title.len > 0 && understanding_learn(l->u, question, label, buf_text(&title), &e) != 0)
        faults_add(l->in.faults, "%s: '%s': %s", l->locale->source, l->c->texts->slot[text].key, e.text);
    buf_free(&title);
}

static void learn_answers(struct learning *l)
{
    const struct flow *f = l->c->flow;

    for (size_t q = 0; q < f->question_n; q++)
        for (size_t a = 0; a < f->question[q].answer_n; a++)
            learn_title(l, f->question[q].id, f->question[q].answer[a].id, f->question[q].answer[a].label);
    learn_title(l, "any", "unsure", TEXT_UNSURE_LABEL);
}

static void learn_label(struct learning *l, const char *kind, const char *id, int text)
{
    learn_title(l, "any", json_in_place(&l->in, "%s:%s", kind, id), text);
}

/* The button to a menu means the command that shows it, where there is one. */
static void learn_option(struct learning *l, const struct flow_option *o)
{
    const struct flow *f = l->c->flow;

    if (o->kind == OPTION_TOPIC) learn_label(l, "faq", f->topic[o->index].id, o->label);
    if (o->kind == OPTION_COMMAND) learn_label(l, "command", f->command[o->index].id, o->label);
    if (o->kind != OPTION_STATE) return;
    for (size_t i = 0; i < f->command_n; i++)
        if (f->command[i].verb == VERB_SHOW && f->command[i].state == o->index)
            learn_label(l, "command", f->command[i].id, o->label);
}

static void learn_titles(struct learning *l)
{
    static const struct {
        enum verb verb;
        int text;
    } own[] = {{VERB_REACH, TEXT_TALK_LABEL}, {VERB_BEGIN, TEXT_GO_ON}, {VERB_STOP, TEXT_STOP_HERE}};
    const struct flow *f = l->c->flow;

    learn_answers(l);
    for (size_t i = 0; i < f->topic_n; i++) learn_label(l, "faq", f->topic[i].id, f->topic[i].label);
    for (size_t i = 0; i < f->state_n; i++)
        for (size_t k = 0; k < f->state[i].option_n; k++) learn_option(l, &f->state[i].option[k]);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        for (size_t k = 0; k < f->command_n; k++) {
            if (f->command[k].verb != own[i].verb) continue;
            learn_label(l, "command", f->command[k].id, own[i].text);
            break; /* the button does the first of them */
        }
}

/* ---- the file ---- */

static void each(struct learning *l, const char *where, json_t *list,
                 int (*learn)(struct learning *l, const char *name, const char *phrase, struct err *e),
                 const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *v = json_array_get(list, i);
        struct err e = {0};
        if (!json_in_is(&l->in, where, "a phrase", v, JSON_STRING)) continue;
        if (learn(l, name, json_string_value(v), &e) != 0) faults_add(l->in.faults, "%s: %s", where, e.text);
    }
}

static int learn_filler(struct learning *l, const char *name, const char *phrase, struct err *e)
{
    (void)name;
    return understanding_learn_filler(l->u, phrase, e);
}

/* The file's keys are ranks: "1", "2", … no further than a question has answers. */
static int learn_ordinal(struct learning *l, const char *name, const char *phrase, struct err *e)
{
    int rank = name[0] - '0';

    if (name[0] < '1' || name[0] > '9' || name[1] != '\0' || rank > FLOW_ANSWERS_MAX + 1)
        return err_set(e, "rank '%s', expected 1 to %d", name, FLOW_ANSWERS_MAX + 1);
    return understanding_learn_ordinal(l->u, rank, phrase, e);
}

/* `name` is "<question>/<label>": ids have no slash. */
static int learn_phrase(struct learning *l, const char *name, const char *phrase, struct err *e)
{
    const char *slash = strchr(name, '/');
    const char *question = json_in_place(&l->in, "%.*s", (int)(slash - name), name);

    return understanding_learn(l->u, question, slash + 1, phrase, e);
}

static void read_labels(struct learning *l, const char *question, json_t *labels)
{
    const char *where = json_in_place(&l->in, "%s: '%s'", l->in.file, question);
    const char *label;
    json_t *list;

    json_object_foreach(labels, label, list)
    {
        /* A label that is wrong is told by its first phrase, and once. */
        if (json_in_is(&l->in, where, label, list, JSON_ARRAY))
            each(l, where, list, learn_phrase, json_in_place(&l->in, "%s/%s", question, label));
    }
}

static void read_ordinals(struct learning *l, json_t *ranks)
{
    const char *rank;
    json_t *list;

    json_object_foreach(ranks, rank, list)
    {
        const char *where = json_in_place(&l->in, "%s: ordinals: '%s'", l->in.file, rank);
        if (json_in_is(&l->in, where, "value", list, JSON_ARRAY)) each(l, where, list, learn_ordinal, rank);
    }
}

static void read_phrases(struct learning *l, json_t *root)
{
    const char *key;
    json_t *v;

    json_object_foreach(root, key, v)
    {
        bool filler = strcmp(key, "filler") == 0;
        const char *where = json_in_place(&l->in, "%s: '%s'", l->in.file, key);
        if (*key == '$' || !json_in_is(&l->in, where, "value", v, filler ? JSON_ARRAY : JSON_OBJECT))
            continue;
        if (filler)
            each(l, where, v, learn_filler, "");
        else if (strcmp(key, "ordinals") == 0)
            read_ordinals(l, v);
        else
            read_labels(l, key, v);
    }
}

void phrases_load(struct content *c, size_t i, const char *path, struct faults *faults)
{
    struct learning l = {.c = c,
                         .u = understanding_new(c->flow),
                         .locale = c->locale[i],
                         .in = {.file = path, .arena = c->arena, .faults = faults}};
    struct err e = {0};

    c->understanding[i] = l.u;
    if (l.u == NULL) {
        json_in_no_memory(&l.in);
        return;
    }
    /* The default language is understood in words of one's own; another may get by with titles. */
    json_t *root = i == 0 || access(path, F_OK) == 0 ? json_in_file(path, faults) : NULL;
    learn_titles(&l);
    if (root != NULL) read_phrases(&l, root);
    json_decref(root);
    if (understanding_ready(l.u, &e) != 0) faults_add(faults, "%s: %s", path, e.text);
}

/* phrases_load.c -- what a locale understands.
 *
 * locales/<code>.phrases.json: {"filler": [phrase …], "ordinals": {"1": [phrase …] …},
 * "words": {"negation": [word …] …}, "groups": {"family": [word …] …}, "numbers": {"twee": 2 …}, "short": {"idd": "inderdaad" …},
 * "alike": {"ij": "y" …}, "any", "start" or "<question>": {label: [phrase …] …} …}. The titles of
 * the buttons are phrases as well: who types what a button says means that button; and so are the
 * ids of commands, as which a chat's menu gives them. */
#include <stdio.h>
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

/* "/language_en" is given to us as "language en" (channel/telegram_message.c). Ids are of no language. */
static void learn_ids(struct learning *l)
{
    const struct flow *f = l->c->flow;
    char words[FLOW_ID_MAX + 1];
    struct err e = {0};

    for (size_t i = 0; i < f->command_n; i++) {
        const char *id = f->command[i].id, *label = json_in_place(&l->in, "command:%s", id);
        (void)snprintf(words, sizeof words, "%s", id);
        for (char *c = words; *c != '\0'; c++)
            if (*c == '_') *c = ' ';
        if (understanding_learn_name(l->u, label, words, &e) != 0)
            faults_add(l->in.faults, "%s: command '%s': %s", l->c->flow->source, id, e.text);
    }
}

/* ---- the file ---- */

/* With fewer a label is known by its exact words alone. */
enum { PHRASES_FEW = 5 };

/* Told, and no more, when `rc` is 1: a phrase that stands for two things helps to weigh both. */
static void told(struct learning *l, const char *where, int rc, const struct err *e)
{
    if (rc != 0) faults_add(l->in.faults, "%s%s: %s", rc > 0 ? "warning: " : "", where, e->text);
}

static void each(struct learning *l, const char *where, json_t *list,
                 int (*learn)(struct learning *l, const char *name, const char *phrase, struct err *e),
                 const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *v = json_array_get(list, i);
        struct err e = {0};
        if (!json_in_is(&l->in, where, "a phrase", v, JSON_STRING)) continue;
        told(l, where, learn(l, name, json_string_value(v), &e), &e);
    }
}

static int learn_filler(struct learning *l, const char *name, const char *phrase, struct err *e)
{
    (void)name;
    return understanding_learn_word(l->u, WORD_KIND_FILLER, phrase, e);
}

static int learn_word(struct learning *l, const char *name, const char *word, struct err *e)
{
    static const struct {
        const char *name;
        enum word_kind kind;
    } kinds[] = {{"negation", WORD_KIND_NEGATION},
                 {"past", WORD_KIND_PAST},
                 {"joint", WORD_KIND_JOINT},
                 {"contrast", WORD_KIND_CONTRAST},
                 {"limit", WORD_KIND_LIMIT}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0) return understanding_learn_word(l->u, kinds[i].kind, word, e);
    return err_set(e, "unknown kind '%s', expected negation, past, joint, contrast or limit", name);
}

static int learn_group(struct learning *l, const char *name, const char *word, struct err *e)
{
    return understanding_learn_group(l->u, name, word, e);
}

/* The file's keys are ranks: "1", "2", … "9", "middle" and "last". */
static int learn_ordinal(struct learning *l, const char *name, const char *phrase, struct err *e)
{
    if (strcmp(name, "middle") == 0) return understanding_learn_ordinal(l->u, RANK_MIDDLE, phrase, e);
    if (strcmp(name, "last") == 0) return understanding_learn_ordinal(l->u, RANK_LAST, phrase, e);
    int rank = name[0] - '0';

    if (name[0] < '1' || name[0] > '9' || name[1] != '\0' || rank > FLOW_ANSWERS_MAX + 1)
        return err_set(e, "rank '%s', expected 1 to %d, middle or last", name, FLOW_ANSWERS_MAX + 1);
    return understanding_learn_ordinal(l->u, rank, phrase, e);
}

/* `name` is "<question>/<label>": ids have no slash. */
static int learn_phrase(struct learning *l, const char *name, const char *phrase, struct err *e)
{
    const char *slash = strchr(name, '/');
    char question[FLOW_ID_MAX + 1];

    (void)snprintf(question, sizeof question, "%.*s", (int)(slash - name), name);
    return understanding_learn(l->u, question, slash + 1, phrase, e);
}

static void read_labels(struct learning *l, const char *question, json_t *labels)
{
    const char *where = json_in_place(&l->in, "%s: '%s'", l->in.file, question);
    const char *label;
    json_t *list;

    if (strcmp(question, "any") != 0 && strcmp(question, "start") != 0 &&
        flow_question_find(l->c->flow, question) < 0) {
        faults_add(l->in.faults, "%s: unknown question, expected any, start or a question of the flow",
                   where);
        return;
    }
    json_object_foreach(labels, label, list)
    {
        const char *place = json_in_place(&l->in, "%s: '%s'", where, label);
        /* A label that is wrong is told by its first phrase, and once. */
        if (!json_in_is(&l->in, where, label, list, JSON_ARRAY)) continue;
        each(l, place, list, learn_phrase, json_in_place(&l->in, "%s/%s", question, label));
        if (json_array_size(list) < PHRASES_FEW && strcmp(question, "start") != 0)
            faults_add(l->in.faults, "warning: %s: %zu phrases, expected %d or more", place,
                       json_array_size(list), PHRASES_FEW);
    }
}

/* Lists by name: the ranks, the kinds of words. */
static void read_lists(struct learning *l, const char *what, json_t *lists,
                       int (*learn)(struct learning *l, const char *name, const char *phrase, struct err *e))
{
    const char *name;
    json_t *list;

    json_object_foreach(lists, name, list)
    {
        const char *where = json_in_place(&l->in, "%s: %s: '%s'", l->in.file, what, name);
        if (json_in_is(&l->in, where, "value", list, JSON_ARRAY)) each(l, where, list, learn, name);
    }
}

static void read_ordinals(struct learning *l, const char *key, json_t *ranks)
{
    read_lists(l, key, ranks, learn_ordinal);
}

static void read_words(struct learning *l, const char *key, json_t *kinds)
{
    read_lists(l, key, kinds, learn_word);
}

static void read_groups(struct learning *l, const char *key, json_t *groups)
{
    read_lists(l, key, groups, learn_group);
}

static void read_numbers(struct learning *l, const char *key, json_t *numbers)
{
    const char *where = json_in_place(&l->in, "%s: '%s'", l->in.file, key);
    const char *word;
    json_t *v;

    json_object_foreach(numbers, word, v)
    {
        struct err e = {0};
        if (!json_in_is(&l->in, where, word, v, JSON_INTEGER)) continue;
        told(l, where, understanding_learn_number(l->u, (int)json_integer_value(v), word, &e), &e);
    }
}

/* Pairs of a word and what it stands for. */
static void read_pairs(struct learning *l, const char *key, json_t *pairs,
                       int (*learn)(struct understanding *u, const char *word, const char *meaning,
                                    struct err *e))
{
    const char *where = json_in_place(&l->in, "%s: '%s'", l->in.file, key);
    const char *word;
    json_t *v;

    json_object_foreach(pairs, word, v)
    {
        struct err e = {0};
        if (!json_in_is(&l->in, where, word, v, JSON_STRING)) continue;
        told(l, where, learn(l->u, word, json_string_value(v), &e), &e);
    }
}

static void read_short(struct learning *l, const char *key, json_t *pairs)
{
    read_pairs(l, key, pairs, understanding_learn_short);
}

static void read_alike(struct learning *l, const char *key, json_t *pairs)
{
    read_pairs(l, key, pairs, understanding_learn_alike);
}

static void read_key(struct learning *l, const char *key, json_t *v)
{
    static const struct {
        const char *key;
        void (*read)(struct learning *l, const char *key, json_t *v);
    } keys[] = {{"ordinals", read_ordinals}, {"words", read_words}, {"groups", read_groups},
                {"numbers", read_numbers},   {"short", read_short}, {"alike", read_alike}};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].key, key) == 0) {
            keys[i].read(l, key, v);
            return;
        }
    read_labels(l, key, v);
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
        else
            read_key(l, key, v);
    }
}

void phrases_learn(struct content *c, size_t i, struct understanding *u, json_t *root, const char *path,
                   struct faults *faults)
{
    struct learning l = {
        .c = c, .u = u, .locale = c->locale[i], .in = {.file = path, .arena = c->arena, .faults = faults}};

    learn_titles(&l);
    if (i == 0) learn_ids(&l);
    if (root != NULL) read_phrases(&l, root);
}

void phrases_load(struct content *c, size_t i, const char *path, struct faults *faults)
{
    /* The default language is understood in words of one's own; another may get by with titles. */
    json_t *root = i == 0 || access(path, F_OK) == 0 ? json_in_file(path, faults) : NULL;

    phrases_learn(c, i, c->understanding, root, path, faults);
    json_decref(root);
}

#include "lessons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "hash.h"

unsigned lessons_fold(const char *phrase)
{
    return (unsigned)(hash_bytes(phrase, strlen(phrase)) >> 7) % FOLDS;
}

static bool is_labels(const char *key)
{
    static const char *const others[] = {"$schema", "filler", "ordinals", "words",
                                         "numbers", "short",  "alike"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], key) == 0) return false;
    return true;
}

void lessons_each(json_t *root,
                  void (*tell)(void *user, const char *question, const char *label, const char *phrase),
                  void *user)
{
    const char *question, *label;
    json_t *labels, *list, *phrase;
    size_t i;

    json_object_foreach(root, question, labels)
    {
        if (!is_labels(question)) continue;
        json_object_foreach(labels, label, list)
        {
            json_array_foreach(list, i, phrase)
            {
                tell(user, question, label, json_string_value(phrase));
            }
        }
    }
}

struct learner {
    struct understanding *u;
    int fold;
    bool ok;
};

static void check(struct learner *l, int rc, const struct err *e)
{
    if (rc >= 0) return;
    (void)fprintf(stderr, "%s\n", e->text);
    l->ok = false;
}

static void learn(void *user, const char *question, const char *label, const char *phrase)
{
    struct learner *l = user;
    struct err e = {0};

    if ((int)lessons_fold(phrase) != l->fold)
        check(l, understanding_learn(l->u, question, label, phrase, &e), &e);
}

static void learn_lists(struct learner *l, json_t *root)
{
    static const struct {
        const char *name;
        enum word_kind kind;
    } kinds[] = {{"negation", WORD_KIND_NEGATION},
                 {"past", WORD_KIND_PAST},
                 {"joint", WORD_KIND_JOINT},
                 {"contrast", WORD_KIND_CONTRAST}};
    const char *rank;
    json_t *list, *v;
    size_t i;
    struct err e = {0};

    json_array_foreach(json_object_get(root, "filler"), i, v)
    {
        check(l, understanding_learn_word(l->u, WORD_KIND_FILLER, json_string_value(v), &e), &e);
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        list = json_object_get(json_object_get(root, "words"), kinds[k].name);
        json_array_foreach(list, i, v)
        {
            check(l, understanding_learn_word(l->u, kinds[k].kind, json_string_value(v), &e), &e);
        }
    }
    json_object_foreach(json_object_get(root, "ordinals"), rank, list)
    {
        json_array_foreach(list, i, v)
        {
            check(l, understanding_learn_ordinal(l->u, (int)strtol(rank, NULL, 10), json_string_value(v), &e),
                  &e);
        }
    }
}

static void learn_words(struct learner *l, json_t *root)
{
    const char *word;
    json_t *v;
    struct err e = {0};

    json_object_foreach(json_object_get(root, "numbers"), word, v)
    {
        check(l, understanding_learn_number(l->u, (int)json_integer_value(v), word, &e), &e);
    }
    json_object_foreach(json_object_get(root, "short"), word, v)
    {
        check(l, understanding_learn_short(l->u, word, json_string_value(v), &e), &e);
    }
    json_object_foreach(json_object_get(root, "alike"), word, v)
    {
        check(l, understanding_learn_alike(l->u, word, json_string_value(v), &e), &e);
    }
}

bool lessons_learn(struct understanding *u, json_t *root, int fold)
{
    struct learner l = {.u = u, .fold = fold, .ok = true};
    struct err e = {0};

    learn_lists(&l, root);
    learn_words(&l, root);
    lessons_each(root, learn, &l);
    check(&l, understanding_ready(u, &e), &e);
    return l.ok;
}

#include "lessons.h"

#include <string.h>

#include "hash.h"

unsigned lessons_fold(const char *phrase)
{
    return (unsigned)(hash_bytes(phrase, strlen(phrase)) >> 7) % FOLDS;
}

/* What stands beside the questions. */
static bool is_labels(const char *key)
{
    static const char *const others[] = {"$schema", "filler",  "ordinals", "words",
                                         "groups",  "numbers", "short",    "alike"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], key) == 0) return false;
    return true;
}

static void each_list(json_t *root,
                      void (*see)(void *user, const char *question, const char *label, json_t *list),
                      void *user)
{
    const char *question, *label;
    json_t *labels, *list;

    json_object_foreach(root, question, labels)
    {
        if (!is_labels(question)) continue;
        json_object_foreach(labels, label, list)
        {
            see(user, question, label, list);
        }
    }
}

struct teller {
    void (*tell)(void *user, const char *question, const char *label, const char *phrase);
    void *user;
};

static void tell_list(void *user, const char *question, const char *label, json_t *list)
{
    const struct teller *t = user;

    for (size_t i = 0; i < json_array_size(list); i++)
        t->tell(t->user, question, label, json_string_value(json_array_get(list, i)));
}

void lessons_each(json_t *root,
                  void (*tell)(void *user, const char *question, const char *label, const char *phrase),
                  void *user)
{
    struct teller t = {tell, user};

    each_list(root, tell_list, &t);
}

static void thin_list(void *user, const char *question, const char *label, json_t *list)
{
    const unsigned *fold = user;

    (void)question;
    (void)label;
    for (size_t i = json_array_size(list); i-- > 0;)
        if (lessons_fold(json_string_value(json_array_get(list, i))) == *fold)
            (void)json_array_remove(list, i);
}

json_t *lessons_without(json_t *root, unsigned fold)
{
    json_t *rest = json_deep_copy(root);

    if (rest != NULL) each_list(rest, thin_list, &fold);
    return rest;
}

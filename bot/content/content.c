#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "business.h"
#include "err.h"
#include "faults.h"
#include "parts.h"

/* A flow with its texts in two languages takes about this much; more comes in further blocks. */
enum { CONTENT_BYTES = 256 * 1024 };

/* Room for a code in struct conversation: "nl", "pt-br". */
enum { CODE_MAX = sizeof((struct conversation *)NULL)->locale - 1 };

static const char *copy(struct content *c, struct faults *faults, const char *s)
{
    const char *made = arena_strdup(c->arena, s);

    if (made == NULL) faults_add(faults, "%s: out of memory", s);
    return made == NULL ? "" : made;
}

/* ---- locales ---- */

/* "nl.json" gives 2; 0 for a file that is no locale ("nl.phrases.json", "locale.schema.json"). */
static size_t code_length(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz-");

    return n >= 2 && n <= CODE_MAX && strcmp(name + n, ".json") == 0 ? n : 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The codes of the directory, the default first whether its file is there or not, the rest in
 * the order of the alphabet. */
static size_t find_codes(struct content *c, const struct content_files *files,
                         const char *code[static LOCALES_MAX], struct faults *faults)
{
    DIR *dir = opendir(files->locales);
    struct dirent *entry;
    struct err e = {0};
    size_t n = 0;

    code[n++] = copy(c, faults, files->locale);
    if (dir == NULL) {
        (void)err_errno(&e, files->locales, errno);
        faults_add(faults, "%s", e.text);
        return n;
    }
    while ((entry = readdir(dir)) != NULL) {
        size_t len = code_length(entry->d_name);
        if (len == 0 || (strlen(files->locale) == len && memcmp(entry->d_name, files->locale, len) == 0))
            continue;
        const char *found = n == LOCALES_MAX ? NULL : arena_strndup(c->arena, entry->d_name, len);
        if (found != NULL)
            code[n++] = found;
        else
            faults_add(faults, "%s/%s: more than %d locales, or out of memory", files->locales, entry->d_name,
                       (int)LOCALES_MAX);
    }
    (void)closedir(dir);
    qsort(code + 1, n - 1, sizeof *code, by_name);
    return n;
}

static void load_locales(struct content *c, const struct content_files *files, bool whole,
                         struct faults *faults)
{
    const char *code[LOCALES_MAX];
    size_t n = find_codes(c, files, code, faults);
    const struct locale *source = NULL;

    if (strlen(files->locale) > CODE_MAX) {
        faults_add(faults, "locale '%s': a code has at most %zu letters", files->locale, (size_t)CODE_MAX);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const char *path = arena_printf(c->arena, "%s/%s.json", files->locales, code[i]);
        struct locale *l = path == NULL ? NULL : texts_load(c->texts, path, code[i], source, whole, faults);
        if (path == NULL) faults_add(faults, "%s: out of memory", files->locales);
        if (l == NULL) continue;
        if (i == 0) source = l;
        c->locale[c->locale_n++] = l;
    }
}

static void load_phrases(struct content *c, const struct content_files *files, struct faults *faults)
{
    for (size_t i = 0; i < c->locale_n; i++) {
        const char *path = arena_printf(c->arena, "%s/%s.phrases.json", files->locales, c->locale[i]->code);
        if (path == NULL)
            faults_add(faults, "%s: out of memory", files->locales);
        else
            phrases_load(c, i, path, faults);
    }
}

static void check_languages(const struct content *c, const struct content_files *files, struct faults *faults)
{
    for (size_t i = 0; i < c->flow->command_n; i++) {
        const struct flow_command *cmd = &c->flow->command[i];
        size_t k = 0;
        if (cmd->verb != VERB_LANGUAGE || cmd->locale == NULL) continue;
        while (k < c->locale_n && strcmp(c->locale[k]->code, cmd->locale) != 0) k++;
        if (k == c->locale_n)
            faults_add(faults, "%s: command '%s': locale '%s' has no file %s/%s.json", c->flow->source,
                       cmd->id, cmd->locale, files->locales, cmd->locale);
    }
}

/* ---- all of it ---- */

static void load_all(struct content *c, const struct content_files *files, struct faults *faults)
{
    size_t before = faults_errors(faults);

    c->flow = flow_load(copy(c, faults, files->flow), c->texts, faults);
    bool whole = faults_errors(faults) == before;
    if (whole) {
        check_graph(c->flow, faults);
        if (faults_errors(faults) == before) check_advice(c->flow, faults);
    }
    c->business = business_load(copy(c, faults, files->business), c->arena, faults);
    load_locales(c, files, whole, faults);
    if (c->flow == NULL || c->flow->state_n == 0) return; /* nothing to compare with */
    check_languages(c, files, faults);
    if (c->business != NULL) load_phrases(c, files, faults);
}

int content_load(const struct content_files *files, struct content **out, struct faults *faults)
{
    size_t before = faults_errors(faults);
    struct content *c = calloc(1, sizeof *c);

    *out = NULL;
    if (c != NULL) c->arena = arena_new(CONTENT_BYTES);
    if (c == NULL || c->arena == NULL || (c->texts = texts_new(c->arena)) == NULL) {
        faults_add(faults, "%s: out of memory", files->flow);
        content_free(c);
        return -1;
    }
    load_all(c, files, faults);
    if (faults_errors(faults) != before) {
        content_free(c);
        return -1;
    }
    c->script = (struct script){.flow = c->flow,
                                .locales = c->locale,
                                .locale_n = c->locale_n,
                                .business = c->business,
                                .retain_text_days = files->retain_text_days};
    *out = c;
    return 0;
}

void content_free(struct content *c)
{
    if (c == NULL) return;
    for (size_t i = 0; i < c->locale_n; i++) understanding_free(c->understanding[i]);
    arena_free(c->arena);
    free(c);
}

const struct script *content_script(const struct content *c)
{
    return &c->script;
}

const struct understanding *content_understanding(const struct content *c, const char *code)
{
    for (size_t i = 0; i < c->locale_n; i++)
        if (strcmp(c->locale[i]->code, code) == 0) return c->understanding[i];
    return NULL;
}

/* ---- training ---- */

struct pupil {
    struct understanding *u;
    pthread_t thread;
    bool apart; /* in a thread of its own */
    int rc;
};

static void *train_one(void *user)
{
    struct pupil *p = user;
    struct err e = {0};

    p->rc = understanding_ready(p->u, &e);
    return NULL;
}

int content_train(struct content *c, struct err *e)
{
    struct pupil pupil[LOCALES_MAX];
    int rc = 0;

    /* The default language, the one with most to learn, is trained here, the others meanwhile. */
    for (size_t i = 0; i < c->locale_n; i++) pupil[i] = (struct pupil){.u = c->understanding[i]};
    for (size_t i = 1; i < c->locale_n; i++)
        pupil[i].apart = pthread_create(&pupil[i].thread, NULL, train_one, &pupil[i]) == 0;
    for (size_t i = 0; i < c->locale_n; i++)
        if (!pupil[i].apart) (void)train_one(&pupil[i]);
    for (size_t i = 0; i < c->locale_n; i++) {
        if (pupil[i].apart) (void)pthread_join(pupil[i].thread, NULL);
        if (pupil[i].rc != 0) rc = err_set(e, "training '%s': out of memory", c->locale[i]->code);
    }
    return rc;
}

/* ---- a turn ---- */

/* Who writes English to a Dutch bot is understood in one thing: that they want English. */
static void read_elsewhere(const struct content *c, const struct understanding *known, const char *text,
                           struct meaning *m)
{
    struct meaning other;

    for (size_t i = 0; i < c->locale_n; i++) {
        if (c->understanding[i] == known) continue;
        understanding_read(c->understanding[i], -1, text, &other);
        const struct label *l = &other.label[0];
        if (other.n == 0 || l->likely || l->kind != LABEL_COMMAND) continue;
        if (c->flow->command[l->index].verb != VERB_LANGUAGE) continue;
        *m = other;
        return;
    }
}

static void read_words(const struct content *c, const struct conversation *conversation,
                       const struct message *message, struct meaning *m)
{
    const struct understanding *u = content_understanding(c, dialogue_locale(&c->script, conversation)->code);

    *m = (struct meaning){0};
    if (message->text == NULL || message->kind == MESSAGE_TAP) return;
    understanding_read(u, dialogue_question(conversation, message), message->text, m);
    if (m->n == 0) read_elsewhere(c, u, message->text, m);
}

int content_step(const struct content *c, struct conversation *conversation, const struct message *message,
                 int64_t now_ms, struct effects *fx, struct err *e)
{
    struct meaning m;
    const struct event ev = {.now_ms = now_ms, .message = message, .meaning = &m};

    read_words(c, conversation, message, &m);
    return dialogue_step(&c->script, conversation, &ev, fx, e);
}

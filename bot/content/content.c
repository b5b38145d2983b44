#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
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
    c->understanding = understanding_new(c->flow);
    if (c->understanding == NULL) faults_add(faults, "%s: out of memory", files->locales);
    for (size_t i = 0; c->understanding != NULL && i < c->locale_n; i++) {
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
                                .retain_text_days = files->retain_text_days,
                                .desk = files->desk,
                                .human_ms = files->human_ms};
    *out = c;
    return 0;
}

const struct script *content_script(const struct content *c)
{
    return &c->script;
}

/* ---- training ---- */

/* In a thread of its own, which nobody but the first reader waits for. */
struct training {
    struct understanding *u;
    pthread_t thread;
    bool running;
    atomic_bool done;
    int rc;
    struct err e;
};

static void *train(void *user)
{
    struct training *t = user;

    t->rc = understanding_ready(t->u, &t->e);
    (void)malloc_trim(0); /* what training took is not needed again */
    atomic_store(&t->done, true);
    return NULL;
}

int content_train(struct content *c, struct err *e)
{
    struct training *t = c->training = arena_calloc(c->arena, sizeof *t);

    if (t == NULL) return err_set(e, "out of memory");
    t->u = c->understanding;
    t->running = pthread_create(&t->thread, NULL, train, t) == 0;
    if (!t->running) (void)train(t);
    return 0;
}

static int trained(const struct content *c, struct err *e)
{
    struct training *t = c->training;

    if (t == NULL) return 0;
    if (t->running) (void)pthread_join(t->thread, NULL);
    t->running = false;
    return t->rc == 0 ? 0 : err_set(e, "training: %s", t->e.text);
}

void content_free(struct content *c)
{
    if (c == NULL) return;
    (void)trained(c, NULL);
    understanding_free(c->understanding);
    arena_free(c->arena);
    free(c);
}

bool content_trained(const struct content *c)
{
    return c->training == NULL || atomic_load(&c->training->done);
}

const struct understanding *content_understanding(const struct content *c, struct err *e)
{
    return trained(c, e) == 0 ? c->understanding : NULL;
}

/* ---- a turn ---- */

static int read_words(const struct content *c, const struct conversation *conversation,
                      const struct message *message, struct meaning *m, struct err *e)
{
    *m = (struct meaning){0};
    if (message->text == NULL || message->kind == MESSAGE_TAP) return 0;
    if (trained(c, e) != 0) return -1;
    understanding_read(c->understanding, dialogue_question(conversation, message), message->text, m);
    return 0;
}

int content_event(const struct content *c, struct conversation *conversation, const struct event *event,
                  struct effects *fx, struct err *e)
{
    struct event whole = *event;
    struct meaning m;

    if (event->kind != EVENT_MESSAGE) return dialogue_step(&c->script, conversation, event, fx, e);
    if (read_words(c, conversation, event->message, &m, e) != 0) return -1;
    whole.meaning = &m;
    return dialogue_step(&c->script, conversation, &whole, fx, e);
}

int content_step(const struct content *c, struct conversation *conversation, const struct message *message,
                 int64_t now_ms, struct effects *fx, struct err *e)
{
    const struct event ev = {.now_ms = now_ms, .message = message};

    return content_event(c, conversation, &ev, fx, e);
}

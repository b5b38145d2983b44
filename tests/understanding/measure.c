/* measure.c -- how well typed text is understood: on labelled sets, and on phrases kept apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "content.h"
#include "err.h"
#include "faults.h"
#include "flow.h"
#include "lessons.h"
#include "parts.h"
#include "tally.h"
#include "text.h"

enum { PAIRS_SHOWN = 25, TIMES_MAX = 100000 };

struct times {
    double us[TIMES_MAX];
    size_t n;
};

static double cpu_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void ask(const struct understanding *u, const struct flow *f, const char *question, const char *text,
                const char *expect, struct tally *t, struct times *times)
{
    struct meaning m;
    struct buf label = {0};
    double began = cpu_us();

    understanding_read(u, flow_question_find(f, question), text, &m);
    if (times->n < TIMES_MAX) times->us[times->n++] = cpu_us() - began;
    if (m.n > 0)
        understanding_label(f, &m.label[0], &label);
    else
        buf_adds(&label, "unclear");
    const struct outcome o = {.question = question,
                              .expect = expect,
                              .got = buf_text(&label),
                              .score = m.n > 0 ? m.label[0].score : 0,
                              .likely = m.n > 0 && m.label[0].likely};
    tally_add(t, &o);
    if (getenv("MEASURE_WRONG") != NULL && strcmp(expect, o.got) != 0)
        (void)printf("%-9s %-22s %-22s %.2f %s\n", question, expect, o.got, o.score, text);
    buf_free(&label);
}

/* ---- out of turn: an answer to another question than the open one ---- */

struct aside {
    size_t n, right, wrong, other; /* wrong: another answer taken; other: a topic or command done */
};

static void ask_aside(const struct understanding *u, const struct flow *f, int open, int about, int answer,
                      const char *text, struct aside *t)
{
    struct meaning m;
    bool right = false, wrong = false, other = false;

    understanding_read(u, open, text, &m);
    for (size_t i = 0; i < m.n; i++) {
        const struct label *l = &m.label[i];
        if (l->kind == LABEL_ANSWER && l->question == about && l->index == answer) right = true;
        if (l->kind == LABEL_ANSWER && (l->question != about || l->index != answer)) wrong = true;
        if (l->kind == LABEL_TOPIC || l->kind == LABEL_COMMAND) other = true;
    }
    if (wrong && getenv("MEASURE_WRONG") != NULL)
        (void)printf("aside at %-9s %s\n", open < 0 ? "start" : f->question[open].id, text);
    t->n++;
    t->right += right && !wrong;
    t->wrong += wrong;
    t->other += other && !right && !wrong;
}

/* Each answer of the set at the start and at the next question; "ja" says nothing there. */
static void ask_asides(const struct understanding *u, const struct flow *f, const char *question,
                       const char *text, const char *expect, struct aside t[2])
{
    int about = flow_question_find(f, question);
    int answer = about < 0 ? -1 : flow_answer_find(f, about, expect);

    if (answer < 0 || strchr(text, ' ') == NULL) return;
    ask_aside(u, f, -1, about, answer, text, &t[0]);
    ask_aside(u, f, (about + 1) % (int)f->question_n, about, answer, text, &t[1]);
}

static void print_asides(const struct aside t[2])
{
    static const char *const where[] = {"at the start", "at another question"};

    for (size_t i = 0; i < 2; i++)
        (void)printf("  answers %-20s %zu: %zu taken right, %zu wrong, %zu taken for something else\n",
                     where[i], t[i].n, t[i].right, t[i].wrong, t[i].other);
}

/* ---- a labelled set ---- */

static int measure_set(const struct content *c, const struct understanding *u, const char *path,
                       struct times *times)
{
    FILE *file = fopen(path, "r");
    struct tally *t = calloc(1, sizeof *t);
    struct aside asides[2] = {{0}};
    char *line = NULL;
    size_t size = 0;
    int rc = 0;

    if (file == NULL || t == NULL) {
        (void)printf("\n%s: NOT MEASURED, it cannot be read\n", path);
        goto out;
    }
    for (int number = 1; rc == 0 && getline(&line, &size, file) >= 0; number++) {
        json_t *o = json_loads(line, 0, NULL);
        const char *question = json_string_value(json_object_get(o, "question"));
        const char *text = json_string_value(json_object_get(o, "text"));
        const char *expect = json_string_value(json_object_get(o, "expect"));
        if (question != NULL && text != NULL && expect != NULL) {
            ask(u, content_script(c)->flow, question, text, expect, t, times);
            ask_asides(u, content_script(c)->flow, question, text, expect, asides);
        } else if (line[strspn(line, " \t\r\n")] != '\0') {
            (void)fprintf(stderr, "%s:%d: expected \"question\", \"text\" and \"expect\"\n", path, number);
            rc = -1;
        }
        json_decref(o);
    }
    if (rc == 0) tally_print(path, t, PAIRS_SHOWN);
    if (rc == 0) print_asides(asides);
out:
    if (file != NULL) (void)fclose(file);
    free(line);
    free(t);
    return rc;
}

/* ---- phrases kept apart ---- */

struct fold {
    const struct understanding *u;
    const struct flow *f;
    unsigned fold;
    struct tally *t;
    struct times *times;
};

/* A phrase that holds anywhere is asked somewhere, the same place at each run. */
static void ask_apart(void *user, const char *question, const char *label, const char *phrase)
{
    struct fold *x = user;

    if (lessons_fold(phrase) != x->fold) return;
    if (strcmp(question, "any") == 0) {
        size_t n = x->f->question_n + (strcmp(label, "unsure") != 0), k = strlen(phrase) % n;
        question = k < x->f->question_n ? x->f->question[k].id : "start";
    }
    ask(x->u, x->f, question, phrase, label, x->t, x->times);
}

/* The files of all locales, for they are learnt together. */
struct files {
    size_t n;
    char path[LOCALES_MAX][64];
    json_t *root[LOCALES_MAX];
};

static bool files_open(struct files *f, const struct script *s)
{
    for (f->n = 0; f->n < s->locale_n; f->n++) {
        (void)snprintf(f->path[f->n], sizeof f->path[f->n], "locales/%s.phrases.json",
                       s->locales[f->n]->code);
        f->root[f->n] = json_load_file(f->path[f->n], 0, NULL);
        if (f->root[f->n] == NULL) return false;
    }
    return true;
}

static void files_close(struct files *f)
{
    for (size_t i = 0; i < f->n; i++) json_decref(f->root[i]);
}

/* One that learnt the lessons of all folds but one; NULL, told on stderr, when it cannot. */
static struct understanding *learn_without(struct content *c, const struct files *files, unsigned fold)
{
    struct understanding *u = understanding_new(content_script(c)->flow);
    struct faults *faults = faults_new();
    struct err e = {0};

    for (size_t i = 0; u != NULL && faults != NULL && i < files->n; i++) {
        json_t *rest = lessons_without(files->root[i], fold);
        phrases_learn(c, i, u, rest, files->path[i], faults);
        json_decref(rest);
    }
    faults_free(faults);
    if (u != NULL && understanding_ready(u, &e) == 0) return u;
    (void)fprintf(stderr, "fold %u: %s\n", fold, e.text);
    understanding_free(u);
    return NULL;
}

static int measure_folds(struct content *c)
{
    struct files files;
    struct tally *t[LOCALES_MAX] = {NULL};
    struct times *times = calloc(1, sizeof *times);
    int rc = times != NULL && files_open(&files, content_script(c)) ? 0 : -1;

    for (size_t i = 0; i < files.n; i++)
        if ((t[i] = calloc(1, sizeof *t[i])) == NULL) rc = -1;
    for (unsigned fold = 0; rc == 0 && fold < FOLDS; fold++) {
        struct understanding *u = learn_without(c, &files, fold);
        for (size_t i = 0; u != NULL && i < files.n; i++) {
            struct fold x = {.u = u, .f = content_script(c)->flow, .fold = fold, .t = t[i], .times = times};
            lessons_each(files.root[i], ask_apart, &x);
        }
        if (u == NULL) rc = -1;
        understanding_free(u);
    }
    for (size_t i = 0; i < files.n; i++) {
        if (rc == 0) tally_print(files.path[i], t[i], PAIRS_SHOWN);
        if (rc == 0) (void)printf("  (each fifth asked, the rest learnt)\n");
        free(t[i]);
    }
    files_close(&files);
    free(times);
    return rc;
}

/* ---- cost ---- */

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void print_cost(const struct understanding *u, double train_ms, struct times *times)
{
    (void)printf("\ncost\n  training               %8.1f ms CPU\n", train_ms);
    (void)printf("  memory                 %8.2f MiB\n", (double)understanding_bytes(u) / 1048576.0);
    if (times->n == 0) return;
    qsort(times->us, times->n, sizeof *times->us, by_size);
    (void)printf("  a message              %8.1f us CPU median, %.1f us p99 (%zu messages)\n",
                 times->us[times->n / 2], times->us[times->n * 99 / 100], times->n);
}

int main(int argc, char **argv)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nl",
                                        .retain_text_days = 30};
    struct faults *faults = faults_new();
    struct content *c = NULL;
    struct times *times = calloc(1, sizeof *times);
    struct err e = {0};
    int rc = EXIT_FAILURE;

    if (faults == NULL || times == NULL || content_load(&files, &c, faults) != 0) {
        for (size_t i = 0; faults != NULL && i < faults_count(faults); i++)
            (void)fprintf(stderr, "%s\n", faults_line(faults, i));
        goto out;
    }
    clock_t began = clock();
    const struct understanding *u = content_train(c, &e) == 0 ? content_understanding(c, &e) : NULL;
    if (u == NULL) goto out;
    double train_ms = 1000.0 * (double)(clock() - began) / CLOCKS_PER_SEC;
    rc = EXIT_SUCCESS;
    for (int i = 1; i < argc; i++) {
        if (measure_set(c, u, argv[i], times) != 0) rc = EXIT_FAILURE;
    }
    if (getenv("MEASURE_SETS_ONLY") == NULL && measure_folds(c) != 0) rc = EXIT_FAILURE;
    print_cost(u, train_ms, times);
out:
    content_free(c);
    faults_free(faults);
    free(times);
    return rc;
}

/* bench_steps.c -- the dialogue alone, in this process: loading, reading, stepping. No disk, no net.
 *
 * usage: steps [STEPS]. Run where flows/ and locales/ are. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "content.h"
#include "count.h"
#include "err.h"
#include "report.h"
#include "times.h"

enum {
    STEPS = 100000,
    STEPS_MAX = 10000000,
    READS_PART = 10, /* reading costs more than stepping: so many fewer rounds */
    ARENA_BYTES = 64 * 1024,
    ID_MAX = 257
};

/* A Tuesday in November 2026, ten in the morning in Amsterdam: the office is open. */
static const int64_t NOW_MS = INT64_C(1795510800000);

static const struct {
    const char *question; /* NULL: none open */
    const char *text;
} lines[] = {
    {NULL, "hoi ik wil graag advies over mail"},
    {NULL, "kwil weten welke mail ik moet hebben, zijn met 4 man en doen veel via de agenda"},
    {"usage", "elke dag wel"},
    {"usage", "de hele dag door, tientallen mails"},
    {"calendar", "ja dat is echt belangrijk"},
    {"calendar", "alleen die van mezelf hoor"},
    {"team", "ben zzp'er"},
    {"team", "we zitten met z'n drieën op info@"},
    {"security", "doe maar gewoon"},
    {"security", "heel belangrijk ivm patiëntgegevens"},
    {"sector", "tandartspraktijk"},
    {"sector", "nee niks bijzonders"},
    {"growth", "over een jaartje misschien iemand erbij"},
    {"growth", "weet ik echt nog niet"},
    {"growth", "wat is trouwens pop"},
    {"team", "ik heb morgen een afspraak bij de kapper"},
};

enum { LINES = sizeof lines / sizeof *lines };

struct bench {
    const struct content *content;
    struct arena *arena;
    struct times times;
    long steps;
};

struct cost {
    int64_t began_ns;
    uint64_t calls;
};

static struct cost cost_begin(struct bench *b)
{
    b->times.n = 0;
    return (struct cost){times_now_ns(), count_here()->calls};
}

static void cost_report(struct bench *b, const struct cost *c, const char *what)
{
    double n = (double)b->times.n, took_s = (double)(times_now_ns() - c->began_ns) / 1e9;
    double calls = (double)(count_here()->calls - c->calls);

    if (b->times.n == 0) return;
    report_title(what);
    report_figure("a second", n / took_s, 0, "", 0);
    report_pair("each, p50 / p99", 1000 * times_ms(&b->times, 0.5), 1000 * times_ms(&b->times, 0.99), 1, "us",
                0);
    report_figure("allocations each", calls / n, 2, "", 0);
}

/* ---- steps ---- */

/* The first of the answers the reply offers, another one each time. False: it offers none. */
static bool pick(const struct effects *fx, long round, char id[static ID_MAX])
{
    const struct choice *answers[OUTBOUND_CHOICES_MAX];
    size_t n = 0;

    for (size_t i = 0; i < fx->n; i++) {
        const struct outbound *o = &fx->effect[i].say.out;
        if (fx->effect[i].kind != EFFECT_SAY) continue;
        for (size_t k = 0; k < o->choice_n && n < OUTBOUND_CHOICES_MAX; k++)
            if (strchr(o->choice[k].id, '=') != NULL) answers[n++] = &o->choice[k];
    }
    if (n == 0) return false;
    (void)snprintf(id, ID_MAX, "%s", answers[(size_t)round % n]->id);
    return true;
}

/* From the first message to the advice and anew: each step begins with the stored line of the
 * conversation and ends with it, as on the road. */
static int walk(struct bench *b, struct err *e)
{
    const struct flow *f = content_script(b->content)->flow;
    struct conversation c;
    struct buf stored = {0};
    char id[ID_MAX] = "";
    int rc = -1;

    conversation_begin(&c, "nl");
    conversation_write(&c, f, &stored);
    struct cost cost = cost_begin(b);
    for (long i = 0; i < b->steps; i++) {
        struct message m = {
            .kind = MESSAGE_TEXT, .sent_ms = NOW_MS, .id = "bench", .text = "opnieuw", .name = "Sanne"};
        struct effects fx = {.arena = b->arena};
        int64_t began = times_now_ns();
        if (i == 0) m.text = "hoi, ik wil advies over mail";
        if (id[0] != '\0') {
            m.kind = MESSAGE_TAP;
            m.choice = id;
        }
        if (conversation_read(&c, f, buf_text(&stored), e) != 0) goto out;
        if (content_step(b->content, &c, &m, NOW_MS + i, &fx, e) != 0) goto out;
        buf_clear(&stored);
        conversation_write(&c, f, &stored);
        times_add(&b->times, times_now_ns() - began);
        if (!pick(&fx, i, id)) id[0] = '\0';
        arena_reset(b->arena);
    }
    cost_report(b, &cost, "steps: conversation read, stepped, written; six of eight are taps");
    rc = 0;
out:
    buf_free(&stored);
    return rc;
}

/* ---- reading ---- */

static void read_lines(struct bench *b, const struct understanding *u)
{
    const struct flow *f = content_script(b->content)->flow;
    int question[LINES];
    size_t clear = 0;

    for (size_t i = 0; i < LINES; i++)
        question[i] = lines[i].question == NULL ? -1 : flow_question_find(f, lines[i].question);
    struct cost cost = cost_begin(b);
    for (long i = 0; i < b->steps / READS_PART; i++) {
        struct meaning m = {0};
        size_t k = (size_t)i % LINES;
        int64_t began = times_now_ns();
        understanding_read(u, question[k], lines[k].text, &m);
        times_add(&b->times, times_now_ns() - began);
        clear += m.n > 0;
    }
    cost_report(b, &cost, "understanding: a typed line read");
    report_figure("of them understood", 100 * (double)clear / (double)b->times.n, 0, "%", 0);
}

/* The longest message there can be, of words that are all known and lead nowhere. */
static void read_longest(struct bench *b, const struct understanding *u)
{
    struct buf text = {0};

    for (size_t i = 0; text.len < UNDERSTANDING_TEXT_MAX && !text.failed; i++)
        buf_addf(&text, "%s ", lines[i % LINES].text);
    struct cost cost = cost_begin(b);
    for (long i = 0; !text.failed && i < b->steps / READS_PART / READS_PART; i++) {
        struct meaning m = {0};
        int64_t began = times_now_ns();
        understanding_read(u, 0, text.data, &m);
        times_add(&b->times, times_now_ns() - began);
    }
    cost_report(b, &cost, "understanding: the longest message, 4 KiB");
    buf_free(&text);
}

/* ---- main ---- */

static struct content *load(struct faults *faults)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nl",
                                        .retain_text_days = 30};
    struct content *c = NULL;
    struct content_proof proof;

    int64_t began = times_now_ns();
    int rc = content_load(&files, &c, faults);
    int64_t loaded = times_now_ns();
    if (rc == 0) rc = content_check(c, faults, &proof);
    int64_t proved = times_now_ns();
    report_title("content: at each start and reload");
    report_figure("loading flow, texts and phrases", (double)(loaded - began) / 1e6, 1, "ms", 0);
    report_figure("proving them", (double)(proved - loaded) / 1e6, 1, "ms", 0);
    struct err e = {0};
    if (rc == 0) rc = content_train(c, &e);
    if (rc == 0 && content_understanding(c, &e) == NULL) rc = -1; /* waits for it */
    report_figure("training", (double)(times_now_ns() - proved) / 1e6, 1, "ms", 0);
    if (rc != 0) report_words("proved", "no, see `mailwijzer check`");
    return c;
}

static int measure(struct bench *b, struct err *e)
{
    const struct understanding *u = content_understanding(b->content, e);

    b->arena = arena_new(ARENA_BYTES);
    if (b->arena == NULL || times_open(&b->times, (size_t)b->steps) != 0) return err_set(e, "out of memory");
    if (walk(b, e) != 0) return -1;
    if (u == NULL) return -1;
    read_lines(b, u);
    read_longest(b, u);
    return 0;
}

int main(int argc, char **argv)
{
    struct bench b = {.steps = STEPS};
    struct err e = {0};
    struct faults *faults = faults_new();
    struct content *content = NULL;
    char *end = NULL;
    int rc = 1;

    if (argc > 1) b.steps = strtol(argv[1], &end, 10);
    if (argc > 2 || (end != NULL && *end != '\0') || b.steps < 1 || b.steps > STEPS_MAX) {
        (void)fprintf(stderr, "usage: steps [STEPS]\n");
        rc = 2;
        goto out;
    }
    if (faults != NULL) content = load(faults);
    b.content = content;
    if (content == NULL)
        (void)fprintf(stderr, "steps: %s\n", faults == NULL ? "out of memory" : faults_line(faults, 0));
    else if (measure(&b, &e) != 0)
        (void)fprintf(stderr, "steps: %s\n", e.text);
    else
        rc = 0;
out:
    times_close(&b.times);
    arena_free(b.arena);
    content_free(content);
    faults_free(faults);
    return rc;
}

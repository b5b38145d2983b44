/* bench_road.c -- the whole road under load: webhook in, commit, 200, reply out.
 *
 * usage: road [-n TURNS] [-t SECONDS] MAILWIJZER COUNT.SO DIR [RUN]...
 *
 * Run where flows/ and locales/ are. DIR is made, used and removed. The runs named, or all. Exits 1
 * when a message was lost, doubled or refused; a figure beyond its target is said, and fails
 * nothing. What each figure means: README.md beside this file.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot.h"
#include "count.h"
#include "err.h"
#include "ledger.h"
#include "load.h"
#include "machine.h"
#include "report.h"

enum {
    TURNS = 20000,
    TURNS_MAX = 1000000,
    TURNS_STATUSES_PART = 4, /* with statuses, a turn is four webhooks: a quarter will do */
    TURNS_HELD_PART = 4,     /* and here: each walk begins with a wait */
    TURNS_COUNTED = 2000,
    SECONDS = 10,
    SECONDS_MAX = 600,
    PEOPLE = 64,
    LIMIT_S = 60,         /* a run that takes longer is given up */
    BURST_WAIT_MS = 1500, /* as shipped, in `held`; the other runs wait for nobody */
    DRAIN_S = 10,         /* an open loop, after the last message                       */
    STARTS = 10
};

/* The targets (README.md). */
static const double CPU_S_MAX = 0.25, MEMORY_MIB_MAX = 24, START_MS_MAX = 150;
static const double REPLY_MS_MAX_80 = 10, REPLY_MS_MAX_1000 = 25;

struct bench {
    struct bot_setting setting;
    char program[PATH_MAX], house[PATH_MAX], dir[PATH_MAX], preload[PATH_MAX];
    char database[PATH_MAX + 16], count_file[PATH_MAX + 16];
    long turns, seconds;
    int faults;    /* of the bot, not of its speed       */
    bool hopeless; /* it does not start: nothing to measure */
};

/* One run of a fresh bot on a fresh database. */
struct run {
    struct load_plan plan;
    int burst_wait_ms;
    struct load_result result;
    struct bot_cost cost;
    struct ledger ledger;
    double own_cpu_s;
    uint64_t allocations, allocated; /* counted runs */
};

/* ---- the directory ---- */

static void clear_dir(const struct bench *b)
{
    static const char *const suffix[] = {"", "-wal", "-shm", "-journal"};
    char path[PATH_MAX + 32];

    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        (void)snprintf(path, sizeof path, "%s%s", b->database, suffix[i]);
        (void)unlink(path);
    }
    (void)unlink(b->count_file);
}

/* ---- one run ---- */

static double own_cpu_s(void)
{
    struct rusage u;

    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static struct counts *share_counts(const struct bench *b, struct err *e)
{
    int fd = open(b->count_file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    void *at = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, sizeof(struct counts)) == 0)
        at = mmap(NULL, sizeof(struct counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) (void)err_errno(e, b->count_file, errno);
    if (fd >= 0) (void)close(fd);
    return at == MAP_FAILED ? NULL : at;
}

static int measure(struct bench *b, struct run *r, struct counts *counts, struct err *e)
{
    struct bot_setting setting = b->setting;
    struct bot bot = {.log = -1};
    struct load *load = NULL;
    int rc = -1;

    if (load_new(&load, e) != 0) goto out;
    setting.graph_port = load_graph_port(load);
    setting.burst_wait_ms = r->burst_wait_ms;
    if (counts == NULL) setting.preload = NULL;
    if (bot_start(&bot, &setting, e) != 0) {
        b->hopeless = true;
        goto out;
    }
    uint64_t calls = counts == NULL ? 0 : counts->calls, bytes = counts == NULL ? 0 : counts->bytes;
    double before = own_cpu_s();
    if (load_run(load, &bot, &r->plan, &r->result, e) != 0) goto out;
    r->own_cpu_s = own_cpu_s() - before;
    if (counts != NULL) {
        r->allocations = counts->calls - calls;
        r->allocated = counts->bytes - bytes;
    }
    if (bot_stop(&bot, &r->cost, e) != 0) goto out;
    rc = ledger_read(b->database, &r->ledger, e);
out:
    bot_kill(&bot);
    load_free(load);
    return rc;
}

/* What must hold whatever the speed. */
static void audit(struct bench *b, const struct run *r)
{
    const struct load_result *x = &r->result;
    long sent = r->plan.turns - x->missed;
    const struct {
        const char *fault;
        int64_t is, expected;
    } rows[] = {
        {"turns with both 200 and reply", x->turns, sent},
        {"webhooks refused", x->refused, 0},
        {"replies nobody waited for", x->strange, 0},
        {"inbox rows", r->ledger.inbox, sent},
        {"inbox rows done", r->ledger.inbox_done, sent},
        {"outbox rows", r->ledger.outbox, sent},
        {"outbox rows sent", r->ledger.outbox_sent, sent},
        {"status webhooks answered", x->statuses, r->plan.statuses ? 3 * sent : 0},
        {"outbox rows read", r->ledger.outbox_read, r->plan.statuses ? sent : 0},
    };
    int before = b->faults;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].is == rows[i].expected) continue;
        (void)printf("  FAULT: %s: %lld, expected %lld\n", rows[i].fault, (long long)rows[i].is,
                     (long long)rows[i].expected);
        b->faults++;
    }
    report_words("database: nothing lost, nothing twice", b->faults == before ? "ok" : "FAULT");
}

/* True with a result to report. */
static bool run(struct bench *b, struct run *r, bool counted)
{
    struct err e = {0};
    struct counts *counts = NULL;
    int rc = -1;

    clear_dir(b);
    if (!counted || (counts = share_counts(b, &e)) != NULL) rc = measure(b, r, counts, &e);
    if (rc != 0) {
        (void)printf("  FAULT: %s\n", e.text);
        b->faults++;
    }
    if (counts != NULL) (void)munmap(counts, sizeof *counts);
    return rc == 0;
}

/* ---- the figures ---- */

static void report_costs(const struct run *r, double target_s)
{
    double thousands = (double)r->result.turns / 1000;

    report_figure("CPU of the bot per 1,000 turns", r->cost.cpu_s / thousands, 3, "s", target_s);
    report_figure("  of it in user space", 100 * r->cost.user_part, 0, "%", 0);
    report_figure("CPU of this generator per 1,000 turns", r->own_cpu_s / thousands, 3, "s", 0);
    report_figure("turns per second", (double)r->result.turns / ((double)r->result.took_ns / 1e9), 0, "", 0);
    if (r->cost.written >= 0)
        report_figure("written to disk per turn", (double)r->cost.written / 1024 / (double)r->result.turns, 1,
                      "KiB", 0);
    report_figure("database per turn", (double)r->ledger.bytes / 1024 / (double)r->result.turns, 2, "KiB", 0);
}

static void report_times(struct run *r, double target_ms)
{
    struct times *reply = &r->result.to_reply, *answer = &r->result.to_answer;

    report_pair("webhook to its 200, p50 / p99", times_ms(answer, 0.5), times_ms(answer, 0.99), 2, "ms", 0);
    report_pair("webhook to the reply, p50 / p99", times_ms(reply, 0.5), times_ms(reply, 0.99), 2, "ms",
                target_ms);
    report_figure("webhook to the reply, longest", times_ms(reply, 1), 2, "ms", 0);
}

static void closed(struct bench *b, bool statuses)
{
    long turns = statuses ? b->turns / TURNS_STATUSES_PART : b->turns;
    struct run r = {.plan = {.people = PEOPLE, .turns = turns, .statuses = statuses, .limit_s = LIMIT_S}};
    char title[128];

    (void)snprintf(title, sizeof title, "closed loop, %d customers, %ld turns%s", PEOPLE, turns,
                   statuses ? ", three statuses for each reply" : "");
    report_title(title);
    if (run(b, &r, false)) {
        report_costs(&r, statuses ? 0 : CPU_S_MAX);
        report_times(&r, 0);
        report_figure("memory, at most", (double)r.cost.memory_kib / 1024, 1, "MiB", MEMORY_MIB_MAX);
        audit(b, &r);
    }
    load_result_close(&r.result);
}

static void held(struct bench *b)
{
    long turns = b->turns / TURNS_HELD_PART;
    struct run r = {.plan = {.people = PEOPLE, .turns = turns, .limit_s = LIMIT_S},
                    .burst_wait_ms = BURST_WAIT_MS};
    char title[128];

    (void)snprintf(title, sizeof title, "closed loop, %d customers, %ld turns, typed text waits %d ms",
                   PEOPLE, turns, (int)BURST_WAIT_MS);
    report_title(title);
    if (run(b, &r, false)) {
        report_figure("CPU of the bot per 1,000 turns", r.cost.cpu_s * 1000 / (double)r.result.turns, 3, "s",
                      0);
        audit(b, &r);
    }
    load_result_close(&r.result);
}

static void open_loop(struct bench *b, int rate, double target_ms)
{
    struct run r = {.plan = {.people = rate,
                             .turns = (long)rate * b->seconds,
                             .rate = rate,
                             .limit_s = (int)b->seconds + DRAIN_S}};
    char title[128];

    (void)snprintf(title, sizeof title, "open loop, %d messages a second for %ld s", rate, b->seconds);
    report_title(title);
    if (run(b, &r, false)) {
        bool sustained = r.result.missed == 0 && !r.result.gave_up && times_ms(&r.result.to_reply, 1) < 1000;
        report_times(&r, target_ms);
        report_words("sustained (every reply within 1 s)", sustained ? "yes" : "no");
        report_figure("CPU of the bot per 1,000 turns", r.cost.cpu_s * 1000 / (double)r.result.turns, 3, "s",
                      0);
        report_figure("memory, at most", (double)r.cost.memory_kib / 1024, 1, "MiB", MEMORY_MIB_MAX);
        audit(b, &r);
    }
    load_result_close(&r.result);
}

static void counted(struct bench *b)
{
    struct run r = {.plan = {.people = PEOPLE, .turns = TURNS_COUNTED, .limit_s = LIMIT_S}};
    char title[128];

    (void)snprintf(title, sizeof title, "allocations, closed loop, %d turns", TURNS_COUNTED);
    report_title(title);
    if (run(b, &r, true)) {
        report_figure("calls of malloc, calloc, realloc per turn", (double)r.allocations / TURNS_COUNTED, 1,
                      "", 0);
        report_figure("asked for with them per turn", (double)r.allocated / 1024 / TURNS_COUNTED, 1, "KiB",
                      0);
        audit(b, &r);
    }
    load_result_close(&r.result);
}

static void starts(struct bench *b)
{
    struct times times;
    struct bot_cost cost;
    struct err e = {0};
    struct bot_setting setting = b->setting;
    int64_t trained_ns = 0, memory_kib = 0;

    setting.preload = NULL;
    report_title("start, empty database, 10 times");
    if (times_open(&times, STARTS) != 0) return;
    for (int i = 0; i < STARTS; i++) {
        struct bot bot;
        clear_dir(b);
        b->hopeless = bot_start(&bot, &setting, &e) != 0;
        if (b->hopeless) break;
        times_add(&times, bot.start_ns);
        trained_ns += bot.trained_ns;
        if (bot.start_memory_kib > memory_kib) memory_kib = bot.start_memory_kib;
        if (bot_stop(&bot, &cost, &e) != 0) break;
    }
    if (e.text[0] == '\0') {
        report_figure("exec to ready, median", times_ms(&times, 0.5), 1, "ms", START_MS_MAX);
        report_figure("exec to ready, longest", times_ms(&times, 1), 1, "ms", 0);
        report_figure("exec to trained, mean", (double)trained_ns / STARTS / 1e6, 1, "ms", 0);
        report_figure("memory while it trains, at most", (double)memory_kib / 1024, 1, "MiB", 0);
    } else {
        (void)printf("  FAULT: %s\n", e.text);
        b->faults++;
    }
    times_close(&times);
}

/* ---- main ---- */

static void closed_plain(struct bench *b)
{
    closed(b, false);
}

static void closed_statuses(struct bench *b)
{
    closed(b, true);
}

static void slow(struct bench *b)
{
    open_loop(b, 80, REPLY_MS_MAX_80);
}

static void fast(struct bench *b)
{
    open_loop(b, 1000, REPLY_MS_MAX_1000);
}

static const struct {
    const char *name;
    void (*run)(struct bench *b);
} runs[] = {
    {"start", starts},  {"closed", closed_plain}, {"statuses", closed_statuses},
    {"held", held},     {"slow", slow},           {"fast", fast},
    {"count", counted},
};

enum { RUNS = sizeof runs / sizeof *runs };

static const char usage[] =
    "usage: road [-n TURNS] [-t SECONDS] MAILWIJZER COUNT.SO DIR [RUN]...\n"
    "runs: start, closed, statuses, held, slow, fast, count; all when none is named\n";

static bool number(const char *text, long max, long *out)
{
    char *end;

    errno = 0;
    *out = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' && *out > 0 && *out <= max;
}

/* The index of the first argument after the options; -1 for a wrong one. */
static int options(struct bench *b, int argc, char **argv)
{
    int option;

    b->turns = TURNS;
    b->seconds = SECONDS;
    while ((option = getopt(argc, argv, "n:t:")) != -1) {
        if (option == 'n' && number(optarg, TURNS_MAX, &b->turns)) continue;
        if (option == 't' && number(optarg, SECONDS_MAX, &b->seconds)) continue;
        return -1;
    }
    return argc - optind < 3 ? -1 : optind;
}

static bool all_known(char **names)
{
    for (; *names != NULL; names++) {
        size_t i = 0;
        while (i < RUNS && strcmp(runs[i].name, *names) != 0) i++;
        if (i == RUNS) return false;
    }
    return true;
}

static bool is_wanted(char **names, const char *name)
{
    if (*names == NULL) return true;
    while (*names != NULL && strcmp(*names, name) != 0) names++;
    return *names != NULL;
}

static int prepare(struct bench *b, char **paths)
{
    (void)mkdir(paths[2], 0700);
    if (realpath(paths[0], b->program) == NULL || realpath(paths[1], b->preload) == NULL ||
        realpath(paths[2], b->dir) == NULL || realpath(".", b->house) == NULL) {
        perror("road");
        return -1;
    }
    (void)snprintf(b->database, sizeof b->database, "%s/bench.db", b->dir);
    (void)snprintf(b->count_file, sizeof b->count_file, "%s/counts", b->dir);
    b->setting = (struct bot_setting){.program = b->program,
                                      .house = b->house,
                                      .dir = b->dir,
                                      .graph_port = 9, /* discard: who only starts sends nothing */
                                      .preload = b->preload,
                                      .count_file = b->count_file};
    return 0;
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    int first = options(&b, argc, argv);

    if (first < 0 || !all_known(argv + first + 3)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (prepare(&b, argv + first) != 0) return 1;
    machine_tell(b.dir);
    for (size_t i = 0; i < RUNS && !b.hopeless; i++)
        if (is_wanted(argv + first + 3, runs[i].name)) runs[i].run(&b);
    clear_dir(&b);
    (void)rmdir(b.dir);
    if (b.faults > 0) (void)printf("\n%d faults\n", b.faults);
    return b.faults > 0;
}

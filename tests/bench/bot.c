#include "bot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "count.h"
#include "err.h"
#include "times.h"

enum {
    READY_WITHIN_MS = 20 * 1000, /* far beyond the target: also for a debug build on a busy machine */
    END_WITHIN_MS = 20 * 1000,
    WARNINGS_SHOWN = 5,
    LINE_BYTES_MAX = 4096,
    VARIABLES_MAX = 16
};

/* ---- starting ---- */

struct environment {
    struct buf text[VARIABLES_MAX];
    char *list[VARIABLES_MAX + 1];
};

/* Everything it is told, and nothing of what surrounds us. */
static int environment_fill(struct environment *v, const struct bot_setting *s, struct err *e)
{
    size_t n = 0;
    bool failed = false;

    *v = (struct environment){0};
    buf_adds(&v->text[n++], "HTTP_LISTEN=127.0.0.1:0");
    buf_adds(&v->text[n++], "ADMIN_LISTEN=127.0.0.1:0"); /* runs go side by side */
    buf_adds(&v->text[n++], "LOG_LEVEL=info");           /* it must say that it is ready */
    buf_addf(&v->text[n++], "DATABASE_URL=sqlite:%s/bench.db", s->dir);
    buf_addf(&v->text[n++], "FLOW=%s/flows/mailkeuze.json", s->house);
    buf_addf(&v->text[n++], "BUSINESS=%s/flows/business.json", s->house);
    buf_addf(&v->text[n++], "LOCALES=%s/locales", s->house);
    buf_adds(&v->text[n++], "WHATSAPP_VERIFY_TOKEN=bench");
    buf_adds(&v->text[n++], "WHATSAPP_APP_SECRET=" BOT_SECRET);
    buf_adds(&v->text[n++], "WHATSAPP_ACCESS_TOKEN=bench-token");
    buf_adds(&v->text[n++], "WHATSAPP_PHONE_NUMBER_ID=" BOT_ACCOUNT);
    buf_addf(&v->text[n++], "WHATSAPP_API_BASE=http://127.0.0.1:%d", s->graph_port);
    buf_addf(&v->text[n++], "BURST_WAIT_MS=%d", s->burst_wait_ms);
    buf_adds(&v->text[n++], "FLOOD_LIMIT=off"); /* a few people write all of it */
    if (s->preload != NULL) {
        buf_addf(&v->text[n++], "LD_PRELOAD=%s", s->preload);
        buf_addf(&v->text[n++], COUNT_FILE_VARIABLE "=%s", s->count_file);
    }
    for (size_t i = 0; i < n; i++) {
        v->list[i] = v->text[i].data;
        failed = failed || v->text[i].failed;
    }
    return failed ? err_set(e, "out of memory") : 0;
}

static void environment_free(struct environment *v)
{
    for (size_t i = 0; i < VARIABLES_MAX; i++) buf_free(&v->text[i]);
}

static void become_bot(const struct bot_setting *s, const struct environment *v, int log)
{
    char serve[] = "serve";
    char *argv[] = {(char *)s->program, serve, NULL};
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Its own directory, where no .env can speak to it. */
    if (chdir(s->dir) == 0 && dup2(log, STDERR_FILENO) >= 0) (void)execve(s->program, argv, v->list);
    _exit(127);
}

static double cpu_s(pid_t pid)
{
    clockid_t clock;
    struct timespec t;

    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0) return 0;
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- its log ---- */

static void take_line(struct bot *b)
{
    static const char listen[] = " listen=127.0.0.1:";
    const char *line = buf_text(&b->line);

    if (strstr(line, " level=warn ") != NULL || strstr(line, " level=error ") != NULL) {
        if (b->warnings++ < WARNINGS_SHOWN) (void)fprintf(stderr, "bot: %s\n", line);
    } else if (strstr(line, " at=trained ") != NULL) {
        b->trained = true;
    } else if (b->port == 0 && strstr(line, " at=ready ") != NULL) {
        const char *at = strstr(line, listen);
        if (at != NULL) b->port = (int)strtol(at + sizeof listen - 1, NULL, 10);
    } else if (b->port == 0) {
        (void)fprintf(stderr, "bot: %s\n", line); /* what keeps it from starting */
    }
    buf_clear(&b->line);
}

bool bot_listen(struct bot *b)
{
    char bytes[4096];
    ssize_t n;

    while ((n = read(b->log, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] == '\n')
                take_line(b);
            else if (b->line.len < LINE_BYTES_MAX)
                buf_addc(&b->line, bytes[i]);
        }
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

enum heard { HEARD_READY, HEARD_TRAINED, HEARD_END };

/* Takes its log until it said `what`, or closed. False when that takes too long. */
static bool listen_until(struct bot *b, enum heard what, int within_ms)
{
    int64_t until = times_now_ns() + (int64_t)within_ms * 1000000;

    for (;;) {
        struct pollfd p = {.fd = b->log, .events = POLLIN};
        int64_t left = (until - times_now_ns()) / 1000000;
        if (left <= 0) return false;
        if (poll(&p, 1, (int)left) < 0 && errno != EINTR) return false;
        bool open = bot_listen(b);
        if (what == HEARD_READY && b->port != 0) return true;
        if (what == HEARD_TRAINED && b->trained) return true;
        if (!open) return what == HEARD_END;
    }
}

/* The number behind `key` in a file of /proc; -1 when there is none. */
static int64_t proc_number(pid_t pid, const char *file, const char *key)
{
    char path[64], line[256];
    long long number = -1;

    (void)snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, file);
    FILE *f = fopen(path, "re");
    if (f == NULL) return -1;
    while (number < 0 && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, key, strlen(key)) == 0) number = strtoll(line + strlen(key), NULL, 10);
    (void)fclose(f);
    return number;
}

/* What starting took is told apart: from here on its greatest memory is that of the work. */
static void begin_measuring(struct bot *b)
{
    char path[64];

    b->cpu_at_ready_s = cpu_s(b->pid);
    b->start_memory_kib = proc_number(b->pid, "status", "VmHWM:");
    (void)snprintf(path, sizeof path, "/proc/%ld/clear_refs", (long)b->pid);
    FILE *f = fopen(path, "we");
    if (f == NULL) return;
    (void)fputs("5", f); /* proc(5): resets VmHWM */
    (void)fclose(f);
}

int bot_start(struct bot *b, const struct bot_setting *s, struct err *e)
{
    struct environment v;
    int fds[2] = {-1, -1};

    *b = (struct bot){.log = -1};
    if (environment_fill(&v, s, e) != 0) goto out;
    if (pipe2(fds, O_CLOEXEC) != 0) {
        (void)err_errno(e, "a pipe for the bot", errno);
        goto out;
    }
    b->log = fds[0];
    (void)fcntl(b->log, F_SETFL, O_NONBLOCK);
    int64_t began = times_now_ns();
    pid_t pid = fork();
    if (pid == 0) become_bot(s, &v, fds[1]);
    (void)close(fds[1]);
    if (pid < 0) {
        (void)err_errno(e, "starting the bot", errno);
        goto out;
    }
    b->pid = pid;
    if (listen_until(b, HEARD_READY, READY_WITHIN_MS)) {
        b->start_ns = times_now_ns() - began;
        if (listen_until(b, HEARD_TRAINED, READY_WITHIN_MS)) {
            b->trained_ns = times_now_ns() - began;
            begin_measuring(b);
        }
    }
    if (!b->trained) (void)err_set(e, "%s serve: did not become ready", s->program);
out:
    environment_free(&v);
    if (b->trained) return 0;
    bot_kill(b);
    return -1;
}

/* ---- what it cost ---- */

static double seconds(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

int bot_stop(struct bot *b, struct bot_cost *cost, struct err *e)
{
    struct rusage usage;
    int status = 0;

    /* Before it stops: the end has a cost of its own (the log goes back into the database). */
    *cost = (struct bot_cost){.cpu_s = cpu_s(b->pid) - b->cpu_at_ready_s,
                              .memory_kib = proc_number(b->pid, "status", "VmHWM:"),
                              .written = proc_number(b->pid, "io", "write_bytes:")};
    (void)kill(b->pid, SIGTERM);
    if (!listen_until(b, HEARD_END, END_WITHIN_MS)) {
        bot_kill(b);
        return err_set(e, "the bot did not end within %d s of SIGTERM", END_WITHIN_MS / 1000);
    }
    while (wait4(b->pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    b->pid = 0;
    double all = seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
    cost->user_part = all > 0 ? seconds(&usage.ru_utime) / all : 0;
    bot_kill(b);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
    return err_set(e, "the bot ended with %s %d", WIFEXITED(status) ? "exit" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

void bot_kill(struct bot *b)
{
    if (b->pid > 0) {
        (void)kill(b->pid, SIGKILL);
        while (waitpid(b->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        b->pid = 0;
    }
    if (b->log >= 0) (void)close(b->log);
    b->log = -1;
    buf_free(&b->line);
}

#include "child.h"

#include "buf.h"
#include "err.h"
#include "options.h"
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A log line is shorter; what is longer is passed through unread. */
enum { LINE_MAX_BYTES = 8192 };

struct child {
    pid_t pid; /* 0: it ended */
    int fd;    /* read end of its stderr; the server's */
    struct child_calls calls;
    struct buf line;
    bool said_ready;
};

/* The value of `key` in a logfmt line, or false. */
static bool logfmt(const char *line, const char *key, char *out, size_t size)
{
    size_t key_n = strlen(key);
    for (const char *s = line; (s = strstr(s, key)) != NULL; s += key_n) {
        if ((s != line && s[-1] != ' ') || s[key_n] != '=') continue;
        s += key_n + 1;
        bool quoted = *s == '"';
        s += quoted;
        size_t n = strcspn(s, quoted ? "\"\r\n" : " \r\n");
        if (n >= size) return false;
        memcpy(out, s, n);
        out[n] = '\0';
        return true;
    }
    return false;
}

static void take_line(struct child *c)
{
    char at[16], listen[128];
    if (!c->said_ready && logfmt(buf_text(&c->line), "at", at, sizeof at) && strcmp(at, "ready") == 0 &&
        logfmt(buf_text(&c->line), "listen", listen, sizeof listen)) {
        c->said_ready = true;
        c->calls.ready(c->calls.self, listen);
    }
    buf_clear(&c->line);
}

static void on_stderr(void *self)
{
    struct child *c = self;
    char bytes[4096];
    ssize_t n;
    while ((n = read(c->fd, bytes, sizeof bytes)) > 0) {
        fwrite(bytes, 1, (size_t)n, stderr);
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] == '\n')
                take_line(c);
            else if (c->line.len < LINE_MAX_BYTES)
                buf_addc(&c->line, bytes[i]);
        }
    }
}

static void set_environment(const struct options *o, const char *base)
{
    setenv("WHATSAPP_API_BASE", base, 1);
    setenv("WHATSAPP_API_VERSION", "v25.0", 1);
    setenv("WHATSAPP_ACCESS_TOKEN", o->token, 1);
    setenv("WHATSAPP_APP_SECRET", o->app_secret, 1);
    setenv("WHATSAPP_VERIFY_TOKEN", o->verify_token, 1);
    setenv("WHATSAPP_PHONE_NUMBER_ID", o->phone_number_id, 1);
    setenv("HTTP_LISTEN", "127.0.0.1:0", 1);
    setenv("ADMIN_LISTEN", "127.0.0.1:0", 1);
}

/* In the child, before there is a bot. */
static void become_bot(const struct options *o, const char *base, int err_fd)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* no bot without its phone */
    dup2(err_fd, STDERR_FILENO);
    set_environment(o, base);
    execvp(o->spawn[0], o->spawn);
    dprintf(STDERR_FILENO, "practice-phone: cannot start %s (errno %d)\n", o->spawn[0], errno);
    _exit(127);
}

struct child *child_start(const struct options *o, const char *base, struct server *s,
                          const struct child_calls *calls, struct err *e)
{
    struct child *c = calloc(1, sizeof *c);
    int fds[2];
    if (c == NULL || pipe2(fds, O_CLOEXEC) != 0) {
        free(c);
        err_errno(e, "a pipe for the bot", errno);
        return NULL;
    }
    c->calls = *calls;
    c->fd = fds[0];
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    c->pid = fork();
    if (c->pid == 0) become_bot(o, base, fds[1]);
    close(fds[1]);
    if (c->pid < 0) {
        err_errno(e, "starting the bot", errno);
        close(fds[0]);
        free(c);
        return NULL;
    }
    if (server_watch(s, fds[0], on_stderr, c, e) == 0) return c;
    child_kill(c);
    free(c);
    return NULL;
}

void child_stop(struct child *c)
{
    if (c->pid > 0) kill(c->pid, SIGTERM);
}

void child_kill(struct child *c)
{
    if (c->pid > 0) kill(c->pid, SIGKILL);
}

void child_reap(struct child *c)
{
    int status = 0;
    if (c->pid <= 0 || waitpid(c->pid, &status, WNOHANG) != c->pid) return;
    c->pid = 0;
    on_stderr(c); /* its last words */
    char how[48];
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "exit status %d", WEXITSTATUS(status));
    c->calls.ended(c->calls.self, how);
}

bool child_runs(const struct child *c)
{
    return c->pid > 0;
}

void child_free(struct child *c)
{
    if (c == NULL) return;
    buf_free(&c->line);
    free(c);
}

/* practice-phone: a stand-in for WhatsApp, for people who try the bot and for its tests. */
#include "agenda.h"
#include "child.h"
#include "clock.h"
#include "control.h"
#include "courier.h"
#include "err.h"
#include "faults.h"
#include "graph.h"
#include "hostile.h"
#include "limbo.h"
#include "log.h"
#include "mailbag.h"
#include "media.h"
#include "options.h"
#include "page.h"
#include "phone.h"
#include "server.h"
#include "uploads.h"
#include "wire.h"
#include "world.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* A bot that finishes what is in flight takes ten seconds; then patience ends. */
enum { STOP_MS = 15000 };

/* A campaign of 20,000 conversations' messages with their replies; enough of the wire to scroll through. */
enum { KEEP_USUAL = 100000, WIRE_USUAL = 1000 };

struct program {
    struct options options;
    struct phone phone;
    struct child *child;
    char base[96];
    int signals;
    int exit_code;
    bool stopping;
};

static void on_request(void *self, struct exchange *x)
{
    struct program *m = self;
    if (graph_is(x->path))
        graph_answer(&m->phone, x);
    else if (media_is(x->path))
        media_answer(&m->phone, x);
    else if (control_is(x->path))
        control_answer(m->phone.control, x);
    else
        page_answer(m->phone.page, x);
}

static void on_gone(void *self, struct exchange *x)
{
    struct program *m = self;
    control_gone(m->phone.control, x);
    limbo_gone(m->phone.limbo, x);
}

static void on_woken(void *self)
{
    struct program *m = self;
    if (m->phone.courier != NULL) courier_collect(m->phone.courier);
}

static void on_timer(void *self)
{
    struct program *m = self;
    phone_turn(&m->phone);
}

static void on_socket_open(void *self, struct socket *s)
{
    struct program *m = self;
    page_open(m->phone.page, s);
}

static void on_socket_text(void *self, struct socket *s, const char *text, size_t n)
{
    struct program *m = self;
    page_text(m->phone.page, s, text, n);
}

static void on_socket_ready(void *self, struct socket *s)
{
    struct program *m = self;
    page_ready(m->phone.page, s);
}

static void on_socket_gone(void *self, struct socket *s)
{
    struct program *m = self;
    page_gone(m->phone.page, s);
}

static void courier_wakes(void *self)
{
    struct program *m = self;
    server_wake(m->phone.server);
}

static void too_late(void *self, int64_t n, int what)
{
    struct program *m = self;
    (void)n, (void)what;
    log_warn("child", "at=kill reason=\"did not stop in time\"");
    child_kill(m->child);
}

static void stop(struct program *m)
{
    if (m->stopping) return;
    m->stopping = true;
    if (m->child == NULL || !child_runs(m->child)) {
        server_stop(m->phone.server);
        return;
    }
    child_stop(m->child);
    agenda_add(m->phone.real, clock_mono_ms() + STOP_MS, too_late, m, 0, 0);
    server_timer(m->phone.server, 0);
}

static void on_signal(void *self)
{
    struct program *m = self;
    struct signalfd_siginfo got;
    while (read(m->signals, &got, sizeof got) == (ssize_t)sizeof got) {
        if (got.ssi_signo != SIGCHLD)
            stop(m);
        else if (m->child != NULL)
            child_reap(m->child);
    }
}

static void bot_checked(void *self, int ok, const char *why)
{
    struct program *m = self;
    if (!ok) {
        fprintf(stderr, "practice-phone: the bot did not pass the GET check: %s\n", why);
        return;
    }
    if (m->options.spawn == NULL) return;
    printf(
        "\n  De bot draait. Open de oefentelefoon in de browser:\n\n    %s/\n\n  Ctrl-C stopt allebei.\n\n",
        m->base);
    fflush(stdout);
}

static void bot_ready(void *self, const char *listen)
{
    struct program *m = self;
    char url[200];
    snprintf(url, sizeof url, "http://%s", listen);
    if (mailbag_bot(m->phone.mailbag, url, bot_checked, m) != 0)
        fprintf(stderr, "practice-phone: the bot listens on %s, which is not this machine\n", listen);
}

static void bot_ended(void *self, const char *how)
{
    struct program *m = self;
    if (!m->stopping) {
        fprintf(stderr, "practice-phone: the bot ended by itself (%s)\n", how);
        m->exit_code = 1;
    }
    m->stopping = true;
    server_stop(m->phone.server);
}

/* Signals become something to read, so that everything happens on the loop's thread. Blocked before
 * the first thread, which inherits it. */
static int signals_open(struct program *m, struct err *e)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    m->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return m->signals < 0 ? err_set(e, "signalfd") : 0;
}

static int parts_make(struct program *m, struct err *e)
{
    struct phone *p = &m->phone;
    const struct server_calls calls = {m,
                                       on_request,
                                       on_gone,
                                       on_woken,
                                       on_timer,
                                       on_socket_open,
                                       on_socket_text,
                                       on_socket_ready,
                                       on_socket_gone};
    p->options = &m->options;
    p->base = m->base;
    if ((p->token = strdup(m->options.token)) == NULL) return err_set(e, "out of memory");
    int64_t keep = m->options.keep;
    if ((p->world = world_new(keep == 0 ? KEEP_USUAL : (size_t)keep, e)) == NULL) return -1;
    p->wire = wire_new(&p->world->seq, keep == 0 ? WIRE_USUAL : (size_t)keep);
    p->virtual = agenda_new();
    p->real = agenda_new();
    p->control = control_new(p);
    p->page = page_new(p);
    p->uploads = uploads_new();
    p->limbo = limbo_new(p);
    p->hostile = hostile_new(p, keep == 0 ? KEEP_USUAL : (size_t)keep);
    if (p->wire == NULL || p->virtual == NULL || p->real == NULL || p->control == NULL || p->page == NULL ||
        p->uploads == NULL || p->limbo == NULL || p->hostile == NULL)
        return err_set(e, "out of memory");
    if ((p->server = server_new(m->options.address, m->options.port, &calls, e)) == NULL) return -1;
    if ((p->courier = courier_new(courier_wakes, m, e)) == NULL) return -1;
    const struct mailbag_needs needs = {p->options, p->world,      p->virtual,  p->courier,
                                        p->wire,    phone_changed, phone_taken, p};
    if ((p->mailbag = mailbag_new(&needs)) == NULL) return err_set(e, "out of memory");
    return server_watch(p->server, m->signals, on_signal, m, e);
}

/* The courier first: what it still carries belongs to the mailbag. */
static void parts_free(struct program *m)
{
    struct phone *p = &m->phone;
    courier_free(p->courier);
    p->courier = NULL;
    server_free(p->server);
    child_free(m->child);
    mailbag_free(p->mailbag);
    page_free(p->page);
    control_free(p->control);
    limbo_free(p->limbo);
    hostile_free(p->hostile);
    faults_free(p->faults);
    agenda_free(p->virtual);
    agenda_free(p->real);
    wire_free(p->wire);
    json_decref(p->batch);
    free(p->token);
    uploads_free(p->uploads);
    world_free(p->world);
}

static int bot_begin(struct program *m, struct err *e)
{
    if (m->options.bot != NULL && mailbag_bot(m->phone.mailbag, m->options.bot, bot_checked, m) != 0)
        return err_set(e, "--bot '%s': expected an http URL of this machine; nothing leaves it",
                       m->options.bot);
    if (m->options.spawn == NULL) return 0;
    const struct child_calls calls = {m, bot_ready, bot_ended};
    m->child = child_start(&m->options, m->base, m->phone.server, &calls, e);
    return m->child == NULL ? -1 : 0;
}

static int run(struct program *m, struct err *e)
{
    if (signals_open(m, e) != 0 || parts_make(m, e) != 0) return -1;
    bool six = strchr(m->options.address, ':') != NULL;
    snprintf(m->base, sizeof m->base, six ? "http://[%s]:%d" : "http://%s:%d", m->options.address,
             server_port(m->phone.server));
    printf("practice phone ready: %s/\n", m->base);
    fflush(stdout);
    if (bot_begin(m, e) != 0) return -1;
    server_run(m->phone.server);
    return 0;
}

static int faults_begin(struct program *m, struct err *e)
{
    m->phone.faults = faults_new();
    if (m->phone.faults == NULL) return err_set(e, "out of memory");
    if (m->options.faults == NULL || faults_read(m->phone.faults, m->options.faults, e) == 0) return 0;
    return err_wrap(e, "--faults");
}

int main(int argc, char **argv)
{
    struct err e = {""};
    struct program m = {.signals = -1};
    if (options_read(argc, argv, &m.options, &e) != 0) {
        fprintf(stderr, "practice-phone: %s\n%s", e.text, options_help);
        return 2;
    }
    if (m.options.help) {
        fputs(options_help, stdout);
        return 0;
    }
    if (faults_begin(&m, &e) != 0) {
        fprintf(stderr, "practice-phone: %s\n", e.text);
        faults_free(m.phone.faults);
        return 2;
    }
    if (m.options.quiet) log_open(stderr, LOG_WARN, LOG_LOGFMT);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (run(&m, &e) != 0) {
        fprintf(stderr, "practice-phone: %s\n", e.text);
        m.exit_code = 1;
    }
    parts_free(&m);
    curl_global_cleanup();
    return m.exit_code;
}

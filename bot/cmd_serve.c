/* cmd_serve.c -- the bot at work: owns every handle, starts both loops, waits for signals. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin.h"
#include "clock.h"
#include "cmd.h"
#include "config.h"
#include "confine.h"
#include "content.h"
#include "env_file.h"
#include "err.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "intake.h"
#include "log.h"
#include "metrics.h"
#include "operator.h"
#include "road.h"
#include "store.h"

static const char usage[] =
    "usage: mailwijzer serve\n\n"
    "Takes webhooks, answers customers. Settings from the environment and from .env here (the environment\n"
    "wins). SIGTERM or SIGINT: finish what is in flight and stop. SIGHUP: read flow, texts and business "
    "anew.\n";

enum {
    CONNECTIONS_MAX = 1024,     /* a reverse proxy and Meta keep far fewer open; for one
                                   more the idlest makes room (http_server.h)              */
    ADMIN_CONNECTIONS_MAX = 16, /* a scraper, and somebody who looks                        */
    PLACE_MAX = 160,            /* an address and port                                      */
    REQUEST_TIMEOUT_S = 10,     /* a webhook that is not whole by then is cut off           */
    STOP_GRACE_MS = 12 * 1000,  /* the door outlives the desk, so that answers still leave  */
    CLIENT_CONNECTIONS_MAX = 64 /* one for each flight                                      */
};

struct app {
    struct config config;
    struct content *content;
    struct store *store;
    struct handover *handover;
    struct http_client *client;
    struct http_server *door;
    struct http_server *admin; /* NULL: off */
    struct desk_health health;
    struct metrics metrics;
    struct admin operator;
    struct intake intake;
    struct road_orders orders;
};

static void *server_thread(void *user)
{
    http_server_run(user);
    return NULL;
}

/* Signals are taken here, by a thread that does nothing else: nothing is interrupted by them. */
static void *signal_thread(void *user)
{
    struct app *app = user;
    sigset_t set;
    int number = 0;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGUSR2); /* ours: the end */
    while (sigwait(&set, &number) == 0 && number != SIGUSR2) {
        atomic_store(number == SIGHUP ? &app->orders.reload : &app->orders.stop, 1);
        http_client_wake(app->client);
    }
    return NULL;
}

static void block_signals(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGUSR2);
    (void)sigaddset(&set, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* The proof stands before the first word to a customer; it takes about as long as opening all the
 * rest, so both are done at once. */
struct proving {
    const struct content *content;
    struct faults *faults;
    pthread_t thread;
    int rc;
};

static void *proof_thread(void *user)
{
    struct proving *p = user;
    struct content_proof proof;

    p->rc = content_check(p->content, p->faults, &proof) == 0 ? EXIT_DONE : EXIT_FAILED;
    return NULL;
}

static int proof_begin(struct proving *p, const struct content *content)
{
    *p = (struct proving){.content = content, .faults = faults_new()};
    if (p->faults != NULL && pthread_create(&p->thread, NULL, proof_thread, p) == 0) return EXIT_DONE;
    faults_free(p->faults);
    (void)fputs("mailwijzer serve: no memory or no thread for the proof\n", stderr);
    return EXIT_FAILED;
}

static int proof_end(struct proving *p)
{
    (void)pthread_join(p->thread, NULL);
    for (size_t i = 0; i < faults_count(p->faults); i++)
        (void)fprintf(stderr, "%s\n", faults_line(p->faults, i));
    faults_free(p->faults);
    return p->rc;
}

/* A listener of its own: what it tells is for the operator, and the public door does not know it. */
static int open_admin(struct app *app, struct err *e)
{
    const struct http_server_config admin = {.address = app->config.admin_address,
                                             .port = app->config.admin_port,
                                             .headers = operator_headers,
                                             .connections_max = ADMIN_CONNECTIONS_MAX,
                                             .request_timeout_s = REQUEST_TIMEOUT_S,
                                             .handler = admin_handle,
                                             .user = &app->operator};

    app->metrics.started_ms = clock_now_ms();
    app->operator=(struct admin){
        .metrics = &app->metrics, .handover = app->handover, .wake = app->client, .name = admin.address};
    if (admin.address == NULL) return 0;
    if (http_server_new(&admin, &app->admin, e) != 0) return err_wrap(e, "ADMIN_LISTEN");
    if (!admin_is_private(admin.address))
        log_warn("admin", "listen=%.128s open=\"to whoever reaches this address, unasked\"", admin.address);
    return 0;
}

static int open_all(struct app *app, struct err *e)
{
    const struct config *c = &app->config;
    const struct http_server_config door = {.address = c->listen_address,
                                            .port = c->listen_port,
                                            .certificate = c->tls_certificate,
                                            .key = c->tls_key,
                                            .headers = intake_headers,
                                            .connections_max = CONNECTIONS_MAX,
                                            .request_timeout_s = REQUEST_TIMEOUT_S,
                                            .handler = intake_handle,
                                            .user = &app->intake};

    if (store_open(c->database_url, &app->store, e) != 0) return -1;
    app->handover = handover_new();
    if (app->handover == NULL) return err_set(e, "out of memory");
    if (http_client_new(CLIENT_CONNECTIONS_MAX, &app->client, e) != 0) return -1;
    app->intake =
        (struct intake){.config = c, .handover = app->handover, .wake = app->client, .health = &app->health};
    atomic_store(&app->health.beat_ms, clock_mono_ms());
    if (http_server_new(&door, &app->door, e) != 0) return -1;
    return open_admin(app, e);
}

static void close_all(struct app *app)
{
    http_server_free(app->admin);
    http_server_free(app->door);
    http_client_free(app->client);
    handover_free(app->handover);
    store_close(app->store);
    content_free(app->content);
    config_free(&app->config);
}

/* "127.0.0.1:8080", "[::1]:8080"; "off" without a server. */
static void write_place(const char *address, const struct http_server *server, char out[static PLACE_MAX])
{
    bool v6 = address != NULL && strchr(address, ':') != NULL;

    if (server == NULL)
        (void)snprintf(out, PLACE_MAX, "off");
    else
        (void)snprintf(out, PLACE_MAX, "%s%.128s%s:%d", v6 ? "[" : "", address, v6 ? "]" : "",
                       http_server_port(server));
}

static void tell_ready(const struct app *app)
{
    const struct config *c = &app->config;
    char listen[PLACE_MAX], admin[PLACE_MAX];

    write_place(c->listen_address, app->door, listen);
    write_place(c->admin_address, app->admin, admin);
    log_info("ready", "listen=%s admin=%s whatsapp=%s telegram=%s version=%s", listen, admin,
             c->whatsapp ? "on" : "off", c->telegram_bot_token != NULL ? "on" : "off", MAILWIJZER_VERSION);
}

/* Everything is open, and what is read anew by a reload lies where it lay. */
static void confine(const struct config *c)
{
    const struct confine_path paths[] = {{c->flow, CONFINE_READ_BESIDE},
                                         {c->business, CONFINE_READ_BESIDE},
                                         {c->locales, CONFINE_READ},
                                         {c->locales, CONFINE_READ_BESIDE},
                                         {c->database_url + strlen("sqlite:"), CONFINE_WRITE_BESIDE}};
    const int ports[] = {443, /* files are elsewhere than the API */
                         c->whatsapp ? confine_url_port(c->whatsapp_api_base) : 0,
                         c->telegram_bot_token != NULL ? confine_url_port(c->telegram_api_base) : 0};
    const struct confine_plan plan = {.log_only = c->confinement == CONFINEMENT_LOG,
                                      .paths = paths,
                                      .paths_n = sizeof paths / sizeof *paths,
                                      .ports = ports,
                                      .ports_n = sizeof ports / sizeof *ports};
    char told[CONFINE_TOLD_MAX];

    if (c->confinement == CONFINEMENT_OFF)
        log_warn("confined", "confinement=\"off: CONFINE is off\"");
    else
        log_line(confine_process(&plan, told) ? LOG_INFO : LOG_WARN, "confined", "%s", told);
}

/* The threads beside the desk's, which is this one. */
struct threads {
    pthread_t signals, door, admin;
    bool signals_on, door_on, admin_on;
};

static int threads_start(struct app *app, struct threads *t, struct err *e)
{
    t->signals_on = pthread_create(&t->signals, NULL, signal_thread, app) == 0;
    t->door_on = t->signals_on && pthread_create(&t->door, NULL, server_thread, app->door) == 0;
    t->admin_on =
        t->door_on && app->admin != NULL && pthread_create(&t->admin, NULL, server_thread, app->admin) == 0;
    if (!t->signals_on) return err_set(e, "no thread for signals");
    if (!t->door_on) return err_set(e, "no thread for the door");
    return app->admin != NULL && !t->admin_on ? err_set(e, "no thread for the admin listener") : 0;
}

static void threads_stop(struct app *app, const struct threads *t)
{
    if (t->door_on) {
        http_server_stop(app->door, STOP_GRACE_MS);
        (void)pthread_join(t->door, NULL);
    }
    if (t->admin_on) {
        http_server_stop(app->admin, 0);
        (void)pthread_join(t->admin, NULL);
    }
    if (t->signals_on) {
        (void)pthread_kill(t->signals, SIGUSR2);
        (void)pthread_join(t->signals, NULL);
    }
}

static int work(struct app *app, struct err *e)
{
    const struct road_parts parts = {.config = &app->config,
                                     .door = app->door,
                                     .admin = app->admin,
                                     .handover = app->handover,
                                     .client = app->client,
                                     .store = app->store,
                                     .health = &app->health,
                                     .metrics = &app->metrics,
                                     .content = app->content};
    struct threads threads = {0};

    int rc = threads_start(app, &threads, e);
    if (rc == 0) {
        tell_ready(app);
        app->content = NULL; /* the road's now */
        rc = road_run(&parts, &app->orders, e);
    }
    threads_stop(app, &threads);
    return rc;
}

static const char env_file[] = ".env";

static void warn_of_file(const char *path)
{
    unsigned mode = env_file_open_to(path);

    if (mode != 0)
        log_warn("settings", "file=%s mode=%04o error=\"others can read the secrets in it: chmod 600 %s\"",
                 path, mode, path);
}

int cmd_serve(int argc, char **argv)
{
    struct app app = {0};
    struct proving proving;
    struct err e = {0};
    bool ended;
    int rc = cmd_options(usage, NULL, 0, argc, argv, &ended);

    if (ended) return rc;
    block_signals();
    rc = cmd_open(argv[0], env_file, TOLD_FAULTS, &app.config, &app.content);
    config_wipe(environ);
    if (rc == EXIT_DONE) rc = proof_begin(&proving, app.content);
    if (rc == EXIT_DONE) {
        /* The proof walks every conversation there can be: thousands of moves that are nobody's. */
        bool debug = app.config.log_level == LOG_DEBUG;
        log_open(stderr, debug ? LOG_INFO : app.config.log_level, app.config.log_format);
        warn_of_file(env_file);
        int opened = open_all(&app, &e);
        rc = proof_end(&proving);
        log_open(stderr, app.config.log_level, app.config.log_format);
        /* Before the first thread that stays, for each gets what its maker has. */
        if (rc == EXIT_DONE && opened == 0) confine(&app.config);
        /* Only now: the proof has what processors there are, and whoever types waits a moment. */
        if (opened == 0) opened = content_train(app.content, &e);
        if (rc == EXIT_DONE && (opened != 0 || work(&app, &e) != 0)) {
            log_error("serve", "error=\"%s\"", e.text);
            rc = EXIT_FAILED;
        } else if (rc == EXIT_DONE) {
            log_info("stopped", "status=ok");
        }
    }
    close_all(&app);
    return rc;
}

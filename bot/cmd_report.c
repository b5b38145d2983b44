/* cmd_report.c -- who waits for the human. A bot at work holds the database: then it is asked, on its
 * own listener for the operator; else the database is read here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "buf.h"
#include "cmd.h"
#include "config.h"
#include "err.h"
#include "http_client.h"
#include "report.h"
#include "store.h"

static const char usage[] =
    "usage: mailwijzer report\n\n"
    "Lists the chats that wait for the human or are with her, by the keyed hash that the log names them by.\n"
    "Asks the running bot at ADMIN_LISTEN; when none answers there, reads the database (DATABASE_URL).\n";

enum { TIMEOUT_MS = 5000, ARENA_BYTES = 16 * 1024, STATUS_OK = 200 };

struct asking {
    int status; /* -1: not answered yet */
    struct buf text;
};

static void on_answer(void *user, uint64_t tag, const struct http_answer *a)
{
    struct asking *x = user;

    (void)tag;
    x->status = a->status;
    buf_add(&x->text, a->body, a->body_n);
}

/* The bot's own words: 0, or -1 when none answers there. */
static int ask(const struct config *c, struct buf *out)
{
    struct http_client *client = NULL;
    struct asking x = {.status = -1};
    struct err e = {0};
    char url[256];
    bool v6;

    if (c->admin_address == NULL || c->admin_port == 0) return -1;
    v6 = strchr(c->admin_address, ':') != NULL;
    (void)snprintf(url, sizeof url, "http://%s%.128s%s:%d/report", v6 ? "[" : "", c->admin_address,
                   v6 ? "]" : "", c->admin_port);
    const struct http_call call = {.url = url, .timeout_ms = TIMEOUT_MS, .done = on_answer, .user = &x};
    if (http_client_new(1, &client, &e) != 0 || http_client_send(client, &call, &e) != 0) x.status = 0;
    while (x.status == -1) http_client_poll(client, TIMEOUT_MS); /* a call ends by its timeout */
    if (x.status == STATUS_OK) buf_add(out, x.text.data, x.text.len);
    http_client_free(client);
    buf_free(&x.text);
    return x.status == STATUS_OK ? 0 : -1;
}

static int read_store(const struct config *c, struct buf *out, struct err *e)
{
    struct arena *a = arena_new(ARENA_BYTES);
    struct store *store = NULL;
    int rc = -1;

    if (a == NULL)
        (void)err_set(e, "out of memory");
    else if (access(c->database_url + strlen("sqlite:"), R_OK) != 0)
        (void)err_set(e, "%s: there is no such database, and no bot answers at ADMIN_LISTEN",
                      c->database_url);
    else if (store_open(c->database_url, &store, e) == 0)
        rc = report_write(store, c, a, out, e);
    store_close(store);
    arena_free(a);
    return rc;
}

int cmd_report(int argc, char **argv)
{
    struct config config;
    struct buf out = {0};
    struct err e = {0};
    bool ended;
    int rc = cmd_options(usage, NULL, 0, argc, argv, &ended);

    if (ended) return rc;
    if (config_read(&config, environ, ".env", stderr) != 0) {
        (void)fputs("mailwijzer report: settings are wrong (.env.example explains each)\n", stderr);
        config_free(&config);
        return EXIT_USAGE;
    }
    rc = ask(&config, &out) == 0 || read_store(&config, &out, &e) == 0 ? EXIT_DONE : EXIT_FAILED;
    if (rc == EXIT_DONE)
        (void)fputs(buf_text(&out), stdout);
    else
        (void)fprintf(stderr, "mailwijzer report: %s\n", e.text);
    buf_free(&out);
    config_free(&config);
    return rc;
}

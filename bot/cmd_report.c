/* cmd_report.c -- who waits for the human; or all that is kept about one person. A bot at work holds the
 * database: then it is asked, on its own listener for the operator; else the database is read here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "buf.h"
#include "cmd.h"
#include "cmd_person.h"
#include "config.h"
#include "err.h"
#include "report.h"
#include "report_words.h"
#include "store.h"

static const char usage[] =
    "usage: mailwijzer report\n"
    "       mailwijzer report --person WHO [--language nl|en] [--json]\n\n"
    "Lists the chats that wait for the human or are with her, by the keyed hash that the log names them by.\n"
    "With --person: everything that is kept about that person and nothing about another, for who asks to see "
    "it;\n"
    "in the language of LOCALE unless --language says otherwise. WHO as in `mailwijzer erase --help`.\n"
    "Asks the running bot at ADMIN_LISTEN; when none answers there, reads the database (DATABASE_URL).\n"
    "What it prints is personal: it is written to standard output alone.\n";

enum { ARENA_BYTES = 16 * 1024, STATUS_OK = 200 };

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

static int report_waiting(const char *name, const struct config *config)
{
    struct buf out = {0};
    struct err e = {0};
    int rc = EXIT_DONE;

    if (cmd_ask(config, "/report", NULL, &out) == STATUS_OK || read_store(config, &out, &e) == 0) {
        (void)fputs(buf_text(&out), stdout);
    } else {
        (void)fprintf(stderr, "mailwijzer %s: %s\n", name, e.text);
        rc = EXIT_FAILED;
    }
    buf_free(&out);
    return rc;
}

static int report_person(const char *name, const struct config *config, const char *person,
                         const char *language, bool as_json)
{
    struct buf out = {0};
    char *who = cmd_who(name, person);

    int rc = who == NULL ? EXIT_USAGE : cmd_person(name, config, who, PERSON_TELL, &out);
    if (rc == EXIT_DONE && as_json)
        (void)fputs(buf_text(&out), stdout);
    else if (rc == EXIT_DONE)
        report_print(buf_text(&out), language != NULL ? language : config->locale, stdout);
    buf_free(&out);
    free(who);
    return rc;
}

int cmd_report(int argc, char **argv)
{
    const char *person = NULL, *language = NULL;
    struct config config;
    bool as_json = false, ended;
    const struct option_spec specs[] = {
        {"--person", NULL, &person}, {"--language", NULL, &language}, {"--json", &as_json, NULL}};
    int rc = cmd_options(usage, specs, sizeof specs / sizeof *specs, argc, argv, &ended);

    if (ended) return rc;
    if (person == NULL && (as_json || language != NULL)) {
        (void)fprintf(stderr, "mailwijzer report: %s goes with --person\n",
                      as_json ? "--json" : "--language");
        return EXIT_USAGE;
    }
    if (language != NULL && strcmp(language, "nl") != 0 && strcmp(language, "en") != 0) {
        (void)fputs("mailwijzer report: --language: expected nl or en\n", stderr);
        return EXIT_USAGE;
    }
    rc = cmd_settings(argv[0], ".env", &config);
    if (rc == EXIT_DONE)
        rc = person == NULL ? report_waiting(argv[0], &config)
                            : report_person(argv[0], &config, person, language, as_json);
    config_free(&config);
    return rc;
}

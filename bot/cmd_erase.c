/* cmd_erase.c -- one person is erased, by whoever runs the bot: for who asks by mail or by phone. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "buf.h"
#include "cmd.h"
#include "cmd_person.h"
#include "config.h"

static const char usage[] = "usage: mailwijzer erase --person WHO [--yes] [--json]\n\n"
                            "Erases everything that is kept about a person, as they can themselves with "
                            "\"wis mijn gegevens\": names and\n"
                            "numbers, the conversation, messages, replies that wait, what waits for the "
                            "human's desk and the topic there.\n"
                            "They get no message. WHO is a phone number (+31 6 12345678, 0031…, 06…), an id "
                            "of WhatsApp (NL.55512), a\n"
                            "@username or an id of Telegram; whatsapp: or telegram: before it says which is "
                            "meant; - reads it from standard\n"
                            "input, where nobody else on this machine sees it.\n"
                            "Asks first on a terminal, unless --yes. A running bot does it, asked at "
                            "ADMIN_LISTEN; else the database\n"
                            "(DATABASE_URL) is opened here. Prints a receipt; --json: as JSON. Exit status "
                            "1: nobody is known by that.\n";

/* What was, or would be, erased; in the order of the words. */
static const struct {
    const char *name, *one, *many;
} counted[] = {
    {"names", "number, id or username", "numbers, ids and usernames"},
    {"chats", "conversation", "conversations"},
    {"messages", "message of theirs", "messages of theirs"},
    {"held", "message that waits for its rest", "messages that wait for their rest"},
    {"replies", "reply to them", "replies to them"},
    {"told", "message about them to the desk", "messages about them to the desk"},
    {"lines", "line that waits for the desk", "lines that wait for the desk"},
    {"topics", "topic at the desk", "topics at the desk"},
};

static void print_counts(const json_t *answer, FILE *to)
{
    const json_t *counts = json_object_get(answer, "counts");

    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        long long n = json_integer_value(json_object_get(counts, counted[i].name));
        if (n > 0) (void)fprintf(to, "  %lld %s\n", n, n == 1 ? counted[i].one : counted[i].many);
    }
}

/* A person at a terminal, who has read what will go. */
static bool confirmed(const char *who, const char *looked)
{
    json_t *answer = json_loads(looked, 0, NULL);
    char *line = NULL;
    size_t size = 0;

    (void)fprintf(stderr, "This erases everything that is kept about %s:\n", who);
    print_counts(answer, stderr);
    (void)fputs("It cannot be undone. Type yes to erase: ", stderr);
    json_decref(answer);
    bool yes = getline(&line, &size, stdin) >= 0 && strcmp(line, "yes\n") == 0;
    free(line);
    if (!yes) (void)fputs("Nothing was erased.\n", stderr);
    return yes;
}

static void print_receipt(const char *text, bool as_json)
{
    json_t *answer = json_loads(text, 0, NULL);

    if (as_json) {
        (void)fputs(text, stdout);
    } else {
        (void)printf("Erased at %s:\n", json_string_value(json_object_get(answer, "at")));
        print_counts(answer, stdout);
        (void)puts(
            json_is_true(json_object_get(answer, "gone"))
                ? "Nothing of it is left in the database file."
                : "What is being sent to them at this moment is not taken back; after it, or after the next "
                  "rewrite of the file, within minutes, nothing is left in it.");
    }
    json_decref(answer);
}

static int erase(const char *name, const char *who, bool yes, bool as_json)
{
    struct config config;
    struct buf out = {0};

    int rc = cmd_settings(name, ".env", &config);
    if (rc == EXIT_DONE && !yes) {
        rc = cmd_person(name, &config, who, PERSON_LOOK, &out);
        if (rc == EXIT_DONE && !confirmed(who, buf_text(&out))) rc = EXIT_FAILED;
        buf_clear(&out);
    }
    if (rc == EXIT_DONE) rc = cmd_person(name, &config, who, PERSON_ERASE, &out);
    if (rc == EXIT_DONE) print_receipt(buf_text(&out), as_json);
    buf_free(&out);
    config_free(&config);
    return rc;
}

int cmd_erase(int argc, char **argv)
{
    const char *person = NULL;
    bool yes = false, as_json = false, ended;
    const struct option_spec specs[] = {
        {"--person", NULL, &person}, {"--yes", &yes, NULL}, {"--json", &as_json, NULL}};
    int rc = cmd_options(usage, specs, sizeof specs / sizeof *specs, argc, argv, &ended);

    if (ended) return rc;
    if (person == NULL) {
        (void)fprintf(stderr, "mailwijzer erase: --person is missing\n%s", usage);
        return EXIT_USAGE;
    }
    if (!yes && (!isatty(STDIN_FILENO) || strcmp(person, "-") == 0)) {
        (void)fputs("mailwijzer erase: nobody can be asked here: --yes says that it is meant\n", stderr);
        return EXIT_USAGE;
    }
    char *who = cmd_who(argv[0], person);
    rc = who == NULL ? EXIT_USAGE : erase(argv[0], who, yes, as_json);
    free(who);
    return rc;
}

/* main.c -- `mailwijzer COMMAND`: the table of commands and nothing else. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} commands[] = {
    {"serve", cmd_serve, "take messages and answer them (reads .env)"},
    {"check", cmd_check, "prove flow, texts and settings; list every fault"},
    {"chat", cmd_chat, "have the conversation here in the terminal"},
    {"understand", cmd_understand, "label messages: JSON lines in, JSON lines out"},
    {"graph", cmd_graph, "print the flow as DOT or Mermaid"},
    {"report", cmd_report, "list who waits for the human; or all that is kept about one person"},
    {"erase", cmd_erase, "erase one person, as they can themselves"},
};

static void usage(FILE *to)
{
    (void)fputs("usage: mailwijzer COMMAND [OPTIONS]\n\n", to);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        (void)fprintf(to, "  %-11s %s\n", commands[i].name, commands[i].what);
    (void)fputs(
        "\nmailwijzer COMMAND --help tells more. Settings come from the environment: see .env.example.\n"
        "Exit status: 0 done, 1 failed, 2 called wrongly.\n",
        to);
}

int main(int argc, char **argv)
{
    /* Whatever a command makes is its owner's alone. */
    (void)umask(S_IRWXG | S_IRWXO);
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("mailwijzer " MAILWIJZER_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return commands[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "mailwijzer: unknown command '%s'\n", argv[1]);
    usage(stderr);
    return EXIT_USAGE;
}

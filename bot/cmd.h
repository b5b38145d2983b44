/* cmd.h -- the subcommands. Each gets its arguments (argv[0] is its name) and returns the exit
 * status: 0 done, 1 failed, 2 called wrongly. */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int cmd_serve(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_chat(int argc, char **argv);
int cmd_understand(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_erase(int argc, char **argv);

struct config;
struct content;

/* What of a content that loads is told: a warning is for who checks it, not at every start. */
enum cmd_told { TOLD_FAULTS, TOLD_ALL };

/* cmd_settings(name, env_file, config), cmd_content(config, told, content): settings, and content, for a
 * subcommand; faults told on stderr. EXIT_DONE, or the exit status to end with. Free in any case. */
int cmd_settings(const char *name, const char *env_file, struct config *config);
int cmd_content(const struct config *config, enum cmd_told told, struct content **content);

/* cmd_open(name, env_file, told, config, content): both. */
int cmd_open(const char *name, const char *env_file, enum cmd_told told, struct config *config,
             struct content **content);

/* cmd_train(name, content): for a subcommand that reads typed text. EXIT_DONE, or EXIT_FAILED told on
 * stderr. */
int cmd_train(const char *name, struct content *content);

/* An option of a subcommand: "--json" (value NULL) or "--name NAME". */
struct option_spec {
    const char *name;   /* with its dashes                           */
    bool *flag;         /* set when given; or                        */
    const char **value; /* gets the word after it, or after '='      */
};

/* cmd_options(usage, specs, n, argc, argv): EXIT_DONE, or the status to end with: after --help
 * (`*ended` true, 0), or an unknown option, a missing value, a stray word (2). */
int cmd_options(const char *usage, const struct option_spec *specs, size_t n, int argc, char **argv,
                bool *ended);

#endif

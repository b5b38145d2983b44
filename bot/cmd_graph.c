/* cmd_graph.c -- the flow as a picture's source. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "config.h"
#include "content.h"

static const char usage[] = "usage: mailwijzer graph [--format dot|mermaid] [--locale nl]\n\n"
                            "Prints the flow. A picture: mailwijzer graph | dot -Tsvg > flow.svg\n";

int cmd_graph(int argc, char **argv)
{
    const char *format = "dot", *locale = NULL;
    const struct option_spec specs[] = {{"--format", NULL, &format}, {"--locale", NULL, &locale}};
    struct config config = {0};
    struct content *content = NULL;
    bool ended;
    int rc = cmd_options(usage, specs, 2, argc, argv, &ended);

    if (ended || rc != EXIT_DONE) return rc;
    if (strcmp(format, "dot") != 0 && strcmp(format, "mermaid") != 0) {
        (void)fprintf(stderr, "mailwijzer graph: --format is '%s', expected dot or mermaid\n", format);
        return EXIT_USAGE;
    }
    rc = cmd_open(argv[0], NULL, TOLD_FAULTS, &config, &content);
    if (rc == EXIT_DONE)
        content_graph(content, strcmp(format, "dot") == 0 ? GRAPH_DOT : GRAPH_MERMAID,
                      locale != NULL ? locale : config.locale, stdout);
    content_free(content);
    config_free(&config);
    return rc;
}

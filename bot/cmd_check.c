/* cmd_check.c -- the proof, before anyone is spoken to. */
#include <stdio.h>

#include "clock.h"
#include "cmd.h"
#include "config.h"
#include "content.h"

static const char usage[] =
    "usage: mailwijzer check\n\n"
    "Reads settings, flow, texts, phrases and business file and proves them: every state reached and\n"
    "left, one advice for each combination of answers, every message within every platform's limits.\n"
    "Prints each fault with its file, place and the shortest conversation that shows it.\n";

static int prove(const struct content *content)
{
    struct content_proof proof = {0};
    struct faults *faults = faults_new();
    int64_t start = clock_mono_ms();

    if (faults == NULL) return EXIT_FAILED;
    int rc = content_check(content, faults, &proof) == 0 ? EXIT_DONE : EXIT_FAILED;
    for (size_t i = 0; i < faults_count(faults); i++) (void)fprintf(stderr, "%s\n", faults_line(faults, i));
    (void)printf("%s: %zu states, %zu paths, %zu combinations of answers, %zu messages measured "
                 "(longest %zu characters), %zu faults, %lld ms\n",
                 rc == EXIT_DONE ? "proved" : "refused", proof.states, proof.paths, proof.combinations,
                 proof.messages, proof.longest_body, faults_count(faults) - faults_warnings(faults),
                 (long long)(clock_mono_ms() - start));
    faults_free(faults);
    return rc;
}

int cmd_check(int argc, char **argv)
{
    struct config config = {0};
    struct content *content = NULL;
    bool ended;
    int rc = cmd_options(usage, NULL, 0, argc, argv, &ended);

    if (ended) return rc;
    rc = cmd_open(argv[0], ".env", TOLD_ALL, &config, &content);
    if (rc == EXIT_DONE) rc = prove(content);
    content_free(content);
    config_free(&config);
    return rc;
}

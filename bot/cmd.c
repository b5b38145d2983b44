#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "content.h"
#include "err.h"

static int option(const char *name, const struct option_spec *spec, int argc, char **argv, int *i)
{
    size_t n = strlen(spec->name);
    const char *inside = argv[*i][n] == '=' ? argv[*i] + n + 1 : NULL;

    if (spec->flag != NULL) {
        *spec->flag = true;
        if (inside == NULL) return EXIT_DONE;
        (void)fprintf(stderr, "mailwijzer %s: %s takes no value\n", name, spec->name);
        return EXIT_USAGE;
    }
    if (inside == NULL && *i + 1 < argc) inside = argv[++*i];
    *spec->value = inside;
    if (inside != NULL) return EXIT_DONE;
    (void)fprintf(stderr, "mailwijzer %s: %s needs a value\n", name, spec->name);
    return EXIT_USAGE;
}

static bool names(const char *arg, const char *option_name)
{
    size_t n = strlen(option_name);
    return strncmp(arg, option_name, n) == 0 && (arg[n] == '\0' || arg[n] == '=');
}

int cmd_options(const char *usage, const struct option_spec *specs, size_t n, int argc, char **argv,
                bool *ended)
{
    *ended = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            (void)fputs(usage, stdout);
            return EXIT_DONE;
        }
        size_t k = 0;
        while (k < n && !names(argv[i], specs[k].name)) k++;
        if (k == n) {
            (void)fprintf(stderr, "mailwijzer %s: unknown %s '%s'\n%s", argv[0],
                          argv[i][0] == '-' ? "option" : "argument", argv[i], usage);
            return EXIT_USAGE;
        }
        int rc = option(argv[0], &specs[k], argc, argv, &i);
        if (rc != EXIT_DONE) return rc;
    }
    *ended = false;
    return EXIT_DONE;
}

int cmd_settings(const char *name, const char *env_file, struct config *config)
{
    if (config_read(config, environ, env_file, stderr) == 0) return EXIT_DONE;
    (void)fprintf(stderr, "mailwijzer %s: settings are wrong (.env.example explains each)\n", name);
    return EXIT_USAGE;
}

int cmd_content(const struct config *config, enum cmd_told told, struct content **content)
{
    int rc = EXIT_DONE;

    *content = NULL;
    const struct content_files files = {.flow = config->flow,
                                        .business = config->business,
                                        .locales = config->locales,
                                        .locale = config->locale,
                                        .retain_text_days = config->retain_text_days,
                                        .desk = config->telegram_desk_chat != NULL,
                                        .human_ms = config->human_ms};
    struct faults *faults = faults_new();
    if (faults == NULL || content_load(&files, content, faults) != 0) rc = EXIT_FAILED;
    for (size_t i = 0; faults != NULL && (told == TOLD_ALL || rc != EXIT_DONE) && i < faults_count(faults);
         i++)
        (void)fprintf(stderr, "%s\n", faults_line(faults, i));
    faults_free(faults);
    return rc;
}

int cmd_open(const char *name, const char *env_file, enum cmd_told told, struct config *config,
             struct content **content)
{
    int rc = cmd_settings(name, env_file, config);

    *content = NULL;
    return rc != EXIT_DONE ? rc : cmd_content(config, told, content);
}

int cmd_train(const char *name, struct content *content)
{
    struct err e = {0};

    if (content_train(content, &e) == 0) return EXIT_DONE;
    (void)fprintf(stderr, "mailwijzer %s: %s\n", name, e.text);
    return EXIT_FAILED;
}

/* cmd_understand.c -- labels for messages, as measurements of understanding need them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "buf.h"
#include "cmd.h"
#include "config.h"
#include "content.h"
#include "err.h"

static const char usage[] = "usage: mailwijzer understand < messages.jsonl\n\n"
                            "Each line: {\"id\":…,\"question\":\"team\" or \"start\",\"text\":…}. Prints the "
                            "same objects with \"label\" and\n"
                            "\"score\" added; a label that is not understood is \"unclear\".\n";

static int label_line(const struct flow *f, const struct understanding *u, const char *line, int number)
{
    json_error_t where;
    json_t *o = json_loads(line, 0, &where);
    const char *question = json_string_value(json_object_get(o, "question"));
    const char *text = json_string_value(json_object_get(o, "text"));
    struct meaning meaning = {0};
    struct buf label = {0};
    int rc = EXIT_FAILED;

    if (o == NULL || question == NULL || text == NULL) {
        (void)fprintf(stderr, "line %d: %s\n", number,
                      o == NULL ? where.text : "expected an object with \"question\" and \"text\"");
        goto out;
    }
    int q = strcmp(question, "start") == 0 ? -1 : flow_question_find(f, question);
    if (q < 0 && strcmp(question, "start") != 0) {
        (void)fprintf(stderr, "line %d: question '%s' is not in the flow (nor 'start')\n", number, question);
        goto out;
    }
    understanding_read(u, q, text, &meaning);
    if (meaning.n > 0)
        understanding_label(f, &meaning.label[0], &label);
    else
        buf_adds(&label, "unclear");
    (void)json_object_set_new(o, "label", json_string(buf_text(&label)));
    (void)json_object_set_new(o, "score", json_real(meaning.n > 0 ? meaning.label[0].score : 0.0));
    if (json_dumpf(o, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF) rc = EXIT_DONE;
out:
    buf_free(&label);
    json_decref(o);
    return rc;
}

static int label_all(const struct content *content)
{
    const struct flow *f = content_script(content)->flow;
    struct err e = {0};
    const struct understanding *u = content_understanding(content, &e);
    char *line = NULL;
    size_t size = 0;
    int rc = EXIT_DONE;

    if (u == NULL) {
        (void)fprintf(stderr, "mailwijzer understand: %s\n", e.text);
        return EXIT_FAILED;
    }
    for (int number = 1; getline(&line, &size, stdin) >= 0; number++)
        if (line[strspn(line, " \t\r\n")] != '\0' && label_line(f, u, line, number) != EXIT_DONE)
            rc = EXIT_FAILED;
    free(line);
    return rc;
}

int cmd_understand(int argc, char **argv)
{
    struct config config = {0};
    struct content *content = NULL;
    bool ended;
    int rc = cmd_options(usage, NULL, 0, argc, argv, &ended);

    if (ended || rc != EXIT_DONE) return rc;
    rc = cmd_open(argv[0], NULL, TOLD_FAULTS, &config, &content);
    if (rc == EXIT_DONE) rc = cmd_train(argv[0], content);
    if (rc == EXIT_DONE) rc = label_all(content);
    content_free(content);
    config_free(&config);
    return rc;
}

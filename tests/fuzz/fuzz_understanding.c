/* Any bytes, at any question: no crash, and what comes of it keeps its promises. */
#include "content.h"
#include "err.h"
#include "flow.h"
#include "fuzz.h"
#include "understanding.h"

static struct content *content;
static const struct flow *flow;
static const struct understanding *u;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nl",
                                        .retain_text_days = 30};
    struct faults *faults = faults_new();
    struct err e = {0};

    (void)argc;
    (void)argv;
    must(content_load(&files, &content, faults) == 0 && content_train(content, &e) == 0);
    faults_free(faults);
    flow = content_script(content)->flow;
    u = content_understanding(content, &e);
    must(u != NULL);
    return 0;
}

static void check_label(const struct label *l)
{
    must(l->score > 0 && l->score <= 1);
    must(l->question >= -1 && l->question < (int)flow->question_n);
    must(l->index >= 0);
    if (l->kind == LABEL_ANSWER)
        must(l->question >= 0 && l->index < (int)flow->question[l->question].answer_n);
    if (l->kind == LABEL_UNSURE) must(l->question >= 0);
    if (l->kind == LABEL_TOPIC) must(l->index < (int)flow->topic_n);
    if (l->kind == LABEL_COMMAND) must(l->index < (int)flow->command_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct meaning m, twice;

    if (size == 0) return 0;
    char *text = malloc(size);
    must(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    understanding_read(u, (int)(data[0] % (flow->question_n + 1)) - 1, text, &m);
    must(m.n <= MEANING_LABELS_MAX && m.guess_n <= MEANING_GUESSES_MAX);
    must(m.n == 0 || m.guess_n == 0);
    understanding_read(u, (int)(data[0] % (flow->question_n + 1)) - 1, text, &twice);
    must(m.n == twice.n && m.guess_n == twice.guess_n);
    for (size_t i = 0; i < m.n; i++) {
        check_label(&m.label[i]);
        must(m.label[i].kind == twice.label[i].kind && m.label[i].question == twice.label[i].question);
        must(m.label[i].index == twice.label[i].index);
    }
    for (size_t i = 0; i < m.guess_n; i++) check_label(&m.guess[i]);
    free(text);
    return 0;
}

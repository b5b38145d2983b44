/* How well the shipped phrases understand messages of others, and that they are nobody's test. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "buf.h"
#include "content.h"
#include "err.h"
#include "faults.h"
#include "flow.h"
#include "text.h"
#include "understanding.h"
#include "unit.h"

int test_understood(void);

/* Messages that the phrases were weighed with, and others, which stand outside the repository. */
static const char ours[] = "tests/understanding/messages.jsonl";
static const char open_set[] = "../shared/utterances/dutch.jsonl";

struct score {
    size_t n, right, accepted; /* accepted: an answer where another label was right */
};

static int setup(void **state)
{
    const struct content_files files = {"flows/mailkeuze.json", "flows/business.json", "locales", "nl",
                                        .retain_text_days = 30};
    struct faults *faults = faults_new();
    struct content *c = NULL;
    struct err e = {0};

    if (faults == NULL || content_load(&files, &c, faults) != 0 || content_train(c, &e) != 0) return -1;
    faults_free(faults);
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    content_free(*state);
    return 0;
}

static void each_line(const char *path, void (*see)(void *user, json_t *line), void *user)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;

    assert_non_null(file);
    while (getline(&line, &size, file) >= 0) {
        json_t *o = json_loads(line, 0, NULL);
        assert_non_null(o);
        see(user, o);
        json_decref(o);
    }
    free(line);
    (void)fclose(file);
}

struct asked {
    const struct flow *f;
    const struct understanding *u;
    struct score s;
};

static void ask(void *user, json_t *line)
{
    struct asked *a = user;
    const char *expect = json_string_value(json_object_get(line, "expect"));
    struct meaning m;
    struct buf got = {0};

    understanding_read(a->u, flow_question_find(a->f, json_string_value(json_object_get(line, "question"))),
                       json_string_value(json_object_get(line, "text")), &m);
    if (m.n > 0)
        understanding_label(a->f, &m.label[0], &got);
    else
        buf_adds(&got, "unclear");
    bool right = strcmp(buf_text(&got), expect) == 0;
    a->s.n++;
    a->s.right += right;
    a->s.accepted += !right && m.n > 0 && m.label[0].kind == LABEL_ANSWER;
    buf_free(&got);
}

static struct score score_of(const struct content *c, const char *path)
{
    struct err e = {0};
    struct asked a = {.f = content_script(c)->flow, .u = content_understanding(c, &e)};

    assert_non_null(a.u);
    each_line(path, ask, &a);
    return a.s;
}

/* In hundredths, with room for processors that round otherwise. */
static void expect_score(struct score s, size_t right, size_t accepted)
{
    if (s.right * 100 < s.n * right || s.accepted * 100 > s.n * accepted)
        fail_msg("%zu of %zu right, %zu wrongly accepted; expected %zu %% and at most %zu %%", s.right, s.n,
                 s.accepted, right, accepted);
}

static void messages_of_others_are_understood(void **state)
{
    struct score s = score_of(*state, ours);

    assert_true(s.n >= 600);
    expect_score(s, 93, 3);
}

static bool have_open_set(void)
{
    if (access(open_set, R_OK) == 0) return true;
    print_message("# skipped: %s is not there\n", open_set);
    return false;
}

static void the_open_set_is_understood(void **state)
{
    if (!have_open_set()) skip();
    expect_score(score_of(*state, open_set), 96, 1);
}

/* ---- apart ---- */

/* A set of normalised texts; `count` of them. A word is no line of anybody's. */
static void remember_text(json_t *set, const char *text)
{
    struct buf words = {0};

    text_normalise(text, &words);
    if (strchr(buf_text(&words), ' ') != NULL)
        assert_int_equal(json_object_set_new(set, buf_text(&words), json_true()), 0);
    buf_free(&words);
}

static void remember_phrases(json_t *set, json_t *v)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_string(v)) remember_text(set, json_string_value(v));
    json_array_foreach(v, i, member) remember_phrases(set, member);
    json_object_foreach(v, key, member)
    {
        /* "De tweede" is grammar, "dank je wel" what a short form stands for. */
        if (strcmp(key, "ordinals") != 0 && strcmp(key, "short") != 0) remember_phrases(set, member);
    }
}

static void expect_apart(void *user, json_t *line)
{
    json_t *phrases = user;
    struct buf words = {0};

    text_normalise(json_string_value(json_object_get(line, "text")), &words);
    if (json_object_get(phrases, buf_text(&words)) != NULL)
        fail_msg("a phrase as well: %s", buf_text(&words));
    buf_free(&words);
}

static void expect_no_phrase_in(const char *path)
{
    static const char *const files[] = {"locales/nl.phrases.json", "locales/en.phrases.json"};
    json_t *phrases = json_object();

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        json_t *root = json_load_file(files[i], 0, NULL);
        assert_non_null(root);
        remember_phrases(phrases, root);
        json_decref(root);
    }
    assert_true(json_object_size(phrases) > 5000);
    each_line(path, expect_apart, phrases);
    json_decref(phrases);
}

/* As a chat's menu gives them: "/language_en" comes as "language en". */
static void every_command_is_known_by_its_id_at_every_question(void **state)
{
    const struct content *c = *state;
    const struct flow *f = content_script(c)->flow;
    struct err e = {0};
    const struct understanding *u = content_understanding(c, &e);

    assert_non_null(u);
    for (size_t i = 0; i < f->command_n; i++)
        for (int q = -1; q < (int)f->question_n; q++) {
            char words[FLOW_ID_MAX + 1];
            struct meaning m;
            (void)snprintf(words, sizeof words, "%s", f->command[i].id);
            for (char *at = words; (at = strchr(at, '_')) != NULL;) *at = ' ';
            understanding_read(u, q, words, &m);
            if (m.n != 1 || m.label[0].kind != LABEL_COMMAND || m.label[0].index != (int)i)
                fail_msg("'%s' at question %d is not that command", words, q);
        }
}

static void no_phrase_is_a_message_it_is_measured_with(void **state)
{
    (void)state;
    expect_no_phrase_in(ours);
}

static void no_phrase_is_of_the_open_set(void **state)
{
    (void)state;
    if (!have_open_set()) skip();
    expect_no_phrase_in(open_set);
}

int test_understood(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_others_are_understood),
        cmocka_unit_test(the_open_set_is_understood),
        cmocka_unit_test(every_command_is_known_by_its_id_at_every_question),
        cmocka_unit_test(no_phrase_is_a_message_it_is_measured_with),
        cmocka_unit_test(no_phrase_is_of_the_open_set),
    };
    return cmocka_run_group_tests_name("test_understood", tests, setup, teardown);
}

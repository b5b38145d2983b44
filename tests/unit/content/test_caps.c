/* test_caps.c -- one more than may be is told with both numbers, and nothing is written past the last. */
#include "buf.h"
#include "planted.h"
#include "unit.h"

int test_caps(void);

/* `n` pieces, "%zu" in them counted, take the place of `from`. */
static const struct cap {
    enum planted_file file;
    const char *from, *before, *each, *after;
    size_t n;
    const char *line;
} caps[] = {
    {FLOW, "\"hello\": {", "", "\"more%zu\": {\"kind\": \"say\", \"to\": \"size\"},", "\"hello\": {", 42,
     "flow.json: 49 states, at most 48"},
    {FLOW, "\"hello\": {", "", "\"more%zu\": {\"kind\": \"ask\", \"to\": \"size\", \"answers\": []},",
     "\"hello\": {", 11, "flow.json: 13 questions, at most 12"},
    {FLOW, "{ \"id\": \"small\", \"points\": 0 },", "", "{\"id\": \"more%zu\", \"points\": 0},", "", 8,
     "flow.json: state 'size': 9 answers, at most 8"},
    {FLOW, "\"cases\": [", "\"cases\": [", "{\"when\": {\"size\": [\"big\"]}, \"to\": \"note\"},", "", 8,
     "flow.json: state 'fork': 9 cases, at most 8"},
    {FLOW, "\"do:change\"", "", "\"go:more\",", "\"do:change\"", 8,
     "flow.json: state 'advice': 11 options, at most 10"},
    {FLOW, "\"outcomes\": [", "\"outcomes\": [", "{\"id\": \"more%zu\", \"when\": [{}]},", "", 3,
     "flow.json: 6 outcomes, at most 5"},
    {FLOW, "\"points\": [3, 99] }", "\"points\": [3, 99] }", ",{\"points\": [98, 99]}", "", 6,
     "flow.json: outcome 'more': 7 rules, at most 6"},
    {FLOW, "[\"why\"]", "[\"why\"", ",\"more%zu\"", "]", 40, "flow.json: 41 topics, at most 40"},
    {FLOW, "\"commands\": {", "\"commands\": {", "\"more%zu\": {\"do\": \"say\"},", "", 24,
     "flow.json: 33 commands, at most 32"},
    {BUSINESS, "\"2026-12-24\"", "\"2026-12-24\"", ",\"2026-12-25\"", "", 63,
     "business.json: 65 days_off, at most 64"},
    {NL, "{\n", "{\n", "                                ", "", 1 << 15, "nl.json: larger than 1048576 bytes"},
};

static void is_told(const struct cap *cap)
{
    struct buf to = {0};
    struct planted row = {.file = cap->file, .from = cap->from};
    struct faults *faults = faults_new();

    assert_non_null(faults);
    buf_adds(&to, cap->before);
    for (size_t i = 0; i < cap->n; i++) {
        const char *number = strstr(cap->each, "%zu");
        size_t n = number == NULL ? strlen(cap->each) : (size_t)(number - cap->each);
        buf_add(&to, cap->each, n);
        if (number != NULL) buf_addf(&to, "%zu%s", i, number + 3);
    }
    buf_adds(&to, cap->after);
    assert_false(to.failed);
    row.to = buf_text(&to);
    assert_int_equal(planted_load(&row, 1, faults, NULL), -1);
    if (!faults_has(faults, cap->line)) {
        for (size_t i = 0; i < faults_count(faults); i++) print_message("%s\n", faults_line(faults, i));
        fail_msg("expected: %s", cap->line);
    }
    faults_free(faults);
    buf_free(&to);
}

static void one_more_than_may_be_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++) is_told(&caps[i]);
}

/* Who listed every key of a wrong file would list for ever: the last line says that there are more. */
static void a_list_of_faults_ends(void **state)
{
    struct buf to = {0};
    struct planted row = {.file = FLOW, .from = "\"states\": {"};
    struct faults *faults = faults_new();

    (void)state;
    assert_non_null(faults);
    for (size_t i = 0; i < 1200; i++) buf_addf(&to, "\"x%zu\": 1,", i);
    buf_adds(&to, "\"states\": {");
    row.to = buf_text(&to);
    assert_int_equal(planted_load(&row, 1, faults, NULL), -1);
    assert_int_equal(faults_count(faults), 1001);
    assert_string_equal(faults_line(faults, 1000), "more faults than can be listed");
    faults_free(faults);
    buf_free(&to);
}

static void a_locale_with_a_code_too_long_is_refused(void **state)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nederlands"};
    struct faults *faults = faults_new();
    struct content *c;

    (void)state;
    assert_non_null(faults);
    assert_int_equal(content_load(&files, &c, faults), -1);
    assert_null(c);
    assert_true(faults_has(faults, "locale 'nederlands': a code has at most 7 letters"));
    faults_free(faults);
}

int test_caps(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_more_than_may_be_is_told),
        cmocka_unit_test(a_list_of_faults_ends),
        cmocka_unit_test(a_locale_with_a_code_too_long_is_refused),
    };
    return UNIT_RUN(tests);
}

#include "fixture.h"

int test_conversation(void);

static struct conversation full(struct fixture *x)
{
    struct conversation c;

    conversation_begin(&c, "nl");
    c.answers = answers_of(x, "usage=heavy calendar=unsure team=skipped");
    c.order = 3;
    c.question = SECURITY;
    conversation_move(&c, CONVERSATION_ASKING);
    c.last_ms = INT64_C(1795424400000);
    c.misses = 2;
    c.introduced = true;
    c.media_ms = 17;
    c.late_ms = 23;
    c.text_hash = UINT64_C(0xFEDCBA9876543210);
    c.text_question = TEAM;
    return c;
}

static char *written(const struct fixture *x, const struct conversation *c)
{
    struct buf out = {0};

    conversation_write(c, &x->flow, &out);
    char *copy = strdup(buf_text(&out));
    buf_free(&out);
    assert_non_null(copy);
    return copy;
}

/* The same conversation: written anew it reads the same. */
static void assert_same(const struct fixture *x, const struct conversation *a, const struct conversation *b)
{
    char *one = written(x, a), *other = written(x, b);

    assert_string_equal(one, other);
    free(one);
    free(other);
}

static int read_line(const struct fixture *x, const char *line, struct conversation *c)
{
    struct err e = {0};
    int rc = conversation_read(c, &x->flow, line, &e);

    assert_true((rc == 0) == (e.text[0] == '\0'));
    return rc;
}

/* A line as it was written, whatever is put in it. */
static char *sealed(const char *fields)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a, RFC 9923 */
    struct buf out = {0};

    for (const char *s = fields; *s != '\0'; s++) h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    buf_addf(&out, "%s sum=%016llx", fields, (unsigned long long)h);
    return out.data;
}

static int read_fields(const struct fixture *x, const char *fields, struct conversation *c)
{
    char *line = sealed(fields);
    int rc = read_line(x, line, c);

    free(line);
    return rc;
}

static void begins_with_nothing_said(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c, "nl");
    assert_int_equal(c.state, CONVERSATION_START);
    assert_int_equal(c.question, -1);
    assert_int_equal(c.text_question, -1);
    assert_false(c.introduced);
    assert_string_equal(c.locale, "nl");
    conversation_begin(&c, "a-code-that-is-too-long");
    assert_true(strlen(c.locale) < sizeof c.locale);
}

static void writes_names_instead_of_numbers(void **state)
{
    struct fixture *x = *state;
    struct conversation c = full(x);
    char *line = written(x, &c);

    assert_non_null(strstr(line, "v1 flow=mailkeuze/1 state=asking question=security "
                                 "answers=usage:heavy/1,calendar:?/2,team:!/3 locale=nl "));
    assert_null(strchr(line, '\n'));
    free(line);
}

static void reads_what_it_wrote(void **state)
{
    struct fixture *x = *state;
    struct conversation c = full(x), back;
    char *line = written(x, &c);

    assert_int_equal(read_line(x, line, &back), 0);
    assert_same(x, &c, &back);
    assert_int_equal(back.state, CONVERSATION_ASKING);
    assert_int_equal(back.question, SECURITY);
    assert_int_equal(back.answers.of[USAGE].kind, ANSWER_GIVEN);
    assert_int_equal(back.answers.of[USAGE].index, 2);
    assert_int_equal(back.answers.of[CALENDAR].kind, ANSWER_UNSURE);
    assert_int_equal(back.answers.of[TEAM].kind, ANSWER_SKIPPED);
    assert_int_equal(back.answers.of[TEAM].order, 3);
    assert_int_equal(back.order, 3);
    assert_int_equal(back.last_ms, c.last_ms);
    assert_int_equal(back.misses, 2);
    assert_true(back.introduced);
    assert_int_equal(back.media_ms, 17);
    assert_int_equal(back.late_ms, 23);
    assert_true(back.text_hash == c.text_hash);
    assert_int_equal(back.text_question, TEAM);
    free(line);
}

static void reads_every_state(void **state)
{
    struct fixture *x = *state;

    for (int i = 0; i < CONVERSATION_N; i++) {
        struct conversation c, back;
        conversation_begin(&c, "en");
        conversation_move(&c, (enum conversation_state)i);
        char *line = written(x, &c);
        assert_non_null(strstr(line, conversation_state_name((enum conversation_state)i)));
        assert_int_equal(read_line(x, line, &back), 0);
        assert_int_equal(back.state, i);
        free(line);
    }
}

static void refuses_a_line_cut_anywhere(void **state)
{
    struct fixture *x = *state;
    struct conversation c = full(x), begun, back;
    char *line = written(x, &c);

    conversation_begin(&begun, "");
    for (size_t n = strlen(line); n-- > 0;) {
        line[n] = '\0';
        assert_int_equal(read_line(x, line, &back), -1);
        assert_same(x, &back, &begun);
    }
    free(line);
}

static void refuses_a_line_with_any_byte_changed(void **state)
{
    struct fixture *x = *state;
    struct conversation c = full(x), back;
    char *line = written(x, &c);

    for (size_t i = 0; line[i] != '\0'; i++) {
        char was = line[i];
        for (int byte = 0; byte < 256; byte++) {
            line[i] = (char)byte;
            assert_int_equal(read_line(x, line, &back), (char)byte == was ? 0 : -1);
        }
        line[i] = was;
    }
    free(line);
}

static void refuses_what_is_not_ours(void **state)
{
    static const char *const lines[] = {
        "", "v1", "v1 ", "v2 state=start", "{\"state\":\"start\"}", "v1 state=start"};
    struct fixture *x = *state;
    struct conversation c;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(read_line(x, lines[i], &c), -1);
    assert_int_equal(conversation_read(&c, &x->flow, "", NULL), -1);
}

static void refuses_fields_that_make_no_sense(void **state)
{
    static const char *const fields[] = {"v1 state=dreaming",
                                         "v1 state",
                                         "v1 =start",
                                         "v1 state=start a_key_that_is_too_long=1",
                                         "v1 state=start answers=usage",
                                         "v1 state=start answers=usage:light",
                                         "v1 state=start answers=usage/1:light",
                                         "v1 state=start answers=usage:light/1000001",
                                         "v2 state=start",
                                         "v1 state=start sixteen_letters_=1",
                                         "v1 state=start locale=nederlands",
                                         "v1 state=start locale=nl-NL-xx",
                                         "v1 state=start last=x",
                                         "v1 state=start last=1x",
                                         "v1 state=start misses=",
                                         "v1 state=start media=12.5",
                                         "v1 state=start late=-",
                                         "v1 state=start typed=00",
                                         "v1 state=start typed=zz/-"};
    struct fixture *x = *state;
    struct conversation c, begun;
    char *longest = malloc(4096);

    conversation_begin(&begun, "");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (read_fields(x, fields[i], &c) == 0) fail_msg("accepted: %s", fields[i]);
        assert_same(x, &c, &begun);
    }
    assert_non_null(longest);
    for (size_t n = 4095; n > 500; n = n * 3 / 4) {
        memset(longest, 'x', n);
        longest[n] = '\0';
        memcpy(longest, "v1 later=", 9);
        assert_int_equal(read_fields(x, longest, &c), n - 9 < 768 ? 0 : -1);
    }
    memset(longest, 'x', 9 + 768);
    longest[9 + 768] = '\0';
    memcpy(longest, "v1 later=", 9);
    assert_int_equal(read_fields(x, longest, &c), -1);
    free(longest);
}

static void passes_over_fields_of_a_later_version(void **state)
{
    struct fixture *x = *state;
    struct conversation c;

    assert_int_equal(read_fields(x, "v1 state=after mood=sunny locale=en", &c), 0);
    assert_int_equal(c.state, CONVERSATION_AFTER);
    assert_string_equal(c.locale, "en");
}

static void puts_counters_out_of_range_back(void **state)
{
    struct fixture *x = *state;
    struct conversation c;

    assert_int_equal(read_fields(x, "v1 state=start misses=-1", &c), 0);
    assert_int_equal(c.misses, 0);
    assert_int_equal(read_fields(x, "v1 state=start misses=99999999999", &c), 0);
    assert_int_equal(c.misses, 0);
}

static void keeps_of_another_flow_what_still_exists(void **state)
{
    struct fixture *x = *state;
    struct conversation c;

    assert_int_equal(
        read_fields(x,
                    "v1 flow=mailkeuze/0 state=asking question=printer "
                    "answers=usage:heavy/1,printer:laser/7,team:crowd/3,sector:?/4 typed=0a/printer",
                    &c),
        0);
    x->c = c;
    assert_answers(x, "usage=heavy sector=unsure");
    assert_int_equal(c.state, CONVERSATION_ASKING);
    assert_int_equal(c.question, -1);
    assert_int_equal(c.text_question, -1);
    assert_int_equal(c.order, 7); /* a further answer is the last one */
}

static void the_answer_given_last_is_the_last(void **state)
{
    struct fixture *x = *state;
    struct answers a = {0};

    assert_int_equal(answers_last(&a, &x->flow), -1);
    answers_give(&a, TEAM, ANSWER_GIVEN, 1, 1);
    answers_give(&a, USAGE, ANSWER_SKIPPED, 1, 2);
    assert_int_equal(answers_last(&a, &x->flow), USAGE);
    assert_int_equal(a.of[USAGE].index, 0); /* only a given answer has one */
    answers_drop(&a, USAGE);
    assert_int_equal(answers_last(&a, &x->flow), TEAM);
    assert_int_equal(a.of[USAGE].kind, ANSWER_NONE);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_conversation(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_with_nothing_said),
        WITH(writes_names_instead_of_numbers),
        WITH(reads_what_it_wrote),
        WITH(reads_every_state),
        WITH(refuses_a_line_cut_anywhere),
        WITH(refuses_a_line_with_any_byte_changed),
        WITH(refuses_what_is_not_ours),
        WITH(refuses_fields_that_make_no_sense),
        WITH(passes_over_fields_of_a_later_version),
        WITH(puts_counters_out_of_range_back),
        WITH(keeps_of_another_flow_what_still_exists),
        WITH(the_answer_given_last_is_the_last),
    };
    return UNIT_RUN(tests);
}

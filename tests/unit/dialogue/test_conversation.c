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
                                         "v1 state=start typed=zz/-",
                                         "v1 state=start last=-1",
                                         "v1 state=start media=-9223372036854775808",
                                         "v1 state=start late=253402300800000"};
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

/* With the last moment that is read everything can still be reckoned and written. */
static void reads_moments_up_to_the_last_of_the_year_9999(void **state)
{
    struct fixture *x = *state;
    struct conversation c;

    assert_int_equal(read_fields(x, "v1 state=start last=253402300799999 media=0", &c), 0);
    assert_true(c.last_ms == INT64_C(253402300799999));
    assert_int_equal(c.media_ms, 0);
}

/* However often a person answered: what is written can be read again. */
static void counts_answers_no_further_than_it_reads(void **state)
{
    struct fixture *x = *state;
    struct conversation c, back;

    assert_int_equal(read_fields(x, "v1 state=start answers=usage:light/999999", &c), 0);
    for (int q = CALENDAR; q <= SECURITY; q++) conversation_answer(&c, q, ANSWER_UNSURE, 0);
    assert_int_equal(c.order, 1000000);
    assert_int_equal(c.answers.of[SECURITY].order, 1000000);
    char *line = written(x, &c);
    assert_int_equal(read_line(x, line, &back), 0);
    assert_same(x, &c, &back);
    free(line);
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

/* ---- who has the chat ---- */

static struct conversation held(struct fixture *x)
{
    struct conversation c = full(x);

    conversation_hold(&c, HOLDER_WAITING, 1001);
    c.times = (struct hold_times){.remind_ms = 11, .promise_ms = 12, .warn_ms = 13, .back_ms = 14};
    c.unanswered = c.overdue = c.returned = true;
    answers_doubt(&c.answers, USAGE);
    answers_doubt(&c.answers, TEAM);
    return c;
}

static void the_holder_and_what_the_clock_must_do_are_kept(void **state)
{
    struct fixture *x = *state;
    struct conversation c = held(x), back;
    char *line = written(x, &c);

    assert_non_null(strstr(line, " answers=usage:heavy/1~,calendar:?/2,team:!/3~ "));
    assert_non_null(strstr(line, " holder=waiting/1001 times=11/12/13/14 owed=uor sum="));
    assert_int_equal(read_line(x, line, &back), 0);
    assert_int_equal(back.holder, HOLDER_WAITING);
    assert_int_equal(back.holder_ms, 1001);
    assert_int_equal(back.times.remind_ms, 11);
    assert_int_equal(back.times.promise_ms, 12);
    assert_int_equal(back.times.warn_ms, 13);
    assert_int_equal(back.times.back_ms, 14);
    assert_true(back.unanswered && back.overdue && back.returned);
    assert_true(back.answers.of[USAGE].doubtful);
    assert_false(back.answers.of[CALENDAR].doubtful);
    assert_true(back.answers.of[TEAM].doubtful);
    assert_same(x, &c, &back);
    free(line);
}

static void each_holder_is_kept_by_name(void **state)
{
    static const char *const names[] = {
        [HOLDER_BOT] = "bot", [HOLDER_WAITING] = "waiting", [HOLDER_HUMAN] = "human"};
    struct fixture *x = *state;
    char field[32];

    for (int i = 0; i < HOLDER_N; i++) {
        struct conversation c = full(x), back;
        c.holder = (enum holder)i;
        c.holder_ms = 5;
        char *line = written(x, &c);
        (void)snprintf(field, sizeof field, " holder=%s/5 ", names[i]);
        assert_non_null(strstr(line, field));
        assert_int_equal(read_line(x, line, &back), 0);
        assert_int_equal(back.holder, i);
        free(line);
    }
}

static void what_is_owed_is_kept_each_by_itself(void **state)
{
    struct fixture *x = *state;

    for (unsigned i = 0; i < 8; i++) {
        struct conversation c = full(x), back;
        c.unanswered = (i & 1) != 0;
        c.overdue = (i & 2) != 0;
        c.returned = (i & 4) != 0;
        char *line = written(x, &c);
        assert_int_equal(strstr(line, " owed=") != NULL, i != 0);
        assert_int_equal(read_line(x, line, &back), 0);
        assert_int_equal(back.unanswered, c.unanswered);
        assert_int_equal(back.overdue, c.overdue);
        assert_int_equal(back.returned, c.returned);
        free(line);
    }
}

/* As almost all lines are, and all were that are older than the human's desk. */
/* A moment may be 0, the beginning of 1970, where a clock was never set. */
static void times_are_kept_whatever_the_moment_they_begin(void **state)
{
    struct fixture *x = *state;
    struct conversation c = full(x), back;

    conversation_hold(&c, HOLDER_HUMAN, 0);
    c.times.back_ms = 43200000;
    char *line = written(x, &c);
    assert_int_equal(read_line(x, line, &back), 0);
    assert_int_equal(back.holder, HOLDER_HUMAN);
    assert_int_equal(back.times.back_ms, 43200000);
    free(line);
}

static void a_line_without_a_holder_is_the_bots(void **state)
{
    struct fixture *x = *state;
    struct conversation c = full(x), back;
    char *line = written(x, &c);

    assert_null(strstr(line, "holder="));
    assert_null(strstr(line, "times="));
    free(line);
    back = held(x); /* nothing of what stood there stays */
    assert_int_equal(read_fields(x, "v1 state=after answers=usage:light/1 locale=nl last=7", &back), 0);
    assert_int_equal(back.holder, HOLDER_BOT);
    assert_int_equal(back.holder_ms, 0);
    assert_int_equal(conversation_wake_ms(&back), 0);
    assert_false(back.unanswered || back.overdue || back.returned);
    assert_false(back.answers.of[USAGE].doubtful);
}

static void a_damaged_holder_is_refused(void **state)
{
    static const char *const fields[] = {"v1 state=start holder=",         "v1 state=start holder=robot/1",
                                         "v1 state=start holder=wait/1",   "v1 state=start holder=waiting",
                                         "v1 state=start holder=waiting/", "v1 state=start holder=waiting/1x",
                                         "v1 state=start times=",          "v1 state=start times=1/2/3",
                                         "v1 state=start times=1/2/3/",    "v1 state=start times=1/2/3/4/5",
                                         "v1 state=start times=1/x/3/4",   "v1 state=start times=1//3/4",
                                         "v1 state=start times=1/2/3/-4",  "v1 state=start holder=human/-1"};
    struct fixture *x = *state;
    struct conversation c = held(x), begun;
    char *line = written(x, &c);

    conversation_begin(&begun, "");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (read_fields(x, fields[i], &c) == 0) fail_msg("accepted: %s", fields[i]);
        assert_same(x, &c, &begun);
    }
    char *at = strstr(line, "holder=waiting");
    assert_non_null(at);
    at[strlen("holder=")] = 'W';
    assert_int_equal(read_line(x, line, &c), -1);
    assert_same(x, &c, &begun);
    free(line);
}

static void the_clock_comes_at_the_first_of_the_times(void **state)
{
    static const struct hold_times times[] = {{.remind_ms = 3, .promise_ms = 5, .warn_ms = 7, .back_ms = 9},
                                              {.promise_ms = 3, .back_ms = 4},
                                              {.warn_ms = 3, .remind_ms = 4},
                                              {.back_ms = 3, .warn_ms = 8},
                                              {.promise_ms = 3},
                                              {.back_ms = 3}};
    struct conversation c;
    (void)state;

    conversation_begin(&c, "nl");
    assert_int_equal(conversation_wake_ms(&c), 0);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        c.times = times[i];
        assert_int_equal(conversation_wake_ms(&c), 3);
    }
}

static void another_holder_has_nothing_of_the_one_before(void **state)
{
    struct fixture *x = *state;
    struct conversation c = held(x);

    conversation_hold(&c, HOLDER_WAITING, 2000); /* the same: still since then */
    assert_int_equal(c.holder_ms, 1001);
    assert_int_equal(conversation_wake_ms(&c), 0);
    assert_true(c.unanswered);
    assert_false(c.overdue || c.returned);
    conversation_hold(&c, HOLDER_HUMAN, 3000);
    assert_int_equal(c.holder_ms, 3000);
    assert_true(c.unanswered);
    conversation_hold(&c, HOLDER_BOT, 4000);
    assert_int_equal(c.holder_ms, 4000);
    assert_false(c.unanswered);
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
        WITH(reads_moments_up_to_the_last_of_the_year_9999),
        WITH(counts_answers_no_further_than_it_reads),
        WITH(passes_over_fields_of_a_later_version),
        WITH(puts_counters_out_of_range_back),
        WITH(keeps_of_another_flow_what_still_exists),
        WITH(the_holder_and_what_the_clock_must_do_are_kept),
        WITH(each_holder_is_kept_by_name),
        WITH(what_is_owed_is_kept_each_by_itself),
        WITH(times_are_kept_whatever_the_moment_they_begin),
        WITH(a_line_without_a_holder_is_the_bots),
        WITH(a_damaged_holder_is_refused),
        cmocka_unit_test(the_clock_comes_at_the_first_of_the_times),
        WITH(another_holder_has_nothing_of_the_one_before),
        WITH(the_answer_given_last_is_the_last),
    };
    return UNIT_RUN(tests);
}

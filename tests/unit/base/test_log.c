#include "unit.h"

#include "clock.h"
#include "log.h"

int test_log(void);

static char lines[4096];
static FILE *sink;

static int open_sink(void **state)
{
    (void)state;
    memset(lines, 0, sizeof lines);
    sink = fmemopen(lines, sizeof lines, "w");
    return sink == NULL ? -1 : 0;
}

static int close_sink(void **state)
{
    (void)state;
    log_open(stderr, LOG_WARN, LOG_LOGFMT);
    return fclose(sink);
}

static void writes_one_logfmt_line_an_event(void **state)
{
    (void)state;
    log_open(sink, LOG_INFO, LOG_LOGFMT);
    log_info("send", "outbox=%d verdict=%s", 7, "ok");
    log_debug("send", "outbox=8");
    assert_non_null(strstr(lines, " level=info at=send outbox=7 verdict=ok\n"));
    assert_null(strstr(lines, "outbox=8"));
    assert_true(log_wants(LOG_INFO));
    assert_false(log_wants(LOG_DEBUG));
}

static void keeps_a_line_one_line(void **state)
{
    (void)state;
    log_open(sink, LOG_INFO, LOG_LOGFMT);
    log_warn("turn", "error=\"%s\"", "a\nlevel=error b\x1b[31m");
    assert_non_null(strstr(lines, "error=\"a level=error b [31m\"\n"));
    assert_ptr_equal(strchr(lines, '\n'), lines + strlen(lines) - 1);
}

static void writes_json_that_parses(void **state)
{
    (void)state;
    log_open(sink, LOG_DEBUG, LOG_JSON);
    log_error("store", "n=3 error=\"it \"said\" C:\\\" last=x");
    assert_non_null(strstr(lines, "\"level\":\"error\",\"at\":\"store\",\"n\":\"3\""));
    assert_non_null(strstr(lines, "\"error\":\"it \\\"said\\\" C:\\\\\",\"last\":\"x\"}\n"));
}

static void cuts_a_line_that_is_too_long(void **state)
{
    char word[3000];
    (void)state;
    memset(word, '"', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    log_open(sink, LOG_DEBUG, LOG_JSON);
    log_info("x", "long=%s", word);
    assert_true(strlen(lines) < 1100);
    assert_int_equal(lines[strlen(lines) - 1], '\n');
    assert_int_equal(lines[strlen(lines) - 2], '}');
}

static void knows_its_levels(void **state)
{
    enum log_level level;
    (void)state;
    assert_true(log_level_from("warn", &level));
    assert_int_equal(level, LOG_WARN);
    assert_false(log_level_from("loud", &level));
}

static void clocks_tell_milliseconds(void **state)
{
    (void)state;
    int64_t mono = clock_mono_ms();
    assert_true(clock_mono_ms() >= mono);
    assert_true(clock_now_ms() > INT64_C(1700000000000));
}

int test_log(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_one_logfmt_line_an_event, open_sink, close_sink),
        cmocka_unit_test_setup_teardown(keeps_a_line_one_line, open_sink, close_sink),
        cmocka_unit_test_setup_teardown(writes_json_that_parses, open_sink, close_sink),
        cmocka_unit_test_setup_teardown(cuts_a_line_that_is_too_long, open_sink, close_sink),
        cmocka_unit_test(knows_its_levels),
        cmocka_unit_test(clocks_tell_milliseconds),
    };
    return UNIT_RUN(tests);
}

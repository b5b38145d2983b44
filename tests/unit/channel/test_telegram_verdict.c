#include "unit.h"

#include "arena.h"
#include "channel.h"
#include "telegram.h"

int test_telegram_verdict(void);

static int setup(void **state)
{
    *state = arena_new(1024);
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct verdict of(void **state, int status, const char *body)
{
    return telegram.verdict(status, body, body == NULL ? 0 : strlen(body), *state);
}

static struct verdict of_error(void **state, int code, const char *description)
{
    char body[512];
    (void)snprintf(body, sizeof body, "{\"ok\":false,\"error_code\":%d,\"description\":\"%s\"}", code,
                   description);
    return of(state, code, body);
}

static void what_was_taken_has_the_id_of_its_chat(void **state)
{
    char body[] = "{\"ok\":true,\"result\":{\"message_id\":7,\"chat\":{\"id\":4503599627370495}}}";
    struct verdict v = of(state, 200, body);
    memset(body, 'x', sizeof body - 1);
    assert_int_equal(v.kind, SEND_OK);
    assert_int_equal(v.code, 200);
    assert_string_equal(v.message_id, "4503599627370495/7");
    assert_null(v.detail);
}

static void a_copy_that_was_taken_has_its_number(void **state)
{
    struct verdict v = of(state, 200, "{\"ok\":true,\"result\":{\"message_id\":7}}");
    assert_int_equal(v.kind, SEND_OK);
    assert_string_equal(v.message_id, "7");
}

static void taken_without_an_id_is_not_certain(void **state)
{
    static const char *const bodies[] = {
        "{\"ok\":true,\"result\":true}",
        "{\"ok\":true,\"result\":{\"message_id\":7,\"chat\":{}}}",
        "{\"ok\":true,\"result\":{\"message_id\":7,\"chat\":null}}",
        "{\"ok\":true,\"result\":{\"message_id\":\"7\",\"chat\":{\"id\":42}}}",
        "<html>",
        "",
        NULL,
        "[]"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct verdict v = of(state, 200, bodies[i]);
        assert_int_equal(v.kind, SEND_UNKNOWN);
        assert_int_equal(v.code, 200);
        assert_null(v.message_id);
        assert_non_null(v.detail);
    }
}

static void no_answer_is_unknown(void **state)
{
    assert_int_equal(of(state, 0, NULL).kind, SEND_UNKNOWN);
    assert_int_equal(of(state, 0, "{\"ok\":false,\"error_code\":400}").kind, SEND_UNKNOWN);
}

static void each_answer_has_its_verdict(void **state)
{
    static const struct {
        int code;
        const char *description;
        enum verdict_kind kind;
    } rows[] = {
        {302, "", SEND_HALT},
        {400, "Bad Request: can't parse entities: Unsupported start tag", SEND_NEVER},
        {400, "Bad Request: chat not found", SEND_CHAT_CLOSED},
        {400, "Bad Request: CHAT NOT FOUND", SEND_CHAT_CLOSED},
        {401, "Unauthorized", SEND_HALT},
        {403, "Forbidden: bot was blocked by the user", SEND_CHAT_CLOSED},
        {403, "Forbidden: user is deactivated", SEND_CHAT_CLOSED},
        {404, "Not Found", SEND_HALT},
        {404, "chat not found", SEND_HALT},
        {408, "", SEND_LATER},
        {409, "Conflict: terminated by other getUpdates request", SEND_LATER},
        {413, "Request Entity Too Large", SEND_NEVER},
        {429, "Too Many Requests: retry after 7", SEND_PACE},
        {500, "Internal Server Error", SEND_LATER},
        {502, "Bad Gateway", SEND_LATER},
        {504, "", SEND_LATER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct verdict v = of_error(state, rows[i].code, rows[i].description);
        assert_string_equal(verdict_kind_name(v.kind), verdict_kind_name(rows[i].kind));
        assert_int_equal(v.code, rows[i].code);
        assert_non_null(v.detail);
    }
}

static void an_answer_without_json_goes_by_its_status(void **state)
{
    struct verdict v = of(state, 502, "<html>502 Bad Gateway</html>");
    assert_int_equal(v.kind, SEND_LATER);
    assert_string_equal(v.detail, "server trouble");
    assert_int_equal(of(state, 403, "").kind, SEND_CHAT_CLOSED);
    assert_int_equal(of(state, 429, NULL).kind, SEND_PACE);
}

static void the_code_in_the_body_goes_before_the_status(void **state)
{
    struct verdict v = of(state, 200, "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden\"}");
    assert_int_equal(v.kind, SEND_CHAT_CLOSED);
    assert_int_equal(v.code, 403);
}

static void the_wait_is_what_the_platform_asks(void **state)
{
    struct verdict v = of(state, 429,
                          "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after "
                          "7\",\"parameters\":{\"retry_after\":7}}");
    assert_int_equal(v.kind, SEND_PACE);
    assert_int_equal(v.retry_after_ms, 7000);
    assert_string_equal(v.detail, "Too Many Requests: retry after");
    assert_int_equal(of_error(state, 429, "Too Many Requests").retry_after_ms, 0);
    v = of(state, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":-7}}");
    assert_int_equal(v.retry_after_ms, 0);
    v = of(state, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":2147483647}}");
    assert_int_equal(v.retry_after_ms, INT64_C(2147483647000));
    v = of(state, 500, "{\"ok\":false,\"parameters\":{\"retry_after\":7}}");
    assert_int_equal(v.retry_after_ms, 0);
}

static void the_detail_holds_nothing_personal(void **state)
{
    char text[300];
    assert_string_equal(of_error(state, 400, "Bad Request: user 5500001111 is gone").detail,
                        "Bad Request: user  is gone");
    assert_string_equal(of_error(state, 400, "can't parse: start tag \\\"Ana\\\" at byte 4").detail,
                        "can't parse: start tag");
    assert_string_equal(of_error(state, 400, "two\\nlines").detail, "two lines");
    assert_string_equal(of_error(state, 400, "12").detail, "request refused");
    assert_string_equal(
        of_error(state, 401, "Unauthorized: /bot700900:hush-hush-hush-hush-hush-hush-hush/sendMessage")
            .detail,
        "Unauthorized: \xE2\x80\xA6");
    for (size_t i = 0; i < sizeof text - 1; i++) text[i] = i % 11 == 10 ? ' ' : 'a';
    text[sizeof text - 1] = '\0';
    assert_int_equal(strlen(of_error(state, 400, text).detail), 120);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int test_telegram_verdict(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_taken_has_the_id_of_its_chat),
        TEST(a_copy_that_was_taken_has_its_number),
        TEST(taken_without_an_id_is_not_certain),
        TEST(no_answer_is_unknown),
        TEST(each_answer_has_its_verdict),
        TEST(an_answer_without_json_goes_by_its_status),
        TEST(the_code_in_the_body_goes_before_the_status),
        TEST(the_wait_is_what_the_platform_asks),
        TEST(the_detail_holds_nothing_personal),
    };
    return UNIT_RUN(tests);
}

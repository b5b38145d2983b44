#include "unit.h"

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "telegram_file.h"

int test_telegram_file(void);

static int setup(void **state)
{
    *state = arena_new(4096);
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void a_file_is_asked_by_its_id(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_get_file("AgACAgQAAx-photo_1", &out);
    assert_string_equal(buf_text(&out), "{\"file_id\":\"AgACAgQAAx-photo_1\"}");
    buf_clear(&out);
    telegram_get_file("a\",\"x\":\"", &out);
    assert_string_equal(buf_text(&out), "{\"file_id\":\"a\\\",\\\"x\\\":\\\"\"}");
    buf_free(&out);
}

static void its_bytes_are_under_the_token(void **state)
{
    static const char *const bases[] = {"http://127.0.0.1:8081", "http://127.0.0.1:8081//"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct buf out = {0};
        telegram_file_url(bases[i], "700800:AAE", "photos/file_1.jpg", &out);
        assert_string_equal(buf_text(&out), "http://127.0.0.1:8081/file/bot700800:AAE/photos/file_1.jpg");
        buf_free(&out);
    }
}

static void an_answer_tells_path_and_size(void **state)
{
    static const struct {
        const char *file, *path;
        int64_t size;
    } rows[] = {
        {"{\"file_id\":\"x\",\"file_size\":31337,\"file_path\":\"photos/file_1.jpg\"}", "photos/file_1.jpg",
         31337},
        {"{\"file_path\":\"file_1\"}", "file_1", 0},
        {"{\"file_path\":\"a/b-c/D_9..x\",\"file_size\":-1}", "a/b-c/D_9..x", 0},
        {"{\"file_path\":\"a/.b\",\"file_size\":\"5\"}", "a/.b", 0},
        {"{\"file_path\":\"a\",\"file_size\":3000000000}", "a", 3000000000},
    };
    char body[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path;
        int64_t size;
        struct err e = {{0}};
        (void)snprintf(body, sizeof body, "{\"ok\":true,\"result\":%s}", rows[i].file);
        assert_int_equal(telegram_file_found(body, strlen(body), *state, &path, &size, &e), 0);
        memset(body, 'x', sizeof body);
        assert_string_equal(e.text, "");
        assert_string_equal(path, rows[i].path);
        assert_int_equal(size, rows[i].size);
    }
}

static void refused(struct arena *a, const char *body)
{
    const char *path = "old";
    int64_t size = 7;
    struct err e = {{0}};
    if (telegram_file_found(body, strlen(body), a, &path, &size, &e) != -1) fail_msg("taken: %s", body);
    assert_null(path);
    assert_int_equal(size, 0);
    assert_memory_equal(e.text, "telegram file", 13);
    assert_null(strstr(e.text, "secret"));
}

static void only_a_path_below_is_taken(void **state)
{
    static const char *const paths[] = {"",
                                        "/secret",
                                        "secret/",
                                        "secret//x",
                                        "..",
                                        "../secret",
                                        "secret/../../x",
                                        "secret/..",
                                        "./secret",
                                        "secret/.../x",
                                        "secret x",
                                        "secret?x",
                                        "secret#x",
                                        "secret%2e%2e",
                                        "http://secret",
                                        "secret\\\\x",
                                        "secret\\r\\nX: y",
                                        "secr\xc3\xa9t"};
    char body[256];
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        (void)snprintf(body, sizeof body, "{\"ok\":true,\"result\":{\"file_path\":\"%s\"}}", paths[i]);
        refused(*state, body);
    }
}

static void an_answer_without_path_is_none(void **state)
{
    static const char *const wrong[] = {
        "",
        "secret",
        "[]",
        "{\"ok\":true}",
        "{\"ok\":true,\"result\":{\"file_id\":\"secret\"}}",
        "{\"ok\":true,\"result\":{\"file_path\":5}}",
        "{\"ok\":false,\"result\":{\"file_path\":\"secret\"}}",
        "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: secret\"}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refused(*state, wrong[i]);
}

static void a_path_has_an_end(void **state)
{
    char body[700];
    const char *path;
    int64_t size;
    (void)snprintf(body, sizeof body, "{\"ok\":true,\"result\":{\"file_path\":\"%0512d\"}}", 0);
    assert_int_equal(telegram_file_found(body, strlen(body), *state, &path, &size, NULL), 0);
    (void)snprintf(body, sizeof body, "{\"ok\":true,\"result\":{\"file_path\":\"%0513d\"}}", 0);
    refused(*state, body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int test_telegram_file(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_asked_by_its_id),      TEST(its_bytes_are_under_the_token),
        TEST(an_answer_tells_path_and_size),  TEST(only_a_path_below_is_taken),
        TEST(an_answer_without_path_is_none), TEST(a_path_has_an_end),
    };
    return UNIT_RUN(tests);
}

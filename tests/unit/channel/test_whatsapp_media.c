#include "unit.h"

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "message.h"
#include "whatsapp_media.h"

/* Which files messages bring stands in tests/payload/whatsapp; here is how they are asked for. */

int test_whatsapp_media(void);

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

static void the_address_is_asked_under_the_id(void **state)
{
    struct buf out = {0};
    (void)state;
    assert_int_equal(whatsapp_media_url("https://graph.facebook.com", "v25.0", "4455", &out, NULL), 0);
    assert_string_equal(buf_text(&out), "https://graph.facebook.com/v25.0/4455");
    buf_clear(&out);
    assert_int_equal(whatsapp_media_url("http://127.0.0.1:80//", "v26.0", "a.B_9-", &out, NULL), 0);
    assert_string_equal(buf_text(&out), "http://127.0.0.1:80/v26.0/a.B_9-");
    buf_free(&out);
}

static void what_is_no_media_id_is_refused(void **state)
{
    static const char *const wrong[] = {"",       ".",    "..",    "../me", "44/55",  "44?fields=x", "44#",
                                        "44\r\n", "4 55", "44%2f", "é",     "44\x7f", ".4455"};
    char longest[MEDIA_ID_MAX + 2];
    struct buf out = {0};
    struct err e;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        e.text[0] = '\0';
        assert_int_equal(whatsapp_media_url("http://x", "v25.0", wrong[i], &out, &e), -1);
        assert_true(e.text[0] != '\0');
    }
    memset(longest, '4', sizeof longest);
    longest[MEDIA_ID_MAX + 1] = '\0';
    assert_int_equal(whatsapp_media_url("http://x", "v25.0", longest, &out, &e), -1);
    assert_int_equal(out.len, 0);
    assert_int_equal(whatsapp_media_url("http://x", "v25.0", longest + 1, &out, &e), 0);
    buf_free(&out);
}

static int found(void **state, const char *body, struct whatsapp_media *out)
{
    struct err e = {{0}};
    int rc = whatsapp_media_found(body, strlen(body), *state, out, &e);
    assert_int_equal(rc == 0, e.text[0] == '\0');
    assert_int_equal(rc == 0, out->url != NULL);
    assert_null(strstr(e.text, "secret"));
    return rc;
}

static void an_answer_tells_address_kind_and_size(void **state)
{
    char body[] = "{\"url\":\"https:\\/\\/lookaside.ex.am\\/?mid=4455&ext=1&hash=AR\",\"mime_type\":"
                  "\"audio\\/ogg; codecs=opus\",\"sha256\":\"c2hh\",\"file_size\":31337,\"id\":\"4455\","
                  "\"messaging_product\":\"whatsapp\"}";
    struct whatsapp_media m;
    assert_int_equal(found(state, body, &m), 0);
    memset(body, 'x', sizeof body - 1);
    assert_string_equal(m.url, "https://lookaside.ex.am/?mid=4455&ext=1&hash=AR");
    assert_string_equal(m.mime, "audio/ogg; codecs=opus");
    assert_int_equal(m.size, 31337);
}

static void a_size_may_stand_in_quotes(void **state)
{
    static const struct {
        const char *json;
        int64_t size;
    } sizes[] = {{"\"303833\"", 303833},      {"\"12a\"", 0}, {"\"\"", 0}, {"-5", 0},
                 {"\"9999999999999999\"", 0}, {"true", 0}};
    char body[128];
    struct whatsapp_media m;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        (void)snprintf(body, sizeof body, "{\"url\":\"HTTP://x\",\"file_size\":%s}", sizes[i].json);
        assert_int_equal(found(state, body, &m), 0);
        assert_int_equal(m.size, sizes[i].size);
        assert_null(m.mime);
    }
}

static void a_kind_that_cannot_stand_in_a_header_is_left_out(void **state)
{
    struct whatsapp_media m;
    assert_int_equal(found(state, "{\"url\":\"http://x\",\"mime_type\":\"a/b\\r\\nX: y\"}", &m), 0);
    assert_null(m.mime);
    assert_int_equal(found(state, "{\"url\":\"http://x\",\"mime_type\":\"\"}", &m), 0);
    assert_null(m.mime);
}

static void only_an_address_of_the_web_is_taken(void **state)
{
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"url\":7}",
                                        "{\"url\":\"\"}",
                                        "{\"url\":\"secret\"}",
                                        "{\"url\":\"file:///etc/secret\"}",
                                        "{\"url\":\"ftp://secret\"}",
                                        "{\"url\":\"https:/secret\"}",
                                        "{\"url\":\"https://\"}",
                                        "{\"url\":\"https:///secret\"}",
                                        "{\"url\":\"https://:@secret\"}",
                                        "{\"url\":\"https://x/ secret\"}",
                                        "{\"url\":\"https://x/\\r\\nsecret: y\"}",
                                        "{\"url\":\"https://x/secr\xc3\xa9t\"}",
                                        "{\"error\":{\"message\":\"secret\",\"code\":100}}",
                                        "secret"};
    struct whatsapp_media m;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(found(state, wrong[i], &m), -1);
}

static void an_address_has_an_end(void **state)
{
    char body[5000];
    struct whatsapp_media m;
    (void)snprintf(body, sizeof body, "{\"url\":\"http://%04089d\"}", 0);
    assert_int_equal(found(state, body, &m), 0);
    (void)snprintf(body, sizeof body, "{\"url\":\"http://%04090d\"}", 0);
    assert_int_equal(found(state, body, &m), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int test_whatsapp_media(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_address_is_asked_under_the_id),
        TEST(what_is_no_media_id_is_refused),
        TEST(an_answer_tells_address_kind_and_size),
        TEST(a_size_may_stand_in_quotes),
        TEST(a_kind_that_cannot_stand_in_a_header_is_left_out),
        TEST(only_an_address_of_the_web_is_taken),
        TEST(an_address_has_an_end),
    };
    return UNIT_RUN(tests);
}

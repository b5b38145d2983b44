/* A file that she sent, on its way to a person: each call, and what becomes of it when one fails. */
#include "unit.h"

#include "arena.h"
#include "err.h"
#include "errand.h"
#include "http_client.h"
#include "rig.h"
#include "store.h"

int test_parcel(void);

#define TOKEN "700900:rig-telegram-token-0123456789abcdef"
#define FOUND                                                                                                \
    "{\"ok\":true,\"result\":{\"file_id\":\"AgAC\",\"file_size\":5,\"file_path\":\"photos/file_7.png\"}}"
#define GIVEN "{\"id\":\"1166846181421424\"}"

static const char content[] =
    "{\"parcel\":{\"kind\":\"image\",\"id\":\"AgAC\",\"mime\":\"image/png\",\"name\":\"plan.png\",\"chat\":"
    "\"-1001\",\"message\":\"9\",\"caption\":\"zo dus\"}}";

static int begin(void **state)
{
    static const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, "TELEGRAM_DESK_CHAT=-1001", NULL};
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    rig_open(r, "sqlite::memory:", 1, more);
    *state = r;
    return 0;
}

static int end(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static struct errand *parcel_to(struct rig *r, const char *channel, unsigned attempt)
{
    bool whatsapp = strcmp(channel, "whatsapp") == 0;
    const struct outbox_row row = {.to = {.channel = channel,
                                          .account = whatsapp ? RIG_ACCOUNT : "700900",
                                          .phone = whatsapp ? "31612345678" : NULL,
                                          .user_id = whatsapp ? NULL : "5500001111"},
                                   .content = content,
                                   .tracker = "T-1",
                                   .human = true,
                                   .attempt = attempt};
    struct err e = {0};
    bool hopeless;
    const struct platform *p = &r->platform[whatsapp ? PLATFORM_WHATSAPP : PLATFORM_TELEGRAM];

    assert_true(errand_wanted(p, content));
    struct errand *x = errand_new(r->platform, &row, false, &hopeless, &e);
    if (x == NULL) fail_msg("%s", e.text);
    return x;
}

/* The call to make now; `bearer`: Meta's, for Meta alone. */
static void assert_calls(struct errand *x, const char *url, const char *part, bool bearer)
{
    struct errand_call c;
    struct err e = {0};

    if (errand_next(x, &c, &e) != 0) fail_msg("%s", e.text);
    if (strstr(buf_text(&c.url), url) == NULL) fail_msg("%s is not %s", buf_text(&c.url), url);
    if (*part == '\0')
        assert_int_equal(c.body.len, 0); /* GET */
    else
        assert_non_null(memmem(c.body.data, c.body.len, part, strlen(part)));
    assert_int_equal(c.bearer != NULL, bearer);
    assert_int_equal(strstr(buf_text(&c.url), "telegram-token") != NULL, !bearer);
    errand_call_free(&c);
}

static bool answers(struct rig *r, struct errand *x, int status, const char *body, struct verdict *v)
{
    const struct http_answer a = {.status = status, .body = body, .body_n = strlen(body)};

    return errand_answered(x, &a, r->arena, v);
}

static void a_file_is_found_fetched_given_and_said(void **state)
{
    struct rig *r = *state;
    struct errand *x = parcel_to(r, "whatsapp", 1);
    struct verdict v;

    assert_calls(x, "/bot" TOKEN "/getFile", "\"AgAC\"", false);
    assert_true(answers(r, x, 200, FOUND, &v));
    assert_calls(x, "/file/bot" TOKEN "/photos/file_7.png", "", false);
    assert_true(answers(r, x, 200, "bytes", &v));
    assert_calls(x, "/" RIG_ACCOUNT "/media", "bytes", true);
    assert_true(answers(r, x, 200, GIVEN, &v));
    assert_calls(x, "/" RIG_ACCOUNT "/messages", "\"id\":\"1166846181421424\"", true);
    assert_calls(x, "/messages", "\"caption\":\"zo dus\"", true);
    assert_calls(x, "/messages", "\"to\":\"+31612345678\"", true);
    assert_calls(x, "/messages", "\"biz_opaque_callback_data\":\"T-1\"", true);
    assert_false(answers(r, x, 200, "{\"messages\":[{\"id\":\"wamid.X\"}]}", &v));
    assert_int_equal(v.kind, SEND_OK);
    assert_string_equal(v.message_id, "wamid.X");
    assert_null(errand_made(x));
    assert_null(errand_lost(x));
    errand_free(x);
}

static void on_telegram_it_is_copied(void **state)
{
    struct rig *r = *state;
    struct errand *x = parcel_to(r, "telegram", 1);
    struct verdict v;

    assert_calls(x, "/copyMessage", "\"chat_id\":5500001111,\"from_chat_id\":-1001,\"message_id\":9", false);
    assert_false(answers(r, x, 200, "{\"ok\":true,\"result\":{\"message_id\":56}}", &v));
    assert_int_equal(v.kind, SEND_OK);
    assert_string_equal(v.message_id, "5500001111/56");
    assert_false(answers(r, x, 403, "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden\"}", &v));
    assert_int_equal(v.kind, SEND_CHAT_CLOSED); /* a person who left, not the desk */
    errand_free(x);
}

/* Nothing was said yet, so nothing is in doubt: again later, and after a while not any more. */
static void passing_trouble_is_waited_for_a_while(void **state)
{
    static const int troubles[] = {0, 429, 500, 503};
    struct rig *r = *state;
    struct verdict v;

    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        for (int stage = 0; stage < 3; stage++)
            for (unsigned attempt = 1; attempt <= ERRAND_FILE_TRIES_MAX;
                 attempt += ERRAND_FILE_TRIES_MAX - 1) {
                struct errand *x = parcel_to(r, "whatsapp", attempt);
                if (stage > 0) assert_true(answers(r, x, 200, FOUND, &v));
                if (stage > 1) assert_true(answers(r, x, 200, "bytes", &v));
                assert_false(answers(r, x, troubles[i], "", &v));
                /* Meta's 429 at the upload speaks of the account: that is the account's to wait for. */
                bool slow = stage == 2 && troubles[i] == 429;
                if (!slow) assert_int_equal(v.kind, attempt == 1 ? SEND_LATER : SEND_NEVER);
                assert_int_not_equal(v.kind, SEND_UNKNOWN);
                errand_free(x);
            }
}

static void what_cannot_be_had_or_given_dies(void **state)
{
    struct rig *r = *state;
    struct verdict v;

    struct errand *x = parcel_to(r, "whatsapp", 1);
    assert_false(
        answers(r, x, 400, "{\"ok\":false,\"error_code\":400,\"description\":\"file is too big\"}", &v));
    assert_int_equal(v.kind, SEND_NEVER);
    assert_false(answers(r, x, 200, "{\"ok\":true,\"result\":{\"file_path\":\"../../etc\"}}", &v));
    assert_int_equal(v.kind, SEND_NEVER);
    assert_true(answers(r, x, 200, FOUND, &v));
    const struct http_answer cut = {.status = 200, .body = "byt", .body_n = 3, .cut = true};
    assert_false(errand_answered(x, &cut, r->arena, &v));
    assert_int_equal(v.kind, SEND_NEVER);
    assert_true(answers(r, x, 200, "bytes", &v));
    assert_false(answers(r, x, 200, "{}", &v));
    assert_int_equal(v.kind, SEND_NEVER);
    /* A token that is refused halts the account, as at a message. */
    assert_false(
        answers(r, x, 401, "{\"error\":{\"message\":\"x\",\"type\":\"OAuthException\",\"code\":190}}", &v));
    assert_int_equal(v.kind, SEND_HALT);
    errand_free(x);
}

static void only_the_message_itself_can_be_in_doubt(void **state)
{
    struct rig *r = *state;
    struct errand *x = parcel_to(r, "whatsapp", 1);
    struct verdict v;

    assert_true(answers(r, x, 200, FOUND, &v));
    assert_true(answers(r, x, 200, "bytes", &v));
    assert_true(answers(r, x, 200, GIVEN, &v));
    assert_false(answers(r, x, 0, "", &v));
    assert_int_equal(v.kind, SEND_UNKNOWN);
    errand_free(x);
}

static void what_cannot_be_read_is_hopeless(void **state)
{
    struct rig *r = *state;
    static const char *const wrong[] = {
        "{\"parcel\":5}", "{\"parcel\":{\"kind\":\"image\"}}",
        "{\"parcel\":{\"kind\":\"dance\",\"id\":\"a\",\"chat\":\"1\",\"message\":\"2\"}}"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct outbox_row row = {
            .to = {.channel = "whatsapp", .account = RIG_ACCOUNT}, .content = wrong[i], .tracker = "T"};
        struct err e = {0};
        bool hopeless = false;
        assert_null(errand_new(r->platform, &row, false, &hopeless, &e));
        assert_true(hopeless);
    }
    assert_false(errand_wanted(&r->platform[PLATFORM_WHATSAPP], "{\"type\":\"text\"}"));
    assert_true(errand_wanted(&r->platform[PLATFORM_DESK], "{\"body\":\"{}\"}"));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int test_parcel(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_file_is_found_fetched_given_and_said),  WITH(on_telegram_it_is_copied),
        WITH(passing_trouble_is_waited_for_a_while),   WITH(what_cannot_be_had_or_given_dies),
        WITH(only_the_message_itself_can_be_in_doubt), WITH(what_cannot_be_read_is_hopeless),
    };
    return UNIT_RUN(tests);
}

/* A desk, or a chat, that cannot be reached: what she is to read waits, or is told in words. */
#include "unit.h"

#include "arena.h"
#include "err.h"
#include "errand.h"
#include "http_client.h"
#include "rig.h"
#include "store.h"

int test_unreachable(void);

#define GROUP "-1001234567890"

static const char *const settings[] = {"TELEGRAM_BOT_TOKEN=700900:rig-telegram-token-0123456789abcdef",
                                       "TELEGRAM_DESK_CHAT=" GROUP, NULL};
static int begin(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    rig_open(r, "sqlite::memory:", 1, settings);
    *state = r;
    return 0;
}

static int end(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static struct errand *errand_of(struct rig *r, const char *content, unsigned attempt)
{
    const struct outbox_row row = {.to = {.channel = "desk", .account = GROUP, .user_id = GROUP},
                                   .content = content,
                                   .attempt = attempt,
                                   .about = {.contact = 1, .account = RIG_ACCOUNT},
                                   .thread = "77"};
    struct err e = {0};
    bool hopeless;

    struct errand *x = errand_new(r->platform, &row, false, &hopeless, &e);
    if (x == NULL) fail_msg("%s", e.text);
    return x;
}

/* The call to make now goes to `url`, and says `words`. */
static void assert_calls(struct errand *x, const char *url, const char *words)
{
    struct errand_call call;
    struct err e = {0};

    if (errand_next(x, &call, &e) != 0) fail_msg("%s", e.text);
    assert_non_null(strstr(buf_text(&call.url), url));
    assert_non_null(strstr(buf_text(&call.body), words));
    errand_call_free(&call);
}

static void assert_verdict(struct rig *r, struct errand *x, int status, const char *body,
                           enum verdict_kind kind)
{
    const struct http_answer a = {.status = status, .body = body, .body_n = strlen(body)};
    struct verdict v;

    assert_false(errand_answered(x, &a, r->arena, &v));
    assert_int_equal(v.kind, kind);
}

/* The bot was put out of the group, or the group has another id: what she is to read is not lost. */
static void a_desk_that_cannot_be_reached_is_waited_for(void **state)
{
    static const char words[] = "{\"body\":\"{\\\"text\\\":\\\"hoi\\\"}\"}";
    static const char put_out[] =
        "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was kicked from "
        "the supergroup chat\"}";
    static const char grown[] =
        "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded "
        "to a supergroup chat\",\"parameters\":{\"migrate_to_chat_id\":-1001}}";
    struct rig *r = *state;

    struct errand *x = errand_of(r, words, 1);
    assert_calls(x, "/sendMessage", "hoi");
    assert_verdict(r, x, 403, put_out, SEND_HALT);
    assert_verdict(r, x, 400, grown, SEND_HALT);
    errand_free(x);
}

/* Which of the two chats is shut is not told: then words go, and tell. */
static void a_copy_from_a_chat_that_is_shut_becomes_words(void **state)
{
    static const char copy[] =
        "{\"media\":{\"kind\":\"image\",\"chat\":\"5500\",\"message\":\"9\",\"caption\":\"\","
        "\"lost\":\"weg\"}}";
    static const char shut[] =
        "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}";
    const struct http_answer a = {.status = 400, .body = shut, .body_n = strlen(shut)};
    struct rig *r = *state;
    struct verdict v;

    struct errand *x = errand_of(r, copy, 1);
    assert_calls(x, "/copyMessage", "5500");
    assert_true(errand_answered(x, &a, r->arena, &v));
    assert_calls(x, "/sendMessage", "weg");
    errand_free(x);
}

int test_unreachable(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_desk_that_cannot_be_reached_is_waited_for, begin, end),
        cmocka_unit_test_setup_teardown(a_copy_from_a_chat_that_is_shut_becomes_words, begin, end),
    };
    return UNIT_RUN(tests);
}

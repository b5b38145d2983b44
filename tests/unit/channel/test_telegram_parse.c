#include "unit.h"

#include <jansson.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "err.h"
#include "telegram.h"
#include "utf8.h"

/* What each kind becomes stands in tests/payload/telegram; here is what files do not show. */

int test_telegram_parse(void);

#define WHERE "\"from\":{\"id\":42,\"first_name\":\"Ana\"},\"chat\":{\"id\":42,\"type\":\"private\"}"

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

static struct inbound *parsed(struct arena *a, const char *body)
{
    struct inbound *in = NULL;
    struct err e = {{0}};
    int rc = telegram.parse(body, strlen(body), "700800", a, &in, &e);
    assert_string_equal(e.text, "");
    assert_int_equal(rc, 0);
    return in;
}

static void nothing_points_into_the_body_or_the_account(void **state)
{
    static const char text[] = "{\"update_id\":81,\"callback_query\":{\"id\":\"99\",\"from\":{\"id\":42,"
                               "\"first_name\":\"Ana\"},\"data\":\"ok:42\",\"message\":{\"message_id\":6,"
                               "\"chat\":{\"id\":42,\"type\":\"private\"}}}}";
    char *body = strdup(text), *account = strdup("700800");
    struct inbound *in;
    assert_non_null(body);
    assert_non_null(account);
    assert_int_equal(telegram.parse(body, strlen(body), account, *state, &in, NULL), 0);
    memset(body, 'x', strlen(body));
    free(body);
    free(account);
    assert_string_equal(in->who.channel, "telegram");
    assert_string_equal(in->who.account, "700800");
    assert_string_equal(in->message.choice, "ok:42");
    assert_string_equal(in->message.id, "press/99");
    assert_string_equal(in->message.name, "Ana");
    assert_string_equal(in->type, "callback_query");
    assert_null(in->who.phone);
    assert_null(in->message.our_number);
}

static void a_kind_that_is_new_keeps_its_name(void **state)
{
    char body[] = "{\"update_id\":81,\"brand_new\":{}}";
    struct inbound *in = parsed(*state, body);
    memset(body, 'x', sizeof body - 1);
    assert_string_equal(in->type, "brand_new");
    assert_string_equal(in->id, "700800/81");
}

static void raw_is_the_update_alone_and_compact(void **state)
{
    struct inbound *in = parsed(*state, "{\"ok\":true,\"result\":[ {\"update_id\" : 81,\n\"message\":{"
                                        "\"message_id\":5," WHERE ",\"text\":\"caf\\u00e9\"}}, 5 ]}");
    assert_string_equal(in->raw, "{\"update_id\":81,\"message\":{\"message_id\":5," WHERE
                                 ",\"text\":\"caf\xC3\xA9\"}}");
    assert_int_equal(in->next->kind, INBOUND_BROKEN);
    assert_string_equal(in->next->raw, "5");
    assert_null(in->next->next);
    /* What the store keeps of a message reads as the same message. */
    struct inbound *again = parsed(*state, in->raw);
    assert_string_equal(again->message.text, in->message.text);
    assert_string_equal(again->id, in->id);
}

static void a_broken_update_comes_back_under_the_same_key(void **state)
{
    struct inbound *one = parsed(*state, "{\"ok\":true,\"result\":[{\"a\":1},{\"a\":2}]}");
    struct inbound *again = parsed(*state, "{\"ok\":true,\"result\":[{\"a\":2}]}");
    assert_string_equal(one->next->id, again->id);
    assert_string_not_equal(one->id, again->id);
}

static void nothing_of_a_person_stays_in_what_is_not_served(void **state)
{
    struct inbound *in =
        parsed(*state, "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":5," WHERE
                       "}},{\"update_id\":2,\"edited_message\":{\"text\":\"geheim\"," WHERE "}}]}");
    assert_int_equal(in->kind, INBOUND_SKIPPED);
    assert_null(in->who.user_id);
    assert_null(in->who.name);
    assert_null(in->message.id);
    assert_null(in->raw);
    assert_int_equal(in->next->kind, INBOUND_BROKEN);
    assert_null(in->next->who.user_id);
    assert_null(in->next->message.text);
}

static void text_and_name_are_bounded(void **state)
{
    struct buf body = {0};
    buf_adds(&body, "{\"update_id\":1,\"message\":{\"message_id\":5,\"from\":{\"id\":42,\"first_name\":\"");
    for (int i = 0; i < 70; i++) buf_adds(&body, "\xC3\xA9");
    buf_adds(&body, "\"},\"chat\":{\"id\":42,\"type\":\"private\"},\"text\":\"/a ");
    for (int i = 0; i < 5000; i++) buf_adds(&body, "\xE2\x82\xAC");
    buf_adds(&body, "\"}}");
    struct inbound *in = parsed(*state, buf_text(&body));
    assert_int_equal(utf8_count(in->message.text), 4096);
    assert_int_equal(utf8_count(in->who.name), 64);
    buf_free(&body);
}

static void a_name_is_one_line(void **state)
{
    struct inbound *in =
        parsed(*state, "{\"update_id\":1,\"message\":{\"message_id\":5,\"from\":{\"id\":42,\"first_name\":"
                       "\"A\\nb\",\"last_name\":\"C\\u0007\"},\"chat\":{\"id\":42,\"type\":\"private\"},"
                       "\"text\":\"x\"}}");
    assert_string_equal(in->who.name, "A b C");
}

static void a_time_that_cannot_be_is_none(void **state)
{
    struct inbound *in =
        parsed(*state, "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":5,\"date\":"
                       "999999999999999999," WHERE ",\"text\":\"x\"}},{\"update_id\":2,\"message\":{"
                       "\"message_id\":6,\"date\":-5," WHERE ",\"text\":\"x\"}}]}");
    assert_int_equal(in->message.sent_ms, 0);
    assert_int_equal(in->next->message.sent_ms, 0);
}

static void more_updates_than_any_body_of_telegram_is_refused(void **state)
{
    struct buf body = {0};
    struct inbound *in;
    struct err e = {{0}};
    buf_adds(&body, "{\"ok\":true,\"result\":[0");
    for (int i = 0; i < 4096; i++) buf_adds(&body, ",0");
    buf_adds(&body, "]}");
    assert_int_equal(telegram.parse(buf_text(&body), body.len, "700800", *state, &in, &e), -1);
    assert_null(in);
    assert_non_null(strstr(e.text, "4096"));
    buf_free(&body);
}

static void an_error_tells_nothing_of_the_body(void **state)
{
    static const char *const wrong[] = {"{\"geheim\":1}", "geheim", "[]", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct inbound *in;
        struct err e = {{0}};
        assert_int_equal(telegram.parse(wrong[i], strlen(wrong[i]), "700800", *state, &in, &e), -1);
        assert_null(in);
        assert_memory_equal(e.text, "telegram: ", 10);
        assert_null(strstr(e.text, "geheim"));
    }
}

/* ---- memory: every allocation of jansson's failed once ---- */

static long allocations_left; /* a hook of jansson has no argument to carry this */

static void *scarce_malloc(size_t n)
{
    return allocations_left-- == 0 ? NULL : malloc(n);
}

/* The long key comes first: jansson 2.14 does not look whether its buffer for a token could grow, and
 * would run on if the closing quote of "media_group_id", its 16th byte, were what is lost. */
static void memory_that_runs_out_gives_everything_or_an_error(void **state)
{
    static const char body[] =
        "{\"ignored_by_everybody\":0,\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":"
        "5," WHERE ",\"text\":\"/stop\"}},{\"update_id\":2,\"message\":{\"message_id\":6," WHERE
        ",\"photo\":[{}],\"media_group_id\":\"7\"}},{\"update_id\":3,\"message\":{"
        "\"message_id\":7," WHERE ",\"photo\":[{}],\"media_group_id\":\"7\"}}]}";
    bool whole = false;
    (void)state;
    json_object_seed(1); /* not while counting */
    for (long at = 0; at < 2000 && !whole; at++) {
        struct arena *a = arena_new(4096);
        struct inbound *in;
        size_t n = 0;
        assert_non_null(a);
        json_set_alloc_funcs(scarce_malloc, free);
        allocations_left = at;
        int rc = telegram.parse(body, sizeof body - 1, "700800", a, &in, NULL);
        whole = allocations_left >= 0; /* none was missing any more */
        json_set_alloc_funcs(malloc, free);
        for (; in != NULL; in = in->next) n += in->kind == INBOUND_MESSAGE;
        assert_int_equal(n, rc == 0 ? 2 : 0);
        arena_free(a);
    }
    assert_true(whole);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int test_telegram_parse(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_points_into_the_body_or_the_account),
        TEST(a_kind_that_is_new_keeps_its_name),
        TEST(raw_is_the_update_alone_and_compact),
        TEST(a_broken_update_comes_back_under_the_same_key),
        TEST(nothing_of_a_person_stays_in_what_is_not_served),
        TEST(text_and_name_are_bounded),
        TEST(a_name_is_one_line),
        TEST(a_time_that_cannot_be_is_none),
        TEST(more_updates_than_any_body_of_telegram_is_refused),
        TEST(an_error_tells_nothing_of_the_body),
        cmocka_unit_test(memory_that_runs_out_gives_everything_or_an_error),
    };
    return UNIT_RUN(tests);
}

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

static void a_username_is_read_where_there_is_one(void **state)
{
    struct inbound *in = parsed(
        *state, "{\"update_id\":81,\"message\":{\"message_id\":5,\"from\":{\"id\":42,\"first_name\":\"Ana\","
                "\"username\":\"Ana_K\"},\"chat\":{\"id\":42,\"type\":\"private\"},\"text\":\"hoi\"}}");
    assert_string_equal(in->who.username, "Ana_K");
    in = parsed(*state, "{\"update_id\":81,\"message\":{\"message_id\":5," WHERE ",\"text\":\"hoi\"}}");
    assert_null(in->who.username);
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

/* ---- where it was written ---- */

#define FROM  "\"from\":{\"id\":42,\"first_name\":\"Ana\"}"
#define GROUP FROM ",\"chat\":{\"id\":-1001234567890,\"type\":\"supergroup\"}"

static void a_private_chat_has_its_id_and_no_thread(void **state)
{
    struct inbound *in = parsed(*state, "{\"update_id\":1,\"message\":{\"message_id\":5," WHERE
                                        ",\"text\":\"/stop_nu dan\"}}");
    assert_int_equal(in->kind, INBOUND_MESSAGE);
    assert_string_equal(in->chat, "42");
    assert_null(in->thread);
    assert_string_equal(in->message.text, "stop nu dan");
}

static void in_a_group_words_are_said_to_people(void **state)
{
    static const char *const words[] = {"/stop_nu dan", "/start", "/start mijn_domein",
                                        "/geef_terug@ons_bot"};
    char body[400];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        (void)snprintf(body, sizeof body,
                       "{\"update_id\":1,\"message\":{\"message_id\":5," GROUP ",\"text\":\"%s\"}}",
                       words[i]);
        struct inbound *in = parsed(*state, body);
        assert_int_equal(in->kind, INBOUND_GROUP);
        assert_int_equal(in->message.kind, MESSAGE_TEXT);
        assert_string_equal(in->message.text, words[i]);
        assert_string_equal(in->chat, "-1001234567890");
        assert_string_equal(in->who.user_id, "42");
        assert_non_null(in->raw);
        (void)snprintf(body, sizeof body,
                       "{\"update_id\":1,\"edited_message\":{\"message_id\":5,\"edit_date\":7," GROUP
                       ",\"text\":\"%s\"}}",
                       words[i]);
        in = parsed(*state, body);
        assert_int_equal(in->kind, INBOUND_GROUP);
        assert_int_equal(in->message.kind, MESSAGE_EDIT);
        assert_string_equal(in->message.text, words[i]);
    }
}

static void a_thread_is_a_topic_where_the_platform_says_so(void **state)
{
    static const struct {
        const char *members, *thread;
    } rows[] = {
        {",\"message_thread_id\":7,\"is_topic_message\":true", "7"},
        {",\"message_thread_id\":7,\"is_topic_message\":false", NULL},
        {",\"message_thread_id\":7", NULL}, /* a plain reply has one as well */
        {",\"is_topic_message\":true", NULL},
        {",\"message_thread_id\":\"7\",\"is_topic_message\":true", NULL},
    };
    char body[400];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)snprintf(body, sizeof body,
                       "{\"update_id\":1,\"message\":{\"message_id\":5," GROUP ",\"text\":\"x\"%s}}",
                       rows[i].members);
        struct inbound *in = parsed(*state, body);
        assert_int_equal(in->kind, INBOUND_GROUP);
        if (rows[i].thread == NULL)
            assert_null(in->thread);
        else
            assert_string_equal(in->thread, rows[i].thread);
    }
}

static void a_press_is_where_its_message_is(void **state)
{
    struct inbound *in =
        parsed(*state, "{\"update_id\":1,\"callback_query\":{\"id\":\"99\"," FROM
                       ",\"data\":\"desk:take\",\"message\":{\"message_id\":6,\"message_thread_id\":7,"
                       "\"is_topic_message\":true,\"chat\":{\"id\":-1001,\"type\":\"supergroup\"}}}}");
    assert_int_equal(in->kind, INBOUND_GROUP);
    assert_string_equal(in->chat, "-1001");
    assert_string_equal(in->thread, "7");
    assert_string_equal(in->message.choice, "desk:take");
}

/* What becomes of a membership in a chat of a type. */
static struct inbound *membership(struct arena *a, const char *type, const char *status)
{
    char body[300];
    (void)snprintf(body, sizeof body,
                   "{\"update_id\":1,\"my_chat_member\":{" FROM ",\"chat\":{\"id\":42,\"type\":\"%s\"},"
                   "\"new_chat_member\":{\"status\":\"%s\"}}}",
                   type, status);
    return parsed(a, body);
}

static void who_blocks_us_in_a_private_chat_is_gone(void **state)
{
    struct inbound *in = membership(*state, "private", "kicked");
    assert_int_equal(in->kind, INBOUND_GONE);
    assert_string_equal(in->who.user_id, "42");
    assert_string_equal(in->id, "700800/1");
    assert_null(in->reason);
    assert_null(in->raw);
    assert_int_equal(membership(*state, "private", "member")->kind, INBOUND_SKIPPED);
    assert_int_equal(membership(*state, "private", "left")->kind, INBOUND_SKIPPED);
    assert_int_equal(membership(*state, "group", "kicked")->kind, INBOUND_SKIPPED);
    assert_int_equal(membership(*state, "supergroup", "kicked")->kind, INBOUND_SKIPPED);
    assert_int_equal(membership(*state, "channel", "kicked")->kind, INBOUND_SKIPPED);
}

static void channels_and_bots_are_skipped_and_nothing_of_them_stays(void **state)
{
    struct inbound *in = parsed(
        *state,
        "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":5,\"chat\":{\"id\":-1009,"
        "\"type\":\"channel\"},\"text\":\"x\"}},{\"update_id\":2,\"channel_post\":{\"message_id\":5,\"chat\":"
        "{\"id\":-1009,\"type\":\"channel\"},\"text\":\"x\"}},{\"update_id\":3,\"message\":{\"message_id\":5,"
        "\"from\":{\"id\":43,\"is_bot\":true},\"chat\":{\"id\":-1001,\"type\":\"supergroup\"},"
        "\"message_thread_id\":7,\"is_topic_message\":true,\"text\":\"x\"}}]}");
    static const char *const reasons[] = {"in a channel", "of a kind that is not served", "from a bot"};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++, in = in->next) {
        assert_int_equal(in->kind, INBOUND_SKIPPED);
        assert_string_equal(in->reason, reasons[i]);
        assert_null(in->chat);
        assert_null(in->thread);
        assert_null(in->who.user_id);
        assert_null(in->raw);
    }
    assert_null(in);
}

/* Who posts as the group itself is one of its administrators. */
static void an_anonymous_administrator_is_no_bot(void **state)
{
    static const char from[] =
        "{\"update_id\":1,\"message\":{\"message_id\":5,\"from\":{\"id\":1087968824,"
        "\"is_bot\":true},\"sender_chat\":{\"id\":%d,\"type\":\"supergroup\"},\"chat\":"
        "{\"id\":-1001,\"type\":\"supergroup\"},\"text\":\"x\"}}";
    char body[400];

    (void)snprintf(body, sizeof body, from, -1001);
    assert_int_equal(parsed(*state, body)->kind, INBOUND_GROUP);
    (void)snprintf(body, sizeof body, from, -1002);
    assert_int_equal(parsed(*state, body)->kind, INBOUND_SKIPPED);
}

static void a_group_with_another_id_tells_it(void **state)
{
    struct inbound *in = parsed(*state, "{\"update_id\":1,\"message\":{\"message_id\":5," FROM
                                        ",\"chat\":{\"id\":-5,\"type\":\"group\"},"
                                        "\"migrate_to_chat_id\":-1001234567890}}");
    assert_int_equal(in->kind, INBOUND_SKIPPED);
    assert_non_null(strstr(in->reason, "-1001234567890"));
}

static void every_picture_of_an_album_is_a_message(void **state)
{
    struct inbound *in = parsed(
        *state,
        "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":5," WHERE
        ",\"photo\":[{}],\"media_group_id\":\"7\",\"caption\":\"twee\"}},{\"update_id\":2,\"message\":{"
        "\"message_id\":6," WHERE ",\"photo\":[{}],\"media_group_id\":\"7\"}}]}");
    assert_int_equal(in->kind, INBOUND_MESSAGE);
    assert_string_equal(in->message.id, "42/5");
    assert_int_equal(in->next->kind, INBOUND_MESSAGE);
    assert_int_equal(in->next->message.kind, MESSAGE_MEDIA);
    assert_string_equal(in->next->message.id, "42/6");
    assert_null(in->next->next);
}

/* ---- memory: every allocation of jansson's failed once ---- */

static long allocations_left; /* a hook of jansson has no argument to carry this */

static void *scarce_malloc(size_t n)
{
    return allocations_left-- == 0 ? NULL : malloc(n);
}

/* The long key comes first: jansson 2.14 does not look whether its buffer for a token could grow, and
 * would run on if the closing quote of a key of 14 or 15 letters, its 16th byte or later, were what is lost. */
static void memory_that_runs_out_gives_everything_or_an_error(void **state)
{
    static const char body[] =
        "{\"ignored_by_everybody\":0,\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":"
        "5," WHERE ",\"text\":\"/stop\"}},{\"update_id\":2,\"message\":{\"message_id\":6," WHERE
        ",\"photo\":[{}],\"media_group_id\":\"7\"}},{\"update_id\":3,\"message\":{"
        "\"message_id\":7," GROUP ",\"text\":\"/start\",\"message_thread_id\":7,\"is_topic_message\":true}},"
        "{\"update_id\":4,\"my_chat_member\":{" WHERE ",\"new_chat_member\":{\"status\":\"kicked\"}}},"
        "{\"update_id\":5,\"message\":{\"message_id\":8," GROUP ",\"migrate_to_chat_id\":-5}}]}";
    static const enum inbound_kind kinds[] = {INBOUND_MESSAGE, INBOUND_MESSAGE, INBOUND_GROUP, INBOUND_GONE,
                                              INBOUND_SKIPPED};
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
        for (; in != NULL && in->kind == kinds[n]; in = in->next) n++;
        assert_null(in);
        assert_int_equal(n, rc == 0 ? sizeof kinds / sizeof *kinds : 0);
        arena_free(a);
    }
    assert_true(whole);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int test_telegram_parse(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_points_into_the_body_or_the_account),
        TEST(a_username_is_read_where_there_is_one),
        TEST(a_kind_that_is_new_keeps_its_name),
        TEST(raw_is_the_update_alone_and_compact),
        TEST(a_broken_update_comes_back_under_the_same_key),
        TEST(nothing_of_a_person_stays_in_what_is_not_served),
        TEST(text_and_name_are_bounded),
        TEST(a_name_is_one_line),
        TEST(a_time_that_cannot_be_is_none),
        TEST(more_updates_than_any_body_of_telegram_is_refused),
        TEST(an_error_tells_nothing_of_the_body),
        TEST(a_private_chat_has_its_id_and_no_thread),
        TEST(in_a_group_words_are_said_to_people),
        TEST(a_thread_is_a_topic_where_the_platform_says_so),
        TEST(a_press_is_where_its_message_is),
        TEST(who_blocks_us_in_a_private_chat_is_gone),
        TEST(channels_and_bots_are_skipped_and_nothing_of_them_stays),
        TEST(an_anonymous_administrator_is_no_bot),
        TEST(a_group_with_another_id_tells_it),
        TEST(every_picture_of_an_album_is_a_message),
        cmocka_unit_test(memory_that_runs_out_gives_everything_or_an_error),
    };
    return UNIT_RUN(tests);
}

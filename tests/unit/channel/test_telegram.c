#include "unit.h"

#include "buf.h"
#include "channel.h"
#include "err.h"
#include "telegram.h"

int test_telegram(void);

#define TAIL30 "AAE_-fghijklmnopqrstuvwxyz0123"

static void is(struct buf *out, const char *want)
{
    assert_false(out->failed);
    assert_string_equal(buf_text(out), want);
    buf_free(out);
}

static void only_the_secret_itself_is_authentic(void **state)
{
    (void)state;
    assert_true(telegram.authentic("{}", 2, "s3cret", "s3cret"));
    assert_true(telegram.authentic(NULL, 0, "s3cret", "s3cret"));
    assert_false(telegram.authentic("{}", 2, "s3creT", "s3cret"));
    assert_false(telegram.authentic("{}", 2, "s3cre", "s3cret"));
    assert_false(telegram.authentic("{}", 2, "", "s3cret"));
    assert_false(telegram.authentic("{}", 2, NULL, "s3cret"));
    assert_false(telegram.authentic("{}", 2, "s3cret", NULL));
    assert_false(telegram.authentic("{}", 2, "", ""));
}

static void the_bot_id_stands_before_the_colon(void **state)
{
    char id[24];
    (void)state;
    assert_true(telegram_bot_id("700800:" TAIL30, id));
    assert_string_equal(id, "700800");
    assert_true(telegram_bot_id("1234567890123456789:" TAIL30 "more", id));
    assert_string_equal(id, "1234567890123456789");
}

static void what_is_no_token_has_no_bot_id(void **state)
{
    static const char *const wrong[] = {"",
                                        "700800",
                                        "700800" TAIL30,
                                        ":" TAIL30,
                                        "x700800:" TAIL30,
                                        "12345678901234567890:" TAIL30,
                                        "700800:AAE_-fghijklmnopqrstuvwxyz012", /* 29 */
                                        "700800:" TAIL30 " ",
                                        "700800:" TAIL30 "/",
                                        "700800::" TAIL30};
    char id[24] = "old";
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(telegram_bot_id(wrong[i], id));
        assert_string_equal(id, "");
    }
}

static void a_method_is_called_under_the_token(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_url("https://api.telegram.org", "700800:AA", "sendMessage", &out);
    is(&out, "https://api.telegram.org/bot700800:AA/sendMessage");
    telegram_url("http://localhost:8081//", "700800:AA", "getMe", &out);
    is(&out, "http://localhost:8081/bot700800:AA/getMe");
}

static void updates_are_asked_from_the_offset_on(void **state)
{
#define ASKED                                                                                                \
    "\"timeout\":50,\"limit\":100,\"allowed_updates\":[\"message\",\"edited_message\",\"callback_query\","   \
    "\"my_chat_member\"]}"
    struct buf out = {0};
    (void)state;
    telegram_get_updates(0, 50, &out);
    is(&out, "{" ASKED);
    telegram_get_updates(4503599627370496, 50, &out);
    is(&out, "{\"offset\":4503599627370496," ASKED);
}

static void next_is(const char *body, int64_t want)
{
    assert_int_equal(telegram_next_offset(body, strlen(body)), want);
}

static void the_next_offset_confirms_the_highest_update(void **state)
{
    (void)state;
    next_is("{\"ok\":true,\"result\":[{\"update_id\":81},{\"update_id\":90},{\"update_id\":82}]}", 91);
    next_is("{\"ok\":true,\"result\":[{\"update_id\":0}]}", 1);
    /* Spoiled ones hold nothing up and cost nothing. */
    next_is("{\"ok\":true,\"result\":[5,{\"update_id\":\"99\"},{\"update_id\":-3},{\"update_id\":7}]}", 8);
    next_is("{\"ok\":true,\"result\":[{\"update_id\":9223372036854775807},{\"update_id\":7}]}", 8);
    next_is("{\"ok\":true,\"result\":[{\"update_id\":81,\"message\":{\"text\":\"\\ud83d\"}}]}", 82);
}

static void without_updates_there_is_no_next_offset(void **state)
{
    (void)state;
    next_is("{\"ok\":true,\"result\":[]}", 0);
    next_is("{\"ok\":true,\"result\":true}", 0);
    next_is("{\"ok\":false,\"error_code\":409,\"description\":\"Conflict\"}", 0);
    next_is("[", 0);
    next_is("", 0);
}

static void a_press_is_answered_by_its_id(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_answer_press("99\"1", &out);
    is(&out, "{\"callback_query_id\":\"99\\\"1\"}");
}

static void a_keyboard_is_dropped_by_an_edit_without_markup(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_drop_keyboard("5500001111", "6", &out);
    is(&out, "{\"chat_id\":5500001111,\"message_id\":6}");
    telegram_drop_keyboard("-1001", "0", &out);
    is(&out, "{\"chat_id\":-1001,\"message_id\":0}");
}

static void a_message_is_copied_to_another_chat(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_copy("5500001111", "6", "-1001234567890", "77", &out);
    is(&out, "{\"chat_id\":-1001234567890,\"message_thread_id\":77,\"from_chat_id\":5500001111,"
             "\"message_id\":6}");
    telegram_copy("5500001111", "6", "42", NULL, &out);
    is(&out, "{\"chat_id\":42,\"from_chat_id\":5500001111,\"message_id\":6}");
}

/* Sending to message_thread_id 1 fails. */
static void the_general_topic_is_not_named(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_copy("5", "6", "-100", "1", &out);
    is(&out, "{\"chat_id\":-100,\"from_chat_id\":5,\"message_id\":6}");
    telegram_copy("5", "6", "-100", "", &out);
    is(&out, "{\"chat_id\":-100,\"from_chat_id\":5,\"message_id\":6}");
    telegram_copy("5", "6", "-100", "11", &out);
    is(&out, "{\"chat_id\":-100,\"message_thread_id\":11,\"from_chat_id\":5,\"message_id\":6}");
}

static void commands_are_offered_in_a_language_or_in_any(void **state)
{
    static const struct telegram_command two[] = {{"language_nl", "In het \"Nederlands\""},
                                                  {"stop", "Stop dit gesprek"}};
    struct buf out = {0};
    (void)state;
    telegram_set_commands(two, 2, NULL, &out);
    is(&out, "{\"commands\":[{\"command\":\"language_nl\",\"description\":\"In het \\\"Nederlands\\\"\"},"
             "{\"command\":\"stop\",\"description\":\"Stop dit gesprek\"}]}");
    telegram_set_commands(two + 1, 1, "en", &out);
    is(&out, "{\"commands\":[{\"command\":\"stop\",\"description\":\"Stop dit "
             "gesprek\"}],\"language_code\":\"en\"}");
    telegram_set_commands(NULL, 0, NULL, &out);
    is(&out, "{\"commands\":[]}");
}

static void typing_is_shown_in_a_chat(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_typing("5500001111", &out);
    is(&out, "{\"chat_id\":5500001111,\"action\":\"typing\"}");
}

/* One of them would make Telegram refuse all. */
static void a_command_that_telegram_would_refuse_is_left_out(void **state)
{
    static const struct telegram_command mixed[] = {{"", "x"},
                                                    {"Stop", "x"},
                                                    {"delete-data", "x"},
                                                    {"terug\xC3\xA9", "x"},
                                                    {"help", ""},
                                                    {"a_23456789_123456789_123456789_123", "x"},
                                                    {"a_23456789_123456789_123456789_1", "y"}};
    struct buf out = {0};
    (void)state;
    telegram_set_commands(mixed, sizeof mixed / sizeof *mixed, NULL, &out);
    is(&out, "{\"commands\":[{\"command\":\"a_23456789_123456789_123456789_1\",\"description\":\"y\"}]}");
}

static void a_description_is_cut_between_characters(void **state)
{
    char text[600] = "", expected[700];
    const struct telegram_command one = {"help", text};
    struct buf out = {0};
    (void)state;
    for (int i = 0; i < 257; i++) memcpy(text + (size_t)i * 2, "\xC3\xA9", 3);
    telegram_set_commands(&one, 1, NULL, &out);
    (void)snprintf(expected, sizeof expected,
                   "{\"commands\":[{\"command\":\"help\",\"description\":\"%.512s\"}]}", text);
    is(&out, expected);
}

static void what_is_no_number_does_not_break_the_json(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_drop_keyboard("1,\"x\":2", "", &out);
    is(&out, "{\"chat_id\":\"1,\\\"x\\\":2\",\"message_id\":\"\"}");
    telegram_drop_keyboard("-", "007", &out);
    is(&out, "{\"chat_id\":\"-\",\"message_id\":\"007\"}");
}

static int addressed(const char *content, const char *user_id, struct buf *out)
{
    struct identity to = {.channel = "telegram", .account = "700800", .user_id = user_id};
    struct err e = {{0}};
    int rc = telegram.address(content, &to, "T1", out, &e);
    assert_int_equal(rc == 0, e.text[0] == '\0');
    return rc;
}

static void content_goes_to_the_chat_of_the_person(void **state)
{
    struct buf out = {0};
    (void)state;
    assert_int_equal(addressed("{\"text\":\"hoi\"}", "5500001111", &out), 0);
    is(&out, "{\"chat_id\":5500001111,\"text\":\"hoi\"}");
}

static void what_is_no_user_id_is_refused(void **state)
{
    static const char *const wrong[] = {
        NULL, "", "@ana", "12a", "-100123", "NL.55512", "1 ", "012", "12345678901234567890"};
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(addressed("{\"text\":\"hoi\"}", wrong[i], &out), -1);
    assert_int_equal(addressed("{}", "42", &out), -1);
    assert_int_equal(addressed("", "42", &out), -1);
    assert_int_equal(out.len, 0);
}

static void a_phone_is_no_address(void **state)
{
    struct identity to = {.channel = "telegram", .account = "700800", .phone = "31612345678"};
    struct buf out = {0};
    (void)state;
    assert_int_equal(telegram.address("{\"text\":\"hoi\"}", &to, NULL, &out, NULL), -1);
}

static void it_is_called_telegram(void **state)
{
    (void)state;
    assert_string_equal(telegram.name, "telegram");
    assert_string_equal(TELEGRAM_SECRET_HEADER, "x-telegram-bot-api-secret-token");
}

int test_telegram(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_secret_itself_is_authentic),
        cmocka_unit_test(the_bot_id_stands_before_the_colon),
        cmocka_unit_test(what_is_no_token_has_no_bot_id),
        cmocka_unit_test(a_method_is_called_under_the_token),
        cmocka_unit_test(updates_are_asked_from_the_offset_on),
        cmocka_unit_test(the_next_offset_confirms_the_highest_update),
        cmocka_unit_test(without_updates_there_is_no_next_offset),
        cmocka_unit_test(a_press_is_answered_by_its_id),
        cmocka_unit_test(a_keyboard_is_dropped_by_an_edit_without_markup),
        cmocka_unit_test(a_message_is_copied_to_another_chat),
        cmocka_unit_test(the_general_topic_is_not_named),
        cmocka_unit_test(commands_are_offered_in_a_language_or_in_any),
        cmocka_unit_test(typing_is_shown_in_a_chat),
        cmocka_unit_test(a_command_that_telegram_would_refuse_is_left_out),
        cmocka_unit_test(a_description_is_cut_between_characters),
        cmocka_unit_test(what_is_no_number_does_not_break_the_json),
        cmocka_unit_test(content_goes_to_the_chat_of_the_person),
        cmocka_unit_test(what_is_no_user_id_is_refused),
        cmocka_unit_test(a_phone_is_no_address),
        cmocka_unit_test(it_is_called_telegram),
    };
    return UNIT_RUN(tests);
}

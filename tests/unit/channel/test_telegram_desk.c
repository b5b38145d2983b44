#include "unit.h"

#include <jansson.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "err.h"
#include "telegram_desk.h"
#include "utf8.h"

int test_telegram_desk(void);

#define CHAT "-1001234567890"

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

/* What a body or a row must be, and that it is JSON. */
static void assert_written(struct buf *out, const char *want)
{
    assert_false(out->failed);
    assert_string_equal(buf_text(out), want);
    json_t *tree = json_loads(buf_text(out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(tree);
    json_decref(tree);
    buf_free(out);
}

static void assert_same(const char *got, const char *want)
{
    if (want == NULL)
        assert_null(got);
    else
        assert_string_equal(got, want);
}

/* ---- as the outbox keeps it ---- */

static void comes_back(struct arena *a, const struct desk_content *c)
{
    struct desk_content again;
    struct buf out = {0};
    telegram_desk_write(c, &out);
    assert_int_equal(telegram_desk_read(buf_text(&out), a, &again, NULL), 0);
    buf_free(&out);
    assert_same(again.topic, c->topic);
    assert_same(again.body, c->body);
    assert_same(again.quote, c->quote);
    assert_same(again.erase, c->erase);
    assert_int_equal(again.media.given, c->media.given);
    if (c->media.given) assert_int_equal(again.media.kind, c->media.kind);
    assert_same(again.media.id, c->media.id);
    assert_same(again.media.mime, c->media.mime);
    assert_same(again.media.name, c->media.name);
    assert_same(again.media.chat, c->media.chat);
    assert_same(again.media.message, c->media.message);
    assert_same(again.media.caption, c->media.caption);
    assert_same(again.media.lost, c->media.lost);
}

/* Each field has a value of its own, so that none can stand in for another. */
static void every_field_comes_back(void **state)
{
    const struct desk_content full = {.topic = "Zo\xC3\xAB \"de Wit\"",
                                      .body = "{\"text\":\"a\\nb\"}",
                                      .quote = "41",
                                      .erase = "7",
                                      .media = {.given = true,
                                                .kind = MEDIA_DOCUMENT,
                                                .id = "1078",
                                                .mime = "application/pdf",
                                                .name = "offerte.pdf",
                                                .chat = "5500001111",
                                                .message = "12",
                                                .caption = "kijk\nhier",
                                                .lost = "een bestand"}};
    comes_back(*state, &full);
}

static void every_field_may_be_missing(void **state)
{
    comes_back(*state, &(struct desk_content){.body = "{\"text\":\"a\"}"});
    comes_back(*state, &(struct desk_content){.erase = "7"});
    comes_back(*state, &(struct desk_content){.media = {.given = true, .id = "1078"}});
    for (int kind = 0; kind < MEDIA_N; kind++)
        comes_back(*state, &(struct desk_content){.media = {.given = true, .kind = (enum media_kind)kind}});
}

static void what_the_outbox_keeps_has_these_names(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_desk_write(&(struct desk_content){.topic = "Ana",
                                               .body = "{\"text\":\"a\"}",
                                               .media = {.given = true, .kind = MEDIA_IMAGE, .id = "1078"}},
                        &out);
    assert_written(&out, "{\"topic\":\"Ana\",\"body\":\"{\\\"text\\\":\\\"a\\\"}\","
                         "\"media\":{\"kind\":\"image\",\"id\":\"1078\"}}");
}

static void what_cannot_be_read_is_refused_and_tells_nothing(void **state)
{
    static const char *const rows[] = {
        "",
        "geheim",
        "[]",
        "{}",
        "{\"topic\":\"geheim\"}",
        "{\"body\":5}",
        "{\"body\":\"\"}",
        "{\"body\":\"{\"}",
        "{\"body\":\"{}\"}",
        "{\"body\":\"geheim\"}",
        "{\"media\":\"geheim\"}",
        "{\"body\":\"{\\\"text\\\":\\\"a\\\"}\",\"media\":{}}",
        "{\"media\":{\"kind\":\"geheim\"}}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_content c;
        struct err e = {{0}};
        if (telegram_desk_read(rows[i], *state, &c, &e) != -1) fail_msg("read: %s", rows[i]);
        assert_string_not_equal(e.text, "");
        assert_null(strstr(e.text, "geheim"));
    }
}

/* ---- files ---- */

static struct desk_content of_file(struct arena *a, const struct message *m, const char *channel)
{
    struct desk_content c = {0};
    struct buf out = {0};
    assert_true(telegram_desk_media(m, channel, &out));
    assert_int_equal(telegram_desk_media_read(buf_text(&out), a, &c, NULL), 0);
    assert_true(c.media.given);
    buf_free(&out);
    return c;
}

static void a_file_of_whatsapp_is_fetched_by_its_id(void **state)
{
    const struct message m = {.kind = MESSAGE_MEDIA,
                              .media = MEDIA_DOCUMENT,
                              .id = "wamid.A/1",
                              .media_id = "1078",
                              .mime = "application/pdf",
                              .file_name = "offerte.pdf"};
    struct desk_content c = of_file(*state, &m, "whatsapp");
    assert_int_equal(c.media.kind, MEDIA_DOCUMENT);
    assert_string_equal(c.media.id, "1078");
    assert_string_equal(c.media.mime, "application/pdf");
    assert_string_equal(c.media.name, "offerte.pdf");
    assert_null(c.media.chat);
    assert_null(c.media.message);
}

static void a_file_of_telegram_is_copied_from_its_chat(void **state)
{
    const struct message m = {.kind = MESSAGE_MEDIA, .media = MEDIA_VOICE, .id = "5500001111/12"};
    struct desk_content c = of_file(*state, &m, "telegram");
    assert_int_equal(c.media.kind, MEDIA_VOICE);
    assert_string_equal(c.media.chat, "5500001111");
    assert_string_equal(c.media.message, "12");
    assert_null(c.media.id);
}

static void without_a_file_there_is_none(void **state)
{
    static const struct {
        const char *channel;
        struct message m;
    } rows[] = {
        {"whatsapp", {.kind = MESSAGE_MEDIA, .media = MEDIA_LOCATION, .id = "wamid.A1"}},
        {"whatsapp", {.kind = MESSAGE_TEXT, .id = "wamid.A1", .media_id = "1078"}},
        {"telegram", {.kind = MESSAGE_TEXT, .id = "42/12"}},
        {"telegram", {.kind = MESSAGE_EDIT, .id = "42/12/edit/1"}},
        {"telegram", {.kind = MESSAGE_MEDIA, .id = "press"}},
        {"telegram", {.kind = MESSAGE_MEDIA, .id = "12345678901234567890123456789012/1"}},
    };
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(telegram_desk_media(&rows[i].m, rows[i].channel, &out));
    assert_int_equal(out.len, 0);
}

static void a_file_that_cannot_be_read_is_refused(void **state)
{
    static const char *const files[] = {
        "", "geheim", "[]", "5", "{}", "{\"id\":\"1\"}", "{\"kind\":\"geheim\"}"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct desk_content c = {0};
        struct err e = {{0}};
        if (telegram_desk_media_read(files[i], *state, &c, &e) != -1) fail_msg("read: %s", files[i]);
        assert_false(c.media.given);
        assert_string_not_equal(e.text, "");
        assert_null(strstr(e.text, "geheim"));
    }
}

/* ---- calls ---- */

static void a_topic_is_made_by_name(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_desk_topic(CHAT, "Ana \"A\"", &out);
    assert_written(&out, "{\"chat_id\":" CHAT ",\"name\":\"Ana \\\"A\\\"\"}");
}

static void a_topics_name_is_cut_between_characters(void **state)
{
    struct buf name = {0}, out = {0};
    (void)state;
    for (int i = 0; i < 128; i++) buf_adds(&name, "\xE2\x82\xAC");
    telegram_desk_topic("5", buf_text(&name), &out);
    json_t *tree = json_loads(buf_text(&out), 0, NULL);
    assert_string_equal(json_string_value(json_object_get(tree, "name")), buf_text(&name));
    json_decref(tree);
    buf_clear(&out);
    buf_adds(&name, "\xE2\x82\xAC!");
    telegram_desk_topic("5", buf_text(&name), &out);
    tree = json_loads(buf_text(&out), 0, NULL); /* refuses half a character */
    assert_non_null(tree);
    assert_int_equal(utf8_count(json_string_value(json_object_get(tree, "name"))), 128);
    json_decref(tree);
    buf_free(&name);
    buf_free(&out);
}

static void a_topic_is_deleted_by_its_thread(void **state)
{
    struct buf out = {0};
    (void)state;
    telegram_desk_delete(CHAT, "7", &out);
    assert_written(&out, "{\"chat_id\":" CHAT ",\"message_thread_id\":7}");
}

static void sends(const char *chat, const char *thread, const char *quote, const char *want)
{
    const struct desk_content c = {.body = "{\"text\":\"hoi\",\"parse_mode\":\"HTML\"}", .quote = quote};
    struct buf out = {0};
    telegram_desk_send(chat, thread, &c, &out);
    assert_written(&out, want);
}

static void a_message_goes_to_chat_and_thread_and_may_quote(void **state)
{
    (void)state;
    sends(CHAT, NULL, NULL, "{\"chat_id\":" CHAT ",\"text\":\"hoi\",\"parse_mode\":\"HTML\"}");
    sends("5500001111", "7", NULL,
          "{\"chat_id\":5500001111,\"message_thread_id\":7,\"text\":\"hoi\",\"parse_mode\":\"HTML\"}");
    sends(CHAT, NULL, "41",
          "{\"chat_id\":" CHAT
          ",\"reply_parameters\":{\"message_id\":41,\"allow_sending_without_reply\":true},"
          "\"text\":\"hoi\",\"parse_mode\":\"HTML\"}");
    sends(CHAT, "7", "41",
          "{\"chat_id\":" CHAT ",\"message_thread_id\":7,\"reply_parameters\":{\"message_id\":41,"
          "\"allow_sending_without_reply\":true},\"text\":\"hoi\",\"parse_mode\":\"HTML\"}");
}

static void an_id_that_is_no_number_cannot_break_a_body(void **state)
{
    (void)state;
    sends("@balie\"", "-", "1,\"x\":1",
          "{\"chat_id\":\"@balie\\\"\",\"message_thread_id\":\"-\",\"reply_parameters\":{\"message_id\":"
          "\"1,\\\"x\\\":1\",\"allow_sending_without_reply\":true},"
          "\"text\":\"hoi\",\"parse_mode\":\"HTML\"}");
}

/* ---- answers ---- */

static const char *made(struct arena *a, const char *body)
{
    return telegram_desk_made(body, strlen(body), a);
}

static void the_thread_that_was_made_is_read(void **state)
{
    assert_string_equal(made(*state, "{\"ok\":true,\"result\":{\"message_thread_id\":7,\"name\":\"Ana\","
                                     "\"icon_color\":7322096}}"),
                        "7");
    assert_string_equal(made(*state, "{\"ok\":true,\"result\":{\"message_thread_id\":4503599627370495}}"),
                        "4503599627370495");
}

static void what_holds_no_thread_made_none(void **state)
{
    static const char *const bodies[] = {
        "",
        "Bad Gateway",
        "{}",
        "{\"ok\":true}",
        "{\"ok\":true,\"result\":{}}",
        "{\"ok\":true,\"result\":true}",
        "{\"ok\":false,\"result\":{\"message_thread_id\":7}}",
        "{\"ok\":true,\"result\":{\"message_thread_id\":0}}",
        "{\"ok\":true,\"result\":{\"message_thread_id\":-7}}",
        "{\"ok\":true,\"result\":{\"message_thread_id\":\"7\"}}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (made(*state, bodies[i]) != NULL) fail_msg("made by: %s", bodies[i]);
}

static void refusals_are_looked_for_leniently(void **state)
{
    static const struct {
        const char *description;
        bool gone;
    } rows[] = {
        {"Bad Request: message thread not found", true},
        {"Message THREAD NOT FOUND, sorry", true},
        {"Bad Request: TOPIC_DELETED", true},
        {"Bad Request: TOPIC_ID_INVALID", true},
        {"Bad Request: the chat is not a forum", false},
        {"Bad Request: not enough rights to create a topic", false},
        {"Bad Request: chat not found", false},
        {"Bad Request: message to be replied not found", false},
        {"Too Many Requests: retry after 5", false},
        {"", false},
    };
    char body[200];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int n = snprintf(body, sizeof body, "{\"ok\":false,\"error_code\":400,\"description\":\"%s\"}",
                         rows[i].description);
        if (telegram_desk_no_topic(body, (size_t)n) != rows[i].gone) fail_msg("%s", rows[i].description);
    }
}

static void what_gives_no_reason_is_a_refusal_like_any_other(void **state)
{
    (void)state;
    assert_false(telegram_desk_no_topic(NULL, 0));
    assert_false(telegram_desk_no_topic("", 0));
    assert_false(telegram_desk_no_topic("thread not found", 16));
    assert_false(telegram_desk_no_topic("{\"description\":5}", 17));
}

/* ---- the channel ---- */

static void the_desk_only_sends_and_takes_an_errand(void **state)
{
    const struct identity to = {.channel = "desk", .account = CHAT, .user_id = CHAT};
    struct buf out = {0};
    struct err e = {{0}};
    (void)state;
    assert_string_equal(telegram_desk.name, "desk");
    assert_null(telegram_desk.parse);
    assert_null(telegram_desk.authentic);
    assert_int_equal(telegram_desk.address("{\"body\":\"\"}", &to, NULL, &out, &e), -1);
    assert_string_not_equal(e.text, "");
    assert_int_equal(out.len, 0);
}

/* ---- memory: every allocation of jansson's failed once ---- */

static long allocations_left; /* a hook of jansson has no argument to carry this */

static void *scarce_malloc(size_t n)
{
    return allocations_left-- == 0 ? NULL : malloc(n);
}

/* The long key comes first: test_telegram_parse.c says why. No other string here fills 32 bytes. */
static void memory_that_runs_out_gives_everything_or_an_error(void **state)
{
    static const char row[] = "{\"ignored_by_everybody\":0,\"topic\":\"Ana\",\"body\":\"{\\\"text\\\":"
                              "\\\"a\\\"}\",\"quote\":\"41\","
                              "\"media\":{\"kind\":\"image\",\"id\":\"1078\"}}";
    bool whole = false;
    json_object_seed(1); /* not while counting */
    for (long at = 0; at < 2000 && !whole; at++) {
        struct desk_content c;
        json_set_alloc_funcs(scarce_malloc, free);
        allocations_left = at;
        int rc = telegram_desk_read(row, *state, &c, NULL);
        whole = allocations_left >= 0; /* none was missing any more */
        json_set_alloc_funcs(malloc, free);
        assert_true(rc == -1 || (c.topic != NULL && c.body != NULL && c.quote != NULL && c.media.given &&
                                 c.media.id != NULL));
    }
    assert_true(whole);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int test_telegram_desk(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_field_comes_back),
        TEST(every_field_may_be_missing),
        TEST(what_the_outbox_keeps_has_these_names),
        TEST(what_cannot_be_read_is_refused_and_tells_nothing),
        TEST(a_file_of_whatsapp_is_fetched_by_its_id),
        TEST(a_file_of_telegram_is_copied_from_its_chat),
        TEST(without_a_file_there_is_none),
        TEST(a_file_that_cannot_be_read_is_refused),
        TEST(a_topic_is_made_by_name),
        TEST(a_topics_name_is_cut_between_characters),
        TEST(a_topic_is_deleted_by_its_thread),
        TEST(a_message_goes_to_chat_and_thread_and_may_quote),
        TEST(an_id_that_is_no_number_cannot_break_a_body),
        TEST(the_thread_that_was_made_is_read),
        TEST(what_holds_no_thread_made_none),
        TEST(refusals_are_looked_for_leniently),
        TEST(what_gives_no_reason_is_a_refusal_like_any_other),
        TEST(the_desk_only_sends_and_takes_an_errand),
        TEST(memory_that_runs_out_gives_everything_or_an_error),
    };
    return UNIT_RUN(tests);
}

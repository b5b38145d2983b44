/* The calls that a row to the human's desk takes: topics, files from Meta, the send. One server plays
 * Telegram and Meta; whatever a test does, neither is shown what is the other's, and the log nothing. */
#include "unit.h"

#include "arena.h"
#include "err.h"
#include "graph.h"
#include "http_client.h"
#include "http_server.h"
#include "log.h"
#include "rig.h"
#include "sender.h"
#include "store.h"
#include "telegram_desk.h"

int test_errand(void);

#define SANNE    "31612345678"
#define BEN      "31687654321"
#define GROUP    "-1001234567890"
#define TOKEN    "700900:rig-telegram-token-0123456789abcdef"
#define FILE_ID  "1166846181421424"
#define FILE_MAX (20 * 1000 * 1000)
#define BYTES    "geheime-bytes"
#define CAPTION  "geheim bijschrift"
#define LOST     "Niet meer op te halen."
#define MADE     "{\"ok\":true,\"result\":{\"message_thread_id\":77,\"name\":\"x\",\"icon_color\":1}}"
#define ACCEPTED "{\"ok\":true,\"result\":{\"message_id\":55,\"chat\":{\"id\":" GROUP "}}}"
#define COPIED   "{\"ok\":true,\"result\":{\"message_id\":56}}"
#define NO_THREAD                                                                                            \
    "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: message thread not found\"}"
#define NO_FORUM   "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: the chat is not a forum\"}"
#define REFUSED    "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: PHOTO_INVALID_DIMENSIONS\"}"
#define TOO_MANY   "{\"ok\":false,\"error_code\":429,\"description\":\"x\",\"parameters\":{\"retry_after\":7}}"
#define BROKEN     "{\"ok\":false,\"error_code\":500,\"description\":\"Internal Server Error\"}"
#define NO_ID      "{\"ok\":true,\"result\":{}}"
#define META_ERROR "{\"error\":{\"message\":\"geheim\",\"type\":\"x\",\"code\":100}}"

static const int64_t NOW = RIG_NOW;

struct scene {
    struct rig rig;
    struct graph graph;
    struct http_client *client;
    struct sender *sender;
    size_t seen; /* requests that the test knows of */
    int64_t desk, sanne, ben;
    char *log;
    size_t log_n;
    FILE *sink;
};

static int64_t contact_of_desk(struct scene *s, const char *chat)
{
    const struct identity who = {.channel = "desk", .account = chat, .user_id = chat};
    struct err e = {0};
    int64_t contact = 0;

    rig_begin(&s->rig);
    assert_int_equal(store_contact_resolve(s->rig.store, &who, NOW, &contact, &e), 0);
    rig_commit(&s->rig);
    return contact;
}

/* `further`: a further setting, or NULL. */
static struct scene *scene_new(const char *desk, const char *further)
{
    struct scene *s = calloc(1, sizeof *s);
    char telegram[64], chat[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, telegram, chat, further, NULL};
    struct err e = {0};

    assert_non_null(s);
    s->sink = open_memstream(&s->log, &s->log_n);
    assert_non_null(s->sink);
    log_open(s->sink, LOG_DEBUG, LOG_LOGFMT);
    graph_start(&s->graph, false);
    (void)snprintf(telegram, sizeof telegram, "TELEGRAM_API_BASE=http://127.0.0.1:%d", s->graph.port);
    (void)snprintf(chat, sizeof chat, "TELEGRAM_DESK_CHAT=%s", desk);
    rig_open(&s->rig, "sqlite::memory:", s->graph.port, more);
    if (http_client_new(8, &s->client, &e) != 0) fail_msg("%s", e.text);
    s->sender = sender_new(&s->rig.platform[PLATFORM_DESK], s->client);
    assert_non_null(s->sender);
    s->desk = contact_of_desk(s, desk);
    s->sanne = rig_contact(&s->rig, SANNE, NULL, NOW);
    s->ben = rig_contact(&s->rig, BEN, NULL, NOW);
    return s;
}

static int begin(void **state)
{
    *state = scene_new(GROUP, NULL);
    return 0;
}

static int begin_private(void **state)
{
    *state = scene_new("4200", NULL);
    return 0;
}

/* Nobody listens on that port. */
static int begin_without_meta(void **state)
{
    *state = scene_new(GROUP, "WHATSAPP_API_BASE=http://127.0.0.1:1");
    return 0;
}

/* Each platform's secret is for that platform. */
static void check_secrets(struct scene *s)
{
    for (size_t i = 0; i < graph_seen(&s->graph); i++) {
        const char *path = graph_path(&s->graph, i), *bearer = graph_bearer(&s->graph, i);
        const struct http_request *r = s->graph.seen[i];

        assert_null(memmem(r->body, r->body_n, "telegram-token", strlen("telegram-token")));
        assert_null(memmem(r->body, r->body_n, RIG_TOKEN, strlen(RIG_TOKEN)));
        assert_null(strstr(r->query, "token"));
        if (strncmp(path, "/bot", 4) == 0) {
            assert_memory_equal(path, "/bot" TOKEN "/", strlen("/bot" TOKEN "/"));
            assert_string_equal(bearer, "");
            assert_int_equal(r->method, HTTP_POST);
        } else {
            assert_null(strstr(path, "telegram-token"));
            assert_string_equal(bearer, "Bearer " RIG_TOKEN);
            assert_int_equal(r->method, HTTP_GET);
        }
    }
}

static void check_log(struct scene *s)
{
    static const char *const never[] = {TOKEN,    "telegram-token", RIG_TOKEN, "http://", "/bot",
                                        "Bearer", "refused=",       "geheim",  "Sanne",   SANNE,
                                        "/files/"};

    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    assert_int_equal(fclose(s->sink), 0);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (strstr(s->log, never[i]) != NULL) fail_msg("'%s' stands in the log:\n%s", never[i], s->log);
    free(s->log);
}

static int end(void **state)
{
    struct scene *s = *state;

    sender_free(s->sender);
    http_client_free(s->client);
    graph_hang_up(&s->graph); /* its thread writes to the log as well */
    check_secrets(s);
    check_log(s);
    rig_close(&s->rig);
    graph_free(&s->graph);
    free(s);
    return 0;
}

/* ---- rows ---- */

static int64_t put(struct scene *s, int64_t about, const struct desk_content *c)
{
    const char *chat = s->rig.config.telegram_desk_chat;
    struct buf content = {0};
    struct err e = {0};
    int64_t id = 0;

    telegram_desk_write(c, &content);
    const struct outbox_new row = {.contact = s->desk,
                                   .channel = "desk",
                                   .account = chat,
                                   .content = buf_text(&content),
                                   .now_ms = NOW,
                                   .about = {.contact = about, .account = about != 0 ? RIG_ACCOUNT : NULL}};
    rig_begin(&s->rig);
    assert_int_equal(store_outbox_add(s->rig.store, &row, &id, &e), 0);
    rig_commit(&s->rig);
    buf_free(&content);
    return id;
}

static void put_words(struct scene *s, int64_t about, const char *text)
{
    char body[128];
    const struct desk_content c = {.topic = "Sanne (WhatsApp)", .body = body};

    (void)snprintf(body, sizeof body, "{\"text\":\"geheim %s\",\"parse_mode\":\"HTML\"}", text);
    (void)put(s, about, &c);
}

static struct desk_content file_of(enum media_kind kind, const char *mime)
{
    return (struct desk_content){
        .topic = "Sanne (WhatsApp)",
        .media = {
            .given = true, .kind = kind, .id = FILE_ID, .mime = mime, .caption = CAPTION, .lost = LOST}};
}

static void put_file(struct scene *s, enum media_kind kind, const char *mime)
{
    const struct desk_content c = file_of(kind, mime);

    (void)put(s, s->sanne, &c);
}

/* As if a topic had been made before. */
static void know_topic(struct scene *s, const char *thread)
{
    struct err e = {0};

    rig_begin(&s->rig);
    assert_int_equal(store_topic_set(s->rig.store, s->sanne, RIG_ACCOUNT, GROUP, thread, &e), 0);
    rig_commit(&s->rig);
}

/* The topic of a person; "" for none. */
static const char *topic_of(struct scene *s, int64_t contact)
{
    const char *thread = "";
    struct err e = {0};

    arena_reset(s->rig.arena);
    rig_begin(&s->rig);
    assert_true(store_topic_of(s->rig.store, contact, RIG_ACCOUNT, GROUP, s->rig.arena, &thread, &e) >= 0);
    rig_commit(&s->rig);
    return thread;
}

/* ---- rounds ---- */

static int go_round(struct scene *s, int64_t now_ms)
{
    struct err e = {0};

    rig_begin(&s->rig);
    if (sender_store(s->sender, s->rig.store, now_ms, &e) != 0) fail_msg("%s", e.text);
    int moved = sender_claim(s->sender, s->rig.store, now_ms, &e);
    if (moved < 0) fail_msg("%s", e.text);
    rig_commit(&s->rig);
    sender_committed(s->sender);
    return moved;
}

static void wait_verdict(struct scene *s)
{
    for (int i = 0; i < 60000 && !sender_has_verdicts(s->sender); i++) http_client_poll(s->client, 1);
    assert_true(sender_has_verdicts(s->sender));
}

/* The next request, and no other, goes there; its number. */
static size_t comes(struct scene *s, const char *path)
{
    graph_wait(&s->graph, s->client, ++s->seen);
    assert_int_equal(graph_seen(&s->graph), s->seen);
    assert_string_equal(graph_path(&s->graph, s->seen - 1), path);
    return s->seen - 1;
}

/* A call of Telegram's; its body. */
static const char *calls(struct scene *s, const char *method)
{
    char path[128];

    (void)snprintf(path, sizeof path, "/bot" TOKEN "/%s", method);
    return graph_body(&s->graph, comes(s, path));
}

static void answer(struct scene *s, int status, const char *body)
{
    graph_answer(&s->graph, s->seen - 1, status, body);
}

/* That answer ends the errand; what was learnt is stored, and what is due goes out. How many. */
static int ends(struct scene *s, int status, const char *body, int64_t now_ms)
{
    answer(s, status, body);
    wait_verdict(s);
    assert_int_equal(graph_seen(&s->graph), s->seen);
    return go_round(s, now_ms);
}

/* Meta is asked where the file is, and says so. */
static void is_found(struct scene *s, const char *mime, int64_t size)
{
    char body[512];

    (void)comes(s, "/v25.0/" FILE_ID);
    (void)snprintf(body, sizeof body,
                   "{\"messaging_product\":\"whatsapp\",\"url\":\"http://127.0.0.1:%d/files/9?hash=a\","
                   "\"mime_type\":\"%s\",\"file_size\":%lld,\"id\":\"" FILE_ID "\"}",
                   s->graph.port, mime, (long long)size);
    answer(s, 200, body);
}

static void is_fetched(struct scene *s, const char *mime)
{
    is_found(s, mime, (int64_t)strlen(BYTES));
    (void)comes(s, "/files/9");
    answer(s, 200, BYTES);
}

static void expect_words(const char *body, const char *text)
{
    if (strstr(body, text) == NULL) fail_msg("no '%s' in %s", text, body);
}

/* In place of the file: its caption, and that it is gone. */
static void words_instead(struct scene *s)
{
    const char *body = calls(s, "sendMessage");

    expect_words(body, "{\"chat_id\":" GROUP ",\"message_thread_id\":77,\"text\":\"");
    expect_words(body, CAPTION);
    expect_words(body, LOST);
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
}

/* ---- topics ---- */

static void the_first_row_makes_a_topic_and_goes_there_once_it_is_stored(void **state)
{
    struct scene *s = *state;

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    assert_string_equal(calls(s, "createForumTopic"),
                        "{\"chat_id\":" GROUP ",\"name\":\"Sanne (WhatsApp)\"}");
    answer(s, 200, MADE);
    wait_verdict(s);
    http_client_poll(s->client, 1);
    assert_int_equal(graph_seen(&s->graph), 1);
    assert_string_equal(topic_of(s, s->sanne), "");
    assert_int_equal(go_round(s, NOW), 1); /* at once */
    assert_string_equal(topic_of(s, s->sanne), "77");
    assert_string_equal(calls(s, "sendMessage"), "{\"chat_id\":" GROUP ",\"message_thread_id\":77,"
                                                 "\"text\":\"geheim een\",\"parse_mode\":\"HTML\"}");
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
    assert_false(sender_flat(s->sender));
}

static void further_rows_use_it_and_another_person_has_one_of_their_own(void **state)
{
    struct scene *s = *state;

    know_topic(s, "77");
    put_words(s, s->sanne, "twee");
    put_words(s, s->ben, "drie");
    assert_int_equal(go_round(s, NOW), 1);
    expect_words(calls(s, "sendMessage"), "\"message_thread_id\":77");
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 1);
    (void)calls(s, "createForumTopic");
    assert_int_equal(ends(s, 200, "{\"ok\":true,\"result\":{\"message_thread_id\":78}}", NOW), 1);
    expect_words(calls(s, "sendMessage"), "\"message_thread_id\":78");
    assert_string_equal(topic_of(s, s->sanne), "77");
    assert_string_equal(topic_of(s, s->ben), "78");
}

static void what_is_about_nobody_needs_none(void **state)
{
    struct scene *s = *state;

    put_words(s, 0, "goedemorgen");
    assert_int_equal(go_round(s, NOW), 1);
    assert_null(strstr(calls(s, "sendMessage"), "message_thread_id"));
}

static void a_rollback_keeps_what_was_made(void **state)
{
    struct scene *s = *state;
    struct err e = {0};

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    answer(s, 200, MADE);
    wait_verdict(s);
    rig_begin(&s->rig);
    assert_int_equal(sender_store(s->sender, s->rig.store, NOW, &e), 0);
    assert_int_equal(sender_claim(s->sender, s->rig.store, NOW, &e), 1);
    store_rollback(s->rig.store);
    sender_rolled_back(s->sender);
    assert_string_equal(topic_of(s, s->sanne), "");
    assert_int_equal(go_round(s, NOW), 1);
    assert_string_equal(topic_of(s, s->sanne), "77");
    expect_words(calls(s, "sendMessage"), "\"message_thread_id\":77");
}

/* Whatever Telegram's reason. */
static void without_a_forum_rows_go_without_topics_from_then_on(void **state)
{
    struct scene *s = *state;

    know_topic(s, "77"); /* from when it was one */
    put_words(s, s->ben, "een");
    put_words(s, s->ben, "twee");
    put_words(s, s->sanne, "drie");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    answer(s, 400, "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: whatever\"}");
    assert_null(strstr(calls(s, "sendMessage"), "message_thread_id"));
    assert_false(sender_flat(s->sender));
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 1);
    assert_true(sender_flat(s->sender));
    assert_null(strstr(calls(s, "sendMessage"), "message_thread_id"));
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 1);
    assert_null(strstr(calls(s, "sendMessage"), "message_thread_id"));
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 3);
    assert_string_equal(topic_of(s, s->ben), "");
}

/* The file is fetched all the same. */
static void without_a_forum_a_file_goes_as_well(void **state)
{
    struct scene *s = *state;

    put_file(s, MEDIA_VIDEO, "video/mp4");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    answer(s, 400, NO_FORUM);
    is_fetched(s, "video/mp4");
    assert_null(strstr(calls(s, "sendVideo"), "message_thread_id"));
    assert_int_equal(ends(s, 200, ACCEPTED, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
}

static void a_private_desk_never_makes_a_topic(void **state)
{
    struct scene *s = *state;

    assert_true(sender_flat(s->sender));
    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    assert_string_equal(calls(s, "sendMessage"),
                        "{\"chat_id\":4200,\"text\":\"geheim een\",\"parse_mode\":\"HTML\"}");
}

static void a_topic_that_cannot_be_made_now_is_tried_again_later(void **state)
{
    static const struct {
        int status;
        const char *body;
        int64_t wait_ms;
    } answers[] = {{429, TOO_MANY, 7000}, {500, BROKEN, 2000}, {502, "", 4000}, {200, NO_ID, 8000}};
    struct scene *s = *state;
    int64_t now = NOW;

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, now), 1);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        (void)calls(s, "createForumTopic");
        assert_int_equal(ends(s, answers[i].status, answers[i].body, now), 0);
        assert_int_equal(rig_outbox(&s->rig, "due"), 1);
        assert_int_equal(rig_next(&s->rig) - now, answers[i].wait_ms);
        assert_string_equal(topic_of(s, s->sanne), "");
        now = rig_next(&s->rig);
        assert_int_equal(go_round(s, now), 1);
    }
    (void)calls(s, "createForumTopic");
    assert_false(sender_flat(s->sender));
}

static void a_lost_answer_to_a_topic_sends_nothing_and_comes_again(void **state)
{
    struct scene *s = *state;

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    graph_hang_up(&s->graph);
    wait_verdict(s);
    assert_int_equal(go_round(s, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
    assert_int_equal(rig_next(&s->rig) - NOW, 1000);
    assert_int_equal(graph_seen(&s->graph), 1);
}

static void a_topic_that_is_gone_is_forgotten_and_made_anew(void **state)
{
    struct scene *s = *state;

    know_topic(s, "76");
    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "sendMessage");
    assert_int_equal(ends(s, 400, NO_THREAD, NOW), 0);
    assert_string_equal(topic_of(s, s->sanne), "");
    assert_int_equal(rig_next(&s->rig) - NOW, 1000);
    assert_int_equal(go_round(s, NOW + 1000), 1);
    (void)calls(s, "createForumTopic");
    assert_int_equal(ends(s, 200, MADE, NOW + 1000), 1);
    expect_words(calls(s, "sendMessage"), "\"message_thread_id\":77");
    assert_int_equal(ends(s, 200, ACCEPTED, NOW + 1000), 0);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
}

/* Its topic gone beneath a file: nothing is given up for that. */
static void a_file_finds_its_topic_gone_as_well(void **state)
{
    struct scene *s = *state;

    know_topic(s, "76");
    put_file(s, MEDIA_IMAGE, "image/jpeg");
    assert_int_equal(go_round(s, NOW), 1);
    is_fetched(s, "image/jpeg");
    (void)calls(s, "sendPhoto");
    assert_int_equal(ends(s, 400, NO_THREAD, NOW), 0);
    assert_string_equal(topic_of(s, s->sanne), "");
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
}

static void who_says_for_ever_that_it_is_gone_is_asked_ever_less(void **state)
{
    struct scene *s = *state;
    int64_t now = NOW, waited = 0;

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, now), 1);
    for (int i = 0; i < 4; i++) {
        (void)calls(s, "createForumTopic");
        assert_int_equal(ends(s, 200, MADE, now), 1);
        (void)calls(s, "sendMessage");
        assert_int_equal(ends(s, 400, NO_THREAD, now), 0);
        int64_t wait = rig_next(&s->rig) - now;
        assert_true(wait >= 2000 && wait >= 2 * waited);
        waited = wait;
        now += wait;
        assert_int_equal(go_round(s, now), 1);
    }
}

static void a_topic_is_deleted(void **state)
{
    static const struct desk_content erase = {.erase = "77"};
    struct scene *s = *state;

    (void)put(s, 0, &erase);
    (void)put(s, 0, &erase);
    assert_int_equal(go_round(s, NOW), 1);
    assert_string_equal(calls(s, "deleteForumTopic"), "{\"chat_id\":" GROUP ",\"message_thread_id\":77}");
    assert_int_equal(ends(s, 200, "{\"ok\":true,\"result\":true}", NOW), 1);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
    (void)calls(s, "deleteForumTopic");
    assert_int_equal(ends(s, 400, NO_THREAD, NOW), 0); /* she did it already */
    assert_int_equal(rig_outbox(&s->rig, "dead"), 1);
    assert_true(rig_next(&s->rig) == INT64_MAX);
}

/* It bears their name, and nobody would ever delete it. */
static void a_topic_made_for_somebody_erased_meanwhile_is_deleted(void **state)
{
    struct scene *s = *state;
    struct err e = {0};

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    rig_begin(&s->rig);
    assert_int_equal(store_contact_erase(s->rig.store, s->sanne, NOW, &e), 0);
    rig_commit(&s->rig);
    assert_int_equal(ends(s, 200, MADE, NOW), 1);
    assert_string_equal(calls(s, "deleteForumTopic"), "{\"chat_id\":" GROUP ",\"message_thread_id\":77}");
    assert_int_equal(ends(s, 200, "{\"ok\":true,\"result\":true}", NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "withdrawn"), 1);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
    assert_true(rig_next(&s->rig) == INT64_MAX);
}

/* ---- sends ---- */

static void a_lost_answer_to_a_send_leaves_it_unsure_and_makes_no_second_topic(void **state)
{
    struct scene *s = *state;

    put_words(s, s->sanne, "een");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    assert_int_equal(ends(s, 200, MADE, NOW), 1);
    (void)calls(s, "sendMessage");
    assert_int_equal(ends(s, 200, NO_ID, NOW), 0); /* taken, and nobody knows as what */
    assert_int_equal(rig_outbox(&s->rig, "unsure"), 1);
    assert_int_equal(go_round(s, rig_next(&s->rig)), 1);
    expect_words(calls(s, "sendMessage"), "\"message_thread_id\":77");
    graph_hang_up(&s->graph);
    wait_verdict(s);
    assert_int_equal(go_round(s, NOW + 60000), 0);
    assert_int_equal(rig_outbox(&s->rig, "unsure"), 1);
    assert_string_equal(topic_of(s, s->sanne), "77");
}

/* A desk is nobody's chat that the dialogue should hear of. */
static void a_desk_that_put_the_bot_out_is_no_person_who_left(void **state)
{
    struct scene *s = *state;
    size_t n;

    put_words(s, 0, "een");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "sendMessage");
    assert_int_equal(ends(s, 403,
                          "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was "
                          "kicked from the supergroup chat\"}",
                          NOW),
                     0);
    (void)sender_gone(s->sender, &n);
    assert_int_equal(n, 0);
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
}

static void a_quote_stands_in_the_call(void **state)
{
    static const struct desk_content c = {.body = "{\"text\":\"geheim\"}", .quote = "41"};
    struct scene *s = *state;

    (void)put(s, 0, &c);
    assert_int_equal(go_round(s, NOW), 1);
    expect_words(calls(s, "sendMessage"), "\"reply_parameters\":{\"message_id\":41,");
}

static void a_row_that_cannot_be_read_dies_without_a_call(void **state)
{
    static const struct desk_content nothing = {.topic = "Sanne (WhatsApp)"};
    struct scene *s = *state;

    (void)put(s, s->sanne, &nothing);
    assert_int_equal(go_round(s, NOW), 1);
    assert_int_equal(rig_outbox(&s->rig, "dead"), 1);
    assert_int_equal(sender_flights(s->sender), 0);
}

/* ---- files ---- */

static void a_file_is_found_fetched_and_given(void **state)
{
    static const struct {
        enum media_kind kind;
        const char *mime, *method, *field;
    } ways[] = {{MEDIA_IMAGE, "image/jpeg", "sendPhoto", "name=\"photo\""},
                {MEDIA_VIDEO, "video/mp4", "sendVideo", "name=\"video\""},
                {MEDIA_AUDIO, "audio/mpeg", "sendAudio", "name=\"audio\""},
                {MEDIA_VOICE, "audio/mp4", "sendAudio", "name=\"audio\""},
                {MEDIA_DOCUMENT, "application/pdf", "sendDocument", "name=\"document\""}};
    struct scene *s = *state;

    know_topic(s, "77");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) put_file(s, ways[i].kind, NULL);
    assert_int_equal(go_round(s, NOW), 1);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        is_fetched(s, ways[i].mime); /* what it is Meta tells */
        const char *body = calls(s, ways[i].method);
        expect_words(body, ways[i].field);
        expect_words(body, "name=\"chat_id\"\r\n\r\n" GROUP "\r\n");
        expect_words(body, "name=\"message_thread_id\"\r\n\r\n77\r\n");
        expect_words(body, "name=\"caption\"\r\n\r\n" CAPTION "\r\n");
        expect_words(body, "\r\n\r\n" BYTES "\r\n");
        assert_int_equal(ends(s, 200, ACCEPTED, NOW), i + 1 < sizeof ways / sizeof *ways);
    }
    assert_int_equal(rig_outbox(&s->rig, "sent"), (int64_t)(sizeof ways / sizeof *ways));
}

static void a_file_waits_for_its_topic_before_anything_is_fetched(void **state)
{
    struct scene *s = *state;

    put_file(s, MEDIA_IMAGE, "image/jpeg");
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "createForumTopic");
    assert_int_equal(ends(s, 200, MADE, NOW), 1);
    is_fetched(s, "image/jpeg");
    expect_words(calls(s, "sendPhoto"), "name=\"message_thread_id\"\r\n\r\n77\r\n");
}

static void begin_a_file(struct scene *s)
{
    know_topic(s, "77");
    put_file(s, MEDIA_IMAGE, "image/jpeg");
    assert_int_equal(go_round(s, NOW), 1);
}

static void a_file_that_meta_does_not_know_is_told_as_lost(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    (void)comes(s, "/v25.0/" FILE_ID);
    answer(s, 404, META_ERROR);
    words_instead(s);
}

static void an_answer_without_an_address_is_no_file(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    (void)comes(s, "/v25.0/" FILE_ID);
    answer(s, 200, "{\"url\":\"ftp://geheim\"}");
    words_instead(s);
}

static void bytes_that_are_gone_are_told_as_lost(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    is_found(s, "image/jpeg", 10);
    (void)comes(s, "/files/9");
    answer(s, 404, META_ERROR);
    words_instead(s);
}

static void an_empty_file_is_told_as_lost(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    is_found(s, "image/jpeg", 0);
    (void)comes(s, "/files/9");
    answer(s, 200, "");
    words_instead(s);
}

static void a_file_that_is_said_to_be_too_large_is_not_fetched(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    is_found(s, "image/jpeg", FILE_MAX + 1);
    words_instead(s);
}

static void a_file_that_turns_out_too_large_is_cut_and_told_as_lost(void **state)
{
    struct scene *s = *state;
    char *large = malloc(FILE_MAX + 1);

    assert_non_null(large);
    memset(large, 'x', FILE_MAX + 1);
    begin_a_file(s);
    is_found(s, "image/jpeg", 0); /* not told */
    size_t i = comes(s, "/files/9");
    http_server_answer(s->graph.server, s->graph.seen[i]->id, 200, "image/jpeg", large, FILE_MAX + 1);
    words_instead(s);
    free(large);
}

/* Far larger than the answers of other calls. */
static void a_file_that_fits_arrives_whole(void **state)
{
    enum { LARGE = 300 * 1000 };
    struct scene *s = *state;
    char *large = malloc(LARGE);

    assert_non_null(large);
    memset(large, '\0', LARGE); /* any bytes */
    begin_a_file(s);
    is_found(s, "image/jpeg", FILE_MAX);
    size_t i = comes(s, "/files/9");
    http_server_answer(s->graph.server, s->graph.seen[i]->id, 200, "image/jpeg", large, LARGE);
    (void)calls(s, "sendPhoto");
    const struct http_request *r = s->graph.seen[s->seen - 1];
    assert_non_null(memmem(r->body, r->body_n, large, LARGE));
    free(large);
}

static void trouble_at_meta_is_waited_for(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    (void)comes(s, "/v25.0/" FILE_ID);
    assert_int_equal(ends(s, 500, META_ERROR, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
    assert_int_equal(rig_next(&s->rig) - NOW, 1000);
    assert_int_equal(go_round(s, NOW + 1000), 1);
    is_found(s, "image/jpeg", 10);
    (void)comes(s, "/files/9");
    assert_int_equal(ends(s, 429, META_ERROR, NOW + 1000), 0);
    assert_int_equal(rig_next(&s->rig) - NOW, 3000);
    assert_int_equal(go_round(s, NOW + 3000), 1);
    is_fetched(s, "image/jpeg"); /* from the start: the address is of 5 minutes */
    (void)calls(s, "sendPhoto");
}

/* All else for the desk waits behind it: minutes, not for ever. */
static void trouble_at_meta_that_stays_ends_in_words(void **state)
{
    struct scene *s = *state;
    int64_t now = NOW;
    int tries = 1;

    begin_a_file(s);
    for (;; tries++) {
        (void)comes(s, "/v25.0/" FILE_ID);
        answer(s, 500, META_ERROR);
        if (tries == 10) break;
        wait_verdict(s);
        assert_int_equal(go_round(s, now), 0);
        now = rig_next(&s->rig);
        assert_int_equal(go_round(s, now), 1);
    }
    assert_in_range(now - NOW, 8 * 60 * 1000, 10 * 60 * 1000);
    words_instead(s);
}

static void a_meta_that_is_not_there_is_waited_for(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    wait_verdict(s);
    assert_int_equal(go_round(s, NOW), 0);
    assert_int_equal(graph_seen(&s->graph), 0); /* Telegram is */
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
    assert_int_equal(rig_next(&s->rig) - NOW, 1000);
}

static void a_photo_that_is_refused_goes_as_a_document_and_then_as_words(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    is_fetched(s, "image/jpeg");
    (void)calls(s, "sendPhoto");
    answer(s, 400, REFUSED);
    const char *body = calls(s, "sendDocument");
    expect_words(body, "name=\"document\"");
    expect_words(body, CAPTION);
    expect_words(body, BYTES);
    answer(s, 400, REFUSED);
    words_instead(s);
}

static void words_that_are_refused_as_well_end_the_row(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    (void)comes(s, "/v25.0/" FILE_ID);
    answer(s, 404, META_ERROR);
    (void)calls(s, "sendMessage");
    assert_int_equal(ends(s, 400, REFUSED, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "dead"), 1);
}

/* Tried again it would be refused here for ever, and all that follows would wait behind it. */
static void a_file_that_no_call_can_carry_is_told_as_lost(void **state)
{
    char caption[1100];
    struct scene *s = *state;
    struct desk_content c = file_of(MEDIA_IMAGE, "image/jpeg");

    memset(caption, 'x', sizeof caption);
    (void)snprintf(caption + sizeof caption - sizeof CAPTION, sizeof CAPTION, "%s", CAPTION);
    c.media.caption = caption; /* longer than one may be */
    know_topic(s, "77");
    (void)put(s, s->sanne, &c);
    assert_int_equal(go_round(s, NOW), 1);
    is_fetched(s, "image/jpeg");
    words_instead(s);
}

static void a_file_with_an_id_that_is_none_is_told_as_lost(void **state)
{
    struct scene *s = *state;
    struct desk_content c = file_of(MEDIA_IMAGE, "image/jpeg");

    c.media.id = "../geheim";
    know_topic(s, "77");
    (void)put(s, s->sanne, &c);
    assert_int_equal(go_round(s, NOW), 1);
    words_instead(s);
}

/* Nothing is wrong with the file then. */
static void a_telegram_in_trouble_is_waited_for(void **state)
{
    struct scene *s = *state;

    begin_a_file(s);
    is_fetched(s, "image/jpeg");
    (void)calls(s, "sendPhoto");
    assert_int_equal(ends(s, 429, TOO_MANY, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
    assert_int_equal(rig_next(&s->rig) - NOW, 7000);
}

/* ---- a file that is on Telegram already ---- */

static void put_copy(struct scene *s)
{
    struct desk_content c = file_of(MEDIA_IMAGE, NULL);

    c.media.id = NULL;
    c.media.chat = "4711";
    c.media.message = "12";
    (void)put(s, s->sanne, &c);
}

static void a_file_on_telegram_is_copied_and_found_by_a_quote(void **state)
{
    struct scene *s = *state;
    struct whom whom = {0};
    struct err e = {0};

    know_topic(s, "77");
    put_copy(s);
    assert_int_equal(go_round(s, NOW), 1);
    const char *body = calls(s, "copyMessage");
    expect_words(body, "\"chat_id\":" GROUP);
    expect_words(body, "\"message_thread_id\":77");
    expect_words(body, "\"from_chat_id\":4711");
    expect_words(body, "\"message_id\":12");
    assert_int_equal(ends(s, 200, COPIED, NOW), 0);
    assert_int_equal(rig_outbox(&s->rig, "sent"), 1);
    rig_begin(&s->rig);
    assert_int_equal(store_outbox_whom(s->rig.store, "desk", GROUP "/56", s->rig.arena, &whom, &e), 1);
    rig_commit(&s->rig);
    assert_int_equal(whom.contact, s->sanne);
    assert_string_equal(whom.account, RIG_ACCOUNT);
}

static void what_cannot_be_copied_is_told_as_lost(void **state)
{
    struct scene *s = *state;

    know_topic(s, "77");
    put_copy(s);
    assert_int_equal(go_round(s, NOW), 1);
    (void)calls(s, "copyMessage");
    answer(s, 400,
           "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: message to copy not found\"}");
    words_instead(s);
}

int test_errand(void)
{
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_SCENE(the_first_row_makes_a_topic_and_goes_there_once_it_is_stored),
        WITH_SCENE(further_rows_use_it_and_another_person_has_one_of_their_own),
        WITH_SCENE(what_is_about_nobody_needs_none),
        WITH_SCENE(a_rollback_keeps_what_was_made),
        WITH_SCENE(without_a_forum_rows_go_without_topics_from_then_on),
        WITH_SCENE(without_a_forum_a_file_goes_as_well),
        cmocka_unit_test_setup_teardown(a_private_desk_never_makes_a_topic, begin_private, end),
        WITH_SCENE(a_topic_that_cannot_be_made_now_is_tried_again_later),
        WITH_SCENE(a_lost_answer_to_a_topic_sends_nothing_and_comes_again),
        WITH_SCENE(a_topic_that_is_gone_is_forgotten_and_made_anew),
        WITH_SCENE(a_file_finds_its_topic_gone_as_well),
        WITH_SCENE(who_says_for_ever_that_it_is_gone_is_asked_ever_less),
        WITH_SCENE(a_topic_is_deleted),
        WITH_SCENE(a_topic_made_for_somebody_erased_meanwhile_is_deleted),
        WITH_SCENE(a_lost_answer_to_a_send_leaves_it_unsure_and_makes_no_second_topic),
        WITH_SCENE(a_desk_that_put_the_bot_out_is_no_person_who_left),
        WITH_SCENE(a_quote_stands_in_the_call),
        WITH_SCENE(a_row_that_cannot_be_read_dies_without_a_call),
        WITH_SCENE(a_file_is_found_fetched_and_given),
        WITH_SCENE(a_file_waits_for_its_topic_before_anything_is_fetched),
        WITH_SCENE(a_file_that_meta_does_not_know_is_told_as_lost),
        WITH_SCENE(an_answer_without_an_address_is_no_file),
        WITH_SCENE(bytes_that_are_gone_are_told_as_lost),
        WITH_SCENE(an_empty_file_is_told_as_lost),
        WITH_SCENE(a_file_that_is_said_to_be_too_large_is_not_fetched),
        WITH_SCENE(a_file_that_turns_out_too_large_is_cut_and_told_as_lost),
        WITH_SCENE(a_file_that_fits_arrives_whole),
        WITH_SCENE(trouble_at_meta_is_waited_for),
        WITH_SCENE(trouble_at_meta_that_stays_ends_in_words),
        cmocka_unit_test_setup_teardown(a_meta_that_is_not_there_is_waited_for, begin_without_meta, end),
        WITH_SCENE(a_photo_that_is_refused_goes_as_a_document_and_then_as_words),
        WITH_SCENE(words_that_are_refused_as_well_end_the_row),
        WITH_SCENE(a_file_that_no_call_can_carry_is_told_as_lost),
        WITH_SCENE(a_file_with_an_id_that_is_none_is_told_as_lost),
        WITH_SCENE(a_telegram_in_trouble_is_waited_for),
        WITH_SCENE(a_file_on_telegram_is_copied_and_found_by_a_quote),
        WITH_SCENE(what_cannot_be_copied_is_told_as_lost),
    };
#undef WITH_SCENE
    return UNIT_RUN(tests);
}

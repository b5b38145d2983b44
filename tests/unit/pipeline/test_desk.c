/* The human's desk: what she is told, what she writes, and that the bot is silent meanwhile. */
#include "unit.h"

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "content.h"
#include "desk.h"
#include "err.h"
#include "rig.h"
#include "store.h"
#include "timer.h"
#include "turn.h"

int test_desk(void);

#define SANNE  "31612345678"
#define GROUP  "-1001234567890"
#define BOT    "700900"
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const char *const with_group[] = {"TELEGRAM_BOT_TOKEN=" BOT ":rig-telegram-token-0123456789abcdef",
                                         "TELEGRAM_DESK_CHAT=" GROUP, NULL};
static const char *const with_private[] = {"TELEGRAM_BOT_TOKEN=" BOT ":rig-telegram-token-0123456789abcdef",
                                           "TELEGRAM_DESK_CHAT=4200", "WHATSAPP_TEMPLATE=weer_contact", NULL};
static const char *const without[] = {"TELEGRAM_BOT_TOKEN=" BOT ":rig-telegram-token-0123456789abcdef", NULL};

struct scene {
    struct rig rig;
    struct desk *desk;
    int64_t now;
    const char *name;            /* the customer's; NULL: Sanne */
    int updates, messages, sent; /* counted, for ids */
    int64_t next;                /* when the desk wants to be visited again */
    struct buf left;             /* what left for the desk in the last round, a content a line */
    char last[64];               /* the id of the message that left for the desk last          */
};

static struct scene *scene_new(const char *url, const char *const *settings)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    rig_open(&s->rig, url, 1, settings);
    rig_content(&s->rig);
    if (s->rig.config.telegram_desk_chat != NULL) s->desk = desk_new(&s->rig.config);
    if (s->desk != NULL) desk_set_flat(s->desk, settings == with_private);
    s->now = RIG_NOW;
    return s;
}

static void scene_free(struct scene *s)
{
    desk_free(s->desk);
    buf_free(&s->left);
    rig_close(&s->rig);
    free(s);
}

static int begin(void **state)
{
    *state = scene_new("sqlite::memory:", with_group);
    return 0;
}

static int begin_private(void **state)
{
    *state = scene_new("sqlite::memory:", with_private);
    return 0;
}

static int begin_without(void **state)
{
    *state = scene_new("sqlite::memory:", without);
    return 0;
}

static int end(void **state)
{
    scene_free(*state);
    return 0;
}

static struct turns turns_of(struct scene *s)
{
    arena_reset(s->rig.arena);
    return (struct turns){.config = &s->rig.config,
                          .platforms = s->rig.platform,
                          .content = s->rig.content,
                          .store = s->rig.store,
                          .arena = s->rig.arena,
                          .desk = s->desk,
                          .now_ms = s->now};
}

/* What leaves for the desk is accepted at once: a topic is made where one is wanted. */
static void deliver(struct scene *s)
{
    struct outbox_row *row;
    struct err e = {0};

    arena_reset(s->rig.arena);
    rig_begin(&s->rig);
    assert_int_equal(
        store_outbox_claim(s->rig.store, s->rig.config.telegram_desk_chat, s->now, 9, s->rig.arena, &row, &e),
        0);
    for (; row != NULL; row = row->next) {
        (void)snprintf(s->last, sizeof s->last, "%s/%d", s->rig.config.telegram_desk_chat, 900 + ++s->sent);
        const struct outbox_result ok = {.state = OUTBOX_SENT, .platform_id = s->last, .now_ms = s->now};
        assert_int_equal(store_outbox_settle(s->rig.store, row->id, &ok, &e), 0);
        buf_addf(&s->left, "%s\n", row->content);
        if (row->about.contact == 0 || row->thread != NULL || s->rig.config.telegram_desk_chat[0] != '-')
            continue;
        assert_int_equal(
            store_topic_set(s->rig.store, row->about.contact, row->about.account, GROUP, "77", &e), 0);
    }
    rig_commit(&s->rig);
}

/* One round of the road with this body, or none. */
static void round_of(struct scene *s, enum platform_id platform, const char *body)
{
    struct turns t = turns_of(s);
    struct err e = {0};
    int64_t next;
    int status = 200;

    buf_clear(&s->left);
    rig_begin(&s->rig);
    if (body != NULL && turns_run(&t, &s->rig.platform[platform], body, strlen(body), &status, &e) != 0)
        fail_msg("%s", e.text);
    assert_int_equal(status, 200);
    if (timers_run(&t, &next, &e) != 0) fail_msg("%s", e.text);
    if (s->desk != NULL && desk_run(&t, &s->next, &e) != 0) fail_msg("%s", e.text);
    rig_commit(&s->rig);
    assert_int_equal(t.failed, 0);
    if (s->desk != NULL) deliver(s);
    s->now += 1000;
}

static void customer_item(struct scene *s, const char *type)
{
    struct buf body = {0};

    buf_addf(&body,
             "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":"
             "\"messages\",\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{"
             "\"phone_number_id\":\"" RIG_ACCOUNT "\"},\"contacts\":[{\"wa_id\":\"" SANNE "\",\"profile\":{"
             "\"name\":\"%s\"}}],\"messages\":[{\"from\":\"" SANNE "\",\"id\":\"wamid.%d\",\"timestamp\":"
             "\"%lld\",%s}]}}]}]}",
             s->name != NULL ? s->name : "Sanne", ++s->messages, (long long)(s->now / 1000), type);
    round_of(s, PLATFORM_WHATSAPP, buf_text(&body));
    buf_free(&body);
}

static void customer(struct scene *s, const char *text)
{
    struct buf type = {0};

    buf_addf(&type, "\"type\":\"text\",\"text\":{\"body\":\"%s\"}", text);
    customer_item(s, buf_text(&type));
    buf_free(&type);
}

/* An update of the desk's chat: `head`, date and chat, `where`, `tail`. */
static void desk_update(struct scene *s, const char *kind, const char *head, const char *where,
                        const char *tail)
{
    const char *chat = s->rig.config.telegram_desk_chat;
    struct buf body = {0};

    buf_addf(&body,
             "{\"ok\":true,\"result\":[{\"update_id\":%d,\"%s\":{\"from\":{\"id\":42,\"is_bot\":false,"
             "\"first_name\":\"Elisah\"},%s\"date\":%lld,\"chat\":{\"id\":%s,\"type\":\"%s\"}%s%s}]}",
             ++s->updates, kind, head, (long long)(s->now / 1000), chat,
             chat[0] == '-' ? "supergroup" : "private", where, tail);
    round_of(s, PLATFORM_TELEGRAM, buf_text(&body));
    buf_free(&body);
}

static const char in_topic[] = ",\"is_topic_message\":true,\"message_thread_id\":77";

static void she_writes_at(struct scene *s, const char *text, const char *where)
{
    struct buf head = {0}, tail = {0};

    buf_addf(&head, "\"message_id\":%d,", 5000 + s->updates);
    buf_addf(&tail, ",\"text\":\"%s\"}", text);
    desk_update(s, "message", buf_text(&head), where, buf_text(&tail));
    buf_free(&head);
    buf_free(&tail);
}

static void she_writes(struct scene *s, const char *text)
{
    she_writes_at(s, text, in_topic);
}

static void she_presses(struct scene *s, const char *id)
{
    bool group = s->rig.config.telegram_desk_chat[0] == '-';
    struct buf head = {0};

    buf_addf(&head, "\"id\":\"p%d\",\"data\":\"%s\",\"message\":{\"message_id\":%s,", s->updates, id,
             strchr(s->last, '/') + 1);
    desk_update(s, "callback_query", buf_text(&head), group ? in_topic : "", "}}");
    buf_free(&head);
}

static void an_echo_at(struct scene *s, const char *id, const char *type, int64_t sent_ms)
{
    struct buf body = {0};

    hook_echo(&body, SANNE, id, type, sent_ms);
    round_of(s, PLATFORM_WHATSAPP, buf_text(&body));
    buf_free(&body);
}

static void an_echo(struct scene *s, const char *id, const char *type)
{
    an_echo_at(s, id, type, s->now);
}

static void echo_at(struct scene *s, const char *id, const char *text, int64_t sent_ms)
{
    struct buf type = {0};

    buf_addf(&type, "\"type\":\"text\",\"text\":{\"body\":\"%s\"}", text);
    an_echo_at(s, id, buf_text(&type), sent_ms);
    buf_free(&type);
}

static void she_uses_the_app(struct scene *s, const char *id, const char *text)
{
    echo_at(s, id, text, s->now);
}

/* What would leave for the customer, in order; and it has left. */
static const char *to_customer(struct scene *s)
{
    struct outbox_row *row;
    struct buf all = {0};
    struct err e = {0};

    arena_reset(s->rig.arena);
    rig_begin(&s->rig);
    for (;;) {
        assert_int_equal(store_outbox_claim(s->rig.store, RIG_ACCOUNT, s->now, 1, s->rig.arena, &row, &e), 0);
        if (row == NULL) break;
        const struct outbox_result ok = {.state = OUTBOX_SENT, .platform_id = "wamid.OURS", .now_ms = s->now};
        assert_int_equal(store_outbox_settle(s->rig.store, row->id, &ok, &e), 0);
        buf_addf(&all, "%s\n", row->content);
    }
    rig_commit(&s->rig);
    const char *copy = arena_strdup(s->rig.arena, buf_text(&all));
    buf_free(&all);
    return copy;
}

static const char *holder(struct scene *s)
{
    struct waiting_row *row;
    struct err e = {0};
    size_t n;

    rig_begin(&s->rig);
    assert_int_equal(store_waiting(s->rig.store, s->rig.arena, &row, &n, &e), 0);
    rig_commit(&s->rig);
    return n == 0 ? "bot" : row->holder;
}

#define assert_holder(s, name)   assert_string_equal(holder(s), name)
#define assert_left(s, part)     assert_non_null(strstr(buf_text(&(s)->left), part))
#define assert_not_left(s, part) assert_null(strstr(buf_text(&(s)->left), part))
#define assert_to_customer(s, x) assert_non_null(strstr(to_customer(s), x))
#define assert_silent(s)         assert_string_equal(to_customer(s), "")

static size_t clean(struct scene *s, const struct retention *r)
{
    struct janitor_report report;
    struct err e = {0};

    rig_begin(&s->rig);
    assert_int_equal(store_janitor(s->rig.store, r, &report, &e), 0);
    rig_commit(&s->rig);
    return report.texts;
}

/* Sanne has answered a question and asks for her. */
static void ask(struct scene *s)
{
    customer(s, "hoi");
    customer(s, "ja");
    customer_item(s, "\"type\":\"interactive\",\"interactive\":{\"type\":\"button_reply\",\"button_reply\":{"
                     "\"id\":\"usage=daily\",\"title\":\"Elke dag\"}}");
    customer(s, "praat met elisah");
    assert_to_customer(s, "Elisah krijgt dit nu binnen");
    assert_holder(s, "waiting");
}

/* ---- told ---- */

static void who_asks_comes_with_a_dossier(void **state)
{
    struct scene *s = *state;

    ask(s);
    assert_left(s, "\"topic\":\"Sanne (WhatsApp)\"");
    assert_left(s, "Sanne wil je spreken");
    assert_left(s, "Via WhatsApp, +" SANNE);
    assert_left(s, "praat met elisah");
    assert_left(s, "Een deel van de dag");
    assert_left(s, "Je kunt hier antwoorden tot morgen");
    assert_left(s, "desk:take");
    assert_left(s, "desk:later");
    assert_left(s, "desk:back");
    customer(s, "kan het vandaag nog?");
    assert_left(s, "kan het vandaag nog?");
}

static void lines_that_wait_together_are_one_message(void **state)
{
    struct scene *s = *state;
    struct outbox_row *row;
    struct err e = {0};

    ask(s);
    customer(s, "een");
    /* One is on its way: what comes meanwhile waits. */
    struct turns t = turns_of(s);
    rig_begin(&s->rig);
    assert_int_equal(desk_run(&t, &s->next, &e), 0);
    rig_commit(&s->rig);
    buf_clear(&s->left);
    she_presses(s, "desk:later");
    assert_left(s, "Ik herinner je eraan");
    rig_begin(&s->rig);
    const struct line_new line = {.contact = 0, .now_ms = s->now, .text = "op weg"};
    assert_int_equal(store_line_add(s->rig.store, &line, &e), 0);
    t = turns_of(s);
    assert_int_equal(desk_run(&t, &s->next, &e), 0);
    assert_int_equal(store_outbox_claim(s->rig.store, GROUP, s->now, 9, s->rig.arena, &row, &e), 0);
    assert_non_null(row);
    const int64_t id = row->id;
    rig_commit(&s->rig);
    customer(s, "twee");
    assert_string_equal(buf_text(&s->left), "");
    customer(s, "drie");
    assert_string_equal(buf_text(&s->left), "");
    rig_begin(&s->rig);
    const struct outbox_result ok = {.state = OUTBOX_SENT, .platform_id = GROUP "/1", .now_ms = s->now};
    assert_int_equal(store_outbox_settle(s->rig.store, id, &ok, &e), 0);
    rig_commit(&s->rig);
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "twee\\\\n\\\\ndrie");
}

/* Telegram takes 20 a minute in a group. */
static void no_more_leaves_than_a_group_takes(void **state)
{
    struct scene *s = *state;
    size_t left = 0;

    ask(s);
    for (int i = 0; i < 30; i++) {
        customer(s, "nog iets");
        left += s->left.len > 0;
    }
    assert_in_range(left, 15, 18);
    assert_true(s->next > s->now && s->next < s->now + MINUTE);
    s->now = s->next;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "nog iets\\\\n\\\\nnog iets");
}

/* ---- written ---- */

static void what_she_writes_reaches_the_customer_and_the_bot_is_silent(void **state)
{
    struct scene *s = *state;

    ask(s);
    she_writes(s, "Dag Sanne, *vertel*");
    assert_to_customer(s, "{\"type\":\"text\",\"text\":{\"body\":\"Dag Sanne, *vertel*\"");
    assert_holder(s, "human");
    customer(s, "nee niet nodig");
    assert_silent(s);
    assert_left(s, "nee niet nodig");
    customer(s, "weet ik niet");
    assert_silent(s);
}

/* The same update again, and the same webhook: once. */
static void what_she_writes_is_sent_once(void **state)
{
    struct scene *s = *state;

    ask(s);
    she_writes(s, "een keer");
    assert_to_customer(s, "een keer");
    s->updates--;
    she_writes(s, "een keer");
    assert_silent(s);
}

static void the_buttons_do_what_they_say(void **state)
{
    struct scene *s = *state;

    ask(s);
    she_presses(s, "desk:take");
    assert_holder(s, "human");
    assert_silent(s);
    assert_left(s, "Jij hebt het gesprek");
    customer(s, "hallo?");
    assert_silent(s);
    s->sent = 4; /* whichever message of ours the button hangs on */
    she_presses(s, "desk:back");
    assert_holder(s, "bot");
    assert_to_customer(s, "Je praat weer met mij");
    assert_left(s, "Sanne is weer bij de bot");
    customer(s, "heel belangrijk");
    assert_to_customer(s, "Vraag 3 van 6");
    she_presses(s, "desk:dance");
    assert_string_equal(buf_text(&s->left), "");
}

static void a_command_is_for_the_bot_and_for_no_customer(void **state)
{
    struct scene *s = *state;

    ask(s);
    she_writes(s, "/help");
    assert_silent(s);
    assert_holder(s, "waiting");
    she_writes(s, "/botox helpt niet");
    assert_silent(s);
    she_writes(s, "daar ben ik");
    assert_to_customer(s, "daar ben ik");
    she_writes(s, "/bot@mailwijzer_bot");
    assert_holder(s, "bot");
    she_writes(s, "1/2 klaar");
    assert_to_customer(s, "1/2 klaar");
}

static void what_cannot_be_passed_on_is_told(void **state)
{
    struct scene *s = *state;

    ask(s);
    desk_update(s, "message", "\"message_id\":7,", in_topic, ",\"sticker\":{}}");
    assert_silent(s);
    assert_left(s, "Dit kan ik niet doorsturen");
    desk_update(s, "edited_message", "\"message_id\":7,", in_topic,
                ",\"edit_date\":1795428999,\"text\":\"beter\"}");
    assert_silent(s);
    assert_left(s, "Een verbetering komt niet aan");
}

static void a_file_of_hers_leaves_for_the_customer_and_takes_the_chat_over(void **state)
{
    struct scene *s = *state;

    ask(s);
    (void)to_customer(s);
    desk_update(s, "message", "\"message_id\":7,", in_topic,
                ",\"photo\":[{\"file_id\":\"AgAC\",\"width\":9,\"height\":9}],\"caption\":\"zo dus\"}");
    assert_holder(s, "human");
    const char *left = to_customer(s);
    assert_non_null(strstr(left, "{\"parcel\":{\"kind\":\"image\",\"id\":\"AgAC\""));
    assert_non_null(strstr(left, "\"caption\":\"zo dus\""));
    /* Beneath a voice note there is no room for words: they follow. */
    desk_update(s, "message", "\"message_id\":8,", in_topic,
                ",\"voice\":{\"file_id\":\"AwAC\",\"mime_type\":\"audio/ogg\"},\"caption\":\"luister\"}");
    left = to_customer(s);
    assert_non_null(strstr(left, "{\"parcel\":{\"kind\":\"voice\""));
    assert_non_null(strstr(left, "\"body\":\"luister\""));
}

static void talk_in_the_group_that_is_about_nobody_stays_there(void **state)
{
    struct scene *s = *state;

    ask(s);
    const struct retention texts = {.now_ms = s->now, .text_before_ms = s->now, .limit = 100};
    clean(s, &texts);
    she_writes_at(s, "koffie met Sanne?", "");
    assert_silent(s);
    assert_string_equal(buf_text(&s->left), "");
    assert_holder(s, "waiting");
    const struct retention later = {.now_ms = s->now, .text_before_ms = s->now, .limit = 100};
    assert_int_equal(clean(s, &later), 0); /* none of it was kept */
}

static void in_a_private_chat_a_reply_says_who_is_meant(void **state)
{
    struct scene *s = *state;
    struct buf quote = {0};

    ask(s);
    assert_left(s, "Sanne wil je spreken");
    customer(s, "nog iets");
    assert_left(s, "<b>Sanne</b>\\\\nnog iets");
    customer(s, "*Piet* schrijft dit niet");
    assert_left(s, "<b>Sanne</b>\\\\n<b>Piet</b>");
    (void)to_customer(s);
    she_writes_at(s, "voor niemand", "");
    assert_silent(s);
    assert_left(s, "Voor wie is dit?");
    buf_addf(&quote, ",\"reply_to_message\":{\"message_id\":902,\"date\":1,\"chat\":{\"id\":4200,\"type\":"
                     "\"private\"}}");
    she_writes_at(s, "voor jou", buf_text(&quote));
    assert_to_customer(s, "voor jou");
    assert_holder(s, "human");
    she_writes_at(s, "/help", buf_text(&quote));
    assert_silent(s);
    she_writes_at(s, "/bot", buf_text(&quote));
    assert_to_customer(s, "Je praat weer met mij");
    assert_holder(s, "bot");
    buf_free(&quote);
}

/* A dossier names the person by itself; their own words in bold do not. */
static void in_one_row_bold_words_of_theirs_are_named_as_well(void **state)
{
    struct scene *s = *state;

    ask(s);
    customer(s, "*haast* heb ik");
    assert_left(s, "<b>Sanne</b>\\\\n<b>haast</b> heb ik");
}

/* Telegram refuses more than 1024 characters beneath a file, name and all: they go before it, whole. */
static void a_long_caption_goes_before_its_file(void **state)
{
    struct scene *s = *state;
    struct buf item = {0};

    ask(s);
    buf_adds(&item,
             "\"type\":\"image\",\"image\":{\"id\":\"55\",\"mime_type\":\"image/jpeg\",\"caption\":\"");
    for (int i = 0; i < 1000; i++) buf_addc(&item, 'x');
    buf_adds(&item, "einde\"}");
    customer_item(s, buf_text(&item));
    assert_left(s, "xxxeinde");
    assert_not_left(s, "\"media\"");
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "\"media\":{\"kind\":\"image\"");
    assert_not_left(s, "xxx");
    buf_free(&item);
}

/* ---- from the platform's own app ---- */

static void an_echo_silences_the_bot_and_is_shown(void **state)
{
    struct scene *s = *state;

    customer(s, "hoi");
    (void)to_customer(s);
    she_uses_the_app(s, "wamid.ECHO1", "Ik bel je zo");
    assert_holder(s, "human");
    assert_left(s, "Jij, vanuit de app: Ik bel je zo");
    customer(s, "ja");
    assert_silent(s);
    assert_left(s, "ja");
}

static void our_own_send_silences_nobody(void **state)
{
    struct scene *s = *state;
    struct outbox_row *row;
    struct err e = {0};

    customer(s, "hoi");
    (void)to_customer(s);
    she_uses_the_app(s, "wamid.OURS", "whatever");
    assert_holder(s, "bot");
    /* Before the platform's answer to our send has come. */
    customer(s, "ja");
    rig_begin(&s->rig);
    assert_int_equal(store_outbox_claim(s->rig.store, RIG_ACCOUNT, s->now, 1, s->rig.arena, &row, &e), 0);
    assert_non_null(row);
    const char *body = strstr(row->content, "\"text\":\"") + 8;
    const char *text = arena_strndup(s->rig.arena, body, (size_t)(strstr(body, "\"}") - body));
    struct buf said = {0};
    buf_adds(&said, text);
    rig_commit(&s->rig);
    she_uses_the_app(s, "wamid.OURS2", buf_text(&said));
    assert_holder(s, "bot");
    buf_free(&said);
    she_uses_the_app(s, "wamid.HERS", "iets anders");
    assert_holder(s, "human");
}

static void a_thumb_up_from_the_app_is_no_answer(void **state)
{
    struct scene *s = *state;

    ask(s);
    an_echo(s, "wamid.THUMB",
            "\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.1\",\"emoji\":\"\\ud83d\\udc4d\"}");
    assert_holder(s, "waiting");
    assert_string_equal(buf_text(&s->left), "");
}

static void an_echo_needs_no_desk(void **state)
{
    struct scene *s = *state;

    customer(s, "hoi");
    (void)to_customer(s);
    she_uses_the_app(s, "wamid.ECHO1", "Ik bel je zo");
    assert_holder(s, "human");
    customer(s, "ja");
    assert_silent(s);
}

/* What the bot had still to say is not said over her. */
static void what_waited_to_leave_is_withdrawn_when_she_takes_over(void **state)
{
    struct scene *s = *state;

    customer(s, "hoi");
    she_uses_the_app(s, "wamid.ECHO1", "Ik ben er");
    assert_silent(s);
}

/* ---- the window, the clock ---- */

static void what_she_writes_too_late_is_kept_until_they_write(void **state)
{
    struct scene *s = *state;
    struct outbox_row *row;
    struct err e = {0};

    ask(s);
    s->now += 25 * HOUR;
    she_writes_at(s, "alsnog",
                  ",\"reply_to_message\":{\"message_id\":901,\"date\":1,\"chat\":{\"id\":4200,"
                  "\"type\":\"private\"}}");
    /* As the sender does with what the window keeps back. */
    rig_begin(&s->rig);
    assert_int_equal(store_outbox_claim(s->rig.store, RIG_ACCOUNT, s->now, 1, s->rig.arena, &row, &e), 0);
    assert_true(row != NULL && row->human);
    const struct outbox_result kept = {.state = OUTBOX_DUE, .next_try_ms = OUTBOX_KEPT_MS, .now_ms = s->now};
    assert_int_equal(store_outbox_settle(s->rig.store, row->id, &kept, &e), 0);
    rig_commit(&s->rig);
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Je bericht kon niet meer weg");
    assert_left(s, "+" SANNE);
    assert_left(s, "weer_contact");
    assert_silent(s);
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_not_left(s, "niet meer weg"); /* told once */
    customer(s, "ben je er?");
    assert_to_customer(s, "alsnog");
}

static void what_does_not_arrive_is_told(void **state)
{
    struct scene *s = *state;
    struct outbox_row *row;
    struct err e = {0};

    ask(s);
    she_writes(s, "hoi");
    rig_begin(&s->rig);
    assert_int_equal(store_outbox_claim(s->rig.store, RIG_ACCOUNT, s->now, 1, s->rig.arena, &row, &e), 0);
    const struct outbox_result dead = {.state = OUTBOX_DEAD, .code = 131026, .now_ms = s->now};
    assert_int_equal(store_outbox_settle(s->rig.store, row->id, &dead, &e), 0);
    rig_commit(&s->rig);
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Je bericht aan Sanne is niet aangekomen");
}

/* The promise stands in the store: another process keeps it. */
static void a_promise_survives_the_process(void **state)
{
    char directory[64], url[96];
    (void)state;

    rig_directory(directory);
    (void)snprintf(url, sizeof url, "sqlite:%s/bot.db", directory);
    struct scene *s = scene_new(url, with_group);
    ask(s);
    int64_t now = s->now;
    scene_free(s);
    s = scene_new(url, with_group);
    s->now = now + HOUR;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Sanne wacht nog op je");
    assert_silent(s);
    s->now = now + 2 * HOUR;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Sanne heeft nog niets van je gehoord");
    assert_to_customer(s, "06 44908448 of info@gettothepoint.nl");
    s->now = now + 5 * HOUR;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_silent(s);
    scene_free(s);
    rig_remove(directory);
}

static void who_waits_is_told_on_the_morning_of_a_working_day_once(void **state)
{
    struct scene *s = *state;

    ask(s); /* Monday 11:06 */
    s->now += 7 * HOUR;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    s->now = RIG_NOW + DAY - 2 * HOUR - 45 * MINUTE; /* Tuesday 8:21 */
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_not_left(s, "Goedemorgen");
    s->now += 15 * MINUTE;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Goedemorgen. 1 klant wacht op je:\\\\n- Sanne, sinds maandag 11.06 uur");
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_not_left(s, "Goedemorgen");
    /* Another process on the same day. */
    desk_free(s->desk);
    s->desk = desk_new(&s->rig.config);
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_not_left(s, "Goedemorgen");
    s->now += DAY; /* Wednesday: she is not there */
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_not_left(s, "Goedemorgen");
    s->now += DAY;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Goedemorgen");
}

/* A round that comes to nothing has told nobody. */
static void a_round_that_is_undone_says_no_good_morning(void **state)
{
    struct scene *s = *state;
    struct err e = {0};

    ask(s);
    s->now += 7 * HOUR;
    round_of(s, PLATFORM_TELEGRAM, NULL);
    s->now = RIG_NOW + DAY - 2 * HOUR - 30 * MINUTE; /* Tuesday 8:36 */
    struct turns t = turns_of(s);
    rig_begin(&s->rig);
    assert_int_equal(desk_run(&t, &s->next, &e), 0);
    store_rollback(s->rig.store);
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_left(s, "Goedemorgen");
    round_of(s, PLATFORM_TELEGRAM, NULL);
    assert_true(s->next > s->now + HOUR);
}

/* ---- gone ---- */

static void who_erases_everything_goes_from_the_desk_too(void **state)
{
    struct scene *s = *state;

    ask(s);
    she_writes(s, "dag Sanne");
    (void)to_customer(s);
    customer(s, "wis mijn gegevens");
    assert_left(s, "{\"erase\":\"77\"}");
    deliver(s);
    assert_left(s, "liet alles wissen");
    assert_not_left(s, "Sanne");
    assert_to_customer(s, "gewist");
}

/* No topic to delete: the message about them says who is meant. */
static void an_erasure_is_told_beneath_what_was_about_them(void **state)
{
    struct scene *s = *state;

    ask(s);
    (void)to_customer(s);
    customer(s, "wis mijn gegevens");
    assert_left(s, "liet alles wissen");
    assert_left(s, "\"quote\":\"901\"");
    assert_not_left(s, "Sanne");
}

static void who_was_never_told_of_is_erased_without_a_word(void **state)
{
    struct scene *s = *state;

    customer(s, "hoi");
    customer(s, "wis mijn gegevens");
    assert_string_equal(buf_text(&s->left), "");
}

/* Back with the bot the name is kept no more; the line was written before. */
static void a_line_keeps_the_name_it_was_written_with(void **state)
{
    struct scene *s = *state;

    ask(s);
    she_presses(s, "desk:back");
    assert_left(s, "<b>Sanne</b>");
    assert_left(s, "Sanne is weer bij de bot");
}

static void an_echo_of_days_ago_silences_nobody(void **state)
{
    struct scene *s = *state;

    customer(s, "hoi");
    (void)to_customer(s);
    echo_at(s, "wamid.LATE", "gemist", s->now - 13 * HOUR);
    assert_holder(s, "bot");
    echo_at(s, "wamid.NEW", "nu", s->now - HOUR);
    assert_holder(s, "human");
}

static void who_blocked_us_is_silent(void **state)
{
    struct scene *s = *state;
    static const char who[] = "\"from\":{\"id\":5500001111,\"is_bot\":false,\"first_name\":\"Ana\"},"
                              "\"chat\":{\"id\":5500001111,\"type\":\"private\"},\"date\":1795428360";
    struct buf body = {0};

    buf_addf(&body,
             "{\"ok\":true,\"result\":[{\"update_id\":901,\"message\":{\"message_id\":1,%s,\"text\":"
             "\"praat met elisah\"}}]}",
             who);
    round_of(s, PLATFORM_TELEGRAM, buf_text(&body));
    assert_left(s, "Ana wil je spreken");
    assert_left(s, "Ana (Telegram)");
    assert_holder(s, "waiting");
    buf_clear(&body);
    buf_addf(&body,
             "{\"ok\":true,\"result\":[{\"update_id\":902,\"my_chat_member\":{%s,\"old_chat_member\":{"
             "\"status\":\"member\"},\"new_chat_member\":{\"status\":\"kicked\"}}}]}",
             who);
    round_of(s, PLATFORM_TELEGRAM, buf_text(&body));
    assert_left(s, "Ana is niet meer te bereiken");
    assert_holder(s, "bot");
    buf_free(&body);
}

#define WITH(test)    cmocka_unit_test_setup_teardown(test, begin, end)
#define PRIVATE(test) cmocka_unit_test_setup_teardown(test, begin_private, end)
#define WITHOUT(test) cmocka_unit_test_setup_teardown(test, begin_without, end)

int test_desk(void)
{
    const struct CMUnitTest tests[] = {
        WITH(who_asks_comes_with_a_dossier),
        WITH(lines_that_wait_together_are_one_message),
        WITH(no_more_leaves_than_a_group_takes),
        WITH(what_she_writes_reaches_the_customer_and_the_bot_is_silent),
        WITH(what_she_writes_is_sent_once),
        WITH(the_buttons_do_what_they_say),
        WITH(a_command_is_for_the_bot_and_for_no_customer),
        WITH(what_cannot_be_passed_on_is_told),
        WITH(a_file_of_hers_leaves_for_the_customer_and_takes_the_chat_over),
        WITH(talk_in_the_group_that_is_about_nobody_stays_there),
        PRIVATE(in_a_private_chat_a_reply_says_who_is_meant),
        PRIVATE(in_one_row_bold_words_of_theirs_are_named_as_well),
        PRIVATE(a_long_caption_goes_before_its_file),
        WITH(an_echo_silences_the_bot_and_is_shown),
        WITH(our_own_send_silences_nobody),
        WITH(a_thumb_up_from_the_app_is_no_answer),
        WITHOUT(an_echo_needs_no_desk),
        WITH(what_waited_to_leave_is_withdrawn_when_she_takes_over),
        PRIVATE(what_she_writes_too_late_is_kept_until_they_write),
        WITH(what_does_not_arrive_is_told),
        cmocka_unit_test(a_promise_survives_the_process),
        WITH(who_waits_is_told_on_the_morning_of_a_working_day_once),
        WITH(a_round_that_is_undone_says_no_good_morning),
        WITH(who_erases_everything_goes_from_the_desk_too),
        PRIVATE(an_erasure_is_told_beneath_what_was_about_them),
        WITH(who_was_never_told_of_is_erased_without_a_word),
        PRIVATE(a_line_keeps_the_name_it_was_written_with),
        WITH(an_echo_of_days_ago_silences_nobody),
        WITH(who_blocked_us_is_silent),
    };
    return UNIT_RUN(tests);
}

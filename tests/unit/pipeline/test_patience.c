/* A customer who floods, on the whole road: slowed, told once, then nothing until it is calm. */
#include "unit.h"

#include "arena.h"
#include "config.h"
#include "content.h"
#include "desk.h"
#include "err.h"
#include "flood.h"
#include "forgotten.h"
#include "http_server.h"
#include "log.h"
#include "rig.h"
#include "store.h"
#include "thought.h"
#include "turn.h"

int test_patience(void);

#define ANA "31612345678"
#define BEN "31687654321"
#define BOT "700900"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const char *const with_desk[] = {"TELEGRAM_BOT_TOKEN=" BOT ":rig-telegram-token-0123456789abcdef",
                                        "TELEGRAM_DESK_CHAT=-1001234567890", "BURST_WAIT_MS=1500", NULL};

struct scene {
    struct rig rig;
    struct desk *desk; /* NULL: she has none */
    int64_t now;
    int messages;
    size_t floods, flooded;
    bool courteous; /* there was something to be done beside a reply in the last round */
    int64_t next;   /* when what waits is due */
    struct forgotten forgotten;
};

static struct scene *scene_new(const char *url, const char *const *settings)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    rig_open(&s->rig, url, 1, settings);
    rig_content(&s->rig);
    if (s->rig.config.telegram_desk_chat != NULL) s->desk = desk_new(&s->rig.config);
    s->now = RIG_NOW;
    return s;
}

static void scene_free(struct scene *s)
{
    desk_free(s->desk);
    rig_close(&s->rig);
    free(s);
}

static int begin(void **state)
{
    *state = scene_new("sqlite::memory:", NULL);
    return 0;
}

static int begin_with_desk(void **state)
{
    *state = scene_new("sqlite::memory:", with_desk);
    return 0;
}

static int end(void **state)
{
    scene_free(*state);
    return 0;
}

/* One round of the road with this message, or none; `rest` is its JSON from the type on. */
static void round_of(struct scene *s, const char *phone, const char *rest)
{
    struct turns t;
    struct buf items = {0}, body = {0};
    struct err e = {0};
    int status = 200;

    arena_reset(s->rig.arena);
    t = (struct turns){.config = &s->rig.config,
                       .platforms = s->rig.platform,
                       .content = s->rig.content,
                       .store = s->rig.store,
                       .arena = s->rig.arena,
                       .desk = s->desk,
                       .forgotten = &s->forgotten,
                       .now_ms = s->now};
    if (rest != NULL)
        buf_addf(&items, "{\"from\":\"%s\",\"id\":\"wamid.%d\",\"timestamp\":\"%lld\",%s}", phone,
                 ++s->messages, (long long)(s->now / 1000), rest);
    hook_body(&body, RIG_ACCOUNT, &items, NULL);
    rig_begin(&s->rig);
    if (rest != NULL &&
        turns_run(&t, &s->rig.platform[PLATFORM_WHATSAPP], body.data, body.len, &status, &e) != 0)
        fail_msg("%s", e.text);
    if (thoughts_run(&t, false, &s->next, &e) != 0) fail_msg("%s", e.text);
    rig_commit(&s->rig);
    assert_int_equal(status, 200);
    assert_int_equal(t.failed, 0);
    s->floods += t.floods;
    s->flooded += t.flooded;
    s->courteous = t.courtesies != NULL;
    buf_free(&items);
    buf_free(&body);
}

static void comes_by(struct scene *s)
{
    round_of(s, NULL, NULL);
}

static void says_as(struct scene *s, const char *phone, const char *text)
{
    struct buf rest = {0};

    buf_addf(&rest, "\"type\":\"text\",\"text\":{\"body\":\"%s\"}", text);
    round_of(s, phone, buf_text(&rest));
    buf_free(&rest);
}

static void says(struct scene *s, const char *text)
{
    says_as(s, ANA, text);
}

static void taps(struct scene *s, const char *choice)
{
    struct buf rest = {0};

    buf_addf(&rest,
             "\"type\":\"interactive\",\"interactive\":{\"type\":\"button_reply\",\"button_reply\":"
             "{\"id\":\"%s\",\"title\":\"x\"}}",
             choice);
    round_of(s, ANA, buf_text(&rest));
    buf_free(&rest);
}

static void sends_photo(struct scene *s)
{
    round_of(s, ANA, "\"type\":\"image\",\"image\":{\"id\":\"1\",\"mime_type\":\"image/jpeg\"}");
}

/* What leaves for customers by now, in order, a content a line; and it has left. How many. */
static size_t leaves(struct scene *s, struct buf *out)
{
    const struct outbox_result sent = {.state = OUTBOX_SENT, .now_ms = s->now};
    struct outbox_row *row;
    struct err e = {0};
    size_t n = 0;

    arena_reset(s->rig.arena);
    rig_begin(&s->rig);
    for (;; n++) {
        assert_int_equal(store_outbox_claim(s->rig.store, RIG_ACCOUNT, s->now, 1, s->rig.arena, &row, &e), 0);
        if (row == NULL) break;
        assert_int_equal(store_outbox_settle(s->rig.store, row->id, &sent, &e), 0);
        if (out != NULL) buf_addf(out, "%s\n", row->content);
    }
    rig_commit(&s->rig);
    return n;
}

static void expect_leaves(struct scene *s, size_t n, const char *part)
{
    struct buf out = {0};

    assert_int_equal(leaves(s, &out), n);
    if (strstr(buf_text(&out), part) == NULL) fail_msg("'%s' is not in: %s", part, buf_text(&out));
    buf_free(&out);
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part)) n++;
    return n;
}

/* Ana has been told: so many taps in one moment, of which the last begins the silence. */
static void flood(struct scene *s)
{
    for (int i = 0; i <= FLOOD_TELL_N; i++) taps(s, "topic:pop");
    assert_int_equal(s->floods, 1);
    s->now += MINUTE / 6;
    (void)leaves(s, NULL);
}

static int64_t skipped(struct scene *s)
{
    return rig_inbox(&s->rig, "skipped");
}

/* ---- the three steps ---- */

static void what_is_answered_together_is_answered_once(void **state)
{
    struct scene *s = *state;

    for (int i = 0; i < FLOOD_SLOW_N; i++) taps(s, "topic:pop");
    assert_int_equal(leaves(s, NULL), FLOOD_SLOW_N);
    for (int i = 0; i < 4; i++, s->now += 1000) taps(s, i == 3 ? "do:begin" : "topic:pop");
    assert_int_equal(leaves(s, NULL), 0);
    assert_int_equal(rig_outbox(&s->rig, "withdrawn"), 3);
    s->now += 4000;
    expect_leaves(s, 1, "usage=light");
    assert_int_equal(s->floods, 0);
}

/* However much is replaced: that the human is asked for, and that it is over. */
static void what_must_be_heard_is_not_replaced(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    for (int i = 0; i < FLOOD_SLOW_N; i++) taps(s, "topic:pop");
    (void)leaves(s, NULL);
    taps(s, "do:human");
    taps(s, "topic:pop");
    taps(s, "do:stop");
    taps(s, "topic:pop");
    s->now += 5000;
    (void)leaves(s, &out);
    assert_non_null(strstr(buf_text(&out), "Elisah krijgt dit nu binnen"));
    assert_non_null(strstr(buf_text(&out), "Goed, ik ben stil."));
    buf_free(&out);
}

/* An answer that fills two messages: the second replaces not the first. */
static void an_answer_in_two_parts_leaves_whole(void **state)
{
    char directory[64], locales[96], text[1001];
    const char *const more[] = {locales, NULL};
    (void)state;

    memset(text, 'x', 1000);
    memcpy(text, "Lang verhaal ", 13);
    text[1000] = '\0';
    rig_directory(directory);
    rig_locales(directory, "topic.pop.text", text);
    (void)snprintf(locales, sizeof locales, "LOCALES=%s", directory);
    struct scene *s = scene_new("sqlite::memory:", more);
    for (int i = 0; i < FLOOD_SLOW_N; i++) taps(s, "do:begin");
    (void)leaves(s, NULL);
    taps(s, "topic:pop");
    s->now += 5000;
    expect_leaves(s, 2, "Lang verhaal");
    scene_free(s);
    rig_remove(directory);
}

static void who_types_much_waits_longer_and_not_for_ever(void **state)
{
    struct scene *s = scene_new("sqlite::memory:", with_desk);
    (void)state;

    for (int i = 0; i < FLOOD_SLOW_N; i++) taps(s, "topic:pop");
    (void)leaves(s, NULL);
    says(s, "hoi");
    assert_int_equal(s->next, s->now + 10000);
    for (int i = 0; i < 8; i++) {
        s->now += 3500;
        says(s, "ik wil advies");
    }
    s->now += 2000; /* thirty seconds from the first */
    comes_by(s);
    assert_int_equal(leaves(s, NULL), 1);
    assert_int_equal(rig_inbox(&s->rig, "taken"), 0);
    scene_free(s);
}

static void one_line_and_then_nothing(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    taps(s, "do:begin");
    for (int i = 0; i < 200; i++, s->now += 100) taps(s, "topic:pop");
    s->now += MINUTE / 6;
    comes_by(s);
    size_t n = leaves(s, &out);
    assert_true(n <= 45); /* what WhatsApp lends */
    assert_int_equal(count(buf_text(&out), "Sorry, dit gaat even te snel voor mij."), 1);
    const char *line = strstr(buf_text(&out), "Sorry, dit gaat");
    assert_null(strstr(line, "\n{")); /* the last of all */
    assert_int_equal(s->floods, 1);
    assert_true(s->flooded > 100);
    assert_int_equal(s->flooded, skipped(s));
    assert_int_equal(rig_inbox(&s->rig, "taken"), 0);
    buf_free(&out);
}

static void the_line_is_in_the_language_of_the_chat(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    taps(s, "do:language_en");
    for (int i = 0; i < FLOOD_TELL_N; i++) taps(s, "topic:pop");
    s->now += MINUTE;
    (void)leaves(s, &out);
    assert_int_equal(count(buf_text(&out), "a little too fast for me"), 1);
    buf_free(&out);
}

static void when_it_is_calm_the_last_is_answered_at_the_open_question(void **state)
{
    struct scene *s = *state;

    taps(s, "do:begin");
    flood(s);
    says(s, "wat is pop");
    taps(s, "usage=light");
    assert_int_equal(leaves(s, NULL), 0);
    const int64_t calm = s->next;
    s->now = calm - 1;
    comes_by(s);
    assert_int_equal(leaves(s, NULL), 0);
    s->now = calm;
    comes_by(s);
    expect_leaves(s, 1, "calendar=yes"); /* the next question: the tap counted, what came before it not */
    assert_int_equal(rig_inbox(&s->rig, "taken"), 0);
    taps(s, "calendar=no");
    expect_leaves(s, 1, "team=");
    assert_int_equal(s->floods, 1);
}

static void a_last_word_that_is_changed_or_withdrawn_meanwhile(void **state)
{
    struct scene *s = *state;

    flood(s);
    says(s, "wat is pop");
    round_of(
        s, ANA,
        "\"type\":\"edit\",\"edit\":{\"original_message_id\":\"wamid.42\",\"message\":{\"type\":\"text\","
        "\"text\":{\"body\":\"ik wil advies\"}}}");
    s->now = s->next;
    comes_by(s);
    expect_leaves(s, 1, "usage=light");

    s->now += DAY;
    s->floods = 0;
    flood(s);
    says(s, "wat is pop");
    round_of(s, ANA, "\"type\":\"revoke\",\"revoke\":{\"original_message_id\":\"wamid.85\"}");
    s->now = s->next;
    comes_by(s);
    assert_int_equal(leaves(s, NULL), 0);
    assert_int_equal(s->next, INT64_MAX);
}

static void somebody_else_is_answered_as_ever(void **state)
{
    struct scene *s = *state;

    flood(s);
    says_as(s, BEN, "ik wil advies");
    expect_leaves(s, 1, "usage=light");
}

static void a_photo_or_a_thumb_in_a_flood_says_nothing_later(void **state)
{
    struct scene *s = *state;

    flood(s);
    says(s, "ik wil advies");
    sends_photo(s);
    round_of(s, ANA, "\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.0\",\"emoji\":\"x\"}");
    s->now = s->next;
    comes_by(s);
    expect_leaves(s, 1, "usage=light");
}

/* Else the button that was pressed goes on turning. */
static void a_press_in_the_silence_is_seen(void **state)
{
    static const char *const seen[] = {"WHATSAPP_READ_RECEIPT=read", NULL};
    struct scene *s = scene_new("sqlite::memory:", seen);
    (void)state;

    flood(s);
    taps(s, "topic:pop");
    assert_true(s->courteous);
    says(s, "hoi");
    assert_false(s->courteous);
    scene_free(s);
}

static void whoever_wants_no_limit_has_none(void **state)
{
    static const char *const off[] = {"FLOOD_LIMIT=off", NULL};
    struct scene *s = scene_new("sqlite::memory:", off);
    (void)state;

    for (int i = 0; i < 3 * FLOOD_SAID_N; i++) taps(s, "topic:pop");
    assert_int_equal(leaves(s, NULL), 3 * FLOOD_SAID_N);
    assert_int_equal(s->floods, 0);
    scene_free(s);
}

/* ---- who is no flood ---- */

/* Through all the questions, each answer changed, and that three times without a pause. */
static void three_straight_conversations_at_once_are_answered_each(void **state)
{
    static const char *const straight[] = {"do:begin",    "usage=light", "calendar=no", "team=alone",
                                           "devices=one", "security=no", "growth=no",   "do:restart"};
    struct scene *s = *state;

    for (int i = 0; i < 3; i++)
        for (size_t k = 0; k < sizeof straight / sizeof *straight; k++) {
            taps(s, straight[k]);
            assert_true(leaves(s, NULL) > 0);
        }
    assert_int_equal(s->floods + s->flooded, 0);
}

/* ---- what is heard all the same ---- */

static void stop_is_heard_once_and_nothing_is_answered_later(void **state)
{
    struct scene *s = *state;

    flood(s);
    says(s, "wat is pop");
    says(s, "stop");
    expect_leaves(s, 1, "Goed, ik ben stil.");
    says(s, "stop");
    assert_int_equal(leaves(s, NULL), 0);
    assert_int_equal(rig_inbox(&s->rig, "taken"), 0);
}

static void what_was_written_before_a_stop_waits_no_more(void **state)
{
    struct scene *s = *state;

    flood(s);
    says(s, "wat is pop");
    says(s, "stop");
    (void)leaves(s, NULL);
    comes_by(s);
    assert_int_equal(s->next, INT64_MAX);
}

/* A story that ends like one is none: and is not read for it. */
static void a_request_is_brief(void **state)
{
    struct scene *s = *state;
    char text[300];

    memset(text, '.', sizeof text);
    memcpy(text, "stop", 4);
    text[sizeof text - 1] = '\0';
    flood(s);
    says(s, text);
    assert_int_equal(leaves(s, NULL), 0);
}

static void who_asks_for_the_human_is_heard_once(void **state)
{
    struct scene *s = *state;
    struct waiting_row *row;
    struct err e = {0};
    size_t n;

    flood(s);
    says(s, "praat met elisah");
    expect_leaves(s, 1, "Elisah krijgt dit nu binnen");
    assert_int_equal(store_waiting(s->rig.store, s->rig.arena, &row, &n, &e), 0);
    assert_int_equal(n, 1);
    taps(s, "do:human");
    assert_int_equal(leaves(s, NULL), 0);
}

/* Also as the very message at which the silence begins: heard, and told. */
static void a_request_that_begins_the_silence_is_heard_and_told(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    for (int i = 0; i < FLOOD_TELL_N; i++) taps(s, "topic:pop");
    s->now += 1;
    taps(s, "do:human");
    s->now += MINUTE;
    (void)leaves(s, &out);
    assert_int_equal(count(buf_text(&out), "Elisah krijgt dit nu binnen"), 1);
    assert_int_equal(count(buf_text(&out), "te snel voor mij"), 1);
    buf_free(&out);
}

static void who_wants_to_be_erased_is(void **state)
{
    struct scene *s = *state;
    struct store_counts c;
    struct err e = {0};

    flood(s);
    says(s, "wat is pop");
    says(s, "wis mijn gegevens");
    expect_leaves(s, 1, "gewist");
    assert_int_equal(store_count(s->rig.store, &c, &e), 0);
    assert_int_equal(c.erasures, 1);
    assert_int_equal(c.conversations, 0);
    comes_by(s);
    assert_int_equal(s->next, INT64_MAX);
}

/* Each time somebody new to the store; but not new to the limit. */
static void who_is_erased_again_and_again_gets_no_receipt_each_time(void **state)
{
    struct scene *s = *state;
    struct store_counts c;
    struct err e = {0};

    for (int i = 0; i < 300; i++) says(s, "wis mijn gegevens");
    assert_int_equal(leaves(s, NULL), FLOOD_TELL_N);
    assert_int_equal(store_count(s->rig.store, &c, &e), 0);
    assert_int_equal(c.contacts, 0);
    assert_int_equal(c.inbox[INBOX_SKIPPED], 300 - FLOOD_TELL_N);
    assert_int_equal(c.inbox[INBOX_DONE], FLOOD_TELL_N);
    says_as(s, BEN, "wis mijn gegevens");
    assert_int_equal(leaves(s, NULL), 1);

    size_t said = 0; /* nor when it is done slowly: those before it count */
    s->now += HOUR;
    for (int i = 0; i < 150; i++, s->now += 7000) {
        says(s, i % 2 == 0 ? "hoi" : "wis mijn gegevens");
        said += leaves(s, NULL);
    }
    assert_true(said > 0 && said + FLOOD_TELL_N <= FLOOD_SAID_N + 10);
    s->now += 2 * DAY;
    says(s, "ik wil advies");
    expect_leaves(s, 1, "usage=light");
}

static void what_is_remembered_of_the_erased_is_of_them_and_of_today(void **state)
{
    const struct identity ana = {.channel = "whatsapp", .account = "1", .phone = ANA, .user_id = "NL.1"};
    struct identity other = ana;
    const struct flood pace = {.wrote_ms = 5, .said_ms = 6, .stage = FLOOD_FAST};
    struct forgotten f = {0};
    struct flood out = {0};
    char phone[24];
    (void)state;

    assert_false(forgotten_find(&f, "key", &ana, RIG_NOW, &out));
    forgotten_put(&f, "key", &ana, &pace, RIG_NOW);
    assert_true(forgotten_find(&f, "key", &ana, RIG_NOW, &out));
    assert_int_equal(out.wrote_ms, 5);
    assert_int_equal(out.said_ms, 6);
    assert_int_equal(out.stage, FLOOD_FAST);
    other.phone = NULL;
    assert_true(forgotten_find(&f, "key", &other, RIG_NOW, &out));
    other = (struct identity){.channel = "whatsapp", .account = "1", .phone = ANA};
    assert_true(forgotten_find(&f, "key", &other, RIG_NOW, &out));
    assert_false(forgotten_find(&f, "key", &other, RIG_NOW + DAY, &out));
    other.channel = "telegram";
    assert_false(forgotten_find(&f, "key", &other, RIG_NOW, &out));
    assert_null(memmem(&f, sizeof f, ANA, strlen(ANA))); /* nowhere as such */

    for (int i = 0; i < FORGOTTEN_N; i++) {
        (void)snprintf(phone, sizeof phone, "316%08d", i);
        other = (struct identity){.channel = "whatsapp", .account = "1", .phone = phone};
        forgotten_put(&f, "key", &other, &pace, RIG_NOW);
    }
    assert_true(forgotten_find(&f, "key", &other, RIG_NOW, &out));
    assert_false(forgotten_find(&f, "key", &ana, RIG_NOW, &out));
}

/* ---- what it costs ---- */

/* Another program at the other end, that answers each of our messages after so long, for a month. */
static size_t talks_to_a_bot(struct scene *s, int64_t pause_ms)
{
    const int64_t until = s->now + 30 * DAY;
    size_t said = 0;

    says(s, "Bedankt voor uw bericht, wij zijn gesloten.");
    while (s->now < until) {
        size_t n = leaves(s, NULL);
        int64_t outbox = rig_next(&s->rig);
        said += n;
        if (said > 10 * FLOOD_SAID_N) break;
        if (n > 0) {
            s->now += pause_ms;
            for (; n > 0; n--) says(s, "Bedankt voor uw bericht, wij zijn gesloten.");
            continue;
        }
        int64_t at = outbox < s->next ? outbox : s->next;
        if (at == INT64_MAX) return said; /* nobody has anything to say any more */
        if (at > s->now) s->now = at;
        comes_by(s);
    }
    fail_msg("it goes on: %zu replies", said);
    return said;
}

static void two_bots_that_answer_each_other_end(void **state)
{
    static const int64_t pauses[] = {1, 1000, 6000, MINUTE, 10 * MINUTE};
    (void)state;

    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        struct scene *s = scene_new("sqlite::memory:", i % 2 == 0 ? NULL : with_desk);
        size_t said = talks_to_a_bot(s, pauses[i]);
        assert_true(said >= FLOOD_SAID_N);
        assert_true(said <= 4 * FLOOD_SAID_N);
        scene_free(s);
    }
}

static void enough_for_a_day_is_said_and_ends_with_the_night(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    for (int i = 0; i < FLOOD_SAID_N + 20; i++, s->now += 7000) {
        taps(s, i == 0 ? "do:begin" : "topic:pop");
        (void)leaves(s, &out);
    }
    assert_int_equal(count(buf_text(&out), "We hebben vandaag al veel heen en weer geschreven."), 1);
    assert_int_equal(s->floods, 1);
    comes_by(s);
    assert_int_equal(s->next, INT64_MAX); /* nothing is answered by itself */
    s->now += 12 * HOUR + HOUR;
    taps(s, "usage=light");
    expect_leaves(s, 1, "calendar=yes");
    buf_free(&out);
}

/* ---- what stays ---- */

static void the_silence_survives_the_process(void **state)
{
    char directory[64], url[96];
    (void)state;

    rig_directory(directory);
    (void)snprintf(url, sizeof url, "sqlite:%s/bot.db", directory);
    struct scene *s = scene_new(url, NULL);
    flood(s);
    says(s, "ik wil advies");
    const int64_t calm = s->next, now = s->now;
    scene_free(s);

    s = scene_new(url, NULL);
    s->messages = 1000;
    s->now = now + 1000;
    taps(s, "topic:pop");
    assert_int_equal(leaves(s, NULL), 0);
    assert_int_equal(s->floods, 0);
    assert_true(s->next > calm);
    s->now = s->next;
    comes_by(s);
    assert_int_equal(leaves(s, NULL), 1);
    scene_free(s);
    rig_remove(directory);
}

/* Before it stops the desk answers all that waits; but this waits for the calm, and holds up no stop. */
static void what_waits_for_the_calm_is_left_to_the_next_process(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    int64_t next = 0;

    flood(s);
    says(s, "ik wil advies");
    struct turns t = {.config = &s->rig.config,
                      .platforms = s->rig.platform,
                      .content = s->rig.content,
                      .store = s->rig.store,
                      .arena = s->rig.arena,
                      .now_ms = s->now};
    rig_begin(&s->rig);
    assert_int_equal(thoughts_run(&t, true, &next, &e), 0);
    rig_commit(&s->rig);
    assert_int_equal(next, INT64_MAX);
    assert_int_equal(leaves(s, NULL), 0);
}

static bool stands_in(const char *path, const char *word)
{
    FILE *f = fopen(path, "rb");
    char *bytes = calloc(1, 4 << 20);

    assert_non_null(f);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, 4 << 20, f);
    (void)fclose(f);
    bool found = memmem(bytes, n, word, strlen(word)) != NULL;
    free(bytes);
    return found;
}

/* A flood must not fill the disk: of its messages only the last one is kept. */
static void of_a_flood_no_texts_stay_but_the_last(void **state)
{
    char directory[64], url[96], path[96], text[64];
    (void)state;

    rig_directory(directory);
    (void)snprintf(url, sizeof url, "sqlite:%s/bot.db", directory);
    (void)snprintf(path, sizeof path, "%s/bot.db", directory);
    struct scene *s = scene_new(url, NULL);
    flood(s);
    for (int i = 0; i < 300; i++) {
        (void)snprintf(text, sizeof text, "zondvloed%03dzondvloed", i);
        says(s, text);
    }
    scene_free(s); /* the log goes back into the file */
    assert_true(stands_in(path, "zondvloed299zondvloed"));
    assert_false(stands_in(path, "zondvloed298zondvloed"));
    assert_false(stands_in(path, "zondvloed150zondvloed"));
    rig_remove(directory);
}

static void the_log_tells_of_it_once_and_names_nobody(void **state)
{
    struct scene *s = *state;
    char *log = NULL;
    size_t n = 0;
    FILE *sink = open_memstream(&log, &n);

    assert_non_null(sink);
    log_open(sink, LOG_DEBUG, LOG_LOGFMT);
    for (int i = 0; i < 60; i++) says(s, "mijn geheime woorden");
    s->now += HOUR;
    comes_by(s);
    says(s, "hoi");
    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    assert_int_equal(fclose(sink), 0);
    assert_int_equal(count(log, "at=flood chat="), 2);
    assert_int_equal(count(log, "begins=fast"), 1);
    assert_int_equal(count(log, "over=fast"), 1);
    assert_null(strstr(log, ANA));
    assert_null(strstr(log, "geheime"));
    free(log);
}

/* ---- the human's desk ---- */

/* What waits for her desk, a line each; it is there no more then. How many. */
static size_t lines(struct scene *s, struct buf *out)
{
    struct line_row *row;
    struct err e = {0};
    size_t n = 0;

    arena_reset(s->rig.arena);
    rig_begin(&s->rig);
    assert_int_equal(store_line_list(s->rig.store, s->rig.arena, 1000, &row, &e), 0);
    for (; row != NULL; row = row->next, n++) {
        buf_addf(out, "%s\n", row->text);
        assert_int_equal(store_line_drop(s->rig.store, row->id, &e), 0);
    }
    rig_commit(&s->rig);
    return n;
}

/* Ana has asked for her; then she may take the chat. */
static void ask(struct scene *s, bool taken)
{
    const struct event ev = {.kind = EVENT_TAKEN};
    struct buf out = {0};
    struct err e = {0};
    bool answered;

    taps(s, "do:human");
    if (taken) {
        struct turns t = {.config = &s->rig.config,
                          .platforms = s->rig.platform,
                          .content = s->rig.content,
                          .store = s->rig.store,
                          .arena = s->rig.arena,
                          .desk = s->desk,
                          .now_ms = s->now};
        struct chat chat = {.channel = "whatsapp", .account = RIG_ACCOUNT};
        assert_int_equal(store_contact_find(s->rig.store, "whatsapp", ANA, &chat.contact, &e), 1);
        rig_begin(&s->rig);
        assert_int_equal(chat_event(&t, &chat, &ev, &answered, &e), TURN_ENDED);
        rig_commit(&s->rig);
    }
    (void)lines(s, &out);
    (void)leaves(s, NULL);
    buf_free(&out);
}

static void an_album_reaches_her_whole(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    ask(s, true);
    for (int i = 0; i < 50; i++) sends_photo(s);
    assert_int_equal(lines(s, &out), 50);
    assert_int_equal(leaves(s, NULL), 0);
    buf_free(&out);
}

/* Each minute the last one, and how many came before it. */
static void her_desk_does_not_drown(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};
    char text[32];

    ask(s, true);
    s->now += HOUR;
    for (int i = 1; i <= FLOOD_DESK_N + 125; i++) {
        (void)snprintf(text, sizeof text, "bericht %d", i);
        says(s, text);
    }
    s->now += 2000;
    comes_by(s);
    (void)lines(s, &out);
    assert_non_null(strstr(buf_text(&out), "bericht 60"));
    assert_null(strstr(buf_text(&out), "bericht 61"));
    assert_null(strstr(buf_text(&out), "bericht 185"));
    buf_clear(&out);
    s->now = s->next;
    assert_int_equal(s->next, RIG_NOW + HOUR + MINUTE);
    comes_by(s);
    assert_int_equal(lines(s, &out), 2);
    assert_string_equal(buf_text(&out),
                        "… en nog 124 die te snel achter elkaar kwamen om hier te tonen.\nbericht 185\n");
    assert_int_equal(leaves(s, NULL), 0); /* the bot says nothing in her chat */
    buf_free(&out);
}

static void of_photos_she_reads_how_many_she_did_not_see(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    ask(s, true);
    s->now += HOUR;
    for (int i = 0; i < FLOOD_DESK_N + 7; i++) sends_photo(s);
    round_of(s, ANA, "\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.0\",\"emoji\":\"x\"}");
    assert_int_equal(lines(s, &out), FLOOD_DESK_N);
    buf_clear(&out);
    s->now = s->next;
    comes_by(s);
    assert_int_equal(lines(s, &out), 1);
    assert_string_equal(buf_text(&out), "… en nog 7 die te snel achter elkaar kwamen om hier te tonen.\n");
    buf_free(&out);
}

/* The bot has said enough for the day; she, who is waited for, reads what comes. */
static void who_waits_for_her_is_read_by_her_after_the_bot_has_said_enough(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    ask(s, false);
    for (int i = 0; s->floods == 0; i++, s->now += 7000) {
        assert_true(i < FLOOD_SAID_N + 20);
        taps(s, "topic:pop");
    }
    (void)leaves(s, NULL);
    (void)lines(s, &out);
    buf_clear(&out);
    says(s, "kan het ook zaterdag?");
    assert_int_equal(lines(s, &out), 1);
    assert_string_equal(buf_text(&out), "kan het ook zaterdag?\n");
    s->now += MINUTE;
    comes_by(s);
    assert_int_equal(leaves(s, NULL), 0);
    for (int i = 0; i < 300; i++) says(s, "en zondag?");
    assert_true(lines(s, &out) <= FLOOD_DESK_N);
    assert_int_equal(leaves(s, NULL), 0);
    buf_free(&out);
}

static void who_does_not_wait_for_her_is_not_shown_to_her(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    flood(s);
    for (int i = 0; i < 9; i++) says(s, "en nu?");
    s->now = s->next;
    comes_by(s);
    s->now += HOUR;
    for (int i = 0; i < FLOOD_SAID_N; i++, s->now += 7000) taps(s, "topic:pop");
    assert_int_equal(s->floods, 2);
    says(s, "en nu?");
    assert_int_equal(lines(s, &out), 0);
    buf_free(&out);
}

/* To her it is said like all else: it does not count as a request then. */
static void stop_over_and_over_in_her_chat_does_not_drown_her_either(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    ask(s, true);
    s->now += HOUR;
    for (int i = 0; i < 200; i++) taps(s, "do:stop");
    assert_true(lines(s, &out) <= FLOOD_DESK_N);
    buf_free(&out);
}

static void who_waits_for_her_and_floods_is_read_when_it_is_calm(void **state)
{
    struct scene *s = *state;
    struct buf out = {0};

    ask(s, false);
    s->now += HOUR;
    for (int i = 0; i <= FLOOD_TELL_N; i++) taps(s, "topic:pop");
    (void)lines(s, &out);
    buf_clear(&out);
    for (int i = 0; i < 9; i++) taps(s, "topic:pop");
    says(s, "kan het ook zaterdag?");
    assert_int_equal(lines(s, &out), 0);
    s->now = s->next;
    comes_by(s);
    assert_int_equal(lines(s, &out), 2);
    assert_non_null(strstr(buf_text(&out), "… en nog 10 die"));
    assert_non_null(strstr(buf_text(&out), "kan het ook zaterdag?"));
    buf_free(&out);
}

#define WITH(test)      cmocka_unit_test_setup_teardown(test, begin, end)
#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, begin_with_desk, end)

int test_patience(void)
{
    const struct CMUnitTest tests[] = {
        WITH(what_is_answered_together_is_answered_once),
        WITH_DESK(what_must_be_heard_is_not_replaced),
        cmocka_unit_test(an_answer_in_two_parts_leaves_whole),
        cmocka_unit_test(who_types_much_waits_longer_and_not_for_ever),
        WITH(one_line_and_then_nothing),
        WITH(the_line_is_in_the_language_of_the_chat),
        WITH(when_it_is_calm_the_last_is_answered_at_the_open_question),
        WITH(a_last_word_that_is_changed_or_withdrawn_meanwhile),
        WITH(somebody_else_is_answered_as_ever),
        WITH(a_photo_or_a_thumb_in_a_flood_says_nothing_later),
        cmocka_unit_test(a_press_in_the_silence_is_seen),
        cmocka_unit_test(whoever_wants_no_limit_has_none),
        WITH(three_straight_conversations_at_once_are_answered_each),
        WITH(stop_is_heard_once_and_nothing_is_answered_later),
        WITH(what_was_written_before_a_stop_waits_no_more),
        WITH(a_request_is_brief),
        WITH_DESK(who_asks_for_the_human_is_heard_once),
        WITH_DESK(a_request_that_begins_the_silence_is_heard_and_told),
        WITH(who_wants_to_be_erased_is),
        WITH(who_is_erased_again_and_again_gets_no_receipt_each_time),
        cmocka_unit_test(what_is_remembered_of_the_erased_is_of_them_and_of_today),
        cmocka_unit_test(two_bots_that_answer_each_other_end),
        WITH(enough_for_a_day_is_said_and_ends_with_the_night),
        cmocka_unit_test(the_silence_survives_the_process),
        WITH(what_waits_for_the_calm_is_left_to_the_next_process),
        cmocka_unit_test(of_a_flood_no_texts_stay_but_the_last),
        WITH(the_log_tells_of_it_once_and_names_nobody),
        WITH_DESK(an_album_reaches_her_whole),
        WITH_DESK(her_desk_does_not_drown),
        WITH_DESK(of_photos_she_reads_how_many_she_did_not_see),
        WITH_DESK(who_waits_for_her_is_read_by_her_after_the_bot_has_said_enough),
        WITH_DESK(who_does_not_wait_for_her_is_not_shown_to_her),
        WITH_DESK(stop_over_and_over_in_her_chat_does_not_drown_her_either),
        WITH_DESK(who_waits_for_her_and_floods_is_read_when_it_is_calm)};

    return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}

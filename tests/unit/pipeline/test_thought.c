/* Several short messages that are one thought: what waits, for how long, and what ends it. */
#include "unit.h"

#include "arena.h"
#include "err.h"
#include "http_server.h"
#include "log.h"
#include "rig.h"
#include "store.h"
#include "thought.h"
#include "turn.h"

int test_thought(void);

#define ANA "31612345678"
#define BEN "31687654321"

enum { WAIT_MS = 1500, MINUTE_MS = 60 * 1000 };

static const char *const waits[] = {"BURST_WAIT_MS=1500", NULL};

static struct rig *rig_new(const char *const *more)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    rig_open(r, "sqlite::memory:", 1, more);
    rig_content(r);
    return r;
}

static int begin(void **state)
{
    *state = rig_new(waits);
    return 0;
}

static int end(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static struct turns turns_at(struct rig *r, int64_t now_ms)
{
    arena_reset(r->arena);
    return (struct turns){.config = &r->config,
                          .platforms = r->platform,
                          .content = r->content,
                          .store = r->store,
                          .arena = r->arena,
                          .now_ms = now_ms};
}

/* The messages in one body and transaction, as the desk runs them; the list is empty then. */
static struct turns run(struct rig *r, struct buf *messages, int64_t now_ms)
{
    struct turns t = turns_at(r, now_ms);
    struct buf body = {0};
    struct err e = {0};
    int status = 0;

    hook_body(&body, RIG_ACCOUNT, messages, NULL);
    struct http_request *request = hook_request(body.data, body.len);
    rig_begin(r);
    if (turns_run(&t, &r->platform[PLATFORM_WHATSAPP], request->body, request->body_n, &status, &e) != 0)
        fail_msg("%s", e.text);
    rig_commit(r);
    assert_int_equal(status, 200);
    http_request_free(request);
    buf_free(&body);
    buf_free(messages);
    return t;
}

static void says(struct rig *r, const char *phone, const char *id, const char *text, int64_t now_ms)
{
    struct buf items = {0};

    hook_text(&items, phone, id, text, now_ms);
    (void)run(r, &items, now_ms);
}

/* One message of any kind, sent at that time; `rest` is its JSON from the type on. */
static void sends(struct rig *r, const char *phone, const char *id, const char *rest, int64_t now_ms)
{
    struct buf items = {0};

    buf_addf(&items, "{\"from\":\"%s\",\"id\":\"%s\",\"timestamp\":\"%lld\",%s}", phone, id,
             (long long)(now_ms / 1000), rest);
    (void)run(r, &items, now_ms);
}

static void taps(struct rig *r, const char *phone, const char *id, const char *choice, int64_t now_ms)
{
    char rest[256];

    (void)snprintf(rest, sizeof rest,
                   "\"type\":\"interactive\",\"interactive\":{\"type\":\"button_reply\",\"button_reply\":"
                   "{\"id\":\"%s\",\"title\":\"x\"}}",
                   choice);
    sends(r, phone, id, rest, now_ms);
}

/* The owner answers in her own app, and so has the chat. */
static void owner_says(struct rig *r, const char *phone, const char *id, int64_t now_ms)
{
    struct turns t = turns_at(r, now_ms);
    struct buf body = {0};
    struct err e = {0};
    int status = 0;

    hook_echo(&body, phone, id, "\"type\":\"text\",\"text\":{\"body\":\"Ik kijk even mee.\"}", now_ms);
    rig_begin(r);
    if (turns_run(&t, &r->platform[PLATFORM_WHATSAPP], body.data, body.len, &status, &e) != 0)
        fail_msg("%s", e.text);
    rig_commit(r);
    buf_free(&body);
}

/* The desk comes by; when it is to come again. */
static int64_t comes_by(struct rig *r, int64_t now_ms)
{
    struct turns t = turns_at(r, now_ms);
    struct err e = {0};
    int64_t next = 0;

    rig_begin(r);
    if (thoughts_run(&t, false, &next, &e) != 0) fail_msg("%s", e.text);
    rig_commit(r);
    return next;
}

/* The replies that wait, one a line. */
static size_t replies(struct rig *r, int64_t now_ms, char *out, size_t size)
{
    struct buf text = {0};
    size_t n = rig_replies(r, now_ms, &text);

    (void)snprintf(out, size, "%s", buf_text(&text));
    buf_free(&text);
    return n;
}

static void expect_replies(struct rig *r, int64_t now_ms, size_t n, const char *const *parts)
{
    char out[32768];

    assert_int_equal(replies(r, now_ms, out, sizeof out), n);
    const char *at = out;
    for (; *parts != NULL; parts++) {
        const char *found = strstr(at, *parts);
        if (found == NULL) fail_msg("'%s' is not in, or not in this order in: %s", *parts, out);
        at = found + strlen(*parts);
    }
}

/* The only reply that waits is what somebody gets who writes it all in one message. */
static void expect_answer_to(struct rig *r, const char *text, int64_t now_ms)
{
    static const char *const off[] = {"BURST_WAIT_MS=0", NULL};
    char is[8192], expected[8192];
    struct rig *other = rig_new(off);

    says(other, BEN, "wamid.B", text, now_ms);
    assert_int_equal(replies(other, now_ms, expected, sizeof expected), 1);
    assert_int_equal(replies(r, now_ms, is, sizeof is), 1);
    assert_string_equal(is, expected);
    rig_close(other);
    free(other);
}

/* ---- the wait ---- */

static void texts_in_a_row_get_one_answer_to_them_all(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    assert_int_equal(comes_by(r, RIG_NOW), RIG_NOW + WAIT_MS);
    says(r, ANA, "wamid.2", "ik wil advies", RIG_NOW + 1000);
    assert_int_equal(comes_by(r, RIG_NOW + WAIT_MS), RIG_NOW + 1000 + WAIT_MS);
    says(r, ANA, "wamid.3", "zijn met 4 man", RIG_NOW + 2000);
    assert_int_equal(comes_by(r, RIG_NOW + 2000 + WAIT_MS - 1), RIG_NOW + 2000 + WAIT_MS);
    assert_int_equal(rig_inbox(r, "taken"), 3);
    assert_int_equal(rig_outbox(r, "due"), 0);

    assert_int_equal(comes_by(r, RIG_NOW + 2000 + WAIT_MS), INT64_MAX);
    assert_int_equal(rig_inbox(r, "taken"), 0);
    assert_int_equal(rig_inbox(r, "done"), 3);
    expect_answer_to(r, "hoi\\nik wil advies\\nzijn met 4 man", RIG_NOW + 2000 + WAIT_MS);
}

static void who_keeps_typing_is_answered_all_the_same(void **state)
{
    struct rig *r = *state;
    char id[16];
    int64_t at = RIG_NOW;

    for (int i = 0; rig_outbox(r, "due") == 0 && i < 20; i++, at += 1000) {
        (void)snprintf(id, sizeof id, "wamid.%d", i);
        says(r, ANA, id, "hoi", at);
        assert_true(comes_by(r, at) <= RIG_NOW + 3 * WAIT_MS || rig_outbox(r, "due") == 1);
    }
    assert_int_equal(at - 1000, RIG_NOW + 5000); /* the first one after 4.5 s */
    assert_int_equal(rig_outbox(r, "due"), 1);
}

static void two_people_have_a_thought_each(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    says(r, BEN, "wamid.2", "ik wil advies", RIG_NOW);
    says(r, ANA, "wamid.3", "dag", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    assert_int_equal(rig_outbox(r, "due"), 2);
    assert_int_equal(rig_inbox(r, "done"), 3);
}

static void a_thought_is_no_longer_than_a_message(void **state)
{
    struct rig *r = *state;
    char *half = malloc(2100);

    assert_non_null(half);
    memset(half, 'x', 2099);
    half[2099] = '\0';
    says(r, ANA, "wamid.1", half, RIG_NOW);
    assert_int_equal(rig_outbox(r, "due"), 0);
    says(r, ANA, "wamid.2", half, RIG_NOW + 1);
    assert_int_equal(rig_outbox(r, "due"), 1); /* the first, at once */
    assert_int_equal(rig_inbox(r, "taken"), 1);
    free(half);
}

static void a_thought_has_no_more_than_twenty_parts(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    char id[16];

    for (int i = 0; i < 21; i++) {
        (void)snprintf(id, sizeof id, "wamid.%d", i);
        hook_text(&items, ANA, id, "hoi", RIG_NOW);
    }
    (void)run(r, &items, RIG_NOW);
    assert_int_equal(rig_outbox(r, "due"), 1);
    assert_int_equal(rig_inbox(r, "done"), 20);
    assert_int_equal(rig_inbox(r, "taken"), 1);
}

static void when_it_is_off_each_is_answered_at_once(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    r->config.burst_wait_ms = 0; /* what was left from before has its time */
    assert_int_equal(comes_by(r, RIG_NOW), RIG_NOW + WAIT_MS);
    assert_int_equal(comes_by(r, RIG_NOW + WAIT_MS), INT64_MAX);
    assert_int_equal(rig_outbox(r, "due"), 1);
    says(r, ANA, "wamid.2", "dag", RIG_NOW);
    says(r, ANA, "wamid.3", "ik wil advies", RIG_NOW);
    assert_int_equal(rig_outbox(r, "due"), 3);
    assert_int_equal(rig_inbox(r, "taken"), 0);
}

static void what_comes_late_is_a_backlog_as_ever(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    const int64_t then = RIG_NOW - 120 * (int64_t)MINUTE_MS;

    hook_text(&items, ANA, "wamid.1", "hoi", then);
    hook_text(&items, ANA, "wamid.2", "ik wil advies", then + MINUTE_MS);
    (void)run(r, &items, RIG_NOW);
    assert_int_equal(rig_inbox(r, "done"), 2);
    assert_int_equal(rig_outbox(r, "due"), 1);
    assert_int_equal(rig_outbox(r, "withdrawn"), 1);
    assert_int_equal(comes_by(r, RIG_NOW), INT64_MAX);
}

/* What waited while we were away is late like any other, by when its last part was sent. */
static void a_thought_that_waited_through_an_outage_gets_an_apology(void **state)
{
    struct rig *r = *state;
    const int64_t later = RIG_NOW + 20 * (int64_t)MINUTE_MS;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW - 10 * MINUTE_MS);
    says(r, ANA, "wamid.2", "ik wil advies", RIG_NOW);
    assert_int_equal(comes_by(r, later), INT64_MAX);
    assert_int_equal(rig_outbox(r, "due"), 1);
    assert_true(rig_next(r) > later); /* it may be replaced by the answer to what still comes */
}

static void a_held_message_that_is_delivered_again_is_known(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    struct turns t = run(r, &items, RIG_NOW + 100);
    assert_int_equal(t.duplicates, 1);
    assert_int_equal(rig_inbox(r, "taken"), 1);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    expect_answer_to(r, "hoi", RIG_NOW + WAIT_MS);
}

/* ---- what ends it ---- */

static void a_tap_is_answered_at_once_after_what_waits(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "ik wil", RIG_NOW);
    says(r, ANA, "wamid.2", "advies", RIG_NOW + 100);
    taps(r, ANA, "wamid.3", "usage=light", RIG_NOW + 200);
    assert_int_equal(rig_inbox(r, "done"), 3);
    expect_replies(r, RIG_NOW + 200, 2, (const char *[]){"usage=light", "\n", "calendar=", NULL});
    taps(r, ANA, "wamid.4", "calendar=no", RIG_NOW + 300);
    assert_int_equal(rig_inbox(r, "taken"), 0);
    expect_replies(r, RIG_NOW + 300, 3, (const char *[]){"team=", NULL});
}

static void a_tap_of_another_person_ends_nothing(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    taps(r, BEN, "wamid.2", "do:begin", RIG_NOW);
    assert_int_equal(rig_outbox(r, "due"), 1);
    assert_int_equal(rig_inbox(r, "taken"), 1);
}

static void media_are_answered_at_once_after_what_waits(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    sends(r, ANA, "wamid.2", "\"type\":\"audio\",\"audio\":{\"id\":\"1\",\"voice\":true}", RIG_NOW);
    assert_int_equal(rig_inbox(r, "done"), 2);
    assert_int_equal(rig_outbox(r, "due"), 2);
    assert_int_equal(comes_by(r, RIG_NOW), INT64_MAX);
}

static void a_late_text_comes_after_what_waits(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    hook_text(&items, ANA, "wamid.2", "een paar mailtjes", RIG_NOW - 60 * (int64_t)MINUTE_MS);
    (void)run(r, &items, RIG_NOW);
    assert_int_equal(rig_inbox(r, "done"), 2);
    assert_int_equal(rig_inbox(r, "taken"), 0);
    expect_replies(r, RIG_NOW + 5000, 2, (const char *[]){"usage=light", "\n", "calendar=", NULL});
}

static void a_reaction_ends_nothing(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    sends(r, ANA, "wamid.2",
          "\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.0\",\"emoji\":\"x\"}", RIG_NOW);
    assert_int_equal(rig_inbox(r, "taken"), 1);
    says(r, ANA, "wamid.3", "ik wil advies", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    expect_answer_to(r, "hoi\\nik wil advies", RIG_NOW + WAIT_MS);
}

/* Asked for in the text that waits: who taps then is somebody new. */
static void who_is_erased_by_what_waits_begins_anew_with_the_tap(void **state)
{
    struct rig *r = *state;
    struct store_counts c;
    struct err e = {0};

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    says(r, ANA, "wamid.2", "wis mijn gegevens", RIG_NOW + 2000);
    taps(r, ANA, "wamid.3", "usage=light", RIG_NOW + 2100);
    assert_int_equal(store_count(r->store, &c, &e), 0);
    assert_int_equal(c.erasures, 1);
    assert_int_equal(c.contacts, 1);
    assert_int_equal(c.conversations, 1);
    assert_int_equal(c.inbox[INBOX_DONE], 3);
    expect_replies(r, RIG_NOW + 2100, 2, (const char *[]){"gewist", "calendar=", NULL});
}

/* ---- what is changed while it waits ---- */

static void revokes(struct rig *r, const char *id, const char *about, int64_t now_ms)
{
    char rest[128];

    (void)snprintf(rest, sizeof rest, "\"type\":\"revoke\",\"revoke\":{\"original_message_id\":\"%s\"}",
                   about);
    sends(r, ANA, id, rest, now_ms);
}

static void edits(struct rig *r, const char *id, const char *about, const char *text, int64_t now_ms)
{
    char rest[256];

    (void)snprintf(rest, sizeof rest,
                   "\"type\":\"edit\",\"edit\":{\"original_message_id\":\"%s\",\"message\":{\"type\":"
                   "\"text\",\"text\":{\"body\":\"%s\"}}}",
                   about, text);
    sends(r, ANA, id, rest, now_ms);
}

static void what_is_withdrawn_is_not_answered(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "wat is pop", RIG_NOW);
    says(r, ANA, "wamid.2", "ik wil advies", RIG_NOW);
    revokes(r, "wamid.3", "wamid.1", RIG_NOW + 100);
    assert_int_equal(rig_inbox(r, "skipped"), 1);
    assert_int_equal(rig_inbox(r, "taken"), 1);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    expect_answer_to(r, "ik wil advies", RIG_NOW + WAIT_MS);
}

static void who_withdraws_all_hears_nothing(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    revokes(r, "wamid.2", "wamid.1", RIG_NOW + 100);
    assert_int_equal(comes_by(r, RIG_NOW + WAIT_MS), INT64_MAX);
    assert_int_equal(rig_outbox(r, "due"), 0);
    assert_int_equal(rig_inbox(r, "taken"), 0);
}

static void a_withdrawal_of_something_else_ends_nothing(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    revokes(r, "wamid.2", "wamid.0", RIG_NOW);
    assert_int_equal(rig_inbox(r, "taken"), 1);
    assert_int_equal(rig_inbox(r, "done"), 1);
}

static void the_words_of_an_edit_are_answered(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    says(r, ANA, "wamid.2", "ik wil adveis", RIG_NOW);
    edits(r, "wamid.3", "wamid.2", "wat is pop", RIG_NOW + 100);
    assert_int_equal(rig_inbox(r, "taken"), 2);
    assert_int_equal(rig_inbox(r, "done"), 1);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    expect_answer_to(r, "hoi\\nwat is pop", RIG_NOW + WAIT_MS);
}

static void an_edit_of_what_was_answered_comes_after_what_waits(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    says(r, ANA, "wamid.2", "ik wil advies", RIG_NOW + 2000);
    edits(r, "wamid.3", "wamid.1", "hallo", RIG_NOW + 2100);
    assert_int_equal(rig_inbox(r, "taken"), 0);
    assert_int_equal(rig_inbox(r, "done"), 3);
}

static void an_edit_after_the_answer_is_of_the_last_part(void **state)
{
    struct rig *r = *state;

    taps(r, ANA, "wamid.0", "do:begin", RIG_NOW);
    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    says(r, ANA, "wamid.2", "een paar mailtjes", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    int64_t before = rig_outbox(r, "due");
    edits(r, "wamid.3", "wamid.2", "de hele dag door", RIG_NOW + 3000);
    assert_int_equal(rig_outbox(r, "due"), before + 1);
}

/* ---- two that are one, failures, receipts, the log ---- */

static void one_person_by_two_names_has_one_thought(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    sends(r, "NL.55512", "wamid.2", "\"type\":\"text\",\"text\":{\"body\":\"ik wil\"}", RIG_NOW);
    hook_item(&items, "{\"from\":\"" ANA "\",\"from_user_id\":\"NL.55512\",\"id\":\"wamid.3\",\"timestamp\":"
                      "\"1795428360\",\"type\":\"text\",\"text\":{\"body\":\"advies\"}}");
    (void)run(r, &items, RIG_NOW + 100);
    assert_int_equal(comes_by(r, RIG_NOW + 100 + WAIT_MS), INT64_MAX);
    expect_answer_to(r, "hoi\\nik wil\\nadvies", RIG_NOW + 100 + WAIT_MS);
}

/* A text that no check let through, longer than a message may be. */
static void a_thought_that_fails_costs_its_own_messages_alone(void **state)
{
    char directory[64], locales[96], *endless = malloc(5001);
    const char *const more[] = {locales, "BURST_WAIT_MS=1500", NULL};
    (void)state;
    assert_non_null(endless);
    memset(endless, 'x', 5000);
    endless[5000] = '\0';
    rig_directory(directory);
    rig_locales(directory, "stopped", endless);
    (void)snprintf(locales, sizeof locales, "LOCALES=%s", directory);
    struct rig *r = rig_new(more);

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    says(r, BEN, "wamid.2", "stop", RIG_NOW);
    says(r, BEN, "wamid.3", "hoor", RIG_NOW);
    assert_int_equal(comes_by(r, RIG_NOW + WAIT_MS), INT64_MAX); /* and it is not tried again */
    assert_int_equal(rig_inbox(r, "done"), 1);
    assert_int_equal(rig_inbox(r, "failed"), 2);
    assert_int_equal(rig_outbox(r, "due"), 1);

    says(r, BEN, "wamid.4", "stop", RIG_NOW + 2000); /* nor does it keep a tap from its answer */
    taps(r, BEN, "wamid.5", "do:begin", RIG_NOW + 2000);
    assert_int_equal(rig_inbox(r, "failed"), 3);
    assert_int_equal(rig_inbox(r, "done"), 2);
    assert_int_equal(rig_outbox(r, "due"), 2);
    rig_close(r);
    free(r);
    rig_remove(directory);
    free(endless);
}

static void the_receipt_is_for_the_last_part(void **state)
{
    static const char *const more[] = {"WHATSAPP_READ_RECEIPT=read", "BURST_WAIT_MS=1500", NULL};
    struct rig *r = rig_new(more);
    struct err e = {0};
    int64_t next;
    (void)state;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    says(r, ANA, "wamid.2", "ik wil advies", RIG_NOW);
    struct turns t = turns_at(r, RIG_NOW + WAIT_MS);
    rig_begin(r);
    assert_int_equal(thoughts_run(&t, false, &next, &e), 0);
    rig_commit(r);
    assert_non_null(t.courtesies);
    assert_string_equal(t.courtesies->message_id, "wamid.2");
    assert_null(t.courtesies->next);
    rig_close(r);
    free(r);
}

/* ---- "typing" ---- */

static struct rig *rig_with_telegram(const char *receipt)
{
    const char *const more[] = {receipt, "BURST_WAIT_MS=1500",
                                "TELEGRAM_BOT_TOKEN=700900:rig-telegram-token-0123456789abcdef",
                                "TELEGRAM_API_BASE=http://127.0.0.1:9", NULL};

    return rig_new(more);
}

/* Updates of Telegram's in one round; what is to be done beside their answers. */
static struct turns updates(struct rig *r, const char *list, int64_t now_ms)
{
    struct turns t = turns_at(r, now_ms);
    struct buf body = {0};
    struct err e = {0};
    int status = 0;

    buf_addf(&body, "{\"ok\":true,\"result\":[%s]}", list);
    rig_begin(r);
    if (turns_run(&t, &r->platform[PLATFORM_TELEGRAM], body.data, body.len, &status, &e) != 0)
        fail_msg("%s", e.text);
    rig_commit(r);
    assert_int_equal(status, 200);
    buf_free(&body);
    return t;
}

#define CEM                                                                                                  \
    "\"date\":1795428360,\"from\":{\"id\":5500003333,\"is_bot\":false,\"first_name\":\"Cem\"},\"chat\":{"    \
    "\"id\":"                                                                                                \
    "5500003333,\"type\":\"private\"}"
#define TYPED(id, text)                                                                                      \
    "{\"update_id\":" id ",\"message\":{\"message_id\":" id ",\"text\":\"" text "\"," CEM "}}"
#define TAPPED(id, data)                                                                                     \
    "{\"update_id\":" id ",\"callback_query\":{\"id\":\"7\",\"data\":\"" data                                \
    "\",\"from\":{\"id\":5500003333,\"is_bot\":false},\"message\":{\"message_id\":1," CEM "}}}"

static size_t shown_typing(const struct turns *t)
{
    size_t n = 0;

    for (const struct courtesy *c = t->courtesies; c != NULL; c = c->next) n += c->waits;
    return n;
}

static void who_begins_a_thought_on_telegram_sees_typing_once(void **state)
{
    struct rig *r = rig_with_telegram("WHATSAPP_READ_RECEIPT=off");
    struct buf url = {0}, body = {0};
    (void)state;

    struct turns t = updates(r, TYPED("81", "ik wil advies"), RIG_NOW);
    assert_int_equal(shown_typing(&t), 1);
    const struct courtesy *c = t.courtesies;
    assert_true(c->platform->courtesy(c->platform, c, 0, &url, &body));
    assert_string_equal(buf_text(&url),
                        "http://127.0.0.1:9/bot700900:rig-telegram-token-0123456789abcdef/sendChatAction");
    assert_string_equal(buf_text(&body), "{\"chat_id\":5500003333,\"action\":\"typing\"}");
    assert_false(c->platform->courtesy(c->platform, c, 1, &url, &body));
    t = updates(r, TYPED("82", "over mail"), RIG_NOW + 500);
    assert_int_equal(shown_typing(&t), 0);
    t = updates(r, TYPED("82", "over mail"), RIG_NOW + 600); /* delivered again */
    assert_int_equal(shown_typing(&t), 0);
    buf_free(&url);
    buf_free(&body);
    rig_close(r);
    free(r);
}

static void nobody_types_when_the_answer_leaves_at_once(void **state)
{
    struct rig *r = rig_with_telegram("WHATSAPP_READ_RECEIPT=off");
    (void)state;

    struct turns t = updates(r, TYPED("81", "hoi") "," TAPPED("82", "do:begin"), RIG_NOW);
    assert_int_equal(shown_typing(&t), 0);
    assert_non_null(t.courtesies); /* the press is answered */
    t = updates(r, TAPPED("83", "usage=light"), RIG_NOW);
    assert_int_equal(shown_typing(&t), 0);
    rig_close(r);
    free(r);
}

static void on_whatsapp_only_the_setting_of_receipts_speaks(void **state)
{
    struct rig *r = rig_with_telegram("WHATSAPP_READ_RECEIPT=typing");
    struct buf items = {0};
    (void)state;

    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    struct turns t = run(r, &items, RIG_NOW);
    assert_null(t.courtesies);
    rig_close(r);
    free(r);
}

static void the_log_names_nobody(void **state)
{
    struct rig *r = *state;
    char *log = NULL;
    size_t n = 0;
    FILE *sink = open_memstream(&log, &n);

    assert_non_null(sink);
    log_open(sink, LOG_DEBUG, LOG_LOGFMT);
    says(r, ANA, "wamid.SECRETID", "mijn geheime woorden", RIG_NOW);
    revokes(r, "wamid.2", "wamid.SECRETID", RIG_NOW);
    says(r, ANA, "wamid.SECRET2", "mijn geheime woorden", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    assert_int_equal(fclose(sink), 0);
    assert_non_null(strstr(log, "at=turn inbox="));
    assert_null(strstr(log, ANA));
    assert_null(strstr(log, "SECRET"));
    assert_null(strstr(log, "geheime"));
    free(log);
}

static void the_way_back_is_heard_among_what_is_written_to_the_human(void **state)
{
    struct rig *r = *state;

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    (void)comes_by(r, RIG_NOW + WAIT_MS);
    assert_int_equal(rig_outbox(r, "due"), 1);
    owner_says(r, ANA, "wamid.E", RIG_NOW + 2 * WAIT_MS);
    int hushed = (int)rig_outbox(r, "due");
    says(r, ANA, "wamid.2", "fijn, dank je", RIG_NOW + 3 * WAIT_MS);
    says(r, ANA, "wamid.3", "terug naar de bot", RIG_NOW + 3 * WAIT_MS + 1);
    (void)comes_by(r, RIG_NOW + 5 * WAIT_MS);
    assert_int_equal(rig_inbox(r, "taken"), 0);
    assert_int_equal(hushed, 0);
    assert_int_equal(rig_outbox(r, "due"), 1); /* the open question, again */
}

static void in_a_hurry_all_run(void **state)
{
    struct rig *r = *state;
    struct turns t;
    struct err e = {0};
    int64_t next = 0;

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    says(r, BEN, "wamid.2", "dag", RIG_NOW);
    t = turns_at(r, RIG_NOW);
    rig_begin(r);
    assert_int_equal(thoughts_run(&t, true, &next, &e), 0);
    rig_commit(r);
    assert_int_equal(next, INT64_MAX);
    assert_int_equal(rig_outbox(r, "due"), 2);
}

int test_thought(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_RIG(texts_in_a_row_get_one_answer_to_them_all),
        WITH_RIG(who_keeps_typing_is_answered_all_the_same),
        WITH_RIG(two_people_have_a_thought_each),
        WITH_RIG(a_thought_is_no_longer_than_a_message),
        WITH_RIG(a_thought_has_no_more_than_twenty_parts),
        WITH_RIG(when_it_is_off_each_is_answered_at_once),
        WITH_RIG(what_comes_late_is_a_backlog_as_ever),
        WITH_RIG(a_thought_that_waited_through_an_outage_gets_an_apology),
        WITH_RIG(a_held_message_that_is_delivered_again_is_known),
        WITH_RIG(a_tap_is_answered_at_once_after_what_waits),
        WITH_RIG(a_tap_of_another_person_ends_nothing),
        WITH_RIG(media_are_answered_at_once_after_what_waits),
        WITH_RIG(a_late_text_comes_after_what_waits),
        WITH_RIG(a_reaction_ends_nothing),
        WITH_RIG(who_is_erased_by_what_waits_begins_anew_with_the_tap),
        WITH_RIG(what_is_withdrawn_is_not_answered),
        WITH_RIG(who_withdraws_all_hears_nothing),
        WITH_RIG(a_withdrawal_of_something_else_ends_nothing),
        WITH_RIG(the_words_of_an_edit_are_answered),
        WITH_RIG(an_edit_of_what_was_answered_comes_after_what_waits),
        WITH_RIG(an_edit_after_the_answer_is_of_the_last_part),
        WITH_RIG(one_person_by_two_names_has_one_thought),
        cmocka_unit_test(a_thought_that_fails_costs_its_own_messages_alone),
        cmocka_unit_test(the_receipt_is_for_the_last_part),
        cmocka_unit_test(who_begins_a_thought_on_telegram_sees_typing_once),
        cmocka_unit_test(nobody_types_when_the_answer_leaves_at_once),
        cmocka_unit_test(on_whatsapp_only_the_setting_of_receipts_speaks),
        WITH_RIG(the_log_names_nobody),
        WITH_RIG(the_way_back_is_heard_among_what_is_written_to_the_human),
        WITH_RIG(in_a_hurry_all_run),
    };
#undef WITH_RIG
    return UNIT_RUN(tests);
}

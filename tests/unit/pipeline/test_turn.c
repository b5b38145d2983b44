#include "unit.h"

#include "arena.h"
#include "content.h"
#include "err.h"
#include "http_server.h"
#include "log.h"
#include "rig.h"
#include "store.h"
#include "turn.h"

int test_turn(void);

#define ANA "31612345678"
#define BEN "31687654321"

static const int64_t HOUR_MS = INT64_C(3600) * 1000;

static int begin(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    rig_open(r, "sqlite::memory:", 1, NULL);
    rig_content(r);
    *state = r;
    return 0;
}

static int end(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

/* One body in one transaction, as the desk runs it. */
static struct turns run_body(struct rig *r, const char *account, const struct buf *messages,
                             const struct buf *statuses, int64_t now_ms)
{
    struct turns t = {.config = &r->config,
                      .platforms = r->platform,
                      .content = r->content,
                      .store = r->store,
                      .arena = r->arena,
                      .now_ms = now_ms};
    struct buf body = {0};
    struct err e = {0};
    int status = 0;

    hook_body(&body, account, messages, statuses);
    struct http_request *request = hook_request(body.data, body.len);
    arena_reset(r->arena);
    rig_begin(r);
    if (turns_run(&t, &r->platform[PLATFORM_WHATSAPP], request->body, request->body_n, &status, &e) != 0)
        fail_msg("%s", e.text);
    rig_commit(r);
    assert_int_equal(status, 200);
    http_request_free(request);
    buf_free(&body);
    return t;
}

/* Runs the messages and empties the list. */
static struct turns run_messages(struct rig *r, struct buf *messages, int64_t now_ms)
{
    struct turns t = run_body(r, RIG_ACCOUNT, messages, NULL, now_ms);
    buf_free(messages);
    return t;
}

static void says(struct rig *r, const char *phone, const char *id, const char *text, int64_t now_ms)
{
    struct buf items = {0};

    hook_text(&items, phone, id, text, now_ms);
    (void)run_messages(r, &items, now_ms);
}

/* The replies that wait: `n` of them, and these parts in this order. NULL: the end. */
static void expect_replies(struct rig *r, int64_t now_ms, size_t n, const char *const *parts)
{
    struct buf out = {0};

    assert_int_equal(rig_replies(r, now_ms, &out), n);
    const char *at = buf_text(&out);
    for (; *parts != NULL; parts++) {
        const char *found = strstr(at, *parts);
        if (found == NULL) fail_msg("'%s' is not in, or not in this order in: %s", *parts, buf_text(&out));
        at = found + strlen(*parts);
    }
    buf_free(&out);
}

static void a_message_becomes_a_row_a_conversation_and_a_reply(void **state)
{
    struct rig *r = *state;
    struct store_counts c;
    struct err e = {0};
    int64_t contact;

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    assert_int_equal(store_count(r->store, &c, &e), 0);
    assert_int_equal(c.contacts, 1);
    assert_int_equal(c.conversations, 1);
    assert_int_equal(c.inbox[INBOX_DONE], 1);
    assert_int_equal(c.outbox[OUTBOX_DUE], 1);
    assert_int_equal(store_contact_find(r->store, "whatsapp", ANA, &contact, &e), 1);
    expect_replies(r, RIG_NOW, 1, (const char *[]){"usage=light", "usage=daily", NULL});
}

static void the_same_message_again_changes_nothing(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    hook_text(&items, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    struct turns t = run_messages(r, &items, RIG_NOW + 6 * 24 * HOUR_MS);
    assert_int_equal(t.messages, 0);
    assert_int_equal(t.duplicates, 1);
    assert_int_equal(rig_inbox(r, "done"), 1);
    assert_int_equal(rig_outbox(r, "due"), 1);
    expect_replies(r, RIG_NOW, 1, (const char *[]){"usage=light", NULL});
}

static void two_messages_of_one_person_in_one_body_are_answered_in_order(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};

    hook_text(&items, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    hook_text(&items, BEN, "wamid.2", "hoi", RIG_NOW);
    hook_text(&items, ANA, "wamid.3", "een paar mailtjes", RIG_NOW);
    struct turns t = run_messages(r, &items, RIG_NOW);
    assert_int_equal(t.messages, 3);
    assert_int_equal(rig_outbox(r, "due"), 3);
    expect_replies(r, RIG_NOW, 3, (const char *[]){"usage=light", "calendar=", NULL});
}

static void a_broken_item_keeps_its_neighbours(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};

    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    hook_item(&items, "{\"from\":\"" BEN "\",\"id\":\"wamid.2\",\"type\":\"text\",\"text\":5}");
    hook_item(&items, "17");
    hook_text(&items, BEN, "wamid.3", "hoi", RIG_NOW);
    struct turns t = run_messages(r, &items, RIG_NOW);
    assert_int_equal(t.failed, 2);
    assert_int_equal(rig_inbox(r, "done"), 2);
    assert_int_equal(rig_inbox(r, "failed"), 2);
    assert_int_equal(rig_outbox(r, "due"), 2);

    /* Redelivered, they are known. */
    hook_item(&items, "17");
    t = run_messages(r, &items, RIG_NOW + 1);
    assert_int_equal(t.duplicates, 1);
    assert_int_equal(rig_inbox(r, "failed"), 2);
}

static void what_is_for_another_number_is_left_alone(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    struct store_counts c;
    struct err e = {0};

    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    struct turns t = run_body(r, "999999", &items, NULL, RIG_NOW);
    buf_free(&items);
    assert_int_equal(t.messages, 0);
    assert_int_equal(store_count(r->store, &c, &e), 0);
    assert_int_equal(c.contacts, 0);
    assert_int_equal(c.inbox[INBOX_DONE] + c.inbox[INBOX_SKIPPED] + c.inbox[INBOX_FAILED], 0);
    assert_int_equal(c.outbox[OUTBOX_DUE], 0);
}

/* Claims what is due, for good; the tracker of the first. */
static void claim(struct rig *r, int64_t now_ms, char tracker[static 128])
{
    struct outbox_row *rows = NULL;
    struct err e = {0};

    rig_begin(r);
    assert_int_equal(store_outbox_claim(r->store, NULL, now_ms, 10, r->arena, &rows, &e), 0);
    assert_non_null(rows);
    (void)snprintf(tracker, 128, "%s", rows->tracker);
    rig_commit(r);
}

static void status(struct rig *r, const char *kind, const char *tracker, int code, const char *becomes)
{
    struct buf items = {0};

    hook_status(&items, "wamid.OUT", kind, tracker, code);
    struct turns t = run_body(r, RIG_ACCOUNT, NULL, &items, RIG_NOW);
    buf_free(&items);
    assert_int_equal(t.statuses, 1);
    assert_int_equal(rig_outbox(r, becomes), 1);
}

static void statuses_move_the_row_forward_alone(void **state)
{
    struct rig *r = *state;
    char tracker[128];

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    claim(r, RIG_NOW, tracker);
    assert_int_equal(rig_outbox(r, "sending"), 1);
    status(r, "sent", tracker, 0, "sent");        /* before the answer to the send */
    status(r, "delivered", NULL, 0, "delivered"); /* found by its id from now on */
    status(r, "read", NULL, 0, "read");
    status(r, "sent", tracker, 0, "read");
    status(r, "played", NULL, 0, "read");
}

static void a_failed_status_ends_the_row(void **state)
{
    struct rig *r = *state;
    char tracker[128];

    says(r, ANA, "wamid.1", "hoi", RIG_NOW);
    claim(r, RIG_NOW, tracker);
    status(r, "failed", tracker, 131026, "dead");
    status(r, "sent", tracker, 0, "dead");
}

static void who_asks_to_be_erased_is_gone_but_for_the_receipt(void **state)
{
    struct rig *r = *state;
    struct store_counts c;
    struct err e = {0};
    int64_t contact;

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    says(r, ANA, "wamid.2", "wis mijn gegevens", RIG_NOW + 1000);
    assert_int_equal(store_contact_find(r->store, "whatsapp", ANA, &contact, &e), 0);
    assert_int_equal(store_count(r->store, &c, &e), 0);
    assert_int_equal(c.contacts, 0);
    assert_int_equal(c.conversations, 0);
    assert_int_equal(c.erasures, 1);
    expect_replies(r, RIG_NOW + 1000, 1, (const char *[]){"gewist", NULL});
    /* The request itself does not come back to life when it is delivered again. */
    says(r, ANA, "wamid.2", "wis mijn gegevens", RIG_NOW + 2000);
    assert_int_equal(store_contact_find(r->store, "whatsapp", ANA, &contact, &e), 0);
}

static void a_change_of_number_keeps_the_conversation(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    struct err e = {0};
    int64_t before, after;

    hook_item(&items, "{\"from\":\"" ANA "\",\"from_user_id\":\"NL.55512\",\"id\":\"wamid.1\",\"timestamp\":"
                      "\"1795428360\",\"type\":\"text\",\"text\":{\"body\":\"ik wil advies\"}}");
    (void)run_messages(r, &items, RIG_NOW);
    assert_int_equal(store_contact_find(r->store, "whatsapp", ANA, &before, &e), 1);
    hook_item(&items, "{\"id\":\"wamid.2\",\"timestamp\":\"1795428361\",\"type\":\"system\",\"from\":\"" ANA
                      "\",\"system\":{\"type\":\"user_changed_number\",\"body\":\"…\",\"wa_id\":\"" BEN
                      "\",\"user_id\":\"NL.888\",\"previous_user_id\":\"NL.55512\"}}");
    (void)run_messages(r, &items, RIG_NOW + 1000);
    assert_int_equal(rig_inbox(r, "done"), 2);
    assert_int_equal(rig_outbox(r, "due"), 1); /* an event is not answered */
    assert_int_equal(store_contact_find(r->store, "whatsapp", BEN, &after, &e), 1);
    assert_int_equal(after, before);
    assert_int_equal(store_contact_find(r->store, "whatsapp", ANA, &after, &e), 0);

    says(r, BEN, "wamid.3", "een paar mailtjes", RIG_NOW + 2000);
    expect_replies(r, RIG_NOW + 2000, 2, (const char *[]){"usage=light", "calendar=", NULL});
}

static void a_backlog_gets_one_reply_that_waits_for_the_rest(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    const int64_t then = RIG_NOW - 2 * HOUR_MS;

    hook_text(&items, ANA, "wamid.1", "hoi", then);
    hook_text(&items, ANA, "wamid.2", "ik wil advies", then + 60000);
    hook_text(&items, ANA, "wamid.3", "een paar mailtjes", then + 120000);
    (void)run_messages(r, &items, RIG_NOW);
    assert_int_equal(rig_inbox(r, "done"), 3);
    assert_int_equal(rig_outbox(r, "due"), 1);
    assert_int_equal(rig_outbox(r, "withdrawn"), 2);
    assert_true(rig_next(r) > RIG_NOW);

    hook_text(&items, ANA, "wamid.4", "ja", then + 180000); /* the rest of it, a moment later */
    (void)run_messages(r, &items, RIG_NOW + 1000);
    assert_int_equal(rig_outbox(r, "due"), 1);
    assert_int_equal(rig_next(r), RIG_NOW + 1000 + 3000);
    expect_replies(r, RIG_NOW + 4000, 1, (const char *[]){"team=", NULL});
}

static void a_damaged_conversation_begins_anew(void **state)
{
    struct rig *r = *state;
    struct err e = {0};
    int64_t contact;

    says(r, ANA, "wamid.1", "ik wil advies", RIG_NOW);
    assert_int_equal(store_contact_find(r->store, "whatsapp", ANA, &contact, &e), 1);
    rig_begin(r);
    assert_int_equal(store_conversation_save(
                         r->store, contact, RIG_ACCOUNT,
                         &(struct conversation_row){.text = "v9 \x01?", .n = 5, .now_ms = RIG_NOW}, &e),
                     0);
    rig_commit(r);
    says(r, ANA, "wamid.2", "hoi", RIG_NOW + 1000);
    assert_int_equal(rig_inbox(r, "done"), 2);
    expect_replies(r, RIG_NOW + 1000, 2, (const char *[]){"usage=light", "do:begin", NULL});
}

static void what_is_no_webhook_of_the_platform_gets_400(void **state)
{
    static const char *const bodies[] = {"",
                                         "no json",
                                         "[]",
                                         "{}",
                                         "{\"object\":\"page\",\"entry\":[]}",
                                         "{\"object\":\"whatsapp_business_account\",\"entry\":[",
                                         "{\"object\":\"whatsapp_business_account\",\"entry\":5}"};
    struct rig *r = *state;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct turns t = {.config = &r->config,
                          .platforms = r->platform,
                          .content = r->content,
                          .store = r->store,
                          .arena = r->arena,
                          .now_ms = RIG_NOW};
        struct err e = {0};
        int answer = 0;
        struct http_request *request = hook_request(bodies[i], strlen(bodies[i]));
        rig_begin(r);
        assert_int_equal(
            turns_run(&t, &r->platform[PLATFORM_WHATSAPP], request->body, request->body_n, &answer, &e), 0);
        rig_commit(r);
        assert_int_equal(answer, 400);
        assert_int_equal(t.messages, 0);
        http_request_free(request);
    }
}

/* A text that no check let through, longer than a message may be. */
static void a_reply_that_cannot_be_rendered_costs_its_own_turn_alone(void **state)
{
    char directory[64], locales[96], *endless = malloc(5001);
    struct rig r;
    struct buf items = {0};
    struct err e = {0};
    int64_t contact;
    (void)state;
    assert_non_null(endless);
    memset(endless, 'x', 5000);
    endless[5000] = '\0';
    rig_directory(directory);
    rig_locales(directory, "stopped", endless);
    (void)snprintf(locales, sizeof locales, "LOCALES=%s", directory);
    rig_open(&r, "sqlite::memory:", 1, (const char *[]){locales, NULL});
    rig_content(&r);

    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    hook_text(&items, BEN, "wamid.2", "stop", RIG_NOW);
    hook_text(&items, "31600000003", "wamid.3", "hoi", RIG_NOW);
    struct turns t = run_messages(&r, &items, RIG_NOW);
    assert_int_equal(t.failed, 1);
    assert_int_equal(rig_inbox(&r, "done"), 2);
    assert_int_equal(rig_inbox(&r, "failed"), 1);
    assert_int_equal(rig_outbox(&r, "due"), 2);
    assert_int_equal(store_contact_find(r.store, "whatsapp", BEN, &contact, &e), 0); /* undone */

    says(&r, BEN, "wamid.4", "ik wil advies", RIG_NOW + 1000); /* and he is not lost */
    assert_int_equal(rig_inbox(&r, "done"), 3);
    rig_close(&r);
    rig_remove(directory);
    free(endless);
}

static void the_window_runs_from_when_it_was_written(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    struct outbox_row *rows = NULL;
    struct err e = {0};

    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW - 600000);
    hook_text(&items, BEN, "wamid.2", "hoi", RIG_NOW + 24 * HOUR_MS); /* from the future: now */
    (void)run_messages(r, &items, RIG_NOW);
    rig_begin(r);
    assert_int_equal(store_outbox_claim(r->store, NULL, RIG_NOW, 10, r->arena, &rows, &e), 0);
    assert_int_equal(rows->wrote_ms, RIG_NOW - 600000);
    assert_int_equal(rows->next->wrote_ms, RIG_NOW);
    store_rollback(r->store);
}

static void receipts_are_gathered_for_what_is_answered_when_wanted(void **state)
{
    struct rig r;
    struct buf items = {0};

    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    struct turns t = run_messages(*state, &items, RIG_NOW);
    assert_null(t.courtesies);

    rig_open(&r, "sqlite::memory:", 1, (const char *[]){"WHATSAPP_READ_RECEIPT=read", NULL});
    rig_content(&r);
    hook_text(&items, ANA, "wamid.1", "hoi", RIG_NOW);
    hook_item(&items,
              "{\"from\":\"" ANA "\",\"id\":\"wamid.2\",\"timestamp\":\"1795428360\",\"type\":\"reaction\","
              "\"reaction\":{\"message_id\":\"wamid.0\",\"emoji\":\"x\"}}");
    t = run_messages(&r, &items, RIG_NOW);
    assert_non_null(t.courtesies);
    assert_string_equal(t.courtesies->message_id, "wamid.1");
    assert_null(t.courtesies->next);
    rig_close(&r);
}

static void the_log_names_nobody(void **state)
{
    struct rig *r = *state;
    struct buf items = {0};
    char *log = NULL;
    size_t n = 0;
    FILE *sink = open_memstream(&log, &n);
    char tracker[128];

    assert_non_null(sink);
    log_open(sink, LOG_DEBUG, LOG_LOGFMT);
    hook_item(&items,
              "{\"from\":\"" ANA "\",\"from_user_id\":\"NL.55512\",\"id\":\"wamid.SECRETID\",\"timestamp\":"
              "\"1795428360\",\"type\":\"text\",\"text\":{\"body\":\"mijn geheime woorden\"}}");
    hook_item(&items, "{\"from\":\"" ANA "\",\"id\":\"wamid.2\",\"type\":\"text\",\"text\":5}");
    hook_item(&items,
              "{\"from\":\"" ANA "\",\"id\":\"wamid.3\",\"type\":\"brandnew\",\"brandnew\":\"geheime\"}");
    (void)run_messages(r, &items, RIG_NOW);
    claim(r, RIG_NOW, tracker);
    status(r, "failed", tracker, 131026, "dead");
    says(r, ANA, "wamid.4", "wis mijn gegevens", RIG_NOW);
    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    assert_int_equal(fclose(sink), 0);
    assert_non_null(strstr(log, "at=turn inbox="));
    assert_null(strstr(log, ANA));
    assert_null(strstr(log, "NL.55512"));
    assert_null(strstr(log, "SECRETID"));
    assert_null(strstr(log, "geheime"));
    free(log);
}

int test_turn(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_becomes_a_row_a_conversation_and_a_reply, begin, end),
        cmocka_unit_test_setup_teardown(the_same_message_again_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(two_messages_of_one_person_in_one_body_are_answered_in_order, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_broken_item_keeps_its_neighbours, begin, end),
        cmocka_unit_test_setup_teardown(what_is_for_another_number_is_left_alone, begin, end),
        cmocka_unit_test_setup_teardown(statuses_move_the_row_forward_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_failed_status_ends_the_row, begin, end),
        cmocka_unit_test_setup_teardown(who_asks_to_be_erased_is_gone_but_for_the_receipt, begin, end),
        cmocka_unit_test_setup_teardown(a_change_of_number_keeps_the_conversation, begin, end),
        cmocka_unit_test_setup_teardown(a_backlog_gets_one_reply_that_waits_for_the_rest, begin, end),
        cmocka_unit_test_setup_teardown(a_damaged_conversation_begins_anew, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_webhook_of_the_platform_gets_400, begin, end),
        cmocka_unit_test(a_reply_that_cannot_be_rendered_costs_its_own_turn_alone),
        cmocka_unit_test_setup_teardown(the_window_runs_from_when_it_was_written, begin, end),
        cmocka_unit_test_setup_teardown(receipts_are_gathered_for_what_is_answered_when_wanted, begin, end),
        cmocka_unit_test_setup_teardown(the_log_names_nobody, begin, end),
    };
    return UNIT_RUN(tests);
}

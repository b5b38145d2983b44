#include "unit.h"

#include "arena.h"
#include "err.h"
#include "graph.h"
#include "http_client.h"
#include "log.h"
#include "rig.h"
#include "sender.h"
#include "store.h"
#include "turn.h"

int test_sender(void);

#define ANA "31612345678"
#define BEN "31687654321"
#define CAS "31600000003"
#define BOT "700900"

static const int64_t NOW = RIG_NOW;

struct desk {
    struct rig rig;
    struct graph graph;
    struct http_client *client;
    struct sender *sender;
    const char *sender_account;
};

static struct desk *desk_of(enum platform_id platform)
{
    struct desk *d = calloc(1, sizeof *d);
    char base[64];
    const char *const more[] = {"TELEGRAM_BOT_TOKEN=" BOT ":rig-telegram-token-0123456789abcdef", base, NULL};
    struct err e = {0};

    assert_non_null(d);
    graph_start(&d->graph, false);
    (void)snprintf(base, sizeof base, "TELEGRAM_API_BASE=http://127.0.0.1:%d", d->graph.port);
    rig_open(&d->rig, "sqlite::memory:", d->graph.port, platform == PLATFORM_TELEGRAM ? more : NULL);
    if (http_client_new(8, &d->client, &e) != 0) fail_msg("%s", e.text);
    d->sender = sender_new(&d->rig.platform[platform], d->client);
    d->sender_account = d->rig.platform[platform].account;
    assert_non_null(d->sender);
    return d;
}

static int begin(void **state)
{
    *state = desk_of(PLATFORM_WHATSAPP);
    return 0;
}

static int begin_on_telegram(void **state)
{
    *state = desk_of(PLATFORM_TELEGRAM);
    return 0;
}

static int end(void **state)
{
    struct desk *d = *state;

    sender_free(d->sender);
    http_client_free(d->client);
    rig_close(&d->rig);
    graph_free(&d->graph);
    free(d);
    return 0;
}

/* A desk's round. How many rows it moved to be sent, or buried. */
static int go_round(struct desk *d, int64_t now_ms)
{
    struct err e = {0};

    rig_begin(&d->rig);
    if (sender_store(d->sender, d->rig.store, now_ms, &e) != 0) fail_msg("%s", e.text);
    int moved = sender_claim(d->sender, d->rig.store, now_ms, &e);
    if (moved < 0) fail_msg("%s", e.text);
    rig_commit(&d->rig);
    sender_committed(d->sender);
    return moved;
}

/* Waits until a call ends. */
static void wait_verdict(struct desk *d)
{
    for (int i = 0; i < 60000 && !sender_has_verdicts(d->sender); i++) http_client_poll(d->client, 1);
    assert_true(sender_has_verdicts(d->sender));
}

static void wait_landed(struct desk *d)
{
    for (int i = 0; i < 60000 && sender_flights(d->sender) > 0; i++) http_client_poll(d->client, 1);
    assert_int_equal(sender_flights(d->sender), 0);
}

static int64_t row_for(struct desk *d, const char *phone, const char *text)
{
    return rig_row(&d->rig, rig_contact(&d->rig, phone, NULL, NOW), RIG_ACCOUNT, text, NOW);
}

/* Sends the rows due and refuses request `i` so; the verdict is stored at `now`. */
static void refuse(struct desk *d, size_t i, int status, int code, int64_t now_ms)
{
    assert_int_equal(go_round(d, now_ms), 1);
    graph_wait(&d->graph, d->client, i + 1);
    graph_refuse(&d->graph, i, status, code);
    wait_verdict(d);
    (void)go_round(d, now_ms);
}

static void an_accepted_send_is_sent_and_known_by_its_id(void **state)
{
    struct desk *d = *state;
    struct err e = {0};

    row_for(d, ANA, "hallo");
    assert_int_equal(go_round(d, NOW), 1);
    assert_int_equal(rig_outbox(&d->rig, "sending"), 1); /* before a byte leaves */
    graph_wait(&d->graph, d->client, 1);
    assert_string_equal(graph_path(&d->graph, 0), "/v25.0/" RIG_ACCOUNT "/messages");
    assert_string_equal(graph_bearer(&d->graph, 0), "Bearer " RIG_TOKEN);
    assert_non_null(strstr(graph_body(&d->graph, 0), "\"to\":\"+" ANA "\""));
    assert_non_null(strstr(graph_body(&d->graph, 0), "\"biz_opaque_callback_data\":\""));
    assert_non_null(strstr(graph_body(&d->graph, 0), "\"text\":{\"body\":\"hallo\"}"));
    graph_accept(&d->graph, 0, "wamid.ABC");
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW + 50), 0);
    assert_int_equal(rig_outbox(&d->rig, "sent"), 1);
    assert_int_equal(store_outbox_is_ours(d->rig.store, "whatsapp", "wamid.ABC", &e), 1);
    assert_true(rig_next(&d->rig) == INT64_MAX);
}

static void passing_trouble_is_tried_again_with_growing_delays(void **state)
{
    struct desk *d = *state;
    int64_t now = NOW;

    row_for(d, ANA, "hallo");
    for (size_t i = 0; i < 4; i++) {
        refuse(d, i, 500, 131000, now);
        assert_int_equal(rig_outbox(&d->rig, "due"), 1);
        assert_int_equal(rig_next(&d->rig) - now, 1000 << i);
        assert_int_equal(go_round(d, rig_next(&d->rig) - 1), 0);
        now = rig_next(&d->rig);
    }
    assert_int_equal(graph_seen(&d->graph), 4);
}

static void a_chat_that_gets_too_much_waits_alone(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "een");
    row_for(d, ANA, "twee");
    refuse(d, 0, 400, 131056, NOW);
    assert_int_equal(rig_next(&d->rig) - NOW, 1000);
    row_for(d, BEN, "drie");
    assert_int_equal(go_round(d, NOW + 10), 1);
    graph_wait(&d->graph, d->client, 2);
    assert_non_null(strstr(graph_body(&d->graph, 1), "drie"));
    assert_int_equal(rig_outbox(&d->rig, "due"), 2); /* the second of hers waits behind the first */
    graph_accept(&d->graph, 1, "wamid.B");
    wait_verdict(d);
    refuse(d, 2, 400, 131056, NOW + 1000);
    assert_int_equal(rig_next(&d->rig) - NOW - 1000, 4000);
}

static void a_throttled_account_waits_as_a_whole(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "een");
    refuse(d, 0, 400, 130429, NOW);
    row_for(d, BEN, "twee");
    assert_int_equal(go_round(d, NOW + 10), 0);
    assert_int_equal(sender_ready_at(d->sender, NOW + 10) - NOW, 5000);
    assert_int_equal(go_round(d, NOW + 4999), 0);
    assert_int_equal(go_round(d, NOW + 5000), 2);
}

static void a_refused_token_halts_all_but_one_probe(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "een");
    refuse(d, 0, 401, 190, NOW);
    row_for(d, BEN, "twee");
    row_for(d, CAS, "drie");
    assert_int_equal(go_round(d, NOW + 59999), 0);
    assert_int_equal(go_round(d, NOW + 60000), 1);
    for (int i = 1; i < 5; i++) assert_int_equal(go_round(d, NOW + 60000 + i), 0);
    assert_true(sender_ready_at(d->sender, NOW + 60010) == INT64_MAX); /* until it is answered */

    graph_wait(&d->graph, d->client, 2);
    graph_refuse(&d->graph, 1, 500, 131000); /* trouble of another kind proves nothing */
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW + 61000), 0);
    assert_int_equal(sender_ready_at(d->sender, NOW + 61000) - NOW, 121000);

    assert_int_equal(go_round(d, NOW + 121000), 1);
    graph_wait(&d->graph, d->client, 3);
    graph_accept(&d->graph, 2, "wamid.P");
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW + 121100), 2);
    graph_wait(&d->graph, d->client, 5);
}

static void a_closed_window_ends_the_row(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "een");
    refuse(d, 0, 400, 131047, NOW);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 1);
    assert_true(rig_next(&d->rig) == INT64_MAX);
}

static void a_bad_message_ends_its_row_and_the_next_goes(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "een");
    row_for(d, ANA, "twee");
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    graph_refuse(&d->graph, 0, 400, 131009);
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW), 1);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 1);
    graph_wait(&d->graph, d->client, 2);
    assert_non_null(strstr(graph_body(&d->graph, 1), "twee"));
}

static void a_connection_refused_is_certain_and_tried_again(void **state)
{
    struct desk *d = *state;

    graph_hang_up(&d->graph); /* nobody listens there any more */
    row_for(d, ANA, "een");
    assert_int_equal(go_round(d, NOW), 1);
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW), 0);
    assert_int_equal(rig_outbox(&d->rig, "due"), 1);
    assert_int_equal(rig_next(&d->rig) - NOW, 1000);
}

/* Sends one row, of which nobody hears what became; its tracker. */
static void lose_an_answer(struct desk *d, char tracker[static 128])
{
    static const char before[] = "\"biz_opaque_callback_data\":\"";

    row_for(d, ANA, "een");
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    const char *at = strstr(graph_body(&d->graph, 0), before);
    assert_non_null(at);
    at += sizeof before - 1;
    (void)snprintf(tracker, 128, "%.*s", (int)strcspn(at, "\""), at);
    graph_hang_up(&d->graph);
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW), 0);
}

static void a_lost_answer_is_not_sent_again_before_the_silence_is_over(void **state)
{
    struct desk *d = *state;
    char tracker[128];

    lose_an_answer(d, tracker);
    assert_int_equal(rig_outbox(&d->rig, "unsure"), 1);
    assert_int_equal(go_round(d, NOW + 19999), 0);
    assert_int_equal(go_round(d, NOW + 20000), 1);
    assert_int_equal(rig_outbox(&d->rig, "sending"), 1);
}

static void a_lost_answer_is_settled_by_a_status(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    char tracker[128];

    lose_an_answer(d, tracker);
    rig_begin(&d->rig);
    assert_int_equal(store_outbox_status(d->rig.store, "whatsapp", tracker, "wamid.L", OUTBOX_DELIVERED, 0,
                                         false, NOW + 3000, &e),
                     1);
    rig_commit(&d->rig);
    assert_int_equal(rig_outbox(&d->rig, "delivered"), 1);
    assert_int_equal(go_round(d, NOW + 20000), 0);
    assert_true(rig_next(&d->rig) == INT64_MAX);
}

static void outside_the_window_nothing_is_asked_of_the_platform(void **state)
{
    struct desk *d = *state;
    const int64_t shut = NOW + INT64_C(24) * 3600 * 1000 - 60 * 1000;

    row_for(d, ANA, "op tijd");
    row_for(d, BEN, "te laat");
    row_for(d, BEN, "ook te laat");
    rig_contact(&d->rig, ANA, NULL, NOW + 60 * 1000); /* she wrote once more */
    assert_int_equal(go_round(d, shut + 1), 2);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 1);
    assert_int_equal(go_round(d, shut + 2), 1); /* the next of his, at once */
    assert_int_equal(rig_outbox(&d->rig, "dead"), 2);
    graph_wait(&d->graph, d->client, 1);
    assert_non_null(strstr(graph_body(&d->graph, 0), "op tijd"));
    assert_int_equal(sender_flights(d->sender), 1);
}

/* What was on its way when the human took the chat over is not tried again, and holds her up no longer. */
static void what_came_back_is_not_sent_over_the_human(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    const struct conversation_row hers = {.text = "v1", .n = 2, .now_ms = NOW, .holder = "human"};
    const int64_t ana = rig_contact(&d->rig, ANA, NULL, NOW);
    int64_t id;

    (void)rig_row(&d->rig, ana, RIG_ACCOUNT, "van de bot", NOW);
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    rig_begin(&d->rig);
    assert_int_equal(store_conversation_save(d->rig.store, ana, RIG_ACCOUNT, &hers, &e), 0);
    const struct outbox_new row = {.contact = ana,
                                   .channel = "whatsapp",
                                   .account = RIG_ACCOUNT,
                                   .content = "{\"type\":\"text\",\"text\":{\"body\":\"van haar\"}}",
                                   .now_ms = NOW,
                                   .human = true};
    assert_int_equal(store_outbox_add(d->rig.store, &row, &id, &e), 0);
    rig_commit(&d->rig);
    graph_refuse(&d->graph, 0, 500, 131000);
    wait_verdict(d);
    (void)go_round(d, NOW);
    (void)go_round(d, NOW + 1000);
    assert_int_equal(rig_outbox(&d->rig, "withdrawn"), 1);
    assert_int_equal(go_round(d, NOW + 1000), 1);
    graph_wait(&d->graph, d->client, 2);
    assert_non_null(strstr(graph_body(&d->graph, 1), "van haar"));
    graph_accept(&d->graph, 1, "wamid.HERS");
    wait_landed(d);
}

static void until_the_window_shuts_it_is_sent(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "net op tijd");
    assert_int_equal(go_round(d, NOW + INT64_C(24) * 3600 * 1000 - 60 * 1000), 1);
    assert_int_equal(sender_flights(d->sender), 1);
}

/* ---- what the human wrote ---- */

static void row_of_hers(struct desk *d, const char *phone, const char *text)
{
    struct buf content = {0};
    struct err e = {0};
    int64_t id;

    buf_addf(&content, "{\"type\":\"text\",\"text\":{\"body\":\"%s\"}}", text);
    const struct outbox_new row = {.contact = rig_contact(&d->rig, phone, NULL, NOW),
                                   .channel = "whatsapp",
                                   .account = RIG_ACCOUNT,
                                   .content = buf_text(&content),
                                   .now_ms = NOW,
                                   .human = true};
    rig_begin(&d->rig);
    assert_int_equal(store_outbox_add(d->rig.store, &row, &id, &e), 0);
    rig_commit(&d->rig);
    buf_free(&content);
}

/* Is there something of hers to be told as kept? Then now it is told. */
static bool told_as_kept(struct desk *d)
{
    struct untold_row row = {0};
    struct err e = {0};

    rig_begin(&d->rig);
    int rc = store_outbox_untold(d->rig.store, d->rig.arena, &row, &e);
    assert_true(rc >= 0);
    if (rc == 1) assert_int_equal(store_outbox_told(d->rig.store, row.id, &e), 0);
    rig_commit(&d->rig);
    return rc == 1 && row.kept;
}

/* They write: as turn.c does. */
static void writes_again(struct desk *d, const char *phone, int64_t now_ms)
{
    int64_t contact = rig_contact(&d->rig, phone, NULL, now_ms);
    struct err e = {0};

    rig_begin(&d->rig);
    assert_int_equal(store_outbox_release(d->rig.store, contact, RIG_ACCOUNT, now_ms, &e), 0);
    rig_commit(&d->rig);
}

static void what_she_wrote_is_kept_while_the_window_is_shut(void **state)
{
    const int64_t shut = NOW + INT64_C(24) * 3600 * 1000;
    struct desk *d = *state;

    row_of_hers(d, ANA, "van haar");
    row_for(d, BEN, "van de bot");
    assert_int_equal(go_round(d, shut), 2);
    assert_int_equal(graph_seen(&d->graph), 0);
    assert_int_equal(rig_outbox(&d->rig, "due"), 1);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 1);
    assert_int_equal(sender_tally(d->sender).dead, 1);
    assert_true(rig_next(&d->rig) == INT64_MAX);
    assert_true(told_as_kept(d));
    assert_false(told_as_kept(d));
    assert_int_equal(go_round(d, shut + 3600 * 1000), 0);

    writes_again(d, ANA, shut + 3600 * 1000);
    assert_int_equal(go_round(d, shut + 3600 * 1000), 1);
    graph_wait(&d->graph, d->client, 1);
    assert_non_null(strstr(graph_body(&d->graph, 0), "van haar"));
}

static void what_she_wrote_is_kept_when_meta_says_that_it_is_shut(void **state)
{
    struct desk *d = *state;

    row_of_hers(d, ANA, "een");
    row_of_hers(d, ANA, "twee");
    refuse(d, 0, 400, 131047, NOW);
    assert_int_equal(rig_outbox(&d->rig, "due"), 2);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 0);
    assert_true(rig_next(&d->rig) == INT64_MAX); /* the second waits behind the first */
    assert_true(told_as_kept(d));
    assert_int_equal(sender_tally(d->sender).dead, 0);

    writes_again(d, ANA, NOW + 1000);
    assert_int_equal(go_round(d, NOW + 1000), 1);
    graph_wait(&d->graph, d->client, 2);
    assert_non_null(strstr(graph_body(&d->graph, 1), "een"));
    graph_accept(&d->graph, 1, "wamid.1");
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW + 1000), 1);
    graph_wait(&d->graph, d->client, 3);
    assert_non_null(strstr(graph_body(&d->graph, 2), "twee"));
}

/* Waiting would not mend it. */
static void what_meta_refuses_of_hers_dies_as_well(void **state)
{
    struct desk *d = *state;

    row_of_hers(d, ANA, "een");
    refuse(d, 0, 400, 131009, NOW);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 1);
}

static void a_rollback_keeps_what_was_to_be_kept(void **state)
{
    const int64_t shut = NOW + INT64_C(24) * 3600 * 1000;
    struct desk *d = *state;
    struct err e = {0};

    row_of_hers(d, ANA, "een");
    row_of_hers(d, BEN, "twee");
    assert_int_equal(go_round(d, NOW), 2);
    graph_wait(&d->graph, d->client, 2);
    graph_refuse(&d->graph, 0, 400, 131047);
    graph_accept(&d->graph, 1, "wamid.1");
    wait_landed(d);
    row_of_hers(d, CAS, "drie");
    for (int i = 0; i < 2; i++) {
        rig_begin(&d->rig);
        assert_int_equal(sender_store(d->sender, d->rig.store, shut, &e), 0);
        assert_int_equal(sender_claim(d->sender, d->rig.store, shut, &e), 1);
        store_rollback(d->rig.store);
        sender_rolled_back(d->sender);
    }
    assert_int_equal(go_round(d, shut), 1);
    assert_int_equal(rig_outbox(&d->rig, "due"), 2);
    assert_int_equal(rig_outbox(&d->rig, "sent"), 1);
    assert_true(rig_next(&d->rig) == INT64_MAX);
    assert_true(told_as_kept(d));
    assert_true(told_as_kept(d));
    assert_false(told_as_kept(d));
    assert_int_equal(sender_tally(d->sender).sent, 1);
    assert_int_equal(sender_tally(d->sender).dead, 0);
}

/* ---- who is gone ---- */

#define BLOCKED "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}"

static int64_t row_on_telegram(struct desk *d, const char *user, bool human)
{
    const struct identity who = {.channel = "telegram", .account = BOT, .user_id = user};
    struct outbox_new row = {.channel = "telegram",
                             .account = BOT,
                             .content = "{\"text\":\"hallo\"}",
                             .now_ms = NOW,
                             .human = human};
    struct err e = {0};
    int64_t id;

    rig_begin(&d->rig);
    assert_int_equal(store_contact_resolve(d->rig.store, &who, NOW, &row.contact, &e), 0);
    assert_int_equal(store_outbox_add(d->rig.store, &row, &id, &e), 0);
    rig_commit(&d->rig);
    return row.contact;
}

/* What sender_store() tells, in a transaction that comes to nothing or not. */
static size_t gone_in(struct desk *d, bool commits, int64_t contact[2])
{
    struct err e = {0};
    size_t n;

    rig_begin(&d->rig);
    assert_int_equal(sender_store(d->sender, d->rig.store, NOW, &e), 0);
    const struct whom *gone = sender_gone(d->sender, &n);
    assert_true(n <= 2);
    for (size_t i = 0; i < n; i++) {
        contact[i] = gone[i].contact;
        assert_string_equal(gone[i].account, d->sender_account);
    }
    if (commits) {
        rig_commit(&d->rig);
        sender_committed(d->sender);
    } else {
        store_rollback(d->rig.store);
        sender_rolled_back(d->sender);
    }
    return n;
}

static void who_blocked_the_bot_is_told_once_it_is_on_disk(void **state)
{
    struct desk *d = *state;
    int64_t gone[2] = {0};

    int64_t ana = row_on_telegram(d, "4711", false), ben = row_on_telegram(d, "4712", true);
    (void)row_on_telegram(d, "4713", false);
    assert_int_equal(go_round(d, NOW), 3);
    graph_wait(&d->graph, d->client, 3);
    for (size_t i = 0; i < 3; i++)
        if (strstr(graph_body(&d->graph, i), "4713") == NULL)
            graph_answer(&d->graph, i, 403, BLOCKED);
        else
            graph_answer(&d->graph, i, 400, "{\"ok\":false,\"error_code\":400,\"description\":\"x\"}");
    wait_landed(d);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(gone_in(d, i == 2, gone), 2); /* again when it came to nothing */
        assert_true((gone[0] == ana && gone[1] == ben) || (gone[0] == ben && gone[1] == ana));
    }
    assert_int_equal(gone_in(d, true, gone), 0);      /* and once when not */
    assert_int_equal(rig_outbox(&d->rig, "dead"), 3); /* hers as well: no window opens there */
}

static void on_whatsapp_a_window_opens_again_and_nobody_is_gone(void **state)
{
    struct desk *d = *state;
    int64_t gone[2];

    row_for(d, ANA, "een");
    row_of_hers(d, BEN, "twee");
    assert_int_equal(go_round(d, NOW), 2);
    graph_wait(&d->graph, d->client, 2);
    graph_refuse(&d->graph, 0, 400, 131047);
    graph_refuse(&d->graph, 1, 400, 131026);
    wait_landed(d);
    assert_int_equal(gone_in(d, true, gone), 0);
}

static void expect_tally(struct desk *d, uint64_t sent, uint64_t dead)
{
    const struct sender_tally t = sender_tally(d->sender);

    assert_int_equal(t.sent, sent);
    assert_int_equal(t.dead, dead);
}

static void what_became_of_replies_is_counted_when_it_is_on_disk(void **state)
{
    struct desk *d = *state;
    struct err e = {0};

    row_for(d, ANA, "een");
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    graph_accept(&d->graph, 0, "wamid.A");
    wait_verdict(d);
    rig_begin(&d->rig);
    assert_int_equal(sender_store(d->sender, d->rig.store, NOW, &e), 0);
    store_rollback(d->rig.store);
    sender_rolled_back(d->sender);
    expect_tally(d, 0, 0);
    (void)go_round(d, NOW);
    expect_tally(d, 1, 0);
    row_for(d, ANA, "twee");
    refuse(d, 1, 500, 131000, NOW); /* it is tried again */
    expect_tally(d, 1, 0);
    refuse(d, 2, 400, 131009, rig_next(&d->rig));
    expect_tally(d, 1, 1);
    rig_row(&d->rig, rig_contact(&d->rig, NULL, "no id of theirs", NOW), RIG_ACCOUNT, "hallo", NOW);
    rig_begin(&d->rig);
    assert_int_equal(sender_claim(d->sender, d->rig.store, NOW, &e), 1); /* nobody to write to */
    store_rollback(d->rig.store);
    sender_rolled_back(d->sender);
    expect_tally(d, 1, 1);
    assert_int_equal(go_round(d, NOW), 1);
    expect_tally(d, 1, 2);
}

static void who_has_no_phone_is_written_to_by_user_id(void **state)
{
    struct desk *d = *state;

    rig_row(&d->rig, rig_contact(&d->rig, NULL, "NL.55512", NOW), RIG_ACCOUNT, "hallo", NOW);
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    assert_non_null(strstr(graph_body(&d->graph, 0), "\"recipient\":\"NL.55512\""));
    assert_null(strstr(graph_body(&d->graph, 0), "\"to\":"));
}

static void who_cannot_be_addressed_is_not_asked_about(void **state)
{
    struct desk *d = *state;

    rig_row(&d->rig, rig_contact(&d->rig, NULL, "no id of theirs", NOW), RIG_ACCOUNT, "hallo", NOW);
    assert_int_equal(go_round(d, NOW), 1);
    assert_int_equal(rig_outbox(&d->rig, "dead"), 1);
    assert_int_equal(sender_flights(d->sender), 0);
}

static void one_flies_per_person_while_others_fly(void **state)
{
    struct desk *d = *state;
    char text[16];

    for (int i = 1; i <= 3; i++) {
        (void)snprintf(text, sizeof text, "ana %d", i);
        row_for(d, ANA, text);
    }
    row_for(d, BEN, "ben 1");
    assert_int_equal(go_round(d, NOW), 2);
    graph_wait(&d->graph, d->client, 2);
    assert_int_equal(go_round(d, NOW + 1), 0); /* hers waits for the answer to her first */
    size_t bens = graph_find(&d->graph, "ben 1");
    graph_accept(&d->graph, bens, "wamid.B1");
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW + 2), 0);
    for (size_t i = 1; i <= 3; i++) {
        (void)snprintf(text, sizeof text, "ana %zu", i);
        graph_accept(&d->graph, graph_find(&d->graph, text), text);
        wait_verdict(d);
        assert_int_equal(go_round(d, NOW + 3), i < 3 ? 1 : 0);
        if (i < 3) graph_wait(&d->graph, d->client, i + 2);
    }
    assert_int_equal(rig_outbox(&d->rig, "sent"), 4);
}

static void no_more_fly_than_the_limit(void **state)
{
    struct desk *d = *state;
    char phone[16];

    for (int i = 0; i < SENDER_FLIGHTS_MAX + 3; i++) {
        (void)snprintf(phone, sizeof phone, "316000001%02d", i);
        row_for(d, phone, "hallo");
    }
    assert_int_equal(go_round(d, NOW), SENDER_FLIGHTS_MAX);
    assert_int_equal(go_round(d, NOW), 0);
    assert_true(sender_ready_at(d->sender, NOW) == INT64_MAX);
    graph_wait(&d->graph, d->client, SENDER_FLIGHTS_MAX);
    graph_accept(&d->graph, 5, "wamid.5");
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW), 1);
}

static void rows_of_another_account_are_not_sent(void **state)
{
    struct desk *d = *state;

    rig_row(&d->rig, rig_contact(&d->rig, ANA, NULL, NOW), "555", "hallo", NOW);
    assert_int_equal(go_round(d, NOW), 0);
    assert_int_equal(rig_outbox(&d->rig, "due"), 1);
    assert_true(sender_ready_at(d->sender, NOW) <= NOW);
}

/* ---- transactions that come to nothing ---- */

static void a_rollback_keeps_the_verdicts(void **state)
{
    struct desk *d = *state;
    struct err e = {0};

    row_for(d, ANA, "een");
    row_for(d, BEN, "twee");
    assert_int_equal(go_round(d, NOW), 2);
    graph_wait(&d->graph, d->client, 2);
    graph_accept(&d->graph, 0, "wamid.1");
    graph_refuse(&d->graph, 1, 401, 190);
    wait_landed(d);
    rig_begin(&d->rig);
    assert_int_equal(sender_store(d->sender, d->rig.store, NOW, &e), 0);
    assert_false(sender_has_verdicts(d->sender));
    store_rollback(d->rig.store);
    sender_rolled_back(d->sender);
    assert_true(sender_has_verdicts(d->sender));
    assert_int_equal(rig_outbox(&d->rig, "sending"), 2);
    assert_int_equal(go_round(d, NOW + 30000), 0);
    assert_int_equal(rig_outbox(&d->rig, "sent"), 1);
    assert_int_equal(rig_outbox(&d->rig, "due"), 1);
    assert_int_equal(rig_next(&d->rig) - NOW, 60000); /* judged once, when it came in */
}

static void what_cannot_be_stored_is_kept(void **state)
{
    struct desk *d = *state;
    struct err e = {0};

    row_for(d, ANA, "een");
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    graph_accept(&d->graph, 0, "wamid.1");
    wait_verdict(d);
    sender_rolled_back(d->sender); /* the transaction did not even begin */
    assert_true(sender_has_verdicts(d->sender));
    rig_begin(&d->rig);
    assert_int_equal(sender_store(d->sender, d->rig.store, NOW, &e), 0);
    rig_commit(&d->rig);
    sender_committed(d->sender);
    assert_int_equal(rig_outbox(&d->rig, "sent"), 1);
}

static void a_rollback_forgets_what_was_claimed(void **state)
{
    struct desk *d = *state;
    struct err e = {0};

    row_for(d, ANA, "een");
    rig_begin(&d->rig);
    assert_int_equal(sender_claim(d->sender, d->rig.store, NOW, &e), 1);
    store_rollback(d->rig.store);
    sender_rolled_back(d->sender);
    assert_int_equal(sender_flights(d->sender), 0);
    assert_int_equal(rig_outbox(&d->rig, "due"), 1);
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    graph_accept(&d->graph, 0, "wamid.1");
    wait_verdict(d);
    assert_int_equal(go_round(d, NOW), 0);
    assert_int_equal(graph_seen(&d->graph), 1);
}

static void one_that_is_freed_leaves_its_flights_alone(void **state)
{
    struct desk *d = *state;

    row_for(d, ANA, "een");
    assert_int_equal(go_round(d, NOW), 1);
    graph_wait(&d->graph, d->client, 1);
    sender_free(d->sender);
    sender_free(NULL);
    d->sender = NULL;
}

/* ---- read receipts ---- */

static void receipts_are_sent_up_to_a_limit_and_never_held_against_anybody(void **state)
{
    enum { MANY = 40, LIMIT = 32 };
    struct desk *d = *state;
    struct courtesy list[MANY];
    char ids[MANY][16];

    for (int i = 0; i < MANY; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "wamid.%d", i);
        list[i] = (struct courtesy){.next = i + 1 < MANY ? &list[i + 1] : NULL,
                                    .platform = &d->rig.platform[PLATFORM_WHATSAPP],
                                    .message_id = ids[i],
                                    .answered = true};
    }
    sender_courtesy(d->sender, list, NOW);
    graph_wait(&d->graph, d->client, LIMIT);
    assert_int_equal(http_client_open(d->client), LIMIT);
    assert_non_null(
        strstr(graph_body(&d->graph, graph_find(&d->graph, "\"wamid.7\"")), "\"status\":\"read\""));
    for (size_t i = 0; i < LIMIT; i++) graph_refuse(&d->graph, i, 401, 190);
    for (int i = 0; i < 60000 && http_client_open(d->client) > 0; i++) http_client_poll(d->client, 1);
    assert_int_equal(http_client_open(d->client), 0);
    assert_false(sender_has_verdicts(d->sender));
    assert_true(sender_ready_at(d->sender, NOW) <= NOW);
    sender_courtesy(d->sender, list, NOW); /* those that ended make room */
    graph_wait(&d->graph, d->client, 2 * LIMIT);
}

static void an_account_that_rests_sends_no_receipts(void **state)
{
    struct desk *d = *state;
    const struct courtesy one = {
        .platform = &d->rig.platform[PLATFORM_WHATSAPP], .message_id = "wamid.1", .answered = true};

    row_for(d, ANA, "een");
    refuse(d, 0, 400, 130429, NOW);
    sender_courtesy(d->sender, &one, NOW + 10);
    assert_int_equal(http_client_open(d->client), 0);
    sender_courtesy(d->sender, &one, NOW + 5000);
    assert_int_equal(http_client_open(d->client), 1);
}

int test_sender(void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_DESK(an_accepted_send_is_sent_and_known_by_its_id),
        WITH_DESK(passing_trouble_is_tried_again_with_growing_delays),
        WITH_DESK(a_chat_that_gets_too_much_waits_alone),
        WITH_DESK(a_throttled_account_waits_as_a_whole),
        WITH_DESK(a_refused_token_halts_all_but_one_probe),
        WITH_DESK(a_closed_window_ends_the_row),
        WITH_DESK(a_bad_message_ends_its_row_and_the_next_goes),
        WITH_DESK(a_connection_refused_is_certain_and_tried_again),
        WITH_DESK(a_lost_answer_is_not_sent_again_before_the_silence_is_over),
        WITH_DESK(a_lost_answer_is_settled_by_a_status),
        WITH_DESK(outside_the_window_nothing_is_asked_of_the_platform),
        WITH_DESK(until_the_window_shuts_it_is_sent),
        WITH_DESK(what_she_wrote_is_kept_while_the_window_is_shut),
        WITH_DESK(what_she_wrote_is_kept_when_meta_says_that_it_is_shut),
        WITH_DESK(what_meta_refuses_of_hers_dies_as_well),
        WITH_DESK(a_rollback_keeps_what_was_to_be_kept),
        cmocka_unit_test_setup_teardown(who_blocked_the_bot_is_told_once_it_is_on_disk, begin_on_telegram,
                                        end),
        WITH_DESK(on_whatsapp_a_window_opens_again_and_nobody_is_gone),
        WITH_DESK(what_came_back_is_not_sent_over_the_human),
        WITH_DESK(what_became_of_replies_is_counted_when_it_is_on_disk),
        WITH_DESK(who_has_no_phone_is_written_to_by_user_id),
        WITH_DESK(who_cannot_be_addressed_is_not_asked_about),
        WITH_DESK(one_flies_per_person_while_others_fly),
        WITH_DESK(no_more_fly_than_the_limit),
        WITH_DESK(rows_of_another_account_are_not_sent),
        WITH_DESK(a_rollback_keeps_the_verdicts),
        WITH_DESK(what_cannot_be_stored_is_kept),
        WITH_DESK(a_rollback_forgets_what_was_claimed),
        WITH_DESK(one_that_is_freed_leaves_its_flights_alone),
        WITH_DESK(receipts_are_sent_up_to_a_limit_and_never_held_against_anybody),
        WITH_DESK(an_account_that_rests_sends_no_receipts),
    };
#undef WITH_DESK
    return UNIT_RUN(tests);
}

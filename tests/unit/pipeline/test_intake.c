#include "unit.h"

#include <pthread.h>

#include "ask.h"
#include "clock.h"
#include "err.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "intake.h"
#include "rig.h"
#include "secret.h"

int test_intake(void);

struct door {
    struct config config;
    struct handover *handover;
    struct http_client *wake;
    struct http_server *server;
    struct desk_health health;
    struct intake intake;
    pthread_t thread;
    int port;
};

static void *run(void *user)
{
    struct door *d = user;

    http_server_run(d->server);
    return NULL;
}

static int open_door(void **state, const char *const *settings)
{
    struct door *d = calloc(1, sizeof *d);
    struct err e = {0};

    assert_non_null(d);
    *state = d;
    assert_int_equal(config_read(&d->config, (char *const *)settings, NULL, stderr), 0);
    d->handover = handover_new();
    assert_non_null(d->handover);
    if (http_client_new(1, &d->wake, &e) != 0) fail_msg("%s", e.text);
    d->intake =
        (struct intake){.config = &d->config, .handover = d->handover, .wake = d->wake, .health = &d->health};
    const struct http_server_config config = {.address = "127.0.0.1",
                                              .headers = intake_headers,
                                              .connections_max = 64,
                                              .request_timeout_s = 60,
                                              .handler = intake_handle,
                                              .user = &d->intake};
    if (http_server_new(&config, &d->server, &e) != 0) fail_msg("%s", e.text);
    d->port = http_server_port(d->server);
    return pthread_create(&d->thread, NULL, run, d);
}

#define TOKEN  "700900:rig-telegram-token-0123456789abcdef"
#define SECRET "Rig-webhook_secret-1"

static int begin(void **state)
{
    static const char *const settings[] = {
        "WHATSAPP_VERIFY_TOKEN=" RIG_VERIFY, "WHATSAPP_APP_SECRET=" RIG_SECRET,
        "WHATSAPP_ACCESS_TOKEN=" RIG_TOKEN, "WHATSAPP_PHONE_NUMBER_ID=" RIG_ACCOUNT, NULL};

    return open_door(state, settings);
}

static int begin_without_channel(void **state)
{
    static const char *const settings[] = {NULL};

    return open_door(state, settings);
}

static int begin_posted_to(void **state)
{
    static const char *const settings[] = {
        "WHATSAPP_VERIFY_TOKEN=" RIG_VERIFY, "WHATSAPP_APP_SECRET=" RIG_SECRET,
        "WHATSAPP_ACCESS_TOKEN=" RIG_TOKEN,  "WHATSAPP_PHONE_NUMBER_ID=" RIG_ACCOUNT,
        "TELEGRAM_BOT_TOKEN=" TOKEN,         "TELEGRAM_MODE=webhook",
        "TELEGRAM_WEBHOOK_SECRET=" SECRET,   NULL};

    return open_door(state, settings);
}

static int begin_polling(void **state)
{
    static const char *const settings[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, "TELEGRAM_WEBHOOK_SECRET=" SECRET,
                                           NULL};

    return open_door(state, settings);
}

static int begin_posted_to_without_channel(void **state)
{
    static const char *const settings[] = {"TELEGRAM_MODE=webhook", "TELEGRAM_WEBHOOK_SECRET=" SECRET, NULL};

    return open_door(state, settings);
}

static int end(void **state)
{
    struct door *d = *state;

    http_server_stop(d->server, 0);
    (void)pthread_join(d->thread, NULL);
    http_server_free(d->server);
    http_client_free(d->wake);
    handover_free(d->handover);
    config_free(&d->config);
    free(d);
    return 0;
}

static void a_path_that_is_nobodys_is_not_found(void **state)
{
    static const char *const paths[] = {"/",         "/webhook", "/webhook/whatsapp/", "/webhook/telegram",
                                        "/healthz2", "/metrics"};
    struct door *d = *state;

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(ask_get(d->port, paths[i]), 404);
}

static void other_methods_are_refused(void **state)
{
    struct door *d = *state;

    assert_int_equal(ask(d->port, "PUT", "/webhook/whatsapp", NULL, "{}", 2).status, 405);
    assert_int_equal(ask(d->port, "DELETE", "/webhook/whatsapp", NULL, NULL, 0).status, 405);
    assert_int_equal(ask(d->port, "POST", "/healthz", NULL, "{}", 2).status, 405);
    assert_int_equal(ask(d->port, "POST", "/readyz", NULL, "{}", 2).status, 405);
}

/* What does not carry the platform's signature over these very bytes goes no further. */
static void an_unsigned_or_forged_body_is_turned_away(void **state)
{
    static const char body[] = "{\"object\":\"whatsapp_business_account\"}";
    struct door *d = *state;
    char right[65], other[65], header[160];

    secret_hmac_hex(RIG_SECRET, body, sizeof body - 1, right);
    secret_hmac_hex("another secret", body, sizeof body - 1, other);
    const char *const values[] = {NULL, "", "sha256=", "sha1=%s", "sha256=00", right, other};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *prefix = values[i] == right ? "" : values[i] == other ? "sha256=" : "";
        header[0] = '\0';
        if (values[i] != NULL)
            (void)snprintf(header, sizeof header, "X-Hub-Signature-256: %s%s\r\n", prefix, values[i]);
        struct asked a = ask(d->port, "POST", "/webhook/whatsapp", header, body, sizeof body - 1);
        assert_int_equal(a.status, 401);
        assert_null(strstr(a.body, right)); /* nobody learns what it should have been */
    }
    (void)snprintf(header, sizeof header, "X-Hub-Signature-256: sha256=%s\r\n", right);
    assert_int_equal(ask(d->port, "POST", "/webhook/whatsapp", header, body, sizeof body - 2).status, 401);
    assert_null(handover_take(d->handover, 1));
}

static struct http_request *wait_handed_over(struct door *d)
{
    for (int i = 0; i < 60000; i++) {
        struct http_request *r = handover_take(d->handover, 1);
        if (r != NULL) return r;
        http_client_poll(d->wake, 1);
    }
    fail_msg("nothing was handed over");
    return NULL;
}

static void a_signed_body_is_handed_over_whole_and_answered_by_the_desk(void **state)
{
    static const char body[] = "{\"object\":\"whatsapp\\u00e9\"} ";
    struct door *d = *state;

    int asked = ask_webhook_begin(d->port, body, sizeof body - 1);
    struct http_request *r = wait_handed_over(d);
    assert_int_equal(r->body_n, sizeof body - 1);
    assert_memory_equal(r->body, body, sizeof body - 1);
    http_server_answer_many(d->server, &r->id, 1, 200);
    http_request_free(r);
    assert_int_equal(ask_end(asked).status, 200);
}

static void the_first_that_waits_wakes_the_desk(void **state)
{
    struct door *d = *state;
    const int64_t start = clock_mono_ms();

    int asked = ask_webhook_begin(d->port, "{}", 2);
    http_client_poll(d->wake, 60 * 1000);
    assert_true(clock_mono_ms() - start < 60 * 1000); /* it did not sleep to the end */
    struct http_request *r = wait_handed_over(d);
    http_server_answer_many(d->server, &r->id, 1, 200);
    http_request_free(r);
    (void)ask_end(asked);
}

static void when_too_much_waits_the_platform_is_asked_to_come_again(void **state)
{
    struct door *d = *state;
    struct http_request *heavy = hook_request("{}", 2);
    bool wake;

    heavy->body_n = HANDOVER_BYTES_MAX;
    assert_true(handover_put(d->handover, heavy, &wake));
    assert_int_equal(ask_webhook(d->port, "{}", 2).status, 503);
}

static void when_the_desk_stops_the_platform_is_asked_to_come_again(void **state)
{
    struct door *d = *state;

    handover_close(d->handover);
    assert_int_equal(ask_webhook(d->port, "{}", 2).status, 503);
}

static void who_knows_our_word_gets_the_challenge_back(void **state)
{
    static const char *const refused[] = {
        "?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1234",
        "?hub.mode=subscribe&hub.verify_token=" RIG_VERIFY "2&hub.challenge=1234",
        "?hub.mode=unsubscribe&hub.verify_token=" RIG_VERIFY "&hub.challenge=1234",
        "?hub.mode=subscribe&hub.verify_token=" RIG_VERIFY,
        "?hub.verify_token=" RIG_VERIFY "&hub.challenge=1234",
        "?hub.mode=subscribe&hub.verify_token=&hub.challenge=1234",
        "",
    };
    struct door *d = *state;
    char target[256];

    struct asked a =
        ask(d->port, "GET",
            "/webhook/whatsapp?hub.challenge=12%2034&hub.mode=subscribe&hub.verify_token=" RIG_VERIFY, NULL,
            NULL, 0);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "12 34");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        (void)snprintf(target, sizeof target, "/webhook/whatsapp%s", refused[i]);
        a = ask(d->port, "GET", target, NULL, NULL, 0);
        assert_int_equal(a.status, 403);
        assert_null(strstr(a.body, RIG_VERIFY));
    }
}

/* ---- Telegram, when it posts to us ---- */

#define UPDATES      "/webhook/telegram"
#define PROOF(value) "X-Telegram-Bot-Api-Secret-Token: " value "\r\n"

static void an_update_without_our_secret_is_turned_away(void **state)
{
    static const char *const proofs[] = {NULL,
                                         PROOF(""),
                                         PROOF("Rig-webhook_secret-"),
                                         PROOF("Rig-webhook_secret-12"),
                                         PROOF("rig-webhook_secret-1"),
                                         "X-Hub-Signature-256: " SECRET "\r\n"};
    struct door *d = *state;

    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++) {
        struct asked a = ask(d->port, "POST", UPDATES, proofs[i], "{\"update_id\":1}", 15);
        assert_int_equal(a.status, 401);
        assert_null(strstr(a.body, SECRET));
    }
    /* Nor does it open the other platform's door. */
    assert_int_equal(ask(d->port, "POST", "/webhook/whatsapp", PROOF(SECRET), "{}", 2).status, 401);
    assert_null(handover_take(d->handover, 1));
}

static void an_update_with_our_secret_is_handed_over_as_that_platforms(void **state)
{
    struct door *d = *state;

    int asked = ask_begin(d->port, "POST", UPDATES, PROOF(SECRET), "{\"update_id\":1}", 15);
    struct http_request *r = wait_handed_over(d);
    assert_int_equal(r->kind, PLATFORM_TELEGRAM);
    assert_string_equal(r->body, "{\"update_id\":1}");
    http_server_answer_many(d->server, &r->id, 1, 200);
    http_request_free(r);
    assert_int_equal(ask_end(asked).status, 200);
    asked = ask_webhook_begin(d->port, "{}", 2);
    r = wait_handed_over(d);
    assert_int_equal(r->kind, PLATFORM_WHATSAPP);
    http_server_answer_many(d->server, &r->id, 1, 200);
    http_request_free(r);
    assert_int_equal(ask_end(asked).status, 200);
}

static void updates_come_by_post_alone(void **state)
{
    static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE"};
    struct door *d = *state;

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        assert_int_equal(ask(d->port, methods[i], UPDATES, PROOF(SECRET), NULL, 0).status, 405);
}

static void updates_that_do_not_fit_are_asked_for_again(void **state)
{
    struct door *d = *state;

    handover_close(d->handover);
    assert_int_equal(ask(d->port, "POST", UPDATES, PROOF(SECRET), "{}", 2).status, 503);
}

static void nothing_is_posted_where_updates_are_asked_for_or_nobody_is(void **state)
{
    struct door *d = *state;

    assert_int_equal(ask(d->port, "POST", UPDATES, PROOF(SECRET), "{}", 2).status, 404);
    assert_int_equal(ask_get(d->port, UPDATES), 404);
}

static void a_channel_without_settings_is_not_there(void **state)
{
    struct door *d = *state;

    assert_int_equal(ask_webhook(d->port, "{}", 2).status, 404);
    assert_int_equal(
        ask_get(d->port, "/webhook/whatsapp?hub.mode=subscribe&hub.verify_token=&hub.challenge=1"), 404);
    assert_int_equal(ask_get(d->port, "/healthz"), 200);
}

static void it_is_ready_while_the_desk_goes_round_and_the_store_is_well(void **state)
{
    struct door *d = *state;

    assert_int_equal(ask_get(d->port, "/healthz"), 200); /* it lives, ready or not */
    atomic_store(&d->health.beat_ms, clock_mono_ms());
    assert_int_equal(ask_get(d->port, "/readyz"), 503);
    atomic_store(&d->health.store_ok, 1);
    assert_int_equal(ask_get(d->port, "/readyz"), 200);
    atomic_store(&d->health.beat_ms, clock_mono_ms() - 3600 * 1000);
    assert_int_equal(ask_get(d->port, "/readyz"), 503);
    assert_int_equal(ask_get(d->port, "/healthz"), 200);
    atomic_store(&d->health.beat_ms, clock_mono_ms());
    atomic_store(&d->health.stopping, 1);
    assert_int_equal(ask_get(d->port, "/readyz"), 503);
}

int test_intake(void)
{
#define WITH_DOOR(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_DOOR(a_path_that_is_nobodys_is_not_found),
        WITH_DOOR(other_methods_are_refused),
        WITH_DOOR(an_unsigned_or_forged_body_is_turned_away),
        WITH_DOOR(a_signed_body_is_handed_over_whole_and_answered_by_the_desk),
        WITH_DOOR(the_first_that_waits_wakes_the_desk),
        WITH_DOOR(when_too_much_waits_the_platform_is_asked_to_come_again),
        WITH_DOOR(when_the_desk_stops_the_platform_is_asked_to_come_again),
        WITH_DOOR(who_knows_our_word_gets_the_challenge_back),
        cmocka_unit_test_setup_teardown(a_channel_without_settings_is_not_there, begin_without_channel, end),
        cmocka_unit_test_setup_teardown(an_update_without_our_secret_is_turned_away, begin_posted_to, end),
        cmocka_unit_test_setup_teardown(an_update_with_our_secret_is_handed_over_as_that_platforms,
                                        begin_posted_to, end),
        cmocka_unit_test_setup_teardown(updates_come_by_post_alone, begin_posted_to, end),
        cmocka_unit_test_setup_teardown(updates_that_do_not_fit_are_asked_for_again, begin_posted_to, end),
        cmocka_unit_test_setup_teardown(nothing_is_posted_where_updates_are_asked_for_or_nobody_is,
                                        begin_polling, end),
        cmocka_unit_test_setup_teardown(nothing_is_posted_where_updates_are_asked_for_or_nobody_is,
                                        begin_posted_to_without_channel, end),
        WITH_DOOR(it_is_ready_while_the_desk_goes_round_and_the_store_is_well),
    };
#undef WITH_DOOR
    return UNIT_RUN(tests);
}

#include "unit.h"

#include <jansson.h>

#include "buf.h"
#include "channel.h"
#include "err.h"
#include "outbound.h"
#include "secret.h"
#include "whatsapp.h"

int test_whatsapp(void);

/* ---- signature ---- */

/* Made with: printf %s BODY | openssl dgst -sha256 -hmac app-secret */
static const char body[] =
    "{\"object\":\"whatsapp_business_account\",\"name\":\"caf\\u00e9 \\/ \\u0040ana\"}";
static const char signature[] = "sha256=0ab8e42c5049f8c230c3c9fa6e8010aa8921f28071a9ef33eae8fdb3d586eacc";

static bool authentic(const char *text, const char *header, const char *secret)
{
    return whatsapp.authentic(text, strlen(text), header, secret);
}

static void the_signature_of_the_received_bytes_holds(void **state)
{
    (void)state;
    assert_true(authentic(body, signature, "app-secret"));
}

static void a_body_written_anew_does_not_hold(void **state)
{
    (void)state;
    json_t *tree = json_loads(body, 0, NULL);
    char *anew = json_dumps(tree, JSON_COMPACT);
    assert_non_null(anew);
    assert_false(authentic(anew, signature, "app-secret"));
    free(anew);
    json_decref(tree);
}

static void another_secret_or_body_does_not_hold(void **state)
{
    (void)state;
    assert_false(authentic(body, signature, "app-secreT"));
    assert_false(whatsapp.authentic(body, sizeof body - 2, signature, "app-secret"));
}

static void upper_case_hex_is_the_same_signature(void **state)
{
    char upper[sizeof signature];
    (void)state;
    memcpy(upper, signature, sizeof upper);
    for (size_t i = 7; upper[i] != '\0'; i++)
        if (upper[i] >= 'a' && upper[i] <= 'f') upper[i] = (char)(upper[i] - 'a' + 'A');
    assert_string_not_equal(upper, signature);
    assert_true(authentic(body, upper, "app-secret"));
}

static void a_header_that_is_no_signature_is_refused(void **state)
{
    char spoiled[sizeof signature + 1];
    (void)state;
    assert_false(authentic(body, NULL, "app-secret"));
    assert_false(authentic(body, "", "app-secret"));
    assert_false(authentic(body, "sha256=", "app-secret"));
    assert_false(authentic(body, signature + 7, "app-secret"));
    (void)snprintf(spoiled, sizeof spoiled, "%.*s", (int)strlen(signature) - 1, signature);
    assert_false(authentic(body, spoiled, "app-secret"));
    (void)snprintf(spoiled, sizeof spoiled, "%s0", signature);
    assert_false(authentic(body, spoiled, "app-secret"));
    memcpy(spoiled, signature, sizeof signature);
    spoiled[70] = 'g';
    assert_false(authentic(body, spoiled, "app-secret"));
    memcpy(spoiled, signature, sizeof signature);
    memcpy(spoiled, "sha512=", 7);
    assert_false(authentic(body, spoiled, "app-secret"));
}

static void without_a_secret_nothing_is_authentic(void **state)
{
    char header[7 + 65] = "sha256=";
    (void)state;
    secret_hmac_hex("", body, strlen(body), header + 7);
    assert_false(authentic(body, header, ""));
    assert_false(authentic(body, header, NULL));
}

/* ---- handshake, receipt, url ---- */

static void the_handshake_wants_mode_token_and_challenge(void **state)
{
    (void)state;
    assert_true(whatsapp_handshake("subscribe", "v-token", "1158201444", "v-token"));
    assert_false(whatsapp_handshake("unsubscribe", "v-token", "1158201444", "v-token"));
    assert_false(whatsapp_handshake("subscribe", "other", "1158201444", "v-token"));
    assert_false(whatsapp_handshake("subscribe", "v-token", "", "v-token"));
    assert_false(whatsapp_handshake(NULL, "v-token", "1", "v-token"));
    assert_false(whatsapp_handshake("subscribe", NULL, "1", "v-token"));
    assert_false(whatsapp_handshake("subscribe", "v-token", NULL, "v-token"));
    assert_false(whatsapp_handshake("subscribe", "", "1", ""));
}

static void a_receipt_marks_read_and_may_show_typing(void **state)
{
    struct buf out = {0};
    (void)state;
    whatsapp_read_receipt("wamid.A1", true, &out);
    assert_string_equal(buf_text(&out),
                        "{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":\"wamid.A1\","
                        "\"typing_indicator\":{\"type\":\"text\"}}");
    buf_clear(&out);
    whatsapp_read_receipt("wamid.\"A1", false, &out);
    assert_string_equal(buf_text(&out), "{\"messaging_product\":\"whatsapp\",\"status\":\"read\","
                                        "\"message_id\":\"wamid.\\\"A1\"}");
    buf_free(&out);
}

static void sends_are_posted_to_the_number(void **state)
{
    struct buf out = {0};
    (void)state;
    whatsapp_messages_url("https://graph.facebook.com/", "v25.0", "700800", &out);
    assert_string_equal(buf_text(&out), "https://graph.facebook.com/v25.0/700800/messages");
    buf_free(&out);
}

/* ---- address ---- */

#define CONTENT "{\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}"
#define HEAD    "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\","

static void addresses(struct identity to, const char *tracker, const char *want)
{
    struct buf out = {0};
    struct err e = {{0}};
    int rc = whatsapp.address(CONTENT, &to, tracker, &out, &e);
    if (want == NULL) {
        assert_int_equal(rc, -1);
        assert_string_not_equal(e.text, "");
    } else {
        assert_int_equal(rc, 0);
        assert_string_equal(buf_text(&out), want);
        json_t *tree = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(tree);
        json_decref(tree);
    }
    buf_free(&out);
}

static void a_phone_goes_in_to_with_its_plus(void **state)
{
    (void)state;
    addresses((struct identity){.phone = "31612345678"}, NULL,
              HEAD
              "\"to\":\"+31612345678\",\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
}

static void a_user_id_goes_in_recipient_never_in_to(void **state)
{
    (void)state;
    addresses((struct identity){.user_id = "NL.55512"}, NULL,
              HEAD "\"recipient\":\"NL.55512\","
                   "\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
    addresses((struct identity){.parent_id = "NL.ENT.77"}, NULL,
              HEAD "\"recipient\":\"NL.ENT.77\","
                   "\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
}

static void of_both_the_phone_is_used_while_it_is_one(void **state)
{
    (void)state;
    addresses((struct identity){.phone = "31612345678", .user_id = "NL.55512"}, NULL,
              HEAD
              "\"to\":\"+31612345678\",\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
    addresses((struct identity){.phone = "123456", .user_id = "NL.55512"}, NULL,
              HEAD "\"recipient\":\"NL.55512\","
                   "\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
    addresses((struct identity){.user_id = "?", .parent_id = "NL.ENT.77"}, NULL,
              HEAD "\"recipient\":\"NL.ENT.77\","
                   "\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
}

static void who_cannot_be_sent_to_is_refused(void **state)
{
    (void)state;
    addresses((struct identity){.channel = "whatsapp"}, NULL, NULL);
    addresses((struct identity){.phone = "1234567890123456"}, NULL, NULL);
    addresses((struct identity){.phone = "3161234567a"}, NULL, NULL);
    addresses((struct identity){.user_id = "nl.55512"}, NULL, NULL);
    addresses((struct identity){.user_id = "NL.55\",\"to\":\"1"}, NULL, NULL);
    addresses((struct identity){.user_id = "NLD.55512"}, NULL, NULL);
    addresses((struct identity){.user_id = "NL.ENT."}, NULL, NULL);
}

static void the_tracker_goes_along_escaped_and_within_512(void **state)
{
    char long_one[514];
    (void)state;
    addresses((struct identity){.phone = "31612345678"}, "out-\"42\"",
              HEAD "\"to\":\"+31612345678\",\"biz_opaque_callback_data\":\"out-\\\"42\\\"\","
                   "\"type\":\"text\",\"text\":{\"body\":\"Hoi\",\"preview_url\":false}}");
    memset(long_one, 'x', 513);
    long_one[513] = '\0';
    addresses((struct identity){.phone = "31612345678"}, long_one, NULL);
}

static void content_that_is_no_object_is_refused(void **state)
{
    static const char *const contents[] = {"", "{}", "[]", "{", "text"};
    struct identity to = {.phone = "31612345678"};
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        assert_int_equal(whatsapp.address(contents[i], &to, NULL, &out, NULL), -1);
    buf_free(&out);
}

/* ---- what a content says ---- */

static void an_echo_is_known_by_its_words(void **state)
{
    static const char buttons[] = "{\"type\":\"interactive\",\"interactive\":{\"type\":\"button\","
                                  "\"body\":{\"text\":\"Welke?\"},\"action\":{\"buttons\":[]}}}";
    (void)state;
    assert_true(whatsapp_says(CONTENT, "Hoi"));
    assert_false(whatsapp_says(CONTENT, "hoi"));
    assert_false(whatsapp_says(CONTENT, "Hoi!"));
    assert_false(whatsapp_says(CONTENT, ""));
    assert_true(whatsapp_says(buttons, "Welke?"));
    assert_false(whatsapp_says(buttons, "button"));
    assert_true(whatsapp_says("{\"text\":{\"body\":\"caf\\u00e9\\n\\\"Zo\\\"\"}}", "caf\xC3\xA9\n\"Zo\""));
}

static void what_has_no_words_says_nothing(void **state)
{
    static const char *const contents[] = {"",
                                           "Hoi",
                                           "{}",
                                           "{\"text\":\"Hoi\"}",
                                           "{\"text\":{\"body\":5}}",
                                           "{\"body\":\"Hoi\"}",
                                           "{\"interactive\":{\"header\":{\"text\":\"Hoi\"}}}"};
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        assert_false(whatsapp_says(contents[i], "Hoi"));
        assert_false(whatsapp_says(contents[i], ""));
    }
}

/* What we render is known again, whatever it looks like. */
static void what_we_render_says_its_text(void **state)
{
    struct outbound o = {.text = "Zullen we *nu* bellen?"};
    struct buf out = {0};
    (void)state;
    assert_int_equal(whatsapp.render(&o, &out, NULL), 0);
    assert_true(whatsapp_says(buf_text(&out), o.text));
    buf_clear(&out);
    o.choice[o.choice_n++] = (struct choice){.id = "a:1", .title = "Ja"};
    assert_int_equal(whatsapp.render(&o, &out, NULL), 0);
    assert_true(whatsapp_says(buf_text(&out), o.text));
    buf_free(&out);
}

static void kinds_have_the_names_the_store_keeps(void **state)
{
    (void)state;
    assert_string_equal(whatsapp.name, "whatsapp");
    assert_string_equal(inbound_kind_name(INBOUND_MESSAGE), "message");
    assert_string_equal(inbound_kind_name(INBOUND_GROUP), "group");
    assert_string_equal(inbound_kind_name(INBOUND_GONE), "gone");
    assert_string_equal(inbound_kind_name(INBOUND_BROKEN), "broken");
    assert_string_equal(status_kind_name(STATUS_SENT), "sent");
    assert_string_equal(status_kind_name(STATUS_FAILED), "failed");
    assert_string_equal(verdict_kind_name(SEND_OK), "ok");
    assert_string_equal(verdict_kind_name(SEND_CHAT_CLOSED), "chat_closed");
    assert_string_equal(verdict_kind_name(SEND_UNKNOWN), "unknown");
}

int test_whatsapp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signature_of_the_received_bytes_holds),
        cmocka_unit_test(a_body_written_anew_does_not_hold),
        cmocka_unit_test(another_secret_or_body_does_not_hold),
        cmocka_unit_test(upper_case_hex_is_the_same_signature),
        cmocka_unit_test(a_header_that_is_no_signature_is_refused),
        cmocka_unit_test(without_a_secret_nothing_is_authentic),
        cmocka_unit_test(the_handshake_wants_mode_token_and_challenge),
        cmocka_unit_test(a_receipt_marks_read_and_may_show_typing),
        cmocka_unit_test(sends_are_posted_to_the_number),
        cmocka_unit_test(a_phone_goes_in_to_with_its_plus),
        cmocka_unit_test(a_user_id_goes_in_recipient_never_in_to),
        cmocka_unit_test(of_both_the_phone_is_used_while_it_is_one),
        cmocka_unit_test(who_cannot_be_sent_to_is_refused),
        cmocka_unit_test(the_tracker_goes_along_escaped_and_within_512),
        cmocka_unit_test(content_that_is_no_object_is_refused),
        cmocka_unit_test(an_echo_is_known_by_its_words),
        cmocka_unit_test(what_has_no_words_says_nothing),
        cmocka_unit_test(what_we_render_says_its_text),
        cmocka_unit_test(kinds_have_the_names_the_store_keeps),
    };
    return UNIT_RUN(tests);
}

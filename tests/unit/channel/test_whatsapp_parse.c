#include "unit.h"

#include <jansson.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "err.h"
#include "utf8.h"
#include "whatsapp.h"

/* What each type becomes stands in tests/payload/whatsapp; here is what files do not show. */

int test_whatsapp_parse(void);

#define OPEN                                                                                                 \
    "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"900100\",\"changes\":[{\"field\":"       \
    "\"messages\",\"value\":{\"metadata\":{\"display_phone_number\":\"+31 20 123-4567\","                    \
    "\"phone_number_id\":\"700800\"},"
#define CLOSE "}}]}]}"

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

static struct inbound *parsed(struct arena *a, const char *body)
{
    struct inbound *in = NULL;
    struct err e = {{0}};
    int rc = whatsapp.parse(body, strlen(body), "700800", a, &in, &e);
    assert_string_equal(e.text, "");
    assert_int_equal(rc, 0);
    return in;
}

/* `n` messages of as many people, with their contacts in the opposite order. */
static void batch_of(size_t n, struct buf *out)
{
    buf_adds(out, OPEN "\"contacts\":[");
    for (size_t i = n; i-- > 0;)
        buf_addf(out, "{\"profile\":{\"name\":\"N%zu\"},\"wa_id\":\"3161%07zu\",\"user_id\":\"NL.%zu\"}%s", i,
                 i, i, i > 0 ? "," : "],\"messages\":[");
    for (size_t i = 0; i < n; i++)
        buf_addf(
            out,
            "{\"from\":\"3161%07zu\",\"id\":\"wamid.%zu\",\"timestamp\":\"1795000000\",\"type\":\"text\","
            "\"text\":{\"body\":\"bericht %zu\"}}%s",
            i, i, i, i + 1 < n ? "," : "]" CLOSE);
    assert_false(out->failed);
}

static void a_username_comes_from_the_contact(void **state)
{
    struct inbound *in =
        parsed(*state, OPEN "\"contacts\":[{\"profile\":{\"name\":\"Ana\",\"username\":\"@ana.k\"},"
                            "\"user_id\":\"NL.55512\"}],\"messages\":[{\"from_user_id\":\"NL.55512\","
                            "\"id\":\"wamid.1\",\"timestamp\":\"1795000000\",\"type\":\"text\","
                            "\"text\":{\"body\":\"hoi\"}}]" CLOSE);
    assert_string_equal(in->who.username, "@ana.k");
    assert_null(strstr(in->raw, "ana.k")); /* what is kept of the message does not hold it */
}

static void a_full_batch_keeps_its_order_and_its_people(void **state)
{
    struct buf body = {0};
    char want[32];
    size_t i = 0;
    batch_of(1000, &body);
    for (struct inbound *in = parsed(*state, buf_text(&body)); in != NULL; in = in->next, i++) {
        assert_int_equal(in->kind, INBOUND_MESSAGE);
        (void)snprintf(want, sizeof want, "wamid.%zu", i);
        assert_string_equal(in->id, want);
        (void)snprintf(want, sizeof want, "N%zu", i);
        assert_string_equal(in->who.name, want);
        (void)snprintf(want, sizeof want, "NL.%zu", i);
        assert_string_equal(in->who.user_id, want);
        (void)snprintf(want, sizeof want, "bericht %zu", i);
        assert_string_equal(in->message.text, want);
    }
    assert_int_equal(i, 1000);
    buf_free(&body);
}

static void more_items_than_any_body_of_meta_is_refused(void **state)
{
    struct buf body = {0};
    struct inbound *in;
    struct err e = {{0}};
    buf_adds(&body, OPEN "\"messages\":[0");
    for (int i = 0; i < 4096; i++) buf_adds(&body, ",0");
    buf_adds(&body, "]" CLOSE);
    assert_int_equal(whatsapp.parse(buf_text(&body), body.len, "700800", *state, &in, &e), -1);
    assert_null(in);
    assert_non_null(strstr(e.text, "4096"));
    buf_free(&body);
}

static void nothing_points_into_the_body_or_the_account(void **state)
{
    static const char text[] =
        OPEN "\"messages\":[{\"from\":\"31612345678\",\"id\":\"wamid.A1\",\"timestamp\":\"1\","
             "\"type\":\"text\",\"text\":{\"body\":\"hoi\"}}]" CLOSE;
    char *body = strdup(text), *account = strdup("700800");
    struct inbound *in;
    assert_non_null(body);
    assert_non_null(account);
    assert_int_equal(whatsapp.parse(body, strlen(body), account, *state, &in, NULL), 0);
    free(body);
    free(account);
    assert_string_equal(in->who.account, "700800");
    assert_string_equal(in->message.text, "hoi");
    assert_string_equal(in->message.our_number, "31201234567");
    assert_string_equal(in->type, "text");
}

static void raw_is_the_item_alone_and_compact(void **state)
{
    struct inbound *in =
        parsed(*state, OPEN "\"messages\":[ {\"id\" : \"wamid.A1\", \"from\":\"31612345678\",\n"
                            "\"type\":\"text\",\"text\":{\"body\":\"caf\\u00e9\"}}, 5 ]" CLOSE);
    assert_string_equal(in->raw, "{\"id\":\"wamid.A1\",\"from\":\"31612345678\",\"type\":\"text\","
                                 "\"text\":{\"body\":\"caf\xC3\xA9\"}}");
    assert_int_equal(in->next->kind, INBOUND_BROKEN);
    assert_string_equal(in->next->raw, "5");
}

static void a_broken_item_comes_back_under_the_same_key(void **state)
{
    struct inbound *one = parsed(*state, OPEN "\"messages\":[{\"a\":1},{\"a\":2}]" CLOSE);
    struct inbound *again = parsed(*state, OPEN "\"messages\":[{\"a\":2}]" CLOSE);
    assert_string_equal(one->next->id, again->id);
    assert_string_not_equal(one->id, again->id);
}

static void the_same_notice_at_another_time_is_another(void **state)
{
    static const char form[] =
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"time\":%d,\"changes\":[{"
        "\"field\":\"account_update\",\"value\":{\"event\":\"X\"}}]}]}";
    struct buf body = {0};
    buf_addf(&body, form, 1795000000);
    const char *one = parsed(*state, buf_text(&body))->id;
    const char *again = parsed(*state, buf_text(&body))->id;
    buf_clear(&body);
    buf_addf(&body, form, 1795000001);
    const char *later = parsed(*state, buf_text(&body))->id;
    assert_string_equal(one, again);
    assert_string_not_equal(one, later);
    buf_free(&body);
}

static void text_and_name_are_bounded_between_characters(void **state)
{
    struct buf body = {0};
    buf_adds(&body, OPEN "\"contacts\":[{\"wa_id\":\"31612345678\",\"profile\":{\"name\":\"");
    for (int i = 0; i < 100; i++) buf_adds(&body, "\xC3\xA9");
    buf_adds(
        &body,
        "\"}}],\"messages\":[{\"from\":\"31612345678\",\"id\":\"a\",\"type\":\"text\",\"text\":{\"body\":\"");
    for (int i = 0; i < 5000; i++) buf_adds(&body, "\xF0\x9F\x98\xAE");
    buf_adds(&body, "\"}}]" CLOSE);
    struct inbound *in = parsed(*state, buf_text(&body));
    assert_int_equal(utf8_count(in->message.text), 4096);
    assert_true(utf8_valid(in->message.text, strlen(in->message.text)));
    assert_int_equal(utf8_count(in->message.name), 64);
    buf_free(&body);
}

static void an_id_too_long_for_a_key_breaks_only_its_message(void **state)
{
    struct buf body = {0};
    buf_adds(&body, OPEN "\"messages\":[{\"from\":\"31612345678\",\"type\":\"request_welcome\",\"id\":\"");
    for (int i = 0; i < 513; i++) buf_addc(&body, 'x');
    buf_adds(&body, "\"},{\"from\":\"31612345678\",\"type\":\"request_welcome\",\"id\":\"");
    for (int i = 0; i < 512; i++) buf_addc(&body, 'x');
    buf_adds(&body, "\"}]" CLOSE);
    struct inbound *in = parsed(*state, buf_text(&body));
    assert_int_equal(in->kind, INBOUND_BROKEN);
    assert_int_equal(in->next->kind, INBOUND_MESSAGE);
    buf_free(&body);
}

static void a_user_id_may_have_128_characters_and_no_more(void **state)
{
    char id[3 + 129 + 1] = "NL.";
    struct buf body = {0};
    memset(id + 3, 'x', 128);
    buf_addf(&body,
             OPEN "\"messages\":[{\"from_user_id\":\"%s\",\"id\":\"a\",\"type\":\"request_welcome\"}]" CLOSE,
             id);
    assert_string_equal(parsed(*state, buf_text(&body))->who.user_id, id);
    id[131] = 'x';
    buf_clear(&body);
    buf_addf(&body,
             OPEN "\"messages\":[{\"from_user_id\":\"%s\",\"id\":\"a\",\"type\":\"request_welcome\"}]" CLOSE,
             id);
    assert_int_equal(parsed(*state, buf_text(&body))->kind, INBOUND_BROKEN);
    buf_free(&body);
}

static void a_skipped_or_broken_item_names_nobody(void **state)
{
    struct inbound *in =
        parsed(*state, OPEN "\"messages\":[{\"from\":\"31612345678\",\"id\":\"a\",\"type\":\"text\"},"
                            "{\"from\":\"31612345678\",\"id\":\"b\",\"type\":\"interactive\","
                            "\"interactive\":{\"type\":\"call_permission_reply\"}}]" CLOSE);
    for (; in != NULL; in = in->next) {
        assert_null(in->who.phone);
        assert_null(in->message.text);
        assert_null(strstr(in->reason, "316"));
    }
}

/* ---- every allocation of the JSON reader fails once ---- */

static long allocations_left; /* a hook of jansson has no argument to carry this */

static void *scarce_malloc(size_t n)
{
    return allocations_left-- == 0 ? NULL : malloc(n);
}

static void memory_that_runs_out_gives_everything_or_an_error(void **state)
{
    struct buf body = {0};
    bool whole = false;
    (void)state;
    batch_of(3, &body);
    json_object_seed(1); /* not while counting */
    for (long at = 0; at < 2000 && !whole; at++) {
        struct arena *a = arena_new(4096);
        struct inbound *in;
        size_t n = 0;
        assert_non_null(a);
        json_set_alloc_funcs(scarce_malloc, free);
        allocations_left = at;
        int rc = whatsapp.parse(buf_text(&body), body.len, "700800", a, &in, NULL);
        whole = allocations_left >= 0; /* none was missing any more */
        json_set_alloc_funcs(malloc, free);
        for (; in != NULL; in = in->next) n += in->kind == INBOUND_MESSAGE;
        assert_int_equal(n, rc == 0 ? 3 : 0);
        arena_free(a);
    }
    assert_true(whole);
    buf_free(&body);
}

int test_whatsapp_parse(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_username_comes_from_the_contact, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_batch_keeps_its_order_and_its_people, setup, teardown),
        cmocka_unit_test_setup_teardown(more_items_than_any_body_of_meta_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_points_into_the_body_or_the_account, setup, teardown),
        cmocka_unit_test_setup_teardown(raw_is_the_item_alone_and_compact, setup, teardown),
        cmocka_unit_test_setup_teardown(a_broken_item_comes_back_under_the_same_key, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_notice_at_another_time_is_another, setup, teardown),
        cmocka_unit_test_setup_teardown(text_and_name_are_bounded_between_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(an_id_too_long_for_a_key_breaks_only_its_message, setup, teardown),
        cmocka_unit_test_setup_teardown(a_user_id_may_have_128_characters_and_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(a_skipped_or_broken_item_names_nobody, setup, teardown),
        cmocka_unit_test(memory_that_runs_out_gives_everything_or_an_error),
    };
    return UNIT_RUN(tests);
}

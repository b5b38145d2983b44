#include "unit.h"

#include "arena.h"
#include "channel.h"
#include "whatsapp.h"
#include "whatsapp_parts.h"

int test_whatsapp_verdict(void);

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

static struct verdict judge(struct arena *a, int http_status, const char *body)
{
    return whatsapp.verdict(http_status, body, body == NULL ? 0 : strlen(body), a);
}

static void judges(struct arena *a, int http_status, const char *body, enum verdict_kind kind, int code)
{
    struct verdict v = judge(a, http_status, body);
    assert_string_equal(verdict_kind_name(v.kind), verdict_kind_name(kind));
    assert_int_equal(v.code, code);
    assert_true((v.message_id != NULL) == (kind == SEND_OK));
    assert_int_equal(v.retry_after_ms, 0);
}

static void an_id_means_accepted(void **state)
{
    struct verdict v = judge(*state, 200,
                             "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"input\":\"+31612345678\","
                             "\"wa_id\":\"31612345678\"}],\"messages\":[{\"id\":\"wamid.B2\"}]}");
    assert_int_equal(v.kind, SEND_OK);
    assert_string_equal(v.message_id, "wamid.B2");
    judges(*state, 200,
           "{\"contacts\":[{\"input\":\"NL.55512\",\"user_id\":\"NL.55512\"}],\"messages\":[{\"id\":\"x\"}]}",
           SEND_OK, 200);
}

static void a_yes_without_an_id_is_unknown(void **state)
{
    judges(*state, 200, "{\"messages\":[]}", SEND_UNKNOWN, 200);
    judges(*state, 200, "{\"messages\":[{}]}", SEND_UNKNOWN, 200);
    judges(*state, 200, "{\"messages\":{\"id\":\"x\"}}", SEND_UNKNOWN, 200);
    judges(*state, 200, "{\"messages\":[{\"id\":7}]}", SEND_UNKNOWN, 200);
    judges(*state, 200, "<html>", SEND_UNKNOWN, 200);
    judges(*state, 200, "", SEND_UNKNOWN, 200);
    judges(*state, 204, NULL, SEND_UNKNOWN, 204);
}

static void no_answer_is_unknown_whatever_came_before(void **state)
{
    judges(*state, 0, NULL, SEND_UNKNOWN, 0);
    judges(*state, 0, "{\"messages\":[{\"id\":\"x\"}]}", SEND_UNKNOWN, 0);
    judges(*state, 0, "{\"error\":{\"code\":190}}", SEND_UNKNOWN, 0);
}

/* Every row of the fact sheet's table, as one would read it there. */
static const struct {
    int code;
    enum verdict_kind kind;
} rows[] = {
    {0, SEND_HALT},
    {190, SEND_HALT},
    {1, SEND_LATER},
    {2, SEND_LATER},
    {3, SEND_HALT},
    {10, SEND_HALT},
    {200, SEND_HALT},
    {230, SEND_HALT},
    {299, SEND_HALT},
    {4, SEND_SLOW},
    {80007, SEND_SLOW},
    {33, SEND_HALT},
    {100, SEND_NEVER},
    {368, SEND_HALT},
    {131031, SEND_HALT},
    {130429, SEND_SLOW},
    {130472, SEND_NEVER},
    {130497, SEND_CHAT_CLOSED},
    {131000, SEND_LATER},
    {131005, SEND_HALT},
    {131008, SEND_NEVER},
    {131009, SEND_NEVER},
    {131016, SEND_LATER},
    {131021, SEND_NEVER},
    {131026, SEND_CHAT_CLOSED},
    {131030, SEND_NEVER},
    {131037, SEND_HALT},
    {131042, SEND_HALT},
    {131045, SEND_HALT},
    {131047, SEND_CHAT_CLOSED},
    {131048, SEND_SLOW},
    {131049, SEND_NEVER},
    {131050, SEND_NEVER},
    {131051, SEND_NEVER},
    {131060, SEND_NEVER},
    {131052, SEND_NEVER},
    {131053, SEND_LATER},
    {131056, SEND_PACE},
    {131057, SEND_LATER},
    {131062, SEND_NEVER},
    {131063, SEND_NEVER},
    {131064, SEND_NEVER},
    {132000, SEND_NEVER},
    {132008, SEND_NEVER},
    {132012, SEND_NEVER},
    {132001, SEND_NEVER},
    {132005, SEND_NEVER},
    {132007, SEND_NEVER},
    {132015, SEND_NEVER},
    {132016, SEND_NEVER},
    {132068, SEND_NEVER},
    {132069, SEND_LATER},
    {133004, SEND_LATER},
    {133005, SEND_HALT},
    {133006, SEND_HALT},
    {133008, SEND_HALT},
    {133009, SEND_HALT},
    {133010, SEND_HALT},
    {133016, SEND_SLOW},
    {135000, SEND_NEVER},
    {137000, SEND_NEVER},
    {138000, SEND_NEVER},
    {139100, SEND_NEVER},
    {147001, SEND_NEVER},
    {2388019, SEND_NEVER},
    {2388299, SEND_NEVER},
};

static void every_code_of_the_table_has_its_verdict_whatever_http_says(void **state)
{
    static const int statuses[] = {400, 401, 403, 429, 500, 503, 200};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++) {
            char body[160];
            (void)snprintf(body, sizeof body,
                           "{\"error\":{\"message\":\"(#%d) for +31612345678\",\"type\":\"OAuthException\","
                           "\"code\":%d,\"fbtrace_id\":\"Ax1\"}}",
                           rows[i].code, rows[i].code);
            struct verdict v = judge(*state, statuses[k], body);
            if (v.kind != rows[i].kind)
                fail_msg("code %d is %s, not %s", rows[i].code, verdict_kind_name(v.kind),
                         verdict_kind_name(rows[i].kind));
            assert_int_equal(v.code, rows[i].code);
        }
}

static void every_row_is_tried_and_in_order(void **state)
{
    size_t n;
    const struct whatsapp_error *table = whatsapp_errors(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        bool tried = false;
        assert_true(table[i].from <= table[i].to);
        if (i > 0) assert_true(table[i - 1].to < table[i].from);
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            tried = tried || (rows[k].code >= table[i].from && rows[k].code <= table[i].to);
        if (!tried) fail_msg("no test for code %d", table[i].from);
    }
}

static void a_detail_says_why_and_nothing_of_the_person(void **state)
{
    struct verdict v = judge(*state, 400,
                             "{\"error\":{\"message\":\"+31612345678 Ana\",\"code\":131026,"
                             "\"error_data\":{\"details\":\"31612345678 is not on WhatsApp\"}}}");
    assert_string_equal(v.detail, "person cannot be reached on WhatsApp");
    v = judge(*state, 400, "{\"error\":{\"message\":\"31612345678\",\"code\":131099}}");
    assert_string_equal(v.detail, "code of no list");
}

static void error_data_may_be_of_any_type(void **state)
{
    judges(*state, 400, "{\"error\":{\"code\":131047,\"error_data\":\"text\"}}", SEND_CHAT_CLOSED, 131047);
    judges(*state, 400, "{\"error\":{\"code\":131047,\"error_data\":{\"details\":\"x\"}}}", SEND_CHAT_CLOSED,
           131047);
    judges(*state, 400, "{\"error\":{\"code\":131047,\"error_data\":[1]}}", SEND_CHAT_CLOSED, 131047);
}

static void an_unknown_object_under_code_100_concerns_the_account(void **state)
{
    judges(*state, 400, "{\"error\":{\"code\":100,\"error_subcode\":33}}", SEND_HALT, 100);
    judges(*state, 400, "{\"error\":{\"code\":100,\"error_subcode\":2494010}}", SEND_NEVER, 100);
}

static void what_meta_calls_transient_is_tried_again(void **state)
{
    judges(*state, 400, "{\"error\":{\"code\":131999,\"is_transient\":true}}", SEND_LATER, 131999);
    judges(*state, 400, "{\"error\":{\"code\":100,\"is_transient\":true}}", SEND_LATER, 100);
    judges(*state, 400, "{\"error\":{\"is_transient\":true}}", SEND_LATER, 400);
    judges(*state, 400, "{\"error\":{\"code\":131999,\"is_transient\":false}}", SEND_NEVER, 131999);
    /* but a limit stays a limit, and a dead token dead */
    judges(*state, 400, "{\"error\":{\"code\":4,\"is_transient\":true}}", SEND_SLOW, 4);
    judges(*state, 401, "{\"error\":{\"code\":190,\"is_transient\":true}}", SEND_HALT, 190);
}

static void a_code_of_no_list_goes_by_http(void **state)
{
    judges(*state, 400, "{\"error\":{\"code\":999999}}", SEND_NEVER, 999999);
    judges(*state, 200, "{\"error\":{\"code\":999999}}", SEND_NEVER, 999999);
    judges(*state, 401, "{\"error\":{\"code\":999999}}", SEND_HALT, 999999);
    judges(*state, 429, "{\"error\":{\"code\":999999}}", SEND_SLOW, 999999);
    judges(*state, 500, "{\"error\":{\"code\":999999}}", SEND_LATER, 999999);
}

static void without_a_code_http_alone_decides(void **state)
{
    judges(*state, 401, NULL, SEND_HALT, 401);
    judges(*state, 403, "denied", SEND_HALT, 403);
    judges(*state, 404, "", SEND_HALT, 404);
    judges(*state, 302, "", SEND_HALT, 302);
    judges(*state, 408, "", SEND_LATER, 408);
    judges(*state, 429, "", SEND_SLOW, 429);
    judges(*state, 400, "{\"error\":\"bad\"}", SEND_NEVER, 400);
    judges(*state, 413, "", SEND_NEVER, 413);
    judges(*state, 500, "<html>", SEND_LATER, 500);
    judges(*state, 503, "{\"error\":{\"code\":\"2\"}}", SEND_LATER, 503);
    judges(*state, 504, "", SEND_UNKNOWN, 504);
}

int test_whatsapp_verdict(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_id_means_accepted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_yes_without_an_id_is_unknown, setup, teardown),
        cmocka_unit_test_setup_teardown(no_answer_is_unknown_whatever_came_before, setup, teardown),
        cmocka_unit_test_setup_teardown(every_code_of_the_table_has_its_verdict_whatever_http_says, setup,
                                        teardown),
        cmocka_unit_test(every_row_is_tried_and_in_order),
        cmocka_unit_test_setup_teardown(a_detail_says_why_and_nothing_of_the_person, setup, teardown),
        cmocka_unit_test_setup_teardown(error_data_may_be_of_any_type, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unknown_object_under_code_100_concerns_the_account, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_meta_calls_transient_is_tried_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_code_of_no_list_goes_by_http, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_code_http_alone_decides, setup, teardown),
    };
    return UNIT_RUN(tests);
}

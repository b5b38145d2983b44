#include "unit.h"

#include "buf.h"
#include "err.h"
#include "wire.h"

int test_wire(void);

static void mends(const char *given, size_t n, const char *want)
{
    struct buf out = {0};
    wire_mend(given, n, &out);
    assert_string_equal(buf_text(&out), want);
    buf_free(&out);
}

#define MENDS(given, want) mends(given, sizeof(given) - 1, want)

static void mending_leaves_good_json_alone(void **state)
{
    (void)state;
    MENDS("{\"a\":[1,-2.5e3,true],\"b\":\"\\u00e9 \\ud83d\\ude2e \\\\u0000 \\\" \xC3\xA9\"}",
          "{\"a\":[1,-2.5e3,true],\"b\":\"\\u00e9 \\ud83d\\ude2e \\\\u0000 \\\" \xC3\xA9\"}");
}

static void mending_replaces_lone_surrogates_and_nul(void **state)
{
    (void)state;
    MENDS("\"\\ud83d\"", "\"\\ufffd\"");
    MENDS("\"\\uDE2E\"", "\"\\ufffd\"");
    MENDS("\"\\ud83d\\u0041\"", "\"\\ufffd\\u0041\"");
    MENDS("\"\\ud83d\\ud83d\\ude2e\"", "\"\\ufffd\\ud83d\\ude2e\"");
    MENDS("\"\\u0000\"", "\"\\ufffd\"");
}

static void mending_replaces_raw_bytes_only_inside_strings(void **state)
{
    (void)state;
    MENDS("\"a\xFFz\"", "\"a\xEF\xBF\xBDz\"");
    MENDS("\"a\nb\0c\"", "\"a b c\"");
    MENDS("{\n}", "{\n}");
}

static void mending_stops_at_the_end_of_what_was_cut_off(void **state)
{
    (void)state;
    MENDS("\"\\", "\"\\");
    MENDS("\"\\u", "\"\\u");
    MENDS("\"\\ud83", "\"\\ud83");
    MENDS("\"\\ud83d\\ude", "\"\\ufffd\\ude");
    MENDS("\"\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD");
    MENDS("-", "-");
    MENDS("1e", "1e");
}

static void mending_makes_numbers_that_fit_no_type_zero(void **state)
{
    (void)state;
    MENDS("[1234567890123456789,123456789012345678]", "[0,123456789012345678]");
    MENDS("[1e400,-1E+400,1e-99,0.12345678901234567890]", "[0,0,1e-99,0.12345678901234567890]");
}

static void loading_mends_what_a_strict_reader_refuses(void **state)
{
    static const char body[] = "{\"text\":\"a\\ud83d\",\"n\":99999999999999999999}";
    (void)state;
    json_t *tree = wire_load(body, sizeof body - 1, NULL);
    assert_non_null(tree);
    assert_string_equal(wire_string(tree, "text"), "a\xEF\xBF\xBD");
    json_decref(tree);
}

static void a_load_error_quotes_nothing_of_the_body(void **state)
{
    static const char body[] = "{\"text\":\"31612345678\",}";
    struct err e = {{0}};
    (void)state;
    assert_null(wire_load(body, sizeof body - 1, &e));
    assert_string_not_equal(e.text, "");
    assert_null(strstr(e.text, "316"));
    assert_null(strstr(e.text, "text"));
}

static void members_of_the_wrong_type_are_not_there(void **state)
{
    int n = 7;
    (void)state;
    json_t *t = json_loads("{\"s\":\"x\",\"i\":5,\"big\":4294967296,\"a\":[],\"o\":{},\"t\":true}", 0, NULL);
    assert_non_null(t);
    assert_string_equal(wire_string(t, "s"), "x");
    assert_null(wire_string(t, "i"));
    assert_null(wire_string(NULL, "i"));
    assert_null(wire_string(json_object_get(t, "a"), "i"));
    assert_null(wire_object(t, "a"));
    assert_null(wire_array(t, "o"));
    assert_non_null(wire_object(t, "o"));
    assert_non_null(wire_array(t, "a"));
    assert_true(wire_true(t, "t"));
    assert_false(wire_true(t, "i"));
    assert_false(wire_int(t, "big", &n));
    assert_false(wire_int(t, "s", &n));
    assert_int_equal(n, 7);
    assert_true(wire_int(t, "i", &n));
    assert_int_equal(n, 5);
    json_decref(t);
}

static void escapes_what_json_and_rfc8259_demand(void **state)
{
    struct buf out = {0};
    (void)state;
    wire_put(&out, "a\"\\\n\t\r\x01/\xC3\xA9\xFF\xF0\x9F\x98\xAE");
    assert_string_equal(buf_text(&out), "\"a\\\"\\\\\\n\\t\\r\\u0001/\xC3\xA9\xEF\xBF\xBD\xF0\x9F\x98\xAE\"");
    json_t *back = json_loads(buf_text(&out), JSON_DECODE_ANY, NULL);
    assert_non_null(back);
    json_decref(back);
    buf_free(&out);
}

int test_wire(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mending_leaves_good_json_alone),
        cmocka_unit_test(mending_replaces_lone_surrogates_and_nul),
        cmocka_unit_test(mending_replaces_raw_bytes_only_inside_strings),
        cmocka_unit_test(mending_stops_at_the_end_of_what_was_cut_off),
        cmocka_unit_test(mending_makes_numbers_that_fit_no_type_zero),
        cmocka_unit_test(loading_mends_what_a_strict_reader_refuses),
        cmocka_unit_test(a_load_error_quotes_nothing_of_the_body),
        cmocka_unit_test(members_of_the_wrong_type_are_not_there),
        cmocka_unit_test(escapes_what_json_and_rfc8259_demand),
    };
    return UNIT_RUN(tests);
}

#include "unit.h"

#include <stdbool.h>

#include "who.h"

int test_who(void);

static const struct {
    const char *text, *value, *channel;
    enum who_kind kind;
    bool either;
} good[] = {
    {"+31612345678", "31612345678", "whatsapp", WHO_PHONE, false},
    {" +31 6 1234-5678", "31612345678", "whatsapp", WHO_PHONE, false},
    {"+31 (0)6 12.34.56.78", "31612345678", "whatsapp", WHO_PHONE, false},
    {"0031612345678", "31612345678", "whatsapp", WHO_PHONE, false},
    {"0031 (0)6 12345678", "31612345678", "whatsapp", WHO_PHONE, false},
    {"06 12 34 56 78", "31612345678", "whatsapp", WHO_PHONE, false},
    {"(06) 12345678", "31612345678", "whatsapp", WHO_PHONE, false},
    {"06-12345678", "31612345678", "whatsapp", WHO_PHONE, false},
    {"+32 470 12 34 56", "32470123456", "whatsapp", WHO_PHONE, false},
    {"31612345678", "31612345678", NULL, WHO_PHONE, true},
    {"5500004242", "5500004242", NULL, WHO_PHONE, true},
    {"telegram:5500004242", "5500004242", "telegram", WHO_PHONE, true},
    {"whatsapp:31612345678", "31612345678", "whatsapp", WHO_PHONE, true},
    {"NL.55512", "NL.55512", "whatsapp", WHO_USER_ID, false},
    {"NL.ENT.77aB", "NL.ENT.77aB", "whatsapp", WHO_USER_ID, false},
    {"@ana.k_2", "ana.k_2", NULL, WHO_USERNAME, false},
    {"telegram:@Ana", "Ana", "telegram", WHO_USERNAME, false},
};

static void what_people_write_is_read(void **state)
{
    struct who who;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!who_read(good[i].text, &who)) fail_msg("'%s' was not read", good[i].text);
        if (strcmp(who.value, good[i].value) != 0) fail_msg("'%s' became '%s'", good[i].text, who.value);
        assert_int_equal(who.kind, good[i].kind);
        assert_int_equal(who.either_id, good[i].either);
        if (good[i].channel == NULL)
            assert_null(who.channel);
        else
            assert_string_equal(who.channel, good[i].channel);
    }
}

static void what_is_nobody_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "@",
                                      "+",
                                      "00",
                                      "0",
                                      "ana",
                                      "Sanne de Vries",
                                      "+31",
                                      "+3161234567890123",
                                      "06-12+34",
                                      "NL.",
                                      "NLD.5",
                                      "NL.a b",
                                      "@a b",
                                      "@a'; --",
                                      "telegram:",
                                      "telegram:+31612345678",
                                      "telegram:0612345678",
                                      "telegram:NL.5",
                                      "signal:31612345678",
                                      "12345678901234567890",
                                      "61234567%",
                                      "31612345678\n"};
    char text[2 * WHO_BYTES_MAX];
    struct who who;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (who_read(bad[i], &who)) fail_msg("'%s' was read as '%s'", bad[i], who.value);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    text[0] = '@';
    assert_false(who_read(text, &who));
    memset(text, ' ', sizeof text - 1);
    memcpy(text, "06", 2);
    assert_false(who_read(text, &who));
    memset(text, '1', sizeof text - 1);
    assert_false(who_read(text, &who));
}

int test_who(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_people_write_is_read),
                                       cmocka_unit_test(what_is_nobody_is_refused)};
    return UNIT_RUN(tests);
}

#include "unit.h"

#include "buf.h"
#include "text.h"

int test_text(void);

#define LITERAL(s)                                                                                           \
    {                                                                                                        \
        .literal = (s), .param = PARAM_N_OF                                                                  \
    }
#define PLACE(p)                                                                                             \
    {                                                                                                        \
        .param = (p)                                                                                         \
    }
#define END PLACE(PARAM_N_OF)

enum { GREETING, LEFT, ALWAYS };

static const struct piece greeting[] = {LITERAL("Hoi "), PLACE(PARAM_NAME), LITERAL("!"), END};
static const struct piece left_one[] = {LITERAL("Nog "), PLACE(PARAM_COUNT), LITERAL(" vraag"), END};
static const struct piece left_other[] = {LITERAL("Nog "), PLACE(PARAM_COUNT), LITERAL(" vragen"), END};
static const struct text texts[] = {[GREETING] = {.other = greeting},
                                    [LEFT] = {.other = left_other, .one = left_one},
                                    [ALWAYS] = {.other = left_other}};
static const struct locale locale = {.code = "nl", .text = texts, .source = "nl"};

static void assert_reads(int id, const struct params *p, const char *want)
{
    struct buf out = {0};

    text_write(&locale, id, p, &out);
    assert_string_equal(buf_text(&out), want);
    buf_free(&out);
}

static void fills_in_what_it_is_given(void **state)
{
    const struct params p = {.value[PARAM_NAME] = "Sanne"};

    (void)state;
    assert_reads(GREETING, &p, "Hoi Sanne!");
}

static void writes_nothing_for_what_is_absent(void **state)
{
    const struct params p = {0};

    (void)state;
    assert_reads(GREETING, &p, "Hoi !");
    assert_reads(GREETING, NULL, "Hoi !");
    assert_reads(LEFT, NULL, "Nog  vragen");
}

static void chooses_one_or_other_by_the_count(void **state)
{
    const struct params none = {.count = 0}, one = {.count = 1}, two = {.count = 2};

    (void)state;
    assert_reads(LEFT, &none, "Nog 0 vragen");
    assert_reads(LEFT, &one, "Nog 1 vraag");
    assert_reads(LEFT, &two, "Nog 2 vragen");
    assert_reads(ALWAYS, &one, "Nog 1 vragen");
}

static void writes_a_count_in_the_words_it_is_given(void **state)
{
    const struct params p = {.count = 2, .value[PARAM_COUNT] = "twee"};

    (void)state;
    assert_reads(LEFT, &p, "Nog twee vragen");
}

static void knows_every_param_by_name(void **state)
{
    (void)state;
    for (int i = 0; i < PARAM_N_OF; i++) {
        enum param back = PARAM_N_OF;
        const char *name = param_name((enum param)i);
        assert_true(param_from(name, strlen(name), &back));
        assert_int_equal(back, i);
    }
}

static void knows_no_other_param(void **state)
{
    enum param p = PARAM_IF;

    (void)state;
    assert_false(param_from("naam", 4, &p));
    assert_false(param_from("name", 3, &p));
    assert_false(param_from("names", 5, &p));
    assert_false(param_from("", 0, &p));
    assert_int_equal(p, PARAM_IF);
}

static void every_text_has_a_key_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_N; i++) {
        assert_non_null(text_spec[i].key);
        for (int k = 0; k < i; k++) assert_string_not_equal(text_spec[i].key, text_spec[k].key);
    }
}

static void counts_choose_the_words_of_these_alone(void **state)
{
    static const int plural[] = {TEXT_REMAINING,      TEXT_NOTED,          TEXT_RESUME,    TEXT_ADVICE_UNSURE,
                                 TEXT_ADVICE_SKIPPED, TEXT_ADVICE_CAUTION, TEXT_DESK_LEFT, TEXT_DESK_DIGEST};
    size_t n = 0;

    (void)state;
    for (int i = 0; i < TEXT_N; i++) n += text_spec[i].plural;
    assert_int_equal(n, sizeof plural / sizeof *plural);
    for (size_t i = 0; i < n; i++) assert_true(text_spec[plural[i]].plural);
}

/* What a text cannot do without it must be allowed to use. */
static void what_a_text_must_say_it_may_say(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_N; i++)
        assert_int_equal(text_spec[i].must & ~(text_spec[i].may | PARAM_ALWAYS), 0);
}

int test_text(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_what_it_is_given),
        cmocka_unit_test(writes_nothing_for_what_is_absent),
        cmocka_unit_test(chooses_one_or_other_by_the_count),
        cmocka_unit_test(writes_a_count_in_the_words_it_is_given),
        cmocka_unit_test(knows_every_param_by_name),
        cmocka_unit_test(knows_no_other_param),
        cmocka_unit_test(every_text_has_a_key_of_its_own),
        cmocka_unit_test(counts_choose_the_words_of_these_alone),
        cmocka_unit_test(what_a_text_must_say_it_may_say),
    };
    return UNIT_RUN(tests);
}

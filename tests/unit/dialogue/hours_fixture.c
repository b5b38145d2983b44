#include "hours_fixture.h"

#include <time.h>

#include "buf.h"

#define LITERAL(s)                                                                                           \
    {                                                                                                        \
        .literal = (s), .param = PARAM_N_OF                                                                  \
    }
#define PLACE(p)                                                                                             \
    {                                                                                                        \
        .literal = NULL, .param = (p)                                                                        \
    }
#define END PLACE(PARAM_N_OF)
#define WORDS(...)                                                                                           \
    {                                                                                                        \
        .other = (const struct piece[])                                                                      \
        {                                                                                                    \
            __VA_ARGS__, END                                                                                 \
        }                                                                                                    \
    }
#define WORD(s) WORDS(LITERAL(s))

static const struct text texts[TEXT_N] = {
    [TEXT_AND] = WORD(" en "),
    [TEXT_HOURS_BLOCK] = WORDS(PLACE(PARAM_LIST), LITERAL(" van "), PLACE(PARAM_N), LITERAL(" tot "),
                               PLACE(PARAM_TOTAL), LITERAL(" uur")),
    [TEXT_MOMENT_TODAY] = WORDS(LITERAL("vandaag vanaf "), PLACE(PARAM_N), LITERAL(" uur")),
    [TEXT_MOMENT_TOMORROW] = WORDS(LITERAL("morgen vanaf "), PLACE(PARAM_N), LITERAL(" uur")),
    [TEXT_MOMENT_DAY] = WORDS(PLACE(PARAM_LIST), LITERAL(" vanaf "), PLACE(PARAM_N), LITERAL(" uur")),
    [TEXT_MOMENT_DATE] = WORDS(PLACE(PARAM_LIST), LITERAL(" "), PLACE(PARAM_COUNT), LITERAL(" "),
                               PLACE(PARAM_QUESTION), LITERAL(" vanaf "), PLACE(PARAM_N), LITERAL(" uur")),
    [TEXT_MOMENT_NOW] = WORD("nu"),
    [TEXT_MOMENT_UNKNOWN] = WORD("zodra het kan"),
    [TEXT_DAY_MONDAY] = WORD("maandag"),
    [TEXT_DAY_TUESDAY] = WORD("dinsdag"),
    [TEXT_DAY_WEDNESDAY] = WORD("woensdag"),
    [TEXT_DAY_THURSDAY] = WORD("donderdag"),
    [TEXT_DAY_FRIDAY] = WORD("vrijdag"),
    [TEXT_DAY_SATURDAY] = WORD("zaterdag"),
    [TEXT_DAY_SUNDAY] = WORD("zondag"),
    [TEXT_MONTH_1] = WORD("januari"),
    [TEXT_MONTH_2] = WORD("februari"),
    [TEXT_MONTH_3] = WORD("maart"),
    [TEXT_MONTH_4] = WORD("april"),
    [TEXT_MONTH_5] = WORD("mei"),
    [TEXT_MONTH_6] = WORD("juni"),
    [TEXT_MONTH_7] = WORD("juli"),
    [TEXT_MONTH_8] = WORD("augustus"),
    [TEXT_MONTH_9] = WORD("september"),
    [TEXT_MONTH_10] = WORD("oktober"),
    [TEXT_MONTH_11] = WORD("november"),
    [TEXT_MONTH_12] = WORD("december"),
};

const struct locale dutch = {.code = "nl", .text = texts, .source = "hours_fixture.c"};

struct hours amsterdam(void)
{
    return (struct hours){.utc_offset_min = 60, .summer_time = true, .dutch_holidays = true};
}

void add_block(struct hours *h, int weekday, int from, int to)
{
    h->block[weekday][h->block_n[weekday]++] = (struct block){from, to};
}

void add_off(struct hours *h, struct date from, struct date to)
{
    h->off[h->off_n++] = (struct date_range){from, to};
}

void add_extra(struct hours *h, struct date d, int from, int to)
{
    struct extra_day *last = h->extra_n > 0 ? &h->extra[h->extra_n - 1] : NULL;

    if (last == NULL || memcmp(&last->date, &d, sizeof d) != 0) {
        last = &h->extra[h->extra_n++];
        last->date = d;
    }
    last->block[last->block_n++] = (struct block){from, to};
}

struct hours studio(void)
{
    struct hours h = amsterdam();
    add_block(&h, MON, 9 * 60, 17 * 60);
    add_block(&h, TUE, 9 * 60, 17 * 60);
    add_block(&h, THU, 9 * 60, 17 * 60);
    return h;
}

int64_t utc(const char *s)
{
    struct tm tm = {0};
    const char *rest = strptime(s, "%Y-%m-%d %H:%M:%S", &tm);
    assert_non_null(rest);
    assert_int_equal(*rest, '\0');
    return timegm(&tm) * SECOND;
}

void expect_moment(const struct hours *h, const char *now, const char *words)
{
    struct buf b = {0};
    hours_write_moment(h, utc(now), &dutch, &b);
    assert_string_equal(buf_text(&b), words);
    buf_free(&b);
}

void expect_hours(const struct hours *h, const char *words)
{
    struct buf b = {0};
    hours_write(h, &dutch, &b);
    assert_string_equal(buf_text(&b), words);
    buf_free(&b);
}

struct hours sundays(int from, int to)
{
    struct hours h = amsterdam();
    h.dutch_holidays = false; /* Easter is a Sunday too */
    add_block(&h, SUN, from, to);
    return h;
}

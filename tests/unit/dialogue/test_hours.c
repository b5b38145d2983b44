#include "unit.h"

#include <time.h>

#include "buf.h"
#include "hours.h"
#include "text.h"

int test_hours(void);

enum { MON, TUE, WED, THU, FRI, SAT, SUN };

#define SECOND INT64_C(1000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)

/* ---- Fixtures ----------------------------------------------------------------------------- */

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

static const struct locale dutch = {.code = "nl", .text = texts, .source = "test_hours.c"};

/* Amsterdam, holidays kept, nobody there. */
static struct hours amsterdam(void)
{
    return (struct hours){.utc_offset_min = 60, .summer_time = true, .dutch_holidays = true};
}

static void add_block(struct hours *h, int weekday, int from, int to)
{
    h->block[weekday][h->block_n[weekday]++] = (struct block){from, to};
}

static void add_off(struct hours *h, struct date from, struct date to)
{
    h->off[h->off_n++] = (struct date_range){from, to};
}

/* Monday, Tuesday and Thursday from nine to five. */
static struct hours studio(void)
{
    struct hours h = amsterdam();
    add_block(&h, MON, 9 * 60, 17 * 60);
    add_block(&h, TUE, 9 * 60, 17 * 60);
    add_block(&h, THU, 9 * 60, 17 * 60);
    return h;
}

/* utc("2026-04-03 12:00:00"): by libc's calendar, not ours. */
static int64_t utc(const char *s)
{
    struct tm tm = {0};
    const char *rest = strptime(s, "%Y-%m-%d %H:%M:%S", &tm);
    assert_non_null(rest);
    assert_int_equal(*rest, '\0');
    return timegm(&tm) * SECOND;
}

/* assert_next(h, now, then): from `now` on she is first there at `then`. */
#define assert_next(h, now, then)                                                                            \
    do {                                                                                                     \
        int64_t next_ = -1;                                                                                  \
        assert_true(hours_next((h), utc(now), &next_));                                                      \
        assert_int_equal(next_, utc(then));                                                                  \
    } while (0)

static void expect_moment(const struct hours *h, const char *now, const char *words)
{
    struct buf b = {0};
    hours_write_moment(h, utc(now), &dutch, &b);
    assert_string_equal(buf_text(&b), words);
    buf_free(&b);
}

static void expect_hours(const struct hours *h, const char *words)
{
    struct buf b = {0};
    hours_write(h, &dutch, &b);
    assert_string_equal(buf_text(&b), words);
    buf_free(&b);
}

/* ---- Twenty years, by others' arithmetic --------------------------------------------------- */

/* Month and day as one number. Easter and what follows it from python-dateutil's easter(), the
 * clocks' changes from the IANA time zone database for Europe/Amsterdam. */
static const struct {
    int year, easter, easter_monday, kings_day, ascension, whit_sunday, whit_monday, summer, winter;
} years[] = {
    {2024, 331, 401, 427, 509, 519, 520, 331, 1027}, {2025, 420, 421, 426, 529, 608, 609, 330, 1026},
    {2026, 405, 406, 427, 514, 524, 525, 329, 1025}, {2027, 328, 329, 427, 506, 516, 517, 328, 1031},
    {2028, 416, 417, 427, 525, 604, 605, 326, 1029}, {2029, 401, 402, 427, 510, 520, 521, 325, 1028},
    {2030, 421, 422, 427, 530, 609, 610, 331, 1027}, {2031, 413, 414, 426, 522, 601, 602, 330, 1026},
    {2032, 328, 329, 427, 506, 516, 517, 328, 1031}, {2033, 417, 418, 427, 526, 605, 606, 327, 1030},
    {2034, 409, 410, 427, 518, 528, 529, 326, 1029}, {2035, 325, 326, 427, 503, 513, 514, 325, 1028},
    {2036, 413, 414, 426, 522, 601, 602, 330, 1026}, {2037, 405, 406, 427, 514, 524, 525, 329, 1025},
    {2038, 425, 426, 427, 603, 613, 614, 328, 1031}, {2039, 410, 411, 427, 519, 529, 530, 327, 1030},
    {2040, 401, 402, 427, 510, 520, 521, 325, 1028}, {2041, 421, 422, 427, 530, 609, 610, 331, 1027},
    {2042, 406, 407, 426, 515, 525, 526, 330, 1026}, {2043, 329, 330, 427, 507, 517, 518, 329, 1025},
};
enum { YEARS = sizeof years / sizeof *years };

static bool in_table(size_t i, int md)
{
    return md == 101 || md == 1225 || md == 1226 || md == years[i].easter || md == years[i].easter_monday ||
           md == years[i].kings_day || md == years[i].ascension || md == years[i].whit_sunday ||
           md == years[i].whit_monday;
}

static bool fifth_year(int year)
{
    return year == 2025 || year == 2030 || year == 2035 || year == 2040;
}

static void every_date_and_weekday_is_the_calendars(void **state)
{
    const struct hours h = {0};
    (void)state;
    for (int64_t at = utc("1970-01-01 00:00:00"); at < utc("2101-01-01 00:00:00"); at += DAY) {
        time_t t = (time_t)(at / SECOND);
        struct tm tm;
        assert_non_null(gmtime_r(&t, &tm));
        struct date first = hours_date(&h, at), last = hours_date(&h, at + DAY - 1);
        assert_int_equal(first.year, tm.tm_year + 1900);
        assert_int_equal(first.month, tm.tm_mon + 1);
        assert_int_equal(first.day, tm.tm_mday);
        assert_memory_equal(&first, &last, sizeof first);
        assert_int_equal(date_weekday(first), (tm.tm_wday + 6) % 7);
    }
}

static void holidays_of_twenty_years_and_no_other_days(void **state)
{
    const struct hours h = {0};
    (void)state;
    for (int64_t at = utc("2024-01-01 00:00:00"); at < utc("2044-01-01 00:00:00"); at += DAY) {
        struct date d = hours_date(&h, at);
        int md = d.month * 100 + d.day;
        size_t i = (size_t)(d.year - years[0].year);
        bool listed = in_table(i, md);
        if (hours_holiday(d, false) != (listed || (md == 505 && fifth_year(d.year))))
            fail_msg("%d-%04d, liberation day each fifth year", d.year, md);
        if (hours_holiday(d, true) != (listed || md == 505))
            fail_msg("%d-%04d, liberation day every year", d.year, md);
    }
}

/* Years in which the moon alone would put Easter a week later than the church does, and the
 * earliest Easter there is; python-dateutil again. */
static void easter_keeps_to_its_rare_years(void **state)
{
    static const struct date easters[] = {{1954, 4, 18}, {1981, 4, 19}, {2049, 4, 18},
                                          {2076, 4, 19}, {2106, 4, 18}, {2285, 3, 22}};
    (void)state;
    for (size_t i = 0; i < sizeof easters / sizeof *easters; i++) {
        struct date week_later = {easters[i].year, easters[i].month, easters[i].day + 7};
        assert_true(hours_holiday(easters[i], false));
        assert_false(hours_holiday(week_later, false));
    }
}

static void good_friday_is_a_working_day(void **state)
{
    (void)state;
    assert_false(hours_holiday((struct date){2026, 4, 3}, true));
}

/* Hours on a Sunday from `from` to `to`, minutes after midnight. */
static struct hours sundays(int from, int to)
{
    struct hours h = amsterdam();
    h.dutch_holidays = false; /* Easter is a Sunday too */
    add_block(&h, SUN, from, to);
    return h;
}

/* In spring 2.00 to 3.00 is skipped, so 3.00 comes at 01:00 UTC; in autumn it comes twice and
 * lasts from 00:00 to 02:00 UTC. */
static void clocks_change_at_one_utc_for_twenty_years(void **state)
{
    const struct hours two = sundays(120, 180), three = sundays(180, 240);
    char change[32];
    (void)state;
    for (size_t i = 0; i < YEARS; i++) {
        snprintf(change, sizeof change, "%d-%02d-%02d 01:00:00", years[i].year, years[i].summer / 100,
                 years[i].summer % 100);
        int64_t at = utc(change);
        assert_false(hours_open_at(&two, at - 1));
        assert_false(hours_open_at(&two, at));
        assert_false(hours_open_at(&three, at - 1));
        assert_true(hours_open_at(&three, at));
        assert_true(hours_open_at(&three, at + HOUR - 1));
        assert_false(hours_open_at(&three, at + HOUR));

        snprintf(change, sizeof change, "%d-%02d-%02d 01:00:00", years[i].year, years[i].winter / 100,
                 years[i].winter % 100);
        at = utc(change);
        assert_false(hours_open_at(&two, at - HOUR - 1));
        assert_true(hours_open_at(&two, at - HOUR));
        assert_true(hours_open_at(&two, at + HOUR - 1));
        assert_false(hours_open_at(&two, at + HOUR));
        assert_false(hours_open_at(&three, at + HOUR - 1));
        assert_true(hours_open_at(&three, at + HOUR));
    }
}

static void she_is_out_on_each_holiday_of_twenty_years(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 0, 1440);
    h.liberation_day = true;
    for (int64_t at = utc("2024-01-01 12:00:00"); at < utc("2044-01-01 00:00:00"); at += DAY) {
        struct date d = hours_date(&h, at);
        int md = d.month * 100 + d.day;
        bool holiday = md == 505 || in_table((size_t)(d.year - years[0].year), md);
        if (hours_open_at(&h, at) == holiday) fail_msg("%d-%04d", d.year, md);
    }
}

/* ---- There or not -------------------------------------------------------------------------- */

static void opens_on_the_minute_and_closes_on_the_minute(void **state)
{
    const struct hours h = studio();
    (void)state;
    /* Tuesday 13 January 2026, one hour ahead of UTC */
    assert_false(hours_open_at(&h, utc("2026-01-13 08:00:00") - 1));
    assert_true(hours_open_at(&h, utc("2026-01-13 08:00:00")));
    assert_true(hours_open_at(&h, utc("2026-01-13 16:00:00") - 1));
    assert_false(hours_open_at(&h, utc("2026-01-13 16:00:00")));
    assert_false(hours_open_at(&h, utc("2026-01-14 10:00:00"))); /* a Wednesday */
}

static void next_is_now_when_open_and_the_opening_when_not(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_next(&h, "2026-01-13 07:59:59", "2026-01-13 08:00:00");
    assert_next(&h, "2026-01-13 08:00:00", "2026-01-13 08:00:00");
    assert_next(&h, "2026-01-13 15:59:59", "2026-01-13 15:59:59");
    assert_next(&h, "2026-01-13 16:00:00", "2026-01-15 08:00:00"); /* Tuesday to Thursday */
    assert_next(&h, "2026-01-15 16:00:00", "2026-01-19 08:00:00"); /* over the weekend    */
}

static void blocks_of_a_day_may_stand_in_any_order(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    add_block(&h, WED, 19 * 60, 21 * 60);
    add_block(&h, WED, 9 * 60, 12 * 60);
    add_block(&h, WED, 13 * 60 + 30, 17 * 60);
    assert_next(&h, "2026-01-14 00:00:00", "2026-01-14 08:00:00");
    assert_next(&h, "2026-01-14 11:00:00", "2026-01-14 12:30:00");
    assert_next(&h, "2026-01-14 16:00:00", "2026-01-14 18:00:00");
    assert_next(&h, "2026-01-14 20:00:00", "2026-01-21 08:00:00");
    assert_false(hours_open_at(&h, utc("2026-01-14 11:30:00")));
}

static void a_block_to_midnight_lasts_to_midnight(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    add_block(&h, FRI, 20 * 60, 1440);
    assert_true(hours_open_at(&h, utc("2026-01-16 23:00:00") - 1));
    assert_false(hours_open_at(&h, utc("2026-01-16 23:00:00")));
    add_block(&h, SAT, 0, 60);
    assert_true(hours_open_at(&h, utc("2026-01-16 23:00:00")));
}

static void nobody_ever_there_has_no_next_moment(void **state)
{
    const struct hours h = amsterdam();
    int64_t at = 7;
    (void)state;
    assert_false(hours_next(&h, utc("2026-01-13 08:00:00"), &at));
    assert_false(hours_open_at(&h, utc("2026-01-13 08:00:00")));
    assert_int_equal(at, 7);
}

/* ---- Holidays and days off ----------------------------------------------------------------- */

static void christmas_week_and_new_year_are_skipped(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_next(&h, "2025-12-23 16:00:00", "2025-12-29 08:00:00"); /* Thursday is the 25th    */
    assert_next(&h, "2025-12-30 16:00:00", "2026-01-05 08:00:00"); /* Thursday is 1 January   */
    assert_next(&h, "2028-12-21 16:00:00", "2028-12-28 08:00:00"); /* Monday and Tuesday gone */
}

static void spring_holidays_on_her_days_are_skipped(void **state)
{
    struct hours h = studio();
    (void)state;
    assert_next(&h, "2026-04-03 10:00:00", "2026-04-07 07:00:00"); /* Easter Monday        */
    assert_next(&h, "2026-04-06 10:00:00", "2026-04-07 07:00:00"); /* written on the day   */
    assert_next(&h, "2026-04-26 10:00:00", "2026-04-28 07:00:00"); /* King's Day, a Monday */
    assert_next(&h, "2026-05-13 10:00:00", "2026-05-18 07:00:00"); /* Ascension            */
    assert_next(&h, "2026-05-24 10:00:00", "2026-05-26 07:00:00"); /* Whit Monday          */
    h.dutch_holidays = false;
    assert_next(&h, "2026-04-03 10:00:00", "2026-04-06 07:00:00");
}

static void liberation_day_closes_each_fifth_year_or_always(void **state)
{
    struct hours h = studio();
    (void)state;
    assert_next(&h, "2025-05-04 10:00:00", "2025-05-06 07:00:00"); /* a Monday in a fifth year */
    assert_next(&h, "2026-05-05 05:00:00", "2026-05-05 07:00:00"); /* a Tuesday in another     */
    h.liberation_day = true;
    assert_next(&h, "2026-05-05 05:00:00", "2026-05-07 07:00:00");
    h.dutch_holidays = false;
    assert_next(&h, "2026-05-05 05:00:00", "2026-05-05 07:00:00");
}

static void own_days_off_are_skipped_with_both_ends(void **state)
{
    struct hours h = studio();
    (void)state;
    add_off(&h, (struct date){2026, 10, 1}, (struct date){2026, 10, 1});
    add_off(&h, (struct date){2026, 7, 27}, (struct date){2026, 8, 13}); /* Monday to Thursday */
    assert_true(hours_open_at(&h, utc("2026-07-23 10:00:00")));
    assert_next(&h, "2026-07-23 15:00:00", "2026-08-17 07:00:00");
    assert_next(&h, "2026-07-27 10:00:00", "2026-08-17 07:00:00");
    assert_next(&h, "2026-08-13 14:59:59", "2026-08-17 07:00:00");
    assert_next(&h, "2026-09-29 15:00:00", "2026-10-05 07:00:00");
}

static void days_off_run_over_the_turn_of_the_year(void **state)
{
    struct hours h = studio();
    (void)state;
    add_off(&h, (struct date){2026, 12, 21}, (struct date){2027, 1, 10});
    assert_next(&h, "2026-12-17 16:00:00", "2027-01-11 08:00:00");
}

static void looks_as_far_as_the_horizon(void **state)
{
    struct hours h = {0};
    int64_t at;
    (void)state;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 0, 1440);
    add_off(&h, (struct date){2024, 12, 31}, (struct date){2026, 1, 1});
    assert_int_equal(HOURS_HORIZON_DAYS, 366);
    assert_next(&h, "2025-01-01 00:00:00", "2026-01-02 00:00:00");
    assert_false(hours_next(&h, utc("2025-01-01 00:00:00") - 1, &at));
}

/* ---- The clocks change ------------------------------------------------------------------- */

static void nine_stays_nine_over_a_change_of_the_clocks(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_next(&h, "2026-03-26 16:00:00", "2026-03-30 07:00:00");
    assert_next(&h, "2026-10-22 15:00:00", "2026-10-26 08:00:00");
}

static void an_opening_in_the_skipped_hour_comes_when_it_ends(void **state)
{
    const struct hours over = sundays(150, 300), inside = sundays(130, 170);
    (void)state;
    assert_next(&over, "2026-03-29 00:00:00", "2026-03-29 01:00:00");
    expect_moment(&over, "2026-03-29 00:00:00", "vandaag vanaf 3.00 uur");
    assert_next(&inside, "2026-03-29 00:00:00", "2026-04-05 00:10:00"); /* a week later */
}

static void an_opening_in_the_double_hour_comes_twice(void **state)
{
    const struct hours inside = sundays(150, 165), across = sundays(60, 150);
    (void)state;
    assert_next(&inside, "2026-10-25 00:00:00", "2026-10-25 00:30:00");
    assert_next(&inside, "2026-10-25 00:45:00", "2026-10-25 01:30:00");
    assert_next(&inside, "2026-10-25 01:45:00", "2026-11-01 01:30:00");
    /* 1.00 to 2.30: closed at the first 2.30, there again when it becomes 2.00 once more */
    assert_false(hours_open_at(&across, utc("2026-10-25 00:30:00")));
    assert_next(&across, "2026-10-25 00:30:00", "2026-10-25 01:00:00");
    assert_false(hours_open_at(&across, utc("2026-10-25 01:30:00")));
}

static void a_fixed_offset_knows_no_summer(void **state)
{
    struct hours h = studio();
    (void)state;
    h.summer_time = false;
    assert_next(&h, "2026-01-13 00:00:00", "2026-01-13 08:00:00");
    assert_next(&h, "2026-07-14 00:00:00", "2026-07-14 08:00:00");
    h.utc_offset_min = 5 * 60 + 45;
    assert_next(&h, "2026-07-14 00:00:00", "2026-07-14 03:15:00");
}

static void west_of_greenwich_the_day_begins_later(void **state)
{
    struct hours h = studio();
    (void)state;
    h.summer_time = false;
    h.utc_offset_min = -5 * 60;
    assert_next(&h, "2026-07-14 03:00:00", "2026-07-14 14:00:00");
    assert_int_equal(hours_date(&h, utc("2026-01-01 04:59:59")).year, 2025);
    assert_int_equal(hours_date(&h, utc("2026-01-01 05:00:00")).year, 2026);
    expect_moment(&h, "2026-07-14 03:00:00", "morgen vanaf 9.00 uur"); /* still Monday there */
}

/* An hour and a half west, the autumn change turns Sunday back into Saturday. */
static void a_day_that_comes_back_is_still_today(void **state)
{
    struct hours h = {.utc_offset_min = -90, .summer_time = true};
    (void)state;
    add_block(&h, SAT, 23 * 60 + 45, 1440);
    assert_int_equal(hours_date(&h, utc("2026-10-25 00:40:00")).day, 25);
    assert_int_equal(hours_date(&h, utc("2026-10-25 01:00:00")).day, 24);
    assert_next(&h, "2026-10-25 00:40:00", "2026-10-25 01:15:00");
    expect_moment(&h, "2026-10-25 00:40:00", "vandaag vanaf 23.45 uur");
}

static void absurd_moments_are_nobodys(void **state)
{
    const int64_t absurd[] = {INT64_MIN, -1, INT64_C(253402300800000), INT64_MAX};
    struct hours h = amsterdam();
    int64_t at;
    (void)state;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 0, 1440);
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        struct buf b = {0};
        assert_false(hours_open_at(&h, absurd[i]));
        assert_false(hours_next(&h, absurd[i], &at));
        hours_write_moment(&h, absurd[i], &dutch, &b);
        assert_string_equal(buf_text(&b), "zodra het kan");
        buf_free(&b);
        int year = hours_date(&h, absurd[i]).year;
        assert_true(year == 1970 || year == 10000); /* the last hour of 9999 is next year's here */
    }
    h.dutch_holidays = false; /* both ends are a New Year's Day in Amsterdam */
    assert_true(hours_open_at(&h, INT64_C(253402300799999)));
    assert_true(hours_open_at(&h, 0));
}

static void impossible_dates_have_some_weekday(void **state)
{
    const struct date odd[] = {
        {INT32_MIN, INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MAX, INT32_MAX}, {0, 0, 0}, {-5, 4, 27}};
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        int w = date_weekday(odd[i]);
        assert_true(w >= MON && w <= SUN);
        (void)hours_holiday(odd[i], true);
    }
}

/* ---- Words ------------------------------------------------------------------------------- */

static void says_her_hours_with_like_days_together(void **state)
{
    struct hours h = studio();
    (void)state;
    expect_hours(&h, "maandag, dinsdag en donderdag van 9.00 tot 17.00 uur");
    add_block(&h, FRI, 9 * 60 + 5, 12 * 60 + 30);
    expect_hours(&h, "maandag, dinsdag en donderdag van 9.00 tot 17.00 uur, vrijdag van 9.05 tot 12.30 uur");
    add_block(&h, WED, 9 * 60 + 5, 12 * 60 + 30);
    expect_hours(&h, "maandag, dinsdag en donderdag van 9.00 tot 17.00 uur, "
                     "woensdag en vrijdag van 9.05 tot 12.30 uur");
}

static void says_several_blocks_of_a_day_in_order(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    add_block(&h, MON, 13 * 60, 17 * 60);
    add_block(&h, MON, 9 * 60, 12 * 60);
    add_block(&h, TUE, 9 * 60, 12 * 60);
    add_block(&h, TUE, 13 * 60, 17 * 60);
    add_block(&h, SAT, 0, 1440);
    expect_hours(&h, "maandag en dinsdag van 9.00 tot 12.00 uur en van 13.00 tot 17.00 uur, "
                     "zaterdag van 0.00 tot 24.00 uur");
    add_block(&h, TUE, 19 * 60, 21 * 60);
    expect_hours(&h, "maandag van 9.00 tot 12.00 uur en van 13.00 tot 17.00 uur, "
                     "dinsdag van 9.00 tot 12.00 uur en van 13.00 tot 17.00 uur en van 19.00 tot 21.00 uur, "
                     "zaterdag van 0.00 tot 24.00 uur");
}

static void says_every_day_by_its_name(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 600, 660);
    expect_hours(&h, "maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag en zondag "
                     "van 10.00 tot 11.00 uur");
}

static void says_no_hours_with_no_words(void **state)
{
    const struct hours h = amsterdam();
    (void)state;
    expect_hours(&h, "");
    expect_moment(&h, "2026-01-13 08:00:00", "zodra het kan");
}

static void names_the_moment_as_a_person_would(void **state)
{
    const struct hours h = studio();
    (void)state;
    expect_moment(&h, "2026-01-13 07:59:59", "vandaag vanaf 9.00 uur");
    expect_moment(&h, "2026-01-12 23:30:00", "vandaag vanaf 9.00 uur"); /* past midnight there */
    expect_moment(&h, "2026-01-13 08:00:00", "nu");
    expect_moment(&h, "2026-01-13 15:59:59", "nu");
    expect_moment(&h, "2026-01-13 16:00:00", "donderdag vanaf 9.00 uur");
    expect_moment(&h, "2026-01-14 16:00:00", "morgen vanaf 9.00 uur");
    expect_moment(&h, "2025-12-23 16:00:00", "maandag vanaf 9.00 uur"); /* six days ahead */
    expect_moment(&h, "2025-12-30 16:00:00", "maandag vanaf 9.00 uur");
}

static void a_week_away_and_further_has_its_date(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    add_block(&h, TUE, 9 * 60, 17 * 60);
    expect_moment(&h, "2026-01-13 16:00:00", "dinsdag 20 januari vanaf 9.00 uur");
    expect_moment(&h, "2026-01-14 10:00:00", "dinsdag vanaf 9.00 uur");
    add_off(&h, (struct date){2026, 1, 14}, (struct date){2026, 8, 31});
    expect_moment(&h, "2026-01-14 10:00:00", "dinsdag 1 september vanaf 9.00 uur");
}

static void says_every_month_by_its_name(void **state)
{
    static const char *const sixteenth[] = {
        "vrijdag 16 januari",    "maandag 16 februari", "maandag 16 maart",    "donderdag 16 april",
        "zaterdag 16 mei",       "dinsdag 16 juni",     "donderdag 16 juli",   "zondag 16 augustus",
        "woensdag 16 september", "vrijdag 16 oktober",  "maandag 16 november", "woensdag 16 december"};
    (void)state;
    for (int m = 1; m <= 12; m++) {
        struct hours h = amsterdam();
        char now[32], words[64];
        for (int w = MON; w <= SUN; w++) add_block(&h, w, 600, 660);
        add_off(&h, (struct date){2026, m, 1}, (struct date){2026, m, 15});
        snprintf(now, sizeof now, "2026-%02d-01 12:00:00", m);
        snprintf(words, sizeof words, "%s vanaf 10.00 uur", sixteenth[m - 1]);
        expect_moment(&h, now, words);
    }
}

static void words_are_added_to_what_is_there(void **state)
{
    const struct hours h = studio();
    struct buf b = {0};
    (void)state;
    buf_adds(&b, "Elisah leest dit ");
    hours_write_moment(&h, utc("2026-01-13 07:00:00"), &dutch, &b);
    buf_adds(&b, "; zij is er ");
    hours_write(&h, &dutch, &b);
    assert_string_equal(buf_text(&b), "Elisah leest dit vandaag vanaf 9.00 uur; zij is er "
                                      "maandag, dinsdag en donderdag van 9.00 tot 17.00 uur");
    assert_false(b.failed);
    buf_free(&b);
}

int test_hours(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_date_and_weekday_is_the_calendars),
        cmocka_unit_test(holidays_of_twenty_years_and_no_other_days),
        cmocka_unit_test(easter_keeps_to_its_rare_years),
        cmocka_unit_test(good_friday_is_a_working_day),
        cmocka_unit_test(clocks_change_at_one_utc_for_twenty_years),
        cmocka_unit_test(she_is_out_on_each_holiday_of_twenty_years),
        cmocka_unit_test(opens_on_the_minute_and_closes_on_the_minute),
        cmocka_unit_test(next_is_now_when_open_and_the_opening_when_not),
        cmocka_unit_test(blocks_of_a_day_may_stand_in_any_order),
        cmocka_unit_test(a_block_to_midnight_lasts_to_midnight),
        cmocka_unit_test(nobody_ever_there_has_no_next_moment),
        cmocka_unit_test(christmas_week_and_new_year_are_skipped),
        cmocka_unit_test(spring_holidays_on_her_days_are_skipped),
        cmocka_unit_test(liberation_day_closes_each_fifth_year_or_always),
        cmocka_unit_test(own_days_off_are_skipped_with_both_ends),
        cmocka_unit_test(days_off_run_over_the_turn_of_the_year),
        cmocka_unit_test(looks_as_far_as_the_horizon),
        cmocka_unit_test(nine_stays_nine_over_a_change_of_the_clocks),
        cmocka_unit_test(an_opening_in_the_skipped_hour_comes_when_it_ends),
        cmocka_unit_test(an_opening_in_the_double_hour_comes_twice),
        cmocka_unit_test(a_fixed_offset_knows_no_summer),
        cmocka_unit_test(west_of_greenwich_the_day_begins_later),
        cmocka_unit_test(a_day_that_comes_back_is_still_today),
        cmocka_unit_test(absurd_moments_are_nobodys),
        cmocka_unit_test(impossible_dates_have_some_weekday),
        cmocka_unit_test(says_her_hours_with_like_days_together),
        cmocka_unit_test(says_several_blocks_of_a_day_in_order),
        cmocka_unit_test(says_every_day_by_its_name),
        cmocka_unit_test(says_no_hours_with_no_words),
        cmocka_unit_test(names_the_moment_as_a_person_would),
        cmocka_unit_test(a_week_away_and_further_has_its_date),
        cmocka_unit_test(says_every_month_by_its_name),
        cmocka_unit_test(words_are_added_to_what_is_there),
    };
    return UNIT_RUN(tests);
}

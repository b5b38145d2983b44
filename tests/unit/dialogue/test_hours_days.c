#include "hours_fixture.h"

int test_hours_days(void);

/* ---- Extra days ---------------------------------------------------------------------------- */

/* Wednesday 23 December 2026. */
static void on_an_extra_day_she_is_there_whatever_the_weekday(void **state)
{
    struct hours h = studio();
    (void)state;
    assert_next(&h, "2026-12-22 16:00:00", "2026-12-24 08:00:00");
    add_extra(&h, (struct date){2026, 12, 23}, 10 * 60, 14 * 60);
    assert_next(&h, "2026-12-22 16:00:00", "2026-12-23 09:00:00");
    assert_true(hours_open_at(&h, utc("2026-12-23 13:00:00") - 1));
    assert_false(hours_open_at(&h, utc("2026-12-23 13:00:00")));
    assert_next(&h, "2026-12-23 13:00:00", "2026-12-24 08:00:00");
    expect_moment(&h, "2026-12-22 16:00:00", "morgen vanaf 10.00 uur");
    assert_next(&h, "2026-12-29 16:00:00", "2026-12-31 08:00:00"); /* the Wednesday after is free */
}

static void an_extra_day_has_its_own_blocks_and_no_others(void **state)
{
    struct hours h = studio();
    (void)state;
    add_extra(&h, (struct date){2026, 9, 15}, 19 * 60, 21 * 60); /* a Tuesday */
    add_extra(&h, (struct date){2026, 9, 15}, 13 * 60, 14 * 60);
    assert_next(&h, "2026-09-15 06:00:00", "2026-09-15 11:00:00");
    assert_next(&h, "2026-09-15 12:00:00", "2026-09-15 17:00:00");
    assert_next(&h, "2026-09-15 19:00:00", "2026-09-17 07:00:00");
    assert_next(&h, "2026-09-22 06:00:00", "2026-09-22 07:00:00"); /* a week later as always */
}

static void an_extra_day_goes_before_a_holiday(void **state)
{
    struct hours h = studio();
    (void)state;
    add_extra(&h, (struct date){2026, 12, 26}, 12 * 60, 13 * 60);
    add_extra(&h, (struct date){2026, 4, 6}, 9 * 60, 10 * 60); /* Easter Monday; in no order */
    assert_next(&h, "2026-12-24 16:00:00", "2026-12-26 11:00:00");
    assert_next(&h, "2026-04-03 10:00:00", "2026-04-06 07:00:00");
    assert_next(&h, "2026-04-06 08:00:00", "2026-04-07 07:00:00");
}

static void an_extra_day_goes_before_days_off_around_it(void **state)
{
    struct hours h = studio();
    (void)state;
    add_off(&h, (struct date){2026, 7, 20}, (struct date){2026, 8, 14});
    add_extra(&h, (struct date){2026, 7, 30}, 9 * 60, 12 * 60);
    assert_next(&h, "2026-07-16 15:00:00", "2026-07-30 07:00:00");
    expect_moment(&h, "2026-07-16 15:00:00", "donderdag 30 juli vanaf 9.00 uur");
    assert_next(&h, "2026-07-30 10:00:00", "2026-08-17 07:00:00");
}

static void as_many_extra_days_as_may_be_all_count(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    for (int i = 0; i < HOURS_EXTRA_DAYS_MAX; i++)
        add_extra(&h, (struct date){2026, 1 + i / 26, 1 + i % 26}, 600, 660);
    assert_next(&h, "2026-02-25 10:00:00", "2026-02-26 09:00:00");
    expect_hours(&h, ""); /* no weekly hours */
}

/* ---- By day -------------------------------------------------------------------------------- */

/* assert_daytime(h, now, then): what may not wake anybody leaves at `then`. */
#define assert_daytime(h, now, then) assert_int_equal(hours_daytime((h), utc(now)), utc(then))

static void by_day_is_from_eight_to_before_nine_in_the_evening(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_daytime(&h, "2026-01-13 06:59:59", "2026-01-13 07:00:00");
    assert_daytime(&h, "2026-01-13 07:00:00", "2026-01-13 07:00:00");
    assert_daytime(&h, "2026-01-13 12:34:56", "2026-01-13 12:34:56");
    assert_daytime(&h, "2026-01-13 19:59:59", "2026-01-13 19:59:59");
    assert_daytime(&h, "2026-01-13 20:00:00", "2026-01-14 07:00:00");
    assert_daytime(&h, "2026-01-13 23:30:00", "2026-01-14 07:00:00"); /* past midnight there */
    assert_daytime(&h, "2026-07-13 19:00:00", "2026-07-14 06:00:00"); /* in summer           */
}

static void by_day_has_nothing_to_do_with_her_hours(void **state)
{
    struct hours h = studio();
    (void)state;
    add_off(&h, (struct date){2026, 12, 1}, (struct date){2027, 1, 31});
    add_extra(&h, (struct date){2026, 12, 25}, 0, 60);
    assert_daytime(&h, "2026-12-24 21:00:00", "2026-12-25 07:00:00"); /* Christmas Day */
    assert_daytime(&h, "2026-12-26 21:00:00", "2026-12-27 07:00:00"); /* a Sunday      */
}

/* 29 March and 25 October 2026: the night is an hour shorter, an hour longer. */
static void by_day_keeps_to_the_clock_when_it_changes(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_daytime(&h, "2026-03-28 20:00:00", "2026-03-29 06:00:00");
    assert_daytime(&h, "2026-03-29 05:59:59", "2026-03-29 06:00:00");
    assert_daytime(&h, "2026-03-29 18:59:59", "2026-03-29 18:59:59");
    assert_daytime(&h, "2026-03-29 19:00:00", "2026-03-30 06:00:00");
    assert_daytime(&h, "2026-10-24 18:59:59", "2026-10-24 18:59:59");
    assert_daytime(&h, "2026-10-24 19:00:00", "2026-10-25 07:00:00");
    assert_daytime(&h, "2026-10-25 06:30:00", "2026-10-25 07:00:00");
    assert_daytime(&h, "2026-10-25 20:00:00", "2026-10-26 07:00:00");
}

/* ---- A day of hers, and when it begins ------------------------------------------------------ */

static void a_workday_is_one_from_midnight_to_midnight(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_false(hours_workday(&h, utc("2026-01-12 23:00:00") - DAY - 1)); /* Sunday's last */
    assert_true(hours_workday(&h, utc("2026-01-12 23:00:00") - DAY));      /* Monday's first */
    assert_true(hours_workday(&h, utc("2026-01-13 05:00:00")));
    assert_true(hours_workday(&h, utc("2026-01-13 18:00:00"))); /* she has left, but was there */
    assert_true(hours_workday(&h, utc("2026-01-13 23:00:00") - 1));
    assert_false(hours_workday(&h, utc("2026-01-13 23:00:00"))); /* Wednesday */
}

static void holidays_and_days_off_are_no_workdays_and_extra_days_are(void **state)
{
    struct hours h = studio();
    (void)state;
    add_off(&h, (struct date){2026, 7, 20}, (struct date){2026, 8, 14});
    add_extra(&h, (struct date){2026, 7, 29}, 10 * 60, 12 * 60);
    assert_false(hours_workday(&h, utc("2026-04-06 10:00:00"))); /* Easter Monday */
    assert_true(hours_workday(&h, utc("2026-04-07 10:00:00")));
    assert_false(hours_workday(&h, utc("2026-07-28 10:00:00")));
    assert_true(hours_workday(&h, utc("2026-07-29 10:00:00")));
    assert_false(hours_workday(&h, utc("2026-07-30 10:00:00")));
}

/* The Sundays on which the clocks change have 23 and 25 hours, all of that date and no other's. */
static void a_workday_is_as_long_as_the_clocks_make_it(void **state)
{
    const struct hours early = sundays(0, 30), late = sundays(1410, 1440), skipped = sundays(120, 180);
    static const struct {
        const char *from, *to;
    } rows[] = {{"2026-03-28 23:00:00", "2026-03-29 22:00:00"},
                {"2026-10-24 22:00:00", "2026-10-25 23:00:00"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_false(hours_workday(&early, utc(rows[i].from) - 1));
        assert_false(hours_workday(&late, utc(rows[i].from) - 1));
        for (int64_t at = utc(rows[i].from); at < utc(rows[i].to); at += HOUR / 2) {
            assert_true(hours_workday(&early, at));
            assert_true(hours_workday(&late, at));
        }
        assert_false(hours_workday(&early, utc(rows[i].to)));
        assert_false(hours_workday(&late, utc(rows[i].to)));
    }
    /* Only there in the hour that is skipped is not there; in the one that comes twice is. */
    assert_false(hours_workday(&skipped, utc("2026-03-29 10:00:00")));
    assert_true(hours_workday(&skipped, utc("2026-10-25 10:00:00")));
}

/* assert_start(h, at, minute, then): the date of `at` is so many minutes old at `then`. */
#define assert_start(h, at, minute, then) assert_int_equal(hours_day_start((h), utc(at), (minute)), utc(then))

static void a_day_starts_on_its_own_midnight(void **state)
{
    const struct hours h = studio();
    (void)state;
    assert_start(&h, "2026-01-13 12:00:00", 0, "2026-01-12 23:00:00");
    assert_start(&h, "2026-01-12 23:00:00", 0, "2026-01-12 23:00:00");
    assert_start(&h, "2026-01-12 22:59:59", 0, "2026-01-11 23:00:00");
    assert_start(&h, "2026-01-13 22:59:59", 8 * 60 + 30, "2026-01-13 07:30:00"); /* also when it is past */
    assert_start(&h, "2026-01-13 12:00:00", 1440, "2026-01-13 23:00:00");
    assert_start(&h, "2026-07-14 12:00:00", 0, "2026-07-13 22:00:00");
    assert_start(&h, "2026-07-14 12:00:00", 8 * 60 + 30, "2026-07-14 06:30:00");
    assert_start(&h, "2025-12-31 23:00:00", 9 * 60, "2026-01-01 08:00:00"); /* New Year there */
}

static void a_day_starts_right_where_an_hour_is_skipped(void **state)
{
    static const char *const at[] = {"2026-03-28 23:00:00", "2026-03-29 00:59:59", "2026-03-29 01:00:00",
                                     "2026-03-29 21:59:59"};
    const struct hours h = studio();
    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        assert_start(&h, at[i], 0, "2026-03-28 23:00:00");
        assert_start(&h, at[i], 119, "2026-03-29 00:59:00");
        assert_start(&h, at[i], 120, "2026-03-29 01:00:00"); /* 2.00 is 3.00 */
        assert_start(&h, at[i], 150, "2026-03-29 01:00:00");
        assert_start(&h, at[i], 180, "2026-03-29 01:00:00");
        assert_start(&h, at[i], 181, "2026-03-29 01:01:00");
        assert_start(&h, at[i], 8 * 60, "2026-03-29 06:00:00");
        assert_start(&h, at[i], 1440, "2026-03-29 22:00:00");
    }
    assert_start(&h, "2026-03-28 12:00:00", 8 * 60, "2026-03-28 07:00:00");
    assert_start(&h, "2026-03-29 22:00:00", 0, "2026-03-29 22:00:00");
}

static void a_day_starts_right_where_an_hour_comes_twice(void **state)
{
    static const char *const at[] = {"2026-10-24 22:00:00", "2026-10-25 00:30:00", "2026-10-25 01:30:00",
                                     "2026-10-25 22:59:59"};
    const struct hours h = studio();
    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        assert_start(&h, at[i], 0, "2026-10-24 22:00:00");
        assert_start(&h, at[i], 120, "2026-10-25 00:00:00");
        assert_start(&h, at[i], 150, "2026-10-25 00:30:00"); /* the first 2.30 */
        assert_start(&h, at[i], 179, "2026-10-25 00:59:00");
        assert_start(&h, at[i], 180, "2026-10-25 02:00:00");
        assert_start(&h, at[i], 8 * 60, "2026-10-25 07:00:00");
        assert_start(&h, at[i], 1440, "2026-10-25 23:00:00");
    }
    assert_start(&h, "2026-10-24 12:00:00", 8 * 60, "2026-10-24 06:00:00");
    assert_start(&h, "2026-10-25 23:00:00", 0, "2026-10-25 23:00:00");
}

static void days_elsewhere_start_on_their_own_clock(void **state)
{
    const struct hours nepal = {.utc_offset_min = 5 * 60 + 45}, west = {.utc_offset_min = -12 * 60};
    (void)state;
    assert_start(&nepal, "2026-07-14 12:00:00", 540, "2026-07-14 03:15:00");
    assert_start(&west, "2026-07-14 11:59:59", 540, "2026-07-13 21:00:00");
    assert_daytime(&nepal, "2026-07-14 15:15:00", "2026-07-15 02:15:00");
}

static void absurd_moments_have_no_day_of_hers(void **state)
{
    const int64_t absurd[] = {INT64_MIN, -1, INT64_C(253402300800000), INT64_MAX};
    struct hours h = amsterdam();
    (void)state;
    h.dutch_holidays = false;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 0, 1440);
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        assert_int_equal(hours_daytime(&h, absurd[i]), absurd[i]);
        assert_false(hours_workday(&h, absurd[i]));
        int64_t start = hours_day_start(&h, absurd[i], 0);
        assert_int_equal(start, i < 2 ? -HOUR : INT64_C(253402300800000) - HOUR);
    }
    assert_true(hours_workday(&h, 0));
    assert_true(hours_workday(&h, INT64_C(253402300799999)));
}

int test_hours_days(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_an_extra_day_she_is_there_whatever_the_weekday),
        cmocka_unit_test(an_extra_day_has_its_own_blocks_and_no_others),
        cmocka_unit_test(an_extra_day_goes_before_a_holiday),
        cmocka_unit_test(an_extra_day_goes_before_days_off_around_it),
        cmocka_unit_test(as_many_extra_days_as_may_be_all_count),
        cmocka_unit_test(by_day_is_from_eight_to_before_nine_in_the_evening),
        cmocka_unit_test(by_day_has_nothing_to_do_with_her_hours),
        cmocka_unit_test(by_day_keeps_to_the_clock_when_it_changes),
        cmocka_unit_test(a_workday_is_one_from_midnight_to_midnight),
        cmocka_unit_test(holidays_and_days_off_are_no_workdays_and_extra_days_are),
        cmocka_unit_test(a_workday_is_as_long_as_the_clocks_make_it),
        cmocka_unit_test(a_day_starts_on_its_own_midnight),
        cmocka_unit_test(a_day_starts_right_where_an_hour_is_skipped),
        cmocka_unit_test(a_day_starts_right_where_an_hour_comes_twice),
        cmocka_unit_test(days_elsewhere_start_on_their_own_clock),
        cmocka_unit_test(absurd_moments_have_no_day_of_hers),
    };
    return UNIT_RUN(tests);
}

#include "hours_fixture.h"

#include "buf.h"

int test_hours(void);

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

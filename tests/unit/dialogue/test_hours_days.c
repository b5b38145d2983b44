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

int test_hours_days(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_an_extra_day_she_is_there_whatever_the_weekday),
        cmocka_unit_test(an_extra_day_has_its_own_blocks_and_no_others),
        cmocka_unit_test(an_extra_day_goes_before_a_holiday),
        cmocka_unit_test(an_extra_day_goes_before_days_off_around_it),
        cmocka_unit_test(as_many_extra_days_as_may_be_all_count),
    };
    return UNIT_RUN(tests);
}

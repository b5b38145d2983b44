#include "hours_fixture.h"

#include <time.h>

int test_hours_years(void);

/* ---- Twenty-two years, by others' arithmetic ----------------------------------------------- */

/* Month and day as one number, written down, not computed here. The Easter Sundays are the published
 * ones, found again by three other ways than the code's: Gauss's rule with its two exceptions, the
 * table of Paschal full moons (golden number, then the Sunday after) and python-dateutil's easter();
 * what follows Easter, by Python's calendar. The last Sundays of March and October are the changes
 * that the IANA time zone database has for Europe/Amsterdam, each at 01:00 UTC. King's Day is the
 * 26th where a calendar shows the 27th as a Sunday. */
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
    {2044, 417, 418, 427, 526, 605, 606, 327, 1030}, {2045, 409, 410, 427, 518, 528, 529, 326, 1029},
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
    return year == 2025 || year == 2030 || year == 2035 || year == 2040 || year == 2045;
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

static void holidays_of_the_table_and_no_other_days(void **state)
{
    const struct hours h = {0};
    (void)state;
    for (int64_t at = utc("2024-01-01 00:00:00"); at < utc("2046-01-01 00:00:00"); at += DAY) {
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

/* change_of(year, md): 01:00 UTC on that day. */
static int64_t change_of(int year, int md)
{
    char at[32];
    snprintf(at, sizeof at, "%d-%02d-%02d 01:00:00", year, md / 100, md % 100);
    return utc(at);
}

/* In spring 2.00 to 3.00 is skipped, so 3.00 comes at 01:00 UTC; in autumn it comes twice and
 * lasts from 00:00 to 02:00 UTC. */
static void clocks_change_at_one_utc_each_year_of_the_table(void **state)
{
    const struct hours two = sundays(120, 180), three = sundays(180, 240);
    (void)state;
    for (size_t i = 0; i < YEARS; i++) {
        int64_t at = change_of(years[i].year, years[i].summer);
        assert_false(hours_open_at(&two, at - 1));
        assert_false(hours_open_at(&two, at));
        assert_false(hours_open_at(&three, at - 1));
        assert_true(hours_open_at(&three, at));
        assert_true(hours_open_at(&three, at + HOUR - 1));
        assert_false(hours_open_at(&three, at + HOUR));

        at = change_of(years[i].year, years[i].winter);
        assert_false(hours_open_at(&two, at - HOUR - 1));
        assert_true(hours_open_at(&two, at - HOUR));
        assert_true(hours_open_at(&two, at + HOUR - 1));
        assert_false(hours_open_at(&two, at + HOUR));
        assert_false(hours_open_at(&three, at + HOUR - 1));
        assert_true(hours_open_at(&three, at + HOUR));
    }
}

/* Each hour of all these years: nine to five are those on Amsterdam's clock, two hours ahead of UTC
 * between the table's changes and one outside them. */
static void nine_to_five_is_amsterdams_in_every_hour(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    h.dutch_holidays = false;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 9 * 60, 17 * 60);
    for (size_t i = 0; i < YEARS; i++) {
        int64_t year = change_of(years[i].year, 101) - HOUR;
        int64_t end = change_of(years[i].year + 1, 101) - HOUR;
        int64_t summer = change_of(years[i].year, years[i].summer);
        int64_t winter = change_of(years[i].year, years[i].winter);
        for (int64_t at = year; at < end; at += HOUR) {
            int64_t local = at + (at >= summer && at < winter ? 2 : 1) * HOUR;
            int hour = (int)(local % DAY / HOUR);
            if (hours_open_at(&h, at) != (hour >= 9 && hour < 17))
                fail_msg("hour %d of %d, UTC", (int)((at - year) / HOUR), years[i].year);
        }
    }
}

static void she_is_out_on_each_holiday_of_the_table(void **state)
{
    struct hours h = amsterdam();
    (void)state;
    for (int w = MON; w <= SUN; w++) add_block(&h, w, 0, 1440);
    h.liberation_day = true;
    for (int64_t at = utc("2024-01-01 12:00:00"); at < utc("2046-01-01 00:00:00"); at += DAY) {
        struct date d = hours_date(&h, at);
        int md = d.month * 100 + d.day;
        bool holiday = md == 505 || in_table((size_t)(d.year - years[0].year), md);
        if (hours_open_at(&h, at) == holiday) fail_msg("%d-%04d", d.year, md);
    }
}

int test_hours_years(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_date_and_weekday_is_the_calendars),
        cmocka_unit_test(holidays_of_the_table_and_no_other_days),
        cmocka_unit_test(easter_keeps_to_its_rare_years),
        cmocka_unit_test(good_friday_is_a_working_day),
        cmocka_unit_test(clocks_change_at_one_utc_each_year_of_the_table),
        cmocka_unit_test(nine_to_five_is_amsterdams_in_every_hour),
        cmocka_unit_test(she_is_out_on_each_holiday_of_the_table),
    };
    return UNIT_RUN(tests);
}

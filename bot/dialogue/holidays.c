#include "hours.h"

enum { SATURDAY = 5, SUNDAY = 6 };

/* Days after Easter Sunday. */
enum { EASTER_MONDAY = 1, ASCENSION = 39, WHIT_SUNDAY = 49, WHIT_MONDAY = 50 };

/* easter(year): Easter Sunday as a day of March, so 32 is 1 April. The anonymous Gregorian
 * algorithm (Nature, 20 April 1876), as in J. Meeus, Astronomical Algorithms, chapter 8; its
 * letters are kept. */
static int easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    return h + l - 7 * m + 22;
}

static bool follows_easter(struct date d)
{
    static const int days_before[] = {[3] = 0, [4] = 31, [5] = 61, [6] = 92};

    if (d.month < 3 || d.month > 6) return false;
    switch (days_before[d.month] + d.day - easter(d.year)) {
    case 0:
    case EASTER_MONDAY:
    case ASCENSION:
    case WHIT_SUNDAY:
    case WHIT_MONDAY: return true;
    default: return false;
    }
}

static bool is_kings_day(struct date d)
{
    if (d.month != 4) return false;
    return (d.day == 27 && date_weekday(d) != SUNDAY) || (d.day == 26 && date_weekday(d) == SATURDAY);
}

/* The days of the Algemene termijnenwet, article 3.1, with the Sundays of Easter and Whitsun. (Good
 * Friday is in 3.2, for legal terms alone.) That 5 May is a day off in years that end in 0 or 5
 * only is no law, but what most employers keep to. */
bool hours_holiday(struct date d, bool liberation_every_year)
{
    if (d.month == 1 && d.day == 1) return true;
    if (d.month == 12 && (d.day == 25 || d.day == 26)) return true;
    if (d.month == 5 && d.day == 5 && (liberation_every_year || d.year % 5 == 0)) return true;
    return is_kings_day(d) || follows_easter(d);
}

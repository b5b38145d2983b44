/* hours.h -- when the human is there, and the words for it.
 *
 * Time zone: central European time with the EU's summer time (directive 2000/84/EC: from the
 * last Sunday of March to the last Sunday of October, both at 01:00 UTC), or a fixed offset. */
#ifndef HOURS_H
#define HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct locale;

/* Morning, afternoon, evening: more blocks in a day is no opening time a customer can keep. */
enum { HOURS_BLOCKS_MAX = 3, HOURS_DAYS_OFF_MAX = 64, HOURS_HORIZON_DAYS = 366 };

/* One a week, all year: who comes more often than that has another weekday, not extra days. */
enum { HOURS_EXTRA_DAYS_MAX = 52 };

struct block {
    int from, to; /* minutes since local midnight, from < to <= 1440 */
};

struct date {
    int year, month, day; /* Gregorian; month and day from 1 */
};

struct date_range {
    struct date from, to; /* both included */
};

/* A date on which she is there in these blocks and no others, whatever the weekday says. It was
 * said of this one date, so it also goes before a holiday and before days off around it. */
struct extra_day {
    struct date date;
    size_t block_n;
    struct block block[HOURS_BLOCKS_MAX];
};

struct hours {
    int utc_offset_min;  /* outside summer time: 60 for Amsterdam           */
    bool summer_time;    /* one hour more, by the EU's rule                 */
    bool dutch_holidays; /* closed on them                                  */
    bool liberation_day; /* 5 May is one of them every year, not each fifth */
    size_t block_n[7];   /* Monday first                                    */
    struct block block[7][HOURS_BLOCKS_MAX];
    size_t off_n;
    struct date_range off[HOURS_DAYS_OFF_MAX];
    size_t extra_n;
    struct extra_day extra[HOURS_EXTRA_DAYS_MAX]; /* in any order, no date twice */
};

/* hours_date(h, at): the local calendar date of a moment. */
struct date hours_date(const struct hours *h, int64_t at_ms);

int date_weekday(struct date d); /* 0 Monday … 6 Sunday */

/* hours_holiday(d, liberation): a Dutch public holiday? New Year, Easter (Sunday and Monday),
 * King's Day (27 April, on a Sunday the 26th), 5 May (each fifth year, or every year), Ascension,
 * Whitsun (both days), Christmas (both days). Good Friday is no public holiday. */
bool hours_holiday(struct date d, bool liberation_every_year);

bool hours_open_at(const struct hours *h, int64_t at_ms);

/* hours_next(h, at, out): the first moment at or after `at` when the human is there. False when
 * there is none within HOURS_HORIZON_DAYS, or when `at` is before 1970 or after 9999. */
bool hours_next(const struct hours *h, int64_t at_ms, int64_t *out);

/* When a message that nobody waits for may arrive: a phone beside a bed wakes who sleeps early or
 * late, so it comes after breakfast and before the evening is over. Minutes after local midnight. */
enum { HOURS_DAYTIME_FROM = 8 * 60, HOURS_DAYTIME_TO = 21 * 60 };

/* hours_daytime(h, at): the first moment at or after `at` from 8.00 to before 21.00 on the local
 * clock, whatever the day; `at` itself when it is before 1970 or after 9999. */
int64_t hours_daytime(const struct hours *h, int64_t at_ms);

/* hours_workday(h, at): is she there at any time of the local date of `at`, before or after it? */
bool hours_workday(const struct hours *h, int64_t at_ms);

/* hours_day_start(h, at, minute): when the local date of `at` is `minute` (0 to 1440) minutes past
 * midnight on the clock: the first time where that comes twice, the end of the skipped hour where it
 * does not come. 1440 is the midnight that ends the date. `at` before 1970 or after 9999: the first
 * or last date of those. */
int64_t hours_day_start(const struct hours *h, int64_t at_ms, int minute);

/* hours_write(h, l, out): the weekly hours in words, days with the same blocks together:
 * "maandag, dinsdag en donderdag van 9.00 tot 17.00 uur". A day's further blocks follow as
 * "en van 13.00 tot 17.00 uur": the locale's hours_block must be able to do without its list. */
void hours_write(const struct hours *h, const struct locale *l, struct buf *out);

/* hours_write_moment(h, now, l, out): when the human reads what is written now, in words:
 * "vandaag vanaf 9.00 uur", "morgen …", "dinsdag …" within a week, else with the date. */
void hours_write_moment(const struct hours *h, int64_t now_ms, const struct locale *l, struct buf *out);

/* hours_write_time(h, now, at, l, out): a moment in words: "vandaag 16.45 uur", "morgen …", "dinsdag …",
 * further away, or long past, with the date. */
void hours_write_time(const struct hours *h, int64_t now_ms, int64_t at_ms, const struct locale *l,
                      struct buf *out);

#endif

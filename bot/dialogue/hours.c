#include "hours.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "text.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (1440 * MINUTE_MS)

/* The end of the year 9999. Beyond it, and before 1970, nobody is there: a moment like that is a
 * fault of the one who sent it, and here it must not overflow. */
#define MOMENT_MAX_MS INT64_C(253402300799999)
#define NEVER         INT64_MAX

/* "24.00" and room for what a compiler thinks an int can be. */
enum { CLOCK_TEXT_MAX = 32 };

enum { MARCH = 3, OCTOBER = 10, SUNDAY = 6, WEEK = 7 };

/* ---- Days ------------------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* day_from_date, date_from_day: days since 1 January 1970. Years start in March, so that the leap
 * day is the last; 400 of them are 146097 days. After days_from_civil and civil_from_days in
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int64_t day_from_date(struct date d)
{
    int64_t month = d.month > 2 ? (int64_t)d.month - 3 : (int64_t)d.month + 9;
    int64_t year = (int64_t)d.year - (d.month <= 2);
    int64_t era = floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * month + 2) / 5 + d.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct date date_from_day(int64_t day)
{
    int64_t since = day + 719468;
    int64_t era = floor_div(since, 146097);
    int64_t in_era = since - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (year * 365 + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;

    return (struct date){.year = (int)(year + era * 400 + (month >= 10)),
                         .month = (int)(month < 10 ? month + 3 : month - 9),
                         .day = (int)(in_year - (153 * month + 2) / 5 + 1)};
}

static int weekday(int64_t day)
{
    return (int)(day + 3 - floor_div(day + 3, WEEK) * WEEK); /* 1 January 1970 was a Thursday */
}

int date_weekday(struct date d)
{
    return weekday(day_from_date(d));
}

static int64_t date_order(struct date d)
{
    return ((int64_t)d.year * 100 + d.month) * 100 + d.day;
}

/* ---- Local time ------------------------------------------------------------------------- */

/* change_in(year, month): when the clocks change in March or October, both of 31 days. */
static int64_t change_in(int year, int month)
{
    int64_t last = day_from_date((struct date){year, month, 31});
    int64_t sunday = last - (weekday(last) + 1) % WEEK;
    return sunday * DAY_MS + 60 * MINUTE_MS;
}

/* offset_at(h, at, until): local time minus UTC, in ms, and the moment until which it holds. */
static int64_t offset_at(const struct hours *h, int64_t at, int64_t *until)
{
    int64_t winter = h->utc_offset_min * MINUTE_MS;

    *until = NEVER;
    if (!h->summer_time) return winter;

    int year = date_from_day(floor_div(at, DAY_MS)).year;
    *until = change_in(year, MARCH);
    if (at < *until) return winter;
    *until = change_in(year, OCTOBER);
    if (at < *until) return winter + 60 * MINUTE_MS;
    *until = change_in(year + 1, MARCH);
    return winter;
}

static int64_t local_ms(const struct hours *h, int64_t at)
{
    int64_t until;
    return at + offset_at(h, at, &until);
}

/* The days since 1970 of the local date of a moment, however absurd. */
static int64_t local_day(const struct hours *h, int64_t at_ms)
{
    int64_t at = at_ms < 0 ? 0 : at_ms > MOMENT_MAX_MS ? MOMENT_MAX_MS : at_ms;
    return floor_div(local_ms(h, at), DAY_MS);
}

struct date hours_date(const struct hours *h, int64_t at_ms)
{
    return date_from_day(local_day(h, at_ms));
}

/* From the earliest moment it could be, in summer time, on to the one it is. */
int64_t hours_day_start(const struct hours *h, int64_t at_ms, int minute)
{
    int64_t local = local_day(h, at_ms) * DAY_MS + minute * MINUTE_MS;
    int64_t at = local - (h->utc_offset_min + 60) * MINUTE_MS;

    for (;;) {
        int64_t until;
        int64_t start = local - offset_at(h, at, &until);
        if (start < at) start = at;
        if (start < until) return start;
        at = until;
    }
}

/* ---- There or not ------------------------------------------------------------------------ */

static bool day_off(const struct hours *h, struct date d)
{
    for (size_t i = 0; i < h->off_n; i++)
        if (date_order(h->off[i].from) <= date_order(d) && date_order(d) <= date_order(h->off[i].to))
            return true;
    return h->dutch_holidays && hours_holiday(d, h->liberation_day);
}

/* blocks_of(h, day, out): how many blocks that local day has, and which. An extra day is asked for
 * first: it wins from all that would keep her away. */
static size_t blocks_of(const struct hours *h, int64_t day, const struct block **out)
{
    struct date d = date_from_day(day);
    int w = weekday(day);

    for (size_t i = 0; i < h->extra_n; i++) {
        if (date_order(h->extra[i].date) != date_order(d)) continue;
        *out = h->extra[i].block;
        return h->extra[i].block_n;
    }
    *out = h->block[w];
    return h->block_n[w] == 0 || day_off(h, d) ? 0 : h->block_n[w];
}

/* day_opening(h, day, from): the first open moment of that local day at or after `from`, both in
 * local ms; NEVER when there is none. The blocks may stand in any order. */
static int64_t day_opening(const struct hours *h, int64_t day, int64_t from)
{
    const struct block *block;
    size_t n = blocks_of(h, day, &block);
    int64_t first = NEVER;

    for (size_t i = 0; i < n; i++) {
        int64_t start = day * DAY_MS + block[i].from * MINUTE_MS;
        int64_t end = day * DAY_MS + block[i].to * MINUTE_MS;
        if (start < from) start = from;
        if (start < end && start < first) first = start;
    }
    return first;
}

/* opening(h, at, limit, out): the first open moment from `at` to before `limit`. It goes from one
 * change of the clocks to the next: in between local time is a straight line, so an hour that is
 * skipped opens nothing and an hour that comes twice opens twice, without a rule for either. */
static bool opening(const struct hours *h, int64_t at, int64_t limit, int64_t *out)
{
    while (at < limit) {
        int64_t until;
        int64_t offset = offset_at(h, at, &until);
        if (until > limit) until = limit;
        for (int64_t day = floor_div(at + offset, DAY_MS); day * DAY_MS < until + offset; day++) {
            int64_t start = day_opening(h, day, at + offset);
            if (start >= until + offset) continue;
            *out = start - offset;
            return true;
        }
        at = until;
    }
    return false;
}

bool hours_open_at(const struct hours *h, int64_t at_ms)
{
    int64_t now;

    if (at_ms < 0 || at_ms > MOMENT_MAX_MS) return false;
    return opening(h, at_ms, at_ms + 1, &now);
}

bool hours_next(const struct hours *h, int64_t at_ms, int64_t *out)
{
    if (at_ms < 0 || at_ms > MOMENT_MAX_MS) return false;
    return opening(h, at_ms, at_ms + HOURS_HORIZON_DAYS * DAY_MS + 1, out);
}

bool hours_workday(const struct hours *h, int64_t at_ms)
{
    int64_t now;

    if (at_ms < 0 || at_ms > MOMENT_MAX_MS) return false;
    return opening(h, hours_day_start(h, at_ms, 0), hours_day_start(h, at_ms, 1440), &now);
}

/* Somebody else's hours on the same clock: every day, also a holiday. */
int64_t hours_daytime(const struct hours *h, int64_t at_ms)
{
    struct hours day = {.utc_offset_min = h->utc_offset_min, .summer_time = h->summer_time};
    int64_t at;

    for (int w = 0; w < WEEK; w++) {
        day.block_n[w] = 1;
        day.block[w][0] = (struct block){HOURS_DAYTIME_FROM, HOURS_DAYTIME_TO};
    }
    return hours_next(&day, at_ms, &at) ? at : at_ms;
}

/* ---- Words ------------------------------------------------------------------------------- */

static void clock_text(int64_t minute, char out[static CLOCK_TEXT_MAX])
{
    snprintf(out, CLOCK_TEXT_MAX, "%d.%02d", (int)(minute / 60), (int)(minute % 60));
}

/* What was written aside to be filled in goes; that memory ran out there is told to `out`. */
static void aside_free(struct buf *aside, struct buf *out)
{
    if (aside->failed) out->failed = true;
    buf_free(aside);
}

/* blocks_sorted(h, w, out): a weekday's blocks by time; returns how many. */
static size_t blocks_sorted(const struct hours *h, int w, struct block out[static HOURS_BLOCKS_MAX])
{
    for (size_t i = 0; i < h->block_n[w]; i++) {
        size_t at = i;
        for (; at > 0 && out[at - 1].from > h->block[w][i].from; at--) out[at] = out[at - 1];
        out[at] = h->block[w][i];
    }
    return h->block_n[w];
}

static bool same_blocks(const struct hours *h, int w, int v)
{
    struct block a[HOURS_BLOCKS_MAX], b[HOURS_BLOCKS_MAX];
    size_t n = blocks_sorted(h, w, a);

    if (blocks_sorted(h, v, b) != n) return false;
    for (size_t i = 0; i < n; i++)
        if (a[i].from != b[i].from || a[i].to != b[i].to) return false;
    return true;
}

static bool has_earlier_twin(const struct hours *h, int w)
{
    for (int v = 0; v < w; v++)
        if (same_blocks(h, v, w)) return true;
    return false;
}

/* "maandag, dinsdag en donderdag": the days with the blocks of `first`, the first of them. */
static void write_days(const struct hours *h, int first, const struct locale *l, struct buf *out)
{
    int last = first;

    for (int w = first + 1; w < WEEK; w++)
        if (same_blocks(h, first, w)) last = w;
    for (int w = first; w <= last; w++) {
        if (!same_blocks(h, first, w)) continue;
        if (w != first && w == last) text_write(l, TEXT_AND, NULL, out);
        if (w != first && w != last) buf_adds(out, ", ");
        text_write(l, TEXT_DAY_MONDAY + w, NULL, out);
    }
}

/* "maandag en dinsdag van 9.00 tot 12.00 uur en van 13.00 tot 17.00 uur": the days are named with
 * the first block; a further one has an empty list, and the space that leaves in front goes. */
static void write_group(const struct hours *h, int first, const struct locale *l, struct buf *out)
{
    struct block block[HOURS_BLOCKS_MAX];
    size_t n = blocks_sorted(h, first, block);
    struct buf days = {0}, words = {0};

    write_days(h, first, l, &days);
    for (size_t i = 0; i < n; i++) {
        char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];
        clock_text(block[i].from, from);
        clock_text(block[i].to, to);
        struct params p = {.value = {[PARAM_N] = from, [PARAM_TOTAL] = to}};
        p.value[PARAM_LIST] = i == 0 ? buf_text(&days) : NULL;

        if (i > 0) text_write(l, TEXT_AND, NULL, out);
        text_write(l, TEXT_HOURS_BLOCK, &p, &words);
        buf_adds(out, buf_text(&words) + strspn(buf_text(&words), " "));
        if (words.failed) out->failed = true;
        buf_clear(&words);
    }
    aside_free(&days, out);
    aside_free(&words, out);
}

void hours_write(const struct hours *h, const struct locale *l, struct buf *out)
{
    bool any = false;

    for (int w = 0; w < WEEK; w++) {
        if (h->block_n[w] == 0 || has_earlier_twin(h, w)) continue;
        if (any) buf_adds(out, ", ");
        write_group(h, w, l, out);
        any = true;
    }
}

/* How to name a day, and a time on it, so far from today: the first of four texts in this order.
 * On a Tuesday "dinsdag" would be today's, so a week ahead has its date. */
static int day_text(int first, int64_t days)
{
    if (days == 0) return first;
    if (days == 1) return first + 1;
    return days > -WEEK && days < WEEK ? first + 2 : first + 3;
}
_Static_assert(TEXT_MOMENT_DATE == TEXT_MOMENT_TODAY + 3 && TEXT_TIME_DATE == TEXT_TIME_TODAY + 3,
               "in the order of day_text()");

/* `first`: the first of four texts, see there. */
static void write_at(const struct hours *h, int64_t now_ms, int64_t at_ms, int first, const struct locale *l,
                     struct buf *out)
{
    int64_t local = local_ms(h, at_ms);
    int64_t day = floor_div(local, DAY_MS);
    struct date d = date_from_day(day);
    struct buf name = {0}, month = {0};
    char from[CLOCK_TEXT_MAX];

    clock_text((local - day * DAY_MS) / MINUTE_MS, from);
    text_write(l, TEXT_DAY_MONDAY + weekday(day), NULL, &name);
    text_write(l, TEXT_MONTH_1 + d.month - 1, NULL, &month);
    struct params p = {.count = d.day};
    p.value[PARAM_N] = from;
    p.value[PARAM_LIST] = buf_text(&name);
    p.value[PARAM_QUESTION] = buf_text(&month);
    int64_t days = day - floor_div(local_ms(h, now_ms), DAY_MS);
    /* What is to come can only fall on an earlier date where the clocks go back over midnight. */
    if (days < 0 && at_ms >= now_ms) days = 0;
    text_write(l, day_text(first, days), &p, out);
    aside_free(&name, out);
    aside_free(&month, out);
}

void hours_write_moment(const struct hours *h, int64_t now_ms, const struct locale *l, struct buf *out)
{
    int64_t at;

    if (!hours_next(h, now_ms, &at))
        text_write(l, TEXT_MOMENT_UNKNOWN, NULL, out);
    else if (at == now_ms)
        text_write(l, TEXT_MOMENT_NOW, NULL, out);
    else
        write_at(h, now_ms, at, TEXT_MOMENT_TODAY, l, out);
}

void hours_write_time(const struct hours *h, int64_t now_ms, int64_t at_ms, const struct locale *l,
                      struct buf *out)
{
    write_at(h, now_ms, at_ms, TEXT_TIME_TODAY, l, out);
}

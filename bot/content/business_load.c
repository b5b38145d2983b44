#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "business.h"
#include "faults.h"
#include "json_in.h"
#include "parts.h"

static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                   "friday", "saturday", "sunday"};

/* Time zones lie between UTC-12 and UTC+14. */
enum { OFFSET_MIN = -12 * 60, OFFSET_MAX = 14 * 60 };

/* ITU-T E.164: a number with its country code has at most 15 digits. */
enum { PHONE_DIGITS_MIN = 8, PHONE_DIGITS_MAX = 15 };

/* Within a quarter of an hour nobody has read all that waits at nine; after a day an apology is no
 * longer news. Two hours is a morning's first half. */
enum { GRACE_MIN = 15, GRACE_MAX = 24 * 60, GRACE_USUAL = 120 };

/* ---- hours ---- */

static bool two_digits(const char *s, int max, int *out)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9') return false;
    *out = (s[0] - '0') * 10 + (s[1] - '0');
    return *out <= max;
}

/* "HH:MM" in minutes; "24:00" is the end of the day. */
static bool minutes_from(const char *s, int *out)
{
    int hour, minute;

    if (!two_digits(s, 24, &hour) || s[2] != ':' || !two_digits(s + 3, 59, &minute)) return false;
    *out = hour * 60 + minute;
    return *out <= 24 * 60;
}

static bool block_from(const char *s, struct block *out)
{
    return strlen(s) == sizeof "HH:MM-HH:MM" - 1 && minutes_from(s, &out->from) && s[5] == '-' &&
           minutes_from(s + 6, &out->to) && out->from < out->to;
}

/* read_blocks(in, where, list, block): how many of the list's blocks are sound, and which. */
static size_t read_blocks(struct json_in *in, const char *where, json_t *list,
                          struct block block[static HOURS_BLOCKS_MAX])
{
    size_t n = 0;

    if (json_array_size(list) > HOURS_BLOCKS_MAX)
        faults_add(in->faults, "%s: %zu blocks, at most %d", where, json_array_size(list),
                   (int)HOURS_BLOCKS_MAX);
    for (size_t i = 0; i < json_array_size(list) && i < HOURS_BLOCKS_MAX; i++) {
        json_t *v = json_array_get(list, i);
        if (!json_in_is(in, where, "a block", v, JSON_STRING)) continue;
        if (!block_from(json_string_value(v), &block[n])) {
            faults_add(in->faults, "%s: malformed '%s', expected \"HH:MM-HH:MM\"", where,
                       json_string_value(v));
            continue;
        }
        if (n > 0 && block[n].from < block[n - 1].to)
            faults_add(in->faults, "%s: '%s' overlaps the block before it, or comes before it", where,
                       json_string_value(v));
        n++;
    }
    return n;
}

static void read_hours(struct json_in *in, struct hours *h, json_t *root)
{
    json_t *hours = json_in_get(in, in->file, root, "hours", JSON_OBJECT, JSON_MUST);
    const char *where = json_in_place(in, "%s: hours", in->file);

    if (hours == NULL) return;
    json_in_keys(in, where, hours, days, sizeof days / sizeof *days);
    for (int d = 0; d < 7; d++) {
        json_t *list = json_in_get(in, where, hours, days[d], JSON_ARRAY, JSON_MAY);
        if (list == NULL) continue;
        h->block_n[d] =
            read_blocks(in, json_in_place(in, "%s: hours: %s", in->file, days[d]), list, h->block[d]);
    }
}

/* ---- days off ---- */

static int month_days(int year, int month)
{
    static const int of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : of[month - 1];
}

/* "YYYY-MM-DD", RFC 3339. */
static bool date_from(const char *s, struct date *out)
{
    int century, years;

    if (!two_digits(s, 99, &century) || !two_digits(s + 2, 99, &years) || s[4] != '-' ||
        !two_digits(s + 5, 12, &out->month) || s[7] != '-' || !two_digits(s + 8, 31, &out->day))
        return false;
    out->year = century * 100 + years;
    /* Before 1970 there is no time in milliseconds; a 0 is a slip of the hand. */
    return out->year >= 1970 && out->month > 0 && out->day > 0 &&
           out->day <= month_days(out->year, out->month);
}

static int date_order(struct date d)
{
    return (d.year * 100 + d.month) * 100 + d.day;
}

/* "2026-12-24", or "2026-07-20/2026-08-07" with both days included. */
static bool range_from(const char *s, struct date_range *out)
{
    const size_t one = sizeof "YYYY-MM-DD" - 1;
    size_t n = strlen(s);

    if ((n != one && n != 2 * one + 1) || !date_from(s, &out->from)) return false;
    out->to = out->from;
    if (n == one) return true;
    return s[one] == '/' && date_from(s + one + 1, &out->to) && date_order(out->from) <= date_order(out->to);
}

static void read_days_off(struct json_in *in, struct hours *h, json_t *root)
{
    json_t *list = json_in_get(in, in->file, root, "days_off", JSON_ARRAY, JSON_MAY);
    size_t n = json_array_size(list);

    if (n > HOURS_DAYS_OFF_MAX)
        faults_add(in->faults, "%s: %zu days_off, at most %d", in->file, n, (int)HOURS_DAYS_OFF_MAX);
    for (size_t i = 0; i < n && i < HOURS_DAYS_OFF_MAX; i++) {
        json_t *v = json_array_get(list, i);
        if (!json_in_is(in, in->file, "'days_off'", v, JSON_STRING)) continue;
        if (range_from(json_string_value(v), &h->off[h->off_n]))
            h->off_n++;
        else
            faults_add(in->faults,
                       "%s: days_off: malformed '%s', expected \"YYYY-MM-DD\" or \"YYYY-MM-DD/YYYY-MM-DD\"",
                       in->file, json_string_value(v));
    }
}

/* ---- extra days ---- */

/* The date of an extra day; false, and listed, when it is none or stands there already. */
static bool read_extra_date(struct json_in *in, const char *where, json_t *day, const struct hours *h,
                            struct date *out)
{
    const char *s = json_in_string(in, where, day, "date", JSON_MUST);

    if (s == NULL) return false;
    if (strlen(s) != sizeof "YYYY-MM-DD" - 1 || !date_from(s, out)) {
        faults_add(in->faults, "%s: malformed '%s', expected \"YYYY-MM-DD\"", where, s);
        return false;
    }
    for (size_t i = 0; i < h->extra_n; i++) {
        if (date_order(h->extra[i].date) != date_order(*out)) continue;
        faults_add(in->faults, "%s: '%s' stands there twice", where, s);
        return false;
    }
    return true;
}

static void read_extra_day(struct json_in *in, struct hours *h, json_t *day)
{
    static const char *const keys[] = {"date", "hours"};
    const char *where = json_in_place(in, "%s: extra_days", in->file);
    struct extra_day *extra = &h->extra[h->extra_n];

    if (!json_in_is(in, where, "a day", day, JSON_OBJECT)) return;
    json_in_keys(in, where, day, keys, sizeof keys / sizeof *keys);
    if (!read_extra_date(in, where, day, h, &extra->date)) return;
    where =
        json_in_place(in, "%s: %04d-%02d-%02d", where, extra->date.year, extra->date.month, extra->date.day);
    json_t *list = json_in_get(in, where, day, "hours", JSON_ARRAY, JSON_MUST);
    if (list == NULL) return;
    if (json_array_size(list) == 0)
        faults_add(in->faults, "%s: no hours; a day without stands in 'days_off'", where);
    extra->block_n = read_blocks(in, where, list, extra->block);
    h->extra_n++;
}

static void read_extra_days(struct json_in *in, struct hours *h, json_t *root)
{
    json_t *list = json_in_get(in, in->file, root, "extra_days", JSON_ARRAY, JSON_MAY);
    size_t n = json_array_size(list);

    if (n > HOURS_EXTRA_DAYS_MAX)
        faults_add(in->faults, "%s: %zu extra_days, at most %d; a day that comes each week stands in 'hours'",
                   in->file, n, (int)HOURS_EXTRA_DAYS_MAX);
    for (size_t i = 0; i < n && i < HOURS_EXTRA_DAYS_MAX; i++) read_extra_day(in, h, json_array_get(list, i));
}

static void read_time_zone(struct json_in *in, struct hours *h, json_t *root)
{
    static const char *const keys[] = {"utc_offset_minutes", "eu_summer_time"};
    json_t *zone = json_in_get(in, in->file, root, "time_zone", JSON_OBJECT, JSON_MUST);
    const char *where = json_in_place(in, "%s: time_zone", in->file);

    if (zone == NULL) return;
    json_in_keys(in, where, zone, keys, sizeof keys / sizeof *keys);
    h->utc_offset_min =
        json_in_int(in, where, zone, "utc_offset_minutes", JSON_MUST, OFFSET_MIN, OFFSET_MAX, 0);
    h->summer_time = json_in_bool(in, where, zone, "eu_summer_time", false);
}

/* ---- who ---- */

static const char *read_whatsapp(struct json_in *in, json_t *root)
{
    const char *s = json_in_string(in, in->file, root, "whatsapp", JSON_MAY);
    size_t n = s == NULL ? 0 : strlen(s);

    if (s == NULL || (n >= PHONE_DIGITS_MIN && n <= PHONE_DIGITS_MAX && strspn(s, "0123456789") == n))
        return s;
    faults_add(in->faults, "%s: 'whatsapp': malformed '%s', expected %d to %d digits with the country code",
               in->file, s, (int)PHONE_DIGITS_MIN, (int)PHONE_DIGITS_MAX);
    return s;
}

static const char *read_email(struct json_in *in, json_t *root)
{
    const char *s = json_in_string(in, in->file, root, "email", JSON_MUST);
    const char *at = s == NULL ? NULL : strchr(s, '@');

    if (s != NULL && (at == NULL || at == s || at[1] == '\0' || strchr(at + 1, '@') != NULL))
        faults_add(in->faults, "%s: 'email': malformed '%s', expected name@domain", in->file, s);
    return s;
}

/* Several places, one line. */
static const char *read_social(struct json_in *in, json_t *root)
{
    json_t *list = json_in_get(in, in->file, root, "social", JSON_ARRAY, JSON_MAY);
    struct buf line = {0};

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *v = json_array_get(list, i);
        if (!json_in_is(in, in->file, "'social'", v, JSON_STRING)) continue;
        if (json_string_length(v) == 0) faults_add(in->faults, "%s: 'social' has an empty place", in->file);
        buf_addf(&line, "%s%s", line.len > 0 ? ", " : "", json_string_value(v));
    }
    if (line.failed) json_in_no_memory(in);
    const char *s = line.len == 0 ? NULL : json_in_copy(in, buf_text(&line));
    buf_free(&line);
    return s;
}

struct business *business_load(const char *path, struct arena *arena, struct faults *faults)
{
    static const char *const keys[] = {"$schema",
                                       "name",
                                       "human",
                                       "phone",
                                       "whatsapp",
                                       "email",
                                       "site",
                                       "social",
                                       "hours",
                                       "days_off",
                                       "extra_days",
                                       "dutch_public_holidays",
                                       "liberation_day_every_year",
                                       "time_zone",
                                       "reply_within_minutes"};
    struct json_in in = {.file = path, .arena = arena, .faults = faults};
    json_t *root = json_in_file(path, faults);
    struct business *b = arena_calloc(arena, sizeof *b);

    if (b == NULL) json_in_no_memory(&in);
    if (b == NULL || root == NULL) {
        json_decref(root);
        return NULL;
    }
    json_in_keys(&in, path, root, keys, sizeof keys / sizeof *keys);
    b->name = json_in_string(&in, path, root, "name", JSON_MUST);
    b->human = json_in_string(&in, path, root, "human", JSON_MUST);
    b->phone = json_in_string(&in, path, root, "phone", JSON_MUST);
    b->whatsapp = read_whatsapp(&in, root);
    b->email = read_email(&in, root);
    b->site = json_in_string(&in, path, root, "site", JSON_MUST);
    b->social = read_social(&in, root);
    read_time_zone(&in, &b->hours, root);
    read_hours(&in, &b->hours, root);
    read_days_off(&in, &b->hours, root);
    read_extra_days(&in, &b->hours, root);
    b->hours.dutch_holidays = json_in_bool(&in, path, root, "dutch_public_holidays", false);
    b->hours.liberation_day = json_in_bool(&in, path, root, "liberation_day_every_year", false);
    b->reply_grace_min =
        json_in_int(&in, path, root, "reply_within_minutes", JSON_MAY, GRACE_MIN, GRACE_MAX, GRACE_USUAL);
    json_decref(root);
    return b;
}

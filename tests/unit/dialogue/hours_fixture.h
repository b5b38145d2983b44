/* hours_fixture.h -- what the tests of hours share: a studio, a clock, Dutch words. */
#ifndef HOURS_FIXTURE_H
#define HOURS_FIXTURE_H

#include "unit.h"

#include "hours.h"
#include "text.h"

enum { MON, TUE, WED, THU, FRI, SAT, SUN };

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

extern const struct locale dutch;

/* Amsterdam, holidays kept, nobody there. */
struct hours amsterdam(void);

/* Monday, Tuesday and Thursday from nine to five. */
struct hours studio(void);

/* Hours on a Sunday from `from` to `to`, minutes after midnight; no holidays. */
struct hours sundays(int from, int to);

void add_block(struct hours *h, int weekday, int from, int to);
void add_off(struct hours *h, struct date from, struct date to);

/* An extra day with one block, or one more block on the extra day added last. */
void add_extra(struct hours *h, struct date d, int from, int to);

/* utc("2026-04-03 12:00:00"): by libc's calendar, not ours. */
int64_t utc(const char *s);

/* assert_next(h, now, then): from `now` on she is first there at `then`. */
#define assert_next(h, now, then)                                                                            \
    do {                                                                                                     \
        int64_t next_ = -1;                                                                                  \
        assert_true(hours_next((h), utc(now), &next_));                                                      \
        assert_int_equal(next_, utc(then));                                                                  \
    } while (0)

/* The words of hours_write_moment and of hours_write. */
void expect_moment(const struct hours *h, const char *now, const char *words);
void expect_hours(const struct hours *h, const char *words);

#endif

/* The shipped hours in the shipped words: what a customer reads when she is away for long. */
#include "content.h"

#include <time.h>

#include "arena.h"
#include "dialogue.h"
#include "err.h"
#include "faults.h"
#include "unit.h"

int test_moments(void);

static const struct content_files shipped = {"flows/mailkeuze.json", "flows/business.json", "locales", "nl",
                                             .retain_text_days = 30, .desk = true};

static int setup(void **state)
{
    struct faults *faults = faults_new();
    struct content *c = NULL;

    assert_non_null(faults);
    assert_int_equal(content_load(&shipped, &c, faults), 0);
    faults_free(faults);
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    content_free(*state);
    return 0;
}

static int64_t utc(const char *s)
{
    struct tm tm = {0};
    const char *rest = strptime(s, "%Y-%m-%d %H:%M:%S", &tm);

    assert_non_null(rest);
    assert_int_equal(*rest, '\0');
    return timegm(&tm) * INT64_C(1000);
}

/* expect(state, now, words): who asks for her at `now` reads that. */
static void expect(void **state, const char *now, const char *words)
{
    const struct message ask = {.kind = MESSAGE_TAP, .id = "1", .choice = "do:human", .sent_ms = utc(now)};
    struct arena *a = arena_new(16 * 1024);
    struct effects fx = {.arena = a};
    struct conversation c;
    struct err e = {0};

    assert_non_null(a);
    conversation_begin(&c, "nl");
    assert_int_equal(content_step(*state, &c, &ask, utc(now), &fx, &e), 0);
    const struct effect *said = &fx.effect[fx.n - 1];
    assert_int_equal(said->kind, EFFECT_SAY);
    if (strstr(said->say.out.text, words) == NULL) fail_msg("%s: %s", now, said->say.out.text);
    arena_free(a);
}

/* 17.00 is 16:00 UTC on 25 March 2027, the Thursday before the clocks change on Easter Sunday. */
static void thursday_before_easter_after_five_names_the_tuesday(void **state)
{
    expect(state, "2027-03-25 15:59:59", "Elisah krijgt dit nu binnen");
    expect(state, "2027-03-25 16:01:00", "Elisah leest dit *dinsdag vanaf 9.00 uur*");
    expect(state, "2026-04-02 14:59:59", "Elisah krijgt dit nu binnen");
    expect(state, "2026-04-02 15:01:00", "Elisah leest dit *dinsdag vanaf 9.00 uur*");
}

/* Good Friday, Easter Sunday and Easter Monday, to the last minute before it is "today". */
static void the_days_of_easter_name_the_same_tuesday(void **state)
{
    expect(state, "2027-03-26 10:00:00", "Elisah leest dit *dinsdag vanaf 9.00 uur*");
    expect(state, "2027-03-28 00:59:59", "Elisah leest dit *dinsdag vanaf 9.00 uur*");
    expect(state, "2027-03-28 01:00:00", "Elisah leest dit *dinsdag vanaf 9.00 uur*");
    expect(state, "2027-03-28 21:59:59", "Elisah leest dit *dinsdag vanaf 9.00 uur*");
    expect(state, "2027-03-28 22:00:00", "Elisah leest dit *morgen vanaf 9.00 uur*");
    expect(state, "2027-03-29 22:00:00", "Elisah leest dit *vandaag vanaf 9.00 uur*");
    expect(state, "2027-03-30 06:59:59", "Elisah leest dit *vandaag vanaf 9.00 uur*");
    expect(state, "2027-03-30 07:00:00", "Elisah krijgt dit nu binnen");
}

/* Christmas of 2028 falls on the Monday and the Tuesday: from one Thursday to the next. */
static void more_than_six_days_ahead_has_a_date(void **state)
{
    expect(state, "2028-12-21 16:01:00", "Elisah leest dit *donderdag 28 december vanaf 9.00 uur*");
    expect(state, "2028-12-21 22:59:59", "Elisah leest dit *donderdag 28 december vanaf 9.00 uur*");
    expect(state, "2028-12-21 23:00:00", "Elisah leest dit *donderdag vanaf 9.00 uur*"); /* six days */
}

#define WITH_CONTENT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int test_moments(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTENT(thursday_before_easter_after_five_names_the_tuesday),
        WITH_CONTENT(the_days_of_easter_name_the_same_tuesday),
        WITH_CONTENT(more_than_six_days_ahead_has_a_date),
    };
    return UNIT_RUN(tests);
}

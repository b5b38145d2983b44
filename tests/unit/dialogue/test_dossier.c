/* What the human reads about a person. A text shows as its key with its params, see fixture.h. */
#include "fixture.h"

#include "dossier.h"

int test_dossier(void);

/* The office hours of the fixture: Monday, Tuesday, Thursday, 9 to 17. */
#define MONDAY_EVENING_MS (MONDAY_MS + 9 * HOUR_MS)
#define TUESDAY_NINE_MS   (MONDAY_MS + 23 * HOUR_MS)

static const struct person nobody;
static const struct person sanne = {
    .name = "Sanne", .platform = "WhatsApp", .phone = "31612345678", .words = "kan ik bellen?"};

static int setup(void **state)
{
    (void)fixture_setup(state);
    struct fixture *x = *state;
    x->script.desk = true;
    return 0;
}

/* What was written, until the next call. */
static const char *taken(struct fixture *x, struct buf *out)
{
    const char *copy = arena_strdup(x->turn, buf_text(out));

    assert_non_null(copy);
    buf_free(out);
    return copy;
}

static const char *dossier(struct fixture *x, const struct person *p)
{
    struct buf out = {0};

    arena_reset(x->turn);
    assert_int_equal(dossier_write(&x->script, &x->c, p, x->now_ms, x->turn, &out), 0);
    return taken(x, &out);
}

static const char *news(struct fixture *x, enum news kind, bool told, int64_t at_ms, const struct message *m)
{
    const struct effect tell = {.kind = EFFECT_TELL, .tell = {.news = kind, .told = told, .at_ms = at_ms}};
    struct buf out = {0};

    arena_reset(x->turn);
    assert_int_equal(dossier_news(&x->script, &x->c, &tell, &sanne, m, x->now_ms, x->turn, &out), 0);
    return taken(x, &out);
}

static void asked_at(struct fixture *x, int64_t at_ms)
{
    conversation_hold(&x->c, HOLDER_WAITING, at_ms);
    x->now_ms = at_ms;
}

/* ---- the dossier ---- */

static void all_that_is_known_stands_in_it(void **state)
{
    struct fixture *x = *state;
    struct person p = sanne;

    x->c.answers =
        answers_of(x, "usage=heavy calendar=no team=alone security=basic sector=unsure growth=skipped");
    answers_doubt(&x->c.answers, TEAM);
    asked_at(x, MONDAY_EVENING_MS);
    p.shut_ms = x->now_ms + DAY_MS - HOUR_MS;
    assert_string_equal(dossier(x, &p),
                        "[desk_asked name=Sanne]\n"
                        "[desk_via_number n=31612345678 other=WhatsApp]\n\n"
                        "[desk_words answer=kan ik bellen?]\n\n"
                        "[desk_answers]\n"
                        "[desk_answer answer=usage.heavy question=usage.noun]\n"
                        "[desk_answer answer=calendar.no question=calendar.noun]\n"
                        "[desk_doubtful answer=team.alone question=team.noun]\n"
                        "[desk_answer answer=security.basic question=security.noun]\n"
                        "[desk_answer answer=unsure_label question=sector.noun]\n"
                        "[desk_answer answer=skipped_label question=growth.noun]\n\n"
                        "[desk_advice outcome=talk.name] [desk_lean outcome=microsoft365.name]\n\n"
                        "[desk_promised moment=[time_tomorrow n=9.00]]\n\n"
                        "[desk_window moment=[time_tomorrow n=18.00]]");
}

static void of_somebody_unknown_it_says_so(void **state)
{
    struct fixture *x = *state;

    assert_string_equal(dossier(x, &nobody), "[desk_asked name=[desk_somebody]]\n\n[desk_no_answers]");
}

static void who_has_no_number_is_named_by_the_channel_alone(void **state)
{
    static const struct person p = {.name = "Ben", .platform = "Telegram"};
    struct fixture *x = *state;

    assert_string_equal(dossier(x, &p),
                        "[desk_asked name=Ben]\n[desk_via other=Telegram]\n\n[desk_no_answers]");
}

static void an_advice_that_leans_nowhere_stands_alone(void **state)
{
    struct fixture *x = *state;

    x->c.answers = answers_of(x, "usage=light calendar=no team=alone security=basic sector=none growth=no");
    const char *text = dossier(x, &nobody);
    assert_non_null(strstr(text, "[desk_advice outcome=imap.name]"));
    assert_null(strstr(text, "desk_lean"));
    assert_null(strstr(text, "desk_left"));
}

static void without_an_advice_it_says_what_is_left_to_ask(void **state)
{
    struct fixture *x = *state;

    x->c.answers = answers_of(x, "usage=light");
    assert_non_null(strstr(dossier(x, &nobody), "\n\n[desk_left_other count=5]"));
    x->c.answers = answers_of(x, "usage=light calendar=no team=alone security=basic sector=unsure");
    const char *text = dossier(x, &nobody);
    assert_non_null(strstr(text, "\n\n[desk_left_one count=1]"));
    assert_null(strstr(text, "desk_advice"));
}

static void a_promise_is_named_while_it_is_ahead(void **state)
{
    struct fixture *x = *state;

    asked_at(x, MONDAY_EVENING_MS);
    x->now_ms = TUESDAY_NINE_MS - 1;
    assert_non_null(strstr(dossier(x, &nobody), "[desk_promised moment=[time_today n=9.00]]"));
    x->now_ms = TUESDAY_NINE_MS;
    assert_null(strstr(dossier(x, &nobody), "desk_promised"));
}

static void asked_while_she_is_there_nothing_was_promised(void **state)
{
    struct fixture *x = *state;

    asked_at(x, MONDAY_MS);
    assert_null(strstr(dossier(x, &nobody), "desk_promised"));
}

static void without_any_hours_nothing_was_promised(void **state)
{
    struct fixture *x = *state;

    memset(x->business.hours.block_n, 0, sizeof x->business.hours.block_n);
    asked_at(x, MONDAY_EVENING_MS);
    assert_null(strstr(dossier(x, &nobody), "desk_promised"));
}

static void she_reads_the_first_locale_whatever_the_person_speaks(void **state)
{
    struct fixture *x = *state;
    const struct message m = {.id = "1", .kind = MESSAGE_MEDIA, .media = MEDIA_IMAGE};

    (void)snprintf(x->c.locale, sizeof x->c.locale, "en");
    x->c.answers = answers_of(x, "usage=light");
    asked_at(x, MONDAY_EVENING_MS);
    assert_null(strstr(dossier(x, &sanne), "E."));
    assert_null(strstr(news(x, NEWS_WROTE, false, 0, &m), "E."));
    assert_string_equal(x->c.locale, "en");
}

/* ---- news ---- */

static void each_piece_of_news_has_its_line(void **state)
{
    static const struct {
        enum news news;
        bool told;
        const char *line;
    } lines[] = {{NEWS_REMIND, false, "[desk_remind name=Sanne]"},
                 {NEWS_LATER, false, "[desk_later moment=[time_today n=12.00]]"},
                 {NEWS_OVERDUE, true, "[desk_overdue name=Sanne]"},
                 {NEWS_OVERDUE, false, "[desk_overdue_silent name=Sanne]"},
                 {NEWS_SHUTTING, false, "[desk_shutting name=Sanne moment=[time_today n=12.00]]"},
                 {NEWS_TAKEN, false, "[desk_taken name=Sanne]"},
                 {NEWS_GIVEN_BACK, false, "[desk_given_back name=Sanne]"},
                 {NEWS_BACK, false, "[desk_back name=Sanne]"},
                 {NEWS_RESUMED, false, "[desk_resumed name=Sanne]"},
                 {NEWS_GONE, false, "[desk_gone name=Sanne]"},
                 {NEWS_ERASED, false, "[desk_erased]"}};
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_string_equal(news(x, lines[i].news, lines[i].told, MONDAY_MS + 2 * HOUR_MS, NULL),
                            lines[i].line);
    const char *asked = news(x, NEWS_ASKED, false, 0, NULL);
    char *copy = strdup(asked);
    assert_string_equal(copy, dossier(x, &sanne));
    free(copy);
}

static void what_was_written_stands_as_it_was(void **state)
{
    static const struct {
        struct message m;
        const char *line;
    } lines[] = {{{.kind = MESSAGE_TEXT, .text = "hallo *daar*"}, "hallo *daar*"},
                 {{.kind = MESSAGE_TEXT}, ""},
                 {{.kind = MESSAGE_TAP, .choice = "usage=daily", .text = "Elke dag"},
                  "[desk_wrote_tap answer=Elke dag]"},
                 {{.kind = MESSAGE_TAP, .choice = "usage=daily"}, ""},
                 {{.kind = MESSAGE_EDIT, .text = "beter", .about = "1"}, "[desk_wrote_edit answer=beter]"},
                 {{.kind = MESSAGE_REVOKE, .about = "1"}, "[desk_withdrawn]"}};
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_string_equal(news(x, NEWS_WROTE, false, 0, &lines[i].m), lines[i].line);
}

static void what_was_sent_is_named_with_its_caption(void **state)
{
    static const char *const things[] = {
        [MEDIA_VOICE] = "voice",       [MEDIA_AUDIO] = "audio",       [MEDIA_IMAGE] = "image",
        [MEDIA_VIDEO] = "video",       [MEDIA_DOCUMENT] = "document", [MEDIA_STICKER] = "sticker",
        [MEDIA_LOCATION] = "location", [MEDIA_CONTACT] = "contact",   [MEDIA_ORDER] = "order",
        [MEDIA_OTHER] = "other"};
    _Static_assert(sizeof things / sizeof *things == MEDIA_N, "name each");
    struct fixture *x = *state;
    char line[64];

    for (int i = 0; i < MEDIA_N; i++) {
        struct message m = {.kind = MESSAGE_MEDIA, .media = (enum media_kind)i};
        (void)snprintf(line, sizeof line, "[desk_media answer=[thing_%s]]", things[i]);
        assert_string_equal(news(x, NEWS_WROTE, false, 0, &m), line);
        m.text = "kijk";
        (void)snprintf(line, sizeof line, "[desk_media answer=[thing_%s]]\nkijk", things[i]);
        assert_string_equal(news(x, NEWS_WROTE, false, 0, &m), line);
    }
}

/* ---- other texts ---- */

static const char *says(struct fixture *x, int text, const struct person *p, int64_t at_ms)
{
    struct buf out = {0};

    arena_reset(x->turn);
    assert_int_equal(dossier_say(&x->script, text, p, x->now_ms, at_ms, x->turn, &out), 0);
    return taken(x, &out);
}

static void texts_of_the_desk_are_filled_in(void **state)
{
    struct fixture *x = *state;

    assert_string_equal(says(x, TEXT_DESK_KEPT, &sanne, 0), "[desk_kept name=Sanne]");
    assert_string_equal(says(x, TEXT_DESK_KEPT, &nobody, 0), "[desk_kept name=[desk_somebody]]");
    assert_string_equal(says(x, TEXT_DESK_KEPT_NUMBER, &sanne, 0), "[desk_kept_number n=31612345678]");
    assert_string_equal(says(x, TEXT_DESK_ECHO, &sanne, 0), "[desk_echo answer=kan ik bellen?]");
    assert_string_equal(says(x, TEXT_DESK_SHUTTING, &sanne, TUESDAY_NINE_MS),
                        "[desk_shutting name=Sanne moment=[time_tomorrow n=9.00]]");
    arena_reset(x->turn);
    assert_string_equal(dossier_label(&x->script, TEXT_DESK_TAKE_LABEL, x->turn), "[desk_take_label]");
}

static const char *digest(struct fixture *x, const struct waiter *w, size_t n, int total)
{
    struct buf out = {0};

    arena_reset(x->turn);
    assert_int_equal(dossier_digest(&x->script, w, n, total, x->now_ms, x->turn, &out), 0);
    return taken(x, &out);
}

static void the_digest_names_who_waits_and_since_when(void **state)
{
    static const struct waiter waiters[] = {
        {"Sanne", MONDAY_MS - 10 * DAY_MS}, {NULL, MONDAY_MS - 3 * DAY_MS}, {"Ben", MONDAY_MS - 3 * HOUR_MS}};
    struct fixture *x = *state;

    assert_string_equal(digest(x, waiters + 2, 1, 1),
                        "[desk_digest_one count=1]\n"
                        "[desk_digest_line name=Ben moment=[time_today n=7.00]]");
    assert_string_equal(digest(x, waiters, 3, 3),
                        "[desk_digest_other count=3]\n"
                        "[desk_digest_line name=Sanne moment=[time_date n=10.00 count=13 question=month_11 "
                        "list=day_friday]]\n"
                        "[desk_digest_line name=[desk_somebody] moment=[time_day n=10.00 list=day_friday]]\n"
                        "[desk_digest_line name=Ben moment=[time_today n=7.00]]");
    assert_string_equal(digest(x, waiters + 2, 1, 31),
                        "[desk_digest_other count=31]\n"
                        "[desk_digest_line name=Ben moment=[time_today n=7.00]]");
}

/* ---- moments ---- */

static void a_moment_is_named_by_its_distance_in_days(void **state)
{
    static const struct {
        int64_t off_ms;
        const char *words;
    } moments[] = {
        {0, "[time_today n=10.00]"},
        {13 * HOUR_MS + 59 * MINUTE_MS, "[time_today n=23.59]"},
        {14 * HOUR_MS, "[time_tomorrow n=0.00]"},
        {37 * HOUR_MS + 59 * MINUTE_MS, "[time_tomorrow n=23.59]"},
        {38 * HOUR_MS, "[time_day n=0.00 list=day_wednesday]"},
        {6 * DAY_MS, "[time_day n=10.00 list=day_sunday]"},
        {7 * DAY_MS, "[time_date n=10.00 count=30 question=month_11 list=day_monday]"},
        {8 * DAY_MS + 45 * MINUTE_MS, "[time_date n=10.45 count=1 question=month_12 list=day_tuesday]"},
        {-10 * HOUR_MS, "[time_today n=0.00]"},
        {-10 * HOUR_MS - MINUTE_MS, "[time_day n=23.59 list=day_sunday]"}, /* yesterday has a name too */
        {-6 * DAY_MS, "[time_day n=10.00 list=day_tuesday]"},
        {-7 * DAY_MS, "[time_date n=10.00 count=16 question=month_11 list=day_monday]"},
        {-327 * DAY_MS, "[time_date n=10.00 count=31 question=month_12 list=day_wednesday]"},
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        struct buf out = {0};
        arena_reset(x->turn);
        hours_write_time(&x->business.hours, MONDAY_MS, MONDAY_MS + moments[i].off_ms, &x->nl, &out);
        assert_string_equal(taken(x, &out), moments[i].words);
    }
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int test_dossier(void)
{
    const struct CMUnitTest tests[] = {
        WITH(all_that_is_known_stands_in_it),
        WITH(of_somebody_unknown_it_says_so),
        WITH(who_has_no_number_is_named_by_the_channel_alone),
        WITH(an_advice_that_leans_nowhere_stands_alone),
        WITH(without_an_advice_it_says_what_is_left_to_ask),
        WITH(a_promise_is_named_while_it_is_ahead),
        WITH(asked_while_she_is_there_nothing_was_promised),
        WITH(without_any_hours_nothing_was_promised),
        WITH(she_reads_the_first_locale_whatever_the_person_speaks),
        WITH(each_piece_of_news_has_its_line),
        WITH(what_was_written_stands_as_it_was),
        WITH(what_was_sent_is_named_with_its_caption),
        WITH(texts_of_the_desk_are_filled_in),
        WITH(the_digest_names_who_waits_and_since_when),
        WITH(a_moment_is_named_by_its_distance_in_days),
    };
    return UNIT_RUN(tests);
}

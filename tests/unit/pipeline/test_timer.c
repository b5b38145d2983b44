/* What the clock must do: in order, not too much at once, and none for ever in the way of the others. */
#include "unit.h"

#include "arena.h"
#include "buf.h"
#include "content.h"
#include "desk.h"
#include "dialogue.h"
#include "err.h"
#include "log.h"
#include "rig.h"
#include "store.h"
#include "timer.h"
#include "turn.h"

int test_timer(void);

#define MINUTE INT64_C(60000)

static const int64_t NOW = RIG_NOW;

static const char *const with_group[] = {"TELEGRAM_BOT_TOKEN=700900:rig-telegram-token-0123456789abcdef",
                                         "TELEGRAM_DESK_CHAT=-1001234567890", NULL};

struct scene {
    struct rig rig;
    struct desk *desk;
    int people;
    struct buf told; /* what she was told in the last run, a line each */
    char *log;
    size_t log_n;
    FILE *sink;
};

static struct scene *scene_new(const char *const *settings)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    rig_open(&s->rig, "sqlite::memory:", 1, settings);
    rig_content(&s->rig);
    s->desk = desk_new(&s->rig.config);
    s->sink = open_memstream(&s->log, &s->log_n);
    assert_non_null(s->desk);
    assert_non_null(s->sink);
    log_open(s->sink, LOG_DEBUG, LOG_LOGFMT);
    return s;
}

static int begin(void **state)
{
    *state = scene_new(with_group);
    return 0;
}

static void scene_free(struct scene *s)
{
    log_open(stderr, LOG_INFO, LOG_LOGFMT);
    assert_int_equal(fclose(s->sink), 0);
    free(s->log);
    buf_free(&s->told);
    desk_free(s->desk);
    rig_close(&s->rig);
    free(s);
}

static int end(void **state)
{
    scene_free(*state);
    return 0;
}

static bool is_logged(struct scene *s, const char *part)
{
    assert_int_equal(fflush(s->sink), 0);
    return strstr(s->log, part) != NULL;
}

/* Somebody new, called "P1", "P2" …, whose conversation is that text; the clock comes at `at`. */
static void save(struct scene *s, const char *account, const char *text, int64_t at_ms)
{
    char phone[24], name[16];
    struct err e = {0};

    s->people++;
    (void)snprintf(phone, sizeof phone, "3160000%04d", s->people);
    (void)snprintf(name, sizeof name, "P%d", s->people);
    int64_t contact = rig_contact(&s->rig, phone, NULL, NOW);
    const struct conversation_row row = {.text = text,
                                         .n = strlen(text),
                                         .now_ms = NOW,
                                         .holder = "waiting",
                                         .holder_ms = NOW,
                                         .wake_ms = at_ms,
                                         .name = name};
    rig_begin(&s->rig);
    assert_int_equal(store_conversation_save(s->rig.store, contact, account, &row, &e), 0);
    rig_commit(&s->rig);
}

static void save_waiting(struct scene *s, const char *account, struct hold_times times, int64_t at_ms)
{
    struct conversation c;
    struct buf text = {0};

    conversation_begin(&c, "nl");
    conversation_hold(&c, HOLDER_WAITING, NOW - MINUTE);
    c.unanswered = true;
    c.introduced = true;
    c.last_ms = NOW - MINUTE;
    c.times = times;
    conversation_write(&c, content_script(s->rig.content)->flow, &text);
    save(s, account, buf_text(&text), at_ms);
    buf_free(&text);
}

/* The human is to be reminded of them. */
static void remind(struct scene *s, const char *account, int64_t at_ms)
{
    save_waiting(s, account, (struct hold_times){.remind_ms = at_ms}, at_ms);
}

static void take_lines(struct scene *s)
{
    struct line_row *line;
    struct err e = {0};

    buf_clear(&s->told);
    rig_begin(&s->rig);
    for (;;) {
        assert_int_equal(store_line_list(s->rig.store, s->rig.arena, 9, &line, &e), 0);
        if (line == NULL) break;
        for (; line != NULL; line = line->next) {
            buf_addf(&s->told, "%s\n", line->text);
            assert_int_equal(store_line_drop(s->rig.store, line->id, &e), 0);
        }
    }
    rig_commit(&s->rig);
}

/* One transaction; when to come again. */
static int64_t run(struct scene *s, int64_t now_ms)
{
    struct turns t = {.config = &s->rig.config,
                      .platforms = s->rig.platform,
                      .content = s->rig.content,
                      .store = s->rig.store,
                      .arena = s->rig.arena,
                      .desk = s->desk,
                      .now_ms = now_ms};
    struct err e = {0};
    int64_t next = -1;

    arena_reset(s->rig.arena);
    rig_begin(&s->rig);
    if (timers_run(&t, &next, &e) != 0) fail_msg("%s", e.text);
    rig_commit(&s->rig);
    take_lines(s);
    return next;
}

#define assert_told(s, lines) assert_string_equal(buf_text(&(s)->told), lines)

static void without_any_clock_it_never_comes_again(void **state)
{
    struct scene *s = *state;

    save_waiting(s, RIG_ACCOUNT, (struct hold_times){0}, 0);
    assert_true(run(s, NOW) == INT64_MAX);
    assert_told(s, "");
}

static void what_is_due_runs_in_order_and_the_rest_waits(void **state)
{
    struct scene *s = *state;

    remind(s, RIG_ACCOUNT, NOW - 1);
    remind(s, RIG_ACCOUNT, NOW + 5000);
    remind(s, RIG_ACCOUNT, NOW - 3000);
    remind(s, RIG_ACCOUNT, NOW);
    remind(s, RIG_ACCOUNT, NOW + 1);
    assert_int_equal(run(s, NOW), NOW + 1);
    assert_told(s, "P3 wacht nog op je.\nP1 wacht nog op je.\nP4 wacht nog op je.\n");
    assert_int_equal(run(s, NOW), NOW + 1); /* none of them twice */
    assert_told(s, "");
    assert_int_equal(run(s, NOW + 1), NOW + 5000);
    assert_told(s, "P5 wacht nog op je.\n");
    assert_true(run(s, NOW + 9000) == INT64_MAX);
    assert_told(s, "P2 wacht nog op je.\n");
}

static void one_chat_has_one_thing_after_another(void **state)
{
    struct scene *s = *state;

    save_waiting(s, RIG_ACCOUNT, (struct hold_times){.remind_ms = NOW, .warn_ms = NOW + 7000}, NOW);
    assert_int_equal(run(s, NOW), NOW + 7000);
    assert_told(s, "P1 wacht nog op je.\n");
    assert_true(run(s, NOW + 7000) == INT64_MAX);
    assert_non_null(strstr(buf_text(&s->told), "P1 wacht nog op je. Hier antwoorden"));
}

static void one_transaction_does_so_many_and_comes_back_at_once(void **state)
{
    enum { AT_ONCE = 64, ALL = AT_ONCE + 3 };
    struct scene *s = *state;
    size_t lines = 0;

    for (int i = 0; i < ALL; i++) remind(s, RIG_ACCOUNT, NOW - ALL + i);
    assert_int_equal(run(s, NOW), NOW);
    for (const char *p = buf_text(&s->told); *p != '\0'; p++) lines += *p == '\n';
    assert_int_equal(lines, AT_ONCE);
    assert_null(strstr(buf_text(&s->told), "P65 "));
    assert_true(run(s, NOW) == INT64_MAX);
    assert_told(s, "P65 wacht nog op je.\nP66 wacht nog op je.\nP67 wacht nog op je.\n");
}

static void an_account_that_is_ours_no_more_is_put_off_and_delays_nobody(void **state)
{
    struct scene *s = *state;

    remind(s, "555", NOW - 9000);
    remind(s, RIG_ACCOUNT, NOW - 1);
    assert_int_equal(run(s, NOW), NOW + MINUTE);
    assert_told(s, "P2 wacht nog op je.\n");
    remind(s, RIG_ACCOUNT, NOW + MINUTE);
    assert_int_equal(run(s, NOW + MINUTE), NOW + 2 * MINUTE);
    assert_told(s, "P3 wacht nog op je.\n");
}

/* They start anew, as when they write; the operator can see it. */
static void a_damaged_conversation_ends_there_and_delays_nobody(void **state)
{
    struct scene *s = *state;

    save(s, RIG_ACCOUNT, "v1 state=geheim", NOW - 9000);
    remind(s, RIG_ACCOUNT, NOW - 1);
    assert_true(run(s, NOW) == INT64_MAX);
    assert_told(s, "P2 wacht nog op je.\n");
    assert_true(is_logged(s, "level=error at=turn inbox=0 error=\"conversation: damaged"));
    assert_false(is_logged(s, "geheim"));
}

/* A text that no check let through, longer than a message may be. */
static void a_turn_that_fails_is_undone_told_put_off_and_delays_nobody(void **state)
{
    static const char asked_for[] = "{{phone}} {{email}}";
    char directory[64], locales[96], *endless = malloc(5000 + sizeof asked_for);
    (void)state;
    assert_non_null(endless);
    memset(endless, 'x', 5000);
    memcpy(endless + 5000, asked_for, sizeof asked_for);
    rig_directory(directory);
    rig_locales(directory, "overdue", endless);
    (void)snprintf(locales, sizeof locales, "LOCALES=%s", directory);
    struct scene *s = scene_new((const char *[]){locales, with_group[0], with_group[1], NULL});

    save_waiting(s, RIG_ACCOUNT, (struct hold_times){.promise_ms = NOW - 9000}, NOW - 9000);
    remind(s, RIG_ACCOUNT, NOW - 1);
    assert_int_equal(run(s, NOW), NOW + MINUTE);
    assert_told(s, "P2 wacht nog op je.\n"); /* and nothing of what failed */
    assert_int_equal(rig_outbox(&s->rig, "due"), 0);
    assert_true(is_logged(s, "level=error at=timer error=\"whatsapp: text of 5"));
    assert_false(is_logged(s, "xxx"));
    assert_false(is_logged(s, "31600000"));
    assert_int_equal(run(s, NOW + MINUTE), NOW + 2 * MINUTE); /* it is not forgotten */
    scene_free(s);
    rig_remove(directory);
    free(endless);
}

static void a_promise_that_was_missed_is_told_to_both(void **state)
{
    struct scene *s = *state;

    save_waiting(s, RIG_ACCOUNT, (struct hold_times){.promise_ms = NOW}, NOW);
    assert_true(run(s, NOW) == INT64_MAX);
    assert_non_null(strstr(buf_text(&s->told), "P1 heeft nog niets van je gehoord."));
    assert_int_equal(rig_outbox(&s->rig, "due"), 1);
}

int test_timer(void)
{
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_SCENE(without_any_clock_it_never_comes_again),
        WITH_SCENE(what_is_due_runs_in_order_and_the_rest_waits),
        WITH_SCENE(one_chat_has_one_thing_after_another),
        WITH_SCENE(one_transaction_does_so_many_and_comes_back_at_once),
        WITH_SCENE(an_account_that_is_ours_no_more_is_put_off_and_delays_nobody),
        WITH_SCENE(a_damaged_conversation_ends_there_and_delays_nobody),
        cmocka_unit_test(a_turn_that_fails_is_undone_told_put_off_and_delays_nobody),
        WITH_SCENE(a_promise_that_was_missed_is_told_to_both),
    };
#undef WITH_SCENE
    return UNIT_RUN(tests);
}

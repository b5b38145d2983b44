/* Who waits, for the operator. */
#include "unit.h"

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "report.h"
#include "rig.h"
#include "store.h"

int test_report(void);

static void hold(struct rig *r, const char *phone, const char *holder, int64_t since_ms)
{
    const struct conversation_row row = {
        .text = "x", .n = 1, .now_ms = RIG_NOW, .holder = holder, .holder_ms = since_ms, .name = "Sanne"};
    struct err e = {0};
    int64_t contact = rig_contact(r, phone, NULL, RIG_NOW);

    rig_begin(r);
    assert_int_equal(store_conversation_save(r->store, contact, RIG_ACCOUNT, &row, &e), 0);
    rig_commit(r);
}

static void who_waits_is_listed_longest_first_by_a_hash_alone(void **state)
{
    struct rig r;
    struct buf out = {0};
    struct err e = {0};
    (void)state;

    rig_open(&r, "sqlite::memory:", 1, NULL);
    assert_int_equal(report_write(r.store, &r.config, r.arena, &out, &e), 0);
    assert_string_equal(buf_text(&out), "waiting=0 human=0\n");
    hold(&r, "31612345678", "waiting", RIG_NOW);
    hold(&r, "31687654321", "human", RIG_NOW - 3600000);
    hold(&r, "31600000003", "bot", RIG_NOW - 7200000);
    buf_clear(&out);
    assert_int_equal(report_write(r.store, &r.config, r.arena, &out, &e), 0);
    const char *text = buf_text(&out), *human = strstr(text, "holder=human"),
               *waiting = strstr(text, "holder=waiting");
    assert_true(strncmp(text, "waiting=1 human=1\n", 18) == 0);
    assert_true(human != NULL && waiting != NULL && human < waiting);
    assert_non_null(strstr(waiting, " since=2026-11-23T10:06:00Z channel=whatsapp chat="));
    assert_int_equal(strspn(strstr(waiting, "chat=") + 5, "0123456789abcdef"), 16);
    assert_null(strstr(text, "Sanne"));
    assert_null(strstr(text, "316"));
    assert_null(strstr(text, "holder=bot"));
    buf_free(&out);
    rig_close(&r);
}

int test_report(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_waits_is_listed_longest_first_by_a_hash_alone)};
    return UNIT_RUN(tests);
}

#include "unit.h"

#include <stdbool.h>

#include "err.h"
#include "sqlite_database.h"
#include "store.h"
#include "store_self.h"

int test_plans(void);

/* Statements that may walk a whole table, or a whole partial index that is small by its nature. */
static bool may_scan(enum statement statement)
{
    switch (statement) {
    case SQL_COUNT_CONTACTS:
    case SQL_COUNT_CHATS:
    case SQL_COUNT_INBOX:
    case SQL_COUNT_OUTBOX: /* for a report                          */
    case SQL_KEPT_MENTIONS:
    case SQL_INBOX_ERASE_STRAYS: /* failed and skipped messages with text */
    case SQL_OUTBOX_RECOVER:     /* unfinished replies, once at the start */
    case SQL_HELD_NEXT:
    case SQL_OUTBOX_NEXT:        /* the first that waits, by time         */
    case SQL_OUTBOX_WAITING:     /* what waits, once in a while           */
    case SQL_CHAT_COUNT_WAITING: /* the same of people                    */
    case SQL_OUTBOX_UNTOLD:      /* the first she was not told of         */
    case SQL_CHAT_WAITING:       /* whom the bot has not alone            */
    case SQL_LINE_LIST: /* the first line that waits, for whom   */ return true;
    default: return false;
    }
}

static void only_the_named_statements_walk_a_table(void **state)
{
    struct store *s;
    struct err e;
    char sql[4096];
    (void)state;

    assert_int_equal(store_open("sqlite::memory:", &s, &e), 0);
    for (int i = 0; i < STATEMENT_N; i++) {
        sqlite3_stmt *plan;
        (void)snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", statement_text[i].sql);
        if (sqlite3_prepare_v2(s->database->sqlite, sql, -1, &plan, NULL) != SQLITE_OK)
            fail_msg("%s: %s", statement_text[i].sql, sqlite3_errmsg(s->database->sqlite));
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            bool scans = strncmp(step, "SCAN ", 5) == 0 && strcmp(step, "SCAN CONSTANT ROW") != 0;
            if (scans && !may_scan((enum statement)i)) fail_msg("%s\n%s", step, statement_text[i].sql);
        }
        (void)sqlite3_finalize(plan);
    }
    store_close(s);
}

static void every_statement_has_a_text_and_says_what_it_does(void **state)
{
    (void)state;
    for (int i = 0; i < STATEMENT_N; i++) {
        assert_non_null(statement_text[i].sql);
        assert_non_null(statement_text[i].doing);
    }
}

int test_plans(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_has_a_text_and_says_what_it_does),
        cmocka_unit_test(only_the_named_statements_walk_a_table),
    };
    return UNIT_RUN(tests);
}

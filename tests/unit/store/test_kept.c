/* Whatever table names a person is told to the person, and emptied of them. */
#include "sqlite_fixture.h"

#include <stdbool.h>

#include "sqlite_database.h"
#include "store_self.h"

int test_kept(void);

static bool kept_reads(const char *table, const char *column)
{
    char from[64], where[64];

    (void)snprintf(from, sizeof from, " FROM %s WHERE %s = ?1", table, column);
    (void)snprintf(where, sizeof where, " FROM %s WHERE id = ?1", table);
    for (int i = SQL_KEPT_PERSON; i < SQL_KEPT_MENTIONS; i++)
        if (strstr(statement_text[i].sql, from) != NULL ||
            (strcmp(table, "contact") == 0 && strstr(statement_text[i].sql, where) != NULL))
            return true;
    return false;
}

static bool told(const char *table, const char *column)
{
    for (int i = SQL_KEPT_PERSON; i < SQL_KEPT_MENTIONS; i++) {
        const char *from = strstr(statement_text[i].sql, " FROM "), *at;
        if (from == NULL || strncmp(from + 6, table, strlen(table)) != 0 || from[6 + strlen(table)] != ' ')
            continue;
        size_t n = strlen(column);
        for (at = strstr(statement_text[i].sql, column); at != NULL && at < from; at = strstr(at + 1, column))
            if (at[-1] == ' ' && (at[n] == ',' || at[n] == ' ')) return true;
    }
    return false;
}

/* Columns that say nothing about a person: keys, links, and what only the store's own order needs; and where a
 * receipt goes, which stands there only once the person is no longer known. */
static bool is_bookkeeping(const char *column)
{
    static const char *const names[] = {"id",
                                        "contact",
                                        "about",
                                        "seen",
                                        "inbox",
                                        "replaceable",
                                        "erased_ms",
                                        "receipt_phone",
                                        "receipt_user_id",
                                        "receipt_parent_id"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(column, names[i]) == 0) return true;
    return false;
}

static void every_column_about_a_person_is_told(void **state)
{
    struct fixture *f = *state;
    sqlite3_stmt *q = NULL;
    int tables = 0;

    MUST(f, store_open("sqlite::memory:", &f->s, &f->e));
    assert_int_equal(
        sqlite3_prepare_v2(f->s->database->sqlite,
                           "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
                           " WHERE m.type = 'table' AND (m.name = 'contact' OR EXISTS (SELECT 1"
                           " FROM pragma_table_info(m.name) WHERE name = 'contact'))",
                           -1, &q, NULL),
        SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(q, 0);
        const char *column = (const char *)sqlite3_column_text(q, 1);
        tables++;
        if (strcmp(column, "contact") == 0 || strcmp(column, "about") == 0)
            if (!kept_reads(table, column)) fail_msg("%s is not read by %s", table, column);
        if (!is_bookkeeping(column) && !told(table, column)) fail_msg("%s.%s is not told", table, column);
    }
    (void)sqlite3_finalize(q);
    assert_true(tables > 40);
}

int test_kept(void)
{
    const struct CMUnitTest tests[] = {WITH_FILE(every_column_about_a_person_is_told)};
    return UNIT_RUN(tests);
}

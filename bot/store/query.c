#include "database.h"

#include <string.h>

#include "arena.h"
#include "err.h"
#include "kept.h"
#include "sqlite_database.h"

/* A code of ours among SQLite's: the statement would have committed on its own. */
enum { OUTSIDE_TRANSACTION = -2 };

static sqlite3_stmt *prepared(struct database *d, enum statement statement, int *code)
{
    sqlite3_stmt **kept = &d->cached[statement];

    if (*kept == NULL)
        *code = sqlite3_prepare_v3(d->sqlite, statement_text[statement].sql, -1, SQLITE_PREPARE_PERSISTENT,
                                   kept, NULL);
    return *kept;
}

void query_start(struct query *q, struct database *d, enum statement statement)
{
    *q = (struct query){.database = d, .statement = statement};
    q->stmt = prepared(d, statement, &q->code);
    if (q->stmt == NULL || statement == SQL_BEGIN || database_in_transaction(d)) return;
    /* A savepoint counts as reading, and would start a transaction of its own. */
    if (statement == SQL_MARK || !sqlite3_stmt_readonly(q->stmt)) q->code = OUTSIDE_TRANSACTION;
}

static void bound(struct query *q, int code)
{
    if (q->code == SQLITE_OK) q->code = code;
}

void query_number(struct query *q, int64_t n)
{
    bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, n));
}

void query_bytes(struct query *q, const char *text, size_t n)
{
    bound(q, sqlite3_bind_text64(q->stmt, ++q->bound, text, n, SQLITE_STATIC, SQLITE_UTF8));
}

void query_text(struct query *q, const char *text)
{
    query_bytes(q, text, text == NULL ? 0 : strlen(text));
}

void query_end(struct query *q)
{
    if (q->stmt == NULL) return;
    (void)sqlite3_reset(q->stmt);
    (void)sqlite3_clear_bindings(q->stmt); /* the texts were only borrowed */
    q->stmt = NULL;
}

static int query_fail(struct query *q, struct err *e)
{
    const char *doing = statement_text[q->statement].doing;

    /* Told before the reset, while SQLite still has words for it. */
    if (q->code == OUTSIDE_TRANSACTION)
        (void)err_set(e, "database %s: outside a transaction, or after its end by an error, while %s",
                      q->database->path, doing);
    else
        (void)database_fail(q->database, q->code, doing, e);
    query_end(q);
    return -1;
}

int query_row(struct query *q, struct err *e)
{
    if (q->code == SQLITE_OK) {
        int code = sqlite3_step(q->stmt);
        if (code == SQLITE_ROW) return 1;
        if (code != SQLITE_DONE) q->code = code;
    }
    if (q->code != SQLITE_OK) return query_fail(q, e);
    query_end(q);
    return 0;
}

int64_t query_get_number(const struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

const char *query_get_text(const struct query *q, int column, size_t *n)
{
    const char *text = (const char *)sqlite3_column_text(q->stmt, column);
    if (n != NULL) *n = (size_t)sqlite3_column_bytes(q->stmt, column);
    return text;
}

size_t query_columns(const struct query *q)
{
    return (size_t)sqlite3_column_count(q->stmt);
}

struct kept_value query_value(const struct query *q, int column)
{
    struct kept_value v = {.name = sqlite3_column_name(q->stmt, column)};

    switch (sqlite3_column_type(q->stmt, column)) {
    case SQLITE_NULL: v.nothing = true; break;
    case SQLITE_INTEGER: v.number = query_get_number(q, column); break;
    default: v.text = query_get_text(q, column, NULL); break;
    }
    return v;
}

const char *query_keep(const struct query *q, int column, struct arena *a, bool *failed)
{
    const char *text = query_get_text(q, column, NULL);
    char *copy = text == NULL ? NULL : arena_strdup(a, text);

    *failed = *failed || (text != NULL && copy == NULL);
    return copy;
}

int query_no_memory(struct query *q, struct err *e)
{
    query_end(q);
    return err_set(e, "%s: out of memory", statement_text[q->statement].doing);
}

int query_run(struct query *q, struct err *e)
{
    int rc = query_row(q, e);
    if (rc == 1) query_end(q);
    return rc < 0 ? -1 : 0;
}

int query_changed(struct query *q, size_t *rows, struct err *e)
{
    if (query_run(q, e) != 0) return -1;
    *rows = (size_t)sqlite3_changes(q->database->sqlite);
    return 0;
}

int query_insert(struct query *q, int64_t *id, struct err *e)
{
    size_t rows;

    if (query_changed(q, &rows, e) != 0) return -1;
    if (rows == 0) return 0;
    *id = sqlite3_last_insert_rowid(q->database->sqlite);
    return 1;
}

int query_first(struct query *q, int64_t *number, struct err *e)
{
    int rc = query_row(q, e);
    if (rc != 1) return rc;
    *number = query_get_number(q, 0);
    query_end(q);
    return 1;
}

int query_first_text(struct query *q, struct arena *a, const char **out, struct err *e)
{
    bool failed = false;
    int rc = query_row(q, e);

    if (rc != 1) return rc;
    *out = query_keep(q, 0, a, &failed);
    if (failed) return query_no_memory(q, e);
    query_end(q);
    return 1;
}

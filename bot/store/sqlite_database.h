/* sqlite_database.h -- what the modules that speak SQLite share; nobody else includes it. */
#ifndef SQLITE_DATABASE_H
#define SQLITE_DATABASE_H

#include <sqlite3.h>

#include "database.h"

struct database {
    sqlite3 *sqlite;
    char *path;                        /* as in the URL, for errors */
    sqlite3_stmt *cached[STATEMENT_N]; /* prepared on first use     */
};

/* database_fail(d, code, doing, e): "database PATH: disk full (SQLITE_FULL) while DOING". -1. */
int database_fail(struct database *d, int code, const char *doing, struct err *e);

/* database_exec(d, sql, doing, e): statements without values or results. */
int database_exec(struct database *d, const char *sql, const char *doing, struct err *e);

/* database_ask(d, sql, doing, out, e): the first column of the first row, which must be there. */
int database_ask(struct database *d, const char *sql, const char *doing, sqlite3_int64 *out, struct err *e);

#endif

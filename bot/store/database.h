/* database.h -- the engine beneath the store: it keeps bytes, counts nothing, knows no contact.
 *
 * The rest of the room asks by the names of statement.h and never sees SQLite; another engine
 * offers these same functions. One thread at a time. */
#ifndef DATABASE_H
#define DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statement.h"

struct arena;
struct database;
struct err;
struct sqlite3_stmt;

/* database_open(path, out, e): made when missing, brought up to date when older. Refused and
 * left as it is: newer, damaged, somebody else's, held by another process. */
int database_open(const char *path, struct database **out, struct err *e);
void database_close(struct database *d); /* NULL is fine; an open transaction is rolled back */

bool database_in_transaction(const struct database *d);

/* After deleting, the old bytes may still stand in the write-ahead log, and copies of them in
 * the unused middle of a page that was once rebalanced (secure_delete does not reach those:
 * only VACUUM, which writes every page anew). Both outside a transaction. */
int database_empty_log(struct database *d, struct err *e);
int database_rewrite(struct database *d, struct err *e);

int64_t database_size(struct database *d, struct err *e); /* bytes on disk, -1 on error */

/* ---- one use of a statement ----
 *
 * Values are bound in the order of the statement's ?1, ?2 …; texts are borrowed until the end
 * of the use. A failure on the way is remembered and told by the call that runs. A statement
 * that changes something is refused outside a transaction. */
struct query {
    struct database *database;
    struct sqlite3_stmt *stmt;
    enum statement statement;
    int bound, code; /* code: the first failure */
};

void query_start(struct query *q, struct database *d, enum statement statement);
void query_number(struct query *q, int64_t n);
void query_text(struct query *q, const char *text); /* NULL binds NULL */
void query_bytes(struct query *q, const char *text, size_t n);

/* query_row(q, e): 1 with a row to read, 0 when there are no more, -1. 0 and -1 end the use;
 * who stops before that calls query_end. */
int query_row(struct query *q, struct err *e);
int64_t query_get_number(const struct query *q, int column);
const char *query_get_text(const struct query *q, int column, size_t *n); /* NULL for NULL; `n` may be NULL */
void query_end(struct query *q);

/* query_columns(q), query_value(q, column): a row of which only the statement knows the columns. */
struct kept_value;
size_t query_columns(const struct query *q);
struct kept_value query_value(const struct query *q, int column);

/* query_keep(q, column, a, failed): a text of the row at hand, in the arena; NULL for NULL. `*failed` is
 * set when memory ran out. */
const char *query_keep(const struct query *q, int column, struct arena *a, bool *failed);
int query_no_memory(struct query *q, struct err *e); /* ends the use; -1 */

/* These run and end the use. */
int query_run(struct query *q, struct err *e);                    /* 0, -1                           */
int query_changed(struct query *q, size_t *rows, struct err *e);  /* 0 with how many it changed, -1  */
int query_insert(struct query *q, int64_t *id, struct err *e);    /* 1 with its id, 0 not added, -1  */
int query_first(struct query *q, int64_t *number, struct err *e); /* 1 with the first column, 0, -1  */
int query_first_text(struct query *q, struct arena *a, const char **out,
                     struct err *e); /* likewise, a text */

#endif

#include "ledger.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "err.h"

int ledger_read(const char *path, struct ledger *out, struct err *e)
{
    static const char question[] =
        "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM inbox WHERE state = 'done'),"
        " (SELECT count(*) FROM outbox),"
        " (SELECT count(*) FROM outbox WHERE state IN ('sent', 'delivered', 'read')),"
        " (SELECT count(*) FROM outbox WHERE state = 'read')";
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    struct stat file;
    int rc = -1;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, question, -1, &stmt, NULL) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW) {
        (void)err_set(e, "%s: %s", path, db == NULL ? "out of memory" : sqlite3_errmsg(db));
    } else {
        *out = (struct ledger){.inbox = sqlite3_column_int64(stmt, 0),
                               .inbox_done = sqlite3_column_int64(stmt, 1),
                               .outbox = sqlite3_column_int64(stmt, 2),
                               .outbox_sent = sqlite3_column_int64(stmt, 3),
                               .outbox_read = sqlite3_column_int64(stmt, 4),
                               .bytes = stat(path, &file) == 0 ? (int64_t)file.st_size : -1};
        rc = 0;
    }
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(db);
    return rc;
}

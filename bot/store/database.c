#include "database.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "fault_point.h"
#include "log.h"
#include "migrate.h"
#include "sqlite_database.h"

/* Another process that is just closing it gets this long; one that stays is an error. */
enum { BUSY_MS = 250 };

/* EXCLUSIVE: one process owns the file, so no -shm, no locking per transaction, and emptying
 * the log after an erasure is never stopped by a reader. FULL: a commit is on disk when it
 * returns. No mmap: an I/O error would be a signal there, not an error.
 *
 * A sync that failed may have dropped what was to be written, and the next one succeed all the same (Linux
 * marks such pages clean). The log bears that without being opened anew: the failed commit does not
 * count, the next one writes its frames over it and syncs those; and the database file is written again from
 * the log, which is kept until a sync of the file succeeded. To read the log again would be worse: it
 * would take the failed commit for a good one. */
static const char settings[] =
    "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
    "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0; PRAGMA cache_size = -4096";

static const struct {
    int code;
    const char *name, *words;
} troubles[] = {
    {SQLITE_BUSY, "SQLITE_BUSY", "held by another process"},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN", "cannot be opened"},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT", "damaged, put a backup in its place"},
    {SQLITE_FULL, "SQLITE_FULL", "disk full"},
    {SQLITE_IOERR, "SQLITE_IOERR", "disk error"},
    {SQLITE_NOMEM, "SQLITE_NOMEM", "out of memory"},
    {SQLITE_NOTADB, "SQLITE_NOTADB", "not a database, or damaged: put a backup in its place"},
    {SQLITE_PERM, "SQLITE_PERM", "not permitted"},
    {SQLITE_READONLY, "SQLITE_READONLY", "cannot be written"},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG", "a text is too long"},
};

int database_fail(struct database *d, int code, const char *doing, struct err *e)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (troubles[i].code == (code & 0xff))
            return err_set(e, "database %s: %s (%s) while %s", d->path, troubles[i].words, troubles[i].name,
                           doing);
    /* SQLite's own words name tables and columns, never values. */
    return err_set(e, "database %s: %s (SQLite error %d) while %s", d->path, sqlite3_errmsg(d->sqlite), code,
                   doing);
}

int database_exec(struct database *d, const char *sql, const char *doing, struct err *e)
{
    int code = sqlite3_exec(d->sqlite, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : database_fail(d, code, doing, e);
}

int database_ask(struct database *d, const char *sql, const char *doing, sqlite3_int64 *out, struct err *e)
{
    sqlite3_stmt *stmt = NULL;

    int code = sqlite3_prepare_v2(d->sqlite, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) *out = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return code == SQLITE_ROW ? 0 : database_fail(d, code, doing, e);
}

/* Every directory of the path that is missing, for the owner alone. */
static int make_directories(const char *path, struct err *e)
{
    char *part = strdup(path);
    int rc = 0;

    if (part == NULL) return err_set(e, "database %s: out of memory", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL && rc == 0; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            (void)err_errno(e, part, errno);
            rc = err_wrap(e, "database %s: cannot make the directory", path);
        }
        *slash = '/';
    }
    free(part);
    return rc;
}

static int64_t bytes_of(const char *path)
{
    struct stat file;

    return stat(path, &file) == 0 ? file.st_size : 0;
}

/* SQLite deletes the log of a file that is empty. What is in it was committed, and its file was lost. */
static int refuse_lost_file(const char *path, struct err *e)
{
    char log[PATH_MAX];

    if (bytes_of(path) > 0 || snprintf(log, sizeof log, "%s-wal", path) >= (int)sizeof log) return 0;
    if (bytes_of(log) == 0) return 0;
    return err_set(e,
                   "database %s: is empty, but its log is not: put both back from a backup, or move %s away",
                   path, log);
}

/* SQLite would make the file as the umask says. An existing one is not opened here: closing it
 * would drop every lock that this process holds on it (POSIX, fcntl). */
static int make_file(const char *path, struct err *e)
{
    if (make_directories(path, e) != 0) return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) return close(fd);
    if (errno == EEXIST) return 0;
    (void)err_errno(e, "cannot be made", errno);
    return err_wrap(e, "database %s", path);
}

static bool in_memory(const struct database *d)
{
    return strcmp(d->path, ":memory:") == 0;
}

/* Whoever put it there, or the umask of another program, may have let others read it. */
static int make_private(const char *path, struct err *e)
{
    const mode_t others = S_IRWXG | S_IRWXO;
    struct stat file;

    if (stat(path, &file) != 0) return errno == ENOENT ? 0 : err_errno(e, path, errno);
    if ((file.st_mode & others) == 0) return 0;
    if (chmod(path, 0600) != 0) return err_errno(e, path, errno);
    log_warn("store", "file=\"%s\" mode=%04o effect=\"others could read it; it is 0600 now\"", path,
             (unsigned)(file.st_mode & 07777));
    return 0;
}

static int make_all_private(const struct database *d, struct err *e)
{
    char log[PATH_MAX];

    if (in_memory(d)) return 0;
    int n = snprintf(log, sizeof log, "%s-wal", d->path);
    if (n < 0 || (size_t)n >= sizeof log) return err_set(e, "database %s: its path is too long", d->path);
    return make_private(d->path, e) != 0 ? -1 : make_private(log, e);
}

/* The log is left as it is, should the file be refused. */
static int open_settled(struct database *d, struct err *e)
{
    static const char doing[] = "opening it";
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (in_memory(d) ? SQLITE_OPEN_MEMORY : 0);

    int code = sqlite3_open_v2(d->path, &d->sqlite, flags, NULL);
    if (code != SQLITE_OK) return database_fail(d, code, doing, e);
    (void)sqlite3_busy_timeout(d->sqlite, BUSY_MS);
    (void)sqlite3_db_config(d->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (database_exec(d, "PRAGMA locking_mode = EXCLUSIVE", doing, e) != 0) return -1;
    if (database_exec(d, settings, doing, e) != 0) return -1;
    if (migrate(d, e) != 0) return -1;
    FAULT_POINT("file-ready");
    (void)sqlite3_db_config(d->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return make_all_private(d, e);
}

int database_open(const char *path, struct database **out, struct err *e)
{
    *out = NULL;
    struct database *d = calloc(1, sizeof *d);
    if (d == NULL || (d->path = strdup(path)) == NULL) {
        free(d);
        return err_set(e, "database %s: out of memory", path);
    }
    if ((!in_memory(d) && (refuse_lost_file(path, e) != 0 || make_file(path, e) != 0)) ||
        open_settled(d, e) != 0) {
        database_close(d);
        return -1;
    }
    *out = d;
    return 0;
}

void database_close(struct database *d)
{
    if (d == NULL) return;
    for (size_t i = 0; i < STATEMENT_N; i++) (void)sqlite3_finalize(d->cached[i]);
    (void)sqlite3_close(d->sqlite);
    free(d->path);
    free(d);
}

bool database_in_transaction(const struct database *d)
{
    return sqlite3_get_autocommit(d->sqlite) == 0;
}

int database_empty_log(struct database *d, struct err *e)
{
    static const char doing[] = "emptying its log";
    sqlite3_int64 busy = 0;

    if (database_ask(d, "PRAGMA wal_checkpoint(TRUNCATE)", doing, &busy, e) != 0) return -1;
    return busy == 0 ? 0 : database_fail(d, SQLITE_BUSY, doing, e);
}

int database_rewrite(struct database *d, struct err *e)
{
    return database_exec(d, "VACUUM", "rewriting it", e);
}

int64_t database_size(struct database *d, struct err *e)
{
    static const char doing[] = "measuring it";
    sqlite3_int64 pages = 0, page = 0;
    struct stat file;

    if (!in_memory(d)) {
        if (stat(d->path, &file) == 0) return file.st_size;
        return err_errno(e, d->path, errno);
    }
    if (database_ask(d, "PRAGMA page_count", doing, &pages, e) != 0) return -1;
    if (database_ask(d, "PRAGMA page_size", doing, &page, e) != 0) return -1;
    return pages * page;
}

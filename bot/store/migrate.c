#include "migrate.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "err.h"
#include "fault_point.h"
#include "sqlite_database.h"

/* "mlwz", so that `file` and we can tell our databases from anybody's (PRAGMA application_id). */
enum { APPLICATION_ID = 0x6d6c777a };

/* Reading every page of a larger file at each start would cost more than the start may take
 * (150 ms); damage there shows when the page is used. */
enum { CHECK_BYTES_MAX = 32 << 20 };

/* Rows are told from one another by id, kept small and written often, so texts come last.
 *
 * inbox.seen is a keyed hash of channel and platform id: a WhatsApp id carries the sender's number
 * in base64, and must outlive the sender's erasure (siphash.h). outbox ids are never used twice,
 * because trackers of dropped rows may still come back in a status. contact.receipt_*: where the
 * receipt of an erasure goes once the aliases are gone. */
static const char *const steps[] = {
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE contact ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " heard_ms INTEGER NOT NULL,"
    " erased_ms INTEGER NOT NULL DEFAULT 0,"
    " receipt_phone TEXT, receipt_user_id TEXT, receipt_parent_id TEXT) STRICT;"
    "CREATE INDEX contact_heard ON contact (heard_ms);"
    "CREATE INDEX contact_erased ON contact (erased_ms) WHERE erased_ms > 0;"

    "CREATE TABLE alias ("
    " channel TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,"
    " contact INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,"
    " since_ms INTEGER NOT NULL," /* the newest of a kind is where replies go */
    " PRIMARY KEY (channel, kind, value)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX alias_contact ON alias (contact, channel, since_ms);"

    "CREATE TABLE chat ("
    " id INTEGER PRIMARY KEY,"
    " contact INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,"
    " account TEXT NOT NULL,"
    " wrote_ms INTEGER NOT NULL DEFAULT 0,"
    " updated_ms INTEGER NOT NULL DEFAULT 0,"
    " text TEXT,"
    " UNIQUE (contact, account)) STRICT;"

    "CREATE TABLE inbox ("
    " id INTEGER PRIMARY KEY,"
    " seen INTEGER NOT NULL UNIQUE,"
    " channel TEXT NOT NULL,"
    " taken_ms INTEGER NOT NULL,"
    " state TEXT NOT NULL,"
    " contact INTEGER,"
    " reason TEXT,"
    " raw TEXT) STRICT;"
    "CREATE INDEX inbox_contact ON inbox (contact) WHERE contact IS NOT NULL;"
    "CREATE INDEX inbox_text ON inbox (taken_ms) WHERE raw IS NOT NULL;"
    "CREATE INDEX inbox_key ON inbox (taken_ms) WHERE raw IS NULL;"
    "CREATE INDEX inbox_stray ON inbox (taken_ms)"
    " WHERE raw IS NOT NULL AND contact IS NULL AND state IN ('skipped', 'failed');"

    "CREATE TABLE outbox ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " contact INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,"
    " channel TEXT NOT NULL,"
    " account TEXT NOT NULL,"
    " state TEXT NOT NULL,"
    " attempt INTEGER NOT NULL DEFAULT 0,"
    " replaceable INTEGER NOT NULL,"
    " billed INTEGER NOT NULL DEFAULT 0,"
    " code INTEGER NOT NULL DEFAULT 0,"
    " created_ms INTEGER NOT NULL,"
    " changed_ms INTEGER NOT NULL,"
    " next_try_ms INTEGER," /* NULL: finished, nothing more to try */
    " platform_id TEXT,"
    " detail TEXT,"
    " content TEXT) STRICT;"
    "CREATE INDEX outbox_contact ON outbox (contact);"
    "CREATE INDEX outbox_unfinished ON outbox (contact) WHERE next_try_ms IS NOT NULL;"
    "CREATE INDEX outbox_waiting ON outbox (next_try_ms) WHERE state IN ('due', 'unsure');"
    "CREATE INDEX outbox_platform ON outbox (platform_id) WHERE platform_id IS NOT NULL;"
    "CREATE INDEX outbox_text ON outbox (created_ms) WHERE content IS NOT NULL;",

    /* 2: typed texts that wait for the rest of a thought. */
    "CREATE TABLE held ("
    " id INTEGER PRIMARY KEY,"
    " contact INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,"
    " channel TEXT NOT NULL,"
    " account TEXT NOT NULL,"
    " inbox INTEGER NOT NULL,"
    " held_ms INTEGER NOT NULL,"
    " due_ms INTEGER NOT NULL," /* of the whole thought, so the same in all its rows */
    " sent_ms INTEGER NOT NULL,"
    " platform_id TEXT NOT NULL,"
    " our_number TEXT,"
    " name TEXT,"
    " text TEXT NOT NULL) STRICT;"
    "CREATE INDEX held_contact ON held (contact, account);"
    "CREATE INDEX held_due ON held (due_ms);",

    /* 3: who has the chat, what the clock must do, and the human's desk. */
    "ALTER TABLE chat ADD COLUMN holder TEXT NOT NULL DEFAULT 'bot';"
    "ALTER TABLE chat ADD COLUMN holder_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE chat ADD COLUMN wake_ms INTEGER;"
    "ALTER TABLE chat ADD COLUMN words_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE chat ADD COLUMN name TEXT;"
    "ALTER TABLE chat ADD COLUMN words TEXT;"
    "CREATE INDEX chat_wake ON chat (wake_ms) WHERE wake_ms IS NOT NULL;"
    "CREATE INDEX chat_waiting ON chat (holder_ms) WHERE holder <> 'bot';"
    "CREATE INDEX chat_words ON chat (words_ms) WHERE words IS NOT NULL;"

    "ALTER TABLE outbox ADD COLUMN human INTEGER NOT NULL DEFAULT 0;" /* 2: and she knows how it fared */
    "ALTER TABLE outbox ADD COLUMN about INTEGER;"                    /* whom a row to the desk is about */
    "ALTER TABLE outbox ADD COLUMN about_account TEXT;"
    "CREATE INDEX outbox_untold ON outbox (id) WHERE human = 1"
    " AND (state = 'dead' OR next_try_ms = 9223372036854775807);"
    "CREATE INDEX outbox_about ON outbox (about) WHERE about IS NOT NULL;"

    /* The key's columns first: quick_check of SQLite 3.40 finds NULLs in such a table otherwise. */
    "CREATE TABLE topic ("
    " desk TEXT NOT NULL,"
    " thread TEXT NOT NULL,"
    " contact INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,"
    " account TEXT NOT NULL,"
    " PRIMARY KEY (desk, thread)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX topic_contact ON topic (contact, account, desk);"

    "CREATE TABLE line ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " contact INTEGER REFERENCES contact (id) ON DELETE CASCADE," /* NULL: about nobody */
    " account TEXT,"
    " added_ms INTEGER NOT NULL,"
    " buttons INTEGER NOT NULL,"
    " name TEXT,"
    " media TEXT,"
    " text TEXT NOT NULL) STRICT;"
    "CREATE INDEX line_contact ON line (contact);"
    "CREATE INDEX line_added ON line (added_ms);",

    /* 4: how fast a person writes, how much was said to them, and what waits for them to calm down. */
    "ALTER TABLE chat ADD COLUMN wrote_tally_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE chat ADD COLUMN said_tally_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE chat ADD COLUMN flood TEXT NOT NULL DEFAULT 'calm';"
    "ALTER TABLE held ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;" /* messages it stands in for */
    "ALTER TABLE held ADD COLUMN choice TEXT;",                      /* a tap: its button         */
};

enum { SCHEMA_VERSION = sizeof steps / sizeof *steps };

/* An empty file is ours to fill; a database with tables must carry our mark. */
static int refuse_others(struct database *d, sqlite3_int64 version, struct err *e)
{
    static const char doing[] = "reading its version";
    sqlite3_int64 application, tables;

    if (database_ask(d, "PRAGMA application_id", doing, &application, e) != 0) return -1;
    if (database_ask(d, "SELECT count(*) FROM sqlite_schema", doing, &tables, e) != 0) return -1;
    if (version > SCHEMA_VERSION && application == APPLICATION_ID)
        return err_set(e,
                       "database %s: has schema version %lld, this program knows up to %d: it was "
                       "used by a newer mailwijzer; use that one, or another database",
                       d->path, (long long)version, (int)SCHEMA_VERSION);
    if (application == APPLICATION_ID && version > 0) return 0;
    if (tables == 0 && version == 0) return 0;
    return err_set(e, "database %s: is not a database of mailwijzer", d->path);
}

static int refuse_damaged(struct database *d, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    struct stat file;

    if (stat(d->path, &file) == 0 && file.st_size > CHECK_BYTES_MAX) return 0;
    int code = sqlite3_prepare_v2(d->sqlite, "PRAGMA quick_check(1)", -1, &stmt, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(stmt);
    bool sound = code == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
    (void)sqlite3_finalize(stmt);
    if (code != SQLITE_ROW) return database_fail(d, code, "checking it", e);
    if (sound) return 0;
    return database_fail(d, SQLITE_CORRUPT, "checking it", e);
}

/* What is set before the first table stays with the file. auto_vacuum is off whatever the
 * distribution's default: the daily rewrite gives space back and this would cost on each page. */
static int prepare_file(struct database *d, struct err *e)
{
    return database_exec(d, "PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL", "preparing it", e);
}

static int climb(struct database *d, int version, struct err *e)
{
    static const char doing[] = "bringing its schema up to date";
    char mark[96];

    if (version == SCHEMA_VERSION) return 0;
    if (database_exec(d, "BEGIN IMMEDIATE", doing, e) != 0) return -1;
    for (int i = version; i < SCHEMA_VERSION; i++) {
        if (database_exec(d, steps[i], doing, e) != 0) goto undo;
        FAULT_POINT("schema-step");
    }
    (void)snprintf(mark, sizeof mark, "PRAGMA user_version = %d; PRAGMA application_id = %d",
                   (int)SCHEMA_VERSION, (int)APPLICATION_ID);
    if (database_exec(d, mark, doing, e) != 0) goto undo;
    FAULT_POINT("schema-marked");
    if (database_exec(d, "COMMIT", doing, e) == 0) return 0;
undo:
    if (database_in_transaction(d)) (void)database_exec(d, "ROLLBACK", doing, NULL);
    return -1;
}

int migrate(struct database *d, struct err *e)
{
    sqlite3_int64 version;

    if (database_ask(d, "PRAGMA user_version", "reading its version", &version, e) != 0) return -1;
    if (refuse_others(d, version, e) != 0) return -1;
    if (version > 0 && refuse_damaged(d, e) != 0) return -1;
    if (prepare_file(d, e) != 0) return -1;
    return climb(d, (int)version, e);
}

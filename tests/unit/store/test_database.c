#include "refused.h"

#include <sys/wait.h>

#include <sqlite3.h>

#include "arena.h"
#include "buf.h"

int test_database(void);

/* The log stays beside the file, as after a crash. */
static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void only_the_owner_can_read_what_it_makes(void **state)
{
    struct fixture *f = *state;
    char dir[100], path[120], wal[130], url[140];
    int64_t contact;
    const struct identity ana = {.channel = "whatsapp", .account = "1", .phone = "31612345678"};
    mode_t before = umask(0);

    (void)snprintf(dir, sizeof dir, "%s/data", f->dir);
    (void)snprintf(path, sizeof path, "%s/bot.db", dir);
    (void)snprintf(wal, sizeof wal, "%s-wal", path);
    (void)snprintf(url, sizeof url, "sqlite:%s", path);
    MUST(f, store_open(url, &f->s, &f->e));
    (void)umask(before);
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &ana, 1, &contact, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    assert_int_equal(mode_of(dir), 0700);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(wal), 0600);
    store_close(f->s);
    f->s = NULL;
    assert_int_equal(chmod(path, 0644), 0);
    MUST(f, store_open(url, &f->s, &f->e));
    assert_int_equal(mode_of(path), 0600);
    (void)unlink(path);
    (void)unlink(wal);
    (void)rmdir(dir);
}

static void a_newer_schema_is_refused_and_untouched(void **state)
{
    struct fixture *f = *state;
    MUST(f, store_open(f->url, &f->s, &f->e));
    store_close(f->s);
    f->s = NULL;
    run_sql(f->path, "PRAGMA user_version = 42");
    struct stat log;
    assert_int_equal(stat(f->wal, &log), 0);
    assert_true(log.st_size > 0); /* the new version stands in the log alone */
    assert_refused(f, "schema version 42, this program knows up to 4");
}

/* From the newest schema to the first, by what each step added. */
static const char backwards[] =
    "ALTER TABLE chat DROP COLUMN flood; ALTER TABLE chat DROP COLUMN said_tally_ms;"
    "ALTER TABLE chat DROP COLUMN wrote_tally_ms;"
    "DROP TABLE line; DROP TABLE topic; DROP INDEX outbox_about; DROP INDEX outbox_untold;"
    "ALTER TABLE outbox DROP COLUMN about_account; ALTER TABLE outbox DROP COLUMN about;"
    "ALTER TABLE outbox DROP COLUMN human;"
    "DROP INDEX chat_words; DROP INDEX chat_waiting; DROP INDEX chat_wake;"
    "ALTER TABLE chat DROP COLUMN words; ALTER TABLE chat DROP COLUMN name;"
    "ALTER TABLE chat DROP COLUMN words_ms; ALTER TABLE chat DROP COLUMN wake_ms;"
    "ALTER TABLE chat DROP COLUMN holder_ms; ALTER TABLE chat DROP COLUMN holder;"
    "DROP TABLE held; PRAGMA user_version = 1";

/* What was there before there was a desk: the bot's chat, without a clock, and the bot's reply. */
static void assert_the_bots_as_before(struct fixture *f, int64_t contact)
{
    struct arena *a = arena_new(1024);
    struct buf text = {0};
    struct waiting_row *waiting;
    struct wake_next wake;
    struct outbox_row *row;
    size_t n;

    assert_non_null(a);
    assert_int_equal(store_conversation_load(f->s, contact, "1", &text, &f->e), 1);
    assert_string_equal(buf_text(&text), "state=team");
    MUST(f, store_waiting(f->s, a, &waiting, &n, &f->e));
    assert_int_equal(n, 0);
    assert_int_equal(store_wake_next(f->s, a, &wake, &f->e), 0);
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_outbox_claim(f->s, NULL, 9, 1, a, &row, &f->e));
    store_rollback(f->s);
    assert_string_equal(row->content, "dag");
    assert_false(row->human);
    assert_int_equal(row->about.contact, 0);
    buf_free(&text);
    arena_free(a);
}

/* The road from the first version that was ever used, with somebody in it. */
static void an_older_schema_is_brought_up_to_date_and_keeps_what_it_holds(void **state)
{
    struct fixture *f = *state;
    const struct identity ana = {.channel = "whatsapp", .account = "1", .phone = "31612345678"};
    const struct held_new text = {
        .contact = 1, .channel = "whatsapp", .account = "1", .platform_id = "wamid.A1", .text = "hoi"};
    const struct conversation_row row = {.text = "state=team", .n = 10, .now_ms = 5};
    const struct outbox_new reply = {.contact = 1, .channel = "whatsapp", .account = "1", .content = "dag"};
    int64_t contact = 0, id;

    MUST(f, store_open(f->url, &f->s, &f->e));
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &ana, 1, &contact, &f->e));
    MUST(f, store_conversation_save(f->s, contact, "1", &row, &f->e));
    MUST(f, store_outbox_add(f->s, &reply, &id, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    store_close(f->s);
    run_sql(f->path, backwards);
    MUST(f, store_open(f->url, &f->s, &f->e));
    assert_int_equal(store_contact_find(f->s, "whatsapp", "31612345678", &contact, &f->e), 1);
    assert_int_equal(contact, text.contact);
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_held_add(f->s, &text, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    assert_the_bots_as_before(f, contact);
    store_close(f->s);
    MUST(f, store_open(f->url, &f->s, &f->e)); /* and once is enough */
}

static void somebody_elses_database_is_refused_and_untouched(void **state)
{
    struct fixture *f = *state;
    run_sql(f->path, "CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('soup')");
    assert_refused(f, "is not a database of mailwijzer");
}

static void what_is_no_database_is_refused_and_untouched(void **state)
{
    struct fixture *f = *state;
    FILE *out = fopen(f->path, "wb");
    assert_non_null(out);
    for (int i = 0; i < 500; i++) assert_true(fputs("This is a diary, not a database. ", out) >= 0);
    assert_int_equal(fclose(out), 0);
    assert_refused(f, "SQLITE_NOTADB");
}

static void a_damaged_database_is_refused_and_kept(void **state)
{
    struct fixture *f = *state;
    static const char scratch[] = "########################################";
    MUST(f, store_open(f->url, &f->s, &f->e));
    store_close(f->s);
    f->s = NULL;
    FILE *out = fopen(f->path, "r+b");
    assert_non_null(out);
    /* The last page, which nothing reads at the start: an index. */
    assert_int_equal(fseek(out, -4096, SEEK_END), 0);
    assert_int_equal(fwrite(scratch, 1, sizeof scratch, out), sizeof scratch);
    assert_int_equal(fclose(out), 0);
    assert_refused(f, "damaged");
}

static void a_second_opener_in_the_same_process_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store *second;
    MUST(f, store_open(f->url, &f->s, &f->e));
    assert_int_equal(store_open(f->url, &second, &f->e), -1);
    assert_non_null(strstr(f->e.text, "held by another process"));
    assert_null(second);
    /* and the first one goes on */
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_commit(f->s, &f->e));
}

/* The child's half: holds the database until its other end of the pipe closes. */
static void hold(const struct fixture *f, int tell, int until)
{
    struct store *s;
    char word;
    if (store_open(f->url, &s, NULL) != 0 || write(tell, "!", 1) != 1) _exit(1);
    _exit(read(until, &word, 1) < 0);
}

static void a_second_process_is_refused_until_the_first_is_gone(void **state)
{
    struct fixture *f = *state;
    int told[2], until[2], status;
    char word;

    assert_int_equal(pipe(told), 0);
    assert_int_equal(pipe(until), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)close(until[1]);
        hold(f, told[1], until[0]);
    }
    (void)close(told[1]);
    (void)close(until[0]);
    assert_int_equal(read(told[0], &word, 1), 1);
    assert_int_equal(store_open(f->url, &f->s, &f->e), -1);
    assert_non_null(strstr(f->e.text, "held by another process"));

    (void)close(until[1]); /* the child dies without closing its store */
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    (void)close(told[0]);
    MUST(f, store_open(f->url, &f->s, &f->e));
}

static void a_path_that_cannot_be_is_named(void **state)
{
    struct fixture *f = *state;
    char url[200];
    FILE *out = fopen(f->path, "wb");
    assert_non_null(out);
    assert_int_equal(fclose(out), 0);
    (void)snprintf(url, sizeof url, "sqlite:%s/below/bot.db", f->path);
    assert_int_equal(store_open(url, &f->s, &f->e), -1);
    assert_non_null(strstr(f->e.text, "Not a directory"));
    (void)snprintf(url, sizeof url, "sqlite:%s", f->dir);
    assert_int_equal(store_open(url, &f->s, &f->e), -1);
    assert_non_null(strstr(f->e.text, "SQLITE_CANTOPEN"));
}

int test_database(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(only_the_owner_can_read_what_it_makes),
        WITH_FILE(a_newer_schema_is_refused_and_untouched),
        WITH_FILE(an_older_schema_is_brought_up_to_date_and_keeps_what_it_holds),
        WITH_FILE(somebody_elses_database_is_refused_and_untouched),
        WITH_FILE(what_is_no_database_is_refused_and_untouched),
        WITH_FILE(a_damaged_database_is_refused_and_kept),
        WITH_FILE(a_second_opener_in_the_same_process_is_refused),
        WITH_FILE(a_second_process_is_refused_until_the_first_is_gone),
        WITH_FILE(a_path_that_cannot_be_is_named),
    };
    return UNIT_RUN(tests);
}

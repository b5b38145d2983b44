/* Files that something has spoiled: what is told, and that nothing makes it worse. */
#include "refused.h"

#include <sys/wait.h>

#include <sqlite3.h>

#include "arena.h"

int test_damage(void);

enum { PAGE = 4096, PEOPLE = 40 };

/* A file of some size, with people in it; its log is empty. */
static struct buf used_file(struct fixture *f)
{
    char content[900], phone[32];
    struct outbox_new row = {.channel = "whatsapp", .account = "1", .content = content};
    int64_t id;

    memset(content, 'x', sizeof content - 1);
    content[sizeof content - 1] = '\0';
    MUST(f, store_open(f->url, &f->s, &f->e));
    MUST(f, store_begin(f->s, &f->e));
    for (int i = 0; i < PEOPLE; i++) {
        (void)snprintf(phone, sizeof phone, "316%08d", i);
        const struct identity who = {.channel = "whatsapp", .account = "1", .phone = phone};
        MUST(f, store_contact_resolve(f->s, &who, 1, &row.contact, &f->e));
        MUST(f, store_outbox_add(f->s, &row, &id, &f->e));
    }
    MUST(f, store_commit(f->s, &f->e));
    store_close(f->s);
    f->s = NULL;
    struct buf bytes = read_file(f->path);
    assert_true(bytes.len > 20 * PAGE);
    return bytes;
}

/* ---- the file ---- */

/* Bytes [at, at + n) become '#', then all from `size` on goes; size 0: nothing goes. */
static const struct {
    const char *what, *why;
    size_t at, n, size;
} damages[] = {
    {"the first line", "not a database, or damaged: put a backup in its place", 0, 16, 0},
    {"the size of its pages", "not a database, or damaged: put a backup in its place", 16, 2, 0},
    {"the schema", "damaged, put a backup in its place", 100, PAGE - 100, 0},
    {"a page in the middle", "damaged, put a backup in its place", 10 * PAGE, PAGE, 0},
    {"a page of an index", "damaged, put a backup in its place", 4 * PAGE, 200, 0},
    {"the second half is gone", "damaged, put a backup in its place", 0, 0, 10 * PAGE},
    {"cut in the middle of a page", "damaged, put a backup in its place", 0, 0, 10 * PAGE + 1000},
    {"all but its first line is gone", "backup in its place", 0, 0, 60},
};

static void a_spoiled_file_is_refused_and_kept(void **state)
{
    struct fixture *f = *state;
    struct buf whole = used_file(f), spoiled = {0};

    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        buf_clear(&spoiled);
        buf_add(&spoiled, whole.data, whole.len);
        memset(spoiled.data + damages[i].at, '#', damages[i].n);
        if (damages[i].size > 0) spoiled.len = damages[i].size;
        print_message("# %s\n", damages[i].what);
        write_file(f->path, spoiled.data, spoiled.len);
        assert_refused(f, damages[i].why);
    }
    buf_free(&whole);
    buf_free(&spoiled);
}

static void a_file_of_nothing_but_zeros_is_refused_and_kept(void **state)
{
    struct fixture *f = *state;
    char zeros[3 * PAGE] = {0};

    write_file(f->path, zeros, sizeof zeros);
    assert_refused(f, "put a backup in its place");
}

/* A file that we made and were killed before filling it. */
static void an_empty_file_is_filled(void **state)
{
    struct fixture *f = *state;

    write_file(f->path, "", 0);
    MUST(f, store_open(f->url, &f->s, &f->e));
}

/* ---- the log ---- */

/* Copies of both files as a kill -9 leaves them: the log holds all. */
static void killed(struct fixture *f, struct buf *file, struct buf *log)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        if (store_open(f->url, &f->s, NULL) != 0) _exit(1);
        for (int i = 0; i < 10; i++)
            if (store_begin(f->s, NULL) != 0 ||
                store_note_set(f->s, "last", (char[]){(char)('0' + i), '\0'}, NULL) != 0 ||
                store_commit(f->s, NULL) != 0)
                _exit(2);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    *file = read_file(f->path);
    *log = read_file(f->wal);
    assert_true(log->len > 10 * PAGE);
}

/* Without its file a log is of no use to SQLite, which would delete it. */
static void a_log_without_its_file_is_refused_and_kept(void **state)
{
    struct fixture *f = *state;
    struct buf file, log;

    killed(f, &file, &log);
    write_file(f->path, "", 0);
    assert_refused(f, "is empty, but its log is not");
    assert_int_equal(unlink(f->path), 0);
    write_file(f->wal, log.data, log.len);
    assert_int_equal(store_open(f->url, &f->s, &f->e), -1);
    assert_non_null(strstr(f->e.text, "is empty, but its log is not"));
    struct buf after = read_file(f->wal);
    assert_int_equal(after.len, log.len);
    assert_memory_equal(after.data, log.data, log.len);
    buf_free(&file);
    buf_free(&log);
    buf_free(&after);
}

static int last_note(struct fixture *f)
{
    struct arena *a = arena_new(256);
    const char *last;

    assert_non_null(a);
    MUST(f, store_note(f->s, "last", a, &last, &f->e));
    int n = last == NULL ? -1 : *last - '0';
    arena_free(a);
    return n;
}

/* The end of a log that a loss of power tore cannot be told from one that something spoiled: up to there it
 * counts, commit by commit. */
static void a_spoiled_log_counts_up_to_the_damage(void **state)
{
    struct fixture *f = *state;
    struct buf file, log;
    const size_t frame = PAGE + 24;
    int last = 9;

    killed(f, &file, &log);
    for (size_t frames = log.len / frame; frames > 0 && last >= 0; frames--) {
        log.data[32 + (frames - 1) * frame + 100] ^= 1;
        write_file(f->path, file.data, file.len);
        write_file(f->wal, log.data, log.len);
        MUST(f, store_open(f->url, &f->s, &f->e));
        int now = last_note(f);
        assert_in_range(now + 1, 0, last + 1);
        last = now;
        store_close(f->s);
        f->s = NULL;
    }
    assert_int_equal(last, -1); /* it came to where there was none */
    buf_free(&file);
    buf_free(&log);
}

/* ---- held by somebody else ---- */

/* The child's half: holds the file as `sql` says until its other end of the pipe closes. */
static void hold(const struct fixture *f, const char *sql, int tell, int until)
{
    sqlite3 *db;
    char word;

    if (sqlite3_open(f->path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK ||
        write(tell, "!", 1) != 1)
        _exit(1);
    _exit(read(until, &word, 1) < 0);
}

static void one_that_another_program_holds_is_refused_until_it_lets_go(void **state)
{
    static const char *const holds[] = {"BEGIN EXCLUSIVE", "BEGIN IMMEDIATE",
                                        "BEGIN; SELECT count(*) FROM contact",
                                        "PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM contact"};
    struct fixture *f = *state;
    struct buf bytes = used_file(f);

    buf_free(&bytes);
    for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
        int told[2], until[2], status;
        char word;
        assert_int_equal(pipe(told), 0);
        assert_int_equal(pipe(until), 0);
        pid_t child = fork();
        if (child == 0) {
            (void)close(until[1]);
            hold(f, holds[i], told[1], until[0]);
        }
        (void)close(told[1]);
        (void)close(until[0]);
        assert_int_equal(read(told[0], &word, 1), 1);
        assert_int_equal(store_open(f->url, &f->s, &f->e), -1);
        if (strstr(f->e.text, "held by another process (SQLITE_BUSY)") == NULL)
            fail_msg("%s: %s", holds[i], f->e.text);
        assert_non_null(strstr(f->e.text, f->path));
        (void)close(until[1]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        (void)close(told[0]);
        MUST(f, store_open(f->url, &f->s, &f->e));
        store_close(f->s);
        f->s = NULL;
    }
}

int test_damage(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(a_spoiled_file_is_refused_and_kept),
        WITH_FILE(a_file_of_nothing_but_zeros_is_refused_and_kept),
        WITH_FILE(an_empty_file_is_filled),
        WITH_FILE(a_log_without_its_file_is_refused_and_kept),
        WITH_FILE(a_spoiled_log_counts_up_to_the_damage),
        WITH_FILE(one_that_another_program_holds_is_refused_until_it_lets_go),
    };
    return UNIT_RUN(tests);
}

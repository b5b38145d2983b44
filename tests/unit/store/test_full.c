/* The disk that gives out in the middle. */
#include "sqlite_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "sqlite_database.h"
#include "store_self.h"

int test_full(void);

enum { ROWS_MAX = 10000 };

static const struct identity ana = {.channel = "whatsapp", .account = "1", .phone = "31612345678"};

/* Adds replies until the store says no; returns how many it took. Bounded. */
static int fill(struct fixture *f, int64_t contact)
{
    char content[2000];
    int64_t id;
    memset(content, 'x', sizeof content - 1);
    content[sizeof content - 1] = '\0';
    const struct outbox_new row = {
        .contact = contact, .channel = "whatsapp", .account = "1", .content = content};
    for (int i = 0; i < ROWS_MAX; i++)
        if (store_outbox_add(f->s, &row, &id, &f->e) != 0) return i;
    fail_msg("the disk never got full");
    return 0;
}

static int64_t rows_due(struct fixture *f)
{
    struct store_counts c;
    MUST(f, store_count(f->s, &c, &f->e));
    return c.outbox[OUTBOX_DUE];
}

static void limit_pages(struct fixture *f, int pages)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", pages);
    MUST(f, database_exec(f->s->database, sql, "testing", &f->e));
}

static void a_full_disk_is_told_and_the_store_stays_usable(void **state)
{
    struct fixture *f = *state;
    int64_t contact, id;
    const struct outbox_new row = {.channel = "whatsapp", .account = "1", .content = "small"};

    MUST(f, store_open(f->url, &f->s, &f->e));
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &ana, 1, &contact, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    limit_pages(f, 60);

    MUST(f, store_begin(f->s, &f->e));
    assert_true(fill(f, contact) > 0);
    char expected[300];
    (void)snprintf(expected, sizeof expected, "database %s: disk full (SQLITE_FULL) while storing a reply",
                   f->path);
    assert_string_equal(f->e.text, expected);
    store_rollback(f->s);
    assert_int_equal(rows_due(f), 0);

    struct outbox_new small = row;
    small.contact = contact;
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_outbox_add(f->s, &small, &id, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    assert_int_equal(rows_due(f), 1);
}

static void nothing_slips_through_after_a_failure(void **state)
{
    struct fixture *f = *state;
    int64_t contact, row;

    MUST(f, store_open(f->url, &f->s, &f->e));
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &ana, 1, &contact, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    limit_pages(f, 60);
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_mark(f->s, &f->e));
    assert_true(fill(f, contact) > 0);
    /* Whether SQLite ended the transaction or not: what a careless caller adds now is only there
     * if the whole is committed. */
    (void)store_inbox_add(f->s, "whatsapp", "wamid.A1", NULL, 1, &row, NULL);
    store_rollback(f->s);
    MUST(f, store_begin(f->s, &f->e));
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.A1", NULL, 1, &row, &f->e), 1);
    MUST(f, store_commit(f->s, &f->e));
    assert_int_equal(rows_due(f), 0);
}

/* In a child, because the limit on the size of files is the process's and can hit any of them. */
static void a_disk_that_fails_at_the_commit_leaves_nothing_of_it(void **state)
{
    struct fixture *f = *state;
    int status;

    pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {300000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
        int64_t contact, id;
        char content[1000];
        struct outbox_new row = {.channel = "whatsapp", .account = "1", .content = content};
        memset(content, 'x', sizeof content - 1);
        content[sizeof content - 1] = '\0';
        (void)signal(SIGXFSZ, SIG_IGN);
        if (store_open(f->url, &f->s, NULL) != 0 || store_begin(f->s, NULL) != 0) _exit(2);
        if (store_contact_resolve(f->s, &ana, 1, &contact, NULL) != 0 || store_commit(f->s, NULL) != 0)
            _exit(3);
        row.contact = contact;
        if (store_begin(f->s, NULL) != 0) _exit(4);
        for (int i = 0; i < 1000; i++)
            if (store_outbox_add(f->s, &row, &id, NULL) != 0) _exit(5);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(6);
        if (store_commit(f->s, &f->e) != -1) _exit(7);
        if (strstr(f->e.text, "(SQLITE_IOERR) while committing") == NULL) _exit(8);
        if (setrlimit(RLIMIT_FSIZE, &none) != 0) _exit(9);
        if (store_begin(f->s, NULL) != 0 || store_outbox_add(f->s, &row, &id, NULL) != 0) _exit(10);
        _exit(store_commit(f->s, NULL) == 0 ? 0 : 11);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
    MUST(f, store_open(f->url, &f->s, &f->e));
    assert_int_equal(rows_due(f), 1);
}

int test_full(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(a_full_disk_is_told_and_the_store_stays_usable),
        WITH_FILE(nothing_slips_through_after_a_failure),
        WITH_FILE(a_disk_that_fails_at_the_commit_leaves_nothing_of_it),
    };
    return UNIT_RUN(tests);
}

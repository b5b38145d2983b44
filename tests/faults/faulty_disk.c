/* The disk fails at every place where it can, once or from then on, in a day of the store's. */
#include "faults.h"

#include <unistd.h>

#include "disk.h"
#include "script.h"
#include "sqlite_database.h"
#include "store_self.h"

enum { CALLS_MAX = 1000, CACHE_PAGES = 6 };

/* A well store after each step, [0] before the first: what is in it, and its files. */
static struct {
    struct buf rows, file, log;
} after[SCRIPT_STEPS + 1];

/* A cache so small that a transaction of some size does not fit. */
static void start(struct script *x)
{
    char sql[64];

    (void)snprintf(sql, sizeof sql, "PRAGMA cache_size = %d", (int)CACHE_PAGES);
    if (store_open(x->url, &x->s, &x->e) != 0) fail_msg("%s", x->e.text);
    assert_int_equal(database_exec(x->s->database, sql, "testing", &x->e), 0);
}

static void assert_holds(struct store *s, int steps, const char *when)
{
    struct buf now = {0};

    disk_pause(true);
    script_dump(s, &now);
    disk_pause(false);
    if (strcmp(buf_text(&now), buf_text(&after[steps].rows)) != 0)
        fail_msg("%s: not what %d steps leave, but\n%s", when, steps, buf_text(&now));
    buf_free(&now);
}

static void read_file(const char *path, struct buf *out)
{
    char piece[4096];
    size_t n;
    FILE *in = fopen(path, "rb");

    if (in == NULL) return;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0) buf_add(out, piece, n);
    assert_int_equal(fclose(in), 0);
    assert_false(out->failed);
}

static void write_file(const char *path, const struct buf *bytes)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(buf_text(bytes), 1, bytes->len, out), bytes->len);
    assert_int_equal(fclose(out), 0);
}

static void image_paths(const struct script *x, char path[static 160], char wal[static 180])
{
    (void)snprintf(path, 160, "%s/image.db", x->dir);
    (void)snprintf(wal, 180, "%s-wal", path);
}

/* If the power went now: a new process finds what `least` steps leave, or what `most` do. */
static void assert_survives(const struct script *x, bool synced, int least, int most)
{
    char path[160], wal[180], url[180];
    struct store *s;
    struct err e;
    struct buf now = {0};

    image_paths(x, path, wal);
    (void)snprintf(url, sizeof url, "sqlite:%s", path);
    disk_pause(true);
    assert_true(disk_image(x->path, path, synced));
    if (!disk_image(x->wal, wal, synced)) (void)unlink(wal);
    if (store_open(url, &s, &e) != 0) fail_msg("after a loss of power: %s", e.text);
    script_sound(s);
    script_dump(s, &now);
    bool known = strcmp(buf_text(&now), buf_text(&after[least].rows)) == 0 ||
                 strcmp(buf_text(&now), buf_text(&after[most].rows)) == 0;
    if (!known) fail_msg("after a loss of power: neither %d nor %d steps:\n%s", least, most, buf_text(&now));
    store_close(s);
    disk_pause(false);
    buf_free(&now);
    (void)unlink(path);
    (void)unlink(wal);
}

static void keep(const struct script *x, int steps)
{
    char path[160], wal[180];

    image_paths(x, path, wal);
    script_dump(x->s, &after[steps].rows);
    assert_true(disk_image(x->path, path, false));
    if (!disk_image(x->wal, wal, false)) (void)unlink(wal);
    read_file(path, &after[steps].file);
    read_file(wal, &after[steps].log);
    (void)unlink(path);
    (void)unlink(wal);
}

static void what_is_committed_survives_a_loss_of_power(void **state)
{
    struct script x;

    (void)state;
    script_open(&x);
    start(&x);
    keep(&x, 0);
    for (int i = 0; i < SCRIPT_STEPS; i++) {
        if (script_step(&x, i) != 0) fail_msg("%s: %s", script_step_name(i), x.e.text);
        keep(&x, i + 1);
        assert_survives(&x, true, i + 1, i + 1);
        assert_survives(&x, false, i + 1, i + 1);
    }
    script_close(&x);
}

/* A store as so many steps left it. */
static void open_after(struct script *x, int steps)
{
    script_open(x);
    write_file(x->path, &after[steps].file);
    write_file(x->wal, &after[steps].log);
    start(x);
}

/* The step failed: it says where and at what, and nothing of it is there; when the trouble is over, it works. */
static void fail_step(struct script *x, enum disk_trouble t, int i)
{
    if (strstr(x->e.text, x->path) == NULL || strstr(x->e.text, " while ") == NULL)
        fail_msg("%s: says only: %s", script_step_name(i), x->e.text);
    disk_mend();
    assert_holds(x->s, i, script_step_name(i));
    if (t != DISK_READ_ERROR) { /* which leaves the files alone */
        assert_survives(x, true, i, i + 1);
        assert_survives(x, false, i, i + 1);
    }
    if (script_step(x, i) != 0) fail_msg("%s, once more: %s", script_step_name(i), x->e.text);
}

/* Returns whether there were that many calls to fail. */
static bool survive(enum disk_trouble t, int i, long at, bool lasting, int *failures)
{
    struct script x;

    open_after(&x, i);
    disk_fail(t, at, lasting);
    int rc = script_step(&x, i);
    bool reached = disk_has_failed();
    disk_mend();
    if (rc != 0) {
        assert_true(reached);
        fail_step(&x, t, i);
        ++*failures;
    } else if (reached) { /* after its commit, which stands */
        assert_survives(&x, true, i + 1, i + 1);
    }
    assert_holds(x.s, i + 1, script_step_name(i));
    if (reached) {
        store_close(x.s);
        start(&x);
        script_sound(x.s);
        assert_holds(x.s, i + 1, "opened again");
    }
    script_close(&x);
    return reached;
}

/* Each call of each step fails, once or with all that follow. */
static int survive_all(enum disk_trouble t)
{
    int failures = 0;

    for (int i = 0; i < SCRIPT_STEPS; i++) {
        long at = 1;
        while (at < CALLS_MAX && survive(t, i, at, at % 2 == 0, &failures)) at++;
        assert_true(at < CALLS_MAX);
    }
    return failures;
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    assert_true(survive_all(DISK_FULL) >= SCRIPT_STEPS);
}

static void a_failing_write_loses_nothing(void **state)
{
    (void)state;
    assert_true(survive_all(DISK_SHORT_WRITE) >= SCRIPT_STEPS);
}

static void a_failing_sync_is_no_commit(void **state)
{
    (void)state;
    assert_true(survive_all(DISK_SYNC_ERROR) >= SCRIPT_STEPS);
}

static void a_failing_read_loses_nothing(void **state)
{
    (void)state;
    assert_true(survive_all(DISK_READ_ERROR) >= SCRIPT_STEPS);
}

/* Opening is several transactions and a read of the whole file: it fails with the file's name, makes no mess, and
 * works when the trouble is over. */
static void open_in_trouble(enum disk_trouble t, bool there)
{
    int failures = 0;

    for (long at = 1; at < CALLS_MAX; at++) {
        struct script x;
        script_open(&x);
        if (there) {
            write_file(x.path, &after[1].file);
            write_file(x.wal, &after[1].log);
        }
        disk_fail(t, at, true);
        int rc = store_open(x.url, &x.s, &x.e);
        bool reached = disk_has_failed();
        disk_mend();
        if (rc != 0) {
            failures++;
            if (strstr(x.e.text, x.path) == NULL) fail_msg("says only: %s", x.e.text);
            assert_null(x.s);
            start(&x);
        }
        assert_holds(x.s, there ? 1 : 0, "opened at last");
        script_sound(x.s);
        script_close(&x);
        if (!reached) break;
    }
    if (failures == 0) fail_msg("%s: opening never failed", disk_trouble_name(t));
}

static void opening_in_trouble_harms_nothing(void **state)
{
    (void)state;
    for (int t = 0; t < DISK_TROUBLES; t++) {
        open_in_trouble((enum disk_trouble)t, false);
        /* One that is up to date is only read. */
        if (t == DISK_READ_ERROR || t == DISK_LOCKED) open_in_trouble((enum disk_trouble)t, true);
    }
}

int faulty_disk(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_committed_survives_a_loss_of_power), /* first: the others compare with it */
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_failing_write_loses_nothing),
        cmocka_unit_test(a_failing_sync_is_no_commit),
        cmocka_unit_test(a_failing_read_loses_nothing),
        cmocka_unit_test(opening_in_trouble_harms_nothing),
    };
    int bad = UNIT_RUN(tests);

    for (size_t i = 0; i <= SCRIPT_STEPS; i++) {
        buf_free(&after[i].rows);
        buf_free(&after[i].file);
        buf_free(&after[i].log);
    }
    return bad;
}

/* What others could read is closed, and said. */
#include "sqlite_fixture.h"

#include <stdio.h>

#include "log.h"

int test_modes(void);

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void commit_something(struct fixture *f)
{
    int64_t row;

    MUST(f, store_begin(f->s, &f->e));
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.1", "{}", 1, &row, &f->e), 1);
    MUST(f, store_commit(f->s, &f->e));
}

static char *read_whole(const char *path, size_t *n)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    char *bytes = malloc((size_t)st.st_size);
    FILE *in = fopen(path, "rb");
    assert_true(bytes != NULL && in != NULL && st.st_size > 0);
    *n = fread(bytes, 1, (size_t)st.st_size, in);
    assert_int_equal(fclose(in), 0);
    return bytes;
}

/* Opens the store again, with the log that this writes. */
static char *open_again(struct fixture *f)
{
    char *text = NULL;
    size_t n;
    FILE *log = open_memstream(&text, &n);

    assert_non_null(log);
    log_open(log, LOG_WARN, LOG_LOGFMT);
    MUST(f, store_open(f->url, &f->s, &f->e));
    log_open(NULL, LOG_ERROR, LOG_LOGFMT);
    assert_int_equal(fclose(log), 0);
    return text;
}

static void what_others_could_read_is_closed_and_named(void **state)
{
    struct fixture *f = *state;
    char line[200];
    MUST(f, store_open(f->url, &f->s, &f->e));
    commit_something(f);
    size_t n = 0;
    char *frames = read_whole(f->wal, &n);
    store_close(f->s);
    assert_int_equal(chmod(f->path, 0644), 0);
    FILE *wal = fopen(f->wal, "wb"); /* the log as a process leaves it that was killed */
    assert_non_null(wal);
    assert_int_equal(fwrite(frames, 1, n, wal), n);
    assert_int_equal(fclose(wal), 0);
    free(frames);
    assert_int_equal(chmod(f->wal, 0660), 0);
    char *log = open_again(f);
    (void)snprintf(line, sizeof line, "file=\"%s\" mode=0644 ", f->path);
    if (strstr(log, line) == NULL) fail_msg("expected '%s' in: %s", line, log);
    (void)snprintf(line, sizeof line, "file=\"%s\" mode=0660 ", f->wal);
    if (strstr(log, line) == NULL) fail_msg("expected '%s' in: %s", line, log);
    free(log);
    assert_int_equal(mode_of(f->path), 0600);
    assert_int_equal(mode_of(f->wal), 0600);
}

static void nothing_is_said_of_what_nobody_could_read(void **state)
{
    struct fixture *f = *state;
    MUST(f, store_open(f->url, &f->s, &f->e));
    commit_something(f);
    assert_int_equal(mode_of(f->wal), 0600);
    store_close(f->s);
    char *log = open_again(f);
    assert_string_equal(log, "");
    free(log);
}

int test_modes(void)
{
    const struct CMUnitTest tests[] = {WITH_FILE(what_others_could_read_is_closed_and_named),
                                       WITH_FILE(nothing_is_said_of_what_nobody_could_read)};
    return UNIT_RUN(tests);
}

/* sqlite_fixture.h -- a directory of its own for a test that looks at the file itself. */
#ifndef SQLITE_FIXTURE_H
#define SQLITE_FIXTURE_H

#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "store.h"

struct fixture {
    char dir[64], path[128], wal[140], url[140];
    struct store *s;
    struct err e;
};

static inline int fixture_open(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    (void)snprintf(f->dir, sizeof f->dir, "/tmp/mailwijzer-unit-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof f->path, "%s/bot.db", f->dir);
    (void)snprintf(f->wal, sizeof f->wal, "%s-wal", f->path);
    (void)snprintf(f->url, sizeof f->url, "sqlite:%s", f->path);
    *state = f;
    return 0;
}

static inline int fixture_close(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    (void)unlink(f->path);
    (void)unlink(f->wal);
    (void)rmdir(f->dir);
    free(f);
    return 0;
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

#define MUST(f, call)                                                                                        \
    do {                                                                                                     \
        if ((call) != 0) fail_msg("%s: %s", #call, (f)->e.text);                                             \
    } while (0)

#endif

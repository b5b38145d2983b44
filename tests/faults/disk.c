#include "disk.h"

#include <sqlite3.h>

#include "unit.h"

/* One change since the last sync: what stood there before. */
struct change {
    struct change *older;
    sqlite3_int64 at, size_before; /* `size_before` of the file */
    int n;                         /* bytes that stood there    */
    unsigned char was[];
};

struct disk_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct, in SQLite's memory for both */
    const char *path;   /* SQLite's, good as long as the file is open; NULL: a nameless one */
    struct change *changes;
    struct disk_file *next;
};

static struct {
    sqlite3_vfs vfs, *real;
    struct disk_file *open;
    enum disk_trouble trouble;
    long left; /* calls until one fails; 0: none does */
    bool lasting, failed, paused;
} disk;

static const char *const names[] = {[DISK_FULL] = "disk full",
                                    [DISK_SHORT_WRITE] = "write error",
                                    [DISK_SYNC_ERROR] = "sync error",
                                    [DISK_READ_ERROR] = "read error",
                                    [DISK_LOCKED] = "locked"};
_Static_assert(sizeof names / sizeof *names == DISK_TROUBLES, "name each");

const char *disk_trouble_name(enum disk_trouble t)
{
    return names[t];
}

static bool has(enum disk_trouble t)
{
    if (disk.paused || disk.left == 0 || disk.trouble != t) return false;
    if (disk.left > 1) return disk.left--, false;
    disk.left = disk.lasting ? 1 : 0;
    disk.failed = true;
    return true;
}

void disk_fail(enum disk_trouble t, long at, bool lasting)
{
    disk.trouble = t;
    disk.left = at;
    disk.lasting = lasting;
    disk.failed = false;
}

void disk_mend(void)
{
    disk.left = 0;
}

void disk_pause(bool pause)
{
    disk.paused = pause;
}

bool disk_has_failed(void)
{
    return disk.failed;
}

/* ---- what was written since the last sync ---- */

static void forget_changes(struct disk_file *f)
{
    while (f->changes != NULL) {
        struct change *older = f->changes->older;
        free(f->changes);
        f->changes = older;
    }
}

static void note_change(struct disk_file *f, sqlite3_int64 at, sqlite3_int64 n)
{
    sqlite3_int64 size = 0;

    assert_int_equal(f->real->pMethods->xFileSize(f->real, &size), SQLITE_OK);
    if (at + n > size) n = at < size ? size - at : 0;
    struct change *c = malloc(sizeof *c + (size_t)n);
    assert_non_null(c);
    *c = (struct change){.older = f->changes, .at = at, .size_before = size, .n = (int)n};
    if (n > 0) assert_int_equal(f->real->pMethods->xRead(f->real, c->was, (int)n, at), SQLITE_OK);
    f->changes = c;
}

bool disk_image(const char *path, const char *copy, bool synced)
{
    const struct disk_file *f = disk.open;
    sqlite3_int64 size = 0;

    while (f != NULL && (f->path == NULL || strcmp(f->path, path) != 0)) f = f->next;
    if (f == NULL) return false;
    assert_int_equal(f->real->pMethods->xFileSize(f->real, &size), SQLITE_OK);
    sqlite3_int64 room = size;
    for (const struct change *c = f->changes; c != NULL; c = c->older)
        if (c->size_before > room) room = c->size_before;
    unsigned char *bytes = calloc(1, (size_t)room + 1);
    assert_non_null(bytes);
    if (size > 0) assert_int_equal(f->real->pMethods->xRead(f->real, bytes, (int)size, 0), SQLITE_OK);
    for (const struct change *c = synced ? f->changes : NULL; c != NULL; c = c->older) {
        memcpy(bytes + c->at, c->was, (size_t)c->n);
        size = c->size_before;
    }
    FILE *out = fopen(copy, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, (size_t)size, out), size);
    assert_int_equal(fclose(out), 0);
    free(bytes);
    return true;
}

/* ---- a file ---- */

static struct disk_file *of(sqlite3_file *file)
{
    return (struct disk_file *)file;
}

static int disk_close(sqlite3_file *file)
{
    struct disk_file *f = of(file), **p = &disk.open;

    while (*p != f) p = &(*p)->next;
    *p = f->next;
    forget_changes(f);
    return f->real->pMethods->xClose(f->real);
}

static int disk_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    if (has(DISK_READ_ERROR)) return SQLITE_IOERR_READ;
    return of(file)->real->pMethods->xRead(of(file)->real, to, n, at);
}

static int disk_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct disk_file *f = of(file);

    if (has(DISK_FULL)) return SQLITE_FULL;
    note_change(f, at, n);
    if (!has(DISK_SHORT_WRITE)) return f->real->pMethods->xWrite(f->real, from, n, at);
    assert_int_equal(f->real->pMethods->xWrite(f->real, from, n / 2, at), SQLITE_OK);
    return SQLITE_IOERR_WRITE;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct disk_file *f = of(file);

    if (has(DISK_SHORT_WRITE)) return SQLITE_IOERR_TRUNCATE;
    note_change(f, size, INT32_MAX);
    return f->real->pMethods->xTruncate(f->real, size);
}

static int disk_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    if (has(DISK_SYNC_ERROR)) return SQLITE_IOERR_FSYNC;
    forget_changes(of(file));
    return SQLITE_OK;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return of(file)->real->pMethods->xFileSize(of(file)->real, size);
}

static int disk_lock(sqlite3_file *file, int level)
{
    if (has(DISK_LOCKED)) return SQLITE_BUSY;
    return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int disk_unlock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int disk_reserved(sqlite3_file *file, int *out)
{
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, out);
}

static int disk_control(sqlite3_file *file, int op, void *arg)
{
    return of(file)->real->pMethods->xFileControl(of(file)->real, op, arg);
}

static int disk_sector(sqlite3_file *file)
{
    return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int disk_traits(sqlite3_file *file)
{
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

/* Version 1: without shared memory, which one who owns the file alone has no use for. */
static const sqlite3_io_methods methods = {.iVersion = 1,
                                           .xClose = disk_close,
                                           .xRead = disk_read,
                                           .xWrite = disk_write,
                                           .xTruncate = disk_truncate,
                                           .xSync = disk_sync,
                                           .xFileSize = disk_size,
                                           .xLock = disk_lock,
                                           .xUnlock = disk_unlock,
                                           .xCheckReservedLock = disk_reserved,
                                           .xFileControl = disk_control,
                                           .xSectorSize = disk_sector,
                                           .xDeviceCharacteristics = disk_traits};

static int disk_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
    struct disk_file *f = of(file);

    (void)vfs;
    *f = (struct disk_file){.real = (sqlite3_file *)(f + 1), .path = name, .next = disk.open};
    int code = disk.real->xOpen(disk.real, name, f->real, flags, out);
    if (code != SQLITE_OK) return code;
    f->base.pMethods = &methods;
    disk.open = f;
    return SQLITE_OK;
}

void disk_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    assert_non_null(disk.real);
    disk.vfs = *disk.real;
    disk.vfs.zName = "failing disk";
    disk.vfs.pNext = NULL;
    disk.vfs.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
    disk.vfs.xOpen = disk_open;
    assert_int_equal(sqlite3_vfs_register(&disk.vfs, 1), SQLITE_OK);
}

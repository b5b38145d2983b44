/* disk.h -- a disk that fails when it is told to: a layer between SQLite and the real files.
 *
 * It knows what was written since a file was last synced, and so what a loss of power would leave. Nothing is
 * really synced here, which would only take time. One thread. */
#ifndef DISK_H
#define DISK_H

#include <stdbool.h>

enum disk_trouble {
    DISK_FULL,        /* a write finds no room                   */
    DISK_SHORT_WRITE, /* a write fails with half of it done      */
    DISK_SYNC_ERROR,  /* a sync fails                            */
    DISK_READ_ERROR,  /* a read fails                            */
    DISK_LOCKED,      /* a lock is not given: somebody else's    */
    DISK_TROUBLES
};
const char *disk_trouble_name(enum disk_trouble t);

/* disk_install(): every database opened from here on lies on it. */
void disk_install(void);

/* disk_fail(t, at, lasting): of the calls that can have that trouble the at-th from now, from 1, has it; all that
 * follow too when `lasting`, until disk_mend(). */
void disk_fail(enum disk_trouble t, long at, bool lasting);
void disk_mend(void);
void disk_pause(bool pause); /* meanwhile nothing fails, and no call counts */
bool disk_has_failed(void);  /* since the last disk_fail() */

/* disk_image(path, copy, synced): what would be found of an open file if the power went now, when of what was written
 * since its last sync everything had reached the disk, or with `synced` nothing. False: nobody has it open. */
bool disk_image(const char *path, const char *copy, bool synced);

#endif

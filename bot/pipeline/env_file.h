/* env_file.h -- names and values from a .env file: NAME=value, a line each.
 *
 * A value may stand between 'single' or "double" quotes, which take everything literally; bare,
 * it ends at a # that follows a blank. Lines that begin with # and empty ones are passed over, and
 * `export ` before a name is allowed, so that a shell can read the same file. */
#ifndef ENV_FILE_H
#define ENV_FILE_H

#include <stdio.h>

struct arena;

struct env_pair {
    const struct env_pair *next;
    const char *name, *value;
};

/* env_file_read(path, a, out, faults): the pairs, in the arena. A file that does not exist is
 * fine. Faults are written as lines with the line's number, never with what it holds; their
 * number is returned. */
int env_file_read(const char *path, struct arena *a, const struct env_pair **out, FILE *faults);

/* env_file_open_to(path): the mode of a file that others than its owner may read or write; 0: none may, or it is
 * not there. Where the owner is not who asks, its group may read it. Secrets stand in it. */
unsigned env_file_open_to(const char *path);

/* env_file_value(pairs, name): NULL when it is not there or empty. Of several the last. */
const char *env_file_value(const struct env_pair *pairs, const char *name);

#endif

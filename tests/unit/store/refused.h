/* refused.h -- files that are not taken, and stay as they are. */
#ifndef REFUSED_H
#define REFUSED_H

#include "sqlite_fixture.h"

#include "buf.h"

struct buf read_file(const char *path); /* empty when there is none */
void write_file(const char *path, const char *bytes, size_t n);

/* Opening fails, says `why` and which file, and leaves it and its log byte for byte. */
void assert_refused(struct fixture *f, const char *why);

#endif

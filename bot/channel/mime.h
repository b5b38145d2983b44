/* mime.h -- what a file is, as platforms say it: "image/png", "audio/ogg; codecs=opus" (RFC 2045 5.1). */
#ifndef MIME_H
#define MIME_H

#include <stdbool.h>

/* mime_is(s): fit to stand in a header: 1 to MIME_MAX of printable ASCII. */
bool mime_is(const char *s);

/* mime_same(theirs, ours): the same, whatever parameters follow theirs, in capitals or not. `ours` has
 * none; `theirs` may be NULL. */
bool mime_same(const char *theirs, const char *ours);

/* mime_extension(mime): how files of that kind are called, ".png"; "" where we know no name. NULL is fine. */
const char *mime_extension(const char *mime);

#endif

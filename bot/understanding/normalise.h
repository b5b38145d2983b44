/* normalise.h -- as text_normalise (understanding.h), with the marks that end a clause. Room-internal. */
#ifndef NORMALISE_H
#define NORMALISE_H

struct buf;

/* A mark stands as a word of its own: a question mark, or any other end of a clause. */
enum { NORMAL_ASKED = '?', NORMAL_STOP = '.' };

void normalise_marked(const char *text, struct buf *out);

#endif

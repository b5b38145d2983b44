/* err.h -- what went wrong, told once, gathering its place on the way up. */
#ifndef ERR_H
#define ERR_H

/* Long enough for a path, a state and a sentence; longer text is cut, never overrun. */
enum { ERR_TEXT_MAX = 512 };

struct err {
    char text[ERR_TEXT_MAX]; /* empty when nothing went wrong */
};

/* err_set(e, fmt, ...): replaces the text. Always returns -1, so that a caller can
 * `return err_set(...)`. `e` may be NULL: then nobody wanted to know. */
int err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* err_wrap(e, fmt, ...): puts "<formatted>: " before the text that is there. Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* err_errno(e, what, number): "<what>: <the system's words for number>". Returns -1. */
int err_errno(struct err *e, const char *what, int number);

#endif

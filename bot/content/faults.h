/* faults.h -- the writing side of a list of faults. Room-internal; reading is in content.h. */
#ifndef FAULTS_H
#define FAULTS_H

#include <stddef.h>

struct faults;

/* A fault that is listed already is not listed again. When memory runs out, that is the last
 * line: a list that could not be kept is never an empty one. */
void faults_add(struct faults *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void faults_warn(struct faults *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* faults_shown(f, steps, n, fmt, ...): with the conversation that shows it: "… (shortest: begin,
 * usage=light)". The same fault from a shorter conversation takes the place of the longer. */
void faults_shown(struct faults *f, const char *const *steps, size_t n, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* faults_longest(f, steps, n, size, fmt, ...): something is too long, `size` characters in
 * all. Of several conversations the one with the most stays: "… (1187 characters; longest: begin, …)". */
void faults_longest(struct faults *f, const char *const *steps, size_t n, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

size_t faults_errors(const struct faults *f); /* without the warnings */

#endif

/* agenda.h -- what must happen later, in order of its time. The time is the caller's. */
#ifndef AGENDA_H
#define AGENDA_H

#include <stdint.h>

struct agenda;

struct agenda *agenda_new(void); /* NULL when out of memory */
void agenda_free(struct agenda *a);

/* agenda_add(...): run(self, n, what) once it is `due_ms`. What is due at the same time runs in the
 * order it was added. -1 when out of memory. */
int agenda_add(struct agenda *a, int64_t due_ms, void (*run)(void *self, int64_t n, int what), void *self,
               int64_t n, int what);

/* agenda_run(a, now): everything due; what that adds for `now` or earlier waits for the next call. */
void agenda_run(struct agenda *a, int64_t now_ms);

int64_t agenda_next_ms(const struct agenda *a); /* INT64_MAX: nothing planned */

#endif

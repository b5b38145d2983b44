/* control.h -- the phone for tests: JSON over HTTP under /control/ (see README.md). */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>

struct control;
struct exchange;
struct phone;

struct control *control_new(struct phone *p); /* NULL when out of memory */
void control_free(struct control *c);

bool control_is(const char *path);
void control_answer(struct control *c, struct exchange *x);
void control_gone(struct control *c, struct exchange *x); /* its client left */

/* control_look(c): something changed: who waits for that is answered. */
void control_look(struct control *c);

#endif

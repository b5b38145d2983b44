/* patience.h -- how long Meta goes on trying to bring a webhook. */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdint.h>

/* patience_ms(attempt, waited): how long after this failed attempt (1, 2, 3 …) comes the next, when the first was
 * `waited` ago; -1: none. */
int64_t patience_ms(unsigned attempt, int64_t waited_ms);

#endif

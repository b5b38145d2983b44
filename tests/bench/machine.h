/* machine.h -- what the figures were measured on, and how quiet it was. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

/* machine_tell(dir): the processor, the system and its load; and what nobody can be faster than here
 * and now: a little data forced to the disk of `dir`, and a sleeper woken by the clock. */
void machine_tell(const char *dir);

#endif

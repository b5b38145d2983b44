/* filter.h -- the system calls that the bot may make from now on (seccomp(2), by libseccomp). */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>

struct err;

/* filter_load(log_only, e): any other call ends the process with SIGSYS (or, `log_only`, goes
 * through) and stands in the kernel's log by its number. Memory that becomes executable is refused
 * with EACCES. Needs no_new_privs. -1 with `e`: nothing is filtered. */
int filter_load(bool log_only, struct err *e);

#endif

/* landlock.h -- which files, ports and processes are within reach (landlock(7)). */
#ifndef LANDLOCK_H
#define LANDLOCK_H

struct confine_plan;
struct err;

/* landlock_enforce(plan, e): the version of Landlock that holds from now on: 1 files, 2 links between
 * directories, 3 truncation, 4 TCP ports, 5 devices, 6 signals and abstract sockets. A later one that the kernel
 * has adds nothing here. -1 with `e`: nothing is enforced. Needs no_new_privs. */
int landlock_enforce(const struct confine_plan *plan, struct err *e);

#endif

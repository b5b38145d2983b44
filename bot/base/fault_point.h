/* fault_point.h -- places where a test may have the process killed, to see what the next one makes of it.
 *
 * Nothing in the program that people run. Built with -DMAILWIJZER_FAULT_POINTS (`make
 * build/faulty/mailwijzer`), FAULT_AT=NAME:N in the environment kills the process with SIGKILL when
 * it passes that point for the N-th time. Every point has its scenario in
 * tests/e2e/fault-points.test.mjs. */
#ifndef FAULT_POINT_H
#define FAULT_POINT_H

#ifdef MAILWIJZER_FAULT_POINTS
void fault_point_pass(const char *name);
#define FAULT_POINT(name) fault_point_pass(name)
#else
#define FAULT_POINT(name) ((void)0)
#endif

#endif

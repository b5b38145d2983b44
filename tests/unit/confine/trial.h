/* trial.h -- what a confined process can do, tried in a child: there is no way back. */
#ifndef TRIAL_H
#define TRIAL_H

#include "confine.h"

/* Of a child that a forbidden call ended. Any other end by a signal fails the test. */
enum { DIED_OF_SIGSYS = -31 };

/* trial(plan, act, user): a child confines itself and calls `act`; what that returned (0 to 255,
 * mostly an errno), or DIED_OF_SIGSYS. */
int trial(const struct confine_plan *plan, int (*act)(const void *user), const void *user);

/* trial_needs(landlock): skips the test, saying why, on a kernel whose Landlock is older. */
void trial_needs(int landlock);

/* trial_skipped(): one test instead of a group of them, in a build that cannot be confined. */
int trial_skipped(void);

/* Nothing is added to what holds in any case. */
extern const struct confine_plan bare;

#endif

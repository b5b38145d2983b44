/* child.h -- the bot as a child: started with settings that point here, watched, stopped. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>

struct child;
struct err;
struct options;
struct server;

/* On the loop's thread. */
struct child_calls {
    void *self;
    void (*ready)(void *self, const char *listen); /* its log said at=ready listen=ADDRESS:PORT */
    void (*ended)(void *self, const char *how);    /* "exit status 1", "signal 11"              */
};

/* child_start(o, base, s, calls, e): runs o->spawn with `base` ("http://127.0.0.1:PORT") as the platform's
 * address. Its standard error goes on to ours. NULL with `e`. */
struct child *child_start(const struct options *o, const char *base, struct server *s,
                          const struct child_calls *calls, struct err *e);

void child_stop(struct child *c); /* SIGTERM; `ended` follows */
void child_kill(struct child *c); /* for the impatient        */
void child_reap(struct child *c); /* after SIGCHLD            */
bool child_runs(const struct child *c);
void child_free(struct child *c); /* after its end; NULL is fine */

#endif

/* confine.h -- a process that has opened what it needs gives up the rest, for good.
 *
 * Whoever finds a fault in what reads strangers' bytes finds a process that can start no program, load no code, read
 * few files, write beside its database alone and connect to few ports. Four things do it, each as far as the
 * kernel has it: no new privileges and no capabilities; no core dump, no debugger of the same user;
 * Landlock (files, TCP, signals; landlock.h); a filter of system calls (filter.h). */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <stddef.h>

/* Beside: whatever is in the directory that holds the path, for files are replaced by others of
 * the same name. Where that is the root directory: the path alone. */
enum confine_right { CONFINE_READ, CONFINE_READ_BESIDE, CONFINE_WRITE_BESIDE };

struct confine_path {
    const char *path; /* relative to where the process stands now, or absolute. NULL: no rule */
    enum confine_right right;
};

struct confine_plan {
    bool log_only; /* a call that would end the process is let through, and told to the kernel's log */
    const struct confine_path *paths; /* beside what any resolver and TLS library reads, see landlock.c */
    size_t paths_n;
    const int *ports; /* TCP, to connect to; 0: no rule. Names are asked for at 53 in any case */
    size_t ports_n;
};

enum { CONFINE_TOLD_MAX = 400 };

/* confine_process(plan, told): from here on it holds for this thread and those that it makes, so
 * it is called while there is no other. True when everything holds; else the process runs on with
 * what could be had. `told` says what holds, and what does not and why, as a line for the log. */
bool confine_process(const struct confine_plan *plan, char told[static CONFINE_TOLD_MAX]);

/* confine_unfit(): why this build cannot be confined (a sanitizer does what is forbidden here);
 * NULL: it can. */
const char *confine_unfit(void);

/* confine_url_port(url): the port of an http:// or https:// address; 0 for anything else. */
int confine_url_port(const char *url);

#endif

/* bot.h -- the program under measurement: started, read off, stopped. A child of ours in every
 * case: it dies with us. */
#ifndef BENCH_BOT_H
#define BENCH_BOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"

struct err;

#define BOT_SECRET  "bench-app-secret-0123456789abcdef"
#define BOT_ACCOUNT "106540352242922" /* phone number id */

struct bot_setting {
    const char *program; /* absolute                                               */
    const char *house;   /* absolute: where flows/ and locales/ are                */
    const char *dir;     /* absolute: works here, its database is bench.db in it   */
    int graph_port;      /* where its replies go                                   */
    int burst_wait_ms;   /* how long typed text waits for more                     */
    const char *preload; /* a library, and the file it counts in. Or NULL          */
    const char *count_file;
};

struct bot {
    pid_t pid;                    /* 0: none */
    int port, log;                /* `log`: read end of its stderr, non-blocking */
    int64_t start_ns, trained_ns; /* from exec to ready, and till it understands */
    int64_t start_memory_kib;     /* most that was resident till then            */
    bool trained;
    double cpu_at_ready_s;
    unsigned warnings; /* lines of level warn or error                */
    struct buf line;
};

/* What a run cost it, from trained to its end. */
struct bot_cost {
    double cpu_s, user_part; /* user and system; the part of it that was user */
    int64_t memory_kib;      /* most that was resident: VmHWM                 */
    int64_t written;         /* bytes it gave to the disk; -1 unknown         */
};

/* bot_start(b, setting, e): 0 once it said that it is ready and trained; -1 after a while. */
int bot_start(struct bot *b, const struct bot_setting *setting, struct err *e);

/* bot_listen(b): takes what it logged; the first warnings are passed on to stderr. False at the end. */
bool bot_listen(struct bot *b);

/* bot_stop(b, cost, e): SIGTERM, and waits for the end. -1 when that was no good end. */
int bot_stop(struct bot *b, struct bot_cost *cost, struct err *e);

/* bot_kill(b): for every other way out. Nothing when it is gone. */
void bot_kill(struct bot *b);

#endif

/* ledger.h -- what the bot's database says of a run: nothing lost, nothing twice. */
#ifndef BENCH_LEDGER_H
#define BENCH_LEDGER_H

#include <stdint.h>

struct err;

struct ledger {
    int64_t inbox, inbox_done;                /* messages taken; of them, brought to an end */
    int64_t outbox, outbox_sent, outbox_read; /* replies; of them sent (or further); read   */
    int64_t bytes;                            /* of the file                                */
};

/* ledger_read(path, out, e): of a database nobody has open. */
int ledger_read(const char *path, struct ledger *out, struct err *e);

#endif

/* count.h -- how often memory is asked for: takes the place of malloc and counts.
 *
 * Two ways in: linked into a program, which reads the numbers itself; or preloaded into another
 * one (LD_PRELOAD), which then shares them through the file named by BENCH_COUNT_FILE. */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#include <stdint.h>

struct counts {
    _Atomic uint64_t calls; /* malloc, calloc, realloc */
    _Atomic uint64_t bytes; /* asked for with them     */
};

#define COUNT_FILE_VARIABLE "BENCH_COUNT_FILE"

/* Of this very process. */
const struct counts *count_here(void);

#endif

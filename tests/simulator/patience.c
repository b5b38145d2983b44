#include "patience.h"

#include <stddef.h>

/* Meta: "immediately, then less and less often" for up to seven days, then dropped. The steps
 * themselves are not published. */
static const int64_t steps_ms[] = {100, 2000, 10000, 60000, 300000, 1800000, 3600000};
#define LAST_MS (INT64_C(6) * 60 * 60 * 1000)
#define END_MS  (INT64_C(7) * 24 * 60 * 60 * 1000)

int64_t patience_ms(unsigned attempt, int64_t waited_ms)
{
    size_t step = attempt - 1, steps = sizeof steps_ms / sizeof *steps_ms;
    if (waited_ms >= END_MS) return -1;
    return step < steps ? steps_ms[step] : LAST_MS;
}

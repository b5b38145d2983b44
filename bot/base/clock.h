/* clock.h -- the two clocks. Only the shell reads them; the dialogue gets time in its event. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);  /* milliseconds since 1970 UTC; can jump              */
int64_t clock_mono_ms(void); /* milliseconds since some start; never goes backward */

#endif

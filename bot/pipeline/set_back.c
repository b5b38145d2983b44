#include "set_back.h"

#include "err.h"
#include "log.h"
#include "store.h"

/* Time servers correct by less without anybody waiting for it. */
enum { CORRECTION_MS = 2000 };

int64_t set_back_ms(const struct set_back *b, int64_t wall_ms, int64_t mono_ms)
{
    int64_t by = (mono_ms - b->mono_ms) - (wall_ms - b->wall_ms);

    return b->wall_ms == 0 || by < CORRECTION_MS ? 0 : by;
}

void set_back_looked(struct set_back *b, int64_t wall_ms, int64_t mono_ms)
{
    *b = (struct set_back){wall_ms, mono_ms};
}

int set_back_follow(struct store *store, int64_t by_ms, int64_t now_ms, struct err *e)
{
    log_warn("clock", "set_back_s=%lld effect=\"what waits is due by so much earlier\"",
             (long long)(by_ms / 1000));
    if (store_begin(store, e) != 0) return -1;
    if (store_set_back(store, now_ms, by_ms, now_ms, e) == 0) return store_commit(store, e);
    store_rollback(store);
    return -1;
}

int set_back_at_start(struct store *store, int64_t now_ms, struct err *e)
{
    return store_set_back(store, now_ms + SET_BACK_LONGEST_MS, INT64_MAX / 2, now_ms, e);
}

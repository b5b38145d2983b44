#include "timer.h"

#include "channel.h"
#include "converse.h"
#include "dialogue.h"
#include "fault_point.h"
#include "log.h"
#include "platform.h"
#include "turn.h"

enum {
    RUN_MAX = 64,               /* in one transaction: a commit must not grow old              */
    TROUBLE_WAIT_MS = 60 * 1000 /* one that cannot run is tried again, and delays no other      */
};

/* A chat whose account or flow is gone would be found first for ever. */
static int put_off(struct turns *t, const struct wake_next *next, struct err *e)
{
    return store_wake_put_off(t->store, next->contact, next->account, t->now_ms + TROUBLE_WAIT_MS, e);
}

static int run(struct turns *t, const struct wake_next *next, struct err *e)
{
    const struct platform *p = platform_at(t->platforms, next->account);
    const struct event ev = {.kind = EVENT_CLOCK};
    bool answered;

    if (p == NULL) return put_off(t, next, e);
    const struct chat chat = {
        .contact = next->contact, .channel = p->channel->name, .account = next->account};
    if (store_mark(t->store, e) != 0) return -1;
    enum ending end = chat_event(t, &chat, &ev, &answered, e);
    FAULT_POINT("timer-run");
    if (end == TURN_TROUBLE) return -1;
    if (end != TURN_FAILED) return store_keep(t->store, e);
    log_error("timer", "error=\"%s\"", e->text);
    return store_undo(t->store, e) == 0 ? put_off(t, next, e) : -1;
}

int timers_run(struct turns *t, int64_t *next_ms, struct err *e)
{
    struct wake_next next;

    for (int i = 0; i < RUN_MAX; i++) {
        int rc = store_wake_next(t->store, t->arena, &next, e);
        if (rc < 0) return -1;
        *next_ms = rc == 0 ? INT64_MAX : next.at_ms;
        if (rc == 0 || next.at_ms > t->now_ms) return 0;
        if (run(t, &next, e) != 0) return -1;
    }
    *next_ms = t->now_ms;
    return 0;
}

#include "ruling.h"

#include "channel.h"
#include "log.h"

enum {
    BACKOFF_FIRST_MS = 1000,
    DOUBLINGS_MAX = 9,            /* 1 s to 8.5 min; after lost answers 20 s to 2.8 h         */
    PACE_EXPONENT_MAX = 6,        /* 4^6 s: more than an hour                                 */
    SLOW_MS = 5 * 1000,           /* an account that is throttled rests at least this long    */
    HALT_MS = 60 * 1000,          /* a refused token is tried again this often                */
    PAUSE_MAX_MS = 15 * 60 * 1000 /* no pause of the account is longer, whatever was asked for */
};

static unsigned doublings(unsigned attempt)
{
    unsigned n = attempt == 0 ? 0 : attempt - 1;
    return n < DOUBLINGS_MAX ? n : DOUBLINGS_MAX;
}

int64_t ruling_backoff_ms(unsigned attempt, int64_t retry_after_ms)
{
    int64_t wait = (int64_t)BACKOFF_FIRST_MS << doublings(attempt);
    return wait < retry_after_ms ? retry_after_ms : wait; /* the platform knows better */
}

/* Meta: after error 131056 try again in 4^X seconds, X from 0. */
int64_t ruling_pace_ms(unsigned attempt)
{
    unsigned x = attempt == 0 ? 0 : attempt - 1;
    return INT64_C(1000) << (2 * (x < PACE_EXPONENT_MAX ? x : PACE_EXPONENT_MAX));
}

/* Each send whose answer is lost may have come across: a line that loses them all must not fill
 * somebody's chat. */
int64_t ruling_silence_ms(unsigned attempt)
{
    return (int64_t)RULING_SILENCE_MS << doublings(attempt);
}

int64_t account_free_at(const struct account *a, int64_t now_ms)
{
    /* Further off than any pause: the clock went back. */
    return a->free_at_ms - now_ms > PAUSE_MAX_MS ? now_ms : a->free_at_ms;
}

static void rest(struct account *a, int64_t wait_ms, int64_t now_ms)
{
    int64_t free_at = account_free_at(a, now_ms);

    if (wait_ms > PAUSE_MAX_MS) wait_ms = PAUSE_MAX_MS;
    a->free_at_ms = free_at > now_ms + wait_ms ? free_at : now_ms + wait_ms;
}

static void move_account(struct account *a, const struct verdict *v, unsigned attempt, int64_t now_ms)
{
    int64_t wait = ruling_backoff_ms(attempt, v->retry_after_ms);

    if (v->kind == SEND_OK) {
        if (a->halted) log_info("sender", "halted=no");
        a->halted = false;
    } else if (v->kind == SEND_HALT) {
        if (!a->halted)
            log_error("sender",
                      "halted=yes code=%d detail=\"%s\" effect=\"nothing is sent until this is mended\"",
                      v->code, v->detail != NULL ? v->detail : "");
        a->halted = true;
        rest(a, HALT_MS, now_ms);
    } else if (a->halted) {
        rest(a, HALT_MS, now_ms); /* only a send that went shows that the trouble is over */
    } else if (v->kind == SEND_SLOW) {
        rest(a, wait < SLOW_MS ? SLOW_MS : wait, now_ms);
        log_warn("sender", "paused_ms=%lld code=%d", (long long)(a->free_at_ms - now_ms), v->code);
    }
}

/* The platform knows better, where it says. */
static int64_t paced(unsigned attempt, int64_t retry_after_ms)
{
    int64_t pace = ruling_pace_ms(attempt);

    return retry_after_ms > pace ? retry_after_ms : pace;
}

struct ruling ruling_of(struct account *a, const struct verdict *v, bool certain, unsigned attempt,
                        int64_t now_ms)
{
    int64_t later = now_ms + ruling_backoff_ms(attempt, v->retry_after_ms);

    move_account(a, v, attempt, now_ms);
    switch (v->kind) {
    case SEND_OK: return (struct ruling){OUTBOX_SENT, 0};
    case SEND_PACE: return (struct ruling){OUTBOX_DUE, now_ms + paced(attempt, v->retry_after_ms)};
    case SEND_SLOW:
    case SEND_HALT: return (struct ruling){OUTBOX_DUE, a->free_at_ms};
    case SEND_NEVER:
    case SEND_CHAT_CLOSED: return (struct ruling){OUTBOX_DEAD, 0};
    case SEND_UNKNOWN:
        if (!certain) return (struct ruling){OUTBOX_UNSURE, now_ms + ruling_silence_ms(attempt)};
        break;
    case SEND_LATER:
    case SEND_N: break;
    }
    return (struct ruling){OUTBOX_DUE, later};
}

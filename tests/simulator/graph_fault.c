#include "graph_fault.h"

#include "agenda.h"
#include "clock.h"
#include "limbo.h"
#include "phone.h"
#include "refusal.h"

#include <stdio.h>
#include <string.h>

/* Meta's words; throttling of messages comes as 400 from most numbers, as 429 from some. */
static const struct {
    enum fault kind;
    int status, code;
    bool transient;
    const char *message, *details;
} refusals[] = {
    {FAULT_500, 500, 2, true, "An unexpected error has occurred. Please retry your request later.", ""},
    {FAULT_429, 429, 4, true, "(#4) Application request limit reached", ""},
    {FAULT_130429, 400, 130429, false, "(#130429) Rate limit hit",
     "Message failed to send because the throughput of this phone number was reached."},
    {FAULT_131056, 400, 131056, false, "(#131056) (Business Account, Consumer Account) pair rate limit hit",
     "Message failed to send because there were too many messages sent from this phone number to the same "
     "phone number in a short period of time."},
    {FAULT_131000, 500, 131000, false, "(#131000) Something went wrong",
     "Message failed to send due to an unknown error."},
};

int graph_fault_refuse(enum fault kind, struct refusal *r)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (refusals[i].kind != kind) continue;
        refuse(r, refusals[i].code, "%s", refusals[i].details);
        r->status = refusals[i].status;
        r->transient = refusals[i].transient;
        snprintf(r->message, sizeof r->message, "%s", refusals[i].message);
        return -1;
    }
    return 0;
}

bool graph_fault_refrain(enum fault kind)
{
    return kind == FAULT_RESET_BEFORE || kind == FAULT_HANG;
}

void graph_fault_end(struct phone *p, struct exchange *x, enum fault kind, bool until_release,
                     const struct limbo_end *end)
{
    struct limbo_end reset = *end;
    reset.text = NULL;
    reset.bad = true;
    reset.note = kind == FAULT_RESET_BEFORE  ? "verbroken voor het aannemen"
                 : kind == FAULT_RESET_AFTER ? "aangenomen, verbroken voor het antwoord"
                                             : "niet aangenomen, geen antwoord, verbroken";
    if (kind == FAULT_HANG) {
        int64_t id = limbo_put(p->limbo, x, &reset, true);
        if (!until_release)
            agenda_add(p->real, clock_mono_ms() + faults_hang_ms(p->faults), limbo_over, p->limbo, id, 0);
        phone_changed(p); /* and the timer learns of it */
        return;
    }
    limbo_finish(p, x, kind == FAULT_RESET_BEFORE || kind == FAULT_RESET_AFTER ? &reset : end);
}

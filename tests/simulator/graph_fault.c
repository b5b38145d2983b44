#include "graph_fault.h"

#include "agenda.h"
#include "clock.h"
#include "limbo.h"
#include "phone.h"
#include "refusal.h"

#include <stdio.h>
#include <string.h>

/* A bot that does not answer webhooks must get its answer all the same. */
enum { STATUS_FIRST_MS = 5000 };

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

/* The bot takes the status first, or has a while for it. */
static void after_status(struct phone *p, struct exchange *x, const struct message *m,
                         const struct limbo_end *end)
{
    int64_t id = limbo_put(p->limbo, x, end, false);
    agenda_add(p->real, clock_mono_ms() + STATUS_FIRST_MS, limbo_over, p->limbo, id, 0);
    phone_tell_first(p, m, limbo_over, p->limbo, id);
}

static void hang(struct phone *p, struct exchange *x, bool until_release, const struct limbo_end *end)
{
    int64_t id = limbo_put(p->limbo, x, end, true);
    if (!until_release)
        agenda_add(p->real, clock_mono_ms() + faults_hang_ms(p->faults), limbo_over, p->limbo, id, 0);
    phone_changed(p); /* and the timer learns of it */
}

void graph_fault_end(struct phone *p, struct exchange *x, const struct graph_met *met,
                     const struct limbo_end *end)
{
    struct limbo_end this = *end;
    bool hangs = met->fault == FAULT_HANG;
    if (hangs || met->fault == FAULT_RESET_BEFORE || met->fault == FAULT_RESET_AFTER) {
        this.text = NULL;
        this.bad = true;
        this.note = hangs                              ? "niet aangenomen, geen antwoord, verbroken"
                    : met->fault == FAULT_RESET_BEFORE ? "verbroken voor het aannemen"
                                                       : "aangenomen, verbroken voor het antwoord";
    }
    if (hangs)
        hang(p, x, met->until_release, &this);
    else if (met->status_first != NULL)
        after_status(p, x, met->status_first, &this);
    else
        limbo_finish(p, x, &this);
}

#include "phone.h"

#include "agenda.h"
#include "buf.h"
#include "clock.h"
#include "control.h"
#include "err.h"
#include "hostile.h"
#include "mailbag.h"
#include "page.h"
#include "server.h"
#include "webhook.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Quick, yet in steps that a person sees. */
enum { SENT_AFTER_MS = 5, DELIVERED_AFTER_MS = 60, READ_AFTER_MS = 120, FAILED_AFTER_MS = 60 };

void phone_changed(void *phone)
{
    struct phone *p = phone;
    if (p->changed) return;
    p->changed = true;
    server_timer(p->server, 0);
}

void phone_taken(void *phone, int64_t n)
{
    struct phone *p = phone;
    struct message *m = world_message(p->world, n);
    if (m == NULL) return;
    world_message_taken(p->world, m);
    if (m->ticks != TICKS_SENT || m->from_bot) return;
    m->ticks = TICKS_DELIVERED;
    world_message_touch(p->world, m);
}

/* A step that changes no ticks: the bot hears at last that it was sent. */
enum { TELL_SENT = TICKS_N };

static int64_t wait_of(const struct agenda *a, int64_t now_ms)
{
    int64_t next = agenda_next_ms(a);
    if (next == INT64_MAX) return -1;
    return next > now_ms ? next - now_ms : 0;
}

void phone_turn(struct phone *p)
{
    agenda_run(p->virtual, world_now_ms(p->world));
    agenda_run(p->real, clock_mono_ms());
    if (p->changed) {
        p->changed = false;
        control_look(p->control);
        page_look(p->page);
    }
    int64_t x = wait_of(p->virtual, world_now_ms(p->world)), y = wait_of(p->real, clock_mono_ms());
    int64_t wait = x < 0 || (y >= 0 && y < x) ? y : x;
    server_timer(p->server, p->changed ? 0 : wait);
}

/* Tells the bot. `apart`: beside the lane, with whom it concerns that it was tried; or NULL. */
static void tell(struct phone *p, const struct message *m, enum ticks what, const struct mailbag_tried *apart)
{
    char summary[64];
    struct buf bytes = {0};
    json_t *body = webhook_status(p->world, p->options, m, what);
    snprintf(summary, sizeof summary, "status %s", ticks_name[what]);
    webhook_write(body, &bytes);
    struct mailbag_letter letter = {
        .customer = m->customer, .bytes = buf_text(&bytes), .n = bytes.len, .summary = summary};
    if (apart != NULL) {
        letter.apart = true;
        letter.tried = *apart;
    }
    if (!bytes.failed) mailbag_bring(p->mailbag, &letter);
    buf_free(&bytes);
    json_decref(body);
}

void phone_tell_first(struct phone *p, const struct message *m, void (*run)(void *, int64_t, int), void *self,
                      int64_t id)
{
    tell(p, m, TICKS_SENT, &(struct mailbag_tried){run, self, id});
}

/* What of its statuses the bot hears at the time it comes true. */
static bool heard(const struct message *m, enum ticks what)
{
    switch ((int)m->how) {
    case FAULT_LOST: return false;
    case FAULT_BEFORE_ANSWER: return what != TICKS_SENT; /* heard already */
    case FAULT_REORDERED: return what != TICKS_SENT;     /* comes last    */
    case FAULT_READ_ONLY: return what != TICKS_DELIVERED;
    default: return true;
    }
}

static void step(void *self, int64_t n, int to);

static void plan(struct phone *p, int64_t n, int64_t after_ms, int to)
{
    agenda_add(p->virtual, world_now_ms(p->world) + after_ms, step, p, n, to);
}

/* The one door through which ticks change. */
static void move(struct phone *p, struct message *m, enum ticks to)
{
    m->ticks = to;
    world_message_touch(p->world, m);
    if (heard(m, to)) tell(p, m, to, NULL);
    phone_changed(p);
}

static void step(void *self, int64_t n, int to)
{
    struct phone *p = self;
    struct message *m = world_message(p->world, n);
    if (m != NULL && to == TELL_SENT) tell(p, m, TICKS_SENT, NULL);
    if (m == NULL || (int)m->ticks >= to || to == TELL_SENT) return;
    switch ((enum ticks)to) {
    case TICKS_SENT:
        move(p, m, TICKS_SENT);
        plan(p, n, DELIVERED_AFTER_MS, TICKS_DELIVERED);
        return;
    case TICKS_DELIVERED:
        if (m->customer->offline) return; /* phone_customer_online() takes it up */
        move(p, m, TICKS_DELIVERED);
        plan(p, n, READ_AFTER_MS, TICKS_READ);
        if (m->how == FAULT_REORDERED) plan(p, n, READ_AFTER_MS, TELL_SENT);
        return;
    case TICKS_READ:
        if (m->ticks == TICKS_DELIVERED && page_is_read(p->page, m->customer)) move(p, m, TICKS_READ);
        return;
    case TICKS_FAILED: move(p, m, TICKS_FAILED); return;
    case TICKS_NONE:
    case TICKS_N: return;
    }
}

static void for_waiting(struct phone *p, const struct customer *c, enum ticks from, enum ticks to)
{
    for (int64_t n = p->world->first_n; n <= world_last_n(p->world); n++) {
        const struct message *m = world_message(p->world, n);
        if (m->from_bot && !m->echo && m->customer == c && m->ticks == from) plan(p, n, 0, (int)to);
    }
    server_timer(p->server, 0);
}

void phone_customer_reads(struct phone *p, struct customer *c)
{
    for_waiting(p, c, TICKS_DELIVERED, TICKS_READ);
}

void phone_customer_online(struct phone *p, struct customer *c)
{
    for_waiting(p, c, TICKS_SENT, TICKS_DELIVERED);
}

void phone_met(struct phone *p, struct message *m, enum fault kind)
{
    if (kind == FAULT_NONE) return;
    m->faults |= 1u << kind;
    faults_count(p->faults, kind);
    world_message_touch(p->world, m);
}

struct message *phone_customer_says(struct phone *p, struct customer *c, const char *type, json_t *take_body,
                                    const char *reply_to, struct err *e)
{
    if (world_lost(c)) {
        json_decref(take_body);
        err_set(e, "customer '%s' has lost the number to somebody else and has no other", c->id);
        return NULL;
    }
    struct message *m = take_body == NULL ? NULL : world_message_add(p->world, c, false, type, take_body);
    if (m == NULL) {
        err_set(e, "out of memory");
        return NULL;
    }
    if (reply_to != NULL) m->reply_to = strdup(reply_to);
    m->ticks = TICKS_SENT;
    c->last_inbound_ms = m->at_ms;
    world_customer_touch(p->world, c);
    hostile_message(p->hostile, m, webhook_message(p->world, p->options, m));
    phone_changed(p);
    return m;
}

/* What the statuses of this message meet, as far as it can be done to them. */
static enum fault statuses_meet(const struct phone *p, const struct message *m)
{
    enum fault how = faults_draw(p->faults, STREAM_STATUSES, m->customer->id, NULL);
    bool any = how == FAULT_LATE || how == FAULT_LOST;
    if (m->error != 0 && !any) return FAULT_NONE; /* what fails has one status */
    if (how == FAULT_BEFORE_ANSWER && mailbag_bot_state(p->mailbag) != BOT_READY) return FAULT_NONE;
    return how == FAULT_REORDERED && m->customer->offline ? FAULT_NONE : how;
}

struct message *phone_bot_says(struct phone *p, struct customer *c, const char *type, json_t *take_body,
                               int error)
{
    struct message *m = world_message_add(p->world, c, true, type, take_body);
    if (m == NULL) return NULL;
    c->typing_until_ms = 0;
    world_customer_touch(p->world, c);
    m->error = error;
    m->how = statuses_meet(p, m);
    phone_met(p, m, m->how);
    int64_t late_ms = m->how == FAULT_LATE ? faults_late_ms(p->faults) : 0;
    if (error == 0)
        plan(p, m->n, SENT_AFTER_MS + late_ms, TICKS_SENT);
    else
        plan(p, m->n, FAILED_AFTER_MS + late_ms, TICKS_FAILED);
    phone_changed(p);
    return m;
}

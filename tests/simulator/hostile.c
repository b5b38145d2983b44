#include "hostile.h"

#include "agenda.h"
#include "archive.h"
#include "buf.h"
#include "faults.h"
#include "mailbag.h"
#include "phone.h"
#include "webhook.h"
#include "world.h"

#include <stdlib.h>

/* Enough for several entries and for several changes in one of them; more than Meta is seen to bundle. */
enum { TOGETHER_MIN = 3, TOGETHER_MAX = 32 };
/* A late duplicate comes once more when the tester's clock has gone on this far. */
#define DAYS_LATER_MS (INT64_C(24) * 60 * 60 * 1000)

/* A message that waits. */
struct parked {
    struct parked *next;
    int64_t n, due_ms; /* due: 0 when it only waits for those before it */
    struct customer *customer;
    json_t *body;
    enum fault kind;   /* what holds it; FAULT_NONE once it is over */
    bool twice, later; /* a copy goes with it; copies come later */
};

struct hostile {
    struct phone *phone;
    struct archive *archive;
    struct parked *first; /* in the order they leave */
};

struct hostile *hostile_new(struct phone *p, size_t keep)
{
    struct hostile *h = calloc(1, sizeof *h);
    if (h == NULL || (h->archive = archive_new(keep)) == NULL) {
        free(h);
        return NULL;
    }
    h->phone = p;
    return h;
}

static void parked_free(struct parked *k)
{
    json_decref(k->body);
    free(k);
}

void hostile_free(struct hostile *h)
{
    while (h != NULL && h->first != NULL) {
        struct parked *next = h->first->next;
        parked_free(h->first);
        h->first = next;
    }
    if (h != NULL) archive_free(h->archive);
    free(h);
}

size_t hostile_waiting(const struct hostile *h)
{
    size_t n = 0;
    for (const struct parked *k = h->first; k != NULL; k = k->next) n++;
    return n;
}

static int64_t now(const struct hostile *h)
{
    return world_now_ms(h->phone->world);
}

/* An archived one again, beside its lane. */
static void again(void *self, int64_t number, int what)
{
    struct hostile *h = self;
    struct mailbag_letter letter;
    (void)what;
    if (archive_letter(h->archive, number, now(h), &letter) != 0) return;
    letter.apart = true;
    letter.summary = "nog eens";
    mailbag_bring(h->phone->mailbag, &letter);
}

/* The first has been tried. Not before: a copy must not overtake what still waits in its lane. */
static void again_later(void *self, int64_t number, int what)
{
    struct hostile *h = self;
    (void)what;
    agenda_add(h->phone->virtual, now(h) + faults_late_ms(h->phone->faults), again, h, number, 0);
    agenda_add(h->phone->virtual, now(h) + DAYS_LATER_MS, again, h, number, 0);
    phone_changed(h->phone); /* and the timer learns of them */
}

/* To the archive and to the mailbag. `later`: copies follow. */
static void bring(struct hostile *h, struct mailbag_letter *letter, const json_t *body, bool later)
{
    struct buf bytes = {0};
    webhook_write(body, &bytes);
    letter->bytes = buf_text(&bytes);
    letter->n = bytes.len;
    int64_t number = bytes.failed ? 0 : archive_add(h->archive, now(h), letter);
    if (later) letter->tried = (struct mailbag_tried){again_later, h, number};
    if (!bytes.failed) mailbag_bring(h->phone->mailbag, letter);
    buf_free(&bytes);
}

static void leave(struct hostile *h, const struct parked *k)
{
    const struct message *m = world_message(h->phone->world, k->n);
    struct mailbag_letter letter = {.customer = k->customer,
                                    .messages = &k->n,
                                    .messages_n = 1,
                                    .twice = k->twice,
                                    .summary = m == NULL ? "" : m->type};
    bring(h, &letter, k->body, k->later);
}

/* The one of the same person right before it, or NULL. */
static const struct parked *before(const struct hostile *h, const struct parked *k)
{
    const struct parked *found = NULL;
    for (const struct parked *other = h->first; other != k; other = other->next)
        if (other->customer == k->customer) found = other;
    return found;
}

struct bundle {
    struct parked *of[TOGETHER_MAX];
    size_t n;
    bool due; /* one of them has waited long enough */
};

static bool holds(const struct bundle *b, const struct parked *k)
{
    size_t i = 0;
    while (i < b->n && b->of[i] != k) i++;
    return i < b->n;
}

/* Who may leave together: those who wait for that, first of their person and with nothing of theirs under way;
 * and what waits right behind them. */
static void bundle_find(const struct hostile *h, struct bundle *b)
{
    *b = (struct bundle){.n = 0};
    for (struct parked *k = h->first; k != NULL && b->n < TOGETHER_MAX; k = k->next) {
        const struct parked *its = before(h, k);
        bool plain = k->kind == FAULT_NONE && !k->twice && !k->later;
        bool behind = its != NULL && holds(b, its) && (plain || k->kind == FAULT_BATCH);
        bool starts = its == NULL && k->kind == FAULT_BATCH && mailbag_idle(h->phone->mailbag, k->customer);
        if (!behind && !starts) continue;
        if (k->kind == FAULT_BATCH && k->due_ms <= now(h)) b->due = true;
        b->of[b->n++] = k;
    }
}

/* The changes of all, two in the first entry and the others in the second. */
static json_t *bundle_body(const struct bundle *b)
{
    json_t *first = json_array(), *second = json_array();
    for (size_t i = 0; i < b->n; i++) {
        json_t *entry = json_array_get(json_object_get(b->of[i]->body, "entry"), 0);
        json_t *change = json_array_get(json_object_get(entry, "changes"), 0);
        json_array_append(i < 1 || (i < 2 && b->n > 2) ? first : second, change);
    }
    return json_pack("{s:s, s:[{s:s, s:o}, {s:s, s:o}]}", "object", "whatsapp_business_account", "entry",
                     "id", ACCOUNT_ID, "changes", first, "id", ACCOUNT_ID, "changes", second);
}

static void unpark(struct hostile *h, struct parked *k)
{
    struct parked **at = &h->first;
    while (*at != k) at = &(*at)->next;
    *at = k->next;
    parked_free(k);
}

static void leave_together(struct hostile *h, const struct bundle *b)
{
    int64_t messages[TOGETHER_MAX];
    const struct customer *others[TOGETHER_MAX];
    struct mailbag_letter letter = {.customer = b->of[0]->customer,
                                    .messages = messages,
                                    .messages_n = b->n,
                                    .others = others,
                                    .summary = "samen"};
    for (size_t i = 0; i < b->n; i++) {
        struct message *m = world_message(h->phone->world, b->of[i]->n);
        bool known = b->of[i]->customer == letter.customer;
        for (size_t j = 0; j < letter.others_n; j++) known = known || others[j] == b->of[i]->customer;
        if (!known) others[letter.others_n++] = b->of[i]->customer;
        messages[i] = b->of[i]->n;
        if (m != NULL) phone_met(h->phone, m, FAULT_BATCH);
    }
    json_t *body = bundle_body(b);
    bring(h, &letter, body, false);
    json_decref(body);
    for (size_t i = 0; i < b->n; i++) unpark(h, b->of[i]);
}

/* Whatever may leave now leaves. */
static void settle(void *self, int64_t n, int what)
{
    struct hostile *h = self;
    struct bundle b;
    (void)n, (void)what;
    bundle_find(h, &b);
    if (b.n >= TOGETHER_MIN || (b.due && b.n > 1)) leave_together(h, &b);
    for (struct parked *k = h->first, *next; k != NULL; k = next) {
        next = k->next;
        if (k->due_ms > now(h) || before(h, k) != NULL) continue;
        leave(h, k);
        unpark(h, k);
    }
    phone_changed(h->phone);
}

static struct parked *last_of(const struct hostile *h, const struct customer *c)
{
    struct parked *last = NULL;
    for (struct parked *k = h->first; k != NULL; k = k->next)
        if (k->customer == c) last = k;
    return last;
}

static void out_of_order(struct hostile *h, int64_t n)
{
    struct message *m = world_message(h->phone->world, n);
    if (m == NULL) return;
    m->reordered = true;
    world_message_touch(h->phone->world, m);
}

/* In its place: at the end, or before the one that waits for somebody to let pass. */
static void park(struct hostile *h, struct parked *k, struct parked *last)
{
    struct parked **at = &h->first;
    bool passes = last != NULL && last->kind == FAULT_REORDER;
    while (*at != NULL && !(passes && *at == last)) at = &(*at)->next;
    k->next = *at;
    *at = k;
    if (!passes) return;
    struct message *m = world_message(h->phone->world, last->n);
    if (m != NULL) phone_met(h->phone, m, FAULT_REORDER);
    out_of_order(h, last->n);
    out_of_order(h, k->n);
    last->kind = FAULT_NONE;
    last->due_ms = 0;
    if (k->kind == FAULT_REORDER) { /* two cannot let each other pass */
        k->kind = FAULT_NONE;
        k->due_ms = 0;
    }
}

void hostile_message(struct hostile *h, struct message *m, json_t *take_body)
{
    enum fault kind = faults_draw(h->phone->faults, STREAM_WEBHOOKS, m->customer->id, NULL);
    bool waits = kind == FAULT_BATCH || kind == FAULT_DELAY || kind == FAULT_REORDER;
    struct parked *k = calloc(1, sizeof *k);
    if (k == NULL) {
        json_decref(take_body);
        return;
    }
    *k = (struct parked){.n = m->n,
                         .customer = m->customer,
                         .body = take_body,
                         .twice = kind == FAULT_DUPLICATE,
                         .later = kind == FAULT_DUPLICATE_LATE,
                         .kind = waits ? kind : FAULT_NONE};
    if (kind == FAULT_DUPLICATE || kind == FAULT_DUPLICATE_LATE || kind == FAULT_DELAY)
        phone_met(h->phone, m, kind);
    if (waits) k->due_ms = now(h) + faults_late_ms(h->phone->faults);
    park(h, k, last_of(h, m->customer));
    if (k->due_ms != 0) agenda_add(h->phone->virtual, k->due_ms, settle, h, 0, 0);
    settle(h, 0, 0);
}

size_t hostile_redeliver(struct hostile *h)
{
    size_t n = 0;
    int64_t last = archive_last(h->archive);
    for (int64_t i = archive_first(h->archive); i <= last; i++) {
        struct mailbag_letter letter;
        if (archive_letter(h->archive, i, now(h), &letter) != 0) continue;
        letter.summary = "herhaling";
        if (mailbag_bring(h->phone->mailbag, &letter) == 0) n++;
    }
    return n;
}

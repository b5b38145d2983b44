#include "mailbag.h"

#include "agenda.h"
#include "buf.h"
#include "courier.h"
#include "handshake.h"
#include "loopback.h"
#include "options.h"
#include "patience.h"
#include "webhook.h"
#include "wire.h"
#include "world.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const bot_state_name[BOT_STATES] = {
    [BOT_NONE] = "none", [BOT_CHECKING] = "checking", [BOT_READY] = "ready", [BOT_REFUSED] = "refused"};

/* One webhook until it is answered or given up. Known to the agenda by its number. */
struct post {
    struct post *next;          /* in its lane               */
    struct post *older, *newer; /* in the bag            */
    struct mailbag *bag;
    struct errand errand;
    struct buf body;
    char signature[SIGNATURE_MAX];
    char summary[64];
    const struct customer *customer; /* NULL: nobody's */
    char *url;                       /* of this try: the bot may move meanwhile */
    size_t lane, *others;            /* others: lanes that wait for its first try too */
    size_t others_n;
    int64_t *messages; /* the numbers of what it brings */
    size_t messages_n;
    int64_t number, first_ms, wire_n;
    unsigned attempt;
    bool holds; /* its lane waits for it */
    bool waits; /* for its next try      */
    bool twice; /* a copy goes with it   */
    bool once;
    struct mailbag_tried tried;
    struct mailbag_once caller;
};

struct lane {
    struct post *head, *tail;
    bool busy;
};

struct mailbag {
    struct mailbag_needs needs;
    struct lane *lanes; /* 0: nobody's; 1 + customer's index */
    size_t lanes_n, waiting;
    struct post *newest;
    int64_t numbers;
    char url[512], why[256];
    enum bot_state state;
    struct handshake *handshake;
    void (*check_done)(void *, int, const char *);
    void *check_self;
};

struct mailbag *mailbag_new(const struct mailbag_needs *needs)
{
    struct mailbag *b = calloc(1, sizeof *b);
    if (b == NULL) return NULL;
    b->needs = *needs;
    b->handshake = handshake_new(needs->options->verify_token, needs->world, needs->courier, needs->wire);
    if (b->handshake != NULL) return b;
    free(b);
    return NULL;
}

static void post_free(struct post *p)
{
    if (p->newer != NULL) p->newer->older = p->older;
    if (p->older != NULL) p->older->newer = p->newer;
    if (p->bag->newest == p) p->bag->newest = p->older;
    buf_free(&p->body);
    buf_free(&p->errand.answer);
    free(p->url);
    free(p->others);
    free(p->messages);
    free(p);
}

void mailbag_free(struct mailbag *b)
{
    if (b == NULL) return;
    if (b->state == BOT_CHECKING && b->check_done != NULL) b->check_done(b->check_self, 0, "gestopt");
    while (b->newest != NULL) {
        struct post *p = b->newest;
        if (p->once) p->caller.done(p->caller.self, 0, 0, "gestopt", "");
        post_free(p);
    }
    handshake_free(b->handshake);
    free(b->lanes);
    free(b);
}

static struct lane *lane_of(struct mailbag *b, size_t i)
{
    if (i >= b->lanes_n) {
        struct lane *grown = realloc(b->lanes, (i + 16) * sizeof *grown);
        if (grown == NULL) return NULL;
        memset(grown + b->lanes_n, 0, (i + 16 - b->lanes_n) * sizeof *grown);
        b->lanes = grown;
        b->lanes_n = i + 16;
    }
    return &b->lanes[i];
}

static void post_done(void *self, struct errand *x);

static void post_send(struct mailbag *b, struct post *p)
{
    p->attempt++;
    free(p->url);
    p->url = strdup(b->url);
    p->errand.url = p->url == NULL ? "" : p->url;
    p->errand.body = buf_text(&p->body);
    p->errand.body_n = p->body.len;
    p->errand.signature = p->signature[0] != '\0' ? p->signature : NULL;
    p->errand.done = post_done;
    p->errand.self = p;
    const struct wire_start start = {.webhook = true,
                                     .method = "POST",
                                     .target = p->errand.url,
                                     .customer = p->customer == NULL ? NULL : p->customer->id,
                                     .summary = p->summary,
                                     .signature = p->errand.signature,
                                     .attempt = p->attempt,
                                     .body = p->errand.body,
                                     .body_n = p->errand.body_n};
    p->wire_n = wire_begin(b->needs.wire, world_now_ms(b->needs.world), &start);
    courier_send(b->needs.courier, &p->errand);
    b->needs.changed(b->needs.self);
}

/* The same again at this very moment, beside the lane; a webhook in its own right from here on. */
static void post_twice(struct mailbag *b, struct post *p)
{
    const struct mailbag_letter letter = {.customer = p->customer,
                                          .bytes = p->body.data,
                                          .n = p->body.len,
                                          .messages = p->messages,
                                          .messages_n = p->messages_n,
                                          .apart = true,
                                          .summary = p->summary};
    p->twice = false;
    mailbag_bring(b, &letter);
}

static void lane_kick(struct mailbag *b, struct lane *lane)
{
    if (lane->busy || lane->head == NULL || b->state != BOT_READY) return;
    struct post *p = lane->head;
    lane->head = p->next;
    if (lane->head == NULL) lane->tail = NULL;
    lane->busy = true;
    p->holds = true;
    post_send(b, p);
    if (p->twice) post_twice(b, p);
}

static void lane_append(struct mailbag *b, struct post *p)
{
    struct lane *lane = &b->lanes[p->lane];
    p->next = NULL;
    if (lane->tail != NULL)
        lane->tail->next = p;
    else
        lane->head = p;
    lane->tail = p;
    lane_kick(b, lane);
}

static void try_again(struct mailbag *b, struct post *p)
{
    p->waits = false;
    lane_append(b, p);
}

/* `attempt`: the one that failed; there may have been another since. */
static void retry(void *self, int64_t number, int attempt)
{
    struct mailbag *b = self;
    for (struct post *p = b->newest; p != NULL; p = p->older)
        if (p->number == number) {
            if (p->waits && p->attempt == (unsigned)attempt) try_again(b, p);
            return;
        }
}

size_t mailbag_retry(struct mailbag *b)
{
    size_t n = 0;
    struct post *p = b->newest;
    while (p != NULL && p->older != NULL) p = p->older;
    for (; p != NULL; p = p->newer) {
        if (!p->waits) continue;
        try_again(b, p);
        n++;
    }
    return n;
}

/* Not 200: later again, or never again. True when the post lives on. */
static bool post_again(struct mailbag *b, struct post *p)
{
    int64_t now = world_now_ms(b->needs.world), wait = patience_ms(p->attempt, now - p->first_ms);
    p->waits =
        wait >= 0 && agenda_add(b->needs.agenda, now + wait, retry, b, p->number, (int)p->attempt) == 0;
    return p->waits;
}

static void lane_free(struct mailbag *b, size_t i)
{
    b->lanes[i].busy = false;
    lane_kick(b, &b->lanes[i]);
}

/* Its first try is over: whoever waited for that goes on. */
static void lanes_free(struct mailbag *b, struct post *p)
{
    if (p->holds) lane_free(b, p->lane);
    for (size_t i = 0; i < p->others_n; i++) lane_free(b, p->others[i]);
    p->holds = false;
    p->others_n = 0;
    if (p->tried.run != NULL) p->tried.run(p->tried.self, p->tried.id, 0);
    p->tried.run = NULL;
}

static void post_done(void *self, struct errand *x)
{
    struct post *p = self;
    struct mailbag *b = p->bag;
    bool ok = x->status == 200, lives = !ok && !p->once && post_again(b, p);
    char note[400] = "";
    if (!ok)
        snprintf(note, sizeof note, "%s%s%s", x->status == 0 ? x->why : "geen 200",
                 lives ? "; wordt opnieuw geprobeerd" : "",
                 !lives && !p->once ? "; opgegeven na 7 dagen" : "");
    wire_answered(b->needs.wire, p->wire_n, x, !ok, ok ? NULL : note);
    for (size_t i = 0; ok && i < p->messages_n; i++) b->needs.taken(b->needs.self, p->messages[i]);
    if (p->once) {
        p->caller.done(p->caller.self, x->status, x->us, x->why, buf_text(&x->answer));
    } else {
        lanes_free(b, p);
        if (!lives) b->waiting--;
    }
    if (!lives) post_free(p);
    b->needs.changed(b->needs.self);
}

static struct post *post_new(struct mailbag *b, const char *summary)
{
    struct post *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    p->bag = b;
    p->number = ++b->numbers;
    p->first_ms = world_now_ms(b->needs.world);
    snprintf(p->summary, sizeof p->summary, "%s", summary);
    p->older = b->newest;
    if (b->newest != NULL) b->newest->newer = p;
    b->newest = p;
    return p;
}

/* What the letter says of where and for whom. -1 when out of memory. */
static int post_address(struct mailbag *b, struct post *p, const struct mailbag_letter *l)
{
    p->lane = l->customer == NULL ? 0 : 1 + l->customer->index;
    p->customer = l->customer;
    p->tried = l->tried;
    p->twice = l->twice;
    p->messages = malloc((l->messages_n + 1) * sizeof *p->messages);
    p->others = malloc((l->others_n + 1) * sizeof *p->others);
    if (p->messages == NULL || p->others == NULL || lane_of(b, p->lane) == NULL) return -1;
    for (; p->messages_n < l->messages_n; p->messages_n++)
        p->messages[p->messages_n] = l->messages[p->messages_n];
    for (; p->others_n < l->others_n; p->others_n++) {
        p->others[p->others_n] = 1 + l->others[p->others_n]->index;
        if (lane_of(b, p->others[p->others_n]) == NULL) return -1;
    }
    return 0;
}

/* For this very moment, with every lane of it standing still. */
static void post_together(struct mailbag *b, struct post *p)
{
    b->lanes[p->lane].busy = p->holds = true;
    for (size_t i = 0; i < p->others_n; i++) b->lanes[p->others[i]].busy = true;
    post_send(b, p);
}

int mailbag_bring(struct mailbag *b, const struct mailbag_letter *l)
{
    struct post *p = post_new(b, l->summary);
    if (p == NULL) return -1;
    buf_add(&p->body, l->bytes, l->n);
    if (p->body.failed || post_address(b, p, l) != 0) {
        post_free(p);
        return -1;
    }
    webhook_sign(b->needs.options->app_secret, p->body.data, p->body.len, p->signature);
    b->waiting++;
    if (p->others_n > 0)
        post_together(b, p);
    else if (l->apart && b->state == BOT_READY)
        post_send(b, p);
    else
        lane_append(b, p);
    return 0;
}

void mailbag_put(struct mailbag *b, const struct customer *c, json_t *take_body, int64_t n,
                 const char *summary)
{
    struct buf bytes = {0};
    webhook_write(take_body, &bytes);
    const struct mailbag_letter letter = {.customer = c,
                                          .bytes = buf_text(&bytes),
                                          .n = bytes.len,
                                          .messages = &n,
                                          .messages_n = n != 0,
                                          .summary = summary};
    if (!bytes.failed) mailbag_bring(b, &letter);
    buf_free(&bytes);
    json_decref(take_body);
}

bool mailbag_idle(const struct mailbag *b, const struct customer *c)
{
    size_t i = 1 + c->index;
    return b->state == BOT_READY && (i >= b->lanes_n || (!b->lanes[i].busy && b->lanes[i].head == NULL));
}

int mailbag_once(struct mailbag *b, const struct mailbag_once *once)
{
    if (b->state == BOT_NONE) return -1;
    struct post *p = post_new(b, once->summary);
    if (p == NULL) return -1;
    p->once = true;
    p->caller = *once;
    p->messages = malloc((once->messages_n + 1) * sizeof *p->messages);
    buf_add(&p->body, once->bytes, once->n);
    if (p->body.failed || p->messages == NULL) {
        post_free(p);
        return -1;
    }
    for (; p->messages_n < once->messages_n; p->messages_n++)
        p->messages[p->messages_n] = once->first_message + (int64_t)p->messages_n;
    if (once->signature != NULL) snprintf(p->signature, sizeof p->signature, "%s", once->signature);
    post_send(b, p);
    return 0;
}

size_t mailbag_waiting(const struct mailbag *b)
{
    return b->waiting;
}

static void checked(void *self, const char *wrong)
{
    struct mailbag *b = self;
    b->state = wrong == NULL ? BOT_READY : BOT_REFUSED;
    snprintf(b->why, sizeof b->why, "%s", wrong == NULL ? "" : wrong);
    b->needs.changed(b->needs.self);
    if (b->check_done != NULL) b->check_done(b->check_self, wrong == NULL, b->why);
    for (size_t i = 0; i < b->lanes_n; i++) lane_kick(b, &b->lanes[i]);
}

int mailbag_bot(struct mailbag *b, const char *url, void (*done)(void *, int, const char *), void *self)
{
    char whole[sizeof b->url];
    if (loopback_callback(url, "/webhook/whatsapp", whole, sizeof whole) != 0) return -1;
    if (handshake_start(b->handshake, whole, checked, b) != 0) return -1;
    memcpy(b->url, whole, sizeof b->url);
    b->check_done = done;
    b->check_self = self;
    b->state = BOT_CHECKING;
    b->needs.changed(b->needs.self);
    return 0;
}

enum bot_state mailbag_bot_state(const struct mailbag *b)
{
    return b->state;
}

const char *mailbag_bot_url(const struct mailbag *b)
{
    return b->url;
}

const char *mailbag_bot_why(const struct mailbag *b)
{
    return b->why;
}

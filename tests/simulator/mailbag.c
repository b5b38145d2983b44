#include "mailbag.h"

#include "agenda.h"
#include "buf.h"
#include "courier.h"
#include "loopback.h"
#include "options.h"
#include "webhook.h"
#include "wire.h"
#include "world.h"

#include <openssl/rand.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Meta: "immediately, then less and less often" for up to seven days, then dropped. The steps
 * themselves are not published. */
static const int64_t retry_ms[] = {100, 2000, 10000, 60000, 300000, 1800000, 3600000};
#define RETRY_LAST_MS (INT64_C(6) * 60 * 60 * 1000)
#define RETRY_END_MS  (INT64_C(7) * 24 * 60 * 60 * 1000)

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
    char *customer;       /* id, or NULL */
    char *url;            /* of this try: the bot may move meanwhile */
    size_t lane, *others; /* others: lanes that wait for its first try too */
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
    struct {
        struct errand errand;
        char url[1024], challenge[24];
        int64_t wire_n;
        bool under_way;
        void (*done)(void *, int, const char *);
        void *self;
    } check;
};

struct mailbag *mailbag_new(const struct mailbag_needs *needs)
{
    struct mailbag *b = calloc(1, sizeof *b);
    if (b != NULL) b->needs = *needs;
    return b;
}

static void post_free(struct post *p)
{
    if (p->newer != NULL) p->newer->older = p->older;
    if (p->older != NULL) p->older->newer = p->newer;
    if (p->bag->newest == p) p->bag->newest = p->older;
    buf_free(&p->body);
    buf_free(&p->errand.answer);
    free(p->customer);
    free(p->url);
    free(p->others);
    free(p->messages);
    free(p);
}

void mailbag_free(struct mailbag *b)
{
    if (b == NULL) return;
    if (b->check.under_way && b->check.done != NULL) b->check.done(b->check.self, 0, "gestopt");
    while (b->newest != NULL) {
        struct post *p = b->newest;
        if (p->once) p->caller.done(p->caller.self, 0, 0, "gestopt", "");
        post_free(p);
    }
    buf_free(&b->check.errand.answer);
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
                                     .customer = p->customer,
                                     .summary = p->summary,
                                     .signature = p->errand.signature,
                                     .attempt = p->attempt,
                                     .body = p->errand.body,
                                     .body_n = p->errand.body_n};
    p->wire_n = wire_begin(b->needs.wire, world_now_ms(b->needs.world), &start);
    courier_send(b->needs.courier, &p->errand);
    b->needs.changed(b->needs.self);
}

static void post_twice(struct mailbag *b, struct post *p);

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
    int64_t now = world_now_ms(b->needs.world);
    size_t step = p->attempt - 1, steps = sizeof retry_ms / sizeof *retry_ms;
    if (now - p->first_ms >= RETRY_END_MS) return false;
    int64_t wait = step < steps ? retry_ms[step] : RETRY_LAST_MS;
    p->waits = agenda_add(b->needs.agenda, now + wait, retry, b, p->number, (int)p->attempt) == 0;
    return p->waits;
}

static void wire_answered(struct mailbag *b, int64_t wire_n, const struct errand *x, bool bad,
                          const char *note)
{
    const struct wire_end end = {.status = x->status,
                                 .us = x->us,
                                 .bad = bad,
                                 .note = note,
                                 .answer = buf_text(&x->answer),
                                 .answer_n = x->answer.len};
    wire_finish(b->needs.wire, wire_n, &end);
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
    wire_answered(b, p->wire_n, x, !ok, ok ? NULL : note);
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
    if (l->customer != NULL) p->customer = strdup(l->customer->id);
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

/* The same again at this very moment, beside the lane; a webhook in its own right from here on. */
static void post_twice(struct mailbag *b, struct post *p)
{
    struct post *copy = post_new(b, p->summary);
    p->twice = false;
    if (copy == NULL) return;
    const struct mailbag_letter letter = {.messages = p->messages, .messages_n = p->messages_n};
    buf_add(&copy->body, p->body.data, p->body.len);
    if (copy->body.failed || post_address(b, copy, &letter) != 0) {
        post_free(copy);
        return;
    }
    copy->lane = p->lane;
    if (p->customer != NULL) copy->customer = strdup(p->customer);
    snprintf(copy->signature, sizeof copy->signature, "%s", p->signature);
    b->waiting++;
    post_send(b, copy);
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

static void check_done(void *self, struct errand *x)
{
    struct mailbag *b = self;
    const char *wrong = NULL;
    if (x->status == 0)
        wrong = x->why;
    else if (x->status != 200)
        wrong = "GET-controle: het antwoord was geen 200";
    else if (strcmp(buf_text(&x->answer), b->check.challenge) != 0)
        wrong = "GET-controle: het antwoord was niet de kale hub.challenge";
    b->check.under_way = false;
    b->state = wrong == NULL ? BOT_READY : BOT_REFUSED;
    snprintf(b->why, sizeof b->why, "%s", wrong == NULL ? "" : wrong);
    wire_answered(b, b->check.wire_n, x, wrong != NULL, wrong);
    b->needs.changed(b->needs.self);
    if (b->check.done != NULL) b->check.done(b->check.self, wrong == NULL, b->why);
    for (size_t i = 0; i < b->lanes_n; i++) lane_kick(b, &b->lanes[i]);
}

int mailbag_bot(struct mailbag *b, const char *url, void (*done)(void *, int, const char *), void *self)
{
    unsigned char random[6];
    if (!loopback_is(url) || b->check.under_way || strlen(url) > sizeof b->url - 32) return -1;
    if (RAND_bytes(random, sizeof random) != 1) return -1;
    const char *path = strchr(url + strlen("http://"), '/');
    bool bare = path == NULL || path[1] == '\0';
    int host = path == NULL ? (int)strlen(url) : (int)(path - url);
    snprintf(b->url, sizeof b->url, "%.*s%s", host, url, bare ? "/webhook/whatsapp" : path);
    unsigned number =
        (unsigned)random[0] << 24 | (unsigned)random[1] << 16 | (unsigned)random[2] << 8 | random[3];
    snprintf(b->check.challenge, sizeof b->check.challenge, "%u", number);
    char token[400];
    loopback_percent_encode(b->needs.options->verify_token, token, sizeof token);
    snprintf(b->check.url, sizeof b->check.url, "%s?hub.mode=subscribe&hub.challenge=%s&hub.verify_token=%s",
             b->url, b->check.challenge, token);
    b->state = BOT_CHECKING;
    b->check.done = done;
    b->check.self = self;
    b->check.under_way = true;
    b->check.errand.url = b->check.url;
    b->check.errand.done = check_done;
    b->check.errand.self = b;
    const struct wire_start start = {
        .webhook = true, .method = "GET", .target = b->check.url, .summary = "controle", .attempt = 1};
    b->check.wire_n = wire_begin(b->needs.wire, world_now_ms(b->needs.world), &start);
    courier_send(b->needs.courier, &b->check.errand);
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

/* phone.h -- the practice phone as a whole: the parts, and what they do to each other.
 *
 * main.c makes and owns the parts; everybody here borrows them. One thread. */
#ifndef PHONE_H
#define PHONE_H

#include "faults.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda;
struct control;
struct courier;
struct customer;
struct err;
struct hostile;
struct limbo;
struct mailbag;
struct message;
struct options;
struct page;
struct server;
struct uploads;
struct wire;
struct world;

struct phone {
    const struct options *options;
    const char *base; /* "http://127.0.0.1:PORT": where this phone is found */
    struct world *world;
    struct wire *wire;
    struct agenda *virtual; /* statuses, retries: the tester's clock */
    struct agenda *real;    /* waiting of HTTP clients               */
    struct courier *courier;
    struct mailbag *mailbag;
    struct server *server;
    struct control *control;
    struct uploads *uploads;
    struct faults *faults;   /* what goes wrong on purpose           */
    struct hostile *hostile; /* what customers' messages meet      */
    struct limbo *limbo;     /* requests that are left waiting       */
    struct page *page;
    json_t *batch; /* the last batch, to be sent again; NULL: none */
    int64_t batch_first;
    size_t batch_n; /* it brings this many messages, numbered on from batch_first */
    char *token;    /* what Graph wants to see            */
    bool token_expired;
    bool changed;
};

/* phone_changed(p): something did: the page and whoever waits are told after this turn of the loop.
 * The form with void is for callbacks. */
void phone_changed(void *phone);

/* phone_taken(p, n): the bot answered 200 to the webhook of message n: two grey ticks. */
void phone_taken(void *phone, int64_t n);

/* phone_turn(p): runs what is due, tells who waits, sets the next timer. */
void phone_turn(struct phone *p);

/* phone_customer_says(p, c, type, take_body, reply_to, e): a new bubble of the customer and its webhook;
 * opens the window. NULL with `e`. */
struct message *phone_customer_says(struct phone *p, struct customer *c, const char *type, json_t *take_body,
                                    const char *reply_to, struct err *e);

/* phone_bot_says(p, c, type, take_body, error): a new bubble of the bot, its statuses planned; `error` is the
 * code that it will fail with, 0: none. NULL when out of memory. */
struct message *phone_bot_says(struct phone *p, struct customer *c, const char *type, json_t *take_body,
                               int error);

/* phone_tell_first(p, m, run, self, id): the status `sent` of m at once; run(self, id, 0) when the bot has had it. */
void phone_tell_first(struct phone *p, const struct message *m, void (*run)(void *self, int64_t id, int what),
                      void *self, int64_t id);

/* phone_met(p, m, kind): this fault was done to m: counted and in its record. FAULT_NONE is fine. */
void phone_met(struct phone *p, struct message *m, enum fault kind);

/* phone_customer_reads(p, c): whatever was delivered is read now. phone_customer_online(p, c): whatever
 * waited is delivered. */
void phone_customer_reads(struct phone *p, struct customer *c);
void phone_customer_online(struct phone *p, struct customer *c);

#endif

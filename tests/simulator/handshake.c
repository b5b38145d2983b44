#include "handshake.h"

#include "courier.h"
#include "loopback.h"
#include "wire.h"
#include "world.h"

#include <openssl/rand.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct handshake {
    const char *verify_token;
    const struct world *world;
    struct courier *courier;
    struct wire *wire;
    struct errand errand;
    char url[1024], challenge[24];
    int64_t wire_n;
    bool under_way;
    void (*done)(void *, const char *);
    void *self;
};

struct handshake *handshake_new(const char *verify_token, const struct world *world, struct courier *courier,
                                struct wire *wire)
{
    struct handshake *h = calloc(1, sizeof *h);
    if (h == NULL) return NULL;
    h->verify_token = verify_token;
    h->world = world;
    h->courier = courier;
    h->wire = wire;
    return h;
}

void handshake_free(struct handshake *h)
{
    if (h == NULL) return;
    buf_free(&h->errand.answer);
    free(h);
}

static void answered(void *self, struct errand *x)
{
    struct handshake *h = self;
    const char *wrong = NULL;
    if (x->status == 0)
        wrong = x->why;
    else if (x->status != 200)
        wrong = "GET-controle: het antwoord was geen 200";
    else if (strcmp(buf_text(&x->answer), h->challenge) != 0)
        wrong = "GET-controle: het antwoord was niet de kale hub.challenge";
    h->under_way = false;
    wire_answered(h->wire, h->wire_n, x, wrong != NULL, wrong);
    h->done(h->self, wrong);
}

int handshake_start(struct handshake *h, const char *url, void (*done)(void *, const char *), void *self)
{
    unsigned char random[4];
    char token[400];
    if (h->under_way || RAND_bytes(random, sizeof random) != 1) return -1;
    unsigned number =
        (unsigned)random[0] << 24 | (unsigned)random[1] << 16 | (unsigned)random[2] << 8 | random[3];
    snprintf(h->challenge, sizeof h->challenge, "%u", number);
    loopback_percent_encode(h->verify_token, token, sizeof token);
    snprintf(h->url, sizeof h->url, "%s?hub.mode=subscribe&hub.challenge=%s&hub.verify_token=%s", url,
             h->challenge, token);
    h->done = done;
    h->self = self;
    h->under_way = true;
    h->errand.url = h->url;
    h->errand.done = answered;
    h->errand.self = h;
    const struct wire_start start = {
        .webhook = true, .method = "GET", .target = h->url, .summary = "controle", .attempt = 1};
    h->wire_n = wire_begin(h->wire, world_now_ms(h->world), &start);
    courier_send(h->courier, &h->errand);
    return 0;
}

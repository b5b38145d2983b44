/* handshake.h -- the GET check that Meta does when a callback is configured. */
#ifndef HANDSHAKE_H
#define HANDSHAKE_H

struct courier;
struct handshake;
struct wire;
struct world;

/* handshake_new(...): all borrowed. NULL when out of memory. */
struct handshake *handshake_new(const char *verify_token, const struct world *world, struct courier *courier,
                                struct wire *wire);
void handshake_free(struct handshake *h); /* after the courier's end; a check under way is dropped */

/* handshake_start(h, url, done, self): done(self, wrong) when the bot has answered; `wrong` is NULL when it passed,
 * else what was wrong. -1 while another is under way. */
int handshake_start(struct handshake *h, const char *url, void (*done)(void *self, const char *wrong),
                    void *self);

#endif

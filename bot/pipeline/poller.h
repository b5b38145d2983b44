/* poller.h -- fetches what people wrote on a platform that does not come to us: Telegram's
 * getUpdates, one long call at a time. In webhook mode it comes to us after all, and nothing is
 * asked for.
 *
 * What a call brought waits here until the round that took it in is on disk; only the next call
 * tells the platform so, by its offset. A process that dies in between is given it again, and the
 * inbox knows each update by its id. */
#ifndef POLLER_H
#define POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_client;
struct platform;
struct poller;

/* NULL when out of memory. Both are borrowed. Of a platform that is off, or posts to us, it does
 * nothing. */
struct poller *poller_new(const struct platform *platform, struct http_client *client);
void poller_free(struct poller *p); /* the client must not be polled after it; NULL is fine */

void poller_set_back(struct poller *p); /* the clock was set back: it rests no longer */

/* poller_beat(p, now): calls, when no call is open, nothing waits to be taken in, and no pause
 * after trouble is left. The time for the next beat: `now` or earlier, later, or INT64_MAX: not before
 * something comes in. */
int64_t poller_beat(struct poller *p, int64_t now_ms);

/* poller_body(p, n): what waits to be taken in, an answer as the platform gave it; NULL: nothing. */
const char *poller_body(const struct poller *p, size_t *n);

/* poller_done(p): it is on disk. */
void poller_done(struct poller *p);

#endif

/* mailbag.h -- the webhooks that must reach the bot, tried again as Meta tries.
 *
 * Each customer has a lane: first tries leave one after another, in order. What the bot did not
 * answer with 200 leaves its lane and comes back later, so order is not kept then; Meta promises
 * none either. Until there is a bot that answered the GET check, everything waits. */
#ifndef MAILBAG_H
#define MAILBAG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda;
struct courier;
struct customer;
struct options;
struct wire;
struct world;

struct mailbag;

/* What a mailbag works with; all borrowed. `changed` runs when the wire or the bot's state changed. */
struct mailbag_needs {
    const struct options *options;
    const struct world *world;
    struct agenda *agenda; /* virtual time */
    struct courier *courier;
    struct wire *wire;
    void (*changed)(void *self);
    void (*taken)(void *self, int64_t n); /* the bot answered 200 to the webhook of message n */
    void *self;
};

enum bot_state { BOT_NONE, BOT_CHECKING, BOT_READY, BOT_REFUSED, BOT_STATES };
extern const char *const bot_state_name[BOT_STATES];

struct mailbag *mailbag_new(const struct mailbag_needs *needs); /* NULL when out of memory */
void mailbag_free(struct mailbag *b);                           /* after the courier's end; tells who waits */

/* mailbag_bot(b, url, done, self): from now on webhooks go to `url`; first the GET check, as when the
 * callback is configured. done(self, ok, why) when it has been answered. -1 when the URL is no
 * http URL of this machine: nothing leaves this computer. */
int mailbag_bot(struct mailbag *b, const char *url, void (*done)(void *self, int ok, const char *why),
                void *self);
enum bot_state mailbag_bot_state(const struct mailbag *b);
const char *mailbag_bot_url(const struct mailbag *b); /* "" without a bot */
const char *mailbag_bot_why(const struct mailbag *b); /* "" unless refused */

/* mailbag_put(b, c, take_body, summary): to be sent, and sent again until it is answered with 200 or
 * seven days have passed. `c` may be NULL. `n`: the message it brings, 0 when it brings none. */
void mailbag_put(struct mailbag *b, const struct customer *c, json_t *take_body, int64_t n,
                 const char *summary);

/* run(self, id, 0) after the first try, whatever came of it. `run` may be NULL. */
struct mailbag_tried {
    void (*run)(void *self, int64_t id, int what);
    void *self;
    int64_t id;
};

/* What mailbag_put() sends, in all its particulars. Everything is copied. */
struct mailbag_letter {
    const struct customer *customer; /* whose lane; NULL: nobody's                            */
    const char *bytes;
    size_t n;
    const int64_t *messages; /* the numbers of what it brings                                 */
    size_t messages_n;
    const struct customer *const *others; /* whose lanes wait for its first try too: then it  */
    size_t others_n;                      /* leaves at once, and all of them must be idle     */
    bool apart;                           /* at once, beside the lane                         */
    bool twice;                           /* a copy goes with the first try, at the same time */
    const char *summary;
    struct mailbag_tried tried;
};
int mailbag_bring(struct mailbag *b, const struct mailbag_letter *l); /* -1: no memory */

/* mailbag_idle(b, c): nothing of this customer's lane is under way or waits for its first try. */
bool mailbag_idle(const struct mailbag *b, const struct customer *c);

/* mailbag_retry(b): whatever waits for its next try is tried now, the oldest first; how many. */
size_t mailbag_retry(struct mailbag *b);

/* One try, outside the lanes, of these very bytes. `signature` NULL: none is sent. */
struct mailbag_once {
    const char *bytes;
    size_t n;
    const char *signature, *summary;
    int64_t first_message; /* it brings `messages_n` messages, numbered from this one on */
    size_t messages_n;
    void (*done)(void *self, int status, int64_t us, const char *why, const char *answer);
    void *self;
};
int mailbag_once(struct mailbag *b, const struct mailbag_once *once); /* -1: no bot, no memory */

size_t mailbag_waiting(const struct mailbag *b); /* not yet answered with 200 */

#endif

/* world.h -- the customers, what was said, and the time it is.
 *
 * Only data and the rules of the platform about it (window, pair limit, identity); nothing here
 * sends. One thread. Time is virtual: the real clock plus what the tester advanced. */
#ifndef WORLD_H
#define WORLD_H

#include "faults.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Meta: free-form replies within 24 h of the person's last message. */
enum { WINDOW_MS = 24 * 60 * 60 * 1000 };
/* An id as Meta makes them: "wamid." and base64. */
enum { WAMID_MAX = 48 };

enum ticks { TICKS_NONE, TICKS_SENT, TICKS_DELIVERED, TICKS_READ, TICKS_FAILED, TICKS_N };
extern const char *const ticks_name[TICKS_N]; /* the words of Meta's statuses */

struct customer {
    size_t index; /* place in the world                                                     */
    char *id;     /* the tester's name for them: "sanne"                                    */
    char *name;
    char *username, *phone, *user_id; /* NULL: has none, or the business may not see it      */
    bool hidden;                      /* has a phone that the business may not see           */
    bool blocked;                     /* has blocked the business, or left WhatsApp          */
    bool offline;                     /* phone is off: sent, not delivered                   */
    int64_t last_inbound_ms;          /* 0: never wrote                                      */
    int64_t typing_until_ms;          /* the bot shows that it types                         */
    int64_t pair_clear_ms;            /* when the pair limit's debt is paid                  */
    int64_t taken_n;                  /* the last of their messages that the bot took        */
    int64_t seq;                      /* world.seq of the last change                        */
};

/* One bubble. `body` has the shape of Graph for the bot's, of the webhook for the customer's:
 * an object with the member named `type`. */
struct message {
    int64_t n;   /* 1, 2, 3 … in the order they came to be                                  */
    int64_t seq; /* world.seq of the last change                                            */
    int64_t at_ms;
    struct customer *customer;
    bool from_bot;
    bool echo; /* typed by the owner in the Business app                                    */
    char id[WAMID_MAX];
    char *type;
    json_t *body;
    char *reply_to;   /* NULL, or the id of the message it answers                            */
    char *tracker;    /* NULL, or biz_opaque_callback_data                                    */
    char *emoji;      /* NULL, or the other side's reaction                                   */
    enum ticks ticks; /* of the customer's own: delivered is 200 from the bot, read its receipt */
    int error;        /* code when failed                                                          */
    bool edited, revoked;
    bool reordered;     /* taken by the bot after, or instead of before, a later one of this person */
    int64_t arrived_ms; /* real time since this phone began                                */
    int64_t taken_ms;   /* the same, when the bot first answered 200 to it; -1: not yet    */
    enum fault how;     /* what its statuses meet                                          */
    uint32_t faults;    /* those it met: 1u << enum fault (faults.h)                              */
};

struct world {
    struct customer **customers;
    size_t customers_n;
    struct message **messages; /* by n, from first_n on; old ones are forgotten             */
    size_t messages_n, messages_cap, messages_max;
    int64_t first_n;
    int64_t seq;           /* grows with every change of anything                              */
    int64_t began_ms;      /* clock_mono_ms() at the beginning                                 */
    int64_t advance_ms;    /* how far the tester moved the clock                               */
    unsigned char run[14]; /* makes ids of this run differ from those of any other          */
};

/* world_new(keep, e): with the four usual customers; remembers `keep` messages at least. */
struct world *world_new(size_t keep, struct err *e);
void world_free(struct world *w);

int64_t world_now_ms(const struct world *w);  /* the tester's clock              */
int64_t world_real_ms(const struct world *w); /* real time since this phone began */

/* world_customer_put(w, json, out, e): adds, or changes the one with that `id`: id, name,
 * username, phone, user_id (null removes), hidden, blocked, offline. Whoever had that phone before loses it, as
 * when a number is given out again. -1 with `e` when it makes no sense. */
int world_customer_put(struct world *w, const json_t *json, struct customer **out, struct err *e);
struct customer *world_customer(const struct world *w, const char *id); /* NULL: nobody */
struct customer *world_customer_by_phone(const struct world *w, const char *digits);
struct customer *world_customer_by_user_id(const struct world *w, const char *user_id);
/* world_seen_phone(c): the phone as webhooks show it; NULL: they do not. */
const char *world_seen_phone(const struct customer *c);
/* world_lost(c): neither phone nor BSUID: the number is somebody else's now. */
bool world_lost(const struct customer *c);
void world_customer_touch(struct world *w, struct customer *c);

/* world_message_add(w, c, from_bot, type, take_body): the new bubble, ticks none. NULL when out of
 * memory. Pointers to messages hold until the next call of this function; `n` for ever. */
struct message *world_message_add(struct world *w, struct customer *c, bool from_bot, const char *type,
                                  json_t *take_body);
struct message *world_message(const struct world *w, int64_t n); /* NULL: unknown, forgotten */
struct message *world_message_by_id(const struct world *w, const char *wamid);
int64_t world_last_n(const struct world *w);
void world_message_touch(struct world *w, struct message *m);

/* world_message_taken(w, m): the bot answered 200 to a webhook that carried m; sees whether order was kept. */
void world_message_taken(struct world *w, struct message *m);

/* world_wamid(w, n, out): the id that message n has or will have. */
void world_wamid(const struct world *w, int64_t n, char out[static WAMID_MAX]);

bool world_window_open(const struct world *w, const struct customer *c);

/* world_pair_take(w, c, step, burst): true when one more message to `c` may leave now. */
bool world_pair_take(const struct world *w, struct customer *c, int64_t step_ms, int64_t burst);

/* world_is_user_id(s): a BSUID, "NL.55512" or "NL.ENT.77". */
bool world_is_user_id(const char *s);

#endif

/* errand.h -- the calls that one row takes where one is not enough, one after another.
 *
 * To the desk: a topic made where there is none; or a file fetched, the message sent. To a person: a
 * file that she sent (parcel.h). No store: what it learns is written down by who asks. A file that cannot
 * be had after some tries, or that no call can give, is told as lost, in words: what follows it for the
 * desk waits behind it.
 *
 * An errand whose process dies is made again: a topic without messages may be left behind. */
#ifndef ERRAND_H
#define ERRAND_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "channel.h"

struct arena;
struct err;
struct errand;
struct http_answer;
struct outbox_row;
struct platform;

/* WhatsApp gives images of 5 MB, sound and film of 16 MB, Telegram files of 20; a document may have 100,
 * which is no reading for a phone. It stands in memory twice on its way. */
enum {
    ERRAND_FILE_BYTES_MAX = 20 * 1000 * 1000,
    ERRAND_FILE_TRIES_MAX = 10 /* eight minutes: all that follows waits behind it */
};

/* One call, ready to be made. Freed by errand_call_free(). */
struct errand_call {
    struct buf url, body; /* body empty: GET                       */
    const char *bearer;   /* or NULL                               */
    char type[128];       /* of the body; "": JSON                 */
    size_t answer_max;    /* 0: the client's own                   */
    bool large;           /* brings or takes a file: that takes time */
};
void errand_call_free(struct errand_call *c);

/* errand_wanted(p, content): does a row of that platform take one? */
bool errand_wanted(const struct platform *p, const char *content);

/* errand_new(platforms, row, flat, hopeless, e): NULL when it cannot be read (e), or when memory
 * ran out (*hopeless stays false). `flat`: the chat is known to have no topics. */
struct errand *errand_new(const struct platform *platforms, const struct outbox_row *row, bool flat,
                          bool *hopeless, struct err *e);
void errand_free(struct errand *x); /* NULL is fine */

/* errand_next(x, c, e): the call to make now. -1 when it cannot be made. */
int errand_next(struct errand *x, struct errand_call *c, struct err *e);

/* errand_answered(x, a, arena, v): true: another call follows. False: it is over, with verdict `v`. */
bool errand_answered(struct errand *x, const struct http_answer *a, struct arena *arena, struct verdict *v);

/* What was learnt: the topic that was made, and the one that is gone (NULL: none; the row must go again),
 * and that the chat has no topics. */
const char *errand_made(const struct errand *x);
const char *errand_lost(const struct errand *x);
bool errand_no_forum(const struct errand *x);

/* For both kinds. errand_waits(a, attempt): is what kept a file passing trouble, and not for too long yet?
 * errand_name_copy(v, chat, a): the answer to copyMessage has the new message's number alone; in `v` it
 * becomes "CHAT/NUMBER", like every id of Telegram's. */
bool errand_waits(const struct http_answer *a, unsigned attempt);
void errand_name_copy(struct verdict *v, const char *chat, struct arena *a);

#endif

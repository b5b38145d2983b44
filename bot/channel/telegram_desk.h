/* telegram_desk.h -- the human's desk on Telegram: what the outbox keeps for it, and the calls that come
 * of it. A forum group has a topic for each person; any other chat is one row of messages.
 *
 * Topics: Bot API, createForumTopic (the bot needs can_manage_topics). */
#ifndef TELEGRAM_DESK_H
#define TELEGRAM_DESK_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

struct arena;
struct buf;
struct channel;
struct err;

/* A channel that only sends: parse and authentic are NULL. Its `address` is for rows that need one call;
 * the pipeline's errand makes them all. */
extern const struct channel telegram_desk;

/* What one row of the outbox says. Strings may be NULL. */
struct desk_content {
    const char *topic; /* the name of the person's topic, should there be none yet */
    const char *body;  /* of sendMessage, as telegram.render writes it             */
    const char *quote; /* a message of ours in that chat, answered by this one     */
    const char *erase; /* a topic to be deleted: nothing else then                 */
    struct {
        bool given;
        enum media_kind kind;
        const char *id, *mime, *name; /* to be fetched from WhatsApp by its id  */
        const char *chat, *message;   /* or copied from a chat of Telegram      */
        const char *caption, *lost;   /* beneath it; and said when it is gone   */
    } media;
};

/* telegram_desk_write(c, out): as the outbox keeps it. telegram_desk_read(text, a, out, e): the reverse;
 * -1 when it is none of these. */
void telegram_desk_write(const struct desk_content *c, struct buf *out);
int telegram_desk_read(const char *text, struct arena *a, struct desk_content *out, struct err *e);

/* telegram_desk_media(m, channel, out): where the file of a message can be had, as JSON that
 * telegram_desk_media_read() takes; false when there is none. */
bool telegram_desk_media(const struct message *m, const char *channel, struct buf *out);
int telegram_desk_media_read(const char *text, struct arena *a, struct desk_content *out, struct err *e);

/* telegram_desk_parcel(m, out): a file that she sent, as a row for a person keeps it; false when `m` brings
 * none. telegram_desk_is_parcel(content), telegram_desk_parcel_read(): such a row; only c->media is filled. */
bool telegram_desk_parcel(const struct message *m, struct buf *out);
bool telegram_desk_is_parcel(const char *content);
int telegram_desk_parcel_read(const char *content, struct arena *a, struct desk_content *out, struct err *e);

/* Bodies of calls. `thread` may be NULL. */
void telegram_desk_topic(const char *chat, const char *name, struct buf *out);    /* createForumTopic */
void telegram_desk_delete(const char *chat, const char *thread, struct buf *out); /* deleteForumTopic */
void telegram_desk_send(const char *chat, const char *thread, const struct desk_content *c, struct buf *out);

/* telegram_desk_words(c, out): what is sent in place of a file that is gone, as a body like c->body. */
int telegram_desk_words(const struct desk_content *c, struct buf *out, struct err *e);

/* telegram_desk_caption(c, out): beneath the file, in HTML. */
void telegram_desk_caption(const struct desk_content *c, struct buf *out);

/* telegram_desk_made(body, n, a): the thread of an answer to createForumTopic; NULL: it holds none. */
const char *telegram_desk_made(const char *body, size_t n, struct arena *a);

/* telegram_desk_no_topic(body, n): does a refusal say that the topic is gone? The words are no contract, so
 * they are looked for leniently. */
bool telegram_desk_no_topic(const char *body, size_t n);

#endif

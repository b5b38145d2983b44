/* kept.h -- everything that is kept about one person: for who asks what that is, and for the receipt of its end.
 * The rest of the contract is store.h's. */
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct store;

/* store_contact_named(s, channel, username, contact, e): by the name that others see, without '@', capitals or
 * none. It is kept as a keyed hash: it can be looked for, not read. 1 found, 0 nobody, -1. */
int store_contact_named(struct store *s, const char *channel, const char *username, int64_t *contact,
                        struct err *e);

/* The parts of what is kept, each with the rows of one table that are about the person. */
enum kept_part {
    KEPT_PERSON,   /* when last heard of: one row, or none: nobody is known by that number   */
    KEPT_NAMES,    /* phone, ids, hash of the username                                       */
    KEPT_CHATS,    /* the conversation, who has it, name and words typed last                */
    KEPT_MESSAGES, /* what they wrote                                                        */
    KEPT_HELD,     /* typed a moment ago, the rest of the thought is waited for              */
    KEPT_REPLIES,  /* what was written to them                                               */
    KEPT_TOLD,     /* what the human's desk was told about them                              */
    KEPT_LINES,    /* what it is yet to be told                                              */
    KEPT_TOPICS,   /* where it is told                                                       */
    KEPT_MENTIONS, /* how many rows of nobody's may name them: `unread`, `lists`. One row    */
    KEPT_N
};
const char *kept_part_name(enum kept_part part); /* "person", "names", … */

struct kept_value {
    const char *name; /* of the column                  */
    const char *text; /* NULL: a number, or nothing     */
    int64_t number;
    bool nothing;
};

/* store_kept(s, contact, row, user, e): `row` is given every row of every part, part by part, oldest first. What
 * it is given lives until it returns; when it returns other than 0 the walk ends with that. */
enum { KEPT_VALUES_MAX = 16 };
int store_kept(struct store *s, int64_t contact,
               int (*row)(void *user, enum kept_part part, const struct kept_value *v, size_t n), void *user,
               struct err *e);

/* store_contact_erase_quietly(s, contact, now, e): as store_contact_erase, and no receipt follows: not even where
 * one would go is kept while something under way lands. */
int store_contact_erase_quietly(struct store *s, int64_t contact, int64_t now_ms, struct err *e);

/* store_contact_gone(s, contact, e): after the commit of an erasure: 1 nothing of it is left on disk, 0 something
 * under way to the person must land first, or the file's unused parts wait for their rewrite. -1. */
int store_contact_gone(struct store *s, int64_t contact, struct err *e);

/* store_tidy(s): outside a transaction. What an erasure left to do and had to wait for is done when its time has
 * come, also when nobody commits any more. To be called now and then; mostly it does nothing. */
void store_tidy(struct store *s);

/* store_topic_any(s, contact, desk, a, thread, e): a topic of theirs at that desk, whatever account it was for.
 * 1 with the thread, 0 none, -1. */
int store_topic_any(struct store *s, int64_t contact, const char *desk, struct arena *a, const char **thread,
                    struct err *e);

#endif

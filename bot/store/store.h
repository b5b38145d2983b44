/* store.h -- one contract for what is on disk: contacts, conversations, inbox, outbox.
 *
 * Owned by one thread. Every function that changes something must stand between store_begin()
 * and store_commit(); nothing is durable before the commit returned 0. All return 0, or -1 with
 * `e` filled, unless said otherwise. Strings are borrowed on the way in; on the way out they
 * live in the arena handed in. Times are milliseconds since 1970 UTC.
 *
 * After -1 inside a transaction the caller undoes to its mark or rolls back. Some failures (disk
 * full, disk error) end the transaction by themselves; what follows then fails as well, until
 * store_rollback and a new begin. The store itself stays usable. */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity.h"

struct arena;
struct buf;
struct err;
struct store;

/* ---- open, close, transactions ---- */

/* store_open(url, out, e): "sqlite:PATH" (the directory is made, mode 0700; the file 0600;
 * ":memory:" for tests). Brings an older schema up to date in one transaction. Refuses, and
 * leaves alone, a database that is newer than this program, damaged, lost but for its log, or held by another process. */
int store_open(const char *url, struct store **out, struct err *e);
void store_close(struct store *s); /* NULL is fine; an open transaction is rolled back */

int store_begin(struct store *s, struct err *e);
/* store_commit(s, e): -1: it is rolled back, and stands in no later commit. After a sync that failed nobody knows what
 * the disk holds: nothing of it, or, should the process die before its next commit, the whole. */
int store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);

/* A mark within the transaction (savepoint); marks do not nest. */
int store_mark(struct store *s, struct err *e);
int store_keep(struct store *s, struct err *e); /* forget the mark, keep the changes */
int store_undo(struct store *s, struct err *e); /* forget the mark and the changes   */

/* ---- contacts: a person, by the aliases the platform has used for them ---- */

/* store_contact_resolve(s, who, now, contact, e): the contact of an identity, made when new.
 * Previous ids are tried first, then user_id, parent_id, phone; missing aliases are added. Two
 * contacts found for one person: the older takes over the other's aliases, conversation (of
 * the two the one that the human has or is waited for in, else the one written to last) and rows. The same phone with another user_id and no change event: a
 * recycled number, so a new contact, and the phone goes with it. After a change event
 * (`who->changed`) a stored phone that the event does not name is dropped.
 * (WhatsApp fact sheet: Identity, "Keying a conversation", rules 1 to 5.) */
int store_contact_resolve(struct store *s, const struct identity *who, int64_t now_ms, int64_t *contact,
                          struct err *e);

/* store_contact_find(s, channel, value, contact, e): by any alias. 1 found, 0 nobody, -1. */
int store_contact_find(struct store *s, const char *channel, const char *value, int64_t *contact,
                       struct err *e);

/* store_contact_wrote(s, contact, account, at, e): remembers the latest moment the person
 * wrote, from which the platform's window runs. An earlier moment changes nothing. */
int store_contact_wrote(struct store *s, int64_t contact, const char *account, int64_t at_ms, struct err *e);

/* How much goes to and fro in a chat, for whoever limits it. A tally is the moment at which what was counted
 * will have drained; 0: nothing was. */
enum { PACE_FLOOD_MAX = 8 };
struct pace {
    int64_t wrote_tally_ms, said_tally_ms; /* what the person wrote; what was said to them */
    char flood[PACE_FLOOD_MAX];            /* by name; "" of who never wrote               */
};

/* store_contact_paced(s, contact, account, at, pace, e): as store_contact_wrote(), and keeps the pace. The
 * tally of what was said is that of who never wrote; after that it grows as conversations are saved. */
int store_contact_paced(struct store *s, int64_t contact, const char *account, int64_t at_ms,
                        const struct pace *pace, struct err *e);

/* store_contact_erase(s, contact, now, e): aliases, conversation, raw texts and earlier
 * replies are overwritten and gone. A reply added after this call in the same transaction (the
 * receipt) still leaves, after which the contact's last alias goes too. One is added to the
 * anonymous count of erasures.
 *
 * From the call on the contact is found no more: who writes again before the receipt has left
 * is a new contact, and the order between the receipt and replies to the new one is not kept.
 * Conversations saved for the erased contact are dropped. The commit after which nothing of it
 * is left rewrites the database file (VACUUM: about 100 ms per 10 MB, and as much memory). */
int store_contact_erase(struct store *s, int64_t contact, int64_t now_ms, struct err *e);

/* ---- conversations: opaque text of the dialogue's, one per contact and account ---- */

/* 1 found (appended to `out`, which must not have failed), 0 none, -1. */
int store_conversation_load(struct store *s, int64_t contact, const char *account, struct buf *out,
                            struct err *e);

/* What is saved beside the text, for whoever asks without reading it. */
struct conversation_row {
    const char *text;
    size_t n;
    int64_t now_ms;
    const char *holder; /* who has the chat, by name; NULL: "bot"             */
    int64_t holder_ms;  /* since when                                         */
    int64_t wake_ms;    /* when the clock has something to do; 0: never       */
    const char *name;   /* the person's; kept only while the bot has the chat not alone. Or NULL */
    const char *words;  /* typed last, a raw text; NULL: what was stays       */
    int64_t said_ms;    /* added to the tally of what was said                */
};
int store_conversation_save(struct store *s, int64_t contact, const char *account,
                            const struct conversation_row *row, struct err *e);

/* store_person(s, contact, account, channel, a, out, e): what is known of them beside the conversation. */
struct person_row {
    struct identity who;      /* as they are known on that channel               */
    const char *name, *words; /* or NULL                                        */
    int64_t wrote_ms;         /* to that account; 0: never                       */
};
int store_person(struct store *s, int64_t contact, const char *account, const char *channel, struct arena *a,
                 struct person_row *out, struct err *e);

/* store_wake_next(s, a, out, e): whose clock has something to do first. 1, 0 nobody's, -1. */
struct wake_next {
    int64_t at_ms, contact;
    const char *account;
};
int store_wake_next(struct store *s, struct arena *a, struct wake_next *out, struct err *e);

int store_wake_put_off(struct store *s, int64_t contact, const char *account, int64_t at_ms, struct err *e);

/* store_waiting(s, a, out, e): the chats that the bot has not alone, longest waiting first, at most
 * STORE_WAITING_MAX of them; `*n` how many there are in all. */
enum { STORE_WAITING_MAX = 200 };
struct waiting_row {
    struct waiting_row *next;
    int64_t contact, since_ms;
    const char *account, *holder;
    const char *name; /* or NULL */
};
int store_waiting_count(struct store *s, int64_t *n, struct err *e); /* of those who wait for her */
int store_waiting(struct store *s, struct arena *a, struct waiting_row **out, size_t *n, struct err *e);

/* store_note(s, name, a, out, e), store_note_set(): a word about ourselves that outlives us. NULL:
 * never set. */
int store_note(struct store *s, const char *name, struct arena *a, const char **out, struct err *e);
int store_note_set(struct store *s, const char *name, const char *value, struct err *e);

/* ---- inbox: what came in, each platform id once (kept as a keyed hash: ids hold numbers) ---- */

enum inbox_state { INBOX_TAKEN, INBOX_DONE, INBOX_SKIPPED, INBOX_FAILED, INBOX_N };
const char *inbox_state_name(enum inbox_state state);

/* store_inbox_add(s, channel, platform_id, raw, now, id, e): 1 new (`*id` set), 0 seen before,
 * -1. `raw` may be NULL. */
int store_inbox_add(struct store *s, const char *channel, const char *platform_id, const char *raw,
                    int64_t now_ms, int64_t *id, struct err *e);

/* store_inbox_close(s, id, contact, state, reason, e): how its turn ended, or with TAKEN that it
 * waits for one (held, below). contact 0: nobody. */
int store_inbox_close(struct store *s, int64_t id, int64_t contact, enum inbox_state state,
                      const char *reason, struct err *e);

/* store_inbox_strip(s, id, e): it is known, and what it said is not kept. */
int store_inbox_strip(struct store *s, int64_t id, struct err *e);

/* ---- held: typed texts of one contact to one account that wait for the rest of a thought ---- */

/* All of them are due at once. What is held goes with its contact: moved when two are one,
 * erased, forgotten; and in the time of raw texts. */
struct held_new {
    int64_t contact;
    const char *channel, *account;
    int64_t inbox; /* its row there                               */
    int64_t now_ms, due_ms;
    int64_t sent_ms;
    const char *platform_id, *text;
    const char *our_number, *name; /* or NULL */
    const char *choice;            /* a tap: its button. Or NULL */
};

struct held_text {
    struct held_text *next; /* in the order they were held */
    int64_t inbox, sent_ms;
    const char *channel, *platform_id, *text;
    const char *our_number, *name, *choice; /* or NULL */
    size_t missed;                          /* messages that it stands in for besides itself */
};

/* store_held_sum(s, contact, account, out, e): what is held of them, all 0: nothing; and how their chat
 * fares. */
struct held_sum {
    size_t texts, bytes;
    int64_t since_ms;      /* when the first was held                     */
    bool for_human, waits; /* she has the chat; they wait for her          */
    struct pace pace;
};
int store_held_sum(struct store *s, int64_t contact, const char *account, struct held_sum *out,
                   struct err *e);

/* store_held_add(s, row, e): with it, all that is held of the same contact and account is due
 * when it is. */
int store_held_add(struct store *s, const struct held_new *row, struct err *e);

/* store_held_replace(s, row, e): instead of all that is held of the same contact and account; it is held
 * since the first was, and stands in for what it replaces. `row->text` NULL: what is held stays, and stands in for
 * one more; where nothing is, an empty text does. */
int store_held_replace(struct store *s, const struct held_new *row, struct err *e);

/* store_held_edit(s, contact, account, platform_id, text, e): other words for a held text. 1
 * changed, 0 that one is not held, -1. */
int store_held_edit(struct store *s, int64_t contact, const char *account, const char *platform_id,
                    const char *text, struct err *e);

/* store_held_withdraw(s, contact, account, platform_id, inbox, e): it is held no more. 1 with its
 * inbox row, 0 that one is not held, -1. */
int store_held_withdraw(struct store *s, int64_t contact, const char *account, const char *platform_id,
                        int64_t *inbox, struct err *e);

/* store_held_next(s, a, out, e): whose texts are due first. 1, 0 nothing is held, -1. */
struct held_next {
    int64_t due_ms, contact;
    const char *account;
};
int store_held_next(struct store *s, struct arena *a, struct held_next *out, struct err *e);

/* store_held_take(s, contact, account, a, out, e): all of them, held no more; NULL: none. */
int store_held_take(struct store *s, int64_t contact, const char *account, struct arena *a,
                    struct held_text **out, struct err *e);

/* ---- the desk: what the human is to read, and where she reads about whom ---- */

/* store_line_add(s, row, e): a line that waits until the desk may be written to. Nothing is stored about
 * who was erased. */
struct line_new {
    int64_t contact; /* whom it is about; 0: nobody                                     */
    const char *account;
    int64_t now_ms;
    unsigned buttons;  /* the desk's own bits                                           */
    const char *name;  /* the person's, as they were called then. Or NULL               */
    const char *media; /* what must be fetched and shown: the desk's own words. Or NULL */
    const char *text;  /* never NULL; may be empty beside media                         */
};
int store_line_add(struct store *s, const struct line_new *row, struct err *e);

struct line_row {
    struct line_row *next;
    int64_t id, contact; /* contact 0: nobody's */
    const char *account; /* or NULL             */
    unsigned buttons;
    const char *name;  /* or NULL */
    const char *media; /* or NULL */
    const char *text;
};

/* store_line_list(s, a, limit, out, e): the lines that wait: all of one person, or nobody's, those
 * first who have waited longest; in the order they were added, at most `limit`. NULL: none. */
int store_line_list(struct store *s, struct arena *a, size_t limit, struct line_row **out, struct err *e);
int store_line_drop(struct store *s, int64_t id, struct err *e);

/* A person's topic at a desk. Nothing is stored about who was erased. */
int store_topic_set(struct store *s, int64_t contact, const char *account, const char *desk,
                    const char *thread, struct err *e);
int store_topic_drop(struct store *s, const char *desk, const char *thread, struct err *e);
/* 1 with the thread, 0 none, -1. */
int store_topic_of(struct store *s, int64_t contact, const char *account, const char *desk, struct arena *a,
                   const char **thread, struct err *e);

/* Whom a topic, or a message that we sent to the desk, is about: 1, 0 nobody, -1. */
struct whom {
    int64_t contact;
    const char *account;
};
int store_topic_whom(struct store *s, const char *desk, const char *thread, struct arena *a, struct whom *out,
                     struct err *e);
/* ... and the reverse, the message sent last about somebody: 1 with its id, 0 none, -1. */
int store_outbox_about(struct store *s, int64_t contact, const char *channel, struct arena *a,
                       const char **platform_id, struct err *e);
int store_outbox_whom(struct store *s, const char *channel, const char *platform_id, struct arena *a,
                      struct whom *out, struct err *e);

/* ---- outbox: what must leave, in order per contact, one at a time ---- */

/* due → sending → sent → delivered → read;  sending → unsure (answer lost) → sent or due;
 * any unfinished → dead;  due → withdrawn (a newer reply took its place, or the human the chat). What the
 * human wrote into a shut window is due at OUTBOX_KEPT_MS. */
enum outbox_state {
    OUTBOX_DUE,
    OUTBOX_SENDING,
    OUTBOX_UNSURE,
    OUTBOX_SENT,
    OUTBOX_DELIVERED,
    OUTBOX_READ,
    OUTBOX_DEAD,
    OUTBOX_WITHDRAWN,
    OUTBOX_N
};
const char *outbox_state_name(enum outbox_state state);

struct outbox_new {
    int64_t contact;
    const char *channel, *account;
    const char *content; /* the platform's content, without addressee           */
    int64_t now_ms;
    int64_t not_before_ms; /* 0: at once                                          */
    bool replaces_waiting; /* rows of this contact added with this flag that are
                               still due are withdrawn: one reply to a whole backlog */
    bool human;            /* the human wrote it, not the bot                      */
    struct whom about;     /* of a row to the desk; contact 0: nobody              */
};

struct outbox_row {
    struct outbox_row *next;
    int64_t id, contact;
    struct identity to; /* as the contact is known now                         */
    const char *content;
    const char *tracker; /* unique to this row and this database                */
    unsigned attempt;    /* 1 on the first                                      */
    int64_t created_ms;
    int64_t wrote_ms; /* when the person last wrote to this account; 0 never */
    bool human;
    struct whom about;
    const char *thread; /* the topic of `about` at this desk (account). Or NULL */
    bool hushed;        /* the bot's, and by now the human has the chat             */
};

int store_outbox_add(struct store *s, const struct outbox_new *row, int64_t *id, struct err *e);

/* store_outbox_claim(s, account, now, limit, a, out, e): due rows become sending, oldest first,
 * at most one per contact and account, none that has an earlier unfinished row before it. Rows that
 * are unsure since before their deadline count as due. NULL account: all. */
int store_outbox_claim(struct store *s, const char *account, int64_t now_ms, size_t limit, struct arena *a,
                       struct outbox_row **out, struct err *e);

/* What cannot leave until the person writes again is due at this moment: never. */
#define OUTBOX_KEPT_MS INT64_MAX

/* store_outbox_release(s, contact, account, now, e): the person wrote: what was kept is due. */
int store_outbox_release(struct store *s, int64_t contact, const char *account, int64_t now_ms,
                         struct err *e);

/* store_outbox_hush(s, contact, account, now, e): what the bot had still to say is withdrawn. */
int store_outbox_hush(struct store *s, int64_t contact, const char *account, int64_t now_ms, struct err *e);

/* store_outbox_busy(s, contact, e): has anything to them still to leave? 1, 0, -1. */
int store_outbox_busy(struct store *s, int64_t contact, struct err *e);

/* store_outbox_on_its_way(s, contact, account, a, out, e): the contents of what is being sent to them and
 * has no id of the platform's yet. */
struct content_row {
    struct content_row *next;
    const char *content;
};
int store_outbox_on_its_way(struct store *s, int64_t contact, const char *account, struct arena *a,
                            struct content_row **out, struct err *e);

/* store_outbox_untold(s, a, out, e): something the human wrote that did not arrive, or is kept, and that she
 * has not been told of; store_outbox_told(s, id, e): now she has. 1, 0 nothing, -1. */
struct untold_row {
    int64_t id;
    struct whom to;
    const char *channel;
    bool kept;
};
int store_outbox_untold(struct store *s, struct arena *a, struct untold_row *out, struct err *e);
int store_outbox_told(struct store *s, int64_t id, struct err *e);

/* store_outbox_settle(s, id, state, ...): what came of a claimed row. For DUE and UNSURE
 * `next_try_ms` says when it may be claimed again. A row that a status has moved on meanwhile
 * stays where it is, but for the platform id. `detail` may be NULL; nothing personal. */
struct outbox_result {
    enum outbox_state state;
    int64_t next_try_ms;
    const char *platform_id;
    int code;
    const char *detail;
    int64_t now_ms;
};
int store_outbox_settle(struct store *s, int64_t id, const struct outbox_result *r, struct err *e);

/* store_outbox_status(s, channel, tracker, platform_id, state, code, billed, now, e): a delivery
 * status; found by tracker first, then by platform id. SENT, DELIVERED, READ or DEAD; only ever
 * forward, and DEAD only from a row that is not READ. 1 moved, 0 nothing to move, -1. */
int store_outbox_status(struct store *s, const char *channel, const char *tracker, const char *platform_id,
                        enum outbox_state state, int code, bool billed, int64_t now_ms, struct err *e);

/* store_outbox_recover(s, retry_at, e): rows that a dead process left in sending are unsure
 * until then; those that were unsure already are no sooner tried again. */
int store_outbox_recover(struct store *s, int64_t retry_at_ms, struct err *e);

/* store_set_back(s, later_than, by, now, e): the clock was set back. What was to be sent, or held, until a moment
 * after `later_than_ms` is due by so much earlier, `now_ms` at the earliest; what is kept stays so. */
int store_set_back(struct store *s, int64_t later_than_ms, int64_t by_ms, int64_t now_ms, struct err *e);

/* store_outbox_next(s, at, e): when the next row may be claimed; INT64_MAX when none waits. */
int store_outbox_next(struct store *s, int64_t *at_ms, struct err *e);

/* store_outbox_waiting(s, n, e): how many wait for their turn, a next try or a status. It walks them,
 * so once in a while only. */
int store_outbox_waiting(struct store *s, int64_t *n, struct err *e);

/* store_outbox_is_ours(s, channel, platform_id, e): 1 when one of our sends has this id, 0, -1. */
int store_outbox_is_ours(struct store *s, const char *channel, const char *platform_id, struct err *e);

/* ---- housekeeping ---- */

struct retention {
    int64_t now_ms;
    int64_t text_before_ms;    /* raw texts and reply contents older than this go       */
    int64_t answers_before_ms; /* contacts who were last heard of before this go        */
    int64_t seen_before_ms;    /* dedupe keys older than this go (>= 8 days, see MAP.md) */
    size_t limit;              /* rows of each kind at most in one call                 */
};

struct janitor_report {
    size_t texts, contacts, keys; /* how many went */
    bool more;                    /* a limit was reached: call again */
};

int store_janitor(struct store *s, const struct retention *r, struct janitor_report *out, struct err *e);

struct store_counts {
    int64_t contacts, conversations, erasures;
    int64_t inbox[INBOX_N];
    int64_t outbox[OUTBOX_N];
};
/* store_count(s, out, e): walks every row, about 1 ms per thousand: for a report now and then. */
int store_count(struct store *s, struct store_counts *out, struct err *e);

/* store_size(s, e): bytes of the database file on disk, -1 on error. */
int64_t store_size(struct store *s, struct err *e);

#endif

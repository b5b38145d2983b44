/* channel.h -- what every platform's translator offers: bytes to values and back, no I/O.
 *
 * All strings in results live in the arena handed in. Nothing here keeps state, so a channel
 * may be used from both threads. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity.h"
#include "message.h"

struct arena;
struct buf;
struct err;
struct outbound;

/* ---- inbound ---- */

enum inbound_kind {
    INBOUND_MESSAGE,  /* a person wrote, tapped, sent, edited, reacted                     */
    INBOUND_IDENTITY, /* a person's number or id changed; `who` says from what to what     */
    INBOUND_STATUS,   /* how one of our sends fares                                        */
    INBOUND_ECHO,     /* the owner wrote to a person from the platform's own app           */
    INBOUND_GROUP,    /* the same as MESSAGE, written in a group: for a desk, or nobody    */
    INBOUND_GONE,     /* a person cannot be written to any more                            */
    INBOUND_NOTICE,   /* account or system trouble the operator should see                 */
    INBOUND_SKIPPED,  /* well-formed, but of a kind we do not know or do not serve         */
    INBOUND_BROKEN,   /* not what the platform promises; kept raw, neighbours unharmed     */
    INBOUND_N
};

/* Only forward: a later one never gives way to an earlier one; failed is final. */
enum status_kind { STATUS_SENT, STATUS_DELIVERED, STATUS_READ, STATUS_PLAYED, STATUS_FAILED, STATUS_N };

struct status {
    enum status_kind kind;
    const char *message_id; /* the platform's id of our message; never NULL                    */
    const char *tracker;    /* what we gave along when sending (biz_opaque_callback_data). Or NULL */
    int error_code;         /* of STATUS_FAILED, else 0                                        */
    bool billable;
    const char *category; /* pricing category, "service". Or NULL                            */
};

struct inbound {
    enum inbound_kind kind;
    struct inbound *next;   /* in the order of the body                                        */
    const char *id;         /* dedupe key within the channel: a message's id; "ID/status"; for
                               BROKEN and NOTICE a hash of the raw text. Never NULL            */
    struct identity who;    /* MESSAGE, GROUP, IDENTITY, STATUS (where named), GONE, ECHO (the person) */
    struct message message; /* MESSAGE, GROUP; ECHO (what the owner wrote)                     */
    const char *chat;       /* MESSAGE, GROUP: where it was written, if it has an id. Or NULL  */
    const char *thread;     /* GROUP: the topic within it. Or NULL                             */
    const char *plain;      /* MESSAGE: the words as they stand, where `message` has a
                               command's without its sign. Or NULL                             */
    struct status status;   /* STATUS                                                          */
    const char *type;       /* the platform's own name of the kind, for the log                */
    const char *reason;     /* SKIPPED, BROKEN, NOTICE: one line for the operator, nothing personal */
    const char *raw;        /* MESSAGE, GROUP, BROKEN: this item's JSON, compact               */
};

/* ---- outbound ---- */

enum verdict_kind {
    SEND_OK,          /* accepted; `message_id` is the platform's                              */
    SEND_LATER,       /* passing trouble: again, with growing delays                           */
    SEND_PACE,        /* this chat gets too much: only this chat waits, 4^attempt seconds      */
    SEND_SLOW,        /* the whole account gets too much: the account waits                    */
    SEND_HALT,        /* token, payment, restriction: the account's queue stands still, alert  */
    SEND_NEVER,       /* this message will never go; the row dies, the operator is told        */
    SEND_CHAT_CLOSED, /* the window is shut or the person cannot be reached                    */
    SEND_UNKNOWN,     /* no answer: it may have gone; wait for a status before sending again   */
    SEND_N
};

struct verdict {
    enum verdict_kind kind;
    int code;               /* the platform's error code, else the HTTP status               */
    int64_t retry_after_ms; /* what the platform asked for, else 0                           */
    const char *message_id; /* SEND_OK                                                       */
    const char *detail;     /* one line for the log, nothing personal. Or NULL               */
};

const char *inbound_kind_name(enum inbound_kind kind);
const char *status_kind_name(enum status_kind kind);
const char *verdict_kind_name(enum verdict_kind kind);

struct channel {
    const char *name;

    /* authentic(body, n, header, secret): is the body the platform's? Constant time in the
     * signature; false when the header is NULL or malformed. */
    bool (*authentic)(const char *body, size_t n, const char *header, const char *secret);

    /* parse(body, n, account, a, out, e): every item of a webhook body, in order. Items for an
     * account other than `account` come as SKIPPED. -1 only when the body as a whole is no JSON
     * object of this platform, or memory ran out. */
    int (*parse)(const char *body, size_t n, const char *account, struct arena *a, struct inbound **out,
                 struct err *e);

    /* render(o, out, e): the content of a send, without addressee: what the outbox keeps. Long
     * labels are cut to the platform's limits on character boundaries and stay distinct.
     * -1 when it breaks a limit that cutting cannot mend. */
    int (*render)(const struct outbound *o, struct buf *out, struct err *e);

    /* address(content, to, tracker, out, e): the body of the request. -1 when `to` names nobody
     * this platform can send to. */
    int (*address)(const char *content, const struct identity *to, const char *tracker, struct buf *out,
                   struct err *e);

    /* verdict(http_status, body, n, a): what an answer means. http_status 0: no answer came. */
    struct verdict (*verdict)(int http_status, const char *body, size_t n, struct arena *a);
};

#endif

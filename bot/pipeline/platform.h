/* platform.h -- a channel as it is set up here: who we are on it, where its calls go, what it
 * allows. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct channel;
struct config;
struct courtesy;

/* The desk is the human's side: what is sent there is for her, and she writes on TELEGRAM. */
enum platform_id { PLATFORM_WHATSAPP, PLATFORM_TELEGRAM, PLATFORM_DESK, PLATFORM_N };

struct platform {
    const struct channel *channel;
    const struct config *config;
    bool on;                    /* its settings are there; all below holds only then             */
    const char *name;           /* as people write it: "WhatsApp"                                */
    const char *account;        /* phone number id, bot id, the desk's chat                      */
    const char *bearer;         /* or NULL: the address holds the secret, and is never logged    */
    int64_t window_ms;          /* free text leaves so long after the person last wrote; 0: ever */
    bool courteous;             /* there is something to do beside a reply                       */
    bool shows_typing;          /* while a text waits for more                                   */
    const struct platform *all; /* itself and the others                                        */

    /* url(p, out): where messages are posted. */
    void (*url)(const struct platform *p, struct buf *out);

    /* courtesy(p, c, k, url, body): the k-th thing to do beside the reply to a message; false when
     * there is none. */
    bool (*courtesy)(const struct platform *p, const struct courtesy *c, int k, struct buf *url,
                     struct buf *body);
};

/* What is to be done beside the store once it is on disk: a read receipt, the answer to the press
 * of a button, "typing". Neither kept nor repeated. */
struct courtesy {
    struct courtesy *next;
    const struct platform *platform;
    const char *message_id;
    const char *about; /* of a tap: the message whose button it was. Or NULL */
    bool answered;     /* a reply follows                                    */
    bool waits;        /* not now, for more of the thought may come          */
};

/* platforms_set(p, config): all of them, in the order of platform_id; the config is borrowed. */
void platforms_set(struct platform p[static PLATFORM_N], const struct config *config);

/* platform_at(p, account): whose account that is; NULL: nobody's. */
const struct platform *platform_at(const struct platform *p, const char *account);

/* platform_of(p, channel): by the channel's name; NULL for an unknown one. */
const struct platform *platform_of(const struct platform *p, const char *channel);

#endif

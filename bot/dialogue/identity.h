/* identity.h -- how a platform names a person, as it stood on one message.
 *
 * None of these is a key for ever: phone numbers are recycled, a BSUID is made anew when the
 * number changes, usernames are for show. The store turns an identity into a contact by its
 * alias table (WhatsApp: business-scoped user ids, changelog of 11 Aug 2026). */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>

struct identity {
    const char *channel;        /* "whatsapp", "telegram"; never NULL                       */
    const char *account;        /* our side: phone_number_id, bot id; never NULL            */
    const char *phone;          /* digits with country code, no '+'. Or NULL                */
    const char *user_id;        /* BSUID "NL.55512", Telegram user id. Or NULL              */
    const char *parent_id;      /* parent BSUID "NL.ENT.77". Or NULL                        */
    const char *previous_phone; /* the phone before a change event. Or NULL                 */
    const char *previous_user_id;
    const char *username; /* to be found by, and kept as a hash alone: usernames change hands. Or NULL */
    const char *name;     /* display name, for show only. Or NULL                     */
    bool changed;         /* a change event: a stored phone not named here is no longer theirs */
};

#endif

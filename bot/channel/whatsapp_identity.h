/* whatsapp_identity.h -- who is meant: from the names in an item and the contacts beside it. */
#ifndef WHATSAPP_IDENTITY_H
#define WHATSAPP_IDENTITY_H

#include <stdbool.h>

#include <jansson.h>

struct batch;
struct identity;
struct inbound;

/* Under which keys an item names the person. */
struct identity_keys {
    const char *phone, *user_id, *parent_id;
};

extern const struct identity_keys identity_of_message, identity_of_echo, identity_of_status;

/* The `contacts` of one change, findable by phone and user id: a body can hold a thousand. */
struct contacts {
    json_t *by_name; /* names to contacts; owned                          */
    json_t *only;    /* the contact of a change with one; borrowed. Or NULL */
};

/* contacts_open(c, value): 0, or -1 when memory ran out. contacts_close is due either way. */
int contacts_open(struct contacts *c, const json_t *value);
void contacts_close(struct contacts *c);

/* identity_read(b, c, item, keys, alone, who): fills phone, ids and name. `alone`: the item is
 * the only one of its change, so that an only contact is its own. False when nobody is named. */
bool identity_read(struct batch *b, const struct contacts *c, const json_t *item,
                   const struct identity_keys *keys, bool alone, struct identity *who);

/* identity_change(b, message, in): a `system` message into INBOUND_IDENTITY, or SKIPPED or
 * BROKEN with its reason. */
void identity_change(struct batch *b, const json_t *message, struct inbound *in);

/* identity_update(b, item, in): the same for an item of the field user_id_update, which Meta
 * announced and then withdrew (changelog of 11 Aug 2026). */
void identity_update(struct batch *b, const json_t *item, struct inbound *in);

#endif

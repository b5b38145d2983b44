/* contact.c -- from an identity to a contact: the five rules of "Keying a conversation". */
#include "store.h"

#include <stdio.h>

#include "err.h"
#include "kept.h"
#include "store_self.h"

/* The order in which aliases are believed: what an event says a person was called before it
 * is the surest link. The numbers of SQL_ALIAS_HITS' columns. */
enum hit { HIT_PREVIOUS_USER_ID, HIT_PREVIOUS_PHONE, HIT_USER_ID, HIT_PARENT_ID, HIT_PHONE, HIT_N };

static const char *const hit_kind[HIT_N] = {"user_id", "phone", "user_id", "parent_id", "phone"};

struct finding {
    const char *channel;
    const char *value[HIT_N]; /* NULL where the identity names none         */
    int64_t owner[HIT_N];     /* the contact that alias led to; 0 nobody    */
    char username[17];        /* its keyed hash in hex; "": none. Leads to nobody */
    int64_t username_owner;   /* whose it was                               */
    bool changed;             /* the identity comes from a change event     */
};

static const char *named(const char *value)
{
    return value != NULL && *value != '\0' ? value : NULL;
}

/* Neither '@' nor capitals make a difference on either platform. */
static void hash_username(const struct store *s, const char *channel, const char *username,
                          char out[static 17])
{
    char space[32], name[128];
    size_t n = 0;

    if (*username == '@') username++;
    for (; username[n] != '\0' && n + 1 < sizeof name; n++)
        name[n] = (char)(username[n] >= 'A' && username[n] <= 'Z' ? username[n] - 'A' + 'a' : username[n]);
    name[n] = '\0';
    (void)snprintf(space, sizeof space, "@%s", channel);
    (void)snprintf(out, 17, "%016llx", (unsigned long long)store_hash(s, space, name));
}

static int look_up(struct store *s, const struct identity *who, struct finding *f, struct err *e)
{
    struct query q;

    *f = (struct finding){.channel = who->channel, .changed = who->changed};
    f->value[HIT_PREVIOUS_USER_ID] = named(who->previous_user_id);
    f->value[HIT_PREVIOUS_PHONE] = named(who->previous_phone);
    f->value[HIT_USER_ID] = named(who->user_id);
    f->value[HIT_PARENT_ID] = named(who->parent_id);
    f->value[HIT_PHONE] = named(who->phone);

    if (named(who->username) != NULL) hash_username(s, who->channel, who->username, f->username);

    query_start(&q, s->database, SQL_ALIAS_HITS);
    query_text(&q, f->channel);
    for (int i = 0; i < HIT_N; i++) query_text(&q, f->value[i]);
    query_text(&q, named(f->username));
    if (query_row(&q, e) != 1) return -1;
    for (int i = 0; i < HIT_N; i++) f->owner[i] = query_get_number(&q, i);
    f->username_owner = query_get_number(&q, HIT_N);
    query_end(&q);
    return 0;
}

/* The common case: no event, and every alias named leads to the same contact already. */
static int64_t known_as_named(const struct finding *f)
{
    int64_t contact = 0;

    for (int i = 0; i < HIT_N; i++) {
        if (f->value[i] == NULL) continue;
        if (f->changed || i <= HIT_PREVIOUS_PHONE || f->owner[i] == 0) return 0;
        if (contact != 0 && f->owner[i] != contact) return 0;
        contact = f->owner[i];
    }
    if (f->username[0] != '\0' && f->username_owner != contact) return 0;
    return contact;
}

/* An event's first way of saying who it is about is believed as it stands. */
static bool is_link(const struct finding *f, enum hit phone)
{
    if (!f->changed || f->value[HIT_PREVIOUS_USER_ID] != NULL) return false;
    return phone == HIT_PREVIOUS_PHONE || f->value[HIT_PREVIOUS_PHONE] == NULL;
}

/* Numbers are given out again. One whose contact has user ids, none of them of this identity,
 * leads to somebody else: rule 3. Then nobody is found by it. */
static int distrust_phone(struct store *s, struct finding *f, enum hit phone, struct err *e)
{
    const int64_t owner = f->owner[phone];
    struct query q;
    int64_t one;

    if (owner == 0 || is_link(f, phone)) return 0;
    if (f->value[HIT_USER_ID] == NULL && f->value[HIT_PREVIOUS_USER_ID] == NULL) return 0;
    if (owner == f->owner[HIT_USER_ID] || owner == f->owner[HIT_PREVIOUS_USER_ID] ||
        owner == f->owner[HIT_PARENT_ID])
        return 0;
    query_start(&q, s->database, SQL_ALIAS_HAS_USER_ID);
    query_number(&q, owner);
    query_text(&q, f->channel);
    int has = query_first(&q, &one, e);
    if (has == 1) f->owner[phone] = 0;
    return has < 0 ? -1 : 0;
}

static int add_contact(struct store *s, int64_t now_ms, int64_t *contact, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CONTACT_ADD);
    query_number(&q, now_ms);
    return query_insert(&q, contact, e) == 1 ? 0 : -1;
}

/* Everything of `gone` becomes `kept`'s. Rows keep their ids, so replies keep their order. */
static int merge(struct store *s, int64_t kept, int64_t gone, struct err *e)
{
    static const enum statement moves[] = {SQL_CONTACT_MERGE,     SQL_ALIAS_MOVE, SQL_CHAT_MERGE,
                                           SQL_INBOX_MOVE,        SQL_HELD_MOVE,  SQL_OUTBOX_MOVE,
                                           SQL_OUTBOX_MOVE_ABOUT, SQL_LINE_MOVE,  SQL_TOPIC_MOVE};
    struct query q;

    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        query_start(&q, s->database, moves[i]);
        query_number(&q, kept);
        query_number(&q, gone);
        if (query_run(&q, e) != 0) return -1;
    }
    query_start(&q, s->database, SQL_CONTACT_DROP);
    query_number(&q, gone);
    return query_run(&q, e);
}

/* One contact for all that were found, the oldest; a new one when none was. */
static int settle_on_one(struct store *s, struct finding *f, int64_t now_ms, int64_t *contact, struct err *e)
{
    int64_t oldest = 0;

    for (int i = 0; i < HIT_N; i++)
        if (f->owner[i] != 0 && (oldest == 0 || f->owner[i] < oldest)) oldest = f->owner[i];
    if (oldest == 0 && add_contact(s, now_ms, &oldest, e) != 0) return -1;
    for (int i = 0; i < HIT_N; i++) {
        const int64_t other = f->owner[i];
        if (other == 0 || other == oldest) continue;
        if (merge(s, oldest, other, e) != 0) return -1;
        for (int j = 0; j < HIT_N; j++)
            if (f->owner[j] == other) f->owner[j] = oldest;
    }
    *contact = oldest;
    return 0;
}

static int put_alias(struct store *s, const struct finding *f, enum hit hit, int64_t contact,
                     int64_t since_ms, struct err *e)
{
    struct query q;

    /* After an event also the aliases that are there: which of them is the newest has changed. */
    if (f->value[hit] == NULL || (f->owner[hit] == contact && !f->changed)) return 0;
    query_start(&q, s->database, SQL_ALIAS_PUT);
    query_text(&q, f->channel);
    query_text(&q, hit_kind[hit]);
    query_text(&q, f->value[hit]);
    query_number(&q, contact);
    query_number(&q, since_ms);
    return query_run(&q, e);
}

/* The latest alone, and of whoever bore it last. */
static int put_username(struct store *s, const struct finding *f, int64_t contact, int64_t now_ms,
                        struct err *e)
{
    struct query q;

    if (f->username[0] == '\0' || f->username_owner == contact) return 0;
    query_start(&q, s->database, SQL_ALIAS_DROP_USERNAMES);
    query_number(&q, contact);
    query_text(&q, f->channel);
    query_text(&q, f->username);
    if (query_run(&q, e) != 0) return -1;
    query_start(&q, s->database, SQL_ALIAS_PUT);
    query_text(&q, f->channel);
    query_text(&q, "username");
    query_text(&q, f->username);
    query_number(&q, contact);
    query_number(&q, now_ms);
    return query_run(&q, e);
}

/* A former user id stays, as the oldest: a late message may still carry it. A former phone does
 * not: it may soon be somebody else's (rule 4). */
static int put_aliases(struct store *s, const struct finding *f, int64_t contact, int64_t now_ms,
                       struct err *e)
{
    struct query q;

    if (put_alias(s, f, HIT_PREVIOUS_USER_ID, contact, 0, e) != 0) return -1;
    if (put_alias(s, f, HIT_USER_ID, contact, now_ms, e) != 0) return -1;
    if (put_alias(s, f, HIT_PARENT_ID, contact, now_ms, e) != 0) return -1;
    if (put_alias(s, f, HIT_PHONE, contact, now_ms, e) != 0) return -1;
    if (put_username(s, f, contact, now_ms, e) != 0) return -1;
    if (!f->changed) return 0;
    query_start(&q, s->database, SQL_ALIAS_DROP_PHONES);
    query_number(&q, contact);
    query_text(&q, f->channel);
    query_text(&q, f->value[HIT_PHONE]);
    return query_run(&q, e);
}

int store_contact_resolve(struct store *s, const struct identity *who, int64_t now_ms, int64_t *contact,
                          struct err *e)
{
    struct finding f;

    if (look_up(s, who, &f, e) != 0) return -1;
    *contact = known_as_named(&f);
    if (*contact != 0) return 0;

    bool nameless = true;
    for (int i = 0; i < HIT_N; i++) nameless = nameless && f.value[i] == NULL;
    if (nameless) return err_set(e, "an identity without phone or id is nobody");
    if (distrust_phone(s, &f, HIT_PREVIOUS_PHONE, e) != 0) return -1;
    if (distrust_phone(s, &f, HIT_PHONE, e) != 0) return -1;
    if (settle_on_one(s, &f, now_ms, contact, e) != 0) return -1;
    return put_aliases(s, &f, *contact, now_ms, e);
}

int store_contact_find(struct store *s, const char *channel, const char *value, int64_t *contact,
                       struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_ALIAS_FIND);
    query_text(&q, channel);
    query_text(&q, value);
    return query_first(&q, contact, e);
}

int store_contact_named(struct store *s, const char *channel, const char *username, int64_t *contact,
                        struct err *e)
{
    struct query q;
    char hash[17];

    hash_username(s, channel, username, hash);
    query_start(&q, s->database, SQL_ALIAS_NAMED);
    query_text(&q, channel);
    query_text(&q, hash);
    return query_first(&q, contact, e);
}

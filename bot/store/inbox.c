#include "store.h"

#include <string.h>

#include "err.h"
#include "store_self.h"

int64_t store_hash(const struct store *s, const char *space, const char *text)
{
    unsigned char key[SIPHASH_KEY_BYTES];
    uint64_t turn = siphash(s->seen_key, space, strlen(space));

    for (size_t i = 0; i < sizeof key; i++) key[i] = s->seen_key[i] ^ (unsigned char)(turn >> 8 * (i % 8));
    return (int64_t)siphash(key, text, strlen(text));
}

int store_inbox_add(struct store *s, const char *channel, const char *platform_id, const char *raw,
                    int64_t now_ms, int64_t *id, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_INBOX_ADD);
    query_number(&q, store_hash(s, channel, platform_id)); /* two platforms may use the same ids */
    query_text(&q, channel);
    query_number(&q, now_ms);
    query_text(&q, raw);
    return query_insert(&q, id, e);
}

int store_inbox_strip(struct store *s, int64_t id, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_INBOX_BLANK);
    query_number(&q, id);
    query_number(&q, 0); /* nobody */
    return query_run(&q, e);
}

int store_inbox_close(struct store *s, int64_t id, int64_t contact, enum inbox_state state,
                      const char *reason, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_INBOX_CLOSE);
    query_number(&q, id);
    query_text(&q, inbox_state_name(state));
    query_text(&q, reason);
    query_number(&q, contact);
    if (query_run(&q, e) != 0) return -1;
    if (contact == 0 || !s->erased) return 0;
    /* A message that asked for its sender to be erased goes with the sender. */
    query_start(&q, s->database, SQL_INBOX_BLANK);
    query_number(&q, id);
    query_number(&q, contact);
    return query_run(&q, e);
}

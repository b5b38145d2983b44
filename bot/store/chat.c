#include "store.h"

#include "buf.h"
#include "err.h"
#include "store_self.h"

int store_contact_wrote(struct store *s, int64_t contact, const char *account, int64_t at_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_WROTE);
    query_number(&q, contact);
    query_text(&q, account);
    query_number(&q, at_ms);
    if (query_run(&q, e) != 0) return -1;

    query_start(&q, s->database, SQL_CONTACT_HEARD);
    query_number(&q, contact);
    query_number(&q, at_ms);
    return query_run(&q, e);
}

int store_conversation_load(struct store *s, int64_t contact, const char *account, struct buf *out,
                            struct err *e)
{
    struct query q;
    size_t n;

    query_start(&q, s->database, SQL_CHAT_LOAD);
    query_number(&q, contact);
    query_text(&q, account);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    const char *text = query_get_text(&q, 0, &n);
    if (text == NULL)
        out->failed = true;
    else
        buf_add(out, text, n);
    query_end(&q);
    return out->failed ? err_set(e, "loading a conversation: out of memory") : 1;
}

int store_conversation_save(struct store *s, int64_t contact, const char *account, const char *text, size_t n,
                            int64_t now_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_SAVE);
    query_number(&q, contact);
    query_text(&q, account);
    query_bytes(&q, text, n);
    query_number(&q, now_ms);
    return query_run(&q, e);
}

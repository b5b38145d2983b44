#include "store.h"

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "store_self.h"

static int heard(struct store *s, int64_t contact, int64_t at_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CONTACT_HEARD);
    query_number(&q, contact);
    query_number(&q, at_ms);
    return query_run(&q, e);
}

int store_contact_wrote(struct store *s, int64_t contact, const char *account, int64_t at_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_WROTE);
    query_number(&q, contact);
    query_text(&q, account);
    query_number(&q, at_ms);
    return query_run(&q, e) == 0 ? heard(s, contact, at_ms, e) : -1;
}

int store_contact_paced(struct store *s, int64_t contact, const char *account, int64_t at_ms,
                        const struct pace *pace, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_PACE);
    query_number(&q, contact);
    query_text(&q, account);
    query_number(&q, at_ms);
    query_number(&q, pace->wrote_tally_ms);
    query_text(&q, pace->flood);
    query_number(&q, pace->said_tally_ms);
    return query_run(&q, e) == 0 ? heard(s, contact, at_ms, e) : -1;
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

int store_conversation_save(struct store *s, int64_t contact, const char *account,
                            const struct conversation_row *row, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_SAVE);
    query_number(&q, contact);
    query_text(&q, account);
    query_bytes(&q, row->text, row->n);
    query_number(&q, row->now_ms);
    query_text(&q, row->holder != NULL ? row->holder : "bot");
    query_number(&q, row->holder_ms);
    if (row->wake_ms != 0)
        query_number(&q, row->wake_ms);
    else
        query_text(&q, NULL);
    query_text(&q, row->name);
    query_text(&q, row->words);
    query_number(&q, row->said_ms);
    return query_run(&q, e);
}

int store_person(struct store *s, int64_t contact, const char *account, const char *channel, struct arena *a,
                 struct person_row *out, struct err *e)
{
    bool failed = false;
    struct query q;

    *out = (struct person_row){.who = {.channel = channel, .account = account}};
    if (identity_load(s, contact, &out->who, a, e) < 0) return -1;
    query_start(&q, s->database, SQL_CHAT_PERSON);
    query_number(&q, contact);
    query_text(&q, account);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    out->name = query_keep(&q, 0, a, &failed);
    out->words = query_keep(&q, 1, a, &failed);
    out->wrote_ms = query_get_number(&q, 2);
    if (failed) return query_no_memory(&q, e);
    query_end(&q);
    return 0;
}

int store_wake_next(struct store *s, struct arena *a, struct wake_next *out, struct err *e)
{
    bool failed = false;
    struct query q;

    query_start(&q, s->database, SQL_CHAT_WAKE);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    *out = (struct wake_next){.at_ms = query_get_number(&q, 0),
                              .contact = query_get_number(&q, 1),
                              .account = query_keep(&q, 2, a, &failed)};
    if (failed) return query_no_memory(&q, e);
    query_end(&q);
    return 1;
}

int store_wake_put_off(struct store *s, int64_t contact, const char *account, int64_t at_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_PUT_OFF);
    query_number(&q, contact);
    query_text(&q, account);
    query_number(&q, at_ms);
    return query_run(&q, e);
}

int store_waiting_count(struct store *s, int64_t *n, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_CHAT_COUNT_WAITING);
    return query_first(&q, n, e) == 1 ? 0 : -1;
}

static struct waiting_row *read_waiting(const struct query *q, struct arena *a)
{
    struct waiting_row *row = arena_alloc(a, sizeof *row);
    bool failed = false;

    if (row == NULL) return NULL;
    *row = (struct waiting_row){.contact = query_get_number(q, 0),
                                .account = query_keep(q, 1, a, &failed),
                                .holder = query_keep(q, 2, a, &failed),
                                .since_ms = query_get_number(q, 3),
                                .name = query_keep(q, 4, a, &failed)};
    return failed ? NULL : row;
}

int store_waiting(struct store *s, struct arena *a, struct waiting_row **out, size_t *n, struct err *e)
{
    struct query q;
    int rc;

    *out = NULL;
    query_start(&q, s->database, SQL_CHAT_WAITING);
    for (*n = 0; (rc = query_row(&q, e)) == 1; ++*n) {
        if (*n >= STORE_WAITING_MAX) continue;
        *out = read_waiting(&q, a);
        if (*out == NULL) return query_no_memory(&q, e);
        out = &(*out)->next;
    }
    return rc;
}

/* ---- about ourselves ---- */

int store_note(struct store *s, const char *name, struct arena *a, const char **out, struct err *e)
{
    struct query q;

    *out = NULL;
    query_start(&q, s->database, SQL_META_GET);
    query_text(&q, name);
    return query_first_text(&q, a, out, e) < 0 ? -1 : 0;
}

int store_note_set(struct store *s, const char *name, const char *value, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_META_SET);
    query_text(&q, name);
    query_text(&q, value);
    return query_run(&q, e);
}

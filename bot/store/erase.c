/* erase.c -- what leaves the store: one person at once, and everything in its time. */
#include "store.h"

#include "err.h"
#include "fault_point.h"
#include "kept.h"
#include "store_self.h"

enum { DAY_MS = 86400000 };

/* A rewrite holds the database in memory and the desk up, about 100 ms for 10 MB. What the
 * janitor drops is out of reach without it, so a larger file goes without; an erasure never. */
enum { JANITOR_REWRITE_BYTES_MAX = 32 << 20 };

static int run_for(struct store *s, enum statement statement, int64_t contact, struct err *e)
{
    struct query q;

    query_start(&q, s->database, statement);
    query_number(&q, contact);
    return query_run(&q, e);
}

/* The contact itself, blank, stays until the receipt has left; aliases go at once, so that who
 * writes again meanwhile is new to us. Its address waits in the contact's own row. */
int store_contact_erase(struct store *s, int64_t contact, int64_t now_ms, struct err *e)
{
    static const enum statement parts[] = {
        SQL_LINE_ERASE_NAMED, SQL_OUTBOX_ERASE_LISTS, SQL_OUTBOX_BLANK_LISTS, SQL_INBOX_ERASE_STRAYS,
        SQL_INBOX_ERASE,      SQL_ALIAS_ERASE,        SQL_CHAT_ERASE,         SQL_HELD_ERASE,
        SQL_OUTBOX_ERASE,     SQL_OUTBOX_BLANK,       SQL_OUTBOX_ERASE_ABOUT, SQL_OUTBOX_BLANK_ABOUT,
        SQL_LINE_ERASE,       SQL_TOPIC_ERASE};
    struct query q;
    size_t erased;

    query_start(&q, s->database, SQL_CONTACT_ERASE);
    query_number(&q, contact);
    query_number(&q, now_ms);
    if (query_changed(&q, &erased, e) != 0) return -1;
    if (erased == 0) return 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        FAULT_POINT("erase-step");
        if (run_for(s, parts[i], contact, e) != 0) return -1;
    }
    s->log_due = s->erased = true;
    query_start(&q, s->database, SQL_META_COUNT);
    query_text(&q, "erasures");
    return query_run(&q, e);
}

int store_contact_erase_quietly(struct store *s, int64_t contact, int64_t now_ms, struct err *e)
{
    if (store_contact_erase(s, contact, now_ms, e) != 0) return -1;
    return run_for(s, SQL_CONTACT_NO_RECEIPT, contact, e);
}

int store_contact_gone(struct store *s, int64_t contact, struct err *e)
{
    struct query q;
    int64_t one;

    query_start(&q, s->database, SQL_CONTACT_IS_THERE);
    query_number(&q, contact);
    int there = query_first(&q, &one, e);
    return there < 0 ? -1 : there == 0 && !s->rewrite_due && !s->log_due;
}

/* ---- the janitor ---- */

static int drop(struct store *s, enum statement statement, int64_t before_ms, size_t limit, size_t *went,
                struct janitor_report *out, struct err *e)
{
    struct query q;
    size_t rows;

    query_start(&q, s->database, statement);
    query_number(&q, before_ms);
    query_number(&q, (int64_t)limit);
    if (query_changed(&q, &rows, e) != 0) return -1;
    FAULT_POINT("janitor-step");
    *went += rows;
    if (rows > 0 && rows >= limit) out->more = true;
    return 0;
}

static int plan_scrub(struct store *s, const struct retention *r, const struct janitor_report *done,
                      struct err *e)
{
    if (done->texts + done->contacts + done->keys > 0) s->dropped = s->log_due = true;
    if (done->more || !s->dropped || r->now_ms - s->rewritten_ms < DAY_MS) return 0;
    int64_t size = store_size(s, e);
    if (size < 0) return -1;
    s->rewritten_ms = r->now_ms;
    s->dropped = false;
    s->rewrite_due = s->rewrite_due || size <= JANITOR_REWRITE_BYTES_MAX;
    return 0;
}

int store_janitor(struct store *s, const struct retention *r, struct janitor_report *out, struct err *e)
{
    static const enum statement texts[] = {SQL_INBOX_DROP_TEXTS, SQL_HELD_DROP_TEXTS, SQL_CHAT_DROP_WORDS,
                                           SQL_LINE_DROP_TEXTS,  SQL_OUTBOX_GIVE_UP,  SQL_OUTBOX_DROP_TEXTS};
    struct janitor_report done = {0};
    struct query q;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (drop(s, texts[i], r->text_before_ms, r->limit, &done.texts, &done, e) != 0) return -1;
    /* The keys of the contacts that go next stay: their messages may still be redelivered. */
    query_start(&q, s->database, SQL_INBOX_FORGET);
    query_number(&q, r->answers_before_ms);
    query_number(&q, (int64_t)r->limit);
    if (query_run(&q, e) != 0) return -1;
    if (drop(s, SQL_CONTACT_FORGET, r->answers_before_ms, r->limit, &done.contacts, &done, e) != 0) return -1;
    if (drop(s, SQL_INBOX_DROP_KEYS, r->seen_before_ms, r->limit, &done.keys, &done, e) != 0) return -1;
    *out = done;
    return plan_scrub(s, r, &done, e);
}

/* line.c -- the desk: lines that wait for it, and topics. */
#include "arena.h"
#include "err.h"
#include "store.h"
#include "store_self.h"

static void bind_contact(struct query *q, int64_t contact)
{
    if (contact != 0)
        query_number(q, contact);
    else
        query_text(q, NULL);
}

int store_line_add(struct store *s, const struct line_new *row, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_LINE_ADD);
    bind_contact(&q, row->contact);
    query_text(&q, row->contact != 0 ? row->account : NULL);
    query_number(&q, row->now_ms);
    query_number(&q, row->buttons);
    query_text(&q, row->name);
    query_text(&q, row->media);
    query_text(&q, row->text);
    return query_run(&q, e);
}

static struct line_row *read_line(const struct query *q, struct arena *a)
{
    struct line_row *row = arena_alloc(a, sizeof *row);
    bool failed = false;

    if (row == NULL) return NULL;
    *row = (struct line_row){.id = query_get_number(q, 0),
                             .contact = query_get_number(q, 1),
                             .account = query_keep(q, 2, a, &failed),
                             .buttons = (unsigned)query_get_number(q, 3),
                             .name = query_keep(q, 4, a, &failed),
                             .media = query_keep(q, 5, a, &failed),
                             .text = query_keep(q, 6, a, &failed)};
    return failed || row->text == NULL ? NULL : row;
}

int store_line_list(struct store *s, struct arena *a, size_t limit, struct line_row **out, struct err *e)
{
    struct query q;
    int rc;

    *out = NULL;
    query_start(&q, s->database, SQL_LINE_LIST);
    query_number(&q, (int64_t)limit);
    while ((rc = query_row(&q, e)) == 1) {
        *out = read_line(&q, a);
        if (*out == NULL) return query_no_memory(&q, e);
        out = &(*out)->next;
    }
    return rc;
}

int store_line_drop(struct store *s, int64_t id, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_LINE_DROP);
    query_number(&q, id);
    return query_run(&q, e);
}

/* ---- topics ---- */

int store_topic_set(struct store *s, int64_t contact, const char *account, const char *desk,
                    const char *thread, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_TOPIC_SET);
    query_number(&q, contact);
    query_text(&q, account);
    query_text(&q, desk);
    query_text(&q, thread);
    return query_run(&q, e);
}

int store_topic_drop(struct store *s, const char *desk, const char *thread, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_TOPIC_DROP);
    query_text(&q, desk);
    query_text(&q, thread);
    return query_run(&q, e);
}

int store_topic_of(struct store *s, int64_t contact, const char *account, const char *desk, struct arena *a,
                   const char **thread, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_TOPIC_OF);
    query_number(&q, contact);
    query_text(&q, account);
    query_text(&q, desk);
    return query_first_text(&q, a, thread, e);
}

int store_topic_whom(struct store *s, const char *desk, const char *thread, struct arena *a, struct whom *out,
                     struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_TOPIC_WHOM);
    query_text(&q, desk);
    query_text(&q, thread);
    return whom_read(&q, a, out, e);
}

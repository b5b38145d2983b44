#include "store.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "store_self.h"

/* Every statement about one contact's texts begins with these. */
static void start(struct query *q, struct store *s, enum statement statement, int64_t contact,
                  const char *account)
{
    query_start(q, s->database, statement);
    query_number(q, contact);
    query_text(q, account);
}

int store_held_sum(struct store *s, int64_t contact, const char *account, struct held_sum *out, struct err *e)
{
    struct query q;

    start(&q, s, SQL_HELD_SUM, contact, account);
    if (query_row(&q, e) != 1) return -1;
    const char *holder = query_get_text(&q, 3, NULL), *flood = query_get_text(&q, 6, NULL);
    *out = (struct held_sum){
        .texts = (size_t)query_get_number(&q, 0),
        .since_ms = query_get_number(&q, 1),
        .bytes = (size_t)query_get_number(&q, 2),
        .for_human = holder != NULL && strcmp(holder, "human") == 0,
        .waits = holder != NULL && strcmp(holder, "waiting") == 0,
        .pace = {.wrote_tally_ms = query_get_number(&q, 4), .said_tally_ms = query_get_number(&q, 5)}};
    (void)snprintf(out->pace.flood, sizeof out->pace.flood, "%s", flood != NULL ? flood : "");
    query_end(&q);
    return 0;
}

static void bind_row(struct query *q, const struct held_new *row)
{
    query_number(q, row->due_ms);
    query_text(q, row->channel);
    query_number(q, row->inbox);
    query_number(q, row->now_ms);
    query_number(q, row->sent_ms);
    query_text(q, row->platform_id);
    query_text(q, row->our_number);
    query_text(q, row->name);
    query_text(q, row->choice);
    query_text(q, row->text);
}

static int add(struct store *s, const struct held_new *row, struct err *e)
{
    struct query q;

    start(&q, s, SQL_HELD_ADD, row->contact, row->account);
    bind_row(&q, row);
    return query_run(&q, e);
}

int store_held_add(struct store *s, const struct held_new *row, struct err *e)
{
    struct query q;

    start(&q, s, SQL_HELD_PUT_OFF, row->contact, row->account);
    query_number(&q, row->due_ms);
    return query_run(&q, e) == 0 ? add(s, row, e) : -1;
}

int store_held_replace(struct store *s, const struct held_new *row, struct err *e)
{
    struct query q;
    size_t replaced;

    start(&q, s, SQL_HELD_REPLACE, row->contact, row->account);
    bind_row(&q, row);
    if (query_changed(&q, &replaced, e) != 0) return -1;
    return replaced > 0 ? 0 : add(s, row, e);
}

int store_held_edit(struct store *s, int64_t contact, const char *account, const char *platform_id,
                    const char *text, struct err *e)
{
    struct query q;
    size_t changed;

    start(&q, s, SQL_HELD_EDIT, contact, account);
    query_text(&q, platform_id);
    query_text(&q, text);
    if (query_changed(&q, &changed, e) != 0) return -1;
    return changed > 0;
}

int store_held_withdraw(struct store *s, int64_t contact, const char *account, const char *platform_id,
                        int64_t *inbox, struct err *e)
{
    struct query q;

    start(&q, s, SQL_HELD_WITHDRAW, contact, account);
    query_text(&q, platform_id);
    return query_first(&q, inbox, e);
}

int store_held_next(struct store *s, struct arena *a, struct held_next *out, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_HELD_NEXT);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    const char *account = query_get_text(&q, 2, NULL);
    *out = (struct held_next){.due_ms = query_get_number(&q, 0),
                              .contact = query_get_number(&q, 1),
                              .account = account == NULL ? NULL : arena_strdup(a, account)};
    if (out->account == NULL) return query_no_memory(&q, e);
    query_end(&q);
    return 1;
}

static struct held_text *read_text(const struct query *q, struct arena *a)
{
    struct held_text *t = arena_alloc(a, sizeof *t);
    bool failed = false;

    if (t == NULL) return NULL;
    *t = (struct held_text){.inbox = query_get_number(q, 0),
                            .sent_ms = query_get_number(q, 1),
                            .channel = query_keep(q, 2, a, &failed),
                            .platform_id = query_keep(q, 3, a, &failed),
                            .our_number = query_keep(q, 4, a, &failed),
                            .name = query_keep(q, 5, a, &failed),
                            .text = query_keep(q, 6, a, &failed),
                            .choice = query_keep(q, 7, a, &failed),
                            .missed = (size_t)query_get_number(q, 8)};
    /* The schema allows none of these to be NULL: then SQLite had no memory for it. */
    failed = failed || t->channel == NULL || t->platform_id == NULL || t->text == NULL;
    return failed ? NULL : t;
}

int store_held_take(struct store *s, int64_t contact, const char *account, struct arena *a,
                    struct held_text **out, struct err *e)
{
    struct held_text **end = out;
    struct query q;
    int rc;

    *out = NULL;
    start(&q, s, SQL_HELD_OF, contact, account);
    while ((rc = query_row(&q, e)) == 1) {
        *end = read_text(&q, a);
        if (*end == NULL) return query_no_memory(&q, e);
        end = &(*end)->next;
    }
    if (rc != 0) return -1;
    start(&q, s, SQL_HELD_DROP, contact, account);
    return query_run(&q, e);
}

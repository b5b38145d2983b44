#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "store_self.h"

static int withdraw_waiting(struct store *s, int64_t contact, int64_t now_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_WITHDRAW);
    query_number(&q, contact);
    query_number(&q, now_ms);
    return query_run(&q, e);
}

int store_outbox_add(struct store *s, const struct outbox_new *row, int64_t *id, struct err *e)
{
    struct query q;

    if (row->replaces_waiting && withdraw_waiting(s, row->contact, row->now_ms, e) != 0) return -1;
    query_start(&q, s->database, SQL_OUTBOX_ADD);
    query_number(&q, row->contact);
    query_text(&q, row->channel);
    query_text(&q, row->account);
    query_number(&q, row->replaces_waiting);
    query_number(&q, row->now_ms);
    query_number(&q, row->not_before_ms > row->now_ms ? row->not_before_ms : row->now_ms);
    query_text(&q, row->content);
    query_number(&q, row->human);
    if (row->about.contact != 0)
        query_number(&q, row->about.contact);
    else
        query_text(&q, NULL);
    query_text(&q, row->about.account);
    return query_insert(&q, id, e) == 1 ? 0 : -1;
}

/* ---- claiming ---- */

static struct outbox_row *read_claimed(const struct store *s, const struct query *q, struct arena *a)
{
    struct outbox_row *row = arena_calloc(a, sizeof *row);
    const char *channel = query_get_text(q, 2, NULL);
    const char *account = query_get_text(q, 3, NULL);
    const char *content = query_get_text(q, 4, NULL);
    bool failed = false;

    if (row == NULL || channel == NULL || account == NULL || content == NULL) return NULL;
    row->id = query_get_number(q, 0);
    row->contact = query_get_number(q, 1);
    row->to.channel = arena_strdup(a, channel);
    row->to.account = arena_strdup(a, account);
    row->content = arena_strdup(a, content);
    row->tracker = arena_printf(a, "%s-%lld", s->instance, (long long)row->id);
    row->attempt = (unsigned)query_get_number(q, 5);
    row->created_ms = query_get_number(q, 6);
    row->wrote_ms = query_get_number(q, 7);
    row->human = query_get_number(q, 8) != 0;
    row->about.contact = query_get_number(q, 9);
    row->about.account = query_keep(q, 10, a, &failed);
    row->thread = query_keep(q, 11, a, &failed);
    row->hushed = query_get_number(q, 12) != 0;
    bool whole =
        row->to.channel != NULL && row->to.account != NULL && row->content != NULL && row->tracker != NULL;
    return whole && !failed ? row : NULL;
}

/* The rows come back in the engine's order; almost always that is by id already. */
static void insert_by_id(struct outbox_row **list, struct outbox_row *row)
{
    while (*list != NULL && (*list)->id < row->id) list = &(*list)->next;
    row->next = *list;
    *list = row;
}

static int name_addressee(struct identity *to, const char *kind, const char *value, struct arena *a)
{
    const char **field = strcmp(kind, "phone") == 0     ? &to->phone
                         : strcmp(kind, "user_id") == 0 ? &to->user_id
                                                        : &to->parent_id;
    *field = arena_strdup(a, value);
    return *field == NULL ? -1 : 0;
}

/* Who was erased has no aliases; where their receipt goes stands in the contact. */
static int address_receipt(struct store *s, struct outbox_row *row, struct arena *a, struct err *e)
{
    static const char *const kinds[] = {"phone", "user_id", "parent_id"};
    struct query q;

    query_start(&q, s->database, SQL_CONTACT_RECEIPT_TO);
    query_number(&q, row->contact);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    for (int i = 0; i < 3; i++) {
        const char *value = query_get_text(&q, i, NULL);
        if (value != NULL && name_addressee(&row->to, kinds[i], value, a) != 0) return query_no_memory(&q, e);
    }
    query_end(&q);
    return 0;
}

/* Oldest alias first, so the newest of each kind stays. */
int identity_load(struct store *s, int64_t contact, struct identity *out, struct arena *a, struct err *e)
{
    struct query q;
    int rc, n = 0;

    query_start(&q, s->database, SQL_ALIAS_OF);
    query_number(&q, contact);
    query_text(&q, out->channel);
    for (; (rc = query_row(&q, e)) == 1; n = 1) {
        const char *kind = query_get_text(&q, 0, NULL), *value = query_get_text(&q, 1, NULL);
        if (kind == NULL || value == NULL || name_addressee(out, kind, value, a) != 0)
            return query_no_memory(&q, e);
    }
    return rc == 0 ? n : -1;
}

static int address(struct store *s, struct outbox_row *row, struct arena *a, struct err *e)
{
    int rc = identity_load(s, row->contact, &row->to, a, e);

    return rc == 0 ? address_receipt(s, row, a, e) : rc < 0 ? -1 : 0;
}

int store_outbox_claim(struct store *s, const char *account, int64_t now_ms, size_t limit, struct arena *a,
                       struct outbox_row **out, struct err *e)
{
    struct outbox_row *list = NULL;
    struct query q;
    int rc;

    *out = NULL;
    query_start(&q, s->database, SQL_OUTBOX_CLAIM);
    query_text(&q, account);
    query_number(&q, now_ms);
    query_number(&q, (int64_t)limit);
    while ((rc = query_row(&q, e)) == 1) {
        struct outbox_row *row = read_claimed(s, &q, a);
        if (row == NULL) return query_no_memory(&q, e);
        insert_by_id(&list, row);
    }
    if (rc != 0) return -1;
    for (struct outbox_row *row = list; row != NULL; row = row->next)
        if (address(s, row, a, e) != 0) return -1;
    *out = list;
    return 0;
}

/* ---- what became of it ---- */

static int note_platform_id(struct store *s, int64_t id, const char *platform_id, struct err *e)
{
    struct query q;

    if (platform_id == NULL) return 0;
    query_start(&q, s->database, SQL_OUTBOX_NAME);
    query_number(&q, id);
    query_text(&q, platform_id);
    return query_run(&q, e);
}

int store_outbox_settle(struct store *s, int64_t id, const struct outbox_result *r, struct err *e)
{
    struct query q;
    size_t moved;

    query_start(&q, s->database, SQL_OUTBOX_SETTLE);
    query_number(&q, id);
    query_text(&q, outbox_state_name(r->state));
    if (r->state == OUTBOX_DUE || r->state == OUTBOX_UNSURE)
        query_number(&q, r->next_try_ms);
    else
        query_text(&q, NULL);
    query_text(&q, r->platform_id);
    query_number(&q, r->code);
    query_text(&q, r->detail);
    query_number(&q, r->now_ms);
    if (query_changed(&q, &moved, e) != 0) return -1;
    return moved > 0 ? 0 : note_platform_id(s, id, r->platform_id, e);
}

/* row_of_tracker(s, tracker): its row, 0 when it is not one of this database's. Trackers come
 * back from outside, so every character is looked at. */
static int64_t row_of_tracker(const struct store *s, const char *tracker)
{
    const size_t n = strlen(s->instance);

    if (tracker == NULL || strncmp(tracker, s->instance, n) != 0 || tracker[n] != '-') return 0;
    const char *digits = tracker + n + 1;
    const size_t len = strlen(digits);
    /* 18 digits fit in an int64_t. */
    if (len == 0 || len > 18 || strspn(digits, "0123456789") != len) return 0;
    return strtoll(digits, NULL, 10);
}

/* find_sent(s, ..., id, e): 1 found, 0 none, -1. */
static int find_sent(struct store *s, const char *channel, const char *platform_id, int64_t *id,
                     struct err *e)
{
    struct query q;

    if (platform_id == NULL) return 0;
    query_start(&q, s->database, SQL_OUTBOX_FIND);
    query_text(&q, channel);
    query_text(&q, platform_id);
    return query_first(&q, id, e);
}

/* What a row must not have reached yet to move; the ranks of SQL_OUTBOX_STATUS. */
static int rank_of(enum outbox_state state)
{
    return state == OUTBOX_SENT ? 1 : state == OUTBOX_DELIVERED ? 2 : 3;
}

/* The price comes with a status, even with one that tells us nothing else. */
static int note_billed(struct store *s, int64_t id, const char *channel, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_BILLED);
    query_number(&q, id);
    query_text(&q, channel);
    return query_run(&q, e);
}

int store_outbox_status(struct store *s, const char *channel, const char *tracker, const char *platform_id,
                        enum outbox_state state, int code, bool billed, int64_t now_ms, struct err *e)
{
    struct query q;
    size_t moved;

    int64_t id = row_of_tracker(s, tracker);
    if (id == 0) {
        int found = find_sent(s, channel, platform_id, &id, e);
        if (found != 1) return found;
    }
    query_start(&q, s->database, SQL_OUTBOX_STATUS);
    query_number(&q, id);
    query_text(&q, channel);
    query_text(&q, outbox_state_name(state));
    query_number(&q, rank_of(state));
    query_number(&q, code);
    query_number(&q, now_ms);
    query_number(&q, billed);
    if (query_changed(&q, &moved, e) != 0) return -1;
    if (moved == 0) return billed ? note_billed(s, id, channel, e) : 0;
    return note_platform_id(s, id, platform_id, e) == 0 ? 1 : -1;
}

/* ---- the human's, and the desk's ---- */

static void start(struct query *q, struct store *s, enum statement statement, int64_t contact,
                  const char *account)
{
    query_start(q, s->database, statement);
    query_number(q, contact);
    query_text(q, account);
}

int store_outbox_release(struct store *s, int64_t contact, const char *account, int64_t now_ms, struct err *e)
{
    struct query q;

    start(&q, s, SQL_OUTBOX_RELEASE, contact, account);
    query_number(&q, now_ms);
    return query_run(&q, e);
}

int store_outbox_hush(struct store *s, int64_t contact, const char *account, int64_t now_ms, struct err *e)
{
    struct query q;

    start(&q, s, SQL_OUTBOX_HUSH, contact, account);
    query_number(&q, now_ms);
    return query_run(&q, e);
}

int store_outbox_busy(struct store *s, int64_t contact, struct err *e)
{
    struct query q;
    int64_t one;

    query_start(&q, s->database, SQL_OUTBOX_BUSY);
    query_number(&q, contact);
    return query_first(&q, &one, e);
}

int store_outbox_on_its_way(struct store *s, int64_t contact, const char *account, struct arena *a,
                            struct content_row **out, struct err *e)
{
    bool failed = false;
    struct query q;
    int rc;

    *out = NULL;
    start(&q, s, SQL_OUTBOX_ON_ITS_WAY, contact, account);
    while ((rc = query_row(&q, e)) == 1) {
        *out = arena_alloc(a, sizeof **out);
        if (*out == NULL) return query_no_memory(&q, e);
        **out = (struct content_row){.content = query_keep(&q, 0, a, &failed)};
        if (failed) return query_no_memory(&q, e);
        out = &(*out)->next;
    }
    return rc;
}

int whom_read(struct query *q, struct arena *a, struct whom *out, struct err *e)
{
    bool failed = false;
    int rc = query_row(q, e);

    if (rc != 1) return rc;
    *out = (struct whom){.contact = query_get_number(q, 0), .account = query_keep(q, 1, a, &failed)};
    if (failed) return query_no_memory(q, e);
    query_end(q);
    return 1;
}

int store_outbox_untold(struct store *s, struct arena *a, struct untold_row *out, struct err *e)
{
    bool failed = false;
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_UNTOLD);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    *out = (struct untold_row){
        .id = query_get_number(&q, 0),
        .to = {.contact = query_get_number(&q, 1), .account = query_keep(&q, 2, a, &failed)},
        .channel = query_keep(&q, 3, a, &failed),
        .kept = query_get_number(&q, 4) != 0};
    if (failed) return query_no_memory(&q, e);
    query_end(&q);
    return 1;
}

int store_outbox_told(struct store *s, int64_t id, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_TOLD);
    query_number(&q, id);
    return query_run(&q, e);
}

int store_outbox_whom(struct store *s, const char *channel, const char *platform_id, struct arena *a,
                      struct whom *out, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_WHOM);
    query_text(&q, channel);
    query_text(&q, platform_id);
    return whom_read(&q, a, out, e);
}

int store_outbox_about(struct store *s, int64_t contact, const char *channel, struct arena *a,
                       const char **platform_id, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_ABOUT);
    query_number(&q, contact);
    query_text(&q, channel);
    return query_first_text(&q, a, platform_id, e);
}

/* ---- the queue as a whole ---- */

int store_outbox_recover(struct store *s, int64_t retry_at_ms, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_OUTBOX_RECOVER);
    query_number(&q, retry_at_ms);
    return query_run(&q, e);
}

int store_set_back(struct store *s, int64_t later_than_ms, int64_t by_ms, int64_t now_ms, struct err *e)
{
    static const enum statement statements[] = {SQL_OUTBOX_SET_BACK, SQL_HELD_SET_BACK};
    struct query q;

    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        query_start(&q, s->database, statements[i]);
        query_number(&q, later_than_ms);
        query_number(&q, by_ms);
        query_number(&q, now_ms);
        if (query_run(&q, e) != 0) return -1;
    }
    return 0;
}

int store_outbox_next(struct store *s, int64_t *at_ms, struct err *e)
{
    struct query q;

    *at_ms = INT64_MAX;
    query_start(&q, s->database, SQL_OUTBOX_NEXT);
    return query_first(&q, at_ms, e) < 0 ? -1 : 0;
}

int store_outbox_waiting(struct store *s, int64_t *n, struct err *e)
{
    struct query q;

    *n = 0;
    query_start(&q, s->database, SQL_OUTBOX_WAITING);
    return query_first(&q, n, e) < 0 ? -1 : 0;
}

int store_outbox_is_ours(struct store *s, const char *channel, const char *platform_id, struct err *e)
{
    int64_t id;

    return find_sent(s, channel, platform_id, &id, e);
}

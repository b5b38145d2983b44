#include "kept.h"

#include <stdio.h>

#include "err.h"
#include "store.h"
#include "store_self.h"

static const struct {
    const char *name;
    enum statement rows;
} parts[] = {[KEPT_PERSON] = {"person", SQL_KEPT_PERSON}, [KEPT_NAMES] = {"names", SQL_KEPT_NAMES},
             [KEPT_CHATS] = {"chats", SQL_KEPT_CHATS},    [KEPT_MESSAGES] = {"messages", SQL_KEPT_MESSAGES},
             [KEPT_HELD] = {"held", SQL_KEPT_HELD},       [KEPT_REPLIES] = {"replies", SQL_KEPT_REPLIES},
             [KEPT_TOLD] = {"told", SQL_KEPT_TOLD},       [KEPT_LINES] = {"lines", SQL_KEPT_LINES},
             [KEPT_TOPICS] = {"topics", SQL_KEPT_TOPICS}, [KEPT_MENTIONS] = {"mentions", SQL_KEPT_MENTIONS}};
_Static_assert(sizeof parts / sizeof *parts == KEPT_N, "name each");

const char *kept_part_name(enum kept_part part)
{
    return parts[part].name;
}

static int walk(struct store *s, int64_t contact, enum kept_part part,
                int (*row)(void *user, enum kept_part part, const struct kept_value *v, size_t n), void *user,
                struct err *e)
{
    struct kept_value v[KEPT_VALUES_MAX];
    struct query q;
    int rc;

    query_start(&q, s->database, parts[part].rows);
    query_number(&q, contact);
    while ((rc = query_row(&q, e)) == 1) {
        size_t n = query_columns(&q);
        for (size_t i = 0; i < n && i < KEPT_VALUES_MAX; i++) v[i] = query_value(&q, (int)i);
        rc = row(user, part, v, n);
        if (rc == 0) continue;
        query_end(&q);
        return rc;
    }
    return rc;
}

int store_kept(struct store *s, int64_t contact,
               int (*row)(void *user, enum kept_part part, const struct kept_value *v, size_t n), void *user,
               struct err *e)
{
    for (int part = 0; part < KEPT_N; part++) {
        int rc = walk(s, contact, (enum kept_part)part, row, user, e);
        if (rc != 0) return rc;
    }
    return 0;
}

int store_topic_any(struct store *s, int64_t contact, const char *desk, struct arena *a, const char **thread,
                    struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_TOPIC_ANY);
    query_number(&q, contact);
    query_text(&q, desk);
    return query_first_text(&q, a, thread, e);
}

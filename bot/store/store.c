#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "err.h"
#include "fault_point.h"
#include "kept.h"
#include "log.h"
#include "store_self.h"

/* A rewrite takes as long as the file is large. Somebody who asks to be erased again and again
 * must not keep the store busy with it: at most this part of the time. */
enum { REWRITE_PART = 20 };

/* In meta from the commit that erases until the rewrite is done: a crash between forgets nothing. */
static const char rewrite_mark[] = "rewrite_due";

/* ---- names ---- */

static const char *const inbox_names[] = {
    [INBOX_TAKEN] = "taken", [INBOX_DONE] = "done", [INBOX_SKIPPED] = "skipped", [INBOX_FAILED] = "failed"};
_Static_assert(sizeof inbox_names / sizeof *inbox_names == INBOX_N, "name each");

static const char *const outbox_names[] = {
    [OUTBOX_DUE] = "due",   [OUTBOX_SENDING] = "sending",     [OUTBOX_UNSURE] = "unsure",
    [OUTBOX_SENT] = "sent", [OUTBOX_DELIVERED] = "delivered", [OUTBOX_READ] = "read",
    [OUTBOX_DEAD] = "dead", [OUTBOX_WITHDRAWN] = "withdrawn"};
_Static_assert(sizeof outbox_names / sizeof *outbox_names == OUTBOX_N, "name each");

const char *inbox_state_name(enum inbox_state state)
{
    return inbox_names[state];
}

const char *outbox_state_name(enum outbox_state state)
{
    return outbox_names[state];
}

/* ---- what a database knows about itself ---- */

static int meta_get(struct store *s, const char *name, char *out, size_t size, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_META_GET);
    query_text(&q, name);
    int rc = query_row(&q, e);
    if (rc != 1) return rc;
    const char *value = query_get_text(&q, 0, NULL);
    (void)snprintf(out, size, "%s", value == NULL ? "" : value);
    query_end(&q);
    return 1;
}

static int meta_set(struct store *s, const char *name, const char *value, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_META_SET);
    query_text(&q, name);
    query_text(&q, value);
    return query_run(&q, e);
}

static int meta_drop(struct store *s, const char *name, struct err *e)
{
    struct query q;

    query_start(&q, s->database, SQL_META_DROP);
    query_text(&q, name);
    return query_run(&q, e);
}

/* meta_random(s, name, hex, n, e): `n` hex digits, drawn once in the life of the database. */
static int meta_random(struct store *s, const char *name, char *hex, size_t n, struct err *e)
{
    unsigned char bytes[SIPHASH_KEY_BYTES];

    int rc = meta_get(s, name, hex, n + 1, e);
    if (rc != 0) return rc < 0 ? -1 : 0;
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return err_errno(e, "random bytes from the system", errno);
    for (size_t i = 0; i < n / 2; i++) (void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    FAULT_POINT("self-drawn");
    return meta_set(s, name, hex, e);
}

static int know_itself(struct store *s, struct err *e)
{
    char hex[2 * SIPHASH_KEY_BYTES + 1] = "", due[2];

    if (store_begin(s, e) != 0) return -1;
    if (meta_random(s, "instance", s->instance, STORE_INSTANCE_HEX, e) != 0) return -1;
    if (meta_random(s, "seen_key", hex, 2 * SIPHASH_KEY_BYTES, e) != 0) return -1;
    for (size_t i = 0; i < SIPHASH_KEY_BYTES; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        s->seen_key[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    int marked = meta_get(s, rewrite_mark, due, sizeof due, e);
    if (marked < 0) return -1;
    s->rewrite_due = marked == 1;
    return store_commit(s, e);
}

/* ---- transactions ---- */

static int run(struct store *s, enum statement statement, struct err *e)
{
    struct query q;

    query_start(&q, s->database, statement);
    return query_run(&q, e);
}

int store_begin(struct store *s, struct err *e)
{
    return run(s, SQL_BEGIN, e);
}

/* Who asked to be erased goes for good when nothing is left to be sent to them. */
static int finish_erased(struct store *s, struct err *e)
{
    struct query q;
    size_t gone;

    query_start(&q, s->database, SQL_CONTACT_FINISH_ERASED);
    if (query_changed(&q, &gone, e) != 0) return -1;
    if (gone == 0) return 0;
    FAULT_POINT("erased-gone");
    s->rewrite_due = true;
    return meta_set(s, rewrite_mark, "1", e);
}

static int rewrite(struct store *s, struct err *e)
{
    const int64_t start = clock_mono_ms();

    int rc = database_rewrite(s->database, e);
    FAULT_POINT("file-rewritten");
    if (rc == 0) rc = store_begin(s, e);
    if (rc == 0) rc = meta_drop(s, rewrite_mark, e);
    if (rc == 0) rc = run(s, SQL_COMMIT, e);
    const int64_t took = clock_mono_ms() - start;
    s->rewrite_from_mono_ms = start + took * REWRITE_PART;
    return rc;
}

/* The commit stands whatever becomes of this; what fails is tried again after a later commit. */
static void scrub(struct store *s, bool rewrite_now)
{
    struct err e = {0};

    FAULT_POINT("scrub-begun");
    if (rewrite_now) {
        if (rewrite(s, &e) != 0) goto out;
        s->rewrite_due = false;
        s->log_due = true;
    }
    FAULT_POINT("log-full");
    if (s->log_due && database_empty_log(s->database, &e) == 0) s->log_due = false;
out:
    store_rollback(s);
    if (e.text[0] != '\0') log_warn("store", "scrub=failed reason=\"%s\"", e.text);
}

int store_commit(struct store *s, struct err *e)
{
    if (finish_erased(s, e) != 0 || run(s, SQL_COMMIT, e) != 0) {
        store_rollback(s);
        return -1;
    }
    store_tidy(s);
    return 0;
}

void store_tidy(struct store *s)
{
    bool rewrite_now = s->rewrite_due && clock_mono_ms() >= s->rewrite_from_mono_ms;

    if (rewrite_now || s->log_due) scrub(s, rewrite_now);
}

void store_rollback(struct store *s)
{
    if (database_in_transaction(s->database)) (void)run(s, SQL_ROLLBACK, NULL);
}

int store_mark(struct store *s, struct err *e)
{
    return run(s, SQL_MARK, e);
}

int store_keep(struct store *s, struct err *e)
{
    return run(s, SQL_KEEP, e);
}

int store_undo(struct store *s, struct err *e)
{
    return run(s, SQL_UNDO, e) != 0 ? -1 : run(s, SQL_KEEP, e);
}

/* ---- counting ---- */

/* A state that this program does not know (a newer one's) counts nowhere. */
static int count_states(struct store *s, enum statement statement, const char *const *names, size_t n,
                        int64_t *counts, struct err *e)
{
    struct query q;
    int rc;

    query_start(&q, s->database, statement);
    while ((rc = query_row(&q, e)) == 1) {
        const char *name = query_get_text(&q, 0, NULL);
        for (size_t i = 0; i < n; i++)
            if (name != NULL && strcmp(name, names[i]) == 0) counts[i] = query_get_number(&q, 1);
    }
    return rc;
}

static int count_one(struct store *s, enum statement statement, int64_t *out, struct err *e)
{
    struct query q;

    query_start(&q, s->database, statement);
    return query_first(&q, out, e) < 0 ? -1 : 0;
}

int store_count(struct store *s, struct store_counts *out, struct err *e)
{
    char erasures[24] = "0";

    *out = (struct store_counts){0};
    if (count_one(s, SQL_COUNT_CONTACTS, &out->contacts, e) != 0) return -1;
    if (count_one(s, SQL_COUNT_CHATS, &out->conversations, e) != 0) return -1;
    if (meta_get(s, "erasures", erasures, sizeof erasures, e) < 0) return -1;
    out->erasures = strtoll(erasures, NULL, 10);
    if (count_states(s, SQL_COUNT_INBOX, inbox_names, INBOX_N, out->inbox, e) != 0) return -1;
    return count_states(s, SQL_COUNT_OUTBOX, outbox_names, OUTBOX_N, out->outbox, e);
}

/* ---- open and close ---- */

int store_open(const char *url, struct store **out, struct err *e)
{
    static const char scheme[] = "sqlite:";
    const size_t n = sizeof scheme - 1;

    *out = NULL;
    /* Not the whole of another URL: it may hold a password. */
    if (strncmp(url, scheme, n) != 0 || url[n] == '\0')
        return err_set(e, "database URL '%.*s': expected sqlite:PATH", (int)strcspn(url, ":"), url);
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL) return err_set(e, "database %s: out of memory", url + n);
    if (database_open(url + n, &s->database, e) != 0 || know_itself(s, e) != 0) {
        store_close(s);
        return -1;
    }
    *out = s;
    return 0;
}

void store_close(struct store *s)
{
    if (s == NULL) return;
    if (s->database != NULL) {
        store_rollback(s);
        if (s->rewrite_due) scrub(s, true);
        FAULT_POINT("store-closing");
        database_close(s->database);
    }
    free(s);
}

int64_t store_size(struct store *s, struct err *e)
{
    return database_size(s->database, e);
}

#include "script.h"

#include <unistd.h>

#include <sqlite3.h>

#include "sqlite_database.h"
#include "store_self.h"

#define ACCOUNT "700800"
#define DESK    "-1001234567890"
#define NOW     INT64_C(1800000000000)

static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

/* Ids are given out in order, and none twice. */
enum { ANA = 1, BO = 2, ANAS_FIRST_REPLY = 1, HELD_INBOX = 3, BACKLOG = 12 };

static const struct identity ana = {
    .channel = "whatsapp", .account = ACCOUNT, .phone = "31612345678", .user_id = "NL.55512"};
static const struct identity bo = {.channel = "whatsapp", .account = ACCOUNT, .phone = "31687654321"};

void script_open(struct script *x)
{
    *x = (struct script){.a = arena_new(4096)};
    assert_non_null(x->a);
    /* Thousands of small files: in memory where the system has a place for that. */
    (void)snprintf(x->dir, sizeof x->dir, "%s/mailwijzer-faults-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(x->dir));
    (void)snprintf(x->path, sizeof x->path, "%s/bot.db", x->dir);
    (void)snprintf(x->wal, sizeof x->wal, "%s-wal", x->path);
    (void)snprintf(x->url, sizeof x->url, "sqlite:%s", x->path);
}

void script_close(struct script *x)
{
    store_close(x->s);
    arena_free(x->a);
    x->s = NULL;
    (void)unlink(x->path);
    (void)unlink(x->wal);
    assert_int_equal(rmdir(x->dir), 0);
}

/* ---- the steps; each in a transaction that its caller begins and ends ---- */

static int answer(struct script *x, const struct identity *who, const char *id, const char *said,
                  const char *reply)
{
    const struct conversation_row chat = {.text = said, .n = strlen(said), .now_ms = NOW};
    struct outbox_new row = {.channel = "whatsapp", .account = ACCOUNT, .content = reply, .now_ms = NOW};
    int64_t contact, inbox, outbox;

    if (store_inbox_add(x->s, "whatsapp", id, said, NOW, &inbox, &x->e) < 0) return -1;
    if (store_contact_resolve(x->s, who, NOW, &contact, &x->e) != 0) return -1;
    if (store_contact_wrote(x->s, contact, ACCOUNT, NOW, &x->e) != 0) return -1;
    if (store_conversation_save(x->s, contact, ACCOUNT, &chat, &x->e) != 0) return -1;
    row.contact = contact;
    if (store_outbox_add(x->s, &row, &outbox, &x->e) != 0) return -1;
    return store_inbox_close(x->s, inbox, contact, INBOX_DONE, NULL, &x->e);
}

static int anas_message(struct script *x)
{
    return answer(x, &ana, "wamid.A1", "state=team", "Hoi Ana");
}

static int bos_message(struct script *x)
{
    return answer(x, &bo, "wamid.B1", "state=usage", "Hoi Bo");
}

static int held_text(struct script *x)
{
    struct held_new row = {.contact = ANA,
                           .channel = "whatsapp",
                           .account = ACCOUNT,
                           .now_ms = NOW,
                           .due_ms = NOW + 1500,
                           .platform_id = "wamid.A2",
                           .text = "en nog iets"};

    if (store_inbox_add(x->s, "whatsapp", row.platform_id, "{}", NOW, &row.inbox, &x->e) < 0) return -1;
    return store_held_add(x->s, &row, &x->e);
}

static int thought(struct script *x)
{
    const struct outbox_new row = {
        .contact = ANA, .channel = "whatsapp", .account = ACCOUNT, .content = "Goed", .now_ms = NOW};
    struct held_text *texts;
    int64_t outbox;

    if (store_held_take(x->s, ANA, ACCOUNT, x->a, &texts, &x->e) != 0) return -1;
    assert_non_null(texts);
    if (store_outbox_add(x->s, &row, &outbox, &x->e) != 0) return -1;
    return store_inbox_close(x->s, HELD_INBOX, ANA, INBOX_DONE, NULL, &x->e);
}

static int claim(struct script *x)
{
    struct outbox_row *rows;

    return store_outbox_claim(x->s, ACCOUNT, NOW, 10, x->a, &rows, &x->e);
}

static int verdict(struct script *x)
{
    const struct outbox_result sent = {.state = OUTBOX_SENT, .platform_id = "wamid.R1", .now_ms = NOW};

    return store_outbox_settle(x->s, ANAS_FIRST_REPLY, &sent, &x->e);
}

static int status(struct script *x)
{
    return store_outbox_status(x->s, "whatsapp", NULL, "wamid.R1", OUTBOX_DELIVERED, 0, true, NOW, &x->e) < 0
               ? -1
               : 0;
}

static int desk(struct script *x)
{
    const struct line_new line = {.contact = ANA, .account = ACCOUNT, .now_ms = NOW, .text = "Ana vraagt"};
    struct line_row *row;

    if (store_line_add(x->s, &line, &x->e) != 0) return -1;
    if (store_topic_set(x->s, ANA, ACCOUNT, DESK, "77", &x->e) != 0) return -1;
    if (store_line_list(x->s, x->a, 10, &row, &x->e) != 0) return -1;
    return store_line_drop(x->s, row->id, &x->e);
}

/* More than the cache holds, so that some of it is written before the commit. */
static int backlog(struct script *x)
{
    char content[1500];
    int64_t id;

    memset(content, 'x', sizeof content - 1);
    content[sizeof content - 1] = '\0';
    const struct outbox_new row = {
        .contact = BO, .channel = "whatsapp", .account = ACCOUNT, .content = content, .now_ms = NOW};
    for (int i = 0; i < BACKLOG; i++)
        if (store_outbox_add(x->s, &row, &id, &x->e) != 0) return -1;
    return 0;
}

/* Bo is known by her number, the event says that she was Ana. */
static int merge(struct script *x)
{
    const struct identity both = {.channel = "whatsapp",
                                  .account = ACCOUNT,
                                  .phone = "31687654321",
                                  .user_id = "NL.999",
                                  .previous_user_id = "NL.55512",
                                  .changed = true};
    int64_t contact;

    return store_contact_resolve(x->s, &both, NOW, &contact, &x->e);
}

static int janitor(struct script *x)
{
    const struct retention r = {.now_ms = NOW + 40 * day_ms,
                                .text_before_ms = NOW + 10 * day_ms,
                                .answers_before_ms = NOW - 400 * day_ms,
                                .seen_before_ms = NOW + 30 * day_ms,
                                .limit = 200};
    struct janitor_report done;

    return store_janitor(x->s, &r, &done, &x->e);
}

static int erase(struct script *x)
{
    return store_contact_erase(x->s, ANA, NOW, &x->e);
}

static const struct {
    const char *name;
    int (*run)(struct script *x);
} steps[] = {
    {"Ana's message", anas_message},
    {"Bo's message", bos_message},
    {"a held text", held_text},
    {"a thought", thought},
    {"a claim", claim},
    {"a verdict", verdict},
    {"a status", status},
    {"the desk", desk},
    {"a backlog", backlog},
    {"two who are one", merge},
    {"the janitor", janitor},
    {"an erasure", erase},
};
_Static_assert(sizeof steps / sizeof *steps == SCRIPT_STEPS, "count them");

const char *script_step_name(int step)
{
    return steps[step].name;
}

int script_step(struct script *x, int step)
{
    arena_reset(x->a);
    x->e.text[0] = '\0';
    if (store_begin(x->s, &x->e) != 0) return -1;
    if (steps[step].run(x) == 0) return store_commit(x->s, &x->e);
    store_rollback(x->s);
    return -1;
}

/* ---- what is in it ---- */

static void dump_rows(struct store *s, const char *sql, struct buf *out)
{
    sqlite3_stmt *q = NULL;
    int code;

    assert_int_equal(sqlite3_prepare_v2(s->database->sqlite, sql, -1, &q, NULL), SQLITE_OK);
    while ((code = sqlite3_step(q)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(q); i++) {
            const unsigned char *value = sqlite3_column_text(q, i);
            buf_addf(out, "%s%c", value == NULL ? (const unsigned char *)"-" : value,
                     i + 1 < sqlite3_column_count(q) ? '|' : '\n');
        }
    assert_int_equal(code, SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
}

void script_dump(struct store *s, struct buf *out)
{
    static const char *const tables[] = {
        "SELECT name, value FROM meta WHERE name NOT IN ('instance', 'seen_key', 'rewrite_due')",
        "SELECT * FROM contact ORDER BY 1",
        "SELECT * FROM alias ORDER BY 1, 2, 3",
        "SELECT * FROM chat ORDER BY 1",
        "SELECT id, channel, taken_ms, state, contact, reason, raw FROM inbox ORDER BY 1",
        "SELECT * FROM held ORDER BY 1",
        "SELECT * FROM outbox ORDER BY 1",
        "SELECT * FROM topic ORDER BY 1, 2",
        "SELECT * FROM line ORDER BY 1",
    };

    buf_clear(out);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) dump_rows(s, tables[i], out);
    assert_false(out->failed);
}

void script_sound(struct store *s)
{
    struct buf said = {0};

    dump_rows(s, "PRAGMA integrity_check", &said);
    dump_rows(s, "PRAGMA foreign_key_check", &said);
    assert_string_equal(buf_text(&said), "ok\n");
    buf_free(&said);
}

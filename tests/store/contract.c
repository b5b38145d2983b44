#include "contract.h"

#include <unistd.h>

#include "buf.h"

/* ---- backends: another one is another row here ---- */

static void sqlite_fresh(char *url, size_t size, char *dir)
{
    (void)snprintf(dir, 128, "/tmp/mailwijzer-store-XXXXXX");
    if (mkdtemp(dir) == NULL) fail_msg("no temporary directory");
    (void)snprintf(url, size, "sqlite:%s/data/bot.db", dir);
}

static void sqlite_remove(const char *dir)
{
    static const char *const leftovers[] = {"data/bot.db", "data/bot.db-wal", "data/bot.db-journal"};
    char path[256];

    for (size_t i = 0; i < sizeof leftovers / sizeof *leftovers; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, leftovers[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/data", dir);
    (void)rmdir(path);
    (void)rmdir(dir);
}

static void memory_fresh(char *url, size_t size, char *dir)
{
    (void)dir;
    (void)snprintf(url, size, "sqlite::memory:");
}

static void memory_remove(const char *dir)
{
    (void)dir;
}

static const struct backend backends[] = {
    {"sqlite file", true, sqlite_fresh, sqlite_remove},
    {"sqlite memory", false, memory_fresh, memory_remove},
};

/* ---- fixtures ---- */

int fixture_open(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->backend = *state;
    f->now = INT64_C(1800000000000);
    f->backend->fresh(f->url, sizeof f->url, f->dir);
    f->a = arena_new(4096);
    assert_non_null(f->a);
    MUST(f, store_open(f->url, &f->s, &f->e));
    *state = f;
    return 0;
}

int fixture_close(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    arena_free(f->a);
    f->backend->remove(f->dir);
    free(f);
    return 0;
}

void fixture_reopen(struct fixture *f)
{
    store_close(f->s);
    f->s = NULL;
    MUST(f, store_open(f->url, &f->s, &f->e));
}

int contract_run(const char *what, struct CMUnitTest *tests, size_t n, const struct backend *b)
{
    char name[96];

    for (size_t i = 0; i < n; i++) tests[i].initial_state = (void *)(uintptr_t)b;
    (void)snprintf(name, sizeof name, "store contract: %s, %s", what, b->name);
    return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

/* ---- what the suites say often ---- */

void begin(struct fixture *f)
{
    MUST(f, store_begin(f->s, &f->e));
}

void commit(struct fixture *f)
{
    MUST(f, store_commit(f->s, &f->e));
}

struct identity person(const char *phone, const char *user_id)
{
    return (struct identity){.channel = "whatsapp", .account = ACCOUNT, .phone = phone, .user_id = user_id};
}

int64_t resolve(struct fixture *f, struct identity who)
{
    int64_t contact = 0;
    begin(f);
    MUST(f, store_contact_resolve(f->s, &who, f->now, &contact, &f->e));
    commit(f);
    assert_true(contact > 0);
    return contact;
}

int64_t find(struct fixture *f, const char *value)
{
    int64_t contact = 0;
    int rc = store_contact_find(f->s, "whatsapp", value, &contact, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    return rc == 1 ? contact : 0;
}

int64_t add_reply(struct fixture *f, int64_t contact, const char *content)
{
    const struct outbox_new row = {
        .contact = contact, .channel = "whatsapp", .account = ACCOUNT, .content = content, .now_ms = f->now};
    int64_t id = 0;
    begin(f);
    MUST(f, store_outbox_add(f->s, &row, &id, &f->e));
    commit(f);
    return id;
}

struct outbox_row *claim(struct fixture *f, size_t limit)
{
    struct outbox_row *rows = NULL;
    begin(f);
    MUST(f, store_outbox_claim(f->s, NULL, f->now, limit, f->a, &rows, &f->e));
    commit(f);
    return rows;
}

static void settle_as(struct fixture *f, int64_t id, const struct outbox_result *r)
{
    begin(f);
    MUST(f, store_outbox_settle(f->s, id, r, &f->e));
    commit(f);
}

void settle(struct fixture *f, int64_t id, enum outbox_state state, const char *platform_id)
{
    settle_as(f, id, &(struct outbox_result){.state = state, .platform_id = platform_id, .now_ms = f->now});
}

void settle_later(struct fixture *f, int64_t id, enum outbox_state state, int64_t next_try_ms)
{
    settle_as(f, id, &(struct outbox_result){.state = state, .next_try_ms = next_try_ms, .now_ms = f->now});
}

void save(struct fixture *f, int64_t contact, const char *text)
{
    begin(f);
    MUST(f, store_conversation_save(
                f->s, contact, ACCOUNT,
                &(struct conversation_row){.text = text, .n = strlen(text), .now_ms = f->now}, &f->e));
    commit(f);
}

static void save_row(struct fixture *f, int64_t contact, const struct conversation_row *row)
{
    begin(f);
    MUST(f, store_conversation_save(f->s, contact, ACCOUNT, row, &f->e));
    commit(f);
}

void save_as(struct fixture *f, int64_t contact, const char *holder, const char *name, const char *words)
{
    save_row(f, contact,
             &(struct conversation_row){.text = "state=team",
                                        .n = 10,
                                        .now_ms = f->now,
                                        .holder = holder,
                                        .holder_ms = f->now,
                                        .name = name,
                                        .words = words});
}

void save_wake(struct fixture *f, int64_t contact, int64_t wake_ms)
{
    save_row(f, contact,
             &(struct conversation_row){.text = "state=team", .n = 10, .now_ms = f->now, .wake_ms = wake_ms});
}

void assert_conversation(struct fixture *f, int64_t contact, const char *expected)
{
    struct buf text = {0};
    int rc = store_conversation_load(f->s, contact, ACCOUNT, &text, &f->e);
    assert_int_equal(rc, expected != NULL);
    if (expected != NULL) assert_string_equal(buf_text(&text), expected);
    buf_free(&text);
}

int64_t take_message(struct fixture *f, const char *id, const char *raw)
{
    int64_t row = 0;
    begin(f);
    int rc = store_inbox_add(f->s, "whatsapp", id, raw, f->now, &row, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    commit(f);
    return rc == 1 ? row : 0;
}

void close_message(struct fixture *f, int64_t id, int64_t contact, enum inbox_state state)
{
    begin(f);
    MUST(f, store_inbox_close(f->s, id, contact, state, NULL, &f->e));
    commit(f);
}

void erase_contact(struct fixture *f, int64_t contact)
{
    begin(f);
    MUST(f, store_contact_erase(f->s, contact, f->now, &f->e));
    commit(f);
}

int64_t add_row(struct fixture *f, struct outbox_new row)
{
    int64_t id = 0;
    if (row.channel == NULL) row.channel = "whatsapp";
    if (row.account == NULL) row.account = ACCOUNT;
    row.now_ms = f->now;
    begin(f);
    MUST(f, store_outbox_add(f->s, &row, &id, &f->e));
    commit(f);
    return id;
}

void release(struct fixture *f, int64_t contact, const char *account)
{
    begin(f);
    MUST(f, store_outbox_release(f->s, contact, account, f->now, &f->e));
    commit(f);
}

void add_line(struct fixture *f, int64_t contact, const char *text)
{
    const struct line_new row = {.contact = contact, .account = ACCOUNT, .now_ms = f->now, .text = text};
    begin(f);
    MUST(f, store_line_add(f->s, &row, &f->e));
    commit(f);
}

struct line_row *lines(struct fixture *f, size_t limit)
{
    struct line_row *row = NULL;
    MUST(f, store_line_list(f->s, f->a, limit, &row, &f->e));
    return row;
}

void set_topic(struct fixture *f, int64_t contact, const char *thread)
{
    begin(f);
    MUST(f, store_topic_set(f->s, contact, ACCOUNT, DESK, thread, &f->e));
    commit(f);
}

const char *topic_of(struct fixture *f, int64_t contact)
{
    const char *thread = NULL;
    int rc = store_topic_of(f->s, contact, ACCOUNT, DESK, f->a, &thread, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    return rc == 1 ? thread : NULL;
}

struct person_row know(struct fixture *f, int64_t contact)
{
    struct person_row row;
    MUST(f, store_person(f->s, contact, ACCOUNT, "whatsapp", f->a, &row, &f->e));
    return row;
}

struct waiting_row *waiting(struct fixture *f, size_t *n)
{
    struct waiting_row *rows = NULL;
    MUST(f, store_waiting(f->s, f->a, &rows, n, &f->e));
    return rows;
}

struct store_counts counts(struct fixture *f)
{
    struct store_counts c;
    MUST(f, store_count(f->s, &c, &f->e));
    return c;
}

int main(void)
{
    int bad = 0;

    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        bad += contract_transactions(&backends[i]);
        if (backends[i].durable) bad += contract_durability(&backends[i]);
        bad += contract_contacts(&backends[i]);
        bad += contract_chats(&backends[i]);
        bad += contract_inbox(&backends[i]);
        bad += contract_held(&backends[i]);
        bad += contract_lines(&backends[i]);
        bad += contract_outbox(&backends[i]);
        bad += contract_human(&backends[i]);
        bad += contract_statuses(&backends[i]);
        bad += contract_erase(&backends[i]);
        bad += contract_kept(&backends[i]);
        bad += contract_janitor(&backends[i]);
    }
    return bad != 0;
}

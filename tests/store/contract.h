/* contract.h -- what every store must do, whatever engine is beneath: shared by the suites. */
#ifndef CONTRACT_H
#define CONTRACT_H

#include "unit.h"

#include "arena.h"
#include "err.h"
#include "identity.h"
#include "store.h"

struct backend {
    const char *name;
    bool durable;                                     /* outlives its process             */
    void (*fresh)(char *url, size_t size, char *dir); /* one that is not there yet        */
    void (*remove)(const char *dir);
};

/* What a test gets: an open, empty store. */
struct fixture {
    const struct backend *backend;
    char url[256], dir[128];
    struct store *s;
    struct arena *a;
    struct err e;
    int64_t now;
};

int fixture_open(void **state);
int fixture_close(void **state);
void fixture_reopen(struct fixture *f);

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

/* Runs a suite on a backend. The suite must not be const: each test is told its backend. */
#define CONTRACT_RUN(what, tests, b) contract_run(what, tests, sizeof(tests) / sizeof *(tests), b)
int contract_run(const char *what, struct CMUnitTest *tests, size_t n, const struct backend *b);

int contract_transactions(const struct backend *b);
int contract_durability(const struct backend *b);
int contract_contacts(const struct backend *b);
int contract_chats(const struct backend *b);
int contract_inbox(const struct backend *b);
int contract_held(const struct backend *b);
int contract_lines(const struct backend *b);
int contract_outbox(const struct backend *b);
int contract_human(const struct backend *b);
int contract_statuses(const struct backend *b);
int contract_erase(const struct backend *b);
int contract_janitor(const struct backend *b);
int contract_kept(const struct backend *b);

/* Fails the test with the store's own words. */
#define MUST(f, call)                                                                                        \
    do {                                                                                                     \
        if ((call) != 0) fail_msg("%s: %s", #call, (f)->e.text);                                             \
    } while (0)

void begin(struct fixture *f);
void commit(struct fixture *f);

/* A person known by phone and user id; either may be NULL. */
struct identity person(const char *phone, const char *user_id);

/* Each in a transaction of its own. */
int64_t resolve(struct fixture *f, struct identity who);
int64_t find(struct fixture *f, const char *value); /* 0: nobody */
int64_t add_reply(struct fixture *f, int64_t contact, const char *content);
struct outbox_row *claim(struct fixture *f, size_t limit);
void settle(struct fixture *f, int64_t id, enum outbox_state state, const char *platform_id);
void settle_later(struct fixture *f, int64_t id, enum outbox_state state, int64_t next_try_ms);
void save(struct fixture *f, int64_t contact, const char *text);
void save_as(struct fixture *f, int64_t contact, const char *holder, const char *name, const char *words);
void save_wake(struct fixture *f, int64_t contact, int64_t wake_ms);
void assert_conversation(struct fixture *f, int64_t contact, const char *expected); /* NULL: none */
int64_t take_message(struct fixture *f, const char *id, const char *raw);           /* 0: seen before */
void close_message(struct fixture *f, int64_t id, int64_t contact, enum inbox_state state);
void erase_contact(struct fixture *f, int64_t contact);    /* without a receipt: gone at once */
int64_t add_row(struct fixture *f, struct outbox_new row); /* all but contact and content may be left out */
void release(struct fixture *f, int64_t contact, const char *account);
void add_line(struct fixture *f, int64_t contact, const char *text); /* contact 0: nobody's */
struct line_row *lines(struct fixture *f, size_t limit);
void set_topic(struct fixture *f, int64_t contact, const char *thread); /* at DESK */
const char *topic_of(struct fixture *f, int64_t contact);               /* NULL: none */
struct person_row know(struct fixture *f, int64_t contact);
struct waiting_row *waiting(struct fixture *f, size_t *n);
struct store_counts counts(struct fixture *f);

#define ACCOUNT "700800"
#define DESK    "-1001234567890"

#endif

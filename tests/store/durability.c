/* For stores that outlive their process. */
#include "contract.h"

#include <sys/wait.h>
#include <unistd.h>

static void a_commit_survives_closing(void **state)
{
    struct fixture *f = *state;
    int64_t contact = resolve(f, person("31612345678", "NL.55512"));
    save(f, contact, "state=team");
    fixture_reopen(f);
    assert_int_equal(find(f, "NL.55512"), contact);
    assert_conversation(f, contact, "state=team");
}

static void closing_rolls_an_open_transaction_back(void **state)
{
    struct fixture *f = *state;
    struct identity ana = person("31612345678", NULL);
    int64_t contact;

    begin(f);
    MUST(f, store_contact_resolve(f->s, &ana, f->now, &contact, &f->e));
    fixture_reopen(f);
    assert_int_equal(find(f, "31612345678"), 0);
}

/* The child's half of the test below: commits, says so, begins again, and dies. */
static void commit_and_die(struct fixture *f, int tell)
{
    struct identity ana = person("31612345678", NULL), bo = person("31687654321", NULL);
    int64_t contact;

    bool well = store_open(f->url, &f->s, NULL) == 0 && store_begin(f->s, NULL) == 0 &&
                store_contact_resolve(f->s, &ana, f->now, &contact, NULL) == 0 &&
                store_commit(f->s, NULL) == 0;
    well =
        well && store_begin(f->s, NULL) == 0 && store_contact_resolve(f->s, &bo, f->now, &contact, NULL) == 0;
    if (well && write(tell, "!", 1) == 1) _exit(0);
    _exit(1);
}

static void a_commit_survives_the_death_of_the_process(void **state)
{
    struct fixture *f = *state;
    int told[2], status;
    char word;

    store_close(f->s);
    f->s = NULL;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) commit_and_die(f, told[1]);
    (void)close(told[1]);
    assert_int_equal(read(told[0], &word, 1), 1);
    (void)close(told[0]);
    assert_int_equal(waitpid(child, &status, 0), child);

    MUST(f, store_open(f->url, &f->s, &f->e));
    assert_int_not_equal(find(f, "31612345678"), 0);
    assert_int_equal(find(f, "31687654321"), 0);
}

static void a_message_is_known_after_a_restart(void **state)
{
    struct fixture *f = *state;
    (void)take_message(f, "wamid.A1", "{}");
    fixture_reopen(f);
    assert_int_equal(take_message(f, "wamid.A1", "{}"), 0);
}

static void what_is_held_is_held_over_a_restart(void **state)
{
    struct fixture *f = *state;
    struct held_new row = {.contact = resolve(f, person("31612345678", NULL)),
                           .channel = "whatsapp",
                           .account = ACCOUNT,
                           .due_ms = f->now + 1500,
                           .platform_id = "wamid.A1",
                           .text = "hoi"};
    struct held_text *texts;
    struct held_next next;

    row.inbox = take_message(f, "wamid.A1", "{}");
    begin(f);
    MUST(f, store_held_add(f->s, &row, &f->e));
    commit(f);
    fixture_reopen(f);
    assert_int_equal(store_held_next(f->s, f->a, &next, &f->e), 1);
    assert_int_equal(next.contact, row.contact);
    assert_int_equal(next.due_ms, row.due_ms);
    assert_string_equal(next.account, ACCOUNT);
    begin(f);
    MUST(f, store_held_take(f->s, row.contact, ACCOUNT, f->a, &texts, &f->e));
    commit(f);
    assert_int_equal(texts->inbox, row.inbox);
    assert_string_equal(texts->text, "hoi");
    fixture_reopen(f);
    assert_int_equal(store_held_next(f->s, f->a, &next, &f->e), 0);
}

int contract_durability(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_commit_survives_closing),
        CONTRACT(closing_rolls_an_open_transaction_back),
        CONTRACT(a_commit_survives_the_death_of_the_process),
        CONTRACT(a_message_is_known_after_a_restart),
        CONTRACT(what_is_held_is_held_over_a_restart),
    };
    return CONTRACT_RUN("durability", tests, b);
}

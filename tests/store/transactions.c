#include "contract.h"

static void nothing_is_left_after_a_rollback(void **state)
{
    struct fixture *f = *state;
    struct identity ana = person("31612345678", "NL.55512");
    int64_t contact, row;

    begin(f);
    MUST(f, store_contact_resolve(f->s, &ana, f->now, &contact, &f->e));
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.A1", "{}", f->now, &row, &f->e), 1);
    store_rollback(f->s);
    assert_int_equal(find(f, "31612345678"), 0);
    assert_int_not_equal(take_message(f, "wamid.A1", "{}"), 0);
}

static void undo_takes_back_to_the_mark_and_no_further(void **state)
{
    struct fixture *f = *state;
    struct identity ana = person("31612345678", NULL), bo = person("31687654321", NULL);
    int64_t contact;

    begin(f);
    MUST(f, store_mark(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &ana, f->now, &contact, &f->e));
    MUST(f, store_keep(f->s, &f->e));
    MUST(f, store_mark(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &bo, f->now, &contact, &f->e));
    MUST(f, store_undo(f->s, &f->e));
    commit(f);
    assert_int_not_equal(find(f, "31612345678"), 0);
    assert_int_equal(find(f, "31687654321"), 0);
}

static void changes_outside_a_transaction_are_refused(void **state)
{
    struct fixture *f = *state;
    struct identity ana = person("31612345678", NULL);
    int64_t id;

    assert_int_equal(store_contact_resolve(f->s, &ana, f->now, &id, &f->e), -1);
    assert_non_null(strstr(f->e.text, "outside a transaction"));
    assert_int_equal(store_inbox_add(f->s, "whatsapp", "wamid.A1", NULL, f->now, &id, &f->e), -1);
    assert_int_equal(store_mark(f->s, &f->e), -1);
    assert_int_equal(store_commit(f->s, &f->e), -1);
    assert_int_equal(find(f, "31612345678"), 0);
}

static void a_second_begin_is_refused_and_harms_nothing(void **state)
{
    struct fixture *f = *state;
    struct identity ana = person("31612345678", NULL);
    int64_t contact;

    begin(f);
    MUST(f, store_contact_resolve(f->s, &ana, f->now, &contact, &f->e));
    assert_int_equal(store_begin(f->s, &f->e), -1);
    commit(f);
    assert_int_equal(find(f, "31612345678"), contact);
}

static void an_unknown_url_is_refused_without_its_password(void **state)
{
    struct fixture *f = *state;
    struct store *other;

    assert_int_equal(store_open("oracle://bot:geheim@db/bot", &other, &f->e), -1);
    assert_null(other);
    assert_non_null(strstr(f->e.text, "expected sqlite:PATH"));
    assert_null(strstr(f->e.text, "geheim"));
    assert_int_equal(store_open("sqlite:", &other, &f->e), -1);
}

int contract_transactions(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(nothing_is_left_after_a_rollback),
        CONTRACT(undo_takes_back_to_the_mark_and_no_further),
        CONTRACT(changes_outside_a_transaction_are_refused),
        CONTRACT(a_second_begin_is_refused_and_harms_nothing),
        CONTRACT(an_unknown_url_is_refused_without_its_password),
    };
    return CONTRACT_RUN("transactions", tests, b);
}

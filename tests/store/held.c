#include "contract.h"

static struct held_new text_of(struct fixture *f, int64_t contact, const char *id, const char *text)
{
    return (struct held_new){.contact = contact,
                             .channel = "whatsapp",
                             .account = ACCOUNT,
                             .now_ms = f->now,
                             .due_ms = f->now + 1500,
                             .sent_ms = f->now - 100,
                             .platform_id = id,
                             .text = text};
}

/* Taken in and held, as the road does it; its inbox row. */
static int64_t hold(struct fixture *f, struct held_new row)
{
    row.inbox = take_message(f, row.platform_id, "{}");
    close_message(f, row.inbox, row.contact, INBOX_TAKEN);
    begin(f);
    MUST(f, store_held_add(f->s, &row, &f->e));
    commit(f);
    return row.inbox;
}

static struct held_text *take(struct fixture *f, int64_t contact)
{
    struct held_text *texts = NULL;
    begin(f);
    MUST(f, store_held_take(f->s, contact, ACCOUNT, f->a, &texts, &f->e));
    commit(f);
    return texts;
}

static struct held_sum sum(struct fixture *f, int64_t contact, const char *account)
{
    struct held_sum held;
    MUST(f, store_held_sum(f->s, contact, account, &held, &f->e));
    return held;
}

static bool is_next(struct fixture *f, int64_t contact, int64_t due_ms)
{
    struct held_next next;
    int rc = store_held_next(f->s, f->a, &next, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    return rc == 1 && next.contact == contact && next.due_ms == due_ms && strcmp(next.account, ACCOUNT) == 0;
}

static void assert_nothing_held(struct fixture *f)
{
    struct held_next next;
    assert_int_equal(store_held_next(f->s, f->a, &next, &f->e), 0);
}

/* ---- in and out ---- */

static void nothing_is_held_at_first(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    assert_nothing_held(f);
    assert_null(take(f, ana));
    struct held_sum held = sum(f, ana, ACCOUNT);
    assert_int_equal(held.texts, 0);
    assert_int_equal(held.bytes, 0);
}

static void texts_come_out_whole_in_their_order_and_once(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    struct held_new full = text_of(f, ana, "wamid.Z9", "hoi");
    full.our_number = "31201234567";
    full.name = "Ana";
    int64_t first = hold(f, full);
    int64_t second = hold(f, text_of(f, ana, "wamid.A1", "zeg ’ns"));
    struct held_text *t = take(f, ana);
    assert_int_equal(t->inbox, first);
    assert_int_equal(t->sent_ms, f->now - 100);
    assert_string_equal(t->channel, "whatsapp");
    assert_string_equal(t->platform_id, "wamid.Z9");
    assert_string_equal(t->text, "hoi");
    assert_string_equal(t->our_number, "31201234567");
    assert_string_equal(t->name, "Ana");
    t = t->next;
    assert_int_equal(t->inbox, second);
    assert_string_equal(t->text, "zeg ’ns");
    assert_null(t->our_number);
    assert_null(t->name);
    assert_null(t->next);
    assert_null(take(f, ana));
    assert_nothing_held(f);
}

static void the_sum_tells_since_when_and_how_much(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    const int64_t start = f->now;
    (void)hold(f, text_of(f, ana, "wamid.A1", "één"));
    f->now += 400;
    (void)hold(f, text_of(f, ana, "wamid.A2", "twee"));
    struct held_sum held = sum(f, ana, ACCOUNT);
    assert_int_equal(held.texts, 2);
    assert_int_equal(held.bytes, 5 + 4);
    assert_int_equal(held.since_ms, start);
}

static void two_people_and_two_accounts_are_held_apart(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    struct held_new elsewhere = text_of(f, ana, "wamid.A2", "elsewhere");
    elsewhere.account = "999";
    (void)hold(f, text_of(f, ana, "wamid.A1", "hoi"));
    (void)hold(f, elsewhere);
    (void)hold(f, text_of(f, bo, "wamid.B1", "dag"));
    assert_int_equal(sum(f, ana, ACCOUNT).texts, 1);
    assert_int_equal(sum(f, ana, "999").texts, 1);
    struct held_text *t = take(f, ana);
    assert_string_equal(t->text, "hoi");
    assert_null(t->next);
    assert_int_equal(sum(f, ana, "999").texts, 1);
    assert_int_equal(sum(f, bo, ACCOUNT).texts, 1);
}

static void a_taking_that_is_undone_did_not_happen(void **state)
{
    struct fixture *f = *state;
    struct held_text *texts;
    int64_t ana = resolve(f, person("31612345678", NULL));
    (void)hold(f, text_of(f, ana, "wamid.A1", "hoi"));
    begin(f);
    MUST(f, store_held_take(f->s, ana, ACCOUNT, f->a, &texts, &f->e));
    assert_non_null(texts);
    store_rollback(f->s);
    assert_int_equal(sum(f, ana, ACCOUNT).texts, 1);
}

/* ---- when ---- */

static void a_later_text_puts_off_those_before_it_and_nobody_elses(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    const int64_t start = f->now;
    (void)hold(f, text_of(f, ana, "wamid.A1", "hoi"));
    f->now += 100;
    (void)hold(f, text_of(f, bo, "wamid.B1", "dag"));
    assert_true(is_next(f, ana, start + 1500));
    f->now += 100;
    (void)hold(f, text_of(f, ana, "wamid.A2", "kwil iets weten"));
    assert_true(is_next(f, bo, start + 1600));
    (void)take(f, bo);
    assert_true(is_next(f, ana, start + 1700));
}

/* ---- what the sender changes meanwhile ---- */

static void a_held_text_can_be_edited(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)hold(f, text_of(f, ana, "wamid.A1", "hoi"));
    (void)hold(f, text_of(f, ana, "wamid.A2", "met zijn veiren"));
    begin(f);
    assert_int_equal(store_held_edit(f->s, ana, ACCOUNT, "wamid.A2", "met zijn vieren", &f->e), 1);
    assert_int_equal(store_held_edit(f->s, ana, ACCOUNT, "wamid.A3", "?", &f->e), 0);
    assert_int_equal(store_held_edit(f->s, bo, ACCOUNT, "wamid.A1", "?", &f->e), 0);
    commit(f);
    struct held_text *t = take(f, ana);
    assert_string_equal(t->text, "hoi");
    assert_string_equal(t->next->text, "met zijn vieren");
    assert_string_equal(t->next->platform_id, "wamid.A2");
}

static void a_held_text_can_be_withdrawn(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t first = hold(f, text_of(f, ana, "wamid.A1", "oeps")), row = 0;
    (void)hold(f, text_of(f, ana, "wamid.A2", "hoi"));
    begin(f);
    assert_int_equal(store_held_withdraw(f->s, bo, ACCOUNT, "wamid.A1", &row, &f->e), 0);
    assert_int_equal(store_held_withdraw(f->s, ana, ACCOUNT, "wamid.A1", &row, &f->e), 1);
    assert_int_equal(row, first);
    assert_int_equal(store_held_withdraw(f->s, ana, ACCOUNT, "wamid.A1", &row, &f->e), 0);
    commit(f);
    struct held_text *t = take(f, ana);
    assert_string_equal(t->text, "hoi");
    assert_null(t->next);
}

/* ---- with the contact ---- */

static void two_contacts_that_are_one_have_one_thought(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    (void)hold(f, text_of(f, too, "wamid.A1", "first"));
    (void)hold(f, text_of(f, ana, "wamid.A2", "second"));
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    struct held_text *t = take(f, ana);
    assert_string_equal(t->text, "first");
    assert_string_equal(t->next->text, "second");
    assert_null(t->next->next);
    assert_nothing_held(f);
}

static void an_erasure_takes_what_is_held(void **state)
{
    struct fixture *f = *state;
    struct janitor_report report;
    const struct retention texts = {.now_ms = f->now, .text_before_ms = f->now + 5000, .limit = 10};
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)hold(f, text_of(f, ana, "wamid.A1", "hoi"));
    (void)hold(f, text_of(f, bo, "wamid.B1", "dag"));
    begin(f);
    MUST(f, store_contact_erase(f->s, ana, f->now, &f->e));
    commit(f);
    assert_int_equal(sum(f, ana, ACCOUNT).texts, 0);
    assert_int_equal(sum(f, bo, ACCOUNT).texts, 1);
    begin(f);
    MUST(f, store_janitor(f->s, &texts, &report, &f->e));
    commit(f);
    assert_int_equal(report.texts, 2); /* the other's, held and raw */
}

static void what_is_held_too_long_goes_with_the_raw_texts(void **state)
{
    struct fixture *f = *state;
    struct janitor_report report;
    int64_t ana = resolve(f, person("31612345678", NULL));
    (void)hold(f, text_of(f, ana, "wamid.A1", "long ago"));
    f->now += 100000;
    (void)hold(f, text_of(f, resolve(f, person("31687654321", NULL)), "wamid.B1", "now"));
    const struct retention texts = {.now_ms = f->now, .text_before_ms = f->now - 1000, .limit = 10};
    begin(f);
    MUST(f, store_janitor(f->s, &texts, &report, &f->e));
    commit(f);
    assert_int_equal(sum(f, ana, ACCOUNT).texts, 0);
    assert_int_equal(report.texts, 2);
    assert_false(is_next(f, ana, 0));
}

static void it_goes_with_a_contact_who_was_not_heard_of_for_long(void **state)
{
    struct fixture *f = *state;
    struct janitor_report report;
    int64_t ana = resolve(f, person("31612345678", NULL));
    (void)hold(f, text_of(f, ana, "wamid.A1", "hoi"));
    const struct retention all = {.now_ms = f->now, .answers_before_ms = f->now + 1, .limit = 10};
    begin(f);
    MUST(f, store_janitor(f->s, &all, &report, &f->e));
    commit(f);
    assert_int_equal(report.contacts, 1);
    assert_nothing_held(f);
}

/* ---- what stands in for others ---- */

static void replace(struct fixture *f, struct held_new row)
{
    begin(f);
    MUST(f, store_held_replace(f->s, &row, &f->e));
    commit(f);
}

static void one_stands_in_for_all_that_were_held_before_it(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t bo = resolve(f, person("31687654321", NULL));
    const int64_t since = f->now;
    replace(f, text_of(f, bo, "wamid.B1", "dag"));
    for (int i = 0; i < 4; i++) {
        struct held_new row = text_of(f, ana, i == 3 ? "wamid.last" : "wamid.A", i == 3 ? "tot zo" : "hoi");
        if (i == 3) row.choice = "do:begin";
        replace(f, row);
        f->now += 1000;
    }
    assert_int_equal(sum(f, ana, ACCOUNT).texts, 1);
    assert_int_equal(sum(f, ana, ACCOUNT).since_ms, since);
    assert_true(is_next(f, bo, since + 1500));
    const struct held_text *last = take(f, ana);
    assert_null(last->next);
    assert_string_equal(last->text, "tot zo");
    assert_string_equal(last->choice, "do:begin");
    assert_string_equal(last->platform_id, "wamid.last");
    assert_int_equal(last->missed, 3);
    last = take(f, bo);
    assert_null(last->choice);
    assert_int_equal(last->missed, 0);
}

static void what_cannot_be_held_is_counted_and_leaves_what_is(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    struct held_new tap = text_of(f, ana, "wamid.A1", "ja");
    tap.choice = "do:begin";
    replace(f, tap);
    replace(f, text_of(f, ana, "wamid.A2", NULL));
    const struct held_text *held = take(f, ana);
    assert_string_equal(held->text, "ja");
    assert_string_equal(held->choice, "do:begin");
    assert_int_equal(held->missed, 1);

    replace(f, text_of(f, ana, "wamid.A3", NULL));
    replace(f, text_of(f, ana, "wamid.A4", NULL));
    replace(f, text_of(f, ana, "wamid.A5", "hoi"));
    held = take(f, ana);
    assert_string_equal(held->text, "hoi");
    assert_int_equal(held->missed, 2);
    replace(f, text_of(f, ana, "wamid.A6", NULL));
    held = take(f, ana);
    assert_string_equal(held->text, "");
    assert_int_equal(held->missed, 1);
}

int contract_held(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(nothing_is_held_at_first),
        CONTRACT(texts_come_out_whole_in_their_order_and_once),
        CONTRACT(the_sum_tells_since_when_and_how_much),
        CONTRACT(two_people_and_two_accounts_are_held_apart),
        CONTRACT(a_taking_that_is_undone_did_not_happen),
        CONTRACT(a_later_text_puts_off_those_before_it_and_nobody_elses),
        CONTRACT(a_held_text_can_be_edited),
        CONTRACT(a_held_text_can_be_withdrawn),
        CONTRACT(two_contacts_that_are_one_have_one_thought),
        CONTRACT(an_erasure_takes_what_is_held),
        CONTRACT(what_is_held_too_long_goes_with_the_raw_texts),
        CONTRACT(it_goes_with_a_contact_who_was_not_heard_of_for_long),
        CONTRACT(one_stands_in_for_all_that_were_held_before_it),
        CONTRACT(what_cannot_be_held_is_counted_and_leaves_what_is),
    };
    return CONTRACT_RUN("held texts", tests, b);
}

#include "contract.h"

static const int64_t day = 86400000;

static struct janitor_report clean(struct fixture *f, struct retention r)
{
    struct janitor_report report;
    r.now_ms = f->now;
    if (r.limit == 0) r.limit = 100;
    begin(f);
    MUST(f, store_janitor(f->s, &r, &report, &f->e));
    commit(f);
    return report;
}

static void old_texts_go_and_young_ones_stay(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    close_message(f, take_message(f, "wamid.A1", "old"), ana, INBOX_DONE);
    close_message(f, take_message(f, "wamid.A2", "old and odd"), 0, INBOX_FAILED);
    int64_t sent = add_reply(f, ana, "old");
    (void)claim(f, 10);
    settle(f, sent, OUTBOX_SENT, "wamid.B1");
    f->now += 1000;
    close_message(f, take_message(f, "wamid.A3", "young"), ana, INBOX_DONE);

    struct janitor_report report = clean(f, (struct retention){.text_before_ms = f->now});
    assert_int_equal(report.texts, 3);
    assert_int_equal(report.contacts + report.keys, 0);
    assert_false(report.more);
    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 0);
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 1);
    assert_int_equal(take_message(f, "wamid.A1", "old"), 0);
}

/* A reply may wait long: for an account that is ours no more, or one that was halted. No text outlives the time
 * that people were told, so what did not leave by then never will. */
static void a_reply_that_did_not_leave_in_its_time_is_given_up(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)add_reply(f, ana, "under way");
    (void)claim(f, 10);
    (void)add_row(f,
                  (struct outbox_new){.contact = bo, .account = "700801", .content = "of a former account"});
    f->now += 1000;
    int64_t young = add_reply(f, bo, "young");
    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 1);
    assert_int_equal(counts(f).outbox[OUTBOX_DEAD], 1);
    assert_int_equal(counts(f).outbox[OUTBOX_SENDING], 1); /* its answer is still to come */
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, young);
    assert_null(row->next);

    begin(f);
    MUST(f, store_outbox_recover(f->s, f->now, &f->e));
    commit(f);
    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 1);
    assert_int_equal(counts(f).outbox[OUTBOX_DEAD], 2);
}

static void old_words_and_lines_go_and_young_ones_stay(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    save_as(f, ana, "human", "Ana", "old");
    add_line(f, ana, "old");
    add_line(f, 0, "old, of nobody");
    f->now += 1000;
    save_as(f, ana, "human", NULL, NULL); /* saved again, and nothing typed */
    save_as(f, bo, NULL, NULL, "young");
    add_line(f, bo, "young");

    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 3);
    assert_null(know(f, ana).words);
    assert_string_equal(know(f, ana).name, "Ana");
    assert_string_equal(know(f, bo).words, "young");
    assert_string_equal(lines(f, 10)->text, "young");
    assert_null(lines(f, 10)->next);
    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 0);
    save_as(f, ana, "human", NULL, "young");
    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 0);
    assert_string_equal(know(f, ana).words, "young");
}

static int64_t keep(struct fixture *f, const char *number)
{
    int64_t id = add_row(
        f,
        (struct outbox_new){.contact = resolve(f, person(number, NULL)), .content = "kept", .human = true});
    assert_int_equal(claim(f, 1)->id, id);
    settle_later(f, id, OUTBOX_DUE, OUTBOX_KEPT_MS);
    return id;
}

/* The person did not write in all that time: the human is told that it will not arrive. */
static void what_was_kept_too_long_is_given_up(void **state)
{
    struct fixture *f = *state;
    struct untold_row untold;
    int64_t old = keep(f, "31612345678");
    f->now += 1000;
    int64_t later = add_reply(f, find(f, "31612345678"), "later");
    int64_t young = keep(f, "31687654321");

    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 1);
    assert_int_equal(store_outbox_untold(f->s, f->a, &untold, &f->e), 1);
    assert_int_equal(untold.id, old);
    assert_false(untold.kept);
    assert_int_equal(counts(f).outbox[OUTBOX_DEAD], 1);
    assert_int_equal(claim(f, 10)->id, later); /* it blocks its contact no more */
    release(f, find(f, "31687654321"), ACCOUNT);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, young);
    assert_string_equal(row->content, "kept");
}

static void who_was_not_heard_of_for_long_is_forgotten(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    save(f, ana, "name=Ana");
    save(f, bo, "name=Bo");
    close_message(f, take_message(f, "wamid.A1", "from Ana"), ana, INBOX_DONE);
    (void)add_reply(f, ana, "hello");
    f->now += 400 * day;
    begin(f);
    MUST(f, store_contact_wrote(f->s, bo, ACCOUNT, f->now, &f->e));
    commit(f);

    struct janitor_report report = clean(f, (struct retention){.answers_before_ms = f->now - 365 * day});
    assert_int_equal(report.contacts, 1);
    assert_int_equal(find(f, "31612345678"), 0);
    assert_conversation(f, ana, NULL);
    assert_null(claim(f, 10));
    assert_conversation(f, bo, "name=Bo");
    /* Her texts went with her; the key stays until its own time. */
    assert_int_equal(clean(f, (struct retention){.text_before_ms = f->now}).texts, 0);
    assert_int_equal(take_message(f, "wamid.A1", "from Ana"), 0);
}

static void a_contact_is_kept_to_the_millisecond(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    begin(f);
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, f->now + 1000, &f->e));
    commit(f);
    assert_int_equal(clean(f, (struct retention){.answers_before_ms = f->now + 1000}).contacts, 0);
    assert_int_equal(clean(f, (struct retention){.answers_before_ms = f->now + 1001}).contacts, 1);
}

static void a_key_goes_after_its_text_and_in_its_time(void **state)
{
    struct fixture *f = *state;
    close_message(f, take_message(f, "wamid.A1", "text"), 0, INBOX_FAILED);
    close_message(f, take_message(f, "wamid.A2", NULL), 0, INBOX_SKIPPED);
    f->now += 9 * day;
    (void)take_message(f, "wamid.A3", NULL);
    assert_int_equal(clean(f, (struct retention){.seen_before_ms = f->now - 8 * day}).keys, 1);
    assert_int_equal(take_message(f, "wamid.A1", "text"), 0);
    assert_int_equal(take_message(f, "wamid.A3", NULL), 0);
    const struct retention both = {.text_before_ms = f->now - 8 * day, .seen_before_ms = f->now - 8 * day};
    struct janitor_report report = clean(f, both);
    assert_int_equal(report.texts, 1);
    assert_int_equal(report.keys, 1);
    assert_int_not_equal(take_message(f, "wamid.A1", "text"), 0);
}

static void it_works_in_bounded_bites(void **state)
{
    struct fixture *f = *state;
    char id[32];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(id, sizeof id, "3161234567%d", i);
        int64_t contact = resolve(f, person(id, NULL));
        (void)snprintf(id, sizeof id, "wamid.A%d", i);
        close_message(f, take_message(f, id, "text"), contact, INBOX_DONE);
    }
    f->now += 1000;
    const struct retention r = {
        .text_before_ms = f->now, .answers_before_ms = f->now, .seen_before_ms = f->now, .limit = 2};
    size_t texts = 0, contacts = 0, keys = 0, calls = 0;
    for (bool more = true; more && calls < 20; calls++) {
        struct janitor_report report = clean(f, r);
        assert_true(report.texts <= 2 && report.contacts <= 2 && report.keys <= 2);
        texts += report.texts, contacts += report.contacts, keys += report.keys;
        more = report.more;
    }
    assert_in_range(calls, 3, 4);
    assert_int_equal(contacts, 5);
    assert_int_equal(keys, 5);
    assert_true(texts <= 5); /* some went with their contacts */
    assert_int_equal(counts(f).contacts, 0);
    assert_int_equal(counts(f).inbox[INBOX_DONE], 0);
}

static void counts_begin_at_nothing_and_the_size_is_real(void **state)
{
    struct fixture *f = *state;
    static const struct store_counts nothing;
    struct store_counts c = counts(f);
    assert_memory_equal(&c, &nothing, sizeof c);
    assert_true(store_size(f->s, &f->e) > 0);
}

int contract_janitor(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(old_texts_go_and_young_ones_stay),
        CONTRACT(a_reply_that_did_not_leave_in_its_time_is_given_up),
        CONTRACT(old_words_and_lines_go_and_young_ones_stay),
        CONTRACT(what_was_kept_too_long_is_given_up),
        CONTRACT(who_was_not_heard_of_for_long_is_forgotten),
        CONTRACT(a_contact_is_kept_to_the_millisecond),
        CONTRACT(a_key_goes_after_its_text_and_in_its_time),
        CONTRACT(it_works_in_bounded_bites),
        CONTRACT(counts_begin_at_nothing_and_the_size_is_real),
    };
    return CONTRACT_RUN("janitor", tests, b);
}

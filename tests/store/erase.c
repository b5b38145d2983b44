#include "contract.h"

static const char phone[] = "31612345678";

/* The erasure and its receipt in one transaction; returns the receipt's row. */
static int64_t erase(struct fixture *f, int64_t contact)
{
    const struct outbox_new receipt = {
        .contact = contact, .channel = "whatsapp", .account = ACCOUNT, .content = "erased", .now_ms = f->now};
    int64_t id = 0;
    begin(f);
    MUST(f, store_contact_erase(f->s, contact, f->now, &f->e));
    MUST(f, store_outbox_add(f->s, &receipt, &id, &f->e));
    commit(f);
    return id;
}

static int64_t somebody(struct fixture *f)
{
    int64_t ana = resolve(f, person(phone, "NL.55512"));
    begin(f);
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, f->now - 100, &f->e));
    commit(f);
    save(f, ana, "name=Ana");
    close_message(f, take_message(f, "wamid.A1", "{\"text\":\"hi\"}"), ana, INBOX_DONE);
    int64_t reply = add_reply(f, ana, "hello Ana");
    assert_int_equal(claim(f, 1)->id, reply);
    settle(f, reply, OUTBOX_SENT, "wamid.B1");
    (void)add_reply(f, ana, "still here?");
    return ana;
}

static void everything_goes_at_once(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f);
    (void)erase(f, ana);
    assert_int_equal(find(f, phone), 0);
    assert_int_equal(find(f, "NL.55512"), 0);
    assert_conversation(f, ana, NULL);
    assert_int_equal(store_outbox_is_ours(f->s, "whatsapp", "wamid.B1", &f->e), 0);
    struct store_counts c = counts(f);
    assert_int_equal(c.contacts, 0);
    assert_int_equal(c.conversations, 0);
    assert_int_equal(c.outbox[OUTBOX_SENT], 0);
    assert_int_equal(c.outbox[OUTBOX_DUE], 1); /* the receipt */
    assert_int_equal(c.erasures, 1);
}

static void the_receipt_still_reaches_the_person(void **state)
{
    struct fixture *f = *state;
    int64_t id = erase(f, somebody(f));
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, id);
    assert_null(row->next);
    assert_string_equal(row->content, "erased");
    assert_string_equal(row->to.phone, phone);
    assert_string_equal(row->to.user_id, "NL.55512");
    assert_int_equal(row->wrote_ms, f->now - 100);
    settle_later(f, id, OUTBOX_DUE, f->now + 1000);
    f->now += 1000;
    assert_string_equal(claim(f, 10)->to.phone, phone);
    settle(f, id, OUTBOX_SENT, "wamid.B9");
    struct store_counts c = counts(f);
    for (int i = 0; i < OUTBOX_N; i++) assert_int_equal(c.outbox[i], 0);
    assert_int_equal(c.erasures, 1);
}

static void a_status_or_a_death_ends_the_receipt_as_well(void **state)
{
    struct fixture *f = *state;
    int64_t id = erase(f, resolve(f, person(phone, NULL)));
    struct outbox_row *row = claim(f, 10);
    settle_later(f, id, OUTBOX_UNSURE, f->now + 1000);
    begin(f);
    assert_int_equal(store_outbox_status(f->s, "whatsapp", row->tracker, "wamid.B9", OUTBOX_DELIVERED, 0,
                                         false, f->now, &f->e),
                     1);
    commit(f);
    assert_int_equal(counts(f).outbox[OUTBOX_DELIVERED], 0);

    id = erase(f, resolve(f, person(phone, NULL)));
    (void)claim(f, 10);
    settle(f, id, OUTBOX_DEAD, NULL);
    assert_int_equal(counts(f).outbox[OUTBOX_DEAD], 0);
    assert_int_equal(counts(f).erasures, 2);
}

static void what_was_under_way_is_not_tried_again(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person(phone, NULL));
    int64_t before = add_reply(f, ana, "hello Ana");
    struct content_row *content;
    (void)claim(f, 10);
    int64_t receipt = erase(f, ana);
    MUST(f, store_outbox_on_its_way(f->s, ana, ACCOUNT, f->a, &content, &f->e));
    assert_null(content);      /* nobody knows any more what it said */
    assert_null(claim(f, 10)); /* one at a time, also now */
    settle_later(f, before, OUTBOX_DUE, f->now);
    assert_int_equal(counts(f).outbox[OUTBOX_WITHDRAWN], 1);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, receipt);
    assert_null(row->next);
}

static void a_crash_between_does_not_bring_a_reply_back(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person(phone, NULL));
    (void)add_reply(f, ana, "hello Ana");
    (void)claim(f, 10);
    int64_t receipt = erase(f, ana);
    begin(f);
    MUST(f, store_outbox_recover(f->s, f->now, &f->e));
    commit(f);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, receipt);
    assert_null(row->next);
}

static void without_a_receipt_nothing_waits(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f);
    erase_contact(f, ana);
    assert_null(claim(f, 10));
    assert_int_equal(counts(f).outbox[OUTBOX_DUE], 0);
    begin(f);
    MUST(f, store_contact_erase(f->s, ana, f->now, &f->e)); /* again: nobody there */
    commit(f);
    assert_int_equal(counts(f).erasures, 1);
}

static void who_writes_again_is_new_to_us(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f);
    int64_t receipt = erase(f, ana);
    int64_t anew = resolve(f, person(phone, "NL.55512"));
    assert_int_not_equal(anew, ana);
    assert_conversation(f, anew, NULL);
    save(f, anew, "state=welcome");
    (void)claim(f, 10);
    settle(f, receipt, OUTBOX_SENT, NULL);
    assert_int_equal(find(f, phone), anew);
    assert_conversation(f, anew, "state=welcome");
}

static void nothing_is_kept_of_the_turn_that_erases(void **state)
{
    struct fixture *f = *state;
    struct janitor_report report;
    const struct retention texts = {.now_ms = f->now, .text_before_ms = f->now + 1, .limit = 10};
    int64_t ana = resolve(f, person(phone, NULL)), row;
    begin(f);
    assert_int_equal(
        store_inbox_add(f->s, "whatsapp", "wamid.A9", "{\"text\":\"erase me\"}", f->now, &row, &f->e), 1);
    MUST(f, store_contact_erase(f->s, ana, f->now, &f->e));
    MUST(f, store_conversation_save(f->s, ana, ACCOUNT,
                                    &(struct conversation_row){.text = "name=Ana", .n = 8, .now_ms = f->now},
                                    &f->e));
    MUST(f, store_inbox_close(f->s, row, ana, INBOX_DONE, NULL, &f->e));
    commit(f);
    assert_int_equal(counts(f).conversations, 0);
    begin(f);
    MUST(f, store_janitor(f->s, &texts, &report, &f->e));
    commit(f);
    assert_int_equal(report.texts, 0); /* no raw text was left for the janitor */
}

static void nothing_new_is_kept_while_the_receipt_is_under_way(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f);
    (void)erase(f, ana);
    save(f, ana, "name=Ana");
    assert_conversation(f, ana, NULL);
    assert_int_equal(counts(f).conversations, 0);
}

static void a_redelivered_message_stays_known(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f);
    erase_contact(f, ana);
    assert_int_equal(take_message(f, "wamid.A1", "{\"text\":\"hi\"}"), 0);
}

static void an_unread_message_that_names_the_person_goes_too(void **state)
{
    struct fixture *f = *state;
    struct janitor_report report;
    const struct retention texts = {.now_ms = f->now, .text_before_ms = f->now + 1, .limit = 10};
    int64_t ana = resolve(f, person(phone, NULL));
    close_message(f, take_message(f, "hash.1", "{\"from\":\"31612345678\",\"odd\":1}"), 0, INBOX_FAILED);
    close_message(f, take_message(f, "hash.2", "{\"from\":\"31699999999\",\"odd\":1}"), 0, INBOX_FAILED);
    erase_contact(f, ana);
    begin(f);
    MUST(f, store_janitor(f->s, &texts, &report, &f->e));
    commit(f);
    assert_int_equal(report.texts, 1); /* the other's */
}

static void an_erasure_that_is_undone_did_not_happen(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f);
    begin(f);
    MUST(f, store_mark(f->s, &f->e));
    MUST(f, store_contact_erase(f->s, ana, f->now, &f->e));
    MUST(f, store_undo(f->s, &f->e));
    commit(f);
    assert_int_equal(find(f, phone), ana);
    assert_conversation(f, ana, "name=Ana");
    assert_int_equal(counts(f).erasures, 0);
}

/* ---- what the desk has of the person ---- */

static const struct identity desk = {.channel = "desk", .account = DESK, .user_id = DESK};

static int64_t to_desk(struct fixture *f, int64_t about, const char *content)
{
    return add_row(f, (struct outbox_new){.contact = resolve(f, desk),
                                          .channel = "desk",
                                          .account = DESK,
                                          .content = content,
                                          .about = {about, about != 0 ? ACCOUNT : NULL}});
}

/* A row that is about nobody may name many: it is not kept until somebody erases all. */
static void what_was_told_at_the_desk_is_not_kept(void **state)
{
    struct fixture *f = *state;
    const struct retention texts = {.now_ms = f->now, .text_before_ms = f->now + 1, .limit = 10};
    struct janitor_report report;
    int64_t digest = to_desk(f, 0, "Ana and Bo wait");
    assert_int_equal(claim(f, 1)->id, digest);
    settle_later(f, digest, OUTBOX_DUE, f->now);
    assert_string_equal(claim(f, 1)->content, "Ana and Bo wait");
    settle(f, digest, OUTBOX_SENT, "-100/7");
    assert_int_equal(store_outbox_is_ours(f->s, "desk", "-100/7", &f->e), 1);
    begin(f);
    MUST(f, store_janitor(f->s, &texts, &report, &f->e));
    commit(f);
    assert_int_equal(report.texts, 0);
}

static void the_desk_keeps_nothing_of_the_person(void **state)
{
    struct fixture *f = *state;
    struct wake_next next;
    size_t n;
    int64_t ana = somebody(f), bo = resolve(f, person("31687654321", NULL));
    save_wake(f, ana, f->now + 100);
    begin(f);
    MUST(f, store_conversation_save(f->s, ana, ACCOUNT,
                                    &(struct conversation_row){.text = "",
                                                               .now_ms = f->now,
                                                               .holder = "human",
                                                               .wake_ms = f->now + 100,
                                                               .name = "Ana",
                                                               .words = "hoi"},
                                    &f->e));
    commit(f);
    add_line(f, ana, "Ana: hoi");
    add_line(f, 0, "Who waits:\n- Ana");
    add_line(f, bo, "Bo: dag");
    set_topic(f, ana, "7");
    set_topic(f, bo, "8");
    (void)erase(f, ana); /* the contact is still there, for the receipt */
    struct person_row row = know(f, ana);
    assert_null(row.name);
    assert_null(row.words);
    assert_null(row.who.phone);
    assert_null(waiting(f, &n));
    assert_int_equal(store_wake_next(f->s, f->a, &next, &f->e), 0);
    assert_string_equal(lines(f, 10)->text, "Bo: dag");
    assert_null(topic_of(f, ana));
    assert_string_equal(topic_of(f, bo), "8");
}

static void rows_about_the_person_go_and_hold_up_no_other(void **state)
{
    struct fixture *f = *state;
    struct whom who;
    int64_t ana = somebody(f), bo = resolve(f, person("31687654321", NULL));
    settle(f, claim(f, 10)->id, OUTBOX_SENT, NULL);
    int64_t sent = to_desk(f, ana, "Ana: hoi");
    assert_int_equal(claim(f, 10)->id, sent);
    settle(f, sent, OUTBOX_SENT, DESK "/5");
    int64_t unsure = to_desk(f, ana, "Ana: unsure");
    assert_int_equal(claim(f, 10)->id, unsure);
    settle_later(f, unsure, OUTBOX_UNSURE, f->now + 100000);
    (void)to_desk(f, ana, "Ana: due");
    int64_t others = to_desk(f, bo, "Bo: dag");
    erase_contact(f, ana);
    assert_int_equal(store_outbox_whom(f->s, "desk", DESK "/5", f->a, &who, &f->e), 0);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, others);
    assert_int_equal(row->about.contact, bo);
    assert_null(row->next);
    struct store_counts c = counts(f);
    assert_int_equal(c.outbox[OUTBOX_SENT] + c.outbox[OUTBOX_UNSURE] + c.outbox[OUTBOX_DUE], 0);
}

static void a_row_about_the_person_under_way_is_not_tried_again(void **state)
{
    struct fixture *f = *state;
    struct whom who;
    int64_t ana = resolve(f, person(phone, NULL));
    int64_t under_way = to_desk(f, ana, "Ana: hoi");
    assert_int_equal(claim(f, 10)->id, under_way);
    int64_t others = to_desk(f, 0, "of nobody");
    erase_contact(f, ana);
    assert_null(claim(f, 10)); /* one at a time, also now */
    settle_later(f, under_way, OUTBOX_DUE, f->now);
    assert_int_equal(counts(f).outbox[OUTBOX_WITHDRAWN], 1);
    assert_int_equal(claim(f, 10)->id, others);
    settle(f, others, OUTBOX_SENT, NULL);

    ana = resolve(f, person(phone, NULL));
    under_way = to_desk(f, ana, "Ana: hoi");
    (void)claim(f, 10);
    (void)erase(f, ana);                          /* the contact is still there, for the receipt */
    settle(f, under_way, OUTBOX_SENT, DESK "/6"); /* it arrived, and leads to nobody */
    assert_int_equal(store_outbox_whom(f->s, "desk", DESK "/6", f->a, &who, &f->e), 0);
}

static void what_was_kept_for_the_person_goes_too(void **state)
{
    struct fixture *f = *state;
    struct untold_row untold;
    int64_t ana = resolve(f, person(phone, NULL));
    int64_t kept = add_row(f, (struct outbox_new){.contact = ana, .content = "hoi Ana", .human = true});
    (void)claim(f, 10);
    settle_later(f, kept, OUTBOX_DUE, OUTBOX_KEPT_MS);
    int64_t receipt = erase(f, ana);
    assert_int_equal(store_outbox_untold(f->s, f->a, &untold, &f->e), 0);
    assert_int_equal(claim(f, 10)->id, receipt);
}

int contract_erase(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(everything_goes_at_once),
        CONTRACT(the_receipt_still_reaches_the_person),
        CONTRACT(a_status_or_a_death_ends_the_receipt_as_well),
        CONTRACT(what_was_under_way_is_not_tried_again),
        CONTRACT(a_crash_between_does_not_bring_a_reply_back),
        CONTRACT(without_a_receipt_nothing_waits),
        CONTRACT(who_writes_again_is_new_to_us),
        CONTRACT(nothing_is_kept_of_the_turn_that_erases),
        CONTRACT(nothing_new_is_kept_while_the_receipt_is_under_way),
        CONTRACT(a_redelivered_message_stays_known),
        CONTRACT(an_unread_message_that_names_the_person_goes_too),
        CONTRACT(an_erasure_that_is_undone_did_not_happen),
        CONTRACT(what_was_told_at_the_desk_is_not_kept),
        CONTRACT(the_desk_keeps_nothing_of_the_person),
        CONTRACT(rows_about_the_person_go_and_hold_up_no_other),
        CONTRACT(a_row_about_the_person_under_way_is_not_tried_again),
        CONTRACT(what_was_kept_for_the_person_goes_too),
    };
    return CONTRACT_RUN("erasing", tests, b);
}

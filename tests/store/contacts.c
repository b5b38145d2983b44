/* The five rules of keying a conversation (WhatsApp Cloud API, identity), one by one. */
#include "contract.h"

static struct identity event(const char *previous_phone, const char *previous_user_id, const char *phone,
                             const char *user_id)
{
    struct identity who = person(phone, user_id);
    who.previous_phone = previous_phone;
    who.previous_user_id = previous_user_id;
    who.changed = true;
    return who;
}

/* Whom a reply to the contact would go to now. */
static struct identity addressee(struct fixture *f, int64_t contact)
{
    int64_t id = add_reply(f, contact, "hello");
    struct outbox_row *row = claim(f, 1);
    assert_non_null(row);
    assert_int_equal(row->id, id);
    settle(f, id, OUTBOX_SENT, NULL);
    return row->to;
}

/* ---- found again ---- */

static void a_phone_alone_is_a_person(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    assert_int_equal(resolve(f, person("31612345678", NULL)), ana);
    assert_int_not_equal(resolve(f, person("31687654321", NULL)), ana);
}

static void who_is_known_by_both_is_found_by_each(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    assert_int_equal(resolve(f, person("31612345678", NULL)), ana);
    assert_int_equal(resolve(f, person(NULL, "NL.55512")), ana);
    assert_int_equal(find(f, "31612345678"), ana);
    assert_int_equal(find(f, "NL.55512"), ana);
}

static void a_user_id_that_comes_later_is_added(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    assert_int_equal(resolve(f, person(NULL, "NL.55512")), ana);
}

static void a_phone_that_comes_later_is_added(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person(NULL, "NL.55512"));
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    assert_int_equal(find(f, "31612345678"), ana);
}

static void a_parent_id_leads_to_the_person(void **state)
{
    struct fixture *f = *state;
    struct identity who = person(NULL, "NL.55512");
    who.parent_id = "NL.ENT.77";
    int64_t ana = resolve(f, who);
    who.user_id = "NL.999";
    assert_int_equal(resolve(f, who), ana);
    assert_int_equal(resolve(f, person(NULL, "NL.999")), ana);
}

static void a_known_person_costs_no_write(void **state)
{
    struct fixture *f = *state;
    struct identity who = person("31612345678", "NL.55512");
    int64_t ana = resolve(f, who), again = 0;
    /* Outside a transaction a write would be refused. */
    MUST(f, store_contact_resolve(f->s, &who, f->now, &again, &f->e));
    assert_int_equal(again, ana);
}

static void a_telegram_id_is_a_person_of_its_own_channel(void **state)
{
    struct fixture *f = *state;
    struct identity who = {.channel = "telegram", .account = "42", .user_id = "31612345678"};
    int64_t tom = resolve(f, who), found;
    assert_int_equal(resolve(f, who), tom);
    assert_int_not_equal(resolve(f, person(NULL, "31612345678")), tom);
    assert_int_equal(store_contact_find(f->s, "telegram", "31612345678", &found, &f->e), 1);
    assert_int_equal(found, tom);
}

static void an_identity_without_any_id_is_refused(void **state)
{
    struct fixture *f = *state;
    struct identity nobody = person(NULL, "");
    int64_t contact;
    nobody.name = "Ana";
    begin(f);
    assert_int_equal(store_contact_resolve(f->s, &nobody, f->now, &contact, &f->e), -1);
    store_rollback(f->s);
    assert_int_equal(counts(f).contacts, 0);
}

/* ---- two become one ---- */

static void two_contacts_of_one_person_become_the_older(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t too = resolve(f, person(NULL, "NL.55512"));
    assert_int_not_equal(ana, too);
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    assert_int_equal(find(f, "NL.55512"), ana);
    assert_int_equal(find(f, "31612345678"), ana);
    assert_int_equal(counts(f).contacts, 1);
}

static void the_conversation_written_to_last_survives(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    save(f, ana, "older");
    f->now += 1000;
    int64_t too = resolve(f, person(NULL, "NL.55512"));
    save(f, too, "newer");
    ana = resolve(f, person("31612345678", "NL.55512"));
    assert_conversation(f, ana, "newer");

    int64_t bo = resolve(f, person("31687654321", NULL));
    int64_t bis = resolve(f, person(NULL, "NL.777"));
    save(f, bis, "older");
    f->now += 1000;
    save(f, bo, "newer");
    bo = resolve(f, person("31687654321", "NL.777"));
    assert_conversation(f, bo, "newer");
    assert_int_equal(counts(f).conversations, 2);
}

static void merged_replies_leave_in_the_order_they_were_added(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t too = resolve(f, person(NULL, "NL.55512"));
    int64_t rows[] = {add_reply(f, too, "first"), add_reply(f, ana, "second"), add_reply(f, too, "third")};
    ana = resolve(f, person("31612345678", "NL.55512"));
    for (size_t i = 0; i < 3; i++) {
        struct outbox_row *row = claim(f, 10);
        assert_non_null(row);
        assert_null(row->next);
        assert_int_equal(row->id, rows[i]);
        assert_int_equal(row->contact, ana);
        settle(f, row->id, OUTBOX_SENT, NULL);
    }
}

static void a_merge_keeps_the_latest_moment_the_person_wrote(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t too = resolve(f, person(NULL, "NL.55512"));
    begin(f);
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, f->now - 500, &f->e));
    MUST(f, store_contact_wrote(f->s, too, ACCOUNT, f->now - 100, &f->e));
    commit(f);
    ana = resolve(f, person("31612345678", "NL.55512"));
    (void)add_reply(f, ana, "hello");
    assert_int_equal(claim(f, 1)->wrote_ms, f->now - 100);
}

/* ---- and what the desk has of them ---- */

static void the_state_of_the_conversation_written_last_survives(void **state)
{
    struct fixture *f = *state;
    size_t n;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    save_as(f, ana, NULL, NULL, "older");
    f->now += 1000;
    save_as(f, too, "human", "Ana", "newer");
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    struct waiting_row *row = waiting(f, &n);
    assert_int_equal(n, 1);
    assert_int_equal(row->contact, ana);
    assert_string_equal(row->holder, "human");
    assert_int_equal(row->since_ms, f->now);
    assert_string_equal(know(f, ana).name, "Ana");
    assert_string_equal(know(f, ana).words, "newer");
}

/* The human has the chat under one name, and under the other the bot has spoken since. */
static void a_chat_that_the_human_has_stays_hers(void **state)
{
    struct fixture *f = *state;
    const char *const holders[] = {NULL, "waiting", "human"};
    size_t n;

    for (int i = 0; i < 2; i++) {
        char phone[] = "31687654320", id[] = "NL.770";
        phone[10] = id[5] = (char)('0' + i);
        int64_t bo = resolve(f, person(phone, NULL)), bis = resolve(f, person(NULL, id));
        save_as(f, bis, holders[i + 1], "Bo", "older");
        f->now += 1000;
        save_as(f, bo, holders[i], NULL, "newer");
        assert_int_equal(resolve(f, person(phone, id)), bo);
        assert_string_equal(know(f, bo).name, "Bo");
        assert_string_equal(know(f, bo).words, "older");
    }
    assert_string_equal(waiting(f, &n)->holder, "waiting");
    assert_string_equal(waiting(f, &n)->next->holder, "human");
    assert_int_equal(n, 2);
}

static void the_clock_of_the_conversation_written_last_survives(void **state)
{
    struct fixture *f = *state;
    struct wake_next next;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    save_wake(f, ana, f->now + 100);
    f->now += 10;
    save_wake(f, too, f->now + 900);
    (void)resolve(f, person("31612345678", "NL.55512"));
    assert_int_equal(store_wake_next(f->s, f->a, &next, &f->e), 1);
    assert_int_equal(next.contact, ana);
    assert_int_equal(next.at_ms, f->now + 900);
}

static void a_conversation_without_another_moves_as_it_is(void **state)
{
    struct fixture *f = *state;
    size_t n;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    save_as(f, too, "asked", "Ana", "hoi");
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    assert_int_equal(waiting(f, &n)->contact, ana);
    assert_string_equal(know(f, ana).name, "Ana");
    assert_string_equal(know(f, ana).words, "hoi");
}

static void lines_and_topic_move_to_the_one_that_stays(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    add_line(f, too, "first");
    add_line(f, ana, "second");
    set_topic(f, too, "7");
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    struct line_row *line = lines(f, 10);
    assert_int_equal(line->contact, ana);
    assert_string_equal(line->text, "first");
    assert_string_equal(line->next->text, "second");
    assert_string_equal(topic_of(f, ana), "7");
}

/* Whichever she writes in, it is about the one; she is told in the newer. */
static void both_topics_lead_to_the_one_contact(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    set_topic(f, ana, "7");
    set_topic(f, too, "8");
    struct whom who;

    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    assert_string_equal(topic_of(f, ana), "8");
    for (const char *thread = "7"; thread != NULL; thread = *thread == '7' ? "8" : NULL) {
        assert_int_equal(store_topic_whom(f->s, DESK, thread, f->a, &who, &f->e), 1);
        assert_int_equal(who.contact, ana);
    }
    begin(f);
    MUST(f, store_topic_drop(f->s, DESK, "8", &f->e));
    commit(f);
    assert_string_equal(topic_of(f, ana), "7");
}

static void what_the_desk_was_told_of_either_is_about_the_one(void **state)
{
    struct fixture *f = *state;
    const struct identity desk = {.channel = "desk", .account = DESK, .user_id = DESK};
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.55512"));
    (void)add_row(f, (struct outbox_new){.contact = resolve(f, desk),
                                         .channel = "desk",
                                         .account = DESK,
                                         .content = "about her",
                                         .about = {too, ACCOUNT}});
    assert_int_equal(resolve(f, person("31612345678", "NL.55512")), ana);
    assert_int_equal(claim(f, 10)->about.contact, ana);
}

/* ---- a number that is given out again ---- */

static void a_recycled_number_is_a_new_person(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    save(f, ana, "ana's");
    int64_t bo = resolve(f, person("31612345678", "NL.888"));
    assert_int_not_equal(bo, ana);
    assert_conversation(f, bo, NULL);
    assert_int_equal(find(f, "31612345678"), bo);
    assert_int_equal(find(f, "NL.55512"), ana);
    assert_null(addressee(f, ana).phone);
}

static void a_number_moves_between_two_known_people_without_merging_them(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    int64_t bo = resolve(f, person(NULL, "NL.888"));
    assert_int_equal(resolve(f, person("31612345678", "NL.888")), bo);
    assert_int_equal(find(f, "31612345678"), bo);
    assert_int_equal(find(f, "NL.55512"), ana);
    assert_int_equal(counts(f).contacts, 2);
}

/* ---- change events ---- */

static void a_change_event_keeps_the_person_and_drops_the_old_number(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    f->now += 1000;
    assert_int_equal(resolve(f, event("31612345678", "NL.55512", "31687654321", "NL.888")), ana);
    assert_int_equal(find(f, "31687654321"), ana);
    assert_int_equal(find(f, "NL.888"), ana);
    assert_int_equal(find(f, "NL.55512"), ana);
    assert_int_equal(find(f, "31612345678"), 0);
    assert_int_not_equal(resolve(f, person("31612345678", "NL.999")), ana);
}

static void an_event_that_names_no_number_drops_the_one_we_had(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    assert_int_equal(resolve(f, event(NULL, "NL.55512", NULL, "NL.888")), ana);
    assert_int_equal(find(f, "31612345678"), 0);
}

static void an_event_of_spring_names_the_old_number_only(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    assert_int_equal(resolve(f, event("31612345678", NULL, "31687654321", "NL.888")), ana);
    assert_int_equal(find(f, "NL.888"), ana);
    assert_int_equal(find(f, "31612345678"), 0);
}

static void the_same_event_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    const struct identity change = event("31612345678", "NL.55512", "31687654321", "NL.888");
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    assert_int_equal(resolve(f, change), ana);
    /* Meanwhile the old number is somebody else's. */
    int64_t bo = resolve(f, person("31612345678", "NL.999"));
    assert_int_equal(resolve(f, change), ana);
    assert_int_equal(find(f, "31612345678"), bo);
    assert_int_equal(find(f, "31687654321"), ana);
    assert_int_equal(counts(f).contacts, 2);
}

static void an_event_that_comes_late_joins_the_two(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    int64_t too = resolve(f, person("31687654321", "NL.888"));
    assert_int_not_equal(ana, too);
    assert_int_equal(resolve(f, event("31612345678", "NL.55512", "31687654321", "NL.888")), ana);
    assert_int_equal(find(f, "NL.888"), ana);
    assert_int_equal(counts(f).contacts, 1);
}

static void an_event_about_a_stranger_makes_one_contact(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, event("31612345678", "NL.55512", "31687654321", "NL.888"));
    assert_int_equal(find(f, "NL.55512"), ana);
    assert_int_equal(find(f, "31687654321"), ana);
    assert_int_equal(find(f, "31612345678"), 0);
}

static void the_new_number_of_an_event_is_taken_from_its_former_owner(void **state)
{
    struct fixture *f = *state;
    int64_t bo = resolve(f, person("31687654321", "NL.999"));
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    assert_int_equal(resolve(f, event("31612345678", "NL.55512", "31687654321", "NL.888")), ana);
    assert_int_equal(find(f, "31687654321"), ana);
    assert_int_equal(find(f, "NL.999"), bo);
    assert_int_equal(counts(f).contacts, 2);
}

static void replies_go_to_the_newest_aliases(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    struct identity to = addressee(f, ana);
    assert_string_equal(to.channel, "whatsapp");
    assert_string_equal(to.account, ACCOUNT);
    assert_string_equal(to.phone, "31612345678");
    assert_string_equal(to.user_id, "NL.55512");
    assert_null(to.parent_id);

    f->now += 1000;
    (void)resolve(f, event(NULL, "NL.55512", NULL, "NL.888"));
    to = addressee(f, ana);
    assert_null(to.phone);
    assert_string_equal(to.user_id, "NL.888");
}

static void replies_go_to_the_new_id_whichever_was_known_first(void **state)
{
    struct fixture *f = *state;
    (void)resolve(f, person(NULL, "NL.888"));
    f->now += 1000;
    (void)resolve(f, person(NULL, "NL.55512"));
    f->now += 1000;
    int64_t ana = resolve(f, event(NULL, "NL.55512", NULL, "NL.888"));
    assert_string_equal(addressee(f, ana).user_id, "NL.888");
}

int contract_contacts(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_phone_alone_is_a_person),
        CONTRACT(who_is_known_by_both_is_found_by_each),
        CONTRACT(a_user_id_that_comes_later_is_added),
        CONTRACT(a_phone_that_comes_later_is_added),
        CONTRACT(a_parent_id_leads_to_the_person),
        CONTRACT(a_known_person_costs_no_write),
        CONTRACT(a_telegram_id_is_a_person_of_its_own_channel),
        CONTRACT(an_identity_without_any_id_is_refused),
        CONTRACT(two_contacts_of_one_person_become_the_older),
        CONTRACT(the_conversation_written_to_last_survives),
        CONTRACT(merged_replies_leave_in_the_order_they_were_added),
        CONTRACT(a_merge_keeps_the_latest_moment_the_person_wrote),
        CONTRACT(the_state_of_the_conversation_written_last_survives),
        CONTRACT(a_chat_that_the_human_has_stays_hers),
        CONTRACT(the_clock_of_the_conversation_written_last_survives),
        CONTRACT(a_conversation_without_another_moves_as_it_is),
        CONTRACT(lines_and_topic_move_to_the_one_that_stays),
        CONTRACT(both_topics_lead_to_the_one_contact),
        CONTRACT(what_the_desk_was_told_of_either_is_about_the_one),
        CONTRACT(a_recycled_number_is_a_new_person),
        CONTRACT(a_number_moves_between_two_known_people_without_merging_them),
        CONTRACT(a_change_event_keeps_the_person_and_drops_the_old_number),
        CONTRACT(an_event_that_names_no_number_drops_the_one_we_had),
        CONTRACT(an_event_of_spring_names_the_old_number_only),
        CONTRACT(the_same_event_again_changes_nothing),
        CONTRACT(an_event_that_comes_late_joins_the_two),
        CONTRACT(an_event_about_a_stranger_makes_one_contact),
        CONTRACT(the_new_number_of_an_event_is_taken_from_its_former_owner),
        CONTRACT(replies_go_to_the_newest_aliases),
        CONTRACT(replies_go_to_the_new_id_whichever_was_known_first),
    };
    return CONTRACT_RUN("contacts", tests, b);
}

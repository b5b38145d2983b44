#include "contract.h"

#include "buf.h"

static void a_conversation_comes_back_byte_for_byte(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "state=team\nname=Zo\xC3\xAB\nquote=\"'\\";
    int64_t ana = resolve(f, person("31612345678", NULL));
    assert_conversation(f, ana, NULL);
    save(f, ana, text);
    assert_conversation(f, ana, text);
    save(f, ana, "");
    assert_conversation(f, ana, "");
}

static void loading_appends(void **state)
{
    struct fixture *f = *state;
    struct buf out = {0};
    int64_t ana = resolve(f, person("31612345678", NULL));
    save(f, ana, "after");
    buf_adds(&out, "before ");
    assert_int_equal(store_conversation_load(f->s, ana, ACCOUNT, &out, &f->e), 1);
    assert_string_equal(buf_text(&out), "before after");
    buf_free(&out);
}

static void each_account_has_its_own_conversation(void **state)
{
    struct fixture *f = *state;
    struct buf out = {0};
    int64_t ana = resolve(f, person("31612345678", NULL));
    save(f, ana, "here");
    assert_int_equal(store_conversation_load(f->s, ana, "other", &out, &f->e), 0);
    begin(f);
    MUST(f, store_conversation_save(f->s, ana, "other",
                                    &(struct conversation_row){.text = "there", .n = 5, .now_ms = f->now},
                                    &f->e));
    commit(f);
    assert_conversation(f, ana, "here");
    assert_int_equal(counts(f).conversations, 2);
    buf_free(&out);
}

static int64_t wrote_as_claimed(struct fixture *f, int64_t contact)
{
    (void)add_reply(f, contact, "hello");
    struct outbox_row *row = claim(f, 1);
    assert_non_null(row);
    settle(f, row->id, OUTBOX_SENT, NULL);
    return row->wrote_ms;
}

static void only_a_later_moment_of_writing_counts(void **state)
{
    struct fixture *f = *state;
    const int64_t at = f->now - 5000;
    int64_t ana = resolve(f, person("31612345678", NULL));
    assert_int_equal(wrote_as_claimed(f, ana), 0);
    begin(f);
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, at, &f->e));
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, at - 1000, &f->e));
    MUST(f, store_contact_wrote(f->s, ana, "other", at + 1000, &f->e));
    commit(f);
    assert_int_equal(wrote_as_claimed(f, ana), at);
    assert_conversation(f, ana, NULL);
    save(f, ana, "state=team");
    assert_int_equal(wrote_as_claimed(f, ana), at);
}

/* ---- what is kept beside it ---- */

static void a_person_is_known_beside_the_conversation(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    begin(f);
    MUST(f, store_contact_wrote(f->s, ana, ACCOUNT, f->now - 300, &f->e));
    commit(f);
    struct person_row row = know(f, ana);
    assert_null(row.name);
    assert_null(row.words);
    save_as(f, ana, "human", "Ana", "is er iemand?");
    row = know(f, ana);
    assert_string_equal(row.who.channel, "whatsapp");
    assert_string_equal(row.who.account, ACCOUNT);
    assert_string_equal(row.who.phone, "31612345678");
    assert_string_equal(row.who.user_id, "NL.55512");
    assert_string_equal(row.name, "Ana");
    assert_string_equal(row.words, "is er iemand?");
    assert_int_equal(row.wrote_ms, f->now - 300);
}

static void of_who_never_wrote_the_names_alone_are_known(void **state)
{
    struct fixture *f = *state;
    struct person_row row = know(f, resolve(f, person("31612345678", NULL)));
    assert_string_equal(row.who.phone, "31612345678");
    assert_null(row.name);
    assert_null(row.words);
    assert_int_equal(row.wrote_ms, 0);
    row = know(f, 4711); /* nobody at all */
    assert_null(row.who.phone);
    assert_null(row.who.user_id);
}

static void a_name_is_kept_only_while_the_bot_has_the_chat_not_alone(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    save_as(f, ana, NULL, "Ana", NULL); /* the first, in a new row */
    assert_null(know(f, ana).name);
    save_as(f, ana, "bot", "Ana", NULL); /* and in one that is there */
    assert_null(know(f, ana).name);
    save_as(f, ana, "asked", "Ana", NULL);
    assert_string_equal(know(f, ana).name, "Ana");
    save_as(f, ana, "human", NULL, NULL);
    assert_string_equal(know(f, ana).name, "Ana");
    save_as(f, ana, "human", "Anna", NULL);
    assert_string_equal(know(f, ana).name, "Anna");
    save_as(f, ana, "bot", NULL, NULL);
    assert_null(know(f, ana).name);
    save_as(f, ana, "human", NULL, NULL);
    assert_null(know(f, ana).name);
}

static void words_stay_until_others_are_typed(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    save_as(f, ana, NULL, NULL, "hoi");
    assert_string_equal(know(f, ana).words, "hoi");
    save_as(f, ana, "human", NULL, NULL);
    assert_string_equal(know(f, ana).words, "hoi");
    save_as(f, ana, NULL, NULL, "dag");
    assert_string_equal(know(f, ana).words, "dag");
}

/* ---- how much goes to and fro ---- */

static struct held_sum fares(struct fixture *f, int64_t contact)
{
    struct held_sum sum;
    MUST(f, store_held_sum(f->s, contact, ACCOUNT, &sum, &f->e));
    return sum;
}

static void paced(struct fixture *f, int64_t contact, int64_t tally_ms, int64_t said_ms, const char *flood)
{
    struct pace pace = {.wrote_tally_ms = tally_ms, .said_tally_ms = said_ms};
    (void)snprintf(pace.flood, sizeof pace.flood, "%s", flood);
    begin(f);
    MUST(f, store_contact_paced(f->s, contact, ACCOUNT, f->now, &pace, &f->e));
    commit(f);
}

static void said(struct fixture *f, int64_t contact, int64_t said_ms)
{
    const struct conversation_row row = {.text = "x", .n = 1, .now_ms = f->now, .said_ms = said_ms};
    begin(f);
    MUST(f, store_conversation_save(f->s, contact, ACCOUNT, &row, &f->e));
    commit(f);
}

static void the_pace_of_a_chat_comes_back(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    assert_string_equal(fares(f, ana).pace.flood, "");
    paced(f, ana, f->now + 6000, 4711, "calm");
    paced(f, ana, f->now + 12000, 1174, "fast");
    save(f, ana, "team");
    const struct pace pace = fares(f, ana).pace;
    assert_int_equal(pace.wrote_tally_ms, f->now + 12000);
    assert_int_equal(pace.said_tally_ms, 4711); /* of the first time: then it is not the writer's to say */
    assert_string_equal(pace.flood, "fast");
    assert_int_equal(know(f, ana).wrote_ms, f->now);
    assert_false(fares(f, ana).for_human || fares(f, ana).waits);
    save_as(f, ana, "waiting", NULL, NULL);
    assert_true(fares(f, ana).waits);
    save_as(f, ana, "human", NULL, NULL);
    assert_true(fares(f, ana).for_human);
}

static void what_was_said_adds_up_and_drains(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    said(f, ana, 500); /* the first, in a new row */
    assert_int_equal(fares(f, ana).pace.said_tally_ms, f->now + 500);
    said(f, ana, 500);
    said(f, ana, 0);
    assert_int_equal(fares(f, ana).pace.said_tally_ms, f->now + 1000);
    f->now += 100000;
    said(f, ana, 500);
    assert_int_equal(fares(f, ana).pace.said_tally_ms, f->now + 500);
}

static void two_chats_that_are_one_have_the_fuller_tallies_and_are_as_silent(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), too = resolve(f, person(NULL, "NL.1"));
    said(f, ana, 900);
    said(f, too, 500);
    paced(f, ana, f->now + 1, 0, "calm");
    paced(f, too, f->now + 9, 0, "fast");
    struct identity both = person("31612345678", "NL.1");
    both.changed = true;
    assert_int_equal(resolve(f, both), ana);
    const struct pace pace = fares(f, ana).pace;
    assert_int_equal(pace.wrote_tally_ms, f->now + 9);
    assert_int_equal(pace.said_tally_ms, f->now + 900);
    assert_string_equal(pace.flood, "fast");
}

/* ---- the clock ---- */

static bool wakes(struct fixture *f, int64_t contact, int64_t at_ms)
{
    struct wake_next next;
    int rc = store_wake_next(f->s, f->a, &next, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    if (rc == 0) return contact == 0;
    return next.contact == contact && next.at_ms == at_ms && strcmp(next.account, ACCOUNT) == 0;
}

static void the_clock_goes_to_who_is_first(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    assert_true(wakes(f, 0, 0));
    save(f, ana, "state=team");
    assert_true(wakes(f, 0, 0)); /* wake_ms 0 is never */
    save_wake(f, ana, f->now + 900);
    save_wake(f, bo, f->now + 500);
    assert_true(wakes(f, bo, f->now + 500));
    save_wake(f, bo, f->now + 1000);
    assert_true(wakes(f, ana, f->now + 900));
    save_wake(f, ana, 0);
    assert_true(wakes(f, bo, f->now + 1000));
    save_wake(f, bo, 0);
    assert_true(wakes(f, 0, 0));
}

static void who_cannot_be_woken_is_put_off_and_delays_no_other(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    save_wake(f, ana, f->now);
    save_wake(f, bo, f->now + 500);
    begin(f);
    MUST(f, store_wake_put_off(f->s, ana, "other", f->now + 5000, &f->e));
    assert_true(wakes(f, ana, f->now));
    MUST(f, store_wake_put_off(f->s, ana, ACCOUNT, f->now + 5000, &f->e));
    commit(f);
    assert_true(wakes(f, bo, f->now + 500));
    save_wake(f, bo, 0);
    assert_true(wakes(f, ana, f->now + 5000));
}

/* ---- who waits ---- */

static void who_waits_longest_comes_first(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t cas = resolve(f, person("31655555555", NULL));
    size_t n = 9;
    assert_null(waiting(f, &n));
    assert_int_equal(n, 0);
    const int64_t start = f->now;
    save_as(f, bo, "asked", "Bo", NULL);
    f->now += 1000;
    save_as(f, ana, "human", NULL, NULL);
    save_as(f, cas, "bot", "Cas", NULL);
    struct waiting_row *row = waiting(f, &n);
    assert_int_equal(n, 2);
    assert_int_equal(row->contact, bo);
    assert_int_equal(row->since_ms, start);
    assert_string_equal(row->account, ACCOUNT);
    assert_string_equal(row->holder, "asked");
    assert_string_equal(row->name, "Bo");
    row = row->next;
    assert_int_equal(row->contact, ana);
    assert_string_equal(row->holder, "human");
    assert_null(row->name);
    assert_null(row->next);
    f->now += 1000;
    save_as(f, bo, "asked", NULL, NULL); /* since now */
    assert_int_equal(waiting(f, &n)->contact, ana);
    save_as(f, ana, NULL, NULL, NULL);
    save_as(f, bo, NULL, NULL, NULL);
    assert_null(waiting(f, &n));
}

static void of_very_many_who_wait_some_are_told_and_all_counted(void **state)
{
    struct fixture *f = *state;
    struct conversation_row row = {.text = "", .holder = "asked"};
    char phone[16];
    int64_t contact;
    size_t n = 0, told = 0;
    begin(f);
    for (int i = 0; i < STORE_WAITING_MAX + 3; i++) {
        (void)snprintf(phone, sizeof phone, "31612345%03d", i);
        struct identity who = person(phone, NULL);
        MUST(f, store_contact_resolve(f->s, &who, f->now, &contact, &f->e));
        row.holder_ms = f->now - i; /* the last has waited longest */
        MUST(f, store_conversation_save(f->s, contact, ACCOUNT, &row, &f->e));
    }
    commit(f);
    struct waiting_row *first = waiting(f, &n);
    assert_int_equal(n, STORE_WAITING_MAX + 3);
    assert_int_equal(first->contact, contact);
    for (; first != NULL; first = first->next) told++;
    assert_int_equal(told, STORE_WAITING_MAX);
}

/* ---- about ourselves ---- */

static void a_note_is_what_was_set_last(void **state)
{
    struct fixture *f = *state;
    const char *note = "";
    MUST(f, store_note(f->s, "digest", f->a, &note, &f->e));
    assert_null(note);
    begin(f);
    MUST(f, store_note_set(f->s, "digest", "2026-09-14", &f->e));
    MUST(f, store_note_set(f->s, "digest", "2026-09-15", &f->e));
    MUST(f, store_note_set(f->s, "other", "x", &f->e));
    commit(f);
    if (f->backend->durable) fixture_reopen(f);
    MUST(f, store_note(f->s, "digest", f->a, &note, &f->e));
    assert_string_equal(note, "2026-09-15");
}

int contract_chats(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_conversation_comes_back_byte_for_byte),
        CONTRACT(loading_appends),
        CONTRACT(each_account_has_its_own_conversation),
        CONTRACT(only_a_later_moment_of_writing_counts),
        CONTRACT(a_person_is_known_beside_the_conversation),
        CONTRACT(of_who_never_wrote_the_names_alone_are_known),
        CONTRACT(a_name_is_kept_only_while_the_bot_has_the_chat_not_alone),
        CONTRACT(words_stay_until_others_are_typed),
        CONTRACT(the_clock_goes_to_who_is_first),
        CONTRACT(who_cannot_be_woken_is_put_off_and_delays_no_other),
        CONTRACT(who_waits_longest_comes_first),
        CONTRACT(of_very_many_who_wait_some_are_told_and_all_counted),
        CONTRACT(a_note_is_what_was_set_last),
        CONTRACT(the_pace_of_a_chat_comes_back),
        CONTRACT(what_was_said_adds_up_and_drains),
        CONTRACT(two_chats_that_are_one_have_the_fuller_tallies_and_are_as_silent),
    };
    return CONTRACT_RUN("conversations", tests, b);
}

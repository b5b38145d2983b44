/* What the human writes to people, and what is written to her about them. */
#include "contract.h"

static int64_t next_at(struct fixture *f)
{
    int64_t at = 0;
    MUST(f, store_outbox_next(f->s, &at, &f->e));
    return at;
}

static int64_t add_human(struct fixture *f, int64_t contact, const char *content)
{
    return add_row(f, (struct outbox_new){.contact = contact, .content = content, .human = true});
}

/* Claimed, and kept until the person writes again. */
static int64_t keep(struct fixture *f, int64_t contact, const char *content)
{
    int64_t id = add_human(f, contact, content);
    struct outbox_row *row = claim(f, 1);
    assert_non_null(row);
    assert_int_equal(row->id, id);
    settle_later(f, id, OUTBOX_DUE, OUTBOX_KEPT_MS);
    return id;
}

static int64_t to_desk(struct fixture *f, int64_t about, const char *content)
{
    const struct identity desk = {.channel = "desk", .account = DESK, .user_id = DESK};
    return add_row(f, (struct outbox_new){.contact = resolve(f, desk),
                                          .channel = "desk",
                                          .account = DESK,
                                          .content = content,
                                          .about = {about, about != 0 ? ACCOUNT : NULL}});
}

/* ---- whose words, and about whom ---- */

static void a_reply_tells_whether_the_human_wrote_it(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)add_human(f, ana, "1");
    (void)add_reply(f, bo, "2");
    struct outbox_row *row = claim(f, 10);
    assert_true(row->human);
    assert_int_equal(row->about.contact, 0);
    assert_null(row->about.account);
    assert_null(row->thread);
    assert_false(row->next->human);
}

static void a_row_to_the_desk_comes_with_the_topic_of_whom_it_is_about(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    (void)to_desk(f, ana, "before");
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->about.contact, ana);
    assert_string_equal(row->about.account, ACCOUNT);
    assert_null(row->thread);
    assert_string_equal(row->to.user_id, DESK);
    set_topic(f, ana, "7"); /* made meanwhile */
    settle_later(f, row->id, OUTBOX_DUE, f->now);
    row = claim(f, 10);
    assert_string_equal(row->thread, "7");
    settle(f, row->id, OUTBOX_SENT, DESK "/1");
    (void)to_desk(f, 0, "of nobody");
    assert_null(claim(f, 10)->thread);
}

static int64_t whom(struct fixture *f, const char *platform_id)
{
    struct whom who;
    int rc = store_outbox_whom(f->s, "desk", platform_id, f->a, &who, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    if (rc == 1) assert_string_equal(who.account, ACCOUNT);
    return rc == 1 ? who.contact : 0;
}

static void a_message_at_the_desk_leads_to_whom_it_was_about(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t about = to_desk(f, ana, "about Ana"), nobody = to_desk(f, 0, "about nobody");
    (void)claim(f, 1);
    settle(f, about, OUTBOX_SENT, DESK "/5");
    (void)claim(f, 1);
    settle(f, nobody, OUTBOX_SENT, DESK "/6");
    assert_int_equal(whom(f, DESK "/5"), ana);
    assert_int_equal(whom(f, DESK "/6"), 0);
    assert_int_equal(whom(f, DESK "/7"), 0);
    struct whom who;
    assert_int_equal(store_outbox_whom(f->s, "telegram", DESK "/5", f->a, &who, &f->e), 0);
}

static void it_leads_to_nobody_who_was_forgotten(void **state)
{
    struct fixture *f = *state;
    struct janitor_report report;
    int64_t ana = resolve(f, person("31612345678", NULL));
    f->now += 1000;
    int64_t about = to_desk(f, ana, "about Ana");
    (void)claim(f, 1);
    settle(f, about, OUTBOX_SENT, DESK "/5");
    const struct retention forget = {.now_ms = f->now, .answers_before_ms = f->now, .limit = 10};
    begin(f);
    MUST(f, store_janitor(f->s, &forget, &report, &f->e));
    commit(f);
    assert_int_equal(report.contacts, 1);
    assert_int_equal(whom(f, DESK "/5"), 0);
}

/* ---- kept until the person writes again ---- */

static void what_is_kept_waits_for_the_person_however_long(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)keep(f, ana, "1");
    assert_int_equal(next_at(f), INT64_MAX);
    f->now += INT64_C(400) * 86400000;
    assert_null(claim(f, 10));
    int64_t other = add_reply(f, bo, "2");
    assert_int_equal(next_at(f), f->now);
    assert_int_equal(claim(f, 10)->id, other);
    assert_int_equal(next_at(f), INT64_MAX);
}

static void when_the_person_writes_what_was_kept_goes_first(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t kept = keep(f, ana, "kept");
    int64_t later = add_reply(f, ana, "later");
    assert_null(claim(f, 10));
    f->now += 5000;
    release(f, ana, "other");
    assert_null(claim(f, 10));
    release(f, ana, ACCOUNT);
    assert_int_equal(next_at(f), f->now);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, kept);
    assert_true(row->human);
    assert_null(row->next);
    settle(f, kept, OUTBOX_SENT, NULL);
    assert_int_equal(claim(f, 10)->id, later);
}

static void what_is_kept_on_one_account_holds_up_no_other(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    (void)keep(f, ana, "kept");
    int64_t bot =
        add_row(f, (struct outbox_new){.contact = ana, .account = "700801", .content = "of our new number"});
    assert_int_equal(next_at(f), f->now);
    assert_int_equal(claim(f, 10)->id, bot);
}

static void a_release_hastens_nobody_else_and_nothing_that_has_its_time(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    (void)keep(f, bo, "kept");
    int64_t timed = add_reply(f, ana, "1");
    assert_int_equal(claim(f, 1)->id, timed);
    settle_later(f, timed, OUTBOX_DUE, f->now + 4000);
    release(f, ana, ACCOUNT);
    assert_null(claim(f, 10));
    assert_int_equal(next_at(f), f->now + 4000);
}

static void what_was_kept_may_be_kept_again(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t kept = keep(f, ana, "kept");
    release(f, ana, ACCOUNT);
    assert_int_equal(claim(f, 10)->attempt, 2);
    settle_later(f, kept, OUTBOX_DUE, OUTBOX_KEPT_MS);
    assert_null(claim(f, 10));
    release(f, ana, ACCOUNT);
    assert_int_equal(claim(f, 10)->id, kept);
}

/* ---- when she takes over ---- */

static void hush(struct fixture *f, int64_t contact)
{
    begin(f);
    MUST(f, store_outbox_hush(f->s, contact, ACCOUNT, f->now, &f->e));
    commit(f);
}

static void the_bot_is_hushed_and_the_human_is_not(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t under_way = add_reply(f, ana, "under way");
    assert_int_equal(claim(f, 1)->id, under_way);
    (void)add_reply(f, ana, "bot");
    int64_t human = add_human(f, ana, "human");
    (void)add_reply(f, ana, "bot again");
    int64_t elsewhere =
        add_row(f, (struct outbox_new){.contact = ana, .account = "999", .content = "elsewhere"});
    int64_t others = add_reply(f, bo, "others");
    hush(f, ana);
    assert_int_equal(counts(f).outbox[OUTBOX_WITHDRAWN], 2);
    assert_int_equal(counts(f).outbox[OUTBOX_SENDING], 1);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, elsewhere);
    assert_int_equal(row->next->id, others);
    settle(f, under_way, OUTBOX_SENT, NULL);
    assert_int_equal(claim(f, 10)->id, human);
}

static void what_the_human_was_told_of_is_no_more_the_bots(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t kept = keep(f, ana, "kept");
    begin(f);
    MUST(f, store_outbox_told(f->s, kept, &f->e));
    commit(f);
    hush(f, ana);
    release(f, ana, ACCOUNT);
    struct outbox_row *row = claim(f, 10);
    assert_int_equal(row->id, kept);
    assert_true(row->human);
}

static void what_may_have_arrived_is_not_hushed(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    int64_t unsure = add_reply(f, ana, "1");
    (void)claim(f, 1);
    settle_later(f, unsure, OUTBOX_UNSURE, f->now + 1000);
    hush(f, ana);
    assert_int_equal(counts(f).outbox[OUTBOX_UNSURE], 1);
}

/* ---- what is still to leave ---- */

static int busy(struct fixture *f, int64_t contact)
{
    int rc = store_outbox_busy(f->s, contact, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    return rc;
}

static void a_contact_is_busy_until_all_has_left(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    assert_int_equal(busy(f, ana), 0);
    int64_t row = add_reply(f, ana, "1");
    assert_int_equal(busy(f, ana), 1);
    assert_int_equal(busy(f, bo), 0);
    (void)claim(f, 1);
    assert_int_equal(busy(f, ana), 1);
    settle_later(f, row, OUTBOX_UNSURE, f->now);
    assert_int_equal(busy(f, ana), 1);
    (void)claim(f, 1);
    settle(f, row, OUTBOX_DEAD, NULL);
    assert_int_equal(busy(f, ana), 0);
}

static const char *on_its_way(struct fixture *f, int64_t contact, const char *account)
{
    struct content_row *row;
    MUST(f, store_outbox_on_its_way(f->s, contact, account, f->a, &row, &f->e));
    assert_true(row == NULL || row->next == NULL);
    return row == NULL ? NULL : row->content;
}

static void on_its_way_is_what_leaves_and_has_no_id_yet(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t row = add_reply(f, ana, "hello");
    (void)add_reply(f, bo, "dag");
    assert_null(on_its_way(f, ana, ACCOUNT));
    (void)claim(f, 10);
    assert_string_equal(on_its_way(f, ana, ACCOUNT), "hello");
    assert_null(on_its_way(f, ana, "other"));
    settle_later(f, row, OUTBOX_UNSURE, f->now + 1000);
    assert_string_equal(on_its_way(f, ana, ACCOUNT), "hello");
    begin(f);
    MUST(f, store_outbox_settle(f->s, row,
                                &(struct outbox_result){.state = OUTBOX_UNSURE,
                                                        .platform_id = "wamid.B1",
                                                        .next_try_ms = f->now + 1000,
                                                        .now_ms = f->now},
                                &f->e));
    commit(f);
    assert_null(on_its_way(f, ana, ACCOUNT));
    settle(f, row, OUTBOX_SENT, "wamid.B1");
    assert_null(on_its_way(f, ana, ACCOUNT));
}

/* ---- what did not arrive ---- */

/* The first that she was not told of, and now she is; 0: nothing. */
static int64_t tell(struct fixture *f, bool kept)
{
    struct untold_row row;
    int rc = store_outbox_untold(f->s, f->a, &row, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    if (rc == 0) return 0;
    assert_int_equal(row.kept, kept);
    assert_string_equal(row.channel, "whatsapp");
    assert_string_equal(row.to.account, ACCOUNT);
    assert_true(row.to.contact > 0);
    begin(f);
    MUST(f, store_outbox_told(f->s, row.id, &f->e));
    commit(f);
    return row.id;
}

static void she_is_told_once_of_what_did_not_arrive(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t dead = add_human(f, ana, "1");
    (void)claim(f, 1);
    assert_int_equal(tell(f, false), 0);
    settle(f, dead, OUTBOX_DEAD, NULL);
    int64_t kept = keep(f, bo, "2");
    assert_int_equal(tell(f, false), dead);
    assert_int_equal(tell(f, true), kept);
    assert_int_equal(tell(f, false), 0);
}

static void a_status_that_says_so_is_told_as_well(void **state)
{
    struct fixture *f = *state;
    int64_t row = add_human(f, resolve(f, person("31612345678", NULL)), "1");
    (void)claim(f, 1);
    settle(f, row, OUTBOX_SENT, "wamid.B1");
    assert_int_equal(tell(f, false), 0);
    begin(f);
    assert_int_equal(
        store_outbox_status(f->s, "whatsapp", NULL, "wamid.B1", OUTBOX_DEAD, 131026, false, f->now, &f->e),
        1);
    commit(f);
    assert_int_equal(tell(f, false), row);
    assert_int_equal(tell(f, false), 0);
}

static void of_the_bots_replies_she_is_told_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    int64_t dead = add_reply(f, ana, "1"), kept = add_reply(f, bo, "2");
    (void)claim(f, 10);
    settle(f, dead, OUTBOX_DEAD, NULL);
    settle_later(f, kept, OUTBOX_DUE, OUTBOX_KEPT_MS);
    assert_int_equal(tell(f, false), 0);
}

static void what_was_released_before_she_was_told_is_not_told(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    (void)keep(f, ana, "1");
    release(f, ana, ACCOUNT);
    assert_int_equal(tell(f, true), 0);
}

int contract_human(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_reply_tells_whether_the_human_wrote_it),
        CONTRACT(a_row_to_the_desk_comes_with_the_topic_of_whom_it_is_about),
        CONTRACT(a_message_at_the_desk_leads_to_whom_it_was_about),
        CONTRACT(it_leads_to_nobody_who_was_forgotten),
        CONTRACT(what_is_kept_waits_for_the_person_however_long),
        CONTRACT(when_the_person_writes_what_was_kept_goes_first),
        CONTRACT(what_is_kept_on_one_account_holds_up_no_other),
        CONTRACT(a_release_hastens_nobody_else_and_nothing_that_has_its_time),
        CONTRACT(what_was_kept_may_be_kept_again),
        CONTRACT(the_bot_is_hushed_and_the_human_is_not),
        CONTRACT(what_the_human_was_told_of_is_no_more_the_bots),
        CONTRACT(what_may_have_arrived_is_not_hushed),
        CONTRACT(a_contact_is_busy_until_all_has_left),
        CONTRACT(on_its_way_is_what_leaves_and_has_no_id_yet),
        CONTRACT(she_is_told_once_of_what_did_not_arrive),
        CONTRACT(a_status_that_says_so_is_told_as_well),
        CONTRACT(of_the_bots_replies_she_is_told_nothing),
        CONTRACT(what_was_released_before_she_was_told_is_not_told),
    };
    return CONTRACT_RUN("the human's replies", tests, b);
}

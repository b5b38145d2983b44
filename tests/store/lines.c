/* The desk: lines that wait for it, and a topic for each person. */
#include "contract.h"

/* ---- lines ---- */

static void a_line_comes_back_with_all_it_says(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    const struct line_new row = {.contact = ana,
                                 .account = ACCOUNT,
                                 .now_ms = f->now,
                                 .buttons = 5,
                                 .media = "{\"kind\":\"image\"}",
                                 .text = ""};
    assert_null(lines(f, 10));
    begin(f);
    MUST(f, store_line_add(f->s, &row, &f->e));
    commit(f);
    add_line(f, ana, "zeg ’ns");
    struct line_row *line = lines(f, 10);
    assert_int_equal(line->contact, ana);
    assert_string_equal(line->account, ACCOUNT);
    assert_int_equal(line->buttons, 5);
    assert_string_equal(line->media, "{\"kind\":\"image\"}");
    assert_string_equal(line->text, "");
    line = line->next;
    assert_string_equal(line->text, "zeg ’ns");
    assert_int_equal(line->buttons, 0);
    assert_null(line->media);
    assert_null(line->next);
}

static void drop(struct fixture *f, struct line_row *line)
{
    begin(f);
    for (; line != NULL; line = line->next) MUST(f, store_line_drop(f->s, line->id, &f->e));
    commit(f);
}

static void all_of_whoever_waited_longest_are_listed_together(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    add_line(f, bo, "b1");
    add_line(f, ana, "a1");
    add_line(f, 0, "n1");
    add_line(f, bo, "b2");
    add_line(f, 0, "n2");

    struct line_row *line = lines(f, 10);
    assert_string_equal(line->text, "b1");
    assert_string_equal(line->next->text, "b2");
    assert_null(line->next->next);
    drop(f, line);
    line = lines(f, 10);
    assert_string_equal(line->text, "a1");
    assert_null(line->next);
    drop(f, line);
    line = lines(f, 10); /* and nobody's */
    assert_string_equal(line->text, "n1");
    assert_int_equal(line->contact, 0);
    assert_null(line->account);
    assert_string_equal(line->next->text, "n2");
    assert_null(line->next->next);
    drop(f, line);
    assert_null(lines(f, 10));
}

static void no_more_lines_are_listed_than_asked_and_the_oldest_first(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    add_line(f, ana, "1");
    add_line(f, ana, "2");
    add_line(f, ana, "3");
    struct line_row *line = lines(f, 2);
    assert_string_equal(line->text, "1");
    assert_string_equal(line->next->text, "2");
    assert_null(line->next->next);
    drop(f, line);
    assert_string_equal(lines(f, 2)->text, "3");
}

static void two_accounts_of_one_person_are_listed_apart(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    const struct line_new elsewhere = {.contact = ana, .account = "999", .now_ms = f->now, .text = "2"};
    add_line(f, ana, "1");
    begin(f);
    MUST(f, store_line_add(f->s, &elsewhere, &f->e));
    commit(f);
    assert_null(lines(f, 10)->next);
    drop(f, lines(f, 10));
    assert_string_equal(lines(f, 10)->account, "999");
}

/* The turn that erases somebody may have said something of them to the desk. */
static void a_line_about_who_was_erased_is_not_kept(void **state)
{
    struct fixture *f = *state;
    const struct line_new line = {.now_ms = f->now, .account = ACCOUNT, .text = "Ana"};
    struct line_new about = line;
    about.contact = resolve(f, person("31612345678", NULL));
    begin(f);
    MUST(f, store_contact_erase(f->s, about.contact, f->now, &f->e));
    MUST(f, store_line_add(f->s, &about, &f->e));
    assert_null(lines(f, 10));
    commit(f);
    begin(f);
    MUST(f, store_line_add(f->s, &about, &f->e)); /* there is no such contact any more */
    commit(f);
    assert_null(lines(f, 10));
}

/* ---- topics ---- */

static int64_t whom(struct fixture *f, const char *desk, const char *thread)
{
    struct whom who;
    int rc = store_topic_whom(f->s, desk, thread, f->a, &who, &f->e);
    if (rc < 0) fail_msg("%s", f->e.text);
    if (rc == 1) assert_string_equal(who.account, ACCOUNT);
    return rc == 1 ? who.contact : 0;
}

static void a_topic_leads_to_its_person_and_back(void **state)
{
    struct fixture *f = *state;
    const char *thread;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    assert_null(topic_of(f, ana));
    assert_int_equal(whom(f, DESK, "7"), 0);
    set_topic(f, ana, "7");
    set_topic(f, bo, "8");
    assert_string_equal(topic_of(f, ana), "7");
    assert_int_equal(whom(f, DESK, "7"), ana);
    assert_int_equal(whom(f, DESK, "8"), bo);
    assert_int_equal(whom(f, "-100999", "7"), 0);
    assert_int_equal(store_topic_of(f->s, ana, "other", DESK, f->a, &thread, &f->e), 0);
    assert_int_equal(store_topic_of(f->s, ana, ACCOUNT, "-100999", f->a, &thread, &f->e), 0);
}

/* She is told in the newest; what she writes in an older one is still for the person. */
static void a_topic_has_one_person_and_of_several_the_newest_counts(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    set_topic(f, ana, "10");
    set_topic(f, ana, "9");
    assert_string_equal(topic_of(f, ana), "10");
    assert_int_equal(whom(f, DESK, "9"), ana);
    set_topic(f, bo, "10");
    assert_int_equal(whom(f, DESK, "10"), bo);
    assert_string_equal(topic_of(f, ana), "9");
}

static void a_topic_that_is_gone_is_dropped(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL)), bo = resolve(f, person("31687654321", NULL));
    set_topic(f, ana, "7");
    set_topic(f, bo, "8");
    begin(f);
    MUST(f, store_topic_drop(f->s, "-100999", "7", &f->e));
    MUST(f, store_topic_drop(f->s, DESK, "8", &f->e));
    MUST(f, store_topic_drop(f->s, DESK, "8", &f->e));
    commit(f);
    assert_string_equal(topic_of(f, ana), "7");
    assert_null(topic_of(f, bo));
}

static void nobody_has_a_topic_who_is_not_there(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    set_topic(f, 4711, "7");
    assert_int_equal(whom(f, DESK, "7"), 0);
    begin(f);
    MUST(f, store_contact_erase(f->s, ana, f->now, &f->e));
    MUST(f, store_topic_set(f->s, ana, ACCOUNT, DESK, "8", &f->e));
    assert_int_equal(whom(f, DESK, "8"), 0);
    commit(f);
    set_topic(f, ana, "8");
    assert_int_equal(whom(f, DESK, "8"), 0);
}

int contract_lines(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_line_comes_back_with_all_it_says),
        CONTRACT(all_of_whoever_waited_longest_are_listed_together),
        CONTRACT(no_more_lines_are_listed_than_asked_and_the_oldest_first),
        CONTRACT(two_accounts_of_one_person_are_listed_apart),
        CONTRACT(a_line_about_who_was_erased_is_not_kept),
        CONTRACT(a_topic_leads_to_its_person_and_back),
        CONTRACT(a_topic_has_one_person_and_of_several_the_newest_counts),
        CONTRACT(a_topic_that_is_gone_is_dropped),
        CONTRACT(nobody_has_a_topic_who_is_not_there),
    };
    return CONTRACT_RUN("the desk", tests, b);
}

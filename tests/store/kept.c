#include "contract.h"

#include "kept.h"

static struct identity called(const char *phone, const char *user_id, const char *username)
{
    struct identity who = person(phone, user_id);

    who.username = username;
    return who;
}

static int64_t named(struct fixture *f, const char *username)
{
    int64_t contact = 0;
    int rc = store_contact_named(f->s, "whatsapp", username, &contact, &f->e);

    if (rc < 0) fail_msg("%s", f->e.text);
    return rc == 1 ? contact : 0;
}

/* What was found, part by part, as text; a test looks for words in it. */
struct seen {
    char text[8192];
    size_t rows[KEPT_N];
};

static int note(void *user, enum kept_part part, const struct kept_value *v, size_t n)
{
    struct seen *seen = user;

    seen->rows[part]++;
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(seen->text);
        if (v[i].text != NULL)
            (void)snprintf(seen->text + used, sizeof seen->text - used, "%s.%s=%s\n", kept_part_name(part),
                           v[i].name, v[i].text);
        else if (!v[i].nothing)
            (void)snprintf(seen->text + used, sizeof seen->text - used, "%s.%s=%lld\n", kept_part_name(part),
                           v[i].name, (long long)v[i].number);
    }
    return 0;
}

static struct seen kept(struct fixture *f, int64_t contact)
{
    struct seen seen = {.text = ""};

    MUST(f, store_kept(f->s, contact, note, &seen, &f->e));
    return seen;
}

static int64_t quietly(struct fixture *f, int64_t contact)
{
    begin(f);
    MUST(f, store_contact_erase_quietly(f->s, contact, f->now, &f->e));
    commit(f);
    return contact;
}

/* ---- usernames ---- */

static void a_username_finds_whoever_bore_it_last(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, called("31612345678", NULL, "@Ana.K"));
    int64_t bo = resolve(f, called("31687654321", NULL, NULL));
    assert_int_equal(named(f, "ana.k"), ana);
    assert_int_equal(named(f, "@ANA.K"), ana);
    assert_int_equal(named(f, "ana.k2"), 0);
    assert_int_equal(find(f, "ana.k"), 0);

    assert_int_equal(resolve(f, called("31612345678", NULL, "anna")), ana);
    assert_int_equal(named(f, "ana.k"), 0);
    assert_int_equal(named(f, "anna"), ana);
    assert_int_equal(resolve(f, called("31687654321", NULL, "anna")),
                     bo); /* it is hers now, and leads nowhere */
    assert_int_equal(named(f, "anna"), bo);
    assert_int_equal(find(f, "31612345678"), ana);
}

static void a_username_is_kept_as_a_hash_and_is_no_address(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, called("31612345678", NULL, "ana.k"));
    struct seen seen = kept(f, ana);
    assert_int_equal(seen.rows[KEPT_NAMES], 2);
    assert_non_null(strstr(seen.text, "names.kind=username\n"));
    assert_null(strstr(seen.text, "ana.k"));
    (void)add_reply(f, ana, "hello");
    struct outbox_row *row = claim(f, 1);
    assert_string_equal(row->to.phone, "31612345678");
    assert_null(row->to.parent_id);
    assert_null(row->to.user_id);
}

/* ---- what is kept ---- */

static int64_t somebody(struct fixture *f, const char *phone, const char *word)
{
    const struct identity desk = {.channel = "desk", .account = DESK, .user_id = DESK};
    char text[64], id[64];
    int64_t inbox;

    int64_t contact = resolve(f, person(phone, NULL));
    (void)snprintf(text, sizeof text, "typed-%s", word);
    save_as(f, contact, "human", word, text);
    (void)snprintf(id, sizeof id, "wamid.%s", word);
    (void)snprintf(text, sizeof text, "{\"raw\":\"%s\"}", word);
    close_message(f, inbox = take_message(f, id, text), contact, INBOX_DONE);
    (void)snprintf(text, sizeof text, "reply-%s", word);
    (void)add_reply(f, contact, text);
    (void)snprintf(text, sizeof text, "line-%s", word);
    add_line(f, contact, text);
    set_topic(f, contact, word);
    (void)snprintf(text, sizeof text, "told-%s", word);
    (void)add_row(f, (struct outbox_new){.contact = resolve(f, desk),
                                         .channel = "desk",
                                         .account = DESK,
                                         .content = text,
                                         .about = {contact, ACCOUNT}});
    (void)snprintf(text, sizeof text, "held-%s", word);
    begin(f);
    MUST(f, store_held_add(f->s,
                           &(struct held_new){.contact = contact,
                                              .channel = "whatsapp",
                                              .account = ACCOUNT,
                                              .inbox = inbox,
                                              .platform_id = id,
                                              .text = text},
                           &f->e));
    commit(f);
    return contact;
}

static void everything_about_a_person_is_told_and_nothing_about_another(void **state)
{
    static const char *const words[] = {
        "names.value=31612345678",         "chats.name=Qana",      "chats.words=typed-Qana",
        "messages.raw={\"raw\":\"Qana\"}", "held.text=held-Qana",  "replies.content=reply-Qana",
        "told.content=told-Qana",          "lines.text=line-Qana", "topics.thread=Qana"};
    struct fixture *f = *state;
    int64_t ana = somebody(f, "31612345678", "Qana");
    (void)somebody(f, "31687654321", "Qbo");
    struct seen seen = kept(f, ana);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(seen.text, words[i]) == NULL) fail_msg("'%s' is not in\n%s", words[i], seen.text);
    assert_null(strstr(seen.text, "Qbo"));
    assert_null(strstr(seen.text, "31687654321"));
    assert_int_equal(seen.rows[KEPT_PERSON], 1);
    assert_int_equal(seen.rows[KEPT_MENTIONS], 1);
}

static int stop_at_the_second(void *user, enum kept_part part, const struct kept_value *v, size_t n)
{
    (void)part, (void)v, (void)n;
    return ++*(int *)user == 2 ? 7 : 0;
}

static void the_walk_ends_when_it_is_told_to(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f, "31612345678", "Qana");
    int rows = 0;
    assert_int_equal(store_kept(f->s, ana, stop_at_the_second, &rows, &f->e), 7);
    assert_int_equal(rows, 2);
    assert_int_equal(kept(f, ana).rows[KEPT_PERSON], 1); /* and the next is whole */
}

static void nobody_has_nothing(void **state)
{
    struct fixture *f = *state;
    struct seen seen = kept(f, 4711);
    for (int part = 0; part < KEPT_MENTIONS; part++) assert_int_equal(seen.rows[part], 0);
    assert_string_equal(seen.text, "mentions.unread=0\nmentions.lists=0\n");
}

/* ---- the end ---- */

static void who_is_erased_quietly_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t ana = somebody(f, "31612345678", "Qana"), bo = somebody(f, "31687654321", "Qbo");
    quietly(f, ana);
    assert_int_equal(store_contact_gone(f->s, ana, &f->e), 1);
    assert_int_equal(counts(f).erasures, 1);
    struct seen seen = kept(f, ana);
    assert_string_equal(seen.text, "mentions.unread=0\nmentions.lists=0\n");
    assert_int_equal(kept(f, bo).rows[KEPT_REPLIES], 1);
}

/* What is under way keeps the contact, but not the address a receipt would have gone to. */
static void what_is_under_way_keeps_no_address(void **state)
{
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", "NL.55512"));
    int64_t reply = add_reply(f, ana, "hello");
    assert_int_equal(claim(f, 1)->id, reply);
    quietly(f, ana);
    assert_int_equal(store_contact_gone(f->s, ana, &f->e), 0);
    const struct outbox_new late = {
        .contact = ana, .channel = "whatsapp", .account = ACCOUNT, .content = "late", .now_ms = f->now};
    int64_t id;
    begin(f);
    MUST(f, store_outbox_add(f->s, &late, &id, &f->e));
    commit(f);
    settle(f, reply, OUTBOX_SENT, "wamid.B1");
    struct outbox_row *row = claim(f, 1);
    assert_int_equal(row->id, id);
    assert_null(row->to.phone);
    assert_null(row->to.user_id);
    settle(f, id, OUTBOX_DEAD, NULL);
    assert_int_equal(store_contact_gone(f->s, ana, &f->e), 1);
}

/* A list on its way to the desk names whom it likes, in words that nobody can look for. */
static void lists_on_their_way_to_the_desk_go_with_whoever_goes(void **state)
{
    static const char list[] = "{\"body\":\"{\\\"text\\\":\\\"Who waits:\\\\n- Qana\\\"}\"}";
    const struct identity desk = {.channel = "desk", .account = DESK, .user_id = DESK};
    struct fixture *f = *state;
    int64_t ana = resolve(f, person("31612345678", NULL));
    const struct outbox_new row = {.contact = resolve(f, desk), .channel = "desk", .account = DESK};
    struct outbox_new lists = row, plain = row;
    lists.content = list, plain.content = "{\"erase\":\"77\"}";
    int64_t under_way = add_row(f, lists);
    assert_int_equal(claim(f, 1)->id, under_way);
    (void)add_row(f, lists);
    int64_t stays = add_row(f, plain);
    assert_non_null(strstr(kept(f, ana).text, "mentions.lists=2"));
    quietly(f, ana);
    settle_later(f, under_way, OUTBOX_DUE, f->now);
    assert_int_equal(counts(f).outbox[OUTBOX_WITHDRAWN], 1);
    struct outbox_row *left = claim(f, 10);
    assert_int_equal(left->id, stays);
    assert_null(left->next);
}

static void a_topic_is_found_whatever_account_it_was_for(void **state)
{
    struct fixture *f = *state;
    const char *thread = NULL;
    int64_t ana = resolve(f, person("31612345678", NULL));
    set_topic(f, ana, "7");
    assert_int_equal(store_topic_any(f->s, ana, DESK, f->a, &thread, &f->e), 1);
    assert_string_equal(thread, "7");
    assert_int_equal(store_topic_any(f->s, ana, "-100", f->a, &thread, &f->e), 0);
}

int contract_kept(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_username_finds_whoever_bore_it_last),
        CONTRACT(a_username_is_kept_as_a_hash_and_is_no_address),
        CONTRACT(everything_about_a_person_is_told_and_nothing_about_another),
        CONTRACT(the_walk_ends_when_it_is_told_to),
        CONTRACT(nobody_has_nothing),
        CONTRACT(who_is_erased_quietly_leaves_nothing),
        CONTRACT(what_is_under_way_keeps_no_address),
        CONTRACT(lists_on_their_way_to_the_desk_go_with_whoever_goes),
        CONTRACT(a_topic_is_found_whatever_account_it_was_for),
    };
    return CONTRACT_RUN("what is kept", tests, b);
}

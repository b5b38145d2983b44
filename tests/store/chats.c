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
    MUST(f, store_conversation_save(f->s, ana, "other", "there", 5, f->now, &f->e));
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

int contract_chats(const struct backend *b)
{
    struct CMUnitTest tests[] = {
        CONTRACT(a_conversation_comes_back_byte_for_byte),
        CONTRACT(loading_appends),
        CONTRACT(each_account_has_its_own_conversation),
        CONTRACT(only_a_later_moment_of_writing_counts),
    };
    return CONTRACT_RUN("conversations", tests, b);
}

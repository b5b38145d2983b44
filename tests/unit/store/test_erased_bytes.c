/* After an erasure the files themselves are read: nothing of the person may stand in them. */
#include "sqlite_fixture.h"

#include "arena.h"
#include "buf.h"
#include "kept.h"
#include "store_self.h"

int test_erased_bytes(void);

#define ACCOUNT "700800"
#define DESK    "-1001234567890"

/* Enough traffic that pages fill, are split and rebalanced, which leaves copies of a row in the
 * unused middle of a page. Every third of the people is erased in the end. */
enum { PEOPLE = 60, ROUNDS = 30, ERASED_EACH = 3 };

/* Nothing about a person lacks either the number or the token. */
struct somebody {
    char phone[16], token[16], user_id[32], parent_id[32], name[32];
    struct identity who;
    int64_t contact;
    int turns;
};

struct town {
    struct fixture *f;
    struct arena *a;
    struct somebody people[PEOPLE];
    int64_t now, desk; /* the desk is a contact as well */
};

static void settle_in(struct town *t, int k)
{
    struct somebody *p = &t->people[k];
    (void)snprintf(p->phone, sizeof p->phone, "31655%06d", k * 16127 % 1000000);
    (void)snprintf(p->token, sizeof p->token, "Qx%02dtz", k);
    (void)snprintf(p->user_id, sizeof p->user_id, "NL.%d%s", k * 7919 % 1000, p->token);
    (void)snprintf(p->parent_id, sizeof p->parent_id, "NL.ENT.%s", p->token);
    (void)snprintf(p->name, sizeof p->name, "Anne%s", p->token);
    p->who = (struct identity){.channel = "whatsapp",
                               .account = ACCOUNT,
                               .phone = p->phone,
                               .user_id = p->user_id,
                               .parent_id = k % 2 == 0 ? p->parent_id : NULL,
                               .name = p->name};
}

/* Lines and topics come and go, for their pages to be rearranged as well; some stay. */
static void tell_desk(struct town *t, const struct somebody *p, const char *text)
{
    struct fixture *f = t->f;
    struct line_row *line;
    char thread[32];
    int64_t row;

    const struct line_new about = {
        .contact = p->contact, .account = ACCOUNT, .now_ms = t->now, .media = p->token, .text = text};
    MUST(f, store_line_add(f->s, &about, &f->e));
    if (p->turns % 2 == 0) {
        MUST(f, store_line_list(f->s, t->a, 1, &line, &f->e));
        MUST(f, store_line_drop(f->s, line->id, &f->e));
    }
    (void)snprintf(thread, sizeof thread, "%d%s", p->turns, p->token);
    MUST(f, store_topic_set(f->s, p->contact, ACCOUNT, DESK, thread, &f->e));
    const struct outbox_new out = {.contact = t->desk,
                                   .channel = "desk",
                                   .account = DESK,
                                   .content = text,
                                   .now_ms = t->now,
                                   .about = {p->contact, ACCOUNT}};
    if (p->turns % 5 == 0) MUST(f, store_outbox_add(f->s, &out, &row, &f->e));
}

/* Platform ids hold the token as a wamid holds the number, in base64. */
static void take_turn(struct town *t, struct somebody *p)
{
    struct fixture *f = t->f;
    const int length = (int)(t->now * 53 % 300);
    char id[64], raw[800], text[800];
    int64_t row, reply;
    struct held_text *held;

    (void)snprintf(id, sizeof id, "wamid.in%lld%s", (long long)t->now, p->token);
    (void)snprintf(raw, sizeof raw, "{\"from\":\"%s\",\"name\":\"%s\",\"text\":\"%0*d%s\"}", p->phone,
                   p->name, length, 1, p->token);
    (void)snprintf(text, sizeof text, "%0*d%s", length, 2, p->name);
    assert_int_equal(store_inbox_add(f->s, "whatsapp", id, raw, t->now, &row, &f->e), 1);
    MUST(f, store_contact_resolve(f->s, &p->who, t->now, &p->contact, &f->e));
    MUST(f, store_contact_wrote(f->s, p->contact, ACCOUNT, t->now, &f->e));
    const bool held_by_human = p->turns++ % 3 != 0; /* and given back between: the name goes and comes */
    const struct conversation_row kept = {.text = text,
                                          .n = strlen(text),
                                          .now_ms = t->now,
                                          .holder = held_by_human ? "human" : "bot",
                                          .holder_ms = t->now,
                                          .wake_ms = t->now + 1000,
                                          .name = p->name,
                                          .words = text};
    MUST(f, store_conversation_save(f->s, p->contact, ACCOUNT, &kept, &f->e));
    tell_desk(t, p, text);
    /* What is held now runs at the person's next turn. */
    MUST(f, store_held_take(f->s, p->contact, ACCOUNT, t->a, &held, &f->e));
    const struct held_new hold = {.contact = p->contact,
                                  .channel = "whatsapp",
                                  .account = ACCOUNT,
                                  .inbox = row,
                                  .platform_id = id,
                                  .text = text,
                                  .our_number = "31201234567",
                                  .name = p->name};
    MUST(f, store_held_add(f->s, &hold, &f->e));
    const struct outbox_new out = {
        .contact = p->contact, .channel = "whatsapp", .account = ACCOUNT, .content = text, .now_ms = t->now};
    MUST(f, store_outbox_add(f->s, &out, &reply, &f->e));
    MUST(f, store_inbox_close(f->s, row, p->contact, INBOX_DONE, NULL, &f->e));
}

/* The rows grow by their platform ids, and their pages burst. */
static size_t send_what_waits(struct town *t)
{
    struct fixture *f = t->f;
    struct outbox_row *row;
    char id[64];
    size_t n = 0;

    arena_reset(t->a);
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_outbox_claim(f->s, NULL, t->now, PEOPLE, t->a, &row, &f->e));
    for (; row != NULL; row = row->next, n++) {
        (void)snprintf(id, sizeof id, "wamid.%lld%s", (long long)(row->id * 7919 % 1000),
                       row->thread != NULL ? row->thread : row->to.user_id);
        const struct outbox_result sent = {.state = OUTBOX_SENT, .platform_id = id, .now_ms = t->now};
        MUST(f, store_outbox_settle(f->s, row->id, &sent, &f->e));
    }
    MUST(f, store_commit(f->s, &f->e));
    return n;
}

static const struct identity desk = {.channel = "desk", .account = DESK, .user_id = DESK};

static struct town *live(struct fixture *f)
{
    struct town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->f = f;
    t->a = arena_new(8192);
    assert_non_null(t->a);
    MUST(f, store_open(f->url, &f->s, &f->e));
    for (int k = 0; k < PEOPLE; k++) settle_in(t, k);
    MUST(f, store_begin(f->s, &f->e));
    MUST(f, store_contact_resolve(f->s, &desk, 0, &t->desk, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    for (int round = 0; round < ROUNDS; round++) {
        MUST(f, store_begin(f->s, &f->e));
        for (int i = 0; i < PEOPLE; i++, t->now++) take_turn(t, &t->people[(i * 7 + round) % PEOPLE]);
        MUST(f, store_commit(f->s, &f->e));
        (void)send_what_waits(t); /* one to the desk at a time: some still wait when somebody goes */
    }
    return t;
}

static void move_out(struct town *t)
{
    arena_free(t->a);
    free(t);
}

static void erase_with_receipt(struct town *t, struct somebody *p)
{
    struct fixture *f = t->f;
    int64_t receipt, message;
    char id[64], raw[64];

    (void)snprintf(id, sizeof id, "wamid.last%s", p->token);
    (void)snprintf(raw, sizeof raw, "{\"from\":\"%s\"}", p->phone);
    const struct outbox_new out = {.contact = p->contact,
                                   .channel = "whatsapp",
                                   .account = ACCOUNT,
                                   .content = "erased",
                                   .now_ms = t->now};
    MUST(f, store_begin(f->s, &f->e));
    assert_int_equal(store_inbox_add(f->s, "whatsapp", id, raw, t->now, &message, &f->e), 1);
    MUST(f, store_contact_erase(f->s, p->contact, t->now, &f->e));
    MUST(f, store_outbox_add(f->s, &out, &receipt, &f->e));
    MUST(f, store_inbox_close(f->s, message, p->contact, INBOX_DONE, NULL, &f->e));
    MUST(f, store_commit(f->s, &f->e));
    assert_true(send_what_waits(t) >= 1);
}

static void assert_not_in(const char *path, const struct somebody *p)
{
    const char *const secrets[] = {p->phone, p->token};
    struct buf b = {0};
    char piece[4096];
    size_t n;
    FILE *in = fopen(path, "rb");
    if (in == NULL) return; /* a log that is not there holds nothing */
    while ((n = fread(piece, 1, sizeof piece, in)) > 0) buf_add(&b, piece, n);
    assert_int_equal(fclose(in), 0);
    for (size_t i = 0; i < 2 && b.len > 0; i++) {
        const char *at = memmem(b.data, b.len, secrets[i], strlen(secrets[i]));
        if (at != NULL) fail_msg("%s: '%s' stands at byte %zu", path, secrets[i], (size_t)(at - b.data));
    }
    buf_free(&b);
}

static void assert_gone(const struct fixture *f, const struct somebody *p)
{
    assert_not_in(f->path, p);
    assert_not_in(f->wal, p);
}

static void no_byte_of_a_person_is_left_while_the_store_is_open(void **state)
{
    struct fixture *f = *state;
    struct town *t = live(f);
    struct store_counts c;
    erase_with_receipt(t, &t->people[7]);
    assert_gone(f, &t->people[7]);
    MUST(f, store_count(f->s, &c, &f->e));
    assert_int_equal(c.contacts, PEOPLE - 1 + 1); /* the desk is one as well */
    move_out(t);
}

/* A rewrite that has to wait its turn is done at the latest when the store closes. */
static void no_byte_of_any_is_left_when_it_is_closed(void **state)
{
    struct fixture *f = *state;
    struct town *t = live(f);
    f->s->rewrite_from_mono_ms = INT64_MAX;
    for (int k = 0; k < PEOPLE; k += ERASED_EACH) erase_with_receipt(t, &t->people[k]);
    store_close(f->s);
    f->s = NULL;
    for (int k = 0; k < PEOPLE; k += ERASED_EACH) assert_gone(f, &t->people[k]);
    move_out(t);
}

/* A rewrite that has to wait its turn is done when that has come, though nobody writes any more. */
static void no_byte_is_left_once_it_was_tidied(void **state)
{
    struct fixture *f = *state;
    struct town *t = live(f);
    f->s->rewrite_from_mono_ms = INT64_MAX;
    for (int k = 0; k < PEOPLE; k += ERASED_EACH) erase_with_receipt(t, &t->people[k]);
    assert_int_equal(store_contact_gone(f->s, t->people[0].contact, &f->e), 0);
    store_tidy(f->s); /* it is not its time */
    assert_int_equal(store_contact_gone(f->s, t->people[0].contact, &f->e), 0);
    f->s->rewrite_from_mono_ms = 0;
    store_tidy(f->s);
    for (int k = 0; k < PEOPLE; k += ERASED_EACH) assert_gone(f, &t->people[k]);
    assert_int_equal(store_contact_gone(f->s, t->people[0].contact, &f->e), 1);
    move_out(t);
}

/* A process that dies between the commit and the rewrite leaves the latter to the next. */
static void a_rewrite_that_was_missed_is_done_at_the_next_start(void **state)
{
    struct fixture *f = *state;
    struct town *t = live(f);
    f->s->rewrite_from_mono_ms = INT64_MAX;
    for (int k = 0; k < PEOPLE; k += ERASED_EACH) erase_with_receipt(t, &t->people[k]);
    f->s->rewrite_due = false; /* as a process that was killed */
    store_close(f->s);
    MUST(f, store_open(f->url, &f->s, &f->e));
    for (int k = 0; k < PEOPLE; k += ERASED_EACH) assert_gone(f, &t->people[k]);
    move_out(t);
}

int test_erased_bytes(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(no_byte_of_a_person_is_left_while_the_store_is_open),
        WITH_FILE(no_byte_of_any_is_left_when_it_is_closed),
        WITH_FILE(no_byte_is_left_once_it_was_tidied),
        WITH_FILE(a_rewrite_that_was_missed_is_done_at_the_next_start),
    };
    return UNIT_RUN(tests);
}

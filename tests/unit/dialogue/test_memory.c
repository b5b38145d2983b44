/* test_memory.c -- every allocation of a turn fails once.
 *
 * malloc and realloc are taken over for that. The sanitizers have their own, and valgrind too: there
 * these tests are left out. */
#include "fixture.h"

int test_memory(void);

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED

int test_memory(void)
{
    return 0;
}

#else

/* glibc's own, beneath the names that are taken over (malloc(3), "replacing malloc"). */
void *__libc_malloc(size_t n);
void *__libc_realloc(void *p, size_t n);

/* Allocations until one fails; -1: none does. Volatile, for compilers know that malloc reads no variable. */
static volatile long allowed = -1;
static bool failed;

static bool fails(void)
{
    if (allowed < 0) return false;
    allowed = allowed - 1;
    if (allowed >= 0) return false;
    failed = true;
    return true;
}

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}

void *realloc(void *p, size_t n)
{
    return fails() ? NULL : __libc_realloc(p, n);
}

/* Runs the turn again and again, each time with the next allocation failing, until none is left to
 * fail. An arena of a few bytes makes nearly every string an allocation. */
static int survive(struct fixture *x, const struct message *m, const struct meaning *meaning)
{
    const struct event ev = {.now_ms = x->now_ms, .message = m, .meaning = meaning};
    const struct conversation before = x->c;
    int failures = 0;

    for (long n = 0; n < 10000; n++) {
        struct effects fx = {.arena = arena_new(16)};
        struct err e = {0};
        assert_non_null(fx.arena);
        failed = false;
        allowed = n;
        int rc = dialogue_step(&x->script, &x->c, &ev, &fx, &e);
        allowed = -1;
        if (!failed) {
            assert_int_equal(rc, 0);
            arena_free(fx.arena);
            return failures;
        }
        failures++;
        assert_int_equal(rc, -1);
        assert_string_equal(e.text, "dialogue: out of memory");
        assert_int_equal(fx.n, 0);
        assert_memory_equal(&before, &x->c, sizeof before);
        arena_free(fx.arena);
    }
    fail_msg("allocations without end");
    return 0;
}

static void survive_tap(struct fixture *x, const char *id)
{
    const struct message m = {.kind = MESSAGE_TAP, .id = "1", .choice = id, .name = "Sanne"};

    assert_true(survive(x, &m, NULL) > 0);
}

static void first_contact_survives(void **state)
{
    survive_tap(*state, "do:begin");
}

static void an_advice_survives(void **state)
{
    struct fixture *x = *state;

    tapped_all(x, "do:begin usage=daily calendar=yes team=alone do:skip sector=unsure");
    survive_tap(x, "growth=no");
}

static void every_command_survives(void **state)
{
    char id[64];

    for (size_t i = 0; i < ((struct fixture *)*state)->flow.command_n; i++) {
        struct fixture *x = fixture_new();
        tapped_all(x, "do:begin usage=light");
        (void)snprintf(id, sizeof id, "do:%s", x->flow.command[i].id);
        survive_tap(x, id);
        fixture_free(x);
    }
}

static void misunderstandings_survive(void **state)
{
    struct fixture *x = *state;
    const struct message m = {.kind = MESSAGE_TEXT, .id = "1"};

    tapped(x, "do:begin");
    for (int i = 0; i < 3; i++) assert_true(survive(x, &m, NULL) > 0);
}

static void answers_with_a_long_topic_survive(void **state)
{
    struct fixture *x = *state;
    static char words[1001];
    static const struct piece longest[] = {{.literal = words}, {.param = PARAM_N_OF}};
    const struct message m = {.kind = MESSAGE_TEXT, .id = "1"};
    const struct meaning meaning = {
        .n = 2,
        .label = {{.kind = LABEL_ANSWER, .question = GROWTH, .index = 1}, {.kind = LABEL_TOPIC, .index = 0}}};

    memset(words, 'x', sizeof words - 1);
    x->nl_text[x->flow.topic[0].text].other = longest;
    tapped_all(x, "do:begin usage=light calendar=no team=alone security=basic sector=none");
    assert_true(survive(x, &m, &meaning) > 0);
    assert_open(x, "after");
}

static void a_conversation_that_was_not_written_says_so(void **state)
{
    struct fixture *x = *state;
    struct buf out = {0};

    allowed = 0;
    conversation_write(&x->c, &x->flow, &out);
    allowed = -1;
    assert_true(out.failed);
    buf_free(&out);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* Does what is called malloc here do as it is told? */
static bool ours(void)
{
    void *volatile p;

    allowed = 0;
    p = malloc(1);
    allowed = -1;
    free(p);
    return p == NULL;
}

int test_memory(void)
{
    const struct CMUnitTest tests[] = {
        WITH(first_contact_survives),
        WITH(an_advice_survives),
        WITH(every_command_survives),
        WITH(misunderstandings_survive),
        WITH(answers_with_a_long_topic_survive),
        WITH(a_conversation_that_was_not_written_says_so),
    };

    if (ours()) return UNIT_RUN(tests);
    (void)puts("ok 1 - test_memory # SKIP malloc is another's here, as under valgrind");
    return 0;
}

#endif

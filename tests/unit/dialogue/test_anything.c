/* test_anything.c -- whatever a customer does, in whatever order, the dialogue goes on. */
#include "fixture.h"

int test_anything(void);

enum { TURNS = 10000 };

/* The same conversation every time: numbers by Knuth's MMIX generator. */
static unsigned pick(uint64_t *seed, unsigned n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % n;
}

static struct label any_label(const struct fixture *x, uint64_t *seed)
{
    const struct flow *f = &x->flow;
    struct label l = {.question = -1, .score = 0.5};

    switch (pick(seed, 4)) {
    case 0:
        l.kind = LABEL_TOPIC;
        l.index = (int)pick(seed, (unsigned)f->topic_n);
        break;
    case 1:
        l.kind = LABEL_COMMAND;
        l.index = (int)pick(seed, (unsigned)f->command_n);
        break;
    default:
        l.question = (int)pick(seed, (unsigned)f->question_n);
        l.index = (int)pick(seed, (unsigned)f->question[l.question].answer_n);
        l.kind = pick(seed, 5) == 0 ? LABEL_UNSURE : LABEL_ANSWER;
    }
    return l;
}

/* A button of the last message, any answer's, or any command's. */
static const char *any_choice(struct fixture *x, uint64_t *seed)
{
    static char id[64];
    const struct flow_question *q = &x->flow.question[pick(seed, (unsigned)x->flow.question_n)];
    unsigned which = pick(seed, 6);

    if (which < 3 && x->out != NULL && x->out->choice_n > 0)
        (void)snprintf(id, sizeof id, "%s", x->out->choice[pick(seed, (unsigned)x->out->choice_n)].id);
    else if (which == 3)
        (void)snprintf(id, sizeof id, "ask:%s", q->id);
    else if (which == 4)
        (void)snprintf(id, sizeof id, "do:%s", x->flow.command[pick(seed, (unsigned)x->flow.command_n)].id);
    else
        (void)snprintf(id, sizeof id, "%s=%s", q->id, q->answer[pick(seed, (unsigned)q->answer_n)].id);
    return id;
}

static void any_turn(struct fixture *x, uint64_t *seed)
{
    static const enum message_kind kinds[] = {MESSAGE_TEXT,   MESSAGE_TEXT, MESSAGE_TEXT, MESSAGE_TAP,
                                              MESSAGE_TAP,    MESSAGE_TAP,  MESSAGE_EDIT, MESSAGE_REACTION,
                                              MESSAGE_REVOKE, MESSAGE_OPEN, MESSAGE_MEDIA};
    struct message m = {.kind = kinds[pick(seed, sizeof kinds / sizeof *kinds)], .text = "words"};
    struct meaning meaning = {.n = pick(seed, 4)};
    char about[24];

    for (size_t i = 0; i < meaning.n; i++) meaning.label[i] = any_label(x, seed);
    (void)snprintf(about, sizeof about, "%s", x->id);
    if (m.kind == MESSAGE_TAP) m.choice = any_choice(x, seed);
    if (m.kind == MESSAGE_EDIT) m.about = about;
    m.media = (enum media_kind)pick(seed, MEDIA_N);
    x->sent_ms = pick(seed, 10) == 0 ? x->now_ms - HOUR_MS : 0;
    if (pick(seed, 30) == 0) x->now_ms += 2 * DAY_MS;
    stepped(x, &m, m.kind == MESSAGE_TAP ? NULL : &meaning);
}

/* What is said can be sent, and what is open can be answered. */
static void assert_in_order(struct fixture *x)
{
    size_t n, says = 0;
    const struct limits *l = limits_all(&n);
    struct err e = {0};

    for (size_t i = 0; i < x->fx.n; i++) {
        if (x->fx.effect[i].kind != EFFECT_SAY) continue;
        says++;
        for (size_t k = 0; k < n; k++)
            if (outbound_fit(&x->fx.effect[i].say.out, &l[k], &e) != 0) fail_msg("%s", e.text);
    }
    assert_true(says <= 2);
    assert_int_equal(x->c.state == CONVERSATION_ASKING && x->c.question < 0, 0);
    if (x->c.state == CONVERSATION_AFTER || x->c.state == CONVERSATION_START)
        assert_int_equal(x->c.question, -1);
}

static void run(struct fixture *x)
{
    uint64_t seed = 20261123;

    x->name = "Sanne";
    for (int i = 0; i < TURNS; i++) {
        any_turn(x, &seed);
        assert_in_order(x);
    }
}

static void any_order_of_anything_goes_on(void **state)
{
    run(*state);
}

int test_anything(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_order_of_anything_goes_on, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(any_order_of_anything_goes_on, fixture_setup_branching,
                                        fixture_teardown),
    };
    return UNIT_RUN(tests);
}

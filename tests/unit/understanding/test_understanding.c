#include "understanding.h"

#include "buf.h"
#include "err.h"
#include "flow.h"
#include "unit.h"

int test_understanding(void);

/* Two questions: the first offers "unsure" as a button, the second does not. */
static const struct flow flow = {
    .question_n = 2,
    .question =
        {{.id = "team", .answer_n = 2, .answer = {{.id = "alone"}, {.id = "several"}}, .offer_unsure = true},
         {.id = "usage", .answer_n = 3, .answer = {{.id = "light"}, {.id = "daily"}, {.id = "heavy"}}}},
    .topic_n = 2,
    .topic = {{.id = "pop"}, {.id = "imap"}},
    .command_n = 2,
    .command = {{.id = "human"}, {.id = "greeting"}},
};

enum { NONE = -1, TEAM, USAGE };

static int setup(void **state)
{
    static const char *const phrases[][3] = {
        {"team", "alone", "ik alleen"},
        {"team", "several", "met z'n allen"},
        {"team", "several", "3"},
        {"usage", "light", "weinig"},
        {"usage", "heavy", "heel veel"},
        {"usage", "daily", "elke dag"},
        {"any", "unsure", "geen idee"},
        {"any", "faq:pop", "wat is pop"},
        {"any", "command:human", "een mens"},
        {"any", "command:greeting", "hoi"},
        {"usage", "unsure", "nooit geteld"},
        {"usage", "faq:imap", "hm imap"},
    };
    struct understanding *u = understanding_new(&flow);

    if (u == NULL) return -1;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (understanding_learn(u, phrases[i][0], phrases[i][1], phrases[i][2], NULL) != 0) return -1;
    if (understanding_learn_word(u, WORD_KIND_FILLER, "hoi", NULL) != 0 ||
        understanding_learn_word(u, WORD_KIND_FILLER, "graag", NULL) != 0 ||
        understanding_learn_word(u, WORD_KIND_FILLER, "nou ja", NULL) != 0 ||
        understanding_learn_word(u, WORD_KIND_FILLER, "nou", NULL) != 0 ||
        understanding_learn_ordinal(u, 2, "de tweede", NULL) != 0 ||
        understanding_learn_ordinal(u, 9, "de negende", NULL) != 0 ||
        understanding_learn_ordinal(u, 1, "optie 1", NULL) != 0 ||
        understanding_learn_ordinal(u, RANK_MIDDLE, "de middelste", NULL) != 0 ||
        understanding_learn_ordinal(u, RANK_LAST, "de onderste", NULL) != 0)
        return -1;
    *state = u; /* not trained: what is understood here is known by heart */
    return 0;
}

static int teardown(void **state)
{
    understanding_free(*state);
    return 0;
}

/* What `text` means, by name: "alone", "faq:pop", … or "unclear". */
static void means(const struct understanding *u, int question, const char *text, const char *expected)
{
    struct meaning m;
    struct buf name = {0};

    understanding_read(u, question, text, &m);
    if (m.n == 0) buf_adds(&name, "unclear");
    for (size_t i = 0; i < m.n; i++) understanding_label(&flow, &m.label[i], &name);
    assert_string_equal(buf_text(&name), expected);
    assert_int_equal(m.guess_n, 0);
    if (m.n > 0) assert_true(m.label[0].score > 0.99 && !m.label[0].likely);
    if (m.n > 0 && m.label[0].kind <= LABEL_UNSURE) assert_int_equal(m.label[0].question, question);
    buf_free(&name);
}

static void understands_a_phrase_in_any_spelling(void **state)
{
    means(*state, TEAM, "ik alleen", "alone");
    means(*state, TEAM, "IK  ALLEEN!!", "alone");
    means(*state, TEAM, "Met z\xE2\x80\x99n \xC3\xA1llen", "several");
}

static void understands_an_answer_at_its_own_question_only(void **state)
{
    means(*state, USAGE, "weinig", "light");
    means(*state, TEAM, "weinig", "unclear");
    means(*state, NONE, "weinig", "unclear");
    means(*state, USAGE, "hm imap", "faq:imap");
    means(*state, TEAM, "hm imap", "unclear");
}

static void understands_topics_and_commands_anywhere(void **state)
{
    means(*state, TEAM, "wat is POP?", "faq:pop");
    means(*state, USAGE, "Wat is pop", "faq:pop");
    means(*state, NONE, "een mens", "command:human");
}

static void unsure_holds_at_the_open_question(void **state)
{
    means(*state, TEAM, "geen idee", "unsure");
    means(*state, USAGE, "geen idee", "unsure");
    means(*state, USAGE, "nooit geteld", "unsure");
    means(*state, TEAM, "nooit geteld", "unclear");
    means(*state, NONE, "geen idee", "unclear");
}

static void phrase_of_the_start_holds_while_no_question_is_open(void **state)
{
    assert_int_equal(understanding_learn(*state, "start", "command:human", "ja", NULL), 0);
    means(*state, NONE, "ja", "command:human");
    means(*state, TEAM, "ja", "unclear");
}

static void leaves_out_filler_at_both_ends(void **state)
{
    means(*state, USAGE, "hoi, elke dag graag", "daily");
    means(*state, USAGE, "nou ja nou elke dag", "daily");
    means(*state, USAGE, "elke graag dag", "unclear"); /* not in the middle */
    means(*state, NONE, "hoi, een mens graag", "command:human");
}

static void filler_alone_keeps_its_own_meaning(void **state)
{
    means(*state, USAGE, "hoi", "command:greeting");
    means(*state, USAGE, "hoi hoi", "command:greeting");
    means(*state, USAGE, "graag", "unclear");
}

static void number_picks_in_the_order_shown(void **state)
{
    means(*state, USAGE, "1", "light");
    means(*state, USAGE, "3", "heavy");
    means(*state, USAGE, "de tweede graag", "daily");
    means(*state, TEAM, "2", "several");
    means(*state, TEAM, "2\xEF\xB8\x8F\xE2\x83\xA3", "several"); /* the keycap */
}

static void number_beyond_what_is_offered_is_unclear(void **state)
{
    means(*state, USAGE, "4", "unclear"); /* "unsure" is no button here */
    means(*state, USAGE, "0", "unclear");
    means(*state, USAGE, "99", "unclear");
    means(*state, USAGE, "100", "unclear");
    means(*state, USAGE, "de negende", "unclear");
    means(*state, NONE, "1", "unclear");
}

static void rank_learnt_in_digits_is_known_for_every_number(void **state)
{
    means(*state, USAGE, "optie 1", "light");
    means(*state, USAGE, "optie 3", "heavy");
    means(*state, USAGE, "optie 9", "unclear");
    means(*state, USAGE, "optie 123", "unclear");
    means(*state, NONE, "optie 2", "unclear");
}

static void places_pick_among_the_answers(void **state)
{
    means(*state, USAGE, "de middelste", "daily");
    means(*state, USAGE, "de onderste", "heavy");
    means(*state, TEAM, "de onderste", "several");
    means(*state, TEAM, "de middelste", "unclear"); /* of two */
}

static void a_group_has_a_limit_and_one_word_a_time(void **state)
{
    struct understanding *u = *state;
    struct err e = {0};
    char name[16];

    assert_int_equal(understanding_learn_group(u, "family", "mijn zus", &e), -1);
    assert_non_null(strstr(e.text, "'mijn zus': expected one word"));
    for (int i = 1; i < UNDERSTANDING_GROUPS_MAX; i++) {
        (void)snprintf(name, sizeof name, "group %d", i);
        assert_int_equal(understanding_learn_group(u, name, "zus", &e), 0);
    }
    assert_int_equal(understanding_learn_group(u, "family", "broer", &e), 0);
    assert_int_equal(understanding_learn_group(u, "one too many", "zus", &e), -1);
    assert_non_null(strstr(e.text, "group 'one too many': more than 32"));
}

static void phrase_of_the_question_goes_before_the_order(void **state)
{
    means(*state, TEAM, "3", "several"); /* three people, although the third button is "unsure" */
}

static void number_after_the_answers_is_unsure_where_that_is_a_button(void **state)
{
    struct understanding *u = understanding_new(&flow);

    (void)state;
    assert_non_null(u);
    means(u, TEAM, "3", "unsure");
    means(u, TEAM, "4", "unclear");
    means(u, USAGE, "4", "unclear");
    understanding_free(u);
}

static void learning_refuses_what_the_flow_does_not_know(void **state)
{
    struct err e = {0};

    assert_int_equal(understanding_learn(*state, "tema", "alone", "x", &e), -1);
    assert_string_equal(e.text, "unknown question 'tema'");
    assert_int_equal(understanding_learn(*state, "team", "light", "x", &e), -1);
    assert_string_equal(e.text, "unknown label 'light'");
    assert_int_equal(understanding_learn(*state, "any", "alone", "x", &e), -1);
    assert_int_equal(understanding_learn(*state, "any", "faq:smtp", "x", &e), -1);
    assert_int_equal(understanding_learn(*state, "any", "command:fly", "x", &e), -1);
    assert_string_equal(e.text, "unknown label 'command:fly'");
}

static void what_the_program_calls_a_command_is_known_by_heart_everywhere(void **state)
{
    struct err e = {0};

    assert_int_equal(understanding_learn_name(*state, "command:human", "call her", &e), 0);
    means(*state, NONE, "call her", "command:human");
    means(*state, TEAM, "Call her!", "command:human");
    assert_int_equal(understanding_learn_name(*state, "faq:pop", "call her", &e), 1);
    assert_int_equal(understanding_learn_name(*state, "command:fly", "fly", &e), -1);
    assert_string_equal(e.text, "unknown label 'command:fly'");
    assert_int_equal(understanding_learn_name(*state, "faq:pop", "", &e), -1);
}

static void phrase_with_two_meanings_is_told_and_means_neither(void **state)
{
    struct err e = {0};

    assert_int_equal(understanding_learn(*state, "team", "several", "Ik alleen.", &e), 1);
    assert_string_equal(e.text, "phrase 'Ik alleen.' stands for both 'alone' and 'several'");
    means(*state, TEAM, "ik alleen", "unclear");
    assert_int_equal(understanding_learn(*state, "team", "several", "met zn allen", &e), 0); /* again */
    assert_int_equal(understanding_learn(*state, "usage", "light", "ik alleen", &e),
                     0); /* another question */
    assert_int_equal(understanding_learn_ordinal(*state, 3, "de tweede", &e), -1);
    assert_string_equal(e.text, "phrase 'de tweede' stands for both 2 and 3");
}

static void learning_refuses_phrases_without_words(void **state)
{
    struct err e = {0};

    assert_int_equal(understanding_learn(*state, "team", "alone", "?!", &e), -1);
    assert_string_equal(e.text, "phrase '?!' has no words");
    assert_int_equal(understanding_learn_word(*state, WORD_KIND_FILLER, "", &e), -1);
    assert_int_equal(understanding_learn_ordinal(*state, 0, "nulde", &e), -1);
}

static void any_bytes_and_any_length_are_unclear_at_worst(void **state)
{
    const size_t n = 64 * 1024;
    char *text = malloc(n + 1);

    assert_non_null(text);
    for (size_t i = 0; i < n; i += 4) memcpy(text + i, "hoi ", 4); /* filler without end */
    text[n] = '\0';
    means(*state, USAGE, text, "unclear");
    for (size_t i = 0; i < n; i++) text[i] = (char)(1 + i * 7919 % 255);
    means(*state, USAGE, text, "unclear");
    means(*state, USAGE, "", "unclear");
    means(*state, USAGE, "\xFF\xFE", "unclear");
    free(text);
}

int test_understanding(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(understands_a_phrase_in_any_spelling, setup, teardown),
        cmocka_unit_test_setup_teardown(understands_an_answer_at_its_own_question_only, setup, teardown),
        cmocka_unit_test_setup_teardown(understands_topics_and_commands_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(unsure_holds_at_the_open_question, setup, teardown),
        cmocka_unit_test_setup_teardown(phrase_of_the_start_holds_while_no_question_is_open, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_out_filler_at_both_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(filler_alone_keeps_its_own_meaning, setup, teardown),
        cmocka_unit_test_setup_teardown(number_picks_in_the_order_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(number_beyond_what_is_offered_is_unclear, setup, teardown),
        cmocka_unit_test_setup_teardown(rank_learnt_in_digits_is_known_for_every_number, setup, teardown),
        cmocka_unit_test_setup_teardown(places_pick_among_the_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(a_group_has_a_limit_and_one_word_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(phrase_of_the_question_goes_before_the_order, setup, teardown),
        cmocka_unit_test(number_after_the_answers_is_unsure_where_that_is_a_button),
        cmocka_unit_test_setup_teardown(learning_refuses_what_the_flow_does_not_know, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_program_calls_a_command_is_known_by_heart_everywhere, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(phrase_with_two_meanings_is_told_and_means_neither, setup, teardown),
        cmocka_unit_test_setup_teardown(learning_refuses_phrases_without_words, setup, teardown),
        cmocka_unit_test_setup_teardown(any_bytes_and_any_length_are_unclear_at_worst, setup, teardown),
    };
    return UNIT_RUN(tests);
}

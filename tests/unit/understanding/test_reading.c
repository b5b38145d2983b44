/* Texts that were never learnt, read by a small understanding that was trained. */
#include "buf.h"
#include "err.h"
#include "flow.h"
#include "understanding.h"
#include "unit.h"

int test_reading(void);

static const struct flow flow = {
    .question_n = 2,
    .question = {{.id = "team", .answer_n = 2, .answer = {{.id = "alone"}, {.id = "several"}}},
                 {.id = "growth", .answer_n = 2, .answer = {{.id = "yes"}, {.id = "no"}}}},
    .topic_n = 2,
    .topic = {{.id = "pop"}, {.id = "price"}},
    .command_n = 3,
    .command = {{.id = "human", .verb = VERB_REACH},
                {.id = "erase", .verb = VERB_ERASE},
                {.id = "stop", .verb = VERB_STOP}},
};

enum { NONE = -1, TEAM, GROWTH };

static const struct {
    const char *question, *label;
    const char *phrase[14];
} lessons[] = {
    {"team",
     "alone",
     {"ik werk alleen", "alleen ik", "ik doe alles zelf", "gewoon ik alleen", "niemand anders",
      "ik heb geen personeel", "solo", "in mijn eentje", "ik ben de enige", "helemaal alleen",
      "ik zonder personeel", "geen collega"}},
    {"team",
     "several",
     {"niet alleen", "met drie mensen", "wij zijn met vier", "samen met mijn man", "met twee collega's",
      "ik heb personeel", "we zijn met 5 mensen", "een team van zes", "mijn vrouw mailt ook",
      "zeker niet alleen", "ik werk niet alleen", "met mijn collega"}},
    {"team", "unclear", {"ja", "ja hoor", "nee", "zeker wel", "oke", "klopt"}},
    {"growth",
     "yes",
     {"ja", "zeker wel", "we gaan groeien", "ik wil uitbreiden", "er komt een winkel bij", "ja we groeien",
      "ik verwacht groei", "groter worden", "volgend jaar een tweede winkel", "uitbreiden is het plan",
      "ja zeker", "jazeker wel"}},
    {"growth",
     "no",
     {"nee", "nee hoor", "het blijft zo", "ik stop over drie jaar", "niet groeien", "we worden kleiner",
      "ik ga met pensioen", "over een jaar stop ik met de winkel", "zo blijven", "ik verwacht geen groei"}},
    {"any",
     "unsure",
     {"geen idee", "weet ik niet", "lastig te zeggen", "ik twijfel", "zou het niet weten",
      "moeilijke vraag"}},
    {"any",
     "faq:pop",
     {"wat is pop", "hoe werkt pop", "is pop nog goed", "pop wat is dat", "leg pop eens uit",
      "wat doet pop"}},
    {"any",
     "faq:price",
     {"wat kost dat", "hoeveel kost het", "wat is de prijs", "is het duur", "wat ga ik betalen",
      "kosten per maand"}},
    {"any",
     "command:human",
     {"ik wil een mens spreken", "bel me even", "kan ik iemand spreken", "liever een mens",
      "iemand spreken graag", "bel mij terug"}},
    {"any",
     "command:erase",
     {"wis mijn gegevens", "verwijder alles van mij", "gooi mijn gegevens weg", "gegevens wissen",
      "wis alles", "mijn gegevens eruit"}},
    {"any",
     "command:stop",
     {"stop", "stop met appen", "laat me met rust", "geen berichten meer", "stuur niks meer", "hou op"}},
    {"any",
     "unclear",
     {"mooi weer vandaag", "de kat zit op het dak", "wat eten we", "haha", "de trein is te laat",
      "lekker weer", "ik zit in de file", "blub", "vis", "de hond blaft", "rode auto", "morgen voetbal"}},
    {"start", "command:human", {"ja", "ja graag", "doe maar"}},
};

static int setup(void **state)
{
    struct understanding *u = understanding_new(&flow);
    struct err e = {0};

    if (u == NULL) return -1;
    for (size_t i = 0; i < sizeof lessons / sizeof *lessons; i++)
        for (const char *const *p = lessons[i].phrase; *p != NULL; p++)
            if (understanding_learn(u, lessons[i].question, lessons[i].label, *p, &e) != 0) return -1;
    if (understanding_learn_group(u, "family", "man", &e) != 0 ||
        understanding_learn_group(u, "family", "vrouw", &e) != 0 ||
        understanding_learn_group(u, "family", "collega", &e) != 0 ||
        understanding_learn_group(u, "family", "zwager", &e) != 0)
        return -1;
    if (understanding_learn_word(u, WORD_KIND_NEGATION, "niet", &e) != 0 ||
        understanding_learn_word(u, WORD_KIND_NEGATION, "geen", &e) != 0 ||
        understanding_learn_word(u, WORD_KIND_JOINT, "en", &e) != 0 ||
        understanding_learn_number(u, 4, "vier", &e) != 0 ||
        understanding_learn_number(u, 6, "zes", &e) != 0 ||
        understanding_learn_short(u, "kweenie", "ik weet het niet", &e) != 0)
        return -1;
    *state = u;
    return understanding_ready(u, &e);
}

static int teardown(void **state)
{
    understanding_free(*state);
    return 0;
}

/* All labels by name, the surest of the open question first; "" when unclear. */
static struct meaning means(const struct understanding *u, int question, const char *text,
                            const char *expected)
{
    struct meaning m;
    struct buf names = {0};

    understanding_read(u, question, text, &m);
    for (size_t i = 0; i < m.n; i++) {
        if (i > 0) buf_addc(&names, ' ');
        understanding_label(&flow, &m.label[i], &names);
        assert_true(m.label[i].score > 0 && m.label[i].score <= 1);
    }
    if (strcmp(buf_text(&names), expected) != 0)
        fail_msg("%s: %s, expected %s", text, buf_text(&names), expected);
    if (m.n > 0) assert_int_equal(m.guess_n, 0);
    buf_free(&names);
    return m;
}

static void reads_what_it_never_learnt(void **state)
{
    means(*state, TEAM, "ik doe het helemaal in mijn eentje", "alone");
    means(*state, TEAM, "wij zijn samen met mijn collega", "several");
    means(*state, GROWTH, "wij gaan zeker uitbreiden", "yes");
    means(*state, NONE, "hoeveel kost dat dan", "faq:price");
}

static void reads_slips_and_numbers(void **state)
{
    means(*state, GROWTH, "uitbreidne", "yes");
    means(*state, TEAM, "wij zijn met 7 mensen", "several"); /* as with 5 or zes */
    means(*state, TEAM, "met zes mensen", "several");
}

static void negation_turns_what_a_clause_says(void **state)
{
    means(*state, TEAM, "ik werk zeker niet alleen", "several");
    means(*state, TEAM, "ik werk alleen", "alone");
}

static void the_open_question_decides(void **state)
{
    means(*state, GROWTH, "ja hoor", "yes");
    means(*state, TEAM, "ja hoor", "");
    means(*state, NONE, "ja graag", "command:human");
}

static void stop_in_a_sentence_is_what_the_sentence_says(void **state)
{
    means(*state, GROWTH, "over vier jaar stop ik met de winkel", "no");
    means(*state, GROWTH, "stop met appen graag", "command:stop");
}

static void an_answer_and_a_question_are_both_read_the_answer_first(void **state)
{
    means(*state, TEAM, "ik werk alleen. wat kost dat?", "alone faq:price");
    means(*state, TEAM, "wat kost dat? ik werk alleen", "alone faq:price");
}

/* "Zwager" stands in no phrase; with others of its kind it does. */
static void a_word_says_what_its_group_says(void **state)
{
    means(*state, TEAM, "samen met mijn zwager", "several");
}

static void who_names_a_topic_and_doubts_asks_about_it(void **state)
{
    means(*state, TEAM, "wat is pop? geen idee", "faq:pop");
    means(*state, TEAM, "geen idee. wat kost dat?", "unsure faq:price");
}

static void an_answer_to_another_question_is_read_along(void **state)
{
    const struct meaning m = means(*state, TEAM, "ik werk alleen en we gaan groeien", "alone yes");

    assert_int_equal(m.label[0].question, TEAM);
    assert_int_equal(m.label[1].question, GROWTH);
    means(*state, NONE, "ja we gaan groeien", "yes");
}

static void no_words_and_no_sense_are_unclear(void **state)
{
    struct meaning m;

    means(*state, TEAM, "de vis zit op de rode auto", "");
    understanding_read(*state, TEAM, "!!!", &m);
    assert_int_equal(m.n + m.guess_n, 0);
    understanding_read(*state, TEAM, "xyzzy", &m);
    assert_int_equal(m.n, 0);
}

/* Two readings as likely as one another are both offered. */
static void of_two_likely_readings_neither_is_taken(void **state)
{
    struct meaning m;

    understanding_read(*state, TEAM, "solo team", &m);
    if (m.n == 0) {
        assert_true(m.guess_n <= MEANING_GUESSES_MAX);
        for (size_t i = 1; i < m.guess_n; i++) assert_true(m.guess[i - 1].score >= m.guess[i].score);
    } else {
        assert_true(m.label[0].likely);
    }
}

static void a_score_below_sure_is_likely(void **state)
{
    static const char *const texts[] = {"alleen zes",        "ik wil", "mijn winkel blijft", "personeel",
                                        "wis alles en stop", "jaar"};
    struct meaning m;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int q = NONE; q <= GROWTH; q++) {
            understanding_read(*state, q, texts[i], &m);
            for (size_t k = 0; k < m.n; k++) {
                if (m.label[k].score < UNDERSTANDING_SURE) assert_true(m.label[k].likely);
                assert_true(m.label[k].score >= UNDERSTANDING_ACCEPT);
            }
        }
}

static void training_twice_gives_the_same_readings(void **state)
{
    void *other = NULL;
    struct meaning a, b;

    assert_int_equal(setup(&other), 0);
    understanding_read(*state, TEAM, "wij met personeel en een winkel", &a);
    understanding_read(other, TEAM, "wij met personeel en een winkel", &b);
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++) assert_true(a.label[i].score == b.label[i].score);
    assert_int_equal(understanding_bytes(*state), understanding_bytes(other));
    understanding_free(other);
}

int test_reading(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_what_it_never_learnt, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_slips_and_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(negation_turns_what_a_clause_says, setup, teardown),
        cmocka_unit_test_setup_teardown(the_open_question_decides, setup, teardown),
        cmocka_unit_test_setup_teardown(stop_in_a_sentence_is_what_the_sentence_says, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_and_a_question_are_both_read_the_answer_first, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_word_says_what_its_group_says, setup, teardown),
        cmocka_unit_test_setup_teardown(who_names_a_topic_and_doubts_asks_about_it, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_to_another_question_is_read_along, setup, teardown),
        cmocka_unit_test_setup_teardown(no_words_and_no_sense_are_unclear, setup, teardown),
        cmocka_unit_test_setup_teardown(of_two_likely_readings_neither_is_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(a_score_below_sure_is_likely, setup, teardown),
        cmocka_unit_test_setup_teardown(training_twice_gives_the_same_readings, setup, teardown),
    };
    return UNIT_RUN(tests);
}

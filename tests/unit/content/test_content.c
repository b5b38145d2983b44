#include "content.h"

#include "arena.h"
#include "business.h"
#include "flow.h"
#include "planted.h"
#include "text.h"
#include "unit.h"

int test_content(void);

static const struct content_files shipped = {"flows/mailkeuze.json", "flows/business.json", "locales", "nl",
                                             .retain_text_days = 30};

static struct faults *list(void)
{
    struct faults *faults = faults_new();

    assert_non_null(faults);
    return faults;
}

static void print(const struct faults *faults)
{
    for (size_t i = 0; i < faults_count(faults); i++) print_message("%s\n", faults_line(faults, i));
}

/* ---- the proof ---- */

static void shipped_content_is_proved_without_a_fault(void **state)
{
    struct faults *faults = list();
    struct content_proof proof;
    struct content *c = NULL;

    (void)state;
    int rc = content_load(&shipped, &c, faults);
    if (rc == 0) rc = content_check(c, faults, &proof);
    print(faults);
    assert_int_equal(faults_count(faults), 0);
    assert_int_equal(rc, 0);
    assert_int_equal(proof.combinations, 5 * 5 * 4 * 5 * 4 * 4);
    assert_true(proof.paths >= 2 * proof.combinations); /* in Dutch and in English */
    assert_true(proof.messages > proof.paths);
    assert_true(proof.longest_body > 0);
    content_free(c);
    faults_free(faults);
}

static void sound_content_has_no_fault_and_no_warning(void **state)
{
    struct faults *faults = list();

    (void)state;
    int rc = planted_load(NULL, 0, faults, NULL);
    print(faults);
    assert_int_equal(rc, 0);
    assert_int_equal(faults_count(faults), 0);
    faults_free(faults);
}

static void all_faults_of_all_files_are_told_in_one_run(void **state)
{
    static const struct planted rows[] = {
        {.file = FLOW, .from = "\"points\": 2 }]", .to = "\"points\": -2 }]"},
        {.file = FLOW, .from = "\"do\": \"skip\"", .to = "\"do\": \"jump\""},
        {.file = FLOW, .from = "\"to\": \"advice\"", .to = "\"to\": \"advise\""},
        {.file = BUSINESS, .from = "[\"09:00-17:00\"]", .to = "[\"9-17\"]"},
        {.file = BUSINESS, .from = "\"name\": \"Shop\", ", .to = ""},
        {.file = NL, .from = "\"How big?\"", .to = "\"How big, {{nam}}?\""},
        {.file = NL, .from = "\"risk.noun\": \"the risk\",", .to = ""},
        {.file = EN, .from = "\"*Less*\"", .to = "\"*Less\""},
        {.file = NL_PHRASES, .from = "\"small\":", .to = "\"smal\":"},
        {.file = EN_PHRASES, .from = "\"faq:why\":", .to = "\"faq:how\":"},
    };
    static const char *const told[] = {"flow.json: state 'size': answer 'big': 'points' is -2",
                                       "flow.json: command 'skip': unknown verb 'jump'",
                                       "flow.json: state 'risk': target 'advise' does not exist",
                                       "business.json: hours: friday: malformed '9-17'",
                                       "business.json: 'name' missing",
                                       "nl.json: 'size.ask': unknown placeholder '{{nam}}'",
                                       "nl.json: 'risk.noun' missing",
                                       "en.json: 'outcome.less.title': a '*' without its pair",
                                       "nl.phrases.json: 'size': 'smal': unknown label 'smal'",
                                       "en.phrases.json: 'any': 'faq:how': unknown label 'faq:how'"};
    struct faults *faults = list();

    (void)state;
    assert_int_equal(planted_load(rows, sizeof rows / sizeof *rows, faults, NULL), -1);
    print(faults);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (!faults_has(faults, told[i])) fail_msg("not told: %s", told[i]);
    assert_int_equal(faults_count(faults), sizeof told / sizeof *told);
    faults_free(faults);
}

static void files_that_are_not_there_are_told_by_name(void **state)
{
    const struct content_files none = {"/nowhere/f.json", "/nowhere/b.json", "/nowhere/l", "nl",
                                       .retain_text_days = 30};
    struct faults *faults = list();
    struct content *c = NULL;

    (void)state;
    assert_int_equal(content_load(&none, &c, faults), -1);
    assert_null(c);
    assert_true(faults_has(faults, "/nowhere/f.json: cannot be read: No such file or directory"));
    assert_true(faults_has(faults, "/nowhere/b.json: cannot be read"));
    assert_true(faults_has(faults, "/nowhere/l: No such file or directory"));
    faults_free(faults);
}

/* Twelve questions of eight answers: more than anybody can prove, and it must say so soon. */
static void flow_with_too_many_combinations_is_refused_unproved(void **state)
{
    struct planted row = {.file = FLOW, .from = "\"begin\": \"size\",\n  \"states\": {"};
    char states[8192] = "\"begin\": \"q0\",\n  \"states\": {";
    struct faults *faults = list();

    (void)state;
    for (int q = 0; q < 10; q++) {
        char one[512];
        char to[8] = "size";
        if (q < 9) (void)snprintf(to, sizeof to, "q%d", q + 1);
        (void)snprintf(one, sizeof one,
                       "\"q%d\":{\"kind\":\"ask\",\"to\":\"%s\",\"answers\":[{\"id\":\"a\",\"points\":0},"
                       "{\"id\":\"b\",\"points\":0},{\"id\":\"c\",\"points\":0}]},",
                       q, to);
        size_t len = strlen(states);
        (void)snprintf(states + len, sizeof states - len, "%s", one);
    }
    row.to = states;
    assert_int_equal(planted_load(&row, 1, faults, NULL), -1);
    assert_true(faults_has(faults, "flow.json: too many combinations to prove, at most 200000"));
    faults_free(faults);
}

static void the_same_fault_is_listed_once_with_its_shortest_conversation(void **state)
{
    const struct planted row = {.file = NL,
                                .from = "\"size.big.label\": \"Big\"",
                                .to = "\"size.big.label\": \"Bigger than buttons..\""};
    struct faults *faults = list();

    (void)state;
    assert_int_equal(planted_load(&row, 1, faults, NULL), -1);
    assert_int_equal(faults_count(faults), 1);
    assert_true(faults_has(faults, "whatsapp allows 20 (shortest: start)"));
    faults_free(faults);
}

/* What it quotes from a file is text: no second line, no command to the terminal. */
static void a_fault_is_one_line_whatever_the_file_says(void **state)
{
    const struct planted row = {.file = FLOW,
                                .from = "\"do:human\", \"topic:why\"",
                                .to = "\"do:a\\u001b[2J\\r\\nb\\u007f\", \"topic:why\""};
    struct faults *faults = list();

    (void)state;
    assert_int_equal(planted_load(&row, 1, faults, NULL), -1);
    assert_true(faults_has(faults, "'do:a [2J  b '"));
    for (size_t i = 0; i < faults_count(faults); i++)
        assert_null(strpbrk(faults_line(faults, i), "\r\n\x1b\x7f"));
    faults_free(faults);
}

/* An answer to the person's own question may go ahead of the rest; it must fit by itself. */
static void topic_too_long_for_a_message_of_its_own_is_a_fault(void **state)
{
    enum { LONG = 4200 };
    char *text = malloc(LONG + 1);
    const struct planted row = {.file = NL, .from = "Because {{human}} says so.", .to = text};
    const struct planted fits = {.file = NL, .from = "Because {{human}} says so.", .to = text + LONG / 2};
    struct faults *faults = list();

    (void)state;
    assert_non_null(text);
    memset(text, 'w', LONG);
    text[LONG] = '\0';
    assert_int_equal(planted_load(&row, 1, faults, NULL), -1);
    assert_true(faults_has(faults,
                           "nl.json: state 'size' after a topic: text longer than whatsapp allows here (4200 "
                           "characters; longest: start, topic:why)"));
    faults_free(faults);
    faults = list();
    (void)planted_load(&fits, 1, faults, NULL);
    assert_false(faults_has(faults, "state 'size'"));
    faults_free(faults);
    free(text);
}

/* ---- a turn ---- */

struct chat {
    struct content *c;
    struct conversation conversation;
    struct arena *arena;
    struct effects fx;
};

static void chat_open(struct chat *t, const char *locale)
{
    struct faults *faults = list();

    assert_int_equal(planted_load(NULL, 0, faults, &t->c), 0);
    faults_free(faults);
    t->arena = arena_new(4096);
    assert_non_null(t->arena);
    t->fx = (struct effects){.arena = t->arena};
    conversation_begin(&t->conversation, locale);
}

static void chat_close(struct chat *t)
{
    arena_free(t->arena);
    content_free(t->c);
}

static void type(struct chat *t, const char *text)
{
    const struct message m = {.kind = MESSAGE_TEXT, .id = "m", .text = text};

    assert_int_equal(content_step(t->c, &t->conversation, &m, INT64_C(1767225600000), &t->fx, NULL), 0);
}

static void typed_words_are_read_against_the_open_question(void **state)
{
    struct chat t;

    (void)state;
    chat_open(&t, "nl");
    type(&t, "Start");
    assert_int_equal(t.conversation.question, 0);
    type(&t, "huge, please!");
    assert_int_equal(t.conversation.answers.of[0].kind, ANSWER_GIVEN);
    assert_int_equal(t.conversation.answers.of[0].index, 1);
    type(&t, "no idea");
    assert_int_equal(t.conversation.answers.of[1].kind, ANSWER_UNSURE);
    assert_int_equal(t.conversation.state, CONVERSATION_AFTER);
    chat_close(&t);
}

static void caption_of_a_photo_is_read_as_words(void **state)
{
    struct chat t;
    const struct message m = {.kind = MESSAGE_MEDIA, .media = MEDIA_IMAGE, .id = "m", .text = "tiny"};

    (void)state;
    chat_open(&t, "nl");
    type(&t, "start");
    assert_int_equal(content_step(t.c, &t.conversation, &m, INT64_C(1767225600000), &t.fx, NULL), 0);
    assert_int_equal(t.conversation.answers.of[0].kind, ANSWER_GIVEN);
    chat_close(&t);
}

/* "cheers" stands in the English phrases alone. */
static void what_is_typed_in_another_language_is_understood(void **state)
{
    const struct planted rows[] = {
        {.file = EN_PHRASES,
         .from = "\"command:human\":",
         .to =
             "\"command:english\": [\"in english\"], \"command:thanks\": [\"cheers\"], \"command:human\":"}};
    struct faults *faults = list();
    struct chat t;

    (void)state;
    chat_open(&t, "nl");
    content_free(t.c);
    assert_int_equal(planted_load(rows, 1, faults, &t.c), 0);
    faults_free(faults);
    type(&t, "start");
    type(&t, "cheers");
    assert_int_equal(t.conversation.misses, 0);
    assert_string_equal(t.conversation.locale, "nl"); /* and answered in the one that is spoken */
    type(&t, "in english, please");
    assert_string_equal(t.conversation.locale, "en");
    chat_close(&t);
}

static void the_default_locale_goes_first(void **state)
{
    struct chat t;

    (void)state;
    chat_open(&t, "nl");
    assert_string_equal(content_script(t.c)->locales[0]->code, "nl");
    assert_int_equal(content_script(t.c)->locale_n, 2);
    chat_close(&t);
}

/* ---- what files become ---- */

static void files_become_what_they_say(void **state)
{
    struct chat t;

    (void)state;
    chat_open(&t, "nl");
    const struct flow *f = content_script(t.c)->flow;
    const struct business *b = content_script(t.c)->business;
    assert_string_equal(f->id, "sound");
    assert_int_equal(f->question_n, 2);
    assert_true(f->question[1].answer[1].decisive);
    assert_false(f->question[0].offer_unsure);
    assert_int_equal(f->outcome[1].lean_to, 0);
    assert_int_equal(f->outcome[0].rule[0].unsure.from, 0);
    assert_int_equal(f->state[flow_state_find(f, "fork")].cases[0].answers, 1u << 1 | 1u << FLOW_ANSWERS_MAX);
    assert_string_equal(f->command[flow_command_find(f, "english")].locale, "en");
    assert_string_equal(b->social, "x.example/shop");
    assert_int_equal(b->hours.block_n[0], 2);
    assert_int_equal(b->hours.block[0][1].from, 13 * 60);
    assert_int_equal(b->hours.off_n, 2);
    assert_int_equal(b->hours.off[1].to.month, 8);
    assert_int_equal(b->hours.block_n[6], 0);
    assert_int_equal(b->hours.extra_n, 2);
    assert_int_equal(b->hours.extra[0].date.day, 30);
    assert_int_equal(b->hours.extra[0].block_n, 2);
    assert_int_equal(b->hours.extra[0].block[1].from, 12 * 60 + 30);
    assert_int_equal(b->hours.extra[1].date.month, 7);
    assert_int_equal(b->hours.extra[1].block[0].to, 10 * 60);
    assert_int_equal(content_script(t.c)->retain_text_days, 30);
    chat_close(&t);
}

static void the_time_to_reply_is_two_hours_or_what_is_said(void **state)
{
    static const struct {
        const char *said;
        int minutes;
    } rows[] = {{"", 120}, {"15", 15}, {"90", 90}, {"1440", 1440}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char key[64] = "\"extra_days\": [";
        if (rows[i].said[0] != '\0')
            (void)snprintf(key, sizeof key, "\"reply_within_minutes\": %s, \"extra_days\": [", rows[i].said);
        const struct planted row = {.file = BUSINESS, .from = "\"extra_days\": [", .to = key};
        struct faults *faults = list();
        struct content *c = NULL;
        assert_int_equal(planted_load(&row, 1, faults, &c), 0);
        assert_int_equal(content_script(c)->business->reply_grace_min, rows[i].minutes);
        content_free(c);
        faults_free(faults);
    }
}

/* ---- pictures ---- */

static char *graph(const struct content *c, enum graph_format format)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    content_graph(c, format, "nl", out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void picture_shows_questions_points_and_rules(void **state)
{
    struct chat t;

    (void)state;
    chat_open(&t, "nl");
    char *dot = graph(t.c, GRAPH_DOT), *mermaid = graph(t.c, GRAPH_MERMAID);
    assert_non_null(strstr(dot, "rankdir=TB"));
    assert_non_null(strstr(dot, "state_size [label=\"size\\nHow big?\", shape=box, style=rounded]"));
    assert_non_null(strstr(dot, "state_size -> state_fork [label=\"Small +0\\nBig +2\\nunsure_label\"]"));
    assert_non_null(strstr(dot, "state_advice -> outcome_perhaps [label=\"points 2\"]"));
    assert_non_null(strstr(mermaid, "flowchart TD\n"));
    assert_non_null(strstr(mermaid, "state_fork --> |\"size: big unsure\"| state_note\n"));
    assert_non_null(strstr(mermaid, "state_hello -.-> state_more\n"));
    free(dot);
    free(mermaid);
    chat_close(&t);
}

static void picture_escapes_what_its_format_would_read(void **state)
{
    const struct planted row = {.file = NL, .from = "\"How big?\"", .to = "\"A \\\"big\\\" <b>#1</b>?\""};
    struct faults *faults = list();
    struct content *c = NULL;

    (void)state;
    assert_int_equal(planted_load(&row, 1, faults, &c), 0);
    char *dot = graph(c, GRAPH_DOT), *mermaid = graph(c, GRAPH_MERMAID);
    assert_non_null(strstr(dot, "A \\\"big\\\" <b>#1</b>?"));
    assert_non_null(strstr(mermaid, "A #quot;big#quot; #lt;b#gt;#35;1#lt;/b#gt;?"));
    free(dot);
    free(mermaid);
    content_free(c);
    faults_free(faults);
}

int test_content(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_content_is_proved_without_a_fault),
        cmocka_unit_test(sound_content_has_no_fault_and_no_warning),
        cmocka_unit_test(all_faults_of_all_files_are_told_in_one_run),
        cmocka_unit_test(files_that_are_not_there_are_told_by_name),
        cmocka_unit_test(flow_with_too_many_combinations_is_refused_unproved),
        cmocka_unit_test(the_same_fault_is_listed_once_with_its_shortest_conversation),
        cmocka_unit_test(a_fault_is_one_line_whatever_the_file_says),
        cmocka_unit_test(topic_too_long_for_a_message_of_its_own_is_a_fault),
        cmocka_unit_test(typed_words_are_read_against_the_open_question),
        cmocka_unit_test(caption_of_a_photo_is_read_as_words),
        cmocka_unit_test(what_is_typed_in_another_language_is_understood),
        cmocka_unit_test(the_default_locale_goes_first),
        cmocka_unit_test(files_become_what_they_say),
        cmocka_unit_test(the_time_to_reply_is_two_hours_or_what_is_said),
        cmocka_unit_test(picture_shows_questions_points_and_rules),
        cmocka_unit_test(picture_escapes_what_its_format_would_read),
    };
    return UNIT_RUN(tests);
}

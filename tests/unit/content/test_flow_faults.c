#include "planted.h"
#include "unit.h"

int test_flow_faults(void);

#define ROW(name, from, to, line, n)                                                                         \
    {                                                                                                        \
        name, FLOW, from, to, line, n                                                                        \
    }

static const struct planted rows[] = {
    /* ---- reading ---- */
    ROW("flow_syntax_error_is_told_with_its_line", "\"version\": 1,", "\"version\": 1;",
        "flow.json: line 2, column 30: ", 0),
    ROW("flow_key_twice_in_one_object_is_a_fault", "\"version\": 1,", "\"version\": 1, \"version\": 2,",
        "flow.json: line 2, column 40: duplicate object key", 0),
    ROW("flow_file_that_is_no_object_is_a_fault", NULL, "[]", "flow.json: expected an object, found a list",
        0),
    ROW("flow_value_of_another_type_is_told_with_what_was_expected", "\"points\": 2 }]",
        "\"points\": \"2\" }]",
        "flow.json: state 'size': answer 'big': 'points': expected a whole number, found a string", 1),
    ROW("flow_fraction_where_a_whole_number_belongs_is_a_fault", "\"points\": 2 }]", "\"points\": 2.5 }]",
        "flow.json: state 'size': answer 'big': 'points': expected a whole number, found a fraction", 1),
    ROW("flow_null_where_a_string_belongs_is_a_fault", "\"id\": \"sound\"", "\"id\": null",
        "flow.json: 'id': expected a string, found null", 1),
    ROW("flow_list_where_an_object_belongs_is_a_fault", "\"note\": { \"kind\": \"say\", \"to\": \"risk\" }",
        "\"note\": []", "flow.json: state 'note': value: expected an object, found a list", 0),
    ROW("flow_unknown_key_is_told_with_its_state", "\"offer_unsure\"", "\"ofer_unsure\"",
        "flow.json: state 'risk': unknown key 'ofer_unsure'", 1),
    ROW("flow_key_of_another_kind_of_state_is_unknown", "\"kind\": \"say\",",
        "\"kind\": \"say\", \"answers\": [],", "flow.json: state 'note': unknown key 'answers'", 1),
    ROW("flow_missing_key_is_told", "\"version\": 1, ", "", "flow.json: 'version' missing", 1),
    ROW("flow_outcome_without_a_rule_is_a_fault", "\"when\": [{ \"points\": [3, 99] }]", "\"when\": []",
        "flow.json: outcome 'more': 'when' has no rule", 1),
    ROW("flow_case_that_looks_at_two_questions_is_a_fault", "{ \"size\": [\"big\", \"unsure\"] }",
        "{ \"size\": [\"big\"], \"risk\": [\"low\"] }",
        "flow.json: state 'fork': case 1: 'when' names 2 questions, expected one", 1),
    ROW("flow_unknown_kind_of_state_is_told_with_the_kinds", "\"kind\": \"say\"", "\"kind\": \"tell\"",
        "flow.json: state 'note': unknown kind 'tell', expected ask, say, branch, advise or menu", 0),

    /* ---- ids ---- */
    ROW("flow_malformed_id_is_a_fault", "\"id\": \"small\"", "\"id\": \"Small one\"",
        "flow.json: state 'size': answer 1: malformed id 'Small one', expected 1 to 24 of a-z, 0-9 and _", 0),
    ROW("flow_id_longer_than_buttons_allow_is_a_fault", "\"id\": \"small\"",
        "\"id\": \"abcdefghijklmnopqrstuvwxy\"", "malformed id 'abcdefghijklmnopqrstuvwxy'", 0),
    ROW("flow_answer_twice_is_a_fault", "\"id\": \"small\"", "\"id\": \"big\"",
        "flow.json: state 'size': answer 'big' stands twice", 0),
    ROW("flow_answer_named_unsure_is_a_fault", "\"id\": \"small\"", "\"id\": \"unsure\"",
        "flow.json: state 'size': answer id 'unsure' is what every question has already", 0),
    ROW("flow_state_named_as_a_group_of_texts_is_a_fault", "\"note\": {", "\"topic\": {",
        "flow.json: state 'topic': 'topic' is a word of the texts, not an id", 0),
    ROW("flow_outcome_twice_is_a_fault", "\"id\": \"perhaps\"", "\"id\": \"less\"",
        "flow.json: outcome 'less' stands twice", 0),
    ROW("flow_topic_twice_is_a_fault", "[\"why\"]", "[\"why\", \"why\"]",
        "flow.json: topic 'why': stands twice", 1),

    /* ---- how much ---- */
    ROW("flow_too_many_answers_is_a_fault", "{ \"id\": \"low\", \"points\": 0 }",
        "{\"id\":\"a\",\"points\":0},{\"id\":\"b\",\"points\":0},{\"id\":\"c\",\"points\":0},{\"id\":\"d\","
        "\"points\":0},"
        "{\"id\":\"e\",\"points\":0},{\"id\":\"f\",\"points\":0},{\"id\":\"g\",\"points\":0},{\"id\":\"h\","
        "\"points\":0}",
        "flow.json: state 'risk': 9 answers, at most 8", 0),
    ROW("flow_question_without_answers_is_a_fault",
        "[{ \"id\": \"low\", \"points\": 0 }, { \"id\": \"high\", \"points\": 3, \"decisive\": true }]", "[]",
        "flow.json: state 'risk': a question without answers", 0),
    ROW("flow_negative_points_are_a_fault", "\"points\": 2 }]", "\"points\": -1 }]",
        "flow.json: state 'size': answer 'big': 'points' is -1, expected 0 to 99", 1),
    ROW("flow_too_many_points_are_a_fault", "\"points\": 2 }]", "\"points\": 100 }]",
        "flow.json: state 'size': answer 'big': 'points' is 100, expected 0 to 99", 1),

    /* ---- what points to what ---- */
    ROW("flow_target_that_is_no_state_is_told_once", "\"to\": \"advice\"", "\"to\": \"advise\"",
        "flow.json: state 'risk': target 'advise' does not exist", 1),
    ROW("flow_target_of_an_answer_that_is_no_state_is_told_with_the_answer",
        "\"id\": \"small\", \"points\": 0", "\"id\": \"small\", \"points\": 0, \"to\": \"nowhere\"",
        "flow.json: state 'size': answer 'small': target 'nowhere' does not exist", 1),
    ROW("flow_answer_without_target_is_a_dead_end", "\"kind\": \"ask\", \"to\": \"fork\",",
        "\"kind\": \"ask\",",
        "flow.json: state 'size': answer 'small': dead end: no 'to' here, and none of the state", 3),
    ROW("flow_say_without_target_is_a_fault", "\"kind\": \"say\", \"to\": \"risk\"", "\"kind\": \"say\"",
        "flow.json: state 'note': 'to' missing", 1),
    ROW("flow_branch_without_else_is_a_fault", "\"else\": \"risk\",", "",
        "flow.json: state 'fork': 'else' missing", 1),
    ROW("flow_begin_at_a_menu_is_a_fault", "\"begin\": \"size\"", "\"begin\": \"hello\"",
        "flow.json: 'begin': state 'hello' is of kind menu, expected ask, say or branch", 0),
    ROW("flow_welcome_that_asks_is_a_fault", "\"welcome\": \"hello\"", "\"welcome\": \"size\"",
        "flow.json: 'welcome': state 'size' is of kind ask, expected menu", 0),
    ROW("flow_option_of_an_unknown_command_is_a_fault", "\"do:human\", \"topic:why\", \"do:change\"",
        "\"do:humans\", \"topic:why\"",
        "flow.json: state 'advice': option 'do:humans': command 'humans' does not exist", 1),
    ROW("flow_option_of_an_unknown_topic_is_a_fault", "\"topic:why\", \"do:start\"",
        "\"topic:how\", \"do:start\"",
        "flow.json: state 'more': option 'topic:how': topic 'how' does not exist", 1),
    ROW("flow_option_of_an_unknown_state_is_a_fault", "\"go:more\"", "\"go:less\"",
        "flow.json: state 'hello': option 'go:less': state 'less' does not exist", 0),
    ROW("flow_option_that_goes_to_a_question_is_a_fault", "\"go:more\"", "\"go:size\"",
        "flow.json: state 'hello': option 'go:size': state 'size' is no menu", 0),
    ROW("flow_option_of_no_known_sort_is_a_fault", "\"go:more\"", "\"more\"",
        "flow.json: state 'hello': option 'more': expected do:, topic: or go: and an id", 0),
    ROW("flow_option_twice_is_a_fault", "\"topic:why\", \"do:start\"", "\"do:start\", \"do:start\"",
        "flow.json: state 'more': option 'do:start' stands twice", 1),
    ROW("flow_unknown_verb_is_a_fault", "\"do\": \"skip\"", "\"do\": \"jump\"",
        "flow.json: command 'skip': unknown verb 'jump'", 1),
    ROW("flow_without_a_command_to_begin_is_a_fault", "\"do\": \"begin\"", "\"do\": \"greet\"",
        "flow.json: no command with \"do\": \"begin\"", 1),
    ROW("flow_show_of_no_menu_is_a_fault", "\"state\": \"more\"", "\"state\": \"risk\"",
        "flow.json: command 'list': state 'risk' is no menu", 1),
    ROW("flow_language_without_file_is_a_fault", "\"locale\": \"en\"", "\"locale\": \"fr\"",
        "flow.json: command 'english': locale 'fr' has no file", 1),
    ROW("flow_branch_on_an_unknown_question_is_a_fault", "\"when\": { \"size\"", "\"when\": { \"sizes\"",
        "flow.json: state 'fork': case 1: question 'sizes' does not exist", 1),
    ROW("flow_branch_on_an_unknown_answer_is_a_fault", "[\"big\", \"unsure\"]", "[\"bigger\"]",
        "flow.json: state 'fork': case 1: question 'size' has no answer 'bigger'", 1),
    ROW("flow_range_upside_down_is_a_fault", "\"points\": [2, 2]", "\"points\": [2, 1]",
        "flow.json: outcome 'perhaps': rule 1: 'points': malformed range, expected [from, to]", 1),
    ROW("flow_range_of_one_number_is_a_fault", "\"unsure\": [1, 2]", "\"unsure\": [1]",
        "flow.json: caution: rule 1: 'unsure': malformed range", 1),
    ROW("flow_lean_to_an_unknown_outcome_is_a_fault", "\"lean\": { \"to\": \"less\"",
        "\"lean\": { \"to\": \"lesser\"",
        "flow.json: outcome 'perhaps': lean: outcome 'lesser' does not exist", 1),

    /* ---- roads ---- */
    ROW("graph_unreachable_state_is_a_fault", "\"to\": \"note\"", "\"to\": \"risk\"",
        "flow.json: state 'note': cannot be reached", 1),
    ROW("graph_menu_without_options_is_a_dead_end", "[\"topic:why\", \"do:start\"]", "[]",
        "flow.json: state 'more': dead end: a menu without options", 0),
    ROW("graph_question_that_ends_in_a_menu_is_a_dead_end_with_its_conversation",
        "\"id\": \"high\", \"points\": 3,", "\"id\": \"high\", \"points\": 3, \"to\": \"more\",",
        "flow.json: state 'risk': dead end: leads to menu 'more', which gives no advice (shortest: start, "
        "size=small, "
        "risk=high)",
        1),
    ROW("graph_loop_without_a_question_is_told_with_its_states", "\"kind\": \"say\", \"to\": \"risk\"",
        "\"kind\": \"say\", \"to\": \"fork\"",
        "flow.json: state 'fork': loop without a question: fork -> note -> fork (shortest: start, "
        "size=small)",
        1),
    ROW("graph_question_that_comes_back_is_told_with_its_states", "\"to\": \"advice\"", "\"to\": \"size\"",
        "flow.json: state 'size': circle: the question comes back on the same path: size -> fork -> note -> "
        "risk -> "
        "size",
        0),
    ROW("graph_more_texts_in_a_row_than_a_message_holds_is_a_fault",
        "\"note\": { \"kind\": \"say\", \"to\": \"risk\" }",
        "\"note\": {\"kind\":\"say\",\"to\":\"n2\"}, \"n2\": {\"kind\":\"say\",\"to\":\"n3\"}, \"n3\": "
        "{\"kind\":\"say\",\"to\":"
        "\"n4\"}, \"n4\": {\"kind\":\"say\",\"to\":\"n5\"}, \"n5\": {\"kind\":\"say\",\"to\":\"risk\"}",
        "flow.json: state 'note': more than 4 texts in a row without a question", 0),

    /* ---- advice ---- */
    ROW("advice_combination_without_one_is_told_with_its_conversation", "\"points\": [2, 2]",
        "\"points\": [1, 1]",
        "flow.json: combination without advice: 2 points, 0 unsure (shortest: start, size=big, risk=low)", 0),
    ROW("advice_combination_with_two_is_told_with_both", "\"points\": [0, 1]", "\"points\": [0, 2]",
        "flow.json: combination with two advices, 'less' and 'perhaps': 2 points, 0 unsure (shortest: start, "
        "size=big, risk=low)",
        0),
    ROW("advice_that_a_stronger_need_makes_lighter_is_a_fault", "[{ \"points\": [0, 1] }] },",
        "[{ \"points\": [0, 1] }, { \"points\": [4, 99] }] },",
        "flow.json: state 'size': a stronger need, a lighter advice: from 'small' to 'big' moves 'more' to "
        "'less' "
        "(shortest: start, size=small, risk=high)",
        0),
    ROW("advice_that_no_combination_gives_is_a_warning", "\"points\": [3, 99] }] }",
        "\"points\": [3, 99] }] }, { \"id\": \"most\", \"when\": [{ \"points\": [50, 99] }] }",
        "flow.json: outcome 'most': no combination gives it", 0),
};

int test_flow_faults(void)
{
    return planted_run(__FILE__, rows, sizeof rows / sizeof *rows);
}

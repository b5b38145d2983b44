#include "planted.h"
#include "unit.h"

int test_text_faults(void);

#define FOUR     "WWWW"
#define SIXTY    FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR
#define THOUSAND THREE_HUNDRED THREE_HUNDRED THREE_HUNDRED SIXTY SIXTY
/* With the hours written out no platform takes it. */
#define LONGEST                                                                                              \
    THOUSAND THOUSAND THOUSAND THREE_HUNDRED THREE_HUNDRED THREE_HUNDRED FOUR FOUR FOUR FOUR                 \
        "{{hours}}{{hours}}{{hours}}{{hours}}{{hours}}"
#define THREE_HUNDRED SIXTY SIXTY SIXTY SIXTY SIXTY

static const struct planted rows[] = {
    /* ---- which texts ---- */
    {"texts_syntax_error_is_told_with_its_line", NL, "{\n", "{{\n", "nl.json: line 1, column 2: ", 1},
    {"texts_missing_in_the_source_is_told_with_who_speaks_it", NL, "\"size.ask\": \"How big?\", ", "",
     "flow.json: state 'size')", 1},
    {"texts_missing_of_the_dialogue_itself_is_told", NL, "  \"stopped\": \"stopped\",\n", "",
     "nl.json: 'stopped' missing (the dialogue)", 0},
    {"texts_missing_in_another_locale_is_told", EN, "\"note.text\": \"Mind the size.\",\n", "",
     "en.json: 'note.text' missing (", 1},
    {"texts_missing_plural_form_is_told", NL, "  \"remaining_other\": \"remaining\",\n", "",
     "nl.json: 'remaining_other' missing (the dialogue)", 0},
    {"texts_key_that_nobody_uses_is_a_warning", NL, "\"size.noun\"",
     "\"size.verb\": \"to size\", \"size.noun\"", "nl.json: 'size.verb' is used by nothing", 0},
    {"texts_value_of_another_type_is_a_fault", NL, "\"size.noun\": \"the size\"", "\"size.noun\": 3",
     "nl.json: 'size.noun': expected a string, found a whole number", 1},
    {"texts_empty_is_a_fault", NL, "\"size.noun\": \"the size\"", "\"size.noun\": \" \"",
     "nl.json: 'size.noun' is empty", 1},

    /* ---- placeholders and marks ---- */
    {"texts_unknown_placeholder_is_a_fault", NL, "\"How big?\"", "\"How big, {{nam}}?\"",
     "nl.json: 'size.ask': unknown placeholder '{{nam}}'", 1},
    {"texts_placeholder_without_value_there_is_a_fault", NL, "\"How big?\"", "\"How big is {{outcome}}?\"",
     "nl.json: 'size.ask': placeholder '{{outcome}}' has no value in this text", 1},
    {"texts_placeholder_that_must_be_there_is_a_fault_when_missing", NL, "\"{{if}}, less would do.\"",
     "\"Less would do.\"", "nl.json: 'outcome.less.turn': placeholder '{{if}}' missing", 1},
    {"texts_placeholder_that_the_source_has_is_a_fault_when_lacking", EN, "Because {{human}} says so.",
     "Because.", "en.json: 'topic.why.text': lacks placeholder '{{human}}' that ", 1},
    {"texts_placeholder_that_is_not_closed_is_a_fault", NL, "\"How big?\"", "\"How big, {{human?\"",
     "nl.json: 'size.ask': '{{' without '}}'", 1},
    {"texts_placeholder_that_is_not_opened_is_a_fault", NL, "\"How big?\"", "\"How big, human}}?\"",
     "nl.json: 'size.ask': '}}' without '{{'", 1},
    {"texts_mark_without_its_pair_is_a_fault", NL, "\"*Less*\"", "\"*Less\"",
     "nl.json: 'outcome.less.title': a '*' without its pair", 1},
    {"texts_marks_pair_within_a_line", NL, "\"*Less*\"", "\"*Less\\n*\"",
     "nl.json: 'outcome.less.title': a '*' without its pair", 1},

    /* ---- limits, seen in a conversation ---- */
    {"limits_answer_that_just_fits_a_button_is_fine", NL, "\"size.big.label\": \"Big\"",
     "\"size.big.label\": \"Bigger than a button\"", NULL, 0},
    {"limits_answer_one_letter_too_long_is_told_with_its_conversation", NL, "\"size.big.label\": \"Big\"",
     "\"size.big.label\": \"Bigger than buttons..\"",
     "nl.json: 'size.big.label': button title 'Bigger than buttons..' has 21 characters, whatsapp allows 20 "
     "(shortest: start)",
     1},
    {"limits_note_of_a_row_is_measured_in_the_list_after_two_misunderstandings", NL, "\"Fits in no bag\"",
     "\"" SIXTY FOUR FOUR FOUR FOUR "\"", "nl.json: 'size.big.other': list note 'WWWW", 1},
    {"limits_noun_is_measured_in_the_list_of_answers_to_change", NL, "\"the size\"",
     "\"the size of what it is about\"",
     "nl.json: 'size.noun': button title 'the size of what it is about' has 28", 0},
    {"limits_answers_that_read_the_same_are_a_fault", NL, "\"size.big.label\": \"Big\"",
     "\"size.big.label\": \"small!\"",
     "nl.json: 'size.big.label': phrase 'small!' stands for both 'small' and 'big'", 1},
    {"limits_titles_of_two_buttons_that_read_the_same_are_a_fault", NL, "\"more.label\": \"More\"",
     "\"more.label\": \"Start\"",
     "nl.json: 'more.label': phrase 'Start' stands for both 'command:start' and 'command:list'", 1},
    {"limits_footer_too_long_is_a_fault", NL, "\"privacy {{days}}\"", "\"" SIXTY "{{days}}\"",
     "nl.json: 'privacy': footer 'WWWW", 1},
    {"limits_label_of_a_list_too_long_is_a_fault", NL, "\"list_title\": \"list_title\"",
     "\"list_title\": \"list_title too long for it\"",
     "nl.json: 'list_title': list button 'list_title too long for it' has 26 characters, whatsapp allows 20",
     1},
    {"limits_question_longer_than_a_message_with_buttons_is_told_with_its_length", NL, "\"How big?\"",
     "\"" THOUSAND "\"", "nl.json: state 'size': text longer than whatsapp allows here (1", 0},
    {"limits_advice_is_measured_with_every_combination", NL, "\"The risk is high.\"", "\"" THOUSAND "\"",
     "nl.json: outcome 'more': text longer than whatsapp allows here (1", 0},
    {"limits_line_to_who_writes_too_fast_is_measured", EN, "\"too_fast\": \"too_fast\"",
     "\"too_fast\": \"" LONGEST "\"",
     "en.json: state 'hello' after too many messages: text longer than whatsapp allows here (4", 0},
    {"limits_line_to_whom_much_was_said_is_measured", EN, "\"enough\": \"enough {{phone}}\"",
     "\"enough\": \"" LONGEST "{{phone}}\"",
     "en.json: state 'hello' after too many replies: text longer than whatsapp allows here (4", 0},
    /* 4,080 characters with a list are none too many; with notes written out beneath them they are. */
    {"limits_notes_count_in_the_text_where_there_are_no_lists", NL, "\"Say it with a number.\"",
     "\"" THOUSAND THOUSAND THOUSAND THOUSAND "\"", "text longer than telegram allows here (4", 2},
    {"limits_hold_in_every_locale", EN, "\"size.big.label\": \"Big\"",
     "\"size.big.label\": \"Bigger than buttons..\"",
     "en.json: 'size.big.label': button title 'Bigger than buttons..' has 21 characters", 1},

    /* ---- phrases ---- */
    {"phrases_unknown_label_is_a_fault", NL_PHRASES,
     "\"small\":", "\"smal\":", "nl.phrases.json: 'size': 'smal': unknown label 'smal'", 1},
    {"phrases_unknown_question_is_a_fault", NL_PHRASES, "\"size\":", "\"sise\":",
     "nl.phrases.json: 'sise': unknown question, expected any, start or a question of the flow", 1},
    {"phrases_unknown_topic_is_a_fault", NL_PHRASES,
     "\"faq:why\":", "\"faq:how\":", "nl.phrases.json: 'any': 'faq:how': unknown label 'faq:how'", 1},
    {"phrases_answer_without_its_question_is_a_fault", NL_PHRASES,
     "\"faq:why\":", "\"small\":", "nl.phrases.json: 'any': 'small': unknown label 'small'", 1},
    {"phrases_twice_under_different_labels_of_one_question_are_a_warning", NL_PHRASES, "\"huge\"",
     "\"huge\", \"Tiny!\"", "warning: ", 0},
    {"phrases_twice_are_named_with_both_labels", NL_PHRASES, "\"huge\"", "\"huge\", \"Tiny!\"",
     "nl.phrases.json: 'size': 'big': phrase 'Tiny!' stands for both 'small' and 'big'", 0},
    {"phrases_fewer_than_five_are_a_warning", NL_PHRASES, ", \"mini\"", "",
     "nl.phrases.json: 'size': 'small': 4 phrases, expected 5 or more", 0},
    {"phrases_of_the_start_may_be_few", NL_PHRASES, "\"size\": {",
     "\"start\": { \"command:human\": [\"yes\"] }, \"size\": {", NULL, 0},
    {"phrases_of_the_start_with_an_answer_are_a_fault", NL_PHRASES, "\"size\": {",
     "\"start\": { \"small\": [\"yes\"] }, \"size\": {",
     "nl.phrases.json: 'start': 'small': unknown label 'small'", 1},
    {"phrases_unclear_are_fine", NL_PHRASES, "\"size\": {",
     "\"size\": { \"unclear\": [\"yes\", \"no\", \"hm\", \"oh\", \"well\"],", NULL, 0},
    {"words_of_an_unknown_kind_are_a_fault", NL_PHRASES,
     "\"filler\":", "\"words\": { \"negatoin\": [\"not\"] }, \"filler\":",
     "nl.phrases.json: words: 'negatoin': unknown kind 'negatoin', expected negation, past, joint, "
     "contrast or limit",
     1},
    {"words_that_are_several_are_a_fault", NL_PHRASES,
     "\"filler\":", "\"words\": { \"negation\": [\"not at all\"] }, \"filler\":",
     "nl.phrases.json: words: 'negation': 'not at all': expected one word", 1},
    {"words_for_numbers_below_none_are_a_fault", NL_PHRASES,
     "\"filler\":", "\"numbers\": { \"minus\": -1 }, \"filler\":",
     "nl.phrases.json: 'numbers': number -1, expected 0 or more", 1},
    {"words_for_numbers_that_are_text_are_a_fault", NL_PHRASES,
     "\"filler\":", "\"numbers\": { \"two\": \"2\" }, \"filler\":",
     "nl.phrases.json: 'numbers': two: expected a whole number, found a string", 1},
    {"words_in_short_without_a_meaning_are_a_fault", NL_PHRASES, "\"filler\":",
     "\"short\": { \"idk\": \"?\" }, \"filler\":", "nl.phrases.json: 'short': phrase '?' has no words", 1},
    {"letters_alike_that_grow_are_a_fault", NL_PHRASES,
     "\"filler\":", "\"alike\": { \"f\": \"ph\" }, \"filler\":", "nl.phrases.json: 'alike': 'f': ", 1},
    {"phrases_twice_under_the_same_label_are_fine", NL_PHRASES, "\"huge\"", "\"huge\", \"Huge\"", NULL, 0},
    {"phrases_without_a_word_are_a_fault", NL_PHRASES, "\"huge\"", "\"!\"",
     "nl.phrases.json: 'size': 'big': phrase '!' has no words", 1},
    {"phrases_that_are_no_text_are_a_fault", NL_PHRASES, "\"huge\"", "3",
     "nl.phrases.json: 'size': 'big': a phrase: expected a string, found a whole number", 1},
    {"phrases_rank_that_is_no_number_is_a_fault", NL_PHRASES, "\"1\": [", "\"one\": [",
     "nl.phrases.json: ordinals: 'one': rank 'one', expected 1 to 9, middle or last", 1},
    {"phrases_syntax_error_is_told_with_its_line", NL_PHRASES, "\"size\":", "\"size\"",
     "nl.phrases.json: line 6, column", 1},
};

int test_text_faults(void)
{
    return planted_run(__FILE__, rows, sizeof rows / sizeof *rows);
}

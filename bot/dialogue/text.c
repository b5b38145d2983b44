#include "text.h"

#include <string.h>

#include "buf.h"

static const char *const names[] = {[PARAM_NAME] = "name",
                                    [PARAM_BUSINESS] = "business",
                                    [PARAM_HUMAN] = "human",
                                    [PARAM_PHONE] = "phone",
                                    [PARAM_EMAIL] = "email",
                                    [PARAM_SITE] = "site",
                                    [PARAM_SOCIAL] = "social",
                                    [PARAM_HOURS] = "hours",
                                    [PARAM_MOMENT] = "moment",
                                    [PARAM_DAYS] = "days",
                                    [PARAM_N] = "n",
                                    [PARAM_TOTAL] = "total",
                                    [PARAM_COUNT] = "count",
                                    [PARAM_ANSWER] = "answer",
                                    [PARAM_QUESTION] = "question",
                                    [PARAM_LIST] = "list",
                                    [PARAM_IF] = "if",
                                    [PARAM_OUTCOME] = "outcome",
                                    [PARAM_OTHER] = "other"};
_Static_assert(sizeof names / sizeof *names == PARAM_N_OF, "name each");

#define NAME     PARAM_BIT(PARAM_NAME)
#define BUSINESS PARAM_BIT(PARAM_BUSINESS)
#define N        PARAM_BIT(PARAM_N)
#define TOTAL    PARAM_BIT(PARAM_TOTAL)
#define COUNT    PARAM_BIT(PARAM_COUNT)
#define ANSWER   PARAM_BIT(PARAM_ANSWER)
#define QUESTION PARAM_BIT(PARAM_QUESTION)
#define LIST     PARAM_BIT(PARAM_LIST)
#define OUTCOME  PARAM_BIT(PARAM_OUTCOME)
#define OTHER    PARAM_BIT(PARAM_OTHER)
#define DAYS     PARAM_BIT(PARAM_DAYS)
#define MOMENT   PARAM_BIT(PARAM_MOMENT)
#define REACH    (PARAM_BIT(PARAM_PHONE) | PARAM_BIT(PARAM_EMAIL))

const struct text_spec text_spec[TEXT_N] = {
    [TEXT_INTRO] = {"intro", 0, BUSINESS, false},
    [TEXT_INTRO_NAMED] = {"intro_named", NAME, NAME | BUSINESS, false},
    [TEXT_PRIVACY] = {"privacy", 0, DAYS, false},
    [TEXT_PROGRESS] = {"progress", N | TOTAL, N | TOTAL, false},
    [TEXT_REMAINING] = {"remaining", COUNT, 0, true},
    [TEXT_UNSURE_LABEL] = {"unsure_label", 0, 0, false},
    [TEXT_UNSURE_HINT] = {"unsure_hint", 0, 0, false},
    [TEXT_LIST_TITLE] = {"list_title", 0, 0, false},
    [TEXT_NOTED] = {"noted", LIST | COUNT, LIST, true},
    [TEXT_NOTED_LIKELY] = {"noted_likely", LIST, LIST, false},
    [TEXT_CORRECT_LABEL] = {"correct_label", 0, 0, false},
    [TEXT_GUESS_ONE] = {"guess_one", ANSWER, ANSWER, false},
    [TEXT_GUESS_TWO] = {"guess_two", ANSWER | OTHER, ANSWER | OTHER, false},
    [TEXT_OTHER_LABEL] = {"other_label", 0, 0, false},
    [TEXT_CHANGE_DOUBT] = {"change_doubt", QUESTION | ANSWER, ANSWER, false},
    [TEXT_ERASE_LABEL] = {"erase_label", 0, 0, false},
    [TEXT_CHANGED] = {"changed", QUESTION | ANSWER, ANSWER, false},
    [TEXT_REOPENED] = {"reopened", ANSWER, ANSWER, false},
    [TEXT_NOTHING_BACK] = {"nothing_back", 0, 0, false},
    [TEXT_NOTHING_TO_SKIP] = {"nothing_to_skip", 0, 0, false},
    [TEXT_RESTARTED] = {"restarted", 0, 0, false},
    [TEXT_CHANGE_PICK] = {"change_pick", 0, 0, false},
    [TEXT_CHANGE_NONE] = {"change_none", 0, 0, false},
    [TEXT_CHANGE_ROW] = {"change_row", ANSWER, ANSWER, false},
    [TEXT_SKIPPED_LABEL] = {"skipped_label", 0, 0, false},
    [TEXT_RESUME] = {"resume", COUNT | NAME, 0, true},
    [TEXT_RESUME_AFTER] = {"resume_after", OUTCOME | NAME, OUTCOME, false},
    [TEXT_LATE] = {"late", 0, 0, false},
    [TEXT_STOPPED] = {"stopped", 0, 0, false},
    [TEXT_ERASED] = {"erased", 0, 0, false},
    [TEXT_LANGUAGE_SET] = {"language_set", 0, 0, false},
    [TEXT_UNCLEAR] = {"unclear", 0, 0, false},
    [TEXT_UNCLEAR_AGAIN] = {"unclear_again", 0, 0, false},
    [TEXT_UNCLEAR_MORE] = {"unclear_more", 0, 0, false},
    [TEXT_UNCLEAR_OPEN] = {"unclear_open", 0, 0, false},
    [TEXT_UNCLEAR_OPEN_AGAIN] = {"unclear_open_again", 0, 0, false},
    [TEXT_OLD_BUTTON] = {"old_button", 0, 0, false},
    [TEXT_MEDIA_VOICE] = {"media_voice", 0, 0, false},
    [TEXT_MEDIA_AUDIO] = {"media_audio", 0, 0, false},
    [TEXT_MEDIA_IMAGE] = {"media_image", 0, 0, false},
    [TEXT_MEDIA_VIDEO] = {"media_video", 0, 0, false},
    [TEXT_MEDIA_DOCUMENT] = {"media_document", 0, 0, false},
    [TEXT_MEDIA_STICKER] = {"media_sticker", 0, 0, false},
    [TEXT_MEDIA_LOCATION] = {"media_location", 0, 0, false},
    [TEXT_MEDIA_CONTACT] = {"media_contact", 0, 0, false},
    [TEXT_MEDIA_ORDER] = {"media_order", 0, 0, false},
    [TEXT_MEDIA_OTHER] = {"media_other", 0, 0, false},
    [TEXT_ADVICE_REASONS] = {"advice_reasons", 0, 0, false},
    [TEXT_ADVICE_AGAINST] = {"advice_against", LIST, LIST, false},
    [TEXT_ADVICE_LEAN] = {"advice_lean", OUTCOME, OUTCOME, false},
    [TEXT_ADVICE_NO_LEAN] = {"advice_no_lean", 0, 0, false},
    [TEXT_ADVICE_UNSURE] = {"advice_unsure", COUNT | LIST, LIST, true},
    [TEXT_ADVICE_SKIPPED] = {"advice_skipped", COUNT | LIST, LIST, true},
    [TEXT_ADVICE_CAUTION] = {"advice_caution", COUNT, 0, true},
    [TEXT_ADVICE_STEADY] = {"advice_steady", 0, 0, false},
    [TEXT_ADVICE_NUANCE] = {"advice_nuance", 0, 0, false},
    [TEXT_ADVICE_FREE] = {"advice_free", 0, 0, false},
    [TEXT_LINK_LEAD] = {"link_lead", 0, 0, false},
    [TEXT_LINK_TITLE] = {"link_title", 0, 0, false},
    [TEXT_REACH_PLAIN] = {"reach_plain", 0, REACH, false},
    [TEXT_GO_ON] = {"go_on", 0, 0, false},
    [TEXT_STOP_HERE] = {"stop_here", 0, 0, false},
    [TEXT_SUMMARY] = {"summary", OUTCOME | LIST, OUTCOME, false},
    [TEXT_TALK_LABEL] = {"talk_label", 0, 0, false},
    [TEXT_SUMMARY_BARE] = {"summary_bare", OUTCOME, OUTCOME, false},
    [TEXT_SUMMARY_OPEN] = {"summary_open", 0, 0, false},
    [TEXT_AND] = {"and", 0, 0, false},
    [TEXT_HOURS_BLOCK] = {"hours_block", LIST | N | TOTAL, LIST | N | TOTAL, false},
    [TEXT_MOMENT_TODAY] = {"moment_today", N, N, false},
    [TEXT_MOMENT_TOMORROW] = {"moment_tomorrow", N, N, false},
    [TEXT_MOMENT_DAY] = {"moment_day", LIST | N, LIST | N, false},
    [TEXT_MOMENT_DATE] = {"moment_date", LIST | COUNT | QUESTION | N, LIST | COUNT | QUESTION | N, false},
    [TEXT_MOMENT_NOW] = {"moment_now", 0, 0, false},
    [TEXT_MOMENT_UNKNOWN] = {"moment_unknown", 0, 0, false},
    [TEXT_DAY_MONDAY] = {"day_monday", 0, 0, false},
    [TEXT_DAY_TUESDAY] = {"day_tuesday", 0, 0, false},
    [TEXT_DAY_WEDNESDAY] = {"day_wednesday", 0, 0, false},
    [TEXT_DAY_THURSDAY] = {"day_thursday", 0, 0, false},
    [TEXT_DAY_FRIDAY] = {"day_friday", 0, 0, false},
    [TEXT_DAY_SATURDAY] = {"day_saturday", 0, 0, false},
    [TEXT_DAY_SUNDAY] = {"day_sunday", 0, 0, false},
    [TEXT_MONTH_1] = {"month_1", 0, 0, false},
    [TEXT_MONTH_2] = {"month_2", 0, 0, false},
    [TEXT_MONTH_3] = {"month_3", 0, 0, false},
    [TEXT_MONTH_4] = {"month_4", 0, 0, false},
    [TEXT_MONTH_5] = {"month_5", 0, 0, false},
    [TEXT_MONTH_6] = {"month_6", 0, 0, false},
    [TEXT_MONTH_7] = {"month_7", 0, 0, false},
    [TEXT_MONTH_8] = {"month_8", 0, 0, false},
    [TEXT_MONTH_9] = {"month_9", 0, 0, false},
    [TEXT_MONTH_10] = {"month_10", 0, 0, false},
    [TEXT_MONTH_11] = {"month_11", 0, 0, false},
    [TEXT_MONTH_12] = {"month_12", 0, 0, false},

    [TEXT_HANDED] = {"handed", MOMENT, MOMENT, false},
    [TEXT_HANDED_NOW] = {"handed_now", 0, 0, false},
    [TEXT_STILL_WAITING] = {"still_waiting", MOMENT, MOMENT, false},
    [TEXT_STILL_WAITING_NOW] = {"still_waiting_now", 0, 0, false},
    [TEXT_RATHER_CALL] = {"rather_call", 0, PARAM_BIT(PARAM_PHONE), false},
    [TEXT_PASSED_ON] = {"passed_on", 0, 0, false},
    [TEXT_MEDIA_PASSED_ON] = {"media_passed_on", 0, 0, false},
    [TEXT_OVERDUE] = {"overdue", MOMENT, REACH, false},
    [TEXT_BOT_AGAIN] = {"bot_again", 0, 0, false},
    [TEXT_BOT_BACK] = {"bot_back", 0, 0, false},
    [TEXT_TOO_FAST] = {"too_fast", 0, 0, false},
    [TEXT_ENOUGH] = {"enough", 0, PARAM_BIT(PARAM_PHONE), false},
    [TEXT_DESK_ASKED] = {"desk_asked", NAME, NAME, false},
    [TEXT_DESK_SOMEBODY] = {"desk_somebody", 0, 0, false},
    [TEXT_DESK_VIA] = {"desk_via", OTHER, OTHER, false},
    [TEXT_DESK_VIA_NUMBER] = {"desk_via_number", OTHER | N, OTHER | N, false},
    [TEXT_DESK_ANSWERS] = {"desk_answers", 0, 0, false},
    [TEXT_DESK_ANSWER] = {"desk_answer", QUESTION | ANSWER, QUESTION | ANSWER, false},
    [TEXT_DESK_DOUBTFUL] = {"desk_doubtful", QUESTION | ANSWER, QUESTION | ANSWER, false},
    [TEXT_DESK_NO_ANSWERS] = {"desk_no_answers", 0, 0, false},
    [TEXT_DESK_ADVICE] = {"desk_advice", OUTCOME, OUTCOME, false},
    [TEXT_DESK_LEAN] = {"desk_lean", OUTCOME, OUTCOME, false},
    [TEXT_DESK_LEFT] = {"desk_left", COUNT, 0, true},
    [TEXT_DESK_WORDS] = {"desk_words", ANSWER, ANSWER, false},
    [TEXT_DESK_PROMISED] = {"desk_promised", MOMENT, MOMENT, false},
    [TEXT_DESK_WINDOW] = {"desk_window", MOMENT, MOMENT, false},
    [TEXT_DESK_WROTE_EDIT] = {"desk_wrote_edit", ANSWER, ANSWER, false},
    [TEXT_DESK_WROTE_TAP] = {"desk_wrote_tap", ANSWER, ANSWER, false},
    [TEXT_DESK_WITHDRAWN] = {"desk_withdrawn", 0, 0, false},
    [TEXT_DESK_MEDIA] = {"desk_media", ANSWER, ANSWER, false},
    [TEXT_DESK_REMIND] = {"desk_remind", NAME, NAME, false},
    [TEXT_DESK_LATER] = {"desk_later", MOMENT, MOMENT, false},
    [TEXT_DESK_OVERDUE] = {"desk_overdue", NAME, 0, false},
    [TEXT_DESK_OVERDUE_SILENT] = {"desk_overdue_silent", NAME, 0, false},
    [TEXT_DESK_SHUTTING] = {"desk_shutting", NAME | MOMENT, MOMENT, false},
    [TEXT_DESK_TAKEN] = {"desk_taken", NAME, 0, false},
    [TEXT_DESK_GIVEN_BACK] = {"desk_given_back", NAME, 0, false},
    [TEXT_DESK_BACK] = {"desk_back", NAME, 0, false},
    [TEXT_DESK_RESUMED] = {"desk_resumed", NAME, 0, false},
    [TEXT_DESK_GONE] = {"desk_gone", NAME, 0, false},
    [TEXT_DESK_ERASED] = {"desk_erased", 0, 0, false},
    [TEXT_DESK_ECHO] = {"desk_echo", ANSWER, ANSWER, false},
    [TEXT_DESK_KEPT] = {"desk_kept", NAME, 0, false},
    [TEXT_DESK_KEPT_NUMBER] = {"desk_kept_number", N, N, false},
    [TEXT_DESK_KEPT_TEMPLATE] = {"desk_kept_template", ANSWER, ANSWER, false},
    [TEXT_DESK_UNDELIVERED] = {"desk_undelivered", NAME, 0, false},
    [TEXT_DESK_WHOM] = {"desk_whom", 0, 0, false},
    [TEXT_DESK_NO_MEDIA] = {"desk_no_media", 0, 0, false},
    [TEXT_DESK_NO_EDIT] = {"desk_no_edit", 0, 0, false},
    [TEXT_DESK_LOST_MEDIA] = {"desk_lost_media", 0, 0, false},
    [TEXT_DESK_MISSED] = {"desk_missed", ANSWER, ANSWER, false},
    [TEXT_DESK_DIGEST] = {"desk_digest", COUNT, 0, true},
    [TEXT_DESK_DIGEST_LINE] = {"desk_digest_line", NAME | MOMENT, NAME | MOMENT, false},
    [TEXT_DESK_TAKE_LABEL] = {"desk_take_label", 0, 0, false},
    [TEXT_DESK_LATER_LABEL] = {"desk_later_label", 0, 0, false},
    [TEXT_DESK_BACK_LABEL] = {"desk_back_label", 0, 0, false},
    [TEXT_THING_VOICE] = {"thing_voice", 0, 0, false},
    [TEXT_THING_AUDIO] = {"thing_audio", 0, 0, false},
    [TEXT_THING_IMAGE] = {"thing_image", 0, 0, false},
    [TEXT_THING_VIDEO] = {"thing_video", 0, 0, false},
    [TEXT_THING_DOCUMENT] = {"thing_document", 0, 0, false},
    [TEXT_THING_STICKER] = {"thing_sticker", 0, 0, false},
    [TEXT_THING_LOCATION] = {"thing_location", 0, 0, false},
    [TEXT_THING_CONTACT] = {"thing_contact", 0, 0, false},
    [TEXT_THING_ORDER] = {"thing_order", 0, 0, false},
    [TEXT_THING_OTHER] = {"thing_other", 0, 0, false},
    [TEXT_TIME_TODAY] = {"time_today", N, N, false},
    [TEXT_TIME_TOMORROW] = {"time_tomorrow", N, N, false},
    [TEXT_TIME_DAY] = {"time_day", LIST | N, LIST | N, false},
    [TEXT_TIME_DATE] = {"time_date", LIST | COUNT | QUESTION | N, LIST | COUNT | QUESTION | N, false},
};

const char *param_name(enum param p)
{
    return names[p];
}

bool param_from(const char *name, size_t n, enum param *out)
{
    for (int i = 0; i < PARAM_N_OF; i++) {
        if (strlen(names[i]) != n || memcmp(names[i], name, n) != 0) continue;
        *out = (enum param)i;
        return true;
    }
    return false;
}

static bool ends(const struct piece *piece)
{
    return piece->literal == NULL && piece->param == PARAM_N_OF;
}

bool text_asks(const struct locale *l, int id, enum param p)
{
    for (const struct piece *piece = l->text[id].other; !ends(piece); piece++)
        if (piece->literal == NULL && piece->param == p) return true;
    for (const struct piece *piece = l->text[id].one; piece != NULL && !ends(piece); piece++)
        if (piece->literal == NULL && piece->param == p) return true;
    return false;
}

void text_write(const struct locale *l, int id, const struct params *p, struct buf *out)
{
    const struct text *t = &l->text[id];
    const struct piece *piece = p != NULL && p->count == 1 && t->one != NULL ? t->one : t->other;

    for (; !ends(piece); piece++) {
        if (piece->literal != NULL)
            buf_adds(out, piece->literal);
        else if (piece->param == PARAM_COUNT && p != NULL && p->value[PARAM_COUNT] == NULL)
            buf_addf(out, "%d", p->count);
        else if (p != NULL && p->value[piece->param] != NULL)
            buf_adds(out, p->value[piece->param]);
    }
}

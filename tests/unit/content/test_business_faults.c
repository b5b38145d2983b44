#include "buf.h"
#include "hours.h"
#include "planted.h"
#include "unit.h"

int test_business_faults(void);

#define ROW(name, from, to, line)                                                                            \
    {                                                                                                        \
        name, BUSINESS, from, to, line, 1                                                                    \
    }

static const struct planted rows[] = {
    ROW("business_syntax_error_is_told_with_its_line", "\"human\"", "human", "business.json: line 1, column"),
    ROW("business_missing_name_is_told", "\"name\": \"Shop\", ", "", "business.json: 'name' missing"),
    ROW("business_empty_value_is_a_fault", "\"Ann\"", "\"\"", "business.json: 'human' is empty"),
    ROW("business_unknown_key_is_a_fault", "\"days_off\"", "\"day_off\"",
        "business.json: unknown key 'day_off'"),
    ROW("business_unknown_day_is_a_fault", "\"friday\"", "\"vrijdag\"",
        "business.json: hours: unknown key 'vrijdag'"),
    ROW("business_whatsapp_number_with_a_plus_is_a_fault", "\"31600000001\"", "\"+31600000001\"",
        "business.json: 'whatsapp': malformed '+31600000001', expected 8 to 15 digits with the country code"),
    ROW("business_mail_address_without_at_is_a_fault", "a@shop.example", "shop.example/mail",
        "business.json: 'email': malformed 'shop.example/mail', expected name@domain"),
    ROW("business_hours_without_minutes_are_malformed", "[\"09:00-17:00\"]", "[\"9-17\"]",
        "business.json: hours: friday: malformed '9-17', expected \"HH:MM-HH:MM\""),
    ROW("business_hours_that_end_before_they_begin_are_malformed", "[\"09:00-17:00\"]", "[\"17:00-09:00\"]",
        "business.json: hours: friday: malformed '17:00-09:00'"),
    ROW("business_hours_beyond_the_day_are_malformed", "[\"09:00-17:00\"]", "[\"09:00-24:30\"]",
        "business.json: hours: friday: malformed '09:00-24:30'"),
    ROW("business_blocks_that_overlap_are_a_fault", "\"13:00-17:00\"", "\"11:00-17:00\"",
        "business.json: hours: monday: '11:00-17:00' overlaps the block before it, or comes before it"),
    ROW("business_more_than_three_blocks_a_day_are_a_fault", "\"13:00-17:00\"",
        "\"13:00-14:00\", \"15:00-16:00\", \"17:00-18:00\"",
        "business.json: hours: monday: 4 blocks, at most 3"),
    ROW("business_date_that_does_not_exist_is_malformed", "\"2026-12-24\"", "\"2026-02-29\"",
        "business.json: days_off: malformed '2026-02-29', expected \"YYYY-MM-DD\" or "
        "\"YYYY-MM-DD/YYYY-MM-DD\""),
    ROW("business_date_the_dutch_way_is_malformed", "\"2026-12-24\"", "\"24-12-2026\"",
        "business.json: days_off: malformed '24-12-2026'"),
    ROW("business_period_upside_down_is_malformed", "2026-07-20/2026-08-07", "2026-08-07/2026-07-20",
        "business.json: days_off: malformed '2026-08-07/2026-07-20'"),
    ROW("business_extra_day_that_does_not_exist_is_malformed", "\"2026-12-30\"", "\"2026-11-31\"",
        "business.json: extra_days: malformed '2026-11-31', expected \"YYYY-MM-DD\""),
    ROW("business_extra_days_are_no_period", "\"2026-12-30\"", "\"2026-12-30/2026-12-31\"",
        "business.json: extra_days: malformed '2026-12-30/2026-12-31'"),
    ROW("business_extra_day_without_a_date_is_a_fault", "\"date\": \"2026-12-30\", ", "",
        "business.json: extra_days: 'date' missing"),
    ROW("business_extra_day_without_hours_is_a_fault", ", \"hours\": [\"08:00-10:00\"]", "",
        "business.json: extra_days: 2026-07-22: 'hours' missing"),
    ROW("business_extra_day_with_empty_hours_is_a_fault", "[\"08:00-10:00\"]", "[]",
        "business.json: extra_days: 2026-07-22: no hours; a day without stands in 'days_off'"),
    ROW("business_extra_day_with_malformed_hours_is_a_fault", "\"08:00-10:00\"", "\"8.00-10.00\"",
        "business.json: extra_days: 2026-07-22: malformed '8.00-10.00', expected \"HH:MM-HH:MM\""),
    ROW("business_extra_day_with_overlapping_blocks_is_a_fault", "\"12:30-14:00\"", "\"11:30-14:00\"",
        "business.json: extra_days: 2026-12-30: '11:30-14:00' overlaps the block before it, or comes"),
    ROW("business_extra_day_with_blocks_out_of_order_is_a_fault", "\"12:30-14:00\"", "\"08:00-09:00\"",
        "business.json: extra_days: 2026-12-30: '08:00-09:00' overlaps the block before it, or comes"),
    ROW("business_extra_day_with_four_blocks_is_a_fault", "\"12:30-14:00\"",
        "\"13:00-14:00\", \"15:00-16:00\", \"17:00-18:00\"",
        "business.json: extra_days: 2026-12-30: 4 blocks, at most 3"),
    ROW("business_extra_day_twice_is_a_fault", "\"2026-12-30\"", "\"2026-07-22\"",
        "business.json: extra_days: '2026-07-22' stands there twice"),
    ROW("business_extra_day_as_a_bare_date_is_a_fault",
        "{ \"date\": \"2026-07-22\", \"hours\": [\"08:00-10:00\"] }", "\"2026-07-22\"",
        "business.json: extra_days: a day: expected an object, found a string"),
    ROW("business_extra_day_with_an_unknown_key_is_a_fault", "{ \"date\": \"2026-07-22\",",
        "{ \"note\": \"fair\", \"date\": \"2026-07-22\",", "business.json: extra_days: unknown key 'note'"),
    ROW("business_without_time_zone_is_a_fault",
        "\"time_zone\": { \"utc_offset_minutes\": 60, \"eu_summer_time\": true },", "",
        "business.json: 'time_zone' missing"),
    ROW("business_offset_that_no_place_has_is_a_fault", "\"utc_offset_minutes\": 60",
        "\"utc_offset_minutes\": 6000",
        "business.json: time_zone: 'utc_offset_minutes' is 6000, expected -720 to 840"),
    ROW("business_reply_within_less_than_a_quarter_is_a_fault", "\"extra_days\": [",
        "\"reply_within_minutes\": 14, \"extra_days\": [",
        "business.json: 'reply_within_minutes' is 14, expected 15 to 1440"),
    ROW("business_reply_within_more_than_a_day_is_a_fault", "\"extra_days\": [",
        "\"reply_within_minutes\": 1441, \"extra_days\": [",
        "business.json: 'reply_within_minutes' is 1441, expected 15 to 1440"),
    ROW("business_reply_within_in_words_is_a_fault", "\"extra_days\": [",
        "\"reply_within_minutes\": \"2h\", \"extra_days\": [",
        "business.json: 'reply_within_minutes': expected a whole number, found a string"),
    ROW("business_flag_that_is_no_flag_is_a_fault", "\"dutch_public_holidays\": true",
        "\"dutch_public_holidays\": \"yes\"",
        "business.json: 'dutch_public_holidays': expected true or false, found a string"),
};

/* One extra day more than may be, each of another date: that is the only fault. */
static int too_many_extra_days(void)
{
    struct buf days = {0};

    buf_adds(&days, "\"extra_days\": [");
    for (int i = 0; i < HOURS_EXTRA_DAYS_MAX - 1; i++)
        buf_addf(&days, "{ \"date\": \"2027-%02d-%02d\", \"hours\": [\"09:00-10:00\"] }, ", 1 + i / 28,
                 1 + i % 28);
    const struct planted row =
        ROW("business_more_extra_days_than_weeks_are_a_fault", "\"extra_days\": [", buf_text(&days),
            "business.json: 53 extra_days, at most 52; a day that comes each week stands in 'hours'");
    int bad = planted_run("extra days", &row, 1);
    buf_free(&days);
    return bad;
}

int test_business_faults(void)
{
    return planted_run(__FILE__, rows, sizeof rows / sizeof *rows) + too_many_extra_days();
}

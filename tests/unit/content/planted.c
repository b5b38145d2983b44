#include "planted.h"

#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "text.h"
#include "unit.h"

static const char flow_json[] =
    "{\n"
    "  \"id\": \"sound\", \"version\": 1, \"welcome\": \"hello\", \"begin\": \"size\",\n"
    "  \"states\": {\n"
    "    \"hello\": { \"kind\": \"menu\", \"options\": [\"do:start\", \"go:more\", \"do:human\"] },\n"
    "    \"more\": { \"kind\": \"menu\", \"options\": [\"topic:why\", \"do:start\"] },\n"
    "    \"size\": { \"kind\": \"ask\", \"to\": \"fork\",\n"
    "      \"answers\": [{ \"id\": \"small\", \"points\": 0 }, { \"id\": \"big\", \"points\": 2 }] },\n"
    "    \"fork\": { \"kind\": \"branch\", \"else\": \"risk\",\n"
    "      \"cases\": [{ \"when\": { \"size\": [\"big\", \"unsure\"] }, \"to\": \"note\" }] },\n"
    "    \"note\": { \"kind\": \"say\", \"to\": \"risk\" },\n"
    "    \"risk\": { \"kind\": \"ask\", \"to\": \"advice\", \"offer_unsure\": true,\n"
    "      \"answers\": [{ \"id\": \"low\", \"points\": 0 }, { \"id\": \"high\", \"points\": 3, "
    "\"decisive\": true }] },\n"
    "    \"advice\": { \"kind\": \"advise\", \"options\": [\"do:human\", \"topic:why\", \"do:change\"] }\n"
    "  },\n"
    "  \"outcomes\": [\n"
    "    { \"id\": \"less\", \"when\": [{ \"points\": [0, 1] }] },\n"
    "    { \"id\": \"perhaps\", \"when\": [{ \"points\": [2, 2] }], \"lean\": { \"to\": \"less\", "
    "\"points\": [0, 2] } },\n"
    "    { \"id\": \"more\", \"when\": [{ \"points\": [3, 99] }] }\n"
    "  ],\n"
    "  \"caution\": [{ \"unsure\": [1, 2], \"other_points\": [1, 99] }],\n"
    "  \"topics\": [\"why\"],\n"
    "  \"commands\": {\n"
    "    \"start\": { \"do\": \"begin\" }, \"human\": { \"do\": \"reach\" }, \"skip\": { \"do\": \"skip\" "
    "},\n"
    "    \"change\": { \"do\": \"change\" }, \"stop\": { \"do\": \"stop\" }, \"bye\": { \"do\": \"part\" },\n"
    "    \"thanks\": { \"do\": \"say\" }, \"list\": { \"do\": \"show\", \"state\": \"more\" },\n"
    "    \"english\": { \"do\": \"language\", \"locale\": \"en\" }\n"
    "  }\n"
    "}\n";

static const char business_json[] =
    "{ \"name\": \"Shop\", \"human\": \"Ann\", \"phone\": \"06 1\", \"whatsapp\": \"31600000001\",\n"
    "  \"email\": \"a@shop.example\", \"site\": \"shop.example\", \"social\": [\"x.example/shop\"],\n"
    "  \"time_zone\": { \"utc_offset_minutes\": 60, \"eu_summer_time\": true },\n"
    "  \"hours\": { \"monday\": [\"09:00-12:00\", \"13:00-17:00\"], \"friday\": [\"09:00-17:00\"] },\n"
    "  \"dutch_public_holidays\": true, \"days_off\": [\"2026-12-24\", \"2026-07-20/2026-08-07\"],\n"
    "  \"extra_days\": [{ \"date\": \"2026-12-30\", \"hours\": [\"10:00-12:00\", \"12:30-14:00\"] },\n"
    "    { \"date\": \"2026-07-22\", \"hours\": [\"08:00-10:00\"] }] }\n";

static const char flow_texts[] =
    "  \"size.ask\": \"How big?\", \"size.again\": \"How big is it?\", \"size.other\": \"Say it with a "
    "number.\",\n"
    "  \"size.noun\": \"the size\",\n"
    "  \"size.small.label\": \"Small\", \"size.small.reason\": \"It is small.\", \"size.small.if\": \"Were "
    "it small\",\n"
    "  \"size.small.other\": \"Fits in a bag\",\n"
    "  \"size.big.label\": \"Big\", \"size.big.reason\": \"It is big.\", \"size.big.if\": \"Were it big\",\n"
    "  \"size.big.other\": \"Fits in no bag\",\n"
    "  \"risk.ask\": \"How risky?\", \"risk.again\": \"What risk is there?\", \"risk.other\": \"Could it "
    "break?\",\n"
    "  \"risk.noun\": \"the risk\",\n"
    "  \"risk.low.label\": \"Low\", \"risk.low.reason\": \"The risk is low.\", \"risk.low.if\": \"Were it "
    "safe\",\n"
    "  \"risk.low.other\": \"It will hold\",\n"
    "  \"risk.high.label\": \"High\", \"risk.high.reason\": \"The risk is high.\", \"risk.high.if\": \"Were "
    "it risky\",\n"
    "  \"risk.high.other\": \"It can break\",\n"
    "  \"hello.text\": \"Welcome.\", \"more.text\": \"What more?\", \"more.label\": \"More\",\n"
    "  \"note.text\": \"Mind the size.\",\n"
    "  \"topic.why.text\": \"Because {{human}} says so.\", \"topic.why.label\": \"Why\",\n"
    "  \"command.start.label\": \"Start\", \"command.human.label\": \"Talk to {{human}}\",\n"
    "  \"command.human.text\": \"{{human}} is there {{moment}}.\", \"command.change.label\": \"Change\",\n"
    "  \"command.bye.text\": \"Bye.\", \"command.thanks.text\": \"Welcome.\",\n"
    "  \"outcome.less.title\": \"*Less*\", \"outcome.less.text\": \"Less will do.\", \"outcome.less.name\": "
    "\"less\",\n"
    "  \"outcome.less.turn\": \"{{if}}, less would do.\",\n"
    "  \"outcome.perhaps.title\": \"*Perhaps*\", \"outcome.perhaps.text\": \"Either.\", "
    "\"outcome.perhaps.name\": \"a doubt\",\n"
    "  \"outcome.perhaps.turn\": \"{{if}}, either would do.\",\n"
    "  \"outcome.more.title\": \"*More*\", \"outcome.more.text\": \"Take more.\", \"outcome.more.name\": "
    "\"more\",\n"
    "  \"outcome.more.turn\": \"{{if}}, it were more.\"\n";

static const char phrases_json[] =
    "{ \"filler\": [\"please\"], \"ordinals\": { \"1\": [\"the first\"], \"2\": [\"the second\"] },\n"
    "  \"any\": {\n"
    "    \"unsure\": [\"no idea\", \"dunno\", \"cannot say\", \"hard to say\", \"who knows\"],\n"
    "    \"faq:why\": [\"how come\", \"for what reason\", \"what for\", \"and why so\", \"why that\"],\n"
    "    \"command:human\": [\"a person\", \"someone real\", \"call me\", \"a human being\", \"phone me\"] "
    "},\n"
    "  \"size\": {\n"
    "    \"small\": [\"tiny\", \"little\", \"not much\", \"hardly any\", \"mini\"],\n"
    "    \"big\": [\"huge\", \"large\", \"a lot\", \"enormous\", \"heaps\"] } }\n";

/* ---- the sound files ---- */

/* An engine text that uses what it must: "intro {{business}}". */
static void add_engine_text(struct buf *b, const struct text_spec *spec, const char *form)
{
    buf_addf(b, "  \"%s%s\": \"%.14s", spec->key, form, spec->key);
    for (int p = 0; p < PARAM_N_OF; p++)
        if ((spec->must & PARAM_BIT(p)) != 0) buf_addf(b, " {{%s}}", param_name((enum param)p));
    buf_adds(b, "\",\n");
}

static void locale_json(struct buf *b)
{
    buf_adds(b, "{\n");
    for (int i = 0; i < TEXT_N; i++) {
        add_engine_text(b, &text_spec[i], text_spec[i].plural ? "_one" : "");
        if (text_spec[i].plural) add_engine_text(b, &text_spec[i], "_other");
    }
    buf_adds(b, flow_texts);
    buf_adds(b, "}\n");
}

static void sound(struct buf file[PLANTED_FILES])
{
    buf_adds(&file[FLOW], flow_json);
    buf_adds(&file[BUSINESS], business_json);
    locale_json(&file[NL]);
    locale_json(&file[EN]);
    buf_adds(&file[NL_PHRASES], phrases_json);
    buf_adds(&file[EN_PHRASES], phrases_json);
}

static void spoil(struct buf *file, const struct planted *row)
{
    struct buf out = {0};
    char *at = row->from == NULL ? NULL : strstr(file->data, row->from);

    if (row->from == NULL) {
        buf_adds(&out, row->to);
    } else {
        if (at == NULL || strstr(at + 1, row->from) != NULL)
            fail_msg("'%s' must stand there once", row->from);
        buf_add(&out, file->data, (size_t)(at - file->data));
        buf_adds(&out, row->to);
        buf_adds(&out, at + strlen(row->from));
    }
    buf_free(file);
    *file = out;
}

static const char *const names[PLANTED_FILES] = {"flow.json", "business.json",   "nl.json",
                                                 "en.json",   "nl.phrases.json", "en.phrases.json"};

static void write_all(const char *dir, struct buf file[PLANTED_FILES])
{
    for (int i = 0; i < PLANTED_FILES; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s%s", dir, i >= NL ? "l/" : "", names[i]);
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(buf_text(&file[i]), 1, file[i].len, out), file[i].len);
        assert_int_equal(fclose(out), 0);
    }
}

static void remove_all(const char *dir)
{
    char path[128];

    for (int i = 0; i < PLANTED_FILES; i++) {
        (void)snprintf(path, sizeof path, "%s/%s%s", dir, i >= NL ? "l/" : "", names[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/l", dir);
    (void)rmdir(path);
    (void)rmdir(dir);
}

int planted_load(const struct planted *row, size_t n, struct faults *faults, struct content **out)
{
    char dir[] = "/tmp/mailwijzer-XXXXXX", flow[64], business[64], locales[64];
    struct buf file[PLANTED_FILES] = {{0}};
    struct content_proof proof;
    struct content *c = NULL;

    assert_non_null(mkdtemp(dir));
    (void)snprintf(flow, sizeof flow, "%s/flow.json", dir);
    (void)snprintf(business, sizeof business, "%s/business.json", dir);
    (void)snprintf(locales, sizeof locales, "%s/l", dir);
    assert_int_equal(mkdir(locales, 0700), 0);
    sound(file);
    for (size_t i = 0; i < n; i++) spoil(&file[row[i].file], &row[i]);
    write_all(dir, file);

    const struct content_files files = {flow, business, locales, "nl", .retain_text_days = 30};
    int rc = content_load(&files, &c, faults);
    if (rc == 0) rc = content_check(c, faults, &proof);
    remove_all(dir);
    for (int i = 0; i < PLANTED_FILES; i++) buf_free(&file[i]);
    if (out != NULL)
        *out = c;
    else
        content_free(c);
    return rc;
}

/* ---- rows as tests ---- */

static void finds_it(void **state)
{
    const struct planted *row = *state;
    struct faults *faults = faults_new();

    assert_non_null(faults);
    int rc = planted_load(row, 1, faults, NULL);
    size_t errors = faults_count(faults) - faults_warnings(faults);
    bool found = row->line == NULL ? faults_count(faults) == 0 : faults_has(faults, row->line);
    if (!found || (row->n > 0 && errors != row->n)) {
        for (size_t i = 0; i < faults_count(faults); i++)
            print_message("found: %s\n", faults_line(faults, i));
        fail_msg("expected: %s", row->line == NULL ? "nothing" : row->line);
    }
    assert_int_equal(rc, errors > 0 ? -1 : 0);
    faults_free(faults);
}

int planted_run(const char *group, const struct planted *rows, size_t n)
{
    struct CMUnitTest *tests = calloc(n, sizeof *tests);

    if (tests == NULL) return 1;
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){
            .name = rows[i].name, .test_func = finds_it, .initial_state = (void *)(uintptr_t)&rows[i]};
    int bad = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
    free(tests);
    return bad;
}

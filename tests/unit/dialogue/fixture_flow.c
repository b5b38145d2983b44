/* fixture_flow.c -- the flows and their texts; see fixture.h. */
#include "fixture.h"

#include <stdarg.h>

/* ---- texts ---- */

enum { PIECES_MAX = 2 * PARAM_N_OF + 3 };

static char *print(struct fixture *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static char *print(struct fixture *x, const char *fmt, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    char *copy = arena_strdup(x->arena, text);
    assert_non_null(copy);
    return copy;
}

static const struct piece *bare(struct fixture *x, const char *prefix, const char *key)
{
    struct piece *p = arena_calloc(x->arena, 2 * sizeof *p);

    assert_non_null(p);
    p[0] = (struct piece){.literal = print(x, "%s%s", prefix, key), .param = PARAM_N_OF};
    p[1] = (struct piece){.param = PARAM_N_OF};
    return p;
}

/* "[key name=… other=…]" */
static const struct piece *bracketed(struct fixture *x, const char *prefix, const char *key,
                                     const char *suffix, unsigned params)
{
    struct piece *p = arena_calloc(x->arena, PIECES_MAX * sizeof *p);
    size_t n = 0;

    assert_non_null(p);
    p[n++] = (struct piece){.literal = print(x, "[%s%s%s", prefix, key, suffix), .param = PARAM_N_OF};
    for (int i = 0; i < PARAM_N_OF; i++) {
        if ((params & PARAM_BIT(i)) == 0) continue;
        p[n++] = (struct piece){.literal = print(x, " %s=", param_name((enum param)i)), .param = PARAM_N_OF};
        p[n++] = (struct piece){.param = (enum param)i};
    }
    p[n++] = (struct piece){.literal = "]", .param = PARAM_N_OF};
    p[n] = (struct piece){.param = PARAM_N_OF};
    return p;
}

static bool is_bare(int id)
{
    static const int bares[] = {TEXT_UNSURE_LABEL, TEXT_SKIPPED_LABEL, TEXT_TALK_LABEL, TEXT_GO_ON,
                                TEXT_STOP_HERE,    TEXT_LIST_TITLE,    TEXT_LINK_TITLE};

    for (size_t i = 0; i < sizeof bares / sizeof *bares; i++)
        if (bares[i] == id) return true;
    return id >= TEXT_DAY_MONDAY && id <= TEXT_MONTH_12;
}

static void engine_text(struct fixture *x, struct text *text, const char *prefix, int id)
{
    const struct text_spec *spec = &text_spec[id];
    unsigned params = spec->may | spec->must;

    if (id == TEXT_AND)
        text->other = bare(x, "", " and ");
    else if (is_bare(id))
        text->other = bare(x, prefix, spec->key);
    else
        text->other = bracketed(x, prefix, spec->key, spec->plural ? "_other" : "", params);
    if (spec->plural) text->one = bracketed(x, prefix, spec->key, "_one", params);
}

static int text_with(struct fixture *x, const char *key, bool brackets, unsigned params)
{
    int id = x->text_n++;

    assert_true(id < FIXTURE_TEXTS);
    x->nl_text[id].other = brackets ? bracketed(x, "", key, "", params) : bare(x, "", key);
    x->en_text[id].other = brackets ? bracketed(x, "E.", key, "", params) : bare(x, "E.", key);
    return id;
}

int fixture_text(struct fixture *x, const char *fmt, ...)
{
    char key[64];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(key, sizeof key, fmt, ap);
    va_end(ap);
    return text_with(x, key, true, 0);
}

static int bare_text(struct fixture *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int bare_text(struct fixture *x, const char *fmt, ...)
{
    char key[64];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(key, sizeof key, fmt, ap);
    va_end(ap);
    return text_with(x, key, false, 0);
}

/* ---- flows ---- */

static int add_state(struct fixture *x, const char *id, enum state_kind kind)
{
    struct flow_state *s = &x->flow.state[x->flow.state_n];

    *s = (struct flow_state){.id = id, .kind = kind, .question = -1, .text = -1, .label = -1, .to = -1};
    return (int)x->flow.state_n++;
}

static struct flow_question *add_question(struct fixture *x, const char *id, bool offer_unsure)
{
    int state = add_state(x, id, STATE_ASK);
    int q = (int)x->flow.question_n++;

    x->flow.state[state].question = q;
    x->flow.question[q] = (struct flow_question){.id = id,
                                                 .state = state,
                                                 .offer_unsure = offer_unsure,
                                                 .ask = fixture_text(x, "%s.ask", id),
                                                 .again = fixture_text(x, "%s.again", id),
                                                 .other = fixture_text(x, "%s.other", id),
                                                 .noun = bare_text(x, "%s.noun", id)};
    return &x->flow.question[q];
}

static struct flow_answer *add_answer(struct fixture *x, struct flow_question *q, const char *id, int points)
{
    struct flow_answer *a = &q->answer[q->answer_n++];

    *a = (struct flow_answer){.id = id,
                              .points = points,
                              .label = bare_text(x, "%s.%s", q->id, id),
                              .reason = fixture_text(x, "%s.%s.reason", q->id, id),
                              .when = bare_text(x, "%s.%s.if", q->id, id),
                              .other = bare_text(x, "%s.%s.other", q->id, id)};
    return a;
}

static void lead_to(struct flow_question *q, int state)
{
    for (size_t i = 0; i < q->answer_n; i++) q->answer[i].to = state;
    q->unsure_to = state;
}

static struct flow_outcome *add_outcome(struct fixture *x, const char *id)
{
    struct flow_outcome *o = &x->flow.outcome[x->flow.outcome_n++];

    *o = (struct flow_outcome){.id = id,
                               .lean_to = -1,
                               .title = fixture_text(x, "%s.title", id),
                               .text = fixture_text(x, "%s.text", id),
                               .name = bare_text(x, "%s.name", id),
                               .turn = x->text_n};
    char key[32];
    (void)snprintf(key, sizeof key, "%s.turn", id);
    (void)text_with(x, key, true, PARAM_BIT(PARAM_IF));
    return o;
}

static void add_rule(struct flow_outcome *o, int points_from, int points_to, int unsure_from, int unsure_to)
{
    o->rule[o->rule_n++] = (struct flow_rule){.points = {points_from, points_to},
                                              .unsure = {unsure_from, unsure_to},
                                              .other_points = {0, FLOW_POINTS_MAX}};
}

static void add_topic(struct fixture *x, const char *id)
{
    x->flow.topic[x->flow.topic_n++] = (struct flow_topic){
        .id = id, .text = fixture_text(x, "topic.%s", id), .label = bare_text(x, "t.%s", id)};
}

static struct flow_command *add_command(struct fixture *x, const char *id, enum verb verb)
{
    struct flow_command *c = &x->flow.command[x->flow.command_n++];

    *c = (struct flow_command){.id = id, .verb = verb, .state = -1, .text = -1};
    if (verb == VERB_SAY || verb == VERB_PART || verb == VERB_THANK)
        c->text = fixture_text(x, "command.%s", id);
    if (verb == VERB_REACH) {
        c->text = x->text_n;
        (void)text_with(x, "command.human", true, PARAM_BIT(PARAM_MOMENT));
    }
    return c;
}

/* "do:begin go:topics topic:difference": commands, topics and menus that exist by now. */
static void add_options(struct fixture *x, int state, const char *ids)
{
    struct flow_state *s = &x->flow.state[state];
    char id[64];

    for (; *ids != '\0'; ids += strspn(ids, " ")) {
        size_t n = strcspn(ids, " ");
        (void)snprintf(id, sizeof id, "%.*s", (int)n, ids);
        struct tap tap = dialogue_tap(&x->flow, id);
        assert_int_not_equal(tap.kind, TAP_UNKNOWN);
        s->option[s->option_n++] = (struct flow_option){.kind = tap.kind == TAP_TOPIC     ? OPTION_TOPIC
                                                                : tap.kind == TAP_COMMAND ? OPTION_COMMAND
                                                                                          : OPTION_STATE,
                                                        .index = tap.index,
                                                        .label = bare_text(x, "%s", id)};
        ids += n;
    }
}

static struct fixture *fixture_bare(const char *id)
{
    struct fixture *x = calloc(1, sizeof *x);
    static const struct block open = {9 * 60, 17 * 60};

    assert_non_null(x);
    x->arena = arena_new(256 * 1024);
    x->turn = arena_new(64 * 1024);
    assert_non_null(x->arena);
    assert_non_null(x->turn);
    for (int i = 0; i < TEXT_N; i++) {
        engine_text(x, &x->nl_text[i], "", i);
        engine_text(x, &x->en_text[i], "E.", i);
    }
    x->text_n = TEXT_N;
    x->nl = (struct locale){.code = "nl", .text = x->nl_text, .source = "nl"};
    x->en = (struct locale){.code = "en", .text = x->en_text, .source = "en"};
    x->locales[0] = &x->nl;
    x->locales[1] = &x->en;
    x->business = (struct business){.name = "Get to the Point",
                                    .human = "Elisah",
                                    .phone = "06 44908448",
                                    .whatsapp = "31644908448",
                                    .email = "info@example.nl",
                                    .site = "example.nl",
                                    .social = "social.example",
                                    .hours = {.utc_offset_min = 60, .summer_time = true},
                                    .reply_grace_min = 120};
    x->business.hours.block_n[0] = x->business.hours.block_n[1] = x->business.hours.block_n[3] = 1;
    x->business.hours.block[0][0] = x->business.hours.block[1][0] = x->business.hours.block[3][0] = open;
    x->flow.id = id;
    x->flow.version = 1;
    x->flow.source = "fixture";
    x->script = (struct script){.flow = &x->flow,
                                .locales = x->locales,
                                .locale_n = 2,
                                .business = &x->business,
                                .retain_text_days = 30,
                                .human_ms = 12 * HOUR_MS};
    x->now_ms = MONDAY_MS;
    conversation_begin(&x->c, "nl");
    return x;
}

static void add_questions(struct fixture *x)
{
    struct flow_question *q[6];

    q[USAGE] = add_question(x, "usage", false);
    (void)add_answer(x, q[USAGE], "light", 0);
    (void)add_answer(x, q[USAGE], "daily", 1);
    (void)add_answer(x, q[USAGE], "heavy", 2);
    q[CALENDAR] = add_question(x, "calendar", false);
    (void)add_answer(x, q[CALENDAR], "yes", 3);
    (void)add_answer(x, q[CALENDAR], "some", 1);
    (void)add_answer(x, q[CALENDAR], "no", 0);
    q[TEAM] = add_question(x, "team", true);
    (void)add_answer(x, q[TEAM], "alone", 0);
    (void)add_answer(x, q[TEAM], "several", 2);
    q[SECURITY] = add_question(x, "security", false);
    (void)add_answer(x, q[SECURITY], "basic", 0);
    (void)add_answer(x, q[SECURITY], "important", 1);
    add_answer(x, q[SECURITY], "critical", 3)->decisive = true;
    q[SECTOR] = add_question(x, "sector", true);
    add_answer(x, q[SECTOR], "strict", 4)->decisive = true;
    (void)add_answer(x, q[SECTOR], "none", 0);
    q[GROWTH] = add_question(x, "growth", true);
    (void)add_answer(x, q[GROWTH], "yes", 1);
    (void)add_answer(x, q[GROWTH], "no", 0);
    int advice = add_state(x, "advice", STATE_ADVISE);
    for (int i = USAGE; i <= GROWTH; i++) lead_to(q[i], i < GROWTH ? q[i + 1]->state : advice);
    x->flow.begin = q[USAGE]->state;
}

static void add_outcomes(struct fixture *x)
{
    add_rule(add_outcome(x, "imap"), 0, 1, 0, 3);
    struct flow_outcome *talk = add_outcome(x, "talk");
    add_rule(talk, 2, 3, 0, 3);
    add_rule(talk, 0, 3, 4, 6);
    talk->lean_to = MICROSOFT365;
    talk->lean_points = (struct range){2, 3};
    add_rule(add_outcome(x, "microsoft365"), 4, FLOW_POINTS_MAX, 0, 12);
    x->flow.caution_n = 1;
    x->flow.caution[0] = (struct flow_rule){
        .points = {4, FLOW_POINTS_MAX}, .unsure = {4, 6}, .other_points = {1, FLOW_POINTS_MAX}};
}

static void add_commands(struct fixture *x)
{
    static const struct {
        const char *id;
        enum verb verb;
    } commands[] = {{"begin", VERB_BEGIN},
                    {"human", VERB_REACH},
                    {"restart", VERB_RESTART},
                    {"back", VERB_BACK},
                    {"change", VERB_CHANGE},
                    {"menu", VERB_SHOW},
                    {"help", VERB_SAY},
                    {"stop", VERB_STOP},
                    {"delete_data", VERB_ERASE},
                    {"language_en", VERB_LANGUAGE},
                    {"language_nl", VERB_LANGUAGE},
                    {"language_fy", VERB_LANGUAGE},
                    {"skip", VERB_SKIP},
                    {"thanks", VERB_THANK},
                    {"greeting", VERB_GREET},
                    {"bye", VERB_PART},
                    {"bot", VERB_RESUME}};

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct flow_command *c = add_command(x, commands[i].id, commands[i].verb);
        if (c->verb == VERB_LANGUAGE) c->locale = c->id + strlen("language_");
    }
}

struct fixture *fixture_new(void)
{
    static const char *const topics[] = {"pop",  "imap",  "exchange",      "difference",
                                         "spam", "hours", "privacy_rules", "price"};
    struct fixture *x = fixture_bare("mailkeuze");

    add_questions(x);
    add_outcomes(x);
    add_commands(x);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) add_topic(x, topics[i]);
    x->flow.welcome = add_state(x, "welcome", STATE_MENU);
    int menu = add_state(x, "menu", STATE_MENU), topics_menu = add_state(x, "topics", STATE_MENU);
    x->flow.state[x->flow.welcome].text = fixture_text(x, "welcome.text");
    x->flow.state[menu].text = fixture_text(x, "menu.text");
    x->flow.state[topics_menu].text = fixture_text(x, "topics.text");
    x->flow.command[flow_command_find(&x->flow, "menu")].state = menu;
    add_options(x, x->flow.welcome, "do:begin go:topics do:human");
    add_options(x, flow_state_find(&x->flow, "advice"), "do:human topic:difference do:change");
    add_options(x, menu, "do:begin do:change go:topics do:human do:language_en do:language_nl do:stop");
    add_options(x, topics_menu, "topic:difference topic:imap topic:pop topic:price");
    return x;
}

struct fixture *fixture_branching(void)
{
    struct fixture *x = fixture_bare("tak");
    struct flow *f = &x->flow;
    struct flow_question *size = add_question(x, "size", false);
    struct flow_question *extra = add_question(x, "extra", true);
    struct flow_question *plain = add_question(x, "plain", false);
    int branch = add_state(x, "which", STATE_BRANCH), large = add_state(x, "large_hint", STATE_SAY);
    int hint = add_state(x, "plain_hint", STATE_SAY), advice = add_state(x, "advice", STATE_ADVISE);

    (void)add_answer(x, size, "small", 0);
    (void)add_answer(x, size, "large", 1);
    (void)add_answer(x, extra, "yes", 3);
    (void)add_answer(x, extra, "no", 0);
    (void)add_answer(x, plain, "yes", 1);
    (void)add_answer(x, plain, "no", 0);
    lead_to(size, branch);
    lead_to(extra, advice);
    lead_to(plain, advice);
    plain->answer[0].to = hint;
    f->state[branch].cases[f->state[branch].case_n++] =
        (struct flow_case){.question = SIZE, .answers = 1u << 1 | 1u << FLOW_ANSWERS_MAX, .to = large};
    f->state[branch].to = plain->state;
    f->state[large].text = fixture_text(x, "large_hint.text");
    f->state[large].to = extra->state;
    f->state[hint].text = fixture_text(x, "plain_hint.text");
    f->state[hint].to = advice;
    add_outcomes(x);
    add_commands(x);
    add_topic(x, "pop");
    f->begin = size->state;
    f->welcome = add_state(x, "welcome", STATE_MENU);
    f->state[f->welcome].text = fixture_text(x, "welcome.text");
    f->command[flow_command_find(f, "menu")].state = f->welcome;
    add_options(x, f->welcome, "do:begin do:human");
    add_options(x, advice, "do:human topic:pop do:change");
    return x;
}

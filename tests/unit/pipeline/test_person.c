#include "unit.h"

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "desk.h"
#include "err.h"
#include "http_server.h"
#include "operator.h"
#include "person.h"
#include "rig.h"
#include "store.h"
#include "turn.h"

int test_person(void);

#define GROUP "-1001234567890"
#define BOT   "700900"

static const char *const with_desk[] = {"TELEGRAM_BOT_TOKEN=" BOT ":rig-telegram-token-0123456789abcdef",
                                        "TELEGRAM_DESK_CHAT=" GROUP, NULL};

struct scene {
    struct rig rig;
    struct desk *desk;
    struct buf out;
    int64_t sanne, bo, telegram;
};

static int64_t resolve(struct scene *s, struct identity who)
{
    struct err e = {0};
    int64_t contact = 0;

    rig_begin(&s->rig);
    if (store_contact_resolve(s->rig.store, &who, RIG_NOW, &contact, &e) != 0) fail_msg("%s", e.text);
    rig_commit(&s->rig);
    return contact;
}

static struct turns turns_of(struct scene *s)
{
    return (struct turns){.config = &s->rig.config,
                          .platforms = s->rig.platform,
                          .content = s->rig.content,
                          .store = s->rig.store,
                          .arena = s->rig.arena,
                          .desk = s->desk,
                          .now_ms = RIG_NOW};
}

/* Sanne's first words, by the road that all words take. */
static void customer(struct scene *s, const char *phone, const char *id, const char *text)
{
    struct turns t = turns_of(s);
    struct buf items = {0}, body = {0};
    struct err e = {0};
    int status;

    hook_text(&items, phone, id, text, RIG_NOW);
    hook_body(&body, RIG_ACCOUNT, &items, NULL);
    rig_begin(&s->rig);
    if (turns_run(&t, &s->rig.platform[PLATFORM_WHATSAPP], body.data, body.len, &status, &e) != 0)
        fail_msg("%s", e.text);
    rig_commit(&s->rig);
    buf_free(&items);
    buf_free(&body);
}

static int begin(void **state)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    rig_open(&s->rig, "sqlite::memory:", 1, with_desk);
    rig_content(&s->rig);
    s->desk = desk_new(&s->rig.config);
    assert_non_null(s->desk);
    s->sanne = resolve(s, (struct identity){.channel = "whatsapp",
                                            .account = RIG_ACCOUNT,
                                            .phone = "31612345678",
                                            .user_id = "NL.55512",
                                            .username = "sanne.v"});
    s->bo =
        resolve(s, (struct identity){.channel = "whatsapp", .account = RIG_ACCOUNT, .phone = "31687654321"});
    s->telegram = resolve(
        s, (struct identity){
               .channel = "telegram", .account = BOT, .user_id = "31687654321", .username = "Sanne.V"});
    customer(s, "31612345678", "wamid.1", "ik wil advies");
    customer(s, "31612345678", "wamid.2", "een deel van de dag");
    customer(s, "31687654321", "wamid.3", "bo is hier");
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct scene *s = *state;

    desk_free(s->desk);
    buf_free(&s->out);
    rig_close(&s->rig);
    free(s);
    return 0;
}

static enum person_found ask(struct scene *s, const char *who, enum person_deed deed)
{
    enum person_found found = PERSON_UNREADABLE;
    struct turns t = turns_of(s);
    struct err e = {0};

    buf_clear(&s->out);
    if (person_do(&t, who, deed, &found, &s->out, &e) != 0) fail_msg("%s", e.text);
    assert_int_equal(found == PERSON_FOUND, s->out.len > 0);
    return found;
}

static void has(struct scene *s, const char *words)
{
    if (strstr(buf_text(&s->out), words) == NULL) fail_msg("'%s' is not in %s", words, buf_text(&s->out));
}

static void has_not(struct scene *s, const char *words)
{
    if (strstr(buf_text(&s->out), words) != NULL) fail_msg("'%s' is in %s", words, buf_text(&s->out));
}

static void a_person_is_found_by_whatever_they_are_called(void **state)
{
    static const char *const names[] = {"+31 6 12345678", "0612345678", "NL.55512", "whatsapp:@SANNE.V",
                                        "31612345678"};
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ask(s, names[i], PERSON_LOOK) != PERSON_FOUND) fail_msg("%s", names[i]);
    has(s, "\"messages\": 2");
    assert_int_equal(ask(s, "0600000000", PERSON_LOOK), PERSON_NOBODY);
    assert_int_equal(ask(s, "@sanne", PERSON_LOOK), PERSON_NOBODY);
    assert_int_equal(ask(s, "Sanne", PERSON_LOOK), PERSON_UNREADABLE);
    assert_int_equal(ask(s, GROUP, PERSON_ERASE), PERSON_NOBODY); /* the desk is no person */
}

static void two_who_are_called_the_same_are_told_apart_first(void **state)
{
    struct scene *s = *state;
    assert_int_equal(ask(s, "31687654321", PERSON_ERASE), PERSON_SEVERAL);
    assert_int_equal(ask(s, "@sanne.v", PERSON_ERASE), PERSON_SEVERAL);
    assert_int_equal(ask(s, "+31687654321", PERSON_LOOK), PERSON_FOUND);
    has(s, "\"messages\": 1");
    assert_int_equal(ask(s, "telegram:31687654321", PERSON_LOOK), PERSON_FOUND);
    has(s, "\"messages\": 0");
}

static void what_is_kept_is_told_in_words_with_its_end(void **state)
{
    struct scene *s = *state;
    assert_int_equal(ask(s, "06 12345678", PERSON_TELL), PERSON_FOUND);
    has(s, "\"person\": \"06 12345678\"");
    has(s, "\"value\": \"NL.55512\"");
    has(s, "\"words\": \"Een deel van de dag\"");
    has(s, "een deel van de dag");
    has(s, "Vraag 1 van 6");
    has(s, "\"taken\": \"2026-11-23T10:06:00Z\"");
    has(s, "\"text_until\": \"2026-12-23T10:06:00Z\"");
    has(s, "\"kept_until\": \"2027-11-23T10:06:00Z\"");
    has(s, "\"log_name\"");
    has_not(s, "sanne.v");
    has_not(s, "bo is hier");
    has_not(s, "31687654321");
}

static void without_the_flow_the_rest_is_told(void **state)
{
    struct scene *s = *state;
    struct content *content = s->rig.content;
    s->rig.content = NULL;
    assert_int_equal(ask(s, "0612345678", PERSON_TELL), PERSON_FOUND);
    s->rig.content = content;
    has(s, "\"answers\": []");
    has(s, "usage:daily");
}

static void who_is_erased_goes_from_the_desk_too_and_gets_no_word(void **state)
{
    struct scene *s = *state;
    struct buf replies = {0};
    struct err e = {0};
    rig_begin(&s->rig);
    assert_int_equal(store_topic_set(s->rig.store, s->sanne, "a former account", GROUP, "77", &e), 0);
    rig_commit(&s->rig);
    assert_int_equal(ask(s, "@sanne.v", PERSON_LOOK), PERSON_SEVERAL);
    assert_int_equal(ask(s, "NL.55512", PERSON_ERASE), PERSON_FOUND);
    has(s, "\"gone\": true");
    has(s, "\"names\": 3");
    has(s, "\"messages\": 2");
    has(s, "\"topics\": 1");
    assert_int_equal(ask(s, "NL.55512", PERSON_ERASE), PERSON_NOBODY);
    assert_int_equal(rig_replies(&s->rig, RIG_NOW + 60000, &replies), 3);
    assert_non_null(strstr(buf_text(&replies), "{\"erase\":\"77\"}"));
    assert_non_null(strstr(buf_text(&replies), "liet alles wissen"));
    assert_null(strstr(buf_text(&replies), "Vraag 1 van 6")); /* what waited for her */
    buf_free(&replies);
    assert_int_equal(ask(s, "whatsapp:31687654321", PERSON_LOOK), PERSON_FOUND);
}

/* ---- as it comes over HTTP ---- */

static int answer(struct scene *s, const char *request)
{
    struct turns t = turns_of(s);
    struct err e = {0};

    buf_clear(&s->out);
    return person_answer(&t, request, strlen(request), &s->out, &e);
}

static void a_request_says_whom_and_what(void **state)
{
    struct scene *s = *state;
    struct buf request = {0};
    person_request("+31 6 \"12345678", PERSON_LOOK, &request);
    assert_string_equal(buf_text(&request), "{\"person\":\"+31 6 \\\"12345678\",\"deed\":\"look\"}");
    assert_int_equal(answer(s, buf_text(&request)), 400);
    buf_free(&request);
    assert_int_equal(answer(s, "{\"person\":\"0612345678\",\"deed\":\"look\"}"), 200);
    has(s, "\"counts\"");
    assert_int_equal(answer(s, "{\"person\":\"0600000000\",\"deed\":\"erase\"}"), 404);
    assert_int_equal(answer(s, "{\"person\":\"31687654321\",\"deed\":\"erase\"}"), 409);
    assert_int_equal(answer(s, "{\"person\":\"0612345678\",\"deed\":\"burn\"}"), 400);
    assert_int_equal(answer(s, "{\"person\":\"0612345678\"}"), 400);
    assert_int_equal(answer(s, "{\"person\":612345678,\"deed\":\"erase\"}"), 400);
    assert_int_equal(answer(s, "[]"), 400);
    assert_int_equal(answer(s, ""), 400);
    assert_int_equal(answer(s, "person=0612345678&deed=erase"), 400);
    assert_int_equal(person_found_of(404), PERSON_NOBODY);
    assert_int_equal(person_found_of(503), -1);
    assert_int_equal(ask(s, "0612345678", PERSON_LOOK), PERSON_FOUND);
}

static void trouble_with_the_store_is_said_and_erases_nothing(void **state)
{
    struct scene *s = *state;
    rig_begin(&s->rig); /* a second transaction within this one fails */
    assert_int_equal(answer(s, "{\"person\":\"0612345678\",\"deed\":\"erase\"}"), 503);
    store_rollback(s->rig.store);
    assert_int_equal(ask(s, "0612345678", PERSON_LOOK), PERSON_FOUND);
    has(s, "\"messages\": 2");
}

static void a_page_in_a_browser_is_not_trusted(void **state)
{
    static const struct {
        const char *host, *type;
        bool trusted;
    } all[] = {{"127.0.0.1:9090", "application/json", true},
               {"[::1]:9090", "application/json; charset=utf-8", true},
               {"LocalHost:9090", "Application/JSON", true},
               {"10.0.0.7", "application/json", true},
               {NULL, "application/json", false},
               {"127.0.0.1:9090", "text/plain", false}, /* what a page may post unasked */
               {"127.0.0.1:9090", "application/x-www-form-urlencoded", false},
               {"127.0.0.1:9090", "application/jsonp", false},
               {"127.0.0.1:9090", "text/plain;application/json", false},
               {"127.0.0.1:9090", NULL, false}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct http_request r = {.header = {(char *)all[i].host, (char *)all[i].type}};
        if (operator_trusts(&r) != all[i].trusted)
            fail_msg("host %s, type %s", all[i].host != NULL ? all[i].host : "-",
                     all[i].type != NULL ? all[i].type : "-");
    }
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int test_person(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_person_is_found_by_whatever_they_are_called),
        WITH(two_who_are_called_the_same_are_told_apart_first),
        WITH(what_is_kept_is_told_in_words_with_its_end),
        WITH(without_the_flow_the_rest_is_told),
        WITH(who_is_erased_goes_from_the_desk_too_and_gets_no_word),
        WITH(a_request_says_whom_and_what),
        WITH(trouble_with_the_store_is_said_and_erases_nothing),
        cmocka_unit_test(a_page_in_a_browser_is_not_trusted),
    };
    return UNIT_RUN(tests);
}

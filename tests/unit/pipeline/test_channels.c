/* One script on both platforms: the same states, the same words. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "arena.h"
#include "buf.h"
#include "content.h"
#include "err.h"
#include "rig.h"
#include "store.h"
#include "turn.h"
#include "unit.h"

int test_channels(void);

#define PHONE "31612345678"
#define BOT   "700900"
#define TOKEN BOT ":rig-telegram-token-0123456789abcdef"

/* A tap where there is an '=' or a ':', else typed words. All of them are known by heart. */
static const char *const script[] = {"hoi",
                                     "do:begin",
                                     "usage=light",
                                     "wat is pop?",
                                     "niet nodig",
                                     "weet ik niet",
                                     "terug",
                                     "team=several",
                                     "wat kost het?",
                                     "security=important",
                                     "overslaan",
                                     "growth=no",
                                     "do:change",
                                     "ask:team",
                                     "team=alone",
                                     "menu",
                                     "praat met elisah",
                                     "stop"};

static bool taps(const char *line)
{
    return strpbrk(line, "=:") != NULL;
}

static void run(struct rig *r, enum platform_id platform, const struct buf *body)
{
    struct turns t = {.config = &r->config,
                      .platforms = r->platform,
                      .content = r->content,
                      .store = r->store,
                      .arena = r->arena,
                      .now_ms = RIG_NOW};
    struct err e = {0};
    int status = 0;

    arena_reset(r->arena);
    rig_begin(r);
    if (turns_run(&t, &r->platform[platform], body->data, body->len, &status, &e) != 0)
        fail_msg("%s", e.text);
    rig_commit(r);
    assert_int_equal(status, 200);
}

static void on_whatsapp(struct rig *r, int i, const char *line)
{
    struct buf items = {0}, body = {0}, item = {0};

    buf_addf(&item, "{\"from\":\"" PHONE "\",\"id\":\"wamid.%d\",\"timestamp\":\"%lld\",", i,
             (long long)(RIG_NOW / 1000));
    if (taps(line))
        buf_addf(&item,
                 "\"type\":\"interactive\",\"interactive\":{\"type\":\"button_reply\",\"button_reply\":"
                 "{\"id\":\"%s\",\"title\":\"x\"}}}",
                 line);
    else
        buf_addf(&item, "\"type\":\"text\",\"text\":{\"body\":\"%s\"}}", line);
    hook_item(&items, buf_text(&item));
    hook_body(&body, RIG_ACCOUNT, &items, NULL);
    run(r, PLATFORM_WHATSAPP, &body);
    buf_free(&item);
    buf_free(&items);
    buf_free(&body);
}

static void on_telegram(struct rig *r, int i, const char *line)
{
    static const char who[] = "\"from\":{\"id\":5500001111,\"is_bot\":false,\"first_name\":\"Ana\"}";
    static const char chat[] = "\"chat\":{\"id\":5500001111,\"type\":\"private\"}";
    struct buf body = {0};

    buf_addf(&body, "{\"ok\":true,\"result\":[{\"update_id\":%d,", 80 + i);
    if (taps(line))
        buf_addf(&body,
                 "\"callback_query\":{\"id\":\"%d\",%s,\"data\":\"%s\",\"message\":{\"message_id\":%d,"
                 "\"date\":%lld,%s}}}]}",
                 i, who, line, i, (long long)(RIG_NOW / 1000), chat);
    else
        buf_addf(&body, "\"message\":{\"message_id\":%d,\"date\":%lld,%s,%s,\"text\":\"%s\"}}]}", i,
                 (long long)(RIG_NOW / 1000), who, chat, line);
    run(r, PLATFORM_TELEGRAM, &body);
    buf_free(&body);
}

/* ---- what came of it ---- */

static void drop(char *text, const char *part, const char *instead)
{
    for (char *at = strstr(text, part); at != NULL; at = strstr(text, part)) {
        size_t n = strlen(instead);
        memcpy(at, instead, n);
        memmove(at + n, at + strlen(part), strlen(at + strlen(part)) + 1);
    }
}

/* The words as a person reads them, whatever stands around them. */
static char *words_of(const char *content)
{
    json_t *o = json_loads(content, 0, NULL), *interactive = json_object_get(o, "interactive"), *text = NULL;
    const char *footer = NULL;
    struct buf out = {0};

    assert_non_null(o);
    if (interactive != NULL) {
        text = json_object_get(json_object_get(interactive, "body"), "text");
        footer = json_string_value(json_object_get(json_object_get(interactive, "footer"), "text"));
    } else {
        text = json_object_get(o, "text");
        if (json_is_object(text)) text = json_object_get(text, "body");
    }
    buf_adds(&out, json_string_value(text));
    if (footer != NULL) buf_addf(&out, "\n\n%s", footer);
    char *plain = strdup(buf_text(&out));
    buf_free(&out);
    json_decref(o);
    static const char *const markup[][2] = {{"<b>", "*"},  {"</b>", "*"}, {"<i>", ""},    {"</i>", ""},
                                            {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""},
                                            {" Ana!", "!"}}; /* Telegram tells the name */
    /* In a list the notes stand beneath the titles, on a keyboard beneath the text. */
    char *notes = strstr(plain, "\n\n\xE2\x80\xA2 ");
    if (notes != NULL) *notes = '\0';
    for (size_t i = 0; i < sizeof markup / sizeof *markup; i++) drop(plain, markup[i][0], markup[i][1]);
    return plain;
}

static char *state_of(struct rig *r, const char *channel, const char *alias, const char *account)
{
    struct buf text = {0};
    struct err e = {0};
    int64_t contact;

    assert_int_equal(store_contact_find(r->store, channel, alias, &contact, &e), 1);
    assert_int_equal(store_conversation_load(r->store, contact, account, &text, &e), 1);
    char *state = strdup(buf_text(&text));
    buf_free(&text);
    /* Which message was the last is of the platform. */
    char *hash = strstr(state, "typed=");
    if (hash != NULL) *hash = '\0';
    return state;
}

static struct rig *open_rig(void)
{
    static const char *const more[] = {"TELEGRAM_BOT_TOKEN=" TOKEN, "BURST_WAIT_MS=0", NULL};
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    rig_open(r, "sqlite::memory:", 9, more);
    rig_content(r);
    return r;
}

static void one_script_gives_the_same_states_and_words(void **state)
{
    struct rig *whatsapp = open_rig(), *telegram = open_rig();

    (void)state;
    for (int i = 0; i < (int)(sizeof script / sizeof *script); i++) {
        struct buf a = {0}, b = {0};
        on_whatsapp(whatsapp, i, script[i]);
        on_telegram(telegram, i, script[i]);
        assert_int_equal(rig_replies(whatsapp, RIG_NOW, &a), i + 1);
        assert_int_equal(rig_replies(telegram, RIG_NOW, &b), i + 1);
        a.data[a.len - 1] = b.data[b.len - 1] = '\0';
        const char *last_a = strrchr(a.data, '\n'), *last_b = strrchr(b.data, '\n');
        char *said_a = words_of(last_a == NULL ? a.data : last_a + 1);
        char *said_b = words_of(last_b == NULL ? b.data : last_b + 1);
        assert_string_equal(said_a, said_b);
        char *is_a = state_of(whatsapp, "whatsapp", PHONE, RIG_ACCOUNT);
        char *is_b = state_of(telegram, "telegram", "5500001111", BOT);
        assert_string_equal(is_a, is_b);
        free(said_a);
        free(said_b);
        free(is_a);
        free(is_b);
        buf_free(&a);
        buf_free(&b);
    }
    rig_close(whatsapp);
    rig_close(telegram);
    free(whatsapp);
    free(telegram);
}

int test_channels(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_script_gives_the_same_states_and_words),
    };
    return UNIT_RUN(tests);
}

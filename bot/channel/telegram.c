#include "telegram.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "secret.h"
#include "telegram_parts.h"
#include "utf8.h"
#include "wire.h"

/* Digits of an id: 64 bits hold 19; Telegram has said 52 bits at most, which is 16. */
enum { ID_DIGITS_MAX = 19 };

/* The least there is behind the colon; today it is 35. */
enum { TOKEN_TAIL_MIN = 30 };

enum { UPDATES_MAX = 100 };

static const char digits[] = "0123456789";

static bool telegram_authentic(const char *body, size_t n, const char *header, const char *secret)
{
    (void)body, (void)n;
    /* An empty secret is no secret: anybody could send an empty header. */
    if (header == NULL || secret == NULL || *secret == '\0') return false;
    return secret_equal(header, secret);
}

bool telegram_bot_id(const char *token, char out[static 24])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t n = strspn(token, digits);

    out[0] = '\0';
    if (n == 0 || n > ID_DIGITS_MAX || token[n] != ':') return false;
    size_t tail = strspn(token + n + 1, letters);
    if (tail < TOKEN_TAIL_MIN || token[n + 1 + tail] != '\0') return false;
    memcpy(out, token, n);
    out[n] = '\0';
    return true;
}

void telegram_put_base(const char *base, struct buf *out)
{
    size_t n = strlen(base);

    while (n > 0 && base[n - 1] == '/') n--;
    buf_add(out, base, n);
}

void telegram_url(const char *base, const char *token, const char *method, struct buf *out)
{
    telegram_put_base(base, out);
    buf_addf(out, "/bot%s/%s", token, method);
}

void telegram_get_updates(int64_t offset, int timeout_s, struct buf *out)
{
    buf_addc(out, '{');
    if (offset != 0) buf_addf(out, "\"offset\":%lld,", (long long)offset);
    buf_addf(out, "\"timeout\":%d,\"limit\":%d,", timeout_s, UPDATES_MAX);
    /* Remembered by the server between calls, so that a shorter list elsewhere must not stay. */
    buf_adds(out, "\"allowed_updates\":[\"message\",\"edited_message\",\"callback_query\","
                  "\"my_chat_member\"]}");
}

int64_t telegram_next_offset(const char *body, size_t n)
{
    int64_t next = 0, id;
    json_t *tree = wire_load(body, n, NULL), *update;
    size_t i;

    json_array_foreach(wire_array(tree, "result"), i, update)
    {
        if (!telegram_id(update, "update_id", &id) || id < 0 || id == INT64_MAX) continue;
        if (id + 1 > next) next = id + 1;
    }
    json_decref(tree);
    return next;
}

void telegram_answer_press(const char *callback_query_id, struct buf *out)
{
    buf_adds(out, "{\"callback_query_id\":");
    wire_put(out, callback_query_id);
    buf_addc(out, '}');
}

static bool is_number(const char *s)
{
    size_t n = strspn(s, digits);

    return s[n] == '\0' && n > 0 && n <= ID_DIGITS_MAX && (s[0] != '0' || n == 1);
}

void telegram_put_id(const char *id, struct buf *out)
{
    if (is_number(id) || (*id == '-' && is_number(id + 1)))
        buf_adds(out, id);
    else
        wire_put(out, id);
}

void telegram_drop_keyboard(const char *chat_id, const char *message_id, struct buf *out)
{
    buf_adds(out, "{\"chat_id\":");
    telegram_put_id(chat_id, out);
    buf_adds(out, ",\"message_id\":");
    telegram_put_id(message_id, out);
    buf_addc(out, '}');
}

const char *telegram_thread(const char *id)
{
    return id == NULL || *id == '\0' || strcmp(id, "1") == 0 ? NULL : id;
}

void telegram_copy(const char *from_chat, const char *message_id, const char *to_chat, const char *to_thread,
                   struct buf *out)
{
    buf_adds(out, "{\"chat_id\":");
    telegram_put_id(to_chat, out);
    if (telegram_thread(to_thread) != NULL) {
        buf_adds(out, ",\"message_thread_id\":");
        telegram_put_id(to_thread, out);
    }
    buf_adds(out, ",\"from_chat_id\":");
    telegram_put_id(from_chat, out);
    buf_adds(out, ",\"message_id\":");
    telegram_put_id(message_id, out);
    buf_addc(out, '}');
}

void telegram_typing(const char *chat_id, struct buf *out)
{
    buf_adds(out, "{\"chat_id\":");
    telegram_put_id(chat_id, out);
    buf_adds(out, ",\"action\":\"typing\"}");
}

/* What Telegram takes for a command. */
static bool may_be_offered(const struct telegram_command *c)
{
    size_t n = strspn(c->name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    return c->name[n] == '\0' && n > 0 && n <= TELEGRAM_COMMAND_NAME_MAX && *c->description != '\0';
}

static void put_command(const struct telegram_command *c, struct buf *out)
{
    struct buf description = {0};

    buf_add(&description, c->description, utf8_cut(c->description, TELEGRAM_COMMAND_POINTS_MAX));
    if (description.failed) out->failed = true;
    buf_addf(out, "{\"command\":\"%s\",\"description\":", c->name);
    wire_put(out, buf_text(&description));
    buf_addc(out, '}');
    buf_free(&description);
}

void telegram_set_commands(const struct telegram_command *commands, size_t n, const char *language,
                           struct buf *out)
{
    bool any = false;

    buf_adds(out, "{\"commands\":[");
    for (size_t i = 0; i < n; i++) {
        if (!may_be_offered(&commands[i])) continue;
        if (any) buf_addc(out, ',');
        put_command(&commands[i], out);
        any = true;
    }
    buf_addc(out, ']');
    if (language != NULL) {
        buf_adds(out, ",\"language_code\":");
        wire_put(out, language);
    }
    buf_addc(out, '}');
}

/* In a private chat the chat's id is the person's. Nothing comes back with a message, so that
 * the tracker has nowhere to go. */
static int telegram_address(const char *content, const struct identity *to, const char *tracker,
                            struct buf *out, struct err *e)
{
    (void)tracker;
    if (content[0] != '{' || content[1] != '"')
        return err_set(e, "telegram: content to send is no JSON object with members");
    if (to->user_id == NULL || !is_number(to->user_id))
        return err_set(e, "telegram: no addressee: expected a user id of digits");
    buf_addf(out, "{\"chat_id\":%s,", to->user_id);
    buf_adds(out, content + 1);
    return out->failed ? err_set(e, "telegram: out of memory for a request") : 0;
}

const struct channel telegram = {
    .name = "telegram",
    .authentic = telegram_authentic,
    .parse = telegram_parse,
    .render = telegram_render,
    .address = telegram_address,
    .verdict = telegram_verdict,
};

#include <string.h>

#include "arena.h"
#include "buf.h"
#include "telegram_parts.h"
#include "utf8.h"
#include "wire.h"

enum { DETAIL_POINTS_MAX = 120, TOO_MANY_REQUESTS = 429, BAD_REQUEST = 400 };

/* Where every call would fare alike the queue halts, so that no reply is lost for a token. */
static const struct {
    int from, to; /* the codes this row speaks of */
    enum verdict_kind kind;
    const char *words; /* where the platform gives none */
} answers[] = {
    {300, 399, SEND_HALT, "redirected: is the base address right?"},
    {401, 401, SEND_HALT, "token refused"},
    {403, 403, SEND_CHAT_CLOSED, "the person cannot be reached"},
    {404, 404, SEND_HALT, "nothing there: are base address and token right?"},
    {408, 408, SEND_LATER, "request timed out"},
    {409, 409, SEND_LATER, "conflict with another call"},
    {429, 429, SEND_PACE, "too many requests"},
    {400, 499, SEND_NEVER, "request refused"},
    {500, 599, SEND_LATER, "server trouble"},
};

static struct verdict of_code(int code)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (code >= answers[i].from && code <= answers[i].to)
            return (struct verdict){.kind = answers[i].kind, .code = code, .detail = answers[i].words};
    return (struct verdict){.kind = SEND_UNKNOWN, .code = code, .detail = "no answer to go by"};
}

/* Longer than any word of Telegram's own ("BUTTON_USER_PRIVACY_RESTRICTED"), shorter than a token's half: what
 * stands between us and Telegram may repeat the address that was asked for. */
enum { WORD_BYTES_MAX = 34 };

/* The platform's words for the log: without digits, for they may be a person's, without what is too long for a
 * word, and only up to what it quotes, for that may be anything. NULL when nothing is left. */
static const char *detail_of(const char *description, struct arena *a)
{
    struct buf line = {0};

    for (size_t i = 0; description[i] != '\0' && description[i] != '"'; i++) {
        unsigned char c = (unsigned char)description[i];
        size_t word = i == 0 || description[i - 1] == ' ' ? strcspn(description + i, " \"") : 0;
        if (word > WORD_BYTES_MAX) {
            buf_adds(&line, "\xE2\x80\xA6");
            i += word - 1;
            continue;
        }
        if (c >= '0' && c <= '9') continue;
        buf_addc(&line, c < ' ' || c == 0x7F ? ' ' : (char)c);
    }
    const char *s = buf_text(&line);
    size_t n = utf8_cut(s, DETAIL_POINTS_MAX);
    while (n > 0 && s[n - 1] == ' ') n--;
    const char *detail = n > 0 ? arena_strndup(a, s, n) : NULL;
    buf_free(&line);
    return detail;
}

static int64_t retry_after_ms(const json_t *tree)
{
    int seconds;

    if (!wire_int(wire_object(tree, "parameters"), "retry_after", &seconds) || seconds < 0) return 0;
    return (int64_t)seconds * 1000;
}

static struct verdict of_error(const json_t *tree, int http_status, struct arena *a)
{
    const char *description = wire_string(tree, "description");
    int code = http_status;

    (void)wire_int(tree, "error_code", &code);
    struct verdict v = of_code(code);
    if (v.code == TOO_MANY_REQUESTS) v.retry_after_ms = retry_after_ms(tree);
    if (description == NULL) return v;
    /* The words are no contract, but nothing else tells this from a fault of ours. */
    if (v.code == BAD_REQUEST && strcasestr(description, "chat not found") != NULL) v.kind = SEND_CHAT_CLOSED;
    if (json_object_get(wire_object(tree, "parameters"), "migrate_to_chat_id") != NULL)
        v.kind = SEND_CHAT_CLOSED;
    const char *detail = detail_of(description, a);
    if (detail != NULL) v.detail = detail;
    return v;
}

static struct verdict of_success(const json_t *tree, int http_status, struct arena *a)
{
    const json_t *result = wire_object(tree, "result");
    struct verdict v = {.kind = SEND_UNKNOWN, .code = http_status, .detail = "accepted without an id"};
    int64_t chat, message;

    if (!telegram_id(result, "message_id", &message)) return v;
    if (json_object_get(result, "chat") == NULL) /* of a copy there is only this */
        v.message_id = arena_printf(a, "%lld", (long long)message);
    else if (telegram_id(wire_object(result, "chat"), "id", &chat))
        v.message_id = arena_printf(a, "%lld/%lld", (long long)chat, (long long)message);
    if (v.message_id == NULL) return v;
    v.kind = SEND_OK;
    v.detail = NULL;
    return v;
}

struct verdict telegram_verdict(int http_status, const char *body, size_t n, struct arena *a)
{
    struct verdict v = of_code(http_status);

    if (http_status == 0 || body == NULL || n == 0) return v;
    json_t *tree = wire_load(body, n, NULL);
    if (wire_true(tree, "ok"))
        v = of_success(tree, http_status, a);
    else if (json_is_object(tree))
        v = of_error(tree, http_status, a);
    json_decref(tree);
    return v;
}

#include "batch.h"

#include <string.h>

#include "arena.h"
#include "mime.h"
#include "secret.h"
#include "utf8.h"
#include "wire.h"

/* Longer than any type, event or field of a platform's. */
enum { WORD_BYTES_MAX = 64 };

/* The hash is for telling items apart, not for hiding them: the key is no secret. It is the same
 * for every platform, and stays, for what is on disk is known by it. */
static const char hash_key[] = "whatsapp item";

struct inbound *batch_add(struct batch *b, const char *type)
{
    if (b->failed) return NULL;
    if (b->count >= BATCH_ITEMS_MAX) {
        b->failed = true;
        return NULL;
    }
    struct inbound *in = arena_calloc(b->arena, sizeof *in);
    if (in == NULL) {
        b->failed = true;
        return NULL;
    }
    in->kind = INBOUND_SKIPPED;
    in->id = "";
    in->type = batch_word(b, type);
    if (in->type == NULL) in->type = "other";
    in->who.channel = b->channel;
    in->who.account = b->account;
    *b->tail = in;
    b->tail = &in->next;
    b->count++;
    return in;
}

static void forget(const struct batch *b, struct inbound *in, enum inbound_kind kind, const char *reason)
{
    in->kind = kind;
    in->reason = reason;
    in->who = (struct identity){.channel = b->channel, .account = b->account};
    in->message = (struct message){0};
    in->chat = in->thread = in->plain = NULL;
    in->status = (struct status){0};
    in->raw = NULL;
}

void batch_skip(struct batch *b, struct inbound *in, const json_t *item, const char *reason)
{
    forget(b, in, INBOUND_SKIPPED, reason);
    in->id = batch_id(b, wire_string(item, "id"));
    if (in->id == NULL) in->id = batch_hash(b, batch_raw(b, item));
}

void batch_break(struct batch *b, struct inbound *in, const json_t *item, const char *reason)
{
    forget(b, in, INBOUND_BROKEN, reason);
    in->raw = batch_raw(b, item);
    in->id = batch_hash(b, in->raw);
}

static const char *keep_bytes(struct batch *b, const char *s, size_t n)
{
    const char *copy = arena_strndup(b->arena, s, n);

    if (copy == NULL) b->failed = true;
    return copy;
}

const char *batch_keep(struct batch *b, const char *s)
{
    return s == NULL ? NULL : keep_bytes(b, s, strlen(s));
}

/* The scratch as a string in the arena. */
static const char *keep_scratch(struct batch *b)
{
    if (b->scratch.failed) {
        b->failed = true;
        return NULL;
    }
    return keep_bytes(b, buf_text(&b->scratch), b->scratch.len);
}

const char *batch_text(struct batch *b, const char *s, size_t max)
{
    if (s == NULL) return NULL;
    buf_clear(&b->scratch);
    utf8_clean(s, utf8_cut(s, max), &b->scratch);
    return keep_scratch(b);
}

const char *batch_line(struct batch *b, const char *s, size_t max)
{
    if (s == NULL) return NULL;
    buf_clear(&b->scratch);
    utf8_clean(s, utf8_cut(s, max), &b->scratch);
    for (size_t i = 0; i < b->scratch.len; i++)
        if (b->scratch.data[i] == '\n' || b->scratch.data[i] == '\t') b->scratch.data[i] = ' ';
    const char *line = buf_text(&b->scratch);
    if (line[strspn(line, " ")] == '\0' && !b->scratch.failed) return NULL;
    return keep_scratch(b);
}

/* What breaks a line, or turns the direction of writing: with it "factuur[RLO]fdp.exe" is shown as
 * "factuurexe.pdf". */
static bool spoils_a_name(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

const char *batch_file_name(struct batch *b, const char *s)
{
    struct buf name = {0};
    uint32_t c;

    if (s == NULL) return NULL;
    for (const char *end = s + strlen(s); s < end;) {
        size_t n = utf8_next(s, end, &c);
        if (c == '/' || c == '\\')
            buf_addc(&name, '_');
        else if (!spoils_a_name(c))
            buf_add(&name, s, n);
        s += n;
    }
    if (name.failed) b->failed = true;
    const char *kept = batch_line(b, buf_text(&name), FILE_NAME_MAX);
    buf_free(&name);
    return kept;
}

const char *batch_mime(struct batch *b, const char *s)
{
    return s != NULL && mime_is(s) ? batch_keep(b, s) : NULL;
}

const char *batch_word(struct batch *b, const char *s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    size_t n;

    if (s == NULL) return NULL;
    n = strspn(s, letters);
    if (n == 0 || s[n] != '\0' || n > WORD_BYTES_MAX) return NULL;
    return keep_bytes(b, s, n);
}

const char *batch_id(struct batch *b, const char *s)
{
    size_t n = 0;

    if (s == NULL) return NULL;
    for (; s[n] != '\0'; n++)
        if (s[n] <= ' ' || s[n] > '~' || n >= ID_BYTES_MAX) return NULL;
    return n == 0 ? NULL : keep_bytes(b, s, n);
}

const char *batch_raw(struct batch *b, const json_t *item)
{
    buf_clear(&b->scratch);
    wire_dump(item, &b->scratch);
    return keep_scratch(b);
}

const char *batch_hash(struct batch *b, const char *raw)
{
    char hex[65];

    if (raw == NULL) return "";
    secret_hmac_hex(hash_key, raw, strlen(raw), hex);
    if (hex[0] == '\0') b->failed = true;
    return batch_keep(b, hex);
}

#include "telegram_desk.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "outbound.h"
#include "telegram.h"
#include "telegram_parts.h"
#include "utf8.h"
#include "wire.h"

/* createForumTopic: a name of 1 to 128 characters. */
enum { TOPIC_POINTS_MAX = 128 };

/* ---- as the outbox keeps it ---- */

static const char *const fields[] = {"topic", "body", "quote", "erase"};
static const char *const media_fields[] = {"id", "mime", "name", "chat", "message", "caption", "lost"};

/* The strings of a content in the order of the names above. */
static void list(struct desk_content *c, const char **at[], const char **media_at[])
{
    const char **all[] = {&c->topic, &c->body, &c->quote, &c->erase};
    const char **of_media[] = {&c->media.id,      &c->media.mime,    &c->media.name, &c->media.chat,
                               &c->media.message, &c->media.caption, &c->media.lost};

    memcpy(at, all, sizeof all);
    memcpy(media_at, of_media, sizeof of_media);
}

enum { FIELDS = sizeof fields / sizeof *fields, MEDIA_FIELDS = sizeof media_fields / sizeof *media_fields };

static void put_member(struct buf *out, const char *name, const char *value, const char **between)
{
    if (value == NULL) return;
    buf_addf(out, "%s\"%s\":", *between, name);
    wire_put(out, value);
    *between = ",";
}

static void put_media(struct buf *out, struct desk_content *c, const char **media_at[])
{
    const char *between = "";

    buf_addc(out, '{');
    put_member(out, "kind", media_kind_name(c->media.kind), &between);
    for (size_t i = 0; i < MEDIA_FIELDS; i++) put_member(out, media_fields[i], *media_at[i], &between);
    buf_addc(out, '}');
}

void telegram_desk_write(const struct desk_content *c, struct buf *out)
{
    struct desk_content copy = *c;
    const char **at[FIELDS], **media_at[MEDIA_FIELDS], *between = "";

    list(&copy, at, media_at);
    buf_addc(out, '{');
    for (size_t i = 0; i < FIELDS; i++) put_member(out, fields[i], *at[i], &between);
    if (c->media.given) {
        buf_addf(out, "%s\"media\":", between);
        put_media(out, &copy, media_at);
    }
    buf_addc(out, '}');
}

static const char *kept(struct arena *a, const json_t *tree, const char *name, bool *failed)
{
    const char *s = wire_string(tree, name);
    const char *copy = s == NULL ? NULL : arena_strdup(a, s);

    *failed = *failed || (s != NULL && copy == NULL);
    return copy;
}

static int read_media(const json_t *media, struct arena *a, struct desk_content *out, bool *failed)
{
    const char **at[FIELDS], **media_at[MEDIA_FIELDS];
    const char *kind = wire_string(media, "kind");

    if (media == NULL) return 0;
    if (kind == NULL || media_kind_from(kind, &out->media.kind) != 0) return -1;
    out->media.given = true;
    list(out, at, media_at);
    for (size_t i = 0; i < MEDIA_FIELDS; i++) *media_at[i] = kept(a, media, media_fields[i], failed);
    return 0;
}

int telegram_desk_read(const char *text, struct arena *a, struct desk_content *out, struct err *e)
{
    json_t *tree = wire_load(text, strlen(text), e);
    const char **at[FIELDS], **media_at[MEDIA_FIELDS];
    bool failed = false;

    *out = (struct desk_content){0};
    if (tree == NULL) return -1;
    list(out, at, media_at);
    for (size_t i = 0; i < FIELDS; i++) *at[i] = kept(a, tree, fields[i], &failed);
    int rc = read_media(wire_object(tree, "media"), a, out, &failed);
    json_decref(tree);
    if (failed) return err_set(e, "desk: out of memory");
    if (rc != 0 || (out->body == NULL && out->erase == NULL && !out->media.given))
        return err_set(e, "desk: a row that says nothing");
    if (out->body != NULL && (out->body[0] != '{' || out->body[1] != '"'))
        return err_set(e, "desk: content to send is no JSON object with members");
    return 0;
}

/* ---- files ---- */

/* "CHAT/MESSAGE" is how the ids of Telegram's messages are written here. */
static bool copied(const struct message *m, struct desk_content *c, char chat[static 32])
{
    const char *slash = strchr(m->id, '/');

    if (slash == NULL || (size_t)(slash - m->id) >= 32) return false;
    memcpy(chat, m->id, (size_t)(slash - m->id));
    chat[slash - m->id] = '\0';
    c->media.chat = chat;
    c->media.message = slash + 1;
    return true;
}

bool telegram_desk_media(const struct message *m, const char *channel, struct buf *out)
{
    struct desk_content c = {.media = {.given = true, .kind = m->media}};
    const char **at[FIELDS], **media_at[MEDIA_FIELDS];
    char chat[32];

    if (m->kind != MESSAGE_MEDIA) return false;
    if (strcmp(channel, telegram.name) == 0) {
        if (!copied(m, &c, chat)) return false;
    } else {
        if (m->media_id == NULL) return false;
        c.media.id = m->media_id;
        c.media.mime = m->mime;
        c.media.name = m->file_name;
    }
    list(&c, at, media_at);
    put_media(out, &c, media_at);
    return true;
}

int telegram_desk_media_read(const char *text, struct arena *a, struct desk_content *out, struct err *e)
{
    json_t *tree = wire_load(text, strlen(text), e);
    bool failed = false;

    if (tree == NULL) return -1;
    int rc = read_media(tree, a, out, &failed);
    json_decref(tree);
    return rc == 0 && !failed ? 0 : err_set(e, "desk: a file that cannot be read");
}

/* ---- her files ---- */

static const char parcel_mark[] = "{\"parcel\":";

bool telegram_desk_parcel(const struct message *m, struct buf *out)
{
    struct desk_content c = {.media = {.given = true, .kind = m->media}};
    const char **at[FIELDS], **media_at[MEDIA_FIELDS];
    char chat[32];

    if (m->kind != MESSAGE_MEDIA || m->media_id == NULL || !copied(m, &c, chat)) return false;
    c.media.id = m->media_id;
    c.media.mime = m->mime;
    c.media.name = m->file_name;
    c.media.caption = m->text;
    list(&c, at, media_at);
    buf_adds(out, parcel_mark);
    put_media(out, &c, media_at);
    buf_addc(out, '}');
    return true;
}

bool telegram_desk_is_parcel(const char *content)
{
    return strncmp(content, parcel_mark, strlen(parcel_mark)) == 0;
}

int telegram_desk_parcel_read(const char *content, struct arena *a, struct desk_content *out, struct err *e)
{
    json_t *tree = wire_load(content, strlen(content), e);
    bool failed = false;

    *out = (struct desk_content){0};
    if (tree == NULL) return -1;
    int rc = read_media(wire_object(tree, "parcel"), a, out, &failed);
    json_decref(tree);
    bool whole =
        out->media.given && out->media.id != NULL && out->media.chat != NULL && out->media.message != NULL;
    return rc == 0 && !failed && whole ? 0 : err_set(e, "desk: a file for a person that cannot be read");
}

/* ---- calls ---- */

static void put_chat(struct buf *out, const char *chat, const char *thread)
{
    buf_adds(out, "{\"chat_id\":");
    telegram_put_id(chat, out);
    const char *topic = telegram_thread(thread);
    if (topic == NULL) return;
    buf_adds(out, ",\"message_thread_id\":");
    telegram_put_id(topic, out);
}

void telegram_desk_topic(const char *chat, const char *name, struct buf *out)
{
    struct buf cut = {0};

    buf_add(&cut, name, utf8_cut(name, TOPIC_POINTS_MAX));
    put_chat(out, chat, NULL);
    buf_adds(out, ",\"name\":");
    wire_put(out, buf_text(&cut));
    buf_addc(out, '}');
    if (cut.failed) out->failed = true;
    buf_free(&cut);
}

void telegram_desk_delete(const char *chat, const char *thread, struct buf *out)
{
    put_chat(out, chat, thread);
    buf_addc(out, '}');
}

void telegram_desk_send(const char *chat, const char *thread, const struct desk_content *c, struct buf *out)
{
    put_chat(out, chat, thread);
    if (c->quote != NULL) {
        buf_adds(out, ",\"reply_parameters\":{\"message_id\":");
        telegram_put_id(c->quote, out);
        buf_adds(out, ",\"allow_sending_without_reply\":true}");
    }
    buf_addc(out, ',');
    buf_adds(out, c->body + 1); /* an object with members */
}

int telegram_desk_words(const struct desk_content *c, struct buf *out, struct err *e)
{
    const char *caption = c->media.caption != NULL ? c->media.caption : "", *lost = c->media.lost;
    struct buf text = {0};

    buf_addf(&text, "%s%s%s", caption, *caption != '\0' && lost != NULL ? "\n" : "",
             lost != NULL ? lost : "");
    const struct outbound o = {.text = buf_text(&text)};
    int rc = text.failed ? err_set(e, "desk: out of memory") : telegram_render(&o, out, e);
    buf_free(&text);
    return rc;
}

void telegram_desk_caption(const struct desk_content *c, struct buf *out)
{
    struct html h = {.out = out};

    if (c->media.caption != NULL) html_marked(&h, c->media.caption);
}

const char *telegram_desk_made(const char *body, size_t n, struct arena *a)
{
    json_t *tree = wire_load(body, n, NULL);
    const char *thread = NULL;
    int64_t id;

    if (wire_true(tree, "ok") && telegram_id(wire_object(tree, "result"), "message_thread_id", &id) && id > 0)
        thread = arena_printf(a, "%lld", (long long)id);
    json_decref(tree);
    return thread;
}

bool telegram_desk_no_topic(const char *body, size_t n)
{
    static const char *const known[] = {"thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID"};
    json_t *tree = body == NULL ? NULL : wire_load(body, n, NULL);
    const char *description = wire_string(tree, "description");
    bool gone = false;

    for (size_t i = 0; description != NULL && i < sizeof known / sizeof *known; i++)
        gone |= strcasestr(description, known[i]) != NULL;
    json_decref(tree);
    return gone;
}

/* ---- the channel ---- */

static int desk_address(const char *content, const struct identity *to, const char *tracker, struct buf *out,
                        struct err *e)
{
    (void)content, (void)to, (void)tracker, (void)out;
    return err_set(e, "desk: a row takes an errand");
}

const struct channel telegram_desk = {
    .name = "desk",
    .render = telegram_render,
    .address = desk_address,
    .verdict = telegram_verdict,
};

/* An answer to getUpdates, {"ok":true,"result":[update, ...]}, or one update of a webhook. Every
 * update is read for itself, so that a spoiled one costs only itself. */
#include <string.h>

#include "arena.h"
#include "batch.h"
#include "err.h"
#include "telegram.h"
#include "telegram_parts.h"
#include "wire.h"

/* The kinds we ask for. Which chat one belongs to stands in the part itself or in its message. */
static const struct kind {
    const char *name;
    const char *(*read)(struct batch *b, const json_t *part, struct inbound *in);
    bool by_message;
} kinds[] = {
    {"message", telegram_read_message, false},
    {"edited_message", telegram_read_edit, false},
    {"callback_query", telegram_read_press, true},
    {"my_chat_member", telegram_read_membership, false},
};

static const struct kind *kind_of(const json_t *update)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json_object_get(update, kinds[i].name) != NULL) return &kinds[i];
    return NULL;
}

/* What the platform calls a kind that is not served: the key beside the id. */
static const char *name_of(const json_t *update)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)update, key, value) if (strcmp(key, "update_id") != 0) return key;
    return NULL;
}

/* ---- who and where ---- */

static const char *full_name(struct batch *b, const json_t *from)
{
    const char *first = wire_string(from, "first_name"), *last = wire_string(from, "last_name");
    const char *name;

    if (first == NULL || last == NULL) return batch_line(b, first != NULL ? first : last, NAME_POINTS_MAX);
    name = arena_printf(b->arena, "%s %s", first, last);
    if (name == NULL) b->failed = true;
    return batch_line(b, name, NAME_POINTS_MAX);
}

static bool read_who(struct batch *b, const json_t *from, struct identity *who)
{
    int64_t id;

    if (!telegram_id(from, "id", &id) || id <= 0) return false;
    who->user_id = arena_printf(b->arena, "%lld", (long long)id);
    if (who->user_id == NULL) b->failed = true;
    who->username = batch_line(b, wire_string(from, "username"), NAME_POINTS_MAX);
    who->name = full_name(b, from);
    return true;
}

/* An administrator who posts as the group itself goes by the name of a bot of Telegram's. */
static bool is_anonymous(const json_t *part, const json_t *chat)
{
    int64_t sender, id;

    return telegram_id(wire_object(part, "sender_chat"), "id", &sender) && telegram_id(chat, "id", &id) &&
           sender == id;
}

/* What keeps an update from being read at all: NULL, or why it is broken; in->reason when it is
 * well-formed and not for us. */
static const char *turned_away(struct batch *b, const struct kind *kind, const json_t *part,
                               struct inbound *in)
{
    const json_t *from = wire_object(part, "from");
    const json_t *chat = wire_object(kind->by_message ? wire_object(part, "message") : part, "chat");
    const char *where = wire_string(chat, "type");

    if (!json_is_object(part)) return "an update that is no object";
    /* A press under an inline message, in a chat we are no part of. */
    if (kind->by_message && json_object_get(part, "message") == NULL &&
        wire_string(part, "inline_message_id") != NULL) {
        in->reason = "a press on an inline message";
        return NULL;
    }
    if (where == NULL) return "an update of no chat";
    if (strcmp(where, "channel") == 0)
        in->reason = "in a channel"; /* nobody writes there but the channel itself */
    else if (!read_who(b, from, &in->who))
        return "an update that names nobody";
    else if (wire_true(from, "is_bot") && !is_anonymous(part, chat))
        in->reason = "from a bot";
    in->kind = strcmp(where, "private") == 0 ? INBOUND_MESSAGE : INBOUND_GROUP;
    return NULL;
}

/* Where it was written. A thread is a topic only where the platform says so: plain replies in groups
 * have one as well. */
static void read_where(struct batch *b, const struct kind *kind, const json_t *part, struct inbound *in)
{
    const json_t *message = kind->by_message ? wire_object(part, "message") : part;
    int64_t id;

    if (telegram_id(wire_object(message, "chat"), "id", &id)) {
        in->chat = arena_printf(b->arena, "%lld", (long long)id);
        if (in->chat == NULL) b->failed = true;
    }
    if (!wire_true(message, "is_topic_message") || !telegram_id(message, "message_thread_id", &id)) return;
    in->thread = arena_printf(b->arena, "%lld", (long long)id);
    if (in->thread == NULL) b->failed = true;
}

/* In a group the words are said to people: as they stand. So they may be in a person's own chat. */
static void read_plainly(struct batch *b, const json_t *part, struct inbound *in)
{
    const char *text = wire_string(part, "text");

    if (in->kind != INBOUND_GROUP) {
        in->plain = text != NULL && *text == '/' ? batch_text(b, text, TEXT_POINTS_MAX) : NULL;
        return;
    }
    if (text == NULL || (in->message.kind != MESSAGE_TEXT && in->message.kind != MESSAGE_OPEN &&
                         in->message.kind != MESSAGE_EDIT))
        return;
    in->message.text = batch_text(b, text, TEXT_POINTS_MAX);
    if (in->message.kind == MESSAGE_OPEN) in->message.kind = MESSAGE_TEXT;
}

/* ---- one update ---- */

static void skip(struct batch *b, struct inbound *in, const json_t *update, const char *id)
{
    batch_skip(b, in, update, in->reason);
    in->id = id;
}

static void read_part(struct batch *b, const struct kind *kind, const json_t *update, const char *id,
                      struct inbound *in)
{
    const json_t *part = json_object_get(update, kind->name);
    const char *broken = turned_away(b, kind, part, in);

    if (broken == NULL && in->reason == NULL) broken = kind->read(b, part, in);
    if (broken != NULL) {
        batch_break(b, in, update, broken);
        return;
    }
    if (in->reason != NULL) {
        skip(b, in, update, id);
        return;
    }
    read_plainly(b, part, in);
    read_where(b, kind, part, in);
    in->id = id;
    in->message.name = in->who.name;
    if (in->kind != INBOUND_GONE) in->raw = batch_raw(b, update);
}

static void read_update(struct batch *b, const json_t *update)
{
    const struct kind *kind = kind_of(update);
    struct inbound *in = batch_add(b, kind != NULL ? kind->name : name_of(update));
    int64_t number;

    if (in == NULL) return;
    if (!telegram_id(update, "update_id", &number) || number < 0) {
        batch_break(b, in, update, "an update without id");
        return;
    }
    const char *id = arena_printf(b->arena, "%s/%lld", b->account, (long long)number);
    if (id == NULL) {
        b->failed = true;
        return;
    }
    if (kind != NULL) {
        read_part(b, kind, update, id, in);
        return;
    }
    in->reason = "of a kind that is not served";
    skip(b, in, update, id);
}

/* ---- the body ---- */

static int read_body(struct batch *b, const json_t *tree, struct err *e)
{
    const json_t *updates = wire_array(tree, "result"), *update;
    size_t i;

    if (json_object_get(tree, "update_id") != NULL) {
        read_update(b, tree);
    } else if (wire_true(tree, "ok") && updates != NULL) {
        json_array_foreach(updates, i, update)
        {
            if (b->failed) break;
            read_update(b, update);
        }
    } else {
        return err_set(e, "telegram: a body that is neither an update nor an answer to getUpdates");
    }
    if (!b->failed) return 0;
    if (b->count >= BATCH_ITEMS_MAX)
        return err_set(e, "telegram: a body of more than %d updates, Telegram sends at most 100",
                       BATCH_ITEMS_MAX);
    return err_set(e, "telegram: out of memory for a body of %zu updates", b->count);
}

int telegram_parse(const char *body, size_t n, const char *account, struct arena *a, struct inbound **out,
                   struct err *e)
{
    struct batch b = {.arena = a, .channel = telegram.name};
    int rc = -1;

    *out = NULL;
    b.tail = &b.first;
    json_t *tree = wire_load(body, n, e);
    if (tree == NULL) {
        (void)err_wrap(e, "telegram");
        goto out;
    }
    b.account = batch_keep(&b, account);
    rc = read_body(&b, tree, e);
    if (rc == 0) *out = b.first;
out:
    buf_free(&b.scratch);
    json_decref(tree);
    return rc;
}

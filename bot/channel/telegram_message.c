#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "batch.h"
#include "telegram_parts.h"
#include "wire.h"

/* Seconds stay below this until the year 33658, and times 1000 they fit. */
#define SECONDS_MAX INT64_C(1000000000000)

enum { COMMAND_BYTES_MAX = 32 };

static const char file_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

static const char word_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

bool telegram_id(const json_t *object, const char *key, int64_t *out)
{
    const json_t *member = json_object_get(object, key);

    if (!json_is_integer(member)) return false;
    *out = (int64_t)json_integer_value(member);
    return true;
}

const char *telegram_message_id(struct batch *b, const json_t *message)
{
    int64_t chat, id;

    if (!telegram_id(wire_object(message, "chat"), "id", &chat)) return NULL;
    if (!telegram_id(message, "message_id", &id)) return NULL;
    const char *s = arena_printf(b->arena, "%lld/%lld", (long long)chat, (long long)id);
    if (s == NULL) b->failed = true;
    return s;
}

static int64_t time_ms(const json_t *message, const char *key)
{
    int64_t t;

    return telegram_id(message, key, &t) && t > 0 && t < SECONDS_MAX ? t * 1000 : 0;
}

/* ---- words ---- */

/* The bytes of a "/command" or "/command@name" at the start, and of the word in it; 0 when the
 * text starts with none: "/", "/24", "1/2" and paths are what people type, too. */
static size_t command_at(const char *s, size_t *word)
{
    size_t n;

    if (*s != '/' || !isalpha((unsigned char)s[1])) return 0;
    *word = strspn(s + 1, word_letters);
    n = 1 + *word;
    if (s[n] == '@') n += 1 + strspn(s + n + 1, word_letters);
    return *word <= COMMAND_BYTES_MAX && (s[n] == '\0' || isspace((unsigned char)s[n])) ? n : 0;
}

/* Underscores stand for the spaces that commands and payloads cannot hold. */
static void put_words(struct batch *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) buf_addc(&b->scratch, s[i] == '_' ? ' ' : s[i]);
}

/* The words in the scratch, or NULL when memory ran out. */
static const char *words_kept(struct batch *b)
{
    const char *copy = b->scratch.failed ? NULL : arena_strdup(b->arena, buf_text(&b->scratch));

    if (copy == NULL) b->failed = true;
    return batch_text(b, copy, TEXT_POINTS_MAX);
}

/* The link t.me/BOT?start=PAYLOAD gives "/start PAYLOAD"; without payload nothing was said. */
static void read_start(struct batch *b, const char *payload, struct message *m)
{
    if (*payload == '\0') {
        m->kind = MESSAGE_OPEN;
        return;
    }
    put_words(b, payload, strlen(payload));
    m->text = words_kept(b);
}

static void read_words(struct batch *b, const char *text, struct message *m)
{
    size_t word = 0, n = command_at(text, &word);
    const char *rest = text + n;

    m->kind = MESSAGE_TEXT;
    if (n == 0) {
        m->text = batch_text(b, text, TEXT_POINTS_MAX);
        return;
    }
    while (isspace((unsigned char)*rest)) rest++;
    buf_clear(&b->scratch);
    if (word == strlen("start") && strncasecmp(text + 1, "start", word) == 0) {
        read_start(b, rest, m);
        return;
    }
    put_words(b, text + 1, word);
    if (*rest != '\0') buf_addc(&b->scratch, ' ');
    buf_adds(&b->scratch, rest);
    m->text = words_kept(b);
}

/* ---- what else people send ---- */

/* In this order: an animation comes with a document beside it, a venue with a location. Every
 * key that is not here belongs to a service message, or to a kind newer than we are. */
static const struct {
    const char *key;
    enum media_kind media;
    bool file;
    const char *mime; /* of a file whose message tells none, as the Bot API has it. Or NULL */
} medias[] = {
    {"animation", MEDIA_VIDEO, true, NULL},
    {"voice", MEDIA_VOICE, true, NULL},
    {"audio", MEDIA_AUDIO, true, NULL},
    {"photo", MEDIA_IMAGE, true, "image/jpeg"}, /* whatever was sent, Telegram keeps a JPEG */
    {"live_photo", MEDIA_IMAGE, false, NULL},
    {"video", MEDIA_VIDEO, true, NULL},
    {"video_note", MEDIA_VIDEO, true, "video/mp4"},
    {"document", MEDIA_DOCUMENT, true, NULL},
    {"sticker", MEDIA_STICKER, true, "image/webp"},
    {"venue", MEDIA_LOCATION, false, NULL},
    {"location", MEDIA_LOCATION, false, NULL},
    {"contact", MEDIA_CONTACT, false, NULL},
    {"poll", MEDIA_OTHER, false, NULL},
    {"dice", MEDIA_OTHER, false, NULL},
    {"game", MEDIA_OTHER, false, NULL},
    {"story", MEDIA_OTHER, false, NULL},
    {"paid_media", MEDIA_OTHER, false, NULL},
    {"checklist", MEDIA_OTHER, false, NULL},
    {"rich_message", MEDIA_OTHER, false, NULL},
    {"invoice", MEDIA_OTHER, false, NULL},
};

/* Of a photo there are several sizes, and nowhere is it promised that the last is the largest. */
static const json_t *largest(const json_t *sizes)
{
    const json_t *size, *best = NULL;
    int64_t most = -1;
    size_t i;

    json_array_foreach(sizes, i, size)
    {
        int width = 0, height = 0;
        bool told = wire_int(size, "width", &width) && wire_int(size, "height", &height);
        int64_t area = told && width > 0 && height > 0 ? (int64_t)width * height : 0;
        if (area < most) continue;
        most = area;
        best = size;
    }
    return best;
}

/* A sticker that moves is a drawing or a film (Bot API, "Sticker"). */
static const char *sticker_mime(const json_t *sticker, const char *otherwise)
{
    if (wire_true(sticker, "is_animated")) return "application/x-tgsticker";
    return wire_true(sticker, "is_video") ? "video/webm" : otherwise;
}

/* It becomes part of requests: digits, letters, '_' and '-', as all of Telegram's are. */
static const char *file_id(struct batch *b, const char *s)
{
    size_t n = s == NULL ? 0 : strspn(s, file_letters);

    return n > 0 && n <= MEDIA_ID_MAX && s[n] == '\0' ? batch_keep(b, s) : NULL;
}

static void read_file(struct batch *b, const json_t *file, const char *mime, struct message *m)
{
    if (m->media == MEDIA_STICKER) mime = sticker_mime(file, mime);
    m->media_id = file_id(b, wire_string(file, "file_id"));
    if (m->media_id == NULL) return;
    m->mime = batch_mime(b, wire_string(file, "mime_type"));
    if (m->mime == NULL) m->mime = mime;
    m->file_name = batch_file_name(b, wire_string(file, "file_name"));
}

static bool read_media(struct batch *b, const json_t *part, struct message *m)
{
    for (size_t i = 0; i < sizeof medias / sizeof *medias; i++) {
        const json_t *media = json_object_get(part, medias[i].key);
        if (media == NULL) continue;
        m->kind = MESSAGE_MEDIA;
        m->media = medias[i].media;
        m->text = batch_text(b, wire_string(part, "caption"), TEXT_POINTS_MAX);
        if (medias[i].file) read_file(b, json_is_array(media) ? largest(media) : media, medias[i].mime, m);
        return true;
    }
    return false;
}

/* A group that grows into a supergroup gets another id, which a person must put in the settings. */
static const char *service_reason(struct batch *b, const json_t *part)
{
    const char *reason = "a service message";
    int64_t id;

    if (!telegram_id(part, "migrate_to_chat_id", &id)) return reason;
    reason = arena_printf(b->arena, "the group has another id now: %lld", (long long)id);
    if (reason == NULL) b->failed = true;
    return reason;
}

const char *telegram_read_message(struct batch *b, const json_t *part, struct inbound *in)
{
    const char *text = wire_string(part, "text");
    struct message *m = &in->message;

    m->id = telegram_message_id(b, part);
    if (m->id == NULL) return "a message without id";
    m->sent_ms = time_ms(part, "date");
    /* Replies across chats stand under another key; one of this chat has its message here. */
    m->about = telegram_message_id(b, wire_object(part, "reply_to_message"));
    if (text != NULL)
        read_words(b, text, m);
    else if (!read_media(b, part, m))
        in->reason = service_reason(b, part);
    return NULL;
}

const char *telegram_read_edit(struct batch *b, const json_t *part, struct inbound *in)
{
    const char *text = wire_string(part, "text");
    struct message *m = &in->message;
    int64_t edited;

    m->about = telegram_message_id(b, part);
    if (m->about == NULL) return "an edit of no message";
    if (!telegram_id(part, "edit_date", &edited)) return "an edit without its date";
    if (text == NULL) { /* a caption, or a live location on its way */
        in->reason = "an edit without text";
        return NULL;
    }
    read_words(b, text, m);
    m->kind = MESSAGE_EDIT;
    m->sent_ms = time_ms(part, "edit_date");
    m->id = arena_printf(b->arena, "%s/edit/%lld", m->about, (long long)edited);
    if (m->id == NULL) b->failed = true;
    return NULL;
}

/* ---- presses ---- */

static const char *title_in(const json_t *row, const char *data)
{
    const json_t *button;
    size_t i;

    json_array_foreach(row, i, button)
    {
        const char *theirs = wire_string(button, "callback_data");
        if (theirs != NULL && strcmp(theirs, data) == 0) return wire_string(button, "text");
    }
    return NULL;
}

/* A press carries the data alone; what stood on the button is in the message it hung on. */
static const char *title_of(const json_t *message, const char *data)
{
    const json_t *rows = wire_array(wire_object(message, "reply_markup"), "inline_keyboard"), *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        const char *title = title_in(row, data);
        if (title != NULL) return title;
    }
    return NULL;
}

/* A press has no time of its own: the date in it is our message's. */
const char *telegram_read_press(struct batch *b, const json_t *part, struct inbound *in)
{
    const char *id = batch_id(b, wire_string(part, "id")), *data = wire_string(part, "data");
    const json_t *message = wire_object(part, "message");
    struct message *m = &in->message;

    if (id == NULL) return "a press without id";
    m->about = telegram_message_id(b, message);
    if (m->about == NULL) return "a press on no message";
    if (data == NULL) { /* a game's button, which we never send */
        in->reason = "a press without data";
        return NULL;
    }
    m->kind = MESSAGE_TAP;
    m->id = arena_printf(b->arena, "press/%s", id);
    if (m->id == NULL) b->failed = true;
    m->choice = batch_text(b, data, CHOICE_POINTS_MAX);
    m->text = batch_text(b, title_of(message, data), TEXT_POINTS_MAX);
    return NULL;
}

/* ---- whether we may write ---- */

const char *telegram_read_membership(struct batch *b, const json_t *part, struct inbound *in)
{
    const char *status = wire_string(wire_object(part, "new_chat_member"), "status");

    (void)b;
    if (status == NULL) return "a membership without status";
    if (strcmp(status, "kicked") == 0 && in->kind == INBOUND_MESSAGE)
        in->kind = INBOUND_GONE; /* a person blocked us */
    else if (strcmp(status, "member") == 0)
        in->reason = "unblocked";
    else
        in->reason = "a membership that is not served";
    return NULL;
}

#include "errand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "config.h"
#include "err.h"
#include "fault_point.h"
#include "http_client.h"
#include "parcel.h"
#include "platform.h"
#include "store.h"
#include "telegram.h"
#include "telegram_desk.h"
#include "telegram_upload.h"
#include "whatsapp_media.h"

enum { ARENA_BYTES = 8 * 1024, STATUS_OK = 200, STATUS_BAD = 400, STATUS_MANY = 429, STATUS_SERVER = 500 };

enum stage {
    STAGE_TOPIC, /* a topic is made                      */
    STAGE_FIND,  /* Meta is asked where a file is        */
    STAGE_FETCH, /* and for the file                     */
    STAGE_SEND
};

struct errand {
    struct parcel *parcel; /* instead of all below. Or NULL */
    const struct platform *platforms;
    struct arena *arena;
    struct desk_content c;
    const char *chat, *thread; /* thread NULL: none yet, or none at all */
    const char *made, *lost;
    bool no_forum;
    unsigned attempt;     /* of the row, 1 on the first             */
    const char *file_url; /* found                                  */
    struct buf file;      /* fetched                                */
    bool file_gone;       /* it cannot be had: words in its place   */
    enum stage stage;
};

void errand_call_free(struct errand_call *c)
{
    buf_free(&c->url);
    buf_free(&c->body);
}

void errand_free(struct errand *x)
{
    if (x == NULL) return;
    parcel_free(x->parcel);
    buf_free(&x->file);
    arena_free(x->arena);
    free(x);
}

/* What comes once there is a topic, or none is wanted. */
static enum stage after_topic(const struct errand *x)
{
    return x->c.media.given && x->c.media.id != NULL ? STAGE_FIND : STAGE_SEND;
}

/* Nothing needs a topic but what is about a person. */
static enum stage first_stage(const struct errand *x, const struct outbox_row *row, bool flat)
{
    bool wanted = row->about.contact != 0 && !flat && x->thread == NULL && x->c.topic != NULL;

    return wanted ? STAGE_TOPIC : after_topic(x);
}

static bool keep(struct errand *x, const char *s, const char **out)
{
    *out = s == NULL ? NULL : arena_strdup(x->arena, s);
    return s == NULL || *out != NULL;
}

bool errand_wanted(const struct platform *p, const char *content)
{
    return p->channel == &telegram_desk || telegram_desk_is_parcel(content);
}

static struct errand *carry(const struct platform *platforms, const struct outbox_row *row, bool *hopeless,
                            struct err *e)
{
    struct parcel *parcel = parcel_new(platforms, row, hopeless, e);
    struct errand *x = parcel == NULL ? NULL : calloc(1, sizeof *x);

    if (x != NULL) {
        x->parcel = parcel;
        return x;
    }
    if (parcel != NULL) (void)err_set(e, "errand: out of memory");
    parcel_free(parcel);
    return NULL;
}

struct errand *errand_new(const struct platform *platforms, const struct outbox_row *row, bool flat,
                          bool *hopeless, struct err *e)
{
    if (telegram_desk_is_parcel(row->content)) return carry(platforms, row, hopeless, e);
    struct errand *x = calloc(1, sizeof *x);

    *hopeless = false;
    if (x != NULL) x->arena = arena_new(ARENA_BYTES);
    if (x == NULL || x->arena == NULL) goto memory;
    x->platforms = platforms;
    x->attempt = row->attempt;
    if (!keep(x, row->to.account, &x->chat) || !keep(x, flat ? NULL : row->thread, &x->thread)) goto memory;
    if (telegram_desk_read(row->content, x->arena, &x->c, e) != 0) {
        *hopeless = true;
        errand_free(x);
        return NULL;
    }
    x->stage = first_stage(x, row, flat);
    return x;
memory:
    errand_free(x);
    (void)err_set(e, "desk: out of memory");
    return NULL;
}

/* ---- the calls ---- */

static void address(const struct errand *x, const char *method, struct buf *url)
{
    const struct config *config = x->platforms[PLATFORM_DESK].config;

    telegram_url(config->telegram_api_base, config->telegram_bot_token, method, url);
}

/* A file that is here, in a form. */
static int upload_call(const struct errand *x, struct errand_call *c, struct err *e)
{
    struct buf caption = {0}, type = {0};
    const char *method = NULL;

    telegram_desk_caption(&x->c, &caption);
    const struct telegram_upload u = {.chat_id = x->chat,
                                      .thread_id = x->thread,
                                      .caption = caption.len > 0 ? buf_text(&caption) : NULL,
                                      .kind = x->c.media.kind,
                                      .file_name = x->c.media.name,
                                      .mime = x->c.media.mime,
                                      .bytes = x->file.data,
                                      .n = x->file.len};
    int rc = telegram_upload_render(&u, &method, &type, &c->body, e);
    c->large = true;
    if (rc == 0) address(x, method, &c->url);
    (void)snprintf(c->type, sizeof c->type, "%s", buf_text(&type));
    if (caption.failed || type.failed) c->body.failed = true;
    buf_free(&caption);
    buf_free(&type);
    return rc;
}

static int words_call(const struct errand *x, struct errand_call *c, struct err *e)
{
    struct desk_content words = x->c;
    struct buf body = {0};

    int rc = telegram_desk_words(&x->c, &body, e);
    words.body = buf_text(&body);
    address(x, "sendMessage", &c->url);
    if (rc == 0) telegram_desk_send(x->chat, x->thread, &words, &c->body);
    buf_free(&body);
    return rc;
}

static int send_call(const struct errand *x, struct errand_call *c, struct err *e)
{
    if (x->c.media.given && x->file_gone) return words_call(x, c, e);
    if (x->c.media.given && x->c.media.id != NULL) return upload_call(x, c, e);
    if (x->c.media.given) {
        address(x, "copyMessage", &c->url);
        telegram_copy(x->c.media.chat, x->c.media.message, x->chat, x->thread, &c->body);
    } else if (x->c.erase != NULL) {
        address(x, "deleteForumTopic", &c->url);
        telegram_desk_delete(x->chat, x->c.erase, &c->body);
    } else {
        address(x, "sendMessage", &c->url);
        telegram_desk_send(x->chat, x->thread, &x->c, &c->body);
    }
    return 0;
}

static int fetch_call(const struct errand *x, struct errand_call *c, struct err *e)
{
    const struct platform *from = &x->platforms[PLATFORM_WHATSAPP];
    const struct config *config = from->config;

    c->bearer = from->bearer;
    if (x->stage == STAGE_FETCH) {
        c->answer_max = ERRAND_FILE_BYTES_MAX;
        c->large = true;
        buf_adds(&c->url, x->file_url);
        return 0;
    }
    return whatsapp_media_url(config->whatsapp_api_base, config->whatsapp_api_version, x->c.media.id, &c->url,
                              e);
}

static int stage_call(const struct errand *x, struct errand_call *c, struct err *e)
{
    int rc = 0;

    *c = (struct errand_call){.bearer = NULL};
    switch (x->stage) {
    case STAGE_TOPIC:
        address(x, "createForumTopic", &c->url);
        telegram_desk_topic(x->chat, x->c.topic, &c->body);
        break;
    case STAGE_FIND:
    case STAGE_FETCH: rc = fetch_call(x, c, e); break;
    case STAGE_SEND: rc = send_call(x, c, e); break;
    }
    return rc;
}

int errand_next(struct errand *x, struct errand_call *c, struct err *e)
{
    int rc = x->parcel != NULL ? parcel_next(x->parcel, c, e) : stage_call(x, c, e);

    if (rc != 0 && x->c.media.given && !x->file_gone && !c->url.failed && !c->body.failed) {
        /* No other try makes a call of it, and all that follows would wait for ever. */
        errand_call_free(c);
        x->file_gone = true;
        x->stage = STAGE_SEND;
        rc = stage_call(x, c, e);
    }
    if (rc == 0 && !c->url.failed && !c->body.failed) return 0;
    if (rc == 0) (void)err_set(e, "desk: out of memory");
    errand_call_free(c);
    return -1;
}

/* ---- the answers ---- */

bool errand_waits(const struct http_answer *a, unsigned attempt)
{
    bool passing = a->status == 0 || a->status == STATUS_MANY || a->status >= STATUS_SERVER;

    return passing && attempt < ERRAND_FILE_TRIES_MAX;
}

void errand_name_copy(struct verdict *v, const char *chat, struct arena *a)
{
    if (v->kind != SEND_OK || v->message_id == NULL || strchr(v->message_id, '/') != NULL) return;
    const char *whole = arena_printf(a, "%s/%s", chat, v->message_id);
    if (whole != NULL) v->message_id = whole;
}

static bool topic_answered(struct errand *x, const struct http_answer *a, struct verdict *v)
{
    const char *thread = a->status == STATUS_OK ? telegram_desk_made(a->body, a->body_n, x->arena) : NULL;

    if (thread != NULL) {
        /* Known on disk before a word is said in it: a process that dies now makes no second one. */
        x->made = thread;
        FAULT_POINT("topic-made");
        v->kind = SEND_LATER;
        return false;
    }
    /* Whatever is wrong with topics, the message goes: without. */
    if (a->status == STATUS_BAD) {
        x->no_forum = true;
        x->stage = after_topic(x);
        return true;
    }
    /* A topic that was made unheard of stays empty; nothing was said in it. */
    if (v->kind == SEND_UNKNOWN || v->kind == SEND_OK) v->kind = SEND_LATER;
    return false;
}

/* Without the file she is told so; trouble that passes is waited for, a while. */
static bool file_missed(struct errand *x, const struct http_answer *a, struct verdict *v)
{
    if (errand_waits(a, x->attempt)) {
        v->kind = SEND_LATER; /* nothing was sent yet */
        return false;
    }
    x->file_gone = true;
    x->stage = STAGE_SEND;
    return true;
}

static bool find_answered(struct errand *x, const struct http_answer *a, struct verdict *v)
{
    struct whatsapp_media found;
    struct err e = {0};

    if (a->status != STATUS_OK || whatsapp_media_found(a->body, a->body_n, x->arena, &found, &e) != 0 ||
        found.size > ERRAND_FILE_BYTES_MAX)
        return file_missed(x, a, v);
    if (found.mime != NULL) x->c.media.mime = found.mime;
    x->file_url = found.url;
    FAULT_POINT("photo-found");
    x->stage = STAGE_FETCH;
    return true;
}

static bool fetch_answered(struct errand *x, const struct http_answer *a, struct verdict *v)
{
    if (a->status != STATUS_OK || a->cut || a->body_n == 0) return file_missed(x, a, v);
    buf_add(&x->file, a->body, a->body_n);
    FAULT_POINT("photo-fetched");
    if (x->file.failed) {
        v->kind = SEND_LATER;
        return false;
    }
    x->stage = STAGE_SEND;
    return true;
}

/* What Telegram does not take as what it was sent as, it takes as a document, or as words. */
static bool sent_answered(struct errand *x, const struct http_answer *a, struct arena *arena,
                          struct verdict *v)
{
    bool refused = a->status >= STATUS_BAD && a->status < STATUS_SERVER && a->status != STATUS_MANY;
    bool to_topic = x->thread != NULL && x->c.erase == NULL;

    if (to_topic && a->status == STATUS_BAD && telegram_desk_no_topic(a->body, a->body_n)) {
        x->lost = x->thread;
        v->kind = SEND_LATER;
        return false;
    }
    /* What a deletion answers has no message in it. */
    if (x->c.erase != NULL && a->status == STATUS_OK) v->kind = SEND_OK;
    errand_name_copy(v, x->chat, arena);
    /* Of a copy it may be the person's chat that is shut. */
    bool without = v->kind == SEND_NEVER || (v->kind == SEND_CHAT_CLOSED && x->c.media.chat != NULL);
    if (!refused || !x->c.media.given || x->file_gone || !without) return false;
    /* A photo with sides that it refuses, it takes as a document. */
    x->file_gone = x->c.media.id == NULL || x->c.media.kind == MEDIA_DOCUMENT;
    x->c.media.kind = MEDIA_DOCUMENT;
    return true;
}

bool errand_answered(struct errand *x, const struct http_answer *a, struct arena *arena, struct verdict *v)
{
    bool more = false;

    if (x->parcel != NULL) return parcel_answered(x->parcel, a, arena, v);
    *v = telegram_desk.verdict(a->status, a->body, a->body_n, arena);
    switch (x->stage) {
    case STAGE_TOPIC: more = topic_answered(x, a, v); break;
    case STAGE_FIND: more = find_answered(x, a, v); break;
    case STAGE_FETCH: more = fetch_answered(x, a, v); break;
    case STAGE_SEND: more = sent_answered(x, a, arena, v); break;
    }
    /* She who blocked us, or a group that is no more, is no customer who left: what is to be told waits. */
    if (!more && v->kind == SEND_CHAT_CLOSED) v->kind = SEND_HALT;
    return more;
}

const char *errand_made(const struct errand *x)
{
    return x->made;
}

const char *errand_lost(const struct errand *x)
{
    return x->lost;
}

bool errand_no_forum(const struct errand *x)
{
    return x->no_forum;
}

#include "parcel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "config.h"
#include "err.h"
#include "errand.h"
#include "fault_point.h"
#include "http_client.h"
#include "platform.h"
#include "store.h"
#include "telegram.h"
#include "telegram_desk.h"
#include "telegram_file.h"
#include "whatsapp_upload.h"

enum { ARENA_BYTES = 4 * 1024, STATUS_OK = 200 };

enum stage {
    STAGE_FIND,  /* Telegram is asked where the file is */
    STAGE_FETCH, /* and for the file                    */
    STAGE_GIVE,  /* WhatsApp is given it                */
    STAGE_SAY    /* a message brings it                 */
};

struct parcel {
    const struct platform *platforms, *to;
    struct arena *arena;
    struct desk_content c; /* its media */
    struct identity who;
    const char *tracker;
    unsigned attempt;
    const char *path, *id; /* at Telegram; at WhatsApp */
    enum media_kind kind;  /* as which it goes         */
    struct buf file;
    enum stage stage;
};

void parcel_free(struct parcel *p)
{
    if (p == NULL) return;
    buf_free(&p->file);
    arena_free(p->arena);
    free(p);
}

static const char *kept(struct parcel *p, const char *s, bool *failed)
{
    const char *copy = s == NULL ? NULL : arena_strdup(p->arena, s);

    *failed |= s != NULL && copy == NULL;
    return copy;
}

/* The row's strings are gone when the first answer comes. */
static bool keep(struct parcel *p, const struct outbox_row *row)
{
    bool failed = false;

    p->who = (struct identity){.channel = p->to->channel->name,
                               .account = p->to->account,
                               .phone = kept(p, row->to.phone, &failed),
                               .user_id = kept(p, row->to.user_id, &failed),
                               .parent_id = kept(p, row->to.parent_id, &failed)};
    p->tracker = kept(p, row->tracker, &failed);
    p->attempt = row->attempt;
    return !failed;
}

struct parcel *parcel_new(const struct platform *platforms, const struct outbox_row *row, bool *hopeless,
                          struct err *e)
{
    struct parcel *p = calloc(1, sizeof *p);

    *hopeless = false;
    if (p != NULL) p->arena = arena_new(ARENA_BYTES);
    if (p == NULL || p->arena == NULL) {
        parcel_free(p);
        (void)err_set(e, "parcel: out of memory");
        return NULL;
    }
    p->platforms = platforms;
    p->to = platform_of(platforms, row->to.channel);
    *hopeless = telegram_desk_parcel_read(row->content, p->arena, &p->c, e) != 0;
    if (!*hopeless && keep(p, row)) {
        p->stage = p->to == &platforms[PLATFORM_WHATSAPP] ? STAGE_FIND : STAGE_SAY;
        return p;
    }
    if (!*hopeless) (void)err_set(e, "parcel: out of memory");
    parcel_free(p);
    return NULL;
}

/* ---- the calls ---- */

static void find_call(const struct parcel *p, struct errand_call *c)
{
    const struct config *config = p->platforms[PLATFORM_DESK].config;

    if (p->stage == STAGE_FETCH) {
        c->answer_max = ERRAND_FILE_BYTES_MAX;
        c->large = true;
        telegram_file_url(config->telegram_api_base, config->telegram_bot_token, p->path, &c->url);
        return;
    }
    telegram_url(config->telegram_api_base, config->telegram_bot_token, "getFile", &c->url);
    telegram_get_file(p->c.media.id, &c->body);
}

static int give_call(const struct parcel *p, struct errand_call *c, struct err *e)
{
    const struct config *config = p->to->config;
    const struct whatsapp_upload u = {.kind = p->kind,
                                      .file_name = p->c.media.name,
                                      .mime = p->c.media.mime,
                                      .bytes = p->file.data,
                                      .n = p->file.len};
    struct buf type = {0};

    c->bearer = p->to->bearer;
    c->large = true;
    whatsapp_upload_url(config->whatsapp_api_base, config->whatsapp_api_version, p->to->account, &c->url);
    int rc = whatsapp_upload_render(&u, &type, &c->body, e);
    (void)snprintf(c->type, sizeof c->type, "%s", buf_text(&type));
    if (type.failed) c->body.failed = true;
    buf_free(&type);
    return rc;
}

static int say_call(const struct parcel *p, struct errand_call *c, struct err *e)
{
    const struct config *config = p->to->config;
    struct buf content = {0};

    if (p->to != &p->platforms[PLATFORM_WHATSAPP]) {
        telegram_url(config->telegram_api_base, config->telegram_bot_token, "copyMessage", &c->url);
        telegram_copy(p->c.media.chat, p->c.media.message, p->who.user_id, NULL, &c->body);
        return 0;
    }
    c->bearer = p->to->bearer;
    p->to->url(p->to, &c->url);
    whatsapp_file_content(p->kind, p->id, p->c.media.caption, p->c.media.name, &content);
    int rc = content.failed ? err_set(e, "parcel: out of memory")
                            : p->to->channel->address(content.data, &p->who, p->tracker, &c->body, e);
    buf_free(&content);
    return rc;
}

int parcel_next(struct parcel *p, struct errand_call *c, struct err *e)
{
    *c = (struct errand_call){.bearer = NULL};
    switch (p->stage) {
    case STAGE_FIND:
    case STAGE_FETCH: find_call(p, c); return 0;
    case STAGE_GIVE: return give_call(p, c, e);
    case STAGE_SAY: break;
    }
    return say_call(p, c, e);
}

/* ---- the answers ---- */

/* Nothing was said yet: passing trouble is waited for a while, and what is no trouble of passing is final. */
static bool stuck(const struct parcel *p, const struct http_answer *a, const char *why, struct verdict *v)
{
    *v = (struct verdict){.kind = errand_waits(a, p->attempt) ? SEND_LATER : SEND_NEVER,
                          .code = a->status,
                          .retry_after_ms = a->retry_after_ms,
                          .detail = why};
    return false;
}

static bool find_answered(struct parcel *p, const struct http_answer *a, struct verdict *v)
{
    struct err e = {0};
    int64_t size;

    if (a->status != STATUS_OK ||
        telegram_file_found(a->body, a->body_n, p->arena, &p->path, &size, &e) != 0 ||
        size > ERRAND_FILE_BYTES_MAX)
        return stuck(p, a, "the file cannot be had from Telegram", v);
    p->stage = STAGE_FETCH;
    return true;
}

static bool fetch_answered(struct parcel *p, const struct http_answer *a, struct verdict *v)
{
    if (a->status != STATUS_OK || a->cut || a->body_n == 0)
        return stuck(p, a, "the file cannot be had from Telegram", v);
    buf_add(&p->file, a->body, a->body_n);
    FAULT_POINT("her-file-fetched");
    if (p->file.failed) {
        *v = (struct verdict){.kind = SEND_LATER, .detail = "out of memory"};
        return false;
    }
    p->kind = whatsapp_kind_of(p->c.media.kind, p->c.media.mime, p->file.len);
    p->stage = STAGE_GIVE;
    return true;
}

/* A token that is refused halts the account here as it does at a message. */
static bool give_answered(struct parcel *p, const struct http_answer *a, struct arena *arena,
                          struct verdict *v)
{
    struct err e = {0};

    if (a->status == STATUS_OK && whatsapp_uploaded(a->body, a->body_n, p->arena, &p->id, &e) == 0) {
        FAULT_POINT("her-file-given");
        p->stage = STAGE_SAY;
        return true;
    }
    *v = p->to->channel->verdict(a->status, a->body, a->body_n, arena);
    if (v->kind == SEND_UNKNOWN || v->kind == SEND_OK || v->kind == SEND_LATER)
        return stuck(p, a, "WhatsApp does not take the file", v);
    return false;
}

static bool said_answered(struct parcel *p, const struct http_answer *a, struct arena *arena,
                          struct verdict *v)
{
    *v = p->to->channel->verdict(a->status, a->body, a->body_n, arena);
    if (p->to != &p->platforms[PLATFORM_WHATSAPP]) errand_name_copy(v, p->who.user_id, arena);
    return false;
}

bool parcel_answered(struct parcel *p, const struct http_answer *a, struct arena *arena, struct verdict *v)
{
    switch (p->stage) {
    case STAGE_FIND: return find_answered(p, a, v);
    case STAGE_FETCH: return fetch_answered(p, a, v);
    case STAGE_GIVE: return give_answered(p, a, arena, v);
    case STAGE_SAY: break;
    }
    return said_answered(p, a, arena, v);
}

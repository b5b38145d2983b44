#include "intake.h"

#include <string.h>

#include "channel.h"
#include "clock.h"
#include "config.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "log.h"
#include "platform.h"
#include "telegram.h"
#include "whatsapp.h"

/* The desk goes round at least once a second; ten without a sign is trouble. */
enum { DESK_SILENT_MS = 10000 };

/* Meta's challenge and any verify token fit easily. */
enum { ARGUMENT_MAX = 1024 };

const char *const intake_headers[HTTP_HEADERS_MAX + 1] = {
    [PLATFORM_WHATSAPP] = WHATSAPP_SIGNATURE_HEADER, [PLATFORM_TELEGRAM] = TELEGRAM_SECRET_HEADER};
_Static_assert((int)PLATFORM_DESK <= (int)HTTP_HEADERS_MAX,
               "each platform that comes to us proves itself by a header");

static void answer(struct http_server *s, struct http_request *r, int status, const char *body)
{
    http_server_answer(s, r->id, status, NULL, body, strlen(body));
    http_request_free(r);
}

/* GET with hub.mode, hub.verify_token, hub.challenge: whoever knows our word gets the challenge back. */
static void whatsapp_get(struct intake *in, struct http_server *s, struct http_request *r)
{
    char mode[ARGUMENT_MAX], token[ARGUMENT_MAX], challenge[ARGUMENT_MAX];
    bool whole = http_request_query(r, "hub.mode", mode, sizeof mode) &&
                 http_request_query(r, "hub.verify_token", token, sizeof token) &&
                 http_request_query(r, "hub.challenge", challenge, sizeof challenge);

    if (whole && whatsapp_handshake(mode, token, challenge, in->config->whatsapp_verify_token)) {
        log_info("webhook", "channel=whatsapp handshake=ok");
        answer(s, r, 200, challenge);
    } else {
        log_warn("webhook", "channel=whatsapp handshake=refused");
        answer(s, r, 403, "forbidden\n");
    }
}

/* What a platform posts: to the desk when it proves itself. */
static void take_in(struct intake *in, struct http_server *s, struct http_request *r,
                    enum platform_id platform, const struct channel *channel, const char *secret)
{
    const char *proof = r->header[platform];
    bool wake = false;

    r->kind = (int)platform;
    if (!channel->authentic(r->body, r->body_n, proof, secret)) {
        log_warn("webhook", "channel=%s refused=%s bytes=%zu", channel->name,
                 proof == NULL ? "unsigned" : "signature", r->body_n);
        answer(s, r, 401, "signature required\n");
    } else if (!handover_put(in->handover, r, &wake)) {
        log_warn("webhook", "channel=%s refused=busy bytes=%zu", channel->name, r->body_n);
        answer(s, r, 503, "come again\n");
    } else if (wake) {
        http_client_wake(in->wake);
    }
}

static void whatsapp_any(struct intake *in, struct http_server *s, struct http_request *r)
{
    if (!in->config->whatsapp)
        answer(s, r, 404, "not found\n");
    else if (r->method == HTTP_GET)
        whatsapp_get(in, s, r);
    else if (r->method == HTTP_POST)
        take_in(in, s, r, PLATFORM_WHATSAPP, &whatsapp, in->config->whatsapp_app_secret);
    else
        answer(s, r, 405, "GET or POST\n");
}

/* While updates are asked for nothing is posted here, so that nobody may. */
static void telegram_any(struct intake *in, struct http_server *s, struct http_request *r)
{
    const struct config *c = in->config;

    if (c->telegram_bot_token == NULL || !c->telegram_webhook)
        answer(s, r, 404, "not found\n");
    else if (r->method == HTTP_POST)
        take_in(in, s, r, PLATFORM_TELEGRAM, &telegram, c->telegram_webhook_secret);
    else
        answer(s, r, 405, "POST\n");
}

static bool reads_only(struct http_server *s, struct http_request *r)
{
    if (r->method == HTTP_GET || r->method == HTTP_HEAD) return true;
    answer(s, r, 405, "GET\n");
    return false;
}

/* The process lives. */
static void healthz(struct intake *in, struct http_server *s, struct http_request *r)
{
    (void)in;
    if (reads_only(s, r)) answer(s, r, 200, "ok\n");
}

/* It can take messages: the desk goes round and the store keeps what it is given. */
static void readyz(struct intake *in, struct http_server *s, struct http_request *r)
{
    if (!reads_only(s, r)) return;
    int64_t silent = clock_mono_ms() - atomic_load(&in->health->beat_ms);
    if (atomic_load(&in->health->stopping))
        answer(s, r, 503, "stopping\n");
    else if (silent > DESK_SILENT_MS)
        answer(s, r, 503, "desk silent\n");
    else if (!atomic_load(&in->health->store_ok))
        answer(s, r, 503, "store in trouble\n");
    else
        answer(s, r, 200, "ready\n");
}

static const struct {
    const char *path;
    void (*handle)(struct intake *in, struct http_server *s, struct http_request *r);
} routes[] = {
    {"/webhook/whatsapp", whatsapp_any},
    {"/webhook/telegram", telegram_any},
    {"/healthz", healthz},
    {"/readyz", readyz},
};

void intake_handle(void *user, struct http_server *s, struct http_request *r)
{
    struct intake *in = user;

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].path, r->path) != 0) continue;
        routes[i].handle(in, s, r);
        return;
    }
    answer(s, r, 404, "not found\n");
}

#include "intake.h"

#include <string.h>

#include "channel.h"
#include "clock.h"
#include "config.h"
#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "log.h"
#include "whatsapp.h"

/* The desk goes round at least once a second; ten without a sign is trouble. */
enum { DESK_SILENT_MS = 10000 };

/* Meta's challenge and any verify token fit easily. */
enum { ARGUMENT_MAX = 1024 };

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

static void whatsapp_post(struct intake *in, struct http_server *s, struct http_request *r)
{
    bool wake = false;

    if (!whatsapp.authentic(r->body, r->body_n, r->signature, in->config->whatsapp_app_secret)) {
        log_warn("webhook", "channel=whatsapp refused=%s bytes=%zu",
                 r->signature == NULL ? "unsigned" : "signature", r->body_n);
        answer(s, r, 401, "signature required\n");
    } else if (!handover_put(in->handover, r, &wake)) {
        log_warn("webhook", "channel=whatsapp refused=busy bytes=%zu", r->body_n);
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
        whatsapp_post(in, s, r);
    else
        answer(s, r, 405, "GET or POST\n");
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

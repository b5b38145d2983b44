#include "poller.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "config.h"
#include "err.h"
#include "fault_point.h"
#include "http_client.h"
#include "log.h"
#include "platform.h"
#include "ruling.h"
#include "telegram.h"

enum {
    WAIT_S = 25,                  /* the platform holds an empty answer back so long, 50 at most     */
    CALL_TIMEOUT_MS = 40 * 1000,  /* of the whole call: longer than it holds                         */
    ANSWER_MAX = 4 * 1024 * 1024, /* a hundred of the longest messages, quoted twice                 */
    BREATH_MS = 500,              /* between calls that come back empty without waiting              */
    REFUSED_MS = 60 * 1000,       /* a token, or another poller: that takes a person                 */
    STATUS_OK = 200,
    STATUS_CONFLICT = 409,
    STATUS_SERVER = 500,
    STATUS_MANY = 429
};

struct poller {
    const struct platform *platform;
    struct http_client *client;
    struct buf url, body; /* body: what the last call brought */
    int64_t offset;       /* of the next call; 0: all there is */
    int64_t not_before_ms;
    unsigned failures;
    bool calling, refused; /* refused: told */
};

struct poller *poller_new(const struct platform *platform, struct http_client *client)
{
    struct poller *p = calloc(1, sizeof *p);

    if (p == NULL) return NULL;
    p->platform = platform;
    p->client = client;
    if (platform->on)
        telegram_url(platform->config->telegram_api_base, platform->config->telegram_bot_token, "getUpdates",
                     &p->url);
    if (!p->url.failed) return p;
    poller_free(p);
    return NULL;
}

void poller_free(struct poller *p)
{
    if (p == NULL) return;
    buf_free(&p->url);
    buf_free(&p->body);
    free(p);
}

/* ---- answers ---- */

static void rest(struct poller *p, int64_t wait_ms)
{
    p->not_before_ms = clock_now_ms() + wait_ms;
}

static void take(struct poller *p, const struct http_answer *a)
{
    if (p->failures > 0 || p->refused) log_info("poller", "channel=telegram trouble=over");
    p->failures = 0;
    p->refused = false;
    if (telegram_next_offset(a->body, a->body_n) == 0) { /* nobody wrote */
        if (a->took_ms < BREATH_MS) rest(p, BREATH_MS);
        return;
    }
    buf_clear(&p->body);
    buf_add(&p->body, a->body, a->body_n);
    if (p->body.failed) { /* it comes again */
        buf_free(&p->body);
        rest(p, ruling_backoff_ms(1, 0));
    }
}

/* Only a person can mend it: told once, tried now and then. */
static void refuse(struct poller *p, int status)
{
    if (!p->refused)
        log_error("poller", "channel=telegram status=%d error=\"%s\"", status,
                  status == STATUS_CONFLICT ? "another process or a webhook takes the messages"
                                            : "the token is refused");
    p->refused = true;
    rest(p, REFUSED_MS);
}

static void on_answer(void *user, uint64_t tag, const struct http_answer *a)
{
    struct poller *p = user;

    (void)tag;
    p->calling = false;
    if (a->status == STATUS_OK) {
        take(p, a);
    } else if (a->status == 0 || a->status >= STATUS_SERVER || a->status == STATUS_MANY) {
        if (p->failures++ == 0) log_warn("poller", "channel=telegram status=%d", a->status);
        rest(p, ruling_backoff_ms(p->failures, a->retry_after_ms));
    } else {
        refuse(p, a->status);
    }
}

/* ---- the road's side ---- */

static void call(struct poller *p)
{
    struct buf body = {0};
    struct err e = {0};

    telegram_get_updates(p->offset, WAIT_S, &body);
    const struct http_call call = {.url = buf_text(&p->url),
                                   .body = body.data,
                                   .body_n = body.len,
                                   .answer_max = ANSWER_MAX,
                                   .timeout_ms = CALL_TIMEOUT_MS,
                                   .done = on_answer,
                                   .user = p};
    p->calling = !body.failed && http_client_send(p->client, &call, &e) == 0;
    buf_free(&body);
    if (!p->calling) rest(p, ruling_backoff_ms(++p->failures, 0));
}

void poller_set_back(struct poller *p)
{
    p->not_before_ms = 0;
}

int64_t poller_beat(struct poller *p, int64_t now_ms)
{
    if (!p->platform->on || p->platform->config->telegram_webhook) return INT64_MAX;
    if (p->calling || p->body.len > 0) return INT64_MAX;
    if (p->not_before_ms > now_ms) return p->not_before_ms;
    call(p);
    return p->calling ? INT64_MAX : p->not_before_ms;
}

const char *poller_body(const struct poller *p, size_t *n)
{
    *n = p->body.len;
    return p->body.len > 0 ? p->body.data : NULL;
}

void poller_done(struct poller *p)
{
    if (p->body.len == 0) return; /* most rounds */
    int64_t next = telegram_next_offset(p->body.data, p->body.len);
    FAULT_POINT("poll-taken");
    if (next > 0) p->offset = next;
    buf_free(&p->body);
}

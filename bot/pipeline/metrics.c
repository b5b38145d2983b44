#include "metrics.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "channel.h"
#include "http_server.h"
#include "telegram.h"
#include "telegram_desk.h"
#include "whatsapp.h"

static const char content_type[] = "text/plain; version=0.0.4; charset=utf-8";

static const struct channel *const channels[PLATFORM_N] = {
    [PLATFORM_WHATSAPP] = &whatsapp, [PLATFORM_TELEGRAM] = &telegram, [PLATFORM_DESK] = &telegram_desk};

static void put_family(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_counter(struct buf *out, const char *name, const char *help, _Atomic uint64_t *n)
{
    put_family(out, name, "counter", help);
    buf_addf(out, "%s %" PRIu64 "\n", name, atomic_load(n));
}

static void put_gauge(struct buf *out, const char *name, const char *help, int64_t n)
{
    put_family(out, name, "gauge", help);
    buf_addf(out, "%s %" PRId64 "\n", name, n);
}

static void put_messages(struct metrics *m, struct buf *out)
{
    put_family(out, "mailwijzer_messages_total", "counter", "Messages taken in.");
    for (size_t i = 0; i < PLATFORM_N; i++)
        buf_addf(out, "mailwijzer_messages_total{channel=\"%s\"} %" PRIu64 "\n", channels[i]->name,
                 atomic_load(&m->messages[i]));
}

static void put_replies(struct metrics *m, struct buf *out)
{
    static const char row[] = "mailwijzer_replies_total{channel=\"%s\",state=\"%s\"} %" PRIu64 "\n";

    put_family(out, "mailwijzer_replies_total", "counter",
               "Replies that the platform took (sent) or that were given up (dead).");
    for (size_t i = 0; i < PLATFORM_N; i++) {
        buf_addf(out, row, channels[i]->name, "sent", atomic_load(&m->sent[i]));
        buf_addf(out, row, channels[i]->name, "dead", atomic_load(&m->dead[i]));
    }
}

static void put_process(const struct metrics *m, struct buf *out)
{
    put_family(out, "process_start_time_seconds", "gauge", "When it was started, in seconds since 1970.");
    buf_addf(out, "process_start_time_seconds %" PRId64 ".%03" PRId64 "\n", m->started_ms / 1000,
             m->started_ms % 1000);
    put_family(out, "mailwijzer_build_info", "gauge", "Which version runs; always 1.");
    buf_adds(out, "mailwijzer_build_info{version=\"" MAILWIJZER_VERSION "\"} 1\n");
}

void metrics_write(struct metrics *m, struct buf *out)
{
    put_messages(m, out);
    put_counter(out, "mailwijzer_duplicates_total", "Messages that had been taken in before.",
                &m->duplicates);
    put_counter(out, "mailwijzer_failed_turns_total", "Messages whose turn was undone.", &m->failed);
    put_replies(m, out);
    put_counter(out, "mailwijzer_flood_begun_total", "Customers who wrote too fast, or too much in a day.",
                &m->floods);
    put_counter(out, "mailwijzer_flood_messages_total", "Messages of theirs that were not answered.",
                &m->flooded);
    put_counter(out, "mailwijzer_statuses_total", "Delivery statuses of replies.", &m->statuses);
    put_gauge(out, "mailwijzer_outbox_waiting", "Replies that wait to leave.",
              atomic_load(&m->outbox_waiting));
    put_gauge(out, "mailwijzer_waiting", "Customers who wait for the human.", atomic_load(&m->waiting));
    put_counter(out, "mailwijzer_rounds_total", "Rounds of the desk.", &m->rounds);
    put_counter(out, "mailwijzer_store_trouble_total", "Rounds that the store did not keep.",
                &m->store_trouble);
    put_process(m, out);
}

void metrics_handle(void *user, struct http_server *s, struct http_request *r)
{
    struct buf out = {0};
    int status = 200;

    if (strcmp(r->path, "/metrics") != 0)
        status = 404;
    else if (r->method != HTTP_GET && r->method != HTTP_HEAD)
        status = 405;
    else
        metrics_write(user, &out);
    if (out.failed) status = 503;
    http_server_answer(s, r->id, status, status == 200 ? content_type : NULL, buf_text(&out),
                       status == 200 ? out.len : 0);
    buf_free(&out);
    http_request_free(r);
}

#include "report.h"

#include <string.h>
#include <time.h>

#include "buf.h"
#include "channel.h"
#include "config.h"
#include "converse.h"
#include "err.h"
#include "platform.h"
#include "store.h"

static void write_time(int64_t at_ms, struct buf *out)
{
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm tm;
    char text[32] = "?";

    if (gmtime_r(&seconds, &tm) != NULL) (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    buf_adds(out, text);
}

static void write_chat(const struct waiting_row *row, const struct platform *platforms,
                       const struct config *config, struct buf *out)
{
    const struct platform *p = platform_at(platforms, row->account);
    char tag[CHAT_TAG_MAX];

    chat_tag(config, row->contact, tag);
    buf_addf(out, "holder=%s since=", row->holder);
    write_time(row->since_ms, out);
    buf_addf(out, " channel=%s chat=%s\n", p != NULL ? p->channel->name : "?", tag);
}

int report_write(struct store *store, const struct config *config, struct arena *a, struct buf *out,
                 struct err *e)
{
    struct platform platforms[PLATFORM_N];
    struct waiting_row *rows;
    int64_t waiting;
    size_t all;

    platforms_set(platforms, config);
    if (store_waiting_count(store, &waiting, e) != 0 || store_waiting(store, a, &rows, &all, e) != 0)
        return -1;
    buf_addf(out, "waiting=%lld human=%lld\n", (long long)waiting, (long long)all - (long long)waiting);
    for (; rows != NULL; rows = rows->next) write_chat(rows, platforms, config, out);
    if (all > STORE_WAITING_MAX) buf_addf(out, "more=%zu\n", all - STORE_WAITING_MAX);
    return out->failed ? err_set(e, "report: out of memory") : 0;
}

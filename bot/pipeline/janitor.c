#include "janitor.h"

#include "config.h"
#include "err.h"
#include "fault_point.h"
#include "kept.h"
#include "log.h"
#include "store.h"

enum {
    ROWS_MAX = 200, /* in one visit: a round of the desk must not wait for long */
    SOON_MS = 250,  /* when a visit left work                                   */
    VISIT_MS = 10 * 60 * 1000
};

static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;

/* WhatsApp redelivers for up to seven days: a key that is older can meet no duplicate. */
static const int64_t KEYS_DAYS = 8;

void janitor_init(struct janitor *j, const struct config *config)
{
    *j = (struct janitor){.text_ms = config->retain_text_days * DAY_MS,
                          .answers_ms = config->retain_answers_days * DAY_MS};
}

static int visit(struct janitor *j, struct store *store, int64_t now_ms, struct janitor_report *report,
                 struct err *e)
{
    const struct retention r = {.now_ms = now_ms,
                                .text_before_ms = now_ms - j->text_ms,
                                .answers_before_ms = now_ms - j->answers_ms,
                                .seen_before_ms = now_ms - KEYS_DAYS * DAY_MS,
                                .limit = ROWS_MAX};

    if (store_begin(store, e) != 0) return -1;
    if (store_janitor(store, &r, report, e) != 0) {
        store_rollback(store);
        return -1;
    }
    FAULT_POINT("janitor-swept");
    return store_commit(store, e);
}

void janitor_visit(struct janitor *j, struct store *store, int64_t now_ms)
{
    struct janitor_report report = {0};
    struct err e = {0};

    store_tidy(store);
    if (now_ms < j->next_ms && j->next_ms - now_ms <= VISIT_MS) return;
    j->next_ms = now_ms + VISIT_MS;
    if (visit(j, store, now_ms, &report, &e) != 0) {
        log_error("janitor", "error=\"%s\"", e.text);
        return;
    }
    if (report.more) j->next_ms = now_ms + SOON_MS;
    if (report.texts + report.contacts + report.keys > 0)
        log_info("janitor", "texts=%zu contacts=%zu keys=%zu", report.texts, report.contacts, report.keys);
}

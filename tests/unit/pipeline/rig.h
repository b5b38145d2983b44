/* rig.h -- what the tests of the road share: settings, the shipped content, a store, webhooks. */
#ifndef RIG_H
#define RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "config.h"
#include "platform.h"

struct arena;
struct content;
struct http_request;
struct store;

#define RIG_ACCOUNT "700800"
#define RIG_SECRET  "rig-app-secret"
#define RIG_TOKEN   "rig-access-token"
#define RIG_VERIFY  "rig-verify-token"

/* A Monday, 11:06 in Amsterdam; tests that hand in the time start here. */
#define RIG_NOW INT64_C(1795428360000)

struct rig {
    struct config config;
    struct platform platform[PLATFORM_N];
    struct content *content; /* NULL until rig_content() */
    struct store *store;
    struct arena *arena;
};

/* rig_open(r, url, graph_port): settings for a Graph API on that port of this machine, and the
 * store. Further settings: pairs NAME=value, NULL at the end; or NULL. */
void rig_open(struct rig *r, const char *url, int graph_port, const char *const *more);
void rig_close(struct rig *r);

/* rig_content(r): flow, business and texts as the settings name them. Not trained, for that takes
 * long under a sanitizer: what is typed here is known by heart. */
void rig_content(struct rig *r);

void rig_begin(struct rig *r);
void rig_commit(struct rig *r);

/* rig_contact(r, phone, user_id, wrote): somebody who wrote then; committed. */
int64_t rig_contact(struct rig *r, const char *phone, const char *user_id, int64_t wrote_ms);

/* rig_row(r, contact, account, text, now): a reply that is due; committed. Its id. */
int64_t rig_row(struct rig *r, int64_t contact, const char *account, const char *text, int64_t now_ms);

int64_t rig_next(struct rig *r); /* when the outbox has something to do; INT64_MAX never */
int64_t rig_outbox(struct rig *r, const char *state); /* rows in that state */
int64_t rig_inbox(struct rig *r, const char *state);

/* rig_replies(r, now, out): the contents that would leave, in the order of each contact, one a
 * line, from whichever account; nothing is changed. Their number. */
size_t rig_replies(struct rig *r, int64_t now_ms, struct buf *out);

/* ---- webhooks, as Meta writes them ---- */

/* hook_text(items, phone, id, text, sent): appends one message; likewise below. */
void hook_text(struct buf *items, const char *phone, const char *id, const char *text, int64_t sent_ms);
void hook_item(struct buf *items, const char *json);
void hook_status(struct buf *items, const char *id, const char *status, const char *tracker, int code);

/* hook_echo(out, phone, id, rest, sent): the body of what the owner wrote to them in her own app; `rest` is its JSON
 * from the type on. */
void hook_echo(struct buf *out, const char *phone, const char *id, const char *rest, int64_t sent_ms);

/* hook_body(out, account, messages, statuses): the body around them; NULL: none. */
void hook_body(struct buf *out, const char *account, const struct buf *messages, const struct buf *statuses);

/* A body as the door would hand it over. Freed by http_request_free(). */
struct http_request *hook_request(const char *body, size_t n);

/* ---- files ---- */

/* rig_directory(out): an empty directory; rig_remove() takes it away with what is in it. */
void rig_directory(char out[static 64]);
void rig_remove(const char *directory);

/* rig_locales(directory, key, text): copies the shipped locales there, with that text under that
 * key of the Dutch one. NULL text: the key is left out. */
void rig_locales(const char *directory, const char *key, const char *text);

#endif

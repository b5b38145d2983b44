#include "rig.h"

#include <dirent.h>
#include <inttypes.h>
#include <unistd.h>

#include <jansson.h>

#include "arena.h"
#include "content.h"
#include "err.h"
#include "http_server.h"
#include "store.h"
#include "unit.h"

enum { SETTINGS_MAX = 32, ROUNDS_MAX = 1000 };

static void must(int rc, const struct err *e)
{
    if (rc < 0) fail_msg("%s", e->text);
}

void rig_open(struct rig *r, const char *url, int graph_port, const char *const *more)
{
    char database[256], base[64];
    const char *settings[SETTINGS_MAX] = {
        database, base, "WHATSAPP_VERIFY_TOKEN=" RIG_VERIFY, "WHATSAPP_APP_SECRET=" RIG_SECRET,
        "WHATSAPP_ACCESS_TOKEN=" RIG_TOKEN, "WHATSAPP_PHONE_NUMBER_ID=" RIG_ACCOUNT,
        /* Whether a text waits for more is the subject of some tests
                                           * alone (test_thought.c); in the others it is answered at once. */
        "BURST_WAIT_MS=0"};
    size_t n = 7;
    struct err e = {0};

    (void)snprintf(database, sizeof database, "DATABASE_URL=%s", url);
    (void)snprintf(base, sizeof base, "WHATSAPP_API_BASE=http://127.0.0.1:%d", graph_port);
    /* The first of a name counts, so these go before. */
    for (size_t i = 0; more != NULL && more[i] != NULL; i++) {
        assert_true(n + 1 < SETTINGS_MAX);
        memmove(settings + 1, settings, n * sizeof *settings);
        settings[0] = more[i];
        n++;
    }
    *r = (struct rig){.arena = arena_new(4096)};
    assert_non_null(r->arena);
    assert_int_equal(config_read(&r->config, (char *const *)settings, NULL, stderr), 0);
    platforms_set(r->platform, &r->config);
    must(store_open(r->config.database_url, &r->store, &e), &e);
}

void rig_close(struct rig *r)
{
    store_close(r->store);
    content_free(r->content);
    arena_free(r->arena);
    config_free(&r->config);
}

void rig_content(struct rig *r)
{
    const struct content_files files = {.flow = r->config.flow,
                                        .business = r->config.business,
                                        .locales = r->config.locales,
                                        .locale = r->config.locale,
                                        .retain_text_days = r->config.retain_text_days,
                                        .desk = r->config.telegram_desk_chat != NULL,
                                        .human_ms = r->config.human_ms};
    struct faults *faults = faults_new();

    assert_non_null(faults);
    if (content_load(&files, &r->content, faults) != 0) fail_msg("%s", faults_line(faults, 0));
    faults_free(faults);
}

/* ---- the store ---- */

void rig_begin(struct rig *r)
{
    struct err e = {0};
    must(store_begin(r->store, &e), &e);
}

void rig_commit(struct rig *r)
{
    struct err e = {0};
    must(store_commit(r->store, &e), &e);
}

int64_t rig_contact(struct rig *r, const char *phone, const char *user_id, int64_t wrote_ms)
{
    const struct identity who = {
        .channel = "whatsapp", .account = RIG_ACCOUNT, .phone = phone, .user_id = user_id};
    struct err e = {0};
    int64_t contact = 0;

    rig_begin(r);
    must(store_contact_resolve(r->store, &who, wrote_ms, &contact, &e), &e);
    must(store_contact_wrote(r->store, contact, RIG_ACCOUNT, wrote_ms, &e), &e);
    rig_commit(r);
    return contact;
}

int64_t rig_row(struct rig *r, int64_t contact, const char *account, const char *text, int64_t now_ms)
{
    struct buf content = {0};
    struct err e = {0};
    int64_t id = 0;

    buf_addf(&content, "{\"type\":\"text\",\"text\":{\"body\":\"%s\"}}", text);
    const struct outbox_new row = {.contact = contact,
                                   .channel = "whatsapp",
                                   .account = account,
                                   .content = buf_text(&content),
                                   .now_ms = now_ms};
    rig_begin(r);
    must(store_outbox_add(r->store, &row, &id, &e), &e);
    rig_commit(r);
    buf_free(&content);
    return id;
}

int64_t rig_next(struct rig *r)
{
    struct err e = {0};
    int64_t at = 0;

    must(store_outbox_next(r->store, &at, &e), &e);
    return at;
}

static struct store_counts counts(struct rig *r)
{
    struct store_counts c;
    struct err e = {0};

    must(store_count(r->store, &c, &e), &e);
    return c;
}

int64_t rig_outbox(struct rig *r, const char *state)
{
    const struct store_counts c = counts(r);

    for (int i = 0; i < OUTBOX_N; i++)
        if (strcmp(outbox_state_name((enum outbox_state)i), state) == 0) return c.outbox[i];
    fail_msg("no such state: %s", state);
    return -1;
}

int64_t rig_inbox(struct rig *r, const char *state)
{
    const struct store_counts c = counts(r);

    for (int i = 0; i < INBOX_N; i++)
        if (strcmp(inbox_state_name((enum inbox_state)i), state) == 0) return c.inbox[i];
    fail_msg("no such state: %s", state);
    return -1;
}

size_t rig_replies(struct rig *r, int64_t now_ms, struct buf *out)
{
    const struct outbox_result sent = {.state = OUTBOX_SENT, .now_ms = now_ms};
    struct outbox_row *rows = NULL;
    struct err e = {0};
    size_t n = 0;

    rig_begin(r);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        must(store_outbox_claim(r->store, NULL, now_ms, 100, r->arena, &rows, &e), &e);
        if (rows == NULL) break;
        for (const struct outbox_row *row = rows; row != NULL; row = row->next, n++) {
            buf_addf(out, "%s\n", row->content);
            must(store_outbox_settle(r->store, row->id, &sent, &e), &e);
        }
    }
    store_rollback(r->store);
    arena_reset(r->arena);
    return n;
}

/* ---- webhooks ---- */

void hook_item(struct buf *items, const char *json)
{
    if (items->len > 0) buf_addc(items, ',');
    buf_adds(items, json);
}

void hook_text(struct buf *items, const char *phone, const char *id, const char *text, int64_t sent_ms)
{
    if (items->len > 0) buf_addc(items, ',');
    buf_addf(items,
             "{\"from\":\"%s\",\"id\":\"%s\",\"timestamp\":\"%" PRId64
             "\",\"type\":\"text\",\"text\":{\"body\":\"%s\"}}",
             phone, id, sent_ms / 1000, text);
}

void hook_status(struct buf *items, const char *id, const char *status, const char *tracker, int code)
{
    if (items->len > 0) buf_addc(items, ',');
    buf_addf(items, "{\"id\":\"%s\",\"status\":\"%s\",\"timestamp\":\"1795000000\"", id, status);
    if (tracker != NULL) buf_addf(items, ",\"biz_opaque_callback_data\":\"%s\"", tracker);
    if (code != 0) buf_addf(items, ",\"errors\":[{\"code\":%d,\"title\":\"x\"}]", code);
    buf_addc(items, '}');
}

void hook_body(struct buf *out, const char *account, const struct buf *messages, const struct buf *statuses)
{
    buf_addf(
        out,
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"900100\",\"changes\":[{\"field\":"
        "\"messages\",\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":"
        "\"31201234567\",\"phone_number_id\":\"%s\"}",
        account);
    if (messages != NULL) buf_addf(out, ",\"messages\":[%s]", buf_text(messages));
    if (statuses != NULL) buf_addf(out, ",\"statuses\":[%s]", buf_text(statuses));
    buf_adds(out, "}}]}]}");
    assert_false(out->failed);
}

void hook_echo(struct buf *out, const char *phone, const char *id, const char *rest, int64_t sent_ms)
{
    buf_addf(
        out,
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"900100\",\"changes\":[{\"field\":"
        "\"smb_message_echoes\",\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{"
        "\"display_phone_number\":\"31201234567\",\"phone_number_id\":\"" RIG_ACCOUNT "\"},"
        "\"message_echoes\":[{\"from\":\"31201234567\",\"to\":\"%s\",\"id\":\"%s\",\"timestamp\":"
        "\"%lld\",%s}]}}]}]}",
        phone, id, (long long)(sent_ms / 1000), rest);
    assert_false(out->failed);
}

struct http_request *hook_request(const char *body, size_t n)
{
    /* One block, as http_request_free() expects it. */
    struct http_request *r = malloc(sizeof *r + n + 1);

    assert_non_null(r);
    *r = (struct http_request){.method = HTTP_POST, .body_n = n};
    r->body = (char *)(r + 1);
    memcpy(r->body, body, n);
    r->body[n] = '\0';
    r->path = r->query = r->body + n; /* nobody behind the door looks at these */
    return r;
}

/* ---- files ---- */

void rig_directory(char out[static 64])
{
    (void)snprintf(out, 64, "/tmp/mailwijzer-test-XXXXXX");
    assert_non_null(mkdtemp(out));
}

void rig_remove(const char *directory)
{
    char path[512];
    DIR *d = opendir(directory);

    assert_non_null(d);
    for (const struct dirent *f; (f = readdir(d)) != NULL;) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, f->d_name);
        (void)unlink(path);
    }
    (void)closedir(d);
    assert_int_equal(rmdir(directory), 0);
}

static void copy_json(const char *directory, const char *name, const char *key, const char *text)
{
    char from[512], to[512];

    (void)snprintf(from, sizeof from, "locales/%s", name);
    (void)snprintf(to, sizeof to, "%s/%s", directory, name);
    json_t *tree = json_load_file(from, 0, NULL);
    assert_non_null(tree);
    if (key != NULL) {
        assert_non_null(json_object_get(tree, key));
        assert_int_equal(
            text == NULL ? json_object_del(tree, key) : json_object_set_new(tree, key, json_string(text)), 0);
    }
    assert_int_equal(json_dump_file(tree, to, 0), 0);
    json_decref(tree);
}

void rig_locales(const char *directory, const char *key, const char *text)
{
    copy_json(directory, "nl.json", key, text);
    copy_json(directory, "nl.phrases.json", NULL, NULL);
    copy_json(directory, "en.json", NULL, NULL);
    copy_json(directory, "en.phrases.json", NULL, NULL);
}

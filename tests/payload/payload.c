/* payload -- every webhook in tests/payload/PLATFORM/ against what must come of it.
 *
 * payload            compares each NAME.json with NAME.expect; prints TAP
 * payload FILE.json  prints what comes of one, to look at and to keep as .expect
 *
 * tests/payload/README.md describes the lines. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "err.h"
#include "telegram.h"
#include "utf8.h"
#include "whatsapp.h"
#include "wire.h"

/* A string longer than this is shown by its beginning and its length. */
enum { SHOWN_POINTS = 100, NAME_BYTES = 256, PATH_BYTES = 512, ARENA_BYTES = 1 << 16 };

static const char root[] = "tests/payload/";
static const char account[] = "700800"; /* whose webhooks they are */

static const struct channel *const channels[] = {&whatsapp, &telegram};

static int file_read(const char *path, struct buf *out)
{
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "rb");

    if (f == NULL) return -1;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0) buf_add(out, piece, n);
    int rc = ferror(f) || out->failed ? -1 : 0;
    (void)fclose(f);
    return rc;
}

static bool is_hash(const char *id)
{
    return strlen(id) == 64 && strspn(id, "0123456789abcdef") == 64;
}

static void put_string(struct buf *out, const char *key, const char *s)
{
    char shown[SHOWN_POINTS * 4 + 1];

    if (s == NULL) return;
    buf_addf(out, " %s=", key);
    size_t n = utf8_cut(s, SHOWN_POINTS);
    (void)snprintf(shown, sizeof shown, "%.*s", (int)n, s);
    wire_put(out, shown);
    if (s[n] != '\0') buf_addf(out, "+%zu", utf8_count(s + n));
}

static void put_who(struct buf *out, const struct identity *who)
{
    put_string(out, "phone", who->phone);
    put_string(out, "user_id", who->user_id);
    put_string(out, "parent_id", who->parent_id);
    put_string(out, "previous_phone", who->previous_phone);
    put_string(out, "previous_user_id", who->previous_user_id);
    if (who->changed) buf_adds(out, " changed");
    put_string(out, "name", who->name);
}

static void put_message(struct buf *out, const struct message *m)
{
    buf_addf(out, " %s", message_kind_name(m->kind));
    if (m->kind == MESSAGE_MEDIA) buf_addf(out, " %s", media_kind_name(m->media));
    put_string(out, "file", m->media_id);
    put_string(out, "mime", m->mime);
    put_string(out, "called", m->file_name);
    put_string(out, "text", m->text);
    put_string(out, "choice", m->choice);
    put_string(out, "about", m->about);
    buf_addf(out, " sent=%lld", (long long)m->sent_ms);
    put_string(out, "to", m->our_number);
}

static void put_status(struct buf *out, const struct status *s)
{
    buf_addf(out, " %s", status_kind_name(s->kind));
    put_string(out, "of", s->message_id);
    put_string(out, "tracker", s->tracker);
    if (s->error_code != 0) buf_addf(out, " error=%d", s->error_code);
    if (s->billable) buf_adds(out, " billable");
    put_string(out, "category", s->category);
}

/* What must hold for every item, whatever it is; the breach becomes part of the line. */
static void put_breaches(struct buf *out, const struct channel *channel, const struct inbound *in)
{
    bool wrote = in->kind == INBOUND_MESSAGE || in->kind == INBOUND_GROUP;
    bool has_message = wrote || in->kind == INBOUND_ECHO;
    bool has_raw = wrote || in->kind == INBOUND_BROKEN;
    bool has_reason = in->kind == INBOUND_SKIPPED || in->kind == INBOUND_BROKEN || in->kind == INBOUND_NOTICE;

    if (in->id == NULL || *in->id == '\0') buf_adds(out, " BREACH:no-id");
    if (in->who.channel == NULL || strcmp(in->who.channel, channel->name) != 0)
        buf_adds(out, " BREACH:channel");
    if (in->who.account == NULL || strcmp(in->who.account, account) != 0) buf_adds(out, " BREACH:account");
    /* On WhatsApp a message is known by its own id; on Telegram an update has another. */
    bool own_id = channel == &whatsapp;
    if (has_message && (in->message.id == NULL || (strcmp(in->message.id, in->id) == 0) != own_id))
        buf_adds(out, " BREACH:message-id");
    if (wrote && (in->chat != NULL) == own_id) buf_adds(out, " BREACH:chat");
    if (has_reason != (in->reason != NULL)) buf_adds(out, " BREACH:reason");
    if (has_raw != (in->raw != NULL)) buf_adds(out, " BREACH:raw");
    if (in->raw != NULL) {
        json_t *again = json_loads(in->raw, JSON_DECODE_ANY, NULL);
        if (again == NULL) buf_adds(out, " BREACH:raw-is-no-json");
        json_decref(again);
    }
}

static void put_item(struct buf *out, const struct channel *channel, const struct inbound *in)
{
    buf_adds(out, inbound_kind_name(in->kind));
    buf_addf(out, " type=%s", in->type);
    if (is_hash(in->id))
        buf_adds(out, " id=hash");
    else
        put_string(out, "id", in->id);
    put_who(out, &in->who);
    if (in->kind == INBOUND_MESSAGE || in->kind == INBOUND_GROUP || in->kind == INBOUND_ECHO) {
        if (channel != &whatsapp) put_string(out, "message", in->message.id);
        put_string(out, "chat", in->chat);
        put_string(out, "thread", in->thread);
        put_message(out, &in->message);
    }
    if (in->kind == INBOUND_STATUS) put_status(out, &in->status);
    put_string(out, "reason", in->reason);
    put_breaches(out, channel, in);
    buf_addc(out, '\n');
}

/* Whose webhook a file holds: its folder says so. */
static const struct channel *channel_of(const char *path)
{
    return strstr(path, "/telegram/") != NULL ? &telegram : &whatsapp;
}

/* What parse makes of a file, as text. */
static int describe(const char *path, struct buf *out)
{
    const struct channel *channel = channel_of(path);
    struct buf body = {0};
    struct inbound *in = NULL;
    struct err e = {{0}};
    struct arena *a = arena_new(ARENA_BYTES);
    int rc = -1;

    if (a == NULL || file_read(path, &body) != 0) goto out;
    if (channel->parse(buf_text(&body), body.len, account, a, &in, &e) != 0)
        buf_addf(out, "refused%s\n", e.text[0] == '\0' ? " BREACH:no-error" : "");
    for (; in != NULL; in = in->next) put_item(out, channel, in);
    rc = out->failed ? -1 : 0;
out:
    buf_free(&body);
    arena_free(a);
    return rc;
}

static void diagnose(const char *label, const char *text)
{
    printf("# %s:\n", label);
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        printf("#   %.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

/* One NAME.json against its NAME.expect. */
static bool compare(const struct channel *channel, const char *name)
{
    char path[PATH_BYTES];
    struct buf want = {0}, got = {0};
    bool same = false;

    (void)snprintf(path, sizeof path, "%s%s/%s.expect", root, channel->name, name);
    int missing = file_read(path, &want);
    (void)snprintf(path, sizeof path, "%s%s/%s.json", root, channel->name, name);
    if (missing != 0) diagnose("missing", "the .expect beside it");
    if (describe(path, &got) != 0) diagnose("unreadable", path);
    if (missing == 0) same = strcmp(buf_text(&want), buf_text(&got)) == 0;
    if (!same) {
        diagnose("expected", buf_text(&want));
        diagnose("came", buf_text(&got));
    }
    buf_free(&want);
    buf_free(&got);
    return same;
}

static int is_payload(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 5 && strcmp(d->d_name + n - 5, ".json") == 0;
}

/* The payloads of one platform, whose first has number `first`; how many there are, or -1. */
static int compare_all(const struct channel *channel, int first, int *bad)
{
    char folder[NAME_BYTES], name[NAME_BYTES];
    struct dirent **files = NULL;

    (void)snprintf(folder, sizeof folder, "%s%s", root, channel->name);
    int n = scandir(folder, &files, is_payload, alphasort);
    for (int i = 0; i < n; i++) {
        (void)snprintf(name, sizeof name, "%.*s", (int)strlen(files[i]->d_name) - 5, files[i]->d_name);
        bool ok = compare(channel, name);
        printf("%s %d - %s/%s\n", ok ? "ok" : "not ok", first + i, channel->name, name);
        *bad += !ok;
        free(files[i]);
    }
    free(files);
    if (n <= 0) printf("Bail out! no payloads in %s: run from the root of the repository\n", folder);
    return n <= 0 ? -1 : n;
}

int main(int argc, char **argv)
{
    struct buf text = {0};
    int bad = 0, count = 0;

    if (argc == 2) {
        bad = describe(argv[1], &text) != 0;
        (void)fputs(bad ? "cannot be read\n" : buf_text(&text), bad ? stderr : stdout);
        buf_free(&text);
        return bad;
    }
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        int n = compare_all(channels[i], count + 1, &bad);
        if (n < 0) return 1;
        count += n;
    }
    printf("1..%d\n", count);
    return bad != 0;
}

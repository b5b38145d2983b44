#include "cmd_person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "buf.h"
#include "clock.h"
#include "cmd.h"
#include "config.h"
#include "content.h"
#include "desk.h"
#include "err.h"
#include "http_client.h"
#include "platform.h"
#include "store.h"
#include "turn.h"
#include "who.h"

enum {
    TIMEOUT_MS = 5000,
    DEED_TIMEOUT_MS = 120 * 1000, /* an erasure rewrites the whole file                    */
    ANSWER_MAX = 256 << 20,       /* all that somebody wrote and was told, in ten years     */
    ARENA_BYTES = 16 * 1024,
    STATUS_OK = 200,
    STATUS_FORBIDDEN = 403
};

struct asking {
    int status; /* -2: not answered yet */
    bool cut;
    struct buf text;
};

static void on_answer(void *user, uint64_t tag, const struct http_answer *a)
{
    struct asking *x = user;

    (void)tag;
    x->status = a->status != 0 ? a->status : a->certain ? 0 : -1;
    x->cut = a->cut;
    buf_add(&x->text, a->body, a->body_n);
}

int cmd_ask(const struct config *config, const char *path, const char *post, struct buf *out)
{
    struct http_client *client = NULL;
    struct asking x = {.status = -2};
    struct err e = {0};
    char url[256];

    if (config->admin_address == NULL || config->admin_port == 0) return 0;
    bool v6 = strchr(config->admin_address, ':') != NULL;
    (void)snprintf(url, sizeof url, "http://%s%.128s%s:%d%s", v6 ? "[" : "", config->admin_address,
                   v6 ? "]" : "", config->admin_port, path);
    const struct http_call call = {.url = url,
                                   .body = post,
                                   .body_n = post == NULL ? 0 : strlen(post),
                                   .answer_max = ANSWER_MAX,
                                   .timeout_ms = post == NULL ? TIMEOUT_MS : DEED_TIMEOUT_MS,
                                   .done = on_answer,
                                   .user = &x};
    if (http_client_new(1, &client, &e) != 0 || http_client_send(client, &call, &e) != 0) x.status = 0;
    while (x.status == -2) http_client_poll(client, TIMEOUT_MS); /* a call ends by its timeout */
    if (x.cut || x.text.failed) x.status = -1;
    if (x.status == STATUS_OK) buf_add(out, x.text.data, x.text.len);
    http_client_free(client);
    buf_free(&x.text);
    return x.status;
}

/* ---- the database itself ---- */

/* What a process that died left under way is settled first, as the bot does when it starts; and with it whoever
 * was to be erased after it. The file is closed in between: it may have been rewritten for them, and one that
 * stays open waits a while before it is rewritten again. */
static int recover(const char *url, int64_t now_ms, struct err *e)
{
    struct store *store = NULL;
    int rc = -1;

    if (store_open(url, &store, e) == 0 && store_begin(store, e) == 0 &&
        store_outbox_recover(store, now_ms, e) == 0)
        rc = store_commit(store, e);
    store_close(store);
    return rc;
}

static int do_here(const struct config *config, struct content *content, const char *who,
                   enum person_deed deed, enum person_found *found, struct buf *out, struct err *e)
{
    struct platform platform[PLATFORM_N];
    struct turns t = {.config = config,
                      .platforms = platform,
                      .content = content,
                      .arena = arena_new(ARENA_BYTES),
                      .now_ms = clock_now_ms()};
    int rc = -1;

    platforms_set(platform, config);
    if (platform[PLATFORM_DESK].on) t.desk = desk_new(config);
    if (t.arena == NULL || (platform[PLATFORM_DESK].on && t.desk == NULL))
        (void)err_set(e, "out of memory");
    else if (t.desk != NULL && content == NULL && deed == PERSON_ERASE)
        (void)err_set(e,
                      "the human's desk cannot be told without the flow and texts: see `mailwijzer check`");
    else if ((deed != PERSON_ERASE || recover(config->database_url, t.now_ms, e) == 0) &&
             store_open(config->database_url, &t.store, e) == 0)
        rc = person_do(&t, who, deed, found, out, e);
    store_close(t.store);
    desk_free(t.desk);
    arena_free(t.arena);
    return rc;
}

/* The database is not made by who only asks. */
static int ask_here(const struct config *config, const char *who, enum person_deed deed,
                    enum person_found *found, struct buf *out, struct err *e)
{
    struct content *content = NULL;

    if (access(config->database_url + strlen("sqlite:"), R_OK) != 0)
        return err_set(e, "%s: there is no such database, and no bot answers at ADMIN_LISTEN",
                       config->database_url);
    (void)cmd_content(config, TOLD_FAULTS, &content);
    int rc = do_here(config, content, who, deed, found, out, e);
    content_free(content);
    return rc;
}

static int ask_bot(const struct config *config, const char *who, enum person_deed deed,
                   enum person_found *found, struct buf *out, struct err *e)
{
    struct buf request = {0};

    person_request(who, deed, &request);
    int status = request.len == 0 ? -1 : cmd_ask(config, "/person", buf_text(&request), out);
    buf_free(&request);
    if (status == 0) return ask_here(config, who, deed, found, out, e);
    int says = person_found_of(status);
    if (says >= 0) {
        *found = (enum person_found)says;
        return 0;
    }
    if (status == STATUS_FORBIDDEN)
        return err_set(e, "the bot at ADMIN_LISTEN refuses: it must be named by an address, not by a name");
    if (status == -1)
        return err_set(e, "the bot at ADMIN_LISTEN gave no whole answer: ask again what is left");
    return err_set(e, "the bot at ADMIN_LISTEN could not do it (HTTP %d): its log says why", status);
}

int cmd_person(const char *name, const struct config *config, const char *who, enum person_deed deed,
               struct buf *out)
{
    enum person_found found = PERSON_UNREADABLE;
    struct err e = {0};
    struct who read;

    if (who_read(who, &read) && ask_bot(config, who, deed, &found, out, &e) != 0) {
        (void)fprintf(stderr, "mailwijzer %s: %s\n", name, e.text);
        return EXIT_FAILED;
    }
    switch (found) {
    case PERSON_FOUND: return EXIT_DONE;
    case PERSON_NOBODY:
        (void)fprintf(
            stderr,
            "Nobody is known by '%s'. A username is known since the person last wrote; what was erased, or "
            "too old, is known no more.\n",
            who);
        return EXIT_FAILED;
    case PERSON_SEVERAL:
        (void)fprintf(stderr, "Two people are known by '%s': say whatsapp:%s or telegram:%s.\n", who, who,
                      who);
        return EXIT_FAILED;
    default:
        (void)fprintf(stderr, "mailwijzer %s: --person: expected %s\n", name, who_expected);
        return EXIT_USAGE;
    }
}

char *cmd_who(const char *name, const char *who)
{
    char *line = NULL;
    size_t size = 0;

    if (strcmp(who, "-") != 0) {
        line = strdup(who);
        if (line == NULL) (void)fprintf(stderr, "mailwijzer %s: out of memory\n", name);
        return line;
    }
    if (getline(&line, &size, stdin) < 0) {
        (void)fprintf(stderr, "mailwijzer %s: --person -: nothing on standard input\n", name);
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

/* desk_line.c -- from lines that wait to messages at the desk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "business.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "desk_self.h"
#include "dossier.h"
#include "fault_point.h"
#include "platform.h"
#include "telegram_desk.h"
#include "text.h"
#include "turn.h"
#include "utf8.h"

enum {
    LINES_MAX = 40,              /* in one message: more is no reading                                */
    TEXT_POINTS_MAX = 3800,      /* Telegram takes 4096; a name and a mark of what was cut come on top */
    PACE_N = 18,                 /* so many messages …                                                */
    PACE_MS = 60 * 1000,         /* … a minute: a group takes 20 (Bot API FAQ), presses edit as well   */
    DIGEST_MINUTE = 8 * 60 + 30, /* of a working day: before the shop opens                          */
    DIGEST_NAMES_MAX = 30,
    UNTOLD_MAX = 16 /* in one transaction */
};

static const char digest_note[] = "digest";

struct desk {
    const struct config *config;
    bool flat;
    int64_t sent_ms[PACE_N]; /* the last ones, in a ring */
    size_t sent_at;
    int64_t digest_ms; /* when to look whether it is morning */
};

struct desk *desk_new(const struct config *config)
{
    struct desk *d = calloc(1, sizeof *d);

    if (d == NULL) return NULL;
    d->config = config;
    return d;
}

void desk_free(struct desk *d)
{
    free(d);
}

void desk_set_flat(struct desk *d, bool flat)
{
    d->flat = flat;
}

const char *desk_chat(const struct desk *d)
{
    return d->config->telegram_desk_chat;
}

/* ---- the desk as a contact: whom its rows go to ---- */

static int desk_contact(struct turns *t, int64_t *contact, struct err *e)
{
    const struct platform *p = &t->platforms[PLATFORM_DESK];
    const struct identity who = {
        .channel = p->channel->name, .account = p->account, .user_id = desk_chat(t->desk)};

    return store_contact_resolve(t->store, &who, t->now_ms, contact, e);
}

int desk_heard(struct turns *t, struct err *e)
{
    int64_t contact;

    if (desk_contact(t, &contact, e) != 0) return -1;
    return store_contact_wrote(t->store, contact, desk_chat(t->desk), t->now_ms, e);
}

int desk_put(struct turns *t, const struct desk_content *c, const struct whom *about, struct err *e)
{
    struct buf content = {0};
    struct outbox_new row = {
        .channel = telegram_desk.name, .account = desk_chat(t->desk), .now_ms = t->now_ms};
    int64_t id;

    telegram_desk_write(c, &content);
    int rc = content.failed ? err_set(e, "desk: out of memory") : desk_contact(t, &row.contact, e);
    row.content = content.data;
    if (about != NULL) row.about = *about;
    if (rc == 0) rc = store_outbox_add(t->store, &row, &id, e);
    buf_free(&content);
    return rc;
}

/* ---- one message of lines ---- */

static void add_choice(struct turns *t, struct outbound *o, unsigned buttons)
{
    static const struct {
        unsigned bit;
        const char *id;
        int label;
    } all[] = {{DESK_TAKE, DESK_TAKE_ID, TEXT_DESK_TAKE_LABEL},
               {DESK_LATER, DESK_LATER_ID, TEXT_DESK_LATER_LABEL},
               {DESK_BACK, DESK_BACK_ID, TEXT_DESK_BACK_LABEL}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if ((buttons & all[i].bit) == 0) continue;
        const char *title = dossier_label(content_script(t->content), all[i].label, t->arena);
        if (title != NULL) o->choice[o->choice_n++] = (struct choice){.id = all[i].id, .title = title};
    }
}

/* What of a long text is shown. */
static void add_cut(struct buf *out, const char *text, size_t points)
{
    size_t n = utf8_cut(text, points);

    buf_add(out, text, n);
    if (text[n] != '\0') buf_adds(out, "\xE2\x80\xA6");
}

/* Lines that go together: a file goes alone, with its own words. */
static size_t gather(const struct line_row *line, struct buf *text, unsigned *buttons)
{
    size_t n = 0;

    for (; line != NULL && (n == 0 || line->media == NULL); line = line->next) {
        if (n > 0 && utf8_count(buf_text(text)) + utf8_count(line->text) > TEXT_POINTS_MAX) break;
        if (n > 0) buf_adds(text, "\n\n");
        add_cut(text, line->text, line->media != NULL ? DESK_CAPTION_POINTS_MAX : TEXT_POINTS_MAX);
        if (line->buttons != 0) *buttons = line->buttons;
        n++;
        if (line->media != NULL) break;
    }
    return n;
}

/* In one row of messages each says whom it is about; a dossier's first words do that by themselves. It is
 * known by its buttons, for a customer may begin with an asterisk too. */
static void name_it(struct buf *out, const char *name, const struct line_row *first, const char *text)
{
    bool named = first->buttons != 0 && *text == '*';

    if (!named && *text != '\0') buf_addf(out, "*%s*\n", name);
    buf_adds(out, text);
}

static int fill_body(struct turns *t, const char *text, unsigned buttons, struct desk_content *c,
                     struct err *e)
{
    struct outbound o = {.text = text};
    struct buf body = {0};

    add_choice(t, &o, buttons);
    int rc = telegram_desk.render(&o, &body, e);
    c->body = rc == 0 ? arena_strdup(t->arena, buf_text(&body)) : NULL;
    buf_free(&body);
    return rc == 0 && c->body == NULL ? err_set(e, "desk: out of memory") : rc;
}

static int fill_file(struct turns *t, const char *media, const char *caption, struct desk_content *c,
                     struct err *e)
{
    if (telegram_desk_media_read(media, t->arena, c, e) != 0) return -1;
    c->media.caption = arena_strdup(t->arena, caption);
    c->media.lost = dossier_label(content_script(t->content), TEXT_DESK_LOST_MEDIA, t->arena);
    return c->media.caption != NULL && c->media.lost != NULL ? 0 : err_set(e, "desk: out of memory");
}

/* The names a message about a person needs: theirs, as they were called when it was written, and their
 * topic's. */
static int fill_names(struct turns *t, const struct line_row *line, const char **name, struct desk_content *c,
                      struct err *e)
{
    const struct platform *p = platform_at(t->platforms, line->account);

    *name = line->name != NULL ? line->name
                               : dossier_label(content_script(t->content), TEXT_DESK_SOMEBODY, t->arena);
    c->topic = *name == NULL ? NULL : arena_printf(t->arena, "%s (%s)", *name, p != NULL ? p->name : "?");
    return c->topic == NULL ? err_set(e, "desk: out of memory") : 0;
}

static int compose(struct turns *t, const struct line_row *line, struct desk_content *c, size_t *n,
                   struct err *e)
{
    struct buf text = {0}, named = {0};
    unsigned buttons = 0;
    const char *name = NULL;
    int rc = 0;

    *n = gather(line, &text, &buttons);
    if (line->contact != 0) rc = fill_names(t, line, &name, c, e);
    if (rc == 0 && name != NULL && t->desk->flat)
        name_it(&named, name, line, buf_text(&text));
    else
        buf_adds(&named, buf_text(&text));
    if (text.failed || named.failed) rc = err_set(e, "desk: out of memory");
    if (rc == 0)
        rc = line->media != NULL ? fill_file(t, line->media, buf_text(&named), c, e)
                                 : fill_body(t, buf_text(&named), buttons, c, e);
    buf_free(&text);
    buf_free(&named);
    return rc;
}

/* ---- when ---- */

/* When the next message may leave; a clock that went back does not hold it up. */
static int64_t pace(const struct desk *d, int64_t now_ms)
{
    int64_t oldest = d->sent_ms[d->sent_at];

    if (oldest == 0 || oldest > now_ms) return now_ms;
    return oldest + PACE_MS;
}

static void mark_sent(struct desk *d, int64_t now_ms)
{
    d->sent_ms[d->sent_at] = now_ms;
    d->sent_at = (d->sent_at + 1) % PACE_N;
}

/* One message on its way at a time: what comes meanwhile waits, and leaves together. */
static int let_leave(struct turns *t, int64_t *next_ms, struct err *e)
{
    struct desk_content c = {0};
    struct line_row *line;
    int64_t contact;
    size_t n;

    if (store_line_list(t->store, t->arena, LINES_MAX, &line, e) != 0) return -1;
    if (line == NULL) return 0;
    if (desk_contact(t, &contact, e) != 0) return -1;
    int busy = store_outbox_busy(t->store, contact, e);
    if (busy != 0) return busy < 0 ? -1 : 0; /* its verdict brings us back */
    int64_t at = pace(t->desk, t->now_ms);
    if (at > t->now_ms) {
        if (at < *next_ms) *next_ms = at;
        return 0;
    }
    if (compose(t, line, &c, &n, e) != 0) return -1;
    const struct whom about = {.contact = line->contact, .account = line->account};
    if (desk_put(t, &c, line->contact != 0 ? &about : NULL, e) != 0) return -1;
    FAULT_POINT("line-put");
    for (; n > 0; n--, line = line->next)
        if (store_line_drop(t->store, line->id, e) != 0) return -1;
    FAULT_POINT("lines-dropped");
    mark_sent(t->desk, t->now_ms);
    return 0;
}

/* ---- what did not arrive ---- */

/* What is possible beside: the phone where the number is known, a template where one is set. */
static int tell_kept(struct turns *t, const struct chat *chat, struct err *e)
{
    const char *template = t->config->whatsapp_template;
    struct person who;

    if (desk_know(t, chat, NULL, &who, e) != 0) return -1;
    if (desk_note(t, chat, TEXT_DESK_KEPT, 0, NULL, e) != 0) return -1;
    if (who.phone != NULL && desk_note(t, chat, TEXT_DESK_KEPT_NUMBER, 0, NULL, e) != 0) return -1;
    return template == NULL ? 0 : desk_note(t, chat, TEXT_DESK_KEPT_TEMPLATE, 0, template, e);
}

static int tell_undelivered(struct turns *t, struct err *e)
{
    struct untold_row row;

    for (int i = 0; i < UNTOLD_MAX; i++) {
        int rc = store_outbox_untold(t->store, t->arena, &row, e);
        if (rc != 1) return rc;
        const struct chat chat = {
            .contact = row.to.contact, .account = row.to.account, .channel = row.channel};
        rc = row.kept ? tell_kept(t, &chat, e) : desk_note(t, &chat, TEXT_DESK_UNDELIVERED, 0, NULL, e);
        if (rc != 0 || store_outbox_told(t->store, row.id, e) != 0) return -1;
    }
    return 0;
}

/* ---- the morning ---- */

/* Who has waited since before `before_ms`: of the others she has only just heard. */
static int write_digest(struct turns *t, int64_t before_ms, struct err *e)
{
    struct waiter waiter[DIGEST_NAMES_MAX];
    struct waiting_row *row;
    struct buf text = {0};
    size_t n, named = 0;
    int waiting = 0;

    if (store_waiting(t->store, t->arena, &row, &n, e) != 0) return -1;
    for (; row != NULL; row = row->next) {
        if (row->since_ms >= before_ms || strcmp(row->holder, holder_name(HOLDER_WAITING)) != 0) continue;
        waiting++;
        if (named == DIGEST_NAMES_MAX) continue;
        waiter[named++] = (struct waiter){.name = row->name, .since_ms = row->since_ms};
    }
    if (waiting == 0) return 0;
    int rc = dossier_digest(content_script(t->content), waiter, named, waiting, t->now_ms, t->arena, &text);
    const struct line_new line = {.now_ms = t->now_ms, .text = buf_text(&text)};
    rc = rc != 0 ? err_set(e, "desk: out of memory") : store_line_add(t->store, &line, e);
    buf_free(&text);
    return rc;
}

/* Once on each working day; the day stands in the store, so that no restart says good morning again. What
 * is read there is on disk: only then is it over for today, for this transaction may be undone. */
static int digest(struct turns *t, struct err *e)
{
    const struct hours *h = &content_script(t->content)->business->hours;
    const int64_t day_ms = INT64_C(24) * 3600 * 1000;
    int64_t at = hours_day_start(h, t->now_ms, DIGEST_MINUTE);
    struct date d = hours_date(h, t->now_ms);
    char today[48];
    const char *last;

    if (t->now_ms < t->desk->digest_ms) return 0;
    int64_t next = t->now_ms < at ? at : hours_day_start(h, t->now_ms + day_ms, DIGEST_MINUTE);
    if (t->now_ms < at || !hours_workday(h, t->now_ms)) {
        t->desk->digest_ms = next;
        return 0;
    }
    (void)snprintf(today, sizeof today, "%04d-%02d-%02d", d.year, d.month, d.day);
    if (store_note(t->store, digest_note, t->arena, &last, e) != 0) return -1;
    if (last != NULL && strcmp(last, today) == 0) {
        t->desk->digest_ms = next;
        return 0;
    }
    return store_note_set(t->store, digest_note, today, e) == 0 ? write_digest(t, at, e) : -1;
}

int desk_run(struct turns *t, int64_t *next_ms, struct err *e)
{
    *next_ms = INT64_MAX;
    if (tell_undelivered(t, e) != 0 || digest(t, e) != 0) return -1;
    *next_ms = t->desk->digest_ms;
    return let_leave(t, next_ms, e);
}

/* desk_news.c -- what the human is told, put in lines that wait for her desk. */
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "content.h"
#include "desk_self.h"
#include "dossier.h"
#include "kept.h"
#include "platform.h"
#include "telegram.h"
#include "telegram_desk.h"
#include "text.h"
#include "turn.h"
#include "utf8.h"

int desk_know(struct turns *t, const struct chat *chat, const struct message *m, struct person *out,
              struct err *e)
{
    const struct platform *p = platform_of(t->platforms, chat->channel);
    struct person_row row;

    if (store_person(t->store, chat->contact, chat->account, chat->channel, t->arena, &row, e) != 0)
        return -1;
    bool typed = m != NULL && m->kind == MESSAGE_TEXT && m->text != NULL;
    *out = (struct person){.name = m != NULL && m->name != NULL ? m->name : row.name,
                           .platform = p->name,
                           .phone = row.who.phone,
                           .words = typed ? m->text : row.words,
                           .shut_ms = p->window_ms > 0 && row.wrote_ms > 0 ? row.wrote_ms + p->window_ms : 0};
    return 0;
}

static unsigned buttons_of(enum news news)
{
    static const unsigned buttons[NEWS_N] = {[NEWS_ASKED] = DESK_TAKE | DESK_LATER | DESK_BACK,
                                             [NEWS_REMIND] = DESK_TAKE | DESK_LATER | DESK_BACK,
                                             [NEWS_OVERDUE] = DESK_TAKE | DESK_BACK,
                                             [NEWS_SHUTTING] = DESK_TAKE | DESK_BACK,
                                             [NEWS_LATER] = DESK_TAKE | DESK_BACK,
                                             [NEWS_TAKEN] = DESK_BACK,
                                             [NEWS_GIVEN_BACK] = DESK_TAKE,
                                             [NEWS_BACK] = DESK_TAKE,
                                             [NEWS_RESUMED] = DESK_TAKE};

    return buttons[news];
}

/* That somebody had everything erased, as a message beneath the one that was about them last; or by itself. */
static int ask_to_erase(struct turns *t, const char *quote, struct err *e)
{
    static const struct person nobody;
    struct buf text = {0}, body = {0};
    struct outbound o = {.text = NULL};

    int rc =
        dossier_say(content_script(t->content), TEXT_DESK_ERASED, &nobody, t->now_ms, 0, t->arena, &text);
    o.text = buf_text(&text);
    rc = rc != 0 ? err_set(e, "desk: out of memory") : telegram_desk.render(&o, &body, e);
    const struct desk_content c = {.body = buf_text(&body), .quote = quote};
    if (rc == 0) rc = desk_put(t, &c, NULL, e);
    buf_free(&text);
    buf_free(&body);
    return rc;
}

/* The topics of somebody, deleted: there may be two where two contacts turned out to be one. */
static int delete_topics(struct turns *t, int64_t contact, size_t *n, struct err *e)
{
    const char *desk = desk_chat(t->desk);
    struct desk_content c = {0};

    for (*n = 0;; ++*n) {
        int rc = store_topic_any(t->store, contact, desk, t->arena, &c.erase, e);
        if (rc != 1) return rc;
        if (desk_put(t, &c, NULL, e) != 0 || store_topic_drop(t->store, desk, c.erase, e) != 0) return -1;
    }
}

/* Her copy that we can reach is a topic; of the rest she is told, if she ever heard of them. Past the lines, for lines about the person go with them. */
int desk_erased(struct turns *t, int64_t contact, struct err *e)
{
    const char *last = NULL;
    size_t topics;

    if (delete_topics(t, contact, &topics, e) != 0) return -1;
    int known = store_outbox_about(t->store, contact, telegram_desk.name, t->arena, &last, e);
    if (known < 0) return -1;
    if (topics > 0) return ask_to_erase(t, NULL, e);
    const char *number = known == 0 ? NULL : strchr(last, '/');
    return number == NULL ? 0 : ask_to_erase(t, number + 1, e);
}

/* A file that is copied brings its own words, and beneath any there is little room: then ours go before
 * it. */
static int add_lines(struct turns *t, const struct chat *chat, unsigned buttons, const char *name,
                     const struct buf *text, const char *media, struct err *e)
{
    bool copied = media != NULL && strcmp(chat->channel, telegram.name) == 0;
    bool apart = copied || (media != NULL && utf8_count(buf_text(text)) > DESK_CAPTION_POINTS_MAX);
    struct line_new line = {.contact = chat->contact,
                            .account = chat->account,
                            .now_ms = t->now_ms,
                            .buttons = buttons,
                            .name = name,
                            .media = apart ? NULL : media,
                            .text = buf_text(text)};

    if (text->len == 0) return 0;
    if (store_line_add(t->store, &line, e) != 0) return -1;
    if (!apart) return 0;
    line.media = media;
    line.text = "";
    return store_line_add(t->store, &line, e);
}

int desk_tell(struct turns *t, const struct chat *chat, const struct conversation *c,
              const struct effect *effect, const struct message *m, struct err *e)
{
    const enum news news = effect->tell.news;
    struct buf text = {0}, media = {0};
    struct person who;

    if (news == NEWS_ERASED) return desk_erased(t, chat->contact, e);
    if (desk_know(t, chat, m, &who, e) != 0) return -1;
    int rc = dossier_news(content_script(t->content), c, effect, &who, m, t->now_ms, t->arena, &text);
    bool file = news == NEWS_WROTE && telegram_desk_media(m, chat->channel, &media);
    if (rc != 0 || media.failed)
        rc = err_set(e, "desk: out of memory");
    else
        rc = add_lines(t, chat, buttons_of(news), who.name, &text, file ? buf_text(&media) : NULL, e);
    buf_free(&text);
    buf_free(&media);
    return rc;
}

int desk_note(struct turns *t, const struct chat *chat, int text, unsigned buttons, const char *answer,
              struct err *e)
{
    struct person who = {0};
    struct buf words = {0};

    if (chat != NULL && desk_know(t, chat, NULL, &who, e) != 0) return -1;
    who.words = answer;
    int rc = dossier_say(content_script(t->content), text, &who, t->now_ms, 0, t->arena, &words);
    const struct line_new line = {.contact = chat != NULL ? chat->contact : 0,
                                  .account = chat != NULL ? chat->account : NULL,
                                  .now_ms = t->now_ms,
                                  .buttons = buttons,
                                  .name = who.name,
                                  .text = buf_text(&words)};
    rc = rc != 0 ? err_set(e, "desk: out of memory") : store_line_add(t->store, &line, e);
    buf_free(&words);
    return rc;
}

#include "dossier.h"

#include <stdio.h>

#include "advice.h"
#include "arena.h"
#include "business.h"
#include "reply.h"

/* She reads the words that everybody starts in, whatever the person speaks. */
struct page {
    struct reply r;
    struct event ev;
    struct conversation c; /* a copy, in her locale */
    const struct person *p;
};

static void page_open(struct page *page, const struct script *s, const struct conversation *c,
                      const struct person *p, int64_t now_ms, struct arena *a)
{
    static const struct message nothing = {.id = ""};

    page->p = p;
    page->ev = (struct event){.kind = EVENT_CLOCK, .now_ms = now_ms, .message = &nothing};
    if (c != NULL)
        page->c = *c;
    else
        conversation_begin(&page->c, "");
    (void)snprintf(page->c.locale, sizeof page->c.locale, "%s", s->locales[0]->code);
    reply_open(&page->r, s, &page->c, &page->ev, a);
}

static int page_close(struct page *page, struct buf *out)
{
    bool failed = page->r.failed || page->r.body.failed;

    if (!failed) buf_adds(out, buf_text(&page->r.body));
    reply_close(&page->r);
    return failed || out->failed ? -1 : 0;
}

static const char *time_text(struct page *page, int64_t at_ms)
{
    struct buf words = {0};

    hours_write_time(&page->r.s->business->hours, page->ev.now_ms, at_ms, page->r.l, &words);
    char *copy = words.failed ? NULL : arena_strdup(page->r.arena, buf_text(&words));
    buf_free(&words);
    if (copy == NULL) page->r.failed = true;
    return copy == NULL ? "" : copy;
}

/* The values that the desk's texts may ask for; `at_ms` 0: no moment. */
static struct params page_params(struct page *page, int64_t at_ms)
{
    struct params p = reply_params(&page->r);
    const struct person *who = page->p;

    p.value[PARAM_NAME] = who->name != NULL ? who->name : reply_text(&page->r, TEXT_DESK_SOMEBODY, NULL);
    p.value[PARAM_OTHER] = who->platform;
    p.value[PARAM_N] = who->phone;
    p.value[PARAM_ANSWER] = who->words;
    if (at_ms != 0) p.value[PARAM_MOMENT] = time_text(page, at_ms);
    return p;
}

static void say(struct page *page, int text, int64_t at_ms)
{
    struct params p = page_params(page, at_ms);

    reply_block(&page->r, text, &p);
}

static void say_line(struct page *page, int text, const struct params *p)
{
    buf_addc(&page->r.body, '\n');
    reply_line(&page->r, text, p);
}

/* ---- the dossier ---- */

static void write_answers(struct page *page)
{
    struct reply *r = &page->r;
    const struct answers *a = &page->c.answers;

    if (answers_last(a, r->f) < 0) {
        reply_block(r, TEXT_DESK_NO_ANSWERS, NULL);
        return;
    }
    reply_block(r, TEXT_DESK_ANSWERS, NULL);
    for (int q = 0; q < (int)r->f->question_n; q++) {
        struct params p = reply_params(r);
        if (a->of[q].kind == ANSWER_NONE) continue;
        p.value[PARAM_QUESTION] = reply_text(r, r->f->question[q].noun, NULL);
        p.value[PARAM_ANSWER] = reply_answer(r, a, q);
        say_line(page, a->of[q].doubtful ? TEXT_DESK_DOUBTFUL : TEXT_DESK_ANSWER, &p);
    }
}

static void write_advice(struct page *page)
{
    struct reply *r = &page->r;
    struct params p = reply_params(r);
    struct advice adv;
    struct walk w;
    int advised = reply_advised(r, &w, &adv);

    if (advised < 0) return;
    if (advised == 0) {
        p.count = w.left;
        if (answers_last(&page->c.answers, r->f) >= 0) reply_block(r, TEXT_DESK_LEFT, &p);
        return;
    }
    p.value[PARAM_OUTCOME] = reply_text(r, r->f->outcome[adv.outcome].name, NULL);
    reply_block(r, TEXT_DESK_ADVICE, &p);
    if (adv.lean < 0) return;
    p.value[PARAM_OUTCOME] = reply_text(r, r->f->outcome[adv.lean].name, NULL);
    buf_addc(&r->body, ' ');
    reply_line(r, TEXT_DESK_LEAN, &p);
}

int dossier_write(const struct script *s, const struct conversation *c, const struct person *p,
                  int64_t now_ms, struct arena *a, struct buf *out)
{
    int64_t named = 0;
    struct page page;

    page_open(&page, s, c, p, now_ms, a);
    say(&page, TEXT_DESK_ASKED, 0);
    struct params via = page_params(&page, 0);
    if (p->platform != NULL) say_line(&page, p->phone != NULL ? TEXT_DESK_VIA_NUMBER : TEXT_DESK_VIA, &via);
    if (p->words != NULL) say(&page, TEXT_DESK_WORDS, 0);
    write_answers(&page);
    write_advice(&page);
    if (hours_next(&s->business->hours, c->holder_ms, &named) && named > now_ms)
        say(&page, TEXT_DESK_PROMISED, named);
    if (p->shut_ms != 0) say(&page, TEXT_DESK_WINDOW, p->shut_ms);
    return page_close(&page, out);
}

/* ---- news ---- */

int dossier_thing(enum media_kind kind)
{
    static const int text[] = {[MEDIA_VOICE] = TEXT_THING_VOICE,       [MEDIA_AUDIO] = TEXT_THING_AUDIO,
                               [MEDIA_IMAGE] = TEXT_THING_IMAGE,       [MEDIA_VIDEO] = TEXT_THING_VIDEO,
                               [MEDIA_DOCUMENT] = TEXT_THING_DOCUMENT, [MEDIA_STICKER] = TEXT_THING_STICKER,
                               [MEDIA_LOCATION] = TEXT_THING_LOCATION, [MEDIA_CONTACT] = TEXT_THING_CONTACT,
                               [MEDIA_ORDER] = TEXT_THING_ORDER,       [MEDIA_OTHER] = TEXT_THING_OTHER};
    _Static_assert(sizeof text / sizeof *text == MEDIA_N, "name each");

    return text[kind];
}

static void write_media(struct page *page, const struct message *m)
{
    struct params p = reply_params(&page->r);

    p.value[PARAM_ANSWER] = reply_text(&page->r, dossier_thing(m->media), NULL);
    reply_block(&page->r, TEXT_DESK_MEDIA, &p);
    if (m->text == NULL) return;
    buf_addc(&page->r.body, '\n');
    buf_adds(&page->r.body, m->text);
}

static void write_message(struct page *page, const struct message *m)
{
    struct params p = reply_params(&page->r);

    p.value[PARAM_ANSWER] = m->text;
    switch (m->kind) {
    case MESSAGE_TAP:
        if (m->text != NULL) reply_block(&page->r, TEXT_DESK_WROTE_TAP, &p);
        break;
    case MESSAGE_EDIT: reply_block(&page->r, TEXT_DESK_WROTE_EDIT, &p); break;
    case MESSAGE_REVOKE: reply_block(&page->r, TEXT_DESK_WITHDRAWN, NULL); break;
    case MESSAGE_MEDIA: write_media(page, m); break;
    default:
        if (m->text != NULL) buf_adds(&page->r.body, m->text);
        break;
    }
}

static int news_text(const struct effect *tell)
{
    static const int text[] = {[NEWS_REMIND] = TEXT_DESK_REMIND,
                               [NEWS_LATER] = TEXT_DESK_LATER,
                               [NEWS_OVERDUE] = TEXT_DESK_OVERDUE_SILENT,
                               [NEWS_SHUTTING] = TEXT_DESK_SHUTTING,
                               [NEWS_TAKEN] = TEXT_DESK_TAKEN,
                               [NEWS_GIVEN_BACK] = TEXT_DESK_GIVEN_BACK,
                               [NEWS_BACK] = TEXT_DESK_BACK,
                               [NEWS_RESUMED] = TEXT_DESK_RESUMED,
                               [NEWS_GONE] = TEXT_DESK_GONE,
                               [NEWS_ERASED] = TEXT_DESK_ERASED};
    _Static_assert(sizeof text / sizeof *text == NEWS_N, "a line for each");

    return tell->tell.news == NEWS_OVERDUE && tell->tell.told ? TEXT_DESK_OVERDUE : text[tell->tell.news];
}

int dossier_news(const struct script *s, const struct conversation *c, const struct effect *tell,
                 const struct person *p, const struct message *message, int64_t now_ms, struct arena *a,
                 struct buf *out)
{
    struct page page;

    if (tell->tell.news == NEWS_ASKED) return dossier_write(s, c, p, now_ms, a, out);
    page_open(&page, s, c, p, now_ms, a);
    if (tell->tell.news == NEWS_WROTE)
        write_message(&page, message);
    else
        say(&page, news_text(tell), tell->tell.at_ms);
    return page_close(&page, out);
}

int dossier_say(const struct script *s, int text, const struct person *p, int64_t now_ms, int64_t at_ms,
                struct arena *a, struct buf *out)
{
    struct page page;

    page_open(&page, s, NULL, p, now_ms, a);
    say(&page, text, at_ms);
    return page_close(&page, out);
}

int dossier_digest(const struct script *s, const struct waiter *w, size_t n, int total, int64_t now_ms,
                   struct arena *a, struct buf *out)
{
    static const struct person nobody;
    struct person who = {0};
    struct page page;

    page_open(&page, s, NULL, &nobody, now_ms, a);
    struct params p = reply_params(&page.r);
    p.count = total;
    reply_block(&page.r, TEXT_DESK_DIGEST, &p);
    for (size_t i = 0; i < n; i++) {
        who.name = w[i].name;
        page.p = &who;
        struct params line = page_params(&page, w[i].since_ms);
        say_line(&page, TEXT_DESK_DIGEST_LINE, &line);
    }
    return page_close(&page, out);
}

const char *dossier_label(const struct script *s, int text, struct arena *a)
{
    static const struct person nobody;
    struct page page;

    page_open(&page, s, NULL, &nobody, 0, a);
    const char *label = reply_text(&page.r, text, NULL);
    bool failed = page.r.failed;
    reply_close(&page.r);
    return failed ? NULL : label;
}

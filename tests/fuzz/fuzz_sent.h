/* fuzz_sent.h -- a message rendered for each platform must be what that platform takes. Measured on the
 * JSON itself, by the figures of the platforms' pages and not by ours: Cloud API, "Interactive messages";
 * Bot API, sendMessage, InlineKeyboardButton, "HTML style". */
#ifndef FUZZ_SENT_H
#define FUZZ_SENT_H

#include <jansson.h>

#include "channel.h"
#include "err.h"
#include "fuzz.h"
#include "outbound.h"
#include "telegram.h"
#include "whatsapp.h"

static inline const char *sent_string(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

/* A string of 1 to `max` code points. */
static inline void sent_must_fit(const json_t *o, const char *key, size_t max)
{
    const char *s = sent_string(o, key);

    must(s != NULL && *s != '\0' && utf8_count(s) <= max);
}

/* ---- WhatsApp ---- */

/* Buttons or rows, told apart by id and by title. */
static inline void sent_choices(const json_t *list, const char *inside, size_t most, size_t title, size_t id)
{
    size_t n = json_array_size(list);

    must(n >= 1 && n <= most);
    for (size_t i = 0; i < n; i++) {
        const json_t *c = json_array_get(list, i);
        if (inside != NULL) c = json_object_get(c, inside);
        sent_must_fit(c, "title", title);
        must(sent_string(c, "id") != NULL && *sent_string(c, "id") != '\0' &&
             strlen(sent_string(c, "id")) <= id);
        if (json_object_get(c, "description") != NULL) sent_must_fit(c, "description", 72);
        for (size_t k = 0; k < i; k++) {
            const json_t *d = json_array_get(list, k);
            if (inside != NULL) d = json_object_get(d, inside);
            must(strcmp(sent_string(c, "title"), sent_string(d, "title")) != 0);
            must(strcmp(sent_string(c, "id"), sent_string(d, "id")) != 0);
        }
    }
}

static inline void sent_interactive(const json_t *i)
{
    const char *type = sent_string(i, "type");
    const json_t *action = json_object_get(i, "action");
    bool list = strcmp(type, "list") == 0;

    sent_must_fit(json_object_get(i, "body"), "text", list ? 4096 : 1024);
    if (json_object_get(i, "footer") != NULL) sent_must_fit(json_object_get(i, "footer"), "text", 60);
    if (list) {
        must(json_array_size(json_object_get(action, "sections")) == 1);
        sent_must_fit(action, "button", 20);
        sent_choices(json_object_get(json_array_get(json_object_get(action, "sections"), 0), "rows"), NULL,
                     10, 24, 200);
    } else if (strcmp(type, "button") == 0) {
        sent_choices(json_object_get(action, "buttons"), "reply", 3, 20, 256);
    } else {
        must(strcmp(type, "cta_url") == 0);
        sent_must_fit(json_object_get(action, "parameters"), "display_text", 20);
        sent_must_fit(json_object_get(action, "parameters"), "url", SIZE_MAX);
    }
}

static inline void sent_whatsapp(const json_t *tree)
{
    const char *type = sent_string(tree, "type");

    must(type != NULL);
    if (strcmp(type, "interactive") == 0) {
        sent_interactive(json_object_get(tree, "interactive"));
        return;
    }
    must(strcmp(type, "text") == 0);
    sent_must_fit(json_object_get(tree, "text"), "body", 4096);
}

/* ---- Telegram ---- */

/* Tags that pair, entities that are known; the points of what is read. */
static inline size_t sent_html(const char *s)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;"};
    static const char *const tags[] = {"<b>", "<i>"};
    char open = '\0';
    size_t points = 0;

    while (*s != '\0') {
        size_t n = 0;
        if (*s == '&') {
            for (size_t i = 0; n == 0 && i < 3; i++)
                if (strncmp(s, entities[i], strlen(entities[i])) == 0) n = strlen(entities[i]);
            must(n > 0);
            points++;
        } else if (*s == '<' && s[1] == '/') {
            must(open != '\0' && s[2] == open && s[3] == '>');
            open = '\0';
            n = 4;
        } else if (*s == '<') {
            must(open == '\0' && (strncmp(s, tags[0], 3) == 0 || strncmp(s, tags[1], 3) == 0));
            open = s[1];
            n = 3;
        } else {
            uint32_t point;
            must(*s != '>');
            n = utf8_next(s, s + strlen(s), &point);
            points++;
        }
        s += n;
    }
    must(open == '\0');
    return points;
}

static inline void sent_telegram(const json_t *tree)
{
    const json_t *rows = json_object_get(json_object_get(tree, "reply_markup"), "inline_keyboard");

    sent_must_fit(tree, "text", SIZE_MAX);
    size_t points = sent_html(sent_string(tree, "text"));
    must(points >= 1 && points <= 4096);
    must(strcmp(sent_string(tree, "parse_mode"), "HTML") == 0);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i), *button = json_array_get(row, 0);
        const char *data = sent_string(button, "callback_data"), *url = sent_string(button, "url");
        must(json_array_size(row) == 1 && (data == NULL) != (url == NULL));
        sent_must_fit(button, "text", 64);
        must(data == NULL || (*data != '\0' && strlen(data) <= 64));
        must(url == NULL || *url != '\0');
    }
}

/* ---- either ---- */

static inline json_t *sent_tree(const struct buf *b)
{
    json_t *tree = json_loadb(b->data, b->len, JSON_REJECT_DUPLICATES, NULL);

    must(tree != NULL && json_is_object(tree));
    return tree;
}

/* Addressed, the content is still one object, and all of it. */
static inline void sent_addressed(const struct channel *c, const struct buf *content,
                                  const struct identity *to, const char *tracker)
{
    struct buf request = {0};
    struct err e = {{0}};

    if (c->address(buf_text(content), to, tracker, &request, &e) == 0) {
        json_t *whole = sent_tree(&request), *part = sent_tree(content);
        const char *key;
        json_t *value;
        json_object_foreach(part, key, value) must(json_equal(json_object_get(whole, key), value));
        json_decref(whole);
        json_decref(part);
    } else {
        must(e.text[0] != '\0');
    }
    buf_free(&request);
}

/* sent_check(o, to, tracker): on both platforms; true: both took it. What outbound_fit() lets through must
 * be taken. */
static inline bool sent_check(const struct outbound *o, const struct identity *to, const char *tracker)
{
    const struct channel *const channels[] = {&whatsapp, &telegram};
    bool all = true;

    for (size_t i = 0; i < 2; i++) {
        struct buf content = {0};
        struct err e = {{0}};
        bool fits = *o->text != '\0' && outbound_fit(o, limits_for(channels[i]->name), NULL) == 0;
        bool took = channels[i]->render(o, &content, &e) == 0;
        if (fits && !took) (void)fprintf(stderr, "%s\n", e.text);
        must(took || !fits);
        must(took || e.text[0] != '\0');
        if (took) {
            json_t *tree = sent_tree(&content);
            if (channels[i] == &whatsapp)
                sent_whatsapp(tree);
            else
                sent_telegram(tree);
            json_decref(tree);
            sent_addressed(channels[i], &content, to, tracker);
        }
        all = all && took;
        buf_free(&content);
    }
    return all;
}

#endif

#include "outbound.h"

#include <string.h>

#include "err.h"
#include "utf8.h"

static const struct limits limits[] = {
    {.channel = "whatsapp",
     .text = 4096,
     .body = 1024,
     .list_body = 4096,
     .footer = 60,
     .buttons = 3,
     .button_title = 20,
     .list_rows = 10,
     .list_button = 20,
     .row_title = 24,
     .row_note = 72,
     .link_title = 20,
     .choice_id = 200}, /* a list row's id; a reply button's may have 256 */
    {.channel = "telegram",
     .text = 4096,
     .body = 4096,
     .list_body = 4096,
     .footer = 0,
     .buttons = 100,
     .button_title = 64, /* none stated; longer ones are cut by the apps */
     .link_title = 64,
     .choice_id = 64},
};

const struct limits *limits_all(size_t *n)
{
    *n = sizeof limits / sizeof *limits;
    return limits;
}

const struct limits *limits_for(const char *channel)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (strcmp(limits[i].channel, channel) == 0) return &limits[i];
    return NULL;
}

enum outbound_shape outbound_shape(const struct outbound *o, const struct limits *l)
{
    if (o->choice_n > l->buttons && l->list_rows > 0) return SHAPE_LIST;
    if (o->choice_n > 0) return SHAPE_BUTTONS;
    return o->link.url != NULL ? SHAPE_LINK : SHAPE_TEXT;
}

bool outbound_blank(const char *s)
{
    return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

/* A platform without lists has no place for notes, without footers none for those: they go in the text. */
static size_t beneath(const struct outbound *o, enum outbound_shape shape, const struct limits *l,
                      size_t (*measure)(const char *s))
{
    size_t n = 0;

    if ((shape == SHAPE_TEXT || l->footer == 0) && !outbound_blank(o->footer)) n += 4 + measure(o->footer);
    for (size_t i = 0; l->list_rows == 0 && i < o->choice_n; i++) {
        const struct choice *c = &o->choice[i];
        if (!outbound_blank(c->note) && c->title != NULL) n += 6 + measure(c->title) + measure(c->note);
    }
    return n;
}

/* The text as it leaves, measured by `measure`: "<text>\n\n• <title>: <note>\n\n<lead>: <url>\n\n_<footer>_". */
static size_t body_size(const struct outbound *o, const struct limits *l, size_t (*measure)(const char *s))
{
    enum outbound_shape shape = outbound_shape(o, l);
    size_t n = measure(o->text) + beneath(o, shape, l, measure);

    if (o->link.url != NULL && shape != SHAPE_LINK) n += 4 + measure(o->link.lead) + measure(o->link.url);
    return n;
}

size_t outbound_body_points(const struct outbound *o, const struct limits *l)
{
    return body_size(o, l, utf8_count);
}

static int too_long(struct err *e, const char *what, const char *text, size_t max, const char *channel)
{
    /* A point has a byte at least: most texts need no counting. */
    if (max == 0 || text == NULL || strlen(text) <= max) return 0;
    size_t n = utf8_count(text);
    if (n <= max) return 0;
    return err_set(e, "%s '%.120s' has %zu characters, %s allows %zu", what, text, n, channel, max);
}

/* The bytes of a title as the platform shows it; `max` 0: whole. */
static size_t cut(const char *title, size_t max)
{
    return max == 0 ? strlen(title) : utf8_cut(title, max);
}

static bool same_after_cut(const char *a, const char *b, size_t max)
{
    size_t n = cut(a, max);

    return n == cut(b, max) && memcmp(a, b, n) == 0;
}

static int choice_fit(const struct outbound *o, size_t i, bool list, const struct limits *l, struct err *e)
{
    const struct choice *c = &o->choice[i];
    size_t title_max = list ? l->row_title : l->button_title;
    const char *what = list ? "list row" : "button title";

    if (outbound_blank(c->id)) return err_set(e, "%s %zu: a choice without an id", what, i + 1);
    if (outbound_blank(c->title)) return err_set(e, "%s of choice '%s' is empty", what, c->id);
    for (size_t j = 0; j < i; j++) {
        if (same_after_cut(c->title, o->choice[j].title, title_max))
            return err_set(e, "duplicate label: choices '%s' and '%s' both read '%.*s'", o->choice[j].id,
                           c->id, (int)cut(c->title, title_max), c->title);
        if (strcmp(c->id, o->choice[j].id) == 0)
            return err_set(e, "choice id '%s' stands twice in one message", c->id);
    }
    if (too_long(e, what, c->title, title_max, l->channel) != 0) return -1;
    if (list && too_long(e, "list note", c->note, l->row_note, l->channel) != 0) return -1;
    if (strlen(c->id) > l->choice_id)
        return err_set(e, "choice id '%s' has %zu bytes, %s allows %zu", c->id, strlen(c->id), l->channel,
                       l->choice_id);
    return 0;
}

int outbound_fit(const struct outbound *o, const struct limits *l, struct err *e)
{
    enum outbound_shape shape = outbound_shape(o, l);
    size_t body_max = shape == SHAPE_TEXT ? l->text : shape == SHAPE_LIST ? l->list_body : l->body;

    if (outbound_blank(o->text)) return err_set(e, "empty text");
    if (o->link.url != NULL && outbound_blank(shape == SHAPE_LINK ? o->link.title : o->link.lead))
        return err_set(e, "a link without a %s", shape == SHAPE_LINK ? "title" : "lead");
    /* Bytes are never fewer; the bullets before notes are counted as points. */
    if (body_size(o, l, strlen) > body_max && outbound_body_points(o, l) > body_max)
        return err_set(e, "text of %zu characters, %s allows %zu here", outbound_body_points(o, l),
                       l->channel, body_max);
    if (too_long(e, "footer", o->footer, l->footer, l->channel) != 0) return -1;
    if (shape == SHAPE_LIST) {
        if (o->choice_n > l->list_rows)
            return err_set(e, "%zu choices, %s allows %zu", o->choice_n, l->channel, l->list_rows);
        if (outbound_blank(o->list_title))
            return err_set(e, "a list of %zu choices without a label to open it", o->choice_n);
        if (too_long(e, "list button", o->list_title, l->list_button, l->channel) != 0) return -1;
    }
    if (shape == SHAPE_LINK && too_long(e, "link button", o->link.title, l->link_title, l->channel) != 0)
        return -1;
    for (size_t i = 0; i < o->choice_n; i++)
        if (choice_fit(o, i, shape == SHAPE_LIST, l, e) != 0) return -1;
    return 0;
}

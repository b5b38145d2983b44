#include <string.h>

#include "buf.h"
#include "err.h"
#include "label.h"
#include "outbound.h"
#include "telegram_parts.h"
#include "wire.h"

/* ---- what cutting cannot mend ---- */

static int check_choice(const struct outbound *o, size_t i, const struct limits *l, struct err *e)
{
    const struct choice *c = &o->choice[i];

    if (outbound_blank(c->id)) return err_set(e, "telegram: choice %zu has no id", i + 1);
    if (outbound_blank(c->title)) return err_set(e, "telegram: choice '%.64s' has no title", c->id);
    if (strlen(c->id) > l->choice_id)
        return err_set(e, "telegram: choice id '%.64s' has %zu bytes, at most %zu", c->id, strlen(c->id),
                       l->choice_id);
    for (size_t j = 0; j < i; j++)
        if (strcmp(c->id, o->choice[j].id) == 0)
            return err_set(e, "telegram: choice id '%.64s' stands twice in one message", c->id);
    return 0;
}

static int check(const struct outbound *o, enum outbound_shape shape, const struct limits *l, struct err *e)
{
    if (outbound_blank(o->text)) return err_set(e, "telegram: empty text");
    if (o->link.url != NULL && outbound_blank(shape == SHAPE_LINK ? o->link.title : o->link.lead))
        return err_set(e, "telegram: a link without a %s", shape == SHAPE_LINK ? "title" : "lead");
    for (size_t i = 0; i < o->choice_n; i++)
        if (check_choice(o, i, l, e) != 0) return -1;
    return 0;
}

/* ---- the text ---- */

/* A button has no room for a note: those that have one are listed under the text. */
static void put_notes(struct html *h, const struct outbound *o)
{
    const char *gap = "\n\n";

    for (size_t i = 0; i < o->choice_n; i++) {
        if (outbound_blank(o->choice[i].note)) continue;
        html_plain(h, gap);
        html_plain(h, "\xE2\x80\xA2 ");
        html_plain(h, o->choice[i].title);
        html_plain(h, ": ");
        html_plain(h, o->choice[i].note);
        gap = "\n";
    }
}

static void put_text(struct html *h, const struct outbound *o, enum outbound_shape shape)
{
    html_marked(h, o->text);
    put_notes(h, o);
    if (o->link.url != NULL && shape != SHAPE_LINK) {
        html_plain(h, "\n\n");
        html_marked(h, o->link.lead);
        html_plain(h, ": ");
        html_plain(h, o->link.url);
    }
    if (outbound_blank(o->footer)) return;
    html_plain(h, "\n\n");
    html_tag(h, "<i>");
    html_plain(h, o->footer);
    html_tag(h, "</i>");
}

/* ---- the keyboard: a button has exactly one action ---- */

static void put_button(struct buf *out, const char *label, const char *action, const char *value)
{
    buf_adds(out, "[{\"text\":");
    wire_put(out, label);
    buf_addf(out, ",\"%s\":", action);
    wire_put(out, value);
    buf_adds(out, "}]");
}

static void put_choices(struct buf *out, const struct outbound *o, const struct limits *l)
{
    char labels[OUTBOUND_CHOICES_MAX][LABEL_BYTES];

    labels_fit(o, l->button_title, labels);
    for (size_t i = 0; i < o->choice_n; i++) {
        if (i > 0) buf_addc(out, ',');
        put_button(out, labels[i], "callback_data", o->choice[i].id);
    }
}

static void put_keyboard(struct buf *out, const struct outbound *o, enum outbound_shape shape,
                         const struct limits *l)
{
    char label[LABEL_BYTES];

    if (shape == SHAPE_TEXT) return;
    buf_adds(out, ",\"reply_markup\":{\"inline_keyboard\":[");
    if (shape == SHAPE_LINK) {
        label_fit(o->link.title, l->link_title, label);
        put_button(out, label, "url", o->link.url);
    } else {
        put_choices(out, o, l);
    }
    buf_adds(out, "]}");
}

int telegram_render(const struct outbound *o, struct buf *out, struct err *e)
{
    const struct limits *l = limits_for("telegram");
    enum outbound_shape shape = outbound_shape(o, l);
    struct buf text = {0};
    struct html h = {.out = &text};
    int rc = -1;

    if (check(o, shape, l, e) != 0) return -1;
    put_text(&h, o, shape);
    if (h.points > l->text) {
        (void)err_set(e, "telegram: text of %zu characters, at most %zu", h.points, l->text);
        goto out;
    }
    buf_adds(out, "{\"text\":");
    wire_put(out, buf_text(&text));
    buf_adds(out, ",\"parse_mode\":\"HTML\",\"link_preview_options\":{\"is_disabled\":true}");
    put_keyboard(out, o, shape, l);
    buf_addc(out, '}');
    rc = text.failed || out->failed ? err_set(e, "telegram: out of memory for a message") : 0;
out:
    buf_free(&text);
    return rc;
}

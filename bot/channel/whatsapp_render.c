#include "whatsapp_parts.h"

#include <string.h>

#include "buf.h"
#include "err.h"
#include "label.h"
#include "outbound.h"
#include "wire.h"

/* A button's id; a list row's is in the limits (OpenAPI of the Cloud API; bytes, to be safe). */
enum { BUTTON_ID_BYTES_MAX = 256 };

/* ---- what cutting cannot mend ---- */

static int check_choices(const struct outbound *o, size_t id_max, struct err *e)
{
    for (size_t i = 0; i < o->choice_n; i++) {
        const struct choice *c = &o->choice[i];
        if (outbound_blank(c->id)) return err_set(e, "whatsapp: choice %zu has no id", i + 1);
        if (outbound_blank(c->title)) return err_set(e, "whatsapp: choice '%.64s' has no title", c->id);
        if (strlen(c->id) > id_max)
            return err_set(e, "whatsapp: choice id '%.64s' has %zu bytes, at most %zu", c->id, strlen(c->id),
                           id_max);
        for (size_t j = 0; j < i; j++)
            if (strcmp(c->id, o->choice[j].id) == 0)
                return err_set(e, "whatsapp: choice id '%.64s' stands twice in one message", c->id);
    }
    return 0;
}

static int check_body(const struct outbound *o, enum outbound_shape shape, const struct limits *l,
                      struct err *e)
{
    size_t max = shape == SHAPE_TEXT ? l->text : shape == SHAPE_LIST ? l->list_body : l->body;
    size_t n;

    if (outbound_blank(o->text)) return err_set(e, "whatsapp: empty text");
    if (o->link.url != NULL && outbound_blank(shape == SHAPE_LINK ? o->link.title : o->link.lead))
        return err_set(e, "whatsapp: a link without a %s", shape == SHAPE_LINK ? "title" : "lead");
    n = outbound_body_points(o, l);
    if (n > max) return err_set(e, "whatsapp: text of %zu characters, at most %zu here", n, max);
    return 0;
}

static int check(const struct outbound *o, enum outbound_shape shape, const struct limits *l, struct err *e)
{
    if (check_body(o, shape, l, e) != 0) return -1;
    if (shape == SHAPE_LIST) {
        if (o->choice_n > l->list_rows)
            return err_set(e, "whatsapp: %zu choices, at most %zu", o->choice_n, l->list_rows);
        if (outbound_blank(o->list_title))
            return err_set(e, "whatsapp: a list of %zu choices without a label to open it", o->choice_n);
    }
    return check_choices(o, shape == SHAPE_LIST ? l->choice_id : BUTTON_ID_BYTES_MAX, e);
}

/* ---- shapes (Cloud API, "Interactive messages") ---- */

static void put_label(struct buf *out, const char *s, size_t max)
{
    char label[LABEL_BYTES];

    label_fit(s, max, label);
    wire_put(out, label);
}

/* A text alone has no footer of its own: it goes beneath, in WhatsApp's italics. */
static void put_text(const struct outbound *o, struct buf *out)
{
    buf_adds(out, "{\"type\":\"text\",\"text\":{\"body\":\"");
    wire_escape(out, o->text);
    if (!outbound_blank(o->footer)) {
        wire_escape(out, "\n\n_");
        wire_escape(out, o->footer);
        buf_addc(out, '_');
    }
    buf_adds(out, "\",\"preview_url\":false}}");
}

/* Body and footer, up to and with the key of the action. */
static void put_head(const struct outbound *o, const char *type, const struct limits *l, struct buf *out)
{
    buf_addf(out, "{\"type\":\"interactive\",\"interactive\":{\"type\":\"%s\",\"body\":{\"text\":\"", type);
    wire_escape(out, o->text);
    if (o->link.url != NULL && o->choice_n > 0) {
        wire_escape(out, "\n\n");
        wire_escape(out, o->link.lead);
        buf_adds(out, ": ");
        wire_escape(out, o->link.url);
    }
    buf_adds(out, "\"}");
    if (!outbound_blank(o->footer)) {
        buf_adds(out, ",\"footer\":{\"text\":");
        put_label(out, o->footer, l->footer);
        buf_addc(out, '}');
    }
    buf_adds(out, ",\"action\":");
}

static void put_buttons(const struct outbound *o, const struct limits *l, struct buf *out)
{
    char labels[OUTBOUND_CHOICES_MAX][LABEL_BYTES];

    labels_fit(o, l->button_title, labels);
    put_head(o, "button", l, out);
    buf_adds(out, "{\"buttons\":[");
    for (size_t i = 0; i < o->choice_n; i++) {
        if (i > 0) buf_addc(out, ',');
        buf_adds(out, "{\"type\":\"reply\",\"reply\":{\"id\":");
        wire_put(out, o->choice[i].id);
        buf_adds(out, ",\"title\":");
        wire_put(out, labels[i]);
        buf_adds(out, "}}");
    }
    buf_adds(out, "]}}}");
}

/* One section needs no title. */
static void put_list(const struct outbound *o, const struct limits *l, struct buf *out)
{
    char labels[OUTBOUND_CHOICES_MAX][LABEL_BYTES];

    labels_fit(o, l->row_title, labels);
    put_head(o, "list", l, out);
    buf_adds(out, "{\"button\":");
    put_label(out, o->list_title, l->list_button);
    buf_adds(out, ",\"sections\":[{\"rows\":[");
    for (size_t i = 0; i < o->choice_n; i++) {
        if (i > 0) buf_addc(out, ',');
        buf_adds(out, "{\"id\":");
        wire_put(out, o->choice[i].id);
        buf_adds(out, ",\"title\":");
        wire_put(out, labels[i]);
        if (!outbound_blank(o->choice[i].note)) {
            buf_adds(out, ",\"description\":");
            put_label(out, o->choice[i].note, l->row_note);
        }
        buf_addc(out, '}');
    }
    buf_adds(out, "]}]}}}");
}

static void put_link(const struct outbound *o, const struct limits *l, struct buf *out)
{
    put_head(o, "cta_url", l, out);
    buf_adds(out, "{\"name\":\"cta_url\",\"parameters\":{\"display_text\":");
    put_label(out, o->link.title, l->link_title);
    buf_adds(out, ",\"url\":");
    wire_put(out, o->link.url);
    buf_adds(out, "}}}}");
}

int whatsapp_render(const struct outbound *o, struct buf *out, struct err *e)
{
    const struct limits *l = limits_for("whatsapp");
    enum outbound_shape shape = outbound_shape(o, l);

    if (check(o, shape, l, e) != 0) return -1;
    switch (shape) {
    case SHAPE_TEXT: put_text(o, out); break;
    case SHAPE_BUTTONS: put_buttons(o, l, out); break;
    case SHAPE_LIST: put_list(o, l, out); break;
    case SHAPE_LINK: put_link(o, l, out); break;
    }
    return out->failed ? err_set(e, "whatsapp: out of memory for a message") : 0;
}

#include <string.h>

#include "buf.h"
#include "telegram_parts.h"
#include "utf8.h"

/* One character as it stands; the bytes it took. */
static size_t put_character(struct html *h, const char *s, const char *end)
{
    uint32_t point;
    size_t n = utf8_next(s, end, &point);

    switch (*s) {
    case '&': buf_adds(h->out, "&amp;"); break;
    case '<': buf_adds(h->out, "&lt;"); break;
    case '>': buf_adds(h->out, "&gt;"); break;
    default: buf_add(h->out, s, n); break;
    }
    h->points++;
    return n;
}

static void put_span(struct html *h, const char *s, const char *end)
{
    while (s < end) s += put_character(h, s, end);
}

void html_plain(struct html *h, const char *s)
{
    put_span(h, s, s + strlen(s));
}

size_t html_points(const char *s)
{
    const char *end = s + strlen(s), *past;
    size_t points = 0;
    uint32_t point;

    while (s < end) {
        bool tag = *s == '<';
        past = tag || *s == '&' ? strchr(s, tag ? '>' : ';') : NULL;
        points += !tag || past == NULL;
        s = past != NULL ? past + 1 : s + utf8_next(s, end, &point);
    }
    return points;
}

void html_tag(struct html *h, const char *tag)
{
    buf_adds(h->out, tag);
}

/* A letter or digit: beside one an asterisk marks nothing ("3*4", "merk*naam"). From U+2000 on
 * come punctuation, signs and emoji, and scripts that put no spaces between words. */
static bool is_letter(uint32_t c)
{
    if (c >= 0x80) return c >= 0xC0 && c < 0x2000;
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == 0xA0;
}

static uint32_t point_at(const char *s, const char *end)
{
    uint32_t c = '\n'; /* the end is as good as a line's */

    if (s < end) (void)utf8_next(s, end, &c);
    return c;
}

/* The asterisk that closes the one at `open`, on the same line; NULL when that marks nothing. */
static const char *mark_close(const char *open, const char *end)
{
    uint32_t before = point_at(open + 1, end), c;

    if (is_space(before) || before == '*') return NULL;
    for (const char *s = open + 1; s < end && *s != '\n'; before = c) {
        size_t n = utf8_next(s, end, &c);
        if (c == '*' && !is_space(before) && !is_letter(point_at(s + 1, end))) return s;
        s += n;
    }
    return NULL;
}

void html_marked(struct html *h, const char *s)
{
    const char *end = s + strlen(s);
    uint32_t before = '\n', c;

    for (; s < end; before = c) {
        const char *close = *s == '*' && !is_letter(before) ? mark_close(s, end) : NULL;
        if (close != NULL) {
            html_tag(h, "<b>");
            put_span(h, s + 1, close);
            html_tag(h, "</b>");
            s = close + 1;
            c = '*';
        } else {
            c = point_at(s, end);
            s += put_character(h, s, end);
        }
    }
}

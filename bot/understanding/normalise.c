#include "understanding.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "buf.h"
#include "normalise.h"
#include "utf8.h"

/* Longest compatibility decomposition of one code point: U+FDFA, 18 points (Unicode 15). */
enum { DECOMPOSED_MAX = 32 };

/* Emoji that say something by themselves in a chat; all others are decoration. */
static const uint32_t signs[] = {
    0x2705,  /* check mark button  */
    0x2714,  /* check mark         */
    0x2716,  /* multiplication x   */
    0x274C,  /* cross mark         */
    0x1F44B, /* waving hand        */
    0x1F44C, /* OK hand            */
    0x1F44D, /* thumbs up          */
    0x1F44E, /* thumbs down        */
    0x1F64F, /* folded hands       */
    0x1F937, /* shrug              */
};

/* What people type, or phones make, for the mark in "zo'n": the word stays one word. */
static const uint32_t apostrophes[] = {'\'', '`', 0xB4, 0x2BC, 0x2018, 0x2019, 0x201B, 0x2032};

struct writer {
    struct buf *out;
    size_t from;   /* where this text starts in `out`          */
    uint32_t sign; /* the sign written last, 0 after a letter  */
    bool gap;      /* a separator was seen since the last word */
    bool marked;   /* marks are wanted                         */
    char mark;     /* seen since the last word; 0 none         */
};

static bool among(uint32_t point, const uint32_t *set, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (set[i] == point) return true;
    return false;
}

/* A comma within a number, a dot within a name: no end of anything. */
static void see_mark(struct writer *w, uint32_t point)
{
    static const uint32_t stops[] = {'!', '.', ',', ';', ':', '\n', '(', ')', 0x2013, 0x2014, 0x2026};

    if (point == '?')
        w->mark = NORMAL_ASKED;
    else if (w->mark == 0 && among(point, stops, sizeof stops / sizeof *stops))
        w->mark = NORMAL_STOP;
}

static void put_mark(struct writer *w)
{
    if (w->marked && w->mark != 0 && w->out->len > w->from) {
        buf_addc(w->out, ' ');
        buf_addc(w->out, w->mark);
    }
    w->mark = 0;
}

static void put(struct writer *w, uint32_t point)
{
    char bytes[4];
    size_t n = utf8_put(point, bytes);

    put_mark(w);
    if (w->gap && w->out->len > w->from) buf_addc(w->out, ' ');
    w->gap = false;
    buf_add(w->out, bytes, n);
}

/* A sign is a word of its own, whatever it leans against. */
static void put_sign(struct writer *w, uint32_t point)
{
    if (w->sign != point) {
        w->gap = true;
        put(w, point);
    }
    w->sign = point;
    w->gap = true;
}

static void put_plain(struct writer *w, uint32_t point)
{
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        put(w, point);
        w->sign = 0;
        break;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF: /* joiners, soft hyphens: not there to the eye */ break;
    default:
        see_mark(w, point);
        w->gap = true;
        break;
    }
}

static void put_folded(struct writer *w, uint32_t point)
{
    const utf8proc_option_t how =
        UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK;
    utf8proc_int32_t parts[DECOMPOSED_MAX];
    int boundary = 0;
    utf8proc_ssize_t n =
        utf8proc_decompose_char((utf8proc_int32_t)point, parts, DECOMPOSED_MAX, how, &boundary);

    if (n < 0 || n > DECOMPOSED_MAX) {
        w->gap = true;
        return;
    }
    for (utf8proc_ssize_t i = 0; i < n; i++) put_plain(w, (uint32_t)parts[i]);
}

static void put_ascii(struct writer *w, uint32_t point)
{
    if (point >= 'A' && point <= 'Z') point += 'a' - 'A';
    if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) {
        put(w, point);
        w->sign = 0;
    } else {
        see_mark(w, point);
        w->gap = true;
    }
}

static void normalise(const char *text, struct buf *out, bool marked)
{
    struct writer w = {.out = out, .from = out->len, .marked = marked};
    const char *end = text + strnlen(text, UNDERSTANDING_TEXT_MAX);

    while (text < end) {
        uint32_t point;
        text += utf8_next(text, end, &point);
        if (among(point, apostrophes, sizeof apostrophes / sizeof *apostrophes)) continue;
        if (point < 0x80)
            put_ascii(&w, point);
        else if (among(point, signs, sizeof signs / sizeof *signs))
            put_sign(&w, point);
        else
            put_folded(&w, point); /* skin tones are symbols, and a gap follows a sign as it is */
    }
    put_mark(&w);
}

void text_normalise(const char *text, struct buf *out)
{
    normalise(text, out, false);
}

void normalise_marked(const char *text, struct buf *out)
{
    normalise(text, out, true);
}

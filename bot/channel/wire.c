#include "wire.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "utf8.h"

/* Digits that fit every 64-bit integer, and of an exponent that fits a double with these. */
enum { INTEGER_DIGITS_MAX = 18, EXPONENT_DIGITS_MAX = 2 };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The unit of a \uXXXX at `p`, or -1 when there is none. */
static int32_t unit_at(const char *p, const char *end)
{
    int32_t unit = 0;

    if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_value(p[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Each mend_ below appends what starts at `p` and returns how many bytes that took. */

static size_t mend_escape(const char *p, const char *end, struct buf *out)
{
    int32_t unit = unit_at(p, end);
    size_t n = end - p < 2 ? 1 : 2;

    if (unit >= 0) n = 6;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        int32_t low = unit_at(p + 6, end);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            buf_add(out, p, 12);
            return 12;
        }
    }
    if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF))
        buf_adds(out, "\\ufffd");
    else
        buf_add(out, p, n);
    return n;
}

static size_t mend_character(const char *p, const char *end, struct buf *out)
{
    unsigned char c = (unsigned char)*p;
    uint32_t point;

    if (c < 0x20) {
        buf_addc(out, ' ');
        return 1;
    }
    size_t n = utf8_next(p, end, &point);
    if (c >= 0x80 && n == 1)
        buf_adds(out, "\xEF\xBF\xBD");
    else
        buf_add(out, p, n);
    return n;
}

static size_t mend_number(const char *p, const char *end, struct buf *out)
{
    const char *q = p;
    size_t whole, exponent = 0;

    if (*q == '-') q++;
    const char *digits = q;
    while (q < end && *q >= '0' && *q <= '9') q++;
    whole = (size_t)(q - digits);
    if (q < end && *q == '.')
        for (q++; q < end && *q >= '0' && *q <= '9';) q++;
    if (q < end && (*q == 'e' || *q == 'E')) {
        q++;
        if (q < end && (*q == '+' || *q == '-')) q++;
        for (; q < end && *q >= '0' && *q <= '9'; q++) exponent++;
    }
    if (whole > INTEGER_DIGITS_MAX || exponent > EXPONENT_DIGITS_MAX)
        buf_addc(out, '0');
    else
        buf_add(out, p, (size_t)(q - p));
    return (size_t)(q - p);
}

void wire_mend(const char *body, size_t n, struct buf *out)
{
    const char *end = body + n;
    bool inside = false; /* a string */

    for (const char *p = body; p < end;) {
        if (*p == '"') {
            inside = !inside;
            buf_addc(out, *p++);
        } else if (inside && *p == '\\') {
            p += mend_escape(p, end, out);
        } else if (inside) {
            p += mend_character(p, end, out);
        } else if (*p == '-' || (*p >= '0' && *p <= '9')) {
            p += mend_number(p, end, out);
        } else {
            buf_addc(out, *p++);
        }
    }
}

json_t *wire_load(const char *body, size_t n, struct err *e)
{
    struct buf mended = {0};
    json_error_t error;

    json_t *tree = json_loadb(body, n, 0, &error);
    if (tree != NULL) return tree;
    wire_mend(body, n, &mended);
    if (!mended.failed) tree = json_loadb(buf_text(&mended), mended.len, 0, &error);
    buf_free(&mended);
    /* jansson's own words quote the text they stumbled over. */
    if (tree == NULL) (void)err_set(e, "no JSON: stopped at byte %d of %zu", error.position, n);
    return tree;
}

const char *wire_string(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

json_t *wire_object(const json_t *object, const char *key)
{
    json_t *member = json_object_get(object, key);
    return json_is_object(member) ? member : NULL;
}

json_t *wire_array(const json_t *object, const char *key)
{
    json_t *member = json_object_get(object, key);
    return json_is_array(member) ? member : NULL;
}

bool wire_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

bool wire_int(const json_t *object, const char *key, int *out)
{
    const json_t *member = json_object_get(object, key);
    json_int_t value = json_integer_value(member);

    if (!json_is_integer(member) || value < INT_MIN || value > INT_MAX) return false;
    *out = (int)value;
    return true;
}

static int dump_piece(const char *bytes, size_t n, void *out)
{
    buf_add(out, bytes, n);
    return 0;
}

void wire_dump(const json_t *tree, struct buf *out)
{
    if (json_dump_callback(tree, dump_piece, out, JSON_COMPACT | JSON_ENCODE_ANY) != 0) out->failed = true;
}

static void escape_one(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"': buf_adds(out, "\\\""); break;
    case '\\': buf_adds(out, "\\\\"); break;
    case '\n': buf_adds(out, "\\n"); break;
    case '\t': buf_adds(out, "\\t"); break;
    case '\r': buf_adds(out, "\\r"); break;
    default: buf_addf(out, "\\u%04x", c); break;
    }
}

void wire_escape(struct buf *out, const char *s)
{
    const char *end = s + strlen(s);
    const char *run = s; /* what needs no change waits here, to go in one piece */
    uint32_t point;

    while (s < end) {
        unsigned char c = (unsigned char)*s;
        size_t n = c < 0x80 ? 1 : utf8_next(s, end, &point);
        bool bad = c >= 0x80 && n == 1;
        if (bad || c < 0x20 || c == '"' || c == '\\') {
            buf_add(out, run, (size_t)(s - run));
            if (bad)
                buf_adds(out, "\xEF\xBF\xBD");
            else
                escape_one(out, c);
            run = s + n;
        }
        s += n;
    }
    buf_add(out, run, (size_t)(s - run));
}

void wire_put(struct buf *out, const char *s)
{
    buf_addc(out, '"');
    wire_escape(out, s);
    buf_addc(out, '"');
}

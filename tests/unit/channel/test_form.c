#include "unit.h"

#include "buf.h"
#include "err.h"
#include "form.h"
#include "mime.h"
#include "secret.h"

int test_form(void);

static const char before[] = "multipart/form-data; boundary=";

struct rendered {
    struct buf type, body;
};

static void render(const struct form *f, struct rendered *r)
{
    struct err e = {{0}};

    *r = (struct rendered){0};
    if (form_render(f, &r->type, &r->body, &e) != 0) fail_msg("%s", e.text);
    assert_memory_equal(buf_text(&r->type), before, sizeof before - 1);
}

static const char *boundary_of(const struct rendered *r)
{
    return buf_text(&r->type) + sizeof before - 1;
}

static void rendered_free(struct rendered *r)
{
    buf_free(&r->type);
    buf_free(&r->body);
}

static void first_boundary(int try, const char *fields, char out[static 65])
{
    char key[16];

    (void)snprintf(key, sizeof key, "boundary %d", try);
    secret_hmac_hex(key, fields, strlen(fields), out);
    out[32] = '\0';
}

static void fields_come_in_order_and_the_file_last(void **state)
{
    static const struct form_field fields[] = {{"a", "1\r\n2"}, {"b", NULL}, {"c", ""}};
    const struct form f = {.fields = fields,
                           .field_n = 3,
                           .file_field = "file",
                           .kind = MEDIA_IMAGE,
                           .mime = "image/png",
                           .bytes = "x\0y",
                           .n = 3};
    struct rendered r;
    char want[512], boundary[65];
    (void)state;
    render(&f, &r);
    first_boundary(0, "1\r\n2image/png", boundary);
    assert_string_equal(boundary_of(&r), boundary);
    int n = snprintf(want, sizeof want,
                     "--%s\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n"
                     "--%s\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n\r\n"
                     "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"image.png\"\r\n"
                     "Content-Type: image/png\r\n\r\nx%cy\r\n--%s--\r\n",
                     boundary, boundary, boundary, '\0', boundary);
    assert_int_equal(r.body.len, n);
    assert_memory_equal(r.body.data, want, (size_t)n);
    rendered_free(&r);
}

static void a_name_stays_in_its_place(void **state)
{
    const struct form f = {.file_field = "document",
                           .kind = MEDIA_DOCUMENT,
                           .file_name = "a\"; name=chat_id; x=\"\\\r\n100%\x7f \xc3\xa9.pdf",
                           .mime = "application/pdf\r\nX: y",
                           .bytes = "x",
                           .n = 1};
    struct rendered r;
    (void)state;
    render(&f, &r);
    assert_non_null(strstr(buf_text(&r.body),
                           "filename=\"a%22%3B name=chat_id%3B x=%22%5C%0D%0A100%25%7F \xc3\xa9.pdf\"\r\n"
                           "Content-Type: application/octet-stream\r\n\r\nx"));
    rendered_free(&r);
}

/* A file may hold anything, also what was made to end it early. */
static void the_boundary_stands_nowhere_in_the_file(void **state)
{
    static const struct form_field fields[] = {{"chat_id", "42"}, {"caption", "A"}};
    char candidate[65];
    struct buf bytes = {0};
    struct rendered r = {0};
    (void)state;
    for (int tries = 0; tries <= 8; tries++) {
        const struct form f = {.fields = fields,
                               .field_n = 2,
                               .file_field = "file",
                               .bytes = bytes.len > 0 ? bytes.data : "x",
                               .n = bytes.len > 0 ? bytes.len : 1};
        if (tries == 8) { /* nobody's file but a mischief's */
            assert_int_equal(form_render(&f, &r.type, &r.body, NULL), -1);
            assert_int_equal(r.type.len + r.body.len, 0);
            break;
        }
        render(&f, &r);
        first_boundary(tries, "42A", candidate);
        assert_string_equal(boundary_of(&r), candidate);
        assert_null(memmem(f.bytes, f.n, candidate, 32));
        rendered_free(&r);
        buf_add(&bytes, "\0\r\n--", 5);
        buf_add(&bytes, candidate, 32);
        buf_adds(&bytes, "\r\n");
    }
    buf_free(&bytes);
}

static void a_mime_is_one_line_with_an_end(void **state)
{
    char s[130];
    (void)state;
    memset(s, 'x', sizeof s);
    s[127] = '\0';
    assert_true(mime_is(s));
    s[127] = 'x';
    s[128] = '\0';
    assert_false(mime_is(s));
    assert_false(mime_is(""));
    assert_false(mime_is("a/b\r\nX: y"));
    assert_false(mime_is("a/\xc3\xa9"));
    assert_true(mime_is("audio/ogg; codecs=opus"));
}

static void a_mime_is_the_same_whatever_follows(void **state)
{
    (void)state;
    assert_true(mime_same("audio/ogg; codecs=opus", "audio/ogg"));
    assert_true(mime_same("AUDIO/OGG;codecs=opus", "audio/ogg"));
    assert_false(mime_same("audio/og", "audio/ogg"));
    assert_false(mime_same("audio/oggs", "audio/ogg"));
    assert_false(mime_same("", ""));
    assert_false(mime_same(NULL, "audio/ogg"));
    assert_string_equal(mime_extension("audio/ogg; codecs=opus"), ".ogg");
    assert_string_equal(mime_extension("image/heic"), "");
    assert_string_equal(mime_extension(NULL), "");
}

int test_form(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_in_order_and_the_file_last),
        cmocka_unit_test(a_name_stays_in_its_place),
        cmocka_unit_test(the_boundary_stands_nowhere_in_the_file),
        cmocka_unit_test(a_mime_is_one_line_with_an_end),
        cmocka_unit_test(a_mime_is_the_same_whatever_follows),
    };
    return UNIT_RUN(tests);
}

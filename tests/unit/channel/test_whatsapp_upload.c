#include "unit.h"

#include <jansson.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "err.h"
#include "utf8.h"
#include "whatsapp.h"
#include "whatsapp_upload.h"

int test_whatsapp_upload(void);

static int setup(void **state)
{
    *state = arena_new(4096);
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* ---- as which kind ---- */

static void each_file_goes_as_what_it_can(void **state)
{
    static const struct {
        enum media_kind kind;
        const char *mime;
        enum media_kind as;
    } rows[] = {
        {MEDIA_IMAGE, "image/jpeg", MEDIA_IMAGE},
        {MEDIA_IMAGE, "image/jpg", MEDIA_IMAGE},
        {MEDIA_IMAGE, "IMAGE/PNG", MEDIA_IMAGE},
        {MEDIA_IMAGE, "image/webp", MEDIA_DOCUMENT},
        {MEDIA_IMAGE, "image/heic", MEDIA_DOCUMENT},
        {MEDIA_IMAGE, NULL, MEDIA_DOCUMENT},
        {MEDIA_IMAGE, "", MEDIA_DOCUMENT},
        {MEDIA_IMAGE, "image/png\r\n", MEDIA_DOCUMENT},
        {MEDIA_VOICE, "audio/ogg", MEDIA_VOICE},
        {MEDIA_VOICE, "audio/ogg; codecs=opus", MEDIA_VOICE},
        {MEDIA_VOICE, "audio/mpeg", MEDIA_AUDIO},
        {MEDIA_VOICE, "audio/mp4", MEDIA_AUDIO},
        {MEDIA_VOICE, "audio/wav", MEDIA_DOCUMENT},
        {MEDIA_AUDIO, "audio/aac", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/amr", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/mpeg", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/mp3", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/mp4", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/m4a", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/x-m4a", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/opus", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/ogg; codecs=opus", MEDIA_AUDIO},
        {MEDIA_AUDIO, "audio/ogg", MEDIA_DOCUMENT}, /* Vorbis, perhaps */
        {MEDIA_AUDIO, "audio/flac", MEDIA_DOCUMENT},
        {MEDIA_VIDEO, "video/mp4", MEDIA_VIDEO},
        {MEDIA_VIDEO, "video/3gpp", MEDIA_VIDEO},
        {MEDIA_VIDEO, "video/quicktime", MEDIA_DOCUMENT},
        {MEDIA_STICKER, "image/webp", MEDIA_STICKER},
        {MEDIA_STICKER, "application/x-tgsticker", MEDIA_DOCUMENT},
        {MEDIA_STICKER, "video/webm", MEDIA_DOCUMENT},
        {MEDIA_DOCUMENT, "image/jpeg", MEDIA_DOCUMENT},
        {MEDIA_DOCUMENT, "application/pdf", MEDIA_DOCUMENT},
        {MEDIA_OTHER, "video/mp4", MEDIA_DOCUMENT},
        {MEDIA_N, "video/mp4", MEDIA_DOCUMENT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (whatsapp_kind_of(rows[i].kind, rows[i].mime, 1) != rows[i].as) fail_msg("row %zu", i);
}

static void what_is_too_large_for_its_kind_goes_as_a_document(void **state)
{
    static const struct {
        enum media_kind kind;
        const char *mime;
        size_t max;
    } rows[] = {
        {MEDIA_IMAGE, "image/jpeg", 5000000},  {MEDIA_VOICE, "audio/ogg", 16000000},
        {MEDIA_AUDIO, "audio/mpeg", 16000000}, {MEDIA_VIDEO, "video/mp4", 16000000},
        {MEDIA_STICKER, "image/webp", 100000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(whatsapp_kind_of(rows[i].kind, rows[i].mime, rows[i].max), rows[i].kind);
        assert_int_equal(whatsapp_kind_of(rows[i].kind, rows[i].mime, rows[i].max + 1), MEDIA_DOCUMENT);
    }
}

/* ---- the upload ---- */

static void files_are_posted_under_the_number(void **state)
{
    struct buf out = {0};
    (void)state;
    whatsapp_upload_url("https://graph.facebook.com//", "v25.0", "700800", &out);
    assert_string_equal(buf_text(&out), "https://graph.facebook.com/v25.0/700800/media");
    buf_free(&out);
}

static void a_file_goes_with_what_it_is(void **state)
{
    static const struct {
        struct whatsapp_upload upload;
        const char *mime, *name;
    } rows[] = {
        {{MEDIA_DOCUMENT, "offerte.pdf", "application/pdf", "x\0y", 3}, "application/pdf", "offerte.pdf"},
        {{MEDIA_VOICE, NULL, "audio/ogg", "x\0y", 3}, "audio/ogg", "voice.ogg"},
        {{MEDIA_AUDIO, "", "audio/x-m4a", "x\0y", 3}, "audio/mp4", "audio.m4a"},
        {{MEDIA_DOCUMENT, "a.csv", "text/csv; header=present", "x\0y", 3}, "text/plain", "a.csv"},
        {{MEDIA_DOCUMENT, "a\"; name=\"type.zip", "application/zip", "x\0y", 3},
         "application/zip",
         "a%22%3B name=%22type.zip"},
        {{MEDIA_OTHER, NULL, NULL, "x\0y", 3}, "application/octet-stream", "other"},
        {{MEDIA_OTHER, NULL, "a/b\r\nX: y", "x\0y", 3}, "application/octet-stream", "other"},
    };
    static const char before[] = "multipart/form-data; boundary=";
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf type = {0}, body = {0};
        struct err e = {{0}};
        char want[1024];
        assert_int_equal(whatsapp_upload_render(&rows[i].upload, &type, &body, &e), 0);
        assert_memory_equal(buf_text(&type), before, sizeof before - 1);
        const char *b = buf_text(&type) + sizeof before - 1;
        int n =
            snprintf(want, sizeof want,
                     "--%s\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"
                     "--%s\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n%s\r\n"
                     "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                     "Content-Type: %s\r\n\r\nx%cy\r\n--%s--\r\n",
                     b, b, rows[i].mime, b, rows[i].name, rows[i].mime, '\0', b);
        assert_string_equal(buf_text(&body), want);
        assert_int_equal(body.len, n);
        assert_memory_equal(body.data, want, (size_t)n);
        buf_free(&type);
        buf_free(&body);
    }
}

static void an_upload_has_its_limits(void **state)
{
    static const struct {
        size_t n;
        int rc;
    } rows[] = {{0, -1}, {1, 0}, {20000000, 0}, {20000001, -1}};
    char *bytes = calloc(1, 20000001);
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct whatsapp_upload u = {MEDIA_DOCUMENT, NULL, "application/pdf", bytes, rows[i].n};
        struct buf type = {0}, body = {0};
        struct err e = {{0}};
        assert_int_equal(whatsapp_upload_render(&u, &type, &body, &e), rows[i].rc);
        assert_int_equal(rows[i].rc == 0, e.text[0] == '\0');
        if (rows[i].rc != 0) assert_int_equal(type.len + body.len, 0);
        buf_free(&type);
        buf_free(&body);
    }
    free(bytes);
}

static void an_answer_tells_the_id(void **state)
{
    char body[] = "{\"id\":\"4455\"}";
    const char *id;
    struct err e = {{0}};
    assert_int_equal(whatsapp_uploaded(body, sizeof body - 1, *state, &id, &e), 0);
    memset(body, 'x', sizeof body - 1);
    assert_string_equal(id, "4455");
    assert_string_equal(e.text, "");
}

static void an_answer_without_an_id_is_none(void **state)
{
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{}",
                                        "secret",
                                        "{\"id\":4455}",
                                        "{\"id\":\"\"}",
                                        "{\"id\":\"../secret\"}",
                                        "{\"id\":\"secret/messages\"}",
                                        "{\"id\":\"secret?x\"}",
                                        "{\"error\":{\"message\":\"secret\",\"code\":100}}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *id = "old";
        struct err e = {{0}};
        assert_int_equal(whatsapp_uploaded(wrong[i], strlen(wrong[i]), *state, &id, &e), -1);
        assert_null(id);
        assert_memory_equal(e.text, "whatsapp upload", 15);
        assert_null(strstr(e.text, "secret"));
    }
}

/* ---- the message ---- */

static void each_kind_has_its_message(void **state)
{
    static const struct {
        enum media_kind kind;
        const char *caption, *name, *want;
        bool captioned;
    } rows[] = {
        {MEDIA_IMAGE, "Zo\n\"dan\"", "a.png",
         "{\"type\":\"image\",\"image\":{\"id\":\"4455\",\"caption\":\"Zo\\n\\\"dan\\\"\"}}", true},
        {MEDIA_VIDEO, NULL, NULL, "{\"type\":\"video\",\"video\":{\"id\":\"4455\"}}", true},
        {MEDIA_AUDIO, "weg", "a.mp3", "{\"type\":\"audio\",\"audio\":{\"id\":\"4455\"}}", false},
        {MEDIA_VOICE, "weg", NULL, "{\"type\":\"audio\",\"audio\":{\"id\":\"4455\",\"voice\":true}}", false},
        {MEDIA_STICKER, "weg", "a.webp", "{\"type\":\"sticker\",\"sticker\":{\"id\":\"4455\"}}", false},
        {MEDIA_DOCUMENT, "De offerte", "off\"erte.pdf",
         "{\"type\":\"document\",\"document\":{\"id\":\"4455\",\"caption\":\"De offerte\","
         "\"filename\":\"off\\\"erte.pdf\"}}",
         true},
        {MEDIA_OTHER, "", "", "{\"type\":\"document\",\"document\":{\"id\":\"4455\"}}", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        whatsapp_file_content(rows[i].kind, "4455", rows[i].caption, rows[i].name, &out);
        assert_string_equal(buf_text(&out), rows[i].want);
        assert_int_equal(whatsapp_captioned(rows[i].kind), rows[i].captioned);
        buf_free(&out);
    }
}

/* What the outbox keeps must become a request. */
static void a_content_can_be_addressed(void **state)
{
    const struct identity to = {.phone = "31612345678"};
    struct buf content = {0}, request = {0};
    (void)state;
    whatsapp_file_content(MEDIA_IMAGE, "4455", NULL, NULL, &content);
    assert_int_equal(whatsapp.address(buf_text(&content), &to, "out-42", &request, NULL), 0);
    assert_non_null(strstr(buf_text(&request), ",\"type\":\"image\",\"image\":{\"id\":\"4455\"}}"));
    buf_free(&content);
    buf_free(&request);
}

/* A member of the document that comes of a caption or name. */
static char *cut(const char *caption, const char *name, const char *member)
{
    struct buf out = {0};
    whatsapp_file_content(MEDIA_DOCUMENT, "4455", caption, name, &out);
    json_t *tree = json_loads(buf_text(&out), 0, NULL);
    const char *s = json_string_value(json_object_get(json_object_get(tree, "document"), member));
    char *copy = s == NULL ? NULL : strdup(s);
    json_decref(tree);
    buf_free(&out);
    assert_non_null(copy);
    return copy;
}

static char *thumbs(size_t n, const char *after)
{
    struct buf b = {0};
    for (size_t i = 0; i < n; i++) buf_adds(&b, "\xF0\x9F\x91\x8D");
    buf_adds(&b, after);
    return b.data;
}

static void a_caption_is_cut_between_characters(void **state)
{
    static const size_t counts[][2] = {{1024, 1024}, {1025, 1024}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char *caption = thumbs(counts[i][0], ""), *got = cut(caption, NULL, "caption");
        assert_int_equal(utf8_count(got), counts[i][1]);
        assert_true(utf8_valid(got, strlen(got)));
        free(caption);
        free(got);
    }
}

static void a_name_is_cut_before_its_ending(void **state)
{
    static const struct {
        size_t n;
        const char *ending;
        size_t points;
        const char *left;
    } rows[] = {
        {236, ".pdf", 240, "\x8D.pdf"},          {237, ".pdf", 240, "\x8D.pdf"},
        {255, ".pdf", 240, "\x8D.pdf"},          {255, "", 240, "\x8D"},
        {240, ".abcdefghijklmnop", 240, "\x8D"}, /* no ending, so long */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *name = thumbs(rows[i].n, rows[i].ending), *got = cut(NULL, name, "filename");
        assert_int_equal(utf8_count(got), rows[i].points);
        assert_string_equal(got + strlen(got) - strlen(rows[i].left), rows[i].left);
        free(name);
        free(got);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int test_whatsapp_upload(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_file_goes_as_what_it_can),     TEST(what_is_too_large_for_its_kind_goes_as_a_document),
        TEST(files_are_posted_under_the_number), TEST(a_file_goes_with_what_it_is),
        TEST(an_upload_has_its_limits),          TEST(an_answer_tells_the_id),
        TEST(an_answer_without_an_id_is_none),   TEST(each_kind_has_its_message),
        TEST(a_content_can_be_addressed),        TEST(a_caption_is_cut_between_characters),
        TEST(a_name_is_cut_before_its_ending),
    };
    return UNIT_RUN(tests);
}

#include "unit.h"

#include <stdbool.h>

#include "buf.h"
#include "err.h"
#include "telegram_upload.h"

int test_telegram_upload(void);

/* The first page of an OGG with Opus in it, and what a WebP starts with. */
static const char opus[] = "OggS\0\2\0\0\0\0\0\0\0\0\1\2\3\4\0\0\0\0\0\0\0\0\1\023OpusHead\1\1";
static const char vorbis[] = "OggS\0\2\0\0\0\0\0\0\0\0\1\2\3\4\0\0\0\0\0\0\0\0\1\036\1vorbis\0\0\0";
static const char still[] = "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\2";
static const char still_large[] = "RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x10";
static const char moving[] = "RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x12";

struct rendered {
    const char *method;
    struct buf type, body;
};

static void render(const struct telegram_upload *u, struct rendered *r)
{
    struct err e = {{0}};

    *r = (struct rendered){0};
    if (telegram_upload_render(u, &r->method, &r->type, &r->body, &e) != 0) fail_msg("%s", e.text);
}

static void rendered_free(struct rendered *r)
{
    buf_free(&r->type);
    buf_free(&r->body);
}

static const char *boundary_of(const struct rendered *r)
{
    static const char before[] = "multipart/form-data; boundary=";

    assert_memory_equal(buf_text(&r->type), before, sizeof before - 1);
    return buf_text(&r->type) + sizeof before - 1;
}

/* The body against `want`, in which every '@' stands for the boundary and '#' for the bytes. */
static void body_is(const struct rendered *r, const char *want, const char *bytes, size_t n)
{
    struct buf all = {0};

    for (; *want != '\0'; want++) {
        if (*want == '@')
            buf_adds(&all, boundary_of(r));
        else if (*want == '#')
            buf_add(&all, bytes, n);
        else
            buf_addc(&all, *want);
    }
    assert_string_equal(buf_text(&r->body), buf_text(&all));
    assert_int_equal(r->body.len, all.len);
    assert_memory_equal(r->body.data, all.data, all.len);
    buf_free(&all);
}

static void a_file_goes_with_all_that_belongs_to_it(void **state)
{
    static const char bytes[] = "\x89PNG\r\n\x1a\n\0\0--\r\n";
    const struct telegram_upload u = {.chat_id = "-1001234567890",
                                      .thread_id = "77",
                                      .reply_to = "5",
                                      .caption = "<b>Ana</b>: zo &amp; zo",
                                      .kind = MEDIA_IMAGE,
                                      .file_name = "strand.png",
                                      .mime = "image/png",
                                      .bytes = bytes,
                                      .n = sizeof bytes - 1};
    struct rendered r;
    (void)state;
    render(&u, &r);
    assert_string_equal(r.method, "sendPhoto");
    body_is(&r,
            "--@\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n-1001234567890\r\n"
            "--@\r\nContent-Disposition: form-data; name=\"message_thread_id\"\r\n\r\n77\r\n"
            "--@\r\nContent-Disposition: form-data; name=\"reply_parameters\"\r\n\r\n"
            "{\"message_id\":5,\"allow_sending_without_reply\":true}\r\n"
            "--@\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n<b>Ana</b>: zo &amp; zo\r\n"
            "--@\r\nContent-Disposition: form-data; name=\"parse_mode\"\r\n\r\nHTML\r\n"
            "--@\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"strand.png\"\r\n"
            "Content-Type: image/png\r\n\r\n#\r\n--@--\r\n",
            bytes, sizeof bytes - 1);
    rendered_free(&r);
}

static void what_is_not_known_is_left_out(void **state)
{
    const struct telegram_upload u = {
        .chat_id = "42", .thread_id = "1", .caption = "", .kind = MEDIA_OTHER, .bytes = "\0", .n = 1};
    struct rendered r;
    (void)state;
    render(&u, &r);
    assert_string_equal(r.method, "sendDocument");
    body_is(&r,
            "--@\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n"
            "--@\r\nContent-Disposition: form-data; name=\"document\"; filename=\"other\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\n#\r\n--@--\r\n",
            "\0", 1);
    rendered_free(&r);
}

#define BYTES(s) s, sizeof(s) - 1

static void each_file_goes_the_way_it_can(void **state)
{
    static const struct {
        enum media_kind kind;
        const char *mime, *bytes;
        size_t n;
        const char *method, *field, *name;
    } all[] = {
        {MEDIA_IMAGE, "image/jpeg", BYTES("x"), "sendPhoto", "photo", "image.jpg"},
        {MEDIA_IMAGE, "IMAGE/PNG", BYTES("x"), "sendPhoto", "photo", "image.png"},
        {MEDIA_IMAGE, "image/webp", BYTES("x"), "sendPhoto", "photo", "image.webp"},
        {MEDIA_IMAGE, "image/heic", BYTES("x"), "sendDocument", "document", "image"},
        {MEDIA_IMAGE, "image/jp", BYTES("x"), "sendDocument", "document", "image"},
        {MEDIA_IMAGE, "", BYTES("x"), "sendDocument", "document", "image"},
        {MEDIA_IMAGE, "image/jpegs", BYTES("x"), "sendDocument", "document", "image"},
        {MEDIA_IMAGE, NULL, BYTES("x"), "sendDocument", "document", "image"},
        {MEDIA_DOCUMENT, "image/jpeg", BYTES("x"), "sendDocument", "document", "document.jpg"},
        {MEDIA_DOCUMENT, "application/pdf", BYTES("x"), "sendDocument", "document", "document.pdf"},
        {MEDIA_VOICE, "audio/ogg; codecs=opus", BYTES(opus), "sendVoice", "voice", "voice.ogg"},
        {MEDIA_VOICE, "audio/ogg", BYTES(opus), "sendVoice", "voice", "voice.ogg"},
        {MEDIA_VOICE, "audio/ogg;codecs=opus", BYTES(vorbis), "sendDocument", "document", "voice.ogg"},
        {MEDIA_VOICE, "audio/ogg", opus, 35, "sendDocument", "document", "voice.ogg"},
        {MEDIA_VOICE, "audio/mp4", BYTES("x"), "sendAudio", "audio", "voice.m4a"},
        {MEDIA_VOICE, "audio/mpeg", BYTES("x"), "sendAudio", "audio", "voice.mp3"},
        {MEDIA_VOICE, "audio/amr", BYTES("x"), "sendDocument", "document", "voice.amr"},
        {MEDIA_AUDIO, "audio/mpeg", BYTES("x"), "sendAudio", "audio", "audio.mp3"},
        {MEDIA_AUDIO, "audio/mp4", BYTES("x"), "sendAudio", "audio", "audio.m4a"},
        {MEDIA_AUDIO, "audio/ogg", BYTES(opus), "sendVoice", "voice", "audio.ogg"},
        {MEDIA_AUDIO, "audio/aac", BYTES("x"), "sendDocument", "document", "audio.aac"},
        {MEDIA_VIDEO, "video/mp4", BYTES("x"), "sendVideo", "video", "video.mp4"},
        {MEDIA_VIDEO, "video/3gpp", BYTES("x"), "sendDocument", "document", "video.3gp"},
        {MEDIA_STICKER, "image/webp", BYTES(still), "sendSticker", "sticker", "sticker.webp"},
        {MEDIA_STICKER, "image/webp", BYTES(still_large), "sendSticker", "sticker", "sticker.webp"},
        {MEDIA_STICKER, "image/webp", BYTES(moving), "sendDocument", "document", "sticker.webp"},
        {MEDIA_STICKER, "image/webp", still, 20, "sendDocument", "document", "sticker.webp"},
        {MEDIA_STICKER, "image/png", BYTES("x"), "sendDocument", "document", "sticker.png"},
        {MEDIA_LOCATION, "image/jpeg", BYTES("x"), "sendDocument", "document", "location.jpg"},
    };
    char part[128];
    struct rendered r;
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct telegram_upload u = {
            .chat_id = "42", .kind = all[i].kind, .mime = all[i].mime, .bytes = all[i].bytes, .n = all[i].n};
        render(&u, &r);
        assert_string_equal(r.method, all[i].method);
        (void)snprintf(part, sizeof part, "; name=\"%s\"; filename=\"%s\"\r\n", all[i].field, all[i].name);
        if (strstr(buf_text(&r.body), part) == NULL) fail_msg("row %zu: no %s", i, part);
        rendered_free(&r);
    }
}

static void a_sticker_goes_without_caption(void **state)
{
    struct telegram_upload u = {.chat_id = "42",
                                .caption = "Ana",
                                .kind = MEDIA_STICKER,
                                .mime = "image/webp",
                                .bytes = still,
                                .n = sizeof still - 1};
    struct rendered r;
    (void)state;
    render(&u, &r);
    assert_null(strstr(buf_text(&r.body), "Ana"));
    assert_null(strstr(buf_text(&r.body), "parse_mode"));
    rendered_free(&r);
    u.mime = "image/png"; /* as a document it has one */
    render(&u, &r);
    assert_non_null(strstr(buf_text(&r.body), "\r\n\r\nAna\r\n"));
    rendered_free(&r);
}

static void sizes_have_their_limits(void **state)
{
    static const struct {
        size_t n;
        const char *method; /* NULL: refused */
    } all[] = {{0, NULL},
               {TELEGRAM_PHOTO_MAX, "sendPhoto"},
               {TELEGRAM_PHOTO_MAX + 1, "sendDocument"},
               {TELEGRAM_UPLOAD_MAX, "sendDocument"},
               {TELEGRAM_UPLOAD_MAX + 1, NULL}};
    char *bytes = calloc(1, TELEGRAM_UPLOAD_MAX + 1);
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct telegram_upload u = {
            .chat_id = "42", .kind = MEDIA_IMAGE, .mime = "image/jpeg", .bytes = bytes, .n = all[i].n};
        struct rendered r = {0};
        struct err e = {{0}};
        int rc = telegram_upload_render(&u, &r.method, &r.type, &r.body, &e);
        assert_int_equal(rc == 0, all[i].method != NULL);
        assert_int_equal(rc == 0, e.text[0] == '\0');
        if (rc == 0)
            assert_string_equal(r.method, all[i].method);
        else
            assert_int_equal(r.type.len + r.body.len, 0);
        rendered_free(&r);
    }
    free(bytes);
}

/* A caption of so many characters: emoji, entities and a tag among them. */
static int captioned(int points)
{
    struct buf caption = {0};
    struct rendered r = {0};

    buf_adds(&caption, "<b>\xF0\x9F\x91\x8D</b>&amp;");
    for (int i = 2; i < points; i++) buf_addc(&caption, 'x');
    const struct telegram_upload u = {
        .chat_id = "42", .caption = buf_text(&caption), .kind = MEDIA_DOCUMENT, .bytes = "x", .n = 1};
    int rc = telegram_upload_render(&u, &r.method, &r.type, &r.body, NULL);
    buf_free(&caption);
    rendered_free(&r);
    return rc;
}

static void a_caption_is_counted_as_it_is_read(void **state)
{
    (void)state;
    assert_int_equal(captioned(TELEGRAM_CAPTION_MAX), 0);
    assert_int_equal(captioned(TELEGRAM_CAPTION_MAX + 1), -1);
}

/* What stands beside the file has its part in the boundary, so that it cannot hold it. */
static void the_boundary_hangs_on_every_field(void **state)
{
    const struct telegram_upload base = {.chat_id = "42", .kind = MEDIA_DOCUMENT, .bytes = "x", .n = 1};
    struct telegram_upload all[6];
    struct rendered first, r;
    (void)state;
    render(&base, &first);
    for (size_t i = 0; i < 6; i++) all[i] = base;
    all[0].chat_id = "43";
    all[1].thread_id = "7";
    all[2].reply_to = "7";
    all[3].caption = "7";
    all[4].file_name = "7";
    all[5].mime = "7";
    for (size_t i = 0; i < 6; i++) {
        render(&all[i], &r);
        assert_string_not_equal(boundary_of(&r), boundary_of(&first));
        rendered_free(&r);
    }
    rendered_free(&first);
}

int test_telegram_upload(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_goes_with_all_that_belongs_to_it),
        cmocka_unit_test(what_is_not_known_is_left_out),
        cmocka_unit_test(each_file_goes_the_way_it_can),
        cmocka_unit_test(a_sticker_goes_without_caption),
        cmocka_unit_test(sizes_have_their_limits),
        cmocka_unit_test(a_caption_is_counted_as_it_is_read),
        cmocka_unit_test(the_boundary_hangs_on_every_field),
    };
    return UNIT_RUN(tests);
}

/* fuzz_render -- any texts as a message of ours, as a file for a person and as the names in them. What is
 * rendered must be what the platform takes (fuzz_sent.h), and a form must hold its parts and no more. */
#include "form.h"
#include "fuzz.h"
#include "fuzz_sent.h"
#include "telegram_parts.h"
#include "telegram_upload.h"
#include "whatsapp_upload.h"

/* Texts of ours come from files that were proved to be UTF-8; NULL where a text may lack. */
static const char *ours(struct input *in, struct arena *a, bool may_lack)
{
    const char *s = input_text(in, a, SIZE_MAX);

    return may_lack && *s == '\0' ? NULL : s;
}

/* Long ones cost the fuzzer few bytes. */
static const char *stretched(const char *s, uint8_t times, struct arena *a)
{
    struct buf all = {0};

    for (unsigned i = 0; i <= times && all.len < 20000; i++) buf_adds(&all, s);
    const char *copy = arena_strdup(a, buf_text(&all));
    buf_free(&all);
    must(copy != NULL);
    return copy;
}

static void render(struct input *in, struct arena *a)
{
    uint8_t n = input_byte(in), times = input_byte(in);
    struct outbound o = {.text = stretched(ours(in, a, false), times, a), .choice_n = n % 11};

    o.footer = ours(in, a, true);
    o.list_title = ours(in, a, true);
    if (n & 0x80) {
        o.link = (struct link){ours(in, a, true), ours(in, a, true), ours(in, a, true)};
    }
    for (size_t i = 0; i < o.choice_n; i++)
        o.choice[i] = (struct choice){ours(in, a, false), ours(in, a, false), ours(in, a, true)};
    const struct identity to = {.channel = "any",
                                .account = "700800",
                                .phone = n & 0x40 ? input_string(in, a) : NULL,
                                .user_id = n & 0x20 ? input_string(in, a) : NULL,
                                .parent_id = n & 0x10 ? input_string(in, a) : NULL};
    (void)sent_check(&o, &to, times & 1 ? input_string(in, a) : NULL);

    struct buf html = {0};
    struct html h = {.out = &html};
    html_marked(&h, o.text);
    must(sent_html(buf_text(&html)) == h.points && html_points(buf_text(&html)) == h.points);
    buf_free(&html);
}

/* How often the line that ends a part stands in the body: `parts` times, and once more with "--". */
static void must_hold(const struct buf *type, const struct buf *body, size_t parts, const char *bytes,
                      size_t n)
{
    static const char before[] = "multipart/form-data; boundary=";
    const char *boundary = buf_text(type) + strlen(before), *p = body->data, *end = p + body->len;
    size_t found = 0, len = strlen(boundary);

    must(strncmp(buf_text(type), before, strlen(before)) == 0 && strpbrk(buf_text(type), "\r\n") == NULL);
    for (; (p = memmem(p, (size_t)(end - p), boundary, len)) != NULL; p += len) found++;
    must(found == parts + 1);
    /* The file is last: its bytes stand before the end, as they are. */
    size_t tail = len + strlen("\r\n----\r\n");
    must(body->len > tail + n && memcmp(end - tail - n, bytes, n) == 0);
    /* And its head is three lines, whatever name it has. */
    const char *head = memmem(body->data, body->len, "filename=\"", 10);
    must(head != NULL);
    const char *line = memchr(head, '\r', (size_t)(end - head));
    must(line != NULL && line[-1] == '"' && memchr(head + 10, '"', (size_t)(line - head - 10)) == line - 1);
    must(strncmp(line, "\r\nContent-Type: ", 16) == 0);
}

static void upload(struct input *in, struct arena *a)
{
    uint8_t kind = input_byte(in);
    const char *name = input_string(in, a), *mime = input_string(in, a), *caption = input_string(in, a);
    size_t n = (size_t)(in->end - in->p);
    struct whatsapp_upload w = {.kind = (enum media_kind)(kind % MEDIA_N),
                                .file_name = *name == '\0' ? NULL : name,
                                .mime = *mime == '\0' ? NULL : mime,
                                .bytes = (const char *)in->p,
                                .n = n};
    struct telegram_upload t = {.chat_id = "5",
                                .thread_id = kind & 0x40 ? "7" : NULL,
                                .caption = kind & 0x80 ? caption : NULL,
                                .kind = w.kind,
                                .file_name = w.file_name,
                                .mime = w.mime,
                                .bytes = w.bytes,
                                .n = n};
    struct buf type = {0}, body = {0};
    struct err e = {{0}};
    const char *method = NULL;

    if (whatsapp_upload_render(&w, &type, &body, &e) == 0)
        must_hold(&type, &body, 3, w.bytes, n);
    else
        must(e.text[0] != '\0' && type.len == 0 && body.len == 0);
    buf_clear(&type);
    buf_clear(&body);
    if (telegram_upload_render(&t, &method, &type, &body, &e) == 0) {
        must(method != NULL && strncmp(method, "send", 4) == 0);
        must(memmem(body.data, body.len, "filename=\"", 10) != NULL);
    } else {
        must(e.text[0] != '\0' && type.len == 0 && body.len == 0);
    }
    buf_free(&type);
    buf_free(&body);
}

static void file(struct input *in, struct arena *a)
{
    uint8_t kind = input_byte(in);
    const char *name = input_text(in, a, SIZE_MAX), *mime = input_string(in, a);
    const char *caption = stretched(input_text(in, a, SIZE_MAX), input_byte(in), a);
    enum media_kind as = whatsapp_kind_of((enum media_kind)(kind % MEDIA_N), mime, strlen(mime) * 100000);
    struct buf out = {0};

    whatsapp_file_content(as, "12345", kind & 0x80 ? caption : NULL, *name == '\0' ? NULL : name, &out);
    json_t *tree = sent_tree(&out);
    const json_t *what = json_object_get(tree, sent_string(tree, "type"));
    must(what != NULL && strcmp(sent_string(what, "id"), "12345") == 0);
    must(sent_string(what, "caption") == NULL || whatsapp_captioned(as));
    if (sent_string(what, "caption") != NULL) must(utf8_count(sent_string(what, "caption")) <= 1024);
    if (sent_string(what, "filename") != NULL) must(utf8_count(sent_string(what, "filename")) <= 240);
    json_decref(tree);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static void (*const all[])(struct input *, struct arena *) = {render, upload, file};
    struct input in = {data, data + n};
    struct arena *a = arena_new(65536);

    if (a == NULL) return 0;
    all[input_byte(&in) % 3](&in, a);
    arena_free(a);
    return 0;
}

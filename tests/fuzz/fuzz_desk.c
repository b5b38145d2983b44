/* fuzz_desk -- any bytes as a row the outbox keeps for the desk, as a file in it, and as an answer to a
 * call. What is read is written and read again as the same. Seeds: none needed. */
#include "err.h"
#include "fuzz.h"
#include "telegram_desk.h"

static void read_again(const struct desk_content *c, struct arena *a)
{
    struct desk_content again;
    struct buf out = {0};

    telegram_desk_write(c, &out);
    must(!out.failed && telegram_desk_read(buf_text(&out), a, &again, NULL) == 0);
    must_be_one(c->topic, again.topic);
    must_be_one(c->body, again.body);
    must_be_one(c->quote, again.quote);
    must_be_one(c->erase, again.erase);
    must(c->media.given == again.media.given && c->media.kind == again.media.kind);
    must_be_one(c->media.id, again.media.id);
    must_be_one(c->media.caption, again.media.caption);
    buf_free(&out);
}

static void call(const struct desk_content *c, const char *any)
{
    struct buf out = {0};

    telegram_desk_topic(any, c->topic != NULL ? c->topic : any, &out);
    telegram_desk_delete(any, c->erase, &out);
    if (c->body != NULL) telegram_desk_send(any, any, c, &out);
    must(utf8_valid(out.data, out.len));
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new(4096);
    char *text = malloc(n + 1);
    struct desk_content c = {0};
    struct err e = {{0}};

    if (a == NULL || text == NULL) goto out;
    memcpy(text, data, n);
    text[n] = '\0';
    if (telegram_desk_read(text, a, &c, &e) == 0) {
        read_again(&c, a);
        call(&c, text);
    } else {
        must(e.text[0] != '\0');
    }
    c = (struct desk_content){0};
    if (telegram_desk_media_read(text, a, &c, NULL) == 0) {
        must(c.media.given);
        read_again(&c, a);
    }
    if (telegram_desk_parcel_read(text, a, &c, NULL) == 0)
        must(c.media.id != NULL && c.media.chat != NULL && c.media.message != NULL);
    (void)telegram_desk_made(text, n, a);
    (void)telegram_desk_no_topic(text, n);
out:
    free(text);
    arena_free(a);
    return 0;
}

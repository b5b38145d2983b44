/* fuzz_dialogue.c -- any events on the shipped flow: no crash, and what dialogue.h promises holds.
 * The bytes are a script: a kind, then what it needs. Saved and read back after every step. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "content.h"
#include "err.h"
#include "log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct content *content;

static void load(void)
{
    const struct content_files files = {.flow = "flows/mailkeuze.json",
                                        .business = "flows/business.json",
                                        .locales = "locales",
                                        .locale = "nl",
                                        .retain_text_days = 30};
    struct faults *faults = faults_new();

    log_open(stderr, LOG_ERROR, LOG_LOGFMT);
    struct err e = {0};
    if (content_load(&files, &content, faults) != 0 || content_train(content, &e) != 0) abort();
    faults_free(faults);
}

/* The next piece of the script, up to a zero byte. */
static const char *piece(const uint8_t **p, const uint8_t *end, char *out, size_t size)
{
    size_t used = 0;

    while (*p < end && **p != 0 && used + 1 < size) out[used++] = (char)*(*p)++;
    if (*p < end) (*p)++;
    out[used] = '\0';
    return out;
}

static const char *const ids[] = {"usage=light",       "usage=unsure",  "calendar=yes",   "team=several",
                                  "security=critical", "sector=strict", "growth=no",      "topic:pop",
                                  "do:begin",          "do:back",       "do:change",      "do:human",
                                  "do:restart",        "do:stop",       "do:delete_data", "do:skip",
                                  "go:topics",         "ask:team",      "do:menu",        "do:language_en"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *p = data, *end = data + n;
    struct conversation c;
    int64_t now = INT64_C(1795000000000);
    char words[512], id[32];

    if (content == NULL) load();
    const struct flow *f = content_script(content)->flow;
    conversation_begin(&c, "nl");
    for (int step = 0; p < end && step < 64; step++) {
        struct arena *a = arena_new(8192);
        struct effects fx = {.arena = a};
        struct err e = {0};
        struct buf text = {0};
        struct message m = {.kind = (enum message_kind)(*p % MESSAGE_N),
                            .media = (enum media_kind)(*p % MEDIA_N)};
        (void)snprintf(id, sizeof id, "m%d", *p & 0x80 ? step : step / 2);
        uint8_t choice = p + 1 < end ? p[1] : 0;
        p++;
        m.id = id;
        m.about = choice & 1 ? id : NULL;
        m.text = piece(&p, end, words, sizeof words);
        m.choice = choice < 0x80 ? ids[choice % (sizeof ids / sizeof *ids)] : m.text;
        m.name = choice & 2 ? m.text : NULL;
        m.sent_ms = choice & 4 ? now - INT64_C(86400000) * choice : now;
        if (content_step(content, &c, &m, now, &fx, &e) != 0) abort();
        for (size_t i = 0; i < fx.n; i++)
            if (fx.effect[i].kind == EFFECT_SAY && fx.effect[i].say.out.text[0] == '\0') abort();
        conversation_write(&c, f, &text);
        struct conversation back;
        if (conversation_read(&back, f, buf_text(&text), &e) != 0) abort();
        c = back;
        buf_free(&text);
        arena_free(a);
        now += INT64_C(1000) << (choice % 24);
    }
    /* And any bytes as a stored conversation. */
    char *raw = malloc(n + 1);
    if (raw == NULL) return 0;
    memcpy(raw, data, n);
    raw[n] = '\0';
    struct conversation any;
    (void)conversation_read(&any, f, raw, NULL);
    free(raw);
    return 0;
}

#include "media.h"

#include "clock.h"
#include "faults.h"
#include "graph.h"
#include "graph_fault.h"
#include "limbo.h"
#include "options.h"
#include "phone.h"
#include "refusal.h"
#include "server.h"
#include "uploads.h"
#include "web_file.h"
#include "webhook.h"
#include "wire.h"
#include "world.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As on Meta's own host for files. */
#define MEDIA_PATH "/whatsapp_business/attachments/"

enum { MEDIA_ID_DIGITS = 16, HASH_CHARS = 32 };

static const struct kind {
    const char *type, *file, *mime;
} kinds[] = {
    {"audio", "voice.ogg", "audio/ogg; codecs=opus"},
    {"image", "photo.png", "image/png"},
    {"video", "video.mp4", "video/mp4"},
    {"document", "document.pdf", "application/pdf"},
    {"sticker", "sticker.webp", "image/webp"},
};

static const struct kind *kind_of(const char *type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].type, type) == 0) return &kinds[i];
    return NULL;
}

struct file {
    const char *mime;
    const void *bytes;
    size_t n;
};

static struct file file_of(const struct kind *kind)
{
    const struct web_file *f = web_files;
    while (strcmp(f->path, kind->file) != 0) f++;
    return (struct file){kind->mime, f->bytes, f->n};
}

/* base64, as in webhooks; Graph answers in hex. */
static void digest(const struct file *f, bool hex, char out[static 65])
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_Digest(f->bytes, f->n, sum, &n, EVP_sha256(), NULL);
    if (!hex) EVP_EncodeBlock((unsigned char *)out, sum, (int)n);
    for (unsigned i = 0; hex && i < n; i++) snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

json_t *media_new(const struct phone *p, const char *type)
{
    const struct kind *kind = kind_of(type);
    char id[MEDIA_ID_DIGITS + 8], sum[65];
    snprintf(id, sizeof id, "1%015lld", (long long)world_last_n(p->world) + 1);
    const struct file file = file_of(kind);
    digest(&file, false, sum);
    return json_pack("{s:s, s:s, s:s}", "id", id, "mime_type", kind->mime, "sha256", sum);
}

/* What the id stands for. A customer's: the message it came with must still be there, and not be too old. */
static bool known(const struct phone *p, const char *id, struct file *out)
{
    const struct upload *u = uploads_find(p, id);
    if (u != NULL) {
        *out = (struct file){u->mime, u->bytes, u->size};
        return true;
    }
    if (strspn(id, "0123456789") != MEDIA_ID_DIGITS) return false;
    const struct message *m = world_message(p->world, strtoll(id + 1, NULL, 10));
    if (m == NULL || m->from_bot || world_now_ms(p->world) - m->at_ms >= MEDIA_ID_MS) return false;
    const char *its = json_string_value(json_object_get(json_object_get(m->body, m->type), "id"));
    if (its == NULL || strcmp(its, id) != 0 || kind_of(m->type) == NULL) return false;
    *out = file_of(kind_of(m->type));
    return true;
}

/* Proof that an address is ours and was not made to last longer. */
static void hash(const struct phone *p, const char *id, long long until_s, char out[static HASH_CHARS + 1])
{
    char text[64], signature[SIGNATURE_MAX];
    int n = snprintf(text, sizeof text, "%s until %lld", id, until_s);
    webhook_sign(p->options->app_secret, text, (size_t)n, signature);
    memcpy(out, signature + sizeof "sha256=" - 1, HASH_CHARS);
    out[HASH_CHARS] = '\0';
}

json_t *media_find(const struct phone *p, const char *id)
{
    struct file file;
    if (!known(p, id, &file)) return NULL;
    char url[256], proof[HASH_CHARS + 1], sum[65];
    long long until_s = (world_now_ms(p->world) + MEDIA_URL_MS) / 1000;
    hash(p, id, until_s, proof);
    digest(&file, true, sum);
    snprintf(url, sizeof url, "%s" MEDIA_PATH "?mid=%s&ext=%lld&hash=%s", p->base, id, until_s, proof);
    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s}", "url", url, "mime_type", file.mime, "sha256", sum,
                     "file_size", (json_int_t)file.n, "id", id, "messaging_product", "whatsapp");
}

bool media_is(const char *path)
{
    return strcmp(path, MEDIA_PATH) == 0;
}

/* What the address stands for, or false with the reason for whoever looks at the wire. */
static bool asked(const struct phone *p, const struct exchange *x, struct file *out, const char **why)
{
    char id[MEDIA_ID_DIGITS + 1] = "", theirs[HASH_CHARS + 1] = "", ours[HASH_CHARS + 1];
    long long until_s = 0;
    int n = sscanf(x->query, "mid=%16[0-9]&ext=%15lld&hash=%32[0-9a-f]", id, &until_s, theirs);
    hash(p, id, until_s, ours);
    *why = "adres dat niet is gegeven";
    if (n != 3 || strcmp(ours, theirs) != 0 || !known(p, id, out)) return false;
    *why = "adres ouder dan 5 minuten: vraag een nieuw";
    return world_now_ms(p->world) / 1000 < until_s;
}

static void tell(struct phone *p, const struct exchange *x, const struct wire_end *end)
{
    const struct wire_start start = {
        .method = x->method, .target = x->path, .summary = "bestand", .attempt = 1};
    wire_finish(p->wire, wire_begin(p->wire, world_now_ms(p->world), &start), end);
    phone_changed(p);
}

static void refused(struct phone *p, struct exchange *x, int status, const char *why, const char *answer)
{
    tell(p, x, &(struct wire_end){.status = status, .bad = true, .note = why});
    server_answer(x, status, "application/json", answer, strlen(answer));
}

/* A script can let the bytes themselves go wrong. True when x is answered, or never will be. */
static bool met(struct phone *p, struct exchange *x)
{
    struct refusal r = {0};
    struct graph_met met = {0};
    met.fault = faults_draw_media(p->faults, &met.until_release);
    if (met.fault == FAULT_NONE) return false;
    faults_count(p->faults, met.fault);
    json_t *no = graph_fault_refuse(met.fault, &r) != 0 ? refusal_json(&r) : NULL;
    char *text = no == NULL ? NULL : json_dumps(no, JSON_COMPACT);
    const struct wire_start start = {.method = x->method,
                                     .target = x->path,
                                     .summary = "bestand",
                                     .fault = fault_kinds[met.fault].name,
                                     .attempt = 1};
    const struct limbo_end end = {.wire_n = wire_begin(p->wire, world_now_ms(p->world), &start),
                                  .began_ms = clock_mono_ms(),
                                  .status = r.status,
                                  .bad = true,
                                  .text = text,
                                  .note = r.message};
    graph_fault_end(p, x, &met, &end);
    free(text);
    json_decref(no);
    return true;
}

void media_answer(struct phone *p, struct exchange *x)
{
    struct refusal r = {0};
    const char *why;
    char note[200];
    if (graph_token(p, x->authorization, &r) != 0) {
        refused(p, x, 401, r.message, "{\"error\":{\"code\":190,\"type\":\"OAuthException\"}}");
        return;
    }
    struct file file;
    if (strcmp(x->method, "GET") != 0 || !asked(p, x, &file, &why)) {
        refused(p, x, 404, strcmp(x->method, "GET") == 0 ? why : "alleen GET", "{}");
        return;
    }
    if (met(p, x)) return;
    snprintf(note, sizeof note, "%.160s, %zu bytes", file.mime, file.n);
    tell(p, x, &(struct wire_end){.status = 200, .note = note});
    server_answer(x, 200, file.mime, file.bytes, file.n);
}

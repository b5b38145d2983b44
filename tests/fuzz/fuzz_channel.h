/* fuzz_channel.h -- any bytes as a body a platform sent and as an answer to a send. Beyond not
 * crashing, every item must keep what channel.h promises, and what it says must be text that can be
 * stored and sent. */
#ifndef FUZZ_CHANNEL_H
#define FUZZ_CHANNEL_H

#include "channel.h"
#include "err.h"
#include "fuzz.h"

static void inspect_file(const struct message *m)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";

    must(m->kind == MESSAGE_MEDIA || (m->media_id == NULL && m->mime == NULL && m->file_name == NULL));
    must(m->media_id == NULL || m->media_id[strspn(m->media_id, letters)] == '\0');
    must_be_text(m->media_id, MEDIA_ID_MAX);
    must_be_text(m->mime, MIME_MAX);
    must_be_text(m->file_name, FILE_NAME_MAX);
    must(m->mime == NULL || strpbrk(m->mime, "\r\n") == NULL);
    must(m->file_name == NULL || strpbrk(m->file_name, "\r\n\t/\\") == NULL);
}

static void inspect(const struct channel *c, const struct inbound *in)
{
    bool wrote = in->kind == INBOUND_MESSAGE || in->kind == INBOUND_GROUP;
    bool has_message = wrote || in->kind == INBOUND_ECHO;

    must(in->id != NULL && *in->id != '\0');
    must(in->type != NULL && strlen(in->type) <= 64);
    must(strcmp(in->who.channel, c->name) == 0 && strcmp(in->who.account, "700800") == 0);
    must(!has_message || in->message.id != NULL);
    must(!has_message || in->who.phone != NULL || in->who.user_id != NULL || in->who.parent_id != NULL);
    must(in->kind != INBOUND_GONE || in->who.user_id != NULL);
    must(in->kind != INBOUND_GROUP || in->chat != NULL);
    must(in->kind != INBOUND_STATUS || in->status.message_id != NULL);
    must(in->kind != INBOUND_BROKEN || in->reason != NULL);
    must((wrote || in->kind == INBOUND_BROKEN) == (in->raw != NULL));
    must(in->message.kind != MESSAGE_TAP || in->message.choice != NULL);
    must_be_text(in->message.text, 4096);
    must_be_text(in->message.choice, 256);
    must_be_text(in->who.name, 64);
    must(in->who.name == NULL || strpbrk(in->who.name, "\r\n\t") == NULL);
    inspect_file(&in->message);
    must_be_text(in->reason, 512);
    must_be_text(in->raw, SIZE_MAX);
}

static int fuzz_channel(const struct channel *c, const uint8_t *data, size_t n)
{
    static const int statuses[] = {0, 200, 400, 401, 429, 500, 504};
    const char *body = (const char *)data;
    struct inbound *in = NULL;
    struct err e = {{0}};
    struct arena *a = arena_new(4096);

    if (a == NULL) return 0;
    if (c->parse(body, n, "700800", a, &in, &e) != 0) must(e.text[0] != '\0' && in == NULL);
    for (; in != NULL; in = in->next) inspect(c, in);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct verdict v = c->verdict(statuses[i], body, n, a);
        must(v.kind < SEND_N && (v.kind == SEND_OK) == (v.message_id != NULL));
    }
    arena_free(a);
    return 0;
}

#endif

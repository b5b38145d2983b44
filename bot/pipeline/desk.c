#include "desk.h"

#include <string.h>

#include "arena.h"
#include "buf.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "desk_self.h"
#include "dossier.h"
#include "platform.h"
#include "telegram_desk.h"
#include "text.h"
#include "turn.h"
#include "whatsapp.h"
#include "whatsapp_upload.h"

bool desk_is_at(const struct desk *d, const struct inbound *in)
{
    return d != NULL && in->chat != NULL && strcmp(in->chat, desk_chat(d)) == 0;
}

/* ---- what she writes ---- */

/* Whom it is for: whose topic it stands in, else whom the message that it answers, or whose button it
 * is, was about. 1, 0 nobody, -1. */
static int whom(struct turns *t, const struct inbound *in, struct chat *out, struct err *e)
{
    struct whom w = {0};
    int rc = 0;

    *out = (struct chat){0};
    if (in->thread != NULL) rc = store_topic_whom(t->store, desk_chat(t->desk), in->thread, t->arena, &w, e);
    if (rc == 0 && in->message.about != NULL)
        rc = store_outbox_whom(t->store, telegram_desk.name, in->message.about, t->arena, &w, e);
    if (rc != 1) return rc;
    const struct platform *p = platform_at(t->platforms, w.account);
    *out = (struct chat){.contact = w.contact, .account = w.account};
    if (p == NULL) return 0; /* of an account that is ours no more */
    out->channel = p->channel->name;
    return 1;
}

static enum ending noted(int rc)
{
    return rc == 0 ? TURN_ENDED : TURN_TROUBLE;
}

static enum ending event(struct turns *t, const struct chat *chat, enum event_kind kind, struct err *e)
{
    const struct event ev = {.kind = kind};
    bool answered;

    return chat_event(t, chat, &ev, &answered, e);
}

/* Her words as they stand, to the person. */
static enum ending pass_words(struct turns *t, const struct chat *chat, const char *text, struct err *e)
{
    const struct outbound o = {.text = text};
    struct buf content = {0};

    enum ending end = event(t, chat, EVENT_SPOKE, e);
    if (end != TURN_ENDED) return end;
    if (platform_of(t->platforms, chat->channel)->channel->render(&o, &content, e) != 0)
        end = TURN_FAILED;
    else if (chat_said(t, chat, content.data, true, e) != 0)
        end = TURN_TROUBLE;
    buf_free(&content);
    return end;
}

/* Beneath some files WhatsApp has no room for words: then they follow. */
static enum ending pass_caption(struct turns *t, const struct chat *chat, const struct message *m,
                                struct err *e)
{
    bool beneath = strcmp(chat->channel, whatsapp.name) != 0 ||
                   whatsapp_captioned(whatsapp_kind_of(m->media, m->mime, 1));

    return m->text == NULL || beneath ? TURN_ENDED : pass_words(t, chat, m->text, e);
}

/* A file of hers, to be fetched when it leaves. What is no file (a place, a poll) cannot go. */
static enum ending pass_file(struct turns *t, const struct chat *chat, const struct message *m, struct err *e)
{
    struct buf content = {0};

    if (!telegram_desk_parcel(m, &content)) {
        buf_free(&content);
        return noted(desk_note(t, chat, TEXT_DESK_NO_MEDIA, 0, NULL, e));
    }
    enum ending end = event(t, chat, EVENT_SPOKE, e);
    if (end == TURN_ENDED && content.failed) end = TURN_FAILED;
    if (end == TURN_ENDED && chat_said(t, chat, content.data, true, e) != 0) end = TURN_TROUBLE;
    buf_free(&content);
    return end == TURN_ENDED ? pass_caption(t, chat, m, e) : end;
}

static enum ending press(struct turns *t, const struct chat *chat, const struct message *m, struct err *e)
{
    static const struct {
        const char *id;
        enum event_kind kind;
    } presses[] = {
        {DESK_TAKE_ID, EVENT_TAKEN}, {DESK_LATER_ID, EVENT_LATER}, {DESK_BACK_ID, EVENT_GIVEN_BACK}};

    for (size_t i = 0; m->choice != NULL && i < sizeof presses / sizeof *presses; i++)
        if (strcmp(m->choice, presses[i].id) == 0) return event(t, chat, presses[i].kind, e);
    return TURN_ENDED;
}

/* "/bot", "/bot@name": what she can type where no button is at hand. Any other command is for some bot,
 * and for no customer. */
static enum ending command(struct turns *t, const struct chat *chat, const char *text, struct err *e)
{
    static const char back[] = "/bot";
    size_t n = strlen(back);

    if (strncmp(text, back, n) != 0 || strchr("@ ", text[n]) == NULL) return TURN_ENDED;
    return event(t, chat, EVENT_GIVEN_BACK, e);
}

static bool is_command(const char *text)
{
    return text[0] == '/' && text[1] >= 'a' && text[1] <= 'z';
}

static enum ending written(struct turns *t, const struct chat *chat, const struct inbound *in, struct err *e)
{
    const struct message *m = &in->message;
    const char *text = in->plain != NULL ? in->plain : m->text;

    switch (m->kind) {
    case MESSAGE_TAP: return press(t, chat, m, e);
    case MESSAGE_TEXT:
        if (text == NULL || *text == '\0') return TURN_ENDED;
        return is_command(text) ? command(t, chat, text, e) : pass_words(t, chat, text, e);
    case MESSAGE_EDIT: return noted(desk_note(t, chat, TEXT_DESK_NO_EDIT, 0, NULL, e));
    case MESSAGE_MEDIA: return pass_file(t, chat, m, e);
    default: return TURN_ENDED;
    }
}

/* Written to nobody. In a group people may talk among themselves; a person's own chat has no other use. */
static enum ending to_nobody(struct turns *t, const struct inbound *in, struct err *e)
{
    const struct message *m = &in->message;
    bool meant = in->kind == INBOUND_MESSAGE && m->kind != MESSAGE_TAP && m->kind != MESSAGE_OPEN;

    return meant ? noted(desk_note(t, NULL, TEXT_DESK_WHOM, 0, NULL, e)) : TURN_ENDED;
}

enum ending desk_item(struct turns *t, struct item *x, struct err *e)
{
    struct chat chat;

    if (desk_heard(t, e) != 0) return TURN_TROUBLE;
    item_courtesy(t, x->in, false);
    int rc = whom(t, x->in, &chat, e);
    if (rc < 0) return TURN_TROUBLE;
    if (rc != 1) {
        /* People talking, or a message about somebody erased: no erasure would ever find it. */
        return store_inbox_strip(t->store, x->inbox, e) == 0 ? to_nobody(t, x->in, e) : TURN_TROUBLE;
    }
    x->contact = chat.contact; /* what she wrote goes with the person */
    chat.inbox = x->inbox;
    return written(t, &chat, x->in, e);
}

/* ---- what she writes elsewhere ---- */

/* An echo may come before the answer to our own send, which has no id yet then: it is ours when it says
 * the same. */
static int is_on_its_way(struct turns *t, const struct chat *chat, const char *text, struct err *e)
{
    struct content_row *row;
    int ours = 0;

    if (text == NULL) return 0;
    if (store_outbox_on_its_way(t->store, chat->contact, chat->account, t->arena, &row, e) != 0) return -1;
    for (; row != NULL && ours == 0; row = row->next) ours = whatsapp_says(row->content, text);
    return ours;
}

/* 1 our own send, 0 hers, -1. */
static int is_ours(struct turns *t, const struct chat *chat, const struct message *m, struct err *e)
{
    int ours = store_outbox_is_ours(t->store, chat->channel, m->id, e);

    return ours != 0 ? ours : is_on_its_way(t, chat, m->text, e);
}

enum ending desk_echo(struct turns *t, struct item *x, struct err *e)
{
    const struct message *m = &x->in->message;
    struct chat chat = {.channel = x->in->who.channel, .account = x->in->who.account, .inbox = x->inbox};

    if (store_contact_resolve(t->store, &x->in->who, t->now_ms, &chat.contact, e) != 0) return TURN_TROUBLE;
    x->contact = chat.contact;
    if (m->kind == MESSAGE_REACTION) return TURN_ENDED; /* a thumb up is no answer */
    /* Told days later, after an outage: by now she has been silent for longer than that. */
    if (m->sent_ms > 0 && t->now_ms - m->sent_ms > t->config->human_ms) return TURN_ENDED;
    int ours = is_ours(t, &chat, m, e);
    if (ours != 0) return ours < 0 ? TURN_TROUBLE : TURN_ENDED;
    enum ending end = event(t, &chat, EVENT_SPOKE, e);
    if (end != TURN_ENDED || t->desk == NULL) return end;
    const char *shown = m->kind == MESSAGE_MEDIA
                            ? dossier_label(content_script(t->content), dossier_thing(m->media), t->arena)
                            : m->text;
    return noted(desk_note(t, &chat, TEXT_DESK_ECHO, DESK_BACK, shown, e));
}

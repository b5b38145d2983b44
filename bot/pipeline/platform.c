#include "platform.h"

#include <string.h>

#include "buf.h"
#include "channel.h"
#include "config.h"
#include "telegram.h"
#include "telegram_desk.h"
#include "whatsapp.h"

/* Free text may leave until 24 hours after the person last wrote (WhatsApp error 131047); a
 * minute less for clocks that differ. */
static const int64_t WHATSAPP_WINDOW_MS = INT64_C(24) * 3600 * 1000 - 60 * 1000;

/* ---- WhatsApp ---- */

static void whatsapp_url(const struct platform *p, struct buf *out)
{
    whatsapp_messages_url(p->config->whatsapp_api_base, p->config->whatsapp_api_version, p->account, out);
}

static bool whatsapp_courtesy(const struct platform *p, const struct courtesy *c, int k, struct buf *url,
                              struct buf *body)
{
    if (k > 0 || !c->answered) return false;
    whatsapp_url(p, url);
    whatsapp_read_receipt(c->message_id, p->config->whatsapp_receipt == RECEIPT_TYPING, body);
    return true;
}

/* ---- Telegram ---- */

static const char press[] = "press/";

static void telegram_send_url(const struct platform *p, struct buf *out)
{
    telegram_url(p->config->telegram_api_base, p->config->telegram_bot_token, "sendMessage", out);
}

/* "CHAT/MESSAGE": the ids of a message. */
static bool halves(const char *id, char chat[static 24], const char **message)
{
    const char *slash = id == NULL ? NULL : strchr(id, '/');

    if (slash == NULL || (size_t)(slash - id) >= 24) return false;
    memcpy(chat, id, (size_t)(slash - id));
    chat[slash - id] = '\0';
    *message = slash + 1;
    return true;
}

/* While we wait for the rest of a thought its writer must not think that nobody is there. */
static bool telegram_shows_typing(const struct platform *p, const struct courtesy *c, struct buf *url,
                                  struct buf *body)
{
    char chat[24];
    const char *message;

    if (!halves(c->message_id, chat, &message)) return false;
    telegram_url(p->config->telegram_api_base, p->config->telegram_bot_token, "sendChatAction", url);
    telegram_typing(chat, body);
    return true;
}

/* Each press is answered, or the button spins; and a choice that was made offers nothing more. */
static bool telegram_courtesy(const struct platform *p, const struct courtesy *c, int k, struct buf *url,
                              struct buf *body)
{
    const struct config *config = p->config;
    char chat[24];
    const char *message;

    if (c->waits) return k == 0 && telegram_shows_typing(p, c, url, body);
    if (strncmp(c->message_id, press, sizeof press - 1) != 0 || k > 1) return false;
    if (k == 0) {
        telegram_url(config->telegram_api_base, config->telegram_bot_token, "answerCallbackQuery", url);
        telegram_answer_press(c->message_id + sizeof press - 1, body);
        return true;
    }
    if (!halves(c->about, chat, &message)) return false;
    telegram_url(config->telegram_api_base, config->telegram_bot_token, "editMessageReplyMarkup", url);
    telegram_drop_keyboard(chat, message, body);
    return true;
}

/* ---- all ---- */

void platforms_set(struct platform p[static PLATFORM_N], const struct config *config)
{
    p[PLATFORM_WHATSAPP] = (struct platform){.channel = &whatsapp,
                                             .name = "WhatsApp",
                                             .config = config,
                                             .on = config->whatsapp,
                                             .account = config->whatsapp_phone_number_id,
                                             .bearer = config->whatsapp_access_token,
                                             .window_ms = WHATSAPP_WINDOW_MS,
                                             .courteous = config->whatsapp_receipt != RECEIPT_OFF,
                                             .url = whatsapp_url,
                                             .courtesy = whatsapp_courtesy,
                                             .all = p};
    p[PLATFORM_TELEGRAM] = (struct platform){.channel = &telegram,
                                             .name = "Telegram",
                                             .config = config,
                                             .on = config->telegram_bot_token != NULL,
                                             .account = config->telegram_bot_id,
                                             .courteous = true,
                                             .shows_typing = true,
                                             .url = telegram_send_url,
                                             .courtesy = telegram_courtesy,
                                             .all = p};
    p[PLATFORM_DESK] = (struct platform){.channel = &telegram_desk,
                                         .name = "Telegram",
                                         .config = config,
                                         .on = config->telegram_desk_chat != NULL,
                                         .account = config->telegram_desk_chat,
                                         .all = p};
}

const struct platform *platform_at(const struct platform *p, const char *account)
{
    for (size_t i = 0; i < PLATFORM_N; i++)
        if (p[i].on && strcmp(p[i].account, account) == 0) return &p[i];
    return NULL;
}

const struct platform *platform_of(const struct platform *p, const char *channel)
{
    for (size_t i = 0; i < PLATFORM_N; i++)
        if (strcmp(p[i].channel->name, channel) == 0) return &p[i];
    return NULL;
}

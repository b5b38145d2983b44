/* telegram.h -- Telegram Bot API 10.3: long polling or webhook in, sendMessage out. */
#ifndef TELEGRAM_H
#define TELEGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct channel;

/* telegram.parse takes an answer to getUpdates as well as one update of a webhook. The `id` of an
 * item is "BOT/update_id", for each bot counts its own; that of a message "CHAT/MESSAGE_ID", for message ids count per chat. */
extern const struct channel telegram;

/* The header that carries the secret_token given to setWebhook. The body itself is not signed. */
#define TELEGRAM_SECRET_HEADER "x-telegram-bot-api-secret-token"

/* It has 1 to so many of [A-Za-z0-9_-]. */
enum { TELEGRAM_SECRET_MAX = 256 };

/* telegram_bot_id(token, out): our account: the digits before the ':' of a token. False, and
 * `out` empty, when it does not look like a token: digits, ':' and 30 or more of [A-Za-z0-9_-]. */
enum { TELEGRAM_BOT_ID_MAX = 24 };
bool telegram_bot_id(const char *token, char out[static TELEGRAM_BOT_ID_MAX]);

/* telegram_url(base, token, method, out): where a method is called. Holds the token: for no log. */
void telegram_url(const char *base, const char *token, const char *method, struct buf *out);

/* telegram_get_updates(offset, timeout_s, out): the body of getUpdates. An offset confirms all
 * updates before it; 0: none yet. */
void telegram_get_updates(int64_t offset, int timeout_s, struct buf *out);

/* telegram_next_offset(body, n): the offset that confirms all updates of an answer to getUpdates;
 * 0 when it holds none. */
int64_t telegram_next_offset(const char *body, size_t n);

/* telegram_answer_press(callback_query_id, out): the body of answerCallbackQuery, which every
 * press needs lest the person's app goes on waiting. The id is what follows "press/". */
void telegram_answer_press(const char *callback_query_id, struct buf *out);

/* telegram_drop_keyboard(chat_id, message_id, out): the body of editMessageReplyMarkup that takes
 * the buttons off one of our messages. */
void telegram_drop_keyboard(const char *chat_id, const char *message_id, struct buf *out);

/* telegram_copy(from_chat, message_id, to_chat, to_thread, out): the body of copyMessage: what was sent in
 * one chat, file and caption, as a message of ours in another; to_thread: a topic there, or NULL. The answer
 * names no chat: the id in its verdict is the new message's number alone. */
void telegram_copy(const char *from_chat, const char *message_id, const char *to_chat, const char *to_thread,
                   struct buf *out);

/* telegram_set_commands(commands, n, language, out): the body of setMyCommands: what the app's menu
 * offers to who has it in `language` (two letters; NULL: in any other). One that Telegram would not
 * take would cost all of them, so it is left out: a name is 1 to 32 of [a-z0-9_]. Descriptions are cut at 256. */
enum { TELEGRAM_COMMAND_NAME_MAX = 32, TELEGRAM_COMMAND_POINTS_MAX = 256 };
struct telegram_command {
    const char *name, *description;
};
void telegram_set_commands(const struct telegram_command *commands, size_t n, const char *language,
                           struct buf *out);

/* telegram_typing(chat_id, out): the body of sendChatAction: "typing", for 5 s or until a message comes. */
void telegram_typing(const char *chat_id, struct buf *out);

#endif

/* config.h -- the settings: from the environment and, beneath it, a .env file.
 *
 * All strings live as long as the config. Every fault is told, with the setting's name, what it
 * holds (never a secret) and what was expected. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "log.h"

struct arena;

/* What we tell the customer's phone when a message is taken up. */
enum receipt { RECEIPT_OFF, RECEIPT_READ, RECEIPT_TYPING, RECEIPT_N };

/* What becomes of a system call that the bot has no need of: the end of the process; nothing; a
 * line in the kernel's log. */
enum confinement { CONFINEMENT_ON, CONFINEMENT_OFF, CONFINEMENT_LOG, CONFINEMENT_N };

struct config {
    struct arena *arena;

    const char *listen_address;
    int listen_port;
    const char *tls_certificate, *tls_key; /* NULL: plain HTTP */

    const char *admin_address; /* NULL: nobody is told how it fares */
    int admin_port;

    enum confinement confinement;

    const char *database_url;

    bool whatsapp; /* the four below are set */
    const char *whatsapp_verify_token, *whatsapp_app_secret, *whatsapp_access_token;
    const char *whatsapp_phone_number_id;
    const char *whatsapp_api_base, *whatsapp_api_version;
    enum receipt whatsapp_receipt;

    const char *telegram_bot_token; /* NULL: the channel is off               */
    const char *telegram_bot_id;    /* the token's first half: who we are there */
    const char *telegram_api_base;
    bool telegram_webhook;               /* updates are posted to us; else we ask for them */
    const char *telegram_webhook_secret; /* never NULL then                                */

    const char *telegram_desk_chat; /* the chat where the human is told, and answers. NULL: no desk  */
    int64_t human_ms;               /* her chat goes back to the bot after so long without a word     */
    const char *whatsapp_template;  /* to be named when the window is shut. Or NULL                   */

    const char *log_key; /* what chats are named by in the log is hashed with; never NULL */

    int burst_wait_ms; /* 0: nothing typed waits for more                     */
    bool flood_limit;  /* who writes too fast, or too much in a day, hears less */

    const char *flow, *business, *locales, *locale;
    int retain_text_days, retain_answers_days;

    enum log_level log_level;
    enum log_format log_format;
};

/* config_read(c, environment, env_file, faults): `environment` as in environ(7). `env_file` is a
 * path that need not exist, or NULL (env_file.h). A setting that is empty is one that is not set
 * (but an empty ADMIN_LISTEN is off). Faults are written as lines to `faults`. -1 when there is any; config_free() in every case. */
int config_read(struct config *c, char *const *environment, const char *env_file, FILE *faults);

/* config_wipe(environment): the values of the secrets become nothing in the environment's own memory, which
 * /proc/PID/environ shows to whoever may, and every child inherits. After config_read(), which has copies. What
 * started us (a shell, a service manager, a container's description) may still have and show its own. */
void config_wipe(char *const *environment);
void config_free(struct config *c);

#endif

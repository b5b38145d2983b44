#include "menu.h"

#include <string.h>

#include "buf.h"
#include "business.h"
#include "config.h"
#include "dialogue.h"
#include "err.h"
#include "flow.h"
#include "http_client.h"
#include "log.h"
#include "platform.h"
#include "telegram.h"
#include "text.h"

enum { TIMEOUT_MS = 15 * 1000, STATUS_OK = 200, CODE_LETTERS = 2 };

static void trouble(struct menu *m, int status, const char *why)
{
    if (!m->told)
        log_warn("menu", "channel=telegram status=%d error=\"%s\" effect=\"no commands in its menu\"", status,
                 why);
    m->told = true;
}

static void on_answer(void *user, uint64_t tag, const struct http_answer *a)
{
    struct menu *m = user;

    (void)tag;
    if (a->status != STATUS_OK) trouble(m, a->status, a->trouble != NULL ? a->trouble : "refused");
}

/* ---- what is offered ---- */

static struct params facts(const struct business *b)
{
    return (struct params){.value = {[PARAM_BUSINESS] = b->name,
                                     [PARAM_HUMAN] = b->human,
                                     [PARAM_PHONE] = b->phone,
                                     [PARAM_EMAIL] = b->email,
                                     [PARAM_SITE] = b->site,
                                     [PARAM_SOCIAL] = b->social}};
}

/* In the words of `l`; false when memory ran out. `language` NULL: for everybody. */
static bool write_menu(const struct script *s, const struct locale *l, const char *language, struct buf *out)
{
    const struct flow *f = s->flow;
    const struct params p = facts(s->business);
    struct telegram_command commands[FLOW_COMMANDS_MAX] = {{0}};
    struct buf words[FLOW_COMMANDS_MAX] = {{0}};
    bool failed = false;
    size_t n = 0;

    for (size_t i = 0; i < f->command_n; i++) {
        int label = flow_command_label(f, (int)i);
        if (label < 0) continue;
        text_write(l, label, &p, &words[n]);
        failed |= words[n].failed;
        commands[n] = (struct telegram_command){.name = f->command[i].id, .description = buf_text(&words[n])};
        n++;
    }
    telegram_set_commands(commands, n, language, out);
    for (size_t i = 0; i < n; i++) buf_free(&words[i]);
    return !failed && !out->failed;
}

/* ---- the call ---- */

static void offer(struct menu *m, const struct buf *url, const struct buf *body, struct http_client *client)
{
    const struct http_call call = {.url = buf_text(url),
                                   .body = body->data,
                                   .body_n = body->len,
                                   .timeout_ms = TIMEOUT_MS,
                                   .done = on_answer,
                                   .user = m};
    struct err e = {0};

    if (http_client_send(client, &call, &e) != 0) trouble(m, 0, e.text);
}

void menu_offer(struct menu *m, const struct platform *platform, const struct script *script,
                struct http_client *client)
{
    const struct config *c = platform->config;
    struct buf url = {0};

    *m = (struct menu){0};
    if (!platform->on) return;
    telegram_url(c->telegram_api_base, c->telegram_bot_token, "setMyCommands", &url);
    for (size_t i = 0; i < script->locale_n && !url.failed; i++) {
        const struct locale *l = script->locales[i];
        struct buf body = {0};
        /* Telegram knows languages by two letters, and no regions. */
        if (i == 0 || strlen(l->code) == CODE_LETTERS) {
            if (write_menu(script, l, i == 0 ? NULL : l->code, &body))
                offer(m, &url, &body, client);
            else
                trouble(m, 0, "out of memory");
        }
        buf_free(&body);
    }
    if (url.failed) trouble(m, 0, "out of memory");
    buf_free(&url);
}

#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "env_file.h"
#include "err.h"
#include "telegram.h"

enum {
    ARENA_BYTES = 4096,
    DAYS_MAX = 3650,           /* ten years: longer is no retention period             */
    BURST_WAIT_MS_MAX = 10000, /* longer, and a person thinks that nobody is there       */
    CHAT_DIGITS_MAX = 20,      /* 64 bits and a sign                                     */
    HUMAN_HOURS_MAX = 168,     /* a week: longer is no silence but the end                 */
    PORT_MAX = 65535
};

#define HOUR_MS INT64_C(3600000)

struct reader {
    struct config *c;
    char *const *environment;
    const struct env_pair *file;
    FILE *faults;
    int bad;
};

/* `is` NULL: not to be shown, for it may be a secret, or one that strayed into the wrong line. */
static void fault(struct reader *r, const char *name, const char *is, const char *expected)
{
    if (is != NULL)
        (void)fprintf(r->faults, "%s: '%s' is not %s\n", name, is, expected);
    else
        (void)fprintf(r->faults, "%s: expected %s\n", name, expected);
    r->bad++;
}

static void missing(struct reader *r, const char *name, const char *what)
{
    (void)fprintf(r->faults, "%s: missing: %s\n", name, what);
    r->bad++;
}

static void out_of_memory(struct reader *r)
{
    (void)fputs("settings: out of memory\n", r->faults);
    r->bad++;
}

/* ---- kinds of values ---- */

/* The environment wins; what is empty is not set. */
static const char *lookup(const struct reader *r, const char *name)
{
    size_t n = strlen(name);

    for (char *const *e = r->environment; *e != NULL; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=' && (*e)[n + 1] != '\0') return *e + n + 1;
    return env_file_value(r->file, name);
}

static const char *text(struct reader *r, const char *name, const char *otherwise)
{
    const char *value = lookup(r, name);

    if (value == NULL) return otherwise;
    char *copy = arena_strdup(r->c->arena, value);
    if (copy == NULL) out_of_memory(r);
    return copy;
}

static bool number_in(const char *s, size_t n, int from, int to, int *out)
{
    int value = 0;

    if (n == 0 || n > 6) return false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        value = value * 10 + (s[i] - '0');
    }
    *out = value;
    return value >= from && value <= to;
}

static int whole(struct reader *r, const char *name, int from, int to, int otherwise, const char *expected)
{
    const char *value = lookup(r, name);
    int n = otherwise;

    if (value != NULL && !number_in(value, strlen(value), from, to, &n)) fault(r, name, value, expected);
    return n;
}

static int days(struct reader *r, const char *name, int otherwise)
{
    return whole(r, name, 1, DAYS_MAX, otherwise, "a number of days from 1 to 3650");
}

/* Set, and set to nothing: where that says something. The environment wins here as well. */
static bool emptied(const struct reader *r, const char *name)
{
    size_t n = strlen(name);

    for (char *const *e = r->environment; *e != NULL; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=') return (*e)[n + 1] == '\0';
    for (const struct env_pair *p = r->file; p != NULL; p = p->next)
        if (strcmp(p->name, name) == 0) return *p->value == '\0';
    return false;
}

/* address:port, [v6]:port; the address is looked up when it is bound. */
static void listen_on(struct reader *r, const char *name, const char *otherwise, const char **address_out,
                      int *port_out)
{
    const char *value = text(r, name, otherwise);
    if (value == NULL) return;
    const char *colon = strrchr(value, ':'), *from = value;
    size_t n = colon == NULL ? 0 : (size_t)(colon - value);
    bool v6 = n > 2 && value[0] == '[' && value[n - 1] == ']';

    if (v6) {
        from++;
        n -= 2;
    }
    bool address = n > 0 && strcspn(from, "/@ []") >= n && (v6 || memchr(from, ':', n) == NULL);
    if (!address || !number_in(colon + 1, strlen(colon + 1), 0, PORT_MAX, port_out)) {
        fault(r, name, value, "address:port, like 127.0.0.1:8080 or [::1]:8080");
        return;
    }
    *address_out = arena_strndup(r->c->arena, from, n);
    if (*address_out == NULL) out_of_memory(r);
}

static int one_of(struct reader *r, const char *name, const char *const *words, int otherwise,
                  const char *expected)
{
    const char *value = lookup(r, name);

    if (value == NULL) return otherwise;
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0) return i;
    fault(r, name, value, expected);
    return otherwise;
}

static bool all_in(const char *s, const char *set)
{
    return *s != '\0' && s[strspn(s, set)] == '\0';
}

/* What goes into a header: visible ASCII alone. */
static bool is_token(const char *s)
{
    for (; *s != '\0'; s++)
        if (*s <= ' ' || *s > '~') return false;
    return true;
}

/* ---- WhatsApp ---- */

/* `rest` is what follows the host: nothing, a path, or a port and a path. */
static bool ends_host(const char *rest)
{
    if (*rest == ':') {
        size_t n = strspn(rest + 1, "0123456789");
        if (n == 0) return false;
        rest += 1 + n;
    }
    return *rest == '\0' || *rest == '/';
}

/* The token goes there with every send: over TLS, or no further than this machine. */
static bool is_api_base(const char *url)
{
    static const char *const here[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};

    if (!is_token(url) || strpbrk(url, "@?#") != NULL) return false;
    if (strncmp(url, "https://", 8) == 0) return isalnum((unsigned char)url[8]) || url[8] == '[';
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        size_t n = strlen(here[i]);
        if (strncmp(url, here[i], n) == 0 && ends_host(url + n)) return true;
    }
    return false;
}

static const char *api_base(struct reader *r, const char *name, const char *otherwise)
{
    const char *base = text(r, name, otherwise);

    if (base != NULL && !is_api_base(base))
        fault(r, name, strchr(base, '@') == NULL ? base : NULL,
              "an https:// address without user or query (http:// only on this machine)");
    return base;
}

/* v25.0 */
static bool is_version(const char *s)
{
    size_t major = *s == 'v' ? strspn(s + 1, "0123456789") : 0;
    return major > 0 && s[1 + major] == '.' && all_in(s + 2 + major, "0123456789");
}

static void read_account(struct reader *r)
{
    struct config *c = r->c;
    const struct {
        const char *name, **to, *what;
    } needed[] = {
        {"WHATSAPP_VERIFY_TOKEN", &c->whatsapp_verify_token,
         "a word of your own, given to Meta with the callback URL"},
        {"WHATSAPP_APP_SECRET", &c->whatsapp_app_secret, "App settings > Basic > App secret"},
        {"WHATSAPP_ACCESS_TOKEN", &c->whatsapp_access_token, "a system user's token that does not expire"},
        {"WHATSAPP_PHONE_NUMBER_ID", &c->whatsapp_phone_number_id, "WhatsApp > API setup > Phone number ID"},
    };
    const size_t n = sizeof needed / sizeof *needed;
    size_t set = 0;

    for (size_t i = 0; i < n; i++) {
        *needed[i].to = text(r, needed[i].name, NULL);
        set += *needed[i].to != NULL;
    }
    c->whatsapp = set == n;
    for (size_t i = 0; set > 0 && i < n; i++)
        if (*needed[i].to == NULL) missing(r, needed[i].name, needed[i].what);
    if (c->whatsapp_phone_number_id != NULL && !all_in(c->whatsapp_phone_number_id, "0123456789"))
        fault(r, "WHATSAPP_PHONE_NUMBER_ID", NULL, "a phone number id: digits alone");
    if (c->whatsapp_access_token != NULL && !is_token(c->whatsapp_access_token))
        fault(r, "WHATSAPP_ACCESS_TOKEN", NULL, "one word, as Meta shows it");
    if (c->whatsapp_app_secret != NULL && !is_token(c->whatsapp_app_secret))
        fault(r, "WHATSAPP_APP_SECRET", NULL, "one word, as Meta shows it");
}

static void read_whatsapp(struct reader *r)
{
    static const char *const receipts[] = {
        [RECEIPT_OFF] = "off", [RECEIPT_READ] = "read", [RECEIPT_TYPING] = "typing", [RECEIPT_N] = NULL};
    struct config *c = r->c;

    read_account(r);
    c->whatsapp_api_base = api_base(r, "WHATSAPP_API_BASE", "https://graph.facebook.com");
    c->whatsapp_api_version = text(r, "WHATSAPP_API_VERSION", "v25.0");
    if (c->whatsapp_api_version != NULL && !is_version(c->whatsapp_api_version))
        fault(r, "WHATSAPP_API_VERSION", c->whatsapp_api_version, "a version like v25.0");
    c->whatsapp_receipt =
        (enum receipt)one_of(r, "WHATSAPP_READ_RECEIPT", receipts, RECEIPT_OFF, "off, read or typing");
}

/* What setWebhook takes as secret_token; it is all that an update is known by. */
static bool is_webhook_secret(const char *s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    return all_in(s, letters) && strlen(s) <= TELEGRAM_SECRET_MAX;
}

static void read_telegram_webhook(struct reader *r)
{
    static const char *const modes[] = {"poll", "webhook", NULL};
    struct config *c = r->c;

    c->telegram_webhook = one_of(r, "TELEGRAM_MODE", modes, 0, "poll or webhook") == 1;
    c->telegram_webhook_secret = text(r, "TELEGRAM_WEBHOOK_SECRET", NULL);
    if (c->telegram_webhook_secret == NULL && c->telegram_webhook)
        missing(r, "TELEGRAM_WEBHOOK_SECRET", "a word of your own, given to setWebhook as secret_token");
    else if (c->telegram_webhook_secret != NULL && !is_webhook_secret(c->telegram_webhook_secret))
        fault(r, "TELEGRAM_WEBHOOK_SECRET", NULL, "1 to 256 letters (A-Z, a-z), digits, '_' and '-'");
}

static void read_telegram(struct reader *r)
{
    struct config *c = r->c;
    char id[TELEGRAM_BOT_ID_MAX];

    c->telegram_bot_token = text(r, "TELEGRAM_BOT_TOKEN", NULL);
    if (c->telegram_bot_token != NULL) {
        if (!telegram_bot_id(c->telegram_bot_token, id))
            fault(r, "TELEGRAM_BOT_TOKEN", NULL, "digits, a colon and a long word, as BotFather gives it");
        else if ((c->telegram_bot_id = arena_strdup(c->arena, id)) == NULL)
            out_of_memory(r);
    }
    c->telegram_api_base = api_base(r, "TELEGRAM_API_BASE", "https://api.telegram.org");
    read_telegram_webhook(r);
    c->log_key = c->whatsapp_app_secret != NULL  ? c->whatsapp_app_secret
                 : c->telegram_bot_token != NULL ? c->telegram_bot_token
                                                 : "";
}

/* ---- the human ---- */

/* A chat's id: of a person digits, of a group with a minus before them. */
static bool is_chat(const char *s)
{
    if (*s == '-') s++;
    return *s != '0' && strlen(s) <= CHAT_DIGITS_MAX && all_in(s, "0123456789");
}

static void read_human(struct reader *r)
{
    struct config *c = r->c;

    c->telegram_desk_chat = text(r, "TELEGRAM_DESK_CHAT", NULL);
    if (c->telegram_desk_chat != NULL && !is_chat(c->telegram_desk_chat))
        fault(r, "TELEGRAM_DESK_CHAT", c->telegram_desk_chat, "a chat's id, like -1001234567890");
    if (c->telegram_desk_chat != NULL && c->telegram_bot_token == NULL)
        missing(r, "TELEGRAM_BOT_TOKEN", "the desk (TELEGRAM_DESK_CHAT) is reached by a bot");
    c->human_ms = HOUR_MS * whole(r, "HUMAN_HOURS", 1, HUMAN_HOURS_MAX, 12, "hours from 1 to 168");
    c->whatsapp_template = text(r, "WHATSAPP_TEMPLATE", NULL);
}

/* ---- the rest ---- */

static void read_rest(struct reader *r)
{
    static const char *const formats[] = {"logfmt", "json", NULL};
    static const char *const confinements[] = {[CONFINEMENT_ON] = "on",
                                               [CONFINEMENT_OFF] = "off",
                                               [CONFINEMENT_LOG] = "log",
                                               [CONFINEMENT_N] = NULL};
    static const char *const switches[] = {"off", "on", NULL};
    struct config *c = r->c;

    listen_on(r, "HTTP_LISTEN", "127.0.0.1:8080", &c->listen_address, &c->listen_port);
    if (!emptied(r, "ADMIN_LISTEN"))
        listen_on(r, "ADMIN_LISTEN", "127.0.0.1:9090", &c->admin_address, &c->admin_port);
    c->tls_certificate = text(r, "TLS_CERTIFICATE", NULL);
    c->tls_key = text(r, "TLS_KEY", NULL);
    if ((c->tls_certificate == NULL) != (c->tls_key == NULL))
        missing(r, c->tls_key == NULL ? "TLS_KEY" : "TLS_CERTIFICATE", "certificate and key go together");

    /* Another kind of URL may hold a password. */
    c->database_url = text(r, "DATABASE_URL", "sqlite:data/mailwijzer.db");
    if (c->database_url != NULL &&
        (strncmp(c->database_url, "sqlite:", 7) != 0 || c->database_url[7] == '\0'))
        fault(r, "DATABASE_URL", NULL, "sqlite:PATH");

    c->burst_wait_ms = whole(r, "BURST_WAIT_MS", 0, BURST_WAIT_MS_MAX, 1500, "milliseconds from 0 to 10000");
    c->flood_limit = one_of(r, "FLOOD_LIMIT", switches, 1, "off or on") == 1;
    c->flow = text(r, "FLOW", "flows/mailkeuze.json");
    c->business = text(r, "BUSINESS", "flows/business.json");
    c->locales = text(r, "LOCALES", "locales");
    c->locale = text(r, "LOCALE", "nl");
    c->retain_text_days = days(r, "RETAIN_TEXT_DAYS", 30);
    c->retain_answers_days = days(r, "RETAIN_ANSWERS_DAYS", 365);
    c->confinement = (enum confinement)one_of(r, "CONFINE", confinements, CONFINEMENT_ON, "on, off or log");
    c->log_level = LOG_INFO;
    const char *level = lookup(r, "LOG_LEVEL");
    if (level != NULL && !log_level_from(level, &c->log_level))
        fault(r, "LOG_LEVEL", level, "debug, info, warn or error");
    c->log_format = (enum log_format)one_of(r, "LOG_FORMAT", formats, LOG_LOGFMT, "logfmt or json");
}

int config_read(struct config *c, char *const *environment, const char *env_file, FILE *faults)
{
    struct reader r = {.c = c, .environment = environment, .faults = faults};

    *c = (struct config){.arena = arena_new(ARENA_BYTES)};
    if (c->arena == NULL) {
        out_of_memory(&r);
        return -1;
    }
    if (env_file != NULL) r.bad += env_file_read(env_file, c->arena, &r.file, faults);
    read_whatsapp(&r);
    read_telegram(&r);
    read_human(&r);
    read_rest(&r);
    return r.bad == 0 ? 0 : -1;
}

void config_wipe(char *const *environment)
{
    static const char *const wiped[] = {
        "WHATSAPP_VERIFY_TOKEN=", "WHATSAPP_APP_SECRET=", "WHATSAPP_ACCESS_TOKEN=", "TELEGRAM_BOT_TOKEN=",
        "TELEGRAM_WEBHOOK_SECRET="};

    for (char *const *e = environment; *e != NULL; e++)
        for (size_t i = 0; i < sizeof wiped / sizeof *wiped; i++) {
            size_t n = strlen(wiped[i]);
            if (strncmp(*e, wiped[i], n) == 0) explicit_bzero(*e + n, strlen(*e + n));
        }
}

void config_free(struct config *c)
{
    arena_free(c->arena);
    c->arena = NULL;
}

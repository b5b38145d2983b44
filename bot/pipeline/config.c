#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

enum {
    ARENA_BYTES = 4096,
    ENV_LINE_MAX = 4096,
    DAYS_MAX = 3650 /* ten years: longer is no retention period */
};

struct pair {
    struct pair *next;
    char *name, *value;
};

struct reader {
    struct config *c;
    char *const *environment;
    struct pair *file;
    FILE *faults;
    int bad;
};

static void fault(struct reader *r, const char *name, const char *is, const char *expected)
{
    if (is != NULL)
        (void)fprintf(r->faults, "%s: '%s' is not %s\n", name, is, expected);
    else
        (void)fprintf(r->faults, "%s: missing: %s\n", name, expected);
    r->bad++;
}

/* ---- where values come from ---- */

static const char *lookup(const struct reader *r, const char *name)
{
    size_t n = strlen(name);

    for (char *const *e = r->environment; *e != NULL; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=' && (*e)[n + 1] != '\0') return *e + n + 1;
    for (const struct pair *p = r->file; p != NULL; p = p->next)
        if (strcmp(p->name, name) == 0 && p->value[0] != '\0') return p->value;
    return NULL;
}

static char *trim(char *s)
{
    s += strspn(s, " \t");
    size_t n = strlen(s);
    while (n > 0 && isspace((unsigned char)s[n - 1])) s[--n] = '\0';
    return s;
}

/* NAME=value, NAME="value", # comment. */
static void read_line(struct reader *r, const char *path, int number, char *line)
{
    line = trim(line);
    if (*line == '\0' || *line == '#') return;
    char *equals = strchr(line, '=');
    if (equals == NULL || equals == line) {
        (void)fprintf(r->faults, "%s: line %d: expected NAME=value\n", path, number);
        r->bad++;
        return;
    }
    *equals = '\0';
    char *value = trim(equals + 1);
    size_t n = strlen(value);
    if (n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n - 1] == value[0]) {
        value[n - 1] = '\0';
        value++;
    }
    struct pair *p = arena_alloc(r->c->arena, sizeof *p);
    if (p == NULL) {
        r->bad++;
        return;
    }
    *p = (struct pair){.next = r->file,
                       .name = arena_strdup(r->c->arena, trim(line)),
                       .value = arena_strdup(r->c->arena, value)};
    if (p->name == NULL || p->value == NULL)
        r->bad++;
    else
        r->file = p;
}

static void read_file(struct reader *r, const char *path)
{
    char line[ENV_LINE_MAX];
    FILE *f = path == NULL ? NULL : fopen(path, "re");

    if (f == NULL) {
        if (path != NULL && errno != ENOENT) fault(r, path, "(this file)", "readable");
        return;
    }
    for (int number = 1; fgets(line, sizeof line, f) != NULL; number++) read_line(r, path, number, line);
    (void)fclose(f);
}

/* ---- kinds of values ---- */

static const char *text(struct reader *r, const char *name, const char *otherwise)
{
    const char *value = lookup(r, name);
    if (value == NULL) return otherwise;
    char *copy = arena_strdup(r->c->arena, value);
    if (copy == NULL) r->bad++;
    return copy;
}

static bool number_in(const char *s, size_t n, int from, int to, int *out)
{
    long value = 0;

    if (n == 0 || n > 6) return false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        value = value * 10 + (s[i] - '0');
    }
    *out = (int)value;
    return value >= from && value <= to;
}

static int days(struct reader *r, const char *name, int otherwise)
{
    const char *value = lookup(r, name);
    int n = otherwise;

    if (value != NULL && !number_in(value, strlen(value), 1, DAYS_MAX, &n))
        fault(r, name, value, "a number of days from 1 to 3650");
    return n;
}

/* address:port, [v6]:port */
static void listen_on(struct reader *r, const char *name, const char *otherwise)
{
    const char *value = text(r, name, otherwise);
    if (value == NULL) return;
    const char *colon = strrchr(value, ':');
    const char *from = value;
    size_t n = colon == NULL ? 0 : (size_t)(colon - value);

    if (n > 2 && from[0] == '[' && from[n - 1] == ']') {
        from++;
        n -= 2;
    }
    if (n == 0 || !number_in(colon + 1, strlen(colon + 1), 0, 65535, &r->c->listen_port)) {
        fault(r, name, value, "address:port, like 127.0.0.1:8080");
        return;
    }
    r->c->listen_address = arena_strndup(r->c->arena, from, n);
    if (r->c->listen_address == NULL) r->bad++;
}

static int one_of(struct reader *r, const char *name, const char *const *words, int otherwise, const char *expected)
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

/* ---- the settings ---- */

static void read_whatsapp(struct reader *r)
{
    struct config *c = r->c;
    const struct {
        const char *name, **to, *what;
    } needed[] = {
        {"WHATSAPP_VERIFY_TOKEN", &c->whatsapp_verify_token, "a word of your own, given to Meta with the callback URL"},
        {"WHATSAPP_APP_SECRET", &c->whatsapp_app_secret, "App settings > Basic > App secret"},
        {"WHATSAPP_ACCESS_TOKEN", &c->whatsapp_access_token, "a system user's token that does not expire"},
        {"WHATSAPP_PHONE_NUMBER_ID", &c->whatsapp_phone_number_id, "WhatsApp > API setup > Phone number ID"},
    };
    size_t set = 0;

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        *needed[i].to = text(r, needed[i].name, NULL);
        set += *needed[i].to != NULL;
    }
    c->whatsapp = set == sizeof needed / sizeof *needed;
    for (size_t i = 0; set > 0 && i < sizeof needed / sizeof *needed; i++)
        if (*needed[i].to == NULL) fault(r, needed[i].name, NULL, needed[i].what);
    if (c->whatsapp_phone_number_id != NULL && !all_in(c->whatsapp_phone_number_id, "0123456789"))
        fault(r, "WHATSAPP_PHONE_NUMBER_ID", c->whatsapp_phone_number_id, "a phone number id: digits alone");

    c->whatsapp_api_base = text(r, "WHATSAPP_API_BASE", "https://graph.facebook.com");
    if (c->whatsapp_api_base != NULL && strncmp(c->whatsapp_api_base, "https://", 8) != 0 &&
        strncmp(c->whatsapp_api_base, "http://127.0.0.1:", 17) != 0 &&
        strncmp(c->whatsapp_api_base, "http://localhost:", 17) != 0 && strncmp(c->whatsapp_api_base, "http://[::1]:", 13) != 0)
        fault(r, "WHATSAPP_API_BASE", c->whatsapp_api_base, "an https:// address (http:// only on this machine)");
    c->whatsapp_api_version = text(r, "WHATSAPP_API_VERSION", "v25.0");
    if (c->whatsapp_api_version != NULL &&
        (c->whatsapp_api_version[0] != 'v' || !all_in(c->whatsapp_api_version + 1, "0123456789.")))
        fault(r, "WHATSAPP_API_VERSION", c->whatsapp_api_version, "a version like v25.0");

    static const char *const receipts[] = {
        [RECEIPT_OFF] = "off", [RECEIPT_READ] = "read", [RECEIPT_TYPING] = "typing", [RECEIPT_N] = NULL};
    c->whatsapp_receipt = (enum receipt)one_of(r, "WHATSAPP_READ_RECEIPT", receipts, RECEIPT_OFF, "off, read or typing");
}

static void read_rest(struct reader *r)
{
    struct config *c = r->c;
    static const char *const levels[] = {"debug", "info", "warn", "error", NULL};
    static const char *const formats[] = {"logfmt", "json", NULL};

    listen_on(r, "HTTP_LISTEN", "127.0.0.1:8080");
    c->tls_certificate = text(r, "TLS_CERTIFICATE", NULL);
    c->tls_key = text(r, "TLS_KEY", NULL);
    if ((c->tls_certificate == NULL) != (c->tls_key == NULL))
        fault(r, c->tls_key == NULL ? "TLS_KEY" : "TLS_CERTIFICATE", NULL, "certificate and key go together");

    c->database_url = text(r, "DATABASE_URL", "sqlite:data/mailwijzer.db");
    if (c->database_url != NULL && (strncmp(c->database_url, "sqlite:", 7) != 0 || c->database_url[7] == '\0'))
        fault(r, "DATABASE_URL", c->database_url[0] == 's' ? c->database_url : "(hidden)", "sqlite:PATH");

    c->flow = text(r, "FLOW", "flows/mailkeuze.json");
    c->business = text(r, "BUSINESS", "flows/business.json");
    c->locales = text(r, "LOCALES", "locales");
    c->locale = text(r, "LOCALE", "nl");
    c->retain_text_days = days(r, "RETAIN_TEXT_DAYS", 30);
    c->retain_answers_days = days(r, "RETAIN_ANSWERS_DAYS", 365);
    c->log_level = (enum log_level)one_of(r, "LOG_LEVEL", levels, LOG_INFO, "debug, info, warn or error");
    c->log_format = (enum log_format)one_of(r, "LOG_FORMAT", formats, LOG_LOGFMT, "logfmt or json");
}

int config_read(struct config *c, char *const *environment, const char *env_file, FILE *faults)
{
    struct reader r = {.c = c, .environment = environment, .faults = faults};

    *c = (struct config){.arena = arena_new(ARENA_BYTES)};
    if (c->arena == NULL) {
        (void)fputs("out of memory\n", faults);
        return -1;
    }
    read_file(&r, env_file);
    read_whatsapp(&r);
    read_rest(&r);
    return r.bad == 0 ? 0 : -1;
}

void config_free(struct config *c)
{
    arena_free(c->arena);
    c->arena = NULL;
}

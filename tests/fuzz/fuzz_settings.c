/* fuzz_settings -- any bytes as a .env file and as the environment: settings that are accepted are whole and
 * within their bounds, those that are not are told a line each, and no secret is told. */
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "env_file.h"
#include "fuzz.h"

enum { VARIABLES_MAX = 32 };

/* Malformed each in its way, so that a fault about it is written. */
static const char canary[] = "hush7d1f";
static const char *const secrets[] = {"WHATSAPP_ACCESS_TOKEN=two words hush7d1f",
                                      "WHATSAPP_APP_SECRET=two words hush7d1f",
                                      "WHATSAPP_PHONE_NUMBER_ID=hush7d1f",
                                      "TELEGRAM_BOT_TOKEN=12:hush7d1f",
                                      "TELEGRAM_WEBHOOK_SECRET=hush7d1f!",
                                      "DATABASE_URL=postgres://user:hush7d1f@db/x",
                                      "WHATSAPP_API_BASE=https://user:hush7d1f@example.org",
                                      "TELEGRAM_API_BASE=http://user:hush7d1f@example.org"};

/* A file of memory, by its name. */
static int file_with(const void *bytes, size_t n, char name[static 32])
{
    int fd = memfd_create("env", MFD_CLOEXEC);

    must(fd >= 0 && (n == 0 || write(fd, bytes, n) == (ssize_t)n));
    (void)snprintf(name, 32, "/proc/self/fd/%d", fd);
    return fd;
}

/* ---- the file alone ---- */

static bool quotable(const char *value)
{
    return strchr(value, '"') == NULL || strchr(value, '\'') == NULL;
}

/* Written between quotes and read again, a file says the same. */
static void again(const struct env_pair *pairs, struct arena *a)
{
    const struct env_pair *back;
    struct buf text = {0};
    char name[32];

    for (const struct env_pair *p = pairs; p != NULL; p = p->next) {
        must(*p->name != '\0' && strpbrk(p->name, "= \t\r\n") == NULL && strpbrk(p->value, "\n") == NULL);
        char quote = strchr(p->value, '"') == NULL ? '"' : '\'';
        if (quotable(p->value)) buf_addf(&text, "%s=%c%s%c # as before\n", p->name, quote, p->value, quote);
    }
    int fd = file_with(buf_text(&text), text.len, name);
    must(env_file_read(name, a, &back, stderr) == 0);
    /* The last comes first, in either: so the second list is the first one backwards. */
    size_t n = 0, m = 0;
    for (const struct env_pair *p = pairs; p != NULL; p = p->next) n += quotable(p->value);
    for (const struct env_pair *p = back; p != NULL; p = p->next) m++;
    must(n == m);
    for (const struct env_pair *p = pairs; p != NULL; p = p->next) {
        if (!quotable(p->value)) continue;
        const struct env_pair *same = back;
        for (size_t i = 1; i < m; i++) same = same->next;
        m--;
        must(strcmp(p->name, same->name) == 0 && strcmp(p->value, same->value) == 0);
    }
    (void)close(fd);
    buf_free(&text);
}

static void read_file(const char *name, FILE *faults)
{
    const struct env_pair *pairs;
    struct arena *a = arena_new(4096);

    must(a != NULL);
    long before = ftell(faults);
    int bad = env_file_read(name, a, &pairs, faults);
    must((bad == 0) == (ftell(faults) == before));
    again(pairs, a);
    arena_free(a);
}

/* ---- all settings ---- */

static void must_be_whole(const struct config *c)
{
    const char *const always[] = {c->listen_address,
                                  c->database_url,
                                  c->whatsapp_api_base,
                                  c->telegram_api_base,
                                  c->whatsapp_api_version,
                                  c->log_key,
                                  c->flow,
                                  c->business,
                                  c->locales,
                                  c->locale};

    for (size_t i = 0; i < sizeof always / sizeof *always; i++) must(always[i] != NULL);
    must(*c->listen_address != '\0' && c->listen_port >= 0 && c->listen_port <= 65535);
    must(c->admin_address == NULL || (c->admin_port >= 0 && c->admin_port <= 65535));
    must((c->tls_certificate == NULL) == (c->tls_key == NULL));
    must(strncmp(c->database_url, "sqlite:", 7) == 0 && c->database_url[7] != '\0');
    must(c->burst_wait_ms >= 0 && c->burst_wait_ms <= 10000);
    must(c->retain_text_days >= 1 && c->retain_answers_days >= 1);
    must(c->human_ms >= INT64_C(3600000) && c->human_ms <= INT64_C(168) * 3600000);
    must(c->log_level <= LOG_ERROR && c->log_format <= LOG_JSON && c->whatsapp_receipt < RECEIPT_N);
}

/* A token goes into a header, an address is where it is sent to. */
static void must_be_safe(const struct config *c)
{
    const char *const tokens[] = {c->whatsapp_access_token, c->whatsapp_app_secret, c->telegram_bot_token,
                                  c->telegram_webhook_secret};
    const char *const bases[] = {c->whatsapp_api_base, c->telegram_api_base};

    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        for (const char *s = tokens[i]; s != NULL && *s != '\0'; s++) must(*s > ' ' && *s <= '~');
    for (size_t i = 0; i < 2; i++) {
        must(strpbrk(bases[i], "@?# \r\n") == NULL);
        if (strncmp(bases[i], "https://", 8) == 0) continue;
        const char *host = bases[i] + strlen("http://");
        must(strncmp(bases[i], "http://", 7) == 0);
        must(strncmp(host, "127.0.0.1", 9) == 0 || strncmp(host, "localhost", 9) == 0 ||
             strncmp(host, "[::1]", 5) == 0);
        host += *host == '[' ? 5 : 9;
        must(*host == '\0' || *host == ':' || *host == '/');
    }
    must(c->whatsapp == (c->whatsapp_access_token != NULL));
    if (c->whatsapp) must(strspn(c->whatsapp_phone_number_id, "0123456789") > 0);
    must((c->telegram_bot_token == NULL) == (c->telegram_bot_id == NULL));
    must(!c->telegram_webhook || c->telegram_webhook_secret != NULL);
    must(c->telegram_desk_chat == NULL || c->telegram_bot_token != NULL);
}

static void read_all(const char *name, char *const *environment, FILE *faults)
{
    struct config c;
    long before = ftell(faults);
    int rc = config_read(&c, environment, name, faults);

    (void)fflush(faults);
    must((rc == 0) == (ftell(faults) == before));
    if (rc == 0) {
        must_be_whole(&c);
        must_be_safe(&c);
    }
    config_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char name[32], *environment[VARIABLES_MAX + 1] = {NULL}, *lines = NULL;
    size_t count = 0, size = 0;
    struct input in = {data, data + n};
    uint8_t how = input_byte(&in);
    struct arena *a = arena_new(4096);
    FILE *faults = open_memstream(&lines, &size);

    must(a != NULL && faults != NULL);
    /* The environment first, string by string; behind an empty one the file. */
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (how >> i & 1) environment[count++] = arena_strdup(a, secrets[i]);
    for (char *s; in.p < in.end && *(s = input_string(&in, a)) != '\0';)
        if (count < VARIABLES_MAX) environment[count++] = s;
    int fd = file_with(in.p, (size_t)(in.end - in.p), name);
    bool says = n > 0 && memmem(data, n, canary, strlen(canary)) != NULL;

    read_file(name, faults);
    read_all(name, environment, faults);
    (void)fclose(faults);
    must(says || memmem(lines, size, canary, strlen(canary)) == NULL);
    must(size == 0 || lines[size - 1] == '\n');
    free(lines);
    (void)close(fd);
    arena_free(a);
    return 0;
}

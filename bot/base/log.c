#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { LOG_LINE_MAX = 1024 };

/* The sink is the one thing of this program that lives at file scope: a log that had to be
 * handed to every function would be in every signature and in nobody's interest. */
static struct {
    FILE *to;
    _Atomic int level;
    enum log_format format;
} sink = {NULL, LOG_INFO, LOG_LOGFMT};

static const char *const level_name[] = {
    [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
_Static_assert(sizeof level_name / sizeof *level_name == LOG_N, "name each");

bool log_level_from(const char *name, enum log_level *out)
{
    for (int i = 0; i < LOG_N; i++) {
        if (strcmp(name, level_name[i]) != 0) continue;
        *out = (enum log_level)i;
        return true;
    }
    return false;
}

void log_open(FILE *to, enum log_level level, enum log_format format)
{
    sink.to = to;
    sink.format = format;
    atomic_store(&sink.level, (int)level);
}

bool log_wants(enum log_level level)
{
    return (int)level >= atomic_load(&sink.level);
}

/* A line stays one line, whatever the values hold. */
static void flatten(char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f) *s = ' ';
}

static size_t put(char *out, size_t used, const char *s, size_t n)
{
    for (size_t i = 0; i < n && used + 2 < LOG_LINE_MAX; i++) {
        if (s[i] == '"' || s[i] == '\\') out[used++] = '\\';
        out[used++] = s[i];
    }
    return used;
}

static size_t put_raw(char *out, size_t used, const char *s)
{
    while (*s != '\0' && used + 1 < LOG_LINE_MAX) out[used++] = *s++;
    return used;
}

/* A quote within a value is no end of it: the end is where the line ends or the next key begins. */
static bool ends_value(const char *quote)
{
    if (quote[1] == '\0') return true;
    if (quote[1] != ' ') return false;
    size_t key = strcspn(quote + 2, "= \"");
    return key > 0 && quote[2 + key] == '=';
}

/* key=value and key="a value" become "key":"value"; every value is a string. */
static size_t json_pairs(char *out, size_t used, const char *s)
{
    while (*s != '\0') {
        s += strspn(s, " ");
        size_t key = strcspn(s, "= ");
        if (key == 0 || s[key] != '=') {
            s += key + (s[key] != '\0');
            continue;
        }
        const char *value = s + key + 1;
        bool quoted = *value == '"';
        const char *end = value + quoted;
        while (*end != '\0' && !(quoted ? *end == '"' && ends_value(end) : *end == ' ')) end++;
        used = put_raw(out, used, ",\"");
        used = put(out, used, s, key);
        used = put_raw(out, used, "\":\"");
        used = put(out, used, value + quoted, (size_t)(end - value - quoted));
        used = put_raw(out, used, "\"");
        s = end + (*end != '\0');
    }
    return used;
}

void log_line(enum log_level level, const char *where, const char *fmt, ...)
{
    char words[LOG_LINE_MAX / 2];
    char line[LOG_LINE_MAX + 8];
    char when[40];
    struct timespec now;
    struct tm utc;
    va_list ap;

    if (!log_wants(level)) return;
    va_start(ap, fmt);
    (void)vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    flatten(words);

    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(when + n, sizeof when - n, ".%03ldZ", now.tv_nsec / 1000000);

    FILE *to = sink.to != NULL ? sink.to : stderr;
    if (sink.format == LOG_LOGFMT) {
        (void)fprintf(to, "time=%s level=%s at=%s %s\n", when, level_name[level], where, words);
    } else {
        int head = snprintf(line, LOG_LINE_MAX, "{\"time\":\"%s\",\"level\":\"%s\",\"at\":\"%s\"", when,
                            level_name[level], where);
        size_t used = json_pairs(line, (size_t)head, words);
        line[used] = '\0';
        (void)fprintf(to, "%s}\n", line);
    }
    (void)fflush(to);
}

/* log.h -- one line per event, logfmt or JSON, to one sink.
 *
 * Callers write logfmt: log_info("send", "outbox=%lld verdict=%s", ...). A value that can
 * hold a space stands between double quotes in the format. Never a secret, a phone number,
 * a name or a person's words: ids and keyed hashes only. Any thread may log. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_N };
enum log_format { LOG_LOGFMT, LOG_JSON };

/* log_level_from(name, out): "debug", "info", "warn", "error". False for another name. */
bool log_level_from(const char *name, enum log_level *out);

/* log_open(sink, level, format): lines below `level` are dropped. The sink is borrowed.
 * Before the first call everything from `info` up goes to stderr as logfmt. */
void log_open(FILE *sink, enum log_level level, enum log_format format);

/* log_wants(level): would such a line be written? For what costs something to find out. */
bool log_wants(enum log_level level);

void log_line(enum log_level level, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(where, ...) log_line(LOG_DEBUG, where, __VA_ARGS__)
#define log_info(where, ...)  log_line(LOG_INFO, where, __VA_ARGS__)
#define log_warn(where, ...)  log_line(LOG_WARN, where, __VA_ARGS__)
#define log_error(where, ...) log_line(LOG_ERROR, where, __VA_ARGS__)

#endif

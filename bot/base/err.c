#include "err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, const char *fmt, ...)
{
    va_list ap;

    if (e == NULL) return -1;
    va_start(ap, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
    char tail[ERR_TEXT_MAX];
    va_list ap;

    if (e == NULL) return -1;
    memcpy(tail, e->text, sizeof tail);
    va_start(ap, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    size_t used = strlen(e->text);
    if (used + 3 >= sizeof e->text) return -1;
    (void)snprintf(e->text + used, sizeof e->text - used, ": %.*s", (int)(sizeof e->text - used - 3), tail);
    return -1;
}

int err_errno(struct err *e, const char *what, int number)
{
    char words[128];

    /* GNU's strerror_r may return a constant instead of filling `words`. */
    return err_set(e, "%s: %s", what, strerror_r(number, words, sizeof words));
}

#include "telegram_file.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "telegram_parts.h"
#include "wire.h"

/* Telegram's have some 30 bytes and no stated end. */
enum { PATH_BYTES_MAX = 512 };

void telegram_get_file(const char *file_id, struct buf *out)
{
    buf_adds(out, "{\"file_id\":");
    wire_put(out, file_id);
    buf_addc(out, '}');
}

static bool is_path(const char *s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";

    if (strlen(s) > PATH_BYTES_MAX) return false;
    for (;;) {
        size_t n = strspn(s, letters);
        if (n == 0 || strspn(s, ".") == n) return false;
        if (s[n] != '/') return s[n] == '\0';
        s += n + 1;
    }
}

int telegram_file_found(const char *body, size_t n, struct arena *a, const char **path, int64_t *size,
                        struct err *e)
{
    json_t *tree = wire_load(body, n, e), *file = wire_true(tree, "ok") ? wire_object(tree, "result") : NULL;
    const char *told = wire_string(file, "file_path");
    int rc = -1;

    *path = NULL;
    *size = 0;
    if (tree == NULL) {
        (void)err_wrap(e, "telegram file");
    } else if (told == NULL || !is_path(told)) {
        (void)err_set(e, "telegram file: an answer without a path to fetch");
    } else if ((*path = arena_strdup(a, told)) == NULL) {
        (void)err_set(e, "telegram file: out of memory");
    } else {
        if (!telegram_id(file, "file_size", size) || *size < 0) *size = 0;
        rc = 0;
    }
    json_decref(tree);
    return rc;
}

void telegram_file_url(const char *base, const char *token, const char *path, struct buf *out)
{
    telegram_put_base(base, out);
    buf_addf(out, "/file/bot%s/%s", token, path);
}

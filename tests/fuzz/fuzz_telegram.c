/* fuzz_telegram -- fuzz_channel.h on Telegram, and what a file's path is read from. Seeds:
 * tests/payload/telegram/. */
#include "fuzz_channel.h"
#include "telegram.h"
#include "telegram_file.h"

static void inspect_found(const uint8_t *data, size_t n)
{
    const char *path;
    int64_t size;
    struct err e = {{0}};
    struct arena *a = arena_new(4096);

    if (a == NULL) return;
    if (telegram_file_found((const char *)data, n, a, &path, &size, &e) == 0)
        must(*path != '\0' && *path != '/' && strstr(path, "../") == NULL &&
             strpbrk(path, " ?#%\r\n") == NULL && size >= 0);
    else
        must(e.text[0] != '\0' && path == NULL);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    inspect_found(data, n);
    return fuzz_channel(&telegram, data, n);
}

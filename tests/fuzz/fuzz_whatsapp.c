/* fuzz_whatsapp -- fuzz_channel.h on WhatsApp, and what a media's address is read from. Seeds:
 * tests/payload/whatsapp/. */
#include "fuzz_channel.h"
#include "whatsapp.h"
#include "whatsapp_media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void inspect_found(const uint8_t *data, size_t n)
{
    struct whatsapp_media media;
    struct err e = {{0}};
    struct arena *a = arena_new(4096);

    if (a == NULL) return;
    if (whatsapp_media_found((const char *)data, n, a, &media, &e) == 0)
        must(strncasecmp(media.url, "http", 4) == 0 && strpbrk(media.url, " \r\n") == NULL &&
             media.size >= 0);
    else
        must(e.text[0] != '\0' && media.url == NULL);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    inspect_found(data, n);
    return fuzz_channel(&whatsapp, data, n);
}

/* fuzz_whatsapp -- fuzz_channel.h on WhatsApp, and what a media's address and an upload's id are read
 * from. Seeds: tests/payload/whatsapp/. */
#include "fuzz_channel.h"
#include "whatsapp.h"
#include "whatsapp_media.h"
#include "whatsapp_upload.h"

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

static void inspect_uploaded(const uint8_t *data, size_t n)
{
    const char *id;
    struct err e = {{0}};
    struct arena *a = arena_new(4096);

    if (a == NULL) return;
    if (whatsapp_uploaded((const char *)data, n, a, &id, &e) == 0)
        must(*id != '\0' && *id != '.' && strpbrk(id, "/ ?#%\r\n") == NULL && strlen(id) <= MEDIA_ID_MAX);
    else
        must(e.text[0] != '\0' && id == NULL);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    inspect_uploaded(data, n);
    inspect_found(data, n);
    return fuzz_channel(&whatsapp, data, n);
}

#include "mime.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "message.h"

bool mime_is(const char *s)
{
    size_t n = 0;

    for (; s[n] != '\0'; n++)
        if (s[n] < ' ' || s[n] > '~' || n >= MIME_MAX) return false;
    return n > 0;
}

bool mime_same(const char *theirs, const char *ours)
{
    size_t n = theirs == NULL ? 0 : strcspn(theirs, "; ");

    return n > 0 && n == strlen(ours) && strncasecmp(theirs, ours, n) == 0;
}

/* By the name people's programs know what to do with a file. */
static const struct {
    const char *mime, *extension;
} extensions[] = {
    {"image/jpeg", ".jpg"},      {"image/png", ".png"},  {"image/webp", ".webp"}, {"audio/ogg", ".ogg"},
    {"audio/mpeg", ".mp3"},      {"audio/mp4", ".m4a"},  {"audio/aac", ".aac"},   {"audio/amr", ".amr"},
    {"video/mp4", ".mp4"},       {"video/3gpp", ".3gp"}, {"text/plain", ".txt"},  {"text/vcard", ".vcf"},
    {"application/pdf", ".pdf"},
};

const char *mime_extension(const char *mime)
{
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (mime_same(mime, extensions[i].mime)) return extensions[i].extension;
    return "";
}

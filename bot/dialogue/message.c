#include "message.h"

#include <string.h>

static const char *const message_name[] = {
    [MESSAGE_TEXT] = "text",         [MESSAGE_TAP] = "tap",   [MESSAGE_MEDIA] = "media",
    [MESSAGE_REACTION] = "reaction", [MESSAGE_EDIT] = "edit", [MESSAGE_REVOKE] = "revoke",
    [MESSAGE_OPEN] = "open"};
_Static_assert(sizeof message_name / sizeof *message_name == MESSAGE_N, "name each");

static const char *const media_name[] = {
    [MEDIA_VOICE] = "voice",       [MEDIA_AUDIO] = "audio",       [MEDIA_IMAGE] = "image",
    [MEDIA_VIDEO] = "video",       [MEDIA_DOCUMENT] = "document", [MEDIA_STICKER] = "sticker",
    [MEDIA_LOCATION] = "location", [MEDIA_CONTACT] = "contact",   [MEDIA_ORDER] = "order",
    [MEDIA_OTHER] = "other"};
_Static_assert(sizeof media_name / sizeof *media_name == MEDIA_N, "name each");

const char *message_kind_name(enum message_kind kind)
{
    return message_name[kind];
}

const char *media_kind_name(enum media_kind kind)
{
    return media_name[kind];
}

int media_kind_from(const char *name, enum media_kind *out)
{
    for (int i = 0; i < MEDIA_N; i++) {
        if (strcmp(name, media_name[i]) != 0) continue;
        *out = (enum media_kind)i;
        return 0;
    }
    return -1;
}

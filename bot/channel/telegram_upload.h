/* telegram_upload.h -- a file for a chat, in a form as browsers fill it in (RFC 7578): the only way to
 * give Telegram bytes that it cannot fetch itself.
 *
 * The method follows from what the file is; whatever does not meet a method's terms goes as a document,
 * which takes everything: a photo is JPEG, PNG or WebP of at most 10 MB; a voice note OGG with Opus; audio
 * MP3 or M4A; a video MP4; a sticker a WebP that stands still. What only a decoder sees is left to
 * Telegram: a photo whose sides it refuses may be sent again as MEDIA_DOCUMENT. */
#ifndef TELEGRAM_UPLOAD_H
#define TELEGRAM_UPLOAD_H

#include <stddef.h>

#include "message.h"

struct buf;
struct err;

/* Bytes of a file, and of one that goes as a photo. Telegram says 50 MB and 10 MB, not of which kind: the
 * smaller. TELEGRAM_CAPTION_MAX: code points, without tags. */
enum {
    TELEGRAM_UPLOAD_MAX = 50 * 1000 * 1000,
    TELEGRAM_PHOTO_MAX = 10 * 1000 * 1000,
    TELEGRAM_CAPTION_MAX = 1024
};

struct telegram_upload {
    const char *chat_id;
    const char *thread_id; /* a topic of a forum. Or NULL                                      */
    const char *reply_to;  /* a message of that chat, which may be gone. Or NULL               */
    const char *caption;   /* in parse_mode HTML; a sticker goes without. Or NULL              */
    enum media_kind kind;  /* what the person sent it as                                       */
    const char *file_name; /* NULL: after its kind, "voice.ogg"                                */
    const char *mime;      /* NULL: unknown                                                    */
    const char *bytes;
    size_t n;
};

/* telegram_upload_render(u, method, type, body, e): which method to call (it lives for ever), and with
 * what Content-Type and body, which are appended. A name or caption from outside cannot end its field. -1
 * when the file is empty or too large, or the caption too long; nothing was appended then. */
int telegram_upload_render(const struct telegram_upload *u, const char **method, struct buf *type,
                           struct buf *body, struct err *e);

#endif

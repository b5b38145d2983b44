/* whatsapp_upload.h -- a file for a person on WhatsApp: it is given to Meta first, which tells an id, and a
 * message then names the id (Cloud API reference, "Media", "Supported media types").
 *
 * What does not meet the terms of its kind goes as a document, which takes everything: an image is JPEG or
 * PNG, sound AAC, AMR, MP3, M4A or OGG with Opus, a video MP4 or 3GP, a sticker WebP. What only a decoder
 * sees is left to Meta, which fails the message with 131053; so is what the upload itself takes: beside
 * these kinds plain text, PDF and Microsoft's documents, and 100 for any other. */
#ifndef WHATSAPP_UPLOAD_H
#define WHATSAPP_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

struct arena;
struct buf;
struct err;

/* Bytes of a file by the kind it goes as ("Supported media types"; Meta says MB and KB, not of which kind:
 * the smaller). Of documents Meta takes 100 MB, but Telegram gives files of 20 at most, which stand in
 * memory. A sticker that moves may have 500 KB; Telegram's that move are no WebP. WHATSAPP_CAPTION_MAX and
 * WHATSAPP_FILE_NAME_MAX: code points. */
enum {
    WHATSAPP_IMAGE_MAX = 5 * 1000 * 1000,
    WHATSAPP_AUDIO_MAX = 16 * 1000 * 1000,
    WHATSAPP_VIDEO_MAX = 16 * 1000 * 1000,
    WHATSAPP_DOCUMENT_MAX = 20 * 1000 * 1000,
    WHATSAPP_STICKER_MAX = 100 * 1000,
    WHATSAPP_CAPTION_MAX = 1024,
    WHATSAPP_FILE_NAME_MAX = 240
};

/* whatsapp_kind_of(kind, mime, n): as which kind a file of `n` bytes goes: MEDIA_IMAGE, MEDIA_VOICE,
 * MEDIA_AUDIO, MEDIA_VIDEO, MEDIA_STICKER or MEDIA_DOCUMENT. `kind` is what the person sent it as; mime may
 * be NULL. */
enum media_kind whatsapp_kind_of(enum media_kind kind, const char *mime, size_t n);

/* whatsapp_captioned(kind): has a message of what whatsapp_kind_of() gave a caption? If not, the words go as
 * a text of their own. */
bool whatsapp_captioned(enum media_kind kind);

/* whatsapp_upload_url(base, version, account, out): where files are posted. */
void whatsapp_upload_url(const char *base, const char *version, const char *account, struct buf *out);

struct whatsapp_upload {
    enum media_kind kind;  /* names a file that has no name: "image.jpg"   */
    const char *file_name; /* or NULL                                      */
    const char *mime;      /* NULL: unknown, which Meta refuses            */
    const char *bytes;
    size_t n;
};

/* whatsapp_upload_render(u, type, body, e): with what Content-Type and body, which are appended. A name from
 * outside cannot end its field. -1 when the file is empty or too large; nothing was appended then. */
int whatsapp_upload_render(const struct whatsapp_upload *u, struct buf *type, struct buf *body,
                           struct err *e);

/* whatsapp_uploaded(body, n, a, id, e): the id in Meta's answer, good for 30 days; it lives in `a`. -1 when
 * there is none made as message.h says. The error quotes nothing of the answer. */
int whatsapp_uploaded(const char *body, size_t n, struct arena *a, const char **id, struct err *e);

/* whatsapp_file_content(kind, media_id, caption, file_name, out): the content of a message that brings a
 * file, as whatsapp.render gives it: without addressee. `kind` is what whatsapp_kind_of() gave; any other
 * goes as a document. Caption and file name, which may be NULL, are cut to what Meta takes, the name before
 * its ending; only a document has a name. */
void whatsapp_file_content(enum media_kind kind, const char *media_id, const char *caption,
                           const char *file_name, struct buf *out);

#endif

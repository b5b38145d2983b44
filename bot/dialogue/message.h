/* message.h -- what a person sent, whatever the platform: plain values, borrowed strings. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdint.h>

enum message_kind {
    MESSAGE_TEXT,     /* typed words (a tapped ice breaker or /command as well)           */
    MESSAGE_TAP,      /* a button or list row, ours or of an old message                  */
    MESSAGE_MEDIA,    /* something the bot cannot read; `media` says what                 */
    MESSAGE_REACTION, /* an emoji put on, or taken off, a message                         */
    MESSAGE_EDIT,     /* `text` replaces the words of message `about`                     */
    MESSAGE_REVOKE,   /* message `about` was withdrawn                                    */
    MESSAGE_OPEN,     /* the person opened the chat and wrote nothing yet                 */
    MESSAGE_N
};

enum media_kind {
    MEDIA_VOICE,
    MEDIA_AUDIO,
    MEDIA_IMAGE,
    MEDIA_VIDEO,
    MEDIA_DOCUMENT,
    MEDIA_STICKER,
    MEDIA_LOCATION,
    MEDIA_CONTACT,
    MEDIA_ORDER,
    MEDIA_OTHER, /* unsupported or unknown types: ask to send it as text */
    MEDIA_N
};

/* A media_id is made of [A-Za-z0-9._-]; a file name, in code points, is one line of text without path
 * separators; a mime is printable ASCII. */
enum { MEDIA_ID_MAX = 128, FILE_NAME_MAX = 255, MIME_MAX = 127 };

struct message {
    enum message_kind kind;
    enum media_kind media;  /* of MESSAGE_MEDIA                                            */
    int64_t sent_ms;        /* when the person sent it, by the platform's clock            */
    const char *id;         /* the platform's id; never NULL                               */
    const char *text;       /* TEXT, EDIT: the words; TAP: the title; MEDIA: the caption. Or NULL */
    const char *choice;     /* TAP: the id we gave the button. Else NULL                   */
    const char *about;      /* REACTION, EDIT, REVOKE, or a quoting reply: that message's id. Or NULL */
    const char *name;       /* the person's display name. Or NULL                          */
    const char *media_id;   /* MEDIA: by which the platform gives the file. Or NULL          */
    const char *file_name;  /* MEDIA: what the person's file is called. Or NULL              */
    const char *mime;       /* MEDIA: what the platform says the file is. Or NULL            */
    const char *our_number; /* digits of the number written to, where it has one. Or NULL  */
};

/* Names for logs and scripts: "text", "tap", …; "voice", "image", … */
const char *message_kind_name(enum message_kind kind);
const char *media_kind_name(enum media_kind kind);

/* media_kind_from(name, out): 0, or -1 for a name that is none of these. */
int media_kind_from(const char *name, enum media_kind *out);

#endif

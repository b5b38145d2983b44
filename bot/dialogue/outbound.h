/* outbound.h -- what we will send, before any platform's shape; and the platforms' limits.
 *
 * Text is UTF-8 with *bold* marks. Choices become reply buttons while they fit, else a list. */
#ifndef OUTBOUND_H
#define OUTBOUND_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct choice {
    const char *id; /* comes back in MESSAGE_TAP; also from messages of months ago */
    const char *title;
    const char *note; /* a line beneath the title in a list. Or NULL */
};

struct link {
    const char *lead;  /* the sentence before it, without colon            */
    const char *title; /* on a button                                      */
    const char *url;   /* NULL: no link                                    */
};

/* WhatsApp: ten rows in a list, all sections together. */
enum { OUTBOUND_CHOICES_MAX = 10 };

struct outbound {
    const char *text;       /* never blank         */
    const char *footer;     /* or NULL             */
    const char *list_title; /* on the button that opens the list, where choices become one */
    struct link link;
    size_t choice_n;
    struct choice choice[OUTBOUND_CHOICES_MAX];
};

/* outbound_blank(s): nothing to be seen: NULL, empty or blanks alone, which platforms refuse or trim away. */
bool outbound_blank(const char *s);

/* A platform's limits, in code points unless said otherwise; 0 = the platform has none.
 * Sources: WhatsApp Cloud API, "Interactive messages"; Telegram Bot API 10.3, sendMessage and
 * InlineKeyboardButton. */
struct limits {
    const char *channel;
    size_t text;      /* a message of text alone                                    */
    size_t body;      /* the text of a message with buttons or a link button        */
    size_t list_body; /* the text of a message with a list                          */
    size_t footer;
    size_t buttons; /* reply buttons at most; beyond these a list                 */
    size_t button_title;
    size_t list_rows;   /* 0: no lists, then every choice is a button                 */
    size_t list_button; /* the label that opens the list                              */
    size_t row_title;
    size_t row_note;
    size_t link_title;
    size_t choice_id; /* bytes */
};

/* The limits of every channel; `*n` of them. */
const struct limits *limits_all(size_t *n);
const struct limits *limits_for(const char *channel); /* NULL for an unknown one */

/* The shape an outbound takes on a channel. */
enum outbound_shape { SHAPE_TEXT, SHAPE_BUTTONS, SHAPE_LIST, SHAPE_LINK };
enum outbound_shape outbound_shape(const struct outbound *o, const struct limits *l);

/* outbound_body_points(o, l): code points of the text as it leaves, at most: with what has no place of its
 * own on the channel, which is written out beneath it: a link beside choices, notes, the footer. */
size_t outbound_body_points(const struct outbound *o, const struct limits *l);

/* outbound_fit(o, l, e): 0, or -1 with the first limit broken, by name, length and maximum:
 * "button title 'Heel erg belangrijk voor mij' has 28 characters, whatsapp allows 20". Also
 * finds titles and ids that are blank or the same after cutting, and a link of which nothing tells what it is. */
int outbound_fit(const struct outbound *o, const struct limits *l, struct err *e);

#endif

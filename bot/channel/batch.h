/* batch.h -- the items of one body of a platform while they are being read.
 *
 * Memory that runs out is remembered in `failed`: what is read after that is worthless, and a
 * channel's parse asks once, at the end. Until then every string asked for may be NULL. */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "buf.h"
#include "channel.h"

struct arena;

/* Meta sends at most 1,000 updates in a body, Telegram 100; four times Meta's is nobody's. */
enum { BATCH_ITEMS_MAX = 4096 };

/* Meta's ids have about 80 bytes and no stated end; ours are keys of an index on disk. */
enum { ID_BYTES_MAX = 512 };

/* In code points. WhatsApp lets people type more than a bot may send; no answer of ours needs
 * more than a bot's own 4096. A name is for a greeting. A choice is an id of ours, at most 256. */
enum { TEXT_POINTS_MAX = 4096, NAME_POINTS_MAX = 64, CHOICE_POINTS_MAX = 256 };

struct batch {
    struct arena *arena;
    const char *channel; /* its name, which lives for ever */
    const char *account; /* ours                           */
    struct inbound *first, **tail;
    size_t count;
    struct buf scratch;
    bool failed;
};

/* batch_add(b, type): a new item at the end, of kind SKIPPED until something else is known.
 * `type` may come from outside. NULL when memory or BATCH_ITEMS_MAX is reached. */
struct inbound *batch_add(struct batch *b, const char *type);

/* What an item turns out to be. `reason` is ours and lives for ever, or in the arena; `item` is
 * its JSON. Nothing of a person stays in a skipped or broken item but the raw text. */
void batch_skip(struct batch *b, struct inbound *in, const json_t *item, const char *reason);
void batch_break(struct batch *b, struct inbound *in, const json_t *item, const char *reason);

const char *batch_keep(struct batch *b, const char *s);             /* a copy; NULL for NULL   */
const char *batch_text(struct batch *b, const char *s, size_t max); /* clean, at most max points */
const char *batch_line(struct batch *b, const char *s, size_t max); /* the same, on one line, or
                                                                        NULL when nothing is left */
const char *batch_word(struct batch *b, const char *s);             /* a platform's word, or NULL if it is
                                                           more than that: safe in any log      */
const char *batch_id(struct batch *b, const char *s);               /* NULL unless fit to be an id          */
const char *batch_mime(struct batch *b, const char *s);             /* NULL unless mime_is()         */
const char *batch_raw(struct batch *b, const json_t *item);         /* compact JSON                    */
const char *batch_hash(struct batch *b, const char *raw);           /* stands in for an id             */

/* batch_file_name(b, s): on one line, and with nothing in it that leads elsewhere when somebody saves the
 * file, or shows it as what it is not. NULL when nothing is left. */
const char *batch_file_name(struct batch *b, const char *s);

#endif

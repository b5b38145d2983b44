/* phrasebook.h -- phrases that mean one thing exactly as they stand. Room-internal.
 *
 * Kept by hash: a phrase is recognised, never shown again. */
#ifndef PHRASEBOOK_H
#define PHRASEBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "lexicon.h"
#include "meaning.h"

struct flow;
struct phrasebook;

/* Where a phrase holds, when not at one question. */
enum phrase_place {
    AT_ANY = -1,
    AT_FILLER = -2,  /* carries no meaning by itself            */
    AT_ORDINAL = -3, /* picks a choice: label.index is its rank */
    AT_START = -4    /* while no question is open               */
};

struct phrasebook *phrasebook_new(void);    /* NULL when out of memory */
void phrasebook_free(struct phrasebook *b); /* NULL is fine            */

/* phrasebook_add(b, at, words, label, old): 1 added or there already, 0 there for another label:
 * `*old` is that one, and from now on the phrase means neither. -1 out of memory. */
int phrasebook_add(struct phrasebook *b, int at, struct span words, const struct label *label,
                   struct label *old);

/* phrasebook_read(b, f, question, words, out): what normalised `words` mean while `question` (-1:
 * none) is open: as they stand, or with filler taken off their ends. False when the book does not
 * know. A rank learnt in digits ("optie 1") is known for every number; one that is not on offer is
 * known to be unclear: `*out` then has index -1. */
bool phrasebook_read(const struct phrasebook *b, const struct flow *f, int question, struct span words,
                     struct label *out);

size_t phrasebook_bytes(const struct phrasebook *b); /* of memory, for reports */

#endif

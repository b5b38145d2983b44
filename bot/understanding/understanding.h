/* understanding.h -- typed text and the open question in, labels out. Pure, read-only once built.
 *
 * Learns from example phrases (locales/<code>.phrases.json): a label per phrase, valid at one
 * question or everywhere. Labels are those of the flow: an answer's id or "unsure" at a
 * question; "faq:<topic>" and "command:<name>" anywhere. */
#ifndef UNDERSTANDING_H
#define UNDERSTANDING_H

#include <stdbool.h>
#include <stddef.h>

#include "meaning.h"

struct buf;
struct err;
struct flow;
struct understanding;

/* WhatsApp's longest message; what is beyond is not read. */
enum { UNDERSTANDING_TEXT_MAX = 4096 };

/* understanding_new(f): nothing learnt yet. The flow is borrowed for as long as this lives.
 * NULL when out of memory. */
struct understanding *understanding_new(const struct flow *f);
void understanding_free(struct understanding *u); /* NULL is fine */

/* understanding_learn(u, question, label, phrase, e): `question` is an id, or "any". "unsure" at
 * "any" holds at whichever question is open. -1 for a question or label the flow does not know,
 * an empty phrase, a phrase that already stands for another label of the same question, or no
 * memory. */
int understanding_learn(struct understanding *u, const char *question, const char *label, const char *phrase,
                        struct err *e);

/* Words that carry no meaning by themselves ("hoi", "graag"): left out when the rest is clear. */
int understanding_learn_filler(struct understanding *u, const char *phrase, struct err *e);

/* Words that pick from the choices as they are shown: ("de tweede", 2). Bare digits pick without
 * being learnt. What was learnt for the question itself goes first; a number that is not on offer
 * is unclear. -1 for an empty phrase, a rank below 1, a phrase with two ranks, or no memory. */
int understanding_learn_ordinal(struct understanding *u, int rank, const char *phrase, struct err *e);

/* understanding_ready(u, e): call once after the last phrase, before the first read. */
int understanding_ready(struct understanding *u, struct err *e);

/* understanding_read(u, question, text, out): what `text` means while `question` (an index of
 * the flow; -1 none) is open. Leaves `out->n` 0 when unclear. Any bytes are fine. */
void understanding_read(const struct understanding *u, int question, const char *text, struct meaning *out);

/* understanding_label(f, l, out): a label's name: "light", "unsure", "faq:pop", "command:human". */
void understanding_label(const struct flow *f, const struct label *l, struct buf *out);

/* ---- normalise: the form in which phrases and texts are compared ---- */

/* text_normalise(text, out): case folded (Unicode), compatibility forms decomposed, marks and
 * apostrophes dropped, every run of what is neither letter, digit nor known emoji sign one space,
 * none at the ends. "Káán 't  zo'n?" → "kaan t zon"; a thumb keeps its meaning whatever its skin
 * tone, and two of the same in a row are one. Appends; reads UNDERSTANDING_TEXT_MAX bytes. */
void text_normalise(const char *text, struct buf *out);

#endif

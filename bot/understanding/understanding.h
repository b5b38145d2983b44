/* understanding.h -- typed text and the open question in, meaning out. Pure, read-only once ready.
 *
 * Learns from example phrases (locales/<code>.phrases.json): a label per phrase, valid at one
 * question, while none is open, or everywhere. Labels are those of the flow: an answer's id or
 * "unsure" at a question; "faq:<topic>", "command:<name>" and "unclear" anywhere.
 *
 * A text is read in two ways. A phrase that was learnt, with courtesies around it, means what it
 * stands for. Any other text is read by a linear model over its words, pairs of words and letters
 * (model.h), as a whole and clause by clause, after short forms, slips of the thumb, numbers and
 * negations are seen for what they are (words.h). */
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

/* A reading below the first is asked about, below the second acted on and said with a way to
 * correct it. An answer changes the advice: it must be likelier than the rest together. */
#define UNDERSTANDING_ACCEPT 0.5
#define UNDERSTANDING_SURE   0.85

/* ---- learning ---- */

/* understanding_new(f): nothing learnt yet. The flow is borrowed for as long as this lives.
 * NULL when out of memory. */
struct understanding *understanding_new(const struct flow *f);
void understanding_free(struct understanding *u); /* NULL is fine */

/* understanding_learn(u, question, label, phrase, e): `question` is an id, "any", or "start" (none
 * open: as it stands, for the model does not weigh it). "unsure" at "any" holds at whichever question is open. 0; 1 with `e` filled when the
 * phrase stands for another label of the same question already: then by itself it means neither,
 * and the model weighs both. -1 for a question or label the flow does not know, an empty phrase,
 * or no memory. */
int understanding_learn(struct understanding *u, const char *question, const char *label, const char *phrase,
                        struct err *e);

/* understanding_learn_name(u, label, name, e): what the program itself calls a topic or command, as a
 * chat's menu may give it. Known by heart everywhere; it is nobody's way of speaking, so the model
 * does not weigh it. As understanding_learn(). */
int understanding_learn_name(struct understanding *u, const char *label, const char *name, struct err *e);

/* Words that are more than what they name. */
enum word_kind {
    WORD_KIND_FILLER,   /* "hoi", "graag": left out at the ends when the rest is clear */
    WORD_KIND_NEGATION, /* "niet": its clause denies what it says                      */
    WORD_KIND_PAST,     /* "vroeger": its clause holds no more                         */
    WORD_KIND_JOINT,    /* "en": a clause may begin here                               */
    WORD_KIND_CONTRAST, /* "maar": likewise                                            */
    WORD_KIND_LIMIT     /* "weinig": after a contrast it, and a number, says "only"    */
};
int understanding_learn_word(struct understanding *u, enum word_kind kind, const char *word, struct err *e);

/* Words that pick from the choices as they are shown: ("de tweede", 2). Bare digits pick without
 * being learnt. What was learnt for the question itself goes first; a number that is not on offer
 * is unclear. -1 for an empty phrase, a rank of 0 or below RANK_MIDDLE, a phrase with two ranks, or no memory. */
enum { RANK_MIDDLE = -2, RANK_LAST = -1 }; /* of the answers: "de middelste", "de onderste" */
int understanding_learn_ordinal(struct understanding *u, int rank, const char *phrase, struct err *e);

/* Words of one kind, of which the model learns what each of them says ("zus", "collega", "stagiair").
 * At most UNDERSTANDING_GROUPS_MAX groups; a word may be in several. */
enum { UNDERSTANDING_GROUPS_MAX = 32 };
int understanding_learn_group(struct understanding *u, const char *group, const char *word, struct err *e);

int understanding_learn_number(struct understanding *u, int value, const char *word, struct err *e);

/* ("idd", "inderdaad"): the first stands for the second. */
int understanding_learn_short(struct understanding *u, const char *word, const char *meaning, struct err *e);

/* ("ij", "y"): letters that are typed for one another; the second is not longer than the first. */
int understanding_learn_alike(struct understanding *u, const char *letters, const char *instead,
                              struct err *e);

/* understanding_ready(u, e): trains. Call once after the last phrase, before the first read; what was
 * learnt and is needed no more is let go. -1 when out of memory. */
int understanding_ready(struct understanding *u, struct err *e);

size_t understanding_bytes(const struct understanding *u); /* of memory once ready, for reports */

/* ---- reading ---- */

/* understanding_read(u, question, text, out): what `text` means while `question` (an index of
 * the flow; -1 none) is open. Any bytes are fine; nothing is understood when memory ran out. */
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

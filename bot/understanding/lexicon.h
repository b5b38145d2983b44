/* lexicon.h -- the words that are known: which occur in the phrases, what short forms stand
 * for, which are numbers, negations or marks of the past. Finds the known word that a mistyped one
 * was meant to be, and the known words that a long one is made of. Room-internal.
 *
 * All words are normalised (understanding.h); none is longer than LEXICON_WORD_MAX. */
#ifndef LEXICON_H
#define LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lexicon;

/* Dutch can go on ("arbeidsongeschiktheidsverzekering", 34); the rest of a longer word says nothing. */
enum { LEXICON_WORD_MAX = 48 };

enum { LEXICON_GROUPS_MAX = 32 };

enum word_mark {
    WORD_NEGATES = 1,   /* "niet", "geen"                                         */
    WORD_PAST = 2,      /* "vroeger": what it stands with holds no more           */
    WORD_JOINS = 4,     /* "en", "want": another thought may begin with it        */
    WORD_CONTRASTS = 8, /* "maar": what follows weighs against what came before  */
    WORD_LIMITS = 16    /* "weinig": "maar weinig" weighs against nothing        */
};

struct span {
    const char *at;
    size_t n;
};

struct lexicon *lexicon_new(void);    /* NULL when out of memory */
void lexicon_free(struct lexicon *l); /* NULL is fine            */

/* All below: -1 when out of memory. Before lexicon_ready(). What a word is said to be first, it stays. */
int lexicon_count(struct lexicon *l, struct span word); /* it occurs in a phrase: once more */
int lexicon_mark(struct lexicon *l, struct span word, enum word_mark mark);
int lexicon_number(struct lexicon *l, struct span word, int value);
/* One of a group of words that say the same kind of thing ("zus", "collega"): 0 to
 * LEXICON_GROUPS_MAX - 1. */
int lexicon_group(struct lexicon *l, struct span word, unsigned group);
int lexicon_short(struct lexicon *l, struct span word, struct span meaning); /* "idd" → "inderdaad" */
/* Letters that are typed for one another: ("ij", "y"). Spellings that differ in these are one. */
int lexicon_alike(struct lexicon *l, struct span letters, struct span instead);
int lexicon_ready(struct lexicon *l);

/* What is known of a word: NULL for an unknown one. */
struct entry {
    struct span word, meaning; /* meaning.at NULL: not a short form */
    uint32_t count;            /* in how many places of the phrases */
    int number;                /* -1: none                          */
    unsigned marks;
    uint32_t groups; /* a bit each */
};
const struct entry *lexicon_find(const struct lexicon *l, struct span word);

/* lexicon_meant(l, word): another known word that this one may be a slip of: the same but for letters
 * alike or doubled, or one letter dropped, added, swapped with its neighbour, or hit beside its
 * key. NULL when there is none, or for a word so short that a slip makes another word. */
const struct entry *lexicon_meant(const struct lexicon *l, struct span word);

/* lexicon_parts(l, word, parts): two known words that a long one is made of ("schilders-bedrijf").
 * False when there are none. */
bool lexicon_parts(const struct lexicon *l, struct span word, struct span parts[static 2]);

size_t lexicon_bytes(const struct lexicon *l); /* of memory, for reports */

#endif

/* words.h -- a text as the words that were meant, in clauses. Room-internal. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "lexicon.h"

/* A message of 4,096 characters has some 700 words; a text of single letters is no message. */
enum { WORDS_MAX = 1024 };

struct word {
    struct span at;        /* the known word that was meant, else as it was typed        */
    unsigned marks;        /* enum word_mark                                             */
    uint32_t groups;       /* a bit each; of a compound its end's                        */
    unsigned short clause; /* index                                                     */
    unsigned seen;         /* in how many places of the phrases                          */
    int number;            /* -1: none                                                   */
};

struct clause {
    size_t first, n; /* words                                                              */
    unsigned marks;  /* NEGATES, PAST: of its words; CONTRASTS: it stands against the last */
    bool asked;      /* ends with a question mark                                          */
    bool stopped;    /* a mark ended the clause before it: what follows can stand alone    */
};

struct words {
    struct buf text; /* the letters; words point into it or into the lexicon */
    size_t n, clause_n;
    struct word word[WORDS_MAX];
    struct clause clause[WORDS_MAX];
};

/* words_read(w, l, text): what was there before is gone. Beyond WORDS_MAX nothing is read; nothing
 * at all when memory ran out. */
void words_read(struct words *w, const struct lexicon *l, const char *text);
void words_free(struct words *w);

#endif

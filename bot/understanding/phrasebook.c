#include "phrasebook.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "hash.h"
#include "understanding.h"

enum { SLOTS_FIRST = 4096 };

/* People wrap an answer in a courtesy or two ("hoi, nou ja doe maar … graag"); a text with more
 * around it is not the phrase. It bounds the tries of one read as well. */
enum { STRIPS_MAX = 4, FILLER_WORDS_MAX = 6 };

/* "Het antwoord van keuze 1": more is no pick. */
enum { RANK_LETTERS_MAX = 40 };

/* There are many, so a label is kept small; its score is 1. */
struct phrase {
    uint64_t hash; /* of place and words; 0: free */
    int16_t index;
    int8_t question;
    uint8_t kind : 7, disputed : 1;
};
_Static_assert(FLOW_QUESTIONS_MAX <= INT8_MAX, "a question in a byte");
_Static_assert(sizeof(struct phrase) == 16, "four in a cache line");

struct phrasebook {
    struct phrase *slot;
    size_t slot_n, n; /* slot_n: a power of two */
};

struct phrasebook *phrasebook_new(void)
{
    struct phrasebook *b = calloc(1, sizeof *b);

    if (b == NULL) return NULL;
    b->slot_n = SLOTS_FIRST;
    b->slot = calloc(b->slot_n, sizeof *b->slot);
    if (b->slot != NULL) return b;
    free(b);
    return NULL;
}

void phrasebook_free(struct phrasebook *b)
{
    if (b == NULL) return;
    free(b->slot);
    free(b);
}

size_t phrasebook_bytes(const struct phrasebook *b)
{
    return sizeof *b + b->slot_n * sizeof *b->slot;
}

static uint64_t hash_of(int at, struct span words)
{
    /* An odd factor for each place keeps the same words of two places apart. */
    uint64_t h = hash_bytes(words.at, words.n) + (uint64_t)(at + 8) * UINT64_C(0x9E3779B97F4A7C15);

    return h == 0 ? 1 : h;
}

static struct phrase *slot_of(struct phrase *slot, size_t n, uint64_t hash)
{
    size_t at = (size_t)(hash ^ (hash >> 32)) & (n - 1);

    while (slot[at].hash != 0 && slot[at].hash != hash) at = (at + 1) & (n - 1);
    return &slot[at];
}

static int grow(struct phrasebook *b)
{
    struct phrase *fresh = calloc(b->slot_n * 2, sizeof *fresh);

    if (fresh == NULL) return -1;
    for (size_t i = 0; i < b->slot_n; i++)
        if (b->slot[i].hash != 0) *slot_of(fresh, b->slot_n * 2, b->slot[i].hash) = b->slot[i];
    free(b->slot);
    b->slot = fresh;
    b->slot_n *= 2;
    return 0;
}

static bool same(const struct phrase *p, const struct label *l)
{
    return p->kind == l->kind && p->question == l->question && p->index == l->index;
}

static struct label label_of(const struct phrase *p)
{
    return (struct label){
        .kind = (enum label_kind)p->kind, .question = p->question, .index = p->index, .score = 1.0};
}

int phrasebook_add(struct phrasebook *b, int at, struct span words, const struct label *label,
                   struct label *old)
{
    if (b->n * 4 >= b->slot_n * 3 && grow(b) != 0) return -1;
    uint64_t hash = hash_of(at, words);
    struct phrase *p = slot_of(b->slot, b->slot_n, hash);
    if (p->hash == 0) {
        *p = (struct phrase){.hash = hash,
                             .index = (int16_t)label->index,
                             .question = (int8_t)label->question,
                             .kind = (uint8_t)label->kind & 0x7FU};
        b->n++;
        return 1;
    }
    if (same(p, label)) return 1;
    *old = label_of(p);
    p->disputed = 1;
    return 0;
}

/* ---- reading ---- */

static const struct phrase *lookup(const struct phrasebook *b, int at, struct span words)
{
    const struct phrase *p = slot_of(b->slot, b->slot_n, hash_of(at, words));

    return p->hash == 0 || p->disputed ? NULL : p;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "Optie 9" says the same as "optie 1" that was learnt, of another rank: `w` with its number as
 * a 1. Two digits are plenty for choices; a longer number is an amount of something. */
static int rank_alike(const struct phrasebook *b, struct span w)
{
    char like[RANK_LETTERS_MAX + 1];
    size_t first = 0, n = 0;
    int rank = 0;

    while (first < w.n && !digit(w.at[first])) first++;
    while (first + n < w.n && digit(w.at[first + n]) && n < 3) rank = rank * 10 + (w.at[first + n++] - '0');
    if (n < 1 || n > 2 || w.n > RANK_LETTERS_MAX) return 0;
    if (n == w.n) return rank;
    memcpy(like, w.at, first);
    like[first] = '1';
    memcpy(like + first + 1, w.at + first + n, w.n - first - n);
    const struct phrase *l = lookup(b, AT_ORDINAL, (struct span){like, w.n - n + 1});
    return l != NULL && l->index == 1 ? rank : 0;
}

/* The rank that `w` picks; 0 none. */
static int rank_of(const struct phrasebook *b, struct span w)
{
    const struct phrase *l = lookup(b, AT_ORDINAL, w);

    return l != NULL ? l->index : rank_alike(b, w);
}

/* The rank of an answer by its place; 0 when two share the middle. */
static int rank_by_place(const struct flow_question *q, int rank)
{
    if (rank == RANK_LAST) return (int)q->answer_n;
    return q->answer_n % 2 == 1 ? (int)q->answer_n / 2 + 1 : 0;
}

/* The choices in the order shown: the answers, then "unsure" where it is a button. */
static void pick(const struct flow *f, int question, int rank, struct label *out)
{
    const struct flow_question *q = &f->question[question];

    if (rank < 0) rank = rank_by_place(q, rank);
    *out = (struct label){.kind = LABEL_ANSWER, .question = question, .index = rank - 1, .score = 1.0};
    if (rank >= 1 && (size_t)rank <= q->answer_n) return;
    *out = (struct label){.kind = LABEL_UNSURE, .question = question, .score = 1.0};
    if (!q->offer_unsure || (size_t)rank != q->answer_n + 1) out->index = -1;
}

static bool read_exact(const struct phrasebook *b, const struct flow *f, int question, struct span w,
                       struct label *out)
{
    const struct phrase *l = lookup(b, question < 0 ? AT_START : question, w);

    if (l == NULL && question >= 0) {
        int rank = rank_of(b, w);
        if (rank != 0) {
            pick(f, question, rank, out);
            return true;
        }
    }
    if (l == NULL) l = lookup(b, AT_ANY, w);
    if (l == NULL || ((enum label_kind)l->kind == LABEL_UNSURE && question < 0)) return false;
    *out = label_of(l);
    if (out->kind == LABEL_UNSURE) out->question = question;
    return true;
}

/* The text without the longest filler it starts (or ends) with; the same text when there is none,
 * or when nothing else would be left. */
static struct span without_first(const struct phrasebook *b, struct span w)
{
    struct span best = w;
    size_t seen = 0;

    for (size_t i = 0; i < w.n && seen < FILLER_WORDS_MAX; i++) {
        if (w.at[i] != ' ') continue;
        seen++;
        if (lookup(b, AT_FILLER, (struct span){w.at, i}) != NULL)
            best = (struct span){w.at + i + 1, w.n - i - 1};
    }
    return best;
}

static struct span without_last(const struct phrasebook *b, struct span w)
{
    struct span best = w;
    size_t seen = 0;

    for (size_t i = w.n; i > 0 && seen < FILLER_WORDS_MAX; i--) {
        if (w.at[i - 1] != ' ') continue;
        seen++;
        if (lookup(b, AT_FILLER, (struct span){w.at + i, w.n - i}) != NULL) best = (struct span){w.at, i - 1};
    }
    return best;
}

/* Tries the whole text, then with ever more filler taken off: what was said most fully counts. */
bool phrasebook_read(const struct phrasebook *b, const struct flow *f, int question, struct span words,
                     struct label *out)
{
    struct span head = words;

    for (int i = 0; i <= STRIPS_MAX && words.n > 0; i++) {
        struct span both = head;
        for (int j = 0; j <= STRIPS_MAX; j++) {
            if (read_exact(b, f, question, both, out)) return true;
            struct span less = without_last(b, both);
            if (less.n == both.n) break;
            both = less;
        }
        struct span less = without_first(b, head);
        if (less.n == head.n) break;
        head = less;
    }
    return false;
}

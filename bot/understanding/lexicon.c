#include "lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "hash.h"
#include "slip.h"

enum {
    POOL_BYTES = 128 * 1024,
    SLIP_LETTERS_MIN = 5, /* "mail" and "mais", "paars" and "paar" are both words      */
    SLIP_COUNT_MIN = 2,   /* a word seen once may be a slip itself                     */
    PART_LETTERS_MIN = 4, /* shorter ends ("-en", "-st") are endings, not words        */
    LINK_LETTERS_MAX = 2, /* "schilder-s-bedrijf", "boek-en-winkel"                    */
    SLOTS_FIRST = 1024    /* a power of two; doubled as words come                     */
};

/* One spelling key of a known word with a letter left out, or whole. */
struct form {
    uint64_t hash;
    uint32_t entry, next; /* next: index + 1; 0: the last of its chain */
};

struct lexicon {
    struct arena *pool; /* the words' letters */
    struct entry *entry;
    uint32_t n, cap;
    uint32_t *slot, slot_n; /* index + 1, by hash, linear probing */
    struct alikes alikes;
    struct form *form;
    uint32_t form_n, form_cap;
    uint32_t *head, head_n; /* chains of forms */
};

struct lexicon *lexicon_new(void)
{
    struct lexicon *l = calloc(1, sizeof *l);

    if (l == NULL) return NULL;
    l->pool = arena_new(POOL_BYTES);
    l->slot = calloc(SLOTS_FIRST, sizeof *l->slot);
    l->slot_n = SLOTS_FIRST;
    if (l->pool != NULL && l->slot != NULL) return l;
    lexicon_free(l);
    return NULL;
}

void lexicon_free(struct lexicon *l)
{
    if (l == NULL) return;
    arena_free(l->pool);
    free(l->entry);
    free(l->slot);
    free(l->form);
    free(l->head);
    free(l);
}

size_t lexicon_bytes(const struct lexicon *l)
{
    size_t letters = 0;

    for (uint32_t i = 0; i < l->n; i++) letters += l->entry[i].word.n + l->entry[i].meaning.n;
    return sizeof *l + letters + l->cap * sizeof *l->entry + l->slot_n * sizeof *l->slot +
           l->form_cap * sizeof *l->form + l->head_n * sizeof *l->head;
}

/* ---- the table of words ---- */

static uint32_t *slot_of(const struct lexicon *l, struct span word)
{
    uint32_t at = (uint32_t)hash_bytes(word.at, word.n) & (l->slot_n - 1);

    for (;; at = (at + 1) & (l->slot_n - 1)) {
        uint32_t *slot = &l->slot[at];
        if (*slot == 0) return slot;
        const struct span *w = &l->entry[*slot - 1].word;
        if (w->n == word.n && memcmp(w->at, word.at, word.n) == 0) return slot;
    }
}

const struct entry *lexicon_find(const struct lexicon *l, struct span word)
{
    const uint32_t *slot = slot_of(l, word);

    return *slot == 0 ? NULL : &l->entry[*slot - 1];
}

static int grow_slots(struct lexicon *l)
{
    uint32_t *old = l->slot;

    l->slot = calloc(l->slot_n * 2, sizeof *l->slot);
    if (l->slot == NULL) {
        l->slot = old;
        return -1;
    }
    l->slot_n *= 2;
    for (uint32_t i = 0; i < l->n; i++) *slot_of(l, l->entry[i].word) = i + 1;
    free(old);
    return 0;
}

static int grow_entries(struct lexicon *l)
{
    uint32_t cap = l->cap == 0 ? SLOTS_FIRST : l->cap * 2;
    struct entry *grown = realloc(l->entry, cap * sizeof *grown);

    if (grown == NULL) return -1;
    l->entry = grown;
    l->cap = cap;
    return 0;
}

/* The entry of `word`, made when new; NULL when out of memory. */
static struct entry *entry_of(struct lexicon *l, struct span word)
{
    if (word.n > LEXICON_WORD_MAX) word.n = LEXICON_WORD_MAX;
    if (l->n * 2 >= l->slot_n && grow_slots(l) != 0) return NULL;
    uint32_t *slot = slot_of(l, word);
    if (*slot != 0) return &l->entry[*slot - 1];
    if (l->n == l->cap && grow_entries(l) != 0) return NULL;
    char *letters = arena_strndup(l->pool, word.at, word.n);
    if (letters == NULL) return NULL;
    l->entry[l->n] = (struct entry){.word = {letters, word.n}, .number = -1};
    *slot = ++l->n;
    return &l->entry[l->n - 1];
}

int lexicon_count(struct lexicon *l, struct span word)
{
    struct entry *e = entry_of(l, word);

    if (e == NULL) return -1;
    e->count++;
    return 0;
}

int lexicon_mark(struct lexicon *l, struct span word, enum word_mark mark)
{
    struct entry *e = entry_of(l, word);

    if (e == NULL) return -1;
    e->marks |= mark;
    return 0;
}

int lexicon_number(struct lexicon *l, struct span word, int value)
{
    struct entry *e = entry_of(l, word);

    if (e == NULL) return -1;
    if (e->number < 0) e->number = value;
    return 0;
}

int lexicon_group(struct lexicon *l, struct span word, unsigned group)
{
    struct entry *e = entry_of(l, word);

    if (e == NULL) return -1;
    e->groups |= UINT32_C(1) << group;
    return 0;
}

int lexicon_short(struct lexicon *l, struct span word, struct span meaning)
{
    struct entry *e = entry_of(l, word);

    if (e != NULL && e->meaning.at != NULL) return 0;
    char *letters = e == NULL ? NULL : arena_strndup(l->pool, meaning.at, meaning.n);
    if (letters == NULL) return -1;
    e->meaning = (struct span){letters, meaning.n};
    return 0;
}

int lexicon_alike(struct lexicon *l, struct span letters, struct span instead)
{
    return alikes_add(&l->alikes, letters, instead);
}

/* ---- slips ----
 *
 * Two words that differ by one letter share a form: the key of either with one letter left out
 * (Garbe's symmetric deletes). Candidates found so are then judged by slip_likely(). */

static int form_add(struct lexicon *l, uint32_t entry, struct span key)
{
    if (l->form_n == l->form_cap) {
        uint32_t cap = l->form_cap == 0 ? SLOTS_FIRST : l->form_cap * 2;
        struct form *grown = realloc(l->form, cap * sizeof *grown);
        if (grown == NULL) return -1;
        l->form = grown;
        l->form_cap = cap;
    }
    l->form[l->form_n++] = (struct form){.hash = hash_bytes(key.at, key.n), .entry = entry};
    return 0;
}

static int forms_add(struct lexicon *l, uint32_t entry)
{
    char key[LEXICON_WORD_MAX + 1], less[LEXICON_WORD_MAX + 1];
    struct span k = {key, slip_key(&l->alikes, l->entry[entry].word, key)};

    if (form_add(l, entry, k) != 0) return -1;
    for (size_t i = 0; i < k.n; i++)
        if (form_add(l, entry, slip_without(k, i, less)) != 0) return -1;
    return 0;
}

static bool corrects(const struct entry *e)
{
    bool meant = e->count >= SLIP_COUNT_MIN || e->groups != 0;

    return meant && e->word.n >= SLIP_LETTERS_MIN && e->meaning.at == NULL;
}

/* What grew by doubling is cut to what it holds; when that fails, it stays. */
static void fit(struct lexicon *l)
{
    struct entry *entry = l->n > 0 ? realloc(l->entry, l->n * sizeof *entry) : NULL;
    struct form *form = l->form_n > 0 ? realloc(l->form, l->form_n * sizeof *form) : NULL;

    if (entry != NULL) {
        l->entry = entry;
        l->cap = l->n;
    }
    if (form != NULL) {
        l->form = form;
        l->form_cap = l->form_n;
    }
}

int lexicon_ready(struct lexicon *l)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (corrects(&l->entry[i]) && forms_add(l, i) != 0) return -1;
    l->head_n = SLOTS_FIRST;
    while (l->head_n < l->form_n) l->head_n *= 2;
    l->head = calloc(l->head_n, sizeof *l->head);
    if (l->head == NULL) return -1;
    for (uint32_t i = l->form_n; i-- > 0;) {
        uint32_t *head = &l->head[l->form[i].hash & (l->head_n - 1)];
        l->form[i].next = *head;
        *head = i + 1;
    }
    fit(l);
    return 0;
}

/* The most frequent of the words that share `form` and are likely meant by `key`, but for `typed`. */
static const struct entry *meant_by(const struct lexicon *l, struct span form, struct span key,
                                    const struct entry *typed, const struct entry *best)
{
    uint64_t hash = hash_bytes(form.at, form.n);

    for (uint32_t i = l->head[hash & (l->head_n - 1)]; i != 0; i = l->form[i - 1].next) {
        const struct form *f = &l->form[i - 1];
        const struct entry *e = &l->entry[f->entry];
        char other[LEXICON_WORD_MAX + 1];
        if (f->hash != hash || e == typed || (best != NULL && best->count >= e->count)) continue;
        size_t n = slip_key(&l->alikes, e->word, other);
        if (slip_likely((struct span){other, n}, key)) best = e;
    }
    return best;
}

const struct entry *lexicon_meant(const struct lexicon *l, struct span word)
{
    char key[LEXICON_WORD_MAX + 1], less[LEXICON_WORD_MAX + 1];

    if (l->head == NULL || word.n < SLIP_LETTERS_MIN || word.n > LEXICON_WORD_MAX) return NULL;
    size_t n = slip_key(&l->alikes, word, key);
    struct span k = {key, n};
    const struct entry *typed = lexicon_find(l, word), *best = meant_by(l, k, k, typed, NULL);
    if (best != NULL) return best;
    for (size_t i = 0; i < k.n; i++) best = meant_by(l, slip_without(k, i, less), k, typed, best);
    return best;
}

/* ---- parts ---- */

static bool is_part(const struct lexicon *l, struct span word)
{
    const struct entry *e = word.n < PART_LETTERS_MIN ? NULL : lexicon_find(l, word);

    return e != NULL && (e->count > 0 || e->groups != 0);
}

bool lexicon_parts(const struct lexicon *l, struct span word, struct span parts[static 2])
{
    if (word.n < 2 * PART_LETTERS_MIN) return false;
    /* What a compound is, its end tells: the longest end goes first. */
    for (size_t cut = PART_LETTERS_MIN; cut + PART_LETTERS_MIN <= word.n; cut++) {
        parts[1] = (struct span){word.at + cut, word.n - cut};
        if (!is_part(l, parts[1])) continue;
        for (size_t link = 0; link <= LINK_LETTERS_MAX && link < cut; link++) {
            parts[0] = (struct span){word.at, cut - link};
            if (is_part(l, parts[0])) return true;
        }
    }
    return false;
}

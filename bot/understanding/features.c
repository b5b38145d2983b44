#include "features.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lexicon.h"
#include "words.h"

/* Letters in a row that still say something about a word: "prakt", "^zor". */
enum { GRAM_MIN = 3, GRAM_MAX = 4 };

/* "Zo'n 40 mailtjes op een drukke dag". */
enum { AMOUNT_REACH = 5 };

/* How much each kind counts; found by `make understanding` on tests/understanding/messages.jsonl. */
static const float weight_word = 1.0F, weight_scoped = 1.0F, weight_pair = 0.8F, weight_part = 0.7F,
                   weight_gram = 0.45F, weight_asked = 0.7F, weight_size = 0.4F, weight_strange = 0.5F,
                   weight_group = 0.5F, weight_group_pair = 0.4F, weight_amount = 0.8F;

static const struct span edge = {"^", 1};

/* ---- keys ---- */

/* FNV-1a, 32 bits, over the kind and the parts. */
static uint32_t mix(uint32_t h, struct span s)
{
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.at[i]) * UINT32_C(16777619);
    return (h ^ 0xFFU) * UINT32_C(16777619);
}

static uint32_t key_of(unsigned kind, struct span a, struct span b)
{
    uint32_t h = (UINT32_C(2166136261) ^ kind) * UINT32_C(16777619);

    h = mix(mix(h, a), b);
    return h ^ (h >> 15);
}

static void add(struct features *f, unsigned kind, struct span a, struct span b, float value)
{
    if (f->n < FEATURES_MAX) f->at[f->n++] = (struct feature){.key = key_of(kind, a, b), .value = value};
}

static void add_one(struct features *f, unsigned kind, struct span a, float value)
{
    add(f, kind, a, (struct span){"", 0}, value);
}

/* ---- words ---- */

/* Amounts are alike by their size: who says 14 or 17 says the same about a mailbox. */
static struct span size_of(int number)
{
    static const struct {
        int below;
        const char *name;
    } sizes[] = {{1, "#0"},   {2, "#1"},   {3, "#2"},   {5, "#3"},     {10, "#5"},
                 {20, "#10"}, {40, "#20"}, {80, "#40"}, {1000, "#80"}, {10000, "#1000"}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (number < sizes[i].below) return (struct span){sizes[i].name, strlen(sizes[i].name)};
    return (struct span){"#code", 5};
}

static struct span name_of(const struct words *w, size_t first, size_t n, size_t i)
{
    if (i < first || i >= first + n) return edge;
    return w->word[i].number >= 0 ? size_of(w->word[i].number) : w->word[i].at;
}

/* What a clause denies, or says of the past, is not what its words say alone. */
static unsigned scope_of(const struct words *w, size_t i)
{
    return w->clause[w->word[i].clause].marks & (WORD_NEGATES | WORD_PAST);
}

static void add_grams(struct features *f, struct span word, unsigned scope)
{
    char edged[LEXICON_WORD_MAX + 3];
    size_t n = word.n + 2;

    edged[0] = '^';
    memcpy(edged + 1, word.at, word.n);
    edged[n - 1] = '$';
    for (size_t size = GRAM_MIN; size <= GRAM_MAX; size++)
        for (size_t i = 0; i + size <= n; i++)
            add_one(f, 'g' + (scope << 8), (struct span){edged + i, size}, weight_gram);
}

static struct span group_name(unsigned g)
{
    static const char names[LEXICON_GROUPS_MAX + 1] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    return (struct span){names + g, 1};
}

static void add_groups(struct features *f, const struct words *w, size_t first, size_t n, size_t i,
                       unsigned scope)
{
    for (unsigned g = 0; g < LEXICON_GROUPS_MAX; g++) {
        const struct span group = group_name(g);
        if ((w->word[i].groups >> g & 1U) == 0) continue;
        add_one(f, 'c' + (scope << 8), group, weight_group);
        add(f, 'd', i > first ? name_of(w, first, n, i - 1) : edge, group, weight_group_pair);
    }
}

/* "100 mails per dag", "3 in de week": an amount with what comes soon after it. */
static void add_amount(struct features *f, const struct words *w, size_t first, size_t n, size_t i)
{
    for (size_t k = i + 1; k < first + n && k <= i + AMOUNT_REACH; k++)
        for (unsigned g = 0; g < LEXICON_GROUPS_MAX; g++)
            if ((w->word[k].groups >> g & 1U) != 0)
                add(f, 'n', name_of(w, first, n, i), group_name(g), weight_amount);
}

static void add_word(struct features *f, const struct lexicon *l, const struct words *w, size_t first,
                     size_t n, size_t i, bool lesson)
{
    struct span word = name_of(w, first, n, i), parts[2];
    unsigned scope = scope_of(w, i);

    add_one(f, 'w', word, weight_word);
    if (scope != 0) add_one(f, 'w' + (scope << 8), word, weight_scoped);
    add(f, 'b', word, name_of(w, first, n, i + 1), weight_pair);
    if (i == first) add(f, 'b', edge, word, weight_pair);
    if (w->word[i].number >= 0) {
        add_amount(f, w, first, n, i);
        return;
    }
    if (w->word[i].groups != 0)
        add_groups(f, w, first, n, i, scope);
    else if (w->word[i].seen <= (lesson ? 1U : 0U))
        add_one(f, 'u', edge, weight_strange);
    add_grams(f, word, scope);
    if (lexicon_parts(l, word, parts))
        for (size_t k = 0; k < 2; k++) add_one(f, 'w', parts[k], weight_part);
}

static void add_whole(struct features *f, const struct words *w, size_t first, size_t n)
{
    static const char *const sizes[] = {"1", "2", "3", "5", "8", "12", "20"};
    static const size_t below[] = {2, 3, 4, 6, 9, 13};
    size_t size = 0;
    bool asked = false;

    while (size < sizeof below / sizeof *below && n >= below[size]) size++;
    add_one(f, 'l', (struct span){sizes[size], strlen(sizes[size])}, weight_size);
    for (size_t i = first; i < first + n; i++) asked |= w->clause[w->word[i].clause].asked;
    if (asked) add_one(f, '?', edge, weight_asked);
}

void features_read(struct features *f, const struct lexicon *l, const struct words *w, size_t first, size_t n,
                   bool lesson)
{
    float square = 0;

    f->n = 0;
    for (size_t i = first; i < first + n; i++) add_word(f, l, w, first, n, i, lesson);
    add_whole(f, w, first, n);
    for (size_t i = 0; i < f->n; i++) square += f->at[i].value * f->at[i].value;
    float scale = square > 0 ? 1.0F / sqrtf(square) : 0;
    for (size_t i = 0; i < f->n; i++) f->at[i].value *= scale;
}

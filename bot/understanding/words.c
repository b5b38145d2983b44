#include "words.h"

#include <string.h>

#include "normalise.h"
#include "understanding.h"

/* Larger numbers are no amounts of people or mails but phone numbers, codes, years of money. */
enum { NUMBER_MAX = 99999 };

enum { SLIPS_MAX = 6, SLIP_RATIO = 12 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static int value_of(struct span s)
{
    int value = 0;

    for (size_t i = 0; i < s.n; i++) {
        value = value * 10 + (s.at[i] - '0');
        if (value > NUMBER_MAX) return NUMBER_MAX + 1;
    }
    return value;
}

static struct clause *clause_now(struct words *w)
{
    return &w->clause[w->clause_n - 1];
}

static void clause_begin(struct words *w, bool stopped)
{
    if (w->clause_n > 0 && clause_now(w)->n == 0) {
        clause_now(w)->stopped |= stopped;
        return;
    }
    if (w->clause_n == WORDS_MAX) return;
    w->clause[w->clause_n++] = (struct clause){.first = w->n, .stopped = stopped};
}

/* "Ik mail maar weinig": no clause began at "maar". */
static void rejoin(struct words *w)
{
    struct clause *last = clause_now(w), *before = last - 1;

    if (w->clause_n < 2 || last->n != 1 || last->stopped || (last->marks & WORD_CONTRASTS) == 0) return;
    w->word[w->n - 1].clause--;
    before->n++;
    w->clause_n--;
}

static void put(struct words *w, const struct word *word)
{
    if (w->n == WORDS_MAX) return;
    if ((word->marks & WORD_LIMITS) != 0 || word->number >= 0) rejoin(w);
    if ((word->marks & (WORD_JOINS | WORD_CONTRASTS)) != 0) clause_begin(w, false);
    struct clause *c = clause_now(w);
    c->marks |= word->marks;
    c->n++;
    w->word[w->n] = *word;
    w->word[w->n++].clause = (unsigned short)(w->clause_n - 1);
}

static void put_number(struct words *w, struct span digits)
{
    const struct word word = {.at = digits, .number = value_of(digits)};

    put(w, &word);
}

/* What kind of thing an unknown compound is, its end tells ("kunst-schilder"). */
static uint32_t groups_of(const struct lexicon *l, struct span s)
{
    struct span parts[2];

    return lexicon_parts(l, s, parts) ? lexicon_find(l, parts[1])->groups : 0;
}

/* Phrases hold slips as well: what is seen so much less often than a word so much like it is one. */
static bool slipped(const struct entry *e, const struct entry *meant)
{
    if (e == NULL) return true;
    if (e->groups != 0 || e->marks != 0 || e->number >= 0) return false;
    return e->count <= SLIPS_MAX && e->count * SLIP_RATIO <= meant->count;
}

static void put_letters(struct words *w, const struct lexicon *l, struct span s)
{
    const struct entry *e = lexicon_find(l, s);

    if (e == NULL || e->count <= SLIPS_MAX) {
        const struct entry *meant = lexicon_meant(l, s);
        if (meant != NULL && slipped(e, meant)) e = meant;
    }
    const struct word word = {.at = e != NULL ? e->word : s,
                              .marks = e != NULL ? e->marks : 0,
                              .groups = e != NULL && e->groups != 0 ? e->groups : groups_of(l, s),
                              .seen = e != NULL ? e->count : 0,
                              .number = e != NULL ? e->number : -1};
    put(w, &word);
}

/* Digits and letters that were typed against one another: "3man", "20x". */
static void put_runs(struct words *w, const struct lexicon *l, struct span s)
{
    for (size_t i = 0, n; i < s.n; i += n) {
        bool digits = digit(s.at[i]);
        for (n = 1; i + n < s.n && digit(s.at[i + n]) == digits; n++) continue;
        if (digits)
            put_number(w, (struct span){s.at + i, n});
        else
            put_letters(w, l, (struct span){s.at + i, n});
    }
}

static void put_short(struct words *w, const struct lexicon *l, struct span meaning)
{
    for (size_t i = 0, n; i < meaning.n; i += n + 1) {
        for (n = 0; i + n < meaning.n && meaning.at[i + n] != ' '; n++) continue;
        put_letters(w, l, (struct span){meaning.at + i, n});
    }
}

/* What stands between two spaces: a word, or a mark. */
static void put_token(struct words *w, const struct lexicon *l, struct span s)
{
    const struct entry *e;

    if (*s.at == NORMAL_ASKED || *s.at == NORMAL_STOP) {
        if (*s.at == NORMAL_ASKED) clause_now(w)->asked = true;
        clause_begin(w, true);
        return;
    }
    if (s.n > LEXICON_WORD_MAX) s.n = LEXICON_WORD_MAX;
    e = lexicon_find(l, s);
    if (e != NULL && e->meaning.at != NULL)
        put_short(w, l, e->meaning);
    else if (e != NULL)
        put_letters(w, l, s);
    else
        put_runs(w, l, s);
}

void words_read(struct words *w, const struct lexicon *l, const char *text)
{
    buf_clear(&w->text);
    w->n = w->clause_n = 0;
    clause_begin(w, true);
    normalise_marked(text, &w->text);
    if (w->text.failed) return;
    for (size_t i = 0, n; i < w->text.len; i += n + 1) {
        for (n = 0; i + n < w->text.len && w->text.data[i + n] != ' '; n++) continue;
        put_token(w, l, (struct span){w->text.data + i, n});
    }
    if (w->clause_n > 1 && clause_now(w)->n == 0) w->clause_n--;
}

void words_free(struct words *w)
{
    buf_free(&w->text);
}

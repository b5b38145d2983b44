/* read.c -- what a text means: as a phrase that was learnt, as a whole, and clause by clause. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "features.h"
#include "flow.h"
#include "inside.h"
#include "understanding.h"
#include "words.h"

/* A clause is a short text out of its sentence: it must speak for itself. */
#define CLAUSE_ACCEPT 0.8F

/* An answer to a question that is not open: nobody asked, so it must be beyond doubt; the more so
 * when the question that is open gets none. */
#define ASIDE_ACCEPT 0.8F
#define ASIDE_ALONE  0.87F

/* Beside an answer to what was asked, a word or two ("niks bijzonders") belong to that. */
enum { ASIDE_WORDS_MIN = 3 };

/* What is so likely about a question is no topic while none is open, and no answer to another. */
#define OUT_OF_TURN 0.6F
#define ELSEWHERE   0.9F

#define TOPIC_ACCEPT 0.35F
#define TOPIC_AHEAD  2.0F

/* What cannot be taken back is done at a word only when it can hardly mean anything else. */
#define FORGET_SURE 0.97

/* Less likely than this is no guess worth a button. */
#define GUESS_MIN 0.15F

/* A story of more clauses is read as far as this, and as a whole. */
enum { CLAUSES_READ_MAX = 16 };

/* What some words say, taken by themselves. */
struct view {
    float share[MODEL_COLUMNS_MAX];      /* of each label, while the question is open */
    float about[FLOW_QUESTIONS_MAX + 1]; /* which question it is about; the last: none */
    float score[MODEL_COLUMNS_MAX];      /* before sharing                           */
    size_t own, other;                   /* the likeliest answer, and the likeliest topic or command */
    size_t words;
    bool exact;
};

struct reading {
    const struct understanding *u;
    int question;
    const unsigned char *open;
    struct meaning *out;
    struct words words;
    struct features features;
    struct buf joined;
    struct view whole, part[CLAUSES_READ_MAX];
    size_t part_n;
};

/* ---- views ---- */

static struct span joined(struct reading *r, size_t first, size_t n)
{
    buf_clear(&r->joined);
    for (size_t i = first; i < first + n; i++) {
        if (i > first) buf_addc(&r->joined, ' ');
        buf_add(&r->joined, r->words.word[i].at.at, r->words.word[i].at.n);
    }
    return (struct span){buf_text(&r->joined), r->joined.failed ? 0 : r->joined.len};
}

static size_t best_of(const float *share, size_t first, size_t end)
{
    size_t best = first;

    for (size_t k = first; k < end; k++)
        if (share[k] > share[best]) best = k;
    return best;
}

static void look_about(const struct reading *r, struct view *v)
{
    const struct columns *c = &r->u->columns;
    float share[MODEL_COLUMNS_MAX];

    model_share(r->u->model, v->score, c->open_about, share);
    memcpy(v->about, share + c->about, (r->u->flow->question_n + 1) * sizeof *share);
}

static void look(struct reading *r, size_t first, size_t n, struct view *v)
{
    const struct understanding *u = r->u;
    const struct columns *c = &u->columns;
    struct label l;

    features_read(&r->features, u->lexicon, &r->words, first, n, false);
    model_read(u->model, &r->features, v->score);
    model_share(u->model, v->score, r->open, v->share);
    v->exact = phrasebook_read(u->book, u->flow, r->question, joined(r, first, n), &l) && l.index >= 0;
    if (v->exact) {
        memset(v->share, 0, sizeof v->share);
        v->share[columns_from(c, &l)] = 1.0F;
    }
    look_about(r, v);
    v->words = n;
    v->own = best_of(v->share, 0, c->unsure + 1);
    v->other = best_of(v->share, c->topic, c->about);
}

static void look_at_all(struct reading *r)
{
    const struct words *w = &r->words;

    look(r, 0, w->n, &r->whole);
    for (size_t i = 0; w->clause_n > 1 && i < w->clause_n && r->part_n < CLAUSES_READ_MAX; i++)
        if (w->clause[i].n > 0) look(r, w->clause[i].first, w->clause[i].n, &r->part[r->part_n++]);
}

/* ---- what is made of them ---- */

static bool forgets(const struct flow *f, const struct label *l)
{
    if (l->kind != LABEL_COMMAND) return false;
    return f->command[l->index].verb == VERB_ERASE || f->command[l->index].verb == VERB_RESTART;
}

static struct label *add(struct reading *r, size_t column, int question, float score)
{
    struct meaning *m = r->out;
    struct label l;

    if (m->n == MEANING_LABELS_MAX || !columns_label(&r->u->columns, r->u->flow, column, question, &l))
        return NULL;
    l.score = (double)score;
    l.likely = l.score < (forgets(r->u->flow, &l) ? FORGET_SURE : UNDERSTANDING_SURE);
    m->label[m->n] = l;
    return &m->label[m->n++];
}

/* "IMAP? Geen idee wat dat is": who names a thing and then doubts asks about it; who doubts and
 * then asks ("Geen idee. Wat kost het?") does both. Doubt that no clause says by itself is none. */
static bool topic_goes_first(const struct reading *r)
{
    const struct columns *c = &r->u->columns;

    for (size_t i = 0; !r->whole.exact && i < r->part_n; i++) {
        const struct view *v = &r->part[i];
        if (v->own == c->unsure && v->share[v->own] >= CLAUSE_ACCEPT) return false;
        if (v->other < c->command && v->share[v->other] >= CLAUSE_ACCEPT) return true;
    }
    return false;
}

/* What is about another question for certain says nothing about this one. */
static bool elsewhere(const struct reading *r, const struct view *v)
{
    size_t q = best_of(v->about, 0, r->u->flow->question_n);

    return !v->exact && (int)q != r->question && v->about[q] >= ELSEWHERE;
}

/* What speaks clearest of the open question's answer: the whole text, else a clause; NULL: nothing. */
static const struct view *clearest(const struct reading *r)
{
    const struct view *best = NULL;

    if (r->whole.share[r->whole.own] >= (float)UNDERSTANDING_ACCEPT && !elsewhere(r, &r->whole))
        return &r->whole;
    for (size_t i = 0; i < r->part_n; i++) {
        const struct view *v = &r->part[i];
        if (v->share[v->own] < CLAUSE_ACCEPT || elsewhere(r, v)) continue;
        if (best == NULL || v->share[v->own] > best->share[best->own]) best = v;
    }
    return best;
}

/* The open question's answer. */
static void read_own(struct reading *r)
{
    const struct view *v = r->question < 0 ? NULL : clearest(r);

    if (v == NULL || (v->own == r->u->columns.unsure && topic_goes_first(r))) return;
    (void)add(r, v->own, r->question, v->share[v->own]);
}

static bool answered(const struct reading *r, int question)
{
    for (size_t i = 0; i < r->out->n; i++)
        if (r->out->label[i].question == question) return true;
    return false;
}

/* What answers the open question answers no other ("nee, volgens mij niet"). */
static bool says_own(const struct reading *r, const struct view *v)
{
    return r->part_n == 0 || (v->share[v->own] >= (float)UNDERSTANDING_ACCEPT && !elsewhere(r, v));
}

/* How sure a view is of an answer to another question; 0: it says none. */
static float sure_aside(const struct reading *r, const struct view *v, size_t q, size_t *answer)
{
    const struct columns *c = &r->u->columns;
    const bool asked = r->question >= 0, beside = asked && answered(r, r->question);
    const float least = asked && !beside ? ASIDE_ALONE : ASIDE_ACCEPT;
    float share[MODEL_COLUMNS_MAX];

    if (best_of(v->about, 0, r->u->flow->question_n + 1) != q || v->about[q] < least) return 0;
    if (beside && (v->words < ASIDE_WORDS_MIN || says_own(r, v))) return 0;
    model_share(r->u->model, v->score, c->open_at[q], share);
    *answer = best_of(share, 0, c->unsure);
    return share[*answer] < least ? 0 : share[*answer];
}

/* Answers to other questions, said along the way: each where it is said the clearest. */
static void read_asides(struct reading *r)
{
    const struct view *view = r->part_n > 0 ? r->part : &r->whole;
    const size_t n = r->part_n > 0 ? r->part_n : 1;

    for (size_t q = 0; q < r->u->flow->question_n; q++) {
        size_t answer = 0, best = 0;
        float top = 0;
        for (size_t i = 0; i < n && (int)q != r->question; i++) {
            float sure = sure_aside(r, &view[i], q, &answer);
            if (sure <= top) continue;
            top = sure;
            best = answer;
        }
        if (top > 0) (void)add(r, best, (int)q, top);
    }
}

/* While no question is open its answers do not compete: what is likelier about one is no topic. */
static bool out_of_turn(const struct reading *r, const struct view *v)
{
    size_t q = best_of(v->about, 0, r->u->flow->question_n);

    return r->question < 0 && !v->exact && v->about[q] >= OUT_OF_TURN;
}

/* A topic that was not meant costs a message and changes no advice: it need only be likelier by far
 * than whatever else. */
static bool stands_out(const struct reading *r, const struct view *v)
{
    const float top = v->share[v->other];

    if (top >= (float)UNDERSTANDING_ACCEPT) return true;
    if (top < TOPIC_ACCEPT || v->other >= r->u->columns.command) return false;
    for (size_t k = 0; k < r->u->columns.about; k++)
        if (k != v->other && v->share[k] * TOPIC_AHEAD > top) return false;
    return true;
}

/* A topic or command: the whole text's, else a topic of a clause that asks for it. */
static void read_other(struct reading *r)
{
    const struct columns *c = &r->u->columns;

    if (stands_out(r, &r->whole) && !out_of_turn(r, &r->whole)) {
        (void)add(r, r->whole.other, -1, r->whole.share[r->whole.other]);
        return;
    }
    for (size_t i = 0; i < r->part_n; i++) {
        const struct view *v = &r->part[i];
        if (v->share[v->other] < CLAUSE_ACCEPT || v->other >= c->command || out_of_turn(r, v)) continue;
        (void)add(r, v->other, -1, v->share[v->other]);
        return;
    }
}

static void guess(struct reading *r)
{
    const struct columns *c = &r->u->columns;
    float share[MODEL_COLUMNS_MAX];

    memcpy(share, r->whole.share, sizeof share);
    share[c->unclear] = 0;
    while (r->out->guess_n < MEANING_GUESSES_MAX) {
        size_t best = best_of(share, 0, c->about);
        if (share[best] < GUESS_MIN) return;
        struct label *l = &r->out->guess[r->out->guess_n++];
        (void)columns_label(c, r->u->flow, best, r->question, l);
        l->score = (double)share[best];
        share[best] = 0;
    }
}

/* Letters alone ("blub") say nothing when no word, nor part of one, was ever seen. */
static bool any_known(const struct reading *r)
{
    struct span parts[2];

    for (size_t i = 0; i < r->words.n; i++) {
        const struct word *w = &r->words.word[i];
        if (w->seen > 0 || w->groups != 0 || w->number >= 0) return true;
        if (lexicon_parts(r->u->lexicon, w->at, parts)) return true;
    }
    return false;
}

static void read_words(struct reading *r, const char *text)
{
    words_read(&r->words, r->u->lexicon, text);
    if (!any_known(r)) return;
    look_at_all(r);
    read_own(r);
    read_asides(r);
    read_other(r);
    if (r->out->n == 0) guess(r);
}

/* True when the text as it stands is in the phrasebook: then it means that and no more. */
static bool read_phrase(struct reading *r, const char *text)
{
    struct buf plain = {0};
    struct label l;

    text_normalise(text, &plain);
    bool known = !plain.failed && phrasebook_read(r->u->book, r->u->flow, r->question,
                                                  (struct span){buf_text(&plain), plain.len}, &l);
    if (known && l.index >= 0) r->out->label[r->out->n++] = l;
    buf_free(&plain);
    return known;
}

void understanding_read(const struct understanding *u, int question, const char *text, struct meaning *out)
{
    struct reading *r = malloc(sizeof *r);

    *out = (struct meaning){0};
    if (r == NULL) return;
    r->u = u;
    r->question = question;
    r->open = question < 0 ? u->columns.open_start : u->columns.open_at[question];
    r->out = out;
    r->words.text = r->joined = (struct buf){0};
    r->part_n = 0;
    if (!read_phrase(r, text) && model_trained(u->model)) read_words(r, text);
    words_free(&r->words);
    buf_free(&r->joined);
    free(r);
}

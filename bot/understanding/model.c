#include "model.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "features.h"

/* Found by `make understanding` on tests/understanding/messages.jsonl; more rounds learn the phrases
 * by heart. A feature of few examples says little about another. */
enum { ROUNDS = 5, SEEN_MIN = 2 };
static const float rate_first = 7.0F, rate_last = 2.5F;

/* A smaller step changes nothing that anybody could read. */
#define STEP_LEAST 0.01F

/* One example in so many is kept apart in the first rounds, to see how far to trust the model. */
enum { APART = 5, ROUNDS_APART = 3 };

/* How much a model may be too sure of itself, or not sure enough. */
static const float trusts[] = {0.5F, 0.6F, 0.7F, 0.8F, 0.9F, 1.0F, 1.1F, 1.2F, 1.35F, 1.5F, 1.7F, 2.0F};
enum { TRUSTS = sizeof trusts / sizeof *trusts };

enum { LANES = 4, FIRST = 4096, AHEAD = 4, CACHE_LINE = 64 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

struct example {
    size_t first, n; /* of `given` */
    struct choice choice[MODEL_CHOICES_MAX];
    size_t choice_n;
};

struct slot {
    uint32_t key, seen; /* seen 0: free */
    uint32_t row;       /* NO_ROW: too rare */
};
static const uint32_t NO_ROW = UINT32_MAX;

/* What training needs and reading does not. */
struct training {
    lanes *weight; /* `width` for each row */
    struct example *example;
    size_t example_n, example_cap;
    struct feature *given; /* of all examples; once rows are known, `key` is the row */
    size_t given_n, given_cap;
    uint32_t *order;
    uint64_t random;
};

struct model {
    size_t columns, width; /* width: the columns in lanes */
    struct slot *slot;
    size_t slot_n, keys; /* slot_n: a power of two */
    size_t rows;         /* the first is there for every text */
    struct training t;
    /* Learnt: a row is `columns` bytes, times its scale. */
    float *scale;
    signed char *byte;
};

struct model *model_new(size_t columns)
{
    struct model *m = calloc(1, sizeof *m);

    if (m == NULL) return NULL;
    m->columns = columns;
    m->width = (columns + LANES - 1) / LANES;
    m->slot_n = FIRST;
    m->slot = calloc(m->slot_n, sizeof *m->slot);
    if (m->slot != NULL) return m;
    free(m);
    return NULL;
}

static void training_free(struct training *t)
{
    free(t->weight);
    free(t->example);
    free(t->given);
    free(t->order);
    *t = (struct training){0};
}

void model_free(struct model *m)
{
    if (m == NULL) return;
    training_free(&m->t);
    free(m->slot);
    free(m->scale);
    free(m->byte);
    free(m);
}

size_t model_bytes(const struct model *m)
{
    return sizeof *m + m->slot_n * sizeof *m->slot + m->rows * (sizeof *m->scale + m->columns);
}

/* ---- keys and rows ---- */

static struct slot *slot_of(struct slot *slot, size_t n, uint32_t key)
{
    size_t at = key & (n - 1);

    while (slot[at].seen != 0 && slot[at].key != key) at = (at + 1) & (n - 1);
    return &slot[at];
}

static int rehash(struct model *m, size_t slot_n)
{
    struct slot *fresh = calloc(slot_n, sizeof *fresh);

    if (fresh == NULL) return -1;
    for (size_t i = 0; i < m->slot_n; i++)
        if (m->slot[i].seen != 0 && m->slot[i].row != NO_ROW)
            *slot_of(fresh, slot_n, m->slot[i].key) = m->slot[i];
    free(m->slot);
    m->slot = fresh;
    m->slot_n = slot_n;
    return 0;
}

static int see(struct model *m, uint32_t key)
{
    if (m->keys * 2 >= m->slot_n && rehash(m, m->slot_n * 2) != 0) return -1;
    struct slot *s = slot_of(m->slot, m->slot_n, key);
    if (s->seen++ == 0) {
        s->key = key;
        m->keys++;
    }
    return 0;
}

/* `*list` with room for `more` of `size`. */
static int room(void *list, size_t size, size_t n, size_t more, size_t *cap)
{
    void **at = list;
    size_t want = *cap == 0 ? FIRST : *cap;

    while (want < n + more) want *= 2;
    if (want == *cap) return 0;
    void *grown = realloc(*at, want * size);
    if (grown == NULL) return -1;
    *at = grown;
    *cap = want;
    return 0;
}

int model_example(struct model *m, const struct features *f, const struct choice *choices, size_t n)
{
    struct training *t = &m->t;

    if (room(&t->example, sizeof *t->example, t->example_n, 1, &t->example_cap) != 0 ||
        room(&t->given, sizeof *t->given, t->given_n, f->n + AHEAD + 1, &t->given_cap) != 0)
        return -1;
    for (size_t i = 0; i < f->n; i++)
        if (see(m, f->at[i].key) != 0) return -1;
    struct example *x = &t->example[t->example_n++];
    *x = (struct example){.first = t->given_n, .n = f->n, .choice_n = n};
    memcpy(x->choice, choices, n * sizeof *choices);
    memcpy(t->given + t->given_n, f->at, f->n * sizeof *f->at);
    t->given_n += f->n;
    return 0;
}

/* The rows that are used most lie together, so that they stay in the processor's cache. */
static void rows_number(struct model *m)
{
    m->rows = 1;
    for (size_t i = 0; i < m->slot_n; i++) m->slot[i].row = NO_ROW;
    for (uint32_t least = UINT32_C(1) << 31; least > 0; least >>= 1)
        for (size_t i = 0; i < m->slot_n; i++)
            if (m->slot[i].seen >= least && m->slot[i].seen >= SEEN_MIN && m->slot[i].row == NO_ROW)
                m->slot[i].row = (uint32_t)m->rows++;
    m->keys = m->rows - 1;
}

/* A row for each key seen often enough, from 1 on; examples then name rows. */
static int rows_give(struct model *m)
{
    struct training *t = &m->t;

    rows_number(m);
    size_t kept = 0;
    for (size_t k = 0; k < t->example_n; k++) {
        struct example *x = &t->example[k];
        size_t first = kept;
        for (size_t i = x->first; i < x->first + x->n; i++) {
            uint32_t row = slot_of(m->slot, m->slot_n, t->given[i].key)->row;
            if (row != NO_ROW) t->given[kept++] = (struct feature){row, t->given[i].value};
        }
        x->first = first;
        x->n = kept - first;
    }
    if (t->given != NULL) memset(t->given + kept, 0, (AHEAD + 1) * sizeof *t->given);
    size_t small = FIRST;
    while (small * 3 < m->keys * 4) small *= 2; /* three quarters full: read, never written */
    return rehash(m, small);
}

/* ---- training ---- */

static uint32_t random_below(struct training *t, uint32_t n)
{
    /* xorshift64* (Marsaglia 2003, Vigna 2016) */
    t->random ^= t->random >> 12;
    t->random ^= t->random << 25;
    t->random ^= t->random >> 27;
    return (uint32_t)(((t->random * UINT64_C(2685821657736338717)) >> 32) * n >> 32);
}

static void shuffle(struct training *t)
{
    for (size_t i = t->example_n; i > 1; i--) {
        size_t k = random_below(t, (uint32_t)i);
        uint32_t keep = t->order[i - 1];
        t->order[i - 1] = t->order[k];
        t->order[k] = keep;
    }
}

/* Rows lie far apart: without a word ahead, half of the training is waiting for them. */
static void fetch(const struct model *m, size_t row)
{
    const char *ahead = (const char *)(m->t.weight + row * m->width);

    for (size_t k = 0; k < m->width * sizeof(lanes); k += CACHE_LINE) __builtin_prefetch(ahead + k);
}

static void scores_of(const struct model *m, const struct example *x, lanes *out)
{
    const struct feature *f = m->t.given + x->first, *end = f + x->n;
    const lanes *w = m->t.weight;
    const size_t n = m->width;

    memcpy(out, w, n * sizeof *out);
    for (; f + 2 <= end; f += 2) { /* two at a time: half as many round trips to `out` */
        const lanes *a = w + f[0].key * n, *b = w + f[1].key * n;
        fetch(m, f[AHEAD].key);
        fetch(m, f[AHEAD + 1].key);
        for (size_t k = 0; k < n; k++) out[k] = out[k] + a[k] * f[0].value + b[k] * f[1].value;
    }
    if (f < end)
        for (size_t k = 0; k < n; k++) out[k] += w[f->key * n + k] * f->value;
}

static void share(size_t columns, const float *scores, const unsigned char *open, float trust, float *out)
{
    float top = -INFINITY, sum = 0;

    for (size_t k = 0; k < columns; k++)
        if (open[k] != 0 && scores[k] > top) top = scores[k];
    for (size_t k = 0; k < columns; k++) {
        out[k] = open[k] != 0 ? expf((scores[k] - top) * trust) : 0;
        sum += out[k];
    }
    for (size_t k = 0; k < columns && sum > 0; k++) out[k] /= sum;
}

static bool moves(lanes step)
{
    for (size_t i = 0; i < LANES; i++)
        if (fabsf(step[i]) > STEP_LEAST) return true;
    return false;
}

static void learn(struct model *m, const struct example *x, float rate)
{
    struct training *t = &m->t;
    unsigned char moving[MODEL_COLUMNS_MAX / LANES] = {0};
    size_t moving_n = 0;
    lanes score[MODEL_COLUMNS_MAX / LANES], step[MODEL_COLUMNS_MAX / LANES] = {0};
    float part[MODEL_COLUMNS_MAX];

    scores_of(m, x, score);
    for (size_t c = 0; c < x->choice_n; c++) {
        share(m->columns, (const float *)score, x->choice[c].open, 1.0F, part);
        for (size_t k = 0; k < m->columns; k++) ((float *)step)[k] -= rate * part[k];
        ((float *)step)[x->choice[c].target] += rate;
    }
    /* What is as good as right already teaches nothing: most columns, most of the time. */
    for (size_t k = 0; k < m->width; k++)
        if (moves(step[k])) moving[moving_n++] = (unsigned char)k;
    for (size_t k = 0; k < moving_n; k++) t->weight[moving[k]] += step[moving[k]] * 0.1F;
    for (size_t i = x->first; i < x->first + x->n; i++) {
        lanes *row = t->weight + t->given[i].key * m->width;
        for (size_t k = 0; k < moving_n; k++) row[moving[k]] += step[moving[k]] * t->given[i].value;
    }
}

static bool apart(size_t i)
{
    return i % APART == 0;
}

/* Temperature scaling (Guo and others 2017): one factor for all scores, the one by which the examples
 * kept apart surprise least, so that a score of 0.9 is right nine times in ten. */
static float trust_of(const struct model *m, size_t group)
{
    lanes score[MODEL_COLUMNS_MAX / LANES];
    float part[MODEL_COLUMNS_MAX], surprise[TRUSTS] = {0};
    size_t best = 0;

    for (size_t i = 0; i < m->t.example_n; i++) {
        const struct example *x = &m->t.example[i];
        if (!apart(i) || group >= x->choice_n) continue;
        scores_of(m, x, score);
        for (size_t k = 0; k < TRUSTS; k++) {
            share(m->columns, (const float *)score, x->choice[group].open, trusts[k], part);
            surprise[k] -= logf(part[x->choice[group].target] + 1e-6F);
        }
    }
    for (size_t k = 1; k < TRUSTS; k++)
        if (surprise[k] < surprise[best]) best = k;
    return trusts[best];
}

/* The weights of each group times what it is to be trusted. */
static void temper(struct model *m, const float trust[static 2])
{
    const struct training *t = &m->t;

    for (size_t k = 0; t->example_n > 0 && k < m->columns; k++) {
        bool second = t->example[0].choice_n > 1 && t->example[0].choice[1].open[k] != 0;
        for (size_t r = 0; r < m->rows; r++) ((float *)(t->weight + r * m->width))[k] *= trust[second];
    }
}

/* Weights as bytes: a quarter of the memory, and no answer changes by it. */
static int pack(struct model *m)
{
    m->scale = calloc(m->rows, sizeof *m->scale);
    m->byte = calloc(m->rows, m->columns);
    if (m->scale == NULL || m->byte == NULL) return -1;
    for (size_t r = 0; r < m->rows; r++) {
        const float *row = (const float *)(m->t.weight + r * m->width);
        float top = 0;
        for (size_t k = 0; k < m->columns; k++)
            if (fabsf(row[k]) > top) top = fabsf(row[k]);
        m->scale[r] = top / 127.0F;
        for (size_t k = 0; k < m->columns && top > 0; k++)
            m->byte[r * m->columns + k] = (signed char)lrintf(row[k] / top * 127.0F);
    }
    return 0;
}

int model_train(struct model *m)
{
    struct training *t = &m->t;
    float trust[2] = {1.0F, 1.0F};

    t->random = UINT64_C(88172645463341090);
    t->order = calloc(t->example_n + 1, sizeof *t->order);
    if (t->order == NULL || rows_give(m) != 0) return -1;
    t->weight = calloc(m->rows * m->width, sizeof *t->weight);
    if (t->weight == NULL) return -1;
    for (size_t i = 0; i < t->example_n; i++) t->order[i] = (uint32_t)i;
    for (int round = 0; round < ROUNDS; round++) {
        float rate = rate_first * powf(rate_last / rate_first, (float)round / (ROUNDS - 1));
        for (size_t g = 0; round == ROUNDS_APART && g < 2; g++) trust[g] = trust_of(m, g);
        shuffle(t);
        for (size_t i = 0; i < t->example_n; i++)
            if (round >= ROUNDS_APART || !apart(t->order[i])) learn(m, &t->example[t->order[i]], rate);
    }
    temper(m, trust);
    int rc = pack(m);
    training_free(t);
    return rc;
}

/* ---- reading ---- */

bool model_trained(const struct model *m)
{
    return m->byte != NULL;
}

static void add_row(const struct model *m, size_t row, float value, float *out)
{
    const signed char *byte = m->byte + row * m->columns;
    float by = m->scale[row] * value;

    for (size_t k = 0; k < m->columns; k++) out[k] += by * (float)byte[k];
}

void model_read(const struct model *m, const struct features *f, float *out)
{
    memset(out, 0, m->columns * sizeof *out);
    add_row(m, 0, 1.0F, out);
    for (size_t i = 0; i < f->n; i++) {
        const struct slot *s = slot_of(m->slot, m->slot_n, f->at[i].key);
        if (s->seen != 0) add_row(m, s->row, f->at[i].value, out);
    }
}

void model_share(const struct model *m, const float *scores, const unsigned char *open, float *out)
{
    share(m->columns, scores, open, 1.0F, out);
}

#include "understanding.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "flow.h"

/* Where a phrase holds, when not at one question. */
enum { AT_ANY = -1, AT_FILLER = -2, AT_ORDINAL = -3 };

/* People wrap an answer in a courtesy or two ("hoi, nou ja doe maar … graag"); a text with more
 * around it is not the phrase. It bounds the tries of one read as well. */
enum { STRIPS_MAX = 4, FILLER_WORDS_MAX = 6 };

struct phrase {
    int at;            /* a question, or one of the above */
    const char *words; /* normalised                      */
    size_t len;
    struct label label; /* AT_ORDINAL: `index` is the rank */
};

struct understanding {
    const struct flow *flow;
    void *phrases; /* tsearch tree of struct phrase, each one block of memory */
};

static int phrase_compare(const void *va, const void *vb)
{
    const struct phrase *a = va, *b = vb;

    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    int order = memcmp(a->words, b->words, a->len < b->len ? a->len : b->len);
    if (order != 0 || a->len == b->len) return order;
    return a->len < b->len ? -1 : 1;
}

struct understanding *understanding_new(const struct flow *f)
{
    struct understanding *u = calloc(1, sizeof *u);

    if (u != NULL) u->flow = f;
    return u;
}

void understanding_free(struct understanding *u)
{
    if (u == NULL) return;
    tdestroy(u->phrases, free);
    free(u);
}

/* ---- learning ---- */

static bool label_same(const struct label *a, const struct label *b)
{
    return a->kind == b->kind && a->question == b->question && a->index == b->index;
}

static struct phrase *phrase_new(int at, const struct label *label, const char *words, size_t len)
{
    struct phrase *p = malloc(sizeof *p + len);

    if (p == NULL) return NULL;
    char *copy = (char *)(p + 1);
    memcpy(copy, words, len);
    *p = (struct phrase){.at = at, .words = copy, .len = len, .label = *label};
    return p;
}

static int clash(const struct understanding *u, const struct phrase *old, const struct label *now,
                 const char *phrase, struct err *e)
{
    struct buf a = {0}, b = {0};

    if (old->at == AT_ORDINAL)
        return err_set(e, "phrase '%s' stands for both %d and %d", phrase, old->label.index, now->index);
    understanding_label(u->flow, &old->label, &a);
    understanding_label(u->flow, now, &b);
    (void)err_set(e, "phrase '%s' stands for both '%s' and '%s'", phrase, buf_text(&a), buf_text(&b));
    buf_free(&a);
    buf_free(&b);
    return -1;
}

static int learn(struct understanding *u, int at, const struct label *label, const char *phrase,
                 struct err *e)
{
    struct buf words = {0};
    struct phrase *p = NULL;
    int rc = -1;

    text_normalise(phrase, &words);
    if (words.failed) {
        (void)err_set(e, "out of memory");
        goto out;
    }
    if (words.len == 0) {
        (void)err_set(e, "phrase '%s' has no words", phrase);
        goto out;
    }
    p = phrase_new(at, label, words.data, words.len);
    struct phrase **node = p == NULL ? NULL : tsearch(p, &u->phrases, phrase_compare);
    if (node == NULL) {
        (void)err_set(e, "out of memory");
        goto out;
    }
    struct phrase *there = *node;
    if (there == p)
        p = NULL; /* the tree's now */
    else if (!label_same(&there->label, label)) {
        (void)clash(u, there, label, phrase, e);
        goto out;
    }
    rc = 0;
out:
    free(p);
    buf_free(&words);
    return rc;
}

static int label_from(const struct flow *f, int question, const char *name, struct label *out)
{
    static const char faq[] = "faq:", command[] = "command:";

    *out = (struct label){.question = question, .score = 1.0};
    if (strncmp(name, faq, sizeof faq - 1) == 0) {
        out->kind = LABEL_TOPIC;
        out->question = -1;
        out->index = flow_topic_find(f, name + sizeof faq - 1);
    } else if (strncmp(name, command, sizeof command - 1) == 0) {
        out->kind = LABEL_COMMAND;
        out->question = -1;
        out->index = flow_command_find(f, name + sizeof command - 1);
    } else if (strcmp(name, "unsure") == 0) {
        out->kind = LABEL_UNSURE;
    } else {
        out->kind = LABEL_ANSWER;
        out->index = question < 0 ? -1 : flow_answer_find(f, question, name);
    }
    return out->index < 0 ? -1 : 0;
}

int understanding_learn(struct understanding *u, const char *question, const char *label, const char *phrase,
                        struct err *e)
{
    struct label l;
    int at = strcmp(question, "any") == 0 ? AT_ANY : flow_question_find(u->flow, question);

    if (at == -1 && strcmp(question, "any") != 0) return err_set(e, "unknown question '%s'", question);
    if (label_from(u->flow, at, label, &l) != 0) return err_set(e, "unknown label '%s'", label);
    return learn(u, at, &l, phrase, e);
}

int understanding_learn_filler(struct understanding *u, const char *phrase, struct err *e)
{
    const struct label none = {.question = -1};

    return learn(u, AT_FILLER, &none, phrase, e);
}

int understanding_learn_ordinal(struct understanding *u, int rank, const char *phrase, struct err *e)
{
    const struct label l = {.question = -1, .index = rank, .score = 1.0};

    if (rank < 1) return err_set(e, "rank %d, expected 1 or more", rank);
    return learn(u, AT_ORDINAL, &l, phrase, e);
}

int understanding_ready(struct understanding *u, struct err *e)
{
    (void)u; /* phrases are found as they were learnt */
    (void)e;
    return 0;
}

/* ---- reading ---- */

struct words {
    const char *at;
    size_t len;
};

static const struct label *lookup(const struct understanding *u, int at, struct words w)
{
    const struct phrase key = {.at = at, .words = w.at, .len = w.len};
    struct phrase *const *node = tfind(&key, &u->phrases, phrase_compare);

    return node == NULL ? NULL : &(*node)->label;
}

/* The rank that `w` picks; 0 none. */
static int rank_of(const struct understanding *u, struct words w)
{
    const struct label *l = lookup(u, AT_ORDINAL, w);

    if (l != NULL) return l->index;
    /* Two digits are plenty for choices; a longer number is an amount of something. */
    if (w.len < 1 || w.len > 2) return 0;
    int rank = 0;
    for (size_t i = 0; i < w.len; i++) {
        if (w.at[i] < '0' || w.at[i] > '9') return 0;
        rank = rank * 10 + (w.at[i] - '0');
    }
    return rank;
}

/* The choices in the order shown: the answers, then "unsure" where it is a button. */
static bool pick(const struct flow *f, int question, int rank, struct label *out)
{
    const struct flow_question *q = &f->question[question];

    *out = (struct label){.kind = LABEL_ANSWER, .question = question, .index = rank - 1, .score = 1.0};
    if ((size_t)rank <= q->answer_n) return true;
    *out = (struct label){.kind = LABEL_UNSURE, .question = question, .score = 1.0};
    return q->offer_unsure && (size_t)rank == q->answer_n + 1;
}

static bool read_exact(const struct understanding *u, int question, struct words w, struct label *out)
{
    const struct label *l = question < 0 ? NULL : lookup(u, question, w);

    if (l == NULL && question >= 0) {
        int rank = rank_of(u, w);
        if (rank > 0) return pick(u->flow, question, rank, out);
    }
    if (l == NULL) l = lookup(u, AT_ANY, w);
    if (l == NULL || (l->kind == LABEL_UNSURE && question < 0)) return false;
    *out = *l;
    if (out->kind == LABEL_UNSURE) out->question = question;
    return true;
}

/* The text without the longest filler it starts (or ends) with; the same text when there is none,
 * or when nothing else would be left. */
static struct words without_first(const struct understanding *u, struct words w)
{
    struct words best = w;
    size_t seen = 0;

    for (size_t i = 0; i < w.len && seen < FILLER_WORDS_MAX; i++) {
        if (w.at[i] != ' ') continue;
        seen++;
        if (lookup(u, AT_FILLER, (struct words){w.at, i}) != NULL)
            best = (struct words){w.at + i + 1, w.len - i - 1};
    }
    return best;
}

static struct words without_last(const struct understanding *u, struct words w)
{
    struct words best = w;
    size_t seen = 0;

    for (size_t i = w.len; i > 0 && seen < FILLER_WORDS_MAX; i--) {
        if (w.at[i - 1] != ' ') continue;
        seen++;
        if (lookup(u, AT_FILLER, (struct words){w.at + i, w.len - i}) != NULL)
            best = (struct words){w.at, i - 1};
    }
    return best;
}

/* Tries the whole text, then with ever more filler taken off: what was said most fully counts. */
static bool read_stripped(const struct understanding *u, int question, struct words w, struct label *out)
{
    struct words head = w;

    for (int i = 0; i <= STRIPS_MAX; i++) {
        struct words both = head;
        for (int j = 0; j <= STRIPS_MAX; j++) {
            if (read_exact(u, question, both, out)) return true;
            struct words less = without_last(u, both);
            if (less.len == both.len) break;
            both = less;
        }
        struct words less = without_first(u, head);
        if (less.len == head.len) break;
        head = less;
    }
    return false;
}

void understanding_read(const struct understanding *u, int question, const char *text, struct meaning *out)
{
    struct buf words = {0};

    out->n = 0;
    text_normalise(text, &words);
    if (!words.failed && words.len > 0 &&
        read_stripped(u, question, (struct words){words.data, words.len}, &out->label[0]))
        out->n = 1;
    buf_free(&words);
}

void understanding_label(const struct flow *f, const struct label *l, struct buf *out)
{
    switch (l->kind) {
    case LABEL_ANSWER: buf_adds(out, f->question[l->question].answer[l->index].id); break;
    case LABEL_UNSURE: buf_adds(out, "unsure"); break;
    case LABEL_TOPIC: buf_addf(out, "faq:%s", f->topic[l->index].id); break;
    case LABEL_COMMAND: buf_addf(out, "command:%s", f->command[l->index].id); break;
    }
}

/* understanding.c -- learning; read.c reads. */
#include "understanding.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "features.h"
#include "flow.h"
#include "inside.h"
#include "words.h"

enum { LESSONS_BYTES = 256 * 1024 };

struct understanding *understanding_new(const struct flow *f)
{
    struct understanding *u = calloc(1, sizeof *u);

    if (u == NULL) return NULL;
    u->flow = f;
    u->last = &u->lessons;
    columns_of(f, &u->columns);
    u->lexicon = lexicon_new();
    u->book = phrasebook_new();
    u->model = model_new(u->columns.n);
    u->lessons_arena = arena_new(LESSONS_BYTES);
    if (u->lexicon != NULL && u->book != NULL && u->model != NULL && u->lessons_arena != NULL) return u;
    understanding_free(u);
    return NULL;
}

void understanding_free(struct understanding *u)
{
    if (u == NULL) return;
    lexicon_free(u->lexicon);
    phrasebook_free(u->book);
    model_free(u->model);
    arena_free(u->lessons_arena);
    free(u);
}

size_t understanding_bytes(const struct understanding *u)
{
    return sizeof *u + lexicon_bytes(u->lexicon) + phrasebook_bytes(u->book) + model_bytes(u->model);
}

/* ---- phrases ---- */

/* The normalised words of `phrase`, in `out`, which is the caller's to free. */
static int words_of(const char *phrase, struct buf *out, struct err *e)
{
    text_normalise(phrase, out);
    if (out->failed) return err_set(e, "out of memory");
    if (out->len == 0) return err_set(e, "phrase '%s' has no words", phrase);
    return 0;
}

static int clash(const struct understanding *u, int at, const struct label *old, const struct label *now,
                 const char *phrase, struct err *e)
{
    struct buf a = {0}, b = {0};

    if (at == AT_ORDINAL)
        return err_set(e, "phrase '%s' stands for both %d and %d", phrase, old->index, now->index);
    understanding_label(u->flow, old, &a);
    understanding_label(u->flow, now, &b);
    (void)err_set(e, "phrase '%s' stands for both '%s' and '%s'", phrase, buf_text(&a), buf_text(&b));
    buf_free(&a);
    buf_free(&b);
    return 1;
}

static int remember(struct understanding *u, int at, const struct label *label, const char *phrase,
                    struct err *e)
{
    struct buf words = {0};
    struct label old;
    int rc = words_of(phrase, &words, e);

    if (rc == 0) {
        rc = phrasebook_add(u->book, at, (struct span){words.data, words.len}, label, &old);
        if (rc < 0)
            (void)err_set(e, "out of memory");
        else
            rc = rc == 0 ? clash(u, at, &old, label, phrase, e) : 0;
    }
    buf_free(&words);
    return rc;
}

static int lesson_add(struct understanding *u, int at, size_t column, const char *phrase, struct err *e)
{
    struct lesson *l = arena_alloc(u->lessons_arena, sizeof *l);
    char *text = arena_strdup(u->lessons_arena, phrase);

    if (l == NULL || text == NULL) return err_set(e, "out of memory");
    *l = (struct lesson){.text = text, .at = at, .column = (unsigned)column};
    *u->last = l;
    u->last = &l->next;
    return 0;
}

static int label_from(const struct flow *f, int question, const char *name, struct label *out)
{
    static const char faq[] = "faq:", command[] = "command:";

    *out = (struct label){.question = question < 0 ? -1 : question, .score = 1.0};
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

static int place_from(const struct flow *f, const char *question)
{
    if (strcmp(question, "any") == 0) return AT_ANY;
    return strcmp(question, "start") == 0 ? AT_START : flow_question_find(f, question);
}

/* What means nothing at one question ("ja") can mean a lot at another: there it is known by heart.
 * What means nothing anywhere the model learns to tell apart. */
static int learn_unclear(struct understanding *u, int at, const char *phrase, struct err *e)
{
    const struct label none = {.kind = LABEL_UNSURE, .question = at, .index = -1, .score = 1.0};
    struct buf words = {0};

    if (at != AT_ANY) return remember(u, at, &none, phrase, e);
    int rc = words_of(phrase, &words, e);
    buf_free(&words);
    return rc != 0 ? rc : lesson_add(u, at, u->columns.unclear, phrase, e);
}

int understanding_learn(struct understanding *u, const char *question, const char *label, const char *phrase,
                        struct err *e)
{
    int at = place_from(u->flow, question);
    struct label l;

    if (at == -1 && strcmp(question, "any") != 0) return err_set(e, "unknown question '%s'", question);
    if (strcmp(label, "unclear") == 0) return learn_unclear(u, at, phrase, e);
    if (label_from(u->flow, at, label, &l) != 0) return err_set(e, "unknown label '%s'", label);
    int rc = remember(u, at, &l, phrase, e);
    /* "Ja" to a welcome says nothing of the word at a question: known by heart alone. */
    bool by_heart = at == AT_START || (l.kind == LABEL_COMMAND && columns_by_heart(u->flow, (size_t)l.index));
    if (rc >= 0 && !by_heart && lesson_add(u, at, columns_from(&u->columns, &l), phrase, e) != 0) rc = -1;
    return rc;
}

int understanding_learn_name(struct understanding *u, const char *label, const char *name, struct err *e)
{
    struct label l;

    if (label_from(u->flow, -1, label, &l) != 0) return err_set(e, "unknown label '%s'", label);
    return remember(u, AT_ANY, &l, name, e);
}

/* ---- words ---- */

static const struct label nothing = {.question = -1};

int understanding_learn_ordinal(struct understanding *u, int rank, const char *phrase, struct err *e)
{
    const struct label l = {.question = -1, .index = rank, .score = 1.0};

    if (rank == 0 || rank < RANK_MIDDLE) return err_set(e, "rank %d, expected 1 or more", rank);
    return remember(u, AT_ORDINAL, &l, phrase, e) == 0 ? 0 : -1;
}

/* One word for the lexicon: what is done with it is `put`'s. */
static int with_word(struct understanding *u, const char *word, int value, const char *meaning,
                     int (*put)(struct lexicon *l, struct span word, int value, struct span meaning),
                     struct err *e)
{
    struct buf a = {0}, b = {0};
    int rc = words_of(word, &a, e);

    if (rc == 0 && strchr(buf_text(&a), ' ') != NULL) rc = err_set(e, "'%s': expected one word", word);
    if (rc == 0 && meaning != NULL) rc = words_of(meaning, &b, e);
    if (rc == 0 && put(u->lexicon, (struct span){a.data, a.len}, value, (struct span){b.data, b.len}) != 0)
        rc = err_set(e, "'%s': out of memory, or of room", word);
    buf_free(&a);
    buf_free(&b);
    return rc;
}

static int put_mark(struct lexicon *l, struct span word, int value, struct span meaning)
{
    (void)meaning;
    return lexicon_mark(l, word, (enum word_mark)value);
}

static int put_number(struct lexicon *l, struct span word, int value, struct span meaning)
{
    (void)meaning;
    return lexicon_number(l, word, value);
}

static int put_short(struct lexicon *l, struct span word, int value, struct span meaning)
{
    (void)value;
    return lexicon_short(l, word, meaning);
}

static int put_alike(struct lexicon *l, struct span word, int value, struct span meaning)
{
    (void)value;
    return lexicon_alike(l, word, meaning);
}

int understanding_learn_word(struct understanding *u, enum word_kind kind, const char *word, struct err *e)
{
    static const enum word_mark mark[] = {[WORD_KIND_NEGATION] = WORD_NEGATES,
                                          [WORD_KIND_PAST] = WORD_PAST,
                                          [WORD_KIND_JOINT] = WORD_JOINS,
                                          [WORD_KIND_CONTRAST] = WORD_CONTRASTS,
                                          [WORD_KIND_LIMIT] = WORD_LIMITS};

    if (kind == WORD_KIND_FILLER) return remember(u, AT_FILLER, &nothing, word, e);
    return with_word(u, word, (int)mark[kind], NULL, put_mark, e);
}

static int put_group(struct lexicon *l, struct span word, int value, struct span meaning)
{
    (void)meaning;
    return lexicon_group(l, word, (unsigned)value);
}

static int group_of(struct understanding *u, const char *name, struct err *e)
{
    for (int i = 0; i < u->group_n; i++)
        if (strcmp(u->group[i], name) == 0) return i;
    if (u->group_n == LEXICON_GROUPS_MAX)
        return err_set(e, "group '%s': more than %d", name, LEXICON_GROUPS_MAX);
    u->group[u->group_n] = arena_strdup(u->lessons_arena, name);
    return u->group[u->group_n] == NULL ? err_set(e, "out of memory") : u->group_n++;
}

int understanding_learn_group(struct understanding *u, const char *group, const char *word, struct err *e)
{
    int g = group_of(u, group, e);

    return g < 0 ? -1 : with_word(u, word, g, NULL, put_group, e);
}

_Static_assert((int)UNDERSTANDING_GROUPS_MAX == (int)LEXICON_GROUPS_MAX, "said twice");

int understanding_learn_number(struct understanding *u, int value, const char *word, struct err *e)
{
    if (value < 0) return err_set(e, "number %d, expected 0 or more", value);
    return with_word(u, word, value, NULL, put_number, e);
}

int understanding_learn_short(struct understanding *u, const char *word, const char *meaning, struct err *e)
{
    return with_word(u, word, 0, meaning, put_short, e);
}

int understanding_learn_alike(struct understanding *u, const char *letters, const char *instead,
                              struct err *e)
{
    return with_word(u, letters, 0, instead, put_alike, e);
}

/* ---- training ---- */

struct training_room {
    struct words words;
    struct features features;
};

/* First which words there are, for only then can a slip be told from a word. */
static int count_words(struct understanding *u, struct training_room *r)
{
    for (const struct lesson *l = u->lessons; l != NULL; l = l->next) {
        words_read(&r->words, u->lexicon, l->text);
        for (size_t i = 0; i < r->words.n; i++)
            if (r->words.word[i].number < 0 && lexicon_count(u->lexicon, r->words.word[i].at) != 0) return -1;
    }
    return lexicon_ready(u->lexicon);
}

static size_t about_of(const struct columns *c, const struct flow *f, int at)
{
    return c->about + (at >= 0 ? (size_t)at : f->question_n);
}

/* What answers one question says nothing at another. Not all lessons tell so, for some words do
 * ("ja, heel belangrijk"): one in so many, of some length, each at the next question. */
enum { LESSONS_APART = 4, LESSON_WORDS_APART = 3 };

static bool says_nothing_elsewhere(const struct understanding *u, const struct training_room *r,
                                   const struct lesson *l, size_t i)
{
    return l->at >= 0 && l->column != u->columns.unsure && i % LESSONS_APART == 0 &&
           r->words.n >= LESSON_WORDS_APART && u->flow->question_n > 1;
}

static int another(const struct flow *f, int question, size_t i)
{
    return (int)(((size_t)question + 1 + i / LESSONS_APART % (f->question_n - 1)) % f->question_n);
}

static int teach(struct understanding *u, struct training_room *r)
{
    const struct columns *c = &u->columns;
    size_t i = 1;

    for (const struct lesson *l = u->lessons; l != NULL; l = l->next, i++) {
        const unsigned char *open = l->at >= 0 ? c->open_at[l->at] : c->open_any;
        struct choice choices[MODEL_CHOICES_MAX] = {
            {.open = open, .target = l->column},
            {.open = c->open_about, .target = (unsigned)about_of(c, u->flow, l->at)}};
        words_read(&r->words, u->lexicon, l->text);
        features_read(&r->features, u->lexicon, &r->words, 0, r->words.n, true);
        size_t n = 2;
        if (says_nothing_elsewhere(u, r, l, i))
            choices[n++] = (struct choice){.open = c->open_at[another(u->flow, l->at, i)],
                                           .target = (unsigned)c->unclear};
        if (model_example(u->model, &r->features, choices, n) != 0) return -1;
    }
    return model_train(u->model);
}

int understanding_ready(struct understanding *u, struct err *e)
{
    struct training_room *r = calloc(1, sizeof *r);
    int rc = r != NULL && count_words(u, r) == 0 && teach(u, r) == 0 ? 0 : err_set(e, "out of memory");

    if (r != NULL) words_free(&r->words);
    free(r);
    arena_free(u->lessons_arena);
    u->lessons_arena = NULL;
    u->lessons = NULL;
    u->group_n = 0;
    return rc;
}

void understanding_label(const struct flow *f, const struct label *l, struct buf *out)
{
    switch (l->kind) {
    case LABEL_ANSWER: buf_adds(out, f->question[l->question].answer[l->index].id); break;
    case LABEL_UNSURE: buf_adds(out, l->index < 0 ? "unclear" : "unsure"); break;
    case LABEL_TOPIC: buf_addf(out, "faq:%s", f->topic[l->index].id); break;
    case LABEL_COMMAND: buf_addf(out, "command:%s", f->command[l->index].id); break;
    }
}

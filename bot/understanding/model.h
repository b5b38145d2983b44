/* model.h -- a linear classifier over sparse features. Room-internal.
 *
 * Multinomial logistic regression, trained by stochastic gradient descent: the same examples in
 * the same order give the same model. Outputs ("columns") stand in groups, each a choice of one;
 * which columns of a group compete is the example's or the reader's to say. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct feature;
struct features;
struct model;

enum { MODEL_COLUMNS_MAX = 256 };

/* A choice among the columns whose `open` is not 0, of which `target` was right. */
struct choice {
    const unsigned char *open; /* a byte per column; lives as long as the training */
    unsigned target;
};

enum { MODEL_CHOICES_MAX = 3 };

/* model_new(columns): NULL when out of memory. */
struct model *model_new(size_t columns);
void model_free(struct model *m); /* NULL is fine */

/* model_example(m, f, choices, n): one more to learn from. -1 when out of memory. */
int model_example(struct model *m, const struct features *f, const struct choice *choices, size_t n);

/* model_train(m): from all examples, which are then let go. Before the first model_read. */
int model_train(struct model *m);

bool model_trained(const struct model *m);

/* model_read(m, f, out): a score per column, before model_share. */
void model_read(const struct model *m, const struct features *f, float *out);

/* model_share(m, scores, open, out): the scores of the open columns as shares of 1, in `out`; the
 * others 0. */
void model_share(const struct model *m, const float *scores, const unsigned char *open, float *out);

size_t model_bytes(const struct model *m); /* of memory, for reports */

#endif

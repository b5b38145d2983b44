#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "features.h"
#include "unit.h"

int test_model(void);

enum { COLUMNS = 5, SIDES = 2, EXAMPLES = 200 };

/* Columns 0 to 2 are one choice, 3 and 4 another. */
static const unsigned char first[COLUMNS] = {1, 1, 1, 0, 0}, second[COLUMNS] = {0, 0, 0, 1, 1},
                           without_one[COLUMNS] = {1, 0, 1, 0, 0};

/* What example `i` shows: a feature of its column, one of all, and one that is its own alone. */
static void show(struct features *f, unsigned i)
{
    f->n = 3;
    f->at[0] = (struct feature){.key = 100 + i % 3, .value = 0.7F};
    f->at[1] = (struct feature){.key = 7, .value = 0.5F};
    f->at[2] = (struct feature){.key = 1000 + i, .value = 0.5F};
}

static struct model *trained(struct features *f)
{
    struct model *m = model_new(COLUMNS);

    assert_non_null(m);
    assert_false(model_trained(m));
    for (unsigned i = 0; i < EXAMPLES; i++) {
        const struct choice choices[SIDES] = {{.open = first, .target = i % 3},
                                              {.open = second, .target = 3 + (i % 3 == 0)}};
        show(f, i);
        assert_int_equal(model_example(m, f, choices, SIDES), 0);
    }
    assert_int_equal(model_train(m), 0);
    assert_true(model_trained(m));
    return m;
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct features));
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void learns_what_tells_columns_apart(void **state)
{
    struct features *f = *state;
    struct model *m = trained(f);
    float score[COLUMNS], share[COLUMNS];

    for (unsigned i = 0; i < 3; i++) {
        show(f, 5000 * 3 + i); /* never seen */
        model_read(m, f, score);
        model_share(m, score, first, share);
        assert_true(share[i] > 0.9F);
        assert_true(share[0] + share[1] + share[2] > 0.999F && share[0] + share[1] + share[2] < 1.001F);
        assert_true(share[3] == 0 && share[4] == 0);
        model_share(m, score, second, share);
        assert_true(share[i == 0 ? 4 : 3] > 0.9F);
    }
    model_free(m);
}

static void columns_that_are_not_open_do_not_compete(void **state)
{
    struct features *f = *state;
    struct model *m = trained(f);
    float score[COLUMNS], share[COLUMNS];

    show(f, 1);
    model_read(m, f, score);
    model_share(m, score, without_one, share);
    assert_true(share[1] == 0);
    assert_true(share[0] + share[2] > 0.999F);
    model_free(m);
}

static void knows_nothing_of_what_it_never_saw(void **state)
{
    struct features *f = *state;
    struct model *m = trained(f);
    float score[COLUMNS], share[COLUMNS];

    f->n = 1;
    f->at[0] = (struct feature){.key = 999999, .value = 1};
    model_read(m, f, score);
    model_share(m, score, first, share);
    for (size_t k = 0; k < 3; k++) assert_true(share[k] < 0.6F);
    f->n = 0;
    model_read(m, f, score);
    model_share(m, score, first, share);
    for (size_t k = 0; k < 3; k++) assert_true(share[k] < 0.6F);
    model_free(m);
}

static void the_same_examples_give_the_same_model(void **state)
{
    struct features *f = *state;
    struct model *a = trained(f), *b = trained(f);
    float one[COLUMNS], two[COLUMNS];

    for (unsigned i = 0; i < 50; i++) {
        show(f, i);
        model_read(a, f, one);
        model_read(b, f, two);
        assert_memory_equal(one, two, sizeof one);
    }
    assert_int_equal(model_bytes(a), model_bytes(b));
    model_free(a);
    model_free(b);
}

static void without_examples_it_decides_nothing(void **state)
{
    struct features *f = *state;
    struct model *m = model_new(COLUMNS);
    float score[COLUMNS], share[COLUMNS];

    assert_int_equal(model_train(m), 0);
    show(f, 0);
    model_read(m, f, score);
    model_share(m, score, first, share);
    assert_true(share[0] < 0.34F && share[1] < 0.34F && share[2] < 0.34F);
    model_free(m);
}

int test_model(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(learns_what_tells_columns_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(columns_that_are_not_open_do_not_compete, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_nothing_of_what_it_never_saw, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_examples_give_the_same_model, setup, teardown),
        cmocka_unit_test_setup_teardown(without_examples_it_decides_nothing, setup, teardown),
    };
    return UNIT_RUN(tests);
}

#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void count(struct share *s, bool right)
{
    s->n++;
    s->right += right;
}

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool is_answer(const char *label)
{
    return strcmp(label, "unclear") != 0 && strcmp(label, "unsure") != 0 && !starts(label, "faq:") &&
           !starts(label, "command:");
}

static const char *group_of(const struct outcome *o)
{
    if (strcmp(o->expect, "unclear") == 0) return "unclear";
    if (starts(o->expect, "faq:")) return "faq";
    return starts(o->expect, "command:") ? "command" : o->question;
}

static void count_group(struct tally *t, const char *name, bool right)
{
    size_t i = 0;

    while (i < t->group_n && strcmp(t->group[i].name, name) != 0) i++;
    if (i == TALLY_GROUPS_MAX) return;
    if (i == t->group_n) {
        (void)snprintf(t->group[i].name, sizeof t->group[i].name, "%s", name);
        t->group_n++;
    }
    count(&t->group[i].share, right);
}

static void count_pair(struct tally *t, const struct outcome *o)
{
    size_t i = 0;

    while (i < t->pair_n &&
           (strcmp(t->pair[i].expect, o->expect) != 0 || strcmp(t->pair[i].got, o->got) != 0))
        i++;
    if (i == TALLY_PAIRS_MAX) return;
    if (i == t->pair_n) {
        (void)snprintf(t->pair[i].expect, sizeof t->pair[i].expect, "%s", o->expect);
        (void)snprintf(t->pair[i].got, sizeof t->pair[i].got, "%s", o->got);
        t->pair_n++;
    }
    t->pair[i].n++;
}

void tally_add(struct tally *t, const struct outcome *o)
{
    bool right = strcmp(o->expect, o->got) == 0;
    int band = (int)((o->score - 0.4) * 10);

    count(&t->all, right);
    count_group(t, group_of(o), right);
    if (strcmp(o->got, "unclear") == 0) {
        count(&t->none, right);
    } else {
        count(o->likely ? &t->likely : &t->sure, right);
        count(&t->band[band < 0 ? 0 : band >= TALLY_BANDS ? TALLY_BANDS - 1 : band], right);
    }
    if (right) return;
    t->wrong_answers += is_answer(o->got);
    count_pair(t, o);
}

static double percent(size_t part, size_t whole)
{
    return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static void print_share(const char *name, const struct share *s)
{
    (void)printf("  %-22s %5zu of %5zu  %5.1f %%\n", name, s->right, s->n, percent(s->right, s->n));
}

static int by_count(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? 1 : *x > *y ? -1 : 0;
}

static void print_pairs(const struct tally *t, size_t pairs)
{
    size_t order[TALLY_PAIRS_MAX][2];

    for (size_t i = 0; i < t->pair_n; i++) {
        order[i][0] = t->pair[i].n;
        order[i][1] = i;
    }
    qsort(order, t->pair_n, sizeof *order, by_count);
    if (t->pair_n > 0) (void)printf("  confused (expected, read)\n");
    for (size_t i = 0; i < t->pair_n && i < pairs; i++)
        (void)printf("    %4zu  %-22s %s\n", order[i][0], t->pair[order[i][1]].expect,
                     t->pair[order[i][1]].got);
}

void tally_print(const char *title, struct tally *t, size_t pairs)
{
    static const char *const bands[] = {"score below 0.5",  "score 0.5 to 0.6", "score 0.6 to 0.7",
                                        "score 0.7 to 0.8", "score 0.8 to 0.9", "score 0.9 to 1"};

    (void)printf("\n%s\n", title);
    print_share("exact", &t->all);
    (void)printf("  %-22s %5zu of %5zu  %5.1f %%\n", "wrongly accepted", t->wrong_answers, t->all.n,
                 percent(t->wrong_answers, t->all.n));
    for (size_t i = 0; i < t->group_n; i++) print_share(t->group[i].name, &t->group[i].share);
    (void)printf("  how right a reading is\n");
    print_share("sure", &t->sure);
    print_share("fairly sure", &t->likely);
    print_share("unclear", &t->none);
    for (size_t i = 0; i < TALLY_BANDS; i++)
        if (t->band[i].n > 0) print_share(bands[i], &t->band[i]);
    print_pairs(t, pairs);
}

#include "fixture.h"

int test_advice(void);

static struct advice advise(struct fixture *x, const char *ids)
{
    const struct answers a = answers_of(x, ids);
    struct advice adv;

    assert_int_equal(advice_compute(&x->flow, &a, &adv), 0);
    return adv;
}

static void assert_questions(const int *have, size_t n, const int *want, size_t want_n)
{
    assert_int_equal(n, want_n);
    for (size_t i = 0; i < n; i++) assert_int_equal(have[i], want[i]);
}

#define assert_list(have, n, ...)                                                                            \
    assert_questions(have, n, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

/* ---- every combination of answers, against the points table of the product ---- */

static int points_of(int question, int answer)
{
    static const int table[6][3] = {{0, 1, 2}, {3, 1, 0}, {0, 2, 0}, {0, 1, 3}, {4, 0, 0}, {1, 0, 0}};
    return table[question][answer];
}

/* Calls `look` with every combination: each answer, unsure and skipped. */
static void each_combination(struct fixture *x, void (*look)(struct fixture *x, const struct answers *a))
{
    int choice[6] = {0};

    for (;;) {
        struct answers a = {0};
        int q = 0;
        for (int i = 0; i < 6; i++) {
            int n = (int)x->flow.question[i].answer_n;
            answers_give(&a, i,
                         choice[i] < n    ? ANSWER_GIVEN
                         : choice[i] == n ? ANSWER_UNSURE
                                          : ANSWER_SKIPPED,
                         choice[i] < n ? choice[i] : 0, (unsigned)i + 1);
        }
        look(x, &a);
        while (q < 6 && ++choice[q] == (int)x->flow.question[q].answer_n + 2) choice[q++] = 0;
        if (q == 6) return;
    }
}

static void look_at_outcome(struct fixture *x, const struct answers *a)
{
    int sum = 0, unsure = 0, other = 0;
    struct advice adv;

    for (int q = 0; q < 6; q++) {
        bool given = a->of[q].kind == ANSWER_GIVEN;
        int points = given ? points_of(q, a->of[q].index) : 0;
        sum += points;
        unsure += !given;
        if (!(q == SECTOR && points == 4) && !(q == SECURITY && points == 3)) other += points;
    }
    int want = sum >= 4 ? MICROSOFT365 : unsure >= 4 || sum >= 2 ? TALK : IMAP;
    struct tally t = advice_tally(&x->flow, a);
    assert_int_equal(t.points, sum);
    assert_int_equal(t.unsure, unsure);
    assert_int_equal(t.other_points, other);
    assert_int_equal(advice_outcomes(&x->flow, &t), 1);
    assert_int_equal(advice_outcome(&x->flow, &t), want);
    assert_int_equal(advice_compute(&x->flow, a, &adv), 0);
    assert_int_equal(adv.outcome, want);
    assert_int_equal(adv.lean, want == TALK && sum >= 2 ? MICROSOFT365 : -1);
    assert_int_equal(adv.caution, sum >= 4 && unsure >= 4 && other > 0);
}

static void every_combination_has_the_advice_of_the_table(void **state)
{
    each_combination(*state, look_at_outcome);
}

static int outcome_with(struct fixture *x, const struct answers *a, int question, int answer)
{
    struct answers other = *a;

    answers_give(&other, question, ANSWER_GIVEN, answer, 1);
    struct tally t = advice_tally(&x->flow, &other);
    return advice_outcome(&x->flow, &t);
}

static int distance(int question, int one, int other)
{
    return abs(points_of(question, one) - points_of(question, other));
}

/* The other outcome that the least change of this answer gives; -1: none does. */
static int nearest_outcome(struct fixture *x, const struct answers *a, int now, int q)
{
    int best = -1, given = a->of[q].index;

    if (a->of[q].kind != ANSWER_GIVEN) return -1;
    for (int i = 0; i < (int)x->flow.question[q].answer_n; i++)
        if (outcome_with(x, a, q, i) != now && (best < 0 || distance(q, i, given) < distance(q, best, given)))
            best = i;
    return best < 0 ? -1 : outcome_with(x, a, q, best);
}

static bool tells(const struct advice *adv, int outcome)
{
    for (size_t i = 0; i < adv->turn_n; i++)
        if (adv->turn[i].outcome == outcome) return true;
    return false;
}

/* The heaviest answer that turns it comes first, and each outcome within reach is told. */
static void look_at_order(struct fixture *x, const struct answers *a, const struct advice *adv)
{
    int first = -1;

    for (size_t i = 0; i < adv->reason_n && first < 0; i++)
        if (nearest_outcome(x, a, adv->outcome, adv->reason[i]) >= 0) first = adv->reason[i];
    for (size_t i = 0; i < adv->against_n && first < 0; i++)
        if (nearest_outcome(x, a, adv->outcome, adv->against[i]) >= 0) first = adv->against[i];
    if (first >= 0) assert_int_equal(adv->turn[0].question, first);
    for (int q = 0; q < 6; q++) {
        int to = nearest_outcome(x, a, adv->outcome, q);
        if (to >= 0) assert_true(tells(adv, to));
    }
    for (size_t i = 0; i < adv->turn_n; i++) {
        const struct turn_of *t = &adv->turn[i];
        for (int k = 0; k < (int)x->flow.question[t->question].answer_n; k++)
            if (outcome_with(x, a, t->question, k) != adv->outcome)
                assert_true(distance(t->question, k, a->of[t->question].index) >=
                            distance(t->question, t->answer, a->of[t->question].index));
    }
}

static void look_at_turns(struct fixture *x, const struct answers *a)
{
    struct advice adv;
    bool given_turns = false, any_turns = false;

    assert_int_equal(advice_compute(&x->flow, a, &adv), 0);
    look_at_order(x, a, &adv);
    for (int q = 0; q < 6; q++) {
        for (int i = 0; i < (int)x->flow.question[q].answer_n; i++) {
            if (outcome_with(x, a, q, i) == adv.outcome) continue;
            any_turns = true;
            given_turns = given_turns || a->of[q].kind == ANSWER_GIVEN;
        }
    }
    assert_int_equal(adv.turn_n > 0, given_turns);
    assert_int_equal(adv.steady, !any_turns);
    for (size_t i = 0; i < adv.turn_n; i++) {
        const struct turn_of *t = &adv.turn[i];
        assert_int_equal(a->of[t->question].kind, ANSWER_GIVEN);
        assert_int_equal(outcome_with(x, a, t->question, t->answer), t->outcome);
        assert_int_not_equal(t->outcome, adv.outcome);
        for (size_t k = 0; k < i; k++) assert_int_not_equal(t->outcome, adv.turn[k].outcome);
    }
}

static void every_turn_told_is_true_and_none_is_denied(void **state)
{
    each_combination(*state, look_at_turns);
}

static void look_at_reasons(struct fixture *x, const struct answers *a)
{
    struct advice adv;
    size_t given = 0, named;

    assert_int_equal(advice_compute(&x->flow, a, &adv), 0);
    for (int q = 0; q < 6; q++) given += a->of[q].kind == ANSWER_GIVEN;
    named = adv.reason_n + adv.against_n;
    assert_true(named <= 4 && named >= (given < 2 ? given : 2));
    for (size_t i = 0; i < adv.reason_n; i++) {
        int q = adv.reason[i];
        int points = points_of(q, a->of[q].index);
        assert_int_equal(a->of[q].kind, ANSWER_GIVEN);
        if (adv.outcome == MICROSOFT365) assert_true(points > 0);
        if (adv.outcome == IMAP) assert_int_equal(points, 0);
        if (i > 0 && adv.outcome == MICROSOFT365)
            assert_true(points <= points_of(adv.reason[i - 1], a->of[adv.reason[i - 1]].index));
        for (size_t k = 0; k < i; k++) assert_int_not_equal(q, adv.reason[k]);
    }
    for (size_t i = 0; i < adv.against_n; i++) {
        int points = points_of(adv.against[i], a->of[adv.against[i]].index);
        assert_int_equal(points > 0, adv.outcome == IMAP);
        assert_int_not_equal(adv.outcome, TALK);
    }
    assert_int_equal(adv.unsure_n + adv.skipped_n, 6 - given);
}

static void names_two_to_four_answers_that_plead_for_it(void **state)
{
    each_combination(*state, look_at_reasons);
}

/* ---- some of them by hand ---- */

static void the_heaviest_reason_comes_first(void **state)
{
    struct advice adv =
        advise(*state, "usage=daily calendar=yes team=several security=basic sector=strict growth=yes");

    assert_int_equal(adv.outcome, MICROSOFT365);
    assert_list(adv.reason, adv.reason_n, SECTOR, CALENDAR, TEAM, USAGE);
    assert_int_equal(adv.against_n, 0);
}

static void what_pleads_against_is_named_while_there_is_room(void **state)
{
    struct advice adv =
        advise(*state, "usage=light calendar=no team=alone security=basic sector=strict growth=no");

    assert_int_equal(adv.outcome, MICROSOFT365);
    assert_list(adv.reason, adv.reason_n, SECTOR);
    /* What each could have added: calendar and security three, the others less. */
    assert_list(adv.against, adv.against_n, CALENDAR, SECURITY);

    adv = advise(*state, "usage=daily calendar=no team=unsure security=unsure sector=none growth=no");
    assert_int_equal(adv.outcome, IMAP);
    assert_list(adv.reason, adv.reason_n, SECTOR, CALENDAR, GROWTH);
    assert_list(adv.against, adv.against_n, USAGE);
}

static void in_between_names_what_pulls_each_way(void **state)
{
    struct advice adv =
        advise(*state, "usage=daily calendar=some team=alone security=basic sector=none growth=yes");

    assert_int_equal(adv.outcome, TALK);
    assert_list(adv.reason, adv.reason_n, USAGE, CALENDAR, SECTOR, SECURITY);
    assert_int_equal(adv.against_n, 0);
}

static void tells_one_turn_for_each_other_outcome(void **state)
{
    struct advice adv =
        advise(*state, "usage=light calendar=yes team=alone security=basic sector=none growth=no");

    assert_int_equal(adv.outcome, TALK);
    assert_int_equal(adv.lean, MICROSOFT365);
    assert_int_equal(adv.turn_n, 2);
    assert_int_equal(adv.turn[0].question, CALENDAR);
    assert_int_equal(adv.turn[0].outcome, IMAP);
    assert_int_equal(adv.turn[0].answer, 1); /* "some": the nearest that does it */
    assert_int_equal(adv.turn[1].outcome, MICROSOFT365);
}

static void lists_what_was_unsure_and_what_was_skipped(void **state)
{
    struct advice adv =
        advise(*state, "usage=light calendar=unsure team=skipped security=basic sector=unsure growth=no");

    assert_list(adv.unsure, adv.unsure_n, CALENDAR, SECTOR);
    assert_list(adv.skipped, adv.skipped_n, TEAM);
    assert_false(adv.steady); /* an answer about the sector would turn it */
}

static void much_unsure_asks_for_caution_unless_one_answer_decides(void **state)
{
    assert_true(
        advise(*state, "usage=light calendar=yes team=unsure security=unsure sector=unsure growth=unsure")
            .lean == MICROSOFT365);
    assert_true(
        advise(*state, "usage=daily calendar=yes team=unsure security=unsure sector=unsure growth=skipped")
            .caution);
    assert_false(
        advise(*state, "usage=light calendar=no team=unsure security=unsure sector=strict growth=skipped")
            .caution); /* four points, of which none from elsewhere, four gaps */
    assert_false(
        advise(*state, "usage=daily calendar=yes team=unsure security=unsure sector=unsure growth=no")
            .caution);
}

static void nothing_known_leans_to_nothing_and_hangs_on_nothing(void **state)
{
    struct advice adv = advise(
        *state, "usage=unsure calendar=unsure team=unsure security=unsure sector=unsure growth=unsure");

    assert_int_equal(adv.outcome, TALK);
    assert_int_equal(adv.lean, -1);
    assert_int_equal(adv.reason_n, 0);
    assert_int_equal(adv.turn_n, 0);
    assert_false(adv.steady);
}

static void of_all_strong_needs_no_single_one_turns_it(void **state)
{
    struct advice adv =
        advise(*state, "usage=heavy calendar=yes team=several security=critical sector=strict growth=yes");

    assert_int_equal(adv.turn_n, 0);
    assert_true(adv.steady);
}

static void tells_two_turns_where_more_outcomes_are_near(void **state)
{
    struct fixture *x = *state;
    struct flow *f = &x->flow;

    f->outcome[3] = f->outcome[2];
    f->outcome_n = 4;
    for (int i = 0; i < 4; i++) {
        static const struct range points[] = {{0, 0}, {1, 1}, {2, 3}, {4, FLOW_POINTS_MAX}};
        f->outcome[i].rule_n = 1;
        f->outcome[i].rule[0] = (struct flow_rule){points[i], {0, 6}, {0, FLOW_POINTS_MAX}};
    }
    struct advice adv = advise(x, "usage=light calendar=no team=alone security=basic sector=none growth=no");
    assert_int_equal(adv.turn_n, 2);
    assert_int_equal(adv.turn[0].outcome, 3); /* the sector */
    assert_int_equal(adv.turn[1].outcome, 1); /* the calendar, of which "some" is nearest */
}

/* Four points of one decisive answer are enough only with something beside it. */
static void a_turn_counts_what_is_decisive_apart(void **state)
{
    struct fixture *x = *state;
    struct flow_outcome *o = x->flow.outcome;

    o[MICROSOFT365].rule[0].other_points.from = 1;
    o[TALK].rule[o[TALK].rule_n++] = (struct flow_rule){{4, FLOW_POINTS_MAX}, {0, 6}, {0, 0}};
    struct advice adv =
        advise(x, "usage=light calendar=no team=alone security=basic sector=strict growth=no");
    assert_int_equal(adv.outcome, TALK);
    assert_int_equal(adv.turn_n, 2);
    assert_int_equal(adv.turn[0].question, SECTOR);
    assert_int_equal(adv.turn[0].outcome, IMAP);
    assert_int_equal(adv.turn[1].question, CALENDAR);
    assert_int_equal(adv.turn[1].answer, 1);
    assert_int_equal(adv.turn[1].outcome, MICROSOFT365);
    /* And a gap filled in by what is decisive adds nothing beside it. */
    assert_false(
        advise(x, "usage=light calendar=no team=alone security=basic sector=strict growth=unsure").steady);
}

static void has_no_advice_where_no_rule_fits(void **state)
{
    struct fixture *x = *state;
    const struct answers a = answers_of(x, "usage=light");
    struct advice adv;

    for (size_t i = 0; i < x->flow.outcome_n; i++) x->flow.outcome[i].rule_n = 0;
    assert_int_equal(advice_compute(&x->flow, &a, &adv), -1);
}

static void counts_how_many_outcomes_fit(void **state)
{
    struct fixture *x = *state;
    const struct tally t = {.points = 4};

    assert_int_equal(advice_outcomes(&x->flow, &t), 1);
    x->flow.outcome[IMAP].rule[0].points.to = 4;
    assert_int_equal(advice_outcomes(&x->flow, &t), 2);
    assert_int_equal(advice_outcome(&x->flow, &t), IMAP);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int test_advice(void)
{
    const struct CMUnitTest tests[] = {
        WITH(every_combination_has_the_advice_of_the_table),
        WITH(every_turn_told_is_true_and_none_is_denied),
        WITH(names_two_to_four_answers_that_plead_for_it),
        WITH(the_heaviest_reason_comes_first),
        WITH(what_pleads_against_is_named_while_there_is_room),
        WITH(in_between_names_what_pulls_each_way),
        WITH(tells_one_turn_for_each_other_outcome),
        WITH(lists_what_was_unsure_and_what_was_skipped),
        WITH(much_unsure_asks_for_caution_unless_one_answer_decides),
        WITH(nothing_known_leans_to_nothing_and_hangs_on_nothing),
        WITH(of_all_strong_needs_no_single_one_turns_it),
        WITH(tells_two_turns_where_more_outcomes_are_near),
        WITH(a_turn_counts_what_is_decisive_apart),
        WITH(has_no_advice_where_no_rule_fits),
        WITH(counts_how_many_outcomes_fit),
    };
    return UNIT_RUN(tests);
}

/* check_fit.c -- one message against every channel's limits: all that is broken, each with the text
 * to mend. */
#include "check_fit.h"

#include <stdio.h>
#include <string.h>

#include "dialogue.h"
#include "err.h"
#include "flow.h"
#include "outbound.h"

/* Titles that no two choices share and no limit minds. */
static const char *const harmless[OUTBOUND_CHOICES_MAX] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

static bool same_fault(const struct outbound *o, const struct limits *l, const struct err *was)
{
    struct err e = {0};

    return outbound_fit(o, l, &e) != 0 && strcmp(e.text, was->text) == 0;
}

static int mend_part(struct outbound *o, const struct limits *l, const struct err *was,
                     struct fit_fault *fault)
{
    struct outbound other = *o;
    const struct {
        enum fit_part part;
        const char **at;
        const char *with;
    } parts[] = {{FIT_TEXT, &other.text, "0"},
                 {FIT_FOOTER, &other.footer, NULL},
                 {FIT_LIST_TITLE, &other.list_title, "0"},
                 {FIT_LINK_TITLE, &other.link.title, "0"}};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *old = *parts[i].at;
        *parts[i].at = parts[i].with;
        if (!same_fault(&other, l, was)) {
            fault->part = parts[i].part;
            *o = other;
            return 0;
        }
        *parts[i].at = old;
    }
    return -1;
}

static int mend_choice(struct outbound *o, const struct limits *l, const struct err *was,
                       struct fit_fault *fault)
{
    for (size_t i = 0; i < o->choice_n; i++) {
        struct choice *c = &o->choice[i];
        const struct choice old = *c;
        fault->choice = old.id;
        fault->part = FIT_TITLE;
        c->title = harmless[i];
        if (!same_fault(o, l, was)) return 0;
        fault->part = FIT_NOTE;
        c->note = NULL;
        if (!same_fault(o, l, was)) return 0;
        *c = old;
    }
    *fault = (struct fit_fault){.part = FIT_WHOLE, .why = fault->why};
    return -1;
}

/* Puts something harmless in the first place that makes the fault go away. -1 when none does. The text goes
 * first: where notes are written out in it, a shorter title makes one that is too long a little shorter. */
static int mend(struct outbound *o, const struct limits *l, const struct err *was, struct fit_fault *fault)
{
    return mend_part(o, l, was, fault) == 0 ? 0 : mend_choice(o, l, was, fault);
}

size_t check_fit(const struct outbound *o, const struct limits *l,
                 struct fit_fault fault[static FIT_FAULTS_MAX])
{
    struct outbound rest = *o;
    size_t n = 0;

    while (n < FIT_FAULTS_MAX) {
        struct fit_fault *now = &fault[n];
        *now = (struct fit_fault){.part = FIT_WHOLE};
        if (outbound_fit(&rest, l, &now->why) == 0) break;
        n++;
        if (mend(&rest, l, &now->why, now) != 0) break;
    }
    return n;
}

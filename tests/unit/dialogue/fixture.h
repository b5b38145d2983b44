/* fixture.h -- a dialogue to try in C alone: a flow, its texts, a customer with a clock.
 *
 * Every text reads as its own key with its params, "[progress n=2 total=6]", so that a test sees
 * which text was said and with what. Buttons, nouns and names are bare keys: "usage.daily". The
 * second locale, "en", puts "E." before every key. After each turn the conversation is written
 * and read back, as the store does. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "unit.h"

#include "advice.h"
#include "arena.h"
#include "buf.h"
#include "business.h"
#include "conversation.h"
#include "dialogue.h"
#include "err.h"
#include "text.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* Monday 23 November 2026, 10:00 in Amsterdam: somebody is there. */
#define MONDAY_MS INT64_C(1795424400000)

enum { FIXTURE_TEXTS = TEXT_N + 400 };

struct fixture {
    struct arena *arena; /* as long as the fixture */
    struct arena *turn;  /* emptied every turn     */
    struct flow flow;
    int text_n;
    struct text nl_text[FIXTURE_TEXTS], en_text[FIXTURE_TEXTS];
    struct locale nl, en;
    const struct locale *locales[2];
    struct business business;
    struct script script;

    struct conversation c;
    struct effects fx;
    const struct outbound *out; /* what was said last in this turn; NULL: silence */
    int64_t now_ms;             /* a second passes with every turn                */
    int64_t sent_ms;            /* of the next messages; 0: now                   */
    int64_t window_ms;          /* of the platform; 0: none                       */
    const char *name, *our_number;
    unsigned messages;
    char id[24]; /* of the last message                            */
};

/* The questions of product.md, in its order. */
enum { USAGE, CALENDAR, TEAM, SECURITY, SECTOR, GROWTH };
enum { IMAP, TALK, MICROSOFT365 };

/* A flow like the one that is shipped. */
struct fixture *fixture_new(void);

/* Another: size (small, large) -> branch: large or unsure: say "large_hint", extra (yes, no);
 * else plain (yes, no), of which yes leads past say "plain_hint"; then the advice. */
struct fixture *fixture_branching(void);
enum { SIZE, EXTRA, PLAIN };

void fixture_free(struct fixture *x);
int fixture_setup(void **state); /* for cmocka: fixture_new in *state */
int fixture_setup_branching(void **state);
int fixture_teardown(void **state);

/* A text of its own key for both locales; its id. */
int fixture_text(struct fixture *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* One turn each. `labels`: what the words mean, as ids of choices parted by spaces, most certain
 * first: "usage=daily topic:pop do:skip"; "" is unclear. "~usage=daily" is fairly sure, "?usage=daily" a
 * guess that nothing was made of. */
void typed(struct fixture *x, const char *labels);
void tapped(struct fixture *x, const char *id);
void sent_media(struct fixture *x, enum media_kind kind, const char *labels);
void edited(struct fixture *x, const char *id, const char *labels);
void turned(struct fixture *x, enum message_kind kind);
void stepped(struct fixture *x, const struct message *m, const struct meaning *meaning);

/* The clock as often as it has something to do until `until`; after that it is `until`. What was said and
 * told comes together: x->out is what was said last. */
void clock_until(struct fixture *x, int64_t until_ms);
void happened(struct fixture *x, enum event_kind kind); /* an event that is no message */

/* Taps "usage=light calendar=no …", one after another. */
void tapped_all(struct fixture *x, const char *ids);

/* What was said: the outermost keys in order, "intro progress usage.ask"; "" for silence. */
#define assert_said(x, keys) assert_string_equal(said_keys(x), keys)
const char *said_keys(struct fixture *x);

/* What she was told at her desk in this turn, in order: "asked", "wrote resumed"; "overdue:told". */
#define assert_told(x, news) assert_string_equal(told_news(x), news)
const char *told_news(struct fixture *x);

#define assert_holder(x, name) assert_string_equal(holder_name((x)->c.holder), name)

/* The ids of the choices in order, parted by spaces. */
#define assert_choices(x, ids) assert_string_equal(choice_ids(x), ids)
const char *choice_ids(struct fixture *x);

#define assert_has(x, piece)   assert_non_null(strstr((x)->out != NULL ? (x)->out->text : "", piece))
#define assert_hasnt(x, piece) assert_null(strstr((x)->out != NULL ? (x)->out->text : "", piece))

/* The answers: "usage=daily team=unsure sector=skipped". */
#define assert_answers(x, all) assert_string_equal(answer_ids(x), all)
const char *answer_ids(struct fixture *x);

/* The state, or while asking the open question. */
#define assert_open(x, id) assert_string_equal(open_id(x), id)
const char *open_id(const struct fixture *x);

struct answers answers_of(const struct fixture *x, const char *ids); /* as in assert_answers */

#endif

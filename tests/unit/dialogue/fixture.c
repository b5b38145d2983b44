/* fixture.c -- turns, and what came of them; see fixture.h. */
#include "fixture.h"

void fixture_free(struct fixture *x)
{
    arena_free(x->arena);
    arena_free(x->turn);
    free(x);
}

int fixture_setup(void **state)
{
    *state = fixture_new();
    return 0;
}

int fixture_setup_branching(void **state)
{
    *state = fixture_branching();
    return 0;
}

int fixture_teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

/* ---- turns ---- */

static void save_and_load(struct fixture *x)
{
    struct conversation back;
    struct buf text = {0}, again = {0};
    struct err e = {0};

    conversation_write(&x->c, &x->flow, &text);
    assert_int_equal(conversation_read(&back, &x->flow, buf_text(&text), &e), 0);
    conversation_write(&back, &x->flow, &again);
    assert_string_equal(buf_text(&text), buf_text(&again));
    x->c = back;
    buf_free(&text);
    buf_free(&again);
}

static void step(struct fixture *x, const struct event *ev)
{
    struct err e = {0};

    arena_reset(x->turn);
    x->fx = (struct effects){.arena = x->turn, .n = EFFECTS_MAX}; /* left over from the last turn */
    x->out = NULL;
    assert_int_equal(dialogue_step(&x->script, &x->c, ev, &x->fx, &e), 0);
    for (size_t i = 0; i < x->fx.n; i++)
        if (x->fx.effect[i].kind == EFFECT_SAY) x->out = &x->fx.effect[i].say.out;
    /* Ids live in buttons for months and Telegram allows 64 bytes; nothing is ever said empty. */
    for (size_t i = 0; x->out != NULL && i < x->out->choice_n; i++)
        assert_true(strlen(x->out->choice[i].id) <= 64);
    if (x->out != NULL) assert_string_not_equal(x->out->text, "");
    save_and_load(x);
}

void stepped(struct fixture *x, const struct message *m, const struct meaning *meaning)
{
    struct message full = *m;
    const struct event ev = {
        .now_ms = x->now_ms, .message = &full, .meaning = meaning, .window_ms = x->window_ms};

    (void)snprintf(x->id, sizeof x->id, "id-%u", ++x->messages);
    full.id = x->id;
    full.name = x->name;
    full.our_number = x->our_number;
    full.sent_ms = x->sent_ms != 0 ? x->sent_ms : x->now_ms;
    step(x, &ev);
    x->now_ms += SECOND_MS;
}

void happened(struct fixture *x, enum event_kind kind)
{
    const struct event ev = {.kind = kind, .now_ms = x->now_ms, .window_ms = x->window_ms};

    step(x, &ev);
    x->now_ms += SECOND_MS;
}

void clock_until(struct fixture *x, int64_t until_ms)
{
    int64_t at;

    for (int i = 0; i < 8 && (at = conversation_wake_ms(&x->c)) != 0 && at <= until_ms; i++) {
        assert_true(at >= x->now_ms - SECOND_MS);
        x->now_ms = at;
        happened(x, EVENT_CLOCK);
    }
    x->now_ms = until_ms;
}

static struct meaning meaning_of(struct fixture *x, const char *labels)
{
    struct meaning m = {0};
    char id[64];

    for (; *labels != '\0'; labels += strspn(labels, " ")) {
        bool likely = *labels == '~', guess = *labels == '?';
        if (likely || guess) labels++;
        size_t n = strcspn(labels, " ");
        (void)snprintf(id, sizeof id, "%.*s", (int)n, labels);
        struct tap tap = dialogue_tap(&x->flow, id);
        assert_int_not_equal(tap.kind, TAP_UNKNOWN);
        assert_true(m.n < MEANING_LABELS_MAX && m.guess_n + guess <= MEANING_GUESSES_MAX);
        struct label *l = guess ? &m.guess[m.guess_n++] : &m.label[m.n++];
        *l = (struct label){.kind = tap.kind == TAP_ANSWER   ? LABEL_ANSWER
                                    : tap.kind == TAP_UNSURE ? LABEL_UNSURE
                                    : tap.kind == TAP_TOPIC  ? LABEL_TOPIC
                                                             : LABEL_COMMAND,
                            .question = tap.question,
                            .index = tap.index,
                            .score = guess    ? 0.3
                                     : likely ? 0.6
                                              : 1.0,
                            .likely = likely};
        labels += n;
    }
    return m;
}

void typed(struct fixture *x, const char *labels)
{
    const struct message m = {.kind = MESSAGE_TEXT, .text = "words"};
    const struct meaning meaning = meaning_of(x, labels);

    stepped(x, &m, &meaning);
}

void tapped(struct fixture *x, const char *id)
{
    const struct message m = {.kind = MESSAGE_TAP, .choice = id, .text = "title"};

    stepped(x, &m, NULL);
}

void sent_media(struct fixture *x, enum media_kind kind, const char *labels)
{
    const struct message m = {
        .kind = MESSAGE_MEDIA, .media = kind, .text = *labels != '\0' ? "caption" : NULL};
    const struct meaning meaning = meaning_of(x, labels);

    stepped(x, &m, *labels != '\0' ? &meaning : NULL);
}

void edited(struct fixture *x, const char *id, const char *labels)
{
    char about[sizeof x->id]; /* `id` may be x->id, which is about to change */
    const struct message m = {.kind = MESSAGE_EDIT, .text = "new words", .about = about};
    const struct meaning meaning = meaning_of(x, labels);

    (void)snprintf(about, sizeof about, "%s", id);
    stepped(x, &m, &meaning);
}

void turned(struct fixture *x, enum message_kind kind)
{
    const struct message m = {.kind = kind, .about = "id-1"};

    stepped(x, &m, NULL);
}

void tapped_all(struct fixture *x, const char *ids)
{
    char id[64];

    for (; *ids != '\0'; ids += strspn(ids, " ")) {
        size_t n = strcspn(ids, " ");
        (void)snprintf(id, sizeof id, "%.*s", (int)n, ids);
        tapped(x, id);
        ids += n;
    }
}

/* ---- what came of it ---- */

static const char *keep(struct fixture *x, struct buf *b)
{
    const char *s = arena_strdup(x->turn, buf_text(b));

    assert_non_null(s);
    buf_free(b);
    return s;
}

const char *said_keys(struct fixture *x)
{
    struct buf keys = {0};
    int depth = 0;

    for (const char *s = x->out == NULL ? "" : x->out->text; *s != '\0'; s++) {
        if (*s == ']') depth--;
        if (*s != '[' || depth++ > 0) continue;
        if (keys.len > 0) buf_addc(&keys, ' ');
        buf_add(&keys, s + 1, strcspn(s + 1, " ]"));
    }
    return keep(x, &keys);
}

const char *told_news(struct fixture *x)
{
    static const char *const name[] = {[NEWS_ASKED] = "asked",     [NEWS_WROTE] = "wrote",
                                       [NEWS_REMIND] = "remind",   [NEWS_LATER] = "later",
                                       [NEWS_OVERDUE] = "overdue", [NEWS_SHUTTING] = "shutting",
                                       [NEWS_TAKEN] = "taken",     [NEWS_GIVEN_BACK] = "given_back",
                                       [NEWS_BACK] = "back",       [NEWS_RESUMED] = "resumed",
                                       [NEWS_GONE] = "gone",       [NEWS_ERASED] = "erased"};
    _Static_assert(sizeof name / sizeof *name == NEWS_N, "name each");
    struct buf all = {0};

    for (size_t i = 0; i < x->fx.n; i++) {
        const struct effect *f = &x->fx.effect[i];
        if (f->kind != EFFECT_TELL) continue;
        buf_addf(&all, "%s%s%s", all.len > 0 ? " " : "", name[f->tell.news], f->tell.told ? ":told" : "");
    }
    return keep(x, &all);
}

const char *choice_ids(struct fixture *x)
{
    struct buf ids = {0};

    for (size_t i = 0; x->out != NULL && i < x->out->choice_n; i++)
        buf_addf(&ids, "%s%s", i > 0 ? " " : "", x->out->choice[i].id);
    return keep(x, &ids);
}

const char *answer_ids(struct fixture *x)
{
    struct buf ids = {0};

    for (size_t q = 0; q < x->flow.question_n; q++) {
        const struct answer *a = &x->c.answers.of[q];
        if (a->kind == ANSWER_NONE) continue;
        buf_addf(&ids, "%s%s=%s", ids.len > 0 ? " " : "", x->flow.question[q].id,
                 a->kind == ANSWER_GIVEN    ? x->flow.question[q].answer[a->index].id
                 : a->kind == ANSWER_UNSURE ? "unsure"
                                            : "skipped");
    }
    return keep(x, &ids);
}

const char *open_id(const struct fixture *x)
{
    return x->c.state == CONVERSATION_ASKING ? x->flow.question[x->c.question].id
                                             : conversation_state_name(x->c.state);
}

struct answers answers_of(const struct fixture *x, const char *ids)
{
    struct answers a = {0};
    char id[64];
    unsigned order = 0;

    for (; *ids != '\0'; ids += strspn(ids, " ")) {
        size_t n = strcspn(ids, " ");
        (void)snprintf(id, sizeof id, "%.*s", (int)n, ids);
        char *skipped = strstr(id, "=skipped");
        if (skipped != NULL) (void)snprintf(skipped, sizeof "=unsure", "=unsure");
        struct tap tap = dialogue_tap(&x->flow, id);
        assert_true(tap.kind == TAP_ANSWER || tap.kind == TAP_UNSURE);
        answers_give(&a, tap.question,
                     tap.kind == TAP_ANSWER ? ANSWER_GIVEN
                     : skipped != NULL      ? ANSWER_SKIPPED
                                            : ANSWER_UNSURE,
                     tap.index, ++order);
        ids += n;
    }
    return a;
}

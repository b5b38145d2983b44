#include "conversation.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "hash.h"
#include "log.h"

/* Answers that one person gives in a life, and more: what counts further is not read again. */
enum { ORDER_MAX = 1000000 };

static const char *const state_name[] = {[CONVERSATION_START] = "start",
                                         [CONVERSATION_ASKING] = "asking",
                                         [CONVERSATION_AFTER] = "after",
                                         [CONVERSATION_STOPPED] = "stopped"};
_Static_assert(sizeof state_name / sizeof *state_name == CONVERSATION_N, "name each");

static const char *const holder_names[] = {
    [HOLDER_BOT] = "bot", [HOLDER_WAITING] = "waiting", [HOLDER_HUMAN] = "human"};
_Static_assert(sizeof holder_names / sizeof *holder_names == HOLDER_N, "name each");

const char *conversation_state_name(enum conversation_state s)
{
    return state_name[s];
}

const char *holder_name(enum holder h)
{
    return holder_names[h];
}

void conversation_begin(struct conversation *c, const char *locale)
{
    *c = (struct conversation){.state = CONVERSATION_START, .question = -1, .text_question = -1};
    (void)snprintf(c->locale, sizeof c->locale, "%s", locale);
}

void conversation_move(struct conversation *c, enum conversation_state to)
{
    if (c->state == to) return;
    log_debug("conversation", "from=%s to=%s", state_name[c->state], state_name[to]);
    c->state = to;
}

/* ---- who answers ---- */

void conversation_hold(struct conversation *c, enum holder to, int64_t now_ms)
{
    c->times = (struct hold_times){0};
    c->overdue = c->returned = false;
    if (to == HOLDER_BOT) c->unanswered = false;
    if (c->holder == to) return;
    log_debug("conversation", "holder=%s to=%s", holder_names[c->holder], holder_names[to]);
    c->holder = to;
    c->holder_ms = now_ms;
}

int64_t conversation_wake_ms(const struct conversation *c)
{
    const int64_t at[] = {c->times.remind_ms, c->times.promise_ms, c->times.warn_ms, c->times.back_ms};
    int64_t first = 0;

    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        if (at[i] != 0 && (first == 0 || at[i] < first)) first = at[i];
    return first;
}

/* ---- answers ---- */

void answers_give(struct answers *a, int question, enum answer_kind kind, int index, unsigned order)
{
    a->of[question] =
        (struct answer){.kind = kind, .index = kind == ANSWER_GIVEN ? index : 0, .order = order};
}

void conversation_answer(struct conversation *c, int question, enum answer_kind kind, int index)
{
    if (c->order < ORDER_MAX) c->order++;
    answers_give(&c->answers, question, kind, index, c->order);
}

void answers_doubt(struct answers *a, int question)
{
    a->of[question].doubtful = true;
}

void answers_drop(struct answers *a, int question)
{
    a->of[question] = (struct answer){.kind = ANSWER_NONE};
}

int answers_last(const struct answers *a, const struct flow *f)
{
    return answers_before(a, f, -1);
}

int answers_before(const struct answers *a, const struct flow *f, int question)
{
    unsigned before = question < 0 ? UINT_MAX : a->of[question].order;
    int last = -1;

    for (int q = 0; q < (int)f->question_n; q++) {
        if (a->of[q].kind == ANSWER_NONE || a->of[q].order >= before) continue;
        if (last < 0 || a->of[q].order > a->of[last].order) last = q;
    }
    return last;
}

/* ---- as text ---- */

/* Signs instead of ids, so that no answer's id can be mistaken for them. */
static const char sign_unsure[] = "?";
static const char sign_skipped[] = "!";
static const char sign_doubtful[] = "~"; /* behind the order */

static void write_answers(const struct conversation *c, const struct flow *f, struct buf *out)
{
    const char *between = "";

    for (size_t q = 0; q < f->question_n; q++) {
        const struct answer *a = &c->answers.of[q];
        if (a->kind == ANSWER_NONE) continue;
        const char *id = a->kind == ANSWER_GIVEN    ? f->question[q].answer[a->index].id
                         : a->kind == ANSWER_UNSURE ? sign_unsure
                                                    : sign_skipped;
        buf_addf(out, "%s%s:%s/%u%s", between, f->question[q].id, id, a->order,
                 a->doubtful ? sign_doubtful : "");
        between = ",";
    }
}

static const char *question_id(const struct flow *f, int question)
{
    return question < 0 ? "-" : f->question[question].id;
}

/* The last field: a sum over all before it. A line cut short or touched is known by it. */
static const char sum_field[] = " sum=";
enum { SUM_DIGITS = 16 };

/* Nothing while the bot has the chat, as almost always: the line stays short. */
static void write_holder(const struct conversation *c, struct buf *out)
{
    const struct hold_times *t = &c->times;

    if (c->holder != HOLDER_BOT || c->holder_ms != 0 || conversation_wake_ms(c) != 0)
        buf_addf(out, " holder=%s/%" PRId64 " times=%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64,
                 holder_names[c->holder], c->holder_ms, t->remind_ms, t->promise_ms, t->warn_ms, t->back_ms);
    if (c->unanswered || c->overdue || c->returned)
        buf_addf(out, " owed=%s%s%s", c->unanswered ? "u" : "", c->overdue ? "o" : "",
                 c->returned ? "r" : "");
}

void conversation_write(const struct conversation *c, const struct flow *f, struct buf *out)
{
    size_t start = out->len;

    buf_addf(out, "v1 flow=%s/%d state=%s question=%s answers=", f->id, f->version, state_name[c->state],
             question_id(f, c->question));
    write_answers(c, f, out);
    buf_addf(out,
             " locale=%s last=%" PRId64 " misses=%d introduced=%d media=%" PRId64 " late=%" PRId64
             " typed=%016" PRIx64 "/%s",
             c->locale, c->last_ms, c->misses, c->introduced, c->media_ms, c->late_ms, c->text_hash,
             question_id(f, c->text_question));
    write_holder(c, out);
    uint64_t sum = out->failed ? 0 : hash_bytes(out->data + start, out->len - start);
    buf_addf(out, "%s%016" PRIx64, sum_field, sum);
}

/* One "key=value" of the line; both are cut out of it. False at its end. */
struct field {
    char key[16];
    char value[FLOW_QUESTIONS_MAX * (2 * FLOW_ID_MAX + 16)];
};

static bool field_next(const char **p, struct field *out)
{
    size_t key = strcspn(*p, "= ");
    if (key == 0 || (*p)[key] != '=' || key >= sizeof out->key) return false;
    const char *value = *p + key + 1;
    size_t n = strcspn(value, " ");
    if (n >= sizeof out->value) return false;
    memcpy(out->key, *p, key);
    out->key[key] = '\0';
    memcpy(out->value, value, n);
    out->value[n] = '\0';
    *p = value + n;
    return true;
}

static int question_from(const struct flow *f, const char *id)
{
    return strcmp(id, "-") == 0 ? -1 : flow_question_find(f, id);
}

/* "usage:light/1,calendar:?/2". Ids that the flow no longer knows are passed over. */
static int read_answers(struct conversation *c, const struct flow *f, char *text)
{
    while (*text != '\0') {
        char *end = text + strcspn(text, ",");
        char *next = *end == ',' ? end + 1 : end;
        *end = '\0';
        char *id = strchr(text, ':');
        char *order = strchr(text, '/');
        if (id == NULL || order == NULL || order < id) return -1;
        *id++ = '\0';
        *order++ = '\0';
        unsigned long count = strtoul(order, &order, 10);
        if (count > ORDER_MAX) return -1;
        int q = flow_question_find(f, text);
        if (q >= 0) {
            int index = flow_answer_find(f, q, id);
            enum answer_kind kind = strcmp(id, sign_unsure) == 0    ? ANSWER_UNSURE
                                    : strcmp(id, sign_skipped) == 0 ? ANSWER_SKIPPED
                                    : index >= 0                    ? ANSWER_GIVEN
                                                                    : ANSWER_NONE;
            if (kind != ANSWER_NONE) answers_give(&c->answers, q, kind, index, (unsigned)count);
            if (kind != ANSWER_NONE && strcmp(order, sign_doubtful) == 0) answers_doubt(&c->answers, q);
        }
        if (count > c->order) c->order = (unsigned)count;
        text = next;
    }
    return 0;
}

static int read_state(struct conversation *c, const char *value)
{
    for (int i = 0; i < CONVERSATION_N; i++) {
        if (strcmp(value, state_name[i]) != 0) continue;
        c->state = (enum conversation_state)i;
        return 0;
    }
    return -1;
}

static int read_number(const char *value, int64_t *out)
{
    char *end;

    *out = strtoll(value, &end, 10);
    return *value != '\0' && *end == '\0' ? 0 : -1;
}

/* From 1970 to the end of 9999: with these everything can be reckoned. */
static bool is_moment(int64_t ms)
{
    return ms >= 0 && ms <= INT64_C(253402300799999);
}

static int read_moment(const char *value, int64_t *out)
{
    return read_number(value, out) == 0 && is_moment(*out) ? 0 : -1;
}

static int read_typed(struct conversation *c, const struct flow *f, const char *value)
{
    char *end;

    c->text_hash = strtoull(value, &end, 16);
    if (end == value || *end != '/') return -1;
    c->text_question = question_from(f, end + 1);
    return 0;
}

/* "waiting/1795424400000" */
static int read_holder(struct conversation *c, const char *value)
{
    size_t n = strcspn(value, "/");

    for (int i = 0; i < HOLDER_N; i++) {
        if (strlen(holder_names[i]) != n || strncmp(value, holder_names[i], n) != 0) continue;
        c->holder = (enum holder)i;
        return value[n] == '/' ? read_moment(value + n + 1, &c->holder_ms) : -1;
    }
    return -1;
}

static int read_times(struct conversation *c, const char *value)
{
    int64_t *at[] = {&c->times.remind_ms, &c->times.promise_ms, &c->times.warn_ms, &c->times.back_ms};
    const size_t n = sizeof at / sizeof *at;
    char *end;

    for (size_t i = 0; i < n; i++, value = end + 1) {
        *at[i] = strtoll(value, &end, 10);
        if (end == value || *end != (i + 1 < n ? '/' : '\0') || !is_moment(*at[i])) return -1;
    }
    return 0;
}

static int read_field(struct conversation *c, const struct flow *f, struct field *x)
{
    int64_t n;

    if (strcmp(x->key, "state") == 0) return read_state(c, x->value);
    if (strcmp(x->key, "answers") == 0) return read_answers(c, f, x->value);
    if (strcmp(x->key, "typed") == 0) return read_typed(c, f, x->value);
    if (strcmp(x->key, "last") == 0) return read_moment(x->value, &c->last_ms);
    if (strcmp(x->key, "media") == 0) return read_moment(x->value, &c->media_ms);
    if (strcmp(x->key, "late") == 0) return read_moment(x->value, &c->late_ms);
    if (strcmp(x->key, "holder") == 0) return read_holder(c, x->value);
    if (strcmp(x->key, "times") == 0) return read_times(c, x->value);
    if (strcmp(x->key, "question") == 0) {
        c->question = question_from(f, x->value);
    } else if (strcmp(x->key, "locale") == 0) {
        if (strlen(x->value) >= sizeof c->locale) return -1;
        memcpy(c->locale, x->value, strlen(x->value) + 1);
    } else if (strcmp(x->key, "misses") == 0) {
        if (read_number(x->value, &n) != 0) return -1;
        c->misses = n < 0 || n > 1000 ? 0 : (int)n;
    } else if (strcmp(x->key, "introduced") == 0) {
        c->introduced = strcmp(x->value, "1") == 0;
    } else if (strcmp(x->key, "owed") == 0) {
        c->unanswered = strchr(x->value, 'u') != NULL;
        c->overdue = strchr(x->value, 'o') != NULL;
        c->returned = strchr(x->value, 'r') != NULL;
    } /* a field of a later version is passed over */
    return 0;
}

/* Is the line as it was written? `*n`: its bytes before the sum. */
static bool sum_holds(const char *text, size_t *n)
{
    char sum[SUM_DIGITS + 1];
    size_t len = strlen(text), tail = strlen(sum_field) + SUM_DIGITS;

    if (len < tail) return false;
    *n = len - tail;
    (void)snprintf(sum, sizeof sum, "%016" PRIx64, hash_bytes(text, *n));
    return strncmp(text + *n, sum_field, strlen(sum_field)) == 0 && strcmp(text + len - SUM_DIGITS, sum) == 0;
}

int conversation_read(struct conversation *c, const struct flow *f, const char *text, struct err *e)
{
    static const char version[] = "v1 ";
    struct field x;
    size_t n;

    conversation_begin(c, "");
    if (strncmp(text, version, strlen(version)) != 0) return err_set(e, "conversation: not of version 1");
    if (!sum_holds(text, &n)) return err_set(e, "conversation: damaged: its sum does not hold");
    for (const char *p = text + strlen(version); p < text + n; p += strspn(p, " ")) {
        if (field_next(&p, &x) && read_field(c, f, &x) == 0) continue;
        conversation_begin(c, "");
        return err_set(e, "conversation: damaged at byte %zu", (size_t)(p - text));
    }
    return 0;
}

/* holder.c -- who has the chat: the bot, the bot while the human is waited for, or the human. Asking,
 * taking over, silence, promises and the way back. */
#include <string.h>

#include "business.h"
#include "hours.h"
#include "step.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)

/* She is warned this long before the platform's window shuts on somebody who waits. */
static const int64_t WARN_MS = 2 * HOUR_MS;

/* "Later" at her desk: reminded so much later, or when she is there again. */
static const int64_t LATER_MS = HOUR_MS;

/* Without a desk nobody can say that it is over: who asked waits until a day after the moment named. */
static const int64_t WAIT_WITHOUT_DESK_MS = 24 * HOUR_MS;

void step_tell(struct step *t, enum news news, bool told, int64_t at_ms)
{
    if (t->fx->n == EFFECTS_MAX) {
        t->r.failed = true;
        return;
    }
    t->fx->effect[t->fx->n++] =
        (struct effect){.kind = EFFECT_TELL, .tell = {.news = news, .told = told, .at_ms = at_ms}};
}

/* May the person be written to unasked: they did not ask for silence, and the platform's window is open. */
static bool reachable(const struct conversation *c, const struct event *ev)
{
    if (c->state == CONVERSATION_STOPPED) return false;
    return ev->window_ms == 0 || ev->now_ms - c->last_ms < ev->window_ms;
}

/* ---- what the clock must do ---- */

static void set_warning(struct step *t)
{
    int64_t at = t->c->last_ms + t->ev->window_ms - WARN_MS;

    t->c->times.warn_ms = t->c->unanswered && t->ev->window_ms != 0 && at > t->ev->now_ms ? at : 0;
}

/* A promise is kept from the moment that is named on; a reminder leaves her half of the grace. */
static void promise(struct step *t)
{
    const struct business *b = t->s->business;
    struct hold_times *times = &t->c->times;
    int64_t moment, grace = b->reply_grace_min * MINUTE_MS;
    bool named = hours_next(&b->hours, t->ev->now_ms, &moment);

    if (!t->s->desk) {
        times->back_ms = (named ? moment : t->ev->now_ms) + WAIT_WITHOUT_DESK_MS;
    } else if (named) {
        times->remind_ms = moment + grace / 2;
        times->promise_ms = hours_daytime(&b->hours, moment + grace);
    }
}

/* Her silence is counted from her last word, and ends when nobody is woken by it. */
static void hold(struct step *t)
{
    conversation_hold(t->c, HOLDER_HUMAN, t->ev->now_ms);
    t->c->times.back_ms = hours_daytime(&t->s->business->hours, t->ev->now_ms + t->s->human_ms);
    set_warning(t);
}

/* ---- the person ---- */

/* Asked for. Who asks again is told again when; the promise stays the one that was given. */
int step_reach(struct step *t, int text)
{
    bool again = t->c->holder == HOLDER_WAITING;

    if (!again) {
        conversation_hold(t->c, HOLDER_WAITING, t->ev->now_ms);
        t->c->unanswered = true;
        promise(t);
        set_warning(t);
        step_tell(t, NEWS_ASKED, false, 0);
        /* The dossier has the words that ask, but not what they stand beneath. */
        if (t->ev->message->kind == MESSAGE_MEDIA) step_tell(t, NEWS_WROTE, false, 0);
    }
    t->closing = CLOSE_READY;
    if (!t->s->desk) {
        reply_block(&t->r, text, NULL);
        return reply_human(&t->r, true);
    }
    bool there = hours_open_at(&t->s->business->hours, t->ev->now_ms);
    const int text_of[2][2] = {{TEXT_HANDED, TEXT_HANDED_NOW}, {TEXT_STILL_WAITING, TEXT_STILL_WAITING_NOW}};
    reply_block(&t->r, text_of[again][there], NULL);
    reply_block(&t->r, TEXT_RATHER_CALL, NULL);
    return reply_human(&t->r, false);
}

void step_resume(struct step *t)
{
    if (t->c->holder == HOLDER_BOT) return;
    conversation_hold(t->c, HOLDER_BOT, t->ev->now_ms);
    step_tell(t, NEWS_RESUMED, false, 0);
    reply_block(&t->r, TEXT_BOT_AGAIN, NULL);
}

/* Said to the human as well: everything but what nobody says anything with. */
static bool is_said(const struct message *m)
{
    return m->kind != MESSAGE_REACTION && m->kind != MESSAGE_OPEN;
}

/* "Dank je, tot morgen": said last, and nobody waits for an answer to it. */
static bool asks_nothing(const struct step *t)
{
    const struct meaning *m = t->ev->meaning;

    if (t->ev->message->kind != MESSAGE_TEXT || m == NULL || m->n != 1) return false;
    if (m->label[0].kind != LABEL_COMMAND || m->label[0].likely) return false;
    enum verb verb = t->f->command[m->label[0].index].verb;
    return verb == VERB_THANK || verb == VERB_PART;
}

void step_overhear(struct step *t)
{
    struct conversation *c = t->c;

    if (c->holder == HOLDER_BOT || !is_said(t->ev->message)) return;
    c->unanswered = c->unanswered || !asks_nothing(t);
    set_warning(t);
    step_tell(t, NEWS_WROTE, false, 0);
}

/* The two commands that are obeyed while the human has the chat. Everything else is said to her: so
 * the way back must be meant for sure, and an erasure be tapped or said in words that are known. */
static bool obeyed(enum verb verb, double score)
{
    if (verb == VERB_RESUME) return true;
    return verb == VERB_ERASE && score >= 1.0;
}

bool step_is_for_human(const struct step *t)
{
    const struct message *m = t->ev->message;
    const struct meaning *words = t->ev->meaning;

    if (t->c->holder != HOLDER_HUMAN) return false;
    if (m->kind == MESSAGE_TAP) {
        struct tap tap = dialogue_tap(t->f, m->choice == NULL ? "" : m->choice);
        return tap.kind != TAP_COMMAND || !obeyed(t->f->command[tap.index].verb, 1.0);
    }
    if (m->kind != MESSAGE_TEXT || words == NULL || words->n != 1) return true;
    const struct label *l = &words->label[0];
    return l->kind != LABEL_COMMAND || l->likely || !obeyed(t->f->command[l->index].verb, l->score);
}

void step_say_back(struct step *t)
{
    if (t->c->overdue) reply_block(&t->r, TEXT_OVERDUE, NULL);
    if (t->c->returned) reply_block(&t->r, TEXT_BOT_BACK, NULL);
    t->c->overdue = t->c->returned = false;
}

/* What cannot be made out while the human is waited for is passed on, and said so once. */
bool step_pass_on(struct step *t, int text)
{
    if (t->c->holder != HOLDER_WAITING || !t->s->desk) return false;
    bool owed = t->r.body.len > 0; /* something that was owed is said: it must leave */
    t->silent = ++t->c->misses > 1 && !owed;
    if (!t->silent) reply_block(&t->r, text, NULL);
    t->closing = t->c->state == CONVERSATION_ASKING ? CLOSE_AGAIN : CLOSE_NOTHING;
    return true;
}

/* ---- the clock ---- */

/* at(when, now): it has come; then it comes no more. */
static bool has_come(int64_t *when, int64_t now_ms)
{
    if (*when == 0 || *when > now_ms) return false;
    *when = 0;
    return true;
}

static void miss_promise(struct step *t)
{
    bool told = reachable(t->c, t->ev);

    step_tell(t, NEWS_OVERDUE, told, 0);
    t->c->overdue = !told;
    if (!told) return;
    reply_block(&t->r, TEXT_OVERDUE, NULL);
    t->silent = false;
}

/* The bot has the chat again. Who waits for an answer hears so at once, with where we were; who does
 * not hears it with the next reply. */
static void come_back(struct step *t, bool say)
{
    conversation_hold(t->c, HOLDER_BOT, t->ev->now_ms);
    if (!say || !reachable(t->c, t->ev)) {
        t->c->returned = true;
        return;
    }
    reply_block(&t->r, TEXT_BOT_BACK, NULL);
    t->closing = CLOSE_AGAIN;
    t->silent = false;
}

static void end_silence(struct step *t)
{
    if (t->c->holder == HOLDER_WAITING) {
        conversation_hold(t->c, HOLDER_BOT, t->ev->now_ms);
        return;
    }
    step_tell(t, NEWS_BACK, false, 0);
    come_back(t, t->c->unanswered);
}

static void on_clock(struct step *t)
{
    struct hold_times *times = &t->c->times;
    const int64_t now = t->ev->now_ms;

    if (has_come(&times->remind_ms, now)) step_tell(t, NEWS_REMIND, false, 0);
    if (has_come(&times->warn_ms, now)) step_tell(t, NEWS_SHUTTING, false, t->c->last_ms + t->ev->window_ms);
    if (has_come(&times->promise_ms, now)) miss_promise(t);
    if (has_come(&times->back_ms, now)) end_silence(t);
}

/* ---- the human ---- */

static void on_later(struct step *t)
{
    const struct hours *h = &t->s->business->hours;
    int64_t at = t->ev->now_ms + LATER_MS;

    if (t->c->holder == HOLDER_BOT) return;
    (void)hours_next(h, at, &at);
    t->c->times.remind_ms = at;
    step_tell(t, NEWS_LATER, false, at);
}

static void on_taken(struct step *t)
{
    hold(t);
    step_tell(t, NEWS_TAKEN, false, 0);
}

/* Her first word takes the chat over, and she is told so, with the way to give it back. */
static void on_spoke(struct step *t)
{
    if (t->c->holder != HOLDER_HUMAN) step_tell(t, NEWS_TAKEN, false, 0);
    t->c->unanswered = false;
    hold(t);
}

static void on_given_back(struct step *t)
{
    enum holder before = t->c->holder;

    if (before == HOLDER_HUMAN) come_back(t, true);
    /* Never taken over: she did it by phone, and the bot was there all the time. */
    if (before == HOLDER_WAITING) conversation_hold(t->c, HOLDER_BOT, t->ev->now_ms);
    step_tell(t, NEWS_GIVEN_BACK, false, 0);
}

static void on_gone(struct step *t)
{
    if (t->c->holder != HOLDER_BOT) step_tell(t, NEWS_GONE, false, 0);
    conversation_hold(t->c, HOLDER_BOT, t->ev->now_ms);
    conversation_move(t->c, CONVERSATION_STOPPED);
}

/* One line, and where they stand stays as it is. Not to who asked for silence, nor into her chat. */
static void on_flood(struct step *t)
{
    if (t->c->holder == HOLDER_HUMAN || t->c->state == CONVERSATION_STOPPED) return;
    reply_block(&t->r, t->ev->kind == EVENT_ENOUGH ? TEXT_ENOUGH : TEXT_TOO_FAST, NULL);
    t->silent = false;
}

static void (*const events[])(struct step *t) = {
    [EVENT_CLOCK] = on_clock,    [EVENT_TAKEN] = on_taken,           [EVENT_SPOKE] = on_spoke,
    [EVENT_LATER] = on_later,    [EVENT_GIVEN_BACK] = on_given_back, [EVENT_GONE] = on_gone,
    [EVENT_TOO_FAST] = on_flood, [EVENT_ENOUGH] = on_flood};
_Static_assert(sizeof events / sizeof *events == EVENT_N, "obey each");

void step_hold(struct step *t)
{
    t->silent = true;
    t->closing = CLOSE_NOTHING;
    events[t->ev->kind](t);
}

#include "flood.h"

#include <stdbool.h>
#include <string.h>

static const char *const stage_name[] = {
    [FLOOD_CALM] = "calm", [FLOOD_FAST] = "fast", [FLOOD_SPENT] = "spent"};
_Static_assert(sizeof stage_name / sizeof *stage_name == FLOOD_STAGE_N, "name each");

const char *flood_stage_name(enum flood_stage stage)
{
    return stage_name[stage];
}

enum flood_stage flood_stage_from(const char *name)
{
    for (int i = 0; i < FLOOD_STAGE_N; i++)
        if (strcmp(name, stage_name[i]) == 0) return (enum flood_stage)i;
    return FLOOD_CALM;
}

/* The fullest a tally gets: of what is said a thought that waited, and the line that tells, come on top. */
static const int64_t WROTE_FULL_MS = (int64_t)(FLOOD_DESK_N + 1) * FLOOD_WROTE_MS;
static const int64_t SAID_FULL_MS = (int64_t)(FLOOD_SAID_N + 10) * FLOOD_SAID_MS;

/* Fuller than full: the clock was set back. It says nothing then, and nobody is silenced for days. */
static int64_t settled(int64_t tally_ms, int64_t now_ms, int64_t full_ms)
{
    return tally_ms - now_ms > full_ms ? 0 : tally_ms;
}

static int64_t level_ms(int64_t tally_ms, int64_t now_ms)
{
    return tally_ms > now_ms ? tally_ms - now_ms : 0;
}

static void count(struct flood *f, int64_t sent_ms, int64_t now_ms)
{
    int64_t from = f->wrote_ms > sent_ms ? f->wrote_ms : sent_ms;

    f->wrote_ms = from + FLOOD_WROTE_MS;
    if (f->wrote_ms > now_ms + WROTE_FULL_MS) f->wrote_ms = now_ms + WROTE_FULL_MS;
}

static void calm_down(struct flood *f, int64_t now_ms)
{
    bool calm = level_ms(f->wrote_ms, now_ms) <= (int64_t)FLOOD_CALM_N * FLOOD_WROTE_MS;
    bool drained = level_ms(f->said_ms, now_ms) <= (int64_t)FLOOD_AGAIN_N * FLOOD_SAID_MS;

    if ((f->stage == FLOOD_FAST && calm) || (f->stage == FLOOD_SPENT && drained)) f->stage = FLOOD_CALM;
}

static enum flood_verdict begin(struct flood *f, enum flood_stage stage)
{
    f->stage = stage;
    return FLOOD_TELL;
}

static enum flood_verdict judge_for_bot(struct flood *f, int64_t now_ms)
{
    int64_t wrote = level_ms(f->wrote_ms, now_ms);

    if (f->stage != FLOOD_CALM) return FLOOD_SILENT;
    if (level_ms(f->said_ms, now_ms) > (int64_t)(FLOOD_SAID_N - 1) * FLOOD_SAID_MS)
        return begin(f, FLOOD_SPENT);
    if (wrote > (int64_t)FLOOD_TELL_N * FLOOD_WROTE_MS) return begin(f, FLOOD_FAST);
    return wrote > (int64_t)FLOOD_SLOW_N * FLOOD_WROTE_MS ? FLOOD_SLOW : FLOOD_PASS;
}

/* What was enough of the bot is not enough of her. */
static enum flood_verdict judge_for_human(struct flood *f, int64_t now_ms)
{
    if (f->stage == FLOOD_FAST) return FLOOD_SILENT;
    return flood_is_full(f, now_ms) ? begin(f, FLOOD_FAST) : FLOOD_PASS;
}

enum flood_verdict flood_step(struct flood *f, int64_t sent_ms, int64_t now_ms, enum flood_ear ear)
{
    f->wrote_ms = settled(f->wrote_ms, now_ms, WROTE_FULL_MS);
    f->said_ms = settled(f->said_ms, now_ms, SAID_FULL_MS);
    calm_down(f, now_ms);
    count(f, sent_ms, now_ms);
    if (ear == FLOOD_EAR_BOT) return judge_for_bot(f, now_ms);
    if (ear == FLOOD_EAR_HUMAN) return judge_for_human(f, now_ms);
    bool many = level_ms(f->wrote_ms, now_ms) > (int64_t)FLOOD_TELL_N * FLOOD_WROTE_MS;
    return many || f->stage != FLOOD_CALM ? FLOOD_SILENT : FLOOD_PASS;
}

bool flood_is_full(const struct flood *f, int64_t now_ms)
{
    return level_ms(f->wrote_ms, now_ms) > (int64_t)FLOOD_DESK_N * FLOOD_WROTE_MS;
}

int64_t flood_calm_ms(const struct flood *f)
{
    return f->wrote_ms - (int64_t)FLOOD_CALM_N * FLOOD_WROTE_MS;
}

#include "effect.h"

static const char *const names[] = {[EFFECT_SAY] = "say", [EFFECT_ERASE] = "erase"};
_Static_assert(sizeof names / sizeof *names == EFFECT_N, "name each");

const char *effect_kind_name(enum effect_kind kind)
{
    return names[kind];
}

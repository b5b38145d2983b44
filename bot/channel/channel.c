#include "channel.h"

static const char *const inbound_name[] = {
    [INBOUND_MESSAGE] = "message", [INBOUND_IDENTITY] = "identity", [INBOUND_STATUS] = "status",
    [INBOUND_ECHO] = "echo",       [INBOUND_NOTICE] = "notice",     [INBOUND_SKIPPED] = "skipped",
    [INBOUND_BROKEN] = "broken",   [INBOUND_GROUP] = "group",       [INBOUND_GONE] = "gone"};
_Static_assert(sizeof inbound_name / sizeof *inbound_name == INBOUND_N, "name each");

static const char *const status_name[] = {[STATUS_SENT] = "sent",
                                          [STATUS_DELIVERED] = "delivered",
                                          [STATUS_READ] = "read",
                                          [STATUS_PLAYED] = "played",
                                          [STATUS_FAILED] = "failed"};
_Static_assert(sizeof status_name / sizeof *status_name == STATUS_N, "name each");

static const char *const verdict_name[] = {[SEND_OK] = "ok",
                                           [SEND_LATER] = "later",
                                           [SEND_PACE] = "pace",
                                           [SEND_SLOW] = "slow",
                                           [SEND_HALT] = "halt",
                                           [SEND_NEVER] = "never",
                                           [SEND_CHAT_CLOSED] = "chat_closed",
                                           [SEND_UNKNOWN] = "unknown"};
_Static_assert(sizeof verdict_name / sizeof *verdict_name == SEND_N, "name each");

const char *inbound_kind_name(enum inbound_kind kind)
{
    return inbound_name[kind];
}

const char *status_kind_name(enum status_kind kind)
{
    return status_name[kind];
}

const char *verdict_kind_name(enum verdict_kind kind)
{
    return verdict_name[kind];
}

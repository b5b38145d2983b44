#include "forgotten.h"

#include <stdio.h>
#include <string.h>

#include "identity.h"
#include "secret.h"

/* By then the fuller tally has drained. */
static const int64_t KEPT_MS = INT64_C(24) * 3600 * 1000;

enum { NAME_MAX_BYTES = 256 };
_Static_assert((int)FORGOTTEN_TAG_MAX >= (int)SECRET_TAG_MAX, "a tag fits");

/* False for a name that the identity lacks. */
static bool tag_of(const char *key, const struct identity *who, const char *name,
                   char tag[static FORGOTTEN_TAG_MAX])
{
    char whole[NAME_MAX_BYTES];

    if (name == NULL || *name == '\0') return false;
    (void)snprintf(whole, sizeof whole, "%s %s %s", who->channel, who->account, name);
    secret_tag(key, whole, tag);
    return true;
}

static void put(struct forgotten *f, const char *tag, const struct flood *pace, int64_t now_ms)
{
    (void)snprintf(f->row[f->at].tag, sizeof f->row[f->at].tag, "%s", tag);
    f->row[f->at].until_ms = now_ms + KEPT_MS;
    f->row[f->at].pace = *pace;
    f->at = (f->at + 1) % FORGOTTEN_N;
}

void forgotten_put(struct forgotten *f, const char *key, const struct identity *who, const struct flood *pace,
                   int64_t now_ms)
{
    char tag[FORGOTTEN_TAG_MAX];

    if (tag_of(key, who, who->phone, tag)) put(f, tag, pace, now_ms);
    if (tag_of(key, who, who->user_id, tag)) put(f, tag, pace, now_ms);
}

/* The newest of that tag. */
static bool find(const struct forgotten *f, const char *tag, int64_t now_ms, struct flood *pace)
{
    for (size_t i = 1; i <= FORGOTTEN_N; i++) {
        size_t at = (f->at + FORGOTTEN_N - i) % FORGOTTEN_N;
        if (strcmp(f->row[at].tag, tag) != 0) continue;
        *pace = f->row[at].pace;
        return now_ms < f->row[at].until_ms;
    }
    return false;
}

bool forgotten_find(const struct forgotten *f, const char *key, const struct identity *who, int64_t now_ms,
                    struct flood *pace)
{
    char tag[FORGOTTEN_TAG_MAX];

    return (tag_of(key, who, who->phone, tag) && find(f, tag, now_ms, pace)) ||
           (tag_of(key, who, who->user_id, tag) && find(f, tag, now_ms, pace));
}

#include "person.h"

#include <stdio.h>
#include <string.h>

#include "webhook.h"
#include "wire.h"

void person_new(struct person *p, int64_t number)
{
    *p = (struct person){.number = number};
}

void person_say(struct person *p, uint64_t id, struct buf *out)
{
    struct webhook_message m = {.person = p->number, .id = id};

    if (p->said++ == 0) {
        m.text = "Hoi, ik wil advies over mail";
    } else if (p->choice[0] == '\0') {
        m.text = "opnieuw";
    } else {
        m.choice = p->choice;
        m.title = p->title;
        m.about = p->about;
        m.list = p->list;
    }
    webhook_message(&m, out);
}

/* xorshift64 (Marsaglia 2003): any spread will do here. */
static uint64_t draw(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

void person_hear(struct person *p, const char *reply, const char *reply_id, uint64_t *random)
{
    char id[PERSON_CHOICE_MAX];
    unsigned seen = 0;

    p->choice[0] = '\0';
    p->list = strstr(reply, "\"sections\":") != NULL;
    (void)snprintf(p->about, sizeof p->about, "%s", reply_id);
    /* Answers are "question=answer"; the nth replaces the one picked with a chance of 1 in n. */
    for (const char *at = reply; (at = json_text(at, "id", id, sizeof id)) != NULL;) {
        if (strchr(id, '=') == NULL || draw(random) % ++seen != 0) continue;
        if (json_text(at, "title", p->title, sizeof p->title) != NULL) memcpy(p->choice, id, sizeof id);
    }
}

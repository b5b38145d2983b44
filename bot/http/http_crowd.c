#include "http_crowd.h"

#include <stddef.h>

#include "http_connection.h"

void crowd_join(struct crowd *crowd, struct connection *c)
{
    c->place = (struct crowd_place){.before = crowd->last};
    if (crowd->last != NULL)
        crowd->last->place.after = c;
    else
        crowd->first = c;
    crowd->last = c;
}

void crowd_leave(struct crowd *crowd, struct connection *c)
{
    struct crowd_place p = c->place;

    if (p.before != NULL)
        p.before->place.after = p.after;
    else
        crowd->first = p.after;
    if (p.after != NULL)
        p.after->place.before = p.before;
    else
        crowd->last = p.before;
    c->place = (struct crowd_place){0};
}

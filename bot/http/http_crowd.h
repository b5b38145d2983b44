/* http_crowd.h -- who of a server's connections makes room when there are too many. Of this room
 * alone; all of it on the server's thread.
 *
 * A line of those that may be closed, ordered by when they last had a whole request answered (or
 * came, if they never had). Idling and dripping move nobody up, so that whoever is at the front has
 * gone longest without being of use. */
#ifndef HTTP_CROWD_H
#define HTTP_CROWD_H

struct connection;

struct crowd {
    struct connection *first, *last;
};

/* The place of a connection in the line; both NULL: alone in it, or not in it. */
struct crowd_place {
    struct connection *before, *after;
};

void crowd_join(struct crowd *crowd, struct connection *c); /* at the end; not in it before */
void crowd_leave(struct crowd *crowd, struct connection *c);

#endif

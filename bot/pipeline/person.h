/* person.h -- one person, as the operator asks about them: what is kept, and the end of it. For a request of
 * the person's own, which the law gives a month (GDPR, articles 15 and 17). */
#ifndef PERSON_H
#define PERSON_H

#include <stddef.h>

struct buf;
struct err;
struct turns;

enum person_deed {
    PERSON_LOOK,  /* how much is kept, in numbers   */
    PERSON_TELL,  /* all of it                      */
    PERSON_ERASE, /* all of it goes, and the numbers */
    PERSON_DEED_N
};
const char *person_deed_name(enum person_deed deed); /* "look", "tell", "erase" */

enum person_found {
    PERSON_FOUND,
    PERSON_NOBODY,    /* is known by that                                    */
    PERSON_SEVERAL,   /* are: a number of WhatsApp, an id of Telegram        */
    PERSON_UNREADABLE /* neither a number nor an id nor a username (who.h)   */
};

/* person_do(t, who, deed, found, out, e): `out` is one JSON object, unless nobody is found. Erasing is a
 * transaction of its own, committed on return; the others change nothing. `t->content` may be NULL: then
 * answers are told by their ids alone. -1: the store, or no memory. */
int person_do(struct turns *t, const char *who, enum person_deed deed, enum person_found *found,
              struct buf *out, struct err *e);

/* person_answer(t, request, n, out, e): the same for {"person": "…", "deed": "erase"}, as it comes over HTTP: the
 * status to answer with: 200, 400, 404, 409, or 503 with `e` filled. */
int person_answer(struct turns *t, const char *request, size_t n, struct buf *out, struct err *e);

/* person_request(who, deed, out): that request. */
void person_request(const char *who, enum person_deed deed, struct buf *out);

/* person_found_of(status): what such a status says. -1: none of them. */
int person_found_of(int status);

#endif

/* desk_self.h -- what the desk's modules share. Room-internal: desk.c reads what she writes, desk_news.c
 * puts news in lines, desk_line.c lets them leave. */
#ifndef DESK_SELF_H
#define DESK_SELF_H

#include "desk.h"

struct desk_content;
struct person;

/* Her buttons; the bits stand in the store. */
enum { DESK_TAKE = 1, DESK_LATER = 2, DESK_BACK = 4 };
#define DESK_TAKE_ID  "desk:take"
#define DESK_LATER_ID "desk:later"
#define DESK_BACK_ID  "desk:back"

/* Beneath a file. Telegram takes 1024 characters; a name and a mark of what was cut come on top. */
enum { DESK_CAPTION_POINTS_MAX = 900 };

const char *desk_chat(const struct desk *d); /* its id */

/* desk_heard(t, e): somebody is at the desk. */
int desk_heard(struct turns *t, struct err *e);

/* desk_put(t, c, about, e): a row for the desk, past the lines that wait. `about`: NULL, nobody. */
int desk_put(struct turns *t, const struct desk_content *c, const struct whom *about, struct err *e);

/* desk_know(t, chat, m, out, e): what is known of a person; `m`: their message, or NULL. */
int desk_know(struct turns *t, const struct chat *chat, const struct message *m, struct person *out,
              struct err *e);

/* desk_note(t, chat, text, buttons, answer, e): a text of the desk's own about a chat, or about nobody (chat
 * NULL); `answer` is filled in. */
int desk_note(struct turns *t, const struct chat *chat, int text, unsigned buttons, const char *answer,
              struct err *e);

#endif

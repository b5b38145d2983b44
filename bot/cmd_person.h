/* cmd_person.h -- asking a bot at work, on its own listener for the operator; or, when none is, the database. */
#ifndef CMD_PERSON_H
#define CMD_PERSON_H

#include "person.h"

struct config;
struct content;

/* cmd_ask(config, path, post, out): what the bot answers, to a GET or, with `post`, a POST of that JSON. Its HTTP
 * status; 0: no bot is there; -1: no answer came, though it may have done what it was asked. */
int cmd_ask(const struct config *config, const char *path, const char *post, struct buf *out);

/* cmd_person(name, config, who, deed, found, out): person_do() by whichever of the two. EXIT_DONE; else told on
 * stderr, as is that nobody, or more than one, was found: EXIT_FAILED, or EXIT_USAGE for what names nobody. */
int cmd_person(const char *name, const struct config *config, const char *who, enum person_deed deed,
               struct buf *out);

/* cmd_who(name, who): `who`, or for "-" the first line of standard input, in memory of the caller's. NULL: told. */
char *cmd_who(const char *name, const char *who);

#endif

/* act_says.h -- what a customer can send: each verb adds a bubble and puts a webhook in the mailbag.
 *
 * Each returns 0 with `out` set to the answer (a new reference), or -1 with `e` for people. */
#ifndef ACT_SAYS_H
#define ACT_SAYS_H

#include <jansson.h>

struct customer;
struct err;
struct message;
struct phone;

int act_send(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_tap(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_react(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_edit(struct phone *p, const json_t *arguments, json_t **out, struct err *e);
int act_revoke(struct phone *p, const json_t *arguments, json_t **out, struct err *e);

/* act_customer(p, arguments, e): the one named by "customer". act_message(...): the one named by "message",
 * a number or an id. NULL with `e`. */
struct customer *act_customer(const struct phone *p, const json_t *arguments, struct err *e);
struct message *act_message(const struct phone *p, const json_t *arguments, struct err *e);

#endif

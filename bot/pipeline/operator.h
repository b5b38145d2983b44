/* operator.h -- what the operator asks of a bot at work, answered by the desk, for the store is the desk's. */
#ifndef OPERATOR_H
#define OPERATOR_H

#include <stdbool.h>

struct http_request;
struct http_server;
struct turns;

/* Kinds of http_request beside those of the platforms (platform.h). */
enum { REQUEST_REPORT = 100 };

bool operator_asks(const struct http_request *r); /* is it one of those? */

/* operator_answer(t, admin, r): outside a transaction. Takes `r`, answers it through `admin`. */
void operator_answer(struct turns *t, struct http_server *admin, struct http_request *r);

#endif

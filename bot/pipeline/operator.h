/* operator.h -- what the operator asks of a bot at work, answered by the desk, for the store is the desk's. */
#ifndef OPERATOR_H
#define OPERATOR_H

#include <stdbool.h>

struct http_request;
struct http_server;
struct turns;

/* Kinds of http_request beside those of the platforms (platform.h). */
enum { REQUEST_REPORT = 100, REQUEST_PERSON };

bool operator_asks(const struct http_request *r); /* is it one of those? */

/* What http_server.h must keep of a request. */
enum { OPERATOR_HOST, OPERATOR_TYPE };
extern const char *const operator_headers[];

/* operator_trusts(r): does such a request come from a program that means it, and not from a page in the operator's
 * browser? A page can post to this machine, but not JSON without asking first, which nobody answers. Whether
 * its Host leads here, the listener looks at (admin.h); here it must be named at all. */
bool operator_trusts(const struct http_request *r);

/* operator_answer(t, admin, r): outside a transaction. Takes `r`, answers it through `admin`. True: something
 * may have to leave. */
bool operator_answer(struct turns *t, struct http_server *admin, struct http_request *r);

#endif

/* act_identity.h -- who a customer is to the business changes, and how the platform tells of it. */
#ifndef ACT_IDENTITY_H
#define ACT_IDENTITY_H

#include <jansson.h>

struct err;
struct phone;

/* act_identity(p, arguments, out, e): "customer" with any of "phone", "user_id", "username" (null: gives it up)
 * and "hidden" (the phone is not shown). A new phone or user_id is told by a system message, without the former
 * user_id when "previous" is false, and not at all when "silent". 0 with `out`, or -1 with `e`. */
int act_identity(struct phone *p, const json_t *arguments, json_t **out, struct err *e);

#endif

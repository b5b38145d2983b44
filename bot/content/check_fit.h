/* check_fit.h -- all that a channel's limits refuse in one message. Room-internal. */
#ifndef CHECK_FIT_H
#define CHECK_FIT_H

#include <stddef.h>

#include "err.h"

struct limits;
struct outbound;

enum fit_part { FIT_WHOLE, FIT_TEXT, FIT_FOOTER, FIT_TITLE, FIT_NOTE, FIT_LIST_TITLE, FIT_LINK_TITLE };

struct fit_fault {
    enum fit_part part;
    const char *choice; /* TITLE, NOTE: the id of the choice; borrowed from the message */
    struct err why;
};

/* Ten choices with two texts each, and the rest of a message. */
enum { FIT_FAULTS_MAX = 24 };

/* check_fit(o, l, fault): outbound_fit() tells the first; this mends what it told and asks again,
 * until nothing is left. Returns how many. */
size_t check_fit(const struct outbound *o, const struct limits *l,
                 struct fit_fault fault[static FIT_FAULTS_MAX]);

#endif

/* refusal.h -- how Meta says no. */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <jansson.h>
#include <stdbool.h>

struct refusal {
    int status; /* HTTP; 0: nothing was refused */
    int code, subcode;
    const char *type;  /* of the error object */
    char message[820]; /* "(#131009) Parameter value is not valid" */
    char details[800]; /* "" : there is no error_data */
    bool transient;    /* Meta says that trying again helps */
};

/* refuse(r, code, details, ...): the usual way; status and title by the code. Always -1. */
int refuse(struct refusal *r, int code, const char *details, ...) __attribute__((format(printf, 3, 4)));

/* refusal_json(r): {"error":{…}}, a new reference. */
json_t *refusal_json(const struct refusal *r);

#endif

/* http_call.h -- one request of the client, and its curl handle, which serves many in turn. Of
 * this room alone. */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "http_client.h"

struct err;

struct call {
    struct call *next, **link; /* in the client's list of open ones, or of spare ones */
    CURL *easy;
    struct curl_slist *headers;
    char *bearer, *type; /* that `headers` hold; NULL: no bearer, application/json */
    struct buf answer;
    size_t answer_max;
    bool cut, post;
    unsigned tries; /* how often a connection was ready for it */
    void (*done)(void *user, uint64_t tag, const struct http_answer *answer);
    void *user;
    uint64_t tag;
    char trouble[CURL_ERROR_SIZE];
};

struct call *call_new(void); /* NULL when out of memory */
void call_free(struct call *call);

/* call_fill(call, what, e): ready to be handed to curl. After -1 only call_free() is left. */
int call_fill(struct call *call, const struct http_call *what, struct err *e);

/* call_rest(call): lets go of a large body or answer, so that a call kept for reuse is small. */
void call_rest(struct call *call);

/* call_answer(call, code, out): what became of it. Points into the call. */
void call_answer(struct call *call, CURLcode code, struct http_answer *out);

#endif

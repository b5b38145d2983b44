/* http_request.h -- the making of a request out of its head. Of this room alone. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdint.h>

struct http_head;
struct http_request;

/* http_request_new(head, now_ms): copies what the head points at and makes room for the body
 * (`body_n` is set, the bytes are not). NULL when out of memory. */
struct http_request *http_request_new(const struct http_head *head, int64_t now_ms);

#endif

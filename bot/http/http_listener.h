/* http_listener.h -- the listening socket. Of this room alone.
 *
 * Ours rather than libwebsockets' own, which reports a failed bind to its log alone and waits in
 * silence for an address the machine does not have. */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

struct err;

/* http_listener_open(address, port, bound, e): a listening, non-blocking socket and its port in
 * `bound`; -1 with `e` naming address, port and reason. */
int http_listener_open(const char *address, int port, int *bound, struct err *e);

#endif

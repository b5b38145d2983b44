/* loopback.h -- addresses of this machine, and what may stand in them. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>

/* loopback_callback(url, path, out, size): the address of a webhook: `url`, with `path` when it has none. -1: not
 * http, not of this machine, or too long. */
int loopback_callback(const char *url, const char *path, char *out, size_t size);

/* loopback_foreign(host, origin): the headers of a request from a page of another site, which must not speak for
 * the tester; or for a name that resolves to this machine and is not one of ours ("DNS rebinding"). "" is
 * none. */
bool loopback_foreign(const char *host, const char *origin);

/* loopback_percent_encode(s, out, size): everything but letters and digits as %XX (RFC 3986); cut to size. */
void loopback_percent_encode(const char *s, char *out, size_t size);

#endif

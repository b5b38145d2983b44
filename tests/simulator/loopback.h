/* loopback.h -- addresses of this machine, and what may stand in them. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>

/* loopback_is(url): http, and of this machine. */
bool loopback_is(const char *url);

/* loopback_percent_encode(s, out, size): everything but letters and digits as %XX (RFC 3986); cut to size. */
void loopback_percent_encode(const char *s, char *out, size_t size);

#endif

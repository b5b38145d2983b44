/* secret.h -- keyed hashes and comparisons that do not tell by their time (libcrypto). */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stddef.h>

enum { SECRET_TAG_MAX = 17 }; /* 16 hex digits and the NUL */

/* secret_equal(a, b): same strings? Time tells nothing of where they part, nor whether their lengths
 * do: it is that of hashing each. */
bool secret_equal(const char *a, const char *b);

/* secret_hmac_hex(key, data, n, out): HMAC-SHA256 in lower-case hex (RFC 2104). */
void secret_hmac_hex(const char *key, const void *data, size_t n, char out[static 65]);

/* secret_tag(key, value, out): a short keyed hash, by which logs name a contact. */
void secret_tag(const char *key, const char *value, char out[static SECRET_TAG_MAX]);

#endif

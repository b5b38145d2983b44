/* hash.h -- FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923). Room-internal.
 *
 * Every step is a bijection of the sum, so that one changed byte always changes the result. It
 * recognises, it does not protect: who can choose the bytes can make two of them meet. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t hash_bytes(const char *s, size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
    return h;
}

#endif

/* siphash.h -- a short keyed hash: SipHash-2-4 (Aumasson and Bernstein, 2012).
 *
 * Tells a platform's message ids apart without keeping them: a WhatsApp id holds the sender's
 * number in base64. Who knows the ids but not the key can neither make two that collide nor
 * tell from the hash whose message it was. With a million ids kept, the odds that a new one
 * meets an old one by chance are one in 10^13. */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_BYTES = 16 };

uint64_t siphash(const unsigned char key[static SIPHASH_KEY_BYTES], const void *bytes, size_t n);

#endif

#include "siphash.h"

#include <string.h>

struct sip {
    uint64_t a, b, c, d;
};

static uint64_t turned(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* Little-endian whatever the machine, or a database could not move to another one. */
static uint64_t word(const unsigned char *p, size_t n)
{
    uint64_t w = 0;
    while (n-- > 0) w = w << 8 | p[n];
    return w;
}

static void rounds(struct sip *s, int n)
{
    for (; n > 0; n--) {
        s->a += s->b;
        s->c += s->d;
        s->b = turned(s->b, 13) ^ s->a;
        s->d = turned(s->d, 16) ^ s->c;
        s->a = turned(s->a, 32);
        s->c += s->b;
        s->a += s->d;
        s->b = turned(s->b, 17) ^ s->c;
        s->d = turned(s->d, 21) ^ s->a;
        s->c = turned(s->c, 32);
    }
}

static void take(struct sip *s, uint64_t w)
{
    s->d ^= w;
    rounds(s, 2);
    s->a ^= w;
}

uint64_t siphash(const unsigned char key[static SIPHASH_KEY_BYTES], const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    const uint64_t k0 = word(key, 8), k1 = word(key + 8, 8);
    struct sip s = {k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
                    k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573)};
    size_t left = n;

    for (; left >= 8; left -= 8, p += 8) take(&s, word(p, 8));
    take(&s, word(p, left) | (uint64_t)(n & 0xff) << 56);
    s.c ^= 0xff;
    rounds(&s, 4);
    return s.a ^ s.b ^ s.c ^ s.d;
}

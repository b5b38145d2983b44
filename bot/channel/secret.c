#include "secret.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

bool secret_equal(const char *a, const char *b)
{
    size_t n = strlen(a);

    return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}

void secret_hmac_hex(const char *key, const void *data, size_t n, char out[static 65])
{
    static const char digit[] = "0123456789abcdef";
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int mac_n = 0;
    size_t at = 0;

    /* Without memory there is no hash: the empty string, which equals no signature. */
    if (HMAC(EVP_sha256(), key, (int)strlen(key), data, n, mac, &mac_n) != NULL)
        for (unsigned int i = 0; i < mac_n && at < 64; i++) {
            out[at++] = digit[mac[i] >> 4];
            out[at++] = digit[mac[i] & 15];
        }
    out[at] = '\0';
}

void secret_tag(const char *key, const char *value, char out[static SECRET_TAG_MAX])
{
    char hex[65];

    secret_hmac_hex(key, value, strlen(value), hex);
    memcpy(out, hex, SECRET_TAG_MAX - 1);
    out[SECRET_TAG_MAX - 1] = '\0';
}

#include "secret.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { DIGEST_BYTES = 32 };

static bool digest(const char *text, unsigned char out[static DIGEST_BYTES])
{
    return EVP_Digest(text, strlen(text), out, NULL, EVP_sha256(), NULL) == 1;
}

/* Hashes are compared, which are of one length whatever the guess; and where two of them part says
 * nothing of where the texts do. Without memory nothing is equal. */
bool secret_equal(const char *a, const char *b)
{
    unsigned char of_a[DIGEST_BYTES], of_b[DIGEST_BYTES];

    if (!digest(a, of_a) || !digest(b, of_b)) return false;
    return CRYPTO_memcmp(of_a, of_b, DIGEST_BYTES) == 0;
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

#include "loopback.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool loopback_is(const char *url)
{
    static const char *const hosts[] = {"http://127.", "http://localhost:", "http://localhost/",
                                        "http://[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (strncmp(url, hosts[i], strlen(hosts[i])) == 0) return strchr(url, '@') == NULL;
    return false;
}

/* Everything but letters and digits as %XX (RFC 3986). */
void loopback_percent_encode(const char *s, char *out, size_t size)
{
    size_t n = 0;
    for (; *s != '\0' && n + 4 < size; s++) {
        if (isalnum((unsigned char)*s))
            out[n++] = *s;
        else
            n += (size_t)snprintf(out + n, size - n, "%%%02X", (unsigned)(unsigned char)*s);
    }
    out[n] = '\0';
}

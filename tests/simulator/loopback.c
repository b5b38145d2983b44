#include "loopback.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool is_local(const char *url)
{
    static const char *const hosts[] = {"http://127.", "http://localhost:", "http://localhost/",
                                        "http://[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (strncmp(url, hosts[i], strlen(hosts[i])) == 0) return strchr(url, '@') == NULL;
    return false;
}

int loopback_callback(const char *url, const char *path, char *out, size_t size)
{
    if (!is_local(url)) return -1;
    const char *its = strchr(url + strlen("http://"), '/');
    bool bare = its == NULL || its[1] == '\0';
    int host = its == NULL ? (int)strlen(url) : (int)(its - url);
    int n = snprintf(out, size, "%.*s%s", host, url, bare ? path : its);
    return n < 0 || (size_t)n >= size ? -1 : 0;
}

bool loopback_foreign(const char *host, const char *origin)
{
    if (*host != '\0' && strchr("0123456789[", *host) == NULL && strncmp(host, "localhost", 9) != 0)
        return true;
    return *origin != '\0' && (strncmp(origin, "http://", 7) != 0 || strcmp(origin + 7, host) != 0);
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

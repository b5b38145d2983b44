#include "admin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "handover.h"
#include "http_client.h"
#include "http_server.h"
#include "log.h"
#include "metrics.h"
#include "operator.h"

/* The longest name DNS knows. */
enum { HOST_MAX = 254, FORBIDDEN = 403 };

bool admin_is_private(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (strcasecmp(address, "localhost") == 0) return true;
    if (inet_pton(AF_INET, address, &v4) == 1) return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    return inet_pton(AF_INET6, address, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool is_address(int family, const char *text, size_t n)
{
    char copy[HOST_MAX];
    struct in6_addr unused; /* the larger of the two */

    if (n >= sizeof copy) return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return inet_pton(family, copy, &unused) == 1;
}

static bool is_name(const char *name, const char *text, size_t n)
{
    return name != NULL && strlen(name) == n && strncasecmp(name, text, n) == 0;
}

/* Nobody can make an address or "localhost" lead elsewhere. A browser always says whom it asks; who
 * says nothing is none. */
static bool host_is_ours(const struct admin *admin, const char *host)
{
    if (host == NULL) return true;
    size_t n = strcspn(host, ":");
    if (*host == '[') {
        n = strcspn(host, "]");
        return host[n] == ']' && is_address(AF_INET6, host + 1, n - 1);
    }
    return is_address(AF_INET, host, n) || is_name("localhost", host, n) || is_name(admin->name, host, n);
}

static void refuse(struct http_server *s, struct http_request *r, int status)
{
    http_server_answer(s, r->id, status, NULL, "", 0);
    http_request_free(r);
}

void admin_handle(void *user, struct http_server *s, struct http_request *r)
{
    struct admin *admin = user;
    bool wake = false;

    bool person = strcmp(r->path, "/person") == 0;

    if (!host_is_ours(admin, r->header[OPERATOR_HOST])) {
        log_warn("admin", "refused=host expected=\"an address, localhost or the name in ADMIN_LISTEN\"");
        refuse(s, r, FORBIDDEN);
        return;
    }
    if (!person && strcmp(r->path, "/report") != 0) {
        metrics_handle(admin->metrics, s, r);
        return;
    }
    r->kind = person ? REQUEST_PERSON : REQUEST_REPORT;
    if (r->method != (person ? HTTP_POST : HTTP_GET))
        refuse(s, r, 405);
    else if (person && !operator_trusts(r))
        refuse(s, r, FORBIDDEN);
    else if (!handover_put(admin->handover, r, &wake))
        refuse(s, r, 503);
    else if (wake)
        http_client_wake(admin->wake);
}

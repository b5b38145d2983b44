#include "http_listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

enum { PORT_MAX = 65535 };

static int bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {0};
    socklen_t n = sizeof at;

    if (getsockname(fd, &at.any, &n) != 0) return -1;
    return ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

static int listen_at(const struct addrinfo *where, int *bound)
{
    static const int yes = 1;
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) return -1;
    /* Connections of the run before, still dying, must not keep the port from us. */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0 &&
        (*bound = bound_port(fd)) > 0)
        return fd;
    int why = errno;
    (void)close(fd);
    errno = why;
    return -1;
}

int http_listener_open(const char *address, int port, int *bound, struct err *e)
{
    const struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[16], what[128];

    if (port < 0 || port > PORT_MAX) return err_set(e, "port %d: expected 0 to %d", port, PORT_MAX);
    (void)snprintf(service, sizeof service, "%d", port);
    (void)snprintf(what, sizeof what, "%.80s:%d: cannot listen", address, port);
    int rc = getaddrinfo(address, service, &want, &found);
    if (rc != 0) return err_set(e, "%s: %s", what, gai_strerror(rc));
    int fd = listen_at(found, bound);
    if (fd < 0) (void)err_errno(e, what, errno);
    freeaddrinfo(found);
    return fd;
}

#include "ask.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "buf.h"
#include "rig.h"
#include "secret.h"
#include "unit.h"

/* A test that waits longer than this hangs; no test takes a fraction of it. */
enum { PATIENCE_S = 60, ANSWER_MAX = 8192 };

static int connect_to(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    return fd;
}

int ask_begin(int port, const char *method, const char *target, const char *headers, const char *body,
              size_t n)
{
    struct buf out = {0};
    int fd = connect_to(port);

    buf_addf(&out, "%s %s HTTP/1.1\r\n%sConnection: close\r\n%s", method, target,
             headers != NULL && strncmp(headers, "Host:", 5) == 0 ? "" : "Host: test\r\n",
             headers != NULL ? headers : "");
    if (body != NULL) buf_addf(&out, "Content-Length: %zu\r\n", n);
    buf_adds(&out, "\r\n");
    if (body != NULL) buf_add(&out, body, n);
    for (size_t sent = 0; sent < out.len;) {
        ssize_t done = send(fd, out.data + sent, out.len - sent, MSG_NOSIGNAL);
        assert_true(done > 0);
        sent += (size_t)done;
    }
    buf_free(&out);
    return fd;
}

struct asked ask_end(int connection)
{
    struct asked a = {0};
    char text[ANSWER_MAX];
    size_t n = 0;

    for (ssize_t got; n + 1 < sizeof text; n += (size_t)got)
        if ((got = recv(connection, text + n, sizeof text - 1 - n, 0)) <= 0) break;
    text[n] = '\0';
    (void)close(connection);
    const char *body = strstr(text, "\r\n\r\n");
    if (strncmp(text, "HTTP/1.1 ", 9) != 0 || body == NULL) return a;
    a.status = (int)strtol(text + 9, NULL, 10);
    (void)snprintf(a.body, sizeof a.body, "%.500s", body + 4);
    return a;
}

struct asked ask(int port, const char *method, const char *target, const char *headers, const char *body,
                 size_t n)
{
    return ask_end(ask_begin(port, method, target, headers, body, n));
}

int ask_get(int port, const char *target)
{
    return ask(port, "GET", target, NULL, NULL, 0).status;
}

int ask_webhook_begin(int port, const char *body, size_t n)
{
    char digits[65], header[128];

    secret_hmac_hex(RIG_SECRET, body, n, digits);
    (void)snprintf(header, sizeof header, "X-Hub-Signature-256: sha256=%s\r\n", digits);
    return ask_begin(port, "POST", "/webhook/whatsapp", header, body, n);
}

struct asked ask_webhook(int port, const char *body, size_t n)
{
    return ask_end(ask_webhook_begin(port, body, n));
}

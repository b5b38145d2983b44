#include "unit.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

int test_names(void);

/* A name server of our own, for curl asks the system's resolver, and that is what must live with the filter: by UDP, and
 * by TCP when an answer does not fit. */
enum { WITHIN_MS = 10000, MESSAGE_MAX = 512, HEAD = 12, TRIES_MAX = 20 };

struct server {
    int udp, tcp, port;
    bool cut; /* what comes by UDP is told to be cut short */
    int asked_by_tcp;
};

static struct sockaddr_in here(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

/* One port for both. */
static bool server_bind(struct server *s)
{
    struct sockaddr_in at = here(0);
    socklen_t n = sizeof at;

    s->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    s->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->tcp, (struct sockaddr *)&at, n) == 0 && listen(s->tcp, 4) == 0 &&
        getsockname(s->tcp, (struct sockaddr *)&at, &n) == 0 &&
        bind(s->udp, (struct sockaddr *)&at, n) == 0) {
        s->port = ntohs(at.sin_port);
        return true;
    }
    close(s->udp);
    close(s->tcp);
    return false;
}

static void server_open(struct server *s)
{
    for (int i = 0; i < TRIES_MAX; i++)
        if (server_bind(s)) return;
    fail_msg("no port for a name server");
}

static void server_close(struct server *s)
{
    close(s->udp);
    close(s->tcp);
}

/* The question becomes its answer (RFC 1035 4.1): 127.0.0.9 for A, nothing for anything else. */
static size_t answer(unsigned char *m, size_t n, bool cut)
{
    static const unsigned char a[] = {0xc0, HEAD, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 9};
    size_t end = HEAD;

    while (end < n && m[end] != 0) end += m[end] + 1U;
    end += 5; /* the root, type and class */
    if (end > n || end + sizeof a > MESSAGE_MAX) return 0;
    bool wanted = m[end - 4] == 0 && m[end - 3] == 1 && !cut;
    m[2] = cut ? 0x83 : 0x81;
    m[3] = 0x80;
    memset(m + 6, 0, 6); /* how many answers; what came with the question is dropped */
    m[7] = wanted;
    if (wanted) memcpy(m + end, a, sizeof a);
    return end + (wanted ? sizeof a : 0);
}

static void answer_by_udp(struct server *s)
{
    unsigned char m[MESSAGE_MAX];
    struct sockaddr_in from;
    socklen_t from_n = sizeof from;
    ssize_t n = recvfrom(s->udp, m, sizeof m, 0, (struct sockaddr *)&from, &from_n);

    assert_true(n > HEAD);
    size_t out = answer(m, (size_t)n, s->cut);
    assert_int_equal(sendto(s->udp, m, out, 0, (struct sockaddr *)&from, from_n), (ssize_t)out);
}

/* Two questions may come by one connection, each with its length before it. */
static void answer_by_tcp(struct server *s)
{
    unsigned char m[2 + MESSAGE_MAX];
    int fd = accept(s->tcp, NULL, NULL);

    assert_true(fd >= 0);
    while (recv(fd, m, 2, MSG_WAITALL) == 2) {
        size_t n = (size_t)(m[0] << 8 | m[1]);
        assert_true(n <= MESSAGE_MAX);
        assert_int_equal(recv(fd, m + 2, n, MSG_WAITALL), (ssize_t)n);
        n = answer(m + 2, n, false);
        m[0] = (unsigned char)(n >> 8);
        m[1] = (unsigned char)n;
        assert_int_equal(send(fd, m, n + 2, MSG_NOSIGNAL), (ssize_t)n + 2);
        s->asked_by_tcp++;
    }
    close(fd);
}

/* In the child: 0 when the name is 127.0.0.9. The trailing dot keeps search domains out. */
static int look_up(const void *user)
{
    struct addrinfo want = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
    struct in_addr nine = {.s_addr = htonl(0x7f000009)};

    if (res_init() != 0) return 1;
    _res.nscount = 1;
    _res.nsaddr_list[0] = here(*(const int *)user);
    if (getaddrinfo("graph.unit.test.", "443", &want, &found) != 0) return 2;
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)found->ai_addr;
    return found->ai_family == AF_INET && in->sin_addr.s_addr == nine.s_addr ? 0 : 3;
}

/* Serves until the child's end of the pipe is closed: it ended, well or not. */
static void serve_until_closed(struct server *s, int pipe_end)
{
    struct pollfd p[] = {
        {.fd = s->udp, .events = POLLIN}, {.fd = s->tcp, .events = POLLIN}, {.fd = pipe_end}};

    for (int i = 0; i < TRIES_MAX; i++) {
        assert_true(poll(p, 3, WITHIN_MS) > 0);
        if (p[2].revents != 0) return;
        if (p[0].revents != 0) answer_by_udp(s);
        if (p[1].revents != 0) answer_by_tcp(s);
    }
    fail_msg("the name was asked for too often");
}

static void expect_the_name(struct server *s)
{
    const struct confine_plan plan = {.ports = &s->port, .ports_n = 1};
    int ends[2], status;

    server_open(s);
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char told[CONFINE_TOLD_MAX];
        close(ends[0]);
        (void)confine_process(&plan, told);
        _exit(look_up(&s->port));
    }
    close(ends[1]);
    serve_until_closed(s, ends[0]);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    server_close(s);
}

static void a_name_is_still_found(void **state)
{
    struct server s = {0};
    (void)state;
    expect_the_name(&s);
    assert_int_equal(s.asked_by_tcp, 0);
}

static void a_long_answer_comes_by_tcp(void **state)
{
    struct server s = {.cut = true};
    (void)state;
    expect_the_name(&s);
    assert_true(s.asked_by_tcp > 0);
}

static int look_up_here(const void *user)
{
    struct addrinfo *found = NULL;
    (void)user;
    return getaddrinfo("localhost", "80", NULL, &found) == 0 ? 0 : 1;
}

static void this_machine_is_still_found(void **state)
{
    (void)state;
    assert_int_equal(trial(&bare, look_up_here, NULL), 0);
}

int test_names(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_still_found),
        cmocka_unit_test(a_long_answer_comes_by_tcp),
        cmocka_unit_test(this_machine_is_still_found),
    };
    return confine_unfit() == NULL ? UNIT_RUN(tests) : trial_skipped();
}

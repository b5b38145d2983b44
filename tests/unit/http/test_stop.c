#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture.h"

int test_stop(void);

static bool refused(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int rc = connect(fd, (const struct sockaddr *)&to, sizeof to);
    close(fd);
    return rc != 0;
}

static void answers_who_asked_before_the_stop(void **state)
{
    struct fixture f;
    struct wire asker, idler;
    struct reply r;
    (void)state;
    fixture_start(&f, true, 8, 30);
    int port = http_server_port(f.server);
    wire_open(&idler, port);
    wire_open(&asker, port);
    wire_says(&asker, "GET /x HTTP/1.1\r\n\r\nGET /pipelined HTTP/1.1\r\n\r\n");
    struct http_request *q = fixture_take(&f);
    http_server_stop(f.server, 30 * 1000);
    (void)wire_until_end(&idler); /* asked nothing, so it goes */
    bool closed = false;
    for (int tries = 0; tries < 10000 && !closed; tries++) closed = refused(port);
    assert_true(closed);
    fixture_echo(&f, q);
    assert_true(wire_reply(&asker, false, &r));
    assert_string_equal(r.body, "GET /x  - ");
    assert_non_null(strstr(r.head, "\r\nconnection: close\r\n"));
    reply_free(&r);
    fixture_wait(&f); /* long before the grace is over */
    fixture_free(&f);
    (void)wire_until_end(&asker);
    wire_close(&asker);
    wire_close(&idler);
}

static void leaves_when_its_grace_is_over(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, true, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET /x HTTP/1.1\r\n\r\n");
    struct http_request *q = fixture_take(&f);
    http_server_stop(f.server, 50);
    fixture_wait(&f);
    fixture_echo(&f, q); /* too late, and harmless */
    fixture_free(&f);
    (void)wire_until_end(&w);
    wire_close(&w);
}

static void a_shorter_grace_replaces_a_longer_one(void **state)
{
    struct fixture f;
    struct wire w;
    (void)state;
    fixture_start(&f, true, 8, 30);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET /x HTTP/1.1\r\n\r\n");
    http_request_free(fixture_take(&f));
    http_server_stop(f.server, 600 * 1000);
    http_server_stop(f.server, 0);
    fixture_wait(&f);
    fixture_free(&f);
    wire_close(&w);
}

int test_stop(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_who_asked_before_the_stop),
        cmocka_unit_test(leaves_when_its_grace_is_over),
        cmocka_unit_test(a_shorter_grace_replaces_a_longer_one),
    };
    return UNIT_RUN(tests);
}

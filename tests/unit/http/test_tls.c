#include "unit.h"

#include <curl/curl.h>
#include <poll.h>
#include <unistd.h>

#include "clock.h"
#include "err.h"
#include "fixture.h"
#include "http_client.h"

int test_tls(void);

/* A key that has only ever signed the certificate below it, which names localhost alone. */
static const char key[] = "-----BEGIN PRIVATE KEY-----\n"
                          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLQTQjbgYoj/zVxc2\n"
                          "rU+IPcOU3/kJZDohuwIzE7KeFsmhRANCAAS2xgRvqB9fzpm/dccxaHkCO24ZxrPG\n"
                          "4Vm46uxoPdfIB5m0/qTyhyfVn2pfKkX9oprmRLbdpP9YJNOn5jTxPM0w\n"
                          "-----END PRIVATE KEY-----\n";
static const char certificate[] = "-----BEGIN CERTIFICATE-----\n"
                                  "MIIBmzCCAUGgAwIBAgIUBBEV9smMpiqMCaS7FNhpAeelD/UwCgYIKoZIzj0EAwIw\n"
                                  "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE1MzgwN1oYDzIxMjYxMDMw\n"
                                  "MTUzODA3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO\n"
                                  "PQMBBwNCAAS2xgRvqB9fzpm/dccxaHkCO24ZxrPG4Vm46uxoPdfIB5m0/qTyhyfV\n"
                                  "n2pfKkX9oprmRLbdpP9YJNOn5jTxPM0wo28wbTAdBgNVHQ4EFgQUWMdex7rL7eZD\n"
                                  "H0scwdGtTfjA3z8wHwYDVR0jBBgwFoAUWMdex7rL7eZDH0scwdGtTfjA3z8wDwYD\n"
                                  "VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI\n"
                                  "zj0EAwIDSAAwRQIhALHY+eJHkcui+Gf5QwadhI5j8dod7z8sNrYo/XOvIWD9AiAO\n"
                                  "c8IdwFBPSHm/w9g+3kyKNH+OZ5YiMNqLv7dlbcmS6g==\n"
                                  "-----END CERTIFICATE-----\n";

struct files {
    char key[32], certificate[32];
};

static void write_file(char path[static 32], const char *text)
{
    snprintf(path, 32, "/tmp/unit-http-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static int files_write(void **state)
{
    struct files *f = calloc(1, sizeof *f);

    if (f == NULL) return -1;
    write_file(f->key, key);
    write_file(f->certificate, certificate);
    *state = f;
    return 0;
}

static int files_remove(void **state)
{
    struct files *f = *state;

    unlink(f->key);
    unlink(f->certificate);
    free(f);
    return 0;
}

static struct http_server_config config_of(const char *certificate_path, const char *key_path)
{
    return (struct http_server_config){.address = "127.0.0.1",
                                       .certificate = certificate_path,
                                       .key = key_path,
                                       .connections_max = 4,
                                       .request_timeout_s = 5};
}

struct text {
    char bytes[256];
    size_t n;
};

static size_t collect(char *bytes, size_t size, size_t n, void *user)
{
    struct text *t = user;

    n *= size;
    if (n > sizeof t->bytes - 1 - t->n) return 0;
    memcpy(t->bytes + t->n, bytes, n);
    t->n += n;
    return n;
}

static void serves_over_tls(void **state)
{
    const struct files *files = *state;
    const struct http_server_config config = config_of(files->certificate, files->key);
    struct fixture f;
    char url[64];
    long connects = 0;

    fixture_start_with(&f, false, &config);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/x?y", http_server_port(f.server));
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L); /* it is nobody's certificate */
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "body");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, collect);
    for (int i = 0; i < 3; i++) {
        struct text got = {{0}, 0};
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &got);
        assert_int_equal(curl_easy_perform(easy), CURLE_OK);
        assert_string_equal(got.bytes, "POST /x y - body");
        curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
        assert_int_equal(connects, i == 0 ? 1 : 0);
    }
    curl_easy_cleanup(easy);
    fixture_stop(&f);
}

static void does_not_mind_plain_text_where_tls_is_spoken(void **state)
{
    const struct files *files = *state;
    const struct http_server_config config = config_of(files->certificate, files->key);
    struct fixture f;
    struct wire w;

    fixture_start_with(&f, false, &config);
    wire_open(&w, http_server_port(f.server));
    wire_says(&w, "GET / HTTP/1.1\r\n\r\n");
    (void)wire_until_end(&w);
    wire_close(&w);
    fixture_stop(&f);
}

/* A client that has shaken hands; then it is up to the test. */
static CURL *shake_hands(const struct fixture *f)
{
    char url[64];
    CURL *easy = curl_easy_init();

    assert_non_null(easy);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", http_server_port(f->server));
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    return easy;
}

/* Waits until the server has hung up; it says no more than goodbye. */
static void hang_up_after_it(CURL *easy)
{
    curl_socket_t fd;
    char bytes[64];
    size_t n = 1;
    CURLcode rc = CURLE_AGAIN;

    assert_int_equal(curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd), CURLE_OK);
    for (int i = 0; i < 100 && rc == CURLE_AGAIN; i++) { /* session tickets come first */
        struct pollfd came = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&came, 1, 30000), 1);
        rc = curl_easy_recv(easy, bytes, sizeof bytes, &n);
    }
    assert_true(rc != CURLE_AGAIN && (rc != CURLE_OK || n == 0));
    curl_easy_cleanup(easy);
}

static void cuts_off_who_says_nothing_over_tls(void **state)
{
    const struct files *files = *state;
    struct http_server_config config = config_of(files->certificate, files->key);
    struct fixture f;
    struct wire silent, begun;

    config.request_timeout_s = 1;
    fixture_start_with(&f, false, &config);
    wire_open(&silent, http_server_port(f.server)); /* not even a hand held out */
    wire_open(&begun, http_server_port(f.server));
    wire_send(&begun, "\x16\x03\x01\x02\x00\x01", 6);
    CURL *shaken = shake_hands(&f);
    (void)wire_until_end(&silent);
    (void)wire_until_end(&begun);
    hang_up_after_it(shaken);
    wire_close(&silent);
    wire_close(&begun);
    fixture_stop(&f);
}

static void the_idlest_make_room_over_tls_too(void **state)
{
    enum { CLIENTS = 120 }; /* none of whom reads the goodbye it is told */
    const struct files *files = *state;
    const struct http_server_config config = config_of(files->certificate, files->key);
    CURL *easy[CLIENTS];
    struct fixture f;

    fixture_start_with(&f, false, &config);
    for (int i = 0; i < CLIENTS; i++) easy[i] = shake_hands(&f);
    for (int i = 0; i < CLIENTS - config.connections_max; i++) hang_up_after_it(easy[i]);
    for (int i = CLIENTS - config.connections_max; i < CLIENTS; i++) curl_easy_cleanup(easy[i]);
    fixture_stop(&f);
}

static void note(void *user, uint64_t tag, const struct http_answer *answer)
{
    (void)tag;
    *(struct http_answer *)user = *answer;
}

static void its_client_trusts_no_unknown_certificate(void **state)
{
    const struct files *files = *state;
    const struct http_server_config config = config_of(files->certificate, files->key);
    struct fixture f;
    struct http_client *c;
    struct http_answer answer = {.status = -1};
    char url[64];

    fixture_start_with(&f, false, &config);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", http_server_port(f.server));
    assert_int_equal(http_client_new(2, &c, NULL), 0);
    const struct http_call call = {
        .url = url, .body = "{}", .body_n = 2, .timeout_ms = 30000, .done = note, .user = &answer};
    assert_int_equal(http_client_send(c, &call, NULL), 0);
    for (int i = 0; i < 10000 && http_client_open(c) > 0; i++) http_client_poll(c, 100);
    assert_int_equal(answer.status, 0);
    assert_int_equal(answer.certain, 1); /* nothing was said to a stranger */
    http_client_free(c);
    fixture_stop(&f);
}

static void says_what_is_wrong_with_a_certificate(void **state)
{
    const struct files *files = *state;
    const struct {
        const char *certificate, *key, *word;
    } wrong[] = {
        {"/nowhere/c.pem", files->key, "certificate: /nowhere/c.pem"},
        {files->certificate, "/nowhere/k.pem", "key: /nowhere/k.pem"},
        {files->certificate, NULL, "its key is missing"},
        {files->key, files->key, "expected a PEM certificate"},
    };
    struct http_server *s;
    struct err e;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct http_server_config config = config_of(wrong[i].certificate, wrong[i].key);
        assert_int_equal(http_server_new(&config, &s, &e), -1);
        if (strstr(e.text, wrong[i].word) == NULL) fail_msg("said: %s", e.text);
    }
}

int test_tls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_over_tls),
        cmocka_unit_test(does_not_mind_plain_text_where_tls_is_spoken),
        cmocka_unit_test(cuts_off_who_says_nothing_over_tls),
        cmocka_unit_test(the_idlest_make_room_over_tls_too),
        cmocka_unit_test(its_client_trusts_no_unknown_certificate),
        cmocka_unit_test(says_what_is_wrong_with_a_certificate),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, files_write, files_remove);
}

#include "http_call.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"

enum {
    /* Servers drop idle connections after some time, and a request that crosses the drop is in
     * doubt (see ready_to_send). A connection this old is not used again. */
    IDLE_REUSE_S = 30,
    /* A platform that asks for more is asked again then; curl from 8.12 on tells no more either. */
    RETRY_AFTER_MAX_S = 6 * 3600,
    RECEIVE_BYTES = 4 * 1024, /* curl holds this per call; answers are a few hundred bytes */
    UPLOAD_BYTES = 16 * 1024  /* and this while it sends; the least it takes               */
};

static size_t take_answer(char *bytes, size_t size, size_t n, void *user)
{
    struct call *call = user;
    size_t room = call->answer_max - call->answer.len;

    n *= size;
    call->cut = n > room;
    buf_add(&call->answer, bytes, call->cut ? room : n);
    if (call->answer.failed) call->cut = true;
    return call->cut ? 0 : n; /* 0 ends the call: the rest is not waited for */
}

/* Called when a connection is there, before the first byte of the request is sent.
 *
 * Here a message could double. When a reused connection ends without a byte of answer, libcurl
 * sends the request again on another one, up to five times (Curl_retry_request() in its
 * transfer.c, from 7.x to 8.x; no option turns it off). It takes the connection for dead before
 * the request came; but the other side may as well have read the request, acted and died. So the
 * second try of a POST is refused: the call ends with CURLE_ABORTED_BY_CALLBACK, in doubt, and
 * whoever sent it decides. A GET may be repeated (RFC 9110 9.2.2). */
static int ready_to_send(void *user, char *their_ip, char *our_ip, int their_port, int our_port)
{
    struct call *call = user;

    (void)their_ip, (void)our_ip, (void)their_port, (void)our_port;
    return call->tries++ > 0 && call->post ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

void call_free(struct call *call)
{
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call->bearer);
    free(call->type);
    buf_free(&call->answer);
    free(call);
}

static bool set(CURL *easy, CURLoption option, long value)
{
    return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool set_text(CURL *easy, CURLoption option, const char *value)
{
    return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

/* What is the same for every call: no redirects, no proxies from the environment, no schemes but
 * two, no signals (there are threads), no HTTP/2 (it has resends of its own). */
static bool call_prepare(struct call *call)
{
    CURL *easy = call->easy;

    return set(easy, CURLOPT_NOSIGNAL, 1) && set(easy, CURLOPT_FOLLOWLOCATION, 0) &&
           set(easy, CURLOPT_TCP_NODELAY, 1) && set(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) &&
           set(easy, CURLOPT_MAXAGE_CONN, IDLE_REUSE_S) && set(easy, CURLOPT_BUFFERSIZE, RECEIVE_BYTES) &&
           set(easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BYTES) &&
           set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https") && set_text(easy, CURLOPT_PROXY, "") &&
           set_text(easy, CURLOPT_USERAGENT, "Mailwijzer/" MAILWIJZER_VERSION) &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, ready_to_send) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->trouble) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK;
}

struct call *call_new(void)
{
    struct call *call = calloc(1, sizeof *call);

    if (call == NULL) return NULL;
    call->easy = curl_easy_init();
    if (call->easy != NULL && call_prepare(call)) return call;
    call_free(call);
    return NULL;
}

/* A header that ends early would let its rest be read as another one. */
static bool is_one_line(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f) return false;
    return true;
}

/* Appends to a list that stays as it was when there is no memory. */
static bool headers_add(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);

    if (longer == NULL) return false;
    *list = longer;
    return true;
}

static bool header_add(struct curl_slist **list, const char *name, const char *value)
{
    struct buf line = {0};

    buf_addf(&line, "%s%s", name, value);
    bool added = !line.failed && headers_add(list, line.data);
    buf_free(&line);
    return added;
}

/* Keeps a copy, or NULL for NULL. */
static bool keep(char **kept, const char *s)
{
    free(*kept);
    *kept = s == NULL ? NULL : strdup(s);
    return s == NULL || *kept != NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The headers hang on bearer and type alone and a handle mostly serves one pair, so they are kept
 * with it. */
static bool headers_for(struct call *call, const char *bearer, const char *type)
{
    struct curl_slist **list = &call->headers;

    if (*list != NULL && same_text(bearer, call->bearer) && same_text(type, call->type)) return true;
    curl_slist_free_all(*list);
    *list = NULL;
    bool made = keep(&call->bearer, bearer) && keep(&call->type, type) &&
                header_add(list, "Content-Type: ", type == NULL ? "application/json" : type) &&
                headers_add(list, "Expect:") && /* none: it costs a round trip */
                (bearer == NULL || header_add(list, "Authorization: Bearer ", bearer));
    if (!made) {
        curl_slist_free_all(*list);
        *list = NULL;
    }
    return made && curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, *list) == CURLE_OK;
}

static bool options_fill(struct call *call, const struct http_call *what)
{
    CURL *easy = call->easy;

    call->answer_max = what->answer_max > 0 ? what->answer_max : HTTP_ANSWER_MAX;
    call->done = what->done;
    call->user = what->user;
    call->tag = what->tag;
    call->post = what->body != NULL;
    buf_clear(&call->answer);
    call->cut = false;
    call->tries = 0;
    call->trouble[0] = '\0';
    if (!headers_for(call, what->bearer, what->content_type) || !set_text(easy, CURLOPT_URL, what->url))
        return false;
    if (!set(easy, CURLOPT_TIMEOUT_MS, what->timeout_ms)) return false;
    if (!call->post) return set(easy, CURLOPT_HTTPGET, 1);
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)what->body_n) == CURLE_OK &&
           set_text(easy, CURLOPT_COPYPOSTFIELDS, what->body);
}

int call_fill(struct call *call, const struct http_call *what, struct err *e)
{
    if (what->bearer != NULL && !is_one_line(what->bearer))
        return err_set(e, "bearer: holds a control character");
    if (what->content_type != NULL && !is_one_line(what->content_type))
        return err_set(e, "content type: holds a control character");
    if (!options_fill(call, what)) return err_set(e, "curl refused the call (out of memory?)");
    return 0;
}

void call_rest(struct call *call)
{
    if (call->answer.cap > HTTP_ANSWER_MAX) buf_free(&call->answer);
    (void)set_text(call->easy, CURLOPT_COPYPOSTFIELDS, NULL);
}

static const char *content_type(CURL *easy)
{
    const char *type = NULL;

    if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK || type == NULL) return NULL;
    return strlen(type) <= HTTP_TYPE_MAX && is_one_line(type) ? type : NULL;
}

static int64_t retry_after_ms(CURL *easy)
{
    curl_off_t s = 0;

    /* curl reads both forms, seconds and a date. */
    if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &s) != CURLE_OK || s <= 0) return 0;
    return (int64_t)(s < RETRY_AFTER_MAX_S ? s : RETRY_AFTER_MAX_S) * 1000;
}

void call_answer(struct call *call, CURLcode code, struct http_answer *out)
{
    long status = 0;
    curl_off_t took_us = 0;

    (void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(call->easy, CURLINFO_TOTAL_TIME_T, &took_us);
    if (code == CURLE_WRITE_ERROR && call->cut) code = CURLE_OK; /* we ended it ourselves */
    *out = (struct http_answer){.body = "", .took_ms = took_us / 1000};
    if (code == CURLE_OK && status > 0) {
        out->status = (int)status;
        out->body = buf_text(&call->answer);
        out->body_n = call->answer.len;
        out->cut = call->cut;
        out->content_type = content_type(call->easy);
        out->retry_after_ms = retry_after_ms(call->easy);
        return;
    }
    /* An answer that broke off is no answer. Before a connection was ready nothing was sent. */
    out->certain = call->tries == 0;
    out->trouble = call->trouble[0] != '\0' ? call->trouble : curl_easy_strerror(code);
}

#include "courier.h"

#include "err.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Meta publishes no time limit; people report 5 to 20 s. */
enum { ANSWER_TIMEOUT_MS = 20000, ANSWER_MAX = 256 * 1024 };
/* Meta asks for concurrent requests; this is how concurrent we are. */
enum { CONNECTIONS_MAX = 64 };

struct list {
    struct errand *head, **tail;
};

struct call;

struct courier {
    pthread_t thread;
    pthread_mutex_t lock;
    CURLM *multi;
    struct call *calls;         /* under way; the thread's */
    struct list todo, finished; /* under the lock */
    bool stop;                  /* under the lock */
    void (*wake)(void *);
    void *wake_self;
};

/* What belongs to a call while curl has it. */
struct call {
    struct call *older, *newer;
    CURL *easy;
    struct errand *errand;
    struct curl_slist *headers;
    char error[CURL_ERROR_SIZE];
};

static void list_init(struct list *l)
{
    l->head = NULL;
    l->tail = &l->head;
}

static void list_put(struct list *l, struct errand *x)
{
    x->next = NULL;
    *l->tail = x;
    l->tail = &x->next;
}

static struct errand *list_take_all(struct list *l)
{
    struct errand *all = l->head;
    list_init(l);
    return all;
}

static size_t take_answer(char *bytes, size_t size, size_t n, void *user)
{
    struct errand *x = user;
    size_t room = ANSWER_MAX > x->answer.len ? ANSWER_MAX - x->answer.len : 0;
    buf_add(&x->answer, bytes, n < room ? n : room);
    return size * n;
}

static void give_back(struct courier *c, struct errand *x)
{
    pthread_mutex_lock(&c->lock);
    list_put(&c->finished, x);
    pthread_mutex_unlock(&c->lock);
    c->wake(c->wake_self);
}

static void call_set(CURL *easy, struct call *call)
{
    struct errand *x = call->errand;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)call);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
    curl_easy_setopt(easy, CURLOPT_URL, x->url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*"); /* the bot is on this machine */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)ANSWER_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "facebookexternalua");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
    if (x->body == NULL) return;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body_n);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, x->body);
    char line[128];
    call->headers = curl_slist_append(call->headers, "Content-Type: application/json");
    /* Without this curl asks first, and waits, before it sends a large batch. */
    call->headers = curl_slist_append(call->headers, "Expect:");
    if (x->signature != NULL) {
        snprintf(line, sizeof line, "X-Hub-Signature-256: %s", x->signature);
        call->headers = curl_slist_append(call->headers, line);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
}

static void call_free(struct courier *c, struct call *call)
{
    if (call->older != NULL) call->older->newer = call->newer;
    if (call->newer != NULL) call->newer->older = call->older;
    if (c->calls == call) c->calls = call->older;
    curl_multi_remove_handle(c->multi, call->easy);
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call);
}

static void start(struct courier *c, struct errand *x)
{
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL || (call->easy = curl_easy_init()) == NULL) {
        free(call);
        goto fail;
    }
    call->errand = x;
    call->older = c->calls;
    if (c->calls != NULL) c->calls->newer = call;
    c->calls = call;
    call_set(call->easy, call);
    if (curl_multi_add_handle(c->multi, call->easy) == CURLM_OK) return;
    call_free(c, call);
fail:
    snprintf(x->why, sizeof x->why, "out of memory");
    give_back(c, x);
}

static void finish(struct courier *c, CURL *easy, CURLcode result)
{
    char *private = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    struct call *call = (struct call *)(void *)private;
    struct errand *x = call->errand;
    curl_off_t us = 0;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &us);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    x->us = us;
    x->status = result == CURLE_OK ? (int)status : 0;
    if (result != CURLE_OK)
        snprintf(x->why, sizeof x->why, "%s",
                 call->error[0] != '\0' ? call->error : curl_easy_strerror(result));
    call_free(c, call);
    give_back(c, x);
}

static void *work(void *self)
{
    struct courier *c = self;
    for (;;) {
        pthread_mutex_lock(&c->lock);
        bool stop = c->stop;
        struct errand *x = list_take_all(&c->todo);
        pthread_mutex_unlock(&c->lock);
        if (stop) return NULL;
        while (x != NULL) {
            struct errand *next = x->next; /* start() may give it back at once */
            start(c, x);
            x = next;
        }
        int running = 0, left = 0;
        curl_multi_perform(c->multi, &running);
        for (CURLMsg *m; (m = curl_multi_info_read(c->multi, &left)) != NULL;)
            if (m->msg == CURLMSG_DONE) finish(c, m->easy_handle, m->data.result);
        curl_multi_poll(c->multi, NULL, 0, 1000, NULL);
    }
}

struct courier *courier_new(void (*wake)(void *), void *self, struct err *e)
{
    struct courier *c = calloc(1, sizeof *c);
    if (c == NULL || (c->multi = curl_multi_init()) == NULL) {
        free(c);
        err_set(e, "out of memory");
        return NULL;
    }
    curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    c->wake = wake;
    c->wake_self = self;
    list_init(&c->todo);
    list_init(&c->finished);
    pthread_mutex_init(&c->lock, NULL);
    int rc = pthread_create(&c->thread, NULL, work, c);
    if (rc == 0) return c;
    err_errno(e, "starting a thread", rc);
    curl_multi_cleanup(c->multi);
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

void courier_free(struct courier *c)
{
    if (c == NULL) return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_mutex_unlock(&c->lock);
    curl_multi_wakeup(c->multi);
    pthread_join(c->thread, NULL);
    while (c->calls != NULL) call_free(c, c->calls);
    curl_multi_cleanup(c->multi);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void courier_send(struct courier *c, struct errand *x)
{
    x->status = 0;
    x->why[0] = '\0';
    buf_clear(&x->answer);
    pthread_mutex_lock(&c->lock);
    list_put(&c->todo, x);
    pthread_mutex_unlock(&c->lock);
    curl_multi_wakeup(c->multi);
}

void courier_collect(struct courier *c)
{
    pthread_mutex_lock(&c->lock);
    struct errand *x = list_take_all(&c->finished);
    pthread_mutex_unlock(&c->lock);
    while (x != NULL) {
        struct errand *next = x->next; /* done() may free or resend it */
        x->done(x->self, x);
        x = next;
    }
}

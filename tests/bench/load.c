#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bot.h"
#include "err.h"
#include "person.h"
#include "poster.h"
#include "webhook.h"
#include "wire.h"

enum {
    GRAPHS_MAX = 256, /* connections of the bot, beyond what it opens                     */
    EVENTS_MAX = 64,
    TICK_MS = 100,  /* how often the limit is looked at                                 */
    TALK_TURNS = 8, /* open loop: messages of one person, then somebody new writes      */
    TRACKER_MAX = 128
};

struct load {
    int epoll, port;
    struct wire listener, clock, log;
    struct wire graph[GRAPHS_MAX];
    struct poster *poster;

    struct bot *bot;
    const struct load_plan *plan;
    struct load_result *result;
    struct person *people;
    long started; /* messages */
    int64_t began_ns;
    int next_person;
    uint64_t random, message_id, reply_id;
    bool broken; /* no memory, or HTTP that is none */
};

/* ---- connections ---- */

static bool watch(struct load *l, struct wire *w)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = w};

    if (w->kind == WIRE_GRAPH) ev.events |= EPOLLOUT | EPOLLET;
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, w->fd, &ev) == 0;
}

static void accept_graph(struct load *l)
{
    int fd = accept4(l->listener.fd, NULL, NULL, SOCK_CLOEXEC);

    for (size_t i = 0; fd >= 0 && i < GRAPHS_MAX; i++) {
        struct wire *w = &l->graph[i];
        if (w->fd >= 0) continue;
        w->fd = fd;
        wire_hurry(w);
        if (!watch(l, w)) wire_close(w);
        return;
    }
    if (fd >= 0) (void)close(fd);
}

/* ---- people ---- */

static void say(struct load *l, struct person *person, int64_t due_ns)
{
    struct post *p = poster_blank(l->poster, person);

    l->started++;
    if (p == NULL) {
        l->broken = true;
        return;
    }
    person->at_ns = due_ns;
    person->waits_answer = person->waits_reply = true;
    person_say(person, ++l->message_id, &p->bytes);
    l->broken = l->broken || p->bytes.failed;
    poster_add(l->poster, p);
}

static void turn_over(struct load *l, struct person *person, int64_t now_ns)
{
    if (person->waits_answer || person->waits_reply) return;
    l->result->turns++;
    l->result->took_ns = now_ns - l->began_ns;
    if (l->plan->rate == 0) {
        if (l->started < l->plan->turns) say(l, person, times_now_ns());
    } else if (person->said >= TALK_TURNS) {
        person_new(person, person->number + l->plan->people);
    }
}

/* The next in the row who is not waiting; NULL when everybody is. */
static struct person *who_may_speak(struct load *l)
{
    for (int i = 0; i < l->plan->people; i++) {
        struct person *p = &l->people[l->next_person];
        l->next_person = (l->next_person + 1) % l->plan->people;
        if (!p->waits_answer && !p->waits_reply) return p;
    }
    return NULL;
}

/* Open loop: everything that is due by now. */
static void speak_on_time(struct load *l)
{
    uint64_t ticks;

    (void)!read(l->clock.fd, &ticks, sizeof ticks);
    int64_t now = times_now_ns();
    while (l->started < l->plan->turns) {
        int64_t due = l->began_ns + l->started * INT64_C(1000000000) / l->plan->rate;
        if (due > now) break;
        struct person *p = who_may_speak(l);
        if (p != NULL) {
            say(l, p, due);
            continue;
        }
        l->started++;
        l->result->missed++;
    }
}

/* ---- what the bot answers ---- */

static void webhook_event(struct load *l, struct wire *w)
{
    int status;
    const struct post *p = poster_event(l->poster, w, &status);
    int64_t now = times_now_ns();

    if (status < 0) l->broken = true;
    if (p == NULL) return;
    if (status != 200) {
        l->result->refused++;
    } else if (p->about == NULL) {
        l->result->statuses++;
    } else {
        struct person *person = p->about;
        times_add(&l->result->to_answer, now - person->at_ns);
        person->waits_answer = false;
        turn_over(l, person, now);
    }
}

/* ---- what the bot sends ---- */

static void tell_statuses(struct load *l, const struct person *person, const char *reply, const char *id)
{
    static const char *const statuses[] = {"sent", "delivered", "read"};
    char tracker[TRACKER_MAX];

    if (json_text(reply, "biz_opaque_callback_data", tracker, sizeof tracker) == NULL) tracker[0] = '\0';
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const struct webhook_status s = {
            .person = person->number, .id = id, .tracker = tracker, .status = statuses[i]};
        struct post *p = poster_blank(l->poster, NULL);
        if (p == NULL) {
            l->broken = true;
            return;
        }
        webhook_status(&s, &p->bytes);
        poster_add(l->poster, p);
    }
}

static void reply_taken(struct load *l, const char *reply, const char *to, const char *id)
{
    int64_t now = times_now_ns();
    int64_t number = strtoll(to + (*to == '+'), NULL, 10) - WEBHOOK_PHONE_FIRST;
    struct person *p = number < 0 ? NULL : &l->people[number % l->plan->people];

    if (p == NULL || p->number != number || !p->waits_reply) {
        l->result->strange++;
        return;
    }
    times_add(&l->result->to_reply, now - p->at_ns);
    p->waits_reply = false;
    person_hear(p, reply, id, &l->random);
    if (l->plan->statuses) tell_statuses(l, p, reply, id);
    turn_over(l, p, now);
}

/* POST /{version}/{phone number id}/messages. */
static void graph_answer(struct load *l, struct wire *w, const char *body)
{
    char to[32], id[PERSON_ID_MAX];
    char text[384];
    int n;

    if (json_text(body, "to", to, sizeof to) == NULL) { /* a read receipt */
        n = snprintf(text, sizeof text, "{\"success\":true}");
    } else {
        (void)snprintf(id, sizeof id, "wamid.HBgLMzE2MDAwMDAwMDAVAgARGBI5%016llXRkEA",
                       (unsigned long long)++l->reply_id);
        reply_taken(l, body, to, id);
        n = snprintf(text, sizeof text,
                     "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"input\":\"%s\",\"wa_id\":\"%s\"}],"
                     "\"messages\":[{\"id\":\"%s\"}]}",
                     to, to + (*to == '+'), id);
    }
    buf_addf(
        &w->out,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nfacebook-api-version: v25.0\r\n"
        "Content-Length: %d\r\n\r\n%s",
        n, text);
}

static void graph_event(struct load *l, struct wire *w)
{
    struct wire_message m;
    bool open = wire_receive(w);
    int whole;

    while ((whole = wire_peek(w, &m)) > 0) {
        graph_answer(l, w, m.body);
        wire_drop(w, m.whole_n);
    }
    if (whole < 0) l->broken = true;
    if (!wire_send(w) || !open) wire_close(w);
}

/* ---- the loop ---- */

static void event_take(struct load *l, struct wire *w)
{
    switch (w->kind) {
    case WIRE_LISTENER: accept_graph(l); break;
    case WIRE_GRAPH: graph_event(l, w); break;
    case WIRE_WEBHOOK: webhook_event(l, w); break;
    case WIRE_CLOCK: speak_on_time(l); break;
    case WIRE_LOG:
        if (!bot_listen(l->bot)) l->broken = true; /* it ended before its time */
        break;
    }
}

static bool is_over(const struct load *l)
{
    return l->broken || (l->started >= l->plan->turns &&
                         l->result->turns + l->result->missed >= l->plan->turns && poster_is_idle(l->poster));
}

static void loop(struct load *l)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t until = l->began_ns + l->plan->limit_s * INT64_C(1000000000);

    for (;;) {
        poster_go(l->poster);
        if (is_over(l)) break;
        if (times_now_ns() > until) {
            l->result->gave_up = true;
            break;
        }
        int n = epoll_wait(l->epoll, events, EVENTS_MAX, TICK_MS);
        for (int i = 0; i < n; i++) {
            struct wire *w = events[i].data.ptr;
            if (w->fd >= 0) event_take(l, w);
        }
    }
}

static int begin(struct load *l, struct err *e)
{
    const struct load_plan *plan = l->plan;

    l->people = calloc((size_t)plan->people, sizeof *l->people);
    l->poster = poster_new(l->epoll, l->bot->port);
    if (l->people == NULL || l->poster == NULL ||
        times_open(&l->result->to_answer, (size_t)plan->turns) != 0 ||
        times_open(&l->result->to_reply, (size_t)plan->turns) != 0)
        return err_set(e, "out of memory");
    for (int i = 0; i < plan->people; i++) person_new(&l->people[i], i);
    l->log.fd = l->bot->log;
    if (!watch(l, &l->log)) return err_errno(e, "epoll", errno);
    l->began_ns = times_now_ns();
    if (plan->rate == 0) {
        for (int i = 0; i < plan->people && l->started < plan->turns; i++)
            say(l, &l->people[i], times_now_ns());
        return 0;
    }
    long step = 1000000000L / plan->rate;
    const struct itimerspec every = {.it_interval.tv_nsec = step, .it_value.tv_nsec = step};
    l->clock.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (l->clock.fd < 0 || timerfd_settime(l->clock.fd, 0, &every, NULL) != 0 || !watch(l, &l->clock))
        return err_errno(e, "a timer", errno);
    return 0;
}

int load_run(struct load *l, struct bot *bot, const struct load_plan *plan, struct load_result *result,
             struct err *e)
{
    *result = (struct load_result){0};
    l->bot = bot;
    l->plan = plan;
    l->result = result;
    if (begin(l, e) != 0) return -1;
    loop(l);
    result->repeated = poster_repeated(l->poster);
    if (l->broken) return err_set(e, "the bot ended, or spoke no HTTP, after %ld turns", result->turns);
    return 0;
}

/* ---- coming and going ---- */

static int open_graph(struct load *l, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;

    l->listener.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->listener.fd < 0 || l->epoll < 0 || bind(l->listener.fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(l->listener.fd, SOMAXCONN) != 0 ||
        getsockname(l->listener.fd, (struct sockaddr *)&at, &n) != 0 || !watch(l, &l->listener))
        return err_errno(e, "listening on 127.0.0.1", errno);
    l->port = ntohs(at.sin_port);
    return 0;
}

int load_new(struct load **out, struct err *e)
{
    struct load *l = calloc(1, sizeof *l);

    *out = NULL;
    if (l == NULL) return err_set(e, "out of memory");
    l->epoll = -1;
    l->listener = (struct wire){.kind = WIRE_LISTENER, .fd = -1};
    l->clock = (struct wire){.kind = WIRE_CLOCK, .fd = -1};
    l->log = (struct wire){.kind = WIRE_LOG, .fd = -1};
    for (size_t i = 0; i < GRAPHS_MAX; i++) l->graph[i] = (struct wire){.kind = WIRE_GRAPH, .fd = -1};
    l->random = UINT64_C(0x9e3779b97f4a7c15);
    if (open_graph(l, e) != 0) {
        load_free(l);
        return -1;
    }
    *out = l;
    return 0;
}

void load_free(struct load *l)
{
    if (l == NULL) return;
    poster_free(l->poster);
    for (size_t i = 0; i < GRAPHS_MAX; i++) wire_free(&l->graph[i]);
    wire_free(&l->listener);
    wire_free(&l->clock);
    free(l->people);
    if (l->epoll >= 0) (void)close(l->epoll);
    free(l);
}

int load_graph_port(const struct load *l)
{
    return l->port;
}

void load_result_close(struct load_result *r)
{
    times_close(&r->to_answer);
    times_close(&r->to_reply);
}

#include "senders.h"

#include "sender.h"
#include "store.h"
#include "turn.h"

int senders_open(struct senders *s, const struct platform platforms[PLATFORM_N], struct http_client *client)
{
    bool all = true;

    for (size_t i = 0; i < PLATFORM_N; i++) {
        s->of[i] = sender_new(&platforms[i], client);
        all &= s->of[i] != NULL;
    }
    return all ? 0 : -1;
}

void senders_close(struct senders *s)
{
    for (size_t i = 0; i < PLATFORM_N; i++) sender_free(s->of[i]);
}

int senders_store(struct senders *s, struct store *store, int64_t now_ms, struct err *e)
{
    for (size_t i = 0; i < PLATFORM_N; i++)
        if (sender_store(s->of[i], store, now_ms, e) != 0) return -1;
    return 0;
}

int senders_tell_gone(struct senders *s, struct turns *t, struct err *e)
{
    size_t n;

    for (size_t i = 0; i < PLATFORM_N; i++) {
        const struct whom *gone = sender_gone(s->of[i], &n);
        for (size_t k = 0; k < n; k++)
            if (turns_gone(t, gone[k].contact, gone[k].account, e) != 0) return -1;
    }
    return 0;
}

int senders_claim(struct senders *s, struct store *store, int64_t now_ms, struct err *e)
{
    int all = 0;

    for (size_t i = 0; i < PLATFORM_N; i++) {
        int claimed = sender_claim(s->of[i], store, now_ms, e);
        if (claimed < 0) return -1;
        all += claimed;
    }
    return all;
}

void senders_committed(struct senders *s, const struct courtesy *list, int64_t now_ms)
{
    for (size_t i = 0; i < PLATFORM_N; i++) {
        /* First the receipt: "typing" that comes after the reply would stay. */
        sender_courtesy(s->of[i], list, now_ms);
        sender_committed(s->of[i]);
    }
}

void senders_rolled_back(struct senders *s)
{
    for (size_t i = 0; i < PLATFORM_N; i++) sender_rolled_back(s->of[i]);
}

bool senders_have_verdicts(const struct senders *s)
{
    bool any = false;

    for (size_t i = 0; i < PLATFORM_N; i++) any |= sender_has_verdicts(s->of[i]);
    return any;
}

size_t senders_flights(const struct senders *s)
{
    size_t n = 0;

    for (size_t i = 0; i < PLATFORM_N; i++) n += sender_flights(s->of[i]);
    return n;
}

int64_t senders_ready_at(const struct senders *s, int64_t now_ms)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < PLATFORM_N; i++) {
        int64_t at = sender_ready_at(s->of[i], now_ms);
        if (at < first) first = at;
    }
    return first;
}

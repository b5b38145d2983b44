#include "world.h"

#include "clock.h"
#include "err.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

/* More people than any test speaks for. */
enum { CUSTOMERS_MAX = 20000 };
/* BSUID: two letters, a dot, at most 128 letters and digits. */
enum { USER_ID_TAIL_MAX = 128 };

const char *const ticks_name[TICKS_N] = {[TICKS_NONE] = "none",
                                         [TICKS_SENT] = "sent",
                                         [TICKS_DELIVERED] = "delivered",
                                         [TICKS_READ] = "read",
                                         [TICKS_FAILED] = "failed"};

/* The four kinds of people WhatsApp knows since 2026: with phone and BSUID, seen by an old style
 * webhook without BSUID, known by username and BSUID alone, and one whose name is hard to handle. */
static const char usual_customers[] =
    "[{\"id\":\"sanne\",\"name\":\"Sanne\",\"phone\":\"31612345678\",\"user_id\":\"NL.55512\"},"
    "{\"id\":\"mehmet\",\"name\":\"Mehmet Yılmaz\",\"phone\":\"31687654321\"},"
    "{\"id\":\"fleur\",\"name\":\"Fleur\",\"username\":\"@fleur.bloemt\",\"user_id\":\"NL.Fk29xQ7b\"},"
    "{\"id\":\"riet\",\"name\":\"Oma Riet 👵🏼 van Stichting Buurthuis ’t Zonnetje\","
    "\"phone\":\"31613141516\",\"user_id\":\"NL.904411\"}]";

static void customer_free(struct customer *c)
{
    if (c == NULL) return;
    free(c->id);
    free(c->name);
    free(c->username);
    free(c->phone);
    free(c->user_id);
    free(c);
}

static void message_free(struct message *m)
{
    if (m == NULL) return;
    free(m->type);
    json_decref(m->body);
    free(m->reply_to);
    free(m->tracker);
    free(m->emoji);
    free(m);
}

struct world *world_new(size_t keep, struct err *e)
{
    struct world *w = calloc(1, sizeof *w);
    json_t *usual = json_loads(usual_customers, 0, NULL);
    if (w == NULL || usual == NULL) {
        err_set(e, "out of memory");
        goto fail;
    }
    w->first_n = 1;
    w->messages_max = keep + keep / 3 + 1; /* a quarter is forgotten at once */
    w->began_ms = clock_mono_ms();
    if (RAND_bytes(w->run, sizeof w->run) != 1) {
        err_set(e, "no random numbers from the system");
        goto fail;
    }
    for (size_t i = 0; i < json_array_size(usual); i++)
        if (world_customer_put(w, json_array_get(usual, i), NULL, e) != 0) goto fail;
    json_decref(usual);
    return w;
fail:
    json_decref(usual);
    world_free(w);
    return NULL;
}

void world_free(struct world *w)
{
    if (w == NULL) return;
    for (size_t i = 0; i < w->messages_n; i++) message_free(w->messages[i]);
    for (size_t i = 0; i < w->customers_n; i++) customer_free(w->customers[i]);
    free(w->messages);
    free(w->customers);
    free(w);
}

int64_t world_now_ms(const struct world *w)
{
    return clock_now_ms() + w->advance_ms;
}

int64_t world_real_ms(const struct world *w)
{
    return clock_mono_ms() - w->began_ms;
}

bool world_is_user_id(const char *s)
{
    if (!isupper((unsigned char)s[0]) || !isupper((unsigned char)s[1]) || s[2] != '.') return false;
    s += 3;
    if (strncmp(s, "ENT.", 4) == 0) s += 4;
    size_t n = 0;
    while (isalnum((unsigned char)s[n])) n++;
    return n >= 1 && n <= USER_ID_TAIL_MAX && s[n] == '\0';
}

/* Takes over a text member; JSON null removes it, absence leaves it as it was. */
static int put_text(char **field, const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    if (value == NULL) return 0;
    char *copy = NULL;
    if (!json_is_null(value)) {
        if (!json_is_string(value)) return -1;
        copy = strdup(json_string_value(value));
        if (copy == NULL) return -1;
    }
    free(*field);
    *field = copy;
    return 0;
}

static int customer_fill(struct customer *c, const json_t *json, struct err *e)
{
    if (put_text(&c->name, json, "name") != 0 || put_text(&c->username, json, "username") != 0 ||
        put_text(&c->phone, json, "phone") != 0 || put_text(&c->user_id, json, "user_id") != 0)
        return err_set(e, "customer '%s': name, username, phone and user_id are texts or null", c->id);
    const json_t *flag = json_object_get(json, "blocked");
    if (flag != NULL) c->blocked = json_is_true(flag);
    flag = json_object_get(json, "offline");
    if (flag != NULL) c->offline = json_is_true(flag);
    flag = json_object_get(json, "hidden");
    if (flag != NULL) c->hidden = json_is_true(flag);
    if (c->name == NULL) return err_set(e, "customer '%s': name is missing", c->id);
    if (c->phone == NULL && c->user_id == NULL)
        return err_set(e, "customer '%s': needs a phone, a user_id or both", c->id);
    if (c->hidden && c->user_id == NULL)
        return err_set(e, "customer '%s': a phone is hidden only where there is a user_id", c->id);
    if (c->phone != NULL && strspn(c->phone, "0123456789") != strlen(c->phone))
        return err_set(e, "customer '%s': phone is digits with the country code, no plus", c->id);
    if (c->user_id != NULL && !world_is_user_id(c->user_id))
        return err_set(e, "customer '%s': user_id looks like NL.55512", c->id);
    return 0;
}

static struct customer *customer_append(struct world *w, const char *id)
{
    if (w->customers_n == CUSTOMERS_MAX) return NULL;
    struct customer **grown = realloc(w->customers, (w->customers_n + 1) * sizeof *grown);
    if (grown == NULL) return NULL;
    w->customers = grown;
    struct customer *c = calloc(1, sizeof *c);
    if (c == NULL || (c->id = strdup(id)) == NULL) {
        free(c);
        return NULL;
    }
    c->index = w->customers_n;
    w->customers[w->customers_n++] = c;
    return c;
}

/* The platform tells nobody of this. */
static void phone_taken_over(struct world *w, const struct customer *c)
{
    for (size_t i = 0; c->phone != NULL && i < w->customers_n; i++) {
        struct customer *other = w->customers[i];
        if (other == c || other->phone == NULL || strcmp(other->phone, c->phone) != 0) continue;
        free(other->phone);
        other->phone = NULL;
        other->hidden = false;
        world_customer_touch(w, other);
    }
}

int world_customer_put(struct world *w, const json_t *json, struct customer **out, struct err *e)
{
    const char *id = json_string_value(json_object_get(json, "id"));
    if (id == NULL || *id == '\0') return err_set(e, "customer: id is missing");
    struct customer *c = world_customer(w, id);
    bool fresh = c == NULL;
    if (fresh && (c = customer_append(w, id)) == NULL)
        return err_set(e, "customer '%s': no room for more than %d", id, CUSTOMERS_MAX);
    if (customer_fill(c, json, e) != 0) {
        if (fresh) customer_free(w->customers[--w->customers_n]);
        return -1;
    }
    phone_taken_over(w, c);
    world_customer_touch(w, c);
    if (out != NULL) *out = c;
    return 0;
}

struct customer *world_customer(const struct world *w, const char *id)
{
    for (size_t i = 0; id != NULL && i < w->customers_n; i++)
        if (strcmp(w->customers[i]->id, id) == 0) return w->customers[i];
    return NULL;
}

struct customer *world_customer_by_phone(const struct world *w, const char *digits)
{
    for (size_t i = 0; i < w->customers_n; i++) {
        const char *phone = w->customers[i]->phone;
        if (phone != NULL && strcmp(phone, digits) == 0) return w->customers[i];
    }
    return NULL;
}

struct customer *world_customer_by_user_id(const struct world *w, const char *user_id)
{
    for (size_t i = 0; i < w->customers_n; i++) {
        const char *known = w->customers[i]->user_id;
        if (known != NULL && strcmp(known, user_id) == 0) return w->customers[i];
    }
    return NULL;
}

const char *world_seen_phone(const struct customer *c)
{
    return c->hidden ? NULL : c->phone;
}

bool world_lost(const struct customer *c)
{
    return c->phone == NULL && c->user_id == NULL;
}

void world_customer_touch(struct world *w, struct customer *c)
{
    c->seq = ++w->seq;
}

/* 14 bytes of this run and 8 of the number: base64 of 22 bytes ends in "==", as Meta's ids do. */
void world_wamid(const struct world *w, int64_t n, char out[static WAMID_MAX])
{
    unsigned char raw[sizeof w->run + 8];
    memcpy(raw, w->run, sizeof w->run);
    for (size_t i = 0; i < 8; i++) raw[sizeof w->run + i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
    memcpy(out, "wamid.", 6);
    EVP_EncodeBlock((unsigned char *)out + 6, raw, (int)sizeof raw);
}

static int64_t wamid_number(const char *wamid)
{
    unsigned char raw[WAMID_MAX];
    size_t n = strlen(wamid);
    if (n != 6 + 32 || EVP_DecodeBlock(raw, (const unsigned char *)wamid + 6, 32) != 24) return 0;
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) number = number << 8 | raw[14 + i];
    return (int64_t)number;
}

/* Forgets the oldest quarter at once, so that moving the rest is rare. */
static void messages_forget(struct world *w)
{
    size_t drop = w->messages_n / 4;
    for (size_t i = 0; i < drop; i++) message_free(w->messages[i]);
    w->messages_n -= drop;
    memmove(w->messages, w->messages + drop, w->messages_n * sizeof *w->messages);
    w->first_n += (int64_t)drop;
}

struct message *world_message_add(struct world *w, struct customer *c, bool from_bot, const char *type,
                                  json_t *take_body)
{
    if (w->messages_n >= w->messages_max) messages_forget(w);
    if (w->messages_n == w->messages_cap) {
        size_t cap = w->messages_cap == 0 ? 256 : 2 * w->messages_cap;
        struct message **grown = realloc(w->messages, cap * sizeof *grown);
        if (grown == NULL) goto fail;
        w->messages = grown;
        w->messages_cap = cap;
    }
    struct message *m = calloc(1, sizeof *m);
    if (m == NULL || (m->type = strdup(type)) == NULL) {
        free(m);
        goto fail;
    }
    m->n = w->first_n + (int64_t)w->messages_n;
    m->at_ms = world_now_ms(w);
    m->arrived_ms = world_real_ms(w);
    m->taken_ms = -1;
    m->customer = c;
    m->from_bot = from_bot;
    m->body = take_body;
    world_wamid(w, m->n, m->id);
    w->messages[w->messages_n++] = m;
    world_message_touch(w, m);
    return m;
fail:
    json_decref(take_body);
    return NULL;
}

struct message *world_message(const struct world *w, int64_t n)
{
    if (n < w->first_n || n >= w->first_n + (int64_t)w->messages_n) return NULL;
    return w->messages[n - w->first_n];
}

struct message *world_message_by_id(const struct world *w, const char *wamid)
{
    if (strncmp(wamid, "wamid.", 6) != 0) return NULL;
    struct message *m = world_message(w, wamid_number(wamid));
    return m != NULL && strcmp(m->id, wamid) == 0 ? m : NULL;
}

int64_t world_last_n(const struct world *w)
{
    return w->first_n + (int64_t)w->messages_n - 1;
}

void world_message_touch(struct world *w, struct message *m)
{
    m->seq = ++w->seq;
}

void world_message_taken(struct world *w, struct message *m)
{
    struct customer *c = m->customer;
    if (m->taken_ms >= 0) return;
    m->taken_ms = world_real_ms(w);
    world_message_touch(w, m);
    if (m->echo) return; /* the owner's, not the customer's */
    if (m->n > c->taken_n) {
        c->taken_n = m->n;
        return;
    }
    m->reordered = true;
    for (int64_t n = m->n + 1; n <= c->taken_n; n++) {
        struct message *later = world_message(w, n);
        if (later->customer != c || later->from_bot || later->taken_ms < 0) continue;
        later->reordered = true;
        world_message_touch(w, later);
    }
}

bool world_window_open(const struct world *w, const struct customer *c)
{
    return c->last_inbound_ms != 0 && world_now_ms(w) - c->last_inbound_ms < WINDOW_MS;
}

/* Meta: one message per step to one person; a burst borrows from the future. Counted as a debt
 * that time pays off: with 6 s and 45, twenty at once leave two minutes of debt. */
bool world_pair_take(const struct world *w, struct customer *c, int64_t step_ms, int64_t burst)
{
    if (step_ms == 0) return true;
    int64_t now = world_now_ms(w);
    int64_t clear = c->pair_clear_ms > now ? c->pair_clear_ms : now;
    if (clear - now > step_ms * (burst - 1)) return false;
    c->pair_clear_ms = clear + step_ms;
    return true;
}

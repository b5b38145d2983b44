#include "person.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "buf.h"
#include "channel.h"
#include "config.h"
#include "content.h"
#include "converse.h"
#include "desk.h"
#include "dialogue.h"
#include "err.h"
#include "kept.h"
#include "log.h"
#include "person_words.h"
#include "store.h"
#include "telegram.h"
#include "turn.h"
#include "whatsapp.h"
#include "who.h"

static const char *const deed_names[] = {
    [PERSON_LOOK] = "look", [PERSON_TELL] = "tell", [PERSON_ERASE] = "erase"};
_Static_assert(sizeof deed_names / sizeof *deed_names == PERSON_DEED_N, "name each");

/* What each finding is over HTTP. */
static const int statuses[] = {
    [PERSON_FOUND] = 200, [PERSON_NOBODY] = 404, [PERSON_SEVERAL] = 409, [PERSON_UNREADABLE] = 400};

const char *person_deed_name(enum person_deed deed)
{
    return deed_names[deed];
}

int person_found_of(int status)
{
    for (int i = 0; i < (int)(sizeof statuses / sizeof *statuses); i++)
        if (statuses[i] == status) return i;
    return -1;
}

/* ---- who is meant ---- */

static int find_on(struct store *s, const struct who *who, const char *channel, int64_t *contact,
                   struct err *e)
{
    return who->kind == WHO_USERNAME ? store_contact_named(s, channel, who->value, contact, e)
                                     : store_contact_find(s, channel, who->value, contact, e);
}

static int find(struct store *s, const char *words, int64_t *contact, enum person_found *found, struct err *e)
{
    const char *const channels[] = {whatsapp.name, telegram.name};
    int64_t one;
    struct who who;

    *found = PERSON_UNREADABLE;
    if (!who_read(words, &who)) return 0;
    *found = PERSON_NOBODY;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        if (who.channel != NULL && strcmp(who.channel, channels[i]) != 0) continue;
        int rc = find_on(s, &who, channels[i], &one, e);
        if (rc < 0) return -1;
        if (rc == 0) continue;
        *found = *found == PERSON_NOBODY || *contact == one ? PERSON_FOUND : PERSON_SEVERAL;
        *contact = one;
    }
    return 0;
}

/* ---- what is kept ---- */

struct telling {
    const struct config *config;
    json_t *parts, *counts; /* `parts` NULL: only counted */
    size_t rows[KEPT_N];
    bool known;
};

/* Until when the text of a row is kept, or the person; counted from which of its columns. */
static int add_until(const struct config *c, enum kept_part part, const struct kept_value *v, size_t n,
                     json_t *row)
{
    static const char *const from[KEPT_N] = {
        [KEPT_PERSON] = "heard_ms", [KEPT_CHATS] = "words_at_ms",  [KEPT_MESSAGES] = "taken_ms",
        [KEPT_HELD] = "due_ms",     [KEPT_REPLIES] = "created_ms", [KEPT_TOLD] = "created_ms",
        [KEPT_LINES] = "added_ms"};
    const int64_t day_ms = INT64_C(24) * 3600 * 1000;
    int64_t days = part == KEPT_PERSON ? c->retain_answers_days : c->retain_text_days;

    for (size_t i = 0; from[part] != NULL && i < n; i++)
        if (strcmp(v[i].name, from[part]) == 0 && v[i].number != 0)
            return json_object_set_new(row, part == KEPT_PERSON ? "kept_until" : "text_until",
                                       person_time(v[i].number + days * day_ms));
    return 0;
}

static int note(void *user, enum kept_part part, const struct kept_value *v, size_t n)
{
    struct telling *x = user;

    if (part == KEPT_PERSON) x->known = true;
    x->rows[part]++;
    if (x->parts == NULL) return 0;
    json_t *rows = json_object_get(x->parts, kept_part_name(part)), *row = person_row(v, n);
    if (row != NULL && add_until(x->config, part, v, n, row) == 0)
        return json_array_append_new(rows, row) == 0 ? 0 : 1;
    json_decref(row);
    return 1;
}

static int count(struct telling *x)
{
    for (int part = KEPT_NAMES; part < KEPT_MENTIONS; part++)
        if (json_object_set_new(x->counts, kept_part_name((enum kept_part)part),
                                json_integer((json_int_t)x->rows[part])) != 0)
            return -1;
    return 0;
}

/* 0, -1 with `e`; `x` is to be let go of either way. */
static int read_all(struct turns *t, int64_t contact, bool told, struct telling *x, struct err *e)
{
    *x = (struct telling){.config = t->config, .counts = json_object(), .parts = told ? json_object() : NULL};
    for (int part = 0; told && part < KEPT_N; part++)
        (void)json_object_set_new(x->parts, kept_part_name((enum kept_part)part), json_array());
    int rc = store_kept(t->store, contact, note, x, e);
    if (rc < 0) return -1;
    return rc > 0 || count(x) != 0 ? err_set(e, "a person's data: out of memory") : 0;
}

static void let_go(struct telling *x)
{
    json_decref(x->parts);
    json_decref(x->counts);
}

/* The settings and the moments that go with it. */
static void add_times(struct turns *t, json_t *answer)
{
    const struct config *c = t->config;

    (void)json_object_set_new(answer, "at", person_time(t->now_ms));
    (void)json_object_set_new(answer, "texts_days", json_integer(c->retain_text_days));
    (void)json_object_set_new(answer, "answers_days", json_integer(c->retain_answers_days));
}

static int finish(json_t *answer, struct buf *out, struct err *e)
{
    char *text = json_dumps(answer, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

    json_decref(answer);
    if (text == NULL) return err_set(e, "a person's data: out of memory");
    buf_adds(out, text);
    buf_addc(out, '\n');
    free(text);
    return out->failed ? err_set(e, "a person's data: out of memory") : 0;
}

/* ---- the deeds ---- */

static int tell(struct turns *t, const char *words, int64_t contact, bool all, struct buf *out, struct err *e)
{
    json_t *answer = json_object();
    char tag[CHAT_TAG_MAX];
    struct telling x;

    int rc = read_all(t, contact, all, &x, e);
    if (rc == 0 && all) {
        chat_tag(t->config, contact, tag);
        (void)json_object_set_new(answer, "person", json_string(words));
        (void)json_object_set_new(answer, "log_name", json_string(tag));
        (void)json_object_set_new(answer, "answers", person_answers(t, json_object_get(x.parts, "chats")));
    }
    add_times(t, answer);
    (void)json_object_set(answer, "counts", x.counts);
    if (rc == 0 && all) (void)json_object_set(answer, "kept", x.parts);
    let_go(&x);
    if (rc == 0) return finish(answer, out, e);
    json_decref(answer);
    return -1;
}

static int erase_inside(struct turns *t, int64_t contact, struct telling *x, struct err *e)
{
    if (store_begin(t->store, e) != 0) return -1;
    if (read_all(t, contact, false, x, e) == 0 && (t->desk == NULL || desk_erased(t, contact, e) == 0) &&
        store_contact_erase_quietly(t->store, contact, t->now_ms, e) == 0)
        return store_commit(t->store, e);
    store_rollback(t->store);
    return -1;
}

static int erase(struct turns *t, int64_t contact, struct buf *out, struct err *e)
{
    struct telling x = {0};
    char tag[CHAT_TAG_MAX];

    int rc = erase_inside(t, contact, &x, e);
    int gone = rc == 0 ? store_contact_gone(t->store, contact, e) : -1;
    if (gone < 0) {
        let_go(&x);
        return -1;
    }
    chat_tag(t->config, contact, tag);
    log_info("erased", "by=operator chat=%s gone=%s", tag, gone == 1 ? "yes" : "soon");
    json_t *answer = json_object();
    (void)json_object_set_new(answer, "at", person_time(t->now_ms));
    (void)json_object_set_new(answer, "gone", json_boolean(gone == 1));
    (void)json_object_set(answer, "counts", x.counts);
    let_go(&x);
    return finish(answer, out, e);
}

int person_do(struct turns *t, const char *who, enum person_deed deed, enum person_found *found,
              struct buf *out, struct err *e)
{
    int64_t contact = 0;

    if (find(t->store, who, &contact, found, e) != 0) return -1;
    if (*found != PERSON_FOUND) return 0;
    return deed == PERSON_ERASE ? erase(t, contact, out, e)
                                : tell(t, who, contact, deed == PERSON_TELL, out, e);
}

/* ---- over HTTP ---- */

static bool read_deed(const char *name, enum person_deed *out)
{
    for (int i = 0; name != NULL && i < PERSON_DEED_N; i++) {
        if (strcmp(name, deed_names[i]) != 0) continue;
        *out = (enum person_deed)i;
        return true;
    }
    return false;
}

int person_answer(struct turns *t, const char *request, size_t n, struct buf *out, struct err *e)
{
    json_t *tree = json_loadb(request, n, JSON_REJECT_DUPLICATES, NULL);
    const char *who = json_string_value(json_object_get(tree, "person"));
    const char *name = json_string_value(json_object_get(tree, "deed"));
    enum person_found found = PERSON_UNREADABLE;
    enum person_deed deed;
    int rc = 0;

    if (who != NULL && read_deed(name, &deed)) rc = person_do(t, who, deed, &found, out, e);
    json_decref(tree);
    return rc == 0 ? statuses[found] : 503;
}

void person_request(const char *who, enum person_deed deed, struct buf *out)
{
    json_t *tree = json_pack("{s:s, s:s}", "person", who, "deed", deed_names[deed]);
    char *text = tree == NULL ? NULL : json_dumps(tree, JSON_COMPACT);

    if (text != NULL) buf_adds(out, text);
    free(text);
    json_decref(tree);
}

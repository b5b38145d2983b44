#include "texts.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "faults.h"
#include "flow.h"
#include "json_in.h"

_Static_assert(FLOW_STATES_MAX == 48 && FLOW_QUESTIONS_MAX == 12 && FLOW_ANSWERS_MAX == 8 &&
                   FLOW_TOPICS_MAX == 40 && FLOW_COMMANDS_MAX == 32 && FLOW_OUTCOMES_MAX == 5,
               "TEXTS_MAX counts what a flow can name");

struct texts *texts_new(struct arena *a)
{
    struct texts *t = arena_calloc(a, sizeof *t);

    if (t == NULL) return NULL;
    t->arena = a;
    for (; t->n < TEXT_N; t->n++) {
        const struct text_spec *spec = &text_spec[t->n];
        t->slot[t->n] = (struct text_slot){.key = spec->key,
                                           .place = "the dialogue",
                                           .may = spec->may,
                                           .must = spec->must,
                                           .plural = spec->plural};
    }
    return t;
}

int texts_id(struct texts *t, const char *place, unsigned may, unsigned must, const char *fmt, ...)
{
    char key[FLOW_ID_MAX * 4];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(key, sizeof key, fmt, ap);
    va_end(ap);
    for (size_t i = TEXT_N; i < t->n; i++)
        if (strcmp(t->slot[i].key, key) == 0) return (int)i;
    const char *copy = arena_strdup(t->arena, key);
    if (copy == NULL || t->n == TEXTS_MAX) return -1;
    t->slot[t->n] = (struct text_slot){.key = copy, .place = place, .may = may, .must = must};
    return (int)t->n++;
}

/* ---- one text: "Hoi {{name}}" into pieces ---- */

struct compile {
    struct json_in in;
    const char *key;
    unsigned may, must;
    unsigned used;       /* params met                          */
    struct piece *piece; /* enough for the longest row, or NULL */
    size_t n;
};

static void piece_add(struct compile *c, const char *literal, size_t len, enum param param)
{
    const char *copy = literal == NULL ? NULL : arena_strndup(c->in.arena, literal, len);

    if (literal != NULL && copy == NULL) {
        json_in_no_memory(&c->in);
        return;
    }
    c->piece[c->n++] = (struct piece){.literal = copy, .param = param};
}

/* `s` points behind "{{". Returns where reading goes on. */
static const char *placeholder(struct compile *c, const char *s)
{
    const char *end = strstr(s, "}}");
    enum param p;

    if (end == NULL) {
        faults_add(c->in.faults, "%s: '%s': '{{' without '}}'", c->in.file, c->key);
        return s + strlen(s);
    }
    const char *from = s, *to = end;
    while (from < to && isspace((unsigned char)*from)) from++;
    while (to > from && isspace((unsigned char)to[-1])) to--;
    if (!param_from(from, (size_t)(to - from), &p)) {
        faults_add(c->in.faults, "%s: '%s': unknown placeholder '{{%.*s}}'", c->in.file, c->key,
                   (int)(to - from), from);
    } else if (((c->may | c->must | PARAM_ALWAYS) & PARAM_BIT(p)) == 0) {
        faults_add(c->in.faults, "%s: '%s': placeholder '{{%s}}' has no value in this text", c->in.file,
                   c->key, param_name(p));
    } else {
        c->used |= PARAM_BIT(p);
        piece_add(c, NULL, 0, p);
    }
    return end + 2;
}

/* WhatsApp and Telegram pair the marks within a line. */
static void check_marks(struct compile *c, const char *s)
{
    bool open = false;

    for (;; s++) {
        if (*s == '*') open = !open;
        if (*s != '\n' && *s != '\0') continue;
        if (open) faults_add(c->in.faults, "%s: '%s': a '*' without its pair", c->in.file, c->key);
        if (open || *s == '\0') return;
    }
}

static void check_must(struct compile *c)
{
    for (int p = 0; p < PARAM_N_OF; p++)
        if ((c->must & PARAM_BIT(p)) != 0 && (c->used & PARAM_BIT(p)) == 0)
            faults_add(c->in.faults, "%s: '%s': placeholder '{{%s}}' missing", c->in.file, c->key,
                       param_name((enum param)p));
}

static size_t pieces_at_most(const char *s)
{
    size_t n = 2; /* a literal and the end */

    for (; (s = strstr(s, "{{")) != NULL; s += 2) n += 2;
    return n;
}

static const struct piece *compile_text(struct compile *c, const char *s)
{
    if (s[strspn(s, " \t\r\n")] == '\0') faults_add(c->in.faults, "%s: '%s' is empty", c->in.file, c->key);
    c->piece = arena_alloc(c->in.arena, pieces_at_most(s) * sizeof *c->piece);
    if (c->piece == NULL) {
        json_in_no_memory(&c->in);
        return NULL;
    }
    check_marks(c, s);
    while (*s != '\0') {
        const char *open = strstr(s, "{{");
        size_t len = open == NULL ? strlen(s) : (size_t)(open - s);
        if (memmem(s, len, "}}", 2) != NULL)
            faults_add(c->in.faults, "%s: '%s': '}}' without '{{'", c->in.file, c->key);
        if (len > 0) piece_add(c, s, len, PARAM_N_OF);
        s = open == NULL ? s + len : placeholder(c, open + 2);
    }
    piece_add(c, NULL, 0, PARAM_N_OF);
    check_must(c);
    return c->piece;
}

/* ---- a file of them ---- */

struct loading {
    struct json_in in;
    const struct texts *texts;
    json_t *root;
    const struct locale *source; /* NULL: this is the source */
    struct text *text;
};

static unsigned params_of(const struct text *t)
{
    unsigned bits = 0;
    const struct piece *rows[] = {t->other, t->one};

    for (size_t i = 0; i < 2; i++)
        for (const struct piece *p = rows[i]; p != NULL && (p->literal != NULL || p->param != PARAM_N_OF);
             p++)
            if (p->literal == NULL) bits |= PARAM_BIT(p->param);
    return bits;
}

static void missing(struct loading *l, const struct text_slot *slot, const char *key)
{
    if (l->source == NULL)
        faults_add(l->in.faults, "%s: '%s' missing (%s)", l->in.file, key, slot->place);
    else
        faults_add(l->in.faults, "%s: '%s' missing (%s has it)", l->in.file, key, l->source->source);
}

static const struct piece *form(struct loading *l, const struct text_slot *slot, const char *suffix)
{
    char key[FLOW_ID_MAX * 4 + 8];

    (void)snprintf(key, sizeof key, "%s%s", slot->key, suffix);
    json_t *v = json_object_get(l->root, key);
    if (v == NULL) {
        missing(l, slot, key);
        return NULL;
    }
    if (!json_is_string(v)) return NULL; /* told by check_keys */
    struct compile c = {.in = l->in, .key = key, .may = slot->may, .must = slot->must};
    return compile_text(&c, json_string_value(v));
}

static void compare_params(struct loading *l, size_t id)
{
    unsigned lacks = params_of(&l->source->text[id]) & ~params_of(&l->text[id]);

    for (int p = 0; p < PARAM_N_OF; p++)
        if ((lacks & PARAM_BIT(p)) != 0)
            faults_add(l->in.faults, "%s: '%s': lacks placeholder '{{%s}}' that %s has", l->in.file,
                       l->texts->slot[id].key, param_name((enum param)p), l->source->source);
}

static bool slot_has(const struct text_slot *slot, const char *key)
{
    size_t n = strlen(slot->key);

    if (strncmp(slot->key, key, n) != 0) return false;
    return slot->plural ? strcmp(key + n, "_one") == 0 || strcmp(key + n, "_other") == 0 : key[n] == '\0';
}

static void check_keys(struct loading *l, bool whole)
{
    const char *key;
    json_t *value;

    json_object_foreach(l->root, key, value)
    {
        char what[FLOW_ID_MAX * 4 + 8];
        size_t i = 0;
        if (*key == '$') continue; /* "$schema" and the like are for editors */
        (void)snprintf(what, sizeof what, "'%s'", key);
        if (!json_in_is(&l->in, l->in.file, what, value, JSON_STRING)) continue;
        while (i < l->texts->n && !slot_has(&l->texts->slot[i], key)) i++;
        if (i == l->texts->n && whole)
            faults_warn(l->in.faults, "%s: '%s' is used by nothing", l->in.file, key);
    }
}

struct locale *texts_load(const struct texts *t, const char *path, const char *code,
                          const struct locale *source, bool whole, struct faults *faults)
{
    static const struct piece nothing[] = {{.literal = NULL, .param = PARAM_N_OF}};
    struct loading l = {
        .in = {.file = path, .arena = t->arena, .faults = faults}, .texts = t, .source = source};
    struct locale *made = arena_alloc(t->arena, sizeof *made);
    json_t *root = json_in_file(path, faults);

    l.text = arena_calloc(t->arena, t->n * sizeof *l.text);
    if (root == NULL || made == NULL || l.text == NULL) {
        if (root != NULL) json_in_no_memory(&l.in);
        json_decref(root);
        return NULL;
    }
    l.root = root;
    check_keys(&l, whole);
    for (size_t i = 0; i < t->n; i++) {
        const struct text_slot *slot = &t->slot[i];
        if (slot->plural) l.text[i].one = form(&l, slot, "_one");
        l.text[i].other = form(&l, slot, slot->plural ? "_other" : "");
        bool absent = l.text[i].other == NULL;
        if (absent) l.text[i].other = nothing;
        if (source != NULL && !absent) compare_params(&l, i);
    }
    json_decref(root);
    *made = (struct locale){.code = code, .text = l.text, .source = path};
    return made;
}

#include "json_in.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "faults.h"
#include "flow.h"

static const char *type_name(json_type type)
{
    switch (type) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "a list";
    case JSON_STRING: return "a string";
    case JSON_INTEGER: return "a whole number";
    case JSON_REAL: return "a fraction";
    case JSON_TRUE:
    case JSON_FALSE: return "true or false";
    case JSON_NULL: return "null";
    }
    return "something else";
}

/* One byte more than may be, so that too much is seen. */
static char *read_all(const char *path, size_t *len, struct err *e)
{
    char *bytes = NULL;
    FILE *in = fopen(path, "rbe");

    if (in == NULL) {
        (void)err_errno(e, "cannot be read", errno);
        return NULL;
    }
    bytes = malloc(JSON_IN_MAX + 1);
    if (bytes == NULL) {
        (void)err_set(e, "out of memory");
        goto out;
    }
    *len = fread(bytes, 1, JSON_IN_MAX + 1, in);
    if (ferror(in))
        (void)err_errno(e, "cannot be read", errno);
    else if (*len > JSON_IN_MAX)
        (void)err_set(e, "larger than %d bytes", (int)JSON_IN_MAX);
    else
        goto out;
    free(bytes);
    bytes = NULL;
out:
    (void)fclose(in);
    return bytes;
}

json_t *json_in_file(const char *path, struct faults *faults)
{
    struct err e = {0};
    json_error_t at;
    size_t len = 0;
    char *bytes = read_all(path, &len, &e);

    if (bytes == NULL) {
        faults_add(faults, "%s: %s", path, e.text);
        return NULL;
    }
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &at);
    free(bytes);
    if (root == NULL && at.line < 0) { /* not the text's fault */
        faults_add(faults, "%s: out of memory", path);
    } else if (root == NULL) {
        faults_add(faults, "%s: line %d, column %d: %s", path, at.line, at.column, at.text);
    } else if (!json_is_object(root)) {
        faults_add(faults, "%s: expected an object, found %s", path, type_name(json_typeof(root)));
        json_decref(root);
        root = NULL;
    }
    return root;
}

void json_in_no_memory(struct json_in *in)
{
    faults_add(in->faults, "%s: out of memory", in->file);
}

const char *json_in_place(struct json_in *in, const char *fmt, ...)
{
    char place[ERR_TEXT_MAX];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(place, sizeof place, fmt, ap);
    va_end(ap);
    return json_in_copy(in, place);
}

const char *json_in_copy(struct json_in *in, const char *s)
{
    const char *copy = arena_strdup(in->arena, s);

    if (copy == NULL) json_in_no_memory(in);
    return copy == NULL ? "" : copy;
}

void json_in_keys(struct json_in *in, const char *where, json_t *o, const char *const *known, size_t n)
{
    const char *key;
    json_t *value;

    json_object_foreach(o, key, value)
    {
        size_t i = 0;
        (void)value;
        while (i < n && (known[i] == NULL || strcmp(known[i], key) != 0)) i++;
        if (i == n) faults_add(in->faults, "%s: unknown key '%s'", where, key);
    }
}

bool json_in_is(struct json_in *in, const char *where, const char *what, json_t *v, json_type type)
{
    /* Two types in jansson, one to whoever writes it. */
    bool same = type == JSON_TRUE ? json_is_boolean(v) : json_typeof(v) == type;

    if (!same)
        faults_add(in->faults, "%s: %s: expected %s, found %s", where, what, type_name(type),
                   type_name(json_typeof(v)));
    return same;
}

json_t *json_in_get(struct json_in *in, const char *where, json_t *o, const char *key, json_type type,
                    enum json_need need)
{
    char what[ERR_TEXT_MAX];
    json_t *v = json_object_get(o, key);

    if (v == NULL) {
        if (need == JSON_MUST) faults_add(in->faults, "%s: '%s' missing", where, key);
        return NULL;
    }
    (void)snprintf(what, sizeof what, "'%s'", key);
    return json_in_is(in, where, what, v, type) ? v : NULL;
}

const char *json_in_string(struct json_in *in, const char *where, json_t *o, const char *key,
                           enum json_need need)
{
    json_t *v = json_in_get(in, where, o, key, JSON_STRING, need);

    if (v == NULL) return NULL;
    if (json_string_length(v) == 0) {
        faults_add(in->faults, "%s: '%s' is empty", where, key);
        return NULL;
    }
    return json_in_copy(in, json_string_value(v));
}

bool json_in_bool(struct json_in *in, const char *where, json_t *o, const char *key, bool otherwise)
{
    json_t *v = json_in_get(in, where, o, key, JSON_TRUE, JSON_MAY);

    return v == NULL ? otherwise : json_is_true(v);
}

int json_in_int(struct json_in *in, const char *where, json_t *o, const char *key, enum json_need need,
                int min, int max, int otherwise)
{
    json_t *v = json_in_get(in, where, o, key, JSON_INTEGER, need);

    if (v == NULL) return otherwise;
    json_int_t n = json_integer_value(v);
    if (n >= min && n <= max) return (int)n;
    faults_add(in->faults, "%s: '%s' is %" JSON_INTEGER_FORMAT ", expected %d to %d", where, key, n, min,
               max);
    return otherwise;
}

bool json_in_id(struct json_in *in, const char *where, const char *id)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t n = strlen(id);

    if (n > 0 && n <= FLOW_ID_MAX && strspn(id, allowed) == n) return true;
    faults_add(in->faults, "%s: malformed id '%s', expected 1 to %d of a-z, 0-9 and _", where, id,
               (int)FLOW_ID_MAX);
    return false;
}

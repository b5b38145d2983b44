/* json_in.h -- reading JSON that a person edits: every fault listed with file, place and what was
 * expected. Room-internal.
 *
 * `where` is the whole beginning of a fault's line: "flows/x.json: state 'team'". Values handed
 * out live in the arena. A function that lists a fault returns the value that lets reading go on. */
#ifndef JSON_IN_H
#define JSON_IN_H

#include <jansson.h>
#include <stdbool.h>

struct arena;
struct faults;

/* A megabyte of flow or texts is a wrong file. */
enum { JSON_IN_MAX = 1 << 20 };

struct json_in {
    const char *file;
    struct arena *arena;
    struct faults *faults;
};

/* json_in_file(path, faults): the object in a file, or NULL with the fault listed: unreadable,
 * too large, syntax (with line and column), a key twice in one object, no object. */
json_t *json_in_file(const char *path, struct faults *faults);

/* A place within the file, and a copy of a string; "" when memory ran out (listed). */
const char *json_in_place(struct json_in *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *json_in_copy(struct json_in *in, const char *s);
void json_in_no_memory(struct json_in *in);

/* json_in_keys(in, where, o, known, n): lists every key that is none of the `n` known ones. */
void json_in_keys(struct json_in *in, const char *where, json_t *o, const char *const *known, size_t n);

enum json_need { JSON_MUST, JSON_MAY };

/* json_in_get(…): the value of `key`, NULL when absent or (listed) of another type. */
json_t *json_in_get(struct json_in *in, const char *where, json_t *o, const char *key, json_type type,
                    enum json_need need);

/* json_in_is(in, where, what, v, type): is `v` of this type? Lists when not. `what` names it. */
bool json_in_is(struct json_in *in, const char *where, const char *what, json_t *v, json_type type);

/* NULL when absent, wrong or empty. */
const char *json_in_string(struct json_in *in, const char *where, json_t *o, const char *key,
                           enum json_need need);

bool json_in_bool(struct json_in *in, const char *where, json_t *o, const char *key, bool otherwise);

/* json_in_int(…): `otherwise` when absent (allowed where need is JSON_MAY) or out of min…max. */
int json_in_int(struct json_in *in, const char *where, json_t *o, const char *key, enum json_need need,
                int min, int max, int otherwise);

/* json_in_id(in, where, id): lower case letters, digits and underscores, at most FLOW_ID_MAX. */
bool json_in_id(struct json_in *in, const char *where, const char *id);

#endif

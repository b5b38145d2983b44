/* parts.h -- what a content is made of, and the modules that make and prove it. Room-internal. */
#ifndef PARTS_H
#define PARTS_H

#include "content.h"
#include "texts.h"

struct answers;
struct arena;
struct business;
struct flow;

/* A handful of languages is a business; more would make the proof slow for nobody. */
enum { LOCALES_MAX = 8 };

struct content {
    struct arena *arena; /* everything but the understanding lives here */
    struct flow *flow;
    struct business *business;
    struct texts *texts;
    size_t locale_n;
    const struct locale *locale[LOCALES_MAX]; /* the default first */
    struct training *training;
    struct understanding *understanding; /* of all locales together: people mix languages */
    struct script script;
};

/* flow_load(path, texts, faults): the flow, as far as it could be read, and its texts named in
 * `texts`; states without number when the file cannot be read. NULL when out of memory. */
struct flow *flow_load(const char *path, struct texts *texts, struct faults *faults);

/* business_load(path, arena, faults): NULL when out of memory or unreadable (listed). */
struct business *business_load(const char *path, struct arena *arena, struct faults *faults);

/* phrases_load(c, i, path, faults): what is understood in locale `i`: its buttons' titles, then the
 * file's phrases, to `c`'s understanding. A missing file is a fault for the default locale alone. */
void phrases_load(struct content *c, size_t i, const char *path, struct faults *faults);

/* phrases_learn(c, i, u, root, path, faults): the titles, and such a file's content, to `u`. */
struct json_t;
void phrases_learn(struct content *c, size_t i, struct understanding *u, struct json_t *root,
                   const char *path, struct faults *faults);

/* flow_roads(f, state, out): where the questions go on from a state: an ask by each answer and then
 * by unsure, a branch by each case and then by else; none from an advice or a menu. */
enum { ROADS_MAX = FLOW_ANSWERS_MAX + FLOW_OPTIONS_MAX + 1 }; /* options: room for who adds them */
size_t flow_roads(const struct flow *f, int state, int out[static ROADS_MAX]);

/* The id of the command that starts the questions. */
const char *flow_begin_id(const struct flow *f);

/* The proofs that need no talking. A flow that compiled is assumed. */
void check_graph(const struct flow *f, struct faults *faults);

/* check_advice(f, faults): every combination of answers; call only when check_graph found
 * nothing, since the walk must end. Combinations are counted first and refused when too many. */
void check_advice(const struct flow *f, struct faults *faults);

/* check_talk(c, faults, proof): the proof by talking, in every locale. */
void check_talk(const struct content *c, struct faults *faults, struct content_proof *proof);

/* Beyond this the proof takes longer than an editor waits (and nobody can survey such a flow). */
enum { COMBINATIONS_MAX = 200000 };

#endif

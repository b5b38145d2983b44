/* content.h -- flow, locales, business and phrases from their files, compiled and proved.
 *
 * Used at start-up and on reload only. A content that loaded is consistent: every id resolves,
 * every text exists in every locale. A content that passed content_check() is proved. */
#ifndef CONTENT_H
#define CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dialogue.h"
#include "understanding.h"

struct content;
struct err;

struct content_files {
    const char *flow;     /* "flows/mailkeuze.json"                                    */
    const char *business; /* "flows/business.json"                                     */
    const char *locales;  /* directory of <code>.json and <code>.phrases.json          */
    const char *locale;   /* the default's code: "nl"; its file is the source of keys  */
    int retain_text_days;
    bool desk;        /* struct script */
    int64_t human_ms; /* the same      */
};

/* A list of what is wrong, in the order found: file, place, fault, one line each, each once. A
 * line that starts with "warning: " is worth a look and stops nothing. */
struct faults;
struct faults *faults_new(void); /* NULL when out of memory */
void faults_free(struct faults *f);
size_t faults_count(const struct faults *f);               /* lines, warnings included */
size_t faults_warnings(const struct faults *f);            /* of them, warnings        */
const char *faults_line(const struct faults *f, size_t i); /* "flows/x.json: state 'team': target …" */
bool faults_has(const struct faults *f, const char *part); /* does any line hold `part`? */

/* content_load(files, out, faults): reads and compiles everything, and proves what can be proved
 * without talking: every state reached and left, one advice for each combination of answers, a
 * stronger need never a lighter advice. Every fault found is listed, not the first alone; -1 when
 * there is any that is no warning, and `*out` is NULL then. The names in `files` are copied. */
int content_load(const struct content_files *files, struct content **out, struct faults *faults);
void content_free(struct content *c); /* NULL is fine */

/* content_train(c, e): begins to train the understanding, once, in a thread of its own. The first that
 * has words to read waits for it (content_step, content_understanding), and is told when it failed. Until
 * it is called nothing typed is understood but phrases that were learnt. -1 when out of memory. */
int content_train(struct content *c, struct err *e);

/* content_trained(c): is there nothing to wait for? */
bool content_trained(const struct content *c);

const struct script *content_script(const struct content *c);

/* content_understanding(c): of the phrases and the titles of the buttons in all locales together,
 * for people mix languages. NULL when training failed. */
const struct understanding *content_understanding(const struct content *c, struct err *e);

/* content_step(c, conversation, message, now, fx, e): reads the words against the open question
 * and steps the dialogue: what the pipeline, the terminal, the talk tests and the proof all do. */
int content_step(const struct content *c, struct conversation *conversation, const struct message *message,
                 int64_t now_ms, struct effects *fx, struct err *e);

/* content_event(c, conversation, event, fx, e): the same of any event; its meaning is found here. */
int content_event(const struct content *c, struct conversation *conversation, const struct event *event,
                  struct effects *fx, struct err *e);

/* content_check(c, faults, proof): the proof, by running dialogue_step over every path, every
 * combination of answers, every locale and every channel's limits. Lists every fault with the
 * shortest conversation that shows it; -1 when there is any. Fills `proof` with what was covered. */
struct content_proof {
    size_t states, paths, combinations, messages; /* messages measured against limits */
    size_t longest_body;                          /* code points                      */
};
int content_check(const struct content *c, struct faults *faults, struct content_proof *proof);

enum graph_format { GRAPH_DOT, GRAPH_MERMAID };

/* content_graph(c, format, locale, out): the flow as a picture's source. */
void content_graph(const struct content *c, enum graph_format format, const char *locale, FILE *out);

#endif

/* lessons.h -- a locale's phrases as they stand in its file, to learn some and be asked the rest. */
#ifndef LESSONS_H
#define LESSONS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "understanding.h"

struct flow;

/* Phrases are dealt over so many folds, each the same at every run. */
enum { FOLDS = 5 };

/* lessons_fold(phrase): in which fold it is asked. */
unsigned lessons_fold(const char *phrase);

/* lessons_learn(u, root, fold): all words and phrases of `root` but those of `fold`; -1: all of
 * them. False, told on stderr, when one cannot be learnt. */
bool lessons_learn(struct understanding *u, json_t *root, int fold);

/* lessons_each(root, tell, user): every labelled phrase with the question it stands at. */
void lessons_each(json_t *root,
                  void (*tell)(void *user, const char *question, const char *label, const char *phrase),
                  void *user);

#endif

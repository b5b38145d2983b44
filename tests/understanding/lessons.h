/* lessons.h -- a locale's phrases as they stand in its file, to learn some and be asked the rest. */
#ifndef LESSONS_H
#define LESSONS_H

#include <stdbool.h>

#include <jansson.h>

/* Phrases are dealt over so many folds, each the same at every run. */
enum { FOLDS = 5 };

/* lessons_fold(phrase): in which fold it is asked. */
unsigned lessons_fold(const char *phrase);

/* lessons_each(root, tell, user): every labelled phrase with the question it stands at. */
void lessons_each(json_t *root,
                  void (*tell)(void *user, const char *question, const char *label, const char *phrase),
                  void *user);

/* lessons_without(root, fold): all of `root` but the labelled phrases of that fold; the caller's.
 * NULL when out of memory. */
json_t *lessons_without(json_t *root, unsigned fold);

#endif

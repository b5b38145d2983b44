/* person_words.h -- rows of the store as a person can read them. Of person.c alone. */
#ifndef PERSON_WORDS_H
#define PERSON_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct kept_value;
struct turns;

/* person_time(ms): "2026-11-24T09:06:00Z"; 0: null. What is due when the person writes again is "when they write". */
json_t *person_time(int64_t at_ms);

/* person_row(v, n): an object of the columns. "taken_ms" becomes "taken" and a moment in words. NULL: no memory. */
json_t *person_row(const struct kept_value *v, size_t n);

/* person_answers(t, chats): of the conversations in `chats` (rows of KEPT_CHATS) each answer, in the words of the
 * person's language; without t->content none. */
json_t *person_answers(struct turns *t, json_t *chats);

#endif

/* report_words.h -- what is kept about a person, for them to read. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdio.h>

/* report_print(json, language, to): the answer of person_do(PERSON_TELL) in plain text; "nl", else English. */
void report_print(const char *json, const char *language, FILE *to);

#endif

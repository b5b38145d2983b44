/* dossier.h -- what the human reads at her desk about a person, in the default locale's words.
 *
 * Plain text with *bold* marks, like every text of the dialogue. Pure, like it. */
#ifndef DOSSIER_H
#define DOSSIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dialogue.h"

struct arena;
struct buf;

/* What is known of a person beside the conversation. All may be NULL or 0. */
struct person {
    const char *name;     /* as they call themselves                                   */
    const char *platform; /* "WhatsApp"                                                */
    const char *phone;    /* digits with country code                                  */
    const char *words;    /* typed last                                                */
    int64_t shut_ms;      /* from when on free text cannot reach them; 0: always can   */
};

/* dossier_write(s, c, p, now, a, out): who asks, through which channel, the answers and how certain they
 * are, the advice and its lean, the last words, what was promised, how long the window is open. -1
 * when memory ran out. */
int dossier_write(const struct script *s, const struct conversation *c, const struct person *p,
                  int64_t now_ms, struct arena *a, struct buf *out);

/* dossier_news(s, c, tell, p, message, now, a, out): one piece of news as a line; of NEWS_ASKED the
 * whole dossier, of NEWS_WROTE what the person wrote, or the name of what was sent. -1 when
 * memory ran out. */
int dossier_news(const struct script *s, const struct conversation *c, const struct effect *tell,
                 const struct person *p, const struct message *message, int64_t now_ms, struct arena *a,
                 struct buf *out);

/* dossier_say(s, text, p, now, at, a, out): any other text of the desk; {{name}}, {{n}} (the phone
 * number), {{answer}} (p->words) and {{moment}} (of `at_ms`) are filled in. -1 when memory ran out. */
int dossier_say(const struct script *s, int text, const struct person *p, int64_t now_ms, int64_t at_ms,
                struct arena *a, struct buf *out);

/* dossier_digest(s, w, n, total, now, a, out): who waits, longest first: `n` of them by name and since when,
 * of `total`. -1 when memory ran out. */
struct waiter {
    const char *name; /* or NULL */
    int64_t since_ms;
};
int dossier_digest(const struct script *s, const struct waiter *w, size_t n, int total, int64_t now_ms,
                   struct arena *a, struct buf *out);

int dossier_thing(enum media_kind kind); /* the text that names such a thing: "een foto" */

const char *dossier_label(const struct script *s, int text,
                          struct arena *a); /* of a button; NULL: no memory */

#endif
